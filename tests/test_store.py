"""Opening a store, its schema, its views, and what it says when it cannot be used."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select

from aggregator.store import StoreError, fulltext, open_store
from aggregator.store.outbox import undelivered
from aggregator.store.schema import metadata, sentences, utc_text
from aggregator.store.snapshots import Snapshots
from tests.conftest import STORY, Desk, Web, item, rss, source_block

ROOT = Path(__file__).parents[1]
# One opens stores of either kind; one says what PostgreSQL needs to be told, and what its errors mean.
ALONE = {
    "sqlite.py",
    "postgresql.py",
    "stamped.py",  # looks into a file before SQLAlchemy is imported
    "tending.py",  # PostgreSQL does the same by itself
    "quick.py",  # of PostgreSQL's driver alone
    "numbering.py",  # each gives out numbers in another way
    "fulltext.py",  # they search texts in ways that have nothing in common, so both stand there side by side
    "machine.py",  # looks which SQLite there is
    "copying.py",  # a whole database while others write
    "catalog.py",  # PostgreSQL keeps no SQL of its views and triggers
    "0013_desk.py",  # SQLite takes no constraint away, so a table is made anew
    "0008_provenance.py",  # each has its own language for triggers
}

pytestmark = pytest.mark.both_databases


def open_at(path: Path, *, create: bool = True) -> None:
    open_store(f"sqlite:///{path}", snapshots=path.parent / "snapshots", create=create).close()


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Not the index of words, which is another thing on each database: `fulltext.py` makes it."""
    return not (kind == "table" and str(name).startswith(fulltext.INDEX))


def test_the_migrations_make_the_schema_that_the_code_has(database_url: str, tmp_path: Path) -> None:
    store = open_store(database_url, snapshots=tmp_path)
    with store.read() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": False, "include_name": _is_ours})
        assert compare_metadata(context, metadata) == []
    store.close()


def test_the_store_is_in_wal_mode_so_that_readers_go_on(tmp_path: Path) -> None:
    open_at(tmp_path / "a.sqlite")
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("path", sorted((ROOT / "aggregator").rglob("*.py")), ids=lambda path: path.name)
def test_only_a_few_files_speak_to_one_database_alone(path: Path) -> None:
    if path.name in ALONE or path.parent == ROOT / "aggregator/store/jobs":  # jobs are for PostgreSQL alone
        return
    # `sqlite_autoincrement`, `sqlite_where` and `sqlite_with_rowid` are options that other databases ignore.
    option = r"sqlite_(?!autoincrement|where|with_rowid)"
    sqlite = rf"PRAGMA|BEGIN IMMEDIATE|INSERT OR|sqlite3|{option}|strftime\('|fts5\(| MATCH |json_each"
    found = re.findall(rf"{sqlite}|pg_\w+\(|import psycopg|sqlstate|tsvector", path.read_text(encoding="utf-8"))
    assert found == []


def test_a_store_of_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    open_at(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreError, match=r"a\.sqlite: made by a newer version .* 9999.*Update aggregator"):
        open_at(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"My shopping list: " * 1000)
    with pytest.raises(StoreError, match="not a SQLite database"):
        open_at(path)
    assert path.read_bytes() == b"My shopping list: " * 1000


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    open_at(tmp_path / "a.sqlite")
    store = open_store(f"sqlite:///file:{tmp_path}/a.sqlite?mode=ro&uri=true", snapshots=tmp_path, create=False)
    with pytest.raises(StoreError, match=r"cannot be written .*Give this user the right"), store.write() as tx:
        tx.exec_driver_sql("DELETE FROM changes")
    store.close()


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot use the storage folder"):
        open_at(tmp_path / "file" / "a.sqlite")


def test_a_store_that_is_not_there_is_not_made_by_a_reader(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no store yet.*aggregator poll"):
        open_at(tmp_path / "a.sqlite", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["nonsense", "mysterydb://user:secret@host/x", "postgresql+nodriver://u:secret@h/x"])
def test_an_unusable_database_address_is_told_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        open_store(url, snapshots=tmp_path)
    assert "secret" not in str(error.value)


def test_times_are_utc_text_of_one_width() -> None:
    kyiv = timezone(timedelta(hours=3))
    assert utc_text(datetime(2022, 2, 24, 6, 24, 43, 999_999, tzinfo=kyiv)) == "2022-02-24T03:24:43.999Z"
    assert utc_text(datetime(2022, 2, 24, tzinfo=UTC)) == "2022-02-24T00:00:00.000Z"
    with pytest.raises(ValueError, match="no zone"):
        utc_text(datetime(2022, 2, 24))  # noqa: DTZ001 - the mistake that is tested


def test_snapshots_are_stored_once_and_damage_is_seen(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    sha256, size, *_ = snapshots.put(b"bytes")
    assert snapshots.put(b"bytes")[:2] == (sha256, size)
    assert snapshots.get(sha256) == b"bytes"
    assert [path.name for path in tmp_path.rglob("*.gz")] == [f"{sha256[2:]}.gz"]
    other, _, *_ = snapshots.put(b"other")
    snapshots.path(sha256).write_bytes(snapshots.path(other).read_bytes())
    with pytest.raises(ValueError, match="not those of"):
        snapshots.get(sha256)


@pytest.fixture
def told(web: Web, desk: Callable[[str], Desk]) -> Desk:
    text = "<p>The talks on grain go on. They will last 12 days, said the minister of trade.</p>"
    web.serve(rss(item("one", "Talks on grain", text)))
    at_work = desk(STORY + source_block("a", web.url(), name="Alpha"))
    at_work.poll()
    at_work.settle()
    return at_work


def test_every_published_sentence_stands_at_its_span(told: Desk) -> None:
    query = (
        'SELECT s.text, substr(r.text, s.start + 1, s."end" - s.start) FROM v1_update_sentences s'
        " JOIN v1_revisions r ON r.id = s.revision_id ORDER BY paragraph, position"
    )
    with told.store.read() as tx:
        rows = tx.exec_driver_sql(query).all()
    assert [text for text, _ in rows] == ["The talks on grain go on.", "They will last 12 days, said the minister of trade."]
    assert all(text == span for text, span in rows)


def test_the_page_is_written_and_the_outbox_is_empty(told: Desk) -> None:
    site = told.config.service.storage / "site"
    forms = ("atom", "feed.json", "html", "json", "md", "newest.html", "oembed.json", "txt")
    assert sorted(path.name for path in site.glob("talks.*")) == [f"talks.{form}" for form in forms]
    assert json.loads((site / "talks.json").read_text())["updates"][0]["number"] == 1
    with told.store.read() as tx:
        assert undelivered(tx) == []


def test_a_site_that_cannot_be_written_keeps_its_messages(web: Web, desk: Callable[[str], Desk]) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva for another week.")))
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    site = at_work.config.service.storage / "site"
    site.write_text("in the way")
    assert len(at_work.settle()) == 1
    with at_work.store.read() as tx:
        assert len(undelivered(tx)) == 1
    site.unlink()
    at_work.settle()
    assert (site / "talks.txt").exists()
    with at_work.store.read() as tx:
        assert undelivered(tx) == []
        assert tx.execute(select(sentences.c.text)).scalars().all() == ["The talks on grain go on in Geneva for another week."]
