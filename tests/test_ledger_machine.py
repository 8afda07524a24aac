"""Events in any order: late, edited, copied, taken away, started anew. The ledger's rules hold at every moment."""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
from pathlib import Path
from typing import ClassVar

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from aggregator.config import load_config
from aggregator.pipeline.rebuilding import Asked, rebuild
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import open_for
from aggregator.store.verifying.whole import verify
from tests.conftest import Clock, write_feeds
from tests.invariants import Watched
from tests.worlds import SOURCES, Life, Said, World, feeds_toml

EXAMPLES, STEPS = 12, 20
SECOND = """
[stories.match]
title = "Match in Geneva"
from = 2025-08-01
until = 2025-08-31
terms = ["match"]
settle = "0s"
"""


class Ledger(RuleBasedStateMachine):
    """A world of sources, a service that follows it, and a desk."""

    sandbox: ClassVar[Sandbox]
    said = Bundle("said")

    @initialize(seed=st.integers(0, 1000))
    def begin(self, seed: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ledger-"))
        clock = Clock()
        config = load_config(write_feeds(self.folder, feeds_toml(more=SECOND)))
        world = World(random.Random(seed), clock)  # noqa: S311 - a seed, no secret
        self.life = Life(self.folder, world, clock, self.sandbox, config, open_for(config))
        self.watched = Watched(self.life.store)

    # --- what happens in the world

    @rule(
        target=said,
        key=st.sampled_from(SOURCES),
        minutes=st.integers(0, 59),
        about=st.sampled_from(["talks", "talks", "match"]),
    )
    def say(self, key: str, minutes: int, about: str) -> Said:
        return self.life.world.say(key, about=about, minutes_ago=minutes)

    @rule(target=said, key=st.sampled_from(SOURCES), hours=st.integers(2, 48))
    def say_late(self, key: str, hours: int) -> Said:
        return self.life.world.say(key, about="talks", minutes_ago=60 * hours)

    @rule(one=said, key=st.sampled_from(SOURCES))
    def copy(self, one: Said, key: str) -> None:
        if all(other.number != one.number for other in self.life.world.told[key]):
            self.life.world.told[key].append(one)

    @rule(one=said, by=st.sampled_from([-1, 1, 1, 2]))
    def edit(self, one: Said, by: int) -> None:
        one.version = max(0, one.version + by)

    @rule(one=said, about=st.sampled_from(["talks", "match"]))
    def be_about_something_else(self, one: Said, about: str) -> None:
        one.about = about

    @rule(one=said)
    def take_the_page_away_or_put_it_back(self, one: Said) -> None:
        self.life.world.missing ^= {one.number}

    @rule(key=st.sampled_from(SOURCES))
    def fail_or_recover(self, key: str) -> None:
        self.life.world.down ^= {key}

    # --- what the service does

    @rule(keys=st.sets(st.sampled_from(SOURCES), min_size=1), minutes=st.integers(1, 90))
    def poll(self, keys: set[str], minutes: int) -> None:
        self.life.clock.forward(minutes=minutes)

        async def ask() -> None:
            async with self.life.session() as the_road:
                await self.life.poll(the_road, *sorted(keys))

        asyncio.run(ask())

    @rule(minutes=st.integers(0, 600))
    def tick(self, minutes: int) -> None:
        self.life.clock.forward(minutes=minutes)
        self.life.tick()

    @rule()
    def start_anew(self) -> None:
        self.life.store.close()
        self.life.store = self.watched.store = open_for(self.life.config)

    # --- what holds

    @invariant()
    def the_rules_hold(self) -> None:
        self.watched.look(now=self.life.clock())

    def teardown(self) -> None:
        if not hasattr(self, "life"):
            return
        try:
            self.life.clock.forward(days=3)
            self.life.tick()
            self.the_rules_hold()
            assert [str(one) for one in verify(self.life.store).findings if not one.warning] == []
            self._replay_gives_the_same()
        finally:
            self.life.store.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _replay_gives_the_same(self) -> None:
        with self.life.store.read() as tx:
            if not tx.exec_driver_sql("SELECT count(*) FROM polls").scalar():
                return
        file = self.folder / "rebuilt.sqlite"
        found = asyncio.run(rebuild(self.life.store, Asked(config=None), file=file, sandbox=self.sandbox))
        assert [f"{row.table} {row.number}: {row.what}" for table in found.tables for row in table.shown] == []
        assert found.equal


def test_the_ledger_keeps_its_rules_whatever_happens(sandbox: Sandbox) -> None:
    Ledger.sandbox = sandbox
    run_state_machine_as_test(
        Ledger,
        settings=hypothesis.settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.filter_too_much],
        ),
    )
