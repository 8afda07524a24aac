"""What sources may have said that is not stored: each gap from its opening to what closed it.

A gap that nothing closes stays shown. A source knows the kinds of its open gaps by itself (`sources.open_gaps`), so a poll
reads this table only where one is open.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select

from aggregator.model import GapKind, SourceKey, StatementId, StoryKey, Unseen
from aggregator.store.bulk import Row
from aggregator.store.schema import followed, gaps, listings, sources, stories, utc_text
from aggregator.store.sealing import SealedInsert
from aggregator.text.storable import storable

RECENT = timedelta(days=7)  # for how long a gap is shown that was closed
MOST_SHOWN = 1_000  # gaps of one list
MOST_ON_A_PAGE = 20
MOST_TRIED = 5  # open ones of a source, the newest, that a poll tries to close
MOST_SAID = 500  # characters
COMPARED, FEWEST_COMPARED = 20, 5  # of the newest statements of a listing, that another one must have, too

_ADD = SealedInsert(gaps, gaps.c.closed_at, gaps.c.closed_by)
_OPEN_OVERFLOWS = (
    select(gaps.c.id, gaps.c.after_entry, gaps.c.before_entry, gaps.c.opened_at, gaps.c.from_at, gaps.c.to_at)
    .where(gaps.c.source == bindparam("of"), gaps.c.closed_at.is_(None), gaps.c.kind == GapKind.OVERFLOW.value)
    .order_by(gaps.c.id.desc())
    .limit(MOST_TRIED)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGap:
    """A gap as a poll finds it; the times are UTC."""

    source: SourceKey
    kind: GapKind
    opened_at: datetime  # when the poll was
    from_at: datetime  # up to here all is known
    to_at: datetime | None  # and from here on; None: from when it is closed
    says: str  # what may be missing, in a sentence
    after_entry: str = ""  # the id of the newest entry that was known
    before_entry: str = ""  # and that of the oldest one that was not
    closed_by: str = ""  # where the same poll also closed it


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """That gaps of a source end at a poll: all open ones of a kind, or one of them."""

    source: SourceKey
    kind: GapKind
    at: datetime
    by: str  # in words
    gap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOverflow:
    """A gap that a later listing may close."""

    id: int
    after_entry: str
    before_entry: str
    opened_at: datetime
    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A gap as it is shown. All that a source wrote is left out: every text here is our own but the names of `feeds.toml`."""

    id: int
    source: SourceKey
    name: str  # of the source, as readers know it
    kind: GapKind
    opened_at: datetime
    from_at: datetime
    to_at: datetime | None
    says: str
    closed_at: datetime | None
    closed_by: str
    stories: tuple[StoryKey, ...] = ()  # the active ones that follow the source, and whose window the gap lies in

    @property
    def is_open(self) -> bool:
        """Whether something may be missing still."""
        return self.closed_at is None


def open_gaps(tx: Connection, found: Sequence[NewGap]) -> None:
    """Write down gaps, in the transaction of the polls that found them."""
    _ADD(
        tx,
        [
            (
                one.source,
                one.kind.value,
                utc_text(one.opened_at),
                utc_text(one.from_at),
                None if one.to_at is None else utc_text(one.to_at),
                storable(one.says[:MOST_SAID]),
                one.after_entry,
                one.before_entry,
                utc_text(one.opened_at) if one.closed_by else None,
                storable(one.closed_by[:MOST_SAID]),
            )
            for one in found
        ],
    )


def close_gaps(tx: Connection, closings: Sequence[Closing]) -> None:
    """Note what closed gaps, in the transaction of the polls that did it."""
    for one in closings:
        which = (gaps.c.source == one.source) & (gaps.c.kind == one.kind.value) & gaps.c.closed_at.is_(None)
        if one.gap is not None:
            which &= gaps.c.id == one.gap
        tx.execute(gaps.update().where(which).values(closed_at=one.at, closed_by=storable(one.by[:MOST_SAID])))


def open_overflows(tx: Connection, source: SourceKey) -> Sequence[OpenOverflow]:
    """The newest open gaps of a source that its listing, or another one, may close."""
    return [OpenOverflow(**row._mapping) for row in tx.execute(_OPEN_OVERFLOWS, {"of": source})]


def count_overflows(tx: Connection, source: SourceKey) -> int:
    """How many gaps of this kind a source has open."""
    kind = gaps.c.kind == GapKind.OVERFLOW.value
    query = select(func.count()).select_from(gaps).where(gaps.c.source == source, gaps.c.closed_at.is_(None), kind)
    return tx.execute(query).scalar_one()


def newest_entry(tx: Connection, source: SourceKey, *, before: datetime) -> str:
    """The id of the entry that a source had listed last before a moment; "" where there is none."""
    query = (
        select(listings.c.entry_id)
        .where(listings.c.source == source, listings.c.first_seen_at < before)
        .order_by(listings.c.first_seen_at.desc(), listings.c.statement_id.desc(), listings.c.entry_id)
        .limit(1)
    )
    return tx.execute(query).scalar_one_or_none() or ""


def listed_before(tx: Connection, source: SourceKey, statements: Collection[StatementId], *, before: datetime) -> set[int]:
    """Which statements a source had listed before a moment, under whatever id."""
    wanted = sorted(statements)[:COMPARED]  # of these, one is enough
    query = select(listings.c.statement_id).where(
        listings.c.statement_id.in_(wanted), listings.c.source == source, listings.c.first_seen_at < before
    )
    return set(tx.execute(query).scalars())


def found_elsewhere(tx: Connection, source: SourceKey, family: str, gap: OpenOverflow) -> SourceKey | None:
    """Another listing of the family that has both ends of a gap, and everything that this source listed last before it.

    It must have no gap of its own there. The first of them by key; None where there is none.
    """
    ends = [_statement_of(tx, source, entry) for entry in (gap.after_entry, gap.before_entry)]
    if None in ends:
        return None
    last = (
        select(listings.c.statement_id)
        .where(listings.c.source == source, listings.c.first_seen_at < gap.opened_at)
        .order_by(listings.c.first_seen_at.desc(), listings.c.statement_id.desc(), listings.c.entry_id)
        .limit(COMPARED)
    )
    wanted = {*tx.execute(last).scalars()}
    if len(wanted) < FEWEST_COMPARED:
        return None
    has = (
        select(listings.c.source)
        .join(sources, sources.c.key == listings.c.source)
        .where(listings.c.statement_id.in_(sorted({*wanted, *ends})), sources.c.family == family, listings.c.source != source)
        .group_by(listings.c.source)
        .having(func.count(listings.c.statement_id.distinct()) == len({*wanted, *ends}))
    )
    able = sorted(tx.execute(has).scalars())
    until = gap.to_at or gap.opened_at
    torn = select(gaps.c.source).where(gaps.c.source.in_(able), gaps.c.closed_at.is_(None), gaps.c.from_at < until)
    torn = torn.where(or_(gaps.c.to_at.is_(None), gaps.c.to_at > gap.from_at))
    open_there = set(tx.execute(torn).scalars()) if able else set()
    return next((SourceKey(key) for key in able if key not in open_there), None)


def _statement_of(tx: Connection, source: SourceKey, entry: str) -> int | None:
    query = select(listings.c.statement_id).where(listings.c.source == source, listings.c.entry_id == entry)
    return tx.execute(query).scalar_one_or_none()


def missed(tx: Connection, *, now: datetime) -> Sequence[Gap]:
    """What may be missing: every open gap, and those that were closed in the last week; the open ones first, newest first.

    Each says which active stories it concerns. At most `MOST_SHOWN`.
    """
    which = or_(gaps.c.closed_at.is_(None), gaps.c.closed_at >= now - RECENT)
    found = _gaps(tx, which)
    threads = _threads(tx)
    return [_with_stories(one, threads, now) for one in sorted(found, key=lambda gap: not gap.is_open)]


def gaps_of_story(tx: Connection, key: StoryKey) -> Sequence[Gap]:
    """The gaps of sources that a story follows which lie in its window, open or closed, newest first; at most `MOST_SHOWN`.

    Empty where there is no such story.
    """
    story = tx.execute(select(stories.c.from_at, stories.c.until_at).where(stories.c.key == key)).one_or_none()
    if story is None:
        return []
    which = or_(gaps.c.to_at > story.from_at, gaps.c.to_at.is_(None))
    which &= or_(gaps.c.closed_at.is_(None), gaps.c.closed_at > story.from_at)
    if story.until_at is not None:
        which &= gaps.c.from_at < story.until_at
    own = select(followed.c.source).where(followed.c.story == key)
    if tx.execute(own.limit(1)).first() is not None:
        which &= gaps.c.source.in_(own)
    return _gaps(tx, which)


def unseen_of(tx: Connection, key: StoryKey) -> tuple[Unseen, ...]:
    """The open gaps of a story as its readers see them, newest first; at most `MOST_ON_A_PAGE`."""
    still = [one for one in gaps_of_story(tx, key) if one.is_open]
    names = ("source", "name", "kind", "from_at", "to_at", "says")
    return tuple(Unseen(**{name: getattr(one, name) for name in names}) for one in still[:MOST_ON_A_PAGE])


def open_by_story(tx: Connection, *, now: datetime) -> dict[StoryKey, list[int]]:
    """The numbers of the open gaps of each active story, those of none left out."""
    found: dict[StoryKey, list[int]] = {}
    threads = _threads(tx)
    for gap in _gaps(tx, gaps.c.closed_at.is_(None)):
        for key in _with_stories(gap, threads, now).stories:
            found.setdefault(key, []).append(gap.id)
    return found


def open_stamp(tx: Connection) -> list[int]:
    """What changes when a gap is opened or closed: cheaper than the gaps themselves, of which there may be thousands."""
    return list(tx.execute(select(func.count(), func.coalesce(func.sum(gaps.c.id), 0)).where(gaps.c.closed_at.is_(None))).one())


def open_by_source(tx: Connection) -> dict[SourceKey, list[Gap]]:
    """All open gaps, those of each source newest first; at most `MOST_SHOWN`."""
    found: dict[SourceKey, list[Gap]] = {}
    for one in _gaps(tx, gaps.c.closed_at.is_(None)):
        found.setdefault(one.source, []).append(one)
    return found


def _gaps(tx: Connection, which: ColumnElement[bool]) -> list[Gap]:
    query = (
        select(*(gaps.c[name] for name in _SHOWN), sources.c.name)
        .join(sources, sources.c.key == gaps.c.source)
        .where(which)
        .order_by(gaps.c.closed_at.is_not(None), gaps.c.id.desc())
        .limit(MOST_SHOWN)
    )
    return sorted(map(_gap, tx.execute(query)), key=lambda gap: -gap.id)


_SHOWN = ("id", "source", "kind", "opened_at", "from_at", "to_at", "says", "closed_at", "closed_by")


def _gap(row: Row) -> Gap:
    values = dict(row._mapping)
    return Gap(**{**values, "kind": GapKind(values["kind"])})


def _threads(tx: Connection) -> list[tuple[StoryKey, datetime, datetime | None, frozenset[str]]]:
    """The active stories by key, each with its window and the sources that it follows; none: all."""
    own: dict[str, set[str]] = {}
    for row in tx.execute(select(followed.c.story, followed.c.source)):
        own.setdefault(row.story, set()).add(row.source)
    query = select(stories.c.key, stories.c.from_at, stories.c.until_at).where(stories.c.active)
    rows = sorted(tx.execute(query), key=lambda row: row.key)
    return [(StoryKey(row.key), row.from_at, row.until_at, frozenset(own.get(row.key, ()))) for row in rows]


def _with_stories(
    gap: Gap, threads: Sequence[tuple[StoryKey, datetime, datetime | None, frozenset[str]]], now: datetime
) -> Gap:
    end = gap.to_at or gap.closed_at or now
    keys = tuple(
        key
        for key, begins, ends, own in threads
        if (not own or gap.source in own) and end > begins and (ends is None or gap.from_at < ends)
    )
    values = {name: getattr(gap, name) for name in (*_SHOWN, "name")}
    return Gap(**{**values, "stories": keys})
