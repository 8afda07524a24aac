"""Many rows in one INSERT or UPDATE and many values in one SELECT, at the driver's own speed.

SQLAlchemy looks at each value each time, which costs more than what the database does with it. Here it writes the SQL once,
and the values are those of the database: times as `utc_text` writes them, JSON as text, no members of an enumeration.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, CompoundSelect, Connection, CursorResult, Select, Table, func
from sqlalchemy.sql.compiler import ExpandedState, SQLCompiler

T = TypeVar("T")
Row = Any  # a row of SQLAlchemy Core: its columns are attributes that depend on the query
MOST_AT_ONCE = 512  # rows of one INSERT, values of one IN: databases limit them


def chunks(values: Collection[T]) -> Iterator[list[T]]:
    """The values, at most `MOST_AT_ONCE` at a time."""
    wanted = list(values)
    for start in range(0, len(wanted), MOST_AT_ONCE):
        yield wanted[start : start + MOST_AT_ONCE]


def unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column that no index is looked up by: SQLite, which knows no better, would take one on it for the narrowest, though
    half the table may have this value."""
    return func.coalesce(column, column)


def streamed(tx: Connection, query: Select[Any]) -> Iterator[Row]:
    """The rows of a query of any length, of which few are held at once."""
    with tx.execute(query, execution_options={"stream_results": True, "yield_per": MOST_AT_ONCE}) as rows:
        yield from rows


class Insert:
    """Puts rows into some columns of a table."""

    def __init__(self, *columns: Column[Any], returning: Sequence[Column[Any]] = (), once: bool = False) -> None:
        """With `once`, a row that is there already is left as it is."""
        self._table: Table = columns[0].table
        self._columns, self._returning, self._once = columns, returning, once
        self._written: dict[str, tuple[str, str, str]] = {}  # by dialect: up to VALUES, one row, after the rows

    def __call__(self, tx: Connection, rows: Sequence[tuple[Any, ...]]) -> list[Row]:
        """Insert rows; returns what each gives back, in an order that is the database's own."""
        start, row, end = self._written.get(tx.dialect.name) or self._write(tx)
        if not self._returning:
            if rows:
                tx.exec_driver_sql(start + row + end, list(rows))
            return []
        given: list[Row] = []
        for some in chunks(rows):
            sql = start + ", ".join([row] * len(some)) + end
            given += tx.exec_driver_sql(sql, tuple(value for values in some for value in values))
        return given

    def _write(self, tx: Connection) -> tuple[str, str, str]:
        quoted = tx.dialect.identifier_preparer
        names = ", ".join(quoted.format_column(column) for column in self._columns)
        place = _place(tx)
        back = ", ".join(quoted.format_column(column) for column in self._returning)
        written = (
            f"INSERT INTO {quoted.format_table(self._table)} ({names}) VALUES ",  # noqa: S608 - our own names
            f"({', '.join([place] * len(self._columns))})",
            " ON CONFLICT DO NOTHING" * self._once + (f" RETURNING {back}" if back else ""),
        )
        self._written[tx.dialect.name] = written
        return written


class Update:
    """Changes some columns of rows that one column names."""

    def __init__(self, *columns: Column[Any], where: Column[Any]) -> None:
        self._columns, self._where = columns, where
        self._written: dict[str, str] = {}  # by dialect

    def __call__(self, tx: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Change one row for each tuple: the new values in the order of the columns, then what names the row."""
        if rows:
            tx.exec_driver_sql(self._written.get(tx.dialect.name) or self._write(tx), list(rows))

    def _write(self, tx: Connection) -> str:
        quoted, place = tx.dialect.identifier_preparer, _place(tx)
        values = ", ".join(f"{quoted.format_column(column)} = {place}" for column in self._columns)
        table, where = quoted.format_table(self._where.table), quoted.format_column(self._where)
        self._written[tx.dialect.name] = f"UPDATE {table} SET {values} WHERE {where} = {place}"  # noqa: S608 - our own names
        return self._written[tx.dialect.name]


def _place(tx: Connection) -> str:
    return "?" if tx.dialect.paramstyle == "qmark" else "%s"


class Ask:
    """A SELECT, perhaps with some `IN`, each an expanding `bindparam`. What it gives are plain values, 0 or 1 for a truth."""

    def __init__(self, query: Select[Any] | CompoundSelect[Any]) -> None:
        self._query = query
        self._compiled: dict[str, SQLCompiler] = {}  # by dialect
        self._written: dict[tuple[str, int], ExpandedState] = {}  # by dialect and room in each IN

    def all(self, tx: Connection, name: str, values: Collection[Any], **single: object) -> list[Row]:
        """Ask with any number of values for one IN, `MOST_AT_ONCE` at a time."""
        return [row for some in chunks(values) for row in self(tx, {name: some}, **single)]

    def each(self, tx: Connection, **single: object) -> Iterator[Row]:
        """Ask without an IN. The rows of an answer of any length, of which few are held at once."""
        with self._answer(tx, {}, single) as rows:
            yield from rows.yield_per(MOST_AT_ONCE)

    def __call__(self, tx: Connection, many: Mapping[str, Sequence[Any]], **single: object) -> Sequence[Row]:
        """Ask with at most `MOST_AT_ONCE` values, and at least one, for each IN."""
        return self._answer(tx, many, single).all()

    def _answer(self, tx: Connection, many: Mapping[str, Sequence[Any]], single: Mapping[str, object]) -> CursorResult[Any]:
        room = 4  # powers of two: few texts of SQL, so that the database knows them
        while room < max(map(len, many.values()), default=0):
            room *= 2
        # What stands in an IN twice is found once.
        padded = {name: [*wanted, *[wanted[-1]] * (room - len(wanted))] for name, wanted in many.items()}
        state = self._written.get((tx.dialect.name, room))
        if state is None:
            compiled = self._compiled.get(tx.dialect.name)
            if compiled is None:
                compiled = self._compiled[tx.dialect.name] = self._query.compile(dialect=tx.dialect)
            state = self._written[tx.dialect.name, room] = compiled.construct_expanded_state({**single, **padded})
        values = {**state.parameters, **single}
        for name, wanted in padded.items():
            values.update(zip(state.parameter_expansion[name], wanted, strict=True))
        places = state.positiontup
        return tx.exec_driver_sql(state.statement, values if places is None else tuple(values[name] for name in places))
