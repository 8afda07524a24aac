"""What a store holds of statements and stories, as rows that can be held against those of another store.

Values are those of Python, so that a SQLite file and a PostgreSQL database that hold the same are the same. With an extent,
only what was there when the record had come so far, and of that only what never changes afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, Text, and_, cast, exists, func, not_, or_, select

from aggregator.model import DeskKind, UpdateKind
from aggregator.store import schema
from aggregator.store.record import Extent
from aggregator.store.steps import StepKind

Group = tuple[int, Sequence[dict[str, Any]]]  # a number, and the rows that have it
MANY = 1_000  # rows that are read at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A table as it is compared."""

    table: Table
    by: Column[Any] | None  # the number by which its rows are grouped and put in order; None: all are one group
    changing: frozenset[str] = field(default=frozenset())  # columns that change after a row is there
    whole_only: bool = False  # says nothing of when a row came: compared at the end of the record alone


# `edits` is not among them: a store that an earlier version began has none for what came before. What they lead to is.
UPDATED = frozenset({"reference", "updated_at", "updated_written"})
PARTS = (
    Part(table=schema.polls, by=schema.polls.c.id),
    Part(table=schema.statements, by=schema.statements.c.id, changing=UPDATED),
    Part(table=schema.addresses, by=schema.addresses.c.statement_id, whole_only=True),
    Part(table=schema.listings, by=schema.listings.c.statement_id, changing=frozenset({"raw", "mirrors"})),
    Part(table=schema.revisions, by=schema.revisions.c.id),
    Part(table=schema.credit_lines, by=schema.credit_lines.c.revision_id),
    Part(table=schema.likenesses, by=schema.likenesses.c.revision_id),
    Part(table=schema.source_notes, by=schema.source_notes.c.id),
    Part(table=schema.takebacks, by=schema.takebacks.c.id, changing=frozenset({"settles_at", "state", "note", "ended_at"})),
    Part(table=schema.stories, by=None, whole_only=True),
    Part(table=schema.candidates, by=schema.candidates.c.id, changing=frozenset({"state", "note", "settles_at"})),
    Part(table=schema.updates, by=schema.updates.c.id),
    Part(table=schema.sentences, by=schema.sentences.c.update_id),
    Part(table=schema.citations, by=schema.citations.c.update_id),
    Part(table=schema.attributions, by=schema.attributions.c.update_id),
    Part(table=schema.replacements, by=schema.replacements.c.update_id),
    Part(table=schema.desk_acts, by=schema.desk_acts.c.id),
    Part(table=schema.refusals, by=schema.refusals.c.id),
    Part(table=schema.marks, by=schema.marks.c.id),
    Part(table=schema.corroborations, by=schema.corroborations.c.update_id),
)


def groups(tx: Connection, part: Part, until: Extent | None = None, *, settled: bool = False) -> Iterator[Group]:
    """The rows of a table by their number, smallest first; those of one number in an order of their own.

    With an extent, or where only what is `settled` is wanted, without the columns that change later.
    """
    left_out = part.changing if until is not None or settled else frozenset()
    columns = [column for column in part.table.c if column.name not in left_out]
    query = select(*columns)
    if until is not None:
        query = query.where(there_at(part.table, until))
    if part.by is not None:
        query = query.order_by(part.by)
    rows = (dict(row._mapping) for row in tx.execute(query.execution_options(yield_per=MANY)))
    name = part.by.name if part.by is not None else None
    for number, some in groupby(rows, key=lambda row: row[name] if name is not None else 0):
        yield int(number), sorted(some, key=lambda row: [(value is not None, str(value)) for value in row.values()])


def change_rows(tx: Connection, *, most: int | None = None) -> Iterator[tuple[str, str, object]]:
    """What readers were told, in its order: kind, key, time. Its numbers may have gaps on PostgreSQL, so they are left out."""
    table = schema.changes
    query: Select[Any] = select(table.c.kind, table.c.key, table.c.at).where(table.c.kind.in_(TOLD)).order_by(table.c.seq)
    for row in tx.execute((query if most is None else query.limit(most)).execution_options(yield_per=MANY)):
        yield row.kind, row.key, row.at


TOLD = ("statement", "revision", "story", "update", "mark", "corroboration", "desk")


def count(tx: Connection, table: Table, until: Extent | None = None) -> int:
    """How many rows a table has."""
    query = select(func.count()).select_from(table)
    return tx.execute(query if until is None else query.where(there_at(table, until))).scalar_one()


def there_at(table: Table, until: Extent) -> ColumnElement[bool]:
    """Which rows were there when the record had come so far."""
    return _THERE[table.name](table, until)


def _polled(source: Column[Any], at: Column[Any], until: Extent) -> ColumnElement[bool]:
    return exists().where(schema.polls.c.source == source, schema.polls.c.at == at, schema.polls.c.id <= until.poll)


def _told(candidate: Any, until: Extent) -> ColumnElement[bool]:
    step = schema.steps
    return exists().where(step.c.candidate_id == candidate.c.id, step.c.kind == StepKind.TELL.value, step.c.id <= until.step)


def _decided(table: Table, until: Extent) -> ColumnElement[bool]:
    step = schema.steps
    told = step.c.kind == StepKind.TELL.value
    return exists().where(step.c.candidate_id == table.c.candidate_id, told, step.c.id <= until.step)


def _of_update(update: Column[Any], until: Extent) -> ColumnElement[bool]:
    return exists().where(schema.updates.c.id == update, there_at(schema.updates, until))


def _of_revision(table: Table, until: Extent) -> ColumnElement[bool]:
    """What is written together with a version."""
    revision = schema.revisions
    return exists().where(revision.c.id == table.c.revision_id, there_at(revision, until))


def _opened(until: Extent) -> ColumnElement[bool]:
    step = schema.steps
    configured = step.c.kind == StepKind.CONFIGURE.value
    return exists().where(step.c.id <= until.step, configured, step.c.at == schema.stories.c.opened_at)


def _taken_up(until: Extent) -> ColumnElement[bool]:
    """Not before its revision was there, and its story open; one that the desk moved there, not before that."""
    revision, story, own, act = schema.revisions, schema.stories, schema.candidates, schema.desk_acts
    moved_later = exists().where(
        act.c.kind.in_([DeskKind.MERGE.value, DeskKind.RECONSIDER.value]),
        func.coalesce(act.c.other, act.c.story) == own.c.story,
        act.c.at == own.c.seen_at,
        not_(_acted(act.c.id, until)),
    )
    return and_(
        exists().where(revision.c.id == own.c.revision_id, there_at(revision, until)),
        exists().where(story.c.key == own.c.story, there_at(story, until)),
        not_(moved_later),
    )


def _published(until: Extent) -> ColumnElement[bool]:
    own, update, step = schema.candidates.alias("decided"), schema.updates, schema.steps
    told = exists().where(own.c.story == update.c.story, own.c.revision_id == update.c.revision_id, _told(own, until))
    # A withdrawal tells the version that was told before.
    withdrawn = exists().where(
        step.c.kind == StepKind.WITHDRAW.value, step.c.at == update.c.published_at, step.c.id <= until.step
    )
    by_source, taken_back = update.c.desk_id.is_(None), update.c.kind == UpdateKind.WITHDRAWN.value
    return or_(and_(by_source, ~taken_back, told), and_(by_source, taken_back, withdrawn), _acted(update.c.desk_id, until))


def _acted(act: Column[Any], until: Extent) -> ColumnElement[bool]:
    step = schema.steps
    return exists().where(step.c.kind == StepKind.DESK.value, step.c.note == cast(act, Text), step.c.id <= until.step)


def _corroborated(until: Extent) -> ColumnElement[bool]:
    own, step, said, update = schema.candidates.alias("echo"), schema.steps, schema.corroborations, schema.updates
    return exists().where(
        said.c.update_id == update.c.id,
        update.c.story == own.c.story,
        own.c.statement_id == said.c.statement_id,
        step.c.candidate_id == own.c.id,
        step.c.at == said.c.at,
        step.c.id <= until.step,
    )


_THERE: dict[str, Callable[[Table, Extent], ColumnElement[bool]]] = {
    "polls": lambda table, until: table.c.id <= until.poll,
    "statements": lambda table, until: _polled(table.c.source, table.c.first_seen_at, until),
    "listings": lambda table, until: _polled(table.c.source, table.c.first_seen_at, until),
    "revisions": lambda table, until: _polled(table.c.source, table.c.seen_at, until),
    "credits": _of_revision,
    "likenesses": _of_revision,
    "source_notes": lambda table, until: _polled(table.c.source, table.c.at, until),
    "takebacks": lambda table, until: _polled(table.c.source, table.c.at, until),
    "stories": lambda _, until: _opened(until),
    "desk_acts": lambda table, until: _acted(table.c.id, until),
    "candidates": lambda _, until: _taken_up(until),
    "updates": lambda _, until: _published(until),
    "corroborations": lambda _, until: _corroborated(until),
    "refusals": _decided,
    "marks": lambda table, until: _of_update(table.c.by_update_id, until),
    "sentences": lambda table, until: _of_update(table.c.update_id, until),
    "citations": lambda table, until: _of_update(table.c.update_id, until),
    "attributions": lambda table, until: _of_update(table.c.update_id, until),
    "replacements": lambda table, until: _of_update(table.c.update_id, until),
}


def told_until(tx: Connection, until: Extent) -> int:
    """How many changes readers had been told when the record had come so far."""
    tables = (
        schema.statements,
        schema.revisions,
        schema.stories,
        schema.updates,
        schema.marks,
        schema.corroborations,
        schema.desk_acts,
    )
    return sum(count(tx, table, until) for table in tables)
