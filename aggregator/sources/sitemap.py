"""Sitemaps (sitemaps.org), with the extensions for news and for language versions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import TypeAlias
from zoneinfo import ZoneInfo

from lxml import etree

from aggregator.model import Alternate, BrokenEntry, Entry, Listing
from aggregator.sources.languages import language_tag
from aggregator.sources.limits import kept_id, plain_title
from aggregator.sources.links import web_address
from aggregator.sources.moments import Moment, read_moment
from aggregator.sources.repetitions import without_repetitions
from aggregator.sources.sitemap_parts import inner_text, local_name, sitemap_parts
from aggregator.sources.unpacking import unpacked
from aggregator.text.storable import storable

MOST_BYTES = 52_428_800  # unpacked (sitemaps.org: 50 MB)
MOST_CHILDREN = 50  # files of an index that are named in one listing
MOST_LINKS = 300  # of one address that are looked at: its languages
SAME = 3  # addresses that say they changed in the same second: the time when the file was made
NO_LANGUAGE = "x-default"
NEVER = datetime.min.replace(tzinfo=UTC)

_Children: TypeAlias = "dict[str, list[etree._Element]]"  # noqa: SLF001 - the type has no other name


def parse_sitemap(body: bytes, *, url: str) -> list[Entry]:
    """The good entries of a sitemap, in its order. Never raises on bad bytes other than `SourceFormatError`."""
    return list(read_sitemap(body, url=url).entries)


def read_sitemap(body: bytes, *, url: str, zone: ZoneInfo | None = None, content_type: str | None = None) -> Listing:
    """Everything that a sitemap lists: its addresses as entries, and under `more` the files that an index names.

    `url` is where the bytes came from, `zone` the source's zone for times that name none, `content_type` the header that came
    with the bytes, which may be gzip whatever they are called. A news sitemap gives title, time, language and publisher. A
    plain one has entries without a title and without `published`: their pages say that. `updated` is a later `lastmod`.
    Raises `SourceFormatError` where the bytes are no sitemap.
    """
    parts = sitemap_parts(unpacked(body, url=url, most=MOST_BYTES), url=url, content_type=content_type)
    reading = _Reading(url=url, zone=zone)
    read = list(reading.lines(parts))
    made = _made(read)
    entries, broken = without_repetitions(_with_changes(read, made))
    children = reading.children()
    return Listing(
        entries=entries,
        broken=broken,
        more=tuple(children[:MOST_CHILDREN]),
        matched=tuple((name, reading.counts[name]) for name in ("url", "sitemap", "title", "published", "lastmod")),
        warnings=tuple(_warnings(entries, children, made)),
    )


@dataclass(slots=True, kw_only=True)
class _Reading:
    """The reading of one file."""

    url: str
    zone: ZoneInfo | None
    counts: Counter[str] = field(default_factory=Counter)
    files: dict[str, datetime] = field(default_factory=dict)  # that an index names, with when they changed

    def lines(self, parts: Sequence[etree._Element | BrokenEntry]) -> Iterator[Entry | BrokenEntry]:
        for number, part in enumerate(parts, 1):
            if isinstance(part, BrokenEntry):
                yield part
            elif local_name(part) == "sitemap":
                self._file(_children(part))
            else:
                yield self._entry(_children(part), number)

    def children(self) -> list[str]:
        """The files that an index names, each once: those changed last first, those without a time at the end."""
        return sorted(self.files, key=lambda address: self.files[address], reverse=True)

    def _file(self, part: _Children) -> None:
        self.counts["sitemap"] += 1
        address = web_address(self.url, _text(part, "loc"))
        if address and address != self.url:
            at = self._moment(_text(part, "lastmod")).at or NEVER
            self.files[address] = max(self.files.get(address, NEVER), at)

    def _entry(self, part: _Children, number: int) -> Entry | BrokenEntry:
        self.counts["url"] += 1
        written = _text(part, "loc")
        address = web_address(self.url, written)
        if not address or not kept_id(address):
            return BrokenEntry(ref=written[:200] or f"entry {number}", reason="no address (`loc`) that can be asked")
        news = _inside(part, "news")
        publication = _inside(news, "publication")
        title = plain_title(_text(news, "title"))
        said, changed = self._moment(_text(news, "publication_date")), self._moment(_text(part, "lastmod"))
        alternates, own = self._alternates(part, address)
        self.counts.update(title=bool(title), published=said.at is not None, lastmod=changed.at is not None)
        return Entry(
            id=address,
            url=address,
            title=title,
            published=said.at,
            updated=changed.at,
            published_written=said.written,
            updated_written=changed.written,
            zone_known=said.known,
            language=language_tag(_text(publication, "language")) or own,
            day_only=said.day_only,
            alternates=alternates,
            publisher=plain_title(_text(publication, "name")),
        )

    def _moment(self, written: str) -> Moment:
        return read_moment(written, zone=self.zone, language="en")

    def _alternates(self, part: _Children, address: str) -> tuple[tuple[Alternate, ...], str]:
        """The address in other languages (`xhtml:link`), and the language that it names for itself."""
        found: dict[str, str] = {}
        own = ""
        for link in islice(part.get("link", ()), MOST_LINKS):
            rel, language, href = (storable(str(link.get(name) or "")).strip() for name in ("rel", "hreflang", "href"))
            other = web_address(self.url, href)
            if rel.lower() != "alternate" or language.lower() == NO_LANGUAGE or not other:
                continue
            language = language_tag(language)
            if other == address:
                own = own or language
            elif language:
                found.setdefault(language, other)
        return tuple(Alternate(language=language, url=other) for language, other in found.items()), own


def _children(element: etree._Element) -> _Children:
    found: _Children = defaultdict(list)
    for child in element:
        found[local_name(child)].append(child)
    return found


def _inside(part: _Children, name: str) -> _Children:
    return _children(part[name][0]) if name in part else {}


def _text(part: _Children, name: str) -> str:
    """The text of the first element of a name that says something; "" if none does."""
    return next(filter(None, map(inner_text, part.get(name, ()))), "")


def _with_changes(read: Sequence[Entry | BrokenEntry], made: str) -> Iterator[Entry | BrokenEntry]:
    """The lines, with `updated` only where it tells of a change: after `published`, and not when the file was made."""
    for line in read:
        if isinstance(line, Entry) and line.updated is not None:
            is_late = line.published is None or line.updated > line.published
            yield line if is_late and line.updated_written != made else replace(line, updated=None)
        else:
            yield line


def _made(read: Sequence[Entry | BrokenEntry]) -> str:
    """The `lastmod` that all addresses share: elysee.fr writes when the file was made; "" if they differ or are few."""
    written = {entry.updated_written for entry in read if isinstance(entry, Entry)}
    return written.pop() if len(written) == 1 and len(read) >= SAME else ""


def _warnings(entries: Sequence[Entry], children: Sequence[str], made: str) -> Iterator[str]:
    if made:
        yield f"Every address says that it changed at {made}: that is when the file was made, and is not used."
    if entries and not any(entry.title or entry.published for entry in entries):
        yield "No address has a title or a time of publication: only its page tells them (fetch_pages = true)."
    if len(children) > MOST_CHILDREN:
        yield f"The index names {len(children):,} files; the {MOST_CHILDREN} that changed last are read."
