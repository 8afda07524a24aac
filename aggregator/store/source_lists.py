"""Lists of all sources: what they tell of each, a few at a time, as there may be ten thousands."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from aggregator.model import Lane, OutcomeKind, SourceKey
from aggregator.store.bulk import chunks
from aggregator.store.schema import sources
from aggregator.store.sources import OF_KEYS, RESTS


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSource:
    """What a list of all sources tells of one. What the store remembers beside it is twenty times as large."""

    key: SourceKey
    name: str
    family: str
    active: bool
    rests: bool
    last_poll_at: datetime | None
    last_outcome: str | None
    last_reason: str | None
    failures: int


_NAMES = [field.name for field in fields(ListedSource)]
_LISTED = select(*(RESTS.label(name) if name == "rests" else sources.c[name] for name in _NAMES)).where(OF_KEYS)
_NAMED = select(sources.c.key, sources.c.name).where(OF_KEYS)
# What a list chooses by.
FOLLOWED = sources.c.active.is_(True)
ASKED = FOLLOWED & ~RESTS
IN_PLACE = sources.c.instead_of.is_(None)  # stands in for no other one
PRIMARY = sources.c.lane == Lane.PRIMARY.value
NEVER_ASKED = sources.c.last_poll_at.is_(None)


def last_was(kind: OutcomeKind) -> ColumnElement[bool]:
    """Sources of which the last poll came to this."""
    return sources.c.last_outcome == kind.value


def listed_sources(tx: Connection, *where: ColumnElement[bool]) -> Iterator[ListedSource]:
    """Every source ever followed of which all this holds, by key, as a list tells of it; few are held at once."""
    # In one order on every database, whatever its rules for sorting texts.
    for some in chunks(sorted(tx.execute(select(sources.c.key).where(*where)).scalars())):
        found = [ListedSource(**dict(zip(_NAMES, row, strict=True))) for row in tx.execute(_LISTED, {"keys": some})]
        yield from sorted(found, key=lambda one: one.key)


def names_of(tx: Connection, keys: Collection[SourceKey]) -> dict[SourceKey, str]:
    """The names of some sources, by their keys."""
    return {SourceKey(row.key): row.name for some in chunks(keys) for row in tx.execute(_NAMED, {"keys": some})}
