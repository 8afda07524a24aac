"""What a SQLite file needs by and by, in steps that hold up its writers for a fraction of a second at most.

PostgreSQL does the same by itself: autovacuum analyses its tables, frees dead rows and empties the list of its GIN index.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from aggregator.store import sqlite
from aggregator.store.engine import Store
from aggregator.store.errors import StoreError
from aggregator.store.fulltext import INDEX
from aggregator.store.sqlite import WAL_BYTES, explain, file_of

ROWS_LOOKED_AT = 400  # of each index, to see how its values are spread: what SQLite itself advises
MERGED_PAGES = 64  # of the index of words, in one step
PAGES_GIVEN_BACK = 500  # in one step, where the file gives pages back at all
LOCKS = Path("/proc/locks")
READ_LOCKS = frozenset(map(str, range(123, 128)))  # bytes of the `-shm` file that a reader locks (SQLite, "WAL-Index Format")
LARGE_WAL = 16 * WAL_BYTES  # then somebody who reads keeps it from being emptied, and that is worth a line in the log


@dataclass(frozen=True, slots=True, kw_only=True)
class Wal:
    """What emptying the write-ahead log came to."""

    before: int  # bytes of its file
    after: int
    held: bool = False  # somebody reads an older state, so that it could not be emptied whole


def wal_bytes(store: Store) -> int:
    """How large the write-ahead log of a store is; 0 where it has none."""
    path = file_of(store.engine.url) if store.is_sqlite else None
    return 0 if path is None else sqlite.wal_bytes(path)


def is_large(size: int) -> bool:
    """Whether a write-ahead log of so many bytes is one that somebody should look at."""
    return size >= LARGE_WAL


def readers(store: Store) -> list[int]:
    """The processes that read a SQLite file now and are not this one, as far as Linux tells: by their locks on its `-shm`."""
    path = file_of(store.engine.url) if store.is_sqlite else None
    if path is None:
        return []
    try:
        inode = path.with_name(f"{path.name}-shm").stat().st_ino
        lines = LOCKS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    held = [fields for line in lines if len(fields := line.split()) == 8 and fields[5].rpartition(":")[2] == str(inode)]
    found = {int(pid) for _, _, _, kind, pid, _, start, _ in held if kind == "READ" and start in READ_LOCKS and pid.isdigit()}
    return sorted(found - {os.getpid(), 0})


def empty_wal(store: Store) -> Wal:
    """Put what the write-ahead log holds into the file, and cut the log back. Nobody is waited for: what somebody still reads
    stays in it. First what can be done while others write, then the rest, for which they wait. Raises `StoreError`."""
    before = wal_bytes(store)
    with _alone(store) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return Wal(before=before, after=wal_bytes(store), held=bool(busy))


@contextmanager
def _alone(store: Store) -> Iterator[sqlite3.Connection]:
    """SQLite's own connection, outside of any transaction, that waits for nobody."""
    try:
        with closing(store.engine.raw_connection()) as pooled:
            connection = pooled.driver_connection
            assert isinstance(connection, sqlite3.Connection), "SQLite is asked by its own driver"  # noqa: S101 - says what holds
            waits = connection.execute("PRAGMA busy_timeout").fetchone()[0]
            connection.execute("PRAGMA busy_timeout = 0")
            try:
                yield connection
            finally:
                connection.execute(f"PRAGMA busy_timeout = {waits}")
    except sqlite3.Error as error:
        raise StoreError(explain(store.name, error)) from error


def tables_to_analyse(tx: Connection) -> list[str]:
    """The tables with an index, of which SQLite wants to know how its values are spread. One without is not looked at: its rows
    would be counted, all of them."""
    query = text("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'index'")
    return sorted(name for name in tx.execute(query).scalars() if not name.startswith(f"{INDEX}_"))


def analyse(tx: Connection, table: str) -> None:
    """Note how the values of a table's indexes are spread, by a few rows of each: SQLite then chooses its ways better."""
    tx.exec_driver_sql(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
    tx.exec_driver_sql(f'ANALYZE "{table}"')


def merge_words(tx: Connection) -> bool:
    """Merge a little of the index of words; returns whether there may be more to merge."""
    driver = tx.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection), "SQLite is asked by its own driver"  # noqa: S101 - says what holds
    before = driver.total_changes
    merge = f"INSERT INTO {INDEX} ({INDEX}, rank) VALUES ('merge', {MERGED_PAGES})"  # noqa: S608 - our own name
    tx.exec_driver_sql(merge)
    return driver.total_changes - before >= 2  # fewer: nothing was done but to note that (FTS5, section 6.8)


def free_bytes(tx: Connection) -> int:
    """Room within the file that nothing uses now: what is stored next takes it."""
    pages = int(tx.exec_driver_sql("PRAGMA freelist_count").scalar_one())
    return pages * int(tx.exec_driver_sql("PRAGMA page_size").scalar_one())


def give_back(tx: Connection) -> int:
    """Cut some unused pages off the file, where it was made so that this can be done; returns how many bytes."""
    if int(tx.exec_driver_sql("PRAGMA auto_vacuum").scalar_one()) != 2:  # INCREMENTAL
        return 0
    before = free_bytes(tx)
    tx.exec_driver_sql(f"PRAGMA incremental_vacuum({PAGES_GIVEN_BACK})").all()
    return before - free_bytes(tx)
