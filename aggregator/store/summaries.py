"""The stories in a list, and what of their candidates is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from aggregator.model import DeskAct, DeskKind, RevisionId, SourceKey, StatementId, StoryKey
from aggregator.store.bulk import Row
from aggregator.store.desk import shut_stories
from aggregator.store.schema import candidates, revisions, stories, updates
from aggregator.store.stories import EXPECTING, HELD, OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySummary:
    """One story in a list."""

    key: StoryKey
    title: str
    active: bool
    from_at: datetime
    until_at: datetime | None
    updates: int
    waiting: int
    held: int  # of these: by a rule or by the desk, or because the story takes no updates
    closed: bool  # by the desk: it takes no updates
    continued_in: StoryKey | None  # the story into which it was merged
    newest_at: datetime | None  # when its newest update was published


def all_stories(tx: Connection) -> Sequence[StorySummary]:
    """Every story, by key."""
    waits = select(func.count()).where(candidates.c.story == stories.c.key, candidates.c.state.in_(OPEN)).scalar_subquery()
    held = select(func.count()).where(candidates.c.story == stories.c.key, candidates.c.state.in_((EXPECTING, HELD)))
    shut = shut_stories(tx)
    newest = (
        select(updates.c.published_at)
        .where(updates.c.story == stories.c.key, updates.c.number == stories.c.last_number)
        .scalar_subquery()
    )
    query = select(
        stories.c.key,
        stories.c.title,
        stories.c.active,
        stories.c.from_at,
        stories.c.until_at,
        stories.c.last_number.label("updates"),
        waits.label("waiting"),
        held.scalar_subquery().label("held"),
        newest.label("newest_at"),
    )
    found = [_summary(dict(row._mapping), shut.get(row.key)) for row in tx.execute(query)]
    return sorted(found, key=lambda story: story.key)


def _summary(row: Mapping[str, Any], shut: DeskAct | None) -> StorySummary:
    held = row["held"] if shut is None else row["waiting"]
    other = shut.other if shut is not None else None
    return StorySummary(**{**row, "held": held}, closed=shut is not None, continued_in=other)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCandidate:
    """A candidate that does not go on by itself yet, beyond its time to settle."""

    story: StoryKey
    statement: StatementId
    revision: RevisionId
    source: SourceKey
    title: str
    language: str
    said_at: datetime
    why: str
    until: datetime | None  # None: until the desk lets it go
    by_desk: bool


def held_candidates(tx: Connection, story: StoryKey | None = None) -> Sequence[HeldCandidate]:
    """What is held, of one story or of all: by the desk, by a rule, or as its story is closed. By story, then as said."""
    query = (
        select(candidates.c.story, candidates.c.statement_id, candidates.c.revision_id, revisions.c.source, revisions.c.title)
        .add_columns(revisions.c.language, candidates.c.said_at, candidates.c.settles_at, candidates.c.state, candidates.c.note)
        .join(revisions, revisions.c.id == candidates.c.revision_id)
        .where(candidates.c.state.in_(OPEN))
        .order_by(candidates.c.said_at, candidates.c.id)
    )
    rows = tx.execute(query if story is None else query.where(candidates.c.story == story)).all()
    shut = shut_stories(tx)
    held = [_held(row, shut.get(row.story)) for row in rows if row.state in (EXPECTING, HELD) or row.story in shut]
    return sorted(held, key=lambda one: one.story)


def _held(row: Row, shut: DeskAct | None) -> HeldCandidate:
    why, until = row.note, None if row.state == HELD else row.settles_at
    if shut is not None:
        continued = f"the story is continued in {shut.other}"
        closed = continued if shut.kind is DeskKind.MERGE else f"the story was closed by {shut.by}: {shut.why}"
        why, until = "; ".join(filter(None, (closed, why if row.state in (EXPECTING, HELD) else ""))), None
    return HeldCandidate(
        story=StoryKey(row.story),
        statement=row.statement_id,
        revision=row.revision_id,
        source=row.source,
        title=row.title,
        language=row.language,
        said_at=row.said_at,
        why=why,
        until=until,
        by_desk=row.state == HELD or shut is not None,
    )
