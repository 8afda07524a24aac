"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import feedparser

from aggregator.model import BrokenEntry, Entry, Listing, ZoneKnown
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.jsonfeed import read_json_feed
from aggregator.sources.links import web_address
from aggregator.sources.repairs import as_utf8, is_cut_off, mend_references, refuse_attacks
from aggregator.sources.repetitions import without_repetitions
from aggregator.text.html import fold, html_to_text
from aggregator.text.storable import storable
from aggregator.text.times import parse_time

TITLE = re.compile(rb"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
MOST_TITLE = 2_000  # characters of a title; what follows is left out
BLOCK_NUMBER = re.compile(r"#\d+$")
CHARSET_UTF_16 = re.compile(r";\s*charset=[\"']?utf-?16[^;]*", re.IGNORECASE)


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> list[Entry]:
    """The good entries of a feed, in its order. Never raises on bad bytes other than `SourceFormatError`."""
    return list(read_feed(body, url=url, content_type=content_type).entries)


def read_feed(body: bytes, *, url: str, content_type: str | None = None, zone: ZoneInfo | None = None) -> Listing:
    """Everything that a feed lists: good entries, and broken ones with their reasons.

    `url` is where the bytes came from, `content_type` the header that came with them, `zone` the source's zone for times that
    name none. Raises `SourceFormatError` where the bytes are no feed.
    """
    body = as_utf8(body)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return read_json_feed(body, url=url, zone=zone)
    refuse_attacks(body, url)
    parsed = _parse(mend_references(body), url, content_type)
    if not parsed.get("version") and not parsed.entries:
        raise SourceFormatError(_no_feed(body, url, parsed))
    return _listing(parsed, url, zone, cut=is_cut_off(body))


def _parse(body: bytes, url: str, content_type: str | None) -> Any:
    headers = {"content-location": url}
    if content_type:
        headers["content-type"] = CHARSET_UTF_16.sub("", content_type)  # no longer true: see `as_utf8`
    try:
        # BytesIO: plain bytes may be taken for the name of a file. Cleaning is ours, and done for new entries alone.
        return feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, LookupError, TypeError, AttributeError, RuntimeError, AssertionError, ArithmeticError) as error:
        raise SourceFormatError(f"{url}: cannot be read as a feed ({type(error).__name__}: {error})") from error


def _no_feed(body: bytes, url: str, parsed: Mapping[str, Any]) -> str:
    found = TITLE.search(body[:20_000])
    if found is not None:
        title = fold(found.group(1).decode("utf-8", "replace"))
        return f"{url}: not a feed but a page titled “{title}”. Open it in a browser: has the address moved?"
    error = parsed.get("bozo_exception")
    line = getattr(error, "getLineNumber", lambda: None)()
    where = f", line {line}" if line else ""
    why = f" ({fold(str(error))[:200]})" if error else ""
    return f"{url}{where}: not a feed{why}. Open it in a browser: is it still one?"


def _listing(parsed: Any, url: str, zone: ZoneInfo | None, *, cut: bool) -> Listing:
    feed = parsed.feed
    language = storable(str(feed.get("language") or ""))
    read = [_entry(raw, n, url=url, zone=zone, language=language) for n, raw in enumerate(parsed.entries, 1)]
    if cut and read:  # half a text would be taken for an edit of the whole one
        ref = read[-1].id if isinstance(read[-1], Entry) else read[-1].ref
        read[-1] = BrokenEntry(ref=ref, reason="the feed ends in the middle of this entry")
    entries, broken = without_repetitions(read)
    built, _ = parse_time(_written(feed, "updated") or _written(feed, "published"), zone=zone)
    return Listing(entries=entries, broken=broken, title=_plain(feed.get("title")), built=built)


def _entry(raw: Any, number: int, *, url: str, zone: ZoneInfo | None, language: str) -> Entry | BrokenEntry:
    link, title = web_address(url, storable(str(raw.get("link") or "")).strip()), _plain(raw.get("title"))
    published, updated = _written(raw, "published"), _written(raw, "updated")
    said, known = _first_time((published, updated), zone)
    ident = BLOCK_NUMBER.sub("", storable(str(raw.get("id") or "")).strip()) or link or f"{title} {published}".strip()
    if not ident:
        return BrokenEntry(ref=f"entry {number}", reason="neither an id nor a link nor a title")
    texts = sorted(_texts(raw), key=len, reverse=True)
    if not title and not texts:
        return BrokenEntry(ref=ident, reason="neither a title nor a text")
    return Entry(
        id=ident,
        url=link,
        title=title,
        published=said,
        updated=parse_time(updated, zone=zone)[0] if updated else None,
        published_written=published or updated,
        updated_written=updated,
        zone_known=known,
        html=texts[0] if texts else "",
        summary=texts[1] if len(texts) > 1 else "",
        language=_language(raw) or language,
        author=_plain(raw.get("author")),
    )


def _written(part: Any, name: str) -> str:
    # Asked by `in` first: feedparser answers a plain question for `updated` with `published`.
    return storable(str(part[name] or "")).strip() if name in part else ""


def _first_time(written: Iterable[str], zone: ZoneInfo | None) -> tuple[datetime | None, ZoneKnown]:
    for one in written:
        if one:
            at, known = parse_time(one, zone=zone)
            if at is not None:
                return at, known
    return None, ZoneKnown.NONE


def _texts(raw: Any) -> list[str]:
    values = [str(part.get("value") or "") for part in raw.get("content") or ()]
    values.append(str(raw.get("summary") or ""))
    return list(dict.fromkeys(storable(value) for value in values if value.strip()))


def _plain(value: Any) -> str:
    """A title as one line of text of at most `MOST_TITLE` characters: entities were decoded once, tags go."""
    text = str(value or "")
    plain = fold(html_to_text(text).replace("\n", " ")) if "<" in text or "&" in text else fold(text)
    return plain if len(plain) <= MOST_TITLE else plain[:MOST_TITLE].rstrip() + "…"


def _language(raw: Any) -> str:
    detail = raw.get("title_detail") or {}
    return storable(str(detail.get("language") or ""))
