"""From what a feed says to entries that can be stored: each with an id that lasts, absolute links, times in UTC."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from aggregator.model import Alternate, BrokenEntry, Entry, Listing, ZoneKnown
from aggregator.sources.asked import asked_wait
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.limits import MOST_WRITTEN, kept_id, plain_title
from aggregator.sources.links import web_address
from aggregator.sources.publishers import from_google_news, is_end, is_google_news, lasting_id
from aggregator.sources.raw import RawEntry, RawFeed
from aggregator.sources.repetitions import without_repetitions
from aggregator.text.html import html_to_text
from aggregator.text.times import WrittenTime, parse_time, read_time

MAIL = re.compile(r"<([^<>\s@]{1,64}@[^<>\s@]{1,255})>")
MOST_SAID = 300  # characters of what a feed says of its end


def listing_of(raw: RawFeed, url: str, zone: ZoneInfo | None, *, cut: bool) -> Listing:
    """What a feed lists; with `cut`, it was broken off, and the last entry with it.

    Raises `SourceFormatError` where the feed says that it has ended.
    """
    if len(raw.entries) == 1 and is_end(raw.entries[0].id):
        last = raw.entries[0]
        said = " ".join(html_to_text(f"{last.title}. {last.summary or ''}").split())[:MOST_SAID]
        raise SourceFormatError(f"{url}: the feed has ended; it says: “{said}”. Give the source another address.")
    certain: set[str] = set()
    read = [
        _entry(entry, n, url=url, zone=zone, language=raw.language, certain=certain) for n, entry in enumerate(raw.entries, 1)
    ]
    if cut and read:  # half a text would be taken for an edit of the whole one
        ref = read[-1].id if isinstance(read[-1], Entry) else read[-1].ref
        read[-1] = BrokenEntry(ref=ref, reason="the feed ends in the middle of this entry")
    if is_google_news(url):
        read = [from_google_news(entry) if isinstance(entry, Entry) else entry for entry in read]
        certain = {entry.id for entry in read if isinstance(entry, Entry)}
    entries, broken = without_repetitions(read, certain)
    built, _ = parse_time(raw.updated or raw.published, zone=zone)
    following = web_address(url, raw.following)
    return Listing(
        entries=entries,
        broken=broken,
        title=plain_title(raw.title),
        built=built,
        ttl=asked_wait(raw.ttl, raw.period, raw.frequency),
        more=(following,) if following and following != url else (),
    )


def _entry(
    raw: RawEntry, number: int, *, url: str, zone: ZoneInfo | None, language: str, certain: set[str]
) -> Entry | BrokenEntry:
    """One entry; its id goes into `certain` where it is sure to be that of one statement."""
    link, title = web_address(url, raw.link or ""), plain_title(raw.title)
    published, updated = raw.published[:MOST_WRITTEN], raw.updated[:MOST_WRITTEN]
    spoken = raw.language or language
    said = _first_time((published, updated), zone, spoken)
    texts = _texts(raw)
    ident, is_certain = lasting_id(kept_id(raw.id), link)
    ident = ident or kept_id(link) or f"{title} {published}".strip() or made_id(*texts) or made_id(*_rest(raw))
    if not ident:
        return BrokenEntry(ref=f"entry {number}", reason="neither an id nor a link nor a title")
    if is_certain:
        certain.add(ident)
    link, alternates = _versions(raw, link, spoken, url) if raw.versions else (link, ())
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
        language=spoken,
        author=plain_author(raw.author) if raw.author else "",
        day_only=said is not None and said.day_only,
        alternates=alternates,
        publisher=plain_title(raw.publisher) if raw.publisher else "",
        publisher_url=web_address(url, raw.publisher_link) if raw.publisher_link else "",
    )


def plain_author(value: str) -> str:
    """Names as one line of text, without losing a mail address that stands in pointed brackets (RFC 5322, section 3.4)."""
    return plain_title(MAIL.sub(r"(\1)", value) if "@" in value else value)


def _rest(raw: RawEntry) -> tuple[str, ...]:
    """What an entry may say that has no id, link, title, text or time of publication."""
    return raw.title, raw.updated, raw.author, raw.publisher, raw.publisher_link, raw.language


def made_id(*said: str) -> str:
    """An id for an entry without id, link and title: SHA-256 in hex over what it says; "" where that is nothing."""
    if not any(said):
        return ""
    return hashlib.sha256("\x00".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def _first_time(written: Iterable[str], zone: ZoneInfo | None, language: str) -> WrittenTime | None:
    read = (read_time(one, zone=zone, language=language) for one in written if one)
    return next((one for one in read if one is not None), None)


def _texts(raw: RawEntry) -> list[str]:
    """The texts of an entry, each once, the longest first."""
    if not raw.contents:
        return [raw.summary] if raw.summary else []
    return sorted(dict.fromkeys(filter(None, (*raw.contents, raw.summary))), key=len, reverse=True)


def _versions(raw: RawEntry, link: str, language: str, url: str) -> tuple[str, tuple[Alternate, ...]]:
    """The entry's own link, and those to the same statement in other languages."""
    versions = [Alternate(language=said, url=at) for said, written in raw.versions if (at := web_address(url, written))]
    own = next((one.url for one in versions if language and _primary(one.language) == _primary(language)), "")
    named = {one.url for one in versions}
    link = own if own and link in named else link  # a link that names no language stays
    return link, tuple(one for one in versions if one.url not in (link, own))


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()
