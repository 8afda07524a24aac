"""Writing rows that are never changed again: with their numbers, their seals, and a place in the tallies."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Table

from aggregator.store import tallies
from aggregator.store.bulk import Insert
from aggregator.store.numbering import reserve
from aggregator.store.schema import utc_text
from aggregator.store.seals import FORMS, seal


class Stored(NamedTuple):
    """A row that was written."""

    id: int  # 0 where the table has no numbers
    seal: str


class SealedInsert:
    """Puts rows into a table that has seals."""

    def __init__(self, table: Table, *state: Column[Any], once: bool = False) -> None:
        """`state`: columns beside those of the seal. With `once`, a row that is there already is left as it is."""
        form = FORMS[table.name]
        self._table, self._form, self._once = table, form, once
        self._numbered = form.columns[0] == "id"
        columns = [table.c[name] for name in form.columns]
        self._json = [at for at, name in enumerate(form.columns) if name in form.json]
        back = [table.c.seal] if once else []
        self._insert = Insert(*columns, *state, table.c.seal, returning=back, once=once)

    def __call__(
        self, tx: Connection, rows: Sequence[tuple[Any, ...]], *, more: Sequence[object] | None = None
    ) -> Sequence[Stored]:
        """Write rows; returns the number and the seal of each, in their order.

        A row has the values of the form's columns as the database holds them, without the id, JSON as its value; then those of
        the state. `more` has for each row what is sealed with it.
        """
        if not rows:
            return []
        ids: Sequence[int] = reserve(tx, self._table, len(rows)) if self._numbered else [0] * len(rows)
        stored, written = [], []
        for at, row in enumerate(rows):
            named = (ids[at], *row) if self._numbered else row
            one = seal(self._table.name, named[: len(self._form.columns)], *(() if more is None else (more[at],)))
            stored.append(Stored(ids[at], one))
            written.append((*(self._as_text(named) if self._json else named), one))
        there = self._insert(tx, written)
        if not self._form.chained:
            tallies.count(tx, self._table.name, [row[0] for row in there] if self._once else [one.seal for one in stored])
        return stored

    def _as_text(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for at in self._json:
            values[at] = json.dumps(values[at])
        return tuple(values)


def with_seals(tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the few kinds that SQLAlchemy writes, each with its number and its seal; the caller writes them, all of them."""
    form = FORMS[table.name]
    numbers = iter(reserve(tx, table, len(rows)) if form.columns[0] == "id" else ())
    sealed = []
    for row in rows:
        whole = {**row, "id": next(numbers)} if form.columns[0] == "id" else dict(row)
        sealed.append(whole | {"seal": seal(table.name, [_stored(whole[name]) for name in form.columns])})
    if not form.chained:
        tallies.count(tx, table.name, [row["seal"] for row in sealed])
    return sealed


def _stored(value: object) -> object:
    """A value as the database holds it."""
    if isinstance(value, datetime):
        return utc_text(value)
    return value.value if isinstance(value, Enum) else value
