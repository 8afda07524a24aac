"""What decides whether a candidate is held: who else says the same, and in which languages a story takes it up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, select

from aggregator.model import Lane, RevisionId, SourceKey, StatementId, StoryKey
from aggregator.store.bulk import chunks
from aggregator.store.schema import by_itself, candidates, revisions, sources, updates
from aggregator.store.stories import EXPECTING, GOES_ON, SET_ASIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A candidate that goes on by itself, now or later."""

    id: int
    story: StoryKey
    statement: StatementId
    revision: RevisionId
    source: SourceKey
    state: str
    seen_at: datetime  # when the story took the statement up
    stored_at: datetime  # when the version came
    language: str
    primary: bool
    told: bool  # the story tells an earlier version of the statement


def going_on(tx: Connection, stories: Collection[StoryKey], statements: Collection[StatementId]) -> Sequence[Held]:
    """The candidates of some stories for some statements, by their numbers."""
    told = exists().where(
        updates.c.story == candidates.c.story, updates.c.statement_id == candidates.c.statement_id, by_itself()
    )
    query = (
        select(candidates.c.id, candidates.c.story, candidates.c.statement_id, candidates.c.revision_id, revisions.c.source)
        .add_columns(
            candidates.c.state,
            candidates.c.seen_at,
            revisions.c.seen_at.label("stored_at"),
            revisions.c.language,
            sources.c.lane,
        )
        .add_columns(told.label("told"))
        .join(revisions, revisions.c.id == candidates.c.revision_id)
        .join(sources, sources.c.key == revisions.c.source)
        .where(candidates.c.state.in_(GOES_ON), candidates.c.story.in_(stories))
    )
    found = [row for some in chunks(statements) for row in tx.execute(query.where(candidates.c.statement_id.in_(some)))]
    return [
        Held(
            id=row.id,
            story=StoryKey(row.story),
            statement=row.statement_id,
            revision=row.revision_id,
            source=row.source,
            state=row.state,
            seen_at=row.seen_at,
            stored_at=row.stored_at,
            language=row.language,
            primary=row.lane == Lane.PRIMARY,
            told=bool(row.told),
        )
        for row in sorted(found, key=lambda row: row.id)
    ]


def any_expecting(tx: Connection, stories: Collection[StoryKey]) -> bool:
    """Whether a rule holds any candidate of some stories."""
    query = select(candidates.c.id).where(candidates.c.state == EXPECTING, candidates.c.story.in_(stories)).limit(1)
    return tx.execute(query).first() is not None


def languages_in(tx: Connection, story: StoryKey, statements: Collection[StatementId]) -> set[str]:
    """The languages of the versions of some statements that a story tells, or lets wait."""
    query = (
        select(revisions.c.language)
        .join(candidates, candidates.c.revision_id == revisions.c.id)
        .where(candidates.c.story == story, candidates.c.state != SET_ASIDE)
    )
    return {row.language for some in chunks(statements) for row in tx.execute(query.where(candidates.c.statement_id.in_(some)))}


def same_texts(tx: Connection, revision: RevisionId) -> set[StatementId]:
    """The statements that have a version in the very words of another one, without that one's own."""
    own, other = revisions.alias("own"), revisions.alias("other")
    query = (
        select(other.c.statement_id)
        .join(own, own.c.body_fingerprint == other.c.body_fingerprint)
        .where(own.c.id == revision, own.c.body_fingerprint != "", other.c.statement_id != own.c.statement_id)
        .limit(200)
    )
    return set(tx.execute(query.order_by(other.c.statement_id)).scalars())
