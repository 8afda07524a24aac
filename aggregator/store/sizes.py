"""How much room raw bytes take, and giving up what was received longest ago while that is too much.

How much is kept is asked of one index, which reads it whole: some 40 bytes a snapshot, once in a run. What goes is found by
walking over the requests, from the oldest that was not looked at yet: those of one source in the order of their times, those
of all in the order in which they were stored. Bytes go when each of their requests was passed so, and nothing needs them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from aggregator.store.bulk import Row
from aggregator.store.retention import ALL, MOST, Keeps, Step, judge, places
from aggregator.store.schema import exchanges, retention_sizes, snapshots


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """More is kept than may be."""

    key: str  # of the source, or ALL
    kept: int  # bytes on disk
    most: int

    @property
    def bytes(self) -> int:
        """How much is too much."""
        return self.kept - self.most


def kept_sizes(tx: Connection) -> dict[str, int]:
    """Bytes on disk by the source that brought them, and of ALL together; what was stored by an early version is of none."""
    total = func.sum(snapshots.c.stored_size)
    query = select(snapshots.c.source, total.label("bytes")).where(snapshots.c.removed_at.is_(None))
    rows = tx.execute(query.group_by(snapshots.c.source)).all()
    sizes = {str(row.source): int(row.bytes) for row in rows if row.source is not None}
    return sizes | {ALL: sum(int(row.bytes) for row in rows)}


def excesses(tx: Connection, limits: Mapping[str, int]) -> list[Excess]:
    """Where too much is kept: sources first, as what they give up counts for all."""
    if not limits:
        return []
    kept = kept_sizes(tx)
    found = [Excess(key=key, kept=kept.get(key, 0), most=most) for key, most in sorted(limits.items(), reverse=True)]
    return [one for one in found if one.bytes > 0]


def mark_oldest(tx: Connection, excess: Excess, keeps: Keeps, *, now: datetime, most: int = MOST) -> Step:
    """Look at the oldest requests that were not looked at yet, `most` of them and no more than bring what is too much, and mark
    the snapshots that nothing needs. `more` says whether there is something left to look at."""
    rows = _next(tx, excess.key, keeps, most=most)
    if not rows:
        return Step()
    chosen, sizes = _up_to(rows, excess.bytes)
    _move(tx, excess.key, chosen[-1])
    marked = judge(tx, sizes, keeps, now=now)
    gone = select(snapshots.c.sha256).where(snapshots.c.sha256.in_(sorted(sizes)), snapshots.c.removed_at.is_not(None))
    too_much = sum(sizes[sha256] for sha256 in tx.execute(gone).scalars()) if marked else 0
    more = len(chosen) < len(rows) or len(rows) == most
    return Step(looked=len(chosen), marked=marked, too_much=too_much, more=more)


def _up_to(rows: Sequence[Row], wanted: int) -> tuple[list[Row], dict[str, int]]:
    """The first requests whose kept bodies take so many bytes; and what each of those takes."""
    chosen, sizes, total = [], dict[str, int](), 0
    for row in rows:
        chosen.append(row)
        if row.stored_size is not None and row.sha256 not in sizes:
            sizes[row.sha256] = row.stored_size
            total += row.stored_size
        if total >= wanted:
            break
    return chosen, sizes


def _next(tx: Connection, key: str, keeps: Keeps, *, most: int) -> Sequence[Row]:
    """The oldest requests that were not passed yet, each with the size of its body where that is kept."""
    is_kept = (snapshots.c.sha256 == exchanges.c.sha256) & snapshots.c.removed_at.is_(None)
    query = select(exchanges.c.id, exchanges.c.at, exchanges.c.sha256, snapshots.c.stored_size)
    query = query.join(snapshots, is_kept, isouter=True).limit(most)
    place = places(tx, keeps).get(key)
    if key == ALL:
        since = 0 if place is None else place.id
        return tx.execute(query.where(exchanges.c.id > since).order_by(exchanges.c.id)).all()
    query = query.where(exchanges.c.source == key)
    if place is not None:
        query = query.where(exchanges.c.at >= place.at, or_(exchanges.c.at > place.at, exchanges.c.id > place.id))
    return tx.execute(query.order_by(exchanges.c.at, exchanges.c.id)).all()


def _move(tx: Connection, key: str, last: Row) -> None:
    tx.execute(retention_sizes.delete().where(retention_sizes.c.key == key))
    tx.execute(retention_sizes.insert().values(key=key, at=last.at, exchange_id=last.id))
