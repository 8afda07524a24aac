"""The stories as the front page of the site shows them: each with its newest update."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.model import StoryKey
from aggregator.store.bulk import Row
from aggregator.store.desk import shut_stories
from aggregator.store.schema import stories, updates


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest update of a story, in a line."""

    number: int
    kind: str
    reason: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story in a line."""

    key: StoryKey
    title: str
    lead: str
    language: str
    from_at: datetime
    until_at: datetime | None
    updates: int
    open: bool  # it takes updates
    continued_in: StoryKey | None
    newest: Newest | None


def story_lines(tx: Connection, *, now: datetime) -> Sequence[StoryLine]:
    """Every story: open ones first, then by when the newest update was published, newest first; those without one last."""
    newest = updates.alias("newest")
    query = select(
        stories,
        newest.c.number,
        newest.c.kind,
        newest.c.reason,
        newest.c.published_at,
    ).join(newest, (newest.c.story == stories.c.key) & (newest.c.number == stories.c.last_number), isouter=True)
    shut = shut_stories(tx)
    found = [_line(row, row.key in shut, shut[row.key].other if row.key in shut else None, now) for row in tx.execute(query)]
    found.sort(key=lambda one: one.key)
    found.sort(key=lambda one: (one.open, one.newest.published_at if one.newest else one.from_at), reverse=True)
    return sorted(found, key=lambda one: (not one.open, one.newest is None))


def _line(row: Row, shut: bool, other: StoryKey | None, now: datetime) -> StoryLine:
    newest = None
    if row.number is not None:
        newest = Newest(number=row.number, kind=row.kind, reason=row.reason, published_at=row.published_at)
    return StoryLine(
        key=StoryKey(row.key),
        title=row.title,
        lead=row.lead,
        language=row.language,
        from_at=row.from_at,
        until_at=row.until_at,
        updates=row.last_number,
        open=row.active and not shut and (row.until_at is None or row.until_at > now),
        continued_in=other,
        newest=newest,
    )
