"""The sequence of everything that happened, for readers that ask "what since?"."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from aggregator.store.schema import changes


def note(tx: Connection, kind: str, key: str, *, at: datetime) -> int:
    """Record a change and give its number back. Call it in the transaction that makes the change."""
    added = changes.insert().values(kind=kind, key=key, at=at).returning(changes.c.seq)
    return int(tx.execute(added).scalar_one())
