"""The sequence of everything that happened, for readers that ask "what since?".

A transaction gathers what it changes and writes it down as the last thing it does, after taking its turn: whoever sees a
number has seen, or can see, every smaller one. Were numbers given earlier, a transaction that commits late could bring a
smaller number than one that readers have seen, and they would never ask for it. Taken last, the turn is held for a moment,
and nobody who holds it waits for anything else.

Each row carries a hash over the row before it and over the seal of what it announces: whoever knows the newest hash knows
that nothing before it was changed, put in or taken out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.store import tallies
from aggregator.store.bulk import Insert
from aggregator.store.numbering import reserve
from aggregator.store.schema import changes, identity, utc_text
from aggregator.store.seals import link

_ADD = Insert(changes.c.seq, changes.c.kind, changes.c.key, changes.c.at, changes.c.hash)
_NEWEST = "SELECT hash FROM changes ORDER BY seq DESC LIMIT 1"
_GATHERED = "gathered_changes"  # in the connection's info

Noted = tuple[str, str, str, str]  # kind, key, time as stored, seal


def note(tx: Connection, kind: str, key: str, *, seal: str, at: datetime) -> None:
    """Record a change, in the transaction that makes it. `seal`: of the row that it announces; an update's is its hash."""
    note_all(tx, [(kind, key, seal)], at=at)


def note_all(tx: Connection, noted: Iterable[tuple[str, str, str]], *, at: datetime) -> None:
    """Record many changes, each with its kind, its key and the seal of what it announces, in their order."""
    written = utc_text(at)
    gathered(tx).extend((kind, key, written, seal) for kind, key, seal in noted)


def gathered(tx: Connection) -> list[Noted]:
    """What this transaction has noted so far. To undo the notes of a savepoint, cut the list to its length before."""
    noted: list[Noted] = tx.info.setdefault(_GATHERED, [])
    return noted


def begin(tx: Connection) -> None:
    """Start with nothing noted."""
    tx.info[_GATHERED] = []


def write(tx: Connection) -> None:
    """Give each noted change its number and its hash. The caller has taken its turn, and commits next."""
    noted = gathered(tx)
    if noted:
        previous, rows = newest_hash(tx), []
        for seq, (kind, key, at, seal) in zip(reserve(tx, changes, len(noted)), noted, strict=True):
            previous = link(previous, (seq, kind, key, at), seal)
            rows.append((seq, kind, key, at, previous))
        _ADD(tx, rows)
        tallies.count(tx, changes.name, [row[-1] for row in rows])
    begin(tx)


def newest_hash(tx: Connection) -> str:
    """The hash that the next change follows: that of the newest one, or the store's identity where there is none yet."""
    newest: str | None = tx.exec_driver_sql(_NEWEST).scalar()
    return newest or str(tx.execute(select(identity.c.id)).scalar_one())
