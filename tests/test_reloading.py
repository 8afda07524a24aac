"""feeds.toml is changed while the service runs."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from aggregator.config import Config, load_config
from aggregator.pipeline.rebuilding import Asked, rebuild
from aggregator.pipeline.sandbox import Sandbox
from aggregator.running.reloading import checked, differences
from aggregator.service import Service, open_for, road
from aggregator.store import Store
from tests.conftest import STORY, Answer, Clock, Web, item, rss, source_block, write_feeds
from tests.test_service import read_until, running, stop

QUICK = '[service]\ngap = "0s"\n'


def blocks(web: Web, *keys: str) -> str:
    for key in keys:
        web.serve(rss(item(key, f"Talks of {key}", f"The talks of {key} go on in Geneva for another week.")), f"/{key}")
    return QUICK + "".join(source_block(key, web.url(f"/{key}")) for key in keys)


def polled(process: subprocess.Popen[str], key: str) -> None:
    while read_until(process, "polled")["source"] != key:
        pass


# --- The running service.


def test_a_valid_change_takes_effect_and_a_mistake_does_not(web: Web, tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, blocks(web, "a"))
    with running(feeds) as process:
        polled(process, "a")
        write_feeds(tmp_path, blocks(web, "a").replace('family = "a"', 'famly = "a"'))
        refused = read_until(process, "configuration_refused")
        assert re.search(r"feeds\.toml:\d+: sources\.a\.famly: unknown key", str(refused["mistakes"]))
        write_feeds(tmp_path, blocks(web, "a", "b"))
        taken = read_until(process, "configuration_taken")
        assert taken["sources_added"] == ["b"]
        polled(process, "b")
        feeds.unlink()
        assert "not there" in str(read_until(process, "configuration_refused")["mistakes"])
        write_feeds(tmp_path, blocks(web, "b"))
        assert read_until(process, "configuration_taken")["sources_removed"] == ["a"]
        new = tmp_path / "new.toml"
        new.write_text(blocks(web, "a", "b"), encoding="utf-8")
        os.replace(new, feeds)
        assert read_until(process, "configuration_taken")["sources_added"] == ["a"]
        assert stop(process) < 5


def test_a_file_that_changes_a_hundred_times_ends_as_its_last_version(web: Web, tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, blocks(web, "a"))
    with running(feeds) as process:
        polled(process, "a")
        for number in range(100):
            feeds.write_text(blocks(web, "a", "b")[: 40 + number], encoding="utf-8")
        write_feeds(tmp_path, blocks(web, "a", "b"))
        polled(process, "b")
        process.send_signal(signal.SIGHUP)  # the same file: nothing to take, and nothing ends
        assert stop(process) < 5


def test_a_signal_to_reload_does_not_end_a_service_that_begins(web: Web, tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, blocks(web, "a"))
    with running(feeds) as process:
        read_until(process, "address_guard_opened")  # before it is ready
        process.send_signal(signal.SIGHUP)
        polled(process, "a")
        assert stop(process) < 5


@pytest.mark.parametrize("line", ['storage = "elsewhere"', 'database = "postgresql+psycopg://h/d"', 'snapshots = "elsewhere"'])
def test_where_things_lie_is_for_the_next_start(line: str, web: Web, tmp_path: Path) -> None:
    """What was opened stays open: other commands would look for it where the file says."""
    feeds = write_feeds(tmp_path, blocks(web, "a"))
    with running(feeds) as process:
        polled(process, "a")
        write_feeds(tmp_path, blocks(web, "a").replace("[service]\n", f"[service]\n{line}\n"))
        (told,) = cast("list[str]", read_until(process, "configuration_refused")["mistakes"])
        assert told.startswith(f"feeds.toml: service.{line.partition(' ')[0]}: is another one; it takes effect when")
        assert stop(process) < 5


# --- A file that is none, or half of one.


def to_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.unlink(), "feeds.toml: not there"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot be read"),
        (lambda path: path.write_text('[sources.a]\nname = "Al', encoding="utf-8"), "feeds.toml:"),
        (lambda path: path.write_bytes(b"# \n" * 4_000_000), "larger than"),
        (to_a_pipe, "no source"),
    ],
    ids=["deleted", "a folder", "half-written", "12 MB", "a pipe"],
)
def test_what_is_no_configuration_is_told(make: Callable[[Path], object], said: str, web: Web, tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, blocks(web, "a"))
    make(feeds)
    config, mistakes = asyncio.run(checked(feeds))
    assert config is None
    assert said in mistakes[0]


def test_what_is_read_in_the_other_process_is_the_same(web: Web, tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, blocks(web, "a", "b") + STORY)
    config, mistakes = asyncio.run(checked(feeds))
    assert (config, mistakes) == (load_config(feeds), [])


# --- What another configuration changes.


def test_the_differences_are_named(web: Web, tmp_path: Path) -> None:
    def load(text: str) -> Config:
        return load_config(write_feeds(tmp_path, text))

    old = load(blocks(web, "a", "b") + STORY)
    assert differences(old, load("# another remark\n" + blocks(web, "a", "b") + STORY)) == {}
    assert differences(old, load(blocks(web, "b", "a") + STORY)) == {"order": "another one"}
    new = load(blocks(web, "a", "c").replace('gap = "0s"', "concurrency = 9") + STORY.replace("Geneva", "Paris"))
    assert differences(old, new) == {
        "sources_added": ["c"],
        "sources_removed": ["b"],
        "stories_changed": ["talks"],
        "tables": ["service"],
        "at_next_start": ["concurrency"],
    }


# --- Taking it, inside.


async def _until_quiet(service: Service) -> None:
    await service.tick()
    begun = [*service._polls.values(), service._publishing]  # noqa: SLF001 - what is under way
    await asyncio.gather(*filter(None, begun))
    await service.tick()  # what was read is told now
    await asyncio.gather(*filter(None, [service._publishing]))  # noqa: SLF001 - the same


def _listed(store: Store) -> list[tuple[str, int, int]]:
    with store.read() as tx:
        return [tuple(row) for row in tx.exec_driver_sql("SELECT source, new, unchanged FROM v1_polls ORDER BY id")]


def test_a_poll_in_flight_is_given_up_and_begun_again(web: Web, tmp_path: Path, sandbox: Sandbox, clock: Clock) -> None:
    first = load_config(write_feeds(tmp_path, blocks(web, "a", "b")))
    web.answers["/a"] = Answer(never=True)
    store = open_for(first)

    async def change() -> None:
        async with road(first, store, clock=clock, sandbox=sandbox) as the_road:
            service = Service(the_road)
            await service.tick()
            while not any(path == "/a" for path, _ in web.asked):  # noqa: ASYNC110 - the server is another thread
                await asyncio.sleep(0.01)
            second = load_config(write_feeds(tmp_path, blocks(web, "a", "b").replace('name = "a"', 'name = "Alpha"')))
            await service.take(second)
            assert not service._polls  # noqa: SLF001 - what is under way
            assert service.config is second
            await _until_quiet(service)
            service.stop()
            await service.run()

    with closing(store):
        asyncio.run(change())
        assert sorted(_listed(store)) == [("a", 1, 0), ("b", 1, 0)]


@pytest.mark.both_databases
def test_the_record_of_it_is_replayed_to_the_same_store(
    web: Web, tmp_path: Path, sandbox: Sandbox, clock: Clock, database: str | None
) -> None:
    """What is read after the change is matched by the new terms, what was read before by the old ones: also when done again."""
    del database
    first = load_config(write_feeds(tmp_path, blocks(web, "a") + STORY))
    store = open_for(first)

    async def life() -> None:
        async with road(first, store, clock=clock, sandbox=sandbox) as the_road:
            service = Service(the_road)
            await _until_quiet(service)
            clock.forward(minutes=11)
            text = (
                blocks(web, "a", "b")
                + STORY.replace('terms = ["talks"]', 'terms = ["talks b"]')
                + STORY.replace("talks]", "other]")
            )
            await service.take(load_config(write_feeds(tmp_path, text)))
            await _until_quiet(service)
            clock.forward(minutes=11)
            await _until_quiet(service)
            service.stop()
            await service.run()

    with closing(store):
        asyncio.run(life())
        assert {key for key, _, _ in _listed(store)} == {"a", "b"}
        found = asyncio.run(rebuild(store, Asked(config=None), file=tmp_path / "again.sqlite", sandbox=sandbox))
        assert [row.what for table in found.tables for row in table.shown] == []
        assert found.same
        with store.read() as tx:
            told = [tuple(row) for row in tx.exec_driver_sql("SELECT story, number FROM v1_updates ORDER BY story, number")]
        assert told[0] == ("other", 1)


def test_a_source_that_is_taken_out_and_put_back_keeps_its_history(
    web: Web, tmp_path: Path, sandbox: Sandbox, clock: Clock
) -> None:
    config = load_config(write_feeds(tmp_path, blocks(web, "a", "b")))
    store = open_for(config)

    async def life() -> None:
        async with road(config, store, clock=clock, sandbox=sandbox) as the_road:
            service = Service(the_road)
            for keys in (["a", "b"], ["b"], ["a", "b"]):
                await service.take(load_config(write_feeds(tmp_path, blocks(web, *keys))))
                await _until_quiet(service)
                clock.forward(hours=2)
            service.stop()
            await service.run()

    with closing(store):
        asyncio.run(life())
        assert sum(new for _, new, _ in _listed(store)) == 2  # each statement once
        assert [key for key, _, _ in _listed(store)].count("b") == 3
        with store.read() as tx:
            assert tx.exec_driver_sql("SELECT count(*) FROM v1_statements").scalar_one() == 2
