"""The formats of a story page. A new one is a new file, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aggregator.model import StoryPage
from aggregator.publish.html import as_html
from aggregator.publish.json import as_json
from aggregator.publish.markdown import as_markdown
from aggregator.publish.text import as_text

FORMATS: Mapping[str, Callable[[StoryPage], str]] = {
    "text": as_text,
    "md": as_markdown,
    "html": as_html,
    "json": as_json,
}
SUFFIXES = {"text": "txt", "md": "md", "html": "html", "json": "json"}


def render(page: StoryPage, form: str) -> str:
    """A story page in one of `FORMATS`, ending with a line break. Raises KeyError for another format."""
    return FORMATS[form](page).rstrip("\n") + "\n"
