"""HTML of a source: hostile until it is cleaned."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from aggregator.text.storable import one_line, storable

if TYPE_CHECKING:
    import nh3

_BLOCKS = """address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul"""
EDGE = "\x1e"  # record separator: stands in the text where a block begins or ends; none of its own is left in by then
_INLINE = """a abbr acronym b bdi bdo big center cite code del dfn em font i img input ins kbd label mark picture q s samp small
source span strike strong sub sup time tt u var video audio wbr"""
MARKS = {slash + name: EDGE for name in _BLOCKS.split() for slash in ("", "/")} | {"td": " | ", "th": " | "}
# What a tag does to the text around it, by its name as it is nearly always written: "" is nothing.
COMMON = {slash + name: "" for name in _INLINE.split() for slash in ("", "/")} | MARKS
SILENT = frozenset({"noscript", "template", "select", "button", "object", "svg"})  # their text is for no reader
_RAW = ("script", "style", "textarea", "title", "iframe")  # as silent, and nothing in them is markup but their own end tag
BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
MARKUP = re.compile(r"<[a-zA-Z!/?]|&[a-zA-Z#]\w*;")

# One pattern for every piece of markup, as the HTML standard cuts it (section 13.2.5), with the name of a tag as its group.
# Possessive, and each branch may end with the text, so that it never goes back: the time is linear for any input. "~" is
# the white space of HTML.
_AFTER_NAME = r"""[^>=]*+(?:=[~]*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^~>"'][^~>]*+)?[^>=]*+)*+(?:>|\Z)"""
_COMMENT = r"!--(?:-?>|.*?(?:--!?>|\Z))|[!?/][^>]*+(?:>|\Z)"


def _raw(name: str) -> str:
    either = "".join(f"[{sign}{sign.upper()}]" for sign in name)  # re.IGNORECASE would slow down all the rest
    return rf"{either}(?=[~/>]){_AFTER_NAME}.*?(?:</{either}(?=[~/>])[^>]*+(?:>|\Z)|\Z)"


TAG = re.compile(
    rf"<(?:(?=[istIST])(?:{'|'.join(map(_raw, _RAW))})|(/?[a-zA-Z][^~/>]*+)(?:>|{_AFTER_NAME})|{_COMMENT})".replace(
        "~", r" \t\n\r\f"
    ),
    re.DOTALL,
)
# Signs that only say where a line may break, or that a file begins. Joiners say that too where a page's machinery put them; in
# Arabic, Indic and like scripts, and in emoji, they are spelling: without it a word of Persian reads as another one.
_JOINING = "\u0600-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
UNSEEN = re.compile(f"[\u00ad\u200b\u2060\ufeff]+|(?<![{_JOINING}])\u200c+|(?<![{_JOINING}{_EMOJI}])\u200d+")
CHARACTER = re.compile(r"(&(?:#\w{1,32}|[^\t\n\f <&#;]{1,32});?)")
_character = lru_cache(maxsize=4096)(unescape)  # a page writes few different ones


def fold(text: str) -> str:
    """One line of plain text: white space folded, invisible and control signs gone but for joiners that are spelling, Unicode
    in NFC."""
    line, printable = one_line(text)
    if not printable:
        line, _ = one_line(UNSEEN.sub("", storable(line)))
    return line if line.isascii() else unicodedata.normalize("NFC", line)


_RULES: dict[str, Any] = {
    "clean_content_tags": {"script", "style", "noscript", "template", "iframe", "object", "svg", "math"},
    "url_schemes": {"http", "https", "mailto"},
    "link_rel": "noopener nofollow",
}
# The cleaner's time grows with the square of levels, of ampersands and of the attributes of one tag.
MOST_TAGS, MOST_CHARACTERS = 12_000, 200_000
MOST_TAG = 20_000  # characters of one start tag beside its quoted values
START_TAG = re.compile(rf"<[a-zA-Z][^~/>]*+{_AFTER_NAME}".replace("~", r" \t\n\r\f"))
QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
MOST_ROUNDS = 4  # nearly always one; no input is known that needs more than three
NO_PLAIN_TEXT = re.compile("[>&\r\x00\xa0\ufeff\ud800-\udfff]")  # what cleaning may change where there is no markup
# An address in *cleaned* HTML that is not plainly absolute. There every value stands in straight quotes, decoded and escaped
# anew, behind a name in small letters, so nothing hides; a text that only looks so costs time and no more.
LINKED_TAG = re.compile(r'<[a-z][^<>]*?(?:href|src|cite)="[^<>]*>')  # in cleaned HTML no other sign is a pointed bracket
LINK = re.compile(r' ([a-z]+)="([^"]*)"')
NOT_ABSOLUTE = re.compile(r'="(?<=href="|.src="|cite=")(?!(?:https?://[a-zA-Z0-9]|mailto:)[^\s"]*(?<![?#])")')


@cache  # to build one takes as long as to clean a short text
def cleaner() -> nh3.Cleaner:
    """What cleans a piece of HTML; one for all."""
    import nh3  # noqa: PLC0415 - a large library, and the running service asks this module for plain text alone

    return nh3.Cleaner(tags=nh3.ALLOWED_TAGS - {"area", "map"}, **_RULES)


def clean_html(html: str, *, base_url: str) -> str:
    """HTML that is safe to put on a page: no scripts, styles, forms, frames or event handlers; links absolute.

    `base_url` is the address that relative links mean. Only http, https and mailto links and http(s) pictures stay. What holds
    more tags than any page for people becomes its paragraphs.
    """
    if "<" not in html and not NO_PLAIN_TEXT.search(html):
        return html
    if len(html) > MOST_TAG and _is_flood(html):
        return "".join(f"<p>{escape(part, quote=False)}</p>" for part in html_to_text(html).split("\n\n") if part)
    try:
        clean = _settled(cleaner().clean(html))
    except UnicodeEncodeError:  # half a surrogate pair
        return clean_html(storable(html), base_url=base_url)
    if NOT_ABSOLUTE.search(clean):
        attribute = _absolute(base_url if base_url.startswith(("http:", "https:")) else "")
        return LINKED_TAG.sub(lambda tag: LINK.sub(attribute, tag.group()), clean)
    return clean


def _is_flood(html: str) -> bool:
    if html.count("<") > MOST_TAGS or html.count("&") > MOST_CHARACTERS:
        return True
    long = (tag.group() for tag in START_TAG.finditer(html) if tag.end() - tag.start() > MOST_TAG)
    return any(len(QUOTED.sub("", tag)) > MOST_TAG for tag in long)


def _settled(clean: str) -> str:
    """Cleaned HTML as it stays when it is read again: where a tag went, what stood in it may have to stand elsewhere."""
    for _ in range(MOST_ROUNDS):
        again = cleaner().clean(clean)
        if again == clean:
            break
        clean = again
    return clean


def _absolute(base_url: str) -> Callable[[re.Match[str]], str]:
    def attribute(found: re.Match[str]) -> str:
        name, value = found.groups()
        if name not in ("href", "src", "cite"):
            return found.group()
        try:
            link = urljoin(base_url, unescape(value).strip(" \t\n\r\f"))
        except ValueError:
            return ""  # a link that cannot be read is no link
        if name == "cite" and not link.lower().startswith(("http:", "https:")):
            return ""  # the cleaner asks for the scheme of the others itself
        return f' {name}="{_escaped(link)}"'

    return attribute


def _escaped(value: str) -> str:
    """A value as the cleaner writes it."""
    return escape(value, quote=False).replace('"', "&quot;").replace("\xa0", "&nbsp;")


def html_to_text(html: str) -> str:
    """The text of an HTML fragment: a paragraph per block, parted by blank lines; entities decoded once.

    Text without any markup is parted where it has blank lines itself.
    """
    if not MARKUP.search(html):
        return "\n\n".join(filter(None, (fold(part) for part in BLANK_LINE.split(html))))
    blocks = "".join(_pieces(html.replace(EDGE, " "))).split(EDGE)
    return "\n\n".join(filter(None, (fold(block).strip("| ") for block in filter(str.strip, blocks))))


def _pieces(html: str) -> list[str]:
    """The text between the tags, with `EDGE` where a block begins or ends and a bar where a cell begins.

    What is nested and what is left open makes no difference to that, so no tree is built.
    """
    start, *parts = TAG.split(html)
    pieces = [_decoded(start)]
    add, common = pieces.append, COMMON.get
    silent: dict[str, list[int]] = {}  # where the pieces of silent elements begin that are still open
    after_break = False  # whether the last tag was `<br>`, with nothing but white space since
    both = iter(parts)
    for tag, written in zip(both, both, strict=True):
        mark = common(tag)
        if mark is None and tag:  # a comment has no name
            name = tag.lower()
            mark = common(name, "")
            if name == "br":
                mark = EDGE if after_break else " "
            elif name in SILENT:
                silent.setdefault(name, []).append(len(pieces))
            elif silent.get(name[1:]):
                del pieces[silent[name[1:]].pop() :]
            after_break = name == "br"
        elif mark is not None:
            after_break = False
        if mark:
            add(mark)
        if written:
            add(_decoded(written) if "&" in written else written)
            after_break = after_break and pieces[-1].isspace()
    return pieces


def _decoded(text: str) -> str:
    parts = CHARACTER.split(text)
    parts[1::2] = map(_character, parts[1::2])
    return "".join(parts)
