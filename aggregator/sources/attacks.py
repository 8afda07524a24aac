"""Feeds that are refused before they are parsed: no honest one is like them, and a parser would take long or much memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aggregator.sources.errors import SourceFormatError
from aggregator.sources.limits import MOST_ENTRIES

ENTITY = re.compile(rb"<!ENTITY\s", re.IGNORECASE)
MOST_ENTITIES = 50  # a feed of a government declares none; a bomb needs a ladder of them
# A start tag with its quoted values apart: a picture inside a value may be long, thousands of attributes are an attack.
TAG = re.compile(rb"""<[a-zA-Z](?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+""")
QUOTED = re.compile(rb""""[^"]*"|'[^']*'""")
MOST_TAG = 20_000  # bytes of one start tag beside its quoted values: the parser's time grows with their square
OPENED = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
CLOSED = re.compile(rb"</(?:\w+:)?(?:item|entry|rss|feed|RDF|channel)\s*>", re.IGNORECASE)
MOST_SIGNS = 500_000  # of markup in one feed, `<` and `=` outside CDATA: a tree of them takes about 130 MB
# In a feed that is not well-formed, outside CDATA: feedparser takes about 50 µs for each `<` and 5 µs for each `&`. Of 58 real
# feeds the largest has 28,000 tags in all, and it is well-formed; an entry has about 30.
MOST_BROKEN_TAGS = 20_000
MOST_BROKEN_REFERENCES = 100_000
MOST_NAMESPACES = 200  # declarations of one: feedparser goes through all of them at each element
DECLARED = re.compile(rb"\sxmlns[:=\s]")
# Relative ones add to the one around them, and feedparser keeps the whole for each element. Feeds write absolute ones.
BASE = re.compile(rb"""xml:base\s{0,9}=\s{0,9}(?:"([^"<]*+)"|'([^'<]*+)')""")
MOST_BASES = 5_000  # bytes of relative `xml:base` in all
CDATA_OPENS, CDATA_CLOSES = b"<![CDATA[", b"]]>"


def refuse_floods(body: bytes, url: str) -> None:
    """Raise `SourceFormatError` for bytes of which even a fast parser would make too much. Cheap for all others."""
    if len(body) < MOST_ENTRIES * len(b"<item>"):
        return
    opened = body.count(b"<")
    if opened > MOST_ENTRIES and sum(1 for _ in OPENED.finditer(body)) > MOST_ENTRIES:
        raise SourceFormatError(f"{url}: lists more than {MOST_ENTRIES:,} entries, the most that are read from one feed")
    if opened + body.count(b"=") <= MOST_SIGNS:
        return
    if sum(part.count(b"<") + part.count(b"=") for part in outside_cdata(body)) > MOST_SIGNS:
        raise SourceFormatError(f"{url}: holds more than {MOST_SIGNS:,} signs of markup, the most that are read")


def refuse_attacks(body: bytes, url: str) -> None:
    """Raise `SourceFormatError` for bytes that would take feedparser long and that no honest feed holds."""
    if len(ENTITY.findall(body[:100_000])) > MOST_ENTITIES:
        raise SourceFormatError(f"{url}: declares more than {MOST_ENTITIES} entities, which no feed needs")
    if any(tag.end() - tag.start() > MOST_TAG and _is_attack(tag.group()) for tag in TAG.finditer(body)):
        raise SourceFormatError(f"{url}: has a tag of more than {MOST_TAG:,} bytes, which no feed needs")
    if body.count(b"xmlns") > MOST_NAMESPACES and len(DECLARED.findall(body)) > MOST_NAMESPACES:
        raise SourceFormatError(f"{url}: declares more than {MOST_NAMESPACES} namespaces, which no feed needs")
    if sum(max(map(len, base)) for base in BASE.findall(body) if not any(b"://" in one for one in base)) > MOST_BASES:
        raise SourceFormatError(f"{url}: has more than {MOST_BASES:,} bytes of relative `xml:base`, which no feed needs")
    markup = list(outside_cdata(body))
    tags, references = (sum(part.count(sign) for part in markup) for sign in (b"<", b"&"))
    if tags > MOST_BROKEN_TAGS or references > MOST_BROKEN_REFERENCES:
        most = f"{MOST_BROKEN_TAGS:,} tags or {MOST_BROKEN_REFERENCES:,} references"
        raise SourceFormatError(f"{url}: is no plain XML and has more than {most}. Open it in a browser: where does it break?")


def _is_attack(tag: bytes) -> bool:
    return len(QUOTED.sub(b"", tag)) > MOST_TAG


def outside_cdata(body: bytes) -> Iterator[bytes]:
    """The bytes that a parser reads as markup and text."""
    return (part for part, is_data in parts(body) if not is_data)


def parts(body: bytes) -> Iterator[tuple[bytes, bool]]:
    """The bytes in order, CDATA sections (True) parted from all else. One that is not closed is none."""
    place = 0
    while (opens := body.find(CDATA_OPENS, place)) >= 0 and (closes := body.find(CDATA_CLOSES, opens)) >= 0:
        end = closes + len(CDATA_CLOSES)
        yield body[place:opens], False
        yield body[opens:end], True
        place = end
    yield body[place:], False
