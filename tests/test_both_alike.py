"""SQLite and PostgreSQL hold the same: every view's values, and the demo's page with its citations and its hash chain."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from aggregator.config import load_config
from aggregator.demo.recording import load_recording
from aggregator.demo.run import DemoClock, Summary, _config, _page, _replay
from aggregator.model import StoryPage
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import open_for
from aggregator.store.views import V1, V_0002, V_0003
from tests.conftest import STORY, Clock, Desk, Web, item, on_database, rss, source_block, write_feeds
from tests.postgresql import Cluster

VIEWS = V1 | V_0002 | V_0003
MEASURED = {("v1_polls", "ms"), ("v1_exchanges", "ms"), ("v1_exchanges", "at")}  # what a stopwatch said


def rows_of(desk: Desk, view: str) -> list[dict[str, object]]:
    with desk.store.read() as tx:
        rows = [dict(row._mapping) for row in tx.exec_driver_sql(f"SELECT * FROM {view}")]  # noqa: S608 - our own names
    for row in rows:
        for name, value in row.items():
            if (view, name) in MEASURED:
                row[name] = None
            if name in {"request", "headers"} and isinstance(value, str):
                row[name] = json.loads(value)
    return sorted(rows, key=repr)


def polled(web: Web, folder: Path, sandbox: Sandbox, database: str | None) -> Desk:
    """A store in which something of everything happened: an edit, a duplicate, a drop, a failure, a correction."""
    folder.mkdir()
    blocks = source_block("a", web.url("/a")) + source_block("b", web.url("/b"), family="a") + source_block("c", web.url("/c"))
    config = load_config(write_feeds(folder, on_database(STORY + blocks, database)))
    desk = Desk(config, open_for(config), Clock(), sandbox)
    text = "The talks on grain go on in Geneva. They will last {0} days, said the minister of trade. Nobody else spoke."
    for days in (12, 14):
        web.serve(rss(item("one", "Talks on grain", text.format(days)), "<item><title>No date</title></item>"), "/a")
        web.serve(rss(item("two", "Talks on grain", text.format(days), link="https://example.org/one")), "/b")
        desk.poll()
        desk.settle()
    return desk


def test_every_view_gives_the_same_values(web: Web, sandbox: Sandbox, postgresql_cluster: Cluster, tmp_path: Path) -> None:
    url = postgresql_cluster.migrated_database()
    one = polled(web, tmp_path / "one", sandbox, None)
    two = polled(web, tmp_path / "two", sandbox, url)
    for view in VIEWS:
        here, there = rows_of(one, view), rows_of(two, view)
        assert here == there, view  # 1 is True, and 0 is False: see the next lines
        assert here != [], view
    assert {type(row["active"]) for row in rows_of(one, "v1_sources")} == {int}
    assert {type(row["active"]) for row in rows_of(two, "v1_sources")} == {bool}
    assert {type(row["said_day_only"]) for row in rows_of(two, "v2_statements")} == {int}
    for desk in (one, two):
        desk.store.close()
    postgresql_cluster.drop(url)


def played(folder: Path, database: str) -> StoryPage:
    """The demo on a database."""
    folder.mkdir()
    shipped = _config(folder)
    config = shipped.model_copy(update={"service": shipped.service.model_copy(update={"database": database})})
    recording, store = load_recording(), open_for(config)
    asyncio.run(_replay(recording, config, store, DemoClock(recording.times[0]), lambda *_: None))
    page = _page(store, config)
    store.close()
    return page


def test_the_demo_is_the_same_to_the_last_hash(demo_summary: Summary, postgresql_cluster: Cluster, tmp_path: Path) -> None:
    url = postgresql_cluster.migrated_database()
    one, two = demo_summary.page, played(tmp_path / "two", url)
    assert [update.hash for update in one.updates] == [update.hash for update in two.updates]
    assert one == two
    assert len(one.updates) > 5
    postgresql_cluster.drop(url)
