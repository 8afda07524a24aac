"""Readers in other processes, while the store is written: nobody is refused, nothing is seen half, nothing is skipped."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from aggregator.store import Store, changes, open_store
from aggregator.store.sqlite import WAL_BYTES
from tests.conftest import NOON, STORY, Web, item, rss, source_block, write_feeds
from tests.patience import WAIT

ROUNDS = 16
SPARE = 3 << 20  # one transaction of `grow`, and what SQLite puts around it
Process = subprocess.Popen[str]


@contextmanager
def running(module: str, *words: object) -> Iterator[Process]:
    command = [sys.executable, "-m", module, *map(str, words)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: Process) -> str:
    """The next line that it says. It ends, with its traceback on stderr, where it has nothing to say."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"{process.args!r} ended: its traceback stands above"
    return line


def ask(process: Process) -> str:
    assert process.stdin is not None
    process.stdin.write(".")
    process.stdin.flush()
    return heard(process)


def end(process: Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(WAIT) == 0


def serve(web: Web, number: int) -> None:
    """Two sources: each round brings two statements, and an edit of one that was published."""
    for key in ("a", "b"):
        new = [
            (n, f"Talks of {key} number {n}", f"Day {n} of the talks brought word {key}{n} of grain.")
            for n in range(number + 1)
        ]
        new += [(n + 1000, f"Weather of {key} number {n}", f"Rain {n} over {key}.") for n in range(number + 1)]
        if number:
            told = new[number - 1]
            new[number - 1] = (told[0], told[1], told[2].replace("brought", "did not bring"))
        web.serve(rss(*(item(f"{key}{ident}", title, text) for ident, title, text in new[-40:])), f"/{key}")


def test_readers_and_the_writer_do_not_meet(web: Web, tmp_path: Path) -> None:
    service = '[service]\ngap = "0s"\n'
    feeds = write_feeds(tmp_path, service + STORY + source_block("a", web.url("/a")) + source_block("b", web.url("/b")))
    database, published = tmp_path / "storage/aggregator.sqlite", 0
    serve(web, 0)
    with contextlib.ExitStack() as stack:
        writer = stack.enter_context(running("tests.writing", feeds))
        assert heard(writer) == "ready\n"
        readers: dict[str, Process] = {}
        for number in range(ROUNDS):
            serve(web, number)
            published += int(ask(writer))
            if number == 0:
                for kind in ("looks-again", "stays", "follows"):
                    readers[kind] = stack.enter_context(running("tests.readers", kind, database))
                    heard(readers[kind])
            if number % 4 == 3:
                seen = {kind: json.loads(ask(reader)) for kind, reader in readers.items()}
        seen = {kind: json.loads(ask(reader)) for kind, reader in readers.items()}
        for reader in readers.values():
            end(reader)
        end(writer)
    assert {kind: one["torn"] for kind, one in seen.items()} == {"looks-again": [], "stays": [], "follows": []}
    assert published >= ROUNDS
    with closing(sqlite3.connect(database)) as store:
        everything = [seq for (seq,) in store.execute("SELECT seq FROM v1_changes ORDER BY seq")]
        kinds = {kind for (kind,) in store.execute("SELECT DISTINCT kind FROM v1_changes")}
        polls, revisions = store.execute("SELECT (SELECT count(*) FROM v1_polls), count(*) FROM v1_revisions").fetchone()
    assert kinds >= {"statement", "revision", "update", "story", "mark"}
    assert seen["follows"]["states"] == everything  # each once, in order, none skipped
    assert len(seen["stays"]["states"]) == 1  # one state, although the store went on
    assert seen["looks-again"]["states"][-1] == [polls, revisions, published]
    assert len(seen["looks-again"]["states"]) >= ROUNDS // 4
    assert polls == 2 * ROUNDS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/a.sqlite", snapshots=tmp_path)
    yield opened
    opened.close()


def grow(store: Store, megabytes: int) -> int:
    """Write so much, a transaction for each; returns the largest size of the WAL file, in bytes."""
    largest = 0
    for _ in range(megabytes):
        with store.write() as tx:
            changes.note(tx, "story", "x" * (1 << 20), seal="", at=NOON)
        largest = max(largest, wal(store))
    return largest


def wal(store: Store) -> int:
    return Path(f"{store.name}-wal").stat().st_size


def test_the_wal_file_stays_small_where_readers_end(store: Store) -> None:
    with closing(sqlite3.connect(f"file:{store.name}?mode=ro", uri=True, timeout=0)) as reader:
        for _ in range(4):
            assert grow(store, 12) <= WAL_BYTES + SPARE
            reader.execute("SELECT last_seq FROM v1_store").fetchone()


def test_a_long_reader_makes_the_wal_file_grow_and_its_end_lets_it_shrink(store: Store) -> None:
    grow(store, 1)
    with closing(sqlite3.connect(f"file:{store.name}?mode=ro", uri=True, timeout=0, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT last_seq FROM v1_store").fetchone()
        assert grow(store, 40) > 40 << 20  # and no write was in want of anything
        assert reader.execute("SELECT last_seq FROM v1_store").fetchone() == before
        reader.execute("COMMIT")
        assert reader.execute("SELECT last_seq FROM v1_store").fetchone() == (before[0] + 40,)
    grow(store, 2)  # the first empties it into the store, the second begins it anew
    assert wal(store) <= WAL_BYTES


def test_reading_rights_are_enough_while_the_service_runs() -> None:
    if os.geteuid() != 0 or shutil.which("sqlite3") is None:
        pytest.skip("only root can become another user, and it takes the sqlite3 shell")
    folder = Path(tempfile.mkdtemp(prefix="readable-"))
    path = folder / "a.sqlite"
    folder.chmod(0o755)

    def read() -> subprocess.CompletedProcess[str]:
        command = ["sqlite3", "-readonly", str(path), "SELECT last_seq FROM v1_store"]
        user = pwd.getpwnam("nobody").pw_uid
        return subprocess.run(command, user=user, capture_output=True, text=True, check=False, cwd="/")

    try:
        store = open_store(f"sqlite:///{path}", snapshots=folder)
        grow(store, 1)
        assert read().stdout == "1\n"
        store.close()
        assert "attempt to write a readonly database" in read().stderr  # nobody has it open: -wal and -shm are to be made
    finally:
        shutil.rmtree(folder)
