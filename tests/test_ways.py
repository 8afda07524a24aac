"""How many ways there and back to the database one poll takes that comes alone and brings nothing new."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from statistics import median

import pytest
from procrastinate.jobs import Job
from sqlalchemy import text

from aggregator.config import Config
from aggregator.model import SourceKey
from aggregator.service import working
from aggregator.service.working import GATHERS
from aggregator.store import Store
from aggregator.store.jobs.link import linked
from aggregator.store.jobs.queue import Wanted, hand_out
from aggregator.store.quick import Quick
from tests.patience import WAIT
from tests.postgresql import Cluster
from tests.shared.wire import Wire, wire
from tests.test_working import MOST_WAYS, count, machine, make_due, polled, prepared  # noqa: F401 - a fixture

LONE = 13  # polls, one after the other
STEADY = 7  # of them, when each connection has prepared what it is asked


@pytest.fixture(autouse=True)
def _nothing_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a worker asks now and then, polls or no polls, is asked once at its start and not again."""
    monkeypatch.setattr(working, "ASK_EVERY", 0.05)
    monkeypatch.setattr(working, "WAIT_FOR_LEADER", 0.05)
    for name in ("HEARTBEAT", "LOOK_EVERY", "LEASE"):
        monkeypatch.setattr(working, name, 10_000.0)


def test_a_lone_poll_takes_six_ways_at_most(
    prepared: tuple[Config, Store, str],  # noqa: F811 - the fixture
    postgresql_cluster: Cluster,
) -> None:
    config, store, url = prepared
    key = SourceKey("s3")

    async def main(way: Wire) -> list[int]:
        async with linked(store) as leader, machine(config, way.through(url)) as made:
            looks = 0  # at an empty queue: they are no poll's

            async def fetch(queues: Iterable[str] | None, worker_id: int) -> Job | None:
                nonlocal looks
                job = await taken(queues, worker_id)
                looks += job is None
                return job

            manager = made.link.app.job_manager
            taken = manager.fetch_job
            manager.fetch_job = fetch  # type: ignore[method-assign]  # the same, and counted
            running = asyncio.create_task(made.worker.run())
            counted = []
            for number in range(LONE):
                make_due(store)
                before, empty = way.ways, looks
                await hand_out(leader, [Wanted(key=key, group="url s3", priority=0)])
                await polled(store, number + 1)
                async with asyncio.timeout(WAIT):
                    while await asyncio.to_thread(count, store, "SELECT count(*) FROM aggregator_jobs.procrastinate_jobs"):  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
                await asyncio.sleep(2 * GATHERS)
                counted.append(way.ways - before - (looks - empty))
            made.worker.stop()
            await running
            return counted

    with wire(postgresql_cluster.port) as way:
        ways = asyncio.run(main(way))
    with store.read() as tx:
        outcomes = [row.outcome for row in tx.execute(text("SELECT outcome FROM polls ORDER BY id"))]
    assert outcomes == ["changed"] + ["unchanged"] * (LONE - 1)
    assert median(ways[-STEADY:]) <= MOST_WAYS, ways


def test_where_the_driver_does_not_wait_as_needed_polls_are_stored_the_ordinary_way(
    prepared: tuple[Config, Store, str],  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Quick, "is_possible", lambda: False)
    monkeypatch.setattr(Quick, "perform", None)
    config, store, url = prepared

    async def main() -> None:
        async with linked(store) as leader, machine(config, url) as made:
            running = asyncio.create_task(made.worker.run())
            for number in (1, 2):
                make_due(store)
                await hand_out(leader, [Wanted(key=SourceKey("s3"), group="url s3", priority=0)])
                await polled(store, number)
            made.worker.stop()
            await running

    asyncio.run(main())
    with store.read() as tx:
        assert list(tx.execute(text("SELECT outcome FROM polls ORDER BY id")).scalars()) == ["changed", "unchanged"]
