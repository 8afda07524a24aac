"""Texts of entries as HTML, whatever form a feed gave them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape

from aggregator.sources.links import joined
from aggregator.text.html import TAG

# Says plain text and is HTML, as many feeds do: a closing tag, the start of a paragraph, a reference.
MISLABELLED = re.compile(r"</[a-zA-Z][a-zA-Z0-9]{0,20}\s{0,9}>|<(?:p|br|div|img|a\s)[^<>]{0,300}>|&#?\w{1,10};")
# The value of a link that may be relative; sought by its sign, which is rare, so that texts without such links cost little.
RELATIVE = re.compile(
    r"""=(?:(?<=(?i:href)=)|(?<=(?i:src)=)|(?<=(?i:cite)=)|(?<=(?i:poster)=)|(?<=\s=))\s{0,9}["']?(?!https?://|mailto:|#)"""
)
MOST_LINKS = 20_000  # of one feed that are read against a base of their own; each takes about 15 µs
MOST_TAG = 4_000  # characters before a link in its own tag, and a fifth of those of a whole tag: what is longer stays as it is
# One attribute of a tag, with its value: what stands inside a value is none.
ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:(\s*+=\s*+)("[^"]*+"|'[^']*+'|[^\s"'>]++))?""")
LINKS = frozenset(("href", "src", "cite", "poster"))
BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def as_html(text: str) -> str:
    """Plain text as the HTML that means it, a paragraph for each; what only says that it is plain stays as it is."""
    if ("<" not in text and "&" not in text) or MISLABELLED.search(text):
        return text
    parts = BLANK_LINE.split(text)
    return escape(text, quote=False) if len(parts) == 1 else "".join(f"<p>{escape(part, quote=False)}</p>" for part in parts)


@dataclass(slots=True)
class Links:
    """How many links of one feed may still be read against a base of their own."""

    left: int = MOST_LINKS

    def take(self) -> bool:
        """Whether there was one left."""
        self.left -= 1
        return self.left >= 0


def absolute_links(html: str, base: str, links: Links) -> str:
    """HTML with its relative links read against `base` (XML Base, section 4.1); nothing else that is shown changes.

    Links inside the text itself (`#note`) stay, as do those beyond what `links` allows: they mean the page of the entry.
    """
    pieces: list[str] = []
    place = tried = 0
    for found in RELATIVE.finditer(html):
        if links.left <= 0:
            break
        start = html.rfind("<", max(place, found.start() - MOST_TAG), found.start())
        if start < tried:
            continue
        tried = start + 1
        tag = TAG.match(html, start)
        if tag is not None and found.start() < tag.end() < start + 5 * MOST_TAG and tag.group(1):
            pieces += (html[place:start], _absolute(tag.group(), base, links))
            place = tag.end()
    return "".join((*pieces, html[place:])) if pieces else html


def _absolute(tag: str, base: str, links: Links) -> str:
    def link(found: re.Match[str]) -> str:
        name, equals, value = found.groups()
        if not value or name.lower() not in LINKS:
            return found.group()
        reference = unescape(value[1:-1] if value[0] in "\"'" else value).strip()
        if not reference or reference.startswith("#") or not links.take():
            return found.group()
        address = joined(base, reference)
        return f'{name}{equals}"{escape(address)}"' if address not in ("", reference) else found.group()

    return ATTRIBUTE.sub(link, tag)
