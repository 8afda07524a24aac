"""JSON answers of sites, read by a mapping: lists of items, and an item's own document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.config.rules import Mapping
from aggregator.model import Alternate, Article, BrokenEntry, Entry, Listing
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.jsontext import load_json
from aggregator.sources.languages import language_tag
from aggregator.sources.limits import MOST_ENTRIES, MOST_ID, kept_id, plain_title
from aggregator.sources.links import web_address
from aggregator.sources.moments import Moment, read_moment
from aggregator.sources.paths import Rule, values_at
from aggregator.sources.repetitions import without_repetitions
from aggregator.text.html import fold, html_to_text

MOST_ALTERNATES = 100  # languages of one item
MOST_COMPARED = 1_000  # items whose names are compared with one that is in none
NO_FIELDS = frozenset(("entries", "alternates", "alternate_url", "alternate_language"))
SELDOM = frozenset(("note", "withdrawn", "left_out"))  # that no item has them is the usual case


def parse_json(body: bytes, *, url: str, mapping: Mapping | AnyMapping[str, str]) -> list[Entry]:
    """The good entries of a JSON answer, in its order. Never raises on bad bytes other than `SourceFormatError`."""
    return list(read_json(body, url=url, mapping=mapping).entries)


def read_json(
    body: bytes,
    *,
    url: str,
    mapping: Mapping | AnyMapping[str, str],
    zone: ZoneInfo | None = None,
    content_type: str | None = None,
    language: str = "",
) -> Listing:
    """Everything that a JSON answer lists by the source's mapping. One object where a list is expected is its only item.

    `url` is where the bytes came from, `content_type` the header that came with them, `zone` the source's zone for times that
    name none, `language` the source's, in which months are named. `matched` counts the items in which each path found
    something; `warnings` names those that are in none, with what there is instead. Raises `SourceFormatError` where the bytes
    are no JSON that can be trusted, `entries` finds no list, or a filter is none.
    """
    reading = _Reading(_rules(mapping, url), url, zone, language)
    answer = load_json(body, url=url, content_type=content_type)
    items = _items(answer, reading.rules.get("entries"), url)
    read = [reading.entry(item, number) for number, item in enumerate(items, 1)]
    entries, broken = without_repetitions(read)
    named = [name for name in reading.rules if name not in NO_FIELDS]
    return Listing(
        entries=entries,
        broken=broken,
        matched=(("entries", len(items)), *((name, reading.counts[name]) for name in named)),
        warnings=tuple(reading.warnings(items)),
    )


def read_document(
    body: bytes,
    *,
    url: str,
    mapping: Mapping | AnyMapping[str, str],
    zone: ZoneInfo | None = None,
    language: str = "",
    content_type: str | None = None,
) -> Article:
    """What an item's own JSON document says; arguments as in `read_json`. `entries` leads to the object; the whole if empty.

    A `summary` that is no copy of the title is the lead, and the first paragraph. An empty text (`null`) gives an article
    without paragraphs. Raises `SourceFormatError` also where the document has no place for a title or a text, as where it is
    missing in this language.
    """
    rules = _rules(mapping, url)
    items = _items(load_json(body, url=url, content_type=content_type), rules.get("entries"), url)
    if len(items) != 1 or not isinstance(items[0], dict):
        raise SourceFormatError(f"{url}: {len(items)} items, where one document is expected")
    for name in ("title", "html"):
        if name in rules and not rules[name].found(items[0]):
            raise SourceFormatError(f"{url}: {rules[name].missing(items, ' in the document')}")
    return _Reading(rules, url, zone, language).article(items[0])


def _rules(mapping: Mapping | AnyMapping[str, str], url: str) -> dict[str, Rule]:
    known = mapping if isinstance(mapping, Mapping) else Mapping.model_validate(dict(mapping))
    return {name: Rule.of(name, written, url=url) for name, written in known.by_name().items() if written}


def _items(answer: Any, rule: Rule | None, url: str) -> Sequence[Any]:
    values = values_at(answer, rule.written) if rule is not None else [answer]
    items = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    if not values or not all(isinstance(value, dict | list) for value in values):
        if rule is None:
            raise SourceFormatError(f"{url}: JSON, but neither an object nor a list. Open it in a browser.")
        raise SourceFormatError(f"{url}: {rule.missing([answer], ' in the answer')}")
    if len(items) > MOST_ENTRIES:
        raise SourceFormatError(f"{url}: lists more than {MOST_ENTRIES:,} entries, the most that are read from one answer")
    return items


@dataclass(slots=True)
class _Reading:
    """The reading of one answer."""

    rules: AnyMapping[str, Rule]
    url: str
    zone: ZoneInfo | None
    language: str
    counts: Counter[str] = field(default_factory=Counter)  # in how many items each path found something
    unread: Counter[str] = field(default_factory=Counter)  # times that could not be read, as written
    read: int = 0  # times that could

    def entry(self, item: Any, number: int) -> Entry | BrokenEntry:
        if not isinstance(item, dict):
            return BrokenEntry(ref=f"entry {number}", reason="not an object")
        link, reference = web_address(self.url, self._value("url", item)), self._reference(item)
        title, html, summary = self._title(item), self._value("html", item), self._value("summary", item)
        said, changed = self._moment("published", item), self._moment("updated", item)
        note, withdrawn = self._plain("note", item), self._plain("withdrawn", item)
        tag = language_tag(self._value("language", item))
        ident = kept_id(self._value("id", item)) or reference or kept_id(link)
        if not ident:
            return BrokenEntry(ref=title or f"entry {number}", reason="neither an id nor an address nor a reference")
        if not (title or html or summary):
            return BrokenEntry(ref=ident, reason="neither a title nor a text")
        if "left_out" in self.rules and self.rules["left_out"].holds(item):
            self.counts["left_out"] += 1
            return BrokenEntry(ref=ident, reason=f"left out by `mapping.left_out`: {self.rules['left_out'].written}")
        return Entry(
            id=ident,
            url=link,
            title=title,
            published=said.at,
            updated=changed.at,
            published_written=said.written,
            updated_written=changed.written,
            zone_known=said.known,
            html=html or summary,
            summary=summary if html else "",
            language=tag,
            day_only=said.day_only,
            reference=reference,
            alternates=self._alternates(item, link),
            note=note,
            withdrawn=withdrawn,
        )

    def article(self, item: dict[str, Any]) -> Article:
        title, lead = self._title(item), self._plain("summary", item)
        paragraphs = [part for part in html_to_text(self._value("html", item)).split("\n\n") if part]
        if lead in (title, *paragraphs[:1]):
            lead = ""
        whole = tuple([lead, *paragraphs] if lead and paragraphs else paragraphs)
        said, changed = self._moment("published", item), self._moment("updated", item)
        link = web_address(self.url, self._value("url", item))
        return Article(
            title=title,
            text="\n\n".join(whole),
            paragraphs=whole,
            published=said.at,
            language=language_tag(self._value("language", item)),
            lead=lead,
            published_written=said.written,
            zone_known=said.known,
            day_only=said.day_only,
            updated=changed.at,
            updated_written=changed.written,
            url=link,
            reference=self._reference(item),
            alternates=self._alternates(item, link),
            note=self._plain("note", item),
            withdrawn=self._plain("withdrawn", item),
        )

    def warnings(self, items: Sequence[Any]) -> Iterator[str]:
        """What the operator should look at, though there are items."""
        objects = [item for item in items if isinstance(item, dict)]
        for name, rule in self.rules.items():
            if objects and name not in NO_FIELDS | SELDOM and not any(map(rule.found, objects)):
                yield rule.missing(objects[:MOST_COMPARED], f" in any of {len(objects)} items")
        if self.unread and not self.read:
            written, _ = self.unread.most_common(1)[0]
            rule = self.rules["published"]
            yield f'mapping.published "{rule.written}" finds no time that can be read, but “{written[:60]}”.'

    def _value(self, name: str, item: Any) -> str:
        value = self.rules[name].value(item) if name in self.rules else ""
        self.counts[name] += bool(value)
        return value

    def _plain(self, name: str, item: Any) -> str:
        """A text that may be HTML, as one line."""
        return fold(html_to_text(self._value(name, item)).replace("\n", " "))

    def _title(self, item: Any) -> str:
        return plain_title(self._value("title", item))

    def _reference(self, item: Any) -> str:
        reference = fold(self._value("reference", item))
        return reference if len(reference) <= MOST_ID else ""

    def _moment(self, name: str, item: Any) -> Moment:
        moment = read_moment(self._value(name, item), zone=self.zone, language=self.language)
        if name == "published" and moment.at is not None:
            self.read += 1
        elif name == "published" and moment.written:
            self.unread[moment.written] += 1
        return moment

    def _alternates(self, item: Any, own: str) -> tuple[Alternate, ...]:
        if "alternates" not in self.rules:
            return ()
        found: dict[str, str] = {}
        values = values_at(item, self.rules["alternates"].written)
        for part in [one for value in values for one in (value if isinstance(value, list) else [value])][:MOST_ALTERNATES]:
            url = web_address(self.url, self.rules["alternate_url"].value(part))
            tag = language_tag(self.rules["alternate_language"].value(part))
            if url and tag and url != own:
                found.setdefault(tag, url)
        return tuple(Alternate(language=tag, url=url) for tag, url in found.items())
