"""The formats of a story page. A new one is a new file, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from aggregator.model import StoryPage
from aggregator.publish import atom, jsonfeed
from aggregator.publish.entries import archives_of
from aggregator.publish.html import as_html, as_newest_html
from aggregator.publish.json import as_json
from aggregator.publish.markdown import as_markdown
from aggregator.publish.oembed import as_oembed
from aggregator.publish.places import Site, archive_file
from aggregator.publish.text import as_text
from aggregator.publish.wellformed import whole

FORMATS: Mapping[str, Callable[[StoryPage, Site], str]] = {
    "text": lambda page, _: as_text(page),
    "md": lambda page, _: as_markdown(page),
    "html": as_html,
    "newest": as_newest_html,
    "json": as_json,
    "atom": atom.as_atom,
    "jsonfeed": jsonfeed.as_json_feed,
    "oembed": as_oembed,
}
SUFFIXES = {
    "text": "txt",
    "md": "md",
    "html": "html",
    "newest": "newest.html",
    "json": "json",
    "atom": "atom",
    "jsonfeed": "feed.json",
    "oembed": "oembed.json",
}
NOWHERE = Site()


def render(page: StoryPage, form: str, *, site: Site = NOWHERE) -> str:
    """A story page in one of `FORMATS`, ending with a line break; `site` is where it will stand. Raises KeyError for others."""
    return whole(FORMATS[form](page, site)).rstrip("\n") + "\n"


def archives(page: StoryPage, site: Site) -> Iterator[tuple[str, str]]:
    """The archives of a story's feeds, as names of files and what they hold; none while its feeds hold every update."""
    for number in archives_of(page):
        yield archive_file(page.key, number, "atom"), atom.archive(page, number, site)
        yield archive_file(page.key, number, "feed.json"), jsonfeed.archive(page, number, site) + "\n"
