"""Opening a store. The only file with anything that holds for one database and not for the other."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError

from aggregator.store import changes, tallies
from aggregator.store.snapshots import Snapshots

MIGRATIONS = Path(__file__).with_name("migrations")
CACHE_KIB = 32_768  # so that the listings of one commit are not written twice
CHANGES_LOCK = 0x757064617465  # PostgreSQL's advisory lock of those who number changes ("update")
BUSY_MS = 10_000  # how long a writer waits for another before it gives up


class StoreError(RuntimeError):
    """The store cannot be used; the text says which one, why, and what to do."""


class OwnFinding(NamedTuple):
    """Something that a database says of itself."""

    name: str  # of a table, an index, a view; "" for the file
    what: str
    harmless: bool = False


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
    def write(self) -> Iterator[Connection]:
        """A transaction that is stored whole when the block ends, or not at all when it raises."""
        with self._explained(), self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            changes.begin(connection)
            tallies.begin(connection)
            yield connection
            if changes.gathered(connection) or tallies.gathered(connection):
                _take_turn(connection)
                changes.write(connection)
                tallies.write(connection)

    @contextmanager
    def examine(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store for as long as it lasts, and in which damaged texts can be read: what
        is no letter in them comes as a lone surrogate."""
        with self._explained(), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                yield connection
                return
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection), "SQLite is asked by its own driver"  # noqa: S101 - says what holds
            driver.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            try:
                yield connection
            finally:
                driver.text_factory = str

    def own_check(self, tx: Connection) -> Iterator[OwnFinding]:
        """What the database itself finds wrong with its file, and where its schema is not ours."""
        if tx.dialect.name == "sqlite":
            yield from (OwnFinding("", said) for said in _sqlite_damage(tx))
            yield from _sqlite_schema_damage(tx)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            raise StoreError(_explain(self.name, error)) from error

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def open_store(url: str, *, snapshots: Path, create: bool = True) -> Store:
    """Open the store at a SQLAlchemy URL, bring its schema up to date, and give it back.

    With `create` false, a store that is not there is an error and the schema is left alone: for commands that only read.
    Raises `StoreError` for a store that is missing, unreadable, read-only, not a database, or of a newer schema.
    """
    name = _shown(url)
    try:
        engine = _engine(url, create=create)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
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
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed)
    if (parsed.database or "").startswith("file:"):
        return _sqlite_engine(parsed)  # a SQLite URI: the operator says all about the file
    path = Path(parsed.database or "")
    if not create:
        if not path.exists():
            raise StoreError(f"{path}: there is no store yet. Run: aggregator poll")
        return _sqlite_engine(_as_it_lies(parsed, path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent}: cannot make the storage folder ({error.strerror}).") from error
    return _sqlite_engine(parsed)


def _as_it_lies(url: URL, path: Path) -> URL:
    """For a copy in a folder that cannot be written: SQLite would want to put its own files beside it, even to read."""
    at_rest = not Path(f"{path}-wal").exists()
    if os.access(path.parent, os.W_OK) or not at_rest:
        return url
    return url.set(database=f"file:{quote(str(path))}", query={"mode": "ro", "immutable": "1", "uri": "true"})


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's `begin` says how a transaction starts, not the driver
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA synchronous = FULL")  # what was stored survives a power cut
    except UnicodeDecodeError as error:  # SQLite quotes a damaged schema, and the driver cannot read the quotation
        raise sqlite3.DatabaseError(f"malformed database schema ({error})") from error


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its place at once: two that start by reading and both go on to write would refuse each other.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _sqlite_damage(tx: Connection) -> Iterator[str]:
    for said in tx.exec_driver_sql("PRAGMA integrity_check(1000)").scalars():
        if said != "ok":
            yield from (line.strip() for line in str(said).splitlines() if not line.startswith("***"))
    newest = tx.exec_driver_sql("SELECT max(seq) FROM changes").scalar()
    given = tx.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'changes'").scalar()
    if newest is not None and newest != given:
        yield f"the newest change is {newest}, but the last number given out was {given}"


def _sqlite_schema_damage(tx: Connection) -> Iterator[OwnFinding]:
    """Where tables, indexes, views and triggers differ from those that the migrations make."""
    wanted, found = _sqlite_schema_of_ours(), _sqlite_schema(tx)
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            yield OwnFinding(name, "is missing in the schema")
        elif name not in wanted:  # an index of the operator's own does no harm; a trigger may write anything
            yield OwnFinding(name, "is no part of the schema", harmless=not found[name].startswith("trigger"))
        elif wanted[name] != found[name]:
            yield OwnFinding(name, f"is not as the schema has it: {found[name]}")


@lru_cache(maxsize=1)
def _sqlite_schema_of_ours() -> Mapping[str, str]:
    model = Store(_sqlite_engine(make_url("sqlite://")), Snapshots(Path()), "a schema for comparison")
    try:
        _migrate(model)
        with model.read() as tx:
            return _sqlite_schema(tx)
    finally:
        model.close()


def _sqlite_schema(tx: Connection) -> dict[str, str]:
    rows = tx.exec_driver_sql("SELECT name, type, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").all()
    return {str(name): " ".join(f"{kind} on {table}: {sql}".split()) for name, kind, table, sql in rows}


def _take_turn(connection: Connection) -> None:
    # PostgreSQL lets go of the lock after the commit is visible. On SQLite, whoever writes is alone anyway.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (CHANGES_LOCK,))


def _bring_up_to_date(store: Store, *, create: bool) -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    with store.read() as tx:
        found = MigrationContext.configure(tx).get_current_revision()
    head = script.get_current_head()
    if found == head:
        return
    if found is None and not create:
        raise StoreError(f"{store.name}: no store of aggregator. Run `aggregator poll` to make one, or name another `storage`.")
    if found is not None and found not in {step.revision for step in script.walk_revisions()}:
        raise StoreError(
            f"{store.name}: made by a newer version of aggregator (schema {found}; this one knows up to {head})."
            " Update aggregator, or name another `storage`."
        )
    if not create:
        raise StoreError(f"{store.name}: its schema ({found}) is not {head} yet. Run: aggregator poll")
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
