"""The service from its first breath to its last."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable, Coroutine
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from aggregator.config import Config
from aggregator.pipeline import Clock, Road
from aggregator.service.deferring import Deferrer
from aggregator.service.holding import RUNNING, hold, utc_now
from aggregator.service.opening import open_for
from aggregator.service.sole import Alone, LeadLost, alone
from aggregator.service.ticking import Service
from aggregator.service.wiring import road

if TYPE_CHECKING:
    from aggregator.web.measures import Measures

EXIT_LOST = 1  # where a thread could not be waited for; see `running.failures`

log = structlog.get_logger()


class State(StrEnum):
    """What a program that watches over the service is told."""

    READY = "ready"
    ALIVE = "alive"
    STOPPING = "stopping"


async def serve(
    config: Config,
    *,
    clock: Clock = utc_now,
    tell: Callable[..., object] = lambda *_: None,
    beside: Callable[[Service], Coroutine[Any, Any, None]] | None = None,
    measures: Measures | None = None,
) -> None:
    """Run the service until SIGTERM or SIGINT. Raises `StoreError` or `StoreHeld` before anything is asked.

    `tell` hears each `State` as it comes, `ALIVE` at each tick; some with a sentence. `beside` runs as long as the service.
    `measures` are those that its site shows at /metrics.
    """
    with hold(config.service.storage, what=RUNNING, clock=clock):
        store, ended = open_for(config), list[LeadLost]()
        try:
            async with alone(store, what=RUNNING) as right, road(config, store, clock=clock) as the_road:
                until = partial(_until_lost, right, ended)
                await serve_road(the_road, tell=tell, beside=beside, until=until, measures=measures)
        finally:
            store.close()
    if ended:
        raise ended[0]


async def _until_lost(right: Alone, ended: list[LeadLost], service: Service) -> None:
    """Stop the service where another polls for its store now."""
    await right.keep()
    ended.append(LeadLost(f"{service.store.name}: the server was not heard for long, and another polls for this store by now."))
    service.exit_code = EXIT_LOST
    service.stop()


async def serve_road(
    the_road: Road,
    *,
    tell: Callable[..., object],
    beside: Callable[[Service], Coroutine[Any, Any, None]] | None,
    deferrer: Deferrer | None = None,
    until: Callable[[Service], Coroutine[Any, Any, None]] | None = None,
    measures: Measures | None = None,
) -> None:
    """Run the service on a road, as `serve` does; with a `deferrer` for workers. `until` runs beside it, and may end it."""
    config = the_road.config
    service = Service(the_road, alive=partial(tell, State.ALIVE), deferrer=deferrer, measures=measures)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop, service, tell)
    await service.site.follow(config)
    gc.freeze()  # what was imported stays; a collection need not look at it again and again
    log.info("started", sources=len(config.sources), stories=len(config.stories), store=the_road.store.name)
    tell(State.READY, f"follows {len(config.sources)} sources and {len(config.stories)} stories")
    others = [asyncio.create_task(one(service)) for one in (beside, until) if one is not None]
    await service.run()
    for other in others:
        other.cancel()


class Stops(Protocol):
    """What runs until it is told to stop."""

    def stop(self) -> None:
        """Ask for the end."""


def stop(running: Stops, tell: Callable[..., object]) -> None:
    """Tell that it stops, and ask for the end."""
    tell(State.STOPPING)
    running.stop()
