"""What the leader does instead of polling: due sources become jobs, and what dead workers held is given back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any

import structlog

from aggregator.config import Config
from aggregator.model import SourceKey
from aggregator.pipeline.handing import choose
from aggregator.store import Store, StoreError
from aggregator.store.errors import NewerSchema
from aggregator.store.jobs.link import Link
from aggregator.store.jobs.moment import DatabaseClock
from aggregator.store.jobs.queue import Wanted, due_for_workers, forget_failed, give_back, hand_out, locks_in_use
from aggregator.store.jobs.turns import forget_turns, name_of, resting

SILENT = 20.0  # seconds without a sign of life, after which a worker counts as dead
GIVE_BACK_EVERY = timedelta(seconds=2)
LOOK_EVERY = timedelta(seconds=5)  # at the database's clock, schema and configuration
FORGET_EVERY = timedelta(hours=1)
LONG_REST = 5.0  # seconds that a host still rests; its sources are handed out when that is over

log = structlog.get_logger()


class Deferrer:
    """Hands out polls, one turn after the other; each turn is one task."""

    def __init__(self, store: Store, link: Link, clock: DatabaseClock) -> None:
        self._store, self._link, self._clock = store, link, clock
        self.over = asyncio.Event()  # set where this program must end
        self.why: StoreError | None = None  # and then, why
        self._task: asyncio.Task[None] | None = None
        self._next_look = self._next_give_back = self._next_forgetting = clock()

    def start(
        self, config: Config, group_of: Callable[[SourceKey], str], failed: Callable[[asyncio.Task[Any]], object]
    ) -> None:
        """Take a turn, unless the one before still goes on. `failed` hears how it ended."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._turn(config, group_of))
            self._task.add_done_callback(failed)

    async def close(self) -> None:
        """Give up the turn that is under way: it hands out all of its polls, or none."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _turn(self, config: Config, group_of: Callable[[SourceKey], str]) -> None:
        now = self._clock()
        if self._next_look <= now:
            self._next_look = now + LOOK_EVERY
            try:
                await self._clock.look(self._link)
            except NewerSchema as error:
                self.why = error
                self.over.set()
                raise
        if self._next_give_back <= now:
            self._next_give_back = now + GIVE_BACK_EVERY
            if count := await give_back(self._link, silent=SILENT):
                log.warning("jobs_given_back", jobs=count, why="their workers gave no sign of life")
        if self._next_forgetting <= now:
            self._next_forgetting = now + FORGET_EVERY
            await forget_failed(self._link)
            await forget_turns(self._link)
        await self._hand_out(config, group_of)

    async def _hand_out(self, config: Config, group_of: Callable[[SourceKey], str]) -> None:
        def group(key: SourceKey) -> str | None:
            return name_of(group_of(key)) if key in config.sources else None

        wanted = await asyncio.to_thread(self._wanted, config.service.interval, group)
        if not wanted:
            return
        rests = await resting(self._link, [one.group for one in wanted], longer_than=LONG_REST)
        await hand_out(self._link, [one for one in wanted if one.group not in rests])

    def _wanted(self, patience: timedelta, group_of: Callable[[SourceKey], str | None]) -> Sequence[Wanted]:
        """Runs in a thread. What no worker could store waits for the usual interval, as in a service that polls itself."""
        now = self._clock()
        with self._store.read() as tx, closing(due_for_workers(tx, now=now, failed_since=now - patience)) as due:
            return choose(due, locks_in_use(tx), group_of)
