"""Texts of entries as HTML, whatever form a feed gave them."""

from __future__ import annotations

import re
from html import escape, unescape

from aggregator.sources.links import joined
from aggregator.text.html import TAG

# Says plain text and is HTML, as many feeds do: a closing tag, the start of a paragraph, a reference.
MISLABELLED = re.compile(r"</[a-zA-Z][a-zA-Z0-9]{0,20}\s{0,9}>|<(?:p|br|div|img|a\s)[^<>]{0,300}>|&#?\w{1,10};")
RELATIVE = re.compile(r"""(?:href|src|cite|poster)\s{0,9}=\s{0,9}["']?(?!https?://|mailto:|#)""", re.IGNORECASE)
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

    Links inside the text itself (`#note`) stay: they mean the page that the entry is on.
    """
    if not RELATIVE.search(html):
        return html
    return TAG.sub(lambda tag: _absolute(tag.group(), base) if tag.group(1) and "=" in tag.group() else tag.group(), html)


def _absolute(tag: str, base: str) -> str:
    def link(found: re.Match[str]) -> str:
        name, equals, value = found.groups()
        if not value or name.lower() not in LINKS:
            return found.group()
        reference = unescape(value[1:-1] if value[0] in "\"'" else value).strip()
        if not reference or reference.startswith("#"):
            return found.group()
        address = joined(base, reference)
        return f'{name}{equals}"{escape(address)}"' if address not in ("", reference) else found.group()

    return ATTRIBUTE.sub(link, tag)
