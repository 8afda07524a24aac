"""How much of a value is kept: a source that writes a book where a title stands shall not fill every page and table."""

from __future__ import annotations

import hashlib
import re

from aggregator.text.html import fold, html_to_text

MOST_ENTRIES = 20_000  # of one feed, which take a second; real ones list up to a few hundred
MOST_TITLE = 2_000  # characters of a title; what follows is left out
MOST_RAW_TITLE = 40_000  # of its written form, with tags and entities
MOST_TITLE_TAGS = 50  # that are read as HTML; where more stand, they only go
MOST_ID = 4_000  # characters; a longer id is taken for none, as a shortened one might be another entry's
MOST_KEY = 2_000  # bytes of an id or an address in UTF-8: an index of PostgreSQL takes 2,700, with the source's key
MOST_WRITTEN = 200  # characters of a time as written; the longest that can be read has 100
MOST_AUTHORS = 50  # of one entry
MOST_VERSIONS = 100  # links of one entry to other languages; the Union has 24
TAG = re.compile(r"<[^<>]*>")


def plain_title(value: str) -> str:
    """A title as one line of text of at most `MOST_TITLE` characters: entities were decoded once, tags go."""
    text = value[:MOST_RAW_TITLE]
    if text.count("<") > MOST_TITLE_TAGS:
        text = TAG.sub(" ", text)
    plain = fold(html_to_text(text).replace("\n", " ")) if "<" in text or "&" in text else fold(text)
    return shortened(plain) if len(value) <= MOST_RAW_TITLE else plain[:MOST_TITLE].rstrip() + "…"


def shortened(title: str) -> str:
    """At most `MOST_TITLE` characters of a title, with a sign where some are left out."""
    return title if len(title) <= MOST_TITLE else title[:MOST_TITLE].rstrip() + "…"


def kept_id(value: str) -> str:
    """An id; "" for one that is longer than `MOST_ID`."""
    return value if len(value) <= MOST_ID else ""


def indexable(ident: str) -> str:
    """An id as every database can look it up: itself, or where it is longer than `MOST_KEY`, its beginning and its hash."""
    if is_indexable(ident):
        return ident
    return f"{ident[:200]}… {hashlib.sha256(ident.encode('utf-8', 'surrogatepass')).hexdigest()}"


def is_indexable(value: str) -> bool:
    """Whether a value is no longer than `MOST_KEY`."""
    return len(value) <= MOST_KEY // 4 or len(value.encode("utf-8", "surrogatepass")) <= MOST_KEY
