"""Statements as lists and details for people: what `aggregator statements` and `statement` show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, func, select

from aggregator.model import SourceKey, StatementId, ZoneKnown
from aggregator.store.schema import captures, listings, revisions, statements, updates


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One statement in a list, with the title of its newest version."""

    id: StatementId
    said_at: datetime
    said_day: str  # ISO date where only the day is known
    source: SourceKey
    title: str
    url: str
    revisions: int


def recent_statements(tx: Connection, *, source: str | None, limit: int) -> Sequence[StatementLine]:
    """The newest statements by when they were said, newest first; of one source only, if it is named."""
    count = select(func.count()).where(revisions.c.statement_id == statements.c.id).correlate(statements).scalar_subquery()
    newest = (
        select(revisions.c.title)
        .where(revisions.c.statement_id == statements.c.id)
        .order_by(revisions.c.id.desc())
        .limit(1)
        .correlate(statements)
        .scalar_subquery()
    )
    query = select(
        statements.c.id,
        statements.c.said_at,
        statements.c.said_day,
        statements.c.source,
        newest.label("title"),
        statements.c.url,
        count.label("revisions"),
    )
    if source is not None:
        listed = select(listings.c.statement_id).where(listings.c.source == source)
        query = query.where(statements.c.id.in_(listed))
    query = query.order_by(statements.c.said_at.desc(), statements.c.id.desc()).limit(limit)
    return [StatementLine(**row._mapping) for row in tx.execute(query)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One revision, with where its bytes lie."""

    id: int
    number: int
    language: str
    title: str
    text: str
    seen_at: datetime
    source: SourceKey
    snapshot: str | None  # SHA-256 in hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Where a statement is listed."""

    source: SourceKey
    entry_id: str
    url: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An update that tells a statement."""

    story: str
    number: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementDetail:
    """Everything that is known of one statement."""

    id: StatementId
    family: str
    url: str
    said_at: datetime
    said_written: str
    zone_known: ZoneKnown
    said_day: str  # ISO date where only the day is known
    updated_at: datetime | None
    updated_written: str
    reference: str  # the source's own number
    first_seen_at: datetime
    versions: Sequence[Version]
    listings: Sequence[Listed]
    updates: Sequence[Told]


MOST_ID = 2**31 - 1  # that the columns hold on every database
_FIELDS = [field.name for field in fields(StatementDetail) if field.name in statements.c]


def statement_detail(tx: Connection, statement: StatementId) -> StatementDetail | None:
    """One statement with its versions, listings and updates, or None where there is none of this number."""
    if not 0 < statement <= MOST_ID:
        return None
    query = select(*(statements.c[name] for name in _FIELDS)).where(statements.c.id == statement)
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    return StatementDetail(
        **{**row._mapping, "zone_known": ZoneKnown(row.zone_known)},
        versions=_versions(tx, statement),
        listings=_listings(tx, statement),
        updates=_updates(tx, statement),
    )


def _versions(tx: Connection, statement: StatementId) -> list[Version]:
    """By language, that of the first version first."""
    first = func.min(revisions.c.id).over(partition_by=revisions.c.language)
    fields = ("id", "number", "language", "title", "text", "seen_at", "source")
    query = (
        select(*(revisions.c[name] for name in fields), captures.c.sha256.label("snapshot"))
        .join(captures, captures.c.id == revisions.c.capture_id, isouter=True)
        .where(revisions.c.statement_id == statement)
        .order_by(first, revisions.c.language, revisions.c.number)
    )
    return [Version(**row._mapping) for row in tx.execute(query)]


def _listings(tx: Connection, statement: StatementId) -> list[Listed]:
    query = select(*(listings.c[name] for name in ("source", "entry_id", "url", "first_seen_at")))
    found = [Listed(**row._mapping) for row in tx.execute(query.where(listings.c.statement_id == statement))]
    return sorted(found, key=lambda one: (one.first_seen_at, one.source, one.entry_id))


def _updates(tx: Connection, statement: StatementId) -> list[Told]:
    query = select(updates.c.story, updates.c.number, updates.c.kind).where(updates.c.statement_id == statement)
    return sorted((Told(**row._mapping) for row in tx.execute(query)), key=lambda told: (told.story, told.number))
