"""The rows of the views, page by page: what the API gives. Programs that read the database see the same columns.

A cursor is opaque text, safe in a URL. It holds the place that a page came to, and a check of that place, of what was asked and
of the store, so that a page of another listing is never given for it. Pages have no gap and no repetition while rows arrive.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Connection, Select, TableClause, and_, column, or_, select, table, tuple_

from aggregator.model import SourceKey
from aggregator.store.bulk import chunks
from aggregator.store.schema import identity

SIGNS = 12  # hex digits of a cursor's check
AS_TRUTH = frozenset({"active", "closed", "said_day_only"})  # 0 and 1 on SQLite
LONGEST_CURSOR = 1_000

# The columns of each view that is given, in its order: a test holds them against the views themselves.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    name: tuple(names.split())
    for name, names in {
        "v2_stories": "key title lead language image image_alt from_at until_at active opened_at updates head image_credit"
        " closed continued_in",
        "v2_updates": "story number kind reason title statement_id revision_id said_at published_at previous_hash hash"
        " corrects corrected_by withdraws withdrawn_by said_day language",
        "v1_update_sentences": "story number paragraph position text revision_id start end",
        "v1_attributions": "story number position name url source",
        "v1_corrections": "story number old_number old_paragraph old_position before after",
        "v1_marks": "story number by_number kind at",
        "v1_corroborations": "story number statement_id family source at",
        "v2_statements": "id family source url said_at said_written zone_known first_seen_at revisions said_day_only said_day"
        " updated_at updated_written reference languages",
        "v2_revisions": "id statement_id number language title text html seen_at source snapshot_sha256 capture_id url"
        " fetched_at status transport built_at",
        "v1_edits": "revision_id statement_id language number source seen_at kind says",
        "v1_listings": "source entry_id statement_id url first_seen_at",
        "v2_sources": "key name kind url family lane language active first_seen_at last_poll_at last_change_at last_outcome"
        " last_reason failures next_poll_at plan moved_to fresh_until listed fresh window_s",
    }.items()
}

Row = dict[str, Any]


class CursorError(ValueError):
    """A cursor that is not one of this listing; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Some rows of a view, and where the listing goes on."""

    rows: Sequence[Row]
    next: str | None = None  # the cursor of the next page; None: that was all


def rows_of(
    tx: Connection,
    view: str,
    *,
    by: Sequence[str],
    limit: int,
    where: Mapping[str, str | int | None] | None = None,
    newest_first: bool = False,
    after: str | None = None,
) -> Rows:
    """A page of a view, at most `limit` rows (from 1), in the order of the columns `by`, which together name a row.

    `where`: what some columns must hold; None is not asked for. `after`: the cursor of the page before. Raises `CursorError`.
    """
    wanted = {name: value for name, value in (where or {}).items() if value is not None}
    asked = f"{view} {'newest' if newest_first else 'oldest'} {json.dumps(wanted, sort_keys=True)}"
    query = _query(view, wanted)
    one = _view(view)
    place = [one.c[name] for name in by]
    if after is not None:
        values = _read_cursor(tx, asked, after, len(by))
        here, there = tuple_(*place), tuple_(*values)
        query = query.where(here < there if newest_first else here > there)
    query = query.order_by(*(name.desc() if newest_first else name for name in place)).limit(limit + 1)
    rows = [plain_row(row._mapping) for row in tx.execute(query)]
    if len(rows) <= limit:
        return Rows(rows=rows)
    return Rows(rows=rows[:limit], next=_cursor(tx, asked, [rows[limit - 1][name] for name in by]))


def row_of(tx: Connection, view: str, **where: str | int) -> Row | None:
    """The row of a view whose columns hold this; None where there is none."""
    row = tx.execute(_query(view, where)).one_or_none()
    return None if row is None else plain_row(row._mapping)


def rows_at(tx: Connection, view: str, name: str, values: Sequence[int]) -> list[Row]:
    """The rows of a view of which one column, a number, is one of these; in the order of `values`."""
    one = _view(view)
    found = {
        row._mapping[name]: plain_row(row._mapping)
        for some in chunks(values)
        for row in tx.execute(select(one).where(one.c[name].in_(some)))
    }
    return [found[value] for value in values if value in found]


def parts_of(
    tx: Connection, view: str, updates: Sequence[Row], *, by: Sequence[str], number: str = "number"
) -> dict[tuple[str, int], list[Row]]:
    """The rows of a view that belong to some updates, by their story and number, each list in the order of `by`. `number`: the
    column that says to which update a row belongs."""
    one, found = _view(view), dict[tuple[str, int], list[Row]]()
    numbers: dict[str, list[int]] = {}
    for update in updates:
        numbers.setdefault(update["story"], []).append(update["number"])
    if not numbers:
        return found
    # At once, as each may be of another story; and in these words, of which SQLite takes each by its index.
    asked = or_(*(and_(one.c.story == story, one.c[number].in_(some)) for story, some in numbers.items()))
    for row in tx.execute(select(one).where(asked).order_by(*(one.c[name] for name in by))):
        found.setdefault((row.story, row._mapping[number]), []).append(plain_row(row._mapping))
    return found


def source_names(tx: Connection) -> dict[SourceKey, str]:
    """The names of all sources by their keys, by key: without the rest of what is known of each."""
    one = _view("v2_sources")
    return {SourceKey(row.key): row.name for row in tx.execute(select(one.c.key, one.c.name).order_by(one.c.key))}


def plain_row(row: Mapping[Any, Any]) -> Row:
    """A row as JSON has it: truth as truth, on every database; all else as the views give it."""
    return {name: bool(value) if name in AS_TRUTH else value for name, value in row.items()}


def _query(view: str, where: Mapping[str, str | int]) -> Select[Any]:
    one = _view(view)
    return select(one).where(and_(True, *(one.c[name] == _fitting(name, value) for name, value in where.items())))


def _fitting(name: str, value: str | int) -> str | int | bool:
    return bool(value) if name in AS_TRUTH else value


@cache
def _view(view: str) -> TableClause:
    return table(view, *(column(name, Boolean()) if name == "active" else column(name) for name in COLUMNS[view]))


def _cursor(tx: Connection, asked: str, values: Sequence[str | int]) -> str:
    place = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))
    return f"{base64.urlsafe_b64encode(place.encode()).decode().rstrip('=')}.{_check(tx, asked, place)}"


def _read_cursor(tx: Connection, asked: str, cursor: str, length: int) -> list[str | int]:
    """The place that a cursor holds. Whoever made it up gets no further than who asks for nothing: it is no secret."""
    written, _, check = cursor.rpartition(".")
    try:
        place = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode()
        values = json.loads(place) if len(cursor) <= LONGEST_CURSOR else None
    except (ValueError, binascii.Error, RecursionError):
        values, place = None, ""
    if not isinstance(values, list) or len(values) != length or not all(type(one) in (str, int) for one in values):
        raise CursorError(f"{cursor[:60]!r} is no cursor. Take the one that the page before gave, or leave it out.")
    if check != _check(tx, asked, place):
        raise CursorError(
            f"{cursor[:60]!r} is a cursor of another listing, or of another store. Ask with the same filters, or leave it out."
        )
    return values


def _check(tx: Connection, asked: str, place: str) -> str:
    store = str(tx.execute(select(identity.c.id)).scalar_one())
    return hashlib.sha256(f"{store}\n{asked}\n{place}".encode()).hexdigest()[:SIGNS]
