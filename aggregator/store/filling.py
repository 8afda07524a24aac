"""What of the store the lines of one listing can meet, looked up for all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, exists, func, literal, or_, select

from aggregator.model import StatementId
from aggregator.store.bulk import Ask, Row, chunks, unindexed
from aggregator.store.deciding import Line, Origin
from aggregator.store.pairing import MOST_OF_ONE_SIGN
from aggregator.store.schema import addresses, listings, revisions, sources, statements, utc_text
from aggregator.store.shelf import MOST_OF_ONE_PAGE, SAME_TEXT_MIN, SAME_TEXT_WITHIN, Listed, Shelf
from aggregator.store.staying import Staying
from aggregator.store.versions import Statement, Versions


def _any(name: str) -> Any:
    return bindparam(name, expanding=True)


_LISTED = Ask(
    select(listings.c.entry_id, listings.c.statement_id, listings.c.mirrors).where(
        listings.c.source == bindparam("source"), listings.c.entry_id.in_(_any("ids"))
    )
)
_LISTED_BY_FAMILY = Ask(
    select(listings.c.entry_id, listings.c.statement_id, listings.c.mirrors, listings.c.source)
    .join(sources, sources.c.key == listings.c.source)
    .where(
        listings.c.entry_id.in_(_any("ids")),
        or_(sources.c.family == bindparam("family"), listings.c.source == bindparam("source")),
    )
)
_of_page = (
    select(
        statements.c.id,
        statements.c.url,
        revisions.c.title,
        # Dense: a statement counts once, however many of its versions have the title.
        func.dense_rank()
        .over(partition_by=(statements.c.url, revisions.c.title), order_by=statements.c.id.desc())
        .label("place"),
    )
    .join(revisions, revisions.c.statement_id == statements.c.id)
    .where(
        statements.c.family == bindparam("family"),
        statements.c.url.in_(_any("urls")),
        revisions.c.title.in_(_any("titles")),
    )
    .subquery()
)
_SAME_PAGE = Ask(
    select(_of_page.c.id.label("statement_id"), _of_page.c.url, _of_page.c.title)
    .where(_of_page.c.place <= MOST_OF_ONE_PAGE)
    .distinct()
)
_SAME_TEXT = Ask(
    select(statements.c.id.label("statement_id"), revisions.c.body_fingerprint)
    .join(revisions, revisions.c.statement_id == statements.c.id)
    .where(
        revisions.c.body_fingerprint.in_(_any("bodies")),
        unindexed(statements.c.family) == bindparam("family"),
        unindexed(statements.c.said_at).between(bindparam("start"), bindparam("end")),
    )
    .distinct()
)


def _oldest(statement: Column[int], sign: Column[str]) -> Select[Any]:
    """The oldest statements of each sign among those asked for."""
    table = sign.table
    claimed = table.c.claimed if "claimed" in table.c else literal(value=False)
    ranked = (
        select(
            statement.label("statement_id"),
            sign.label("sign"),
            claimed.label("claimed"),
            func.row_number().over(partition_by=(sign, claimed), order_by=statement).label("place"),
        )
        .where(table.c.family == bindparam("family"), sign.in_(_any("signs")))
        .subquery()
    )
    return select(ranked.c.statement_id, ranked.c.sign, ranked.c.claimed).where(ranked.c.place <= MOST_OF_ONE_SIGN)


_SAME_NUMBER = Ask(_oldest(statements.c.id, statements.c.reference))
_FIRST_LISTED_AT = Ask(_oldest(statements.c.id, statements.c.url))
_PLACED_AT = Ask(_oldest(addresses.c.statement_id, addresses.c.url))
_STATEMENTS = Ask(
    select(
        statements.c.id,
        statements.c.family,
        statements.c.url,
        statements.c.said_at,
        statements.c.said_day,
        statements.c.reference,
        exists()
        .where(listings.c.statement_id == statements.c.id, listings.c.source == bindparam("source"))
        .label("same_source"),
    ).where(statements.c.id.in_(_any("ids")))
)
_VERSIONS = Ask(
    select(revisions.c.statement_id, revisions.c.language, revisions.c.number, revisions.c.fingerprint, revisions.c.built_at)
    .where(revisions.c.statement_id.in_(_any("ids")))
    .order_by(revisions.c.statement_id, revisions.c.id)
)


def filled_shelf(tx: Connection, lines: Sequence[Line], origin: Origin) -> Shelf:
    """A shelf with everything of the store that these lines can meet."""
    listed, same_id = _listed(tx, {line.entry.id for line in lines}, origin)
    there = {row.entry_id for row in listed}
    fresh = [line for line in lines if line.entry.id not in there]
    same_page = _same_page(tx, fresh, origin)
    same_text = _same_text(tx, fresh, origin)
    same_number = _same_number(tx, fresh, origin)
    placed = _placed(tx, fresh, origin)
    asked = (listed, same_id, same_page, same_text, same_number, placed)
    found = _statements(tx, (row.statement_id for rows in asked for row in rows), origin)
    _add_versions(tx, found)
    if found and any(line.url or line.reference for line in fresh):
        _mark_those_beside(tx, found, origin)
    shelf = Shelf(origin, Staying(tx, origin).back)
    shelf.listed = {
        row.entry_id: Listed(statement=found[row.statement_id], mirrors=bool(row.mirrors), stored=True) for row in listed
    }
    for row in sorted(same_id, key=lambda row: row.statement_id):  # should there be several: the earliest
        shelf.same_id.setdefault(row.entry_id, found[row.statement_id])
    for row in same_page:
        shelf.put(found[row.statement_id], title=row.title)
    for row in same_text:
        shelf.put(found[row.statement_id], body=row.body_fingerprint)
    for row in same_number:
        shelf.pairs.number(found[row.statement_id], row.sign)
    for row in placed:
        shelf.pairs.place(found[row.statement_id], row.sign, claimed=bool(row.claimed))
    return shelf


def _listed(tx: Connection, ids: Iterable[str], origin: Origin) -> tuple[list[Row], list[Row]]:
    """Listings under some ids: of the source itself, and of others of its family where the id is unique in the world."""
    unique: dict[bool, list[str]] = {False: [], True: []}
    for entry_id in ids:
        unique["://" in entry_id or entry_id.startswith(("tag:", "urn:"))].append(entry_id)
    own = _LISTED.all(tx, "ids", unique[False], source=origin.source)
    others: list[Row] = []
    for row in _LISTED_BY_FAMILY.all(tx, "ids", unique[True], source=origin.source, family=origin.family):
        (own if row.source == origin.source else others).append(row)
    return own, others


def _same_page(tx: Connection, lines: Iterable[Line], origin: Origin) -> list[Row]:
    """The newest statements of the family at each address with the title that a line has there (and some with another's)."""
    rows: list[Row] = []
    for pairs in chunks({(line.url, line.title) for line in lines if line.url}):
        some = {"urls": list({url for url, _ in pairs}), "titles": list({title for _, title in pairs})}
        rows += _SAME_PAGE(tx, some, family=origin.family)
    return rows


def _same_text(tx: Connection, lines: Iterable[Line], origin: Origin) -> list[Row]:
    """Statements of the family with the text of a line, said within a day of any of them."""
    long = [line for line in lines if len(line.text) >= SAME_TEXT_MIN]
    if not long:
        return []
    start = min(line.said_at for line in long) - SAME_TEXT_WITHIN
    end = max(line.said_at for line in long) + SAME_TEXT_WITHIN
    bodies = {line.body_fingerprint for line in long}
    return _SAME_TEXT.all(tx, "bodies", bodies, family=origin.family, start=utc_text(start), end=utc_text(end))


def _same_number(tx: Connection, lines: Iterable[Line], origin: Origin) -> list[Row]:
    """Statements of the family to which the source gave the number of a line."""
    return _SAME_NUMBER.all(tx, "signs", {line.reference for line in lines if line.reference}, family=origin.family)


def _placed(tx: Connection, lines: Sequence[Line], origin: Origin) -> list[Row]:
    """Statements of the family that claim the address of a line, or stand at one that a line names for its other languages."""
    named = {url for line in lines for url in line.alternates}
    urls = named | {line.url for line in lines if line.url}
    first = _FIRST_LISTED_AT.all(tx, "signs", named, family=origin.family)
    return [*first, *_PLACED_AT.all(tx, "signs", urls, family=origin.family)]


def _statements(tx: Connection, ids: Iterable[int], origin: Origin) -> dict[int, Statement]:
    return {
        row.id: Statement(
            id=StatementId(row.id),
            family=row.family,
            url=row.url,
            said_at=datetime.fromisoformat(row.said_at),
            said_day=row.said_day,
            reference=row.reference,
            same_source=bool(row.same_source),
        )
        for row in _STATEMENTS.all(tx, "ids", set(ids), source=origin.source)
    }


def _add_versions(tx: Connection, found: dict[int, Statement]) -> None:
    for row in _VERSIONS.all(tx, "ids", found):
        versions = found[row.statement_id].versions.setdefault(row.language, Versions())
        built = None if row.built_at is None else datetime.fromisoformat(row.built_at)
        versions.add(row.fingerprint, built=built, number=row.number)


def _mark_those_beside(tx: Connection, found: dict[int, Statement], origin: Origin) -> None:
    # Asked from the side of this copy: a statement of which the id changes at every poll has ever more listings.
    for row in _LISTED.all(tx, "ids", origin.present, source=origin.source):
        if row.statement_id in found:
            found[row.statement_id].beside = True
