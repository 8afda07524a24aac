"""Raw bytes whose time is up, or for which there is no more room, go, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog
from sqlalchemy import Connection

from aggregator.config import Config
from aggregator.pipeline.road import Clock
from aggregator.store import Store
from aggregator.store.retention import ALL, Keeps, Step, mark_expired, remove_marked, sources_to_look_at
from aggregator.store.sizes import Excess, excesses, mark_oldest
from aggregator.store.snapshots import Snapshots
from aggregator.store.writer import Writer

Enough = Callable[[], bool]
Work = Callable[[Connection], Step]
Steps = Generator[Work, Step, Step]  # yields work for a transaction of its own, is sent what that did, returns the sum

log = structlog.get_logger()


class AtWork(Protocol):
    """What work for the store needs beside polls that are under way: a road has it."""

    @property
    def config(self) -> Config:
        """What is configured."""

    @property
    def store(self) -> Store:
        """What is worked on."""

    @property
    def clock(self) -> Clock:
        """Tells the present moment."""

    @property
    def writer(self) -> Writer:
        """By whom it is written to, in turn with polls."""


def prune(store: Store, config: Config, *, now: datetime, enough: Enough = bool) -> Step:
    """Give up what `keep_snapshots` and `snapshots_size` no longer keep, until it is `enough`; returns what was done. Nobody
    else may write."""
    keeps = keeps_of(config)
    done = _run(store, _old_steps(store.snapshots, keeps, _old(store, keeps, now), now=now, enough=enough))
    for excess in _too_much(store, keeps):
        done += _run(store, _size_steps(store.snapshots, keeps, _less(excess, done), now=now, enough=enough))
    return _told(done)


async def prune_beside(at: AtWork, *, enough: Enough = bool) -> Step:
    """The same beside polls that are under way: they and it write in turn."""
    now, keeps, store = at.clock(), keeps_of(at.config), at.store
    old = await asyncio.to_thread(_old, store, keeps, now)
    done = await _run_beside(at, _old_steps(store.snapshots, keeps, old, now=now, enough=enough))
    for excess in await asyncio.to_thread(_too_much, store, keeps):
        steps = _size_steps(store.snapshots, keeps, _less(excess, done), now=now, enough=enough)
        done += await _run_beside(at, steps)
    return _told(done)


def _run(store: Store, steps: Steps) -> Step:
    try:
        work = next(steps)
        while True:
            with store.write() as tx:
                step = work(tx)
            work = steps.send(step)
    except StopIteration as end:
        done: Step = end.value
        return done


async def _run_beside(at: AtWork, steps: Steps) -> Step:
    try:
        work = next(steps)
        while True:
            work = steps.send(await at.writer.run(work))
    except StopIteration as end:
        done: Step = end.value
        return done


def keeps_of(config: Config) -> Keeps:
    """How long, and how much, a configuration keeps of the bytes of each source; of one that left the file, as usual."""
    own: dict[str, timedelta] = {
        key: one.keep_snapshots for key, one in config.sources.items() if one.keep_snapshots is not None
    }
    sizes: dict[str, int] = {key: one.snapshots_size for key, one in config.sources.items() if one.snapshots_size is not None}
    if config.service.snapshots_size is not None:
        sizes[ALL] = config.service.snapshots_size
    return Keeps(usual=config.service.keep_snapshots, of=own, sizes=sizes)


def _old(store: Store, keeps: Keeps, now: datetime) -> list[str]:
    if not keeps.by_age:
        return []
    with store.read() as tx:
        return sources_to_look_at(tx, keeps, now=now)


def _too_much(store: Store, keeps: Keeps) -> list[Excess]:
    if not keeps.sizes:
        return []
    with store.read() as tx:
        return excesses(tx, keeps.sizes)


def _less(excess: Excess, done: Step) -> Excess:
    """What is too much of all together is less by what sources have given up since that was asked."""
    return replace(excess, kept=excess.kept - done.too_much) if excess.key == ALL else excess


def _old_steps(folder: Snapshots, keeps: Keeps, old: Sequence[str], *, now: datetime, enough: Enough) -> Steps:
    """What an earlier run has left behind; then, by turns, a little of what has grown old, and the files that this gives up."""
    total = Step(left=tuple(old), more=True)
    while (total.left or total.more) and not enough():
        if total.more:
            step = yield partial(remove_marked, folder=folder, keeps=keeps, now=now)
            step = replace(step, left=total.left, more=step.more or step.marked > 0)
        else:
            step = yield partial(mark_expired, wanted=total.left, keeps=keeps, now=now)
            step = replace(step, more=step.marked > 0)
        total += step
    return total


def _size_steps(folder: Snapshots, keeps: Keeps, excess: Excess, *, now: datetime, enough: Enough) -> Steps:
    """By turns, a little of what was received longest ago, and the files that this gives up, until no more is too much."""
    total, left = Step(), excess
    while left.bytes > 0 and not enough():
        step = yield partial(mark_oldest, excess=left, keeps=keeps, now=now)
        total += step
        left = replace(left, kept=left.kept - step.too_much)
        files = Step(more=step.marked > 0)
        while files.more and not enough():
            files = yield partial(remove_marked, folder=folder, keeps=keeps, now=now)
            total += files
        if left.bytes > 0 and not step.more:  # what is left is needed
            log.warning("snapshots_too_large", of=excess.key or "all", bytes=left.kept, most=excess.most)
            return replace(total, more=False, over=left.bytes)
    return replace(total, more=left.bytes > 0)


def _told(done: Step) -> Step:
    """One line in the log for a run that did something, and one for each file that could not be removed."""
    for failure in done.failed:
        log.warning("snapshot_not_removed", reason=failure)
    if done.removed:
        log.info("snapshots_removed", looked=done.looked, removed=done.removed, freed=done.freed)
    return done
