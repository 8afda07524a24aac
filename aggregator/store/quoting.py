"""Versions of statements as the desk quotes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from aggregator.model import RevisionId, StatementId
from aggregator.store.schema import revisions, statements


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidVersion:
    """One version of a statement."""

    statement: StatementId
    revision: RevisionId
    number: int  # in its language, from 1
    language: str
    title: str
    text: str
    said_at: datetime


def version_of(tx: Connection, revision: RevisionId) -> SaidVersion:
    """A version by its id. Raises sqlalchemy.exc.NoResultFound where there is none."""
    return SaidVersion(**tx.execute(_versions().where(revisions.c.id == revision)).one()._mapping)


def versions_of(tx: Connection, statement: StatementId) -> Sequence[SaidVersion]:
    """The versions of a statement, oldest first; none where there is no such statement."""
    rows = tx.execute(_versions().where(revisions.c.statement_id == statement).order_by(revisions.c.id))
    return [SaidVersion(**row._mapping) for row in rows]


def _versions() -> Select[Any]:
    return select(
        revisions.c.statement_id.label("statement"),
        revisions.c.id.label("revision"),
        revisions.c.number,
        revisions.c.language,
        revisions.c.title,
        revisions.c.text,
        statements.c.said_at,
    ).join(statements, statements.c.id == revisions.c.statement_id)


def same_version(tx: Connection, other: Connection, revision: RevisionId) -> SaidVersion | None:
    """The version in another store that is the same as one of this store, whatever its number: by whom and when it was brought,
    and its text; None where there is none. Raises sqlalchemy.exc.NoResultFound where this store has no such version."""
    names = (revisions.c.source, revisions.c.seen_at, revisions.c.fingerprint, revisions.c.body_fingerprint)
    source, seen_at, fingerprint, body = tx.execute(select(*names).where(revisions.c.id == revision)).one()
    same = (revisions.c.body_fingerprint == body) & (revisions.c.source == source) & (revisions.c.seen_at == seen_at)
    found = _versions().where(same, revisions.c.fingerprint == fingerprint).order_by(revisions.c.id).limit(1)
    row = other.execute(found).one_or_none()
    return None if row is None else SaidVersion(**row._mapping)
