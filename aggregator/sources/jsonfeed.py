"""JSON Feed, versions 1 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from aggregator.model import BrokenEntry, Entry, Listing
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.repetitions import without_repetitions
from aggregator.text.html import fold
from aggregator.text.times import parse_time


def read_json_feed(body: bytes, *, url: str, zone: ZoneInfo | None = None) -> Listing:
    """Everything that a JSON Feed lists. Raises `SourceFormatError` where the bytes are none."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SourceFormatError(f"{url}: starts like JSON but is not ({error}). Open it in a browser.") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version", "")):
        raise SourceFormatError(f"{url}: JSON, but no JSON Feed (no `version` of jsonfeed.org, or no `items`).")
    language = str(feed.get("language") or "")
    read = [_entry(item, number, url=url, zone=zone, language=language) for number, item in enumerate(items, 1)]
    entries, broken = without_repetitions(read)
    return Listing(entries=entries, broken=broken, title=fold(str(feed.get("title") or "")))


def _entry(item: Any, number: int, *, url: str, zone: ZoneInfo | None, language: str) -> Entry | BrokenEntry:
    if not isinstance(item, dict):
        return BrokenEntry(ref=f"entry {number}", reason="not an object")
    link = str(item.get("url") or item.get("external_url") or "").strip()
    title = fold(str(item.get("title") or ""))
    written = str(item.get("date_published") or item.get("date_modified") or "").strip()
    published, known = parse_time(written, zone=zone)
    ident = str(item.get("id") or link).strip() or f"{title} {written}".strip()
    if not ident:
        return BrokenEntry(ref=f"entry {number}", reason="neither an id nor a link nor a title")
    html, summary = str(item.get("content_html") or item.get("content_text") or ""), str(item.get("summary") or "")
    if not (title or html or summary):
        return BrokenEntry(ref=ident, reason="neither a title nor a text")
    modified = str(item.get("date_modified") or "").strip()
    return Entry(
        id=ident,
        url=_joined(url, link),
        title=title,
        published=published,
        updated=parse_time(modified, zone=zone)[0] if modified else None,
        published_written=written,
        updated_written=modified,
        zone_known=known,
        html=html or summary,
        summary=summary if html else "",
        language=str(item.get("language") or language),
    )


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""
