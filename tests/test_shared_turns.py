"""Turns at hosts that several programs share: one at a time, with its rest, by the clock of the database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from aggregator.fetch import Ask, Fetcher
from aggregator.fetch.pace import Pace
from aggregator.fetch.turns import Resting, SharedTurns
from aggregator.model import OutcomeKind
from aggregator.store import Store, StoreError, open_store
from aggregator.store.errors import NewerSchema
from aggregator.store.jobs import link as linking
from aggregator.store.jobs.link import Link, linked
from aggregator.store.jobs.moment import DatabaseClock
from aggregator.store.jobs.tables import prepare_jobs
from aggregator.store.jobs.turns import LONGEST_NAME, Turns, forget_turns, name_of, resting
from tests.conftest import NOON
from tests.patience import Passing
from tests.postgresql import Cluster

LEASE = 0.5  # seconds


@pytest.fixture(scope="module")
def store(postgresql_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the tables of jobs, for all tests of this file: each takes groups of its own."""
    url = postgresql_cluster.migrated_database()
    one = open_store(url, snapshots=tmp_path_factory.mktemp("turns"))
    prepare_jobs(one)
    yield one
    one.close()
    postgresql_cluster.drop(url)


def run(store: Store, work: Callable[[Link], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        async with linked(store) as link:
            await work(link)

    asyncio.run(main())


@asynccontextmanager
async def programs(link: Link, count: int, *, lease: float = LEASE, renews: bool = True) -> AsyncIterator[list[SharedTurns]]:
    """So many programs, each with its own name."""
    made = [SharedTurns(register=Turns(link, holder=f"program {n}", lease=lease)) for n in range(count)]
    beside = [asyncio.create_task(one.run()) for one in made if renews]
    try:
        yield made
    finally:
        for task in beside:
            task.cancel()
        for one in made:
            await one.close()


def test_two_programs_never_ask_one_group_at_once_and_keep_its_gap(store: Store) -> None:
    gap, spans = 0.05, list[tuple[float, float]]()

    async def work(link: Link) -> None:
        async def one(pace: Pace) -> None:
            async with pace.turn("host.example", timedelta(seconds=gap)):
                began = time.monotonic()
                await asyncio.sleep(0.01)
                spans.append((began, time.monotonic()))

        async with programs(link, 2, lease=30.0) as both:
            paces = [Pace(at_once=8, shared=shared) for shared in both]
            await asyncio.gather(*(one(pace) for pace in paces for _ in range(4)))

    run(store, work)
    assert len(spans) == 8
    spans.sort()
    for (_, ended), (began, _) in pairwise(spans):
        assert began - ended > gap * 0.9  # two clocks that each go on steadily


def test_groups_do_not_wait_for_each_other_and_go_to_the_register_together(store: Store) -> None:
    async def work(link: Link) -> None:
        asked: list[tuple[Sequence[str], Mapping[str, float]]] = []
        register = Turns(link, holder="one", lease=30.0)

        class Counting(Turns):
            async def exchange(self, take: Sequence[str], leave: Mapping[str, float]) -> dict[str, tuple[bool, float, float]]:
                asked.append((take, leave))
                return await register.exchange(take, leave)

        shared = SharedTurns(register=Counting(link, holder="one", lease=30.0))
        pace = Pace(at_once=100, shared=shared)

        async def one(n: int) -> None:
            async with pace.turn(f"many{n}.example", timedelta()):
                await asyncio.sleep(0.02)

        await asyncio.gather(*(one(n) for n in range(50)))
        await shared.close()
        assert sum(len(take) for take, _ in asked) == sum(len(leave) for _, leave in asked) == 50
        assert len(asked) < 10

    run(store, work)


def test_a_dead_program_loses_its_turn_when_its_lease_is_over_and_not_before(store: Store) -> None:
    async def work(link: Link) -> None:
        async with programs(link, 2, renews=False) as (dead, living):
            await dead.take("dead.example")
            began = time.monotonic()
            with Passing() as passing:
                await living.take("dead.example")
            assert time.monotonic() - began > LEASE * 0.9
            assert passing.seconds < LEASE + 5

    run(store, work)


def test_a_slow_request_keeps_its_turn_beyond_its_lease(store: Store) -> None:
    async def work(link: Link) -> None:
        async with programs(link, 2) as (slow, other):
            await slow.take("slow.example")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(3 * LEASE):
                    await other.take("slow.example")
            assert slow.leave("slow.example", 0.0)
            await other.take("slow.example")

    run(store, work)


@dataclass
class Gone:
    """A register that gives the first turn and is never heard of again."""

    lease: float = 0.2
    asked: list[str] = field(default_factory=list)

    async def exchange(self, take: Sequence[str], leave: Mapping[str, float]) -> dict[str, tuple[bool, float, float]]:
        self.asked += take
        if leave:
            await asyncio.Event().wait()
        return dict.fromkeys(take, (True, 0.0, 0.0))

    async def renew(self, held: Sequence[str]) -> set[str]:  # noqa: ARG002 - as a register is called
        await asyncio.Event().wait()
        return set()


def test_who_cannot_renew_its_lease_stops_asking_before_another_may() -> None:
    async def main() -> None:
        register = Gone()
        shared = SharedTurns(register=register)
        beside = asyncio.create_task(shared.run())
        pace, began = Pace(at_once=8, shared=shared), time.monotonic()
        with pytest.raises(TimeoutError, match="turn at this host was lost"):
            async with pace.turn("a", timedelta()):
                await asyncio.Event().wait()
        assert time.monotonic() - began >= register.lease / 2
        beside.cancel()

    asyncio.run(main())


def test_who_is_cancelled_while_it_waits_takes_nothing_with_it(store: Store) -> None:
    async def work(link: Link) -> None:
        async with programs(link, 2, lease=30.0) as (one, other):
            await one.take("cancelled.example")
            waiting = asyncio.create_task(other.take("cancelled.example"))
            await asyncio.sleep(0.05)
            waiting.cancel()
            await asyncio.wait([waiting])
            one.leave("cancelled.example", 0.0)
            await one.take("cancelled.example")

    run(store, work)


def test_what_the_register_cannot_do_is_told_to_everybody_who_asked() -> None:
    class Broken(Gone):
        async def exchange(self, *_: object) -> dict[str, tuple[bool, float, float]]:
            raise StoreError("away")

    async def main() -> None:
        pace = Pace(at_once=8, shared=SharedTurns(register=Broken()))
        for _ in range(2):  # and the group's own lock is free again
            with pytest.raises(StoreError, match="away"):
                async with pace.turn("a", timedelta()):
                    raise AssertionError

    asyncio.run(main())


# --- Retry-After. ---


def test_what_a_host_asked_one_program_holds_for_all(store: Store) -> None:
    asked: list[str] = []

    def site(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(429, headers={"retry-after": "120"})

    async def work(link: Link) -> None:
        async with programs(link, 2, lease=30.0) as both, AsyncExitStack() as stack:
            fetchers = [
                await stack.enter_async_context(
                    Fetcher(
                        user_agent="t/1",
                        gap=timedelta(),
                        transport=httpx.MockTransport(site),
                        pace=Pace(at_once=8, shared=shared),
                    )
                )
                for shared in both
            ]
            reply = await fetchers[0].ask(Ask(url="https://93.184.216.34/feed", listing=True), now=NOON)
            assert reply.outcome.kind is not OutcomeKind.CHANGED
            for shared in both:
                await shared.close()
            before = len(asked)
            with pytest.raises(Resting, match=r"93\.184\.216\.34 asks us to wait for another 1[12]\d s"):
                await fetchers[1].ask(Ask(url="https://93.184.216.34/other", listing=True), now=NOON)
            assert len(asked) == before
            assert await resting(link, ["93.184.216.34", "another.example"], longer_than=5.0) == {"93.184.216.34"}
            page = await fetchers[1].ask(Ask(url="https://93.184.216.34/page", listing=False), now=NOON)
            assert "asks us to wait" in page.outcome.reason  # a page of a poll that goes on is missing, and tried again later
            assert len(asked) == before

    run(store, work)


def test_rows_of_groups_that_nobody_asks_are_forgotten(store: Store) -> None:
    async def work(link: Link) -> None:
        turns = Turns(link, holder="one", lease=30.0)
        await turns.exchange(["old.example", "held.example"], {})
        await turns.exchange([], {"old.example": 0.0})
        await link.ask("UPDATE turns SET ready_at = now() - interval '2 days' WHERE name = 'old.example'")
        await forget_turns(link)
        names = [name for (name,) in await link.ask("SELECT name FROM turns WHERE name IN ('old.example', 'held.example')")]
        assert names == ["held.example"]

    run(store, work)


def test_a_name_fits_into_an_index_whatever_an_address_holds() -> None:
    long = "url https://example.org/" + "a" * 5000
    assert len(name_of(long)) <= LONGEST_NAME
    assert name_of(long) != name_of(long + "b")
    assert "\0" not in name_of("url https://example.org/\0")
    assert name_of("\udce9").isascii()
    assert name_of("example.org:8443") == "example.org:8443"


# --- The clock. ---


@dataclass
class FarAway:
    """A link to a database whose clock is not ours."""

    now: datetime
    schema: str = ""
    name: str = "db"

    async def ask(self, _sql: str) -> list[tuple[Any, ...]]:
        return [(self.now, self.schema, None)]


@pytest.mark.parametrize("off", [timedelta(minutes=5), -timedelta(minutes=5)])
def test_the_database_says_what_time_it_is(off: timedelta, store: Store) -> None:
    steady = [100.0]
    clock = DatabaseClock(steady=lambda: steady[0])
    with pytest.raises(RuntimeError, match="not asked"):
        clock()

    async def work(link: Link) -> None:
        ((schema,),) = await link.ask("SELECT version_num FROM public.alembic_version")
        await clock.look(FarAway(datetime.now(UTC) + off, schema))  # type: ignore[arg-type]  # of a link, what is asked here
        steady[0] += 3600
        assert abs(clock() - (datetime.now(UTC) + off + timedelta(hours=1))) < timedelta(seconds=5)
        seen = await clock.look(link)  # the real one, whose clock is that of this machine
        assert abs(clock() - datetime.now(UTC)) < timedelta(seconds=5)
        assert (seen.schema, seen.configuration) == (schema, 0)

    run(store, work)


def test_a_schema_that_is_not_known_is_told() -> None:
    async def main() -> None:
        with pytest.raises(NewerSchema, match=r"newer schema \(9999.*Update aggregator on this machine"):
            await DatabaseClock().look(FarAway(datetime.now(UTC), "9999"))  # type: ignore[arg-type]  # as above

    asyncio.run(main())


# --- What keeps programs from the database. ---


def test_connections_that_are_all_in_use_are_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "CONNECTIONS", 1)
    monkeypatch.setattr(linking, "WAIT_SECONDS", 0.3)

    async def work(link: Link) -> None:
        slow = asyncio.create_task(link.ask("SELECT pg_sleep(2)"))
        await asyncio.sleep(0.1)
        with pytest.raises(StoreError, match="all connections that this program may have are in use"):
            await link.ask("SELECT 1")
        slow.cancel()
        await asyncio.wait([slow])

    run(store, work)


def test_a_pool_of_the_store_that_is_exhausted_is_told(store: Store, tmp_path: Path) -> None:
    other = open_store(store.engine.url.render_as_string(hide_password=False), snapshots=tmp_path)
    pool: Any = other.engine.pool
    pool._timeout = 0.1  # noqa: SLF001 - ordinarily half a minute
    held = [other.engine.connect() for _ in range(pool.size() + pool._max_overflow)]  # noqa: SLF001 - the same
    with pytest.raises(StoreError, match="all connections that this program may have are in use"), other.read():
        raise AssertionError
    for one in held:
        one.close()
    other.close()
