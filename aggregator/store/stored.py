"""Sealed rows as the database holds them, each with the seal that it has and the one that it ought to have.

For the migration that seals what was there before, and for `aggregator verify`. Values come as the driver gives them: a damaged
time or number is no reason to stop.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, TextClause, bindparam, text

from aggregator.store.seals import FORMS, Form, seal

AT_ONCE = 500  # rows in memory
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row of a sealed table."""

    names: Values  # the values that name it
    seal: str  # as it stands there
    due: str  # what it ought to be


def batches(tx: Connection, query: TextClause, values: Mapping[str, Any] | None = None) -> Iterator[Sequence[Any]]:
    """The rows of a query, `AT_ONCE` at a time, without holding more of them."""
    with tx.execute(query, values or {}, execution_options={"yield_per": AT_ONCE}) as result:
        yield from result.partitions(AT_ONCE)  # said once more: SQLAlchemy 2.1 gives one row, or all of them, otherwise


def rows_of(tx: Connection, table: str, *, where: str = "", values: Mapping[str, Any] | None = None) -> Iterator[StoredRow]:
    """The rows of a sealed table, by number where they have one. `where` is SQL of our own."""
    query = f"SELECT {_columns(tx, table)}, seal FROM {table} t {where}{_order(table)}"  # noqa: S608 - our own names
    for some in batches(tx, text(query), values):
        yield from judged(tx, table, some)


def pages_of(tx: Connection, table: str) -> Iterator[list[StoredRow]]:
    """The same, page by page, so that the rows of one may be changed before the next is read."""
    form = FORMS[table]
    last: dict[str, Any] = {}
    keys = [f'"{name}"' for name in form.columns[: form.names]]
    places = [f":k{at}" for at in range(form.names)]
    while True:
        after = f"WHERE ({', '.join(keys)}) > ({', '.join(places)})" if last else ""
        query = f"SELECT {_columns(tx, table)}, seal FROM {table} t {after} ORDER BY {', '.join(keys)} LIMIT {AT_ONCE}"  # noqa: S608 - our own names
        page = list(judged(tx, table, tx.execute(text(query), last).all()))
        if not page:
            return
        yield page
        last = {f"k{at}": value for at, value in enumerate(page[-1].names)}


def judged(tx: Connection, table: str, rows: Sequence[Any]) -> Iterator[StoredRow]:
    """Each row with the seal that is due to it."""
    form = FORMS[table]
    more = _MORE[table](tx, form, rows) if table in _MORE else [()] * len(rows)
    for (*values, stored), beside in zip(rows, more, strict=True):
        due = seal(table, [_value(form, name, value) for name, value in zip(form.columns, values, strict=True)], *beside)
        yield StoredRow(tuple(values[: form.names]), stored, due)


def _columns(tx: Connection, table: str) -> str:
    """JSON as its text: SQLite's driver gives that by itself, PostgreSQL's would give the value."""
    form = FORMS[table]
    texts = form.json if tx.dialect.name == "postgresql" else ()
    return ", ".join(f'CAST(t."{name}" AS TEXT)' if name in texts else f't."{name}"' for name in form.columns)


def _order(table: str) -> str:
    return " ORDER BY t.id" if FORMS[table].columns[0] == "id" else ""


def _value(form: Form, name: str, value: Any) -> Any:
    """JSON as its value, where its text is the one that the service writes of it: of a name that stands there twice, SQLite
    would tell readers another value than was sealed."""
    if name in form.json and isinstance(value, str):
        try:
            parsed = json.loads(value)
        except ValueError:
            return {"no JSON": value}
        return parsed if json.dumps(parsed) == value else {"not as it was written": value}
    return value


def _drops(tx: Connection, _form: Form, polls: Sequence[Any]) -> Iterator[tuple[object]]:
    query = text("SELECT poll_id, id, ref, reason FROM drops WHERE poll_id IN :ids ORDER BY id")
    found: dict[int, list[list[object]]] = defaultdict(list)
    for poll, *drop in _among(tx, query, [row[0] for row in polls]):
        found[poll].append(drop)
    for row in polls:
        yield (found[row[0]],)


def _captured(tx: Connection, form: Form, revisions: Sequence[Any]) -> Iterator[tuple[object]]:
    at = form.columns.index("capture_id")
    query = text("SELECT id, sha256 FROM captures WHERE id IN :ids")
    found: dict[object, object] = {row.id: row.sha256 for row in _among(tx, query, {row[at] for row in revisions} - {None})}
    for row in revisions:
        yield (found.get(row[at]),)


_MORE = {"polls": _drops, "revisions": _captured}


def _among(tx: Connection, query: TextClause, ids: Collection[Any]) -> Sequence[Any]:
    if not ids:
        return []
    return tx.execute(query.bindparams(bindparam("ids", expanding=True)), {"ids": list(ids)}).all()


def announced(tx: Connection, rows: Sequence[Any]) -> dict[tuple[str, str], list[str]]:
    """The seals of what some rows of `changes` announce, by kind and key. Several marks may have one key, and so on."""
    keys: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        keys[row.kind].add(row.key)
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, query in _ANNOUNCED.items():
        if kind in ("update", "mark"):
            parts = [_story_and_number(key) for key in keys[kind]]
            stories, numbers = {story for story, _ in parts}, {number for _, number in parts}
            wanted: dict[str, Any] = {"stories": list(stories), "numbers": list(numbers)}
        else:
            wanted = {"ids": list(keys[kind]) if kind == "story" else [int(key) for key in keys[kind] if _is_number(key)]}
        if not all(wanted.values()):
            continue
        for row in tx.execute(query, wanted):
            found[kind, f"{row.key}/{row.number}" if "stories" in wanted else str(row.key)].append(row.seal)
    return found


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 18


def _story_and_number(key: str) -> tuple[str, int]:
    story, _, number = key.rpartition("/")
    return story, int(number) if _is_number(number) else 0


def _in(query: str, *names: str) -> TextClause:
    return text(query).bindparams(*(bindparam(name, expanding=True) for name in names))


_UPDATES = "FROM updates u WHERE u.story IN :stories AND u.number IN :numbers"
_ANNOUNCED = {
    "statement": _in("SELECT id AS key, seal FROM statements WHERE id IN :ids", "ids"),
    "revision": _in("SELECT id AS key, seal FROM revisions WHERE id IN :ids", "ids"),
    "update": _in(f"SELECT u.story AS key, u.number, u.hash AS seal {_UPDATES}", "stories", "numbers"),
    "mark": _in(
        f"SELECT u.story AS key, u.number, m.seal {_UPDATES.replace('WHERE', 'JOIN marks m ON m.update_id = u.id WHERE')}"
        " ORDER BY m.id",
        *("stories", "numbers"),
    ),
    "corroboration": _in(
        "SELECT statement_id AS key, seal FROM corroborations WHERE statement_id IN :ids ORDER BY statement_id, update_id",
        "ids",
    ),
    "story": _in("SELECT key, seal FROM stories WHERE key IN :ids", "ids"),
    "desk": _in("SELECT id AS key, seal FROM desk_acts WHERE id IN :ids", "ids"),
}
