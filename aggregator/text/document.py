"""A page's bytes as text and as a tree, within bounds."""

from __future__ import annotations

import re
from itertools import islice

import lxml.html
from lxml.etree import LxmlError

from aggregator.text.decoding import as_text
from aggregator.text.encodings import declared, declared_in_html
from aggregator.text.html import TAG

LARGEST = 5_000_000  # characters of a page that are read; no statement is as long
MOST_ELEMENTS = 25_000  # of a page that other libraries are asked about; their time for one is long
LONG_TAG = 2_000  # characters: only what is longer is looked at
MOST_DELIMITERS = 2_000  # of attributes in one tag: the parser's time grows with the square of their number
OPENING = re.compile(r"<(/?[a-zA-Z][^ \t\n\r\f/>]*+)")
DELIMITER = re.compile(r"""[\s/"'=]""")
DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}>")
CONTROLS = bytes(sign for sign in range(32) if sign not in b"\t\n\r")  # no text of XML may hold them


def decode_page(html: bytes) -> str:
    """The text of a page, in the encoding that it declares unless its bytes say otherwise. One above `LARGEST` is cut."""
    body = html[: 4 * LARGEST]
    text = as_text(body, declared(body), declared_in_html(body))
    return _bounded(DECLARATION.sub("", text[:LARGEST], count=1))


def parse_page(text: str) -> lxml.html.HtmlElement | None:
    """The tree of a page; None where there is none, or where it nests deeper than any page for people."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace").translate(None, CONTROLS), parser=parser)
    except (LxmlError, ValueError, AssertionError):
        return None


def is_usual(root: lxml.html.HtmlElement) -> bool:
    """Whether a tree is no larger than pages for people are."""
    return sum(1 for _ in islice(root.iter("*"), MOST_ELEMENTS + 1)) <= MOST_ELEMENTS


def _bounded(text: str) -> str:
    """The page without the attributes of tags that carry thousands of them."""
    pieces, end = [], 0
    for tag in TAG.finditer(text):
        if tag.end() - tag.start() <= LONG_TAG:
            continue
        opening = OPENING.match(text, tag.start())
        if opening is None:
            continue
        stop = tag.end() if tag[1] else text.find(">", opening.end(), tag.end()) + 1
        if sum(1 for _ in DELIMITER.finditer(text, opening.end(), stop)) > MOST_DELIMITERS:
            pieces += [text[end : opening.end()], ">"]
            end = stop
    return "".join((*pieces, text[end:]))
