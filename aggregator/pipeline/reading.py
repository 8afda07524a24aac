"""From a listed entry to a line that can be judged: text, time, language, address, fingerprints."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from aggregator.config import Source
from aggregator.model import Article, BrokenEntry, Entry
from aggregator.pipeline.dating import date_of
from aggregator.sources.limits import is_indexable
from aggregator.store.deciding import Line
from aggregator.stories.sketching import HISTORY, read_ahead
from aggregator.text import canonical_url, clean_html, detect_language, fingerprints, fold, html_to_text
from aggregator.text.wire import without_feed_tail

LONGEST_REFERENCE = 200  # characters of a source's own number
MOST_ALTERNATES = 40  # the European Union has 24 languages
LONGEST_CREDIT = 1_000  # characters
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
    own = page.text if page is not None else ""
    text = own or without_feed_tail(html_to_text(html))
    title, is_own = _title(entry, source, page)
    title = title or text[:TITLE_LENGTH]
    if not title:
        return BrokenEntry(ref=entry.id, reason="neither a title nor a text")
    on_page = bool(own) or (is_own and not text)
    text, url = text or title, _address(entry.url)
    language = _language(entry, source, page) or detect_language(f"{title}\n{text}")
    whole, body = fingerprints(title, text)
    return Line(
        entry=_without_text(entry, page),  # what was read need not travel back from where it is read
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
        language=language,
        url=url,
        fingerprint=whole,
        body_fingerprint=body,
        reference=(entry.reference or (page.reference if page else ""))[:LONGEST_REFERENCE],
        alternates=_elsewhere(entry, page, language=language, url=url),
        credit=page.credit[:LONGEST_CREDIT] if page is not None and own else "",
        on_page=on_page,
        reading=b""
        if said.at < at - HISTORY
        else _reading(text, title, said.at, language=language, family=source.family, url=url),
    )


def _without_text(entry: Entry, page: Article | None) -> Entry:
    """The entry with what the source says of a change or of taking back, be it in the listing or on the page."""
    note, withdrawn = (page.note, page.withdrawn) if page is not None else ("", "")
    return replace(entry, html="", summary="", note=entry.note or note, withdrawn=entry.withdrawn or withdrawn)


def _reading(text: str, title: str, said_at: datetime, *, language: str, family: str, url: str) -> bytes:
    """What near-copies are found by: read here, where the store does not wait for it."""
    try:
        return read_ahead(text, title, said_at, language=language, family=family, url=url)
    except Exception:  # noqa: BLE001 - the edge of one text: it is read again, and its error logged, where it is stored
        return b""


def _title(entry: Entry, source: Source, page: Article | None) -> tuple[str, bool]:
    """As the listing has it; but where the source's rules name the heading of its pages, as the page has it: then true.

    elysee.fr lists English pages under French titles, and gov.uk some under the kind of the page and a colon.
    """
    item, own = source.item, page.title if page is not None else ""
    ruled = item is not None and bool(item.mapping.title if item.mapping is not None else item.article.title)
    listed = "" if ruled and own else fold(entry.title)
    return listed or own, bool(own) and not listed


def _language(entry: Entry, source: Source, page: Article | None) -> str:
    """As the source's definition says, else its listing, else the page: without country and script."""
    said = (source.language, entry.language, page.language if page else "")
    return next((one.partition("-")[0].lower() for one in said if one), "")


def _elsewhere(entry: Entry, page: Article | None, *, language: str, url: str) -> tuple[str, ...]:
    """The canonical addresses at which the source says that this stands in other languages."""
    named = (*entry.alternates, *(page.alternates if page else ()))
    others = (one.url for one in named if one.language.partition("-")[0].lower() not in ("", "x", language))
    found = dict.fromkeys(_address(one) for one in others)
    return tuple(one for one in found if one not in ("", url))[:MOST_ALTERNATES]


def _address(url: str) -> str:
    """The canonical address; "" for none, and for one that is longer than any real page's: nothing is looked up by that."""
    canonical = canonical_url(url) if url else ""
    return canonical if is_indexable(canonical) else ""
