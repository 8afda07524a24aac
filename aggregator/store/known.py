"""Which lines of a listing are known, so that they need no reading."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from aggregator.model import SourceKey
from aggregator.store.bulk import Ask
from aggregator.store.schema import listings

_LINES = select(listings.c.entry_id, listings.c.raw).where(listings.c.source == bindparam("source"))
# Of those that came at once, always the same: a poll that is done again must know what it knew.
_IN_ORDER = (listings.c.first_seen_at.desc(), listings.c.statement_id.desc(), listings.c.raw)
_NEWEST = _LINES.order_by(*_IN_ORDER).limit(bindparam("most"))
_UNDER = Ask(_LINES.where(listings.c.entry_id.in_(bindparam("ids", expanding=True))))


def newest_lines(tx: Connection, source: SourceKey, *, limit: int) -> frozenset[tuple[str, str]]:
    """The entry id and the raw hash of the lines that a source has listed last, at most `limit`: what a listing that was read
    a moment ago will mostly hold again."""
    return frozenset((row.entry_id, row.raw) for row in tx.execute(_NEWEST, {"source": source, "most": limit}))


def known_raw(tx: Connection, source: SourceKey, ids: Collection[str]) -> dict[str, str]:
    """The raw hash of each known line among `ids`, however long ago it was listed."""
    return {row.entry_id: row.raw for row in _UNDER.all(tx, "ids", ids, source=source)}
