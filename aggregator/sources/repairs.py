"""Feeds as they are sent: what is put right before they are parsed, and where one was cut off.

All of it looks at bytes, in time that grows with their number, so that no parser meets what it would be slow at or
would misread.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from html.entities import name2codepoint

from aggregator.sources.attacks import CDATA_CLOSES, CDATA_OPENS, CLOSED, OPENED, parts
from aggregator.sources.errors import SourceFormatError
from aggregator.text.encodings import DECLARATION, UTF_8_MARK, codec, declared

MOST_PROLOG = 20_000  # bytes before the first element, with a document type; without one they are dropped
FIRST_ELEMENT = re.compile(rb"<\w")
CONTROLS = bytes((*range(9), *range(0x0E, 0x20), 0x7F))  # but for the last none may stand in XML
OLD_SPACES = bytes.maketrans(b"\x0b\x0c", b"  ")  # nor may these
LONGEST_OPENING = 300  # bytes of a start tag before a CDATA section
OPENING = re.compile(rb"<([\w:.-]{1,50})(?:\s[^<>]*)?>\s*\Z")
SPACES = re.compile(rb"\s{2,}+")
DEFAULTS = re.compile(rb"<!ATTLIST[^<>]*>")  # what an attribute is worth where it is not written: no feed needs it
BARE_AMPERSAND = re.compile(rb"&(?!#?\w+;)")
NUMBER = re.compile(rb"&#(?:(\d+)|[xX]([0-9a-fA-F]+));")
NAME = re.compile(rb"&([a-zA-Z][a-zA-Z0-9]{1,10});")
XML_NAMES = frozenset((b"lt", b"gt", b"amp", b"quot", b"apos"))
# feedparser compares each keyword with all before it. No entry needs them, so they get a name that means nothing.
KEYWORDS = re.compile(rb"(</?)(?:\w{1,20}:)?(?:category|keywords|subject|tags)\b", re.IGNORECASE)
RSS_PREFIX = re.compile(rb"(</?)rss:(?=[a-zA-Z])")  # of no namespace that is declared anywhere: the elements are RSS's own
# feedparser seeks mail addresses and dates in these in time that grows with the square of what they hold.
_SHORT = (
    rb"author|creator|managingeditor|webmaster|publisher|owner|published|issued|pubdate|date|updated|modified|lastbuilddate"
)
SHORT = re.compile(rb"<(/?)(?:\w{1,20}:)?(?:" + _SHORT + rb"|created|expirationdate|name|email|valid)\b", re.IGNORECASE)
MOST_SHORT = 2_000  # bytes of one of these with all that is inside
LONG_WORD = re.compile(rb"[\w.+\-@&#;]{100}")
MARKS = re.compile(rb"<!\[CDATA\[|\]\]>|<[^<>]*>")


def mend(body: bytes, url: str) -> bytes:
    """The bytes with the usual slips put right: control characters, what stands before the XML declaration, and references
    (`mend_references`).

    Raises `SourceFormatError` for a document type that no honest feed has.
    """
    return _tidy_prolog(mend_references(body.translate(OLD_SPACES, CONTROLS)), url)


def closed_cdata(body: bytes) -> bytes:
    """The bytes with each CDATA section closed that is not closed before the next one begins: it ends where its element does.

    Its end would else be taken to be that of the next one, and what stands between, other entries among it, for its text.
    """
    first, *pieces = body.split(CDATA_OPENS)
    if all(CDATA_CLOSES in piece for piece in pieces):
        return body
    mended = [first]
    for before, piece in zip((first, *pieces), pieces, strict=False):
        around = OPENING.search(before[-LONGEST_OPENING:]) if CDATA_CLOSES not in piece else None
        text, end_tag, rest = piece.partition(b"</" + around.group(1) + b">") if around else (piece, b"", b"")
        mended += (CDATA_OPENS, text, CDATA_CLOSES if end_tag else b"", end_tag, rest)
    return b"".join(mended)


def spare_feedparser(body: bytes) -> bytes:
    """The bytes without what feedparser would be slow at and no entry needs, keywords and authors as long as books, and without
    a prefix `rss:`, behind which it would find nothing."""
    without = b"".join(
        part if is_data else KEYWORDS.sub(rb"\1x", RSS_PREFIX.sub(rb"\1", part)) for part, is_data in parts(body)
    )
    marks = list(SHORT.finditer(without))
    ends = [mark.start() for mark in marks if mark.group(1)]
    pieces: list[bytes] = []
    place = 0
    for mark in marks:
        following = bisect_left(ends, mark.end())
        end = ends[following] if following < len(ends) else len(without)
        if not mark.group(1) and _is_long(without[mark.end() : min(end, mark.end() + MOST_SHORT + 1)]):
            pieces += (without[place : mark.start()], b"<x")
            place = mark.end()
    return b"".join((*pieces, without[place:]))


def _is_long(inside: bytes) -> bool:
    return len(inside) > MOST_SHORT or LONG_WORD.search(MARKS.sub(b"", inside)) is not None


def _tidy_prolog(body: bytes, url: str) -> bytes:
    """The declaration first and on a line of its own, then the document type, then the first element.

    feedparser searches what stands before the first element with patterns that take quadratic time, and takes a declaration
    for none that does not come first.
    """
    body = body.removeprefix(UTF_8_MARK)
    first = FIRST_ELEMENT.search(body)
    if first is None:
        return body.lstrip()[:MOST_PROLOG]
    head, rest = body[: first.start()], body[first.start() :]
    opens = head.find(b"<?xml")
    found = DECLARATION.match(head, opens) if opens >= 0 else None
    declaration = found.group() if found and codec(declared(found.group()) or "utf-8") else b""
    kind = head.find(b"<!DOCTYPE")
    if kind < 0:
        return declaration + b"\n" + rest
    doctype = SPACES.sub(b"\n", DEFAULTS.sub(b"", head[kind:]))
    if len(doctype) > MOST_PROLOG:
        raise SourceFormatError(f"{url}: has a document type of more than {MOST_PROLOG:,} bytes, which no feed needs")
    return declaration + b"\n" + doctype + rest


def mend_references(body: bytes) -> bytes:
    """`Q&A` as `Q&amp;A`, of which the parser would make `Q&A;`; `&eacute;`, which HTML knows and XML does not, as its number;
    numbers that no character has, which end it, as U+FFFD.

    CDATA sections stay, and well-formed XML is not changed.
    """
    return b"".join(part if is_data or b"&" not in part else _references(part) for part, is_data in parts(body))


def _references(part: bytes) -> bytes:
    return NAME.sub(_numbered, NUMBER.sub(_mended, BARE_AMPERSAND.sub(b"&amp;", part)))


def _mended(found: re.Match[bytes]) -> bytes:
    decimal, hexadecimal = found.groups()
    digits = (decimal or hexadecimal).lstrip(b"0")
    # Seven digits hold every character (U+10FFFF is 1114111); Python refuses to read numbers of thousands of digits.
    number = int(digits or b"0", 10 if decimal else 16) if len(digits) <= 7 else 0x110000
    return b"&#xFFFD;" if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF else found.group()


def _numbered(found: re.Match[bytes]) -> bytes:
    number = None if found.group(1) in XML_NAMES else name2codepoint.get(found.group(1).decode())
    return found.group() if number is None else b"&#%d;" % number


def is_cut_off(body: bytes) -> bool:
    """Whether the bytes end inside an entry, as a broken connection leaves them: the last one read is then not whole."""
    start = max((opened.end() for opened in OPENED.finditer(body)), default=None)
    return start is not None and CLOSED.search(body, start) is None
