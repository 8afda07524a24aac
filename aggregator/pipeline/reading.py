"""From a listed entry to a line that can be judged: text, language, address, fingerprints."""

from __future__ import annotations

import hashlib

from aggregator.config import Source
from aggregator.model import Article, BrokenEntry, Entry
from aggregator.store.deciding import Line
from aggregator.text import canonical_url, clean_html, fingerprints, fold, html_to_text

TITLE_LENGTH = 120  # characters of a title made from the text


def raw_hash(entry: Entry) -> str:
    """SHA-256 in hex over an entry as listed: equal means that there is nothing to read."""
    parts = (entry.title, entry.html, entry.summary, entry.url, entry.published_written)
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def read_line(entry: Entry, source: Source, page: Article | None = None) -> Line | BrokenEntry:
    """Read one entry; `page` is the article of its own page, where that was fetched. An entry without a date is no news."""
    published = entry.published or entry.updated or (page.published if page else None)
    if published is None:
        return BrokenEntry(ref=entry.id, reason=_no_date(entry))
    html = entry.html or entry.summary
    text = page.text if page is not None and page.text else html_to_text(html)
    title = fold(entry.title) or (page.title if page else "") or text[:TITLE_LENGTH]
    if not title:
        return BrokenEntry(ref=entry.id, reason="neither a title nor a text")
    text = text or title
    whole, body = fingerprints(title, text)
    return Line(
        entry=entry,
        said_at=published,
        raw=raw_hash(entry),
        title=title,
        text=text,
        html=clean_html(html, base_url=entry.url or source.url),
        language=source.language or entry.language.partition("-")[0].lower(),
        url=canonical_url(entry.url) if entry.url else "",
        fingerprint=whole,
        body_fingerprint=body,
    )


def _no_date(entry: Entry) -> str:
    written = entry.published_written or entry.updated_written
    return f"no date that can be read ({written[:60]!r})" if written else "no date"
