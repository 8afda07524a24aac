"""A leader and workers on one PostgreSQL: polls come out once each, hosts are asked by one of them at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from aggregator.store import Store, open_store
from tests.crash.checks import wrong
from tests.crash.script import STEPS
from tests.crash.world import SIGNED_WITH, World, feeds_toml
from tests.shared.launching import PATIENCE, Programs


def until(true: Callable[[], bool], *, why: Callable[[], str] = str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, why()
        time.sleep(0.05)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Programs]:
    monkeypatch.setenv(SIGNED_WITH, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    running = Programs(tmp_path)
    yield running
    running.close()


@pytest.fixture
def world() -> Iterator[World]:
    one = World()
    yield one
    one.close()


def told(store: Store, world: World) -> bool:
    """Whether all that the world says is stored and told."""
    with store.read() as tx:
        read = {row.key: row.body_sha256 for row in tx.execute(text("SELECT key, body_sha256 FROM sources"))}
        waiting = tx.execute(text("SELECT count(*) FROM candidates WHERE state = 'waiting'")).scalar_one()
        late = tx.execute(text("SELECT count(*) FROM outbox WHERE delivered_at IS NULL")).scalar_one()
    wanted = world.body_hashes()
    return not waiting and not late and all(read.get(key) == sha256 for key, sha256 in wanted.items())


def test_a_leader_and_two_workers_tell_the_whole_script_once(
    programs: Programs, world: World, postgresql_url: str, tmp_path: Path
) -> None:
    feeds = tmp_path / "feeds.toml"
    feeds.write_text(feeds_toml(world.base, str(tmp_path / "storage"), database=postgresql_url), encoding="utf-8")
    store = open_store(postgresql_url, snapshots=tmp_path / "storage/snapshots")
    leader = programs.start("run", "--no-poll", "--config", str(feeds))
    workers = [programs.start("worker", "--config", str(feeds)) for _ in range(2)]
    for step in range(STEPS):
        world.step = step
        until(lambda: told(store, world), why=programs.said)
    assert [programs.stop(pid) for pid in (leader, *workers)] == [0, 0, 0]
    assert wrong(store, tmp_path / "storage/site", step=world.step, base=world.base) == []
    with store.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM aggregator_jobs.procrastinate_workers")).scalar_one() == 0
    store.close()
