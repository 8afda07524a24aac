"""Rows as plain values that are the same on every database: whole numbers, texts, bytes, nothing.

A truth is 0 or 1, a time the text that it is stored as, and JSON the very text that was written: what goes from one database to
another and back is then, value for value, what it was. Rows come in the order of their key, page by page, so that a walk can
be taken up again where it was left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Table, UniqueConstraint

from aggregator.store.bulk import chunks
from aggregator.store.copying import CopyError
from aggregator.store.seals import MODULUS

AT_ONCE = 1_000  # rows of a page
MOST_SAID = 400  # characters of what a database says: it may repeat a value
CHANGED, MISSING, EXTRA = "changed", "missing", "extra"

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """A row that is not the same in two databases."""

    kind: str  # CHANGED, MISSING in the second, EXTRA in the second
    key: Values
    row: Values  # as the first has it; of one that is EXTRA, the key
    columns: tuple[str, ...] = ()  # in which they differ


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows a table has, and the sum of their hashes: the same for the same rows, in whatever order they come."""

    rows: int
    digest: int


class PlainTable:
    """Reads and writes the rows of one table."""

    def __init__(self, table: Table) -> None:
        self.name = table.name
        self._table = table
        self.columns = [column.name for column in table.columns]
        self.key = [column.name for column in table.primary_key.columns] or _unique(table)
        self._at = [self.columns.index(name) for name in self.key]

    def __repr__(self) -> str:
        return f"PlainTable({self.name})"

    @cached_property
    def _as_text(self) -> frozenset[str]:
        return frozenset(column.name for column in self._table.columns if isinstance(column.type, JSON))

    @cached_property
    def _as_number(self) -> frozenset[str]:
        return frozenset(column.name for column in self._table.columns if isinstance(column.type, Boolean))

    def key_of(self, row: Values) -> Values:
        """What names a row."""
        return tuple(row[at] for at in self._at)

    def count(self, tx: Connection, *, until: Values | None = None) -> int:
        """How many rows there are, up to a key and with it."""
        where, values = ("", ()) if until is None else (f" WHERE {self._keys(tx)} <= {self._places(tx)}", until)
        asked = f"SELECT count(*) FROM {self.name}{where}"  # noqa: S608 - our own names
        return int(tx.exec_driver_sql(asked, values).scalar_one())

    def pages(self, tx: Connection, *, after: Values | None = None, until: Values | None = None) -> Iterator[list[Values]]:
        """The rows after a key, up to another and with it, in the order that this database sorts by."""
        ordered = f"ORDER BY {self._names(tx, self.key)} LIMIT {AT_ONCE}"
        while True:
            bounds = [(">", after)] * (after is not None) + [("<=", until)] * (until is not None)
            where = " AND ".join(f"{self._keys(tx)} {sign} {self._places(tx)}" for sign, _ in bounds)
            asked = f"SELECT {self._shown(tx)} FROM {self.name} {f'WHERE {where}' * bool(bounds)} {ordered}"  # noqa: S608 - our own names
            values = tuple(value for _, key in bounds for value in (key or ()))
            page = [tuple(row) for row in tx.exec_driver_sql(asked, values)]
            if page:
                yield page
            if len(page) < AT_ONCE:
                return
            after = self.key_of(page[-1])

    def among(self, tx: Connection, keys: Sequence[Values]) -> dict[Values, Values]:
        """The rows of some keys, by key."""
        found: dict[Values, Values] = {}
        for some in chunks(keys):
            places = ", ".join([self._places(tx)] * len(some))
            asked = f"SELECT {self._shown(tx)} FROM {self.name} WHERE {self._keys(tx)} IN (VALUES {places})"  # noqa: S608 - our own names
            for row in tx.exec_driver_sql(asked, tuple(value for key in some for value in key)):
                found[self.key_of(tuple(row))] = tuple(row)
        return found

    def add(self, tx: Connection, rows: Sequence[Values]) -> None:
        """Put rows in that are not there. Raises `CopyError`, and SQLAlchemy's errors."""
        names = self._names(tx, self.columns)
        if tx.dialect.name == "postgresql":
            self._add_by_copy(tx, f"COPY {self.name} ({names}) FROM STDIN", rows)
            return
        places = ", ".join("?" * len(self.columns))
        tx.exec_driver_sql(f"INSERT INTO {self.name} ({names}) VALUES ({places})", list(rows))  # noqa: S608 - our own names

    def _add_by_copy(self, tx: Connection, copying: str, rows: Sequence[Values]) -> None:
        """As PostgreSQL takes many rows: `executemany` takes several times as long."""
        driver: Any = tx.connection.driver_connection
        try:
            with driver.cursor() as cursor, cursor.copy(copying) as copy:
                for row in rows:
                    copy.write_row(row)
        except tx.dialect.loaded_dbapi.Error as error:
            said = " ".join(str(error).split())[:MOST_SAID]
            raise CopyError(f"{self.name}: PostgreSQL does not take a row as it is ({said}).") from error

    def change(self, tx: Connection, rows: Sequence[Values]) -> None:
        """Let rows that are there be as they are given."""
        others = [name for name in self.columns if name not in self.key]
        if not rows or not others:
            return
        setting = ", ".join(f"{self._names(tx, [name])} = {self._place(tx, name)}" for name in others)
        asked = f"UPDATE {self.name} SET {setting} WHERE {self._keys(tx)} = {self._places(tx)}"  # noqa: S608 - our own names
        at = [self.columns.index(name) for name in others]
        tx.exec_driver_sql(asked, [(*(row[one] for one in at), *self.key_of(row)) for row in rows])

    def drop(self, tx: Connection, keys: Sequence[Values]) -> None:
        """Take out the rows of some keys."""
        if keys:
            asked = f"DELETE FROM {self.name} WHERE {self._keys(tx)} = {self._places(tx)}"  # noqa: S608 - our own names
            tx.exec_driver_sql(asked, list(keys))

    def sum(self, tx: Connection) -> Iterator[Sum]:
        """What the rows come to, after each page; the last is that of the whole table."""
        rows = digest = 0
        for page in self.pages(tx):
            for row in page:
                digest += int.from_bytes(hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).digest(), "big")
            rows, digest = rows + len(page), digest % MODULUS
            yield Sum(rows, digest)
        if not rows:
            yield Sum(0, 0)

    def apart(self, one: Connection, other: Connection, *, until: Values | None = None) -> Iterator[list[Apart]]:
        """What is not the same in another database, a page of the rows at a time. `until`: of the first, only the rows up to
        this key, beyond which the other has none yet. The caller may put right what a page says before it takes the next."""
        due, there_are, missing = self.count(one, until=until), self.count(other), 0
        for page in self.pages(one, until=until):
            there = self.among(other, [self.key_of(row) for row in page])
            found = [apart for row in page if (apart := self._held(row, there.get(self.key_of(row)))) is not None]
            missing += sum(apart.kind == MISSING for apart in found)
            yield found
        if there_are > due - missing:
            yield from self._extra(one, other)

    def _held(self, row: Values, there: Values | None) -> Apart | None:
        if there == row:
            return None
        if there is None:
            return Apart(MISSING, self.key_of(row), row)
        differ = [name for name, mine, its in zip(self.columns, row, there, strict=True) if mine != its]
        return Apart(CHANGED, self.key_of(row), row, tuple(differ))

    def _extra(self, one: Connection, other: Connection) -> Iterator[list[Apart]]:
        for page in self.pages(other):
            keys = [self.key_of(row) for row in page]
            known = self.among(one, keys)
            yield [Apart(EXTRA, key, key) for key in keys if key not in known]

    def _names(self, tx: Connection, names: Sequence[str]) -> str:
        return ", ".join(tx.dialect.identifier_preparer.quote(name) for name in names)

    def _keys(self, tx: Connection) -> str:
        return f"({self._names(tx, self.key)})"

    def _shown(self, tx: Connection) -> str:
        plain = [self._names(tx, [name]) for name in self.columns]
        if tx.dialect.name != "postgresql":
            return ", ".join(plain)
        kinds = [{name in self._as_text: "::text", name in self._as_number: "::int"}.get(True, "") for name in self.columns]
        return ", ".join(f"{name}{kind}" for name, kind in zip(plain, kinds, strict=True))

    def _places(self, tx: Connection) -> str:
        return f"({', '.join(self._place(tx, name) for name in self.key)})"

    def _place(self, tx: Connection, name: str) -> str:
        if tx.dialect.name != "postgresql":
            return "?"
        return "%s" + {name in self._as_text: "::json", name in self._as_number: "::int::boolean"}.get(True, "")


def _unique(table: Table) -> list[str]:
    """What names the rows of a table without a primary key."""
    (one,) = (one for one in table.constraints if isinstance(one, UniqueConstraint))
    return [column.name for column in one.columns]
