"""The newest statements, as lists of them show them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Select, select

from aggregator.store import Store
from aggregator.store.bulk import Row, streamed
from aggregator.store.reading import recent_statements
from aggregator.store.schema import listings, statements
from aggregator.store.statements import settle_listing
from tests.conftest import NOON
from tests.test_batch import add_sources, line_of, origin_of

pytestmark = pytest.mark.both_databases
DAYS = 60


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Store:
    """Two sources of a family that said something on each day, some of it days before it was listed or hours after."""
    made, chance = new_store(), random.Random(5)  # noqa: S311 - no secret
    with made.write() as tx:
        add_sources(tx)
        for day in range(DAYS):
            at = NOON + timedelta(days=day)
            for source in "ab":
                times = [at + timedelta(hours=chance.choice([-900, -100, -30, -2, 0, 20])) for _ in range(3)]
                lines = [line_of(f"{day}-{n}", title=f"Day {day}, {n}", at=time) for n, time in enumerate(times)]
                settle_listing(tx, lines, origin_of(lines, source, at=at))
    return made


@pytest.mark.parametrize("limit", [1, 7, 50, 1000])
@pytest.mark.parametrize("source", ["a", "b", "nobody"])
def test_the_newest_of_a_source_are_those_of_all_that_it_listed(store: Store, source: str, limit: int) -> None:
    with store.read() as tx:
        listed = select(listings.c.statement_id).where(listings.c.source == source)
        newest = select(statements.c.id).where(statements.c.id.in_(listed))
        wanted = tx.execute(newest.order_by(statements.c.said_at.desc(), statements.c.id.desc()).limit(limit)).scalars().all()
        assert [one.id for one in recent_statements(tx, source=source, limit=limit)] == wanted


def test_no_more_of_a_source_is_read_than_may_be_among_the_newest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Row] = []

    def watched(tx: Connection, query: Select[Any]) -> Iterator[Row]:
        for row in streamed(tx, query):
            read.append(row)
            yield row

    monkeypatch.setattr("aggregator.store.reading.streamed", watched)
    with store.read() as tx:
        recent_statements(tx, source="a", limit=6)
    assert 6 <= len(read) < DAYS
