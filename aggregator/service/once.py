"""What is done once, where no service runs: ask some sources, publish what is ready, tell others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

from aggregator.model import SourceKey
from aggregator.pipeline import PollReport, Published, Road, poll_source, tell_ready
from aggregator.publish import drain
from aggregator.publish.notify import Notifier, Tally
from aggregator.publish.site import site_of
from aggregator.store.sources import all_sources, needed_stand_ins

TELLING_SECONDS = 60.0  # that one `aggregator poll` spends on telling others


async def poll_all(the_road: Road, keys: list[SourceKey]) -> AsyncIterator[PollReport]:
    """Ask sources, concurrently; one report after the other, as they come in."""
    with the_road.store.read() as tx:
        states = {state.key: state for state in all_sources(tx)}
    tasks = [asyncio.create_task(poll_source(the_road, key, state=states[key])) for key in keys]
    try:
        for done in asyncio.as_completed(tasks):
            yield await done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def poll_with_stand_ins(the_road: Road, keys: Sequence[SourceKey]) -> AsyncIterator[PollReport]:
    """Ask sources, as `poll_all` does; then, of each that fails, what stands in for it, until one of those answers."""
    asked: set[SourceKey] = set()
    following = list(keys)
    while following:
        asked.update(following)
        async for report in poll_all(the_road, following):
            yield report
        with the_road.store.read() as tx:
            needed = needed_stand_ins(tx)
        following = [state.key for state in needed if state.key not in asked and state.instead_of in asked]


def publish_ready(the_road: Road, *, enough: Callable[[], bool] = bool) -> list[Published]:
    """Turn what has settled into updates, until it is `enough`, and bring them to the readers."""
    published = tell_ready(the_road.store, the_road.config, now=the_road.clock(), enough=enough)
    bring_out(the_road)
    return published


def bring_out(the_road: Road) -> bool:
    """Bring what is published to the readers; returns whether all of it arrived."""
    service, site = the_road.config.service, site_of(the_road.store, the_road.config)
    done = drain(the_road.store, service.storage / "site", now=the_road.clock(), site=site, contact=service.contact)
    return not done.failures


async def notify_all(the_road: Road) -> Tally:
    """Tell all targets what is due, within `TELLING_SECONDS`; what is not done then is sent by the next run."""
    notifier = Notifier(the_road.store, the_road.config, clock=the_road.clock)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(TELLING_SECONDS):
                await notifier.drain()
    finally:
        await notifier.close()
    return notifier.tally
