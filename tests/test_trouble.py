"""A store that cannot be used for a while: told in a sentence, nothing lost, and all goes on by itself when it can be used."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import event, text
from structlog.testing import capture_logs

from aggregator.cli.output import set_up_logs
from aggregator.config import load_config
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import SITE_REST, STORE_REST, Service, open_for, road
from aggregator.store import Store
from tests.conftest import STORY, Clock, Web, item, rss, source_block, write_feeds
from tests.patience import WAIT
from tests.test_cli import aggregator
from tests.test_service import read_until, running, stop

NOW_STORY = STORY.replace('settle = "10m"', 'settle = "0s"')
NOBODY = 65534
PLAIN = '[service]\ngap = "0s"\ncontact = "desk@example.org"\n'
UNGUARDED = f"{PLAIN}low_disk = 0\nfull_disk = 0\n"  # what happens where the guard of the disk was too late


def said(number: int) -> str:
    return item(f"n{number}", f"Talks on matter {number}", f"Delegation {number} brought {number + 12} proposals to the talks.")


@dataclass
class Watched:
    """A service at work, and what its log says."""

    service: Service
    store: Store
    clock: Clock
    web: Web
    log: list[MutableMapping[str, Any]] = field(default_factory=list)

    async def tick(self, times: int = 2, **later: float) -> None:
        """Let time pass, and the service tick, each time until nothing is under way."""
        self.clock.forward(**later)
        for _ in range(times):
            await self.service.tick()
            if others := asyncio.all_tasks() - {asyncio.current_task()}:
                await asyncio.wait(others)
        await self.service.tick()  # hears what became of the last

    def events(self, name: str) -> list[str]:
        return [str(entry.get("reason", "")) for entry in self.log if entry["event"] == name]

    def count(self, view: str) -> int:
        with self.store.read() as tx:
            return int(tx.execute(text(f"SELECT count(*) FROM {view}")).scalar_one())  # noqa: S608 - our own names


def watch(
    storage: Path, web: Web, clock: Clock, sandbox: Sandbox, play: Callable[[Watched], Any], *, feeds: str = PLAIN
) -> None:
    """Play something with a service whose data lies in a folder."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    whole = f"{feeds}storage = {json.dumps(str(storage))}\n{NOW_STORY}{source_block('a', web.url())}"
    config = load_config(write_feeds(Path(tempfile.mkdtemp(dir=storage.parent)), whole))
    store = open_for(config)

    async def go() -> None:
        async with road(config, store, clock=clock, sandbox=sandbox) as the_road:
            with capture_logs() as log:
                await play(Watched(Service(the_road), store, clock, web, log))

    try:
        asyncio.run(go())
    finally:
        store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of twelve megabytes of its own."""
    folder = tmp_path / "small-disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small disk can be mounted by root alone, and not in every container")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Take all room that is left on a disk; returns the file to remove."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return ballast


def contents(disk: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in disk.iterdir() if path.is_file() and path.name != "ballast"}


def test_a_full_disk_is_told_once_and_the_service_goes_on_when_there_is_room(
    small_disk: Path, web: Web, clock: Clock, sandbox: Sandbox
) -> None:
    async def play(at: Watched) -> None:
        web.serve(rss(said(1)))
        await at.tick()
        ballast, polls, asked = fill(small_disk), at.count("v1_polls"), len(web.asked)
        web.serve(rss(*map(said, range(1, 41))))
        await at.tick(times=4, minutes=11)
        (reason,) = at.events("store_unusable")
        assert f"Make room on {small_disk}" in reason
        assert "the disk is full" in reason
        assert len(web.asked) == asked + 1  # nobody is asked again for what cannot be kept
        assert (at.count("v1_polls"), at.count("v1_statements")) == (polls, 1)
        await at.tick(times=4, seconds=STORE_REST.total_seconds() / 2)
        assert len(web.asked) == asked + 1
        ballast.unlink()
        await at.tick(minutes=11)
        assert at.count("v1_statements") == 40
        assert len(at.events("store_usable_again")) == 1
        await at.tick()
        assert at.count("v1_updates") == 40
        with at.store.read() as tx:
            assert tx.execute(text("SELECT failures FROM sources")).scalar_one() == 0  # the source is not to blame
            kept = tx.execute(text("SELECT sha256 FROM snapshots")).scalars().all()
        assert all(at.store.snapshots.get(sha256) for sha256 in kept)
        assert len(list(at.store.snapshots.folder.glob("??/*"))) == len(kept)  # none is half, none is nameless

    watch(small_disk / "storage", web, clock, sandbox, play, feeds=UNGUARDED)


def test_a_database_that_may_not_grow_loses_nothing(tmp_path: Path, web: Web, clock: Clock, sandbox: Sandbox) -> None:
    """SQLite's own limit says the same as a disk that is full, in the middle of a transaction."""

    async def play(at: Watched) -> None:
        limit = [0]

        @event.listens_for(at.store.engine, "checkout")
        def limited(connection: sqlite3.Connection, *_: object) -> None:
            pages = limit[0] or connection.execute("PRAGMA page_count").fetchone()[0] + 2
            connection.execute(f"PRAGMA max_page_count = {pages}")

        web.serve(rss(*map(said, range(300))))
        await at.tick()
        (reason,) = at.events("store_unusable")
        assert "aggregator.sqlite: the disk is full (database or disk is full). Make room on " in reason
        assert (at.count("v1_statements"), at.count("v1_changes")) == (0, 1)  # the story's own
        limit[0] = 1_000_000
        await at.tick(minutes=11)
        assert at.count("v1_statements") == 300
        with at.store.read() as tx:
            assert tx.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"

    watch(tmp_path / "storage", web, clock, sandbox, play)


def test_a_page_that_finds_no_room_leaves_the_good_one_and_follows_later(
    small_disk: Path, tmp_path: Path, web: Web, clock: Clock, sandbox: Sandbox
) -> None:
    async def play(at: Watched) -> None:
        web.serve(rss(said(1)))
        await at.tick(times=3)
        before = contents(small_disk)
        assert {"talks.html", "talks.json", "index.html"} <= set(before)
        ballast = fill(small_disk)
        web.serve(rss(*map(said, range(1, 60))))
        await at.tick(times=6, minutes=11)
        (reason,) = at.events("site_not_written")  # tried once, not at every tick
        assert reason == f"{tmp_path}/storage/site: the disk is full. Make room on {small_disk}; the service goes on by itself."
        assert contents(small_disk) == before
        assert at.count("v1_updates") == 59  # the ledger does not wait for the site
        ballast.unlink()
        await at.tick(seconds=SITE_REST.total_seconds())
        assert len(json.loads((small_disk / "talks.json").read_text())["updates"]) == 59
        assert at.count("outbox WHERE delivered_at IS NULL") == 0

    (tmp_path / "storage").mkdir()
    (tmp_path / "storage/site").symlink_to(small_disk)
    watch(tmp_path / "storage", web, clock, sandbox, play)


def test_the_service_works_on_when_its_log_cannot_be_written(web: Web, tmp_path: Path) -> None:
    web.serve(rss(said(1)))
    feeds = write_feeds(tmp_path, NOW_STORY + source_block("a", web.url()))
    command = [sys.executable, "-m", "aggregator", "run", "--config", str(feeds)]
    with open("/dev/full", "w") as full, subprocess.Popen(command, stderr=full) as process:
        try:
            page = tmp_path / "storage/site/talks.html"
            for _ in range(int(WAIT / 0.1)):
                if page.exists():
                    break
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(0.1)
            assert page.exists()
            process.terminate()
            assert process.wait(WAIT) in (0, 120)  # 120: Python's word for a stream that could not be flushed at the end
        finally:
            process.kill()


def test_what_a_log_lost_is_counted_when_it_can_be_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream:
        full = True
        lines = ""

        def write(self, line: str) -> None:
            if self.full:
                raise OSError(28, "No space left on device")
            self.lines += line

        def flush(self) -> None: ...

        def isatty(self) -> bool:
            return False

    stream = Stream()
    monkeypatch.setattr(sys, "stderr", stream)
    set_up_logs(everything=True)
    log = structlog.get_logger()
    log.info("lost")
    log.info("lost too")
    stream.full = False
    log.info("kept")
    log.info("kept too")
    first, *rest = map(json.loads, stream.lines.splitlines())
    assert (first["event"], first["lines"]) == ("log_lines_lost", 2)
    assert [line["event"] for line in rest] == ["kept", "kept too"]


@pytest.fixture
def polled(web: Web, tmp_path: Path) -> Path:
    """A configuration whose store holds a story. Whoever is kept waiting waits 0.2 s."""
    web.serve(rss(said(1)))
    database = f"sqlite:///{tmp_path}/storage/aggregator.sqlite?timeout=0.2"
    feeds = write_feeds(tmp_path, f'{PLAIN}database = "{database}"\n{NOW_STORY}{source_block("a", web.url())}')
    assert aggregator("poll", config=feeds).exit_code == 0
    return feeds


READING = [["sources"], ["stories"], ["story", "talks"], ["statements"], ["statement", "1"]]


def test_a_locked_store_is_told_and_can_still_be_read(polled: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "storage/aggregator.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused = aggregator("poll", config=polled)
        assert refused.exit_code == 1
        assert "aggregator.sqlite: another program keeps it locked" in refused.stderr
        assert "End that one, or try again." in refused.stderr
        assert [aggregator(*words, config=polled).exit_code for words in READING] == [0] * len(READING)
    assert aggregator("poll", config=polled).exit_code == 0


@pytest.mark.parametrize("words", [["poll"], *READING], ids=" ".join)
def test_a_store_that_another_program_keeps_for_itself_is_told(words: Sequence[str], polled: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "storage/aggregator.sqlite", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("COMMIT")
        refused = aggregator(*words, config=polled)
    assert refused.exit_code == 1
    assert "another program keeps it locked" in refused.stderr


def test_the_service_goes_on_when_a_lock_is_gone(tmp_path: Path, web: Web, clock: Clock, sandbox: Sandbox) -> None:
    async def play(at: Watched) -> None:
        web.serve(rss(said(1)))
        with closing(sqlite3.connect(tmp_path / "storage/aggregator.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await at.tick(times=3)
            (reason,) = at.events("store_unusable")
            assert "another program keeps it locked" in reason
            other.execute("ROLLBACK")
        await at.tick(minutes=11)
        assert at.count("v1_statements") == 1
        assert len(at.events("store_usable_again")) == 1
        assert at.events("tick_failed") == at.events("job_failed") == []

    database = f'database = "sqlite:///{tmp_path}/storage/aggregator.sqlite?timeout=0.2"\n'
    watch(tmp_path / "storage", web, clock, sandbox, play, feeds=PLAIN + database)


@pytest.fixture
def ordinary() -> Iterator[Callable[[], None]]:
    """Makes this process an ordinary user until the test ends: rights mean nothing to root."""
    before = os.geteuid()
    yield (lambda: os.seteuid(NOBODY)) if before == 0 else (lambda: None)
    os.seteuid(before)


@pytest.fixture
def own_folder(ordinary: Callable[[], None]) -> Iterator[Path]:  # noqa: ARG001 - that one ends first
    """A folder that an ordinary user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="own-"))
    folder.chmod(0o755)
    yield folder
    os.seteuid(os.getuid())
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(folder)


def only_reading(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def test_a_store_of_which_nothing_may_be_written_is_told(own_folder: Path, web: Web, ordinary: Callable[[], None]) -> None:
    web.serve(rss(said(1)))
    feeds = write_feeds(own_folder, PLAIN + NOW_STORY + source_block("a", web.url()))
    assert aggregator("poll", config=feeds).exit_code == 0
    only_reading(own_folder)
    ordinary()
    for words in (["poll"], ["run"], *READING):
        refused = aggregator(*words, config=feeds)
        assert refused.exit_code == 1, words
        assert f"{own_folder}/storage" in refused.stderr
        assert "rights" in refused.stderr or "right to" in refused.stderr


def test_a_configuration_that_may_not_be_read_is_told_as_any_other(
    own_folder: Path, ordinary: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds = write_feeds(own_folder, PLAIN + source_block("a", "https://example.org/feed"))
    feeds.chmod(0)
    ordinary()
    monkeypatch.setattr("os.access", lambda *_: False)  # which asks for the rights of who this process was at first
    refused = aggregator("check", config=feeds)
    said = f"{feeds}: cannot be read (Permission denied). Name another file: --config FILE\n"
    assert (refused.exit_code, refused.stderr) == (2, said)


@pytest.mark.parametrize("part", ["snapshots", "aggregator.sqlite"])
def test_a_part_of_the_store_that_may_not_be_written_is_told_and_the_service_goes_on_when_it_may(
    part: str, own_folder: Path, web: Web, clock: Clock, sandbox: Sandbox, ordinary: Callable[[], None]
) -> None:
    async def play(at: Watched) -> None:
        web.serve(rss(said(1)))
        await at.tick()
        path = own_folder / "storage" / part
        at.store.close()  # rights are looked at when a file is opened
        if os.geteuid() == 0:
            for one in (path.parent, *path.parent.rglob("*")):
                os.chown(one, NOBODY, NOBODY)
        for one in (path, *path.parent.glob(f"{part}-*")):
            only_reading(one)
        ordinary()
        web.serve(rss(said(1), said(2)))
        await at.tick(minutes=11)
        (reason,) = at.events("store_unusable")
        assert str(path) in reason
        assert "the right to" in reason
        os.seteuid(os.getuid())
        for one in (path, *path.rglob("*"), *path.parent.glob(f"{part}-*")):
            one.chmod(0o755)
        await at.tick(minutes=11)
        assert at.count("v1_statements") == 2
        assert len(at.events("store_usable_again")) == 1

    (own_folder / "storage").mkdir()
    watch(own_folder / "storage", web, clock, sandbox, play)


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_inside_a_page(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1000)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def foreign(path: Path) -> None:
    path.write_bytes(b"My shopping list: milk, bread. " * 1000)


def without_its_head(path: Path) -> None:
    path.write_bytes(bytes(100) + path.read_bytes()[100:])


@pytest.mark.parametrize(
    "damage", [truncated, cut_inside_a_page, emptied, foreign, without_its_head], ids=lambda how: str(how.__name__)
)
def test_a_damaged_store_is_refused_and_left_as_it_is(damage: Callable[[Path], None], polled: Path, tmp_path: Path) -> None:
    path = tmp_path / "storage/aggregator.sqlite"
    damage(path)
    before = path.read_bytes()
    for words in (["poll"], ["run"], *READING):
        refused = aggregator(*words, config=polled)
        assert refused.exit_code == 1, words
        assert str(path) in refused.stderr
        assert "left as it is" in refused.stderr or "left as it was" in refused.stderr or "It was left" in refused.stderr
        assert "restore a backup" in refused.stderr or "put a backup in its place" in refused.stderr
    assert path.read_bytes() == before


def test_an_empty_file_with_nothing_beside_it_becomes_a_store(web: Web, tmp_path: Path) -> None:
    """As a first start leaves it that was ended at once."""
    web.serve(rss(said(1)))
    (tmp_path / "storage").mkdir()
    (tmp_path / "storage/aggregator.sqlite").touch()
    feeds = write_feeds(tmp_path, PLAIN + source_block("a", web.url()))
    assert aggregator("poll", config=feeds).exit_code == 0


def test_a_store_whose_pages_are_damaged_while_it_is_used_is_told(
    tmp_path: Path, web: Web, clock: Clock, sandbox: Sandbox
) -> None:
    async def play(at: Watched) -> None:
        web.serve(rss(said(1)))
        await at.tick()
        at.store.close()
        path = tmp_path / "storage/aggregator.sqlite"
        good = path.read_bytes()
        path.write_bytes(good[:100] + b"\xff" * (len(good) - 100))
        web.serve(rss(said(1), said(2)))
        await at.tick(minutes=11)
        (reason,) = at.events("store_unusable")
        assert "damaged one" in reason
        at.store.close()
        path.write_bytes(good)  # a backup is restored, say
        await at.tick(minutes=11)
        assert at.count("v1_statements") == 2

    watch(tmp_path / "storage", web, clock, sandbox, play)


@pytest.mark.parametrize("another", [False, True], ids=["taken away", "another in its place"])
def test_a_store_that_is_taken_away_while_it_is_used_is_told_and_nobody_is_asked(
    another: bool, tmp_path: Path, web: Web, clock: Clock, sandbox: Sandbox
) -> None:
    """What is written to a file without a name is gone at the end, and nobody would know."""
    file, aside = tmp_path / "storage/aggregator.sqlite", tmp_path / "aside.sqlite"

    async def play(at: Watched) -> None:
        web.serve(rss(said(1)))
        await at.tick()
        file.rename(aside)
        if another:
            shutil.copy(aside, file)
        web.serve(rss(said(1), said(2)))
        asked = len(web.asked)
        await at.tick(minutes=11)
        await at.tick(minutes=11)
        (reason,) = at.events("store_unusable")
        assert f"{file}: {'another file was put' if another else 'it was taken away'}" in reason
        assert at.service.trouble == reason
        assert len(web.asked) == asked
        aside.replace(file)
        await at.tick(minutes=11)
        assert at.count("v1_statements") == 2
        assert len(at.events("store_usable_again")) == 1
        assert at.events("tick_failed") == at.events("job_failed") == []

    watch(file.parent, web, clock, sandbox, play)


def test_a_killed_service_holds_nothing_and_its_old_card_confuses_nobody(web: Web, tmp_path: Path) -> None:
    web.serve(rss(said(1)))
    feeds = write_feeds(tmp_path, PLAIN + NOW_STORY + source_block("a", web.url()))
    with running(feeds) as process:
        read_until(process, "started")
        process.kill()
        process.wait(WAIT)
    card = json.loads((tmp_path / "storage/service.json").read_text())
    assert card["pid"] == process.pid
    with running(feeds) as second:
        read_until(second, "started")
        (tmp_path / "storage/service.json").write_text(json.dumps(card))  # that of a process that is gone
        refused = aggregator("poll", config=feeds)
        assert refused.exit_code == 1
        assert "another process is at work on this store" in refused.stderr
        assert str(card["pid"]) not in refused.stderr
        stop(second)
