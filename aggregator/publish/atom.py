"""Atom (RFC 4287): an entry per update, newest first; archives (RFC 5005) hold what a story's feed has no more room for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from aggregator.model import DeskAct, StoryPage, Update
from aggregator.publish.elements import XML_LANG, Element, add, document_of, inside, xml_document
from aggregator.publish.entries import (
    KINDS,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    DeskEntry,
    FeedEntry,
    archived_updates,
    archives_of,
    changed_at,
    desk_entry_of,
    entry_html,
    entry_of,
    newest_entries,
    story_changed_at,
)
from aggregator.publish.places import ATOM, INDEX, JSON_FEED, Site, archive_file, story_file
from aggregator.publish.templating import LANGUAGE
from aggregator.publish.wellformed import bounded, language_tag, moment

NAMESPACE = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
TYPE, JSON_TYPE = "application/atom+xml", "application/feed+json"
DESK = "What the desk did with the story"
ENTRY_DEPTH = 1  # where an entry stands in a feed
NEVER = datetime.fromtimestamp(0, UTC)  # when a feed without any entry changed


def as_atom(page: StoryPage, site: Site) -> str:
    """The feed of a story: its newest updates, what the desk did with it, and the way to the archives where there are more."""
    root = _story_feed(page, site, story_file(page.key, "atom"), story_changed_at(page))
    if archives := archives_of(page):
        _link(root, "prev-archive", site.address(archive_file(page.key, archives[-1], "atom")), TYPE)
    _entries(root, page, newest_entries(page), site)
    return xml_document(root)


def archive(page: StoryPage, number: int, site: Site) -> str:
    """One of `entries.archives_of` a story. Raises IndexError where there is no such archive."""
    updates, archives = archived_updates(page, number), archives_of(page)
    changed = max(changed_at(page, update) for update in updates)
    root = _story_feed(page, site, archive_file(page.key, number, "atom"), changed)
    add(root, "fh:archive")
    _link(root, "current", site.address(story_file(page.key, "atom")), TYPE)
    for rel, other in (("prev-archive", number - 1), ("next-archive", number + 1)):
        if other in archives:
            _link(root, rel, site.address(archive_file(page.key, other, "atom")), TYPE)
    _entries(root, page, updates, site)
    return xml_document(root)


def all_stories(entries: Sequence[tuple[StoryPage, datetime, str]], site: Site) -> str:
    """The newest updates of all stories: of each its page, when it changed, and what `entry_among_all` made of it.

    It needs no archives: each entry names its story's own feed, which has them all.
    """
    root = _feed(site.feed_id, f"All updates of {site.name}", site)
    add(root, "updated", moment(max((changed for _, changed, _ in entries), default=NEVER)))
    _links(root, site, ATOM, page=INDEX, json=JSON_FEED)
    pages = {page.key: page for page, _, _ in entries}
    sources = {key: _source(page, site) for key, page in pages.items()}
    for page, _, written in entries:
        add(root, "entry").children += [written, sources[page.key]]
    return xml_document(root)


def entry_among_all(page: StoryPage, entry: FeedEntry, html: str) -> str:
    """An entry for the feed of all stories, without what it says of its story's own feed: that changes with each update."""
    story = bounded(page.title, LONGEST_TITLE)
    told = _entry(Element("feed"), entry, f"{story}, {entry.title}", html)
    add(told, "category", term=page.key, label=story)
    return inside(told, ENTRY_DEPTH)


# --- the feed


def _feed(ident: str, title: str, site: Site, language: str = "") -> Element:
    root = document_of("feed", NAMESPACE, fh=HISTORY)
    root.set(XML_LANG, LANGUAGE)
    add(root, "id", ident)
    _in_language(add(root, "title", title), language)
    author = add(root, "author")
    add(author, "name", site.name)
    if site.url:
        add(author, "uri", site.url)
    add(root, "generator", "update-aggregator")
    return root


def _story_feed(page: StoryPage, site: Site, own: str, changed: datetime) -> Element:
    root = _feed(site.story_id(page.key), bounded(page.title, LONGEST_TITLE), site, page.language)
    if lead := bounded(page.lead, LONGEST_SUMMARY):
        _in_language(add(root, "subtitle", lead), page.language)
    add(root, "updated", moment(changed))
    _links(root, site, own, page=story_file(page.key), json=story_file(page.key, "feed.json"))
    return root


def _links(root: Element, site: Site, own: str, *, page: str, json: str) -> None:
    _link(root, "self", site.address(own), TYPE)
    _link(root, "alternate", site.address(page), "text/html")
    _link(root, "alternate", site.address(json), JSON_TYPE)
    if site.hub:
        _link(root, "hub", site.hub)


def _link(parent: Element, rel: str, href: str, kind: str = "", title: str = "") -> None:
    add(parent, "link", rel=rel, type=kind, href=href, title=title)


def _in_language(element: Element, language: str) -> None:
    if tag := language_tag(language):
        element.set(XML_LANG, tag)


# --- an entry


def _entries(root: Element, page: StoryPage, told: Iterable[Update | DeskAct], site: Site) -> None:
    for one in told:
        if isinstance(one, DeskAct):
            _desk_entry(root, desk_entry_of(page.key, one, site))
        else:
            entry = entry_of(page, one, site)
            _entry(root, entry, entry.title, entry_html(page, one, site))


def _entry(root: Element, entry: FeedEntry, title: str, html: str) -> Element:
    told = add(root, "entry")
    add(told, "id", entry.id)
    _in_language(add(told, "title", title), entry.language)
    add(told, "published", moment(entry.published))
    add(told, "updated", moment(entry.updated))
    for one in entry.authors:
        author = add(told, "author")
        add(author, "name", one.name)
        if one.url:
            add(author, "uri", one.url)
    _link(told, "alternate", entry.url, "text/html")
    for one in entry.authors:
        if one.url:
            _link(told, "via", one.url, title=one.name)
    for number, url in entry.related:
        _link(told, "related", url, "text/html", title=f"Update.{number}")
    add(told, "category", term=entry.update.kind, label=KINDS[entry.update.kind])
    add(told, "summary", entry.summary)
    add(told, "content", html, type="html")
    return told


def _desk_entry(root: Element, entry: DeskEntry) -> None:
    told = add(root, "entry")
    add(told, "id", entry.id)
    add(told, "title", entry.title)
    add(told, "published", moment(entry.act.at))
    add(told, "updated", moment(entry.act.at))
    _link(told, "alternate", entry.url, "text/html")
    if entry.leads_to:
        _link(told, "related", entry.leads_to, "text/html")
    add(told, "category", term=entry.act.kind, label=DESK)
    add(told, "summary", entry.title)


def _source(page: StoryPage, site: Site) -> str:
    told = Element("entry")
    source = add(told, "source")
    add(source, "id", site.story_id(page.key))
    _in_language(add(source, "title", bounded(page.title, LONGEST_TITLE)), page.language)
    add(source, "updated", moment(story_changed_at(page)))
    add(add(source, "author"), "name", site.name)
    _link(source, "self", site.address(story_file(page.key, "atom")), TYPE)
    _link(source, "alternate", site.address(story_file(page.key)), "text/html")
    return inside(told, ENTRY_DEPTH)
