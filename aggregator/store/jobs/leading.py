"""One program leads: it alone hands out polls, settles and publishes, and another takes over when it is gone.

Who leads holds an advisory lock of PostgreSQL, which ends with the session that holds it: with the process, however that ends,
and, where its machine just vanishes, when the server has heard nothing of it for `SILENT`. Before that, the leader itself
knows: a session that it could not use for `TRUSTS` it takes for lost, and steps down.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aggregator.store import postgresql
from aggregator.store.engine import Store
from aggregator.store.errors import StoreError
from aggregator.store.jobs.link import Link, settings_for

TRIES_EVERY = 1.0  # seconds, by whoever waits
SIGNS_EVERY = 2.0  # seconds, by whoever leads
TRUSTS = 8.0  # seconds that the leader goes on without hearing from the server
SILENT = 11.0  # seconds after which the server ends a session that says nothing; and another has its turn a second later


# A number of 64 bits stands in two columns of 32. Of a session of another role, the server tells no more than that it is there.
_LEADER = """
SELECT coalesce(a.application_name, ''), coalesce(host(a.client_addr), ''),
    coalesce(extract(epoch FROM clock_timestamp() - a.state_change)::float8, 0)
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND (l.classid::bigint << 32) + l.objid::bigint = %s
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """Who leads."""

    what: str  # the command; "" where the server does not tell
    host: str  # its address; "" for the server's own machine
    silent: float  # seconds since it gave a sign of life

    @property
    def is_silent(self) -> bool:
        """Whether it may be gone: it gives a sign of life every `SIGNS_EVERY`."""
        return self.silent > 2 * SIGNS_EVERY


async def leader_of(link: Link) -> Leader | None:
    """Who leads now; None for nobody. Raises `StoreError`."""
    return next(map(_leader, await link.ask(_LEADER, (postgresql.LEADER_LOCK,))), None)


def _leader(row: tuple[Any, ...]) -> Leader:
    return Leader(what=row[0], host=row[1], silent=row[2])


class Leadership:
    """The right to lead, or the wait for it. One object for one try; `lost` is set when it is over."""

    def __init__(self, store: Store, *, what: str = "aggregator") -> None:
        """`what` is the command that leads, as others are told."""
        self._name = store.name
        told = settings_for(store.engine, f"-c idle_session_timeout={round(SILENT * 1000)}")
        self._settings = {**told, "application_name": what}
        self._connection: Any = None
        self.lost = asyncio.Event()

    async def wait(self) -> None:
        """Wait until nobody else leads. Raises `StoreError` where the server cannot be reached at all."""
        while not await self.try_once():  # noqa: ASYNC110 - what is waited for happens in another program
            await asyncio.sleep(TRIES_EVERY)

    async def try_once(self) -> bool:
        """Take the lead where nobody has it; returns whether it is ours now. Raises `StoreError`."""
        ((ours,),) = await self._ask("SELECT pg_try_advisory_lock(%s)")
        return bool(ours)

    async def leader(self) -> Leader | None:
        """Who leads now; None for nobody. Raises `StoreError`."""
        return next(map(_leader, await self._ask(_LEADER)), None)

    async def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask something about the lock, on the session that is to hold it."""
        import psycopg  # noqa: PLC0415 - the store is on PostgreSQL, so it is there

        try:
            if self._connection is None or self._connection.closed:
                self._connection = await psycopg.AsyncConnection.connect(**self._settings, autocommit=True)
            async with asyncio.timeout(TRUSTS):
                rows: list[tuple[Any, ...]] = await (await self._connection.execute(sql, (postgresql.LEADER_LOCK,))).fetchall()
        except (psycopg.Error, TimeoutError) as error:
            await self.leave()
            raise StoreError(f"{self._name}: {postgresql.explained(error)}") from error
        return rows

    @property
    def tries_every(self) -> float:
        """Seconds between two tries of one who waits."""
        return TRIES_EVERY

    async def keep(self) -> None:
        """Give signs of life, until cancelled or until the lead is lost: then `lost` is set."""
        heard, sign = time.monotonic(), None
        try:
            while True:
                await asyncio.sleep(SIGNS_EVERY)
                sign = asyncio.ensure_future(self._connection.execute("SELECT 1"))
                # Not with a time limit around it: to give up a question, psycopg asks the server to, and waits for that.
                await asyncio.wait([sign], timeout=max(0.0, TRUSTS - (time.monotonic() - heard)))
                if not sign.done() or sign.exception() is not None:
                    break
                heard = time.monotonic()
            self.lost.set()
        finally:
            if sign is not None:
                sign.cancel()

    async def leave(self) -> None:
        """Lead no more; whoever waits has its turn."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # a session that cannot be ended ends by itself
                async with asyncio.timeout(1.0):
                    await connection.close()
