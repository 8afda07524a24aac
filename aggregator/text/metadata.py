"""What a page says of itself beside its text: JSON-LD (schema.org), Open Graph, meta and link elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from aggregator.model import Alternate
from aggregator.text.blocks import words_of
from aggregator.text.html import fold

MOST_NODES = 2_000  # of JSON-LD that are looked at
LONGEST_DATA = 2_000_000  # characters of one JSON-LD script
MOST_LINKS = 200
ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|Statement|SpeechAct|NewsItem)$")
PAGE = re.compile(r"Page$")
# Read by pattern where it is no well-formed JSON, as often.
MEMBER = r'"%s"\s*:\s*"((?:[^"\\]|\\.)*+)"'
MEMBERS = {
    name: re.compile(MEMBER % name) for name in ("headline", "datePublished", "dateModified", "articleBody", "inLanguage")
}
SEPARATOR = re.compile(r"\s+(?:[|•·»:]+|[-–—])\s+")
LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The metadata of one page."""

    metas: dict[str, str]  # first value by property, name, itemprop or http-equiv, in small letters
    data: dict[str, str]  # members of the page's article in JSON-LD, as written; those of a page where it names no article

    def first(self, *names: str) -> str:
        """The first of these metas that is not empty, folded."""
        return next((value for name in names if (value := fold(self.metas.get(name, "")))), "")


def read_metadata(root: HtmlElement) -> Metadata:
    """The metadata of a page's tree."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        for key in ("property", "name", "itemprop", "http-equiv"):
            if (name := meta.get(key)) and (content := meta.get("content")):
                metas.setdefault(name[:100].lower(), content)
    return Metadata(metas=metas, data=_data(root))


def _data(root: HtmlElement) -> dict[str, str]:
    articles: dict[str, str] = {}
    pages: dict[str, str] = {}
    for script in root.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "").lower() or len(text) > LONGEST_DATA:
            continue
        try:
            nodes = _nodes(json.loads(text, strict=False))
        except (ValueError, RecursionError):
            found = ((name, pattern.search(text)) for name, pattern in MEMBERS.items())
            _fill(articles, {name: match[1] for name, match in found if match})
            continue
        for node in nodes:
            kinds = node.get("@type")
            names = [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]
            if any(ARTICLE.search(name) for name in names):
                _fill(articles, node)
            elif any(PAGE.search(name) for name in names) or kinds is None:
                _fill(pages, node)
    return pages | articles


def _nodes(value: object) -> Iterator[dict[str, object]]:
    """Every object of a JSON document, the outer ones first."""
    waiting = [value]
    for _ in range(MOST_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting += [member for member in value.values() if isinstance(member, dict | list)]
        elif isinstance(value, list):
            waiting += value[:MOST_NODES]


def _fill(members: dict[str, str], node: dict[str, object] | dict[str, str]) -> None:
    for name in ("headline", "datePublished", "dateModified", "articleBody", "description", "inLanguage"):
        if isinstance(value := node.get(name), str) and value.strip():
            members.setdefault(name, value)


def language_of(root: HtmlElement, metadata: Metadata) -> str:
    """The language of a page (BCP 47), or ""."""
    around = (element.get("lang") or "" for element in root.iter("main", "article", "div") if element.get("lang"))
    for written in (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or "",
        metadata.first("og:locale", "content-language", "inlanguage", "dc.language", "language"),
        metadata.data.get("inLanguage", ""),
        next(around, ""),
    ):
        if LOCALE.fullmatch(written.strip()):
            return written.strip().replace("_", "-")
    return ""


def title_of(root: HtmlElement, metadata: Metadata) -> str:
    """The title of a page without the name of its site: the heading that its metadata speaks of, else what that says."""
    site = metadata.first("og:site_name", "application-name")
    named = metadata.first("og:title", "twitter:title", "dc.title") or fold(metadata.data.get("headline", ""))
    title = next((fold(element.text_content()) for element in root.iter("title")), "")
    spoken_of = set(words_of(named or title))
    headings = [text for element in root.iter("h1") if (text := fold(element.text_content()))]
    for heading in headings:
        if spoken_of and len(spoken_of & set(words_of(heading))) >= 0.5 * len(spoken_of):
            return _without_site(heading, site)
    for found in (named, *headings[:1], title):
        if found:
            return _without_site(found, site)
    return ""


def _without_site(title: str, site: str) -> str:
    parts = SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    cut = title[: title.rfind(parts[-1])].rstrip(" |•·»:-–—")
    bar = title[len(cut) :].strip()[:1] in "|•·»"
    if parts[-1].lower() == site.lower() or (bar and len(cut.split()) > 2):
        return cut
    return title


def own_url(root: HtmlElement, metadata: Metadata, *, url: str) -> str:
    """The address that a page names as its own, absolute, or ""."""
    links = (link.get("href") or "" for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    return next((one for written in (*links, metadata.first("og:url")) if (one := _absolute(written, url))), "")


def alternates_of(root: HtmlElement, *, url: str, own: str) -> tuple[Alternate, ...]:
    """The same page in other languages, as it names them; the page itself (`url`, `own`) is left out."""
    named = (link for link in root.iter("link") if LOCALE.fullmatch((link.get("hreflang") or "").strip()))
    found: dict[str, Alternate] = {}
    for link in islice(named, MOST_LINKS):
        language = link.get("hreflang").strip()
        if "alternate" not in (link.get("rel") or "").lower().split() or language.lower() == "x-default":
            continue
        address = _absolute(link.get("href") or "", url)
        if address and address not in (url, own):
            found.setdefault(address, Alternate(language=language, url=address))
    return tuple(found.values())


def _absolute(written: str, url: str) -> str:
    if not (written := written.strip()) or len(written) > 2_000:
        return ""
    try:
        address = urljoin(url, written)
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.hostname else ""
