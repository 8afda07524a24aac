"""Which due polls are started: in order, few of one host, so many in all."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import tracemalloc
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from aggregator.config import Config, load_config
from aggregator.model import SourceKey
from aggregator.pipeline.sandbox import Sandbox
from aggregator.pipeline.starting import MOST_FRESH, MOST_OF_ONE_GROUP, MOST_UNREAD, Queue
from aggregator.publish.places import Site
from aggregator.publish.whole import NOW_AND_THEN, Whole, files_of
from aggregator.service import Service, open_for, road
from aggregator.store import Store
from aggregator.store.configurations import keep_configuration
from aggregator.store.lookout import Lookout
from aggregator.store.settings import Settings, settings_of
from aggregator.store.sources import due_sources, sync_sources
from tests.conftest import STORY, Clock, Web, item, rss, source_block, write_feeds

KEYS = [SourceKey(f"s{n}") for n in range(12)]


@given(groups=st.lists(st.sampled_from("abc"), min_size=12, max_size=12), most=st.integers(1, 12), data=st.data())
def test_every_due_poll_starts_once_and_none_beyond_the_limits(groups: list[str], most: int, data: st.DataObject) -> None:
    queue, group_of = Queue(), dict(zip(KEYS, groups, strict=True))
    queue.offer(group_of.items())
    under_way: list[SourceKey] = []
    started: list[SourceKey] = []
    while taken := queue.take(most=most) or under_way:
        if taken is not under_way:
            started += taken
            under_way += taken
        assert len(under_way) <= most
        assert all(sum(group_of[key] == group for key in under_way) <= MOST_OF_ONE_GROUP for group in "abc")
        ended = under_way.pop(data.draw(st.integers(0, len(under_way) - 1)))
        queue.done(ended)
    assert sorted(started) == sorted(KEYS)
    assert len(queue) == 0
    for group in "abc":  # of one host, the longest overdue first
        assert [key for key in started if group_of[key] == group] == [key for key in KEYS if group_of[key] == group]


def test_what_is_under_way_is_not_offered_again() -> None:
    queue = Queue()
    queue.offer([(KEYS[0], "a")])
    assert queue.take() == [KEYS[0]]
    queue.offer([(KEYS[0], "a"), (KEYS[1], "a")])
    assert queue.take() == [KEYS[1]]
    queue.done(KEYS[0])
    queue.offer([(KEYS[0], "a")])
    assert queue.take() == [KEYS[0]]


def test_one_tick_asks_all_sources_of_one_host_by_and_by(web: Web, tmp_path: Path, sandbox: Sandbox, clock: Clock) -> None:
    web.serve(rss(item("1", "Talks", "Text.")))
    config = load_config(write_feeds(tmp_path, "".join(source_block(f"s{n}", web.url(f"/feed?{n}")) for n in range(9))))
    for n in range(9):
        web.serve(rss(item(f"{n}", "Talks", "Text.")), f"/feed?{n}")
    store = open_for(config)

    async def tick() -> int:
        async with road(config, store, clock=clock, sandbox=sandbox) as the_road:
            service = Service(the_road)
            await service.tick()
            most = 0
            while service.under_way or service.waiting:
                most = max(most, service.under_way)
                await asyncio.sleep(0)
            return most

    assert asyncio.run(tick()) == MOST_OF_ONE_GROUP
    assert sorted(path for path, _ in web.asked) == [f"/feed?{n}" for n in range(9)]
    store.close()


class Behind(Sandbox):
    """Reading processes for which many answers wait."""

    behind = True


@pytest.mark.parametrize(("behind", "most"), [(False, 3 * MOST_FRESH), (True, MOST_UNREAD)])
def test_fewer_are_started_while_answers_wait_to_be_read(behind: bool, most: int, tmp_path: Path, clock: Clock) -> None:
    hosts = [source_block(f"s{n}", f"https://h{n}.example/feed") for n in range(4 * MOST_FRESH)]
    config = load_config(write_feeds(tmp_path, "".join(hosts)))
    store = open_for(config)

    async def silent(_: httpx.Request) -> httpx.Response:
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]  # it never comes

    async def ticks() -> int:
        with Behind() if behind else Sandbox() as sandbox:
            async with road(config, store, clock=clock, sandbox=sandbox, transport=httpx.MockTransport(silent)) as the_road:
                service = Service(the_road)
                for _ in range(3):
                    await service.tick()
                under_way = [*service._polls.values()]  # noqa: SLF001 - what is under way
                service.stop()  # no other is begun in place of one that ends
                for poll in under_way:
                    poll.cancel()
                await asyncio.wait(under_way)
                return len(under_way)

    assert asyncio.run(ticks()) == most
    store.close()


def test_starting_again_writes_nothing_of_sources_that_are_as_they_were(tmp_path: Path) -> None:
    store = open_for(config := load_config(write_feeds(tmp_path, source_block("a", "https://a.example/feed"))))
    changed = load_config(write_feeds(tmp_path, source_block("a", "https://a.example/feed").replace("feed", "news")))
    with store.write() as tx:
        sync_sources(tx, config.sources.values(), now=Clock()())
    written = [_written(store, one) for one in (config, changed, changed)]
    assert written == [0, 1, 0]
    store.close()


def _written(store: Store, config: Config) -> int:
    with store.write() as tx:
        before = tx.exec_driver_sql("SELECT total_changes()").scalar_one()
        sync_sources(tx, config.sources.values(), now=Clock()())
        return int(tx.exec_driver_sql("SELECT total_changes()").scalar_one() - before)


def test_what_is_about_all_sources_holds_few_of_what_is_remembered_at_once(tmp_path: Path) -> None:
    """Of each source, that is some KB; of ten thousand, more than all else that the service has."""
    store = open_for(config := load_config(write_feeds(tmp_path, source_block("a", "https://a.example/feed"))))
    statements: list[str] = []
    with store.write() as tx:
        sync_sources(tx, config.sources.values(), now=Clock()())
    event.listen(store.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with store.read() as tx:
        whole = Whole(tx=tx, site=Site(), now=Clock()(), stories=[])
        assert [place for place, _ in files_of(NOW_AND_THEN, whole)]
        assert Lookout().look(tx, now=Clock()()).sources
    remembered = [sql for sql in statements if "arrivals" in sql]
    assert remembered
    assert [sql for sql in remembered if " IN (" not in sql] == []  # of some by their keys, at most 512
    store.close()


def test_a_connection_that_rests_holds_no_pages_for_a_reader(tmp_path: Path) -> None:
    """Each of several would keep 2 MB, which the next write of any other makes worthless."""
    said: list[str] = []
    store = open_for(load_config(write_feeds(tmp_path, source_block("a", "https://a.example/feed"))))
    with store.read() as tx:
        driver = tx.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(said.append)
    assert said[-1] == "PRAGMA shrink_memory"
    said.clear()
    with store.write():
        pass
    assert said[-1] == "COMMIT"  # what a writer has cached is good for the next one
    store.close()


def test_what_is_due_is_found_without_looking_at_every_source_for_each(tmp_path: Path) -> None:
    config = load_config(write_feeds(tmp_path, source_block("a", "https://a.example/feed")))
    store = open_for(config)
    statements: list[tuple[str, object]] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: statements.append((given[2], given[3])))
    with store.read() as tx:
        due_sources(tx, now=Clock()())
        sql, values = next(one for one in statements if "better" in one[0])
        assert isinstance(values, tuple)
        plan = [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert [step for step in plan if re.search(r"better.*\(key>", step)], plan
    store.close()


def test_what_a_configuration_says_of_its_sources_is_read_one_source_at_a_time(tmp_path: Path) -> None:
    """Every page asks for it, and all the tables of ten thousand sources at once are more than all that is kept of them."""
    odd = source_block("sources", "https://s.example/", more='zone = "Europe/Paris"\nnote = "a \\\\ \\" and }, {"')
    odd += '[sources.sources.listings]\nzone = "https://s.example/ru"\n'
    many = "\n".join(source_block(f"s{n}", f"https://a.example/{n}", more='note = "nothing"') for n in range(1_000))
    last = source_block("last", "https://l.example/", more='licence = "CC BY 4.0"')
    config = load_config(write_feeds(tmp_path, STORY + odd + many + last))
    store = open_for(config)
    with store.write() as tx:
        keep_configuration(tx, config.record, at=Clock()())
    with store.read() as tx:
        tracemalloc.start()
        found = settings_of(tx)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    paris = Settings(zone="Europe/Paris")
    assert found == {"sources": paris, "sources-zone": paris, "last": Settings(licence="CC BY 4.0")}
    assert most < 3 * len(config.record)
    store.close()
