"""What feeds.toml says of a source beside the table of sources: read from the configuration that the store is under."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from aggregator.model import SourceKey
from aggregator.store.schema import configurations


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Of one source."""

    zone: str = ""  # of its times: a name of the IANA database
    licence: str = ""  # what its publisher allows, in words for readers


UNKNOWN = Settings()
_NEWEST = select(configurations.c.id, configurations.c.seal).order_by(configurations.c.id.desc()).limit(1)
_KEPT: dict[str, Mapping[SourceKey, Settings]] = {}  # by the seal of a configuration: every page asks, and its text may be long
MOST_KEPT = 4
_MEMBER = re.compile(r'[\s,]*("(?:[^"\\]|\\.)*")\s*:\s*')  # of an object in JSON, up to its value
_DECODER = json.JSONDecoder()


def settings_of(tx: Connection) -> Mapping[SourceKey, Settings]:
    """By source; a store that never worked under a configuration knows none."""
    newest = tx.execute(_NEWEST).one_or_none()
    if newest is None:
        return {}
    known = _KEPT.get(newest.seal)
    if known is None:
        known = _read(tx.execute(select(configurations.c.text).where(configurations.c.id == newest.id)).scalar_one())
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        if newest.seal:  # what has none was stored by an early version
            _KEPT[newest.seal] = known
    return known


def _read(record: str) -> Mapping[SourceKey, Settings]:
    """Of the sources of which something is said."""
    found = ((key, _settings(*said)) for name, table in _sources(record) for key, said in _addresses(name, table))
    return {SourceKey(key): one for key, one in found if one != UNKNOWN}


def _sources(record: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tables of the sources, one after the other: ten thousand at once are 8 MB."""
    at, within = 1, False
    while (member := _MEMBER.match(record, at)) is not None:
        at = member.end()
        if not within and json.loads(member[1]) == "sources":
            at, within = at + 1, True  # what comes now are its own members
            continue
        table, at = _DECODER.raw_decode(record, at)
        if within:
            yield json.loads(member[1]), table


def _addresses(name: str, table: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Mapping[str, Any], ...]]]:
    """A source, its further listings and its fallbacks, each by its key; with its own table, and the source's behind it."""
    yield name, (table,)
    for key, listing in table.get("listings", {}).items():
        yield f"{name}-{key}", (_table(listing), table)
    for number, fallback in enumerate(table.get("fallback", ()), 1):
        yield f"{name}-fallback-{number}", (_table(fallback), table)


def _table(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, dict) else {}  # an address alone


def _settings(*tables: Mapping[str, Any]) -> Settings:
    def first(key: str) -> str:
        return next((str(table[key]) for table in tables if table.get(key)), "")

    return Settings(zone=first("zone"), licence=first("licence"))
