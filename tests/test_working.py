"""One worker and one leader in this process: what is handed out, what is stored, what each poll costs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from aggregator.config import Config, load_config
from aggregator.fetch.turns import SharedTurns
from aggregator.model import SourceKey
from aggregator.pipeline import poll_source, sync
from aggregator.service import working
from aggregator.service.working import Under, Worker, shared_turns, worker_road
from aggregator.store import Store, open_store
from aggregator.store.configurations import newest_configuration
from aggregator.store.jobs.fence import Overtaken
from aggregator.store.jobs.link import Link, linked
from aggregator.store.jobs.moment import DatabaseClock
from aggregator.store.jobs.queue import Wanted, hand_out
from aggregator.store.jobs.tables import prepare_jobs
from aggregator.store.sources import source_state
from tests.conftest import Web, item, on_database, rss, source_block, write_feeds
from tests.patience import WAIT
from tests.postgresql import Cluster
from tests.shared.wire import Wire, wire

MANY = 40
MOST_WAYS = 6  # there and back to the database, of a poll that brings nothing new


def feeds_of(web: Web, count: int, *, database: str) -> str:
    """Many sources on the local server, each a group of its own; they are due again at once."""
    blocks = [source_block(f"s{n}", web.url(f"/{n}"), more='gap = "0s"\n') for n in range(count)]
    hosts = '[hosts."127.0.0.1"]\ngroup = "url"\nrobots = false\n'
    service = '[service]\ninterval = "1s"\nmin_interval = "1s"\nmax_interval = "1s"\ngap = "0s"\n'
    return on_database(service + "".join(blocks).replace('gap = "0s"\n', "") + hosts, database)


@dataclass
class Machine:
    """The parts of one worker."""

    worker: Worker
    link: Link
    clock: DatabaseClock
    store: Store
    config: Config
    turns: SharedTurns


@asynccontextmanager
async def machine(config: Config, url: str, *, concurrency: int = 16) -> AsyncIterator[Machine]:
    """A worker on a store by this address; it does not run yet."""
    store = open_store(url, snapshots=config.service.storage / "snapshots")
    clock, under = DatabaseClock(), Under()
    try:
        async with linked(store) as link, shared_turns(link) as turns:
            await clock.look(link)
            async with worker_road(config, store, clock, turns, configuration=under) as road:
                worker = Worker(road, link, clock, turns, under=under, concurrency=concurrency)
                yield Machine(worker, link, clock, store, config, turns)
    finally:
        store.close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "ASK_EVERY", 0.25)
    monkeypatch.setattr(working, "WAIT_FOR_LEADER", 0.05)


@pytest.fixture
def prepared(web: Web, postgresql_url: str, tmp_path: Path) -> Iterator[tuple[Config, Store, str]]:
    """A store that knows its sources, with an empty queue."""
    for n in range(MANY):
        web.serve(rss(item(f"one-{n}", f"Talks {n}", f"The talks number {n} go on.")), f"/{n}", etag=f'"{n}"')
    config = load_config(write_feeds(tmp_path, feeds_of(web, MANY, database=postgresql_url)))
    store = open_store(postgresql_url, snapshots=tmp_path / "storage/snapshots")
    prepare_jobs(store)
    sync(store, config, now=datetime.now(UTC) - timedelta(hours=1))
    yield config, store, postgresql_url
    store.close()


def count(store: Store, query: str) -> int:
    with store.read() as tx:
        return int(tx.execute(text(query)).scalar_one())


async def polled(store: Store, wanted: int) -> None:
    """Wait until so many polls are stored."""
    async with asyncio.timeout(WAIT):
        while await asyncio.to_thread(count, store, "SELECT count(*) FROM polls") < wanted:  # noqa: ASYNC110 - of another thread
            await asyncio.sleep(0.05)


async def _hand_out_all(made: Machine) -> None:
    await hand_out(made.link, [Wanted(key=key, group=f"url {key}", priority=0) for key in map(SourceKey, made.config.sources)])


def make_due(store: Store) -> None:
    with store.write() as tx:
        tx.execute(text("UPDATE sources SET next_poll_at = '2025-01-01T00:00:00.000Z'"))


def test_a_poll_that_brings_nothing_takes_few_ways_to_the_database(
    prepared: tuple[Config, Store, str], postgresql_cluster: Cluster
) -> None:
    config, store, url = prepared

    async def main(way: Wire) -> float:
        async with machine(config, way.through(url)) as made:
            await _hand_out_all(made)
            running = asyncio.create_task(made.worker.run())
            await polled(store, MANY)
            make_due(store)
            await asyncio.sleep(0.3)  # an idle worker looks into its queue now and then: that is counted, too
            before = way.ways
            await _hand_out_all(made)
            await polled(store, 2 * MANY)
            await asyncio.sleep(0.3)
            ways = way.ways - before
            made.worker.stop()
            await running
            return ways / MANY

    with wire(postgresql_cluster.port) as way:
        each = asyncio.run(main(way))
    assert count(store, "SELECT count(*) FROM polls WHERE outcome = 'unchanged'") == MANY
    assert count(store, "SELECT count(*) FROM aggregator_jobs.procrastinate_jobs") == 0
    assert each <= MOST_WAYS


def test_a_job_whose_source_was_polled_meanwhile_is_left(prepared: tuple[Config, Store, str]) -> None:
    config, store, url = prepared

    async def main() -> None:
        async with machine(config, url) as made:
            with store.write() as tx:
                tx.execute(text("UPDATE sources SET next_poll_at = '2999-01-01T00:00:00.000Z' WHERE key <> 's7'"))
            await _hand_out_all(made)
            running = asyncio.create_task(made.worker.run())
            async with asyncio.timeout(WAIT):
                while await asyncio.to_thread(count, store, "SELECT count(*) FROM aggregator_jobs.procrastinate_jobs"):  # noqa: ASYNC110 - of another thread
                    await asyncio.sleep(0.05)
            made.worker.stop()
            await running

    asyncio.run(main())
    with store.read() as tx:
        assert [tuple(row) for row in tx.execute(text("SELECT source, outcome FROM polls"))] == [("s7", "changed")]


@pytest.mark.parametrize(
    ("meanwhile", "said"),
    [
        ("UPDATE sources SET last_poll_at = '2026-01-01T00:00:00.000Z' WHERE key = 's1'", "another worker polled it meanwhile"),
        (
            "INSERT INTO configurations (id, at, text, seal) SELECT 9, at, text, seal FROM configurations",
            "another configuration took effect meanwhile",
        ),
    ],
)
def test_what_a_worker_brings_that_was_taken_for_dead_is_not_stored(
    meanwhile: str, said: str, prepared: tuple[Config, Store, str], web: Web
) -> None:
    """While the source answers, another worker has polled it; what this one brings is stored by nobody."""
    config, store, url = prepared

    def change() -> None:
        with store.write() as tx:
            tx.exec_driver_sql(meanwhile)

    async def main() -> None:
        async with machine(config, url) as made:
            number, _ = newest_configuration(store)
            async with worker_road(config, store, made.clock, made.turns, configuration=Under(number)) as road:
                with store.read() as tx:
                    state = source_state(tx, SourceKey("s1"))
                web.before_answer = change
                with pytest.raises(Overtaken, match=said):
                    await poll_source(road, SourceKey("s1"), state=state)
                web.before_answer = lambda: None
                await poll_source(road, SourceKey("s2"))  # the others of that time are stored

    def last() -> list[str]:
        with store.read() as tx:
            return [row.source for row in tx.execute(text("SELECT source FROM polls"))]

    if "configuration" in said:
        with pytest.raises(Overtaken):
            asyncio.run(main())  # under the old one, nothing is
        assert last() == []
    else:
        asyncio.run(main())
        assert last() == ["s2"]


def test_a_worker_with_another_file_than_the_leaders_takes_nothing(prepared: tuple[Config, Store, str]) -> None:
    config, store, url = prepared
    with store.write() as tx:
        tx.execute(text("UPDATE configurations SET text = replace(text, '1s', '2s')"))

    async def main() -> None:
        async with machine(config, url) as made:
            await _hand_out_all(made)
            running = asyncio.create_task(made.worker.run())
            await asyncio.sleep(0.5)
            made.worker.stop()
            await running

    asyncio.run(main())
    assert count(store, "SELECT count(*) FROM polls") == 0
    assert count(store, "SELECT count(*) FROM aggregator_jobs.procrastinate_jobs WHERE status::text = 'todo'") == MANY
