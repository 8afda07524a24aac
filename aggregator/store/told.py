"""What a story has told, as drafting a further update asks for it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from aggregator.model import StatementId, StoryKey, UpdateKind
from aggregator.store.edits import template_lines
from aggregator.store.pages import told_so_far, updates_of
from aggregator.store.schema import statements, updates
from aggregator.store.statements import revision_text
from aggregator.stories.drafting import Told
from aggregator.stories.reasons import Spoken


def told_of(tx: Connection, story: StoryKey, statement: StatementId) -> Told:
    """What a story has published so far, and of one statement in particular."""
    of_statement = updates_of(tx, story, statement=statement)
    sentences = told_so_far(tx, story)
    spoken = [] if of_statement else _spoken(tx, story)
    day = select(statements.c.said_day).where(statements.c.id == statement)
    return Told(
        first=not sentences and not of_statement,
        sentences=sentences,
        of_statement=of_statement,
        revisions={update.number: revision_text(tx, update.revision) for update in of_statement},
        template=template_lines(tx, statement) if of_statement else frozenset(),
        spoken=spoken,
        day_only=bool(tx.execute(day).scalar_one()),
    )


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
