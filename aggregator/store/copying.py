"""Copies of a whole database while others write to it, and the check of such a copy.

Each database has its own way, so this file, like `engine.py`, knows them apart. Nobody who writes waits for a copy: SQLite's
readers stand beside its writer in WAL mode, and so do PostgreSQL's.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, make_url

PAGES_AT_ONCE = 2_000  # between two words of progress
MOST_PROBLEMS = 5  # of a damaged copy that are told

Advance = Callable[[str, int, int], None]  # what is done, how far, of how much


class CopyError(RuntimeError):
    """A copy could not be made, or is not whole; the text says why and what to do."""


def no_advance(_what: str, _done: int, _of: int) -> None:
    """For callers to whom nobody listens."""


def database_file(engine: Engine) -> Path | None:
    """The file of a SQLite database; None for one in memory and for any other database."""
    if engine.dialect.name != "sqlite":
        return None
    with closing(engine.raw_connection()) as connection:
        name = connection.cursor().execute("PRAGMA database_list").fetchone()[2]
    return Path(name) if name else None


@contextmanager
def one_state(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database for all its questions, however long it takes, and changes nothing."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as tx:
        tx.exec_driver_sql("SELECT version_num FROM alembic_version").all()  # the first question fixes the state
        yield tx


def copy_sqlite(engine: Engine, target: Path, *, advance: Advance = no_advance) -> None:
    """Copy a SQLite database page by page, with what is still in its write-ahead log, into a file that is not there yet.

    The copy is one state: that of the moment at which this began. Raises `CopyError` and OSError.
    """
    with closing(engine.raw_connection()) as pooled:
        source = pooled.driver_connection
        assert isinstance(source, sqlite3.Connection)  # noqa: S101 - for the type checker: the caller has asked the dialect
        source.execute("BEGIN")
        try:
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on, the state is fixed
            with closing(sqlite3.connect(target)) as copy:
                source.backup(
                    copy,
                    pages=PAGES_AT_ONCE,
                    progress=lambda _status, left, of: advance("database", of - left, of),
                )
        except sqlite3.Error as error:
            raise CopyError(f"{target}: the database cannot be copied there ({error}).") from error
        finally:
            source.rollback()
    _flush(target)


def check_sqlite(path: Path) -> None:
    """Read a copy from end to end. Raises `CopyError` where it is damaged, or where a row points at one that is not there."""
    try:
        with closing(sqlite3.connect(_read_only(path), uri=True)) as copy:
            found = [row[0] for row in copy.execute(f"PRAGMA integrity_check({MOST_PROBLEMS})")]
            if found != ["ok"]:
                raise CopyError(f"{path.name}: damaged: {'; '.join(map(str, found))}")
            lost = copy.execute("PRAGMA foreign_key_check").fetchmany(MOST_PROBLEMS)
    except sqlite3.Error as error:
        raise CopyError(f"{path.name}: not a whole SQLite database ({error})") from error
    if lost:
        said = "; ".join(f"row {row} of {table} names a row of {other} that is not there" for table, row, other, _ in lost)
        raise CopyError(f"{path.name}: {said}")


def open_copy(path: Path) -> Engine:
    """An engine for a copy that nobody else knows: nothing is written, not even beside it."""
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(_read_only(path), uri=True))


def _read_only(path: Path) -> str:
    return f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"


def copy_postgresql(tx: Connection, target: Path) -> None:
    """Dump the database of a transaction of `one_state` into a file, in PostgreSQL's custom format, as the transaction sees it.

    Raises `CopyError`: without pg_dump, with what to do instead.
    """
    state = tx.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
    where = ["--format=custom", f"--file={target}", f"--snapshot={state}", "--no-password"]
    url = make_url(tx.engine.url).set(drivername="postgresql")
    address = url.set(password=None).render_as_string(hide_password=False)
    _call("pg_dump", [*where, f"--dbname={address}"], password=url.password)
    _flush(target)


def check_postgresql(path: Path) -> bool:
    """Read a dump from end to end; False where there is no pg_restore to do it. Raises `CopyError` for a damaged one."""
    if _program("pg_restore") is None:
        return False
    _call("pg_restore", [f"--file={os.devnull}", str(path)])
    return True


def _call(name: str, arguments: list[str], *, password: object = None) -> None:
    program = _program(name)
    if program is None:
        raise CopyError(
            f"{name} is not found. Install PostgreSQL's client programs (on Debian: apt-get install postgresql-client), or "
            "dump the database where it runs, by pg_dump --format=custom, and copy the folder `snapshots` after that."
        )
    # In the environment: what stands in a command line can be read by everybody on the machine.
    environment = os.environ | ({"PGPASSWORD": str(password)} if password is not None else {})
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if done.returncode != 0:
        raise CopyError(f"{name}: {done.stderr.strip() or f'it ended with {done.returncode}'}")


def _program(name: str) -> str | None:
    """A client program; of several versions that Debian keeps out of PATH, the newest reads all servers."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(places[-1]) if places else shutil.which(name)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
