"""Which lines of a listing are known, so that they need no reading."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from aggregator.model import SourceKey
from aggregator.store.bulk import Ask
from aggregator.store.schema import captures, listings, revisions

_LINES = select(listings.c.entry_id, listings.c.raw).where(listings.c.source == bindparam("source"))
# Of those that came at once, always the same: a poll that is done again must know what it knew.
_IN_ORDER = (listings.c.first_seen_at.desc(), listings.c.statement_id.desc(), listings.c.raw)
_NEWEST = _LINES.order_by(*_IN_ORDER).limit(bindparam("most"))
_UNDER = Ask(_LINES.where(listings.c.entry_id.in_(bindparam("ids", expanding=True))))

_READ_AT = (
    select(captures.c.url)
    .select_from(listings)
    .join(revisions, revisions.c.statement_id == listings.c.statement_id)
    .outerjoin(captures, captures.c.id == revisions.c.capture_id)
    .where(listings.c.source == bindparam("source"), listings.c.entry_id == bindparam("under"), listings.c.mirrors)
    .where(revisions.c.source == listings.c.source)
    .order_by(revisions.c.id.desc())
    .limit(1)
)


def newest_lines(tx: Connection, source: SourceKey, *, limit: int) -> frozenset[tuple[str, str]]:
    """The entry id and the raw hash of the lines that a source has listed last, at most `limit`: what a listing that was read
    a moment ago will mostly hold again."""
    return frozenset((row.entry_id, row.raw) for row in tx.execute(_NEWEST, {"source": source, "most": limit}))


def known_raw(tx: Connection, source: SourceKey, ids: Collection[str]) -> dict[str, str]:
    """The raw hash of each known line among `ids`, however long ago it was listed."""
    return {row.entry_id: row.raw for row in _UNDER.all(tx, "ids", ids, source=source)}


def last_read_at(tx: Connection, source: SourceKey, entry: str) -> str | None:
    """The address of the answer that the newest version of an entry was read from, as this source had it; "" where the bytes of
    that were not kept; None where this source has no version of it."""
    rows = tx.execute(_READ_AT, {"source": source, "under": entry}).all()
    return None if not rows else rows[0].url or ""
