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
from aggregator.store.errors import StoreError, disk_of, file_trouble
from aggregator.store.files import make_folder
from aggregator.store.snapshots import Snapshots

MIGRATIONS = Path(__file__).with_name("migrations")
CACHE_KIB = 32_768  # so that the listings of one commit are not written twice
CHANGES_LOCK = 0x757064617465  # PostgreSQL's advisory lock of those who number changes ("update")
BUSY_S = 10  # how long a writer waits for another before it gives up; `?timeout=` in the address says another


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
            yield connection
            if changes.gathered(connection):
                _take_turn(connection)
                changes.write(connection)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            raise StoreError(_explain(self.name, _first(error))) from error

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
        engine = _engine(url, snapshots, create=create)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(f"{name}: no usable database address ({error}). See `database` in feeds.toml.") from error
    store = Store(engine, Snapshots(snapshots), name)
    try:
        _bring_up_to_date(store, create=create)
    except StoreError:
        store.close()
        raise
    return store


def _engine(url: str, snapshots: Path, *, create: bool) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed)
    if (parsed.database or "").startswith("file:"):
        return _sqlite_engine(parsed)  # a SQLite URI: the operator says all about the file
    path = Path(parsed.database or "")
    if not create and not path.exists():
        raise StoreError(f"{path}: there is no store yet. Run: aggregator poll")
    _refuse_cut_off(path, snapshots)
    try:
        make_folder(path.parent)
    except OSError as error:
        raise StoreError(f"cannot make the storage folder {file_trouble(path.parent, error)}") from error
    return _sqlite_engine(parsed)


def _refuse_cut_off(path: Path, snapshots: Path) -> None:
    """Raise for a file that lost its end, where SQLite would go on with what is left of it.

    An empty file is a new store, unless it was one that held something: no new one may be begun in its place unseen. A last
    page that is not whole is read as zeros; while there is a log, that may still bring the whole page.
    """
    if not path.is_file():
        return
    size, log = path.stat().st_size, path.with_name(f"{path.name}-wal")
    logged = log.exists() and log.stat().st_size > 0
    if not size and (logged or (snapshots.is_dir() and next(snapshots.iterdir(), None) is not None)):
        why = "it is empty, but there are snapshots or a log of a store beside it"
    elif size and not logged and size % _page_size(path):
        why = "its end is missing"
    else:
        return
    raise StoreError(f"{path}: {why}. It was left as it is; restore a backup, or name another `storage`.")


def _page_size(path: Path) -> int:
    with path.open("rb") as file:
        head = file.read(18)
    written = int.from_bytes(head[16:18], "big")  # 1 stands for 65536
    return max(512, written if written != 1 else 65536) if head.startswith(b"SQLite format 3") else 1


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, connect_args={} if "timeout" in url.query else {"timeout": BUSY_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's `begin` says how a transaction starts, not the driver
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA synchronous = FULL")  # what was stored survives a power cut


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its place at once: two that start by reading and both go on to write would refuse each other.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


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


_SAID = (  # signs in what a database says, and what that means
    (
        ("not a database", "malformed"),
        "not a SQLite database, or a damaged one ({said}). It was left as it is; restore a backup, or name another `storage`.",
    ),
    (
        ("readonly", "read-only"),
        "cannot be written ({said}). Give this user the right to write to the file and its folder.",
    ),
    (("unable to open",), "cannot be opened ({said}). Check the rights of the file and its folder."),
    (("locked",), "another program keeps it locked ({said}). End that one, or try again."),
    (("is full",), "the disk is full ({said}). Make room on {disk}; nothing that was stored is lost."),
    (
        ("disk I/O error",),
        "{disk} does not take or give what it should ({said}). Is it full, or failing?",
    ),
)


def _explain(name: str, error: DBAPIError) -> str:
    said = str(error.orig).strip()
    for signs, meaning in _SAID:
        if any(sign in said for sign in signs):
            return f"{name}: {meaning.format(said=said, disk=disk_of(Path(name)))}"
    return f"{name}: {said}"


def _first(error: DBAPIError) -> DBAPIError:
    """What went wrong first: a transaction that the database has given up cannot be rolled back any more, and says so."""
    while isinstance(error.__context__, DBAPIError):
        error = error.__context__
    return error


def _shown(url: str) -> str:
    try:
        parsed = make_url(url)
    except ArgumentError:
        return "the database"  # the address itself may hold a password
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return parsed.database
    return parsed.render_as_string(hide_password=True)
