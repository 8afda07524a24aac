"""Elements of a feed that is read by `wellformed`: what they are called, what they say, and what holds at their place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from lxml import etree

from aggregator.sources.links import base_address
from aggregator.sources.names import PREFIXES, kind_of
from aggregator.text.storable import spaced, storable

MOST_ATTRIBUTES = 1_000  # of one element; feeds have about ten, and lxml takes 40 s to list 100,000
# Signs that XML has no use for and that old programs mean as Windows's: &#146; is an apostrophe.
WINDOWS = {number: bytes([number]).decode("cp1252", "ignore") or chr(number) for number in range(0x80, 0xA0)}
WINDOWS_SIGN = re.compile("[\x7f-\x9f]")  # and the one other sign of XML 1.0 that is not storable
NONE: Mapping[str, str] = {}
LOWERED = frozenset(("rel", "type"))


class NotOrdinary(Exception):  # noqa: N818 - no error: the feed goes to the parser for all else
    """The bytes are not a plain, well-formed feed."""


@dataclass(slots=True)
class Spot:
    """An element and what holds at its place."""

    element: etree._Element
    attributes: Mapping[str, str]
    base: str  # address that relative links mean
    language: str
    depth: int  # of the document's own element: 1
    in_feed: bool  # inside of what describes the feed: `channel`, `feed`


def inside(around: Spot, element: etree._Element) -> Spot:
    """The spot of a child. Raises `NotOrdinary` where it has more attributes than any feed needs."""
    attributes = attributes_of(element)
    if not attributes:
        return bare(around, element)
    base, language = scope(attributes, around.base, around.language)
    return Spot(element, attributes, base, language, around.depth + 1, around.in_feed)


def bare(around: Spot, element: etree._Element) -> Spot:
    """The spot of a child whose attributes mean nothing."""
    return Spot(element, NONE, around.base, around.language, around.depth + 1, around.in_feed)


def kind(element: etree._Element) -> str:
    """The kind of an element (`names.kind_of`); the document's own `rss` is a feed in whatever namespace."""
    tag = str(element.tag)
    return "feed" if etree.QName(element).localname.lower() == "rss" else kind_of(tag, element.prefix)


def name(element: etree._Element) -> str:
    """The name in lower case, with the usual prefix of its namespace."""
    found = etree.QName(element)
    prefix = PREFIXES.get((found.namespace or "").lower(), element.prefix or "")
    return f"{prefix}:{found.localname.lower()}" if prefix else found.localname.lower()


def attributes_of(element: etree._Element) -> Mapping[str, str]:
    """The attributes by their names in lower case, those of a namespace with its usual prefix."""
    count = len(element.attrib)
    if not count:
        return NONE
    if count > MOST_ATTRIBUTES:
        raise NotOrdinary
    found: dict[str, str] = {}
    for written, value in element.items():
        key = str(written)
        if key.startswith("{"):
            namespace, _, local = key[1:].rpartition("}")
            key = f"{PREFIXES.get(namespace.lower(), '?')}:{local}"
        key = key.lower()
        found[key] = str(value).lower() if key in LOWERED else str(value)
    return found


def scope(attributes: Mapping[str, str], base: str, language: str) -> tuple[str, str]:
    """Base address and language inside an element with these attributes."""
    given = attributes.get("xml:base", attributes.get("base"))
    said = attributes.get("xml:lang", attributes.get("lang"))
    return base_address(base, given) if given else base, language if said is None else storable(said.replace("_", "-"))


def text_of(element: etree._Element) -> str:
    """The text of an element that has no elements inside; comments and processing instructions part none of it."""
    if not len(element):
        return element.text or ""
    if any(isinstance(child.tag, str) for child in element):
        raise NotOrdinary
    return "".join([element.text or "", *(child.tail or "" for child in element)])


def mended(text: str) -> str:
    """Without white space at the ends; UTF-8 that was taken for ISO 8859-1 and encoded again is put right."""
    text = text.strip()
    if text.isascii():
        return text if "\x7f" not in text else storable(text).strip()
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    # No sign of Windows's is printable: nearly always that is found out in a tenth of the time of a search.
    if spaced(text).isprintable() or not WINDOWS_SIGN.search(text):
        return text
    return storable(text.translate(WINDOWS)).strip()
