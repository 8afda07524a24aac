"""Following a store: what has changed since a cursor. What `aggregator changes` shows, and what a web API can call.

A cursor is opaque text, short and safe in a URL: `164-3f2a9c1e-5d01b2`. It holds the number of the last change that was
read, the beginning of the store's identity, and a check of that change's own row. The check finds a store that was put
back from an older backup also when it has grown past the cursor since: its change 164 is then another one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from aggregator.store.bulk import Row
from aggregator.store.engine import Store
from aggregator.store.schema import changes, identity, utc_text

STORE_SIGNS, ROW_SIGNS = 8, 6  # hex digits of a cursor
FORM = re.compile(rf"(0|[1-9][0-9]{{0,18}})-([0-9a-f]{{{STORE_SIGNS}}})-([0-9a-f]{{{ROW_SIGNS}}})")
MOST_AT_ONCE = 100_000  # changes of one answer
WAIT_STEP = 0.5  # seconds between two looks at the store
ANEW = "Begin anew without a cursor"

# What a change is of: a view, and the columns that its key gives. A story's key holds no slash.
PLACES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "statement": ("v1_statements", ("id",)),
    "revision": ("v1_revisions", ("id",)),
    "story": ("v1_stories", ("key",)),
    "update": ("v1_updates", ("story", "number")),
    "mark": ("v1_updates", ("story", "number")),
    "corroboration": ("v1_statements", ("id",)),
    "desk": ("v1_desk_acts", ("id",)),
}


class CursorError(ValueError):
    """A cursor that this store cannot go on from; the text says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that happened, and where to read it."""

    seq: int
    kind: str
    key: str
    at: datetime  # aware UTC
    view: str  # where it stands; "" for a kind that this release does not know
    row: Mapping[str, str | int]  # the values of the columns that name its row of that view


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What has changed since a cursor, oldest first, and the cursor to go on from."""

    store: str  # the identity of the store, a UUID
    changes: tuple[Change, ...]
    cursor: str
    more: bool  # there was more than was asked for: ask again at once


def changes_since(tx: Connection, cursor: str = "", *, limit: int) -> Changes:
    """The next changes after a cursor, at most `limit` (from 1); all from the beginning with an empty cursor.

    Raises `CursorError` for text that is no cursor, and for a cursor of another store or of a history that this store
    does not have: the future, or what came after the backup from which it was put back.
    """
    store = str(tx.execute(select(identity.c.id)).scalar_one())
    since = _checked(tx, cursor, store) if cursor else 0
    query = select(changes).where(changes.c.seq > since).order_by(changes.c.seq).limit(limit + 1)
    rows = tx.execute(query).all()
    found, more = rows[:limit], len(rows) > limit
    onward = cursor if cursor and not found else _cursor(found[-1] if found else None, store)
    return Changes(store=store, changes=tuple(map(_change, found)), cursor=onward, more=more)


def wait_for_changes(
    store: Store,
    cursor: str = "",
    *,
    limit: int,
    seconds: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> Changes:
    """As `changes_since`; where there is nothing yet, look again until there is, for at most so many seconds.

    `clock` gives seconds that only grow (`time.monotonic`), `sleep` waits for some. No transaction is open meanwhile.
    """
    until = clock() + seconds
    while True:
        with store.read() as tx:
            found = changes_since(tx, cursor, limit=limit)
        left = until - clock()
        if found.changes or left <= 0:
            return found
        sleep(min(WAIT_STEP, left))


def _checked(tx: Connection, cursor: str, store: str) -> int:
    """The number that a cursor holds. Raises `CursorError`."""
    parts = FORM.fullmatch(cursor)
    if parts is None:
        shown = cursor if len(cursor) <= 60 else f"{cursor[:60]}…"
        raise CursorError(f"{shown!r} is no cursor: it looks like 164-3f2a9c1e-5d01b2, as the last answer gave it. {ANEW}.")
    seq, of, check = int(parts[1]), parts[2], parts[3]
    if of != store[:STORE_SIGNS]:
        raise CursorError(f"The cursor {cursor} is of another store: this one is {store}. {ANEW}, or ask the store it is of.")
    newest = tx.execute(select(func.coalesce(func.max(changes.c.seq), 0))).scalar_one()
    if seq > newest:
        raise CursorError(
            f"The cursor {cursor} lies ahead of this store, of which the newest change is {newest}. Was the store put back"
            f" from an older backup? {ANEW}: what followed {newest} when you read it may not come again as it was."
        )
    if check != _sign(tx.execute(select(changes).where(changes.c.seq == seq)).one_or_none()):
        raise CursorError(
            f"The cursor {cursor} is of a history that this store does not have: its change {seq} is another one. Was the"
            f" store put back from an older backup, and has it gone on since? {ANEW}."
        )
    return seq


def _cursor(row: Row | None, store: str) -> str:
    """The cursor behind a change; without one, that of the beginning."""
    return f"{row.seq if row else 0}-{store[:STORE_SIGNS]}-{_sign(row)}"


def _sign(row: Row | None) -> str:
    told = f"{row.seq}\n{row.kind}\n{row.key}\n{utc_text(row.at)}" if row else ""
    return hashlib.sha256(told.encode()).hexdigest()[:ROW_SIGNS]


def _change(row: Row) -> Change:
    view, columns = PLACES.get(row.kind, ("", ()))
    values: tuple[str | int, ...] = (row.key,)
    if columns == ("id",):
        values = (int(row.key),)
    elif columns == ("story", "number"):
        story, _, number = row.key.rpartition("/")
        values = (story, int(number))
    where = dict(zip(columns, values, strict=False))  # of a kind that is not known there are no columns
    return Change(seq=row.seq, kind=row.kind, key=row.key, at=row.at, view=view, row=where)
