"""What was read is much larger than its bytes: few listings are read at once, and none while many lines wait to be stored."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy import Connection

from aggregator.pipeline.intake import AT_ONCE, Intake
from aggregator.pipeline.sandbox import MOST_WAITING, Sandbox
from aggregator.store import Store
from aggregator.store.writer import MOST_LINES, Writer

TURNS = 50  # of the loop: whatever may go on has done so


async def rest() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


class Slow(Sandbox):
    """Reading processes of which each call waits to be answered."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[asyncio.Future[int]] = []

    async def run(self, *_: object, **__: object) -> int:  # type: ignore[override]  # what is called does not matter here
        self.asked.append(asyncio.get_running_loop().create_future())
        return await self.asked[-1]


@pytest.fixture
def slow() -> Slow:
    return Slow()


def test_few_are_read_at_once_and_the_next_when_one_is_or_cannot_be(slow: Slow, shared_store: Store) -> None:
    async def reads() -> None:
        intake, writer = Intake(), Writer(shared_store)
        calls = [asyncio.create_task(intake.run(slow, writer, len, "a")) for _ in range(MOST_WAITING + 3)]
        await rest()
        assert (len(slow.asked), intake.behind) == (AT_ONCE, True)
        slow.asked[0].set_result(1)
        slow.asked[1].set_exception(ValueError("no feed"))
        calls[2].cancel()
        await rest()
        assert (len(slow.asked), intake.behind) == (AT_ONCE + 3, False)
        for n in range(len(calls)):
            await rest()
            if not slow.asked[n].done():
                slow.asked[n].set_result(n)
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(one) for one in results[:4]] == [int, ValueError, asyncio.CancelledError, int]
        assert len(slow.asked) == len(calls)

    asyncio.run(reads())


def test_none_is_read_while_more_lines_wait_than_one_transaction_takes(slow: Slow, shared_store: Store) -> None:
    """The writer is in a transaction, and twice as much as the next one takes waits for it."""
    goes_on = threading.Event()

    def store_first(_: Connection) -> None:
        goes_on.wait()

    async def reads() -> None:
        intake, writer = Intake(), Writer(shared_store)
        stored = [asyncio.create_task(writer.run(store_first, lines=1))]
        await rest()
        stored += [asyncio.create_task(writer.run(lambda _: None, lines=MOST_LINES)) for _ in range(2)]
        await rest()
        call = asyncio.create_task(intake.run(slow, writer, len, "a"))
        await rest()
        assert slow.asked == []
        goes_on.set()
        await asyncio.gather(*stored)
        await rest()
        assert len(slow.asked) == 1
        slow.asked[0].set_result(7)
        assert await call == 7

    asyncio.run(reads())
