"""The record: what was polled, heard and decided, in its order, to be done again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from aggregator.fetch.recorded import RecordedExchange
from aggregator.model import Outcome, OutcomeKind, SourceKey, StoryKey
from aggregator.store.bulk import chunks
from aggregator.store.engine import Store
from aggregator.store.schema import candidates, configurations, exchanges, polls, revisions, snapshots, steps
from aggregator.store.steps import Step, StepKind, steps_after

AT_ONCE = 500  # polls or steps that are read together


class Sizes(NamedTuple):
    """What is noted of a snapshot's bytes, and of its file as it lay on disk."""

    size: int
    stored_size: int
    stored_crc32: int | None  # None: stored by a version that did not note it


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPoll:
    """One poll, and what was exchanged for it."""

    id: int
    source: SourceKey
    at: datetime
    ms: int
    outcome: Outcome
    kept: bool  # the bytes of its answer were kept with it
    exchanges: Sequence[RecordedExchange] = ()
    sizes: Mapping[str, Sizes] = field(default_factory=dict)  # by SHA-256


Event = RecordedPoll | Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How far a record goes: up to a poll and a step, both included."""

    poll: int
    step: int
    polls: int = 0  # how many that are


def extent(tx: Connection) -> Extent:
    """All that is recorded now."""
    newest, count = tx.execute(select(func.coalesce(func.max(polls.c.id), 0), func.count())).one()
    step = tx.execute(select(func.coalesce(func.max(steps.c.id), 0))).scalar_one()
    return Extent(poll=newest, step=step, polls=count)


def extent_until(tx: Connection, end: datetime, *, within: Extent) -> Extent:
    """The record up to the first poll or step that has a time of `end` or later: in the order of what was done."""
    step = tx.execute(
        select(steps.c.id, steps.c.after_poll).where(steps.c.at >= end, steps.c.id <= within.step).order_by(steps.c.id).limit(1)
    ).one_or_none()
    poll = tx.execute(select(func.min(polls.c.id)).where(polls.c.at >= end, polls.c.id <= within.poll)).scalar_one()
    newest = min(within.poll if poll is None else poll - 1, within.poll if step is None else step.after_poll)
    before = steps.c.after_poll <= newest
    if step is not None:
        before &= steps.c.id < step.id
    if poll is not None:
        before &= steps.c.after_poll < poll
    last = select(func.coalesce(func.max(steps.c.id), 0)).where(before, steps.c.id <= within.step)
    count = select(func.count()).select_from(polls).where(polls.c.id <= newest)
    return Extent(poll=newest, step=tx.execute(last).scalar_one(), polls=tx.execute(count).scalar_one())


def polls_without_a_configuration(tx: Connection) -> int:
    """How many polls an earlier version stored, that kept neither their order nor the configuration."""
    first = select(steps.c.after_poll).where(steps.c.kind == StepKind.CONFIGURE.value).order_by(steps.c.id).limit(1)
    after = tx.execute(first).scalar_one_or_none()
    query = select(func.count()).select_from(polls)
    return tx.execute(query if after is None else query.where(polls.c.id <= after)).scalar_one()


def events(store: Store, until: Extent) -> Iterator[Event]:
    """Everything up to an extent, in the order in which it was done. Reads a part at a time: the store may grow meanwhile."""
    waiting = _steps(store, until)
    step = next(waiting, None)
    for poll in _polls(store, until):
        while step is not None and step.after_poll < poll.id:
            yield step
            step = next(waiting, None)
        yield poll
    while step is not None:
        yield step
        step = next(waiting, None)


def _steps(store: Store, until: Extent) -> Iterator[Step]:
    done = 0
    while done < until.step:
        with store.read() as tx:
            found = steps_after(tx, done, limit=AT_ONCE)
        if not found:
            return
        yield from (step for step in found if step.id <= until.step)
        done = found[-1].id


def _polls(store: Store, until: Extent) -> Iterator[RecordedPoll]:
    done = 0
    while done < until.poll:
        with store.read() as tx:
            found = _polls_after(tx, done, until.poll)
        if not found:
            return
        yield from found
        done = found[-1].id


def _polls_after(tx: Connection, done: int, last: int) -> list[RecordedPoll]:
    query = select(polls).where(polls.c.id > done, polls.c.id <= last).order_by(polls.c.id).limit(AT_ONCE)
    rows = tx.execute(query).all()
    heard = _exchanges(tx, rows[0].id, rows[-1].id) if rows else {}
    sizes = _sizes(tx, {one.sha256 for some in heard.values() for one in some if one.sha256 is not None})
    return [
        RecordedPoll(
            id=row.id,
            source=SourceKey(row.source),
            at=row.at,
            ms=row.ms,
            outcome=Outcome(kind=OutcomeKind(row.outcome), reason=row.reason, status=row.status),
            kept=row.capture_id is not None,
            exchanges=heard.get(row.id, ()),
            sizes={one.sha256: sizes[one.sha256] for one in heard.get(row.id, ()) if one.sha256 in sizes},
        )
        for row in rows
    ]


def _exchanges(tx: Connection, first: int, last: int) -> dict[int, list[RecordedExchange]]:
    found: dict[int, list[RecordedExchange]] = defaultdict(list)
    for row in tx.execute(select(exchanges).where(exchanges.c.poll_id.between(first, last)).order_by(exchanges.c.id)):
        one = RecordedExchange(
            at=row.at,
            url=row.url,
            ms=row.ms,
            request=row.request,
            status=row.status,
            headers=row.headers,
            error=row.error,
            sha256=row.sha256,
        )
        found[row.poll_id].append(one)
    return found


def _sizes(tx: Connection, hashes: Collection[str]) -> dict[str, Sizes]:
    query = select(snapshots.c.sha256, snapshots.c.size, snapshots.c.stored_size, snapshots.c.stored_crc32)
    return {
        row.sha256: Sizes(row.size, row.stored_size, row.stored_crc32)
        for some in chunks(hashes)
        for row in tx.execute(query.where(snapshots.c.sha256.in_(some)))
    }


def configuration_texts(tx: Connection) -> dict[int, str]:
    """Every configuration that was in effect, by its number."""
    return {row.id: row.text for row in tx.execute(select(configurations).order_by(configurations.c.id))}


Taken = tuple[StoryKey, SourceKey, datetime, str]  # a story's interest in a text: whose, seen when, its fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """When a candidate was decided."""

    step: int
    settled_at: datetime  # when it had waited long enough


def decisions(tx: Connection) -> dict[Taken, Decided]:
    """When each candidate was decided, by what it is rather than by its id: for a replay that gives other ids."""
    query = (
        select(
            steps.c.id.label("step"),
            candidates.c.story,
            candidates.c.settles_at,
            revisions.c.source,
            revisions.c.seen_at,
            revisions.c.fingerprint,
        )
        .join(candidates, candidates.c.id == steps.c.candidate_id)
        .join(revisions, revisions.c.id == candidates.c.revision_id)
        .where(steps.c.kind == StepKind.TELL.value)
        .order_by(steps.c.id)
    )
    return {
        (StoryKey(row.story), SourceKey(row.source), row.seen_at, row.fingerprint): Decided(
            step=row.step, settled_at=row.settles_at
        )
        for row in tx.execute(query)
    }


def taken(tx: Connection, candidate: int) -> Taken:
    """What a candidate is, as `decisions` names it."""
    query = (
        select(candidates.c.story, revisions.c.source, revisions.c.seen_at, revisions.c.fingerprint)
        .join(revisions, revisions.c.id == candidates.c.revision_id)
        .where(candidates.c.id == candidate)
    )
    row = tx.execute(query).one()
    return StoryKey(row.story), SourceKey(row.source), row.seen_at, row.fingerprint
