"""The other road: a feed read by feedparser alone, which the quick one is held against."""

from __future__ import annotations

from aggregator.model import Listing
from aggregator.sources.attacks import refuse_attacks
from aggregator.sources.feed import judged
from aggregator.sources.loose import read_loosely
from aggregator.sources.repairs import mend, spare_feedparser
from aggregator.text.encodings import as_utf8


def read_by_feedparser(body: bytes, *, url: str, content_type: str | None = None) -> Listing:
    """Like `read_feed` for XML, but never by the quick road."""
    body = as_utf8(body)
    refuse_attacks(body, url)
    return judged(read_loosely(spare_feedparser(mend(body, url)), url=url, content_type=content_type), body, url, None)
