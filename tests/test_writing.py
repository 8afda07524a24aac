"""Pieces of work that gather while another is stored: how many one transaction takes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

import pytest
from sqlalchemy import Connection

from aggregator.store import Store
from aggregator.store.writer import MOST_LINES, MOST_ROWS, MOST_TOGETHER, Writer


def _done(number: int, _tx: Connection) -> int:
    return number


@pytest.mark.parametrize(
    ("lines", "together"),
    [
        ([1] * (MOST_TOGETHER + 1), [MOST_TOGETHER, 1]),
        ([0] * MOST_TOGETHER, [MOST_TOGETHER]),
        ([MOST_LINES - 1, 2, MOST_LINES - 3, 1], [1, 3]),
        ([MOST_LINES * 5, 1, MOST_LINES], [1, 1, 1]),
        ([MOST_LINES, 0, 0], [3]),
    ],
)
def test_a_transaction_takes_few_pieces_and_few_lines(
    lines: Sequence[int], together: Sequence[int], shared_store: Store
) -> None:
    seen: list[list[int]] = []

    def note(_tx: Connection, rows: Sequence[int]) -> None:
        seen.append(list(rows))

    async def work() -> None:
        writer = Writer(shared_store)
        pieces = [writer.run(partial(_done, number), then=note, lines=count) for number, count in enumerate(lines)]
        assert await asyncio.gather(*pieces) == list(range(len(lines)))
        await writer.close()

    asyncio.run(work())
    assert [len(one) for one in seen] == together
    assert [number for one in seen for number in one] == list(range(len(lines)))


def test_a_transaction_takes_many_rows_where_they_are_no_more_than_that(shared_store: Store) -> None:
    seen: list[list[int]] = []

    def note(_tx: Connection, rows: Sequence[int]) -> None:
        seen.append(list(rows))

    async def work() -> None:
        writer = Writer(shared_store)
        await asyncio.gather(*(writer.together(note, number) for number in range(MOST_ROWS + 1)))
        await writer.close()

    asyncio.run(work())
    assert seen == [list(range(MOST_ROWS)), [MOST_ROWS]]
