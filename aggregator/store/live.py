"""What is new since a change: for readers that are told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, case, func, select, tuple_

from aggregator.model import StoryKey
from aggregator.store.schema import changes, stories, updates

SEEN = ("update", "mark", "corroboration", "desk", "story")  # the kinds of change that the page of a story shows


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpdate:
    """A published update, and the change that announced it."""

    seq: int
    story: StoryKey
    number: int
    kind: str
    reason: str
    title: str


def newest_seq(tx: Connection) -> int:
    """The number of the newest change; 0 for a store in which nothing has happened."""
    return int(tx.execute(select(func.coalesce(func.max(changes.c.seq), 0))).scalar_one())


def newest_shown(tx: Connection, *, after: int) -> tuple[int, int | None]:
    """The number of the newest change, and that of the newest one after `after` that the page of a story may show."""
    shown = case((changes.c.kind.in_(SEEN), changes.c.seq))
    row = tx.execute(select(func.max(changes.c.seq), func.max(shown)).where(changes.c.seq > after)).one()
    return (after, None) if row[0] is None else (row[0], row[1])


def updates_since(
    tx: Connection, since: int, *, limit: int, until: int | None = None, story: str | None = None
) -> tuple[Sequence[NewUpdate], int]:
    """The updates that the next changes after `since` announce, oldest first, and the number of the last change that was read.

    At most `limit` of them; of one story, if it is named; nothing after `until`, if that is given.
    """
    which: ColumnElement[bool] = (changes.c.seq > since) & (changes.c.kind == "update")
    if until is not None:
        which &= changes.c.seq <= until
    if story is not None:
        which &= changes.c.key.startswith(f"{story}/", autoescape=True)
    rows = tx.execute(select(changes.c.seq, changes.c.key).where(which).order_by(changes.c.seq).limit(limit)).all()
    seqs = {(story_of, int(number)): row.seq for row in rows for story_of, _, number in [row.key.rpartition("/")]}
    query = select(updates.c.story, updates.c.number, updates.c.kind, updates.c.reason, updates.c.title)
    told = tx.execute(query.where(tuple_(updates.c.story, updates.c.number).in_(list(seqs)))).all() if seqs else []
    found = [NewUpdate(seq=seqs[row.story, row.number], **row._mapping) for row in told]
    last = rows[-1].seq if len(rows) == limit else newest_seq(tx) if until is None else until
    return sorted(found, key=lambda one: one.seq), max(last, since)


def count_of(tx: Connection, story: str) -> int | None:
    """How many updates a story has; None where there is no such story."""
    found = tx.execute(select(stories.c.last_number).where(stories.c.key == story)).scalar_one_or_none()
    return None if found is None else int(found)
