"""Numbers of rows before the rows are written, so that a seal can cover them. Each database has its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table

_AHEAD = "reserved_ahead"  # in the connection's info: numbers by table
RESERVE = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"  # on PostgreSQL


def reserve(tx: Connection, table: Table, count: int) -> Sequence[int]:
    """The ids of the next `count` rows of a table with one whole number as its key, smallest first. The caller writes them."""
    if not count:
        return ()
    (key,) = table.primary_key.columns
    if tx.dialect.name == "postgresql":
        if len(ahead := tx.info.get(_AHEAD, {}).get(table.name, ())) >= count:
            tx.info[_AHEAD][table.name] = ahead[count:]
            return tuple(ahead[:count])
        return sorted(tx.exec_driver_sql(RESERVE, (table.name, key.name, count)).scalars())
    # On SQLite whoever writes is alone from the beginning of the transaction.
    newest = tx.exec_driver_sql(f'SELECT max("{key.name}") FROM "{table.name}"').scalar() or 0  # noqa: S608 - our own names
    if table.dialect_options["sqlite"]["autoincrement"]:  # a number is not given again when its row is gone
        given = tx.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)).scalar()
        newest = max(newest, given or 0)
    return range(newest + 1, newest + 1 + count)


def reserved_ahead(tx: Connection, numbers: Mapping[str, Sequence[int]]) -> None:
    """Let `reserve` give these numbers first, by table; they were asked for together with other things. None: forget them."""
    tx.info[_AHEAD] = {table: sorted(some) for table, some in numbers.items()}
