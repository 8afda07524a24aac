"""A source with several addresses becomes several sources: its further listings, and what stands in for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aggregator.config.types import KINDS, Fallback, FurtherListing, Source
from aggregator.config.values import table_of_url
from aggregator.model import SourceKey

KEY_NAMES = re.compile(
    r"(?:access|api|app|auth|client|private|secret|user)?(?:token|key|secret|auth|password|passwd|pwd|signature)"
)
SHORTEST_KEY = 8  # characters: what is shorter is a number of a list, or a word

Place = tuple[str, ...]
Raw = dict[str, Any]  # a table as the file has it
RULES = {"page": "selectors", "json_api": "mapping"}  # of a kind, the table that it is read by
OWN: Raw = {"listings": {}, "fallback": ()}  # what a further address does not have itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One address of a source, as a source of its own."""

    source: Source
    place: Place  # of its table in the file
    written: frozenset[str]  # the keys that this table holds


def members(source: Source) -> Iterator[Member]:
    """The source itself, its further listings, and what stands in for it, in this order.

    A listing `ru` of `kremlin` becomes `kremlin-ru`, the first fallback `kremlin-fallback-1`. What such a table does not say is
    as the source has it, but for the rules of another kind.
    """
    place = ("sources", source.key)
    written = _once(frozenset(source.model_fields_set))
    yield Member(source=source.model_copy(update=OWN), place=place, written=written)
    for name, listing in source.listings.items():
        yield _member(source, listing, place=(*place, "listings", name))
    for number, fallback in enumerate(source.fallback, 1):
        yield _member(source, fallback, place=(*place, "fallback", str(number)), instead_of=source.key)


def key_of(place: Place) -> SourceKey:
    """The key of the source that the table at a place becomes."""
    _, source, *further = place
    return SourceKey("-".join([source, *(further[1:] if "listings" in further[:1] else further)]))


def key_in(url: str) -> str:
    """The name of what looks like a key or password in the query of an address; "" where nothing does."""
    found = parse_qsl(urlsplit(url).query)
    return next((name for name, value in found if len(value) >= SHORTEST_KEY and _is_key(name)), "")


def _is_key(name: str) -> bool:
    return KEY_NAMES.fullmatch(re.sub(r"[-_.]", "", name.lower())) is not None


def _member(source: Source, one: FurtherListing | Fallback, *, place: Place, instead_of: SourceKey | None = None) -> Member:
    said = {name: getattr(one, name) for name in one.model_fields_set}
    if one.kind != source.kind and "kind" in said:
        said = {"selectors": None, "mapping": None} | said
    changed = {**OWN, **said, "key": key_of(place), "instead_of": instead_of}
    return Member(source=source.model_copy(update=changed), place=place, written=_once(frozenset(one.model_fields_set)))


@lru_cache(maxsize=1024)
def _once(written: frozenset[str]) -> frozenset[str]:
    """The same keys stand in thousands of tables: kept once."""
    return written


def raw_addresses(sources: dict[str, Raw]) -> Iterator[tuple[Place, Raw, Raw]]:
    """Each address of a file as it was written, right or wrong: where it stands, its table, and the table that it adds to."""
    for key, source in sources.items():
        yield ("sources", key), source, {}
        listings, fallback = source.get("listings"), source.get("fallback")
        named = listings.items() if isinstance(listings, dict) else ()
        counted = ((str(number), one) for number, one in enumerate(fallback, 1)) if isinstance(fallback, list) else ()
        for table, pairs in (("listings", named), ("fallback", counted)):
            for name, one in pairs:
                if isinstance(own := table_of_url(one), dict):
                    yield ("sources", key, table, name), own, source


def misfits(own: Raw, base: Raw) -> Iterator[tuple[str, str]]:
    """Keys of an address that do not fit each other, each with what is wrong; `base` is what it adds to."""
    kind = own.get("kind", base.get("kind", "feed"))
    if kind not in KINDS:
        return  # a mistake of its own
    carries_over = kind == base.get("kind", "feed")
    for needs, table in RULES.items():
        if kind == needs and table not in own and not (carries_over and table in base):
            yield table, f'missing: kind = "{kind}" needs this table'
        if kind != needs and table in own:
            yield table, f'is for kind = "{needs}", and this is of kind "{kind}"'
    if isinstance(own.get("selectors"), dict) and own["selectors"].get("entry") == "":
        yield "selectors.entry", "is ''; write what an entry is"
    if isinstance(own.get("item"), dict):
        yield from _misfits_of_item(own["item"], fetched=own.get("fetch_pages", base.get("fetch_pages")) is True)


def _misfits_of_item(item: Raw, *, fetched: bool) -> Iterator[tuple[str, str]]:
    if not fetched:
        yield "item", "says how each item's own page is read, and none is: write fetch_pages = true"
    if item.get("kind") == "json_api":
        if "mapping" not in item:
            yield "item.mapping", 'missing: kind = "json_api" needs this table'
        if "article" in item:
            yield "item.article", 'is for kind = "page", and this is of kind "json_api"'
    elif "mapping" in item:
        yield "item.mapping", 'is for kind = "json_api", and this is of kind "page"'
