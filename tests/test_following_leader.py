"""A worker follows its feeds.toml as the service does: it changes over when the leader does, and a mistake changes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from aggregator.config import Config, load_config
from aggregator.model import SourceKey
from aggregator.pipeline import sync
from aggregator.running.health import health
from aggregator.running.heart import OF_WORKERS, beats_of_workers
from aggregator.running.machine import Health, Looked
from aggregator.service import working
from aggregator.service.leading import WORKING
from aggregator.store import Store, StoreError, open_store
from aggregator.store.jobs.link import linked
from aggregator.store.jobs.queue import Wanted, hand_out
from aggregator.store.jobs.tables import prepare_jobs
from tests.conftest import Web, item, on_database, rss, source_block, write_feeds
from tests.patience import WAIT
from tests.shared.campaign import until
from tests.shared.launching import Programs
from tests.test_working import machine

KEYS = ("a", "b")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("ASK_EVERY", 0.1), ("WAIT_FOR_LEADER", 0.05), ("LOOK_EVERY", 0.1)):
        monkeypatch.setattr(working, name, seconds)


@pytest.fixture
def url(web: Web, postgresql_url: str) -> str:
    for key in KEYS:
        web.serve(rss(item(key, f"Talks of {key}", f"The talks of {key} go on in Geneva.")), f"/{key}")
    return postgresql_url


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(url, snapshots=tmp_path / "storage/snapshots")) as one:
        prepare_jobs(one)
        yield one


def feeds(web: Web, *keys: str, database: str) -> str:
    """A feeds.toml with these sources; none is due again for long."""
    return on_database('[service]\ngap = "0s"\n' + "".join(source_block(key, web.url(f"/{key}")) for key in keys), database)


def lead(store: Store, config: Config) -> None:
    """What the leader does first when it takes a configuration."""
    sync(store, config, now=datetime.now(UTC) - timedelta(minutes=1))


def polls(store: Store) -> list[str]:
    with store.read() as tx:
        return [row.source for row in tx.execute(text("SELECT source FROM polls ORDER BY id"))]


def make_due(store: Store) -> None:
    with store.write() as tx:
        tx.execute(text("UPDATE sources SET next_poll_at = '2025-01-01T00:00:00.000Z'"))


async def ask(store: Store, *keys: str) -> None:
    """What the leader does next."""
    async with linked(store) as link:
        await hand_out(link, [Wanted(key=SourceKey(key), group=key, priority=0) for key in keys])


async def becomes(store: Store, wanted: list[str], *, due: bool = False) -> None:
    """Wait until these were polled. What stays `due` is handed out again, as the leader does it: a worker that has not changed
    over yet gives back what it took, and one that it does not know."""
    async with asyncio.timeout(WAIT):
        while (done := sorted(await asyncio.to_thread(polls, store))) != wanted:
            for key in (Counter(wanted) - Counter(done)) if due else ():
                with contextlib.suppress(StoreError):  # it is in the queue still
                    await ask(store, key)
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("first", ["the worker's file", "the leader"])
def test_a_worker_changes_over_with_its_leader_whichever_comes_first(
    first: str, web: Web, url: str, store: Store, tmp_path: Path
) -> None:
    old = load_config(write_feeds(tmp_path, feeds(web, "a", database=url)))
    new = load_config(write_feeds(tmp_path, feeds(web, *KEYS, database=url)))
    lead(store, old)

    async def main() -> None:
        async with machine(old, url) as made:
            running = asyncio.create_task(made.worker.run())
            await ask(store, "a")
            await becomes(store, ["a"])
            if first == "the leader":
                await asyncio.to_thread(lead, store, new)
                make_due(store)
                await ask(store, *KEYS)
                async with asyncio.timeout(WAIT):
                    while not made.worker.trouble:  # noqa: ASYNC110 - the worker looks now and then
                        await asyncio.sleep(0.05)
                assert "is not the leader's file, so it takes no polls" in made.worker.trouble
                assert polls(store) == ["a"]
                await made.worker.take(new)
            else:
                await made.worker.take(new)
                assert made.worker.config is new
                make_due(store)
                await ask(store, "a")
                await becomes(store, ["a", "a"])  # it goes on under the old one, which is the leader's yet
                await asyncio.to_thread(lead, store, new)
            await becomes(store, ["a", "a", "b"], due=True)
            assert made.worker.trouble == ""
            made.worker.stop()
            await running

    asyncio.run(main())


def seen(config: Config) -> dict[str, Looked]:
    return {one.what: one for one in health(config, now=datetime.now(UTC))}


def test_a_mistake_is_refused_with_its_line_and_told_by_health_while_polls_go_on(
    web: Web, url: str, store: Store, tmp_path: Path
) -> None:
    path = write_feeds(tmp_path, feeds(web, "a", database=url))
    old = load_config(path)
    lead(store, old)
    at_work = Programs(tmp_path)
    try:
        worker = at_work.start("worker", "--config", str(path), **{"aggregator.running.heart": {"BEAT_EVERY": 0.1}})
        asyncio.run(ask(store, "a"))
        until(lambda: polls(store) == ["a"], why=at_work.said)
        assert "workers' files" not in seen(old)
        write_feeds(tmp_path, feeds(web, *KEYS, database=url).replace('family = "b"', 'famly = "b"'))
        until(lambda: "workers' files" in seen(old), why=at_work.said)
        told = seen(old)["workers' files"]
        assert told.health is Health.DOUBTFUL
        assert re.search(r"process \d+ on .*: refused: feeds\.toml:13: sources\.b\.family: missing", told.says)
        assert '"configuration_refused"' in at_work.said()
        make_due(store)
        asyncio.run(ask(store, "a"))
        until(lambda: polls(store) == ["a", "a"], why=at_work.said)  # under the last good one
        write_feeds(tmp_path, feeds(web, *KEYS, database=url))
        until(lambda: '"configuration_taken"' in at_work.said(), why=at_work.said)
        lead(store, load_config(path))
        asyncio.run(becomes(store, ["a", "a", "b"], due=True))
        until(lambda: "workers' files" not in seen(old), why=at_work.said)
        assert at_work.stop(worker) == 0
        assert not list(old.service.storage.glob(OF_WORKERS))
    finally:
        at_work.close()


def test_what_a_killed_worker_left_is_told_no_more_after_an_hour(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    sign = {"pid": 7, "host": "b", "at": now.isoformat(), "trouble": f"`{WORKING}` waits", "refused": []}
    (tmp_path / OF_WORKERS.replace("*", f"b-{os.getpid()}")).write_text(json.dumps(sign), encoding="utf-8")
    assert [one.host for one in beats_of_workers(tmp_path, now=now + timedelta(minutes=59))] == ["b"]
    assert beats_of_workers(tmp_path, now=now + timedelta(minutes=61)) == []
