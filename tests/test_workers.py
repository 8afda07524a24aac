"""A leader and workers as real processes: the whole script comes out once, whatever is killed, restarted or cut."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from aggregator.config import load_config
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import poll_all, publish_ready, road, utc_now
from aggregator.store import Store, open_store, stamped
from aggregator.store.verifying.whole import verify
from tests.crash.checks import rows, wrong
from tests.crash.script import STEPS
from tests.crash.world import SECRET, SIGNED_WITH, World, feeds_toml
from tests.postgresql import MISSING, Cluster, cluster, programs
from tests.shared.campaign import Campaign, told, until
from tests.shared.launching import QUICK, Programs

KILLS = int(os.environ.get("WORKER_KILLS", "50"))  # `python -m tests.shared --kills 500` goes on longer
SEED = 5
OUTDATED = 3  # the exit code of a program that is older than its store


@pytest.fixture(autouse=True)
def _signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SIGNED_WITH, os.environ.get(SIGNED_WITH, SECRET))


@pytest.fixture
def at_work(tmp_path: Path, postgresql_cluster: Cluster) -> Iterator[Programs]:
    running = Programs(tmp_path, warmed_on=postgresql_cluster.migrated_database())
    yield running
    running.close()


@pytest.fixture
def world() -> Iterator[World]:
    one = World()
    yield one
    one.close()


def ledger(store: Store) -> Counter[tuple[Any, ...]]:
    """What the stories tell: each sentence of each update with what it cites. What is told at the same time may come in either
    order, as the sources answered; so each update is named by what it tells, and what it corrects by the statement of that."""
    query = """SELECT s.story, u.kind, u.title, st.url, r.number, s.paragraph, s.position, s.text, cited.url, r2.number,
        s.start, s."end"
        FROM v1_update_sentences s JOIN v1_updates u ON u.story = s.story AND u.number = s.number
        JOIN v1_statements st ON st.id = u.statement_id JOIN v1_revisions r ON r.id = u.revision_id
        JOIN v1_revisions r2 ON r2.id = s.revision_id JOIN v1_statements cited ON cited.id = r2.statement_id"""
    with store.read() as tx:
        return Counter(rows(tx, query))


def alone(world: World, feeds: Path, sandbox: Sandbox, folder: Path) -> Store:
    """The store of one process that polls the same script, step by step."""
    config = load_config(feeds)
    store = open_store(f"sqlite:///{folder}/alone.sqlite", snapshots=folder / "alone")

    async def step() -> None:
        async with road(config, store, clock=utc_now, sandbox=sandbox) as the_road:
            while not told_here(store, world):
                async for _ in poll_all(the_road, list(config.sources)):
                    pass
                await asyncio.to_thread(publish_ready, the_road)

    for number in range(STEPS):
        world.step = number
        asyncio.run(step())
    return store


def told_here(store: Store, world: World) -> bool:
    with store.read() as tx:
        read = {row.key: row.body_sha256 for row in tx.execute(text("SELECT key, body_sha256 FROM sources"))}
        waiting = tx.execute(text("SELECT count(*) FROM candidates WHERE state = 'waiting'")).scalar_one()
    return not waiting and all(read.get(key) == sha256 for key, sha256 in world.body_hashes().items())


def test_a_leader_and_two_workers_make_the_ledger_of_one_process(
    at_work: Programs, world: World, postgresql_url: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    feeds = tmp_path / "feeds.toml"
    feeds.write_text(feeds_toml(world.base, str(tmp_path / "storage"), database=postgresql_url), encoding="utf-8")
    store = open_store(postgresql_url, snapshots=tmp_path / "storage/snapshots")
    leader = at_work.start("run", "--no-poll", "--config", str(feeds))
    workers = [at_work.start("worker", "--config", str(feeds)) for _ in range(2)]
    most = 0
    for step in range(STEPS):
        world.step = step
        until(lambda: told(store, world), why=at_work.said)
        most = max(most, world.most_at_once)
    assert most == 1  # all sources are of one host
    assert wrong(store, tmp_path / "storage/site", step=world.step, base=world.base) == []
    assert [one.line for one in verify(store).findings] == []
    with store.read() as tx:
        seqs = [seq for (seq,) in rows(tx, "SELECT seq FROM v1_changes ORDER BY seq")]
        assert seqs == list(range(1, len(seqs) + 1))
    single = alone(world, feeds, sandbox, tmp_path)
    assert ledger(single) == ledger(store)
    assert ledger(store)
    single.close()
    # And a newer program comes: the old ones finish, and say why they end.
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert [at_work.ended(pid) for pid in (leader, *workers)] == [OUTDATED] * 3
    assert at_work.said().count("newer schema (9999") >= 3  # each by itself; the log of the leader has it, too
    with store.read() as tx:
        assert rows(tx, "SELECT count(*) FROM aggregator_jobs.procrastinate_workers") == [(0,)]
        assert rows(tx, "SELECT count(*) FROM aggregator_jobs.procrastinate_jobs WHERE status::text = 'doing'") == [(0,)]
    store.close()


NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9000", "{newest}"


def upgrade() -> None:
    op.add_column("sources", sa.Column("next_thing", sa.Text(), nullable=False, server_default=""))
    op.add_column("polls", sa.Column("next_thing", sa.Text(), nullable=True))
    op.create_table("next_things", sa.Column("id", sa.Integer(), primary_key=True))
"""


def newer_version(folder: Path) -> dict[str, dict[str, str]]:
    """What makes a program one of the next version: it knows one migration more."""
    shutil.copytree(stamped.MIGRATIONS, folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    newest = stamped.known_schemas()[-1]
    (folder / "migrations/versions/9000_next.py").write_text(NEXT.format(newest=newest), encoding="utf-8")
    return {"aggregator.store.stamped": {"MIGRATIONS": str(folder / "migrations")}}


def test_an_old_worker_goes_on_beside_newer_programs_until_it_notices(
    at_work: Programs, world: World, postgresql_url: str, tmp_path: Path
) -> None:
    """The leader is of the next version, which brings the schema to its own; the worker that was there knows nothing of that.
    What it stores meanwhile is as good as what a newer one stores, and then it ends by itself."""
    feeds = tmp_path / "feeds.toml"
    feeds.write_text(feeds_toml(world.base, str(tmp_path / "storage"), database=postgresql_url), encoding="utf-8")
    store, newer = open_store(postgresql_url, snapshots=tmp_path / "storage/snapshots"), newer_version(tmp_path)
    later = {"aggregator.service.working": {**QUICK["aggregator.service.working"], "LOOK_EVERY": 1e6}}
    leader = at_work.start("run", "--no-poll", "--config", str(feeds))
    old = at_work.start("worker", "--config", str(feeds), **later)  # it does not look
    noticing = at_work.start("worker", "--config", str(feeds))
    until(lambda: told(store, world), why=at_work.said)
    newer_leader = at_work.start("run", "--no-poll", "--config", str(feeds), **newer)
    assert [at_work.ended(leader), at_work.ended(noticing)] == [OUTDATED] * 2
    world.step = 1
    until(lambda: told(store, world), why=at_work.said)  # by the old worker alone, in the newer schema
    newer_worker = at_work.start("worker", "--config", str(feeds), **newer)
    until(lambda: at_work.said().count('"working"') == 3, why=at_work.said)
    at_work.kill(old)  # whatever it was doing
    world.step = 2
    until(lambda: told(store, world), why=at_work.said)  # by the newer one
    assert wrong(store, tmp_path / "storage/site", step=world.step, base=world.base) == []
    assert [one.line for one in verify(store).findings] == []
    assert [at_work.stop(newer_worker), at_work.stop(newer_leader)] == [0, 0]
    assert at_work.said().count('"stopped"') == 4  # all but the one that was killed
    with store.read() as tx:
        assert rows(tx, "SELECT version_num FROM alembic_version") == [("9000",)]
        assert rows(tx, "SELECT count(*) FROM aggregator_jobs.procrastinate_jobs WHERE status::text = 'failed'") == [(0,)]
    store.close()


def test_nothing_is_lost_or_done_twice_whoever_is_killed_and_whatever_is_cut(tmp_path: Path) -> None:
    where = programs()
    if where is None:
        pytest.skip(MISSING)
    with cluster(where) as own:  # it is restarted on the way
        report = Campaign(tmp_path, own, own.migrated_database(), seed=SEED).go(KILLS)
    assert report.wrong == []
    assert report.kills.total() >= KILLS
    assert len(report.kills) == 3  # the leader and both workers
    assert (report.restarts, report.cuts) == (1, 1)
    assert report.statements > 5
