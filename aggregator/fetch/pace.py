"""Turns: one request at a time per group, a gap between two, and so many at once in all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

PATIENCE = 0.5  # seconds: a request that takes longer no longer holds up the others
MOST_OPEN = 1_000  # requests under way at once, slow ones included: sockets are no endless supply
FORGET_AFTER = 4_000  # groups; idle ones are then dropped


def group_of(url: str, group: str) -> str:
    """The name of the group in which an address takes its turn.

    "host" is the address's own host and port, "url" the address alone, anything else a name that several hosts may share.
    """
    if group == "host":
        return urlsplit(url).netloc.lower()
    return f"url {url}" if group == "url" else f"group {group}"


@dataclass(slots=True)
class _Group:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ready_at: float = 0.0
    waiting: int = 0


class Pace:
    """Hands out turns.

    `at_once` is how many requests may be under way before the next has to wait. A slow one gives its place back after
    `PATIENCE`, so that hosts which hang hold up nobody but themselves. `now` and `sleep` are for tests.
    """

    def __init__(
        self,
        *,
        at_once: int,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._open = asyncio.Semaphore(max(MOST_OPEN, at_once))
        self._groups: dict[str, _Group] = {}
        self._now = now
        self._sleep = sleep

    @asynccontextmanager
    async def turn(self, group: str, gap: timedelta) -> AsyncIterator[None]:
        """Wait for the group's turn, then for room; after the turn, the group rests for at least `gap`."""
        mine = self._group(group)
        mine.waiting += 1
        try:
            async with mine.lock:
                wait = mine.ready_at - self._now()
                if wait > 0:
                    await self._sleep(wait)
                try:
                    async with self._open, self._quick_room():
                        yield
                finally:
                    mine.ready_at = self._now() + gap.total_seconds()
        finally:
            mine.waiting -= 1

    def _group(self, name: str) -> _Group:
        if len(self._groups) > FORGET_AFTER:
            now = self._now()
            self._groups = {key: one for key, one in self._groups.items() if one.waiting or one.ready_at > now}
        return self._groups.setdefault(name, _Group())

    @asynccontextmanager
    async def _quick_room(self) -> AsyncIterator[None]:
        await self._room.acquire()
        held = True

        def give_back() -> None:
            nonlocal held
            if held:
                held = False
                self._room.release()

        timer = asyncio.get_running_loop().call_later(PATIENCE, give_back)
        try:
            yield
        finally:
            timer.cancel()
            give_back()
