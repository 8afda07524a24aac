"""The statements of a stretch of time, in batches: what new stories are looked for in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from aggregator.model import StatementId, StoryKey
from aggregator.store.bulk import Row, chunks
from aggregator.store.engine import Store
from aggregator.store.schema import candidates, revisions, statements, stories
from aggregator.store.stories import NEWEST, seen_query
from aggregator.stories.matching import Seen
from aggregator.stories.suggesting import Said

BATCH = 200  # texts that are held at once

_STATEMENTS = seen_query().add_columns(statements.c.family).where(revisions.c.id == NEWEST)
_AFTER = (
    _STATEMENTS.where(
        or_(
            statements.c.said_at > bindparam("said_at"),
            and_(statements.c.said_at == bindparam("said_at"), statements.c.id > bindparam("id")),
        ),
        statements.c.said_at >= bindparam("said_at"),  # the same once more, for the index
        statements.c.said_at <= bindparam("end"),
    )
    .order_by(statements.c.said_at, statements.c.id)
    .limit(BATCH)
)
_THESE = _STATEMENTS.where(statements.c.id.in_(bindparam("ids", expanding=True))).order_by(statements.c.id)


def newest_said(tx: Connection, *, by: datetime) -> datetime | None:
    """When the newest statement was said that was not said after a moment; None where there is none."""
    found: datetime | None = tx.execute(select(func.max(statements.c.said_at)).where(statements.c.said_at <= by)).scalar_one()
    return found


def how_many_said(tx: Connection, start: datetime, end: datetime) -> int:
    """How many statements were said between two moments, both included."""
    query = select(func.count()).select_from(statements).where(statements.c.said_at.between(start, end))
    return int(tx.execute(query).scalar_one())


def said_between(store: Store, start: datetime, end: datetime, *, language: str) -> Iterator[tuple[Said, Seen]]:
    """Each statement said between two moments, in the order in which they were said: its newest version in `language`, else
    its newest. Each batch is read in a transaction of its own, so that the store is not held while texts are worked on."""
    place = {"said_at": start, "id": -1}
    while place:
        with store.read() as tx:
            rows = tx.execute(_AFTER, {**place, "end": end, "language": language}).all()
        for row in rows:
            yield _values(row)
        place = {"said_at": rows[-1].said_at, "id": rows[-1].statement} if len(rows) == BATCH else {}


def these(store: Store, ids: Collection[StatementId], *, language: str) -> Iterator[Seen]:
    """Some statements, as `said_between` gives them, by their ids."""
    for some in chunks(sorted(ids)):
        for start in range(0, len(some), BATCH):
            with store.read() as tx:
                rows = tx.execute(_THESE, {"ids": some[start : start + BATCH], "language": language}).all()
            for row in rows:
                yield _values(row)[1]


def _values(row: Row) -> tuple[Said, Seen]:
    values = dict(row._mapping)
    family = values.pop("family")
    seen = Seen(**values)
    return Said.of(seen, family=family), seen


def in_open_stories(tx: Connection, start: datetime, end: datetime) -> dict[StatementId, set[StoryKey]]:
    """The statements of a stretch of time that an open story took up, with these stories."""
    query = (
        select(candidates.c.statement_id, candidates.c.story)
        .join(stories, stories.c.key == candidates.c.story)
        .join(statements, statements.c.id == candidates.c.statement_id)
        .where(stories.c.active, statements.c.said_at.between(start, end))
        .distinct()
    )
    found: dict[StatementId, set[StoryKey]] = {}
    for statement, story in tx.execute(query):
        found.setdefault(StatementId(statement), set()).add(StoryKey(story))
    return found
