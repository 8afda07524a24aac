"""Opening a store. What holds for one database and not for the other is here, and for PostgreSQL alone in `postgresql.py`."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

import structlog
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from aggregator.store import changes, indexing, postgresql, tallies
from aggregator.store.copying import CopyError, is_cut_off, one_state
from aggregator.store.earlier import forget_old, keep_copy
from aggregator.store.foreign import others_tables
from aggregator.store.postgresql import BUSY_MS
from aggregator.store.snapshots import Snapshots

MIGRATIONS = Path(__file__).with_name("migrations")
CACHE_KIB = {True: 16_384, False: 2_048}  # of a writer, so that the listings of one commit are not written twice; of a reader
WAL_BYTES = 16 << 20  # to which the WAL file is cut back after a reader has kept it from being emptied
TRIES = 5  # of a transaction that collides with others

T = TypeVar("T")

log = structlog.get_logger()


class StoreError(RuntimeError):
    """The store cannot be used; the text says which one, why, and what to do."""


class StoreCollision(StoreError):  # noqa: N818 - says what is the case
    """Two transactions waited for each other, and the database undid this one. It may be tried again."""


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
        options: dict[str, Any] = {} if self.engine.dialect.name == "sqlite" else postgresql.READING
        with self._explained(), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def steady(self) -> Iterator[Connection]:
        """As `read`, but all questions see the same state, also on PostgreSQL, however long they take."""
        with self._explained(), one_state(self.engine) as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is stored whole when the block ends, or not at all when it raises."""
        with self._explained(), self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            changes.begin(connection)
            tallies.begin(connection)
            yield connection
            if indexing.wanted(connection):
                if connection.dialect.name != "sqlite":  # where whoever writes is alone anyway
                    postgresql.index_in_turn(connection)
                indexing.write(connection)
            if changes.gathered(connection) or tallies.gathered(connection):
                if connection.dialect.name != "sqlite":
                    postgresql.number_in_turn(connection)
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
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA synchronous = FULL")  # what was stored survives a power cut
    except UnicodeDecodeError as error:  # SQLite quotes a damaged schema, and the driver cannot read the quotation
        raise sqlite3.DatabaseError(f"malformed database schema ({error})") from error


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its place at once: two that start by reading and both go on to write would refuse each other.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB[writes]}")
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
        _migrate(model, ScriptDirectory(str(MIGRATIONS)))
        with model.read() as tx:
            return _sqlite_schema(tx)
    finally:
        model.close()


def _sqlite_schema(tx: Connection) -> dict[str, str]:
    rows = tx.exec_driver_sql("SELECT name, type, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").all()
    return {str(name): " ".join(f"{kind} on {table}: {sql}".split()) for name, kind, table, sql in rows}


def _bring_up_to_date(store: Store, *, create: bool) -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    head = script.get_current_head()
    _refuse_cut_off(store)
    with store.read() as tx:
        found = MigrationContext.configure(tx).get_current_revision()
        if found == head:
            return
        foreign = others_tables(tx, found, alone=store.engine.dialect.name == "sqlite")
    if foreign:
        raise StoreError(
            f"{store.name}: the database of another program (it has the table {foreign[0]!r}). It was left as it is;"
            " name another `storage`."
        )
    _refuse_newer(store, found, script)
    if found is None and not create:
        raise StoreError(f"{store.name}: no store of aggregator. Run `aggregator poll` to make one, or name another `storage`.")
    if not create:
        raise StoreError(f"{store.name}: its schema ({found}) is not {head} yet. Run: aggregator poll")
    _migrate(store, script)


def _refuse_newer(store: Store, found: str | None, script: ScriptDirectory) -> None:
    if found is not None and found not in {step.revision for step in script.walk_revisions()}:
        raise StoreError(
            f"{store.name}: made by a newer version of aggregator (schema {found}; this one knows up to"
            f" {script.get_current_head()}). Update aggregator, or name another `storage`."
        )


def _refuse_cut_off(store: Store) -> None:
    """A part of a database, be it nothing beside snapshots: to go on or to begin anew would hide that the rest is lost."""
    path = sqlite_file(store.engine.url)
    if path is None or not path.exists() or Path(f"{path}-wal").exists():
        return  # what stands in the log counts, and SQLite knows how
    if is_cut_off(path):
        raise StoreError(f"{store.name}: damaged: its end is missing. It was left as it is; put a backup in its place.")
    if path.stat().st_size or not store.snapshots.folder.is_dir() or not any(store.snapshots.folder.iterdir()):
        return
    raise StoreError(
        f"{store.name}: empty, though snapshots of a store are beside it ({store.snapshots.folder}). It was left as it is."
        " Put a backup in its place (aggregator restore), or remove the empty file to begin anew."
    )


def _migrate(store: Store, script: ScriptDirectory) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import, and needed only when the schema changes

    if store.engine.dialect.name == "sqlite":
        _let_readers_go_on(store)
    head, kept = script.get_current_head(), None
    with store.write() as tx:
        if tx.dialect.name != "sqlite" and (encoding := postgresql.migrate_in_turn(tx)) != "UTF8":
            raise StoreError(
                f"{store.name}: a database of encoding {encoding}, which does not hold every language."
                " Make another one: createdb --encoding=UTF8 --template=template0 NAME"
            )
        # Another process may have had its turn before, and know more than this one.
        found = MigrationContext.configure(tx).get_current_revision()
        _refuse_newer(store, found, script)
        if found not in (None, head):
            kept = _keep_copy(store, found, head)
        config = AlembicConfig(attributes={"connection": tx})
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        try:
            command.upgrade(config, "head")
        except Exception as error:
            raise StoreError(_not_upgraded(store.name, found, head, kept, error)) from error
    if kept is not None:
        forget_old(kept)


def _keep_copy(store: Store, found: str | None, head: str | None) -> Path | None:
    """A copy of a SQLite database as it is before its schema changes. The caller keeps writers away meanwhile."""
    path = sqlite_file(store.engine.url)
    if path is None:
        log.warning("schema_changes", store=store.name, schema=found, to=head, advice="its own tools make a dump: pg_dump")
        return None
    try:
        kept = keep_copy(store.engine, path, schema=str(found))
    except (CopyError, OSError) as error:
        raise StoreError(
            f"{store.name}: its schema ({found}) was not brought to {head}, because no backup could be made first: {error}"
        ) from error
    log.info("backed_up_before_migration", store=store.name, schema=found, to=head, backup=str(kept))
    return kept


def _not_upgraded(name: str, found: str | None, head: str | None, kept: Path | None, error: Exception) -> str:
    backup = "" if kept is None else f" A backup of it, made just before, is {kept}."
    return (
        f"{name}: its schema could not be brought from {found or 'none'} to {head} ({error}). Nothing was changed: use the"
        f" version of aggregator that made it, and report this.{backup}"
    )


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database that is named by its path; None for any other."""
    named = url.database or ""
    plain = url.get_backend_name() == "sqlite" and named not in ("", ":memory:") and not named.startswith("file:")
    return Path(named) if plain else None


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
