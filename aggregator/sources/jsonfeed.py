"""JSON Feed, versions 1 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.model import BrokenEntry, Entry, Listing
from aggregator.sources.entries import made_id
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.jsontext import refuse_many_parts
from aggregator.sources.limits import MOST_AUTHORS, MOST_ENTRIES, MOST_TITLE, MOST_WRITTEN, kept_id, plain_title, shortened
from aggregator.sources.links import web_address
from aggregator.sources.moments import read_moment
from aggregator.sources.repetitions import without_repetitions
from aggregator.sources.texts import as_html
from aggregator.text.decoding import as_text
from aggregator.text.html import fold
from aggregator.text.storable import storable

BARE_VERSIONS = frozenset(("1", "1.0", "1.1"))  # some write the number without the address


def read_json_feed(body: bytes, *, url: str, zone: ZoneInfo | None = None) -> Listing:
    """Everything that a JSON Feed lists. Raises `SourceFormatError` where the bytes are none."""
    refuse_many_parts(body, url)
    try:
        # Numbers stay as they are written: Python refuses to read those of thousands of digits, and none is counted with.
        feed = json.loads(as_text(body), parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise SourceFormatError(f"{url}: starts like JSON but is not ({error}). Open it in a browser.") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    version = _said(feed, "version") if isinstance(feed, dict) else ""
    if not isinstance(items, list) or ("jsonfeed.org" not in version and version not in BARE_VERSIONS):
        raise SourceFormatError(f"{url}: JSON, but no JSON Feed (no `version` of jsonfeed.org, or no `items`).")
    if len(items) > MOST_ENTRIES:
        raise SourceFormatError(f"{url}: lists more than {MOST_ENTRIES:,} entries, the most that are read from one feed")
    language = _said(feed, "language")
    read = [_entry(item, number, url=url, zone=zone, language=language) for number, item in enumerate(items, 1)]
    entries, broken = without_repetitions(read)
    following = web_address(url, _said(feed, "next_url"))
    more = (following,) if following and following != url else ()
    return Listing(entries=entries, broken=broken, title=_title(feed), more=more)


def _entry(item: Any, number: int, *, url: str, zone: ZoneInfo | None, language: str) -> Entry | BrokenEntry:
    if not isinstance(item, dict):
        return BrokenEntry(ref=f"entry {number}", reason="not an object")
    link = _said(item, "url", "external_url")
    title = _title(item)
    written = _said(item, "date_published", "date_modified")[:MOST_WRITTEN]
    said, changed = (read_moment(one, zone=zone, language="") for one in (written, _said(item, "date_modified")))
    html, summary = _said(item, "content_html") or as_html(_said(item, "content_text")), as_html(_said(item, "summary"))
    author = _author(item)
    ident = kept_id(_said(item, "id")) or kept_id(link) or f"{title} {written}".strip() or made_id(html, summary, author)
    if not ident:
        return BrokenEntry(ref=f"entry {number}", reason="neither an id nor a link nor a title")
    return Entry(
        id=ident,
        url=web_address(url, link),
        title=title,
        published=said.at,
        updated=changed.at,
        published_written=said.written,
        updated_written=changed.written,
        zone_known=said.known,
        html=html or summary,
        summary=summary if html else "",
        language=_said(item, "language") or language,
        day_only=said.day_only,
        author=author,
    )


def _author(item: dict[str, Any]) -> str:
    """Version 1.1 has a list of authors, version 1 had one."""
    authors = item.get("authors")
    people = [*(authors if isinstance(authors, list) else ()), item.get("author")]
    names = (_said(one, "name") for one in people[:MOST_AUTHORS] if isinstance(one, dict))
    return plain_title(", ".join(dict.fromkeys(filter(None, names))))


def _title(part: dict[str, Any]) -> str:
    return shortened(fold(_said(part, "title")[: 4 * MOST_TITLE]))


def _said(part: dict[str, Any], *names: str) -> str:
    """The first of these members that is a text or a number and says something."""
    said = (part.get(name) for name in names)
    return next((storable(value).strip() for value in said if value and isinstance(value, str)), "")
