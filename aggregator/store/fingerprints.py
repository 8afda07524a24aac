"""Whether what a page shows has changed, asked without making the page: short marks of what lies behind it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from aggregator.model import SourceKey, StatementId, StoryKey
from aggregator.store.bulk import chunks
from aggregator.store.gaps import open_by_story
from aggregator.store.schema import (
    addresses,
    captures,
    corroborations,
    listings,
    polls,
    revisions,
    snapshots,
    source_notes,
    sources,
    statements,
    stories,
    takebacks,
    updates,
)
from aggregator.store.settings import settings_of
from aggregator.store.sources import OF_KEYS, RESTS

SIGNS = 16  # hex digits of a mark


def statement_marks(tx: Connection, asked: Collection[StatementId]) -> dict[StatementId, str]:
    """For each of some statements a mark that is another one when anything is that its page shows."""
    found: dict[int, list[object]] = defaultdict(list)
    for some in chunks(asked):
        for query in _queries(some):
            for row in tx.execute(query):
                found[row[0]] += row[1:]
    return {StatementId(statement): _mark(values) for statement, values in found.items()}


def _queries(some: list[StatementId]) -> list[Select[Any]]:
    """Of every statement one row of each; most of what is behind its page is only ever added to."""
    s = statements.c
    own = select(s.id, s.url, s.said_at, s.said_day, s.updated_at, s.updated_written, s.reference, s.family)
    texts = (
        select(s.id, func.count(revisions.c.id), func.max(revisions.c.id), func.count(snapshots.c.removed_at))
        .join(revisions, revisions.c.statement_id == s.id, isouter=True)
        .join(captures, captures.c.id == revisions.c.capture_id, isouter=True)
        .join(snapshots, snapshots.c.sha256 == captures.c.sha256, isouter=True)
        .group_by(s.id)
    )
    beside = (
        select(s.id, func.count(corroborations.c.update_id))
        .join(updates, updates.c.statement_id == s.id, isouter=True)
        .join(corroborations, corroborations.c.update_id == updates.c.id, isouter=True)
        .group_by(s.id)
    )
    counted = [
        select(s.id, func.count(column)).join(column.table, column == s.id, isouter=True).group_by(s.id)
        for column in (
            listings.c.statement_id,
            addresses.c.statement_id,
            updates.c.statement_id,
            corroborations.c.statement_id,
            source_notes.c.statement_id,
        )
    ]
    taken = (
        select(s.id, func.count(takebacks.c.id), func.count(takebacks.c.ended_at))
        .join(takebacks, takebacks.c.statement_id == s.id, isouter=True)
        .group_by(s.id)
    )
    return [query.where(s.id.in_(some)) for query in (own, texts, beside, *counted, taken)]


def story_marks(tx: Connection, *, now: datetime) -> dict[StoryKey, str]:
    """For each story a mark that is another one when anything is that its page shows and that is no part of its ledger: what
    feeds.toml says of it, and what may be missing."""
    unseen = open_by_story(tx, now=now)
    query = select(
        stories.c.key,
        stories.c.title,
        stories.c.lead,
        stories.c.language,
        stories.c.image,
        stories.c.image_alt,
        stories.c.image_credit,
        stories.c.terms,
        stories.c.active,
        stories.c.until_at,
        stories.c.from_at,
    )
    return {StoryKey(key): _mark([*values, unseen.get(StoryKey(key), [])]) for key, *values in tx.execute(query)}


def source_marks(tx: Connection, keys: Collection[SourceKey]) -> dict[SourceKey, str]:
    """For each of some sources a mark that is another one when anything is that its page shows."""
    settings = settings_of(tx)
    rows = (row for some in chunks(keys) for row in tx.execute(_SOURCES, {"keys": some}))
    return {SourceKey(key): _mark([*values, settings.get(SourceKey(key))]) for key, *values in rows}


_SHOWN = (
    "name",
    "url",
    "family",
    "lane",
    "language",
    "homepage",
    "active",
    "first_seen_at",
    "next_poll_at",
    "last_poll_at",
    "last_change_at",
    "last_outcome",
    "failures",
    "moved_to",
    "plan",
    "instead_of",
)
_last = select(func.max(polls.c.at)).where(polls.c.source == sources.c.key).scalar_subquery()
_SOURCES = select(sources.c.key, *(sources.c[name] for name in _SHOWN), RESTS, _last).where(OF_KEYS)


def _mark(values: list[object]) -> str:
    return hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()[:SIGNS]
