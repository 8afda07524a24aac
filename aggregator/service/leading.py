"""The service where workers poll: one leads, which hands out polls, settles and publishes; others wait to take over."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from aggregator.config import Config
from aggregator.fetch.pace import Pace
from aggregator.fetch.turns import SharedTurns
from aggregator.service.deferring import Deferrer
from aggregator.service.holding import LEADING, hold_together, utc_now
from aggregator.service.opening import open_for
from aggregator.service.serving import State, serve_road, stop
from aggregator.service.sole import LeadLost, refuse_beside
from aggregator.service.ticking import Service
from aggregator.service.wiring import road
from aggregator.service.working import Under, Worker, shared_turns, worker_road
from aggregator.store import Store, StoreError
from aggregator.store.jobs.leading import Leadership, leader_of
from aggregator.store.jobs.link import linked
from aggregator.store.jobs.moment import DatabaseClock
from aggregator.store.jobs.tables import prepare_jobs

if TYPE_CHECKING:
    from aggregator.web.measures import Measures

WORKING = "aggregator worker"
EXIT_OVER = 1  # where a thread could not be waited for; see `running.failures`
ALIVE_EVERY = 5.0  # seconds, for the program that watches over a worker

Beside = Callable[[Service], Coroutine[Any, Any, None]]
log = structlog.get_logger()


async def lead(
    config: Config,
    *,
    tell: Callable[..., object] = lambda *_: None,
    beside: Beside | None = None,
    measures: Measures | None = None,
) -> None:
    """Wait until nobody else leads, and lead until SIGTERM or SIGINT.

    Raises `StoreError` or `StoreHeld` before anything is done, `LeadLost` where the lead was lost, `NewerSchema` where the
    store was brought to a schema that this program does not know.
    """
    with hold_together(config.service.storage, what=LEADING, clock=utc_now):
        store = open_for(config)
        try:
            prepare_jobs(store)
            leadership = Leadership(store, what=LEADING)
            try:
                if await _has_turn(leadership, tell):
                    await _lead(config, store, leadership, tell=tell, beside=beside, measures=measures)
            finally:
                await leadership.leave()
        finally:
            store.close()


async def _has_turn(leadership: Leadership, tell: Callable[..., object]) -> bool:
    """Wait for the lead; False where a signal to stop came first."""
    if await leadership.try_once():
        return True
    log.info("waits_to_lead", why="another one leads")
    tell(State.READY, "waits: another one leads")
    waiting = asyncio.ensure_future(leadership.wait())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, waiting.cancel)
    try:
        while not waiting.done():
            await asyncio.wait([waiting], timeout=ALIVE_EVERY)
            tell(State.ALIVE)
        await waiting
    except asyncio.CancelledError:
        tell(State.STOPPING)
        return False
    return True


async def _lead(
    config: Config,
    store: Store,
    leadership: Leadership,
    *,
    tell: Callable[..., object],
    beside: Beside | None,
    measures: Measures | None,
) -> None:
    ended: list[StoreError] = []
    keeping = asyncio.create_task(leadership.keep())
    clock = DatabaseClock()
    try:
        async with linked(store) as link, shared_turns(link) as turns:
            await clock.look(link)
            log.info("leads")
            deferrer = Deferrer(store, link, clock)
            pace = Pace(at_once=config.service.concurrency, shared=turns)
            until = partial(_until_over, leadership, deferrer, turns, ended)
            async with road(config, store, clock=clock, pace=pace) as the_road:
                await serve_road(the_road, tell=tell, beside=beside, deferrer=deferrer, until=until, measures=measures)
    finally:
        keeping.cancel()
    if ended:
        raise ended[0]


async def _until_over(
    leadership: Leadership, deferrer: Deferrer, turns: SharedTurns, ended: list[StoreError], service: Service
) -> None:
    """Stop the service when the lead is lost, or the store has become one that it does not know."""
    over = [asyncio.create_task(one) for one in (leadership.lost.wait(), deferrer.over.wait(), turns.run())]
    try:
        await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in over:
            one.cancel()
    lost = LeadLost(
        "the server was not heard for long, so another may lead by now. Started again, this one waits for its turn."
    )
    ended.append(deferrer.why or lost)
    service.exit_code = EXIT_OVER
    service.stop()


async def work(
    config: Config,
    *,
    concurrency: int,
    tell: Callable[..., object] = lambda *_: None,
    beside: Callable[[Worker], Coroutine[Any, Any, None]] | None = None,
) -> None:
    """Work for the leader until SIGTERM or SIGINT; `beside` runs as long as that.

    Raises `StoreError` or `StoreHeld` before anything is asked, `NewerSchema` where the store was brought to a schema that this
    program does not know: what was under way is done then.
    """
    with hold_together(config.service.storage, what=WORKING, clock=utc_now):
        store = open_for(config)
        try:
            prepare_jobs(store)
            clock = DatabaseClock()
            async with linked(store) as link, shared_turns(link) as turns:
                await clock.look(link)
                refuse_beside(await leader_of(link), name=store.name)
                configuration = Under()
                async with worker_road(config, store, clock, turns, configuration=configuration) as the_road:
                    worker = Worker(the_road, link, clock, turns, under=configuration, concurrency=concurrency)
                    await _work(worker, tell, beside)
        finally:
            store.close()
    if worker.ended_by is not None:
        raise worker.ended_by


async def _work(
    worker: Worker, tell: Callable[..., object], beside: Callable[[Worker], Coroutine[Any, Any, None]] | None
) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop, worker, tell)
    tell(State.READY, "works")
    working = asyncio.create_task(worker.run())
    other = asyncio.create_task(beside(worker)) if beside is not None else None
    while not working.done():
        await asyncio.wait([working], timeout=ALIVE_EVERY)
        tell(State.ALIVE)
    if other is not None:
        other.cancel()
        await asyncio.wait([other])
    await working
