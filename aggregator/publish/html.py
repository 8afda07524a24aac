"""The pages of the site as HTML: each complete without JavaScript, and without any other file but its picture.

What a served page has besides (`Site.live`): the script `live.js` beside the index; on the page of a story, `main` with
`data-story` (its key), `data-events` (where it hears of updates, relative to the page), `data-newest` (the number of the newest
update on it) and `data-order` (oldest, newest), and an empty element `live` (role status) in which the script may say
what is new.
"""

from __future__ import annotations

from aggregator.model import StoryPage
from aggregator.publish import linked_data, meta, places
from aggregator.publish.html_lists import About, about_page, index_page, missed_page, source_page, sources_page
from aggregator.publish.html_search import Asked, search_page
from aggregator.publish.html_statement import statement_page
from aggregator.publish.places import Site
from aggregator.publish.templating import STORY_SHEETS, page_of

__all__ = [
    "About",
    "Asked",
    "about_page",
    "as_html",
    "index_page",
    "missed_page",
    "search_page",
    "source_page",
    "sources_page",
    "statement_page",
    "story_page_html",
]

OTHER_FORMS = (
    ("md", "Markdown"),
    ("txt", "plain text"),
    ("json", "JSON"),
    ("atom", "Atom feed"),
    ("feed.json", "JSON Feed"),
)


def story_page_html(page: StoryPage, site: Site, *, newest_first: bool = False) -> str:
    """A story. All that came from a source is escaped, and only http and https addresses become links."""
    return page_of(
        "story.html",
        site,
        places.story_file(page.key, "newest.html" if newest_first else "html"),
        sheets=STORY_SHEETS,
        page=page,
        newest_first=newest_first,
        head=meta.head(page, site),
        # Programs are led to the page that is named as the canonical one: the other one need not tell them the same.
        linked_data="" if newest_first else linked_data.json_ld(page, site),
        forms=OTHER_FORMS,
    )


def as_html(page: StoryPage, site: Site) -> str:
    """A story, Update.1 first."""
    return story_page_html(page, site)


def as_newest_html(page: StoryPage, site: Site) -> str:
    """A story, its newest update first."""
    return story_page_html(page, site, newest_first=True)
