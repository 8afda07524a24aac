"""The feeds of all stories: an entry is made once, and they are the same as if all were made anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from aggregator.config import load_config
from aggregator.model import StoryPage, Update
from aggregator.pipeline import sync
from aggregator.publish import entries, newest
from aggregator.publish.entries import MOST
from aggregator.publish.newest import BESIDE, Kept, Written, feeds_of, feeds_of_all
from aggregator.publish.places import ATOM, JSON_FEED, Site
from aggregator.store.pages import newest_pages
from tests.conftest import STORY, Desk, Web, item, rss, source_block

SITE = Site(url="https://news.example.org/", identity="store")


def anew(at_work: Desk, site: Site = SITE) -> Mapping[str, str]:
    """The feeds of whole pages, in which nothing is kept."""
    with at_work.store.read() as tx:
        return feeds_of(newest_pages(tx, most=MOST), site)


def from_kept(at_work: Desk, kept: Kept, site: Site = SITE) -> Mapping[str, str]:
    with at_work.store.read() as tx:
        return feeds_of_all(tx, site, kept=kept)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The entries that were made since, as `story 4`."""
    found: list[str] = []

    def noted(page: StoryPage, update: Update, site: Site) -> str:
        found.append(f"{page.key} {update.number}")
        return entries.entry_html(page, update, site)

    monkeypatch.setattr(newest, "entry_html", noted)
    return found


def listing(*hours: int) -> str:
    texts = [f"On day {n} the talks on grain went on for {hour} hours, said the delegation." for n, hour in enumerate(hours)]
    return rss(*(item(str(n), f"Talks on grain {n}", text) for n, text in enumerate(texts)))


@pytest.fixture
def at_work(web: Web, desk: Callable[[str], Desk]) -> Desk:
    """Two stories that tell the same three statements."""
    web.serve(listing(2, 3, 4))
    found = desk(STORY + STORY.replace("stories.talks", "stories.more") + source_block("a", web.url()))
    found.poll()
    found.settle()
    return found


def test_an_entry_is_made_once_and_again_when_something_is_marked_beside_it(at_work: Desk, web: Web, made: list[str]) -> None:
    kept = Kept()
    assert from_kept(at_work, kept) == anew(at_work)
    made.clear()
    assert from_kept(at_work, kept) == from_kept(at_work, kept)
    assert made == []
    web.serve(listing(2, 9, 4))
    at_work.clock.forward(hours=1)
    at_work.poll()
    at_work.settle()  # which writes the site
    made.clear()
    after = from_kept(at_work, kept)
    assert sorted(made) == ["more 2", "more 4", "talks 2", "talks 4"]  # what was corrected, and what corrects it
    assert after == anew(at_work)
    assert after[ATOM].count("Corrected in") == 2
    assert after[JSON_FEED].count('"corrected_by"') == 8


def test_the_feeds_follow_what_feeds_toml_and_the_site_say(at_work: Desk, made: list[str]) -> None:
    kept = Kept()
    before = from_kept(at_work, kept)
    text = at_work.config.path.read_text().replace('title = "Talks in Geneva"', 'title = "Talks by the lake"', 1)
    at_work.config.path.write_text(text)
    sync(at_work.store, load_config(at_work.config.path), now=at_work.clock())
    made.clear()
    after = from_kept(at_work, kept)
    assert {one.partition(" ")[0] for one in made} == {"talks"}
    assert after == anew(at_work)
    assert after != before
    there = Site(url="https://elsewhere.example.org/", identity="store")
    assert from_kept(at_work, kept, there) == anew(at_work, there)
    hub = Site(url=SITE.url, identity="store", hub="https://hub.example.org/")
    assert from_kept(at_work, kept, hub) == anew(at_work, hub)


@pytest.mark.parametrize("room", [0, 3_000, 9_000])
def test_less_room_changes_nothing_but_what_is_made_again(at_work: Desk, made: list[str], room: int) -> None:
    kept = Kept(room)
    from_kept(at_work, kept)
    made.clear()
    assert from_kept(at_work, kept) == anew(at_work)
    assert len(kept.known()) < 6
    assert len(made) == 6 + 6 - len(kept.known())


def test_what_is_kept_are_the_newest_entries_as_far_as_there_is_room() -> None:
    kept = Kept(2 * BESIDE + 10)
    kept.keep([("a", Written(b"12", b"34")), ("b", Written(b"5", b"6")), ("c", Written(b"12", b"345"))])
    assert set(kept.known()) == {"a", "b"}
    kept.keep([("c", Written(b"1", b"2"))])
    assert set(kept.known()) == {"c"}


def test_a_store_without_an_update_has_feeds(web: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(STORY + source_block("a", web.url()))
    assert from_kept(at_work, Kept()) == anew(at_work)
