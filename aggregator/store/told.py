"""What a story has told, as drafting a further update asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from aggregator.model import StatementId, StoryKey, Text, UpdateKind
from aggregator.store.edits import template_lines
from aggregator.store.pages import told_so_far, updates_of
from aggregator.store.schema import replacements, revisions, statements, updates
from aggregator.store.statements import revision_text
from aggregator.stories.drafting import Occasion, Told
from aggregator.stories.reasons import Spoken
from aggregator.stories.standing import Place


def told_of(tx: Connection, story: StoryKey, statement: StatementId) -> Told:
    """What a story has published so far, and of one statement in particular."""
    of_statement = updates_of(tx, story, statement=statement)
    told = [update for update in of_statement if update.desk is None]
    numbered = told_so_far(tx, story)
    day = select(statements.c.said_day).where(statements.c.id == statement)
    return Told(
        first=not any(number for number, _ in numbered) and not told,
        sentences=[text for _, text in numbered],
        numbers=[number for number, _ in numbered],
        of_statement=told,
        revisions={update.number: revision_text(tx, update.revision) for update in told},
        # What the desk made of a statement's words does not tell the statement.
        by_desk=[update for update in of_statement if update.desk is not None] if told else [],
        replaced=_replaced(tx, story, statement) if told else frozenset(),
        versions=_versions(tx, statement) if told else frozenset(),
        template=template_lines(tx, statement) if told else frozenset(),
        spoken=[] if told else _spoken(tx, story),
        day_only=bool(tx.execute(day).scalar_one()),
        own={} if told else _own(tx, story, statement),
    )


def update_ids(tx: Connection, story: StoryKey, numbers: Sequence[int]) -> dict[int, tuple[int, str]]:
    """By its number, the id of each of some updates, and the family of the statement that it tells."""
    query = (
        select(updates.c.number, updates.c.id, statements.c.family)
        .join(statements, statements.c.id == updates.c.statement_id)
        .where(updates.c.story == story, updates.c.number.in_(numbers))
    )
    return {row.number: (row.id, row.family) for row in tx.execute(query)}


def texts_told(tx: Connection, story: StoryKey, numbers: Sequence[int]) -> list[Text]:
    """The revisions that some updates of a story tell, by their numbers."""
    query = (
        select(updates.c.revision_id)
        .where(updates.c.story == story, updates.c.number.in_(numbers), updates.c.revision_id.is_not(None))
        .order_by(updates.c.number)
    )
    return [revision_text(tx, revision) for revision in tx.execute(query).scalars()] if numbers else []


def _versions(tx: Connection, statement: StatementId) -> frozenset[int]:
    return frozenset(tx.execute(select(revisions.c.id).where(revisions.c.statement_id == statement)).scalars())


def _replaced(tx: Connection, story: StoryKey, statement: StatementId) -> frozenset[Place]:
    """The sentences of a statement's updates that any update has replaced, whoever made it."""
    query = (
        select(updates.c.number, replacements.c.old_paragraph, replacements.c.old_position)
        .join(updates, updates.c.id == replacements.c.old_update_id)
        .where(updates.c.story == story, updates.c.statement_id == statement)
    )
    return frozenset((row.number, row.old_paragraph, row.old_position) for row in tx.execute(query))


def _own(tx: Connection, story: StoryKey, statement: StatementId) -> dict[int, Occasion]:
    """By their numbers, the updates that tell other statements of a statement's family."""
    family = select(statements.c.family).where(statements.c.id == statement).scalar_subquery()
    query = (
        select(updates.c.number, updates.c.title, updates.c.said_at)
        .join(statements, statements.c.id == updates.c.statement_id)
        .where(updates.c.story == story, statements.c.family == family, statements.c.id != statement)
    )
    return {row.number: Occasion(title=row.title, at=row.said_at) for row in tx.execute(query)}


def _spoken(tx: Connection, story: StoryKey) -> list[Spoken]:
    query = (
        select(updates.c.number, updates.c.kind, updates.c.said_at, statements.c.said_day)
        .join(statements, statements.c.id == updates.c.statement_id)
        .where(updates.c.story == story)
        .order_by(updates.c.number)
    )
    return [
        Spoken(number=row.number, kind=UpdateKind(row.kind), at=row.said_at, day_only=bool(row.said_day))
        for row in tx.execute(query)
    ]
