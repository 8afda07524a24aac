"""The formats of a story page. A new one is a new file, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aggregator.model import StoryPage
from aggregator.publish.html import as_html, as_newest_html
from aggregator.publish.json import as_json
from aggregator.publish.markdown import as_markdown
from aggregator.publish.places import Site
from aggregator.publish.text import as_text

FORMATS: Mapping[str, Callable[[StoryPage, Site], str]] = {
    "text": lambda page, _: as_text(page),
    "md": lambda page, _: as_markdown(page),
    "html": as_html,
    "newest": as_newest_html,
    "json": lambda page, _: as_json(page),
}
SUFFIXES = {"text": "txt", "md": "md", "html": "html", "newest": "newest.html", "json": "json"}
NOWHERE = Site()


def render(page: StoryPage, form: str, *, site: Site = NOWHERE) -> str:
    """A story page in one of `FORMATS`, ending with a line break; `site` is where it will stand. Raises KeyError for others."""
    return FORMATS[form](page, site).rstrip("\n") + "\n"
