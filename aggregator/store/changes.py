"""The sequence of everything that happened, for readers that ask "what since?".

A transaction gathers what it changes and writes it down as the last thing it does, after taking its turn: whoever sees a
number has seen, or can see, every smaller one. Were numbers given earlier, a transaction that commits late could bring a
smaller number than one that readers have seen, and they would never ask for it. Taken last, the turn is held for a moment,
and nobody who holds it waits for anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from aggregator.store.bulk import Insert
from aggregator.store.schema import changes, utc_text

_ADD = Insert(changes.c.kind, changes.c.key, changes.c.at)
_GATHERED = "gathered_changes"  # in the connection's info

Noted = tuple[str, str, str]  # kind, key, time as stored


def note(tx: Connection, kind: str, key: str, *, at: datetime) -> None:
    """Record a change, in the transaction that makes it."""
    note_all(tx, [(kind, key)], at=at)


def note_all(tx: Connection, noted: Sequence[tuple[str, str]], *, at: datetime) -> None:
    """Record many changes, each with its kind and its key, in their order."""
    written = utc_text(at)
    gathered(tx).extend((kind, key, written) for kind, key in noted)


def gathered(tx: Connection) -> list[Noted]:
    """What this transaction has noted so far. To undo the notes of a savepoint, cut the list to its length before."""
    noted: list[Noted] = tx.info.setdefault(_GATHERED, [])
    return noted


def begin(tx: Connection) -> None:
    """Start with nothing noted."""
    tx.info[_GATHERED] = []


def write(tx: Connection) -> None:
    """Give each noted change its number. The caller has taken its turn, and commits next."""
    _ADD(tx, gathered(tx))
    begin(tx)
