"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): the entries of the Atom feeds, with the same ids and times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aggregator.model import Attribution, DeskAct, StoryPage, Update
from aggregator.publish.entries import (
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    DeskEntry,
    FeedEntry,
    archived_updates,
    archives_of,
    desk_entry_of,
    entry_html,
    entry_of,
    newest_entries,
)
from aggregator.publish.places import INDEX, JSON_FEED, Site, archive_file, story_file
from aggregator.publish.templating import LANGUAGE
from aggregator.publish.wellformed import bounded, json_list, json_text, language_tag, moment

VERSION = "https://jsonfeed.org/version/1.1"
Values = dict[str, object]


def as_json_feed(page: StoryPage, site: Site) -> str:
    """The feed of a story: its newest updates, and what the desk did with it; `next_url` leads to the archives where there are
    more."""
    entries = _items(page, newest_entries(page), site)
    feed = _story_feed(page, site, story_file(page.key, "feed.json"))
    return json_text(feed | _next(page, site, len(archives_of(page))) | {"items": entries})


def archive(page: StoryPage, number: int, site: Site) -> str:
    """One of `entries.archives_of` a story. Raises IndexError where there is no such archive."""
    entries = _items(page, archived_updates(page, number), site)
    feed = _story_feed(page, site, archive_file(page.key, number, "feed.json"))
    return json_text(feed | _next(page, site, number - 1) | {"items": entries})


def all_stories(items: Sequence[str], site: Site) -> str:
    """The newest updates of all stories, each as `item_among_all` made it; it names its story, whose own feed has them all."""
    feed = _feed(f"All updates of {site.name}", site, own=JSON_FEED, page=INDEX, language=LANGUAGE)
    return json_list(feed, "items", items)


def item_among_all(page: StoryPage, entry: FeedEntry, html: str) -> str:
    """An item for the feed of all stories."""
    item, title = _item(entry, html), bounded(page.title, LONGEST_TITLE)
    return json_text(item | {"title": f"{title}, {item['title']}", "tags": [entry.update.kind, page.key]})


def _story_feed(page: StoryPage, site: Site, own: str) -> Values:
    feed = _feed(bounded(page.title, LONGEST_TITLE), site, own=own, page=story_file(page.key), language=page.language)
    lead = bounded(page.lead, LONGEST_SUMMARY)
    return feed | ({"description": lead} if lead else {})


def _feed(title: str, site: Site, *, own: str, page: str, language: str) -> Values:
    feed: Values = {
        "version": VERSION,
        "title": title,
        "home_page_url": site.address(page),
        "feed_url": site.address(own),
        "authors": [{"name": site.name, "url": site.url} if site.url else {"name": site.name}],
        "language": language_tag(language) or LANGUAGE,
    }
    return feed | ({"hubs": [{"type": "WebSub", "url": site.hub}]} if site.hub else {})


def _next(page: StoryPage, site: Site, number: int) -> Values:
    return {"next_url": site.address(archive_file(page.key, number, "feed.json"))} if number else {}


def _items(page: StoryPage, told: Iterable[Update | DeskAct], site: Site) -> list[Values]:
    return [
        _desk_item(page, desk_entry_of(page.key, one, site))
        if isinstance(one, DeskAct)
        else _item(entry_of(page, one, site), entry_html(page, one, site))
        for one in told
    ]


def _desk_item(page: StoryPage, entry: DeskEntry) -> Values:
    """An item that is no update: it has `_desk` in place of `_update`."""
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_text": entry.title,
        "date_published": moment(entry.act.at),
        "date_modified": moment(entry.act.at),
        "tags": [entry.act.kind],
        "_desk": {"story": page.key, "kind": entry.act.kind, "leads_to": entry.leads_to},
    }


def _item(entry: FeedEntry, html: str) -> Values:
    """An item. `_update` is our own: what the standard has no field for."""
    update = entry.update
    item: Values = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": html,
        "summary": entry.summary,
        "date_published": moment(entry.published),
        "date_modified": moment(entry.updated),
        "authors": [_author(one) for one in entry.authors],
        "tags": [update.kind],
        "_update": {
            "story": entry.story,
            "number": update.number,
            "kind": update.kind,
            "corrects": update.corrects,
            "corrected_by": entry.corrected_by,
            "withdrawn_by": entry.withdrawn_by,
        },
    }
    if entry.language:
        item["language"] = entry.language
    if address := next((one.url for one in entry.authors if one.url), ""):
        item["external_url"] = address
    return {key: value for key, value in item.items() if value not in ("", [])}


def _author(one: Attribution) -> Values:
    return {"name": one.name, "url": one.url} if one.url else {"name": one.name}
