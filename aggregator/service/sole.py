"""Who polls by itself is the only one that does, on whatever machine: on PostgreSQL, it leads as long as it works."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aggregator.service.holding import LEADING, RUNNING, StoreHeld
from aggregator.store import Store, StoreError
from aggregator.store.jobs.queue import LIVING_SECONDS, empty_queue, living_workers

if TYPE_CHECKING:
    from aggregator.store.jobs.leading import Leader, Leadership

TOGETHER = "let several work together: `aggregator run --no-poll` with any number of `aggregator worker`"


class LeadLost(StoreError):  # noqa: N818 - says what is the case
    """The server was not heard for so long that another may lead by now; whoever started this one starts it again."""


class Alone:
    """The right to poll without asking others for their turns. `lost` is set when somebody else has it."""

    def __init__(self, leadership: Leadership | None, *, name: str) -> None:
        """Without a `leadership` there is nobody else: the store is a SQLite file, and its folder is held."""
        self._leadership, self._name = leadership, name
        self.lost = asyncio.Event()

    async def begin(self) -> None:
        """Take the right. Raises `StoreHeld` where somebody has it, with what to do; `StoreError` where nobody can be asked."""
        if self._leadership is not None and (leader := await self._try()) is not None:
            raise StoreHeld(_refusal(self._name, leader))

    async def keep(self) -> None:
        """Keep the right until cancelled, and take it again where the server was away; ends where another has it."""
        if self._leadership is None:
            await asyncio.Event().wait()
            return
        while True:
            await self._leadership.keep()
            if not await self._again():
                self.lost.set()
                return

    async def _again(self) -> bool:
        """Whether it is ours again, once the server answers."""
        assert self._leadership is not None, "asked for on PostgreSQL alone"  # noqa: S101 - says what holds
        while True:
            await self._leadership.leave()
            try:
                return await self._try() is None
            except StoreError:  # the service tells it, too, when it needs its store
                await asyncio.sleep(self._leadership.tries_every)

    async def _try(self) -> Leader | None:
        """None where it is ours now; else who has it. One that gives no sign of life is waited for: its session ends soon."""
        assert self._leadership is not None, "asked for on PostgreSQL alone"  # noqa: S101 - says what holds
        while not await self._leadership.try_once():
            leader = await self._leadership.leader()
            if leader is not None and not leader.is_silent:
                return leader
            await asyncio.sleep(self._leadership.tries_every)
        return None


@asynccontextmanager
async def alone(store: Store, *, what: str) -> AsyncIterator[Alone]:
    """Poll for a store, and nobody else does: neither on another machine, nor a worker. `what` is the command.

    Raises `StoreHeld` where somebody does, with what to do about it. What the leader of workers had handed out is taken back;
    it is due, so it is handed out again where workers are to poll again.
    """
    if store.is_sqlite:
        yield Alone(None, name=store.name)
        return
    from aggregator.store.jobs.leading import Leadership  # noqa: PLC0415 - for PostgreSQL alone

    leadership = Leadership(store, what=what)
    right = Alone(leadership, name=store.name)
    try:
        await right.begin()
        await asyncio.to_thread(_take_back, store)
        yield right
    finally:
        await leadership.leave()


def _take_back(store: Store) -> None:
    """A worker that comes back from a long silence stores nothing that was polled meanwhile: see `store.jobs.fence`."""
    with store.read() as tx:
        workers = living_workers(tx)
    if workers:
        raise StoreHeld(
            f"{store.name}: {workers} workers poll for it, or did {LIVING_SECONDS} s ago. Start `aggregator run --no-poll`,"
            " which leaves the polls to them; or stop them first."
        )
    with store.write() as tx:
        empty_queue(tx)


def _refusal(name: str, leader: Leader) -> str:
    where = f" on {leader.host}" if leader.host else ""
    if leader.what == LEADING:
        return (
            f"{name}: `{LEADING}`{where} leads here, and workers poll. Start this one as `{LEADING}`, too: it then waits, and"
            " takes over when that one is gone. Or stop the others first."
        )
    who = f"`{leader.what}`" if leader.what else "another program of aggregator"
    return f"{name}: {who}{where} polls for this store already. Stop it first; or {TOGETHER}."


def refuse_beside(leader: Leader | None, *, name: str) -> None:
    """Raise `StoreHeld` where a worker would have nothing to do, as the one that leads polls by itself."""
    if leader is not None and leader.what == RUNNING:
        where = f" on {leader.host}" if leader.host else ""
        raise StoreHeld(
            f"{name}: `{RUNNING}`{where} polls for this store by itself, so there is nothing for a worker to do. Stop that one,"
            f" and start it as `{LEADING}`."
        )
