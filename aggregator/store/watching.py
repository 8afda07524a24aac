"""The pages of what is told, which are looked at again: when each is due, and how it was seen last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, or_, select

from aggregator.model import SourceKey, StatementId, ZoneKnown
from aggregator.store.bulk import chunks
from aggregator.store.deciding import ToldVersion
from aggregator.store.schema import listings, revisions, sources, statements, stories, updates, utc_text, watches
from aggregator.store.sealing import SealedInsert
from aggregator.text import canonical_url

FIRST_LOOK = timedelta(hours=1)  # after it was told
MOST_DUE = 500  # that are looked up at once
MOST_OF_ONE_SOURCE = 1_000  # pages that are held against each other

_ADD = SealedInsert(watches, watches.c.next_at, once=True)
_KEY = (watches.c.source == bindparam("of"), watches.c.entry_id == bindparam("under"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How a page was seen, and when it is looked at next: all that changes of a watch."""

    next_at: datetime | None  # None: no more
    looks: int = 0  # since something changed
    failures: int = 0  # looks in a row that said nothing
    last_at: datetime | None = None
    said: str = ""  # what the last look came to
    etag: str | None = None
    last_modified: str | None = None
    variant: str = ""
    body_sha256: str | None = None  # of the last good body
    good_at: datetime | None = None
    good_url: str = ""  # that answered then
    gone_times: int = 0  # since it was last seen well
    gone_from: datetime | None = None
    gone_last: datetime | None = None

    def is_gone(self, *, times: int, over: timedelta) -> bool:
        """Whether it was seen gone that often, the first and the last time that far apart."""
        if self.gone_times < times or self.gone_from is None or self.gone_last is None:
            return False
        return self.gone_last - self.gone_from >= over


def without_copy(seen: Seen) -> Seen:
    """As if no copy of the page were known: it is asked for without conditions, and whatever comes is read."""
    return replace(seen, etag=None, last_modified=None, variant="", body_sha256=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The page of one listed line whose statement is told."""

    source: SourceKey
    entry_id: str
    statement: StatementId
    url: str  # as the source wrote it
    from_at: datetime
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWatch:
    """A page that is due, with what is needed to read it as an item's page is read."""

    watch: Watch
    said_at: datetime
    said_written: str
    zone_known: ZoneKnown
    said_day: str
    reference: str
    raw: str  # hash of the line as listed
    told_at: datetime | None  # when an update told it last
    is_open: bool  # a story that tells it takes updates
    until: datetime | None  # when the last such story ended, of those that did
    versions: Sequence[ToldVersion] = ()  # oldest first

    def with_versions(self, versions: Sequence[ToldVersion]) -> DueWatch:
        """The same, with the newest version in each language. The copy of the last look is none of a text that came since."""
        seen = self.watch.seen
        if seen.good_at is not None and any(one.seen_at > seen.good_at for one in versions):
            seen = without_copy(seen)
        return replace(self, watch=replace(self.watch, seen=seen), versions=versions)


_STATE = [field.name for field in fields(Seen)]
_LEAVE = (
    watches.update()
    .where(*_KEY)
    .values({watches.c[name]: bindparam(f"new_{name}", type_=watches.c[name].type) for name in _STATE})
)
_AT = bindparam("at", type_=watches.c.next_at.type)
_LATER = or_(watches.c.next_at.is_(None), watches.c.next_at > _AT)
_WAKE = watches.update().where(*_KEY, _LATER).values(next_at=_AT)


def watch_told(tx: Connection, statement: StatementId, *, at: datetime, watch_for: timedelta) -> None:
    """Look at the pages of a statement again, now that an update tells it; each address once, for who listed it first."""
    if watch_for:
        _wake_statement(tx, statement, at=at + FIRST_LOOK)
        _add_missing(tx, statement, at=at, next_at=at + FIRST_LOOK)


def complete_watches(tx: Connection, statement: StatementId, *, at: datetime) -> bool:
    """Watch the addresses, too, at which a statement was listed since; whether there were any."""
    return _add_missing(tx, statement, at=at, next_at=at)


def _add_missing(tx: Connection, statement: StatementId, *, at: datetime, next_at: datetime) -> bool:
    own = (listings.c.source, listings.c.entry_id, listings.c.url, listings.c.first_seen_at)
    listed = tx.execute(select(*own).where(listings.c.statement_id == statement, listings.c.url != "")).all()
    known = tx.execute(select(watches.c.url).where(watches.c.statement_id == statement)).scalars()
    there, rows = {canonical_url(url) for url in known}, []
    for row in sorted(listed, key=lambda row: (row.first_seen_at, row.source, row.entry_id)):
        if canonical_url(row.url) not in there:
            there.add(canonical_url(row.url))
            rows.append((row.source, row.entry_id, statement, row.url, utc_text(at), utc_text(next_at)))
    _ADD(tx, rows)
    refresh_sources(tx, {row[0] for row in rows})
    return bool(rows)


def _wake_statement(tx: Connection, statement: StatementId, *, at: datetime) -> None:
    """A statement that is told again begins its rhythm anew."""
    later = or_(watches.c.next_at.is_(None), watches.c.next_at > at)
    woken = watches.update().where(watches.c.statement_id == statement, later).values(next_at=at, looks=0)
    refresh_sources(tx, tx.execute(woken.returning(watches.c.source)).scalars().all())


def wake(tx: Connection, some: Collection[Watch], *, at: datetime) -> None:
    """Look at some pages by then, if they were not due before."""
    wake_each(tx, [(one, at) for one in some])


def wake_each(tx: Connection, some: Collection[tuple[Watch, datetime]]) -> None:
    """Look at each of some pages by its time, if it was not due before."""
    if some:
        tx.execute(_WAKE, [{"of": one.source, "under": one.entry_id, "at": at} for one, at in some])
        refresh_sources(tx, {one.source for one, _ in some})


def watches_asleep(
    tx: Connection, source: SourceKey, entries: Collection[str], *, now: datetime
) -> list[tuple[Watch, datetime]]:
    """The pages of some entries that are looked at later than now, each with when the newest version of its text was seen."""
    version = select(func.max(revisions.c.seen_at)).where(revisions.c.statement_id == watches.c.statement_id).scalar_subquery()
    query = select(watches, version.label("version_at")).where(watches.c.source == source, watches.c.next_at > now)
    found = [row for some in chunks(entries) for row in tx.execute(query.where(watches.c.entry_id.in_(some)))]
    return sorted(((_watch(row), row.version_at) for row in found), key=lambda one: one[0].entry_id)


def put_off_watches(tx: Connection, source: SourceKey, *, until: datetime) -> None:
    """Look at no page of a source before then: its server asked for that."""
    tx.execute(watches.update().where(watches.c.source == source, watches.c.next_at < until).values(next_at=until))


def refresh_sources(tx: Connection, keys: Collection[str]) -> None:
    """Note at some sources when their first page is due. In one order, whoever writes, as `leave_answers` has it."""
    if not keys:  # nearly always
        return
    first = select(func.min(watches.c.next_at)).where(watches.c.source == sources.c.key).scalar_subquery()
    for key in sorted(set(keys)):
        tx.execute(sources.update().where(sources.c.key == key).values(watch_at=first))


def leave_seen(tx: Connection, seen: Mapping[tuple[SourceKey, str], Seen]) -> None:
    """Note how pages were seen, by source and entry id."""
    if seen:
        rows = [
            {"of": source, "under": entry, **{f"new_{name}": getattr(one, name) for name in _STATE}}
            for (source, entry), one in seen.items()
        ]
        tx.execute(_LEAVE, rows)


def due_watches(tx: Connection, source: SourceKey, *, now: datetime) -> list[DueWatch]:
    """The pages of a source that are due, longest overdue first."""
    told = updates.c.statement_id == watches.c.statement_id
    of_story = and_(told, updates.c.story == stories.c.key)
    ends = or_(stories.c.until_at.is_(None), stories.c.until_at > now)
    query = (
        select(watches, statements.c.said_at, statements.c.said_written, statements.c.zone_known, statements.c.said_day)
        .add_columns(statements.c.reference, listings.c.raw)
        .add_columns(select(func.max(updates.c.published_at)).where(told).scalar_subquery().label("told_at"))
        .add_columns(exists().where(of_story, stories.c.active, ends).label("is_open"))
        .add_columns(select(func.max(stories.c.until_at)).where(of_story, ~ends).scalar_subquery().label("until"))
        .join(statements, statements.c.id == watches.c.statement_id)
        .join(listings, and_(listings.c.source == watches.c.source, listings.c.entry_id == watches.c.entry_id))
        .where(watches.c.source == source, watches.c.next_at <= now)
        .order_by(watches.c.next_at, watches.c.statement_id)
        .limit(MOST_DUE)
    )
    # Sorted here: databases sort texts each in its own way.
    rows = sorted(tx.execute(query), key=lambda row: (row.next_at, row.statement_id, row.entry_id))
    return [
        DueWatch(
            watch=_watch(row),
            said_at=row.said_at,
            said_written=row.said_written,
            zone_known=ZoneKnown(row.zone_known),
            said_day=row.said_day,
            reference=row.reference,
            raw=row.raw,
            told_at=row.told_at,
            is_open=bool(row.is_open),
            until=row.until,
        )
        for row in rows
    ]


def told_versions(tx: Connection, asked: Collection[StatementId]) -> dict[StatementId, list[ToldVersion]]:
    """The newest version of some statements in each of their languages, oldest first."""
    names = ("language", "title", "text", "html", "fingerprint", "seen_at")
    query = select(revisions.c.statement_id, *(revisions.c[name] for name in names)).order_by(revisions.c.id)
    found: dict[StatementId, dict[str, ToldVersion]] = defaultdict(dict)
    for row in tx.execute(query.where(revisions.c.statement_id.in_(list(asked)))):
        versions = found[StatementId(row.statement_id)]
        versions.pop(row.language, None)  # so that the newest comes last
        versions[row.language] = ToldVersion(**{name: row._mapping[name] for name in names})
    return {statement: list(versions.values()) for statement, versions in found.items()}


def watches_of(tx: Connection, statement: StatementId) -> list[tuple[Watch, bool]]:
    """The pages of a statement, each with whether its source is still asked."""
    query = (
        select(watches, sources.c.active)
        .join(sources, sources.c.key == watches.c.source)
        .where(watches.c.statement_id == statement)
    )
    found = [(_watch(row), bool(row.active)) for row in tx.execute(query)]
    return sorted(found, key=lambda one: (one[0].from_at, one[0].source, one[0].entry_id))


def watches_beside(tx: Connection, watch: Watch) -> list[Watch]:
    """The pages of other statements that the same source has and that are looked at."""
    query: Select[Any] = (
        select(watches)
        .where(watches.c.source == watch.source, watches.c.statement_id != watch.statement, watches.c.next_at.is_not(None))
        .order_by(watches.c.statement_id.desc())
        .limit(MOST_OF_ONE_SOURCE)
    )
    return sorted(map(_watch, tx.execute(query)), key=lambda one: (-one.statement, one.entry_id))


def _watch(row: Any) -> Watch:
    return Watch(
        source=SourceKey(row.source),
        entry_id=row.entry_id,
        statement=StatementId(row.statement_id),
        url=row.url,
        from_at=row.from_at,
        seen=Seen(**{name: row._mapping[name] for name in _STATE}),
    )
