"""Changing by hand what the database refuses to change: what somebody could do who has the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

GUARDED = ("captures", "revisions", "updates", "sentences", "citations", "attributions", "desk_acts", "replacements")


@contextmanager
def unguarded(tx: Connection) -> Iterator[None]:
    """Without the triggers that refuse, which stand as before afterwards."""
    if tx.dialect.name == "sqlite":
        driver = tx.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        with unguarded_file(driver):
            yield
        return
    for what in ("DISABLE", "ENABLE"):
        for table in GUARDED:
            tx.exec_driver_sql(f"ALTER TABLE {table} {what} TRIGGER USER")
        if what == "DISABLE":
            yield


@contextmanager
def unguarded_file(connection: sqlite3.Connection) -> Iterator[None]:
    """The same for a connection of SQLite's own."""
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        connection.execute(sql)
