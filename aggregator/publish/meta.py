"""What the head of a story's page says to programs: canonical address, other forms, Open Graph, Twitter's card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from aggregator.model import StoryPage
from aggregator.publish.entries import LONGEST_TITLE, story_changed_at
from aggregator.publish.places import Site, story_file
from aggregator.publish.shown import picture_file, picture_words
from aggregator.publish.wellformed import bounded, language_tag, moment, whole

LONGEST_DESCRIPTION = 200  # characters: search engines and previews show no more
FORMS = (
    ("atom", "application/atom+xml", "Atom feed"),
    ("feed.json", "application/feed+json", "JSON Feed"),
    ("md", "text/markdown", "Markdown"),
    ("json", "application/json", "JSON"),
    ("oembed.json", "application/json+oembed", "oEmbed"),
)


class Tag(NamedTuple):
    """An empty element of the head: `link` or `meta`, with plain values; whoever writes it escapes them (`xmlattr`)."""

    name: str
    attributes: Mapping[str, str]


def head(page: StoryPage, site: Site) -> list[tuple[str, Mapping[str, str]]]:
    """The elements in order, as (name, attributes). Addresses of other files are relative where nobody has said the site's.

    What must be a whole address (canonical, `og:url`, the picture) is then left out. In a template:
    `{% for name, attributes in head %}<{{ name }}{{ attributes | xmlattr }}>{% endfor %}`.
    """
    return [
        Tag(name, {key: whole(value) for key, value in attributes.items()})
        for name, attributes in (*_links(page, site), *_properties(page, site))
    ]


def description(page: StoryPage) -> str:
    """A story in a sentence: its lead, else what its newest update says of itself, else its title."""
    newest = page.updates[-1].reason if page.updates else ""
    return next((short for text in (page.lead, newest, page.title) if (short := bounded(text, LONGEST_DESCRIPTION))), "")


def _links(page: StoryPage, site: Site) -> Iterator[Tag]:
    yield Tag("meta", {"name": "description", "content": description(page)})
    if site.url:
        yield Tag("link", {"rel": "canonical", "href": site.address(story_file(page.key))})
    title = bounded(page.title, LONGEST_TITLE)
    for form, kind, what in FORMS:
        address = site.address(story_file(page.key, form))
        yield Tag("link", {"rel": "alternate", "type": kind, "title": f"{title} ({what})", "href": address})


def _properties(page: StoryPage, site: Site) -> Iterator[Tag]:
    title, told = bounded(page.title, LONGEST_TITLE), description(page)
    yield _property("og:type", "article")
    yield _property("og:title", title)
    yield _property("og:description", told)
    yield _property("og:site_name", site.name)
    if site.url:
        yield _property("og:url", site.address(story_file(page.key)))
    if "-" in language_tag(page.language):
        yield _property("og:locale", page.language.replace("-", "_"))
    if page.updates:
        yield _property("article:published_time", moment(page.updates[0].published_at))
        yield _property("article:modified_time", moment(story_changed_at(page)))
    file = picture_file(page)
    pictured = bool(file and site.url)
    yield Tag("meta", {"name": "twitter:card", "content": "summary_large_image" if pictured else "summary"})
    yield Tag("meta", {"name": "twitter:title", "content": title})
    yield Tag("meta", {"name": "twitter:description", "content": told})
    if pictured:
        yield from _picture(page, site.address(file))


def _picture(page: StoryPage, address: str) -> Iterator[Tag]:
    words = bounded(picture_words(page), LONGEST_TITLE)
    yield _property("og:image", address)
    yield _property("og:image:type", "image/webp")
    if page.picture is not None:
        yield _property("og:image:width", str(page.picture.width))
        yield _property("og:image:height", str(page.picture.height))
    yield _property("og:image:alt", words)
    yield Tag("meta", {"name": "twitter:image", "content": address})
    yield Tag("meta", {"name": "twitter:image:alt", "content": words})


def _property(name: str, value: str) -> Tag:
    return Tag("meta", {"property": name, "content": value})
