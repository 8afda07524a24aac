"""How sources do: what each answered last, and what of it was dropped. For the pages of the site."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from aggregator.model import Balance, BrokenEntry, OutcomeKind, SourceKey
from aggregator.store.bulk import Row, chunks
from aggregator.store.schema import drops, polls, sources
from aggregator.store.settings import UNKNOWN, Settings, settings_of
from aggregator.store.sources import SourceState, states_of

MOST_POLLS, MOST_DROPS = 20, 50
COUNTS = tuple(Balance().counts)
CHOSEN = "left out by `"  # how the reason of a line begins that the operator's own rules leave out: nothing that was missed
GOOD = [kind.value for kind in OutcomeKind if kind.good]


@dataclass(frozen=True, slots=True, kw_only=True)
class PollLine:
    """One poll, in a line."""

    id: int
    at: datetime
    outcome: str
    reason: str
    status: int | None
    counts: Mapping[str, int]  # as `Balance.counts`


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """A source with its last answers."""

    state: SourceState
    homepage: str
    language: str
    first_seen_at: datetime
    settings: Settings
    polls: Sequence[PollLine]  # the newest first, at most `MOST_POLLS`
    dropped: Sequence[BrokenEntry]  # lines that these polls dropped, each once, at most `MOST_DROPS`


def count_sources(tx: Connection) -> int:
    """How many sources the store knows."""
    return tx.execute(select(func.count()).select_from(sources)).scalar_one()


def source_keys(tx: Connection, *, first: int, most: int) -> list[SourceKey]:
    """Some sources, in the order of the database, from the one before which `first` others stand."""
    query = select(sources.c.key).order_by(sources.c.key).offset(first).limit(most)
    return [SourceKey(key) for key in tx.execute(query).scalars()]


def source_report(tx: Connection, key: SourceKey) -> SourceReport | None:
    """One source; None where the store has none of this key."""
    return next(iter(source_reports(tx, [key])), None)


def source_reports(tx: Connection, keys: Sequence[SourceKey]) -> list[SourceReport]:
    """Some sources, by key; those of which the store has none are left out."""
    query = select(sources.c.key, sources.c.homepage, sources.c.language, sources.c.first_seen_at)
    beside = {row.key: row for some in chunks(keys) for row in tx.execute(query.where(sources.c.key.in_(some)))}
    settings = settings_of(tx)
    found = []
    for state in states_of(tx, keys):
        row, last = beside[state.key], [_poll(one) for one in tx.execute(_LAST_POLLS, {"key": state.key})]
        report = SourceReport(
            state=state,
            homepage=row.homepage,
            language=row.language,
            first_seen_at=row.first_seen_at,
            settings=settings.get(state.key, UNKNOWN),
            polls=last,
            dropped=_dropped(tx, [one.id for one in last if one.counts["dropped"]]),
        )
        found.append(report)
    return found


_LAST_POLLS = (
    select(polls.c.id, polls.c.at, polls.c.outcome, polls.c.reason, polls.c.status, *(polls.c[name] for name in COUNTS))
    .where(polls.c.source == bindparam("key"))
    .order_by(polls.c.at.desc(), polls.c.id.desc())
    .limit(MOST_POLLS)
)


def _poll(row: Row) -> PollLine:
    counts = {name: row._mapping[name] for name in COUNTS}
    return PollLine(id=row.id, at=row.at, outcome=row.outcome, reason=row.reason, status=row.status, counts=counts)


def _dropped(tx: Connection, ids: Sequence[int]) -> list[BrokenEntry]:
    query = (
        select(drops.c.ref, drops.c.reason)
        .where(drops.c.poll_id.in_(ids), ~drops.c.reason.startswith(CHOSEN, autoescape=True))
        .group_by(drops.c.ref, drops.c.reason)
        .order_by(func.max(drops.c.id).desc())
        .limit(MOST_DROPS)
    )
    return [BrokenEntry(ref=row.ref, reason=row.reason) for row in tx.execute(query)] if ids else []


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedLines:
    """Lines of a source that were dropped for one reason."""

    source: SourceKey
    reason: str
    lines: int  # each counted once, however often it was listed
    last: datetime  # when that was seen last


def dropped_since(tx: Connection, since: datetime) -> Sequence[DroppedLines]:
    """What was dropped at polls since a time, by source and reason; without what the operator's own rules leave out."""
    keys = tx.execute(select(sources.c.key)).scalars().all()
    query = (
        select(polls.c.source, drops.c.reason, func.count(drops.c.ref.distinct()).label("lines"))
        .add_columns(func.max(polls.c.at).label("last"))
        .join(drops, drops.c.poll_id == polls.c.id)
        .where(polls.c.at >= since, polls.c.dropped > 0, ~drops.c.reason.startswith(CHOSEN, autoescape=True))
        .group_by(polls.c.source, drops.c.reason)
    )
    rows = [row for some in chunks(keys) for row in tx.execute(query.where(polls.c.source.in_(some)))]  # by its index
    found = [DroppedLines(source=SourceKey(row.source), reason=row.reason, lines=row.lines, last=row.last) for row in rows]
    return sorted(found, key=lambda one: (one.source, one.reason))


def last_good(tx: Connection, keys: Collection[SourceKey]) -> dict[SourceKey, datetime]:
    """When some sources last answered with what was asked for; those that never did are left out."""
    found = {
        key: tx.execute(
            select(polls.c.at).where(polls.c.source == key, polls.c.outcome.in_(GOOD)).order_by(polls.c.at.desc()).limit(1)
        ).scalar_one_or_none()
        for key in keys
    }
    return {key: at for key, at in found.items() if at is not None}
