"""Opening a store. The only file with anything that holds for one database and not for the other."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError

from aggregator.store import changes
from aggregator.store.snapshots import Snapshots

MIGRATIONS = Path(__file__).with_name("migrations")
CACHE_KIB = 32_768  # so that the listings of one commit are not written twice
CHANGES_LOCK = 0x757064617465  # PostgreSQL's advisory lock of those who number changes ("update")
RECORD_LOCK = 0x7265636F7264  # and of those whose order a replay repeats ("record"); taken first, the other one last
IN_ORDER = ("captures", "polls", "statements", "revisions", "candidates", "updates", "marks", "configurations", "steps")
BUSY_MS = 10_000  # how long a writer waits for another before it gives up


class StoreError(RuntimeError):
    """The store cannot be used; the text says which one, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store: a database, and a folder of raw bytes beside it."""

    engine: Engine
    snapshots: Snapshots
    name: str  # as shown to people: a path, or a URL without its password

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store and changes nothing."""
        with self._explained(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, in_turn: bool = False) -> Iterator[Connection]:
        """A transaction that is stored whole when the block ends, or not at all when it raises.

        With `in_turn`, no other such transaction is under way: for what a replay does again, whose ids tell its order.
        """
        with self._explained(), self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            changes.begin(connection)
            if in_turn:
                _stand_alone(connection)
            yield connection
            if changes.gathered(connection):
                _take_turn(connection)
                changes.write(connection)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            raise StoreError(_explain(self.name, error)) from error

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def open_store(url: str, *, snapshots: Path, create: bool = True, passing: bool = False) -> Store:
    """Open the store at a SQLAlchemy URL, bring its schema up to date, and give it back.

    With `create` false, a store that is not there is an error and the schema is left alone: for commands that only read.
    One that is `passing` can be made anew from another: nothing waits for the disk.
    Raises `StoreError` for a store that is missing, unreadable, read-only, not a database, or of a newer schema.
    """
    name = _shown(url)
    try:
        engine = _engine(url, create=create)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(f"{name}: no usable database address ({error}). See `database` in feeds.toml.") from error
    if passing and engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _do_not_wait)
    store = Store(engine, Snapshots(snapshots), name)
    try:
        _bring_up_to_date(store, create=create)
    except StoreError:
        store.close()
        raise
    return store


def _engine(url: str, *, create: bool) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed)
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


def _do_not_wait(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its place at once: two that start by reading and both go on to write would refuse each other.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _take_turn(connection: Connection) -> None:
    # PostgreSQL lets go of the lock after the commit is visible. On SQLite, whoever writes is alone anyway.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (CHANGES_LOCK,))


def _stand_alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (RECORD_LOCK,))
        close_gaps(connection)


def close_gaps(connection: Connection) -> None:
    """Let the next ids follow the newest rows, though some were given to rows that were taken back. For whoever is alone.

    SQLite gives ids so by itself; a sequence of PostgreSQL goes on after a rollback, and a replay would give other ids.
    """
    if connection.dialect.name == "postgresql":
        next_ids = ", ".join(
            f"setval(pg_get_serial_sequence('{table}', 'id'), coalesce((SELECT max(id) FROM {table}), 0) + 1, false)"  # noqa: S608 - our own names
            for table in IN_ORDER
        )
        connection.exec_driver_sql(f"SELECT {next_ids}")


def _bring_up_to_date(store: Store, *, create: bool) -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    with store.read() as tx:
        found = MigrationContext.configure(tx).get_current_revision()
    head = script.get_current_head()
    if found == head:
        return
    if found is not None and found not in {step.revision for step in script.walk_revisions()}:
        raise StoreError(
            f"{store.name}: made by a newer version of aggregator (schema {found}; this one knows up to {head})."
            " Update aggregator, or name another `storage`."
        )
    if not create:
        raise StoreError(f"{store.name}: its schema ({found or 'none'}) is not {head} yet. Run: aggregator poll")
    _migrate(store)


def _migrate(store: Store) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import, and needed only when the schema changes

    if store.engine.dialect.name == "sqlite":
        with contextlib.closing(store.engine.raw_connection()) as connection:  # outside any transaction
            connection.cursor().execute("PRAGMA journal_mode = WAL")  # readers go on while the service writes
    with store.write() as tx:
        config = AlembicConfig(attributes={"connection": tx})
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        command.upgrade(config, "head")


def _explain(name: str, error: DBAPIError) -> str:
    said = str(error.orig).strip()
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
    return parsed.render_as_string(hide_password=True)
