"""What is known of each source: its place in `feeds.toml`, its last answers, and when it is asked next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.config import Source
from aggregator.model import Outcome, OutcomeKind, SourceKey
from aggregator.store.engine import Row
from aggregator.store.schema import sources


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """One source as the store knows it."""

    key: SourceKey
    name: str
    family: str
    lane: str
    kind: str
    url: str
    active: bool
    next_poll_at: datetime
    last_poll_at: datetime | None
    last_change_at: datetime | None
    last_outcome: str | None
    last_reason: str | None
    failures: int
    etag: str | None
    last_modified: str | None
    built_at: datetime | None
    body_sha256: str | None


_STATE = [sources.c[name] for name in SourceState.__slots__]


def _state(row: Row) -> SourceState:
    return SourceState(**row._mapping)


def sync_sources(tx: Connection, configured: Iterable[Source], *, now: datetime) -> None:
    """Make the store's sources those of `feeds.toml`. One that left it keeps its history and is no longer asked."""
    known = {row.key: row.url for row in tx.execute(select(sources.c.key, sources.c.url))}
    wanted = {source.key: source for source in configured}
    for key, source in wanted.items():
        values = _configured(source)
        if key not in known:
            tx.execute(sources.insert().values(key=key, first_seen_at=now, next_poll_at=now, failures=0, **values))
            continue
        if known[key] != source.url:  # another address: its validators and its age say nothing about the new one
            values |= {"etag": None, "last_modified": None, "built_at": None, "body_sha256": None, "next_poll_at": now}
        tx.execute(sources.update().where(sources.c.key == key).values(**values))
    gone = known.keys() - wanted.keys()
    if gone:
        tx.execute(sources.update().where(sources.c.key.in_(gone)).values(active=False))


def _configured(source: Source) -> dict[str, object]:
    return {
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        "family": source.family,
        "lane": source.lane,
        "language": source.language,
        "homepage": source.homepage,
        "active": source.enabled,
    }


def source_state(tx: Connection, key: SourceKey) -> SourceState:
    """One source. Raises KeyError where the store has none of this key."""
    row = tx.execute(select(*_STATE).where(sources.c.key == key)).one_or_none()
    if row is None:
        raise KeyError(key)
    return _state(row)


def all_sources(tx: Connection) -> Sequence[SourceState]:
    """Every source ever followed, by key."""
    return [_state(row) for row in tx.execute(select(*_STATE).order_by(sources.c.key))]


def due_sources(tx: Connection, *, now: datetime) -> Sequence[SourceKey]:
    """The keys of the sources to ask now, longest overdue first."""
    query = (
        select(sources.c.key)
        .where(sources.c.active, sources.c.next_poll_at <= now)
        .order_by(sources.c.next_poll_at, sources.c.key)
    )
    return [SourceKey(key) for key in tx.execute(query).scalars()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What the next conditional request is made of, and the age of the newest copy."""

    etag: str | None
    last_modified: str | None
    built_at: datetime | None
    body_sha256: str | None


def record_answer(
    tx: Connection, key: SourceKey, outcome: Outcome, *, at: datetime, next_at: datetime, good: Validators | None
) -> None:
    """Note what a poll came to and when the next is due; `good` holds the validators of a new good body."""
    failed = outcome.kind in (OutcomeKind.FAILED, OutcomeKind.NOT_THE_PAGE)
    values: dict[str, object] = {
        "last_poll_at": at,
        "last_outcome": outcome.kind,
        "last_reason": outcome.reason,
        "next_poll_at": next_at,
        "failures": sources.c.failures + 1 if failed else 0,
    }
    if good is not None:
        values |= {name: getattr(good, name) for name in Validators.__slots__}
    if outcome.kind is OutcomeKind.CHANGED:
        values["last_change_at"] = at
    tx.execute(sources.update().where(sources.c.key == key).values(**values))
