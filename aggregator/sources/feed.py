"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from aggregator.model import BrokenEntry, Entry, Listing, ZoneKnown
from aggregator.sources.asked import asked_wait
from aggregator.sources.attacks import refuse_attacks, refuse_floods
from aggregator.sources.encodings import UTF_8_MARK, WHITE, as_utf8
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.jsonfeed import read_json_feed
from aggregator.sources.limits import MOST_WRITTEN, kept_id, plain_title
from aggregator.sources.links import web_address
from aggregator.sources.loose import read_loosely
from aggregator.sources.raw import RawEntry, RawFeed
from aggregator.sources.repairs import is_cut_off, mend, spare_feedparser
from aggregator.sources.repetitions import without_repetitions
from aggregator.sources.wellformed import NotOrdinary, read_wellformed
from aggregator.text.html import fold
from aggregator.text.times import WrittenTime, parse_time, read_time

TITLE = re.compile(rb"<title[^<>]{0,300}>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
BLOCK_NUMBER = re.compile(r"#\d+$")


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> list[Entry]:
    """The good entries of a feed, in its order. Never raises on bad bytes other than `SourceFormatError`."""
    return list(read_feed(body, url=url, content_type=content_type).entries)


def read_feed(body: bytes, *, url: str, content_type: str | None = None, zone: ZoneInfo | None = None) -> Listing:
    """Everything that a feed lists: good entries, and broken ones with their reasons.

    `url` is where the bytes came from, `content_type` the header that came with them, `zone` the source's zone for times that
    name none. Raises `SourceFormatError` where the bytes are no feed.
    """
    body = as_utf8(body)
    if body.lstrip(UTF_8_MARK + WHITE)[:1] == b"{":
        return read_json_feed(body, url=url, zone=zone)
    refuse_floods(body, url)
    try:
        return _listing(read_wellformed(body, url=url, content_type=content_type), url, zone, cut=False)
    except NotOrdinary:
        refuse_attacks(body, url)
    mended = mend(body, url)
    try:
        raw = read_wellformed(mended, url=url, content_type=content_type)
    except NotOrdinary:
        raw = read_loosely(spare_feedparser(mended), url=url, content_type=content_type)
    return _judged(raw, body, url, zone)


def read_by_feedparser(body: bytes, *, url: str, content_type: str | None = None, zone: ZoneInfo | None = None) -> Listing:
    """Like `read_feed` for XML, but by feedparser alone: what the quick road is measured against."""
    body = as_utf8(body)
    refuse_attacks(body, url)
    raw = read_loosely(spare_feedparser(mend(body, url)), url=url, content_type=content_type)
    return _judged(raw, body, url, zone)


def _judged(raw: RawFeed, body: bytes, url: str, zone: ZoneInfo | None) -> Listing:
    if not raw.is_feed:
        raise SourceFormatError(_no_feed(body, url, raw))
    return _listing(raw, url, zone, cut=is_cut_off(body))


def _no_feed(body: bytes, url: str, raw: RawFeed) -> str:
    found = TITLE.search(body[:20_000])
    if found is not None:
        title = fold(found.group(1).decode("utf-8", "replace"))
        return f"{url}: not a feed but a page titled “{title}”. Open it in a browser: has the address moved?"
    where = f", line {raw.line}" if raw.line else ""
    why = f" ({fold(raw.error)[:200]})" if raw.error else ""
    return f"{url}{where}: not a feed{why}. Open it in a browser: is it still one?"


def _listing(raw: RawFeed, url: str, zone: ZoneInfo | None, *, cut: bool) -> Listing:
    read = [_entry(entry, n, url=url, zone=zone, language=raw.language) for n, entry in enumerate(raw.entries, 1)]
    if cut and read:  # half a text would be taken for an edit of the whole one
        ref = read[-1].id if isinstance(read[-1], Entry) else read[-1].ref
        read[-1] = BrokenEntry(ref=ref, reason="the feed ends in the middle of this entry")
    entries, broken = without_repetitions(read)
    built, _ = parse_time(raw.updated or raw.published, zone=zone)
    ttl = asked_wait(raw.ttl, raw.period, raw.frequency)
    return Listing(entries=entries, broken=broken, title=plain_title(raw.title), built=built, ttl=ttl)


def _entry(raw: RawEntry, number: int, *, url: str, zone: ZoneInfo | None, language: str) -> Entry | BrokenEntry:
    link, title = web_address(url, raw.link or ""), plain_title(raw.title)
    published, updated = raw.published[:MOST_WRITTEN], raw.updated[:MOST_WRITTEN]
    said = _first_time((published, updated), zone, raw.language or language)
    ident = BLOCK_NUMBER.sub("", kept_id(raw.id)) or kept_id(link) or f"{title} {published}".strip()
    if not ident:
        return BrokenEntry(ref=f"entry {number}", reason="neither an id nor a link nor a title")
    texts = sorted(_texts(raw), key=len, reverse=True)
    if not title and not texts:
        return BrokenEntry(ref=ident, reason="neither a title nor a text")
    return Entry(
        id=ident,
        url=link,
        title=title,
        published=None if said is None else said.moment,
        updated=parse_time(updated, zone=zone)[0] if updated else None,
        published_written=published or updated,
        updated_written=updated,
        zone_known=ZoneKnown.NONE if said is None else said.known,
        html=texts[0] if texts else "",
        summary=texts[1] if len(texts) > 1 else "",
        language=raw.language or language,
        author=plain_title(raw.author),
        day_only=said is not None and said.day_only,
    )


def _first_time(written: Iterable[str], zone: ZoneInfo | None, language: str) -> WrittenTime | None:
    read = (read_time(one, zone=zone, language=language) for one in written if one)
    return next((one for one in read if one is not None), None)


def _texts(raw: RawEntry) -> list[str]:
    return list(dict.fromkeys(filter(None, (*raw.contents, raw.summary))))
