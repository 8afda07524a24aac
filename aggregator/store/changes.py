"""The sequence of everything that happened, for readers that ask "what since?"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from aggregator.store.bulk import Insert
from aggregator.store.schema import changes, utc_text

_ADD = Insert(changes.c.kind, changes.c.key, changes.c.at)


def note(tx: Connection, kind: str, key: str, *, at: datetime) -> int:
    """Record a change and give its number back. Call it in the transaction that makes the change."""
    added = changes.insert().values(kind=kind, key=key, at=at).returning(changes.c.seq)
    return int(tx.execute(added).scalar_one())


def note_all(tx: Connection, noted: Sequence[tuple[str, str]], *, at: datetime) -> None:
    """Record many changes, each with its kind and its key, in their order."""
    written = utc_text(at)
    _ADD(tx, [(kind, key, written) for kind, key in noted])
