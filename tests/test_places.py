"""The ids and places of the site."""

from __future__ import annotations

from aggregator.model import StatementId, StoryKey
from aggregator.publish.places import Site, from_file, statement_file, story_file


def test_an_id_is_of_its_store_and_not_of_the_sites_address() -> None:
    before = Site(identity="0b9c3f5e-3c8e-4f0e-9d4f-6f1f2f3a4b5c")
    moved = Site(identity=before.identity, url="https://news.example.org/", live=True)
    key = StoryKey("alaska")
    assert before.update_id(key, 4) == moved.update_id(key, 4)
    assert moved.update_id(key, 4) == "tag:0b9c3f5e-3c8e-4f0e-9d4f-6f1f2f3a4b5c.invalid,2026:alaska/update-4"
    assert moved.story_id(key) != Site(identity="another").story_id(key)


def test_links_are_relative_unless_the_address_of_the_site_is_known() -> None:
    assert Site().address(story_file(StoryKey("alaska"), "atom")) == "alaska.atom"
    assert Site(url="https://e.org/news/").address("alaska.html") == "https://e.org/news/alaska.html"
    assert from_file(statement_file(StatementId(5)), "alaska.html") == "../alaska.html"
    assert from_file("index.html", "alaska.html") == "alaska.html"
