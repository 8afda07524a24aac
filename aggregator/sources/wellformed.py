"""Feeds that are well-formed XML: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 (RFC 4287), read without detours.

The reading is feedparser's, element by element, at a twentieth of its time; `tests/test_sources_feed.py` holds both against
each other. What is out of the ordinary (markup where text should be, base64, a document type) is handed over by `NotOrdinary`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from lxml import etree

from aggregator.sources.elements import (
    MOST_ATTRIBUTES,
    NotOrdinary,
    Spot,
    attributes_of,
    bare,
    inside,
    kind,
    mended,
    name,
    scope,
    text_of,
)
from aggregator.sources.inline import inner_html
from aggregator.sources.limits import MOST_AUTHORS, MOST_VERSIONS
from aggregator.sources.links import joined
from aggregator.sources.names import PREFIXES
from aggregator.sources.raw import RawEntry, RawFeed
from aggregator.sources.texts import Links, absolute_links, as_html
from aggregator.text.encodings import certain_utf8
from aggregator.text.storable import storable

MOST_NESTED = 100  # levels of elements that are followed; feeds have about eight
MANY_ATTRIBUTES = etree.XPath(f"boolean(.//*[@*[{MOST_ATTRIBUTES}]])", smart_strings=False)
PROLOG = 2_000  # bytes in which a document type is sought before the parser sees it
BROKEN_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")
XHTML = "application/xhtml+xml"
FORMS = frozenset(("text/plain", "text/html", XHTML))
TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": XHTML}
SIMPLE = frozenset(("published", "updated", "author"))  # their attributes mean nothing
OF_FEED = frozenset(("language", "published", "updated", "ttl", "period", "frequency"))
NOTHING = RawEntry()  # stands where no entry is being read
NAMES, MAILS = ("name", "itunes:name"), ("email", "itunes:email")

Handlers = dict[str, Callable[["_Road", Spot], None]]

__all__ = ["NotOrdinary", "read_wellformed"]


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
    if not feed.entries and kind(root) != "feed":
        raise NotOrdinary  # a document of another kind need not be a feed
    return feed


def _of_entry(part: str) -> Callable[[_Road, Spot], None]:
    return lambda road, spot: road.choose(part, spot, _plain)


def _of_feed(part: str) -> Callable[[_Road, Spot], None]:
    def take(road: _Road, spot: Spot) -> None:
        if spot.in_feed:
            setattr(road.feed, part, mended(text_of(spot.element)))

    return take


class _Road:
    """One walk over a feed in the order of its elements: what an element means depends on those before it."""

    def __init__(self, root: etree._Element, url: str) -> None:
        self.root, self.url = root, url
        self.feed = RawFeed()
        self.entry = NOTHING
        self.is_atom = "http://www.w3.org/2005/atom" in {uri.lower() for uri in root.nsmap.values()}
        self.kinds: dict[Any, str] = {}
        # Of the entry that is being read: how deep the element stood that gave a value, as a nearer one replaces it.
        self.depths: dict[str, int] = {}
        # What is read only at the entry's end, as the last one counts: one entry may have 100,000 links.
        self.chosen: dict[str, tuple[Spot, Callable[[Spot], str]]] = {}
        self.authors: dict[str, None] = {}
        self.title_depth = -1
        self.has_content = False
        self.links = Links()

    def read(self) -> RawFeed:
        own = etree.QName(self.root).localname.lower()
        if kind(self.root) not in ("feed", ""):
            raise NotOrdinary
        attributes = attributes_of(self.root)
        base, language = scope(attributes, self.url, "")
        if own in ("rss", "feed"):
            self.feed.language = language
        self._children(Spot(self.root, attributes, base, language, 1, kind(self.root) == "feed" and own != "rss"))
        return self.feed

    def _children(self, around: Spot) -> None:
        if around.depth > MOST_NESTED:
            raise NotOrdinary
        handlers = self.AROUND_ENTRIES if self.entry is NOTHING else self.IN_ENTRY
        for element in around.element:
            tag = element.tag
            what = self.kinds.get(tag)
            if what is None:
                what = self._learned(element, tag)
            handle = handlers.get(what)
            if handle is not None and (what or len(element)):
                handle(self, bare(around, element) if what in SIMPLE else inside(around, element))

    def _learned(self, element: etree._Element, tag: Any) -> str:
        if not isinstance(tag, str):
            return "comment"  # or a processing instruction
        what = kind(element)
        if element.prefix is None or tag[1:].rpartition("}")[0].lower() in PREFIXES:
            self.kinds[tag] = what
        return what

    def _refuse(self, _spot: Spot) -> None:
        raise NotOrdinary  # an item inside an item

    def _feed(self, spot: Spot) -> None:
        spot.in_feed = True
        self._children(spot)

    def _aside(self, _spot: Spot) -> None:
        self.title_depth = -1

    def _feed_link(self, spot: Spot) -> None:
        if spot.in_feed and spot.attributes.get("rel") == "next":
            self.feed.following = _address_of(spot)

    def _entry(self, spot: Spot) -> None:
        if "href" in spot.attributes or "lastmod" in spot.attributes:
            raise NotOrdinary  # the Channel Definition Format
        self.entry = entry = RawEntry(id=storable(spot.attributes.get("rdf:about", "")).strip())
        self.feed.entries.append(entry)
        self.depths, self.chosen, self.authors, self.title_depth, self.has_content = {}, {}, {}, -1, False
        self._children(spot)
        for part, (chosen, read) in self.chosen.items():
            setattr(entry, part, read(chosen))
        entry.author = ", ".join(self.authors)
        self.entry, self.chosen = NOTHING, {}  # which would hold the tree beyond its time

    def choose(self, part: str, spot: Spot, read: Callable[[Spot], str]) -> None:
        """Keep an element for a part of the entry, where none stood nearer."""
        before = self.chosen.get(part)
        if before is None or spot.depth <= before[0].depth:
            self.chosen[part] = (spot, read)

    def _id(self, spot: Spot) -> None:
        self.choose("id", spot, _ident)
        if _is_permalink(spot):
            self.chosen.setdefault("link", (spot, _ident))

    def _link(self, spot: Spot) -> None:
        if not _is_link(spot):
            return
        language = spot.attributes.get("hreflang", "")
        if language and len(self.entry.versions) < MOST_VERSIONS:
            self.entry.versions.append((storable(language.replace("_", "-")), _address_of(spot)))
        before = self.chosen.get("link")
        # One that names no language is the entry's own; any link is better than an id that might be one.
        if not language or before is None or before[1] is _ident or "hreflang" in before[0].attributes:
            self.chosen["link"] = (spot, _address_of)

    def _put(self, part: str, value: str, depth: int) -> None:
        if depth <= self.depths.get(part, depth):
            self.depths[part] = depth
            setattr(self.entry, part, value)

    def _title(self, spot: Spot) -> None:
        value = self._markup(spot, "text/plain")
        if not -1 < self.title_depth <= spot.depth:
            if self.entry is not NOTHING:
                self._put("title", value, spot.depth)
                self.entry.language = spot.language
            elif spot.in_feed:
                self.feed.title = value
        # Media RSS titles the picture: a title of the entry may still come.
        if value and PREFIXES.get(etree.QName(spot.element).namespace or "") != "media":
            self.title_depth = spot.depth

    def _described(self, spot: Spot) -> None:
        value = self._text(spot, "text/html")
        if self.entry.summary is None or self.has_content:
            self._put("summary", value, spot.depth)
        else:
            self._add(value)

    def _content(self, spot: Spot) -> None:
        self._add(self._text(spot, "text/html"))

    def _body(self, spot: Spot) -> None:
        had = self.has_content
        self._add(self._text(spot, XHTML))
        self.has_content = had

    def _text(self, spot: Spot, usual: str) -> str:
        value = self._markup(spot, usual)
        self.entry.language = self.entry.language or spot.language
        # What the text's links mean is known only here.
        return absolute_links(value, spot.base, self.links) if spot.base != self.url else value

    def _add(self, value: str) -> None:
        self.has_content = True
        self.entry.contents.append(value)
        if self.entry.summary is None:
            self.entry.summary = value

    def _author(self, spot: Spot) -> None:
        """Adds an author to the entry's; those of its feed, which stand deeper or higher, count only where it has none."""
        said = _person(spot)
        nearest = self.depths.setdefault("author", spot.depth)
        if spot.depth < nearest:
            self.authors.clear()
        if said and spot.depth <= nearest and len(self.authors) < MOST_AUTHORS:
            self.authors[said] = None
            self.depths["author"] = spot.depth

    def _source(self, spot: Spot) -> None:
        self.title_depth = -1
        self.chosen["publisher"] = (spot, self._publisher)
        self.chosen["publisher_link"] = (spot, _publisher_link)

    def _publisher(self, spot: Spot) -> str:
        """The feed that an entry was taken from: RSS 2.0 writes its title and address, Atom (4.2.11) puts its parts inside."""
        if not len(spot.element):
            return mended(spot.element.text or "")
        titles = [element for element in spot.element if isinstance(element.tag, str) and kind(element) == "title"]
        return self._markup(inside(spot, titles[-1]), "text/plain") if titles else ""

    def _markup(self, spot: Spot, usual: str) -> str:
        """The value of an Atom text construct (RFC 4287, section 3.1) or of an RSS element that holds HTML."""
        said = spot.attributes.get("type")
        form = TYPES.get(said, said) if said is not None else usual
        if form not in FORMS or spot.attributes.get("mode") == "base64":
            raise NotOrdinary
        if form != XHTML:
            value = mended(text_of(spot.element))
            return as_html(value) if said is not None and form == "text/plain" else value
        if MANY_ATTRIBUTES(spot.element):
            raise NotOrdinary
        return mended(inner_html(spot.element, without_div=self.is_atom))

    IN_ENTRY: ClassVar[Handlers] = {
        "": _children,
        "feed": _feed,
        "entry": _refuse,
        "aside": _aside,
        "source": _source,
        "title": _title,
        "described": _described,
        "content": _content,
        "body": _body,
        "author": _author,
        "link": _link,
        "id": _id,
        **{part: _of_entry(part) for part in ("published", "updated", "language")},
    }
    AROUND_ENTRIES: ClassVar[Handlers] = {
        "": _children,
        "feed": _feed,
        "entry": _entry,
        "aside": _aside,
        "source": _aside,
        "title": _title,
        "link": _feed_link,
        **{part: _of_feed(part) for part in OF_FEED},
    }


def _is_link(spot: Spot) -> bool:
    """Whether a `link` leads to the entry's page: one of RSS, or an Atom link to an alternate (RFC 4287, section 4.2.7)."""
    said = spot.attributes
    if not said:
        return True
    form = said.get("type", "text/html")
    is_page = said.get("rel", "alternate") == "alternate" and TYPES.get(form, form) in ("text/html", XHTML)
    return is_page or _address(spot) is None


def _address(spot: Spot) -> str | None:
    said = spot.attributes
    return said.get("url", said.get("uri", said.get("href"))) or said.get("href")


def _address_of(spot: Spot) -> str:
    address = _address(spot) if spot.attributes else None
    if address is not None:
        return storable(joined(spot.base, address)).strip()
    text = text_of(spot.element).strip()
    text = mended(joined(spot.base, text)) if text else ""
    return BROKEN_REFERENCE.sub(r"&\1", text.replace("&amp;", "&")) if "&" in text else text


def _publisher_link(spot: Spot) -> str:
    if not len(spot.element):
        return _address_of(spot) if "url" in spot.attributes else ""
    found = [inside(spot, element) for element in spot.element if isinstance(element.tag, str) and kind(element) == "link"]
    return next((_address_of(link) for link in reversed(found) if _is_link(link)), "")


def _is_permalink(spot: Spot) -> bool:
    return spot.attributes.get("ispermalink", "true") == "true"  # RSS 2.0: what is not said is true


def _ident(spot: Spot) -> str:
    element = spot.element  # some put tags around it, but an id is a text
    text = ("".join(map(str, element.itertext(etree.Element))) if len(element) else element.text or "").strip()
    return mended(joined(spot.base, text) if text and _is_permalink(spot) else text)


def _person(spot: Spot) -> str:
    """An author as one text: `Name (mail)` where the parts stand in elements of their own, else whatever is written."""
    person = mail = ""
    for part in spot.element.iterdescendants(etree.Element):
        said = name(part)
        if said in NAMES:
            person = mended(text_of(part))
        elif said in MAILS:
            mail = mended(text_of(part))
    if person or mail:
        return f"{person} ({mail})" if person and mail else person or mail
    pieces = [spot.element.text or "", *(child.tail or "" for child in spot.element)]
    return mended("".join(pieces)) or mended("".join(str(piece) for piece in spot.element.itertext()))


def _plain(spot: Spot) -> str:
    return mended(text_of(spot.element))
