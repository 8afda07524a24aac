"""Ids that a source has given to another item: their lines go on under their own addresses.

Some feeds give their first entry always the same id, number the entries by their place, or mix up two ids. Taken at its word,
such an id makes of each new item an edit of the old one, and a correction is published of what nobody has corrected. Only where
the signs are plain is an id not believed: else a line under a known id is that statement, whatever it says now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from aggregator.model import SourceKey
from aggregator.sources.limits import indexable
from aggregator.store.bulk import Ask
from aggregator.store.deciding import Line, Origin
from aggregator.store.schema import addresses, listings, revisions, statements
from aggregator.store.shelf import stored_time
from aggregator.stories.withdrawing import resembles

_LISTED = Ask(
    select(
        listings.c.entry_id, listings.c.url.label("listed_at"), statements.c.id, statements.c.url, statements.c.said_at,
        statements.c.reference,
    )
    .join(statements, statements.c.id == listings.c.statement_id)
    .where(listings.c.source == bindparam("source"), listings.c.entry_id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip
_VERSIONS = Ask(
    select(revisions.c.statement_id, revisions.c.title, revisions.c.text, revisions.c.fingerprint)
    .where(revisions.c.statement_id.in_(bindparam("ids", expanding=True)))
    .order_by(revisions.c.id)
)
_FURTHER = Ask(
    select(addresses.c.statement_id, addresses.c.url).where(
        addresses.c.statement_id.in_(bindparam("ids", expanding=True))
    )
)  # fmt: skip
_THERE = Ask(
    select(statements.c.url, revisions.c.fingerprint)
    .join(revisions, revisions.c.statement_id == statements.c.id)
    .where(statements.c.family == bindparam("family"), statements.c.url.in_(bindparam("urls", expanding=True)))
)
_READ = (
    listings.update()
    .where(listings.c.source == bindparam("of"), listings.c.entry_id == bindparam("under"))
    .values(raw=bindparam("raw"))
)


@dataclass(slots=True, kw_only=True)
class _Held:
    """What the store has under an id."""

    statement: int
    urls: set[str]
    said_at: datetime
    reference: str
    titles: set[str] = field(default_factory=set)
    fingerprints: set[str] = field(default_factory=set)
    newest: str = ""  # title and text of the newest version


def with_own_ids(
    tx: Connection, lines: Sequence[Line], origin: Origin, *, known: Collection[str]
) -> tuple[Sequence[Line], Origin]:
    """The lines of a copy, those with a `known` id that is another item's now under their own addresses; and where they were
    listed, by these ids. Nothing is stored."""
    found = {line.entry.id: line for line in _that_may(lines, origin, known)}
    if not found:
        return lines, origin
    held = _held(tx, found, origin.source)
    moved = _moved(tx, {key: line for key, line in found.items() if _strays(line, held.get(key))}, held, lines, origin)
    if not moved:
        return lines, origin
    renamed = {key: indexable(found[key].entry.url) for key in moved}
    own = [
        replace(line, entry=replace(line.entry, id=renamed[line.entry.id])) if line.entry.id in renamed else line
        for line in lines
    ]
    return own, replace(origin, present=origin.present - moved | frozenset(renamed.values()))


def note_read(tx: Connection, source: SourceKey, read: Mapping[str, str]) -> None:
    """Keep the hashes of lines, by the ids that the source gave to them, so that the same lines need no reading again."""
    if read:
        tx.execute(_READ, [{"of": source, "under": key, "raw": raw} for key, raw in read.items()])


def _that_may(lines: Sequence[Line], origin: Origin, known: Collection[str]) -> Iterator[Line]:
    """Lines under a known id that stand at an address of their own: no other line of this copy has it."""
    taken = Counter(line.url for line in lines)
    ids = {line.entry.id for line in lines} | origin.present
    for line in lines:
        alone = line.url and taken[line.url] == 1 and indexable(line.entry.url) not in ids
        if alone and line.entry.id in known and line.entry.id in origin.present:
            yield line


def _held(tx: Connection, ids: Collection[str], source: SourceKey) -> dict[str, _Held]:
    rows = _LISTED.all(tx, "ids", ids, source=source)
    return {
        row.entry_id: _Held(
            statement=row.id,
            urls={row.url, row.listed_at},
            said_at=datetime.fromisoformat(row.said_at),
            reference=row.reference,
        )
        for row in rows
    }  # fmt: skip


def _strays(line: Line, held: _Held | None) -> bool:
    """Whether a line stands elsewhere than what the store has under its id, and the source's own number does not say that it is
    the same."""
    if held is None or held.urls & {line.url, line.entry.url}:
        return False
    return not (line.reference and line.reference == held.reference)


def _moved(
    tx: Connection, strays: Mapping[str, Line], held: Mapping[str, _Held], lines: Sequence[Line], origin: Origin
) -> frozenset[str]:
    if not strays:
        return frozenset()
    of: dict[int, _Held] = {}
    for key in strays:
        of.setdefault(held[key].statement, held[key]).urls.update(held[key].urls)
    for row in _FURTHER.all(tx, "ids", of):
        of[row.statement_id].urls.add(row.url)
    for row in _VERSIONS.all(tx, "ids", of):
        one = of[row.statement_id]
        one.titles.add(row.title)
        one.fingerprints.add(row.fingerprint)
        one.newest = f"{row.title}\n{row.text}"
    urls = {line.url for line in strays.values()}
    there = {(row.url, row.fingerprint) for row in _THERE.all(tx, "urls", urls, family=origin.family)}
    said = {line.fingerprint for line in lines}
    moved = set()
    for key, line in strays.items():
        one = of[held[key].statement]
        if line.fingerprint in one.fingerprints or line.url in one.urls:
            continue
        is_another = (line.url, line.fingerprint) in there
        stands_elsewhere = not said.isdisjoint(one.fingerprints)
        if is_another or stands_elsewhere or _is_all_new(line, one):
            moved.add(key)
    return frozenset(moved)


def _is_all_new(line: Line, held: _Held) -> bool:
    """Whether a line that stands elsewhere also has another title, another time and other words."""
    if line.title in held.titles or stored_time(line.said_at) == held.said_at:
        return False
    return not resembles(held.newest, f"{line.title}\n{line.text}")
