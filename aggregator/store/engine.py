"""Opening a store. What holds for one database and not for the other is here, and for PostgreSQL alone in `postgresql.py`."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from aggregator.store import changes, postgresql
from aggregator.store.postgresql import BUSY_MS
from aggregator.store.snapshots import Snapshots

MIGRATIONS = Path(__file__).with_name("migrations")
CACHE_KIB = 32_768  # so that the listings of one commit are not written twice
TRIES = 5  # of a transaction that collides with others

T = TypeVar("T")


class StoreError(RuntimeError):
    """The store cannot be used; the text says which one, why, and what to do."""


class StoreCollision(StoreError):  # noqa: N818 - says what is the case
    """Two transactions waited for each other, and the database undid this one. It may be tried again."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store: a database, and a folder of raw bytes beside it."""

    engine: Engine
    snapshots: Snapshots
    name: str  # as shown to people: a path, or a URL without its password

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store and changes nothing."""
        options: dict[str, Any] = {} if self.engine.dialect.name == "sqlite" else postgresql.READING
        with self._explained(), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is stored whole when the block ends, or not at all when it raises."""
        with self._explained(), self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            changes.begin(connection)
            yield connection
            if changes.gathered(connection):
                if connection.dialect.name != "sqlite":  # where whoever writes is alone anyway
                    postgresql.number_in_turn(connection)
                changes.write(connection)

    def perform(self, work: Callable[[Connection], T]) -> T:
        """Do some work in a transaction as `write` gives it, and again where it collides with another; returns its result.

        The work must do nothing but read and write the store, as it may be done several times.
        """
        for _ in range(TRIES - 1):
            with contextlib.suppress(StoreCollision), self.write() as tx:
                return work(tx)
        with self.write() as tx:
            return work(tx)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            kind = StoreCollision if postgresql.collided(error) else StoreError
            raise kind(_explain(self.name, error)) from error

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def open_store(url: str, *, snapshots: Path, create: bool = True) -> Store:
    """Open the store at a SQLAlchemy URL, bring its schema up to date, and give it back.

    With `create` false, a store that is not there is an error and the schema is left alone: for commands that only read.
    Raises `StoreError` for a store that is missing, unreadable, read-only, not a database, of a newer schema, or on a server
    that cannot be reached or refuses us.
    """
    name = _shown(url)
    try:
        engine = _engine(url, create=create)
    except ModuleNotFoundError as error:
        if error.name == "psycopg":
            raise StoreError(f"{name}: {postgresql.INSTALL}") from error
        raise StoreError(f"{name}: the driver of this database is not installed ({error}).") from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(f"{name}: no usable database address ({error}). See `database` in feeds.toml.") from error
    store = Store(engine, Snapshots(snapshots), name)
    try:
        _bring_up_to_date(store, create=create)
    except StoreError:
        store.close()
        raise
    return store


def _engine(url: str, *, create: bool) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return postgresql.engine_for(parsed)
    if parsed.get_backend_name() != "sqlite":
        raise ArgumentError(f"{parsed.get_backend_name()} is neither SQLite nor PostgreSQL")
    if (parsed.database or "").startswith("file:"):
        return _sqlite_engine(parsed)  # a SQLite URI: the operator says all about the file
    path = Path(parsed.database or "")
    if not create and not path.exists():
        raise StoreError(f"{path}: there is no store yet. Run: aggregator poll")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent}: cannot make the storage folder ({error.strerror}).") from error
    return _sqlite_engine(parsed)


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's `begin` says how a transaction starts, not the driver
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA synchronous = FULL")  # what was stored survives a power cut


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its place at once: two that start by reading and both go on to write would refuse each other.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(store: Store, *, create: bool) -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    with store.read() as tx:
        found = MigrationContext.configure(tx).get_current_revision()
    head = script.get_current_head()
    if found == head:
        return
    _refuse_newer(store, found, script)
    if not create:
        raise StoreError(f"{store.name}: its schema ({found or 'none'}) is not {head} yet. Run: aggregator poll")
    _migrate(store, script)


def _refuse_newer(store: Store, found: str | None, script: ScriptDirectory) -> None:
    if found is not None and found not in {step.revision for step in script.walk_revisions()}:
        raise StoreError(
            f"{store.name}: made by a newer version of aggregator (schema {found}; this one knows up to"
            f" {script.get_current_head()}). Update aggregator, or name another `storage`."
        )


def _migrate(store: Store, script: ScriptDirectory) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import, and needed only when the schema changes

    if store.engine.dialect.name == "sqlite":
        _let_readers_go_on(store)
    with store.write() as tx:
        if tx.dialect.name != "sqlite" and (encoding := postgresql.migrate_in_turn(tx)) != "UTF8":
            raise StoreError(
                f"{store.name}: a database of encoding {encoding}, which does not hold every language."
                " Make another one: createdb --encoding=UTF8 --template=template0 NAME"
            )
        # Another process may have had its turn before, and know more than this one.
        _refuse_newer(store, MigrationContext.configure(tx).get_current_revision(), script)
        config = AlembicConfig(attributes={"connection": tx})
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        command.upgrade(config, "head")


def _let_readers_go_on(store: Store) -> None:
    """Put a SQLite file into WAL mode, which is done outside any transaction and stays in the file."""
    try:
        with contextlib.closing(store.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise StoreError(_said_by_sqlite(store.name, str(error))) from error


def _explain(name: str, error: DBAPIError) -> str:
    if not isinstance(error.orig, sqlite3.Error):
        return f"{name}: {postgresql.explain(error)}"
    return _said_by_sqlite(name, str(error.orig).strip())


def _said_by_sqlite(name: str, said: str) -> str:
    if "not a database" in said or "malformed" in said:
        return f"{name}: not a SQLite database, or a damaged one ({said}). It was left as it is; name another `storage`."
    if "readonly" in said or "read-only" in said:
        return f"{name}: cannot be written ({said}). Give this user the right to write to the file and its folder."
    if "unable to open" in said:
        return f"{name}: cannot be opened ({said}). Check the rights of the file and its folder."
    if "locked" in said:
        return f"{name}: another program keeps it locked ({said}). End that one, or try again."
    return f"{name}: {said}"


def _shown(url: str) -> str:
    try:
        parsed = make_url(url)
    except ArgumentError:
        return "the database"  # the address itself may hold a password
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return parsed.database
    return parsed.set(query={}).render_as_string(hide_password=True)  # options, too, may hold a password
