"""What holds for SQLite alone: how a file is opened, how transactions begin, and what is wrong with it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from aggregator.store.errors import StoreError, disk_of

CACHE_KIB = {True: 2_048, False: 1_024}  # of a writer, so that the listings of one commit are not written twice; of a reader:
# with twice as much, a store of everyday work writes no less, and what it reads again is in the system's own cache
WAL_BYTES = 16 << 20  # to which the WAL file is cut back after a reader has kept it from being emptied
BUSY_S = 10  # how long a writer waits for another before it gives up; `?timeout=` in the address says another
_UNLINKED, _WROTE = "foreign_keys_off", "wrote"  # in a connection's info

_SAID = (  # signs in what SQLite says, and what that means
    (
        ("not a database", "malformed"),
        "not a SQLite database, or a damaged one ({said}). It was left as it is; restore a backup, or name another `storage`.",
    ),
    (("readonly", "read-only"), "cannot be written ({said}). Give this user the right to write to the file and its folder."),
    (("unable to open",), "cannot be opened ({said}). Check the rights of the file and its folder."),
    (("locked",), "another program keeps it locked ({said}). End that one, or try again."),
    (("is full",), "the disk is full ({said}). Make room on {disk}; nothing that was stored is lost."),
    (("disk I/O error",), "{disk} does not take or give what it should ({said}). Is it full, or failing?"),
)


def engine_for(url: URL, *, passing: bool = False) -> Engine:
    """Connections to a file. One that is `passing` can be made anew from another: nothing waits for the disk."""
    # The connection that was given back last is taken first: each has a cache, and those that nobody takes stay small.
    pooled: dict[str, Any] = {"pool_use_lifo": True} if file_of(url) is not None else {}
    engine = create_engine(url, connect_args={} if "timeout" in url.query else {"timeout": BUSY_S}, **pooled)
    event.listen(engine, "connect", _prepare)
    if passing:
        event.listen(engine, "connect", _do_not_wait)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _give_back)
    return engine


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database that is named by its path; None for any other."""
    named = url.database or ""
    plain = url.get_backend_name() == "sqlite" and named not in ("", ":memory:") and not named.startswith("file:")
    return Path(named) if plain else None


def as_it_lies(url: URL, path: Path) -> URL:
    """For a copy in a folder that cannot be written: SQLite would want to put its own files beside it, even to read."""
    at_rest = not Path(f"{path}-wal").exists()
    if os.access(path.parent, os.W_OK) or not at_rest:
        return url
    return url.set(database=f"file:{quote(str(path))}", query={"mode": "ro", "immutable": "1", "uri": "true"})


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's `begin` says how a transaction starts, not the driver
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA synchronous = FULL")  # what was stored survives a power cut
    except UnicodeDecodeError as error:  # SQLite quotes a damaged schema, and the driver cannot read the quotation
        raise sqlite3.DatabaseError(f"malformed database schema ({error})") from error


def _do_not_wait(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("migrates", False):
        # A table that others point at is made anew only while nobody looks at that; the migration looks at its end.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.info[_UNLINKED] = True
    elif connection.info.pop(_UNLINKED, False):
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
    # A writer takes its place at once: two that start by reading and both go on to write would refuse each other.
    writes = options.get("writes", False)
    connection.info[_WROTE] = writes
    connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB[writes]}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _give_back(connection: sqlite3.Connection | None, record: ConnectionPoolEntry) -> None:
    """What a reader has cached holds until anybody writes: connections that rest, and there are several, do not keep it."""
    if connection is not None and not record.info.get(_WROTE, False):
        with suppress(sqlite3.Error):  # one that does not work any more is found out by whoever takes it next
            connection.execute("PRAGMA shrink_memory")


def let_readers_go_on(engine: Engine, *, name: str) -> None:
    """Put a file into WAL mode, which is done outside any transaction and stays in the file. Raises `StoreError`."""
    try:
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise StoreError(explain(name, error)) from error


def refuse_cut_off(path: Path, snapshots: Path) -> None:
    """Raise `StoreError` for a file that lost its end, where SQLite would go on with what is left of it.

    An empty file is a new store, unless it was one that held something: no new one may be begun in its place unseen. A last
    page that is not whole is read as zeros; while there is a log, that may still bring the whole page.
    """
    if not path.is_file():
        return
    size, log = path.stat().st_size, path.with_name(f"{path.name}-wal")
    logged = log.exists() and log.stat().st_size > 0
    if not size and (logged or (snapshots.is_dir() and next(snapshots.iterdir(), None) is not None)):
        why = "it is empty, but there are snapshots or a log of a store beside it"
    elif size and not logged and is_cut_off(path):
        why = "damaged: its end is missing"
    else:
        return
    raise StoreError(
        f"{path}: {why}. It was left as it is; put a backup in its place (aggregator restore), or name another `storage`."
    )


@contextmanager
def damaged_texts_readable(connection: Connection) -> Iterator[None]:
    """Let what is no letter in a damaged text come as a lone surrogate, meanwhile."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection), "SQLite is asked by its own driver"  # noqa: S101 - says what holds
    driver.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def damage(tx: Connection) -> Iterator[str]:
    """What SQLite itself finds wrong with its file."""
    for said in tx.exec_driver_sql("PRAGMA integrity_check(1000)").scalars():
        if said != "ok":
            yield from (line.strip() for line in str(said).splitlines() if not line.startswith("***"))
    newest = tx.exec_driver_sql("SELECT max(seq) FROM changes").scalar()
    given = tx.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'changes'").scalar()
    if newest is not None and newest != given:
        yield f"the newest change is {newest}, but the last number given out was {given}"
    for name, kind, table in tx.exec_driver_sql("SELECT name, type, tbl_name FROM sqlite_master WHERE name LIKE 'sqlite_%'"):
        # SQLite makes these itself, and looks at no more than their names.
        made = (kind == "index" and name.startswith(f"sqlite_autoindex_{table}_")) or (kind == "table" and name == table)
        if not made:
            yield f"{name} is no table or index that SQLite makes: {kind} on {table}"


def refuse_broken_links(tx: Connection) -> None:
    """Raise `StoreError` where a row points at one that is not there, which a transaction that migrates does not notice."""
    broken = tx.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StoreError(f"a row of {broken[0]} points at a row of {broken[2]} that is not there")


def schema_of(tx: Connection) -> dict[str, str]:
    """Every table, index, view and trigger, as its SQL."""
    rows = tx.exec_driver_sql("SELECT name, type, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").all()
    return {str(name): " ".join(f"{kind} on {table}: {sql}".split()) for name, kind, table, sql in rows}


def explain(name: str, error: BaseException | None) -> str:
    """What went wrong with the file of this name, and what to do."""
    said = str(error).strip()
    for signs, meaning in _SAID:
        if any(sign in said for sign in signs):
            return f"{name}: {meaning.format(said=said, disk=disk_of(Path(name)))}"
    return f"{name}: {said}"


def is_cut_off(path: Path) -> bool:
    """Whether a SQLite file without a log beside it is shorter than its header says, or ends within a page, of which SQLite
    itself says nothing. What is no SQLite file at all is left to SQLite. Raises OSError."""
    with path.open("rb") as file:
        header = file.read(100)
    size = path.stat().st_size
    if not header.startswith(b"SQLite format 3\0"[: len(header)]):
        return False
    if len(header) < 100:
        return True
    written, pages = int.from_bytes(header[16:18], "big"), int.from_bytes(header[28:32], "big")
    page = 65_536 if written == 1 else max(512, written)
    counts = header[24:28] == header[92:96]  # else an older SQLite wrote it last, and did not keep the number of pages
    return size % page != 0 or (counts and size < pages * page)


def sizes(tx: Connection) -> tuple[int, int]:
    """Bytes of the database, and of its write-ahead log."""
    pages, each = (tx.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size"))
    file = next(row[2] for row in tx.exec_driver_sql("PRAGMA database_list") if row[1] == "main")
    return pages * each, wal_bytes(Path(file)) if file else 0


def wal_bytes(file: Path) -> int:
    """How large the write-ahead log beside a file is; 0 where there is none."""
    try:
        return file.with_name(f"{file.name}-wal").stat().st_size
    except FileNotFoundError:
        return 0
