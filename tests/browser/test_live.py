"""The served site: what is new is told without moving what one reads, and comes when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Request, expect

from aggregator.pipeline.sandbox import Sandbox
from tests.browser.axe import wrong_with
from tests.browser.live import Newsroom, Served, serving
from tests.browser.reader import Reader, strange
from tests.conftest import Web, be_quiet


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Newsroom]:
    """A newsroom with a few updates out."""
    be_quiet()
    web = Web()
    one = Newsroom(tmp_path_factory.mktemp("newsroom"), web, sandbox)
    one.says(8)
    yield one
    one.close()
    web.close()


@pytest.fixture(scope="module")
def server(newsroom: Newsroom) -> Iterator[Served]:
    """Its site, served."""
    with serving(newsroom.config) as one:
        yield one


def listening(reader: Reader, url: str, *, height: int = 800) -> Page:
    """A page that hears of updates by now."""
    page = reader.opens(url, prepare=hears, height=height)
    page.wait_for_selector("html[data-heard]", state="attached")
    return page


def hears(page: Page) -> None:
    """Mark the page when it was told how many updates there are."""
    page.add_init_script(
        """const Real = window.EventSource;
        window.EventSource = class extends Real { constructor(...given) { super(...given);
          this.addEventListener("state", () => document.documentElement.setAttribute("data-heard", "")); } };"""
    )


def numbers(page: Page) -> list[int]:
    """The updates on a page, in its order."""
    found: list[str] = page.eval_on_selector_all("article[id^=update-]", "all => all.map(one => one.id)")
    return [int(one.removeprefix("update-")) for one in found]


def top_of(page: Page, number: int) -> float:
    """Where an update stands in the window, in pixels from its top."""
    place: float = page.eval_on_selector(f"#update-{number}", "one => one.getBoundingClientRect().top")
    return place


def test_a_new_update_is_told_and_nothing_moves_until_it_is_asked_for(
    reader: Reader, newsroom: Newsroom, server: Served
) -> None:
    page = listening(reader, server.url + "talks.html", height=400)
    before = numbers(page)
    page.eval_on_selector("#update-4", "one => one.scrollIntoView()")
    place, read = page.evaluate("scrollY"), top_of(page, 4)
    newsroom.says()
    button = page.get_by_role("button", name="1 new update", exact=True)
    expect(button).to_be_visible()
    assert (page.evaluate("scrollY"), top_of(page, 4)) == (place, read)
    assert numbers(page) == before
    newsroom.says()
    expect(page.get_by_role("button", name="2 new updates", exact=True)).to_be_visible()
    assert (page.evaluate("scrollY"), top_of(page, 4)) == (place, read)
    page.get_by_role("button", name="2 new updates").click()
    expect(page.locator(f"#update-{before[-1] + 2}")).to_be_attached()
    assert numbers(page) == [*before, before[-1] + 1, before[-1] + 2]
    expect(page.get_by_role("status")).to_be_empty()
    assert f"{before[-1] + 2} updates" in page.inner_text("main > .meta")


def test_the_newest_comes_first_where_the_newest_is_first(reader: Reader, newsroom: Newsroom, server: Served) -> None:
    page = listening(reader, server.url + "talks.newest.html", height=400)
    before = numbers(page)
    assert before == sorted(before, reverse=True)
    page.eval_on_selector(f"#update-{before[3]}", "one => one.scrollIntoView()")
    read = top_of(page, before[3])
    newsroom.says()
    expect(page.get_by_role("button", name="1 new update", exact=True)).to_be_visible()
    assert top_of(page, before[3]) == read
    page.get_by_role("button").click()
    expect(page.locator(f"#update-{before[0] + 1}")).to_be_in_viewport()
    assert numbers(page) == [before[0] + 1, *before]


def told(page: Page) -> list[str]:
    """What a page tells, element by element."""
    found: list[str] = page.eval_on_selector_all("main > :not(#live)", "all => all.map(one => one.innerText)")
    return found


@pytest.mark.parametrize("file", ["talks.html", "talks.newest.html"])
def test_what_is_said_of_the_whole_is_what_a_page_that_is_opened_now_says(
    reader: Reader, tmp_path: Path, web: Web, sandbox: Sandbox, file: str
) -> None:
    newsroom = Newsroom(tmp_path, web, sandbox)
    newsroom.says(0)
    with closing(newsroom), serving(newsroom.config) as server:
        page = listening(reader, server.url + file)
        assert "No update yet." in told(page)
        for count in (1, 2):  # the second brings the key points and the order
            newsroom.says()
            if count == 2:
                newsroom.notes("Three more rounds are planned.")
            page.get_by_role("button", name="1 new update").click()
            expect(page.get_by_role("status")).to_be_empty()
            assert told(page) == told(reader.opens(server.url + file))
        assert "Key points" in page.inner_text("main")
        assert "Three more rounds" in page.inner_text(".act")
        reader.leaves()  # before the server does


def test_a_page_that_is_none_of_a_story_puts_nothing_in_the_place_of_what_is_read(
    reader: Reader, newsroom: Newsroom, server: Served
) -> None:
    page = listening(reader, server.url + "talks.html")
    before = told(page)
    page.route("**/talks.html", lambda route: route.fulfill(body="<!doctype html><p>Log in", content_type="text/html"))
    newsroom.says()
    page.get_by_role("button", name="1 new update").click()
    expect(page.get_by_role("button", name="could not be loaded")).to_be_enabled()
    assert told(page) == before


def test_what_came_while_the_server_was_away_is_told_when_it_is_back(
    reader: Reader, newsroom: Newsroom, server: Served
) -> None:
    page = listening(reader, server.url + "talks.html")
    asked: list[Request] = []
    page.on("request", lambda one: asked.append(one) if "/events/" in one.url else None)
    server.stop()
    newsroom.says(2)
    server.start()
    expect(page.get_by_role("button", name="2 new updates", exact=True)).to_be_visible(timeout=15_000)
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_be_empty()
    assert numbers(page) == sorted(numbers(page))
    assert "last-event-id" in asked[-1].all_headers()  # it said what it had seen
    # While nobody answers, the browser says so on its console; nothing else may stand there.
    refused = re.compile(r"console error: Failed to load resource: net::ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING)")
    reader.troubles[:] = [one for one in reader.troubles if not refused.match(one)]


def test_what_the_reader_has_opened_stays_open(reader: Reader, newsroom: Newsroom, server: Served) -> None:
    page = listening(reader, server.url + "talks.html")
    page.locator("#update-3 summary").first.click()
    page.evaluate("window.__opened = document.querySelector('#update-3 details')")
    newsroom.says()
    page.get_by_role("button", name="1 new update").click()
    expect(page.get_by_role("status")).to_be_empty()
    expect(page.locator("#update-3 details q").first).to_be_visible()
    assert page.evaluate("window.__opened.isConnected")  # the very same element: nothing was put in its place


def test_by_keyboard_the_news_is_shown_and_read_on_from(reader: Reader, newsroom: Newsroom, server: Served) -> None:
    page = listening(reader, server.url + "talks.html")
    newest = numbers(page)[-1]
    newsroom.says()
    page.get_by_role("button", name="1 new update").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#update-{newest + 1}")).to_be_focused()


def test_who_has_no_javascript_has_the_whole_page(reader: Reader, newsroom: Newsroom, server: Served) -> None:
    page = reader.opens(server.url + "talks.html", javascript=False)
    assert len(numbers(page)) == len(newsroom.said)
    assert page.get_by_role("button").count() == 0


def test_statements_are_found_by_their_words(reader: Reader, server: Served) -> None:
    page = reader.opens(server.url + "talks.html", javascript=False)
    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").fill('timber "round 4"')
    page.keyboard.press("Enter")
    expect(page.locator(".hits > li")).to_have_count(1)
    assert page.locator(".hits mark").all_inner_texts() == ["round 4", "timber", "round 4"]
    page.locator(".hits a").first.click()
    expect(page.locator("h1")).to_have_text("Talks, round 4")
    assert page.url.startswith(server.url + "statements/")


def test_what_is_searched_for_is_shown_as_text(reader: Reader, server: Served) -> None:
    asked = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    page = reader.opens(f"{server.url}search.html?q={quote(asked)}")
    expect(page.get_by_role("searchbox")).to_have_value(asked)
    assert strange(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_served_page_is_in_trouble(reader: Reader, server: Served, dark: bool) -> None:
    rules = ["color-contrast"] if dark else []
    page = reader.opens(server.url, dark=dark)
    for place in ["", "statements/1.html", "sources/index.html", "sources/a.html", "missed.html", "about.html"]:
        page.goto(server.url + place)
        expect(page.locator("h1")).to_be_visible()
    for place in ["talks.html", "search.html", "search.html?q=talks", "api/"]:  # the static site has none of these
        page.goto(server.url + place)
        assert wrong_with(page, *rules) == [], place
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place


def test_the_button_is_no_wider_than_a_phone_and_can_be_read(reader: Reader, newsroom: Newsroom, server: Served) -> None:
    page = reader.opens(server.url + "talks.html", width=320, dark=True, prepare=hears)
    page.wait_for_selector("html[data-heard]", state="attached")
    page.eval_on_selector("#update-4", "one => one.scrollIntoView()")
    newsroom.says()
    button = page.get_by_role("button", name="1 new update")
    expect(button).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert wrong_with(page) == []
