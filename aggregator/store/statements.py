"""Statements and their revisions: what was said, once, and every version of its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from aggregator.model import RevisionId, StatementId, Text
from aggregator.store import changes
from aggregator.store.deciding import Decision, Line, Origin, Verdict
from aggregator.store.edits import note_edits
from aggregator.store.filling import filled_shelf
from aggregator.store.polls import add_capture
from aggregator.store.schema import addresses, captures, credit_lines, listings, revisions, sources, statements, utc_text
from aggregator.store.sealing import SealedInsert, Stored
from aggregator.store.shelf import Placed, Shelf, stored_time
from aggregator.stories.matching import Seen

_ADD_STATEMENTS = SealedInsert(statements, statements.c.updated_at, statements.c.updated_written, statements.c.reference)
_ADD_LISTINGS = SealedInsert(listings, listings.c.raw, listings.c.mirrors)
_ADD_REVISIONS = SealedInsert(revisions)
_ADD_CREDITS = SealedInsert(credit_lines)
_ADD_ADDRESSES = SealedInsert(addresses, once=True)
_CAPTURED = select(captures.c.sha256).where(captures.c.id == bindparam("capture"))
_NUMBER = statements.update().where(statements.c.id == bindparam("of")).values(reference=bindparam("reference"))
_UPDATED = (
    statements.update()
    .where(statements.c.id == bindparam("of"))
    .values(updated_at=bindparam("updated_at"), updated_written=bindparam("updated_written"))
)
_CHANGE_LISTINGS = (
    listings.update()
    .where(listings.c.source == bindparam("of"), listings.c.entry_id == bindparam("under"))
    .values(raw=bindparam("raw"), mirrors=bindparam("mirrors"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a line: its verdict, and the revision that it made, if any, as matching sees it."""

    decision: Decision
    statement: StatementId | None = None
    revision: RevisionId | None = None
    seen: Seen | None = None
    family: str = ""  # of the statement, and its first address: known where there is a revision
    url: str = ""
    reading: bytes = b""  # of the revision, where that was done with what is known now of its statement


def settle_listing(tx: Connection, lines: Sequence[Line], origin: Origin) -> list[Settled]:
    """Decide what each line is and store it: a new statement, a next revision, a duplicate, or nothing at all.

    The lines are taken in their order, and each may meet the ones before it. How many statements this takes of the
    database does not depend on how many lines there are, but for the limit of one IN.
    """
    if not lines:
        return []
    shelf = filled_shelf(tx, lines, origin)
    placed = [shelf.place(line) for line in lines]
    new = _add_statements(tx, placed, origin)
    _write_listings(tx, shelf, origin)
    _write_pairs(tx, shelf, origin)
    _note_updates(tx, placed)
    versions = _add_revisions(tx, placed, origin)
    later = [one.id for line, one in zip(placed, versions, strict=True) if one is not None and line.number > 1]
    note_edits(tx, later, source=origin.source, at=origin.at)
    changes.note_all(tx, _noted(placed, new, versions), at=origin.at)
    return [_settled(one, version, origin) for one, version in zip(placed, versions, strict=True)]


def _add_statements(tx: Connection, placed: Sequence[Placed], origin: Origin) -> dict[int, str]:
    """Store the statements that are new, and give them their ids; returns their seals by id."""
    at, rows, new = utc_text(origin.at), [], []
    for one in placed:
        if one.decision.verdict is Verdict.NEW and one.statement is not None:
            line = one.line
            said = (line.url, utc_text(line.said_at), line.said_written, line.zone_known.value)
            updated = None if line.updated_at is None else utc_text(line.updated_at)
            state = (updated, line.updated_written, one.statement.reference)
            rows.append((origin.family, origin.source, *said, at, line.said_day, *state))
            new.append(one.statement)
    stored = _ADD_STATEMENTS(tx, rows)
    for statement, given in zip(new, stored, strict=True):
        statement.id = StatementId(given.id)
    return dict(stored)


def _write_listings(tx: Connection, shelf: Shelf, origin: Origin) -> None:
    at, added, changed = utc_text(origin.at), [], []
    for entry_id, listed in shelf.listed.items():
        if not listed.stored:
            row = (origin.source, entry_id, listed.statement.id, listed.url, at)
            added.append((*row, listed.raw, listed.mirrors))
        elif listed.raw:
            changed.append({"of": origin.source, "under": entry_id, "raw": listed.raw, "mirrors": listed.mirrors})
    _ADD_LISTINGS(tx, added)
    if changed:
        tx.execute(_CHANGE_LISTINGS, changed)


def _write_pairs(tx: Connection, shelf: Shelf, origin: Origin) -> None:
    if shelf.numbered:
        tx.execute(_NUMBER, [{"of": one.id, "reference": one.reference} for one in shelf.numbered])
    _ADD_ADDRESSES(tx, [(one.id, url, claimed, origin.family) for one, url, claimed in shelf.places])


def _note_updates(tx: Connection, placed: Sequence[Placed]) -> None:
    """Where a new version says when it was changed, that is now what is known of its statement."""
    rows = [
        {"of": one.statement.id, "updated_at": one.line.updated_at, "updated_written": one.line.updated_written}
        for one in placed
        if one.statement is not None and one.decision.verdict is Verdict.REVISED and one.line.updated_written
    ]
    if rows:
        tx.execute(_UPDATED, rows)


def _add_revisions(tx: Connection, placed: Sequence[Placed], origin: Origin) -> list[Stored | None]:
    """Store the versions that are new; returns for each line the one that it made, if any."""
    at, built = utc_text(origin.at), None if origin.built is None else utc_text(origin.built)
    read_from = _captures(tx, placed, origin)
    rows = [
        (
            one.statement.id,
            one.number,
            one.line.language,
            one.line.title,
            one.line.text,
            one.line.html,
            one.line.fingerprint,
            one.line.body_fingerprint,
            at,
            built,
            origin.source,
            read_from[one.line.answer].capture,
        )
        for one in placed
        if one.statement is not None and one.number
    ]
    if not rows:
        return [None] * len(placed)
    bytes_of = [read_from[one.line.answer].sha256 for one in placed if one.statement is not None and one.number]
    stored = iter(_ADD_REVISIONS(tx, rows, more=bytes_of))
    versions = [next(stored) if one.statement is not None and one.number else None for one in placed]
    made = zip(placed, versions, strict=True)
    _ADD_CREDITS(tx, [(given.id, one.line.credit) for one, given in made if given is not None and one.line.credit])
    return versions


class _ReadFrom(NamedTuple):
    """An answer that a version was read from; both `None` where its bytes were not kept."""

    capture: int | None
    sha256: str | None  # of its bytes


def _captures(tx: Connection, placed: Sequence[Placed], origin: Origin) -> dict[int, _ReadFrom]:
    """The capture of each answer that a new revision was read from: that of the listing is there, others are written now."""
    wanted = {one.line.answer for one in placed if one.number}
    found: dict[int, _ReadFrom] = {}
    for number in sorted(wanted):
        if not number:
            listing = None if origin.capture is None else tx.execute(_CAPTURED, {"capture": origin.capture}).scalar_one()
            found[0] = _ReadFrom(origin.capture, listing)
            continue
        answer = origin.answers[number - 1]
        found[number] = _ReadFrom(None, None) if answer is None else _ReadFrom(add_capture(tx, answer), answer.sha256)
    return found


def _settled(one: Placed, stored: Stored | None, origin: Origin) -> Settled:
    if one.statement is None:
        return Settled(decision=one.decision)
    statement = one.statement.id
    if stored is None:
        return Settled(decision=one.decision, statement=statement)
    revision = RevisionId(stored.id)
    seen = Seen(
        statement=statement,
        revision=revision,
        source=origin.source,
        title=one.line.title,
        text=one.line.text,
        said_at=one.statement.said_at,
        said_day=one.statement.said_day,
        language=one.line.language,
    )
    family, url = one.statement.family, one.statement.url
    # A later version, and what another listing has, was read with the time and the address of its own line.
    alike = (url, one.statement.said_at) == (one.line.url, stored_time(one.line.said_at))
    reading = one.line.reading if alike else b""
    return Settled(
        decision=one.decision, statement=statement, revision=revision, seen=seen, family=family, url=url, reading=reading
    )


def _noted(
    placed: Sequence[Placed], new: Mapping[int, str], versions: Sequence[Stored | None]
) -> Iterator[tuple[str, str, str]]:
    """What readers are told, in the order of the lines: a statement, then its revision."""
    for one, version in zip(placed, versions, strict=True):
        if one.decision.verdict is Verdict.NEW and one.statement is not None:
            yield "statement", str(one.statement.id), new[one.statement.id]
        if version is not None:
            yield "revision", str(version.id), version.seal


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
