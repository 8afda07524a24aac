"""What must still be told to the outside: written with the update, delivered later, at least once, each under its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.store.schema import outbox
from aggregator.store.sealing import with_seals


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing to deliver."""

    id: int
    key: str  # the same for every try: a receiver can tell a repetition
    target: str
    payload: Mapping[str, str]


def queue(tx: Connection, *, target: str, key: str, payload: Mapping[str, str], at: datetime) -> None:
    """Add a message, in the transaction that makes what it tells."""
    row = {"key": key, "target": target, "payload": dict(payload), "created_at": at, "attempts": 0}
    tx.execute(outbox.insert(), with_seals(tx, outbox, [row]))


def undelivered(tx: Connection, *, limit: int = 1000) -> Sequence[Message]:
    """The oldest messages that wait, in order."""
    query = (
        select(outbox.c.id, outbox.c.key, outbox.c.target, outbox.c.payload)
        .where(outbox.c.delivered_at.is_(None))
        .order_by(outbox.c.id)
        .limit(limit)
    )
    return [Message(**row._mapping) for row in tx.execute(query)]


def delivered(tx: Connection, ids: Sequence[int], *, at: datetime) -> None:
    """Note that messages arrived."""
    tx.execute(outbox.update().where(outbox.c.id.in_(ids)).values(delivered_at=at, attempts=outbox.c.attempts + 1))


def failed(tx: Connection, ids: Sequence[int], *, error: str) -> None:
    """Note that a try went wrong; the messages stay and are tried again."""
    tx.execute(outbox.update().where(outbox.c.id.in_(ids)).values(attempts=outbox.c.attempts + 1, last_error=error))
