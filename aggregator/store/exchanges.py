"""Every request with what it came to: the record from which a day can be replayed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.fetch import Exchange
from aggregator.model import SourceKey
from aggregator.store.schema import exchanges, utc_text
from aggregator.store.sealing import SealedInsert
from aggregator.store.snapshots import Snapshots

_ADD = SealedInsert(exchanges, exchanges.c.poll_id)
Row = tuple[SourceKey, Exchange, str | None, int]  # whose, what, the SHA-256 of its body, and of which poll


def add_exchanges(tx: Connection, done: Sequence[Row]) -> None:
    """Write exchanges; their bodies are in the snapshot folder already, and noted."""
    _ADD(tx, [_row(*one) for one in done])


def _row(source: SourceKey, exchange: Exchange, sha256: str | None, poll: int) -> tuple[object, ...]:
    """In the order of the seal's columns."""
    return (
        source,
        utc_text(exchange.at),
        exchange.ms,
        exchange.url,
        dict(exchange.request),
        exchange.status,
        dict(exchange.headers),
        sha256,
        exchange.error,
        poll,
    )


def recorded(
    tx: Connection,
    snapshots: Snapshots,
    *,
    source: SourceKey | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> Iterator[Exchange]:
    """The exchanges of a time (`end` is the first moment outside), in their order, with their bodies.

    Raises FileNotFoundError where the bytes of one are gone.
    """
    query = select(exchanges).order_by(exchanges.c.at, exchanges.c.id)
    if source is not None:
        query = query.where(exchanges.c.source == source)
    if start is not None:
        query = query.where(exchanges.c.at >= start)
    if end is not None:
        query = query.where(exchanges.c.at < end)
    for row in tx.execute(query):
        yield Exchange(
            at=row.at,
            url=row.url,
            ms=row.ms,
            request=row.request,
            status=row.status,
            headers=row.headers,
            body=snapshots.get(row.sha256) if row.sha256 is not None else b"",
            error=row.error,
        )
