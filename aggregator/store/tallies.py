"""How many rows were ever written to a table, and the sum of their seals: a row that is gone, or one too many, shows.

The sum does not depend on the order in which transactions end, so that nobody waits for anybody but at the very end. Where one
row is gone, what is missing in the sum is its seal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from aggregator.store.bulk import Update
from aggregator.store.schema import tallies
from aggregator.store.seals import MODULUS

_GATHERED = "gathered_seals"  # in the connection's info
ALL = "SELECT name, rows, digest FROM tallies"  # as text: asked in every transaction, and SQLAlchemy would look at it each time
_SET = Update(tallies.c.rows, tallies.c.digest, where=tallies.c.name)


@dataclass(slots=True)
class Tally:
    """Rows and the sum of their seals."""

    rows: int = 0
    total: int = 0

    def add(self, seal: str) -> None:
        """Count one row. What is no seal counts as a row alone."""
        self.rows += 1
        try:
            self.total = (self.total + int(seal, 16)) % MODULUS
        except (TypeError, ValueError):
            return

    def add_all(self, seals: Sequence[str]) -> None:
        """Count rows that were just written, each with its seal."""
        self.rows += len(seals)
        self.total = (self.total + sum([int(seal, 16) for seal in seals])) % MODULUS

    @property
    def digest(self) -> str:
        """The sum as the store holds it, 64 hex digits."""
        return f"{self.total:064x}"


def begin(tx: Connection) -> None:
    """Start with nothing gathered."""
    tx.info[_GATHERED] = []


def gathered(tx: Connection) -> list[tuple[str, str]]:
    """Table and seal of each row that this transaction wrote. To undo those of a savepoint, cut the list."""
    seals: list[tuple[str, str]] = tx.info.setdefault(_GATHERED, [])
    return seals


def count(tx: Connection, table: str, seals: Iterable[str]) -> None:
    """Note rows that this transaction wrote."""
    gathered(tx).extend((table, seal) for seal in seals)


def write(tx: Connection, stored: Mapping[str, Tally] | None = None) -> None:
    """Add what was gathered to the tallies. The caller has taken its turn, and commits next. `stored`: as they are, where the
    caller has read them since it has its turn."""
    added: defaultdict[str, list[str]] = defaultdict(list)
    for table, seal in gathered(tx):
        added[table].append(seal)
    begin(tx)
    stored = read(tx) if stored is None else stored
    rows = []
    for table, seals in added.items():
        before = stored.get(table, Tally())
        both = Tally(before.rows, before.total)
        both.add_all(seals)
        rows.append((both.rows, both.digest, table))
    _SET(tx, rows)


def read(tx: Connection) -> dict[str, Tally]:
    """The tallies by table. What is damaged in them is read as nothing, and then does not fit."""
    return read_of(tx.exec_driver_sql(ALL).all())


def read_of(rows: Iterable[Sequence[Any]]) -> dict[str, Tally]:
    """The same, of the rows that `ALL` gives."""
    found = {}
    for name, count, digest in rows:
        try:
            found[name] = Tally(count, int(digest, 16))
        except (TypeError, ValueError):
            found[name] = Tally(-1, 0)
    return found
