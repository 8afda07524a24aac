"""Polls with their balance, and the bytes that they brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select

from aggregator.model import Balance, BrokenEntry, Outcome, SourceKey
from aggregator.store.bulk import Insert
from aggregator.store.schema import captures, drops, polls, snapshots, utc_text

MOST_ALIKE = 100  # dropped lines of one poll with one reason that are written down one by one

# Built once: to write a statement anew costs more than to run it.
_SNAPSHOT = select(snapshots.c.sha256).where(snapshots.c.sha256 == bindparam("wanted"))
_POLL = (
    *(polls.c.source, polls.c.at, polls.c.ms, polls.c.outcome, polls.c.reason, polls.c.status, polls.c.capture_id),
    *(polls.c[name] for name in Balance().counts),
)
_ADD = Insert(*_POLL, returning=[polls.c.id])
_ADD_DROPS = Insert(drops.c.poll_id, drops.c.ref, drops.c.reason)
_NEW_SNAPSHOT = snapshots.insert()
_NEW_CAPTURE = captures.insert().returning(captures.c.id)


class BalanceError(RuntimeError):
    """A poll whose lines do not add up: something was lost or counted twice. Nothing of it is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One answer with a body, and where its bytes lie."""

    sha256: str
    url: str
    at: datetime
    status: int
    headers: Mapping[str, str]
    transport: str  # "tls" or "none"


def add_snapshot(tx: Connection, sha256: str, *, size: int, stored_size: int, at: datetime) -> None:
    """Note bytes that lie in the snapshot folder, unless they are noted already."""
    if tx.execute(_SNAPSHOT, {"wanted": sha256}).first() is None:
        tx.execute(_NEW_SNAPSHOT, {"sha256": sha256, "size": size, "stored_size": stored_size, "first_at": at})


def add_capture(tx: Connection, capture: Capture) -> int:
    """Note an answer with a body; its bytes are noted already. Returns the capture's id."""
    row = {
        "sha256": capture.sha256,
        "url": capture.url,
        "at": capture.at,
        "status": capture.status,
        "headers": dict(capture.headers),
        "transport": capture.transport,
    }
    return int(tx.execute(_NEW_CAPTURE, row).scalar_one())


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll as it is written down."""

    source: SourceKey
    outcome: Outcome
    at: datetime
    ms: int
    balance: Balance = field(default_factory=Balance)
    capture: int | None = None


def add_polls(tx: Connection, done: Sequence[Poll]) -> list[int]:
    """Write polls with their balances and the reason for each dropped line; returns their ids, which go up in their order:
    the order in which their lines were settled. Raises as `check_balance`."""
    for poll in done:
        check_balance(poll.source, poll.balance)
    ids = sorted(row.id for row in _ADD(tx, [_poll_row(poll) for poll in done]))
    _ADD_DROPS(
        tx,
        [
            (number, drop.ref, drop.reason)
            for number, poll in zip(ids, done, strict=True)
            if poll.balance.drops
            for drop in _told(poll.balance.drops)
        ],
    )
    return ids


def _told(dropped: Sequence[BrokenEntry]) -> Iterator[BrokenEntry]:
    """Dropped lines as they are written down: of those with one reason the first ones, and how many more there are.

    A sitemap may list thousands of addresses that a source leaves out, at every poll.
    """
    counts = Counter(one.reason for one in dropped)
    seen: Counter[str] = Counter()
    for one in dropped:
        seen[one.reason] += 1
        if seen[one.reason] <= MOST_ALIKE:
            yield one
        elif seen[one.reason] == counts[one.reason]:
            yield BrokenEntry(ref=f"and {counts[one.reason] - MOST_ALIKE:,} more", reason=one.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How often something was tried in vain."""

    times: int
    last: datetime


def tried_in_vain(tx: Connection, source: SourceKey, *, reasons: Sequence[str], since: datetime) -> dict[str, Tried]:
    """The lines of a source that were dropped for some reasons (how they begin) at polls since a time, by what names them."""
    begins = or_(*(drops.c.reason.startswith(reason, autoescape=True) for reason in reasons))
    query = (
        select(drops.c.ref, func.count().label("times"), func.max(polls.c.at).label("last"))
        .join(polls, polls.c.id == drops.c.poll_id)
        .where(polls.c.source == source, polls.c.at >= since, begins)
        .group_by(drops.c.ref)
    )
    return {row.ref: Tried(times=row.times, last=row.last) for row in tx.execute(query)}


def polls_that_said(tx: Connection, source: SourceKey, text: str, *, since: datetime) -> int:
    """How many polls of a source since a time say something in their reason."""
    said = (polls.c.source == source) & (polls.c.at >= since) & polls.c.reason.contains(text, autoescape=True)
    return tx.execute(select(func.count()).select_from(polls).where(said)).scalar_one()


def check_balance(source: SourceKey, balance: Balance) -> None:
    """Raise `BalanceError` where a balance does not add up, so that the transaction around it stores nothing."""
    if not balance.adds_up:
        raise BalanceError(f"{source}: {balance.listed} lines were listed, but the balance is {balance}")


def _poll_row(poll: Poll) -> tuple[object, ...]:
    return (
        poll.source,
        utc_text(poll.at),
        poll.ms,
        poll.outcome.kind.value,
        poll.outcome.reason,
        poll.outcome.status,
        poll.capture,
        *poll.balance.counts.values(),
    )
