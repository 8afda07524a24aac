"""A campaign: runs of the real program, killed at chosen points and at random moments, until the script is told."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from aggregator.config import load_config
from aggregator.service import open_for
from aggregator.store import Store
from tests.crash.checks import not_told, wrong
from tests.crash.follower import Follower
from tests.crash.killing import POINTS
from tests.crash.script import STEPS
from tests.crash.world import SECRET, SIGNED_WITH, World, feeds_toml

REQUEST, MOMENT = "request", "moment"  # while a source is asked; and at any time, by the clock
PATIENCE = 4  # runs that may bring a step no further before one is left in peace
LONGEST_RUN = 60.0  # seconds; a run that takes longer hangs
LAST_RUNS = 60  # in peace, until everything is told


@dataclass
class Report:
    """What a campaign did and found."""

    kills: Counter[tuple[str, str]] = field(default_factory=Counter)  # by command and point
    runs: int = 0
    undisturbed: int = 0
    steps: int = 0
    looks: int = 0  # of the reader that followed
    changes: int = 0
    updates: int = 0
    statements: int = 0
    told_again: int = 0  # messages of a webhook that came more than once, under their own id
    leftovers: int = 0  # unfinished files that the kills left
    wrong: list[str] = field(default_factory=list)


class Runs:
    """Starts the program, by way of the process of `killing.py`, and kills it."""

    def __init__(self, folder: Path, *, warmed_on: str | None) -> None:
        self._log = folder / "runs.log"
        with self._log.open("a", encoding="utf-8") as log:  # where the semaphores are counted that killed runs leave
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.killing", *([warmed_on] if warmed_on else [])],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=Path(__file__).parents[2],
                env={**os.environ, "AGGREGATOR_LISTEN": ""},  # the campaign needs no port, and no site
            )  # fmt: skip
        self._hear()

    def start(self, *arguments: str, point: str | None = None, nth: int = 0) -> int:
        """Start a run; returns its process. Killed at the nth time that it comes to a point, if one is named."""
        wanted = {"arguments": arguments, "point": point, "nth": nth, "log": str(self._log)}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return int(self._hear()["pid"])

    def ended(self) -> tuple[int, dict[str, int]]:
        """Wait for its end; returns its exit code, -9 where it was killed, and how often it came to each point."""
        heard = self._hear()
        return int(heard["code"]), heard["counts"]

    def last_words(self) -> str:
        return self._log.read_text(encoding="utf-8")[-2000:] if self._log.exists() else ""

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(LONGEST_RUN)
        self._process.stdout.close()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process that starts the runs has ended")
        return dict(json.loads(line))


class Campaign:
    """One store, one world, many runs. `warmed_on`: a database of the same kind, which is no part of it."""

    def __init__(self, folder: Path, *, seed: int, database: str | None = None, warmed_on: str | None = None) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - chance that can be repeated is wanted
        self._folder, self._warmed_on = folder, warmed_on
        self._world = World()
        os.environ.setdefault(SIGNED_WITH, SECRET)
        self._feeds = folder / "feeds.toml"
        self._feeds.write_text(feeds_toml(self._world.base, str(folder / "storage"), database=database), encoding="utf-8")
        config = load_config(self._feeds)
        self._site = config.service.storage / "site"
        self._follower = Follower(config.service.database_url, self._site)
        self._store: Store | None = None
        self._most: dict[str, Counter[str]] = {"poll": Counter(), "run": Counter()}  # how often runs came to each point
        self._turn = 0
        self.report = Report()

    @property
    def base(self) -> str:
        """Where its world is, or was."""
        return self._world.base

    def go(self, kills: int, *, told: Callable[[int], None] = lambda _: None) -> Report:
        """Kill so many runs; then let the script come to its end in peace, and look at everything. `told` hears each kill."""
        runs = Runs(self._folder, warmed_on=self._warmed_on)
        self._follower.start()
        try:
            idle = 0
            while self.report.kills.total() < kills:
                if idle >= PATIENCE + LAST_RUNS:
                    raise AssertionError(self._stuck(runs))
                self._one(runs, in_peace=idle >= PATIENCE)
                idle = 0 if self._moved_on() else idle + 1
                told(self.report.kills.total())
            self._finish(runs)
        finally:
            runs.close()
            self._follower.stop()
            self._world.close()
        self._look_at_everything()
        return self.report

    def _one(self, runs: Runs, *, in_peace: bool) -> None:
        """One run. `poll` ends by itself where it is not killed before; `run` never does."""
        command = "poll" if in_peace or self._chance.random() < 0.7 else "run"
        point, nth = (None, 0) if in_peace else self._choose(command)
        inner = point if point in POINTS else None
        self._world.on_request = lambda: None
        shot = threading.Event()
        pid = runs.start(command, "--config", str(self._feeds), point=inner, nth=nth)

        def shoot() -> None:
            if not shot.is_set():
                shot.set()
                os.kill(pid, signal.SIGKILL)

        if point == REQUEST:
            self._world.on_request = _at_nth(nth, shoot)
        delay = self._delay(command, point, in_peace=in_peace)
        timer = threading.Timer(delay, shoot)
        timer.start()
        code, counts = runs.ended()
        by_clock = shot.is_set() and point != REQUEST
        shot.set()  # this process is gone: its number may be another's soon
        timer.cancel()
        self._world.on_request = lambda: None
        self._note(command, MOMENT if by_clock else point, code, counts, runs)

    def _choose(self, command: str) -> tuple[str, int]:
        """A point, each in turn, and at which time of being there: any that a run may come to."""
        points = (*POINTS, REQUEST, MOMENT)
        point = points[self._turn % len(points)]
        self._turn += 1
        return point, self._chance.randint(1, max(1, self._most[command][point]))

    def _delay(self, command: str, point: str | None, *, in_peace: bool) -> float:
        if in_peace:
            return LONGEST_RUN
        if point == MOMENT:
            return self._chance.uniform(0.0, 0.3)
        return LONGEST_RUN if command == "poll" else self._chance.uniform(0.8, 1.6)

    def _note(self, command: str, point: str | None, code: int, counts: dict[str, int], runs: Runs) -> None:
        self.report.runs += 1
        for name, count in counts.items():
            self._most[command][name] = max(self._most[command][name], count)
        self._most[command][REQUEST] = 8
        if code == -signal.SIGKILL and point is not None:
            self.report.kills[command, point] += 1
        elif code == 0 and command == "poll":
            self.report.undisturbed += 1
        else:
            self.report.wrong.append(f"`{command}` ended with {code} on its own: {runs.last_words()}")
        if self._follower.broken or self.report.wrong:
            raise AssertionError("\n".join([*self._follower.broken[:10], *self.report.wrong[:10]]))

    def _moved_on(self) -> bool:
        """Whether all that the world says is stored and told; then it goes on to say the next."""
        if not self._is_told():
            return False
        self._world.step += 1
        return True

    def _is_told(self) -> bool:
        return self._behind() == ([], 0)

    def _behind(self) -> tuple[list[str], int]:
        """The sources whose present listing is not stored yet, and how much waits to be told."""
        wanted = self._world.body_hashes()
        if self._store is None:
            if not self._follower.changes:  # there is no store yet
                return list(wanted), 0
            self._store = open_for(load_config(self._feeds), create=False)
        with self._store.read() as tx:
            read = {row.key: row.body_sha256 for row in tx.execute(text("SELECT key, body_sha256 FROM sources"))}
            waiting = tx.execute(text("SELECT count(*) FROM candidates WHERE state = 'waiting'")).scalar_one()
        return [source for source, sha256 in wanted.items() if read.get(source) != sha256], waiting

    def _finish(self, runs: Runs) -> None:
        """In peace: to the end of the round, and then until nothing is left to tell."""
        while self._world.step % STEPS != STEPS - 1:
            self._until_told(runs)
            self._world.step += 1
        self._until_told(runs)
        self._one(runs, in_peace=True)
        self.report.steps = self._world.step + 1

    def _until_told(self, runs: Runs) -> None:
        for _ in range(LAST_RUNS):
            if self._is_told():
                return
            self._one(runs, in_peace=True)
        raise AssertionError(self._stuck(runs))

    def _stuck(self, runs: Runs) -> str:
        behind, waiting = self._behind()
        said: list[object] = []
        if self._store is not None:
            with self._store.read() as tx:
                said += tx.execute(text("SELECT story, revision_id, settles_at, note FROM candidates WHERE state = 'waiting'"))
                said += tx.execute(text("SELECT key, last_poll_at, last_outcome, last_reason, body_sha256 FROM sources"))
        return (
            f"step {self._world.step} is not told after {LAST_RUNS} runs in peace: {behind} are not read, {waiting} wait."
            f" {said} The last words: {runs.last_words()}"
        )

    def _look_at_everything(self) -> None:
        report, follower = self.report, self._follower
        assert self._store is not None
        report.wrong += follower.broken
        report.wrong += wrong(self._store, self._site, step=self._world.step, base=self._world.base)
        with self._store.read() as tx:
            report.wrong += not_told(tx, self._world.heard)
            report.told_again = len(self._world.heard) - len({ident for ident, _, _ in self._world.heard})
            changes = [tuple(row) for row in tx.execute(text("SELECT seq, kind, key, at FROM v1_changes ORDER BY seq"))]
            report.updates = tx.execute(text("SELECT count(*) FROM v1_updates")).scalar_one()
            report.statements = tx.execute(text("SELECT count(*) FROM v1_statements")).scalar_one()
        if changes != follower.changes:
            missed = [change for change in changes if change not in follower.changes]
            report.wrong.append(f"who followed the changes has {len(follower.changes)} of {len(changes)}, and not {missed[:5]}")
        report.looks, report.changes = follower.looks, len(changes)
        report.leftovers = len(list(self._store.snapshots.folder.glob(".new/*")))
        self._store.close()


def _at_nth(nth: int, shoot: Callable[[], None]) -> Callable[[], None]:
    asked = iter(range(1, nth + 1))
    lock = threading.Lock()

    def count() -> None:
        with lock:
            here = next(asked, None)
        if here == nth:
            shoot()

    return count
