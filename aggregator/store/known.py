"""Which lines of a listing are known, so that they need no reading."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from aggregator.model import SourceKey
from aggregator.store.schema import listings

_NEWEST = (
    select(listings.c.entry_id, listings.c.raw)
    .where(listings.c.source == bindparam("source"))
    .order_by(listings.c.first_seen_at.desc())
    .limit(bindparam("most"))
)


def newest_lines(tx: Connection, source: SourceKey, *, limit: int) -> frozenset[tuple[str, str]]:
    """The entry id and the raw hash of the lines that a source has listed last, at most `limit`."""
    return frozenset((row.entry_id, row.raw) for row in tx.execute(_NEWEST, {"source": source, "most": limit}))
