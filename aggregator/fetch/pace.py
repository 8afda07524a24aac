"""Turns: one request at a time per group, a gap between two, and so many at once in all."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from types import TracebackType
from typing import Protocol
from urllib.parse import urlsplit

PATIENCE = 0.5  # seconds: a request that takes longer no longer holds up the others
MOST_OPEN = 1_000  # requests under way at once, slow ones included: sockets are no endless supply
FORGET_AFTER = 4_000  # groups; idle ones are then dropped


@lru_cache(maxsize=1_000)  # asked several times for each request
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
    rests: float = 0.0  # seconds that the host asked for in the present turn
    waiting: int = 0


class Shared(Protocol):
    """Turns that several programs share."""

    async def take(self, group: str) -> None:
        """Wait until no other program has this group's turn, and its rest is over."""

    def leave(self, group: str, rest: float) -> bool:
        """Give the turn back, with the seconds that the group is to rest; returns whether it was ours to the end."""


class Pace:
    """Hands out turns.

    `at_once` is how many requests may be under way before the next has to wait. A slow one gives its place back after
    `PATIENCE`, so that hosts which hang hold up nobody but themselves. With `shared` turns, other programs that share them do
    not ask a group meanwhile, either. `now` and `sleep` are for tests.
    """

    def __init__(
        self,
        *,
        at_once: int,
        shared: Shared | None = None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.room = asyncio.Semaphore(at_once)  # for requests that are quick
        self.open = asyncio.Semaphore(max(MOST_OPEN, at_once))  # for all
        self.shared = shared
        self.now = now
        self.sleep = sleep
        self._groups: dict[str, _Group] = {}
        # Turns that hold room, or held it a moment ago, each with when its patience ends: all are equally patient.
        self._holding: deque[tuple[float, _Turn]] = deque()
        self._hold = 0  # how many hold room
        self._watch: asyncio.TimerHandle | None = None  # one for all: most turns end before it goes off

    def turn(self, group: str, gap: timedelta) -> AbstractAsyncContextManager[None]:
        """Wait for the group's turn, then for room; after the turn, the group rests for at least `gap`."""
        return _Turn(self, group, gap)

    def rest(self, group: str, seconds: float) -> None:
        """Called within a turn whose host asks to be left alone for so long: all programs that share turns keep to it. In one
        program alone, the plan of each source does."""
        if self.shared is not None:
            self.group(group).rests = seconds

    def hold(self, turn: _Turn) -> None:
        """A turn has taken room: it is taken from it when the turn lasts too long."""
        loop = asyncio.get_running_loop()
        self._hold += 1
        self._holding.append((loop.time() + PATIENCE, turn))
        if self._watch is None:
            self._watch = loop.call_later(PATIENCE, self._look)

    def let_go(self) -> None:
        """A turn has given its room back."""
        self.room.release()
        self._hold -= 1
        if not self._hold:
            self._holding.clear()
            if self._watch is not None:
                self._watch.cancel()
                self._watch = None

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        self._watch = None
        while self._holding and (not self._holding[0][1].holds_room or self._holding[0][0] <= loop.time()):
            self._holding.popleft()[1].give_room_back()
        if self._holding:
            self._watch = loop.call_at(self._holding[0][0], self._look)

    def group(self, name: str) -> _Group:
        """The group of this name, known before or not."""
        if len(self._groups) > FORGET_AFTER:
            now = self.now()
            self._groups = {key: one for key, one in self._groups.items() if one.waiting or one.ready_at > now}
        group = self._groups.get(name)
        if group is None:
            group = self._groups[name] = _Group()
        return group


class _Turn(AbstractAsyncContextManager[None]):
    """One turn. (A generator would do, in three times the time, and every question passes here.)"""

    __slots__ = ("_gap", "_group", "_name", "_pace", "holds_room")

    def __init__(self, pace: Pace, group: str, gap: timedelta) -> None:
        self._pace = pace
        self._name = group
        self._group = pace.group(group)
        self._gap = gap
        self.holds_room = False

    async def __aenter__(self) -> None:
        pace, group = self._pace, self._group
        held: list[asyncio.Lock | asyncio.Semaphore] = []
        shared = False
        group.waiting += 1
        try:
            await group.lock.acquire()
            held.append(group.lock)
            wait = group.ready_at - pace.now()
            if wait > 0:
                await pace.sleep(wait)
            if pace.shared is not None:
                await pace.shared.take(self._name)
                shared = True
            await pace.open.acquire()
            held.append(pace.open)
            await pace.room.acquire()
        except BaseException:  # nothing was asked, so nothing calls for a rest
            if shared and pace.shared is not None:
                pace.shared.leave(self._name, 0.0)
            for one in held:
                one.release()
            group.waiting -= 1
            raise
        self.holds_room = True
        pace.hold(self)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_room_back()
        pace, group, rest = self._pace, self._group, self._gap.total_seconds()
        pace.open.release()
        lost = pace.shared is not None and not pace.shared.leave(self._name, max(rest, group.rests))
        group.rests = 0.0
        group.ready_at = pace.now() + rest
        group.lock.release()
        group.waiting -= 1
        task = asyncio.current_task()
        if lost and isinstance(error, asyncio.CancelledError) and task is not None and not task.uncancel():
            raise TimeoutError("the turn at this host was lost while it was asked") from error

    def give_room_back(self) -> None:
        """Once; whoever is still asking then asks on without it."""
        if self.holds_room:
            self.holds_room = False
            self._pace.let_go()
