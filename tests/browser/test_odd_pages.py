"""Pages of what is seldom: endless titles, writing from right to left, pictures that are there or not, no update yet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from aggregator.pipeline.sandbox import Sandbox
from tests.browser.axe import wrong_with
from tests.browser.folders import served
from tests.browser.newsroom import ARABIC, LONG, publish
from tests.browser.reader import Reader
from tests.conftest import Web, be_quiet


@pytest.fixture(scope="module")
def odd_site(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[str]:
    """The address of such a site."""
    be_quiet()
    web = Web()
    with served(publish(tmp_path_factory.mktemp("odd"), web, sandbox)) as url:
        yield url
    web.close()


def test_an_endless_title_is_wrapped_and_every_update_is_there(reader: Reader, odd_site: str) -> None:
    page = reader.opens(odd_site + "long.html", width=320)
    assert len(page.inner_text("h1")) > LONG
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.locator("#update-1 .told").first).to_be_attached()
    assert len(page.inner_text("#update-1 .reason")) < 1_000  # what a source calls endless is cut where it is quoted


def test_writing_from_right_to_left_runs_so_and_the_page_around_it_does_not(reader: Reader, odd_site: str) -> None:
    page = reader.opens(odd_site + "rtl.html")
    assert page.inner_text("h1") == ARABIC
    for place in ("h1", ".lead", "#update-1 .told"):
        one = page.locator(place).first
        assert one.evaluate("one => getComputedStyle(one).direction") == "rtl", place
        assert one.get_attribute("lang") == "ar"
    assert page.locator("#update-1 .info").first.evaluate("one => getComputedStyle(one).direction") == "ltr"
    # The full stop and the brackets stand where readers of the language look for them: after the words, on their left.
    first, last = page.evaluate(
        """() => { const text = document.querySelector("#update-1 .told").firstChild, at = where => { const range = new Range();
             range.setStart(text, where); range.setEnd(text, where + 1); return range.getBoundingClientRect(); };
           return [at(0).right, at(text.data.trimEnd().indexOf("!")).right]; }"""
    )
    assert first > last
    # The closing quotation mark of the English line ends its title, and does not stand within it.
    title, end = page.evaluate(
        """() => { const quoted = document.querySelector("#update-1 .reason bdi"), range = new Range();
             range.selectNodeContents(quoted.nextSibling); const lines = [...quoted.getClientRects()];
             return [lines.at(-1), range.getBoundingClientRect()].map(one => [one.left, one.right]); }"""
    )
    assert end[0] >= title[1] - 1
    assert wrong_with(page) == []


def test_a_hebrew_update_in_an_english_story_is_marked_and_runs_its_way(reader: Reader, odd_site: str) -> None:
    page = reader.opens(odd_site + "mixed.html")
    assert page.locator("h1").evaluate("one => getComputedStyle(one).direction") == "ltr"
    told = page.locator("#update-1 .told").first
    assert (told.get_attribute("lang"), told.evaluate("one => getComputedStyle(one).direction")) == ("he", "rtl")
    assert "in Hebrew" in page.inner_text("#update-1 .when")
    assert wrong_with(page) == []


def test_a_picture_is_the_copy_of_the_site_with_words_and_credit(reader: Reader, odd_site: str) -> None:
    page = reader.opens(odd_site + "pictured.html", width=320)
    picture = page.get_by_role("img", name="A field")
    assert picture.evaluate("one => one.complete && one.naturalWidth") > 300
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] <= 320
    assert box["width"] / box["height"] == pytest.approx(1.5, abs=0.05)
    assert "Ada (CC0)" in page.inner_text("figcaption")
    assert [one for one in reader.asked if not one.startswith(odd_site)] == []
    assert wrong_with(page) == []


def test_a_picture_that_is_not_there_is_a_link_with_its_words(reader: Reader, odd_site: str) -> None:
    page = reader.opens(odd_site + "unpictured.html")
    assert page.locator("figure img").count() == 0
    expect(page.get_by_role("link", name="A field")).to_be_visible()
    assert "Ada (CC0)" in page.inner_text("figcaption")
    assert wrong_with(page) == []


def test_a_story_without_updates_says_so(reader: Reader, odd_site: str) -> None:
    page = reader.opens(odd_site + "empty.html")
    expect(page.get_by_text("No update yet")).to_be_visible()
    assert wrong_with(page) == []
