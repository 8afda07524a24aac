"""Where a site keeps its feeds: what its pages name, where sites usually have them, and what an answer is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from bs4 import BeautifulSoup, Tag

from aggregator.sources.languages import language_tag
from aggregator.sources.limits import plain_title
from aggregator.sources.links import web_address
from aggregator.sources.markup import page_base, read_html, said
from aggregator.sources.selecting import text_of
from aggregator.sources.unpacking import GZIP
from aggregator.text.encodings import UTF_8_MARK, WHITE
from aggregator.text.html import fold

MOST_LINKS = 2_000  # of one page that are looked at
MOST_FEEDS = 8  # that one page names
MOST_SITEMAPS = 2  # that one robots.txt names
HEAD = 4_096  # bytes in which a document says what it is
FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
PERHAPS = frozenset({"application/json", "application/xml", "text/xml"})  # JSON Feed 1.0; but also APIs of every kind
FEED_ROOT = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:rss|feed|rdf)[\s>/]", re.IGNORECASE)
SITEMAP_ROOT = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:urlset|sitemapindex)[\s>/]", re.IGNORECASE)
FEED_PATH = re.compile(
    r"(?:^|[/._-])(?:rss2?|atom|feeds?)(?:\.(?:xml|json|rss|atom))?/?$|\.(?:rss|atom|rdf)$|/(?:rss|feed)[\w-]{0,40}\.xml$",
    re.IGNORECASE,
)
FEED_WORDS = re.compile(r"\b(?:rss|atom|feed)\b", re.IGNORECASE)
OF_COMMENTS = re.compile(r"\bcomments?\b|kommentar|commentaire", re.IGNORECASE)
WITH_LOGIN = re.compile(r"(?:[a-z]+:)?//[^/?#]*@", re.IGNORECASE)
SITEMAP_LINE = re.compile(rb"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})")
PLACES = ("feed", "rss", "rss.xml", "atom.xml", "feed.xml", "feeds", "index.xml", "news.rss")

Form = Literal["feed", "sitemap", "json", "page", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed that a page names."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a page says of itself."""

    title: str
    language: str  # BCP 47, or ""
    feeds: tuple[FeedLink, ...]  # declared ones first, then links that look like feeds


def form_of(body: bytes) -> Form:
    """What bytes seem to be, by their beginning; whether they are it shows when they are read."""
    start = body[:HEAD].removeprefix(UTF_8_MARK).lstrip(WHITE)
    if start.startswith(GZIP) or SITEMAP_ROOT.search(start):
        return "sitemap"
    if start[:1] in (b"{", b"["):
        return "feed" if b"jsonfeed.org/version" in start else "json"
    if FEED_ROOT.search(start):
        return "feed"
    return "page" if b"<" in body else "text"


def page_facts(body: bytes, *, url: str, content_type: str | None = None) -> PageFacts:
    """Title, language and feeds of a page. Raises `SourceFormatError` where the bytes are none.

    Feeds are found as browsers find them, by `<link rel="alternate">` with the type of RSS, Atom or JSON Feed; and by links to
    addresses that look like feeds. Feeds of comments are left out.
    """
    page = read_html(body, url=url, content_type=content_type)
    own, _, _ = url.partition("#")
    found: dict[str, FeedLink] = {}
    for link in (*_declared(page, page_base(page, url)), *_linked(page, page_base(page, url))):
        if link.url != own and not OF_COMMENTS.search(f"{link.title} {urlsplit(link.url).path}"):
            found.setdefault(link.url, link)
    return PageFacts(
        title=plain_title(page.title.get_text()) if page.title else "",
        language=language_tag(said(page.html, "lang")) if page.html else "",
        feeds=tuple(found.values())[:MOST_FEEDS],
    )


def _declared(page: BeautifulSoup, base: str) -> Iterator[FeedLink]:
    for tag in page.find_all("link", href=True, limit=MOST_LINKS):
        kind = said(tag, "type").partition(";")[0].strip().lower()
        rel = said(tag, "rel").lower().split()
        address = _address(base, tag)
        is_feed = kind in FEED_TYPES or (kind in PERHAPS and bool(FEED_PATH.search(urlsplit(address).path)))
        if address and is_feed and ("alternate" in rel or "feed" in rel):
            yield FeedLink(url=address, title=plain_title(said(tag, "title")))


def _linked(page: BeautifulSoup, base: str) -> Iterator[FeedLink]:
    for tag in page.find_all("a", href=True, limit=MOST_LINKS):
        address = _address(base, tag)
        text = fold(text_of(tag)) or fold(said(tag, "title"))
        parts = urlsplit(address)
        looks = FEED_PATH.search(parts.path) or (len(text) < 60 and FEED_WORDS.search(text) and _names_a_feed(parts.query))
        if address and looks:
            yield FeedLink(url=address, title=text[:200])


def _names_a_feed(query: str) -> bool:
    return bool(re.search(r"(?:^|&)(?:feed|format|type|output)=(?:rss2?|atom|xml|feed)\b", query, re.IGNORECASE))


def _address(base: str, tag: Tag) -> str:
    """The address of a link without its fragment, and none for one with a login; `feed:` stands before some."""
    href = re.sub(r"^feed:(?://)?(?=https?:)", "", said(tag, "href"), flags=re.IGNORECASE)
    href = re.sub(r"^feed://", "http://", href, flags=re.IGNORECASE)
    if WITH_LOGIN.match(href):
        return ""
    return web_address(base, href).partition("#")[0]


def usual_places(url: str) -> tuple[str, ...]:
    """Addresses at which a site may keep a feed, the likelier ones first: below the page itself, then below the site's root."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    ways = []
    if (parts.hostname or "").endswith("gov.uk") and path and "." not in path.rpartition("/")[2]:
        ways.append((f"{path}.atom", parts.query))  # its listings keep what they were asked for
    if path and "." not in path.rpartition("/")[2]:
        ways.append((f"{path}/feed", ""))
    ways += [(f"/{place}", "") for place in PLACES]
    found = (urlunsplit((parts.scheme, parts.netloc, way, query, "")) for way, query in ways)
    return tuple(dict.fromkeys(address for address in found if address != url))


def usual_sitemap(url: str) -> str:
    """Where a site keeps its sitemap if its robots.txt names none."""
    return web_address(url, "/sitemap.xml")


def sitemaps_of(robots: bytes, *, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names (sitemaps.org), those of news first. `url` is its address."""
    named = (found.decode("utf-8", "replace") for found in SITEMAP_LINE.findall(robots[: 500 * 1024]))
    addresses = dict.fromkeys(filter(None, (web_address(url, name) for name in named)))
    return tuple(sorted(addresses, key=lambda address: "news" not in address.lower()))[:MOST_SITEMAPS]
