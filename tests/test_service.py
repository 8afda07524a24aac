"""The running service, as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest

from aggregator.config import load_config
from aggregator.model import SourceKey
from aggregator.pipeline import PollReport, Road
from aggregator.service import Service, StoreHeld, hold, open_for, road
from aggregator.store import StoreError
from tests.conftest import NOON, STORY, Answer, Clock, Web, item, on_database, rss, source_block, write_feeds
from tests.patience import WAIT, Passing

NOW_STORY = STORY.replace('settle = "10m"', 'settle = "0s"')


@contextmanager
def running(feeds: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "aggregator", "run", "--config", str(feeds)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


_heard: WeakKeyDictionary[subprocess.Popen[str], deque[str]] = WeakKeyDictionary()  # lines that nobody has read yet


def read_until(process: subprocess.Popen[str], event: str) -> dict[str, object]:
    """Read the service's log until an event."""
    lines = _heard.setdefault(process, deque([""]))  # the last one may go on
    deadline = time.monotonic() + WAIT
    while True:
        while len(lines) > 1:
            line = lines.popleft()
            if line.startswith("{") and (entry := json.loads(line))["event"] == event:
                return dict(entry)
        assert process.stderr is not None
        # Of its descriptor, as `select` knows nothing of what a buffer of ours holds.
        ready, _, _ = select.select([process.stderr], [], [], max(0.0, deadline - time.monotonic()))
        said = os.read(process.stderr.fileno(), 65536).decode("utf-8", "replace") if ready else ""
        if not said:
            pytest.fail(f"the service never said {event!r}")
        first, *others = said.split("\n")
        lines[-1] += first
        lines.extend(others)


def wait_until_asked(web: Web, process: subprocess.Popen[str]) -> None:
    """Until the service asks the web server something; its log is what fails where it does not."""
    if not web.was_asked.wait(WAIT):
        process.kill()
        pytest.fail(f"the service asked for nothing; it said:\n{process.communicate()[1]}")


def stop(process: subprocess.Popen[str]) -> float:
    """Send SIGTERM; returns the seconds until the end."""
    with Passing() as passing:
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT) == 0
    return passing.seconds


@pytest.mark.both_databases
def test_it_polls_publishes_and_stops_cleanly(web: Web, tmp_path: Path, database: str | None) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva for another week.")))
    feeds = write_feeds(tmp_path, on_database(NOW_STORY + source_block("a", web.url(), name="Alpha"), database))
    with running(feeds) as process:
        polled = read_until(process, "polled")
        assert (polled["source"], polled["new"]) == ("a", 1)
        assert read_until(process, "published")["number"] == 1
        assert stop(process) < 5
    assert updates_in(feeds) == [("talks", 1)]
    if database is None:
        with closing(sqlite3.connect(tmp_path / "storage/aggregator.sqlite")) as store:
            assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not (tmp_path / "storage/service.json").exists()


def test_it_stops_within_seconds_while_a_source_hangs(web: Web, tmp_path: Path) -> None:
    web.answers["/slow"] = Answer(never=True)
    web.serve(rss(item("one", "Talks", "The talks go on.")))
    feeds = write_feeds(tmp_path, STORY + source_block("slow", web.url("/slow")))
    with running(feeds) as process:
        wait_until_asked(web, process)
        assert stop(process) < 5
    with closing(sqlite3.connect(tmp_path / "storage/aggregator.sqlite")) as store:
        assert store.execute("SELECT count(*) FROM polls").fetchone() == (0,)  # nothing half-done


def test_it_stops_within_seconds_while_a_huge_listing_is_read(web: Web, tmp_path: Path) -> None:
    web.serve(rss(*(item(str(n), f"Talks {n}", f"The talks go on for day {n}.") for n in range(30_000))))
    feeds = write_feeds(tmp_path, STORY + source_block("a", web.url()))
    with running(feeds) as process:
        wait_until_asked(web, process)
        wait_for_snapshot(tmp_path / "storage/snapshots")  # its bytes are here, and being read
        assert stop(process) < 5
    with closing(sqlite3.connect(tmp_path / "storage/aggregator.sqlite")) as store:
        assert store.execute("SELECT count(*) FROM polls").fetchone() == (0,)
        assert store.execute("SELECT count(*) FROM statements").fetchone() == (0,)


def wait_for_snapshot(folder: Path) -> None:
    deadline = time.monotonic() + WAIT
    while not list(folder.rglob("*.gz")):
        assert time.monotonic() < deadline


def test_the_second_service_says_who_holds_the_store(web: Web, tmp_path: Path) -> None:
    web.serve(rss(item("one", "Talks", "The talks go on.")))
    feeds = write_feeds(tmp_path, STORY + source_block("a", web.url()))
    with running(feeds) as first:
        read_until(first, "polled")
        for command in (["run"], ["poll"]):
            second = subprocess.run(
                [sys.executable, "-m", "aggregator", *command, "--config", str(feeds)],
                capture_output=True, text=True, timeout=WAIT, check=False,
            )  # fmt: skip
            assert second.returncode == 1  # systemd tries again, as that may be a short command from cron
            assert f"`aggregator run` (process {first.pid} on " in second.stderr
        stop(first)


def test_a_poll_that_the_store_cannot_take_is_not_repeated_at_every_tick(
    web: Web, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[SourceKey] = []

    async def no_room(_road: Road, key: SourceKey, **_more: object) -> PollReport:
        asked.append(key)
        raise StoreError("disk full")

    async def tick_thrice() -> None:
        async with road(config, store, clock=clock) as the_road:
            service = Service(the_road)
            for _ in range(3):
                await service.tick()
                await asyncio.sleep(0)
            assert asked == ["a"]
            clock.forward(minutes=11)
            await service.tick()
            await asyncio.sleep(0)
            assert asked == ["a", "a"]

    config = load_config(write_feeds(tmp_path, source_block("a", web.url())))
    store = open_for(config)
    monkeypatch.setattr("aggregator.service.ticking.poll_source", no_room)
    asyncio.run(tick_thrice())
    store.close()


def test_a_lock_ends_with_its_process(tmp_path: Path, clock: Clock) -> None:
    said = r"`first` .* since 2025-08-14T12:00:00"
    with hold(tmp_path, what="first", clock=clock), pytest.raises(StoreHeld, match=said):
        hold(tmp_path, what="x", clock=clock).__enter__()
    with hold(tmp_path, what="second", clock=clock):
        assert json.loads((tmp_path / "service.json").read_text())["what"] == "second"
    assert clock() == NOON


@pytest.mark.both_databases
def test_a_poll_that_was_killed_is_found_again(web: Web, tmp_path: Path, database: str | None) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva for another week.")))
    feeds = write_feeds(tmp_path, on_database(NOW_STORY + source_block("a", web.url()), database))
    with running(feeds) as process:
        wait_until_asked(web, process)
        process.kill()
        process.wait(WAIT)
    with running(feeds) as process:
        read_until(process, "started")
        wait_for_update(feeds, process)
        stop(process)


def updates_in(feeds: Path) -> list[tuple[object, ...]]:
    """What a reader of the store sees, while the service runs or after it."""
    with closing(open_for(load_config(feeds), create=False)) as store, store.read() as tx:
        return [tuple(row) for row in tx.exec_driver_sql("SELECT story, number FROM v1_updates")]


def wait_for_update(feeds: Path, process: subprocess.Popen[str]) -> None:
    """Until the update stands, once, whether it was stored before the kill or after."""
    if not updates_in(feeds):
        read_until(process, "published")
    assert updates_in(feeds) == [("talks", 1)]
