"""Where everything of the site lies, and the ids that never change, the same wherever it is read."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from aggregator.model import Citation, RevisionId, SourceKey, StatementId, StoryKey

INDEX, SEARCH, MISSED, ABOUT, SOURCES = "index.html", "search.html", "missed.html", "about.html", "sources/index.html"
ICON = "icon.svg"
SITEMAP, NEWS_SITEMAP, ROBOTS = "sitemap.xml", "news-sitemap.xml", "robots.txt"
LIVE_SCRIPT = "live.js"  # of the served site alone
ATOM, JSON_FEED = "feed.atom", "feed.json"  # the newest updates of all stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a page must know of where it will stand."""

    url: str = ""  # as readers see it, ending with a slash; "" where nobody has said: links are then relative
    live: bool = False  # the pages are served by the service itself: they may ask it for what is new, and search
    hub: str = ""  # the WebSub hub of its feeds
    identity: str = ""  # of the store, as the store has it

    def address(self, path: str) -> str:
        """The whole address of a file of the site; the path itself where nobody knows the site's."""
        return urljoin(self.url, path) if self.url else path

    def permalink(self, key: StoryKey, number: int) -> str:
        """Where an update stands on its story's page."""
        return f"{self.address(story_file(key))}#{update_anchor(number)}"

    @property
    def name(self) -> str:
        """Who publishes: the host of its address; the program, where nobody has said one."""
        return urlsplit(self.url).hostname or "update-aggregator"

    @property
    def feed_id(self) -> str:
        """A tag URI (RFC 4151) for the feed of all stories; no story's key begins with a slash."""
        return self.story_id(StoryKey("/updates"))

    def story_id(self, key: StoryKey) -> str:
        """A tag URI (RFC 4151) for a story: of this store, whatever address its site has, this year and later."""
        return f"tag:{self.identity or 'nobody'}.invalid,2026:{key}"

    def update_id(self, key: StoryKey, number: int) -> str:
        """A tag URI (RFC 4151) for an update; it never changes."""
        return f"{self.story_id(key)}/update-{number}"

    def act_id(self, key: StoryKey, act: int) -> str:
        """A tag URI (RFC 4151) for what the desk did with a story; it never changes."""
        return f"{self.story_id(key)}/{act_anchor(act)}"


def story_file(key: StoryKey, form: str = "html") -> str:
    """`alaska.html`; other forms: newest.html, md, txt, json, atom, feed.json, oembed.json."""
    return f"{key}.{form}"


def archive_file(key: StoryKey, number: int, form: str) -> str:
    """`alaska.archive-1.atom`: updates of a story that its feed holds no more; also feed.json."""
    return story_file(key, f"archive-{number}.{form}")


def update_anchor(number: int) -> str:
    """What follows `#` in a link to an update."""
    return f"update-{number}"


def act_anchor(act: int) -> str:
    """What follows `#` in a link to what the desk did, by its number in the store."""
    return f"desk-{act}"


def statement_file(statement: StatementId) -> str:
    """The page of a statement: its versions, what changed between them, and where it was read."""
    return f"statements/{statement}.html"


def revision_anchor(revision: RevisionId | int) -> str:
    """What follows `#` in a link to a version, on the page of its statement."""
    return f"revision-{revision}"


def citation_anchor(cited: Citation) -> str:
    """What follows `#` in a link to a cited span, on the page of its statement."""
    return f"cited-{cited.revision}-{cited.start}"


def events_address(story: StoryKey) -> str:
    """Where a served page hears of new updates."""
    return f"events/{story}"


def source_file(source: SourceKey) -> str:
    """The page of a source."""
    return f"sources/{quote(source, safe='')}.html"


def from_file(path: str, target: str) -> str:
    """A link from one file of the site to another, relative, so that the site may lie anywhere."""
    return "../" * path.count("/") + target
