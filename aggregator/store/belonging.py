"""What became of a statement in a story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select

from aggregator.model import StatementId, StoryKey
from aggregator.store.schema import by_itself, candidates, revisions, updates


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidacy:
    """A version of a statement that a story took up."""

    version: int
    language: str
    why: str
    seen_at: datetime
    settles_at: datetime
    state: str  # as `store.stories` has them
    note: str  # why it was set aside, or waits longer
    update: int | None  # the number of the update that tells it
    kind: str | None  # of that update


def candidacies_of(tx: Connection, story: StoryKey, statement: StatementId) -> Sequence[Candidacy]:
    """What a story took up of a statement, in the order in which that happened."""
    tells = and_(updates.c.story == story, updates.c.revision_id == candidates.c.revision_id, by_itself())
    query = (
        select(
            revisions.c.number.label("version"),
            revisions.c.language,
            candidates.c.why,
            candidates.c.seen_at,
            candidates.c.settles_at,
            candidates.c.state,
            candidates.c.note,
            updates.c.number.label("update"),
            updates.c.kind,
        )
        .join(revisions, revisions.c.id == candidates.c.revision_id)
        .join(updates, tells, isouter=True)
        .where(candidates.c.statement_id == statement, candidates.c.story == story)
        .order_by(candidates.c.id)
    )
    return [Candidacy(**row._mapping) for row in tx.execute(query)]
