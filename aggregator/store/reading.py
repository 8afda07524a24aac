"""Statements as lists and details for people: what `aggregator statements` and `statement` show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from heapq import heappush, heappushpop

from sqlalchemy import ColumnElement, Connection, and_, func, select

from aggregator.model import SourceKey, StatementId, ZoneKnown
from aggregator.store.bulk import Row, chunks, streamed
from aggregator.store.likenesses import ShownLikeness, likenesses_of
from aggregator.store.schema import (
    addresses,
    captures,
    citations,
    corroborations,
    edits,
    listings,
    revisions,
    sentences,
    snapshots,
    statements,
    updates,
)
from aggregator.store.snapshots import Snapshots
from aggregator.store.takebacks import SourceNote, Takeback, notes_of, takebacks_of
from aggregator.store.watching import watches_of
from aggregator.stories.edits import EditKind

AHEAD = timedelta(hours=48)  # what is said more than a day after it was listed is a slip, and is not stored; a clock may be off


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One statement in a list, with the title of its newest version."""

    id: StatementId
    said_at: datetime
    said_day: str  # ISO date where only the day is known
    source: SourceKey
    title: str
    url: str
    revisions: int


def recent_statements(tx: Connection, *, source: str | None, limit: int) -> Sequence[StatementLine]:
    """The newest statements by when they were said, newest first; of one source only, if it is named."""
    count = select(func.count()).where(revisions.c.statement_id == statements.c.id).correlate(statements).scalar_subquery()
    newest = (
        select(revisions.c.title)
        .where(revisions.c.statement_id == statements.c.id)
        .order_by(revisions.c.id.desc())
        .limit(1)
        .correlate(statements)
        .scalar_subquery()
    )
    query = select(
        statements.c.id,
        statements.c.said_at,
        statements.c.said_day,
        statements.c.source,
        newest.label("title"),
        statements.c.url,
        count.label("revisions"),
    )
    if source is None:
        query = query.order_by(statements.c.said_at.desc(), statements.c.id.desc()).limit(limit)
        return [StatementLine(**row._mapping) for row in tx.execute(query)]
    ids = _newest_listed(tx, source, limit)
    found = {
        row.id: StatementLine(**row._mapping)
        for some in chunks(ids)
        for row in tx.execute(query.where(statements.c.id.in_(some)))
    }
    return [found[one] for one in ids]


def _newest_listed(tx: Connection, source: str, limit: int) -> Sequence[int]:
    """The statements of a source that were said last, the newest first.

    Nothing is said long after it was first listed: where all of them were said later than that of the listing that comes next,
    going back in time, no older listing has a newer one. So what is read does not grow with what the source ever said.
    """
    query = (
        select(statements.c.said_at, statements.c.id, listings.c.first_seen_at)
        .join(statements, statements.c.id == listings.c.statement_id)
        .where(listings.c.source == source)
        .order_by(listings.c.first_seen_at.desc())
    )
    newest: list[tuple[datetime, int]] = []  # a heap: the oldest comes first
    known: set[int] = set()
    for said_at, statement, first_seen_at in streamed(tx, query):
        if len(newest) == limit and newest[0][0] > first_seen_at + AHEAD:
            break
        if statement not in known:
            known.add(statement)
            (heappush if len(newest) < limit else heappushpop)(newest, (said_at, statement))
    return [statement for _, statement in sorted(newest, reverse=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFrom:
    """The answer that the text of a version was read from, and its bytes."""

    capture: int
    url: str  # that answered, after redirects
    fetched_at: datetime
    status: int
    transport: str  # "tls", or "none": no transport integrity
    content_type: str  # this one and the next two as the server sent them; "" where it did not
    etag: str
    last_modified: str
    sha256: str
    size: int  # bytes
    stored_size: int  # bytes on disk, packed
    removed_at: datetime | None  # when the bytes were given up
    kept: bool  # whether they are there
    path: str  # where they lie, or would lie; "" where no folder was looked at
    headers: Mapping[str, str] = field(default_factory=dict)  # all of them, without secrets

    @property
    def had_no_room(self) -> bool:
        """Whether the bytes were never kept, as the disk had no room when they came: then they count as removed at once."""
        return self.removed_at is not None and self.removed_at <= self.fetched_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What a version changed of the one before it."""

    kind: EditKind
    says: str  # in one sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One revision, with where its text was read."""

    id: int
    number: int
    language: str
    title: str
    text: str
    seen_at: datetime
    source: SourceKey
    snapshot: str | None  # SHA-256 in hex
    built_at: datetime | None = None  # what the listing said of its own age
    read_from: ReadFrom | None = None  # None: the bytes were not kept
    edit: Edited | None = None  # None: the first version in its language, or stored before edits were judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Where a statement is listed."""

    source: SourceKey
    entry_id: str
    url: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An update that tells a statement."""

    story: str
    number: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A published sentence that rests on a version."""

    story: str
    number: int  # of the update
    paragraph: int
    position: int
    text: str
    revision: int
    start: int  # in characters of the version's text; the span ends before `end`
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Corroboration:
    """An update, and a statement of another family that says the same."""

    story: str
    number: int
    statement: StatementId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A further address of a statement."""

    url: str
    claimed: bool  # a version of it names this address; false: it was listed there


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementDetail:
    """Everything that is known of one statement."""

    id: StatementId
    family: str
    url: str
    said_at: datetime
    said_written: str
    zone_known: ZoneKnown
    said_day: str  # ISO date where only the day is known
    updated_at: datetime | None
    updated_written: str
    reference: str  # the source's own number
    first_seen_at: datetime
    versions: Sequence[Version]
    listings: Sequence[Listed]
    updates: Sequence[Told]
    addresses: Sequence[Address] = ()
    corroborated_by: Sequence[Corroboration] = ()  # updates that tell it, each with a statement that says the same
    corroborates: Sequence[Corroboration] = ()  # updates that tell another statement, and this one says the same
    citations: Sequence[Cited] = ()
    likenesses: Sequence[ShownLikeness] = ()  # to statements that were there before, then to later ones
    watched: Sequence[Watched] = ()  # its pages
    notes: Sequence[SourceNote] = ()  # what its sources themselves say of changes and of taking back
    taken_back: Sequence[Takeback] = ()  # every time that its source took it back, by story


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A page of a statement that is looked at again, and how it was seen."""

    source: SourceKey
    url: str
    since: datetime
    next_at: datetime | None  # None: no more
    last_at: datetime | None  # when it was looked at last
    said: str  # what that came to
    good_at: datetime | None  # when it was last seen well
    good_url: str  # that answered then, after redirects
    gone_times: int  # since it was last seen well
    gone_from: datetime | None
    gone_last: datetime | None


MOST_ID = 2**31 - 1  # that the columns hold on every database
_FIELDS = [field.name for field in fields(StatementDetail) if field.name in statements.c]


def statement_detail(tx: Connection, statement: StatementId, folder: Snapshots | None = None) -> StatementDetail | None:
    """One statement with everything that is known of it, or None where there is none of this number. Whether its bytes are
    there is looked up in the folder of snapshots, if that is given."""
    if not 0 < statement <= MOST_ID:
        return None
    query = select(*(statements.c[name] for name in _FIELDS)).where(statements.c.id == statement)
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    return StatementDetail(
        **{**row._mapping, "zone_known": ZoneKnown(row.zone_known)},
        versions=_versions(tx, statement, folder),
        listings=_listings(tx, statement),
        updates=_updates(tx, statement),
        addresses=_addresses(tx, statement),
        corroborated_by=_corroborations(tx, updates.c.statement_id == statement),
        corroborates=_corroborations(tx, corroborations.c.statement_id == statement),
        citations=_citations(tx, statement),
        likenesses=likenesses_of(tx, statement),
        watched=_watched(tx, statement),
        notes=notes_of(tx, statement),
        taken_back=takebacks_of(tx, statement),
    )


def _watched(tx: Connection, statement: StatementId) -> list[Watched]:
    return [
        Watched(
            source=one.source,
            url=one.url,
            since=one.from_at,
            next_at=one.seen.next_at,
            last_at=one.seen.last_at,
            said=one.seen.said,
            good_at=one.seen.good_at,
            good_url=one.seen.good_url,
            gone_times=one.seen.gone_times,
            gone_from=one.seen.gone_from,
            gone_last=one.seen.gone_last,
        )
        for one, _ in watches_of(tx, statement)
    ]


def _versions(tx: Connection, statement: StatementId, folder: Snapshots | None) -> list[Version]:
    """By language, that of the first version first."""
    first = func.min(revisions.c.id).over(partition_by=revisions.c.language)
    names = ("id", "number", "language", "title", "text", "seen_at", "source", "built_at")
    answer = ("url", "status", "transport", "headers", "sha256")
    query = (
        select(
            *(revisions.c[name] for name in names),
            *(captures.c[name] for name in answer),
            captures.c.id.label("capture"),
            captures.c.at.label("fetched_at"),
            snapshots.c.size,
            snapshots.c.stored_size,
            snapshots.c.removed_at,
            edits.c.kind,
            edits.c.says,
        )
        .join(edits, edits.c.revision_id == revisions.c.id, isouter=True)
        .join(captures, captures.c.id == revisions.c.capture_id, isouter=True)
        .join(snapshots, snapshots.c.sha256 == captures.c.sha256, isouter=True)
        .where(revisions.c.statement_id == statement)
        .order_by(first, revisions.c.language, revisions.c.number)
    )
    return [
        Version(
            **{name: row._mapping[name] for name in names},
            snapshot=row.sha256,
            read_from=None if row.capture is None else _read_from(row, folder),
            edit=None if row.kind is None else Edited(kind=EditKind(row.kind), says=row.says),
        )
        for row in tx.execute(query)
    ]


def _read_from(row: Row, folder: Snapshots | None) -> ReadFrom:
    sent = row.headers
    return ReadFrom(
        capture=row.capture,
        url=row.url,
        fetched_at=row.fetched_at,
        status=row.status,
        transport=row.transport,
        content_type=sent.get("content-type", ""),
        etag=sent.get("etag", ""),
        last_modified=sent.get("last-modified", ""),
        sha256=row.sha256,
        size=row.size,
        stored_size=row.stored_size,
        removed_at=row.removed_at,
        kept=row.removed_at is None and (folder is None or folder.has(row.sha256)),
        path="" if folder is None else folder.named(row.sha256),
        headers=sent,
    )


def _addresses(tx: Connection, statement: StatementId) -> list[Address]:
    query = select(addresses.c.url, addresses.c.claimed).where(addresses.c.statement_id == statement)
    return [Address(**row._mapping) for row in tx.execute(query.order_by(addresses.c.claimed, addresses.c.url))]


def _corroborations(tx: Connection, which: ColumnElement[bool]) -> list[Corroboration]:
    query = (
        select(updates.c.story, updates.c.number, corroborations.c.statement_id.label("statement"), corroborations.c.at)
        .join(updates, updates.c.id == corroborations.c.update_id)
        .where(which)
        .order_by(updates.c.story, updates.c.number, corroborations.c.at, corroborations.c.statement_id)
    )
    return [Corroboration(**row._mapping) for row in tx.execute(query)]


def _citations(tx: Connection, statement: StatementId) -> list[Cited]:
    """Published sentences that point at a version of a statement, in the order of their stories and updates."""
    told = (sentences.c.update_id, sentences.c.paragraph, sentences.c.position)
    cited = (citations.c.update_id, citations.c.paragraph, citations.c.position)
    query = (
        select(
            updates.c.story,
            updates.c.number,
            citations.c.paragraph,
            citations.c.position,
            sentences.c.text,
            citations.c.revision_id.label("revision"),
            citations.c.start,
            citations.c.end,
        )
        .join(revisions, revisions.c.id == citations.c.revision_id)
        .join(updates, updates.c.id == citations.c.update_id)
        .join(sentences, and_(*(one == other for one, other in zip(told, cited, strict=True))))
        .where(revisions.c.statement_id == statement)
        .order_by(updates.c.story, updates.c.number, citations.c.paragraph, citations.c.position, citations.c.n)
    )
    return [Cited(**row._mapping) for row in tx.execute(query)]


def _listings(tx: Connection, statement: StatementId) -> list[Listed]:
    query = select(*(listings.c[name] for name in ("source", "entry_id", "url", "first_seen_at")))
    found = [Listed(**row._mapping) for row in tx.execute(query.where(listings.c.statement_id == statement))]
    return sorted(found, key=lambda one: (one.first_seen_at, one.source, one.entry_id))


def _updates(tx: Connection, statement: StatementId) -> list[Told]:
    query = select(updates.c.story, updates.c.number, updates.c.kind).where(updates.c.statement_id == statement)
    return sorted((Told(**row._mapping) for row in tx.execute(query)), key=lambda told: (told.story, told.number))
