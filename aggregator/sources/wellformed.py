"""Feeds that are well-formed XML: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 (RFC 4287), read without detours.

The reading is feedparser's, element by element, at a twentieth of its time; `tests/test_sources_feed.py` holds both against
each other. What is out of the ordinary (markup where text should be, base64, a document type) is handed over by `NotOrdinary`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lxml import etree

from aggregator.sources.encodings import certain_utf8
from aggregator.sources.inline import inner_html
from aggregator.sources.links import base_address, joined
from aggregator.sources.names import PREFIXES, kind_of
from aggregator.sources.raw import RawEntry, RawFeed
from aggregator.text.storable import storable

MOST_NESTED = 100  # levels of elements that are followed; feeds have about eight
MOST_ATTRIBUTES = 1_000  # of one element; feeds have about ten, and lxml takes 40 s to list 100,000
MANY_ATTRIBUTES = etree.XPath(f"boolean(.//*[@*[{MOST_ATTRIBUTES}]])", smart_strings=False)
PROLOG = 2_000  # bytes in which a document type is sought before the parser sees it
# Signs that XML has no use for and that old programs mean as Windows's: &#146; is an apostrophe.
WINDOWS = {number: bytes([number]).decode("cp1252", "ignore") or chr(number) for number in range(0x80, 0xA0)}
WINDOWS_SIGN = re.compile("[\x7f-\x9f]")  # and the one other sign of XML 1.0 that is not storable
BROKEN_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")
XHTML = "application/xhtml+xml"
FORMS = frozenset(("text/plain", "text/html", XHTML))
TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": XHTML}
NONE: Mapping[str, str] = {}
LOWERED = frozenset(("rel", "type"))
PASSED = frozenset(("silent", "comment"))
NAMES, MAILS = ("name", "itunes:name"), ("email", "itunes:email")


class NotOrdinary(Exception):  # noqa: N818 - no error: the feed goes to the parser for all else
    """The bytes are not a plain, well-formed feed."""


def read_wellformed(body: bytes, *, url: str, content_type: str | None) -> RawFeed:
    """A feed that is well-formed XML in the encoding that it declares. Raises `NotOrdinary` for all else."""
    data = certain_utf8(body, content_type)
    if data is None or data.find(b"<!DOCTYPE", 0, PROLOG) >= 0:
        raise NotOrdinary
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotOrdinary from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotOrdinary  # behind a long comment: no entity was resolved
    feed = _Road(root, url).read()
    if not feed.entries and _kind(root) != "feed":
        raise NotOrdinary  # a document of another kind need not be a feed
    return feed


@dataclass(slots=True)
class _Spot:
    """An element and what holds at its place."""

    element: etree._Element
    attributes: Mapping[str, str]
    base: str  # address that relative links mean
    language: str
    depth: int  # of the document's own element: 1
    in_feed: bool  # inside of what describes the feed: `channel`, `feed`


class _Road:
    """One walk over a feed in the order of its elements: what an element means depends on those before it."""

    def __init__(self, root: etree._Element, url: str) -> None:
        self.root, self.url = root, url
        self.feed = RawFeed()
        self.entry: RawEntry | None = None
        self.is_atom = "http://www.w3.org/2005/atom" in {uri.lower() for uri in root.nsmap.values()}
        self.kinds: dict[Any, str] = {}
        # Of the entry that is being read: how deep the element stood that gave a value, as a nearer one replaces it.
        self.depths: dict[str, int] = {}
        # What is read only at the entry's end, as the last one counts: one entry may have 100,000 links.
        self.chosen: dict[str, tuple[_Spot, Callable[[_Spot], str]]] = {}
        self.title_depth = -1
        self.has_content = False

    def read(self) -> RawFeed:
        name = etree.QName(self.root).localname.lower()
        if _kind(self.root) not in ("feed", ""):
            raise NotOrdinary
        attributes = _attributes(self.root)
        base, language = _scope(attributes, self.url, "")
        if name in ("rss", "feed"):
            self.feed.language = language
        self._children(_Spot(self.root, attributes, base, language, 1, name == "feed"))
        return self.feed

    def _children(self, around: _Spot) -> None:
        if around.depth > MOST_NESTED:
            raise NotOrdinary
        for element in around.element:
            tag = element.tag
            kind = self.kinds.get(tag)
            if kind is None:
                kind = self._learned(element, tag)
            if kind not in PASSED and (kind or len(element)):
                self._element(kind, _inside(around, element))

    def _learned(self, element: etree._Element, tag: Any) -> str:
        if not isinstance(tag, str):
            return "comment"  # or a processing instruction
        kind = _kind(element)
        if element.prefix is None or tag[1:].rpartition("}")[0].lower() in PREFIXES:
            self.kinds[tag] = kind
        return kind

    def _element(self, kind: str, spot: _Spot) -> None:
        match kind:
            case "":
                self._children(spot)
            case "feed":
                spot.in_feed = True
                self._children(spot)
            case "entry":
                self._entry(spot)
            case "aside":
                self.title_depth = -1
            case "title":
                self._title(spot)
            case _ if self.entry is not None:
                self._part(self.entry, kind, spot)
            case "language" | "published" | "updated" | "ttl" | "period" | "frequency" if spot.in_feed:
                setattr(self.feed, kind, _mended(_text(spot.element)))

    def _entry(self, spot: _Spot) -> None:
        if self.entry is not None or "href" in spot.attributes or "lastmod" in spot.attributes:
            raise NotOrdinary  # an item inside an item; the Channel Definition Format
        self.entry = RawEntry(id=storable(spot.attributes.get("rdf:about", "")).strip())
        self.feed.entries.append(self.entry)
        self.depths, self.chosen, self.title_depth, self.has_content = {}, {}, -1, False
        self._children(spot)
        for name, (chosen, read) in self.chosen.items():
            setattr(self.entry, name, read(chosen))
        self.entry = None

    def _part(self, entry: RawEntry, kind: str, spot: _Spot) -> None:
        match kind:
            case "link" if _is_link(spot):
                self.chosen["link"] = (spot, _link)
            case "id":
                self._choose("id", spot, _id)
                if _is_permalink(spot):
                    self.chosen.setdefault("link", (spot, _id))
            case "published" | "updated":
                self._choose(kind, spot, _time)
            case "described" | "content" | "body":
                self._words(entry, kind, spot)
            case "author":
                self._author(entry, spot)

    def _choose(self, name: str, spot: _Spot, read: Callable[[_Spot], str]) -> None:
        if name not in self.chosen or spot.depth <= self.chosen[name][0].depth:
            self.chosen[name] = (spot, read)

    def _put(self, entry: RawEntry, name: str, value: str, depth: int) -> None:
        if depth <= self.depths.get(name, depth):
            self.depths[name] = depth
            setattr(entry, name, value)

    def _title(self, spot: _Spot) -> None:
        value = self._markup(spot, "text/plain")
        if not -1 < self.title_depth <= spot.depth:
            if self.entry is not None:
                self._put(self.entry, "title", value, spot.depth)
                self.entry.language = spot.language
            elif spot.in_feed:
                self.feed.title = value
        # Media RSS titles the picture: a title of the entry may still come.
        if value and PREFIXES.get(etree.QName(spot.element).namespace or "") != "media":
            self.title_depth = spot.depth

    def _words(self, entry: RawEntry, kind: str, spot: _Spot) -> None:
        value = self._markup(spot, XHTML if kind == "body" else "text/html")
        if kind == "described" and (entry.summary is None or self.has_content):
            self._put(entry, "summary", value, spot.depth)
            return
        self.has_content = self.has_content or kind != "body"
        entry.contents.append(value)
        if entry.summary is None:
            entry.summary = value

    def _author(self, entry: RawEntry, spot: _Spot) -> None:
        pieces = [spot.element.text or "", *(child.tail or "" for child in spot.element)]
        self._put(entry, "author", _mended("".join(pieces)), spot.depth)
        name = mail = ""
        for person in spot.element.iterdescendants(etree.Element):
            part = _name(person)
            if part in NAMES:
                name = _mended(_text(person))
            elif part in MAILS:
                mail = _mended(_text(person))
        if name or mail:
            entry.author = f"{name} ({mail})" if name and mail else name or mail

    def _markup(self, spot: _Spot, form: str) -> str:
        """The value of an Atom text construct (RFC 4287, section 3.1) or of an RSS element that holds HTML."""
        form = spot.attributes.get("type", form)
        form = TYPES.get(form, form)
        if form not in FORMS or spot.attributes.get("mode") == "base64":
            raise NotOrdinary
        if form != XHTML:
            return _mended(_text(spot.element))
        if MANY_ATTRIBUTES(spot.element):
            raise NotOrdinary
        return _mended(inner_html(spot.element, without_div=self.is_atom))


def _inside(around: _Spot, element: etree._Element) -> _Spot:
    attributes = _attributes(element)
    base, language = _scope(attributes, around.base, around.language) if attributes else (around.base, around.language)
    return _Spot(element, attributes, base, language, around.depth + 1, around.in_feed)


def _is_link(spot: _Spot) -> bool:
    """Whether a `link` leads to the entry's page: one of RSS, or an Atom link to an alternate (RFC 4287, section 4.2.7)."""
    said = spot.attributes
    form = said.get("type", "text/html")
    is_page = said.get("rel", "alternate") == "alternate" and TYPES.get(form, form) in ("text/html", XHTML)
    return is_page or _address(spot) is None


def _address(spot: _Spot) -> str | None:
    said = spot.attributes
    return said.get("url", said.get("uri", said.get("href"))) or said.get("href")


def _link(spot: _Spot) -> str:
    address = _address(spot)
    if address is not None:
        return storable(joined(spot.base, address)).strip()
    text = _text(spot.element).strip()
    text = _mended(joined(spot.base, text)) if text else ""
    return BROKEN_REFERENCE.sub(r"&\1", text.replace("&amp;", "&"))


def _is_permalink(spot: _Spot) -> bool:
    return spot.attributes.get("ispermalink", "true") == "true"  # RSS 2.0: what is not said is true


def _id(spot: _Spot) -> str:
    text = _text(spot.element).strip()
    return _mended(joined(spot.base, text) if text and _is_permalink(spot) else text)


def _time(spot: _Spot) -> str:
    return _mended(_text(spot.element))


def _kind(element: etree._Element) -> str:
    tag = str(element.tag)
    return "feed" if etree.QName(element).localname.lower() == "rss" else kind_of(tag, element.prefix)


def _name(element: etree._Element) -> str:
    name = etree.QName(element)
    prefix = PREFIXES.get((name.namespace or "").lower(), element.prefix or "")
    return f"{prefix}:{name.localname.lower()}" if prefix else name.localname.lower()


def _attributes(element: etree._Element) -> Mapping[str, str]:
    """The attributes by their names in lower case, those of a namespace with its usual prefix."""
    count = len(element.attrib)
    if not count:
        return NONE
    if count > MOST_ATTRIBUTES:
        raise NotOrdinary
    found: dict[str, str] = {}
    for name, value in element.items():
        key = str(name)
        if key.startswith("{"):
            namespace, _, local = key[1:].rpartition("}")
            key = f"{PREFIXES.get(namespace.lower(), '?')}:{local}"
        key = key.lower()
        found[key] = str(value).lower() if key in LOWERED else str(value)
    return found


def _scope(attributes: Mapping[str, str], base: str, language: str) -> tuple[str, str]:
    """Base address and language inside an element with these attributes."""
    given = attributes.get("xml:base", attributes.get("base"))
    said = attributes.get("xml:lang", attributes.get("lang"))
    return base_address(base, given) if given else base, language if said is None else storable(said.replace("_", "-"))


def _text(element: etree._Element) -> str:
    """The text of an element that has no elements inside; comments and processing instructions part none of it."""
    if not len(element):
        return element.text or ""
    if any(isinstance(child.tag, str) for child in element):
        raise NotOrdinary
    return "".join([element.text or "", *(child.tail or "" for child in element)])


def _mended(text: str) -> str:
    """Without white space at the ends; UTF-8 that was taken for ISO 8859-1 and encoded again is put right."""
    text = text.strip()
    if text.isascii():
        return text if "\x7f" not in text else storable(text).strip()
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return storable(text.translate(WINDOWS)).strip() if WINDOWS_SIGN.search(text) else text
