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

AGAIN_EVERY = 30.0  # seconds between two tries to serve, where that cannot be

log = structlog.get_logger()


class StandingSite:
    """Serves the site and the API where `listen` says so. Where that cannot be, the log says why, all else goes on, and it is
    tried again: what listens there may be another program that is about to end."""

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
        self._trying: asyncio.Task[None] | None = None
        self.trouble = ""  # why it is not served, while it should be

    async def follow(self, config: Config) -> None:
        """Serve as a configuration says, from now on. Where it says other things of the site, readers are cut off."""
        if self._under is not None and _said(self._under) == _said(config):
            return
        await self.end()
        self._under = config
        if config.web.listen and not self._begin(config):
            self._trying = asyncio.create_task(self._try_again(config))

    async def _try_again(self, config: Config) -> None:
        while self.trouble:
            await asyncio.sleep(AGAIN_EVERY)
            self._begin(config)

    def _begin(self, config: Config) -> bool:
        from aggregator.web.serving import ListenError, Serving  # noqa: PLC0415 - for who serves alone

        store = None
        try:
            store = self._open_store(config)
            self._serving = Serving(
                store,
                config,
                clock=self._clock,
                alive=self._alive,
                measures=self._measures,
                waits=True,  # most of the memory of a site is for who asks it
            )
        except (ListenError, StoreError) as error:
            if store is not None:
                store.close()
            if self.trouble != str(error):
                log.error("site_not_served", reason=str(error), next_try_s=int(AGAIN_EVERY))
            self.trouble = str(error)
            return False
        self.trouble = ""
        self._serving.start()
        return True

    async def end(self) -> None:
        """Serve no more."""
        if self._trying is not None:
            self._trying.cancel()
        self._trying, self.trouble = None, ""
        serving, self._serving = self._serving, None
        if serving is not None:
            await asyncio.to_thread(serving.stop)


def _said(config: Config) -> object:
    """What the served site depends on."""
    service = config.service
    return config.web, service.contact, service.storage, service.low_disk, service.full_disk
