"""Publishers whose ids change from one copy of a feed to the next, and what stays the same instead."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.model import Entry

BLOCK_NUMBER = re.compile(r"#\d+$")
BBC = re.compile(r"https?://(?:[\w-]+\.)*bbc\.(?:co\.uk|com)/", re.ASCII)
# Feeds of organisations on GOV.UK put the time of the last major change behind the address of the page.
CHANGE_TIME = re.compile(r"#\d{4}-\d{2}-\d{2}[T ][\d:.]{4,15}(?:Z|[+-]\d{2}:?\d{2})?$", re.ASCII)
FINDER = re.compile(r"tag:www\.gov\.uk,2005:(?=/)")  # its finder feeds name the path alone
ENDED = re.compile(r"tag:www\.gov\.uk,2005:.*/feed-ended$")
GOOGLE_NEWS = "news.google.com"


def lasting_id(ident: str, link: str) -> tuple[str, bool]:
    """The part of an id that stays the same, and whether it is certain: a second entry of it is then the same statement.

    * The BBC adds the number of the block of its page that the item stands in (`…/articles/x#0`); others mean a place on a page
      by such a number, so it goes only where the link has no fragment itself.
    * GOV.UK adds the time of the last major change to the address, and writes `tag:www.gov.uk,2005:/PATH` in other feeds: the
      page's address is what both mean.
    """
    if BLOCK_NUMBER.search(ident):
        if BBC.match(ident):
            return BLOCK_NUMBER.sub("", ident), True
        return (ident, False) if "#" in link else (BLOCK_NUMBER.sub("", ident), False)
    if "#" in ident:
        without = CHANGE_TIME.sub("", ident)
        return (without, True) if without == link.partition("#")[0] else (ident, False)
    return (FINDER.sub("https://www.gov.uk", ident), True) if FINDER.match(ident) else (ident, False)


def is_end(ident: str) -> bool:
    """Whether an entry is the one that GOV.UK puts into a feed that it has given up."""
    return ENDED.match(ident) is not None


def is_google_news(url: str) -> bool:
    """Whether a feed is one of Google News, by its address."""
    try:
        return urlsplit(url).hostname == GOOGLE_NEWS
    except ValueError:
        return False


def from_google_news(entry: Entry) -> Entry:
    """An entry of Google News under an id that lasts: publisher, title, and the hour of its time.

    Google makes ids and links anew for the same story, and writes the publisher behind the title. Its description is a list of
    the headlines that others gave the story, from copy to copy another: no word of this publisher's, so it is left out.
    """
    title = entry.title.removesuffix(f" - {entry.publisher}").rstrip() or entry.title
    at = entry.published or entry.updated
    hour = f"{at:%Y-%m-%dT%H}Z" if at is not None else entry.published_written
    return replace(entry, id=f"{GOOGLE_NEWS}: {entry.publisher or '?'}: {title} ({hour})", title=title, html="", summary="")
