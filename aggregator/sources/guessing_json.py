"""A mapping for a JSON answer of which nothing is known, guessed from the names in it. Pure."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import Any

from aggregator.config.rules import Mapping
from aggregator.sources.jsontext import load_json
from aggregator.text.times import read_time

FEWEST, FEW = 2, 40  # entries of a list, and how many of them are looked at
DEEPEST = 6  # objects inside each other
MOST_LISTS = 2_000  # objects and lists of one answer that are looked at
MOST_NAMES = 100  # of one object
ODD = frozenset(".*{}| ")  # signs that mean something in a path: a name with one cannot be written in it
ENOUGH = 0.5  # of the entries, in how many a name must say something
TITLES = ("title", "headline", "headingtitle", "heading", "name", "subject", "label")
LINKS = (
    "url",
    "link",
    "web_url",
    "weburl",
    "html_url",
    "permalink",
    "canonical_url",
    "canonicalurl",
    "href",
    "base_path",
    "uri",
)
TIMES = (
    "published", "published_at", "publishedat", "date_published", "datepublished", "publication_date", "publicationdate",
    "publishdate", "publish_date", "first_published_at", "public_timestamp", "pubdate", "date_gmt", "date", "pagedate",
    "eventdate", "event_date", "created_at", "createdat", "created", "timestamp", "release_timestamp",
)  # fmt: skip
CHANGES = ("updated", "updated_at", "updatedat", "date_modified", "datemodified", "modified_gmt", "modified", "last_modified")
IDS = ("id", "guid", "uuid", "content_id", "_id", "refcode", "reference", "key", "slug")
SUMMARIES = ("summary", "description", "excerpt", "leadtext", "lead", "teaser", "abstract", "intro")
TEXTS = ("content_html", "html", "body", "content", "text")
INNER = ("rendered", "value", "text", "html", "#text", "en")  # where a name holds an object: WordPress writes title.rendered


def guess_mapping(body: bytes, *, url: str, content_type: str | None = None) -> Mapping | None:
    """A mapping that reads a JSON answer, or None where it holds no list of things with a title. Raises `SourceFormatError`.

    What is guessed must be looked at: try it with `read_json`.
    """
    lists = _lists(load_json(body, url=url, content_type=content_type))
    found = [(bool(rules.url), len(items), rules) for path, items in lists if (rules := _rules(path, items[:FEW])) is not None]
    return max(found, key=lambda one: one[:2])[2] if found else None


def _lists(answer: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every list of objects with the path to it, the outer ones first."""
    waiting: deque[tuple[str, Any, int]] = deque([("", answer, 0)])
    for _ in range(MOST_LISTS):
        if not waiting:
            return
        path, value, depth = waiting.popleft()
        if isinstance(value, list):
            items = [item for item in value if isinstance(item, dict)]
            if len(items) >= FEWEST:
                yield path, items
        elif isinstance(value, dict) and depth < DEEPEST:
            names = [name for name in list(value)[:MOST_NAMES] if name and not set(name) & ODD]
            waiting.extend((f"{path}.{name}" if path else name, value[name], depth + 1) for name in names)


def _rules(path: str, items: Sequence[dict[str, Any]]) -> Mapping | None:
    there = Counter(place for item in items for place in _places(item))
    title = _place(TITLES, there, items)
    link = _place(LINKS, there, items)
    if not title or (not link and not _place(IDS, there, items)):
        return None
    published = _published(there, items)
    if not published:
        return None  # a list of things that were not said on some day
    return Mapping(
        entries=path,
        id=_place(IDS, there, items),
        url=link,
        title=title,
        published=published,
        updated=_place(CHANGES, there, items, is_time=True),
        summary=_place(SUMMARIES, there, items),
        html=_place(TEXTS, there, items),
    )


def _published(there: Counter[str], items: Sequence[dict[str, Any]]) -> str:
    """Where the time is: by its name, with another one for where the first says nothing; else where only times stand."""
    first = _place(TIMES, there, items, is_time=True)
    if first:
        second = _place([name for name in TIMES if name != first.lower()], there, items, is_time=True, enough=0.0)
        half_said = there[first] < len(items)
        return f"{first} or {second}" if half_said and second else first
    changes = frozenset(CHANGES)
    others = [place for place, number in there.items() if number == len(items) and place.lower() not in changes]
    return next((place for place in others if _are_times(place, items, epoch=False)), "")


def _places(item: dict[str, Any]) -> Iterator[str]:
    """The paths at which an entry says something in words."""
    for name, value in list(item.items())[:MOST_NAMES]:
        if set(name) & ODD or not name:
            continue
        if isinstance(value, str) and value.strip():
            yield name
        elif isinstance(value, dict):
            yield from (f"{name}.{inner}" for inner in INNER if isinstance(value.get(inner), str) and value[inner].strip())


def _place(
    names: Sequence[str],
    there: Counter[str],
    items: Sequence[dict[str, Any]],
    *,
    is_time: bool = False,
    enough: float = ENOUGH,
) -> str:
    """The first of these names that says something in enough entries; of a time, that can be read."""
    for name in names:
        for place, number in there.items():
            if place.partition(".")[0].lower() != name:
                continue
            if number >= enough * len(items) and (not is_time or _are_times(place, items)):
                return place
    return ""


def _are_times(place: str, items: Sequence[dict[str, Any]], *, epoch: bool = True) -> bool:
    name, _, inner = place.partition(".")
    values = (item.get(name) for item in items)
    said = [value.get(inner) if isinstance(value, dict) else value for value in values]
    written = [value for value in said if isinstance(value, str) and value.strip()]
    return bool(written) and all(read_time(value, language="en", epoch=epoch) is not None for value in written)
