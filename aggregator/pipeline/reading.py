"""From a listed entry to a line that can be judged: text, time, language, address, fingerprints."""

from __future__ import annotations

import hashlib
from datetime import datetime

from aggregator.config import Source
from aggregator.model import Article, BrokenEntry, Entry
from aggregator.pipeline.dating import date_of
from aggregator.store.deciding import Line
from aggregator.text import canonical_url, clean_html, fingerprints, fold, html_to_text

TITLE_LENGTH = 120  # characters of a title made from the text


def raw_hash(entry: Entry) -> str:
    """SHA-256 in hex over an entry as listed: equal means that there is nothing to read."""
    parts: tuple[str, ...] = (entry.title, entry.html, entry.summary, entry.url, entry.published_written)
    more = (entry.reference, entry.note, entry.withdrawn, *(alternate.url for alternate in entry.alternates))
    if any(more):  # where there is none of these, the hash stays what it was before they were read
        parts += more
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def read_line(entry: Entry, source: Source, page: Article | None = None, *, at: datetime) -> Line | BrokenEntry:
    """Read one entry that was fetched `at`; `page` is the article of its own page, where that was fetched too.

    An entry without a date that can be trusted is no news: broken, with the reason.
    """
    said = date_of(entry, source, page, at=at)
    if isinstance(said, str):
        return BrokenEntry(ref=entry.id, reason=said)
    html = entry.html or entry.summary
    text = page.text if page is not None and page.text else html_to_text(html)
    title = fold(entry.title) or (page.title if page else "") or text[:TITLE_LENGTH]
    if not title:
        return BrokenEntry(ref=entry.id, reason="neither a title nor a text")
    text = text or title
    whole, body = fingerprints(title, text)
    return Line(
        entry=entry,
        said_at=said.at,
        said_written=said.written,
        zone_known=said.known,
        said_day=said.day,
        updated_at=entry.updated or (page.updated if page else None),
        updated_written=entry.updated_written or (page.updated_written if page else ""),
        raw=raw_hash(entry),
        title=title,
        text=text,
        html=clean_html(html, base_url=entry.url or source.url),
        language=source.language or entry.language.partition("-")[0].lower(),
        url=canonical_url(entry.url) if entry.url else "",
        fingerprint=whole,
        body_fingerprint=body,
    )
