"""The served site beside a running service: begun with it, and anew when another configuration says other things of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from aggregator.config import Config
from aggregator.store import Store, StoreError

if TYPE_CHECKING:
    from aggregator.web.measures import Measures
    from aggregator.web.serving import Serving

log = structlog.get_logger()


class StandingSite:
    """Serves the site and the API where `listen` says so. Where that cannot be, the log says why, and all else goes on."""

    def __init__(
        self,
        open_store: Callable[[Config], Store],
        *,
        clock: Callable[[], datetime],
        alive: Callable[[], bool],
        measures: Measures | None = None,
    ) -> None:
        """`open_store` opens a store for reading alone, and may raise `StoreError`; `alive` says whether the service ticks."""
        self._measures = measures
        self._open_store, self._clock, self._alive = open_store, clock, alive
        self._serving: Serving | None = None
        self._under: Config | None = None

    async def follow(self, config: Config) -> None:
        """Serve as a configuration says, from now on. Where it says other things of the site, readers are cut off."""
        if self._under is not None and _said(self._under) == _said(config):
            return
        await self.end()
        self._under = config
        if not config.web.listen:
            return
        from aggregator.web.serving import ListenError, Serving  # noqa: PLC0415 - for who serves alone

        try:
            self._serving = Serving(
                self._open_store(config),
                config,
                clock=self._clock,
                alive=self._alive,
                measures=self._measures,
                waits=True,  # most of the memory of a site is for who asks it
            )
        except (ListenError, StoreError) as error:
            log.error("site_not_served", reason=str(error))
        else:
            self._serving.start()

    async def end(self) -> None:
        """Serve no more."""
        serving, self._serving = self._serving, None
        if serving is not None:
            await asyncio.to_thread(serving.stop)


def _said(config: Config) -> object:
    """What the served site depends on."""
    service = config.service
    return config.web, service.contact, service.storage, service.low_disk, service.full_disk
