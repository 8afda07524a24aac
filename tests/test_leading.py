"""Who leads, who waits, and who takes over; the queue that the leader fills; and what keeps a store from having workers."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from typer.testing import CliRunner

from aggregator.cli.main import app
from aggregator.config import load_config
from aggregator.config.record import same_polls
from aggregator.model import SourceKey
from aggregator.pipeline.handing import MOST_OF_ONE_GROUP, choose
from aggregator.running.health import _queue
from aggregator.running.machine import Health
from aggregator.service import StoreHeld, hold, holder_of
from aggregator.service.holding import hold_together
from aggregator.store import Store, StoreError, open_store, postgresql
from aggregator.store.jobs import leading
from aggregator.store.jobs.leading import Leadership
from aggregator.store.jobs.link import linked, settings_for
from aggregator.store.jobs.queue import (
    QUEUE,
    Due,
    Failed,
    Standing,
    Wanted,
    due_for_workers,
    forget_failed,
    give_back,
    hand_out,
    locks_in_use,
    standing,
)
from aggregator.store.jobs.tables import SCHEMA, TURNS, prepare_jobs
from aggregator.store.schema import sources
from aggregator.store.sources import sync_sources
from tests.concurrency import SPAWN, exits
from tests.conftest import NOON, Clock, on_database, source_block, write_feeds
from tests.patience import WAIT, Passing
from tests.postgresql import Cluster
from tests.shared.wire import wire

SOURCE = source_block("a", "https://example.org/feed")
SECRET = "hunter2"  # noqa: S105 - no secret: what must not be shown


@pytest.fixture(scope="module")
def url(postgresql_cluster: Cluster) -> Iterator[str]:
    address = postgresql_cluster.migrated_database()
    yield address
    postgresql_cluster.drop(address)


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    """A store with three sources that are due, and an empty queue."""
    one = open_store(url, snapshots=tmp_path)
    prepare_jobs(one)
    with one.write() as tx:
        tx.exec_driver_sql(f"TRUNCATE {SCHEMA}.procrastinate_jobs CASCADE")
        tx.exec_driver_sql("DELETE FROM sources")
        config = load_config(write_feeds(tmp_path, "".join(source_block(key, f"https://{key}.example/") for key in "abc")))
        sync_sources(tx, config.sources.values(), now=NOON)
        for key, last in (("a", NOON - timedelta(minutes=10)), ("b", NOON - timedelta(minutes=60))):
            tx.execute(sources.update().where(sources.c.key == key).values(last_poll_at=last))
    yield one
    one.close()


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def due(store: Store, **ago: float) -> list[str]:
    """The keys of what would be handed out; what failed in the last hour, or as long `ago`, waits."""
    since = datetime.now(UTC) - timedelta(**(ago or {"hours": 1}))
    with store.read() as tx:
        return [one.key for one in due_for_workers(tx, now=NOON, failed_since=since)]


# --- One leads. ---


def test_one_leads_and_the_next_takes_over_when_it_leaves(store: Store) -> None:
    async def main() -> None:
        first, second = Leadership(store), Leadership(store)
        assert await first.try_once()
        assert not await second.try_once()
        waiting = asyncio.create_task(second.wait())
        await first.leave()
        await asyncio.wait_for(waiting, 15)
        await second.leave()

    run(main())


def test_a_leader_that_vanishes_knows_it_before_another_leads(
    store: Store, url: str, postgresql_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its cable is pulled: no word reaches either side. The ordinary times are a few times as long, in the same proportion."""
    for name in ("TRIES_EVERY", "SIGNS_EVERY", "TRUSTS", "SILENT"):
        monkeypatch.setattr(leading, name, getattr(leading, name) / 3)

    async def main(far: Store, pull: Callable[[], None]) -> None:
        vanishing, waiting = Leadership(far), Leadership(store)
        assert await vanishing.try_once()
        keeping = asyncio.create_task(vanishing.keep())
        await asyncio.sleep(leading.SIGNS_EVERY)
        assert not await waiting.try_once()
        pull()
        takes_over = asyncio.create_task(waiting.wait())
        await asyncio.wait_for(vanishing.lost.wait(), WAIT)
        assert not takes_over.done()
        await asyncio.wait_for(takes_over, WAIT)
        keeping.cancel()
        await asyncio.gather(vanishing.leave(), waiting.leave())

    with wire(postgresql_cluster.port) as way, closing(open_store(way.through(url), snapshots=tmp_path)) as far:
        with Passing() as passing:
            asyncio.run(main(far, way.cut))
        way.mend()
    assert passing.seconds < 15 / 3 + 5  # the rest is for a machine that has much to do


def test_the_times_of_a_leader_fit_together() -> None:
    assert leading.SIGNS_EVERY < leading.TRUSTS < leading.SILENT
    assert leading.SILENT + leading.TRIES_EVERY + leading.SIGNS_EVERY < 15


def test_a_leader_whose_server_ends_its_session_has_lost_the_lead(store: Store, postgresql_cluster: Cluster) -> None:
    async def main() -> None:
        leader = Leadership(store)
        assert await leader.try_once()
        keeping = asyncio.create_task(leader.keep())
        kill = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        await asyncio.to_thread(postgresql_cluster.execute, kill)
        await asyncio.wait_for(leader.lost.wait(), WAIT)
        await keeping
        await leader.leave()

    run(main())


# --- The queue. ---


def test_what_is_due_is_handed_out_once_and_given_back_when_its_worker_is_dead(store: Store) -> None:
    async def main() -> None:
        async with linked(store) as link:
            assert due(store) == ["a", "b", "c"]
            first = Wanted(key=SourceKey("a"), group="h", priority=-10)
            await hand_out(link, [first, Wanted(key=SourceKey("c"), group="h", priority=0)])
            assert due(store) == ["b"]
            ((worker,),) = await link.ask("SELECT * FROM procrastinate_register_worker_v1()")
            job = await link.app.job_manager.fetch_job(queues=None, worker_id=worker)
            assert job is not None
            assert (job.queueing_lock, job.lock) == ("c", "h")  # the more pressing one first
            assert await link.app.job_manager.fetch_job(queues=None, worker_id=worker) is None  # one of a group at a time
            with store.read() as tx:
                assert locks_in_use(tx) == {"h": 2}
            assert due(store) == ["b"]
            assert await give_back(link, silent=20.0) == 0
            await link.ask("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '21 s' WHERE id = %s", (worker,))
            assert await give_back(link, silent=20.0) == 1
            ((other,),) = await link.ask("SELECT * FROM procrastinate_register_worker_v1()")
            again = await link.app.job_manager.fetch_job(queues=None, worker_id=other)
            assert again is not None
            assert (again.id, again.attempts) == (job.id, 1)
            with pytest.raises(StoreError):  # nobody is put into the queue twice, whoever tries
                await hand_out(link, [Wanted(key=SourceKey("a"), group="h", priority=0)])

    run(main())


def test_a_worker_takes_as_many_together_as_it_has_hands_free(store: Store) -> None:
    from procrastinate.jobs import Status  # noqa: PLC0415 - of an extra

    async def main() -> None:
        async with linked(store) as link:
            await hand_out(link, [Wanted(key=SourceKey(key), group=key, priority=ord(key)) for key in "abc"])
            manager = link.app.job_manager
            link.takes(2)
            ((one,),) = await link.ask("SELECT * FROM procrastinate_register_worker_v1()")
            first = await manager.fetch_job(queues=[QUEUE], worker_id=one)
            assert first is not None
            assert first.queueing_lock == "c"
            open_ones = "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'doing' ORDER BY queueing_lock"
            assert await link.ask(open_ones) == [("b",), ("c",)]  # both, on one way
            second = await manager.fetch_job(queues=[QUEUE], worker_id=one)
            assert second is not None
            assert (second.queueing_lock, set(link.states)) == ("b", {"b", "c"})
            await manager.finish_job(first, Status.SUCCEEDED, delete_job=True)
            third = await manager.fetch_job(queues=[QUEUE], worker_id=one)
            assert third is not None
            assert third.queueing_lock == "a"
            for job in (second, third):
                await manager.retry_job(job, retry_at=datetime.now(UTC) - timedelta(minutes=1))
            # Begun anew, it has another number: what was taken under the one before is not its own any more.
            assert await manager.fetch_job(queues=[QUEUE], worker_id=one) is not None
            await link.ask("SELECT procrastinate_unregister_worker_v1(%s)", (one,))
            ((other,),) = await link.ask("SELECT * FROM procrastinate_register_worker_v1()")
            assert await manager.fetch_job(queues=[QUEUE], worker_id=other) is None
            assert link.states == {}
            assert await give_back(link, silent=20.0) == 2
            assert await manager.fetch_job(queues=[QUEUE], worker_id=other) is not None

    run(main())


def test_what_was_planned_while_nothing_waited_is_quick_when_much_waits(store: Store) -> None:
    """A plan is kept; on an empty table each way of asking seems as good as the other."""
    taking = "SELECT id FROM take_jobs(ARRAY['polls'], NULL, 1)"
    filling = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
    SELECT 'polls', 'poll', 'l' || n, 'q' || n, '{}' FROM generate_series(1, 500) n
    """
    read = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'procrastinate_jobs'"
    settings = settings_for(store.engine, f"-c search_path={SCHEMA},public")
    with psycopg.connect(**settings, autocommit=True) as connection:
        for _ in range(10):
            assert connection.execute(taking).fetchall() == []
        connection.execute(filling.encode())
        with connection.transaction():
            ((before,),) = connection.execute(read).fetchall()
            assert len(connection.execute(taking).fetchall()) == 1
            ((after,),) = connection.execute(read).fetchall()
    assert after - before < 20


def test_what_is_due_is_held_against_the_queue_once(store: Store) -> None:
    asked: list[tuple[str, Any]] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _d, sql, values, *_: asked.append((sql, values)))
    assert due(store) == ["a", "b", "c"]
    (one,) = [(sql, values) for sql, values in asked if "next_poll_at" in sql]
    with store.read() as tx:
        plan = "\n".join(tx.exec_driver_sql(f"EXPLAIN {one[0]}", one[1]).scalars())
        assert tx.exec_driver_sql("SHOW jit").scalar_one() == "off"
    assert plan.count("NOT (hashed SubPlan") == 2, plan


def test_what_no_worker_could_store_waits_for_its_turn_and_is_told(store: Store) -> None:
    from procrastinate.jobs import Status  # noqa: PLC0415 - of an extra

    async def main() -> None:
        async with linked(store) as link:
            await hand_out(link, [Wanted(key=SourceKey("b"), group="h", priority=0)])
            ((worker,),) = await link.ask("SELECT * FROM procrastinate_register_worker_v1()")
            job = await link.app.job_manager.fetch_job(queues=None, worker_id=worker)
            assert job is not None
            await link.app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
            assert due(store) == ["a", "c"]
            assert due(store, seconds=-60) == ["a", "b", "c"]  # an hour later
            with store.read() as tx:
                found = standing(tx)
            assert found is not None
            assert [(one.source, one.attempts) for one in found.failed] == [("b", 1)]
            await forget_failed(link)
            assert len(await link.ask("SELECT id FROM procrastinate_jobs")) == 1
            later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat(timespec="milliseconds")[:23] + "Z"
            await link.ask("UPDATE public.sources SET last_poll_at = %s WHERE key = 'b'", (later,))
            await forget_failed(link)  # a later poll was stored
            assert await link.ask("SELECT id FROM procrastinate_jobs") == []

    run(main())


def some(key: str, *, minutes: int | None = 10) -> Due:
    last = None if minutes is None else NOON - timedelta(minutes=minutes)
    return Due(key=SourceKey(key), next_poll_at=NOON, last_poll_at=last)


def test_few_of_one_group_and_no_more_in_all_than_there_is_room_for() -> None:
    crowd = [some(f"h{n}") for n in range(10)] + [some("other")]
    assert [one.key for one in choose(crowd, {}, lambda key: key[0])] == ["h0", "h1", "h2", "h3", "other"]
    assert [one.key for one in choose(crowd, {"h": MOST_OF_ONE_GROUP - 1}, lambda key: key[0])] == ["h0", "other"]
    assert [one.key for one in choose(crowd, {"x": 7}, lambda key: key, most=9)] == ["h0", "h1"]
    assert choose(crowd, {"x": 9}, lambda key: key, most=9) == []
    assert choose(crowd, {}, lambda _: None) == []  # not in the configuration of this leader


def test_no_more_is_asked_for_than_there_is_room_for() -> None:
    asked = (some(key) for key in "abcd")
    assert choose(asked, {"x": 9}, lambda key: key, most=9) == []
    assert [one.key for one in choose(asked, {"x": 7}, lambda key: key, most=9)] == ["a", "b"]
    assert [one.key for one in asked] == ["c", "d"]


def test_what_is_asked_often_goes_first() -> None:
    assert [some("a", minutes=n).priority for n in (None, 2, 60, 100_000)] == [0, -2, -60, -1440]


@pytest.mark.parametrize(
    ("queue", "how", "said"),
    [
        (Standing(waiting=3, running=0, workers=0, failed=()), Health.BAD, "nobody polls"),
        (Standing(waiting=0, running=0, workers=0, failed=()), Health.GOOD, "0 workers"),
        (Standing(waiting=1, running=2, workers=2, failed=()), Health.GOOD, "1 polls wait, 2 are under way, 2 workers"),
        (
            Standing(waiting=0, running=0, workers=1, failed=[Failed(source=SourceKey("a"), attempts=3, at=NOON)] * 7),
            Health.DOUBTFUL,
            r"could not be stored|could store 7 of them: a \(3 tries, last 2025-08-14 12:00 UTC\).* and 2 more",
        ),
    ],
)
def test_health_tells_how_the_queue_is(queue: Standing, how: Health, said: str) -> None:
    looked = _queue(queue)
    assert looked.health is how
    assert re.search(said, looked.says)


# --- Its tables. ---


def prepare(url: str, folder: Path) -> None:
    with closing(open_store(url, snapshots=folder)) as one:
        prepare_jobs(one)


def make_older(url: str) -> None:
    """A queue as an older release of Procrastinate made it: by its own steps, up to one of long ago."""
    steps = resources.files("procrastinate.sql") / "migrations"
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {SCHEMA}".encode())
        connection.execute(f"SET search_path TO {SCHEMA}".encode())
        for path in sorted(steps.iterdir(), key=lambda path: path.name):
            if path.name.endswith(".sql") and path.name < "03.04":
                connection.execute(path.read_bytes())
        connection.execute(TURNS.encode())
        connection.execute(f"COMMENT ON SCHEMA {SCHEMA} IS 'aggregator: 03.03.00_01_pre_priority_lock_fetch_job 1'".encode())


def test_all_that_start_at_once_find_one_queue(postgresql_cluster: Cluster, tmp_path: Path) -> None:
    url = postgresql_cluster.migrated_database()
    assert exits([SPAWN.Process(target=prepare, args=(url, tmp_path)) for _ in range(3)]) == [0, 0, 0]
    name = url.rpartition("/")[2]
    postgresql_cluster.execute(f"DROP SCHEMA {SCHEMA} CASCADE", database=name)
    make_older(url)
    prepare(url, tmp_path)
    for function in ("procrastinate_retry_job_v2", "take_jobs"):
        postgresql_cluster.execute(f"SELECT '{SCHEMA}.{function}'::regproc", database=name)  # fails where there is none
    newer, others = "made by a newer version", "another program's"
    comments = {
        "aggregator: 99.0 1": newer,
        "aggregator: 03.04 99": newer,
        "of somebody else": others,
        "aggregator: 03.04": others,
    }
    for comment, said in comments.items():
        postgresql_cluster.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{comment}'", database=name)
        with pytest.raises(StoreError, match=said):
            prepare(url, tmp_path)
    postgresql_cluster.drop(url)


def test_who_may_not_make_them_is_told_which_right_is_missing(postgresql_cluster: Cluster, tmp_path: Path) -> None:
    url = postgresql_cluster.migrated_database()
    name = url.rpartition("/")[2]
    role = f"CREATE ROLE worker_{name} LOGIN PASSWORD '{SECRET}'; GRANT ALL ON ALL TABLES IN SCHEMA public TO worker_{name}"
    postgresql_cluster.execute(role, database=name)
    clerk = postgresql_cluster.url(name, user=f"worker_{name}", password=SECRET)
    with pytest.raises(StoreError, match=r"lacks a right \(permission denied for database") as error:
        prepare(clerk, tmp_path)
    assert SECRET not in str(error.value)
    postgresql_cluster.drop(url)
    postgresql_cluster.execute(f"DROP ROLE worker_{name}")


def test_a_server_that_is_too_old(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "OLDEST", 99)
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:\d+: PostgreSQL \d+ is too old; it takes 99 or a newer one"):
        open_store(url, snapshots=tmp_path)


# --- The commands. ---


@pytest.mark.parametrize("command", [["worker"], ["run", "--no-poll"]])
def test_on_sqlite_one_process_does_everything(command: list[str], tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, SOURCE)
    done = CliRunner().invoke(app, [*command, "--config", str(feeds)])
    assert done.exit_code == 2
    assert f"aggregator {' '.join(command)}: workers need a store on PostgreSQL, and feeds.toml names none" in done.stderr
    assert "`aggregator run` alone does everything" in done.stderr


@pytest.mark.parametrize("command", [["worker"], ["run", "--no-poll"]])
def test_a_server_that_cannot_be_reached_is_told_without_its_password(command: list[str], tmp_path: Path) -> None:
    feeds = write_feeds(
        tmp_path, f'[service]\ncontact = "d@e.org"\ndatabase = "postgresql+psycopg://desk:{SECRET}@127.0.0.1:1/news"\n{SOURCE}'
    )
    done = CliRunner().invoke(app, [*command, "--config", str(feeds)])
    assert done.exit_code == 1
    assert "cannot be reached" in done.stderr
    assert SECRET not in done.output + done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_procrastinate_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.cli.running.find_spec", lambda _: None)
    feeds = write_feeds(tmp_path, '[service]\ndatabase = "postgresql+psycopg://127.0.0.1:1/news"\n' + SOURCE)
    done = CliRunner().invoke(app, ["worker", "--config", str(feeds)])
    assert (done.exit_code, "pip install 'update-aggregator[workers]'" in done.stderr) == (2, True)


# --- A folder that several programs of one machine share. ---


def test_the_leader_and_workers_share_a_folder_and_keep_others_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, here, other = Clock(), os.getpid(), os.getppid()
    with hold_together(tmp_path, what="aggregator run --no-poll", clock=clock):
        monkeypatch.setattr("os.getpid", lambda: other)
        for _ in range(2):
            with hold_together(tmp_path, what="aggregator worker", clock=clock):
                assert "`aggregator run --no-poll` (process" in holder_of(tmp_path)
            assert "`aggregator run --no-poll` (process" in holder_of(tmp_path)  # also when a worker comes and goes
        with pytest.raises(StoreHeld, match="`aggregator run --no-poll`"), hold(tmp_path, what="aggregator poll", clock=clock):
            raise AssertionError
        monkeypatch.setattr("os.getpid", lambda: here)
    assert holder_of(tmp_path) == ""
    assert not list(tmp_path.glob("*.json"))
    with hold(tmp_path, what="aggregator poll", clock=clock):
        with (
            pytest.raises(StoreHeld, match=r"`aggregator poll` .* must be alone"),
            hold_together(tmp_path, what="aggregator worker", clock=clock),
        ):
            raise AssertionError
        assert "aggregator poll" in holder_of(tmp_path)


@pytest.mark.both_databases
def test_a_worker_that_begins_takes_no_card_of_the_leader_away(database: str | None, tmp_path: Path) -> None:
    if database is None:
        pytest.skip("SQLite has no workers")
    config = load_config(write_feeds(tmp_path, on_database(source_block("a", "https://example.org/feed"), database)))
    with hold_together(config.service.storage, what="aggregator run --no-poll", clock=Clock()):
        subprocess.run([sys.executable, "-c", PREPARES, str(config.path)], check=True)
        assert "`aggregator run --no-poll`" in holder_of(config.service.storage)


PREPARES = """
import sys
from aggregator.config import load_config
from aggregator.service import prepare
prepare(load_config(sys.argv[1]), together=True)
"""


def test_what_each_machine_says_for_itself_makes_no_other_configuration() -> None:
    one = '{"service": {"storage": "a", "gap": "1s"}, "sources": {}, "web": {"listen": ""}}'
    assert same_polls(one, '{"service": {"storage": "b", "concurrency": 9, "gap": "1s"}, "sources": {}}')
    assert not same_polls(one, '{"service": {"storage": "a", "gap": "2s"}, "sources": {}}')
    assert not same_polls(one, "")
