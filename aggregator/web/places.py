"""What stands at each path of the served site: the files of the static one, and how each of them is made alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import unquote

from sqlalchemy import Connection

from aggregator.model import SourceKey, StatementId, StoryKey
from aggregator.publish.formats import SUFFIXES, archives, render
from aggregator.publish.html import source_page, statement_page
from aggregator.publish.places import SITEMAP, Site
from aggregator.publish.wellformed import whole
from aggregator.publish.whole import MAKERS, Whole
from aggregator.store.browsing import source_names
from aggregator.store.front import story_lines
from aggregator.store.health import source_report
from aggregator.store.pages import story_page
from aggregator.store.reading import statement_detail

TYPES = {  # by how a name ends, the longest first
    ".oembed.json": "application/json",
    "feed.json": "application/feed+json",
    ".json": "application/json",
    ".html": "text/html",
    ".atom": "application/atom+xml",
    ".xml": "application/xml",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
PICTURE = re.compile(r"pictures/([0-9a-f]{64})\.webp")
STORY = re.compile(r"([a-z0-9][a-z0-9-]{0,63})\.([a-z0-9.-]{1,40})")
STATEMENT = re.compile(r"statements/([1-9][0-9]{0,17})\.html")
SOURCE = re.compile(r"sources/([^/]{1,200})\.html")
SITEMAP_PART = re.compile(re.escape(SITEMAP).replace(r"\.", r"-[0-9]{1,6}\."))
OF_SOURCES = ("sources/", "missed.html", "about.html")  # they change with every poll, and with feeds.toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a page is made of."""

    tx: Connection
    site: Site
    now: datetime
    contact: str


Make = Callable[[Wanted], str | None]


@dataclass(frozen=True, slots=True)
class Page:
    """How one file of the site is made."""

    make: Make  # gives None where there is no such thing
    media_type: str
    of_stories: bool  # it shows stories alone, so that new statements change nothing on it


def page_at(path: str) -> Page | None:
    """What stands at a path of the site; None for what can be nothing."""
    make = _maker(path)
    if make is None:
        return None
    media_type = next(kind for end, kind in TYPES.items() if path.endswith(end))
    return Page(make, media_type, not path.startswith((*OF_SOURCES, "statements/")))


def _maker(path: str) -> Make | None:
    if path in MAKERS:
        return partial(_of_all, path, path)
    if SITEMAP_PART.fullmatch(path):
        return partial(_of_all, SITEMAP, path)
    if found := STATEMENT.fullmatch(path):
        return partial(_statement, StatementId(int(found[1])))
    if found := SOURCE.fullmatch(path):
        return partial(_source, SourceKey(unquote(found[1])))
    if found := STORY.fullmatch(path):
        return _of_story(StoryKey(found[1]), found[2], path)
    return None


def _of_all(maker: str, path: str, wanted: Wanted) -> str | None:
    tx, now = wanted.tx, wanted.now
    of = Whole(tx=tx, site=wanted.site, now=now, stories=story_lines(tx, now=now), contact=wanted.contact)
    made: Mapping[str, str] = MAKERS[maker](of)
    return _ended(made.get(path))


def _of_story(key: StoryKey, suffix: str, path: str) -> Make | None:
    form = next((form for form, one in SUFFIXES.items() if one == suffix), None)
    if form is not None:
        return partial(_story, key, form)
    if re.fullmatch(r"archive-[0-9]{1,6}\.(atom|feed\.json)", suffix):
        return partial(_archive, key, path)
    return None


def _story(key: StoryKey, form: str, wanted: Wanted) -> str | None:
    page = story_page(wanted.tx, key, now=wanted.now)
    return None if page is None else render(page, form, site=wanted.site)


def _archive(key: StoryKey, path: str, wanted: Wanted) -> str | None:
    page = story_page(wanted.tx, key, now=wanted.now)
    made = () if page is None else archives(page, wanted.site)
    return _ended(next((text for name, text in made if name == path), None))


def _statement(statement: StatementId, wanted: Wanted) -> str | None:
    found = statement_detail(wanted.tx, statement)
    if found is None:
        return None
    return _ended(whole(statement_page(found, wanted.site, names=source_names(wanted.tx))))


def _source(key: SourceKey, wanted: Wanted) -> str | None:
    found = source_report(wanted.tx, key)
    return None if found is None else _ended(whole(source_page(found, wanted.site)))


def _ended(text: str | None) -> str | None:
    return None if text is None else text.rstrip() + "\n"
