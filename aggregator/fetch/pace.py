"""One request at a time per host, whoever asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class HostPace:
    """Hands out turns: one per host, and so many in all. A slow host holds up nobody but itself."""

    def __init__(self, *, at_once: int) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._hosts: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn, then for room."""
        lock = self._hosts.setdefault(host, asyncio.Lock())
        async with lock, self._room:
            yield
