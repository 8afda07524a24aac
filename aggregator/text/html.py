"""HTML of a source: hostile until it is cleaned."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import nh3
from bs4 import BeautifulSoup
from bs4.element import CData, Comment, Doctype, NavigableString, PageElement, ProcessingInstruction, Tag

from aggregator.text.fingerprint import INVISIBLE
from aggregator.text.storable import storable

_BLOCKS = """address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul"""
BLOCKS = frozenset(_BLOCKS.split())
_SILENT = """script style noscript template input select textarea button iframe object embed svg head title"""
SILENT = frozenset(_SILENT.split())
CELLS = frozenset({"td", "th"})
DEEPEST = 200  # levels of nesting that are followed; a page for people has a few dozen
BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
MARKUP = re.compile(r"<[a-zA-Z!/?]|&[a-zA-Z#]\w*;")


def fold(text: str) -> str:
    """One line of plain text: white space folded, invisible and control signs gone, Unicode in NFC."""
    return " ".join(unicodedata.normalize("NFC", storable(text).translate(INVISIBLE)).split())


def clean_html(html: str, *, base_url: str) -> str:
    """HTML that is safe to put on a page: no scripts, styles, forms, frames or event handlers; links absolute.

    `base_url` is the address that relative links mean. Only http, https and mailto links and http(s) pictures stay.
    """
    return nh3.clean(
        html,
        tags=nh3.ALLOWED_TAGS - {"area", "map"},
        clean_content_tags={"script", "style", "noscript", "template", "iframe", "object", "svg", "math"},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
        attribute_filter=_absolute(base_url),
    )


def _absolute(base_url: str) -> Callable[[str, str, str], str | None]:
    def attribute(_tag: str, name: str, value: str) -> str | None:
        if name not in ("href", "src", "cite"):
            return value
        try:
            return urljoin(base_url, value)
        except ValueError:
            return None  # a link that cannot be read is no link

    return attribute


def html_to_text(html: str) -> str:
    """The text of an HTML fragment: a paragraph per block, parted by blank lines; entities decoded once.

    Text without any markup is parted where it has blank lines itself.
    """
    if not MARKUP.search(html):
        return "\n\n".join(filter(None, (fold(part) for part in BLANK_LINE.split(html))))
    soup = BeautifulSoup(html, "lxml")
    blocks = "".join(_pieces(soup, depth=0)).split("\x00")
    return "\n\n".join(filter(None, (fold(block).strip("| ") for block in blocks)))


def _pieces(node: Tag, *, depth: int) -> Iterator[str]:
    """The text below a node, with NUL where a block begins or ends."""
    for child in node.children:
        if isinstance(child, Tag):
            yield from _tag(child, depth=depth + 1)
        elif _is_text(child):
            yield str(child).replace("\x00", "")


def _tag(tag: Tag, *, depth: int) -> Iterator[str]:
    if tag.name in SILENT:
        return
    if tag.name == "br":
        yield "\x00" if _follows_br(tag) else " "
        return
    edge = "\x00" if tag.name in BLOCKS else ""
    yield edge
    if depth < DEEPEST:
        yield from _pieces(tag, depth=depth)
    else:
        yield tag.get_text(" ").replace("\x00", "")
    yield " | " if tag.name in CELLS else edge


def _follows_br(tag: Tag) -> bool:
    before = tag.previous_sibling
    while isinstance(before, NavigableString) and not before.strip():
        before = before.previous_sibling
    return isinstance(before, Tag) and before.name == "br"


def _is_text(node: PageElement) -> bool:
    return isinstance(node, NavigableString) and not isinstance(node, Comment | Doctype | ProcessingInstruction | CData)
