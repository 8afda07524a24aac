"""Statements and their revisions: what was said, once, and every version of its text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from aggregator.model import Entry, RevisionId, SourceKey, StatementId, Text
from aggregator.store import changes
from aggregator.store.deciding import Decision, Known, Verdict, decide
from aggregator.store.schema import listings, revisions, sources, statements

SAME_TEXT_MIN = 200  # characters; shorter texts are too often equal by chance ("The parties agreed to stay in contact.")
MOST_OF_ONE_PAGE = 50  # statements of one address and title that are looked at
SAME_TEXT_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A listed entry, read and ready to be judged."""

    entry: Entry
    said_at: datetime
    raw: str  # hash of the line as listed
    title: str
    text: str
    html: str  # sanitised
    language: str
    url: str  # canonical, "" where unknown
    fingerprint: str  # of title and text
    body_fingerprint: str  # of the text alone, "" where there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where and when a line was listed."""

    source: SourceKey
    family: str
    at: datetime
    capture: int | None
    built: datetime | None  # the listing's own age
    newest_built: datetime | None  # the newest age that this source's listing ever had
    present: frozenset[str]  # the ids that this copy of the listing holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a line: its verdict, and the revision that it made, if any."""

    decision: Decision
    statement: StatementId | None = None
    revision: RevisionId | None = None


def known_raw(tx: Connection, source: SourceKey, ids: Collection[str]) -> dict[str, str]:
    """The hash of each known line among `ids`: a line whose hash is the same needs no reading."""
    found: dict[str, str] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), 500):  # databases limit the values of one IN
        some = wanted[start : start + 500]
        rows = tx.execute(
            select(listings.c.entry_id, listings.c.raw).where(listings.c.source == source, listings.c.entry_id.in_(some))
        )
        found |= {row.entry_id: row.raw for row in rows}
    return found


def settle_line(tx: Connection, line: Line, origin: Origin) -> Settled:
    """Decide what a line is and store it: a new statement, a next revision, a duplicate, or nothing at all."""
    known = _find(tx, line, origin)
    decision = decide(known, line.fingerprint, built=origin.built, newest_built=origin.newest_built)
    if decision.verdict is Verdict.DROPPED:
        return Settled(decision=decision)
    statement = known.statement if known is not None else _add_statement(tx, line, origin)
    _remember_listing(tx, line, origin, statement, known=known, decision=decision)
    revision = None
    if decision.verdict in (Verdict.NEW, Verdict.REVISED):
        revision = _add_revision(tx, statement, line, origin)
    return Settled(decision=decision, statement=statement, revision=revision)


def _find(tx: Connection, line: Line, origin: Origin) -> Known | None:
    listing = tx.execute(
        select(listings.c.statement_id, listings.c.mirrors).where(
            listings.c.source == origin.source, listings.c.entry_id == line.entry.id
        )
    ).one_or_none()
    if listing is not None:
        return _known(tx, listing.statement_id, line, origin, listed=True, mirrors=listing.mirrors)
    statement = _same_id(tx, line, origin) or _same_page(tx, line, origin) or _same_text(tx, line, origin)
    return None if statement is None else _known(tx, statement, line, origin, listed=False, mirrors=True)


def _same_id(tx: Connection, line: Line, origin: Origin) -> int | None:
    """A listing of the family under the same id, where ids of this form are unique in the world."""
    if not ("://" in line.entry.id or line.entry.id.startswith(("tag:", "urn:"))):
        return None
    query = (
        select(listings.c.statement_id)
        .join(sources, sources.c.key == listings.c.source)
        .where(listings.c.entry_id == line.entry.id, sources.c.family == origin.family)
    )
    return tx.execute(query.limit(1)).scalar_one_or_none()


def _same_page(tx: Connection, line: Line, origin: Origin) -> int | None:
    """A statement of the family at the same address with the same title (a whole feed may link to one page).

    Not one that this very copy lists under another id: two lines that stand side by side are two.
    """
    if not line.url:
        return None
    query = (
        select(statements.c.id)
        .distinct()
        .join(revisions, revisions.c.statement_id == statements.c.id)
        .where(statements.c.family == origin.family, statements.c.url == line.url, revisions.c.title == line.title)
        .order_by(statements.c.id.desc())
        .limit(MOST_OF_ONE_PAGE)
    )
    found = tx.execute(query).scalars().all()
    return next((statement for statement in found if not _stands_beside(tx, statement, origin)), None)


def _stands_beside(tx: Connection, statement: int, origin: Origin) -> bool:
    ids = select(listings.c.entry_id).where(listings.c.statement_id == statement, listings.c.source == origin.source)
    return not origin.present.isdisjoint(tx.execute(ids).scalars())


def _same_text(tx: Connection, line: Line, origin: Origin) -> int | None:
    """A statement of the family with the same text, said within a day."""
    if len(line.text) < SAME_TEXT_MIN:
        return None
    said = line.said_at
    query = (
        select(statements.c.id)
        .join(revisions, revisions.c.statement_id == statements.c.id)
        .where(
            revisions.c.body_fingerprint == line.body_fingerprint,
            statements.c.family == origin.family,
            statements.c.said_at.between(said - SAME_TEXT_WITHIN, said + SAME_TEXT_WITHIN),
        )
    )
    return tx.execute(query.limit(1)).scalar_one_or_none()


def _known(tx: Connection, statement: int, line: Line, origin: Origin, *, listed: bool, mirrors: bool) -> Known:
    query = (
        select(revisions.c.fingerprint, revisions.c.built_at)
        .where(revisions.c.statement_id == statement, revisions.c.language == line.language)
        .order_by(revisions.c.number)
    )
    versions = tx.execute(query).all()
    by_source = select(listings.c.entry_id).where(listings.c.statement_id == statement, listings.c.source == origin.source)
    return Known(
        statement=StatementId(statement),
        listed=listed,
        same_source=tx.execute(by_source.limit(1)).first() is not None,
        mirrors=mirrors,
        fingerprints=frozenset(row.fingerprint for row in versions),
        current=versions[-1].fingerprint if versions else "",
        current_built=versions[-1].built_at if versions else None,
    )


def _add_statement(tx: Connection, line: Line, origin: Origin) -> StatementId:
    entry = line.entry
    row = statements.insert().values(
        family=origin.family,
        source=origin.source,
        url=line.url,
        said_at=line.said_at,
        said_written=entry.published_written or entry.updated_written,
        zone_known=entry.zone_known,
        first_seen_at=origin.at,
    )
    statement = StatementId(tx.execute(row.returning(statements.c.id)).scalar_one())
    changes.note(tx, "statement", str(statement), at=origin.at)
    return statement


def _remember_listing(
    tx: Connection, line: Line, origin: Origin, statement: StatementId, *, known: Known | None, decision: Decision
) -> None:
    if known is None or not known.listed:
        tx.execute(
            listings.insert().values(
                source=origin.source,
                entry_id=line.entry.id,
                statement_id=statement,
                url=line.entry.url,
                raw=line.raw,
                mirrors=decision.mirrors,
                first_seen_at=origin.at,
            )
        )
        return
    here = (listings.c.source == origin.source) & (listings.c.entry_id == line.entry.id)
    tx.execute(listings.update().where(here).values(raw=line.raw, mirrors=decision.mirrors))


def _add_revision(tx: Connection, statement: StatementId, line: Line, origin: Origin) -> RevisionId:
    of_statement = (revisions.c.statement_id == statement) & (revisions.c.language == line.language)
    newest = tx.execute(
        select(revisions.c.number).where(of_statement).order_by(revisions.c.number.desc()).limit(1)
    ).scalar_one_or_none()
    row = revisions.insert().values(
        statement_id=statement,
        number=(newest or 0) + 1,
        language=line.language,
        title=line.title,
        text=line.text,
        html=line.html,
        fingerprint=line.fingerprint,
        body_fingerprint=line.body_fingerprint,
        seen_at=origin.at,
        built_at=origin.built,
        source=origin.source,
        capture_id=origin.capture,
    )
    revision = RevisionId(tx.execute(row.returning(revisions.c.id)).scalar_one())
    changes.note(tx, "revision", str(revision), at=origin.at)
    return revision


def revision_text(tx: Connection, revision: RevisionId) -> Text:
    """One revision as the pure rooms see it. Raises sqlalchemy.exc.NoResultFound where there is none."""
    query = (
        select(
            revisions.c.id,
            revisions.c.title,
            revisions.c.text,
            revisions.c.language,
            statements.c.said_at,
            sources.c.name,
        )
        .join(statements, statements.c.id == revisions.c.statement_id)
        .join(sources, sources.c.key == statements.c.source)
        .where(revisions.c.id == revision)
    )
    row = tx.execute(query).one()
    return Text(
        key=RevisionId(row.id),
        title=row.title,
        text=row.text,
        published=row.said_at,
        language=row.language,
        source=row.name,
    )
