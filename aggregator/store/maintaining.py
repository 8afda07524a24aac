"""What is done for a store by and by: when each chore is due next, and the log of what was done.

State of the service, and no evidence: the record does not depend on it, and of the log the newest entries alone are kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.store.schema import chores, maintenance

MOST_KEPT = 2_000  # entries of the log: years of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that was done."""

    chore: str
    at: datetime  # when it was begun
    ms: int
    says: str  # what was done, in a sentence
    freed: int = 0  # bytes of the disk
    failed: bool = False


def due_chores(tx: Connection, names: Collection[str], *, now: datetime) -> list[str]:
    """Which of some chores are due, the longest overdue first; one that was never planned is due before all."""
    planned = {row.name: row.next_at for row in tx.execute(select(chores.c.name, chores.c.next_at))}
    never = [name for name in names if name not in planned]
    due = [name for name in names if name in planned and planned[name] <= now]
    return [*never, *sorted(due, key=lambda name: planned[name])]


def plan_chore(tx: Connection, name: str, *, next_at: datetime, done_at: datetime | None = None) -> None:
    """Note when a chore is due next, and when it was done; without `done_at` that stays as it is."""
    values = {"next_at": next_at} if done_at is None else {"next_at": next_at, "last_at": done_at}
    # Whoever else looks after the store plans the same chores: the row may be there by now, or not any more.
    if not tx.execute(chores.update().where(chores.c.name == name).values(**values)).rowcount:
        tx.execute(chores.insert().values(name=name, **values))


def make_due(tx: Connection, names: Collection[str], *, now: datetime) -> None:
    """Let the service that runs on this store do some chores in its next quiet moment."""
    for name in sorted(names):
        plan_chore(tx, name, next_at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """When a chore was done last, and is due next."""

    name: str
    last_at: datetime | None
    next_at: datetime


def planned_chores(tx: Connection) -> list[Planned]:
    """All that are planned, by name."""
    rows = tx.execute(select(chores)).all()
    return sorted((Planned(**row._mapping) for row in rows), key=lambda one: one.name)


def add_entry(tx: Connection, entry: Entry) -> None:
    """Write an entry of the log, and let go of what is older than `MOST_KEPT` others."""
    values = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    newest = tx.execute(maintenance.insert().values(**values).returning(maintenance.c.id)).scalar_one()
    tx.execute(maintenance.delete().where(maintenance.c.id <= newest - MOST_KEPT))


def entries(tx: Connection, *, limit: int) -> Sequence[Entry]:
    """The newest entries, newest first."""
    columns = [maintenance.c[name] for name in Entry.__dataclass_fields__]
    rows = tx.execute(select(*columns).order_by(maintenance.c.id.desc()).limit(limit))
    return [Entry(**row._mapping) for row in rows]
