"""What is known of each source: its place in `feeds.toml`, its last answers, and when it is asked next."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, exists, literal_column, make_url, or_, select

from aggregator.config import Source
from aggregator.model import OutcomeKind, SourceKey
from aggregator.store.bulk import Row, Update, chunks, unindexed
from aggregator.store.schema import UtcTime, sources, utc_text
from aggregator.store.sealing import with_seals


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a poll leaves behind for the next one."""

    etag: str | None
    last_modified: str | None
    built_at: datetime | None
    body_sha256: str | None
    bodies: list[str] | None
    fresh_until: datetime | None
    stale_until: datetime | None
    variant: str
    moved_to: str | None
    window_s: int | None
    listed: int
    fresh: int
    ttl_s: int | None
    arrivals: list[int] | None
    plan: str
    answered_at: datetime | None
    newest_at: datetime | None
    marks: list[str] | None
    filled: dict[str, int] | None
    read_by: str
    reached: bool
    clock_s: int | None
    certificate_until: datetime | None
    open_gaps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState(Memory):
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
    instead_of: SourceKey | None
    watch_at: datetime | None  # when the first page is due that is looked at again
    rests: bool  # stands in for a source, and is not needed now

    @property
    def never_read(self) -> bool:
        """Whether it has not brought a listing yet: nothing of it is known, and everything will be new."""
        return self.last_change_at is None


# What is known of an address, and says nothing about another one.
_FORGOTTEN: dict[str, object] = {
    "etag": None,
    "last_modified": None,
    "built_at": None,
    "body_sha256": None,
    "bodies": None,
    "fresh_until": None,
    "stale_until": None,
    "variant": "",
    "moved_to": None,
    "window_s": None,
    "listed": 0,
    "fresh": 0,
    "ttl_s": None,
    "failures": 0,
    "newest_at": None,
    "marks": None,
    "filled": None,
    "read_by": "",
    "reached": True,
    "clock_s": None,
    "certificate_until": None,
}
_NAMES = [field.name for field in fields(SourceState)]
_better = sources.alias("better")
# What stands in for a source is needed while that one fails, and every fallback before it. Their keys lie next to each other:
# `ukraine`, `ukraine-fallback-1`, `ukraine-fallback-2`, so that this is a look at a short range of the primary key.
RESTS = sources.c.instead_of.is_not(None) & exists().where(
    _better.c.key.between(sources.c.instead_of, sources.c.key),
    _better.c.key != sources.c.key,
    or_(_better.c.key == sources.c.instead_of, _better.c.instead_of == sources.c.instead_of),
    unindexed(_better.c.active),
    _better.c.failures == 0,
)
_STATE: list[ColumnElement[Any]] = [RESTS.label(name) if name == "rests" else sources.c[name] for name in _NAMES]


_DUE = select(sources.c.key, sources.c.next_poll_at).where(
    sources.c.active, sources.c.next_poll_at <= bindparam("now", type_=sources.c.next_poll_at.type), ~RESTS
)
_SOME = select(*_STATE).where(sources.c.key.in_(bindparam("keys", expanding=True)))


def _state(row: Row) -> SourceState:
    return SourceState(**dict(zip(_NAMES, row, strict=True)))


def state_beside(key: str) -> tuple[str, Callable[[Mapping[str, Any]], SourceState]]:
    """For a question about something else, as PostgreSQL takes it: a query of the state of the source that `key` names, a
    column of that question; and what makes the state of a row that has its columns."""
    query = select(*_STATE).where(sources.c.key == literal_column(key))
    compiled = query.compile(dialect=make_url("postgresql+psycopg://").get_dialect()(), compile_kwargs={"literal_binds": True})
    times = {name for name in _NAMES if name in sources.c and isinstance(sources.c[name].type, UtcTime)}

    def state(row: Mapping[str, Any]) -> SourceState:
        return _state(
            [datetime.fromisoformat(row[name]) if name in times and row[name] is not None else row[name] for name in _NAMES]
        )

    return str(compiled), state


def _by_key(state: SourceState) -> str:
    # Sorted here: a database sorts texts in its own way, PostgreSQL in that of its locale.
    return state.key


def sync_sources(tx: Connection, configured: Iterable[Source], *, now: datetime) -> None:
    """Make the store's sources those of `feeds.toml`. One that left it keeps its history and is no longer asked."""
    known = {row.key: row.url for row in tx.execute(select(sources.c.key, sources.c.url))}
    wanted = {source.key: source for source in configured}
    for key, source in sorted(wanted.items()):  # in one order, as in `leave_answers`
        values = _configured(source)
        if key not in known:
            row = {"key": key, "first_seen_at": now, "next_poll_at": now, "failures": 0, **values}
            tx.execute(sources.insert(), with_seals(tx, sources, [row]))
            continue
        if known[key] != source.url:  # another address: its validators and its age say nothing about the new one
            values |= _FORGOTTEN | {"next_poll_at": now}
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
        "instead_of": source.instead_of,
    }


def source_state(tx: Connection, key: SourceKey) -> SourceState:
    """One source. Raises KeyError where the store has none of this key."""
    row = tx.execute(select(*_STATE).where(sources.c.key == key)).one_or_none()
    if row is None:
        raise KeyError(key)
    return _state(row)


def all_sources(tx: Connection) -> Sequence[SourceState]:
    """Every source ever followed, by key."""
    return sorted(map(_state, tx.execute(select(*_STATE))), key=_by_key)


def needed_stand_ins(tx: Connection) -> Sequence[SourceState]:
    """What stands in for sources that fail now, by key, due or not."""
    needed = select(*_STATE).where(sources.c.active, sources.c.instead_of.is_not(None), ~RESTS)
    return sorted(map(_state, tx.execute(needed)), key=_by_key)


def due_sources(tx: Connection, *, now: datetime) -> Sequence[SourceKey]:
    """The sources to ask now, longest overdue first. What stands in for another is among them only while that one fails."""
    # In one order on every database, whatever its rules for sorting texts.
    due = sorted(tx.execute(_DUE, {"now": now}), key=lambda row: (row.next_poll_at, row.key))
    return [SourceKey(row.key) for row in due]


def states_of(tx: Connection, keys: Sequence[SourceKey]) -> Sequence[SourceState]:
    """Some sources, by key."""
    found = [row for some in chunks(keys) for row in tx.execute(_SOME, {"keys": some})]
    return sorted(map(_state, found), key=_by_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Memory):
    """What a poll came to, and everything that the next one starts from."""

    key: SourceKey
    next_poll_at: datetime
    last_poll_at: datetime
    last_change_at: datetime | None
    last_outcome: OutcomeKind
    last_reason: str
    failures: int


_LEFT = [field.name for field in fields(Answer) if field.name != "key"]
_LEAVE = Update(*(sources.c[name] for name in _LEFT), where=sources.c.key)


def leave_answers(tx: Connection, answers: Sequence[Answer]) -> None:
    """Note what polls came to, and when each source is asked next."""
    # In one order, whoever writes: two processes that each hold a source that the other wants would refuse each other.
    rows = [(*(_stored(getattr(one, name)) for name in _LEFT), one.key) for one in answers]
    _LEAVE(tx, sorted(rows, key=lambda row: str(row[-1])))


def _stored(value: object) -> object:
    """A value as the database holds it."""
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, list | dict):
        return json.dumps(value)
    return value.value if isinstance(value, OutcomeKind) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Pardon:
    """Sources that failed and were not to blame for it."""

    keys: Sequence[SourceKey]
    next_poll_at: datetime
    reason: str
    plan: str


def forgive(tx: Connection, pardons: Sequence[Pardon]) -> None:
    """Take back the last failure of some sources."""
    for one in pardons:
        failed = sources.c.key.in_(one.keys) & (sources.c.failures > 0)
        values = {"next_poll_at": one.next_poll_at, "last_reason": one.reason, "plan": one.plan}
        tx.execute(sources.update().where(failed).values(failures=sources.c.failures - 1, **values))


def postpone(tx: Connection, until: Mapping[SourceKey, datetime]) -> None:
    """Ask sources later than was planned."""
    if until:
        later = sources.update().where(sources.c.key == bindparam("of")).values(next_poll_at=bindparam("next_poll_at"))
        tx.execute(later, [{"of": key, "next_poll_at": at} for key, at in sorted(until.items())])


def is_ahead(tx: Connection, *, now: datetime) -> bool:
    """Whether some source was asked at a time that is still to come: then the clock was set back since."""
    query = select(sources.c.key).where(sources.c.active, sources.c.last_poll_at > now).limit(1)
    return tx.execute(query).first() is not None


def recall(tx: Connection, *, now: datetime) -> None:
    """Ask those now that were asked at a time that is still to come: what was planned then says nothing any more."""
    ahead = sources.update().where(sources.c.active, sources.c.last_poll_at > now)
    tx.execute(ahead.values(next_poll_at=now, plan="the clock was set back"))
