"""A story as one HTML page: complete without JavaScript, and without any other file but its picture."""

from __future__ import annotations

from aggregator.model import StoryPage
from aggregator.publish.places import Site
from aggregator.publish.templating import environment


def as_html(page: StoryPage, site: Site) -> str:
    """The page; everything that came from a source is escaped, and only http and https addresses become links."""
    return environment().get_template("story.html").render(page=page, site=site)
