"""One program leads: it alone hands out polls, settles and publishes, and another takes over when it is gone.

Who leads holds an advisory lock of PostgreSQL, which ends with the session that holds it: with the process, however that ends,
and, where its machine just vanishes, when the server has heard nothing of it for `SILENT`. Before that, the leader itself
knows: a session that it could not use for `TRUSTS` it takes for lost, and steps down.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

from aggregator.store import postgresql
from aggregator.store.engine import Store
from aggregator.store.errors import StoreError
from aggregator.store.jobs.link import settings_for

TRIES_EVERY = 1.0  # seconds, by whoever waits
SIGNS_EVERY = 2.0  # seconds, by whoever leads
TRUSTS = 8.0  # seconds that the leader goes on without hearing from the server
SILENT = 11.0  # seconds after which the server ends a session that says nothing; and another has its turn a second later


class Leadership:
    """The right to lead, or the wait for it. One object for one try; `lost` is set when it is over."""

    def __init__(self, store: Store) -> None:
        self._name = store.name
        self._settings = settings_for(store.engine, f"-c idle_session_timeout={round(SILENT * 1000)}")
        self._connection: Any = None
        self.lost = asyncio.Event()

    async def wait(self) -> None:
        """Wait until nobody else leads. Raises `StoreError` where the server cannot be reached at all."""
        while not await self.try_once():  # noqa: ASYNC110 - what is waited for happens in another program
            await asyncio.sleep(TRIES_EVERY)

    async def try_once(self) -> bool:
        """Take the lead where nobody has it; returns whether it is ours now."""
        import psycopg  # noqa: PLC0415 - the store is on PostgreSQL, so it is there

        try:
            if self._connection is None or self._connection.closed:
                self._connection = await psycopg.AsyncConnection.connect(**self._settings, autocommit=True)
            asked = "SELECT pg_try_advisory_lock(%s)"
            async with asyncio.timeout(TRUSTS):
                row = await (await self._connection.execute(asked, (postgresql.LEADER_LOCK,))).fetchone()
        except (psycopg.Error, TimeoutError) as error:
            await self.leave()
            raise StoreError(f"{self._name}: {postgresql.explained(error)}") from error
        return bool(row[0])

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
