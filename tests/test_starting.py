"""Which due polls are started: in order, few of one host, so many in all."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from aggregator.config import load_config
from aggregator.model import SourceKey
from aggregator.pipeline.sandbox import Sandbox
from aggregator.pipeline.starting import MOST_OF_ONE_GROUP, Queue
from aggregator.service import Service, open_for, road
from aggregator.store.sources import due_sources
from tests.conftest import Clock, Web, item, rss, source_block, write_feeds

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
            while service._polls:  # noqa: SLF001 - what is under way
                most = max(most, len(service._polls))  # noqa: SLF001 - the same
                await asyncio.sleep(0)
            return most

    assert asyncio.run(tick()) == MOST_OF_ONE_GROUP
    assert sorted(path for path, _ in web.asked) == [f"/feed?{n}" for n in range(9)]
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
