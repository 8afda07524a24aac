"""Polls with their balance, and the bytes that they brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select

from aggregator.model import Balance, BrokenEntry, Outcome, SourceKey
from aggregator.store.bulk import Insert
from aggregator.store.numbering import reserve
from aggregator.store.schema import captures, drops, polls, snapshots, utc_text
from aggregator.store.sealing import SealedInsert

MOST_ALIKE = 100  # dropped lines of one poll with one reason that are written down one by one

# Built once: to write a statement anew costs more than to run it.
# Who notes an answer holds the rows of its bodies, so that retention, which takes them for itself, removes none meanwhile.
_SNAPSHOT = (
    select(snapshots.c.removed_at).where(snapshots.c.sha256 == bindparam("wanted")).with_for_update(read=True, key_share=True)
)
_KEPT_AGAIN = (
    snapshots.update()
    .where(snapshots.c.sha256 == bindparam("wanted"))
    .values(removed_at=None, source=func.coalesce(bindparam("by"), snapshots.c.source))
)
_ADD = SealedInsert(polls)
_ADD_DROPS = Insert(drops.c.id, drops.c.poll_id, drops.c.ref, drops.c.reason)
_NEW_SNAPSHOT = SealedInsert(snapshots, snapshots.c.removed_at, snapshots.c.source, once=True)
_NEW_CAPTURE = SealedInsert(captures)


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


def add_snapshot(
    tx: Connection,
    sha256: str,
    *,
    size: int,
    stored_size: int,
    stored_crc32: int | None = None,
    at: datetime,
    source: SourceKey | None = None,
    there: bool = True,
) -> bool:
    """Note bytes that lie in the snapshot folder, unless they are noted already. `stored_…`: of the file, as it lies there.

    True where retention has removed them, or is about to: they count as kept again, and the caller must put them into the
    folder before the transaction ends, be they there or not. They count in the size of the `source` that brought them.
    Bytes that are not `there`, as the disk had no room, count as given up at once; what is noted of them already stays.
    """
    known = tx.execute(_SNAPSHOT, {"wanted": sha256}).first()
    if known is None:
        removed_at = None if there else utc_text(at)
        _NEW_SNAPSHOT(tx, [(sha256, size, stored_size, stored_crc32, utc_text(at), removed_at, source)])
        return False
    if known.removed_at is None or not there:
        return False
    tx.execute(_KEPT_AGAIN, {"wanted": sha256, "by": source})
    return True


def has_snapshots(tx: Connection) -> bool:
    """Whether the store names any."""
    return tx.execute(select(snapshots.c.sha256).limit(1)).first() is not None


def add_capture(tx: Connection, capture: Capture) -> int:
    """Note an answer with a body; its bytes are noted already. Returns the capture's id."""
    headers = dict(capture.headers)
    row = (capture.sha256, capture.url, utc_text(capture.at), capture.status, headers, capture.transport)
    return _NEW_CAPTURE(tx, [row])[0].id


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
    told = [list(_told(poll.balance.drops)) for poll in done]
    numbers = iter(reserve(tx, drops, sum(map(len, told))))
    dropped = [[[next(numbers), drop.ref, drop.reason] for drop in some] for some in told]
    stored = _ADD(tx, [_poll_row(poll) for poll in done], more=dropped)
    written = [(of[0], poll.id, *of[1:]) for poll, some in zip(stored, dropped, strict=True) for of in some]
    if written:
        _ADD_DROPS(tx, written)
    return [poll.id for poll in stored]


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
    """In the order of the seal's columns."""
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
