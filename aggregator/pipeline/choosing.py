"""Which entries of a listing are read, by which number they are known, and where their own pages lie. Values in, values out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote, urlsplit

from aggregator.config import Source
from aggregator.config.rules import PLACE
from aggregator.config.values import compiled
from aggregator.model import Entry
from aggregator.sources.paths import FILTERS
from aggregator.text import canonical_url

MOST_SEARCHED = 2_000  # characters of an address or id in which a reference is looked for


def why_left_out(entry: Entry, source: Source) -> str | None:
    """Why the source's `only` and `without` leave an entry out, or None where they do not."""
    if not source.only and not source.without:
        return None
    path, title = _path(entry.url), entry.title.casefold()
    if source.only and _first(source.only, path, title) is None:
        return f"left out by `only`: neither its address nor its title begins with {_listed(source.only)}"
    found = _first(source.without, path, title)
    return f"left out by `without`: it begins with {found!r}" if found is not None else None


def _first(beginnings: Sequence[str], path: str, title: str) -> str | None:
    """The first beginning that fits: of the address's path where it starts with a slash, else of the title, in any case."""
    fits = (one for one in beginnings if (path if one.startswith("/") else title).startswith(_folded(one)))
    return next(fits, None)


def _folded(beginning: str) -> str:
    return beginning if beginning.startswith("/") else " ".join(beginning.split()).casefold()


def _listed(beginnings: Sequence[str]) -> str:
    return " or ".join(map(repr, beginnings))


def _path(url: str) -> str:
    return urlsplit(canonical_url(url)).path


def with_reference(entry: Entry, source: Source) -> Entry:
    """The entry with the source's own number, where the source's `reference` finds one in its address, or else in its id."""
    if not source.reference:
        return entry
    for text in (canonical_url(entry.url) if entry.url else "", entry.id):
        found = compiled(source.reference).search(text[:MOST_SEARCHED])
        if found is not None and found[1]:
            return replace(entry, reference=found[1])
    return entry


def item_address(entry: Entry, source: Source) -> str:
    """Where an entry's own page is asked for: its link, or what `item.url` makes of it. "" where a part is not known."""
    template = source.item.url if source.item is not None else ""
    if not template:
        return entry.url
    path, language = _path(entry.url) if entry.url else "", source.language or entry.language
    parts = {"url": entry.url, "path": path, "id": entry.id, "reference": entry.reference, "language": language}
    if not all(parts[name.partition("|")[0]] for name in PLACE.findall(template)):
        return ""
    return PLACE.sub(lambda place: _filled(place, parts), template)


def _filled(place: re.Match[str], parts: Mapping[str, str]) -> str:
    """A part as it may stand in an address. A whole address in front stays one; a path has been escaped already."""
    name, *filters = place[1].split("|")
    value = parts[name]
    for one in filters:
        value = FILTERS[one](value)
    if name == "path" or (name == "url" and not place.start()):
        return value
    return quote(value, safe="/" if name != "url" else "")
