"""What the lines of a listing, or the pages of its items, say of a change or of taking back, in the source's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from aggregator.config import Config, Source
from aggregator.model import StatementId
from aggregator.store.deciding import Line, Verdict
from aggregator.store.statements import Settled
from aggregator.store.takebacks import NoteKind, SourceNote, add_notes, give_back, newest_notes, take_back
from aggregator.stories.settling import time_to_settle
from aggregator.stories.withdrawing import Basis, quotable


def keep_notes(
    tx: Connection, config: Config, source: Source, lines: Sequence[Line], settled: Sequence[Settled], *, at: datetime
) -> None:
    """Keep what is new of what some lines say, and note what their source took back, or no longer does.

    A source that says nothing of the kind costs nothing.
    """
    found = [
        (line, one.statement, one.decision.verdict is Verdict.NEW)
        for line, one in zip(lines, settled, strict=True)
        if one.statement is not None
    ]
    may_lift = can_withdraw(source)
    said = [one for one in found if one[0].entry.note or one[0].entry.withdrawn or (may_lift and not one[2])]
    if not said:
        return
    before = newest_notes(tx, source.key, {statement for _, statement, is_new in said if not is_new})
    notes: list[SourceNote] = []
    for line, statement, _ in said:
        known = before.setdefault((statement, line.entry.id), {})
        for kind, words in _said(line, known):
            known[kind] = words
            notes.append(
                SourceNote(statement=statement, source=source.key, entry_id=line.entry.id, kind=kind, words=words, at=at)
            )
    add_notes(tx, notes)
    for note in notes:
        _act(tx, config, note, at=at)


def _said(line: Line, known: dict[NoteKind, str]) -> list[tuple[NoteKind, str]]:
    """What a line says that was not known."""
    note, withdrawn = quotable(line.entry.note), quotable(line.entry.withdrawn)
    said = []
    if note and note != known.get(NoteKind.CHANGE):
        said.append((NoteKind.CHANGE, note))
    if withdrawn and withdrawn != known.get(NoteKind.WITHDRAWN):
        said.append((NoteKind.WITHDRAWN, withdrawn))
    if not withdrawn and NoteKind.WITHDRAWN in known:
        known.pop(NoteKind.WITHDRAWN)
        said.append((NoteKind.RESTORED, ""))
    return said


def _act(tx: Connection, config: Config, note: SourceNote, *, at: datetime) -> None:
    statement = StatementId(note.statement)
    if note.kind is NoteKind.RESTORED:
        give_back(tx, statement, basis=Basis.SAID, at=at)
    if note.kind is NoteKind.WITHDRAWN:
        take_back(
            tx,
            statement,
            source=note.source,
            entry_id=note.entry_id,
            basis=Basis.SAID,
            words=note.words,
            at=at,
            settles_at={
                key: at + time_to_settle(note.source, usual=story.settle.primary, settle_of=story.settle_of)
                for key, story in config.stories.items()
            },
        )


def can_withdraw(source: Source) -> bool:
    """Whether the source's rules read a notice of taking back."""
    item = source.item.mapping if source.item is not None else None
    return any(rules is not None and rules.withdrawn for rules in (item, source.mapping))
