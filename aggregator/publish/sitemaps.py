"""What search engines ask a site for: sitemap.xml (https://www.sitemaps.org/protocol.html), news sitemap, robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from urllib.parse import urlsplit

from aggregator.model import StoryPage
from aggregator.publish.elements import Element, add, document_of, xml_document
from aggregator.publish.entries import LONGEST_TITLE, story_changed_at
from aggregator.publish.places import INDEX, NEWS_SITEMAP, SEARCH, SITEMAP, Site, story_file
from aggregator.publish.templating import LANGUAGE
from aggregator.publish.wellformed import bounded, moment

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
MOST = 50_000  # addresses in one file; with names as short as ours it stays far below the 50 MiB that a file may have
MOST_NEWS = 1_000
NEWS_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of the site for its sitemap."""

    path: str  # as `places` names it
    changed: datetime | None = None  # None: nobody knows


def listed(page: StoryPage) -> Listed:
    """A story's page, with when it changed last."""
    return Listed(path=story_file(page.key), changed=story_changed_at(page))


def sitemap(pages: Sequence[Listed], site: Site, *, most: int = MOST) -> Mapping[str, str]:
    """The files of the sitemap by name: one, or an index and its parts where a file may not hold all.

    None where nobody has said the site's address: a sitemap has whole addresses only. `most` stands in one file.
    """
    if not site.url:
        return {}
    if len(pages) <= most:
        return {SITEMAP: _urls(pages, site)}
    starts = range(0, len(pages), most)
    parts = {_part(number): pages[start : start + most] for number, start in enumerate(starts, 1)}
    return {SITEMAP: _index(parts, site), **{name: _urls(some, site) for name, some in parts.items()}}


def _part(number: int) -> str:
    return SITEMAP.replace(".xml", f"-{number}.xml")


def _urls(pages: Iterable[Listed], site: Site) -> str:
    root = document_of("urlset", NAMESPACE)
    for page in pages:
        _place(add(root, "url"), "" if page.path == INDEX else page.path, page.changed, site)
    return xml_document(root)


def _index(parts: Mapping[str, Sequence[Listed]], site: Site) -> str:
    root = document_of("sitemapindex", NAMESPACE)
    for name, pages in parts.items():
        changed = [page.changed for page in pages if page.changed is not None]
        _place(add(root, "sitemap"), name, max(changed, default=None), site)
    return xml_document(root)


def _place(parent: Element, path: str, changed: datetime | None, site: Site) -> None:
    add(parent, "loc", site.address(path))
    if changed is not None:
        add(parent, "lastmod", moment(changed))


# --- news


def news_sitemap(pages: Iterable[StoryPage], site: Site, *, now: datetime) -> str:
    """The stories that began in the two days before `now`, newest first, as search engines for news ask for them.

    They take an article for news by when it was first published, and do not want that freshened: an older story stands in
    the other sitemap, with when it changed. "" where nobody has said the site's address.
    """
    if not site.url:
        return ""
    recent = (page for page in pages if page.updates and now - NEWS_FOR <= page.updates[0].published_at <= now)
    root = document_of("urlset", NAMESPACE, news=NEWS)
    for page in nlargest(MOST_NEWS, recent, key=lambda page: (page.updates[0].published_at, page.key)):
        place = add(root, "url")
        add(place, "loc", site.address(story_file(page.key)))
        news = add(place, "news:news")
        publication = add(news, "news:publication")
        add(publication, "news:name", site.name)
        add(publication, "news:language", news_language(page.language))
        add(news, "news:publication_date", moment(page.updates[0].published_at))
        add(news, "news:title", bounded(page.title, LONGEST_TITLE))
    return xml_document(root)


def news_language(language: str) -> str:
    """ISO 639, two or three letters; Chinese is `zh-cn` or `zh-tw`, as the format has it."""
    base, _, rest = language.casefold().partition("-")
    if base == "zh":
        return "zh-tw" if {"tw", "hk", "mo", "hant"} & set(rest.split("-")) else "zh-cn"
    return base if base.isascii() and base.isalpha() and len(base) in (2, 3) else LANGUAGE


# --- robots.txt


def robots_txt(site: Site) -> str:
    """Everybody may read everything but the answers of a search (RFC 9309), and finds the sitemaps.

    It holds for a whole host: where the site lies in a folder, whoever keeps the host's own robots.txt takes these lines over.
    """
    return "\n".join(_robots(site)) + "\n"


def _robots(site: Site) -> Iterator[str]:
    yield "User-agent: *"
    yield f"Disallow: {urlsplit(site.address(SEARCH)).path if site.url else f'/{SEARCH}'}?"
    yield "Allow: /"
    if site.url:
        yield ""
        yield from (f"Sitemap: {site.address(name)}" for name in (SITEMAP, NEWS_SITEMAP))
