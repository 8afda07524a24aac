"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from aggregator.model import Entry, Listing
from aggregator.sources.attacks import OPENED, refuse_attacks, refuse_floods
from aggregator.sources.entries import listing_of
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.jsonfeed import read_json_feed
from aggregator.sources.raw import RawFeed
from aggregator.sources.repairs import closed_cdata, is_cut_off, mend, spare_feedparser
from aggregator.sources.unpacking import unpacked
from aggregator.sources.wellformed import NotOrdinary, read_wellformed
from aggregator.text.decoding import in_utf8
from aggregator.text.encodings import UTF_8_MARK, WHITE, as_utf8
from aggregator.text.html import fold

MOST_BYTES = 10_000_000  # of a feed that is a packed file, unpacked; `max_body` bounds all others
TITLE = re.compile(rb"<title[^<>]{0,300}>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> list[Entry]:
    """The good entries of a feed, in its order. Never raises on bad bytes other than `SourceFormatError`."""
    return list(read_feed(body, url=url, content_type=content_type).entries)


def read_feed(body: bytes, *, url: str, content_type: str | None = None, zone: ZoneInfo | None = None) -> Listing:
    """Everything that a feed lists: good entries, and broken ones with their reasons.

    `url` is where the bytes came from, `content_type` the header that came with them, `zone` the source's zone for times that
    name none. Raises `SourceFormatError` where the bytes are no feed.
    """
    body = as_utf8(unpacked(body, url=url, most=MOST_BYTES))
    if body.lstrip(UTF_8_MARK + WHITE)[:1] == b"{":
        return read_json_feed(body, url=url, zone=zone)
    refuse_floods(body, url)
    body, content_type = in_utf8(closed_cdata(body), content_type)
    try:
        return listing_of(read_wellformed(body, url=url, content_type=content_type), url, zone, cut=False)
    except NotOrdinary:
        refuse_attacks(body, url)
    mended = mend(body, url)
    try:
        raw = read_wellformed(mended, url=url, content_type=content_type)
    except NotOrdinary:
        from aggregator.sources.loose import read_loosely  # noqa: PLC0415 - brings feedparser, and few feeds need it

        raw = read_loosely(spare_feedparser(mended), url=url, content_type=content_type)
    return judged(raw, body, url, zone)


def judged(raw: RawFeed, body: bytes, url: str, zone: ZoneInfo | None) -> Listing:
    """What a feed lists whose bytes are not well-formed. Raises `SourceFormatError` where they are no feed."""
    if not raw.is_feed or (not raw.entries and OPENED.search(body)):
        raise SourceFormatError(_no_feed(body, url, raw))
    return listing_of(raw, url, zone, cut=is_cut_off(body))


def _no_feed(body: bytes, url: str, raw: RawFeed) -> str:
    found = TITLE.search(body[:20_000])
    if found is not None:
        title = fold(found.group(1).decode("utf-8", "replace"))
        return f"{url}: not a feed but a page titled “{title}”. Open it in a browser: has the address moved?"
    where = f", line {raw.line}" if raw.line else ""
    why = f" ({fold(raw.error)[:200]})" if raw.error else ""
    return f"{url}{where}: not a feed{why}. Open it in a browser: is it still one?"
