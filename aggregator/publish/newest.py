"""The feeds of all stories, of which an entry is made once: what it tells never changes, but for the marks beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from aggregator.model import StoryKey, StoryPage, Update
from aggregator.publish import atom, jsonfeed, places
from aggregator.publish.entries import MOST, changed_at, entry_html, entry_of, newest_of_all, newest_updates
from aggregator.publish.lookup import lookup
from aggregator.publish.places import Site
from aggregator.publish.shown import corrected_by, withdrawn_by
from aggregator.store.pages import newest_pages, updates_at

MOST_BYTES = 4 * 2**20  # that are kept: 200 entries of three paragraphs in two formats take about 1.5 MB
BESIDE = 400  # bytes that an entry takes beside its texts
Place = tuple[StoryKey, int]


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands in each feed, in UTF-8."""

    atom: bytes
    item: bytes


class Kept:
    """What was written last, the newest entries first, within a bound of bytes. Threads may share it."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._written: Mapping[str, Written] = {}

    def known(self) -> Mapping[str, Written]:
        """By the marks of what they were made of."""
        return self._written

    def keep(self, written: Iterable[tuple[str, Written]]) -> None:
        """Keep these and no others, as far as there is room."""
        room, kept = self._most, {}
        for mark, one in written:
            room -= len(one.atom) + len(one.item) + BESIDE
            if room < 0:
                break
            kept[mark] = one
        self._written = kept  # at once, so that another thread has these or those before


_KEPT = Kept()  # as short as the feeds are: each update makes them anew, and all but one entry is what it was


def feeds_of_all(tx: Connection, site: Site, *, kept: Kept = _KEPT) -> Mapping[str, str]:
    """The feeds by their places. What they hold does not depend on what was kept."""
    pages = newest_pages(tx, most=MOST, texts=False)
    marks = {(page.key, one.number): _mark(page, one, site) for page in pages for one in newest_updates(page)}
    known = kept.known()
    written = {place: known[mark] for place, mark in marks.items() if mark in known}
    if missing := marks.keys() - written.keys():
        full = updates_at(tx, missing)
        for page in pages:
            written |= dict(_written(_with(page, full), missing, site))
    told = newest_of_all(pages)
    kept.keep((marks[place], written[place]) for place in ((page.key, one.number) for page, one in told))
    return _feeds(told, written, site)


def feeds_of(pages: Sequence[StoryPage], site: Site) -> Mapping[str, str]:
    """The same from whole pages."""
    told = newest_of_all(pages)
    asked = {(page.key, one.number) for page, one in told}
    return _feeds(told, {place: one for page in pages for place, one in _written(page, asked, site)}, site)


def _feeds(told: Sequence[tuple[StoryPage, Update]], written: Mapping[Place, Written], site: Site) -> Mapping[str, str]:
    entries = [(page, changed_at(page, one), written[page.key, one.number]) for page, one in told]
    return {
        places.ATOM: atom.all_stories([(page, changed, one.atom.decode()) for page, changed, one in entries], site),
        places.JSON_FEED: jsonfeed.all_stories([one.item.decode() for _, _, one in entries], site),
    }


def _with(page: StoryPage, full: Mapping[Place, Update]) -> StoryPage:
    """A page, some updates of which have their texts."""
    return replace(page, updates=tuple(full.get((page.key, one.number), one) for one in page.updates))


def _written(page: StoryPage, asked: Collection[Place], site: Site) -> Iterator[tuple[Place, Written]]:
    for update in page.updates:
        if (page.key, update.number) in asked:
            entry, html = entry_of(page, update, site), entry_html(page, update, site)
            texts = atom.entry_among_all(page, entry, html), jsonfeed.item_among_all(page, entry, html)
            yield (page.key, update.number), Written(*(text.encode("utf-8") for text in texts))


def _mark(page: StoryPage, update: Update, site: Site) -> str:
    """By what an entry is made of, without its texts: these are behind the hash of the update."""
    beside = corrected_by(page, update), withdrawn_by(page, update), lookup(page).put_right.get(update.number)
    shown = page.key, page.title, page.language, update.number, update.language, update.said_day, changed_at(page, update)
    said = repr((site.url, site.identity, update.hash, *shown, *beside))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
