"""Writing the static site: what has changed, and no more, so that the cost of an update does not grow with the stories."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

from aggregator import __version__
from aggregator.model import SourceKey, StatementId, StoryKey, StoryPage
from aggregator.publish import places
from aggregator.publish.folder import Folder
from aggregator.publish.formats import SUFFIXES, archives, render
from aggregator.publish.html import statement_page
from aggregator.publish.places import Site
from aggregator.publish.source_pages import SourcePages
from aggregator.publish.templating import icon
from aggregator.publish.whole import LARGE, NOW_AND_THEN, WITH_EACH, Whole, files_of
from aggregator.store import Store
from aggregator.store.browsing import source_names
from aggregator.store.fingerprints import statement_marks, story_marks
from aggregator.store.front import story_lines
from aggregator.store.gaps import open_by_story, open_stamp
from aggregator.store.pages import story_page
from aggregator.store.reading import statement_detail

REFRESH_EVERY = timedelta(minutes=10)
MOST_AGAIN = 20  # stories that are written anew in one pass for another reason than an update, so that updates need not wait
STATE = "site"  # the name of the notes on the whole


class StaticSite:
    """Writes a store's site into a folder, at a moment."""

    def __init__(self, store: Store, root: Path, site: Site, *, now: datetime, contact: str = "") -> None:
        self._store, self._folder, self._site, self._now, self._contact = store, Folder(root), site, now, contact
        self._written: set[StoryKey] = set()

    def write_story(self, key: StoryKey) -> None:
        """Write the statements that a story tells, and then the story in every format, so that what its pages lead to is there
        when they are. Raises OSError and `StoreError`."""
        with self._store.read() as tx:
            page = story_page(tx, key, now=self._now)
        if page is not None:
            self._write_icon()
            self._write_statements(page)
            self._folder.write(story_files(page, self._site))
            self._written.add(key)

    def _write_icon(self) -> None:
        """Into a folder that has none yet: each page has a browser ask for it."""
        if not self._folder.has(places.ICON):
            self._folder.write([(places.ICON, f"{icon().rstrip()}\n")])

    def _write_statements(self, page: StoryPage) -> None:
        told = told_statements(page)
        with self._store.read() as tx:
            marks = statement_marks(tx, told)
            names = source_names(tx) if told else {}
        look = _mark(self._look(), repr(sorted(names.items())))
        wanted = {places.statement_file(one): f"{mark}{look}" for one, mark in marks.items()}
        name = f"story-{page.key}"
        known = self._folder.notes(name)
        changed = [
            one
            for one in marks
            if known.get(place := places.statement_file(one)) != wanted[place] or not self._folder.has(place)
        ]
        self._folder.write(self._statements(changed, names))
        if known != wanted:
            self._folder.note(name, wanted)

    def _statements(self, asked: Sequence[StatementId], names: Mapping[SourceKey, str]) -> Iterator[tuple[str, str]]:
        for one in asked:
            with self._store.read() as tx:
                found = statement_detail(tx, one)
            if found is not None:
                yield places.statement_file(one), f"{statement_page(found, self._site, names=names)}\n"

    def refresh(self, *, published: bool) -> None:
        """Write what is about all stories: after a publication what may change with it, and every ten minutes the rest, with
        stories that are written in another way than they would be now; last, as nobody waits for them, some pages of sources.
        Raises OSError and `StoreError`."""
        self._refresh_whole(published=published)
        SourcePages(self._store, self._folder, self._site, now=self._now, look=self._look()).write_some()

    def _refresh_whole(self, *, published: bool) -> None:
        state = self._folder.notes(STATE)
        due = self._is_due(state)
        left = [StoryKey(key) for key in state.get("left", ()) if key not in self._written]
        left += self._gapped(state)
        if not published and not due and not left:
            return
        with self._store.read() as tx:
            stories = story_lines(tx, now=self._now)
            whole = Whole(tx=tx, site=self._site, now=self._now, stories=stories, contact=self._contact)
            made = list(files_of((*WITH_EACH, *NOW_AND_THEN) if due else WITH_EACH, whole))
            marks = story_marks(tx, now=self._now) if due else {}
        self._write_icon()
        self._folder.write((place, f"{text.rstrip()}\n") for place, text in made)
        if due:
            with self._store.read() as tx:
                for place, pieces in files_of(LARGE, replace(whole, tx=tx)):
                    self._folder.write_large(place, chain(pieces, "\n"))
            known = state.get("stories", {}) if state.get("look") == self._look() else {}
            left += [one.key for one in stories if known.get(one.key) != marks[one.key] and one.key not in self._written]
            state |= {"look": self._look(), "at": self._now.isoformat(), "stories": marks}
        missing = [one.key for one in stories if not self._folder.has(places.story_file(one.key))]
        again = list(dict.fromkeys([*missing, *left]))
        for key in again[:MOST_AGAIN]:
            self.write_story(key)
        if due or again or state.get("left"):
            self._folder.note(STATE, {**state, "left": again[MOST_AGAIN:]})

    def _gapped(self, state: dict[str, Any]) -> Sequence[StoryKey]:
        """Stories of which a gap was opened or closed since the last pass. That is no publication, and yet no reader must be
        told for ten minutes that nothing is missing."""
        with self._store.read() as tx:
            stamp = open_stamp(tx)
            if stamp == state.get("gaps_stamp"):
                return ()
            found: dict[str, list[int]] = {str(key): ids for key, ids in open_by_story(tx, now=self._now).items()}
        known = state.get("gaps", {})
        changed = sorted(key for key in found.keys() | known.keys() if found.get(key) != known.get(key))
        state |= {"gaps_stamp": stamp, "gaps": found, "left": [*changed, *state.get("left", ())]}
        self._folder.note(STATE, state)  # before they are written: whatever happens, the next pass knows that they are left
        return [StoryKey(key) for key in changed]

    def _is_due(self, state: dict[str, object]) -> bool:
        if state.get("look") != self._look():
            return True
        at = _moment(state.get("at"))
        return at is None or not timedelta() <= self._now - at < REFRESH_EVERY

    def _look(self) -> str:
        """By what pages are made beside the store: when that is another one, all are made anew."""
        return _mark(__version__, _templates(), repr(self._site), self._contact)


def story_files(page: StoryPage, site: Site) -> Iterator[tuple[str, str]]:
    """The files of one story, by their places."""
    for form, suffix in SUFFIXES.items():
        yield places.story_file(page.key, suffix), render(page, form, site=site)
    yield from archives(page, site)


def told_statements(page: StoryPage) -> Collection[StatementId]:
    """The statements that a page leads to, in order."""
    return sorted(
        {
            *(one.statement for one in page.updates),
            *(one.statement for one in page.versions),
            *(one.statement for one in page.also_reported),
        }
    )


def _moment(written: object) -> datetime | None:
    """A time as it was noted; None where it is none."""
    try:
        at = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _mark(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@cache
def _templates() -> str:
    """A mark of how the pages are made: they change between two releases, too."""
    folder = files("aggregator.publish") / "templates"
    return _mark(*(one.read_text(encoding="utf-8") for one in sorted(folder.iterdir(), key=lambda one: one.name)))
