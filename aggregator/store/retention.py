"""How long raw bytes are kept: which snapshots may go, and how their files go without a poll ever missing them.

They go because they are old, or because all that is kept takes more room than it may: then what was received longest ago goes
first (`sizes.py`).

Looking for them, marking them and removing their files are steps, each in a transaction of its own and of bounded size. What
is marked in one transaction is removed in a later one, if it is still marked: a poll that brings the same bytes again takes
the mark away and puts the file back, in the transaction that stores the poll (`polls.add_snapshot`). On SQLite two such
transactions cannot meet. On PostgreSQL whoever notes an answer holds the rows of its bodies, and whoever looks or removes
takes them for itself or lets them be.

Nothing is found by reading a whole table: each request that is recorded grows old once, and is looked at then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, literal, or_, select, tuple_

from aggregator.config.values import FOREVER
from aggregator.store.bulk import Row
from aggregator.store.schema import (
    candidates,
    captures,
    citations,
    exchanges,
    retention,
    retention_queue,
    retention_sizes,
    revisions,
    snapshots,
    sources,
)
from aggregator.store.snapshots import Snapshots
from aggregator.store.stories import OPEN

MOST = 500  # requests or files of one step
LOOK_AGAIN = timedelta(days=1)  # at what is needed for now, or cannot be removed
ALL = ""  # in the place of a source's key: all sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeps:
    """How long the bytes of each source are kept, from when they were last received."""

    usual: timedelta
    of: Mapping[str, timedelta] = field(default_factory=dict)  # by source key, where it is another time
    sizes: Mapping[str, int] = field(default_factory=dict)  # bytes on disk, by source key where limited; ALL: of all together

    def since(self, source: str, *, now: datetime) -> datetime | None:
        """What was received before this moment is kept no longer; None where everything is kept for ever."""
        keep = self.of.get(source, self.usual)
        return None if keep == FOREVER else now - keep

    @property
    def by_age(self) -> bool:
        """Whether some source's bytes go when they are old."""
        return any(keep != FOREVER for keep in (self.usual, *self.of.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a step has done, or several of them."""

    looked: int = 0  # requests that have grown old, and snapshots looked at again
    marked: int = 0
    removed: int = 0
    freed: int = 0  # bytes on disk
    too_much: int = 0  # bytes on disk of what was marked because of its size
    over: int = 0  # bytes on disk that are too much, and stay, as they are needed
    failed: tuple[str, ...] = ()  # files that could not be removed, with the reason
    left: tuple[str, ...] = ()  # sources that still have something to look at
    more: bool = False  # whether the queue holds more for now

    def __add__(self, other: Step) -> Step:
        """Both together; what is left is the other's, the later one's."""
        return Step(
            looked=self.looked + other.looked,
            marked=self.marked + other.marked,
            removed=self.removed + other.removed,
            freed=self.freed + other.freed,
            too_much=self.too_much + other.too_much,
            over=self.over + other.over,
            failed=self.failed + other.failed,
            left=other.left,
            more=other.more,
        )


def sources_to_look_at(tx: Connection, keeps: Keeps, *, now: datetime) -> list[str]:
    """The sources with a request that has grown old since they were last looked at; one look at an index for each."""
    start = tuple_(func.coalesce(retention.c.at, literal("")), func.coalesce(retention.c.exchange_id, 0))
    oldest = (
        select(exchanges.c.at)
        .where(exchanges.c.source == sources.c.key, tuple_(exchanges.c.at, exchanges.c.id) > start)
        .order_by(exchanges.c.at, exchanges.c.id)
        .limit(1)
        .correlate(sources, retention)
        .scalar_subquery()
    )
    query = select(sources.c.key, oldest.label("oldest"))
    query = query.join(retention, retention.c.source == sources.c.key, isouter=True).order_by(sources.c.key)
    found = []
    for row in tx.execute(query):
        since = keeps.since(row.key, now=now)
        if since is not None and row.oldest is not None and row.oldest < since:
            found.append(row.key)
    return found


def mark_expired(tx: Connection, wanted: Sequence[str], keeps: Keeps, *, now: datetime, most: int = MOST) -> Step:
    """Look at what has grown old of some sources, `most` requests in all, and mark the snapshots that nothing needs."""
    left, looked, hashes = list(wanted), 0, set[str]()
    while left and looked < most:
        since = keeps.since(left[0], now=now)
        rows = _grown_old(tx, left[0], since, most=most - looked) if since is not None else []
        if rows:
            _move_cursor(tx, left[0], rows[-1])
            hashes |= {row.sha256 for row in rows if row.sha256 is not None}
        if looked + len(rows) < most:
            left.pop(0)
        looked += len(rows)
    return Step(looked=looked, marked=judge(tx, hashes, keeps, now=now), left=tuple(left))


def _grown_old(tx: Connection, source: str, since: datetime, *, most: int) -> Sequence[Row]:
    """The oldest requests of a source that were not looked at yet."""
    query = select(exchanges.c.id, exchanges.c.at, exchanges.c.sha256)
    query = query.where(exchanges.c.source == source, exchanges.c.at < since)
    last = tx.execute(select(retention.c.at, retention.c.exchange_id).where(retention.c.source == source)).one_or_none()
    if last is not None:
        later = or_(exchanges.c.at > last.at, exchanges.c.id > last.exchange_id)
        query = query.where(exchanges.c.at >= last.at, later)
    return tx.execute(query.order_by(exchanges.c.at, exchanges.c.id).limit(most)).all()


def _move_cursor(tx: Connection, source: str, last: Row) -> None:
    tx.execute(retention.delete().where(retention.c.source == source))
    tx.execute(retention.insert().values(source=source, at=last.at, exchange_id=last.id))


def remove_marked(tx: Connection, folder: Snapshots, keeps: Keeps, *, now: datetime, most: int = MOST) -> Step:
    """Remove the files of snapshots that an earlier transaction marked, and look again at those whose turn it is; `most` of
    both. A file that cannot be removed is tried again later, and named."""
    query = (
        select(retention_queue.c.sha256, snapshots.c.removed_at)
        .join(snapshots, snapshots.c.sha256 == retention_queue.c.sha256)
        .where(retention_queue.c.look_at <= now)
        .order_by(retention_queue.c.look_at, retention_queue.c.sha256)
        .limit(most)
    )
    rows = tx.execute(query.with_for_update(of=snapshots, skip_locked=True)).all()
    marked = [row.sha256 for row in rows if row.removed_at is not None]
    others = [row.sha256 for row in rows if row.removed_at is None]  # needed for a while, or received again
    _take_from_queue(tx, [*marked, *others])
    freed, failed = 0, {}
    for sha256 in marked:
        try:
            freed += folder.remove(sha256)
        except OSError as error:
            failed[sha256] = f"{folder.path(sha256)}: {error.strerror or error}"
    _put_into_queue(tx, failed, at=now + LOOK_AGAIN)
    return Step(
        looked=len(others),
        marked=judge(tx, others, keeps, now=now),
        removed=len(marked) - len(failed),
        freed=freed,
        failed=tuple(failed.values()),
        more=len(rows) == most,
    )


def judge(tx: Connection, hashes: Collection[str], keeps: Keeps, *, now: datetime) -> int:
    """Mark those of some snapshots that nothing needs any more; returns how many. What is needed for now is looked at again."""
    if not hashes:
        return 0
    kept = snapshots.c.sha256.in_(sorted(hashes)) & snapshots.c.removed_at.is_(None)
    there = set(tx.execute(select(snapshots.c.sha256).where(kept)).scalars())
    lock = select(snapshots.c.sha256).where(kept).order_by(snapshots.c.sha256).with_for_update(skip_locked=True)
    ours = set(tx.execute(lock).scalars())
    old, since_when = _without_younger(tx, ours, keeps, now=now)
    cited, waiting = _in_use(tx, old)
    later = (there - ours) | waiting | _recognised_by(tx, old - cited, since_when)
    expired = sorted(old - cited - later)
    if expired:
        tx.execute(snapshots.update().where(snapshots.c.sha256.in_(expired)).values(removed_at=now))
    _take_from_queue(tx, [*expired, *later])
    _put_into_queue(tx, expired, at=now)
    _put_into_queue(tx, later, at=now + LOOK_AGAIN)
    return len(expired)


def _without_younger(
    tx: Connection, hashes: Collection[str], keeps: Keeps, *, now: datetime
) -> tuple[set[str], dict[str, list[str]]]:
    """Those of which every request has grown old, by the time of its own source; and from which sources those came."""
    newest = (
        select(exchanges.c.id)
        .where(exchanges.c.sha256 == snapshots.c.sha256)
        .order_by(exchanges.c.id.desc())
        .limit(1)
        .correlate(snapshots)
        .scalar_subquery()
    )
    last = select(snapshots.c.sha256, exchanges.c.source, exchanges.c.at, exchanges.c.id)
    last = last.join(exchanges, exchanges.c.id == newest)
    # The last request alone settles most: what comes again and again would otherwise be counted again and again.
    rows = tx.execute(last.where(snapshots.c.sha256.in_(sorted(hashes)))).all()
    passed = places(tx, keeps)
    old = {row.sha256 for row in rows if _is_old(row, keeps, now) or is_passed(row, passed)}
    found: dict[str, list[str]] = defaultdict(list)
    each = select(
        exchanges.c.sha256, exchanges.c.source, func.max(exchanges.c.at).label("at"), func.max(exchanges.c.id).label("id")
    )
    each = each.where(exchanges.c.sha256.in_(sorted(old))).group_by(exchanges.c.sha256, exchanges.c.source)
    for row in tx.execute(each).all():
        found[row.sha256].append(row.source)
        if not (_is_old(row, keeps, now) or is_passed(row, passed)):
            old.discard(row.sha256)
    return old, found


def _is_old(row: Row, keeps: Keeps, now: datetime) -> bool:
    since = keeps.since(row.source, now=now)
    return since is not None and row.at < since


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A request, up to which bytes were given up for want of room."""

    at: datetime
    id: int


def places(tx: Connection, keeps: Keeps) -> dict[str, Place]:
    """How far was gone, for each limit of a size that is in effect."""
    if not keeps.sizes:
        return {}
    rows = tx.execute(select(retention_sizes).where(retention_sizes.c.key.in_(sorted(keeps.sizes))))
    return {row.key: Place(at=row.at, id=row.exchange_id) for row in rows}


def is_passed(row: Row, passed: Mapping[str, Place]) -> bool:
    """Whether a request lies before one of the places that concern it: of its source in order of time, of all as stored."""
    whole, own = passed.get(ALL), passed.get(row.source)
    return (whole is not None and row.id <= whole.id) or (own is not None and (row.at, row.id) <= (own.at, own.id))


def _in_use(tx: Connection, hashes: Collection[str]) -> tuple[set[str], set[str]]:
    """Bytes of revisions that an update cites, and of such as wait to be told: seen at one moment, so that a revision which
    is told just now is either."""
    of_bytes = (
        select(revisions.c.id)
        .join(captures, captures.c.id == revisions.c.capture_id)
        .where(captures.c.sha256 == snapshots.c.sha256)
        .correlate(snapshots)
    )
    cited = of_bytes.join(citations, citations.c.revision_id == revisions.c.id).exists()
    waits = and_(
        candidates.c.statement_id == revisions.c.statement_id,
        candidates.c.revision_id == revisions.c.id,
        func.coalesce(candidates.c.state, candidates.c.state).in_(OPEN),  # so that SQLite looks for the statement instead
    )
    waiting = of_bytes.join(candidates, waits).exists()
    query = select(snapshots.c.sha256, cited.label("cited"), waiting.label("waiting"))
    rows = tx.execute(query.where(snapshots.c.sha256.in_(sorted(hashes)))).all()
    return {row.sha256 for row in rows if row.cited}, {row.sha256 for row in rows if row.waiting}


def _recognised_by(tx: Connection, hashes: Collection[str], of: Mapping[str, Sequence[str]]) -> set[str]:
    """Those by which a source would see that its listing has not changed: such an answer is not put into the folder again."""
    keys = {source for sha256 in hashes for source in of[sha256]}
    query = select(sources.c.body_sha256, sources.c.bodies).where(sources.c.key.in_(sorted(keys)))
    known = {sha256 for row in tx.execute(query) for sha256 in (row.body_sha256, *(row.bodies or ()))}
    return known & set(hashes)


def _take_from_queue(tx: Connection, hashes: Sequence[str]) -> None:
    if hashes:
        tx.execute(retention_queue.delete().where(retention_queue.c.sha256.in_(hashes)))


def _put_into_queue(tx: Connection, hashes: Iterable[str], *, at: datetime) -> None:
    rows = [{"sha256": sha256, "look_at": at} for sha256 in sorted(hashes)]
    if rows:
        tx.execute(retention_queue.insert(), rows)
