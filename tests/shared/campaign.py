"""A campaign against a leader and two workers: killed at any moment, their server restarted, their wire cut."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from aggregator.store import Store, StoreError, open_store
from aggregator.store.verifying.whole import verify
from tests.crash.checks import not_told, wrong
from tests.crash.script import STEPS
from tests.crash.world import World, feeds_toml
from tests.postgresql import Cluster
from tests.shared.launching import PATIENCE, Programs
from tests.shared.wire import Wire

LEADER, WORKER = "leader", "worker"
PLACES = (LEADER, f"{WORKER} 1", f"{WORKER} 2")
USUAL = 8.0  # seconds from the first start to the first step that is told
CUT = 4.5  # seconds; by then a worker counts as dead (`QUICK`), and its jobs are another's


@dataclass
class Report:
    """What a campaign did and found."""

    kills: Counter[str] = field(default_factory=Counter)  # by place
    steps: int = 0
    restarts: int = 0  # of the server
    cuts: int = 0  # of the wire of the first worker
    statements: int = 0
    updates: int = 0
    polls: int = 0
    wrong: list[str] = field(default_factory=list)


def until(true: Callable[[], bool], *, why: Callable[[], str] = str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, why()[-5000:]
        time.sleep(0.05)


def told(store: Store, world: World) -> bool:
    """Whether all that the world says is stored and told."""
    try:
        with store.read() as tx:
            read = {row.key: row.body_sha256 for row in tx.execute(text("SELECT key, body_sha256 FROM sources"))}
            waiting = tx.execute(text("SELECT count(*) FROM candidates WHERE state = 'waiting'")).scalar_one()
            late = tx.execute(text("SELECT count(*) FROM outbox WHERE delivered_at IS NULL")).scalar_one()
    except StoreError:  # the server is being restarted
        return False
    return not waiting and not late and all(read.get(key) == sha256 for key, sha256 in world.body_hashes().items())


class Campaign:
    """One store, one world, three programs that never live long."""

    def __init__(self, folder: Path, cluster: Cluster, url: str, *, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - chance that can be repeated is wanted
        self._folder, self._cluster = folder, cluster
        self._world, self._wire = World(), Wire(cluster.port)
        self._feeds = {place: folder / f"{place.replace(' ', '-')}.toml" for place in PLACES}
        for place, path in self._feeds.items():  # the first worker's questions to the server go by the wire
            address = self._wire.through(url) if place == PLACES[1] else url
            path.write_text(feeds_toml(self._world.base, str(folder / "storage"), database=address), encoding="utf-8")
        self._store = open_store(url, snapshots=folder / "storage/snapshots")
        self._programs = Programs(folder, warmed_on=cluster.migrated_database())
        self._slowness = 1.0
        self._running: dict[str, tuple[int, float]] = {}  # by place, its process and when it is to be killed
        self.report = Report()

    def go(self, kills: int) -> Report:
        """Kill so many; in between restart the server and cut the wire; then come to the end in peace, and look at all."""
        try:
            began = time.monotonic()
            for place in PLACES:
                self._start(place)
            self._until_told()
            # On a machine that has much to do they live longer, or none would ever come to its work.
            self._slowness = max(1.0, (time.monotonic() - began) / USUAL)
            troubles = {kills // 3: self._restart_server, 2 * kills // 3: self._cut_wire}
            while self.report.kills.total() < kills:
                if (trouble := troubles.pop(self.report.kills.total(), None)) is not None:
                    trouble()
                self._kill_next()
                self._move_on()
            self._finish()
        finally:
            self._programs.close()
            self._wire.close()
            self._world.close()
            self._store.close()
        return self.report

    def _start(self, place: str) -> None:
        command = ("run", "--no-poll") if place == LEADER else ("worker", "--concurrency", "8")
        pid = self._programs.start(*command, "--config", str(self._feeds[place]))
        self._running[place] = pid, time.monotonic() + self._slowness * self._chance.uniform(0.3, 2.0)

    def _kill_next(self) -> None:
        place = min(self._running, key=lambda one: self._running[one][1])
        pid, at = self._running[place]
        time.sleep(max(0.0, at - time.monotonic()))
        if self._programs.has_ended(pid):  # by itself, as a leader does that does not hear its server
            self._programs.ended(pid)
        else:
            self._programs.kill(pid)
            self.report.kills[place] += 1
        self._start(place)

    def _move_on(self) -> None:
        if told(self._store, self._world):
            self._world.step += 1

    def _restart_server(self) -> None:
        self._cluster.stop()
        time.sleep(0.5)
        self._cluster.start()
        self.report.restarts += 1

    def _cut_wire(self) -> None:
        """Long enough that the first worker, which lives on, counts as dead; then all that was said in vain arrives."""
        self._wire.cut()
        ends = time.monotonic() + CUT
        place = PLACES[1]
        while time.monotonic() < ends:
            self._running[place] = self._running[place][0], ends + 1.0
            self._kill_next()
            self._move_on()
        self._wire.mend()
        self.report.cuts += 1

    def _finish(self) -> None:
        """In peace, to the end of the round."""
        self._until_told()
        while self._world.step % STEPS != STEPS - 1:
            self._world.step += 1
            self._until_told()
        for place in PLACES:
            code = self._programs.stop(self._running[place][0])
            if code:
                self.report.wrong.append(f"{place} ended with {code}")
        self._look_at_everything()

    def _until_told(self) -> None:
        """Wait, and start again what ends by itself, as a supervisor does: a leader that does not hear its server, say."""

        def is_told() -> bool:
            for place, (pid, _) in [*self._running.items()]:
                if self._programs.has_ended(pid):
                    self._programs.ended(pid)
                    self._start(place)
            return told(self._store, self._world)

        until(is_told, why=self._programs.said)

    def _look_at_everything(self) -> None:
        report, step = self.report, self._world.step
        report.steps = step + 1
        report.wrong += wrong(self._store, self._folder / "storage/site", step=step, base=self._world.base)
        report.wrong += [one.line for one in verify(self._store).findings]
        with self._store.read() as tx:
            report.wrong += not_told(tx, self._world.heard)
            report.statements = tx.execute(text("SELECT count(*) FROM v1_statements")).scalar_one()
            report.updates = tx.execute(text("SELECT count(*) FROM v1_updates")).scalar_one()
            report.polls = tx.execute(text("SELECT count(*) FROM v1_polls")).scalar_one()
            left = tx.execute(text("SELECT status::text, queueing_lock FROM aggregator_jobs.procrastinate_jobs")).all()
            report.wrong += [f"a job of {source} was left {status}" for status, source in left if status != "todo"]
