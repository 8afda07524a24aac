"""Raw bytes whose time is up go, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from aggregator.config import Config
from aggregator.pipeline.road import Road
from aggregator.store import Store
from aggregator.store.retention import Keeps, Step, mark_expired, remove_marked, sources_to_look_at
from aggregator.store.snapshots import Snapshots

Work = Callable[[Connection], Step]
Steps = Generator[Work, Step, Step]  # yields work for a transaction of its own, is sent what that did, returns the sum

log = structlog.get_logger()


def prune(store: Store, config: Config, *, now: datetime, enough: Callable[[], bool] = bool) -> Step:
    """Give up what `keep_snapshots` no longer keeps, until it is `enough`; returns what was done. Nobody else may write."""
    keeps = keeps_of(config)
    steps = _steps(store.snapshots, keeps, _wanted(store, keeps, now), now=now, enough=enough)
    try:
        work = next(steps)
        while True:
            with store.write() as tx:
                step = work(tx)
            work = steps.send(step)
    except StopIteration as end:
        return _told(end.value)


async def prune_beside(road: Road, *, enough: Callable[[], bool] = bool) -> Step:
    """The same beside polls that are under way: they and it write in turn."""
    now, keeps = road.clock(), keeps_of(road.config)
    wanted = await asyncio.to_thread(_wanted, road.store, keeps, now)
    steps = _steps(road.store.snapshots, keeps, wanted, now=now, enough=enough)
    try:
        work = next(steps)
        while True:
            work = steps.send(await road.writer.run(work))
    except StopIteration as end:
        return _told(end.value)


def keeps_of(config: Config) -> Keeps:
    """How long a configuration keeps the bytes of each source; of one that is in the file no more, as usual."""
    own: dict[str, timedelta] = {
        key: one.keep_snapshots for key, one in config.sources.items() if one.keep_snapshots is not None
    }
    return Keeps(usual=config.service.keep_snapshots, of=own)


def _wanted(store: Store, keeps: Keeps, now: datetime) -> list[str]:
    if keeps.everything:
        return []
    with store.read() as tx:
        return sources_to_look_at(tx, keeps, now=now)


def _steps(folder: Snapshots, keeps: Keeps, wanted: Sequence[str], *, now: datetime, enough: Callable[[], bool]) -> Steps:
    """What an earlier run has left behind; then, by turns, a little of what has grown old, and the files that this gives up."""
    total = Step(left=tuple(wanted), more=True)
    while (total.left or total.more) and not enough():
        if total.more:
            step = yield partial(remove_marked, folder=folder, keeps=keeps, now=now)
            step = replace(step, left=total.left, more=step.more or step.marked > 0)
        else:
            step = yield partial(mark_expired, wanted=total.left, keeps=keeps, now=now)
            step = replace(step, more=step.marked > 0)
        total += step
    return total


def _told(done: Step) -> Step:
    """One line in the log for a run that did something, and one for each file that could not be removed."""
    for failure in done.failed:
        log.warning("snapshot_not_removed", reason=failure)
    if done.removed:
        log.info("snapshots_removed", looked=done.looked, removed=done.removed, freed=done.freed)
    return done
