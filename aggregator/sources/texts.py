"""Texts of entries as HTML, whatever form a feed gave them."""

from __future__ import annotations

import re
from html import escape, unescape
from itertools import islice

from aggregator.sources.links import joined
from aggregator.text.html import TAG

# Says plain text and is HTML, as many feeds do: a closing tag, the start of a paragraph, a reference.
MISLABELLED = re.compile(r"</[a-zA-Z][a-zA-Z0-9]{0,20}\s{0,9}>|<(?:p|br|div|img|a\s)[^<>]{0,300}>|&#?\w{1,10};")
# The value of a link that may be relative; sought by its sign, which is rare, so that texts without such links cost little.
RELATIVE = re.compile(
    r"""=(?:(?<=(?i:href)=)|(?<=(?i:src)=)|(?<=(?i:cite)=)|(?<=(?i:poster)=)|(?<=\s=))\s{0,9}["']?(?!https?://|mailto:|#)"""
)
MOST_LINKS = 300  # of one text that are read against its base; each takes about 10 µs
MOST_RELINKED = 500  # texts of one feed that this is done for
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


def absolute_links(html: str, base: str) -> str:
    """HTML with its relative links read against `base` (XML Base, section 4.1); nothing else changes.

    Links inside the text itself (`#note`) stay, as do those beyond `MOST_LINKS`: they mean the page that the entry is on.
    """
    pieces: list[str] = []
    place = 0
    for found in islice(RELATIVE.finditer(html), MOST_LINKS):
        start = html.rfind("<", max(place, found.start() - MOST_TAG), found.start())
        tag = TAG.match(html, start) if start >= 0 else None
        if tag is not None and found.start() < tag.end() < start + MOST_TAG * 5 and tag.group(1):
            pieces += (html[place:start], _absolute(tag.group(), base))
            place = tag.end()
    return "".join((*pieces, html[place:])) if pieces else html


def _absolute(tag: str, base: str) -> str:
    left = iter(range(MOST_LINKS))

    def link(found: re.Match[str]) -> str:
        name, equals, value = found.groups()
        if not value or name.lower() not in LINKS or next(left, None) is None:
            return found.group()
        reference = unescape(value[1:-1] if value[0] in "\"'" else value).strip()
        if not reference or reference.startswith("#"):
            return found.group()
        address = joined(base, reference)
        return f'{name}{equals}"{escape(address)}"' if address not in ("", reference) else found.group()

    return ATTRIBUTE.sub(link, tag)
