"""Candidates that the desk moves: what waits in a story, what goes over to another one, what is taken up afterwards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.model import RevisionId, StatementId, StoryKey
from aggregator.store.bulk import chunks
from aggregator.store.schema import candidates, revisions, statements
from aggregator.store.sealing import with_seals
from aggregator.store.stories import IN_ANOTHER_LANGUAGE, OPEN, SET_ASIDE, WAITING, close_candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A candidate that waits, in whichever way."""

    id: int
    state: str
    note: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenUp:
    """A version that a story takes up afterwards."""

    revision: RevisionId
    why: str  # it belongs to the story


def open_candidate(tx: Connection, story: StoryKey, statement: StatementId) -> Open | None:
    """What of a statement waits in a story, or None."""
    query = select(candidates.c.id, candidates.c.state, candidates.c.note, candidates.c.said_at)
    which = (candidates.c.story == story) & (candidates.c.statement_id == statement) & candidates.c.state.in_(OPEN)
    row = tx.execute(query.where(which).order_by(candidates.c.id.desc()).limit(1).with_for_update()).one_or_none()
    return None if row is None else Open(**row._mapping)


def waiting_statements(tx: Connection, story: StoryKey) -> Sequence[StatementId]:
    """The statements that wait in a story, in whichever way, by their numbers."""
    which = (candidates.c.story == story) & candidates.c.state.in_(OPEN)
    return list(tx.execute(select(candidates.c.statement_id).where(which).order_by(candidates.c.statement_id)).scalars())


def hand_over(tx: Connection, story: StoryKey, into: StoryKey, *, at: datetime) -> int:
    """Let what waits in a story wait in another one, as it waited; returns how much that is.

    What the other one took up before, it has: that is set aside only.
    """
    waits = tx.execute(
        select(candidates).where(candidates.c.story == story, candidates.c.state.in_(OPEN)).order_by(candidates.c.id)
    ).all()
    known = taken_up(tx, into, [row.statement_id for row in waits])
    rows = [
        {
            "story": into,
            "statement_id": row.statement_id,
            "revision_id": row.revision_id,
            "why": f"{row.why} (as {story} had it, which is continued here)",
            "said_at": row.said_at,
            "seen_at": at,
            "settles_at": row.settles_at,
            "state": row.state,
            "note": row.note,
        }
        for row in waits
        if row.statement_id not in known
    ]
    for row in waits:
        close_candidate(tx, row.id, state=SET_ASIDE, note=f"the story is continued in {into}")
    _add(tx, rows)
    return len(rows)


def take_up(tx: Connection, story: StoryKey, wanted: Sequence[TakenUp], *, at: datetime) -> Sequence[TakenUp]:
    """Let a story take up versions that it did not take up when they came; returns those that it had not. They wait no longer:
    whoever could say the same has long said it."""
    found = {
        row.id: row
        for some in chunks([one.revision for one in wanted])
        for row in tx.execute(
            select(revisions.c.id, revisions.c.statement_id, statements.c.said_at)
            .join(statements, statements.c.id == revisions.c.statement_id)
            .where(revisions.c.id.in_(some))
        )
    }
    there = [one for one in wanted if one.revision in found]
    known = taken_up(tx, story, [found[one.revision].statement_id for one in there])
    new = [one for one in there if found[one.revision].statement_id not in known]
    rows = [
        {
            "story": story,
            "statement_id": found[one.revision].statement_id,
            "revision_id": one.revision,
            "why": one.why,
            "said_at": found[one.revision].said_at,
            "seen_at": at,
            "settles_at": at,
            "state": WAITING,
            "note": "",
        }
        for one in new
    ]
    _add(tx, rows)
    return new


def taken_up(tx: Connection, story: StoryKey, asked: Collection[StatementId]) -> set[StatementId]:
    """Which of some statements a story took up, or sets aside for what they say."""
    which = (candidates.c.story == story) & (candidates.c.note != IN_ANOTHER_LANGUAGE)
    query = select(candidates.c.statement_id).where(which)
    return {row for some in chunks(asked) for row in tx.execute(query.where(candidates.c.statement_id.in_(some))).scalars()}


def _add(tx: Connection, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        tx.execute(candidates.insert(), with_seals(tx, candidates, rows))
