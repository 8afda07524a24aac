"""The site as people read it: without JavaScript, by keyboard, on a phone, in the dark, on paper, by ear."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aggregator.publish.places import ICON
from tests.browser.axe import wrong_with
from tests.browser.folders import of_one_page, one_of_each_kind, served
from tests.browser.reader import Reader

STORY, NEWEST = "ukraine-2022.html", "ukraine-2022.newest.html"
WIDTHS = [320, 768, 1040, 1110, 1280]  # 1104: from there on, numbers stand beside the text
# Every box that reaches beyond the window, but what scrolls by itself, and what is meant for screen readers alone.
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter(one => { const box = one.getBoundingClientRect();
      return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1) && !one.closest(".wide, .said, .skip"); })
    .map(one => one.outerHTML.slice(0, 100))"""


def numbers(page: Page) -> list[int]:
    """The updates on a page, in its order."""
    found: list[str] = page.eval_on_selector_all("article[id^=update-]", "all => all.map(one => one.id)")
    return [int(one.removeprefix("update-")) for one in found]


# --- without JavaScript


def test_the_page_says_the_same_without_javascript(reader: Reader, site: str) -> None:
    with_, without = (reader.opens(site + STORY, javascript=on).inner_text("body") for on in (True, False))
    assert with_ == without
    assert "for more info: White House" in without


def test_the_static_site_runs_no_script_at_all(reader: Reader, site: str) -> None:
    page = reader.opens(site + STORY)
    assert page.locator("script:not([type='application/ld+json'])").count() == 0
    # No picture, no style, no font: the page is whole in one file. Browsers ask for an icon once.
    assert [one for one in reader.asked if one != site + ICON] == [site + STORY]


def test_either_order_can_be_chosen_and_linked(reader: Reader, site: str) -> None:
    page = reader.opens(site + STORY, javascript=False)
    assert numbers(page) == sorted(numbers(page))
    page.get_by_role("link", name="Newest first").click()
    assert page.url.startswith(site + NEWEST)
    assert numbers(page) == sorted(numbers(page), reverse=True)
    assert len(numbers(page)) > 10
    page.get_by_role("link", name="Oldest first").click()
    assert page.url.startswith(site + STORY)


@pytest.mark.parametrize("file", [STORY, NEWEST])
def test_a_permalink_leads_to_its_update(reader: Reader, site: str, file: str) -> None:
    page = reader.opens(f"{site}{file}#update-4", javascript=False)
    expect(page.locator("#update-4 h2")).to_be_in_viewport()
    assert -1 <= page.eval_on_selector("#update-4", "one => one.getBoundingClientRect().top") < 100
    page.locator("#update-6 h2 a").click()
    assert page.url == f"{site}{file}#update-6"
    expect(page.locator("#update-6 h2")).to_be_in_viewport()


def test_the_source_of_a_sentence_opens_without_javascript(reader: Reader, site: str) -> None:
    page = reader.opens(site + STORY, javascript=False)
    details = page.locator("#update-1 details").first
    expect(details.locator("q").first).to_be_hidden()
    details.locator("summary").click()
    expect(details.locator("q").first).to_be_visible()
    link = details.get_by_role("link").first
    assert re.fullmatch(r"statements/\d+\.html#.+", link.get_attribute("href") or "")


# --- by keyboard


def focused(page: Page) -> str:
    """What has the focus, in short."""
    found: str = page.evaluate(
        "() => { const one = document.activeElement; return `${one.localName} ${one.textContent.trim().slice(0, 40)}`; }"
    )
    return found


def test_the_first_key_leads_past_the_head_of_the_page(reader: Reader, site: str) -> None:
    page = reader.opens(site + STORY, javascript=False)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the updates")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) in {"a Newest first", "a Update.1"}


def test_everything_is_reached_by_tab_in_the_order_in_which_it_stands(reader: Reader, site: str) -> None:
    page = reader.opens(site + STORY)
    page.evaluate(
        """() => { window.__seen = []; const all = [...document.querySelectorAll("a[href], button, input, select, summary")]
            .filter(one => one.checkVisibility()); window.__all = all;
            addEventListener("focusin", event => { const at = getComputedStyle(event.target);
              window.__seen.push([all.indexOf(event.target), at.outlineStyle, parseFloat(at.outlineWidth)]); }); }"""
    )
    count = page.evaluate("window.__all.length")
    assert count > 40
    for _ in range(count):
        page.keyboard.press("Tab")
    seen = page.evaluate("window.__seen")
    assert [place for place, _, _ in seen] == list(range(count))
    assert [one for one in seen if one[1] == "none" or one[2] < 2] == []  # where one is can be seen


def test_what_is_focused_by_keyboard_works_by_enter(reader: Reader, site: str) -> None:
    page = reader.opens(site + STORY, javascript=False)
    page.locator("#update-2 summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#update-2 details q").first).to_be_visible()
    page.get_by_role("link", name="Newest first").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(site + NEWEST)))


# --- on any screen, and on paper


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window(reader: Reader, site: str, demo_storage: Path, width: int) -> None:
    page = reader.opens(site + STORY, width=width)
    for file in one_of_each_kind(demo_storage / "site"):
        page.goto(site + file)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, file
        assert page.evaluate(TOO_WIDE) == [], file


def test_text_can_be_made_twice_as_large_on_a_phone(reader: Reader, site: str) -> None:
    page = reader.opens(site + STORY, width=320)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_dark_page_is_dark_and_the_light_one_light(reader: Reader, site: str) -> None:
    for dark in (False, True):
        page = reader.opens(site + STORY, dark=dark)
        paper, ink = (
            sum(map(float, re.findall(r"[\d.]+", page.eval_on_selector("body", f"one => getComputedStyle(one).{what}"))[:3]))
            for what in ("backgroundColor", "color")
        )
        assert (paper < 150 and ink > 600) if dark else (paper > 600 and ink < 150), (paper, ink)


def test_on_paper_there_is_the_story_alone_with_the_addresses_of_its_sources(reader: Reader, site: str) -> None:
    page = reader.opens(site + STORY)
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#update-1 .told").first).to_be_visible()
    for chrome in ("header.site", "footer.site", "nav.order", ".skip"):
        expect(page.locator(chrome)).to_be_hidden()
    link = page.locator("#update-1 .info a[href^='http']").first
    assert link.get_attribute("href") in link.evaluate(
        "one => getComputedStyle(one, '::after').content.replace(/[^ ]*attr.*/, one.href)"
    )
    assert len(page.pdf()) > 10_000


# --- by whatever senses


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_wrong_with_any_kind_of_page(reader: Reader, site: str, demo_storage: Path, dark: bool) -> None:
    rules = ["color-contrast"] if dark else []  # a page is the same in the dark, but for its colours
    page = reader.opens(site + STORY, dark=dark)
    for file in one_of_each_kind(demo_storage / "site"):
        page.goto(site + file)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert wrong_with(page, *rules) == [], file


def test_axe_notices_what_is_wrong(reader: Reader, site: str) -> None:
    page = reader.opens(site + STORY)
    page.evaluate("document.querySelector('h1').style.color = '#ccc'; document.documentElement.lang = ''")
    assert {one.partition(":")[0] for one in wrong_with(page)} >= {"color-contrast", "html-has-lang"}


# --- policy


def with_more(storage: Path, folder: Path, put: str) -> Path:
    """A folder with a story's page, in which something more stands."""
    html = (storage / "site" / STORY).read_text(encoding="utf-8")
    return of_one_page(folder, re.sub("(<main[^>]*>)", lambda main: main[0] + put, html))


@pytest.mark.parametrize(
    "put",
    [
        "<script>window.__ran = 'script'</script>",
        "<img src=icon.svg onload=\"window.__ran = 'onload'\" alt=x>",
        "<script src=http://elsewhere.example/x.js></script>",
        "<iframe src='javascript:parent.__ran=1'></iframe>",
        "<p style='color: red'>x</p>",
        "<style>p { color: red }</style>",
        "<img src=http://elsewhere.example/x.png alt=x>",
    ],
)
def test_what_came_into_a_page_all_the_same_would_be_stopped_by_its_policy(
    reader: Reader, demo_storage: Path, tmp_path: Path, put: str
) -> None:
    with served(with_more(demo_storage, tmp_path, put)) as url:
        page = reader.opens(url + "page.html")
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("window.__ran") is None
        assert page.url == url + "page.html"
        assert page.evaluate("getComputedStyle(document.querySelector('main p')).color") != "rgb(255, 0, 0)"
    assert any("Content Security Policy" in one for one in reader.troubles), reader.troubles
    assert not any("ran:" in one or "asked another host" in one for one in reader.troubles)
    reader.troubles.clear()


def test_no_form_of_a_page_sends_anything(reader: Reader, demo_storage: Path, tmp_path: Path) -> None:
    form = "<form action=http://elsewhere.example/><button id=go>x</button></form>"
    with served(with_more(demo_storage, tmp_path, form)) as url:
        page = reader.opens(url + "page.html")
        with page.expect_event("console") as told:
            page.eval_on_selector("#go", "one => one.click()")
        assert "form-action" in told.value.text
        assert page.url == url + "page.html"
    reader.troubles.clear()
