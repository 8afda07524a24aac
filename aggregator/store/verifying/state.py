"""That what changes by design at least holds what belongs there: a time, a number, a text that can be read.

No seal covers it, so a value that was changed into another good one is not found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Integer, Table, text

from aggregator.model import Lane, OutcomeKind
from aggregator.store.schema import SHA256, UtcTime, metadata
from aggregator.store.seals import FORMS
from aggregator.store.stored import batches
from aggregator.store.stories import OPEN, PUBLISHED, SET_ASIDE, WAITING
from aggregator.store.verifying.findings import Examination, Finding, number_of, shown, sound

TIME = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z")
HASH = re.compile(r"([0-9a-f]{64})?")
ONE_OF = {
    ("candidates", "state"): {*OPEN, PUBLISHED, SET_ASIDE},
    ("takebacks", "state"): {WAITING, PUBLISHED, SET_ASIDE},
    ("sources", "lane"): {str(one) for one in Lane},
    ("sources", "last_outcome"): {str(one) for one in OutcomeKind},
}


def check_state(work: Examination) -> Iterator[Finding]:
    """Every column without proof, of every row."""
    if work.story is not None:
        return
    for name in FORMS:
        table = metadata.tables[name]
        columns = state_of(table)
        if columns:
            yield from _table(work, table, columns)


def state_of(table: Table) -> list[Column[Any]]:
    """The columns of a sealed table that no seal covers."""
    return [column for column in table.columns if column.name not in ("seal", *FORMS[table.name].columns)]


def _table(work: Examination, table: Table, columns: list[Column[Any]]) -> Iterator[Finding]:
    names = FORMS[table.name].columns[: FORMS[table.name].names]
    wanted = ", ".join(f'"{name}"' for name in (*names, *(column.name for column in columns)))
    kinds = [kind_of(column) for column in columns]
    for rows in batches(work.tx, text(f"SELECT {wanted} FROM {table.name}")):  # noqa: S608 - our own names
        for row in rows:
            for column, fits, value in zip(columns, kinds, row[len(names) :], strict=True):
                if not (column.nullable if value is None else fits(value)):
                    what = f"its {column.name} is {shown(repr(value))}, which does not belong there"
                    yield Finding(check="state", table=table.name, row=shown("/".join(map(str, row[: len(names)]))), what=what)


def kind_of(column: Column[Any]) -> Callable[[Any], bool]:
    """What tells whether a value may stand in a column."""
    values = ONE_OF.get((column.table.name, column.name))
    if values is not None:
        return lambda value: isinstance(value, str) and value in values
    if column.type is SHA256:
        return lambda value: isinstance(value, str) and HASH.fullmatch(value) is not None
    return next((fits for kind, fits in KINDS if isinstance(column.type, kind)), sound)


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and TIME.fullmatch(value) is not None


def _is_truth(value: Any) -> bool:
    return isinstance(value, int) and value in (0, 1)


def _is_number(value: Any) -> bool:
    return number_of(value) is not None


def _is_json(value: Any) -> bool:
    """SQLite's driver gives the text, PostgreSQL's the value."""
    if not isinstance(value, str):
        return not isinstance(value, bytes)
    try:
        json.loads(value)
    except ValueError:
        return False
    return sound(value)


KINDS: tuple[tuple[type, Callable[[Any], bool]], ...] = (
    (UtcTime, _is_time),
    (Boolean, _is_truth),
    (Integer, _is_number),
    (JSON, _is_json),
)
