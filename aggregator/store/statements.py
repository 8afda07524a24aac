"""Statements and their revisions: what was said, once, and every version of its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from aggregator.model import RevisionId, StatementId, Text
from aggregator.store import changes
from aggregator.store.bulk import Insert
from aggregator.store.deciding import Decision, Line, Origin, Verdict
from aggregator.store.filling import filled_shelf
from aggregator.store.polls import add_capture
from aggregator.store.schema import addresses, listings, revisions, sources, statements, utc_text
from aggregator.store.shelf import Placed, Shelf
from aggregator.stories.matching import Seen

_ADD_STATEMENTS = Insert(
    statements.c.url,
    statements.c.said_at,
    statements.c.said_written,
    statements.c.zone_known,
    statements.c.family,
    statements.c.source,
    statements.c.first_seen_at,
    statements.c.said_day,
    statements.c.updated_at,
    statements.c.updated_written,
    statements.c.reference,
    # What differs among the statements of one listing comes back with the id, and says whose id it is.
    returning=(
        statements.c.id,
        statements.c.url,
        statements.c.said_at,
        statements.c.said_written,
        statements.c.zone_known,
    ),
)
_ADD_LISTINGS = Insert(
    listings.c.source,
    listings.c.entry_id,
    listings.c.statement_id,
    listings.c.url,
    listings.c.raw,
    listings.c.mirrors,
    listings.c.first_seen_at,
)
_ADD_REVISIONS = Insert(
    revisions.c.statement_id,
    revisions.c.language,
    revisions.c.number,
    revisions.c.title,
    revisions.c.text,
    revisions.c.html,
    revisions.c.fingerprint,
    revisions.c.body_fingerprint,
    revisions.c.seen_at,
    revisions.c.built_at,
    revisions.c.source,
    revisions.c.capture_id,
    returning=(revisions.c.id, revisions.c.statement_id, revisions.c.language, revisions.c.number),
)
_ADD_ADDRESSES = Insert(addresses.c.statement_id, addresses.c.url, addresses.c.claimed, addresses.c.family, once=True)
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


def settle_listing(tx: Connection, lines: Sequence[Line], origin: Origin) -> list[Settled]:
    """Decide what each line is and store it: a new statement, a next revision, a duplicate, or nothing at all.

    The lines are taken in their order, and each may meet the ones before it. How many statements this takes of the
    database does not depend on how many lines there are, but for the limit of one IN.
    """
    if not lines:
        return []
    shelf = filled_shelf(tx, lines, origin)
    placed = [shelf.place(line) for line in lines]
    _add_statements(tx, placed, origin)
    _write_listings(tx, shelf, origin)
    _write_pairs(tx, shelf, origin)
    _note_updates(tx, placed)
    settled = _add_revisions(tx, placed, origin)
    changes.note_all(tx, _noted(settled), at=origin.at)
    return settled


def _add_statements(tx: Connection, placed: Sequence[Placed], origin: Origin) -> None:
    """Store the statements that are new, and give them the ids that the store gave."""
    at, rows, new = utc_text(origin.at), [], []
    for one in placed:
        if one.decision.verdict is Verdict.NEW and one.statement is not None:
            line = one.line
            said = (line.url, utc_text(line.said_at), line.said_written, line.zone_known.value)
            updated = None if line.updated_at is None else utc_text(line.updated_at)
            more = (line.said_day, updated, line.updated_written, one.statement.reference)
            rows.append((*said, origin.family, origin.source, at, *more))
            new.append(one.statement)
    for statement, given in zip(new, _ids(tx, _ADD_STATEMENTS, rows, told_by=4), strict=True):
        statement.id = StatementId(given)


def _write_listings(tx: Connection, shelf: Shelf, origin: Origin) -> None:
    at, added, changed = utc_text(origin.at), [], []
    for entry_id, listed in shelf.listed.items():
        if not listed.stored:
            row = (origin.source, entry_id, listed.statement.id, listed.url, listed.raw, listed.mirrors, at)
            added.append(row)
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


def _add_revisions(tx: Connection, placed: Sequence[Placed], origin: Origin) -> list[Settled]:
    at, built = utc_text(origin.at), None if origin.built is None else utc_text(origin.built)
    read_from = _captures(tx, placed, origin)
    rows = [
        (
            one.statement.id,
            one.line.language,
            one.number,
            one.line.title,
            one.line.text,
            one.line.html,
            one.line.fingerprint,
            one.line.body_fingerprint,
            at,
            built,
            origin.source,
            read_from[one.line.answer],
        )
        for one in placed
        if one.statement is not None and one.number
    ]
    given = iter(_ids(tx, _ADD_REVISIONS, rows, told_by=3))
    return [_settled(one, RevisionId(next(given)) if one.number else None, origin) for one in placed]


def _captures(tx: Connection, placed: Sequence[Placed], origin: Origin) -> dict[int, int | None]:
    """The capture of each answer that a new revision was read from: that of the listing is there, others are written now."""
    found: dict[int, int | None] = {0: origin.capture}
    for number in sorted({one.line.answer for one in placed if one.number} - {0}):
        answer = origin.answers[number - 1]
        found[number] = None if answer is None else add_capture(tx, answer)
    return found


def _ids(tx: Connection, insert: Insert, rows: Sequence[tuple[Any, ...]], *, told_by: int) -> list[int]:
    """Insert rows; returns the id of each. Rows of which the first `told_by` values are alike get theirs in their order.

    Databases promise no order of what an INSERT gives back, and SQLAlchemy, asked for one, inserts row by row on SQLite.
    """
    ids: dict[tuple[object, ...], list[int]] = {}
    for given, *told in insert(tx, rows):
        ids.setdefault(tuple(told), []).append(given)
    for alike in ids.values():
        alike.sort(reverse=True)
    return [ids[row[:told_by]].pop() for row in rows]


def _settled(one: Placed, revision: RevisionId | None, origin: Origin) -> Settled:
    if one.statement is None:
        return Settled(decision=one.decision)
    statement = one.statement.id
    if revision is None:
        return Settled(decision=one.decision, statement=statement)
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
    return Settled(decision=one.decision, statement=statement, revision=revision, seen=seen)


def _noted(settled: Sequence[Settled]) -> list[tuple[str, str]]:
    """What readers are told, in the order of the lines: a statement, then its revision."""
    noted: list[tuple[str, str]] = []
    for one in settled:
        if one.decision.verdict is Verdict.NEW:
            noted.append(("statement", str(one.statement)))
        if one.revision is not None:
            noted.append(("revision", str(one.revision)))
    return noted


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
