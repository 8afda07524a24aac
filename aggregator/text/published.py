"""When a page was published and last changed: every place that may say so, in order of trust."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from aggregator.model import ZoneKnown
from aggregator.text.blocks import Block
from aggregator.text.document import is_usual
from aggregator.text.html import fold
from aggregator.text.metadata import Metadata
from aggregator.text.times import read_time

PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "publishdate",
    "publish_date",
    "publish-date",
    "pubdate",
    "publication_date",
    "publisheddate",
    "published_time",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "date",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "og:published_time",
    "bt:pubdate",
    "rnews:datepublished",
    "article.published",
    "citation_publication_date",
    "og:pubdate",
    "displaydate",
)
UPDATED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "revised",
    "article.updated",
)
IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-]?(\d{1,2}|[a-z]{3})[/-]?(\d{1,2})(?=[/_-]|$)", re.IGNORECASE)
# What may be a date in a line; whether it is one is for `read_time` to say.
IN_TEXT = re.compile(
    r"""(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{1,2}(?:er|st|nd|rd|th|\.)?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s\d{4}|
    [^\W\d_]{3,12}\.?\s\d{1,2},?\s\d{4})(?:(?:\s(?:at|um|à|о|в|год[ау]?|року))?[,\s–—|-]{1,3}\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\.?)?)?""",
    re.VERBOSE | re.IGNORECASE,
)
LONGEST_LINE = 120  # characters of a line that is a date with its label
NEAR = 8  # blocks around the heading that may hold the date
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, tzinfo=UTC)
FOR_PUBLISHED = re.compile(r"publi|pubdate|posted|entry-date|created|issued", re.IGNORECASE)
FOR_UPDATED = re.compile(r"updat|modif|aktualisi|mis à jour|обновл|оновл|изменен", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A time that a page gives, understood, with what it wrote."""

    moment: datetime | None = None  # UTC
    written: str = ""
    known: ZoneKnown = ZoneKnown.NONE
    day_only: bool = False


UNDATED = Dated()


def when_published(
    root: HtmlElement,
    metadata: Metadata,
    blocks: Sequence[Block],
    *,
    url: str,
    title: str,
    zone: ZoneInfo | None,
    language: str,
) -> Dated:
    """When a page was published, by the most trustworthy of its places; the time of day by a lesser one where need be.

    `blocks` are those of the page without furniture. The page's own clock is never asked: the same page gives the same time.
    """
    day = UNDATED
    for written in _places(root, metadata, blocks, url=url, title=title):
        found = read_dated(written, zone=zone, language=language)
        if found.moment is None:
            continue
        if not found.day_only:
            return found if day.moment is None or _same_day(day, found, zone) else day
        day = found if day.moment is None else day
    return day if day.moment is not None else _by_htmldate(root, url=url, zone=zone, language=language)


def when_updated(root: HtmlElement, metadata: Metadata, *, zone: ZoneInfo | None, language: str) -> Dated:
    """When a page says that it was last changed: as it says so, even if that is before its publication."""
    times = (_stamp(element) for element in root.iter("time") if FOR_UPDATED.search(_names(element)))
    for written in (
        metadata.data.get("dateModified", ""),
        *(metadata.metas.get(name, "") for name in UPDATED),
        *islice(times, 5),
    ):
        if (found := read_dated(written, zone=zone, language=language)).moment is not None:
            return found
    return UNDATED


def read_dated(written: str, *, zone: ZoneInfo | None, language: str) -> Dated:
    """A written time, understood; `UNDATED` where it is none."""
    read = read_time(written, zone=zone, language=language) if written else None
    if read is None:
        return UNDATED
    return Dated(moment=read.moment, written=written.strip(), known=read.known, day_only=read.day_only)


def _same_day(day: Dated, exact: Dated, zone: ZoneInfo | None) -> bool:
    if day.moment is None or exact.moment is None:
        return False
    return day.moment.astimezone(zone or UTC).date() == exact.moment.astimezone(zone or UTC).date()


def _places(root: HtmlElement, metadata: Metadata, blocks: Sequence[Block], *, url: str, title: str) -> Iterator[str]:
    yield metadata.data.get("datePublished", "")
    yield from (metadata.metas.get(name, "") for name in PUBLISHED)
    marked = [element for element in root.iter("time", "abbr", "span") if _is_stamp(element)]
    yield from (_stamp(element) for element in marked if FOR_PUBLISHED.search(_names(element)))
    yield from (_stamp(element) for element in marked[:1] if not FOR_UPDATED.search(_names(element)))
    yield from _near_title(blocks, title)
    if found := IN_ADDRESS.search(url):
        year, month, day = found.groups()
        yield f"{year}-{month:0>2}-{day:0>2}" if month.isdigit() else f"{day} {month} {year}"


def _is_stamp(element: HtmlElement) -> bool:
    return (
        element.tag == "time"
        or "datePublished" in (element.get("itemprop") or "")
        or "published" in (element.get("class") or "")
    )


def _stamp(element: HtmlElement) -> str:
    return (
        element.get("datetime") or element.get("content") or element.get("title") or fold(element.text_content())[:LONGEST_LINE]
    )


def _names(element: HtmlElement) -> str:
    around = element.getparent()
    mine = (element.get(name) or "" for name in ("class", "itemprop", "pubdate", "id"))
    return " ".join((*mine, (around.get("class") or "") if around is not None else ""))[:300]


def _near_title(blocks: Sequence[Block], title: str) -> Iterator[str]:
    """The dates in short lines around the heading; those that tell of a change come last."""
    at = next((n for n, block in enumerate(blocks) if block.text == title), None)
    if at is None:
        return
    order = sorted(range(max(0, at - NEAR), min(len(blocks), at + NEAR + 1)), key=lambda n: (n < at, abs(n - at)))
    lines = [blocks[n].text for n in order if n != at and len(blocks[n].text) <= LONGEST_LINE]
    for line in sorted(lines, key=lambda one: FOR_UPDATED.search(one) is not None):
        yield from (found[0] for found in IN_TEXT.finditer(line))


def _by_htmldate(root: HtmlElement, *, url: str, zone: ZoneInfo | None, language: str) -> Dated:
    """What htmldate finds in a page that gives its date in no usual place: a day, never a time of day."""
    if not is_usual(root):
        return UNDATED
    page = deepcopy(root)
    for element in list(page.iter("meta", "script")):  # what they say of changes, it would take for the publication
        names = (element.get(key) or "" for key in ("property", "name", "itemprop"))
        if element.tag == "script" or any(name.lower() in UPDATED for name in names):
            element.drop_tree()
    from htmldate import find_date  # noqa: PLC0415 - large, and the service itself, which reads no page, does not need it

    try:
        found = find_date(page, url=url or None, original_date=True, min_date=EARLIEST, max_date=LATEST)
    except Exception:  # noqa: BLE001 - a guess of the last resort; its parsers raise what they like on rubbish
        return UNDATED
    return read_dated(found or "", zone=zone, language=language)
