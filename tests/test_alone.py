"""Who polls by itself on PostgreSQL is the only one: beside others it refuses, and says what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aggregator.cli.main import app
from aggregator.config import load_config
from aggregator.service import LEADING, RUNNING, StoreHeld, alone
from aggregator.service.leading import work
from aggregator.service.sole import Alone
from aggregator.store import Store, open_store
from aggregator.store.jobs import leading
from aggregator.store.jobs.leading import Leadership
from aggregator.store.jobs.link import linked
from aggregator.store.jobs.queue import Wanted, hand_out
from aggregator.store.jobs.tables import SCHEMA, prepare_jobs
from tests.conftest import Web, item, on_database, rss, source_block, write_feeds
from tests.patience import WAIT
from tests.postgresql import Cluster
from tests.shared.campaign import until
from tests.shared.launching import Programs
from tests.test_service import read_until, running, stop


@pytest.fixture
def url(postgresql_cluster: Cluster) -> Iterator[str]:
    address = postgresql_cluster.migrated_database()
    yield address
    postgresql_cluster.drop(address)


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    one = open_store(url, snapshots=tmp_path)
    yield one
    one.close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leading, "TRIES_EVERY", 0.05)
    monkeypatch.setattr(leading, "SIGNS_EVERY", 0.25)


async def refused(store: Store, what: str = RUNNING) -> str:
    with pytest.raises(StoreHeld) as error:
        async with alone(store, what=what):
            raise AssertionError
    return str(error.value)


def count(store: Store, query: str) -> int:
    with store.read() as tx:
        return int(tx.exec_driver_sql(query).scalar_one())


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (RUNNING, f"`{RUNNING}` on 127.0.0.1 polls for this store already. Stop it first; or let several work together:"),
        (LEADING, f"`{LEADING}` on 127.0.0.1 leads here, and workers poll. Start this one as `{LEADING}`, too"),
    ],
)
def test_who_would_poll_beside_another_is_told_what_to_do(store: Store, what: str, said: str) -> None:
    async def main() -> str:
        other = Leadership(store, what=what)
        assert await other.try_once()
        try:
            return await refused(store)
        finally:
            await other.leave()

    assert said in asyncio.run(main())


def test_beside_workers_that_live_it_refuses_and_what_was_handed_out_is_taken_back_when_they_are_gone(store: Store) -> None:
    prepare_jobs(store)

    async def main() -> None:
        async with linked(store) as link:
            await hand_out(link, [Wanted(key="a", group="h", priority=0)])  # type: ignore[arg-type]  # a key is a text
            await link.ask("SELECT procrastinate_register_worker_v1()")
            said = await refused(store)
            assert "1 workers poll for it" in said
            assert "Start `aggregator run --no-poll`" in said
            assert count(store, f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs") == 1  # noqa: S608 - our own name
            await link.ask("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 s'")
            async with alone(store, what=RUNNING):
                assert count(store, f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs") == 0  # noqa: S608 - our own name

    asyncio.run(main())


def test_one_whose_session_ended_takes_the_right_again_and_one_that_comes_too_late_has_lost_it(
    store: Store, postgresql_cluster: Cluster
) -> None:
    kill = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"

    async def is_kept(right: Alone) -> None:
        async with asyncio.timeout(WAIT):
            while count(store, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted") == 0:  # noqa: ASYNC110 - of the server
                await asyncio.sleep(0.02)
        assert not right.lost.is_set()

    async def main() -> None:
        async with alone(store, what=RUNNING) as right:
            keeping = asyncio.create_task(right.keep())
            await asyncio.to_thread(postgresql_cluster.execute, kill)
            await asyncio.sleep(leading.SIGNS_EVERY)
            await is_kept(right)
            other = Leadership(store, what=LEADING)
            waiting = asyncio.create_task(other.wait())
            monkey, leading.TRIES_EVERY = leading.TRIES_EVERY, 0.001  # the other one is quicker
            try:
                while not waiting.done():
                    await asyncio.to_thread(postgresql_cluster.execute, f"{kill} AND granted")
                    await asyncio.sleep(0.05)
                await asyncio.wait_for(right.lost.wait(), WAIT)
                await keeping
            finally:
                leading.TRIES_EVERY = monkey
                await other.leave()

    asyncio.run(main())


def test_one_that_gives_no_sign_of_life_is_waited_for_and_does_not_refuse(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine is gone; the server ends its session when it has said nothing for `SILENT`."""
    monkeypatch.setattr(leading, "SILENT", 1.0)

    async def main() -> None:
        gone = Leadership(store, what=RUNNING)
        assert await gone.try_once()
        await asyncio.sleep(3 * leading.SIGNS_EVERY)
        async with asyncio.timeout(WAIT), alone(store, what=RUNNING):
            pass
        await gone.leave()

    asyncio.run(main())


def test_a_worker_beside_one_that_polls_by_itself_says_so(store: Store, url: str, tmp_path: Path) -> None:
    config = load_config(write_feeds(tmp_path, on_database(source_block("a", "http://127.0.0.1:1/"), url)))

    async def main() -> None:
        async with alone(store, what=RUNNING):
            with pytest.raises(StoreHeld, match=r"so there is nothing for a worker to do\. Stop that one, and start it as"):
                await work(config, concurrency=1)

    asyncio.run(main())


def test_the_commands_refuse_across_machines(web: Web, url: str, tmp_path: Path) -> None:
    """Two machines: each has a storage of its own, so no file tells the one of the other."""
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva for another week.")))
    feeds = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        feeds.append(write_feeds(tmp_path / name, on_database(source_block("a", web.url()), url)))
    with running(feeds[0]) as process:
        read_until(process, "polled")
        done = CliRunner().invoke(app, ["poll", "--config", str(feeds[1])])
        assert (done.exit_code, done.stdout) == (2, "")
        assert "`aggregator run` on 127.0.0.1 polls for this store already" in done.stderr
        stop(process)
    done = CliRunner().invoke(app, ["poll", "--config", str(feeds[1])])
    assert done.exit_code == 0, done.stderr


def test_of_two_leaders_one_works_and_the_other_takes_over_when_it_is_killed(web: Web, url: str, tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, on_database(source_block("a", web.url()), url))
    at_work = Programs(tmp_path)
    try:
        first = at_work.start("run", "--no-poll", "--config", str(feeds))
        until(lambda: '"leads"' in at_work.said(), why=at_work.said)
        second = at_work.start("run", "--no-poll", "--config", str(feeds))
        until(lambda: '"waits_to_lead"' in at_work.said(), why=at_work.said)
        assert at_work.said().count('"leads"') == 1
        assert at_work.ended(at_work.start("run", "--config", str(feeds))) == 1  # and one that polls by itself refuses
        at_work.kill(first)
        until(lambda: at_work.said().count('"leads"') == 2, why=at_work.said)
        assert at_work.stop(second) == 0
    finally:
        at_work.close()
