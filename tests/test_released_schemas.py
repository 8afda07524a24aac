"""A store of every released schema opens, holds what it held, and goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.config import load_config
from aggregator.demo.recording import Recording, load_recording
from aggregator.demo.run import DemoClock, _config, _replay
from aggregator.model import StoryKey
from aggregator.publish import render
from aggregator.store import Store, open_store
from aggregator.store.pages import story_page
from tests.stores import RELEASED, old_store, page_of, rebuild

UNTIL = datetime(2022, 2, 24, 8, 40, tzinfo=UTC)  # the moment at which the old stores end
NEXT = (datetime(2022, 2, 24, 15, tzinfo=UTC), datetime(2022, 2, 24, 17, tzinfo=UTC))  # when something new is said
STORY = StoryKey("ukraine-2022")


class Rest(Recording):
    """A recording of which only some moments are still to come."""

    since, until = UNTIL, datetime.max.replace(tzinfo=UTC)

    @property
    def times(self) -> list[datetime]:
        return [moment for moment in super().times if self.since < moment <= self.until]


def go_on(store: Store, folder: Path, *, between: tuple[datetime, datetime] | None = None) -> None:
    """Poll the rest of the recording, or a part of it, with the code of today."""
    rest = Rest([exchange for answers in load_recording().by_url.values() for exchange in answers])
    if between is not None:
        rest.since, rest.until = between
    config = _config(folder)
    assert config.path == load_config(config.path).path
    reports = asyncio.run(_replay(rest, config, store, DemoClock(rest.times[0]), lambda *_: None))
    assert all(report.outcome.kind.good for report in reports)


def page(store: Store) -> str:
    with store.read() as tx:
        found = story_page(tx, STORY)
    assert found is not None
    return render(found, "text")


def ledger(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT number, kind, reason, title, statement_id, revision_id, said_at, published_at, previous_hash, hash"
        " FROM updates ORDER BY number"
    ).fetchall()


def test_there_is_a_store_of_every_schema_that_was_released() -> None:
    assert RELEASED[:4] == ["0001", "0002", "0003", "0004"]


@pytest.mark.parametrize("schema", RELEASED)
def test_a_store_of_a_released_schema_opens_and_goes_on(schema: str, database_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(rebuild(schema, tmp_path / "as-it-was.sqlite"))) as old:
        updates = ledger(old)
        texts = old.execute("SELECT id, title, text, html FROM revisions ORDER BY id").fetchall()
        newest = old.execute("SELECT max(seq) FROM changes").fetchone()[0]
    assert len(updates) == 3
    assert len(texts) == 46
    old_store(schema, database_url, tmp_path)
    with closing(open_store(database_url, snapshots=tmp_path / "snapshots")) as store:
        with store.read() as tx:
            found = tx.exec_driver_sql(
                "SELECT number, kind, reason, title, statement_id, revision_id, said_at, published_at, previous_hash, hash"
                " FROM v1_updates ORDER BY number"
            ).all()
            assert [tuple(row) for row in found] == updates
            assert [
                tuple(row) for row in tx.exec_driver_sql("SELECT id, title, text, html FROM v1_revisions ORDER BY id")
            ] == texts
        assert page(store) == page_of(schema)
        go_on(store, tmp_path, between=NEXT)
        with store.read() as tx:
            assert newest + 1 in tx.exec_driver_sql("SELECT seq FROM changes").scalars().all()
            again = tx.exec_driver_sql("SELECT number, hash FROM v1_updates ORDER BY number").all()
        assert [tuple(row) for row in again][:3] == [(row[0], row[-1]) for row in updates]
        assert [number for number, _ in again] == list(range(1, len(again) + 1))


def test_the_oldest_store_keeps_its_ledger_and_tells_the_rest_like_one_that_was_never_migrated(
    demo_storage: Path, tmp_path: Path
) -> None:
    """What an earlier version published stays word for word, though today's digest would have chosen other sentences."""
    folder = tmp_path / "old"
    folder.mkdir()
    rebuild(RELEASED[0], folder / "aggregator.sqlite")
    with closing(sqlite3.connect(folder / "aggregator.sqlite")) as before:
        published = ledger(before)
    with closing(open_store(f"sqlite:///{folder}/aggregator.sqlite", snapshots=folder / "snapshots")) as store:
        go_on(store, folder)
    with (
        closing(sqlite3.connect(demo_storage / "aggregator.sqlite")) as never,
        closing(sqlite3.connect(folder / "aggregator.sqlite")) as once,
    ):
        assert ledger(once)[: len(published)] == published
        assert said(once) == said(never)


def said(connection: sqlite3.Connection) -> set[tuple[object, ...]]:
    """Which statements a ledger tells."""
    return {(kind, title) for _, kind, _, title, *_ in ledger(connection) if kind in ("new", "adds")}
