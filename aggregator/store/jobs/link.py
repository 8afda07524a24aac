"""Connections for what many coroutines of one program ask for all the time: each question is one way there and back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from aggregator.store import postgresql
from aggregator.store.engine import Store
from aggregator.store.errors import StoreCollision, StoreError
from aggregator.store.jobs.tables import SCHEMA

if TYPE_CHECKING:
    from procrastinate import App
    from psycopg_pool import AsyncConnectionPool

    from aggregator.store.jobs.manager import Manager

INSTALL = "Workers need one more package. Run: pip install 'update-aggregator[workers]'"
CONNECTIONS = 4  # of one program, for jobs and turns
WAIT_SECONDS = 10.0  # for one of them

# A server that hears nothing of a client for a quarter of a minute lets it go, and what it held.
KEEPALIVE = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3"
# A plan is kept for as long as a connection, and was made, perhaps, when hardly a job waited: then to look through the whole
# table is what seems cheap. It is not when 2,000 wait, and each of them is looked for by an index.
PLANNED = f"-c {postgresql.UNCOMPILED.replace(' ', '')} -c enable_seqscan=off"
# A question of ours that waits in the middle of a transaction for longer has lost its asker.
IDLE = "-c idle_in_transaction_session_timeout=20000"


def settings_for(engine: Engine, *more: str) -> dict[str, Any]:
    """What psycopg is told to reach the server of an engine; `more` are options of the session."""
    _, told = engine.dialect.create_connect_args(engine.url)
    options = " ".join([str(told.pop("options", "")), KEEPALIVE, IDLE, PLANNED, *more]).strip()
    reach: dict[str, Any] = {name: value for name, value in postgresql.REACH.items() if name not in told}
    return {**reach, **told, "options": options}


class Link:
    """A few connections, and Procrastinate on them. Open it, and close it in the same loop."""

    def __init__(self, pool: AsyncConnectionPool[Any], app: App, manager: Manager, name: str) -> None:
        self.app = app
        self.states = manager.states  # of the sources of jobs that were taken, for whoever does them
        self.name = name  # of the store, as shown to people
        self._pool = pool
        self._manager = manager

    def takes(self, at_once: int) -> None:
        """A worker that does so many jobs at a time takes as many together as it has hands free."""
        self._manager.at_once = at_once

    async def ask(self, sql: str, values: Sequence[object] = (), *, tries: int = 1) -> list[tuple[Any, ...]]:
        """Ask one question, or do one thing: one transaction, one way there and back. Raises `StoreError`.

        With more `tries`, it is done again where it and another were in each other's way.
        """
        for _ in range(tries - 1):
            with suppress(StoreCollision):
                return await self._ask(sql, values)
        return await self._ask(sql, values)

    async def _ask(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        import psycopg  # noqa: PLC0415 - it is there where this object is
        import psycopg_pool  # noqa: PLC0415 - the same

        try:
            async with self._pool.connection() as connection:
                cursor = await connection.execute(sql.encode(), values)
                return await cursor.fetchall() if cursor.description else []
        except psycopg_pool.PoolTimeout as error:
            raise StoreError(f"{self.name}: {postgresql.ALL_IN_USE}") from error
        except psycopg.Error as error:
            kind = StoreCollision if postgresql.was_in_the_way(error) else StoreError
            raise kind(f"{self.name}: {postgresql.explained(error)}") from error


@asynccontextmanager
async def linked(store: Store) -> AsyncIterator[Link]:
    """Connections to the store's server. Raises `StoreError` where a package is missing or the server cannot be reached."""
    try:
        import psycopg_pool  # noqa: PLC0415 - of an extra
        from procrastinate import App, PsycopgConnector  # noqa: PLC0415 - the same
        from procrastinate.exceptions import ConnectorException  # noqa: PLC0415 - the same

        from aggregator.store.jobs.manager import Manager  # noqa: PLC0415 - it needs them
    except ModuleNotFoundError as error:
        raise StoreError(f"{store.name}: {INSTALL}") from error
    # No check before a connection is used: that would be one more way for each question. A dead one fails, and is thrown away.
    # What is asked is always the same: prepared when it is first asked, which takes a way more, and not after five times.
    pool: AsyncConnectionPool[Any] = psycopg_pool.AsyncConnectionPool(
        kwargs={**settings_for(store.engine, f"-c search_path={SCHEMA},public"), "autocommit": True, "prepare_threshold": 0},
        min_size=1, max_size=CONNECTIONS, timeout=WAIT_SECONDS, open=False, name="aggregator",
    )  # fmt: skip
    app = App(connector=(connector := PsycopgConnector()))
    app.job_manager = manager = Manager(connector)
    try:
        await pool.open(wait=True, timeout=WAIT_SECONDS)
        async with app.open_async(pool=pool):
            yield Link(pool, app, manager, store.name)
    except psycopg_pool.PoolTimeout as error:
        raise StoreError(f"{store.name}: the server cannot be reached. Is it running, and are host and port right?") from error
    except ConnectorException as error:
        raise StoreError(f"{store.name}: {postgresql.explained(error.__cause__ or error)}") from error
    finally:
        await pool.close(timeout=1.0)
