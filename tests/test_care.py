"""The service looks after its store in quiet moments, by a plan that a restart does not begin anew."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.config import Config, load_config
from aggregator.model import StoryKey
from aggregator.pipeline.caring import CHORES, PATIENCE, Carer, Did, chores_of
from aggregator.running.health import health
from aggregator.running.machine import Health
from aggregator.service import RUNNING, hold, open_for
from aggregator.store import Store, tending
from aggregator.store.maintaining import MOST_KEPT, Entry, add_entry, due_chores, entries, planned_chores
from aggregator.store.pictures import Tried, keep_picture
from aggregator.store.schema import maintenance, stories
from aggregator.store.writer import Writer
from tests.conftest import NOON, STORY, Clock, Desk, Web, item, rss, source_block, write_feeds


@dataclass(frozen=True, kw_only=True)
class Hands:
    config: Config
    store: Store
    clock: Clock
    writer: Writer


@pytest.fixture
def hands(database_url: str, tmp_path: Path) -> Iterator[Hands]:
    feeds = write_feeds(tmp_path, f'[service]\ndatabase = "{database_url}"\n{STORY}{source_block("a", "http://127.0.0.1:9/a")}')
    config = load_config(feeds)
    store = open_for(config)
    yield Hands(config=config, store=store, clock=Clock(), writer=Writer(store))
    store.close()


@pytest.fixture
def at_home(tmp_path: Path) -> Iterator[Hands]:
    """On SQLite."""
    config = load_config(write_feeds(tmp_path, STORY + source_block("a", "http://127.0.0.1:9/a")))
    store = open_for(config)
    yield Hands(config=config, store=store, clock=Clock(), writer=Writer(store))
    store.close()


def care(at: Hands, carer: Carer | None = None, **how: object) -> list[str]:
    """What was begun."""
    begun: list[str] = []

    async def go() -> None:
        again = replace(at, writer=Writer(at.store))  # a writer belongs to one loop
        await (carer or Carer()).care(again, tell=begun.append, **how)  # type: ignore[arg-type]

    asyncio.run(go())
    return begun


def told(at: Hands) -> list[Entry]:
    with at.store.read() as tx:
        return list(entries(tx, limit=100))


def test_each_chore_is_done_when_it_is_due_and_a_restart_does_not_begin_anew(hands: Hands) -> None:
    own = chores_of(hands.store)
    assert set(care(hands)) == {name for name in own if not CHORES[name].first}
    assert care(hands) == []  # another process, a moment later
    hands.clock.forward(hours=1)
    assert set(care(hands)) == {"snapshots", *({"statistics"} & {*own})}
    hands.clock.forward(days=1)
    assert set(care(hands)) == set(own)
    with hands.store.read() as tx:
        assert {one.name: one.last_at for one in planned_chores(tx)} == dict.fromkeys(own, hands.clock.now)


def test_what_polls_keep_from_being_done_waits_for_a_quiet_moment_and_not_for_ever(hands: Hands) -> None:
    care(hands)
    hands.clock.forward(hours=1)
    assert care(hands, quiet=lambda: False) == []
    hands.clock.now += PATIENCE
    assert "snapshots" in care(hands, quiet=lambda: False)


def test_what_was_cut_short_is_due_at_once(at_home: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    care(at_home)
    at_home.clock.forward(hours=1)
    tables, done = [*_tables(at_home)], list[str]()
    monkeypatch.setattr(tending, "analyse", lambda _, table: done.append(table))
    assert care(at_home, names=["statistics"], enough=lambda: len(done) == 3) == ["statistics"]
    assert told(at_home)[0].says == f"3 of {len(tables)} tables analysed"
    with at_home.store.read() as tx:
        assert due_chores(tx, ["statistics"], now=at_home.clock.now) == ["statistics"]


def _tables(at: Hands) -> list[str]:
    with at.store.read() as tx:
        return tending.tables_to_analyse(tx)


def test_a_chore_that_breaks_is_told_and_stops_no_other(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> Did:
        raise ValueError("no such thing")

    monkeypatch.setitem(CHORES, "snapshots", replace(CHORES["snapshots"], work=broken))
    assert care(hands, names=["snapshots", "leftovers"]) == ["snapshots", "leftovers"]
    (entry,) = told(hands)
    assert (entry.chore, entry.failed, entry.says) == ("snapshots", True, "it broke: ValueError: no such thing")
    looked = {one.what: one for one in health(hands.config, now=NOON)}["care"]
    assert looked.health is Health.DOUBTFUL
    assert "no such thing" in looked.says


def test_the_log_keeps_its_newest_entries(hands: Hands) -> None:
    with hands.store.write() as tx:
        tx.execute(maintenance.insert().values(id=1, chore="old", at=NOON, ms=1, freed=0, says="x", failed=False))
        tx.execute(maintenance.insert().values(id=MOST_KEPT, chore="b", at=NOON, ms=1, freed=0, says="x", failed=False))
    with hands.store.write() as tx:
        add_entry(tx, Entry(chore="new", at=NOON, ms=1, says="y")) if hands.store.is_sqlite else tx.execute(
            text("SELECT setval(pg_get_serial_sequence('maintenance', 'id'), :last)"), {"last": MOST_KEPT}
        )
    with hands.store.write() as tx:
        add_entry(tx, Entry(chore="newest", at=NOON, ms=1, says="y"))
    assert "old" not in {one.chore for one in told(hands)}
    assert told(hands)[0].chore == "newest"


def test_sqlite_learns_how_its_values_are_spread_and_finds_the_same(web: Web, desk: Callable[[str], Desk]) -> None:
    web.serve(rss(*(item(str(n), f"Talks {n}", f"The talks on grain go on for day {n}.") for n in range(40))))
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    at = Hands(config=at_work.config, store=at_work.store, clock=at_work.clock, writer=Writer(at_work.store))
    assert care(at, names=["statistics", "words", "pages"]) == ["statistics", "words", "pages"]
    with at.store.read() as tx:
        known = set(tx.exec_driver_sql("SELECT tbl FROM sqlite_stat1").scalars())
        assert {"statements", "revisions", "listings"} <= known
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        words = "SELECT count(*) FROM search_index WHERE search_index MATCH 'grain'"
        assert tx.exec_driver_sql(words).scalar_one() == 40
    at_work.poll()


def test_pictures_that_no_story_shows_go_a_day_later(hands: Hands) -> None:
    folder = hands.config.service.storage / "site" / "pictures"
    folder.mkdir(parents=True)
    for name in ("a" * 64 + ".webp", "b" * 64 + ".webp", ".c.webp.new", "other.txt"):
        (folder / name).write_bytes(b"picture")
        os.utime(folder / name, (NOON.timestamp(), NOON.timestamp()))
    values = {"title": "t", "lead": "", "language": "en", "image": "", "image_alt": "", "terms": [], "active": True}
    with hands.store.write() as tx:
        tx.execute(stories.insert().values(key="talks", from_at=NOON, opened_at=NOON, last_number=0, head="", **values))
        keep_picture(tx, Tried(story=StoryKey("talks"), url="https://e.example/a.jpg", at=NOON, sha256="a" * 64))
    hands.clock.now = NOON + timedelta(hours=23)
    care(hands, names=["pictures"])
    assert len([*folder.iterdir()]) == 4
    hands.clock.now = NOON + timedelta(hours=25)
    care(hands, names=["pictures"])
    assert sorted(path.name for path in folder.iterdir()) == ["a" * 64 + ".webp", "other.txt"]
    assert (told(hands)[0].says, told(hands)[0].freed) == ("2 pictures removed that no page shows", 14)


# --- SQLite's write-ahead log


READER = """import sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute("BEGIN")
store.execute("SELECT count(*) FROM statements").fetchone()
print("reads", flush=True)
sys.stdin.read()"""


def write(at: Hands, megabytes: int) -> None:
    for _ in range(megabytes):
        with at.store.write() as tx:
            add_entry(tx, Entry(chore="x", at=NOON, ms=0, says="x" * 1_000_000))
        with at.store.write() as tx:
            tx.execute(maintenance.delete().where(maintenance.c.chore == "x"))


def test_the_log_is_emptied_and_who_keeps_it_from_that_is_named(at_home: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tending, "LARGE_WAL", 8 << 20)
    file, carer = at_home.config.service.storage / "aggregator.sqlite", Carer()
    care(at_home, carer)
    write(at_home, 6)
    assert tending.wal_bytes(at_home.store) > 4 << 20
    care(at_home, carer)
    assert tending.wal_bytes(at_home.store) < 1 << 20  # its own plan is in it
    with closing(sqlite3.connect(file)) as other:  # while somebody reads an old state, it can only grow
        command = [sys.executable, "-c", READER, str(file)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "reads\n"
            write(at_home, 9)
            before = len(told(at_home))
            for _ in range(3):
                care(at_home, carer)
            (entry,) = told(at_home)[: len(told(at_home)) - before]  # once, and not at every look
            assert entry.failed
            assert f"cannot be emptied: process {reader.pid} reads an old state" in entry.says
            looked = {one.what: one for one in health(at_home.config, now=NOON)}["write-ahead log"]
            assert looked.health is Health.DOUBTFUL
            assert f"process {reader.pid}" in looked.do
            reader.communicate()
        assert other.execute("SELECT count(*) FROM statements").fetchone() == (0,)
    care(at_home, carer)
    assert tending.wal_bytes(at_home.store) < 1 << 20
    assert not told(at_home)[0].failed
    assert told(at_home)[0].freed > 8 << 20


# --- the commands


def test_it_can_be_done_now_and_is_listed(tmp_path: Path) -> None:
    feeds = str(write_feeds(tmp_path, source_block("a", "http://127.0.0.1:9/a")))
    open_for(load_config(Path(feeds))).close()
    done = CliRunner().invoke(app, ["maintain", "--json", "--config", feeds])
    assert done.exit_code == 0
    assert [one["chore"] for one in json.loads(done.stdout)["done"]] == ["statistics"]
    listed = json.loads(CliRunner().invoke(app, ["maintenance", "--json", "--config", feeds]).stdout)
    assert [one["chore"] for one in listed["done"]] == ["statistics"]
    assert {one["name"] for one in listed["planned"]} == set(CHORES)
    assert listed["bytes"]["snapshots"] == 0
    plain = CliRunner().invoke(app, ["maintenance", "--config", feeds])
    assert "tables analysed" in plain.stdout
    assert "words: done " in plain.stderr
    with closing(sqlite3.connect(tmp_path / "storage/aggregator.sqlite")) as store:
        assert store.execute("SELECT chore, failed FROM v1_maintenance").fetchall() == [("statistics", 0)]


def test_a_running_service_is_asked_to_do_it(tmp_path: Path, clock: Clock) -> None:
    config = load_config(write_feeds(tmp_path, source_block("a", "http://127.0.0.1:9/a")))
    with closing(open_for(config)) as store, hold(config.service.storage, what=RUNNING, clock=clock):
        asked = CliRunner().invoke(app, ["maintain", "--config", str(config.path)])
        assert asked.exit_code == 0
        assert "in its next quiet moment" in asked.stderr
        with store.read() as tx:
            due = {one.name for one in planned_chores(tx)}
        assert due == set(CHORES)


def test_another_command_at_work_is_waited_for(tmp_path: Path, clock: Clock) -> None:
    config = load_config(write_feeds(tmp_path, source_block("a", "http://127.0.0.1:9/a")))
    open_for(config).close()
    with hold(config.service.storage, what="aggregator poll", clock=clock):
        refused = CliRunner().invoke(app, ["maintain", "--config", str(config.path)])
    assert refused.exit_code == 1
    assert "`aggregator poll`" in refused.stderr
