"""oEmbed 1.0 (https://oembed.com) of a story, as a file that any web server can hand out.

The type is `link`: a consumer may ask that a `rich` answer be no wider than it says, and a file cannot listen.
"""

from __future__ import annotations

from aggregator.model import StoryPage
from aggregator.publish.entries import LONGEST_TITLE
from aggregator.publish.meta import description
from aggregator.publish.places import Site, story_file
from aggregator.publish.shown import picture_file
from aggregator.publish.wellformed import bounded, json_text

CACHED = 300  # seconds


def as_oembed(page: StoryPage, site: Site) -> str:
    """What a page that links to the story may show of it. `url` and `description` are more than the standard asks for."""
    told: dict[str, object] = {
        "version": "1.0",
        "type": "link",
        "title": bounded(page.title, LONGEST_TITLE),
        "description": description(page),
        "url": site.address(story_file(page.key)),
        "provider_name": site.name,
        "cache_age": CACHED,
    }
    if site.url:
        told["provider_url"] = site.url
    if page.picture is not None and (file := picture_file(page)):
        told["thumbnail_url"] = site.address(file)
        told["thumbnail_width"] = page.picture.width
        told["thumbnail_height"] = page.picture.height
    return json_text(told)
