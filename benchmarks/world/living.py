"""A service that lives through a world: the real one, with the world's clock in its hand."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import text

from aggregator.config import load_config
from aggregator.service import Service, open_for, road
from aggregator.store import Store
from aggregator.store.conditions import watched_sources
from benchmarks.world.feeds import feeds_toml
from benchmarks.world.processes import descendants, resident, shared_out
from benchmarks.world.script import DAY, HOUR, Script, Source
from benchmarks.world.serving import World, WorldTransport
from benchmarks.world.telling import Day

STEP, STEP_OF_PROLOGUE = 300.0, 900.0  # seconds by which the clock goes on
LOOK_EVERY = HOUR  # in which the alarms are looked at


@dataclass
class Life:
    """What is seen of a service while it lives."""

    folder: Path
    script: Script
    moment: float
    gone_after: str = "24h"
    step: float = STEP  # seconds
    days: list[Day] = field(default_factory=list)
    alarms: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    events: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    tell: Callable[[str], None] = lambda _: None
    stopping: bool = False
    _looked: float = 0.0
    _per_poll: list[float] = field(default_factory=list)

    def clock(self) -> datetime:
        """The moment of the world."""
        return datetime.fromtimestamp(self.moment, UTC)

    def hear(self, _logger: object, level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Count what the service logs, and keep what it says of trouble of its own."""
        self.events[event["event"]] += 1
        if level in ("error", "critical", "exception") and len(self.errors) < 50:
            said = {name: value for name, value in event.items() if name != "exc_info"}
            self.errors.append(f"{self.clock():%m-%d %H:%M} {said}")
        raise structlog.DropEvent

    async def live(self, world: World, *, base: Callable[[Source], str], local: bool = False) -> Path:
        """From the prologue to the end; returns where the database is."""
        structlog.configure(processors=[self.hear], wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
        allow = "own" if local else ""
        file, whole = self.folder / "feeds.toml", feeds_toml(self.script, base, gone_after=self.gone_after, allow=allow)
        early = self.script.prologue < self.script.begin
        file.write_text(feeds_toml(self.script, base, prologue=True, allow=allow) if early else whole, encoding="utf-8")
        config = load_config(file)
        store = open_for(config)
        try:
            async with road(config, store, clock=self.clock, transport=None if local else WorldTransport(world)) as the_road:
                service = Service(the_road)
                if early:
                    await self._until(self.script.begin, service, world, step=STEP_OF_PROLOGUE)
                    file.write_text(whole, encoding="utf-8")
                    await service.take(load_config(file))
                with suppress(ValueError):  # not in the main thread
                    signal.signal(signal.SIGTERM, self._stop)
                await self._days(service, world, store)
                service.stop()
                await service.run()
        finally:
            store.close()
        return Path(config.service.storage) / "aggregator.sqlite"

    def _stop(self, *_: object) -> None:
        """What was lived through so far is judged."""
        self.stopping = True
        self.script.end = self.moment

    async def _days(self, service: Service, world: World, store: Store) -> None:
        while self.moment < self.script.end and not self.stopping:
            began, busy, requests, spent = time.perf_counter(), time.process_time(), world.requests, world.spent
            polls, counts = self.events["polled"], _counts(store)
            self._per_poll.clear()
            name = f"{self.clock():%Y-%m-%d}"
            await self._until(min(self.moment + DAY, self.script.end), service, world, step=self.step, store=store)
            done, after = self.events["polled"] - polls, _counts(store)
            used = time.process_time() - busy - (world.spent - spent)
            day = Day(
                name=name,
                polls=done,
                requests=world.requests - requests,
                statements=after[0] - counts[0],
                updates=after[1] - counts[1],
                rss=resident(),
                reading=sum(map(shared_out, descendants(os.getpid()))),
                ms=used * 1000 / max(1, done),
                median=statistics.median(self._per_poll) if self._per_poll else 0.0,
                world=world.spent - spent,
                took=time.perf_counter() - began,
            )
            self.days.append(day)
            self.tell(f"{day}")

    async def _until(self, end: float, service: Service, world: World, *, step: float, store: Store | None = None) -> None:
        while self.moment < end and not self.stopping:
            self.moment += step
            polls, spent, began = self.events["polled"], world.spent, time.perf_counter()
            await service.tick()
            while others := asyncio.all_tasks() - {asyncio.current_task()}:
                await asyncio.wait(others)
            done = self.events["polled"] - polls
            if done:
                self._per_poll.append((time.perf_counter() - began - (world.spent - spent)) * 1000 / done)
            if store is not None and self.moment - self._looked >= LOOK_EVERY:
                self._looked = self.moment
                self._look(store)

    def _look(self, store: Store) -> None:
        """Which alarms an operator sees now."""
        with store.read() as tx:
            for one in watched_sources(tx, now=self.clock()):
                for alarm in one.alarms:
                    self.alarms[one.state.key, alarm.kind.value].append(self.moment)


def _counts(store: Store) -> tuple[int, int]:
    with store.read() as tx:
        return (
            int(tx.execute(text("SELECT count(*) FROM statements")).scalar_one()),
            int(tx.execute(text("SELECT count(*) FROM updates")).scalar_one()),
        )
