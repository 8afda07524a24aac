"""What the store says of itself in figures. Each question reads what is open, or a few rows: never all that there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, text

from aggregator.model import StoryKey
from aggregator.store import postgresql, sqlite, tallies
from aggregator.store.live import newest_seq
from aggregator.store.schema import candidates, gaps, outbox, stories
from aggregator.store.stories import GOES_ON, OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The messages to one kind of target that did not arrive yet."""

    waiting: int = 0
    dead: int = 0
    oldest: datetime | None = None  # when the oldest of those that wait was made


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All of it, at one state of the store."""

    schema: str
    sequence: int  # number of the newest change
    rows: Mapping[str, int]  # ever written, by table, of those that are counted
    gaps: Mapping[str, int]  # open, by kind
    candidates: Mapping[str, int]  # that wait, by state
    settled_at: datetime | None  # when the candidate had settled that is to be told first
    outbox: Mapping[str, Waiting]  # by kind of target
    stories: Sequence[tuple[StoryKey, int]]  # the active ones by key, each with its newest number
    size: int  # bytes of the database
    wal: int  # bytes of what is not yet brought into it; 0 where there is no such file


def figures(tx: Connection) -> Figures:
    """Read them. Raises OSError where the files of the database cannot be looked at."""
    size, wal = _sizes(tx)
    return Figures(
        schema=tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one(),
        sequence=newest_seq(tx),
        rows={name: tally.rows for name, tally in tallies.read(tx).items()},
        gaps=_by(tx, gaps.c.kind, gaps.c.closed_at.is_(None)),
        candidates=dict.fromkeys(OPEN, 0) | _by(tx, candidates.c.state, candidates.c.state.in_(OPEN)),
        settled_at=tx.execute(select(func.min(candidates.c.settles_at)).where(candidates.c.state.in_(GOES_ON))).scalar_one(),
        outbox=_outbox(tx),
        stories=_stories(tx),
        size=size,
        wal=wal,
    )


def _by(tx: Connection, column: ColumnElement[Any], which: ColumnElement[bool]) -> dict[str, int]:
    query = select(column, func.count()).where(which).group_by(column)
    return {str(value): count for value, count in tx.execute(query)}


def _outbox(tx: Connection) -> dict[str, Waiting]:
    is_dead = outbox.c.dead_at.is_not(None)
    query = (
        select(outbox.c.target, is_dead, func.count(), func.min(outbox.c.created_at))
        .where(outbox.c.delivered_at.is_(None))
        .group_by(outbox.c.target, is_dead)
    )
    found: dict[str, Waiting] = {}
    for target, dead, count, oldest in tx.execute(query):
        before = found.get(target, Waiting())
        found[target] = (
            Waiting(waiting=before.waiting, dead=count, oldest=before.oldest)
            if dead
            else Waiting(waiting=count, dead=before.dead, oldest=oldest)
        )
    return found


def _stories(tx: Connection) -> list[tuple[StoryKey, int]]:
    rows = tx.execute(select(stories.c.key, stories.c.last_number).where(stories.c.active))
    return sorted((StoryKey(row.key), row.last_number) for row in rows)


def _sizes(tx: Connection) -> tuple[int, int]:
    """Bytes of the database, and of its write-ahead log."""
    return sqlite.sizes(tx) if tx.dialect.name == "sqlite" else (postgresql.size(tx), 0)
