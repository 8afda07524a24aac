"""A page as a tree, whatever its bytes are."""

from __future__ import annotations

import warnings

from bs4 import BeautifulSoup, Tag, UnusualUsageWarning

from aggregator.sources.errors import SourceFormatError
from aggregator.sources.links import base_address
from aggregator.text.decoding import as_text
from aggregator.text.encodings import charset, declared_in_html

MOST_TAGS = 100_000  # `<` of one page: each takes about 15 µs and 1 kB; a listing of 540 kB has 10,000
MOST_NESTED = 500  # levels; a selector may look at all of them for each element. Real pages have about 30


def read_html(body: bytes, *, url: str, content_type: str | None) -> BeautifulSoup:
    """The tree of a page. Raises `SourceFormatError` for no text at all, and for what no page for people is like."""
    if body.count(b"<") > MOST_TAGS:
        raise SourceFormatError(f"{url}: a page of more than {MOST_TAGS:,} tags, the most that are read")
    text = as_text(body, charset(content_type), declared_in_html(body))
    text = text.replace("\x00", "")  # no sign of a page; the parser takes 80 bytes for each
    if "<" not in text:
        raise SourceFormatError(f"{url}: no page ({len(body):,} bytes without a tag). Open it in a browser.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnusualUsageWarning)  # an XHTML page may well begin as XML does
        soup = BeautifulSoup(text, "lxml")
    if _depth(soup) > MOST_NESTED:
        raise SourceFormatError(f"{url}: elements inside each other on more than {MOST_NESTED} levels, the most that are read")
    return soup


def _depth(soup: BeautifulSoup) -> int:
    depths: dict[int, int] = {id(soup): 0}
    for tag in soup.find_all(True):
        depths[id(tag)] = depths[id(tag.parent)] + 1
    return max(depths.values())


def said(tag: Tag, name: str) -> str:
    """An attribute as text; "" where it is none. Classes are parted by spaces, as in the page."""
    value = tag.get(name)
    return "" if value is None else (" ".join(value) if isinstance(value, list) else str(value)).strip()


def page_base(soup: BeautifulSoup, url: str) -> str:
    """The address that relative links of the page mean (HTML Standard, section 4.2.3)."""
    base = soup.find("base", href=True)
    return url if base is None else base_address(url, said(base, "href"))


def language_of(tag: Tag) -> str:
    """What the page says of an element's language (BCP 47), by its `lang` or that of what stands around it; "" if nothing."""
    return next((value for around in (tag, *tag.parents) if (value := said(around, "lang") or said(around, "xml:lang"))), "")
