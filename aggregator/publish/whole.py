"""The files of the static site that are about all stories, or about none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from aggregator.publish import places, sitemaps
from aggregator.publish.html import About, about_page, index_page, missed_page, sources_page
from aggregator.publish.html_lists import Terms
from aggregator.publish.missed import missed
from aggregator.publish.newest import feeds_of_all
from aggregator.publish.places import Site
from aggregator.publish.templating import icon
from aggregator.store.front import StoryLine
from aggregator.store.pages import first_pages
from aggregator.store.settings import UNKNOWN, settings_of
from aggregator.store.source_lists import FOLLOWED, IN_PLACE, PRIMARY, listed_sources

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What these files are made of."""

    tx: Connection
    site: Site
    now: datetime
    stories: Sequence[StoryLine]
    contact: str = ""  # of who runs the service


Files = Mapping[str, str]  # by their place in the site
Pieces = Mapping[str, Iterator[str]]  # the same, each made while it is written


def _index(whole: Whole) -> Files:
    return {places.INDEX: index_page(whole.stories, whole.site)}


def _feeds(whole: Whole) -> Files:
    return feeds_of_all(whole.tx, whole.site)


def _sitemaps(whole: Whole) -> Files:
    """Which pages there are. Pages of statements and sources are left to those who follow links: they are evidence, no news."""
    listed = [
        sitemaps.Listed(path=places.story_file(one.key), changed=one.newest.published_at if one.newest else None)
        for one in whole.stories
    ]
    others = [sitemaps.Listed(path=path) for path in (places.INDEX, places.SOURCES, places.MISSED, places.ABOUT)]
    return sitemaps.sitemap([*others, *listed], whole.site)


def _news_sitemap(whole: Whole) -> Files:
    if not whole.site.url:
        return {}
    pages = first_pages(whole.tx, since=whole.now - sitemaps.NEWS_FOR)
    return {places.NEWS_SITEMAP: sitemaps.news_sitemap(pages, whole.site, now=whole.now)}


def _robots(whole: Whole) -> Files:
    return {places.ROBOTS: sitemaps.robots_txt(whole.site)}


def _sources(whole: Whole) -> Pieces:
    page = sources_page(
        whole.site,
        primary=listed_sources(whole.tx, FOLLOWED, PRIMARY),
        reporting=listed_sources(whole.tx, FOLLOWED, ~PRIMARY),
        dropped=listed_sources(whole.tx, ~FOLLOWED),
    )
    return {places.SOURCES: page}


def _missed(whole: Whole) -> Files:
    return {places.MISSED: missed_page(missed(whole.tx, now=whole.now), whole.site)}


def _about(whole: Whole) -> Pieces:
    return {places.ABOUT: about_page(about(whole.tx, contact=whole.contact), whole.site)}


def _icon(_whole: Whole) -> Files:
    return {places.ICON: icon()}


def about(tx: Connection, *, contact: str) -> About:
    """What the page about the site tells of a store."""
    settings = settings_of(tx)
    terms = (
        Terms(key=one.key, name=one.name, licence=settings.get(one.key, UNKNOWN).licence)
        for one in listed_sources(tx, FOLLOWED, IN_PLACE)
    )
    return About(contact=contact, sources=terms)


# A further file is a function and a line. `WITH_EACH`: what may change with an update; `NOW_AND_THEN`: how the sources do.
WITH_EACH: Sequence[Callable[[Whole], Files]] = (_index, _feeds, _sitemaps, _news_sitemap, _robots)
NOW_AND_THEN: Sequence[Callable[[Whole], Files]] = (_missed, _icon)
LARGE: Sequence[Callable[[Whole], Pieces]] = (_sources, _about)  # as the latter, and they grow with the sources


def _joined(kind: Callable[[Whole], Pieces]) -> Callable[[Whole], Files]:
    return lambda whole: {place: "".join(pieces) for place, pieces in kind(whole).items()}


# Who makes a file, where one alone is wanted.
MAKERS: Mapping[str, Callable[[Whole], Files]] = {
    **dict.fromkeys((places.ATOM, places.JSON_FEED), _feeds),
    places.INDEX: _index,
    places.SITEMAP: _sitemaps,
    places.NEWS_SITEMAP: _news_sitemap,
    places.ROBOTS: _robots,
    places.SOURCES: _joined(_sources),
    places.MISSED: _missed,
    places.ABOUT: _joined(_about),
    places.ICON: _icon,
}


def files_of(kinds: Sequence[Callable[[Whole], Mapping[str, T]]], whole: Whole) -> Iterator[tuple[str, T]]:
    """The files that some of these functions make, by their places."""
    for kind in kinds:
        yield from kind(whole).items()
