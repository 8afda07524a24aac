"""What sources took back, and what they themselves say of changes and of taking back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from aggregator.model import RevisionId, SourceKey, StatementId, StoryKey, UpdateKind
from aggregator.store.bulk import chunks
from aggregator.store.schema import marks, revisions, source_notes, takebacks, updates
from aggregator.store.sealing import with_seals
from aggregator.store.stories import SET_ASIDE, WAITING
from aggregator.stories.withdrawing import Basis

TAKEN_BACK = "its source has taken it back"
BACK_AGAIN = "its source has it again"


class NoteKind(StrEnum):
    """What a source's note speaks of."""

    CHANGE = "change"  # its last change, in its own words
    WITHDRAWN = "withdrawn"  # that it took the statement back, in its own words
    RESTORED = "restored"  # it no longer says so


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNote:
    """What a source itself says of a statement."""

    statement: StatementId
    source: SourceKey
    entry_id: str
    kind: NoteKind
    words: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeback:
    """A statement that its source took back, for one story that tells it."""

    id: int
    statement: StatementId
    story: StoryKey | None  # None: no story told it
    source: SourceKey
    entry_id: str
    basis: Basis
    words: str  # the source's own, or how its page was seen gone
    at: datetime
    settles_at: datetime
    state: str
    note: str
    ended_at: datetime | None  # when the source had it again

    @property
    def said(self) -> tuple[object, ...]:
        """What never changes of it."""
        return self.statement, self.story, self.source, self.entry_id, self.basis, self.words, self.at


_IS_OPEN = takebacks.c.ended_at.is_(None)
_NOT_TAKEN_BACK = ~exists().where(marks.c.update_id == updates.c.id, marks.c.kind == UpdateKind.WITHDRAWN.value)
LIVE = (updates.c.kind != UpdateKind.WITHDRAWN.value) & _NOT_TAKEN_BACK  # updates that tell something still
_NEWEST_NOTES = (
    select(source_notes.c.statement_id, source_notes.c.entry_id, source_notes.c.kind, source_notes.c.words)
    .where(source_notes.c.source == bindparam("source"), source_notes.c.statement_id.in_(bindparam("ids", expanding=True)))
    .order_by(source_notes.c.id)
)


def newest_notes(
    tx: Connection, source: SourceKey, asked: Collection[StatementId]
) -> dict[tuple[StatementId, str], dict[NoteKind, str]]:
    """The newest words of each kind that a source has on some statements, by statement and entry id; that a notice was lifted
    takes its words away."""
    found: dict[tuple[StatementId, str], dict[NoteKind, str]] = {}
    for some in chunks(asked):
        for row in tx.execute(_NEWEST_NOTES, {"source": source, "ids": some}):
            said, kind = found.setdefault((StatementId(row.statement_id), row.entry_id), {}), NoteKind(row.kind)
            if kind is NoteKind.RESTORED:
                said.pop(NoteKind.WITHDRAWN, None)
            else:
                said[kind] = row.words
    return found


def add_notes(tx: Connection, notes: Sequence[SourceNote]) -> None:
    """Keep what a source says."""
    rows = [
        {
            "statement_id": one.statement,
            "source": one.source,
            "entry_id": one.entry_id,
            "kind": one.kind.value,
            "words": one.words,
            "at": one.at,
        }
        for one in notes
    ]
    if rows:
        tx.execute(source_notes.insert(), with_seals(tx, source_notes, rows))


def notes_of(tx: Connection, statement: StatementId) -> list[SourceNote]:
    """All that sources say of a statement themselves, in order."""
    query = select(source_notes).where(source_notes.c.statement_id == statement).order_by(source_notes.c.id)
    return [
        SourceNote(
            statement=StatementId(row.statement_id),
            source=SourceKey(row.source),
            entry_id=row.entry_id,
            kind=NoteKind(row.kind),
            words=row.words,
            at=row.at,
        )
        for row in tx.execute(query)
    ]


def change_note(tx: Connection, revision: RevisionId) -> str:
    """What the source itself says of the change that made a version, in its own words; "" where it says nothing.

    Of GOV.UK these are notes on major changes alone: it publishes no others.
    """
    query = (
        select(source_notes.c.words)
        .join(revisions, revisions.c.statement_id == source_notes.c.statement_id)
        .where(
            revisions.c.id == revision,
            source_notes.c.kind == NoteKind.CHANGE.value,
            source_notes.c.source == revisions.c.source,
            source_notes.c.at == revisions.c.seen_at,
        )
        .order_by(source_notes.c.id.desc())
    )
    return tx.execute(query.limit(1)).scalar_one_or_none() or ""


def take_back(
    tx: Connection,
    statement: StatementId,
    *,
    source: SourceKey,
    entry_id: str,
    basis: Basis,
    words: str,
    at: datetime,
    settles_at: Mapping[StoryKey, datetime],
) -> None:
    """Note that a source took a statement back, for every story that tells it. Does nothing where that is noted already.

    `settles_at`: when the stories say so; one that is not named says so at once.
    """
    if is_taken_back(tx, statement):
        return
    told = select(updates.c.story).where(updates.c.statement_id == statement, LIVE).distinct()
    stories: list[str | None] = sorted(tx.execute(told).scalars())
    said = {"statement_id": statement, "source": source, "entry_id": entry_id, "basis": basis.value, "words": words, "at": at}
    rows = [
        said
        | {
            "story": story,
            "settles_at": at if story is None else settles_at.get(StoryKey(story), at),
            "state": SET_ASIDE if story is None else WAITING,
            "note": "no story tells it" if story is None else "",
        }
        for story in stories or [None]
    ]
    tx.execute(takebacks.insert(), with_seals(tx, takebacks, rows))


def is_taken_back(tx: Connection, statement: StatementId) -> bool:
    """Whether its source has taken a statement back, and has not put it back since."""
    query = select(takebacks.c.id).where(takebacks.c.statement_id == statement, _IS_OPEN).limit(1)
    return tx.execute(query).first() is not None


def give_back(tx: Connection, statement: StatementId, *, basis: Basis, at: datetime) -> None:
    """Note that a source has again what it had taken back. What was not told of that yet is not told."""
    there = (takebacks.c.statement_id == statement, takebacks.c.basis == basis.value, _IS_OPEN)
    waits = (*there, takebacks.c.state == WAITING)
    tx.execute(takebacks.update().where(*waits).values(state=SET_ASIDE, note=BACK_AGAIN))
    tx.execute(takebacks.update().where(*there).values(ended_at=at))


def ready_takebacks(tx: Connection, *, now: datetime) -> list[Takeback]:
    """What has settled and is to be told, in the order in which it was noted."""
    query = select(takebacks).where(takebacks.c.state == WAITING, takebacks.c.settles_at <= now)
    return [_takeback(row) for row in tx.execute(query.order_by(takebacks.c.id))]


def takeback(tx: Connection, number: int, *, hold: bool = False) -> Takeback | None:
    """One of them, by its id; with `hold`, nobody else changes it until the transaction ends."""
    query = select(takebacks).where(takebacks.c.id == number)
    row = tx.execute(query.with_for_update() if hold else query).one_or_none()
    return None if row is None else _takeback(row)


def takebacks_of(tx: Connection, statement: StatementId) -> list[Takeback]:
    """Every time that a statement was taken back, by story."""
    query = select(takebacks).where(takebacks.c.statement_id == statement).order_by(takebacks.c.id)
    return [_takeback(row) for row in tx.execute(query)]


def close_takeback(tx: Connection, number: int, *, state: str, note: str = "") -> None:
    """Say what became of one."""
    tx.execute(takebacks.update().where(takebacks.c.id == number).values(state=state, note=note))


def postpone_takeback(tx: Connection, number: int, *, until: datetime, note: str) -> None:
    """Let one wait longer, and say why."""
    tx.execute(takebacks.update().where(takebacks.c.id == number).values(settles_at=until, note=note))


def live_numbers(tx: Connection, story: StoryKey, statement: StatementId) -> list[int]:
    """The numbers of the updates of a story that tell a statement and are not withdrawn."""
    query = select(updates.c.number).where(updates.c.story == story, updates.c.statement_id == statement, LIVE)
    return list(tx.execute(query.order_by(updates.c.number)).scalars())


def _takeback(row: Any) -> Takeback:
    return Takeback(
        id=row.id,
        statement=StatementId(row.statement_id),
        story=None if row.story is None else StoryKey(row.story),
        source=SourceKey(row.source),
        entry_id=row.entry_id,
        basis=Basis(row.basis),
        words=row.words,
        at=row.at,
        settles_at=row.settles_at,
        state=row.state,
        note=row.note,
        ended_at=row.ended_at,
    )
