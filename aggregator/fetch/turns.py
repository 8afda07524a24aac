"""Turns that several programs share: what this one wants and leaves goes to the register together, and leases are kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

LONGEST_REST = 30.0  # seconds that a question waits for its host, where that asked for more
LOOK_EVERY = (0.1, 1.0)  # seconds: how soon it is looked again whether another has left, at first and later on
SAFE = 0.8  # of a lease: when it was not renewed by then, it is given up, before another may have the turn

log = structlog.get_logger()


class Register(Protocol):
    """Where turns are written down for all programs."""

    lease: float  # seconds

    async def exchange(self, take: Sequence[str], leave: Mapping[str, float]) -> dict[str, tuple[bool, float, float]]:
        """Leave groups, each with the seconds that it is to rest, and take others. For each of these: is it ours; how many
        seconds does it rest; for how many is it another's at most."""

    async def renew(self, held: Sequence[str]) -> set[str]:
        """Hold groups for another lease; returns those that are still ours."""


class Resting(Exception):  # noqa: N818 - says what is the case
    """A host asked one of us to wait, and for longer than a question waits."""

    def __init__(self, group: str, seconds: float) -> None:
        super().__init__(f"{group} asks us to wait for another {seconds:.0f} s")
        self.seconds = seconds


@dataclass(slots=True, eq=False)
class _Wish:
    group: str
    answer: asyncio.Future[tuple[bool, float, float]]


@dataclass(slots=True, eq=False)
class _Held:
    task: asyncio.Task[object] | None  # whose turn it is; ended when the turn is lost
    safe_until: float
    lost: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class SharedTurns:
    """This program's turns. `run` must go on beside, or they end after a lease. `now` and `sleep` are for tests."""

    register: Register
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    gathers: float = 0.01  # seconds for which more is waited for that goes the same way
    _wishes: list[_Wish] = field(default_factory=list)
    _leaving: dict[str, float] = field(default_factory=dict)
    _held: dict[str, _Held] = field(default_factory=dict)
    _asking: asyncio.Task[None] | None = None

    async def take(self, group: str) -> None:
        """Wait for the group's turn. Raises `Resting`, or what the register raises. One caller for one group at a time."""
        wait = LOOK_EVERY[0]
        while True:
            asked = self.now()
            ours, rests, held = await self._ask(group)
            if ours:
                self._held[group] = _Held(asyncio.current_task(), asked + SAFE * self.register.lease)
                return
            if rests > LONGEST_REST:
                raise Resting(group, rests)
            await self.sleep(max(rests, min(held, wait), 0.01))
            wait = min(2 * wait, LOOK_EVERY[1])

    def leave(self, group: str, rest: float) -> bool:
        """Give the turn back; the group rests for so many seconds. Returns whether it was ours to the end."""
        held = self._held.pop(group, None)
        self._leaving[group] = rest
        self._start()
        return held is None or not held.lost

    async def run(self) -> None:
        """Renew what is held, until cancelled. What could not be renewed in time is given up: its task is cancelled."""
        renewing, next_renewal = None, self.now() + self.register.lease / 4
        try:
            while True:
                await self.sleep(self.register.lease / 16)
                self._give_up()
                if self._held and next_renewal <= self.now() and (renewing is None or renewing.done()):
                    next_renewal = self.now() + self.register.lease / 4
                    # Beside this loop: a register that does not answer must not keep it from giving up.
                    renewing = asyncio.create_task(self._renew())
        finally:
            if renewing is not None:
                renewing.cancel()

    async def close(self) -> None:
        """Wait until what was left is written down."""
        while self._asking is not None:
            await asyncio.wait([self._asking])

    async def _renew(self) -> None:
        asked, wanted = self.now(), dict(self._held)
        try:
            async with asyncio.timeout(self.register.lease / 4):
                renewed = await self.register.renew([*wanted])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again until the lease is at its end
            log.warning("turns_not_renewed", reason=f"{type(error).__name__}: {error}")
            return
        for group, held in wanted.items():
            if group in renewed:
                held.safe_until = asked + SAFE * self.register.lease
            elif self._held.get(group) is held:
                self._lose(group, held)

    def _give_up(self) -> None:
        for group, held in self._held.items():
            if held.safe_until <= self.now():
                self._lose(group, held)

    def _lose(self, group: str, held: _Held) -> None:
        if not held.lost:
            held.lost = True
            log.warning("turn_lost", group=group)
            if held.task is not None:
                held.task.cancel()

    async def _ask(self, group: str) -> tuple[bool, float, float]:
        wish = _Wish(group, asyncio.get_running_loop().create_future())
        self._wishes.append(wish)
        self._start()
        try:
            return await wish.answer
        except asyncio.CancelledError:
            if wish in self._wishes:
                self._wishes.remove(wish)
            elif (
                not wish.answer.cancelled()
                and wish.answer.done()
                and wish.answer.exception() is None
                and wish.answer.result()[0]
            ):
                self._leaving[group] = 0.0  # it was ours just now, and nobody wants it any more
                self._start()
            raise

    def _start(self) -> None:
        if self._asking is None:
            self._asking = asyncio.create_task(self._exchange())

    async def _exchange(self) -> None:
        try:
            while self._wishes or self._leaving:
                await asyncio.sleep(self.gathers)
                leave, self._leaving = self._leaving, {}
                now = [wish for wish in self._wishes if wish.group not in leave]
                self._wishes = [wish for wish in self._wishes if wish.group in leave]
                await self._tell(now, leave)
        finally:
            self._asking = None

    async def _tell(self, wishes: Sequence[_Wish], leave: Mapping[str, float]) -> None:
        try:
            answers = await self.register.exchange([wish.group for wish in wishes], leave)
        except Exception as error:  # noqa: BLE001 - not handled here: handed to everybody who asked
            # What could not be given back ends with its lease.
            for wish in wishes:
                if not wish.answer.done():
                    wish.answer.set_exception(error)
            return
        for wish in wishes:
            if not wish.answer.done():
                wish.answer.set_result(answers[wish.group])
            elif answers[wish.group][0]:  # who wanted it was cancelled meanwhile
                self._leaving[wish.group] = 0.0
