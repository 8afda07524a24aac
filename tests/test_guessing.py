"""Selectors and mappings are guessed right on every recorded listing, and nothing is guessed where nothing is."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.model import Listing
from aggregator.sources import read_json, read_page
from aggregator.sources.guessing import guess_selectors
from aggregator.sources.guessing_json import guess_mapping
from tests.test_recordings import Recording, recordings

# What cannot be guessed: that entries which pass on what others said are to be left out. And what is no listing as it should be
# read: recordings whose rules are wrong on purpose.
FORWARDED = "page/telegram-channel"
WRONG_ON_PURPOSE = {"page/kremlin-changed-layout", "page/kremlin-wrong-entry"}
PAGES = [one for one in recordings() if one.kind == "page"]


def guessed(recording: Recording) -> Listing:
    said = recording.said
    rules = guess_selectors(recording.body, url=said["url"], content_type=said.get("content_type"))
    assert rules is not None
    return read_page(
        recording.body,
        url=said["url"],
        selectors=rules,
        zone=ZoneInfo(said["zone"]),
        content_type=said.get("content_type"),
        language=said["language"],
    )


def core(listing: Listing) -> list[tuple[str, str, datetime | None]]:
    return [(entry.url, entry.title, entry.published) for entry in listing.entries]


def expected_core(expected: Any) -> list[tuple[str, str, datetime | None]]:
    return [
        (entry["url"], entry["title"], datetime.fromisoformat(entry["published"]) if "published" in entry else None)
        for entry in expected["entries"]
    ]


@pytest.mark.parametrize("recording", [one for one in PAGES if str(one) not in {FORWARDED, *WRONG_ON_PURPOSE}], ids=str)
def test_a_recorded_listing_is_read_by_guessed_selectors_as_by_its_rules(recording: Recording) -> None:
    listing = guessed(recording)
    assert core(listing) == expected_core(recording.expected)
    assert [warning for warning in listing.warnings if "selectors." in warning] == []


def test_of_a_channel_all_but_what_it_passes_on_is_as_by_its_rules() -> None:
    (recording,) = [one for one in PAGES if str(one) == FORWARDED]
    listing = guessed(recording)
    forwarded = "https://t.me/example_channel/14986"
    assert [line for line in core(listing) if line[0] != forwarded] == expected_core(recording.expected)
    assert [entry.html for entry in listing.entries if entry.url != forwarded] == [
        one["html"] for one in recording.expected["entries"]
    ]


@pytest.mark.parametrize("name", sorted(WRONG_ON_PURPOSE))
def test_where_the_rules_no_longer_fit_the_guess_does(name: str) -> None:
    by_name = {str(one): one for one in PAGES}
    assert core(guessed(by_name[name])) == expected_core(by_name["page/kremlin-ru"].expected)


def test_the_next_page_is_found_too() -> None:
    by_name = {str(one): one for one in PAGES}
    for name in ("page/kremlin-news-page-2", "page/kremlin-ru", "page/president-ukraine-en"):
        assert list(guessed(by_name[name]).more) == by_name[name].expected["more"]


def listing_page(rows: str, *, head: str = "") -> bytes:
    menu = "".join(f"<li><a href='/about/{n}'>About the department, part {n}</a></li>" for n in range(30))
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>News</title>{head}</head><body><nav><ul>{menu}</ul></nav>{rows}"
        "<footer><a href='/imprint'>Imprint and contact</a></footer></body></html>"
    ).encode()


def test_a_page_without_classes_is_read_by_its_structure() -> None:
    rows = "".join(
        f"<li><a href='/news/{n}'>Minister speaks about rivers, part {n}</a> <i>{n} May 2026</i></li>" for n in (3, 2, 1)
    )
    rules = guess_selectors(listing_page(f"<ul id='list'>{rows}</ul>"), url="https://example.org/news")
    assert rules is not None
    assert (rules.entry, rules.time) == ("ul#list > li", "i")
    found = read_page(listing_page(f"<ul id='list'>{rows}</ul>"), url="https://example.org/news", selectors=rules)
    assert [entry.published_written for entry in found.entries] == ["3 May 2026", "2 May 2026", "1 May 2026"]


def test_the_longer_list_of_dated_titles_wins_over_menus_and_boxes() -> None:
    def box(name: str, numbers: range) -> str:
        inner = "".join(
            f"<div class='{name}'><h3><a href='/{name}/{n}'>Something was said about {name} {n}</a></h3>"
            f"<span class='when'>2026-05-{n:02}</span> <a href='/topics/rivers'>Rivers and lakes</a></div>"
            for n in numbers
        )
        return f"<section>{inner}</section>"

    body = listing_page(box("most-read", range(1, 4)) + box("statement", range(10, 20)))
    rules = guess_selectors(body, url="https://example.org/news")
    assert rules is not None
    assert (rules.entry, rules.link, rules.time) == ("div.statement", "h3 a @href", "span.when")


def test_of_two_times_the_publication_is_taken() -> None:
    rows = "".join(
        f"<article class='item'><time class='updated' datetime='2026-06-0{n}T10:00Z'>x</time>"
        f"<h2><a href='/{n}'>Speech on the harvest of {n}</a></h2>"
        f"<time class='published' datetime='2026-05-0{n}T10:00Z'>y</time></article>"
        for n in (1, 2, 3)
    )
    rules = guess_selectors(listing_page(rows), url="https://example.org/news")
    assert rules is not None
    assert rules.time == "time.published"


def test_names_that_programs_make_are_left_alone() -> None:
    """Long and odd classes and ids make no selector, least of all one that is none."""
    odd = f'{"x" * 600} md:flex a.b{{}} \\22 "> 7up'
    rows = "".join(
        f"<div class='{odd}' id='{odd}'><p class='{odd}' itemprop='{odd}'><a href='/{n}'>Speech on the harvest of {n}</a></p>"
        f"<b class='{odd}'>{n} May 2026</b></div>"
        for n in (1, 2, 3)
    )
    body = listing_page(f"<section id='{odd}'>{rows}</section>")
    rules = guess_selectors(body, url="https://example.org/news")
    assert rules is not None
    assert (rules.entry, rules.time) == ("section > div", "b")
    assert len(read_page(body, url="https://example.org/news", selectors=rules).entries) == 3


@pytest.mark.parametrize(
    "rows",
    [
        "",
        "<p>One <a href='/a'>link in a running text</a> and no list.</p>",
        "<form><ul><li><a href='/a'>Search by department</a></li><li><a href='/b'>Search by minister</a></li></ul></form>",
    ],
    ids=["menu only", "text", "form"],
)
def test_nothing_is_guessed_where_nothing_repeats(rows: str) -> None:
    assert guess_selectors(listing_page(rows), url="https://example.org/news") is None


def test_a_hostile_page_takes_no_time_to_speak_of() -> None:
    """Many links, classes, levels and figures: the work is bounded by the page, not by its square."""
    classes = " ".join(f"c{letter}" for letter in "abcdefghijklmnop")
    links = "".join(
        f"<div class='{classes}'><a class='{classes}' href='/{n}'>Title of number {n}</a> {n}<br></div>" for n in range(8_000)
    )
    started = time.process_time()
    guess_selectors(f"<html><body>{'<div>' * 300}{links}</body></html>".encode(), url="https://example.org/")
    assert time.process_time() - started < 15


JSON = [one for one in recordings() if one.kind == "json_api"]


@pytest.mark.parametrize("name", ["json_api/ec-search-2026-09", "json_api/govuk-search", "json_api/nato-transcripts"])
def test_a_recorded_list_in_json_is_read_by_a_guessed_mapping(name: str) -> None:
    (recording,) = [one for one in JSON if str(one) == name]
    said = recording.said
    rules = guess_mapping(recording.body, url=said["url"])
    assert rules is not None
    found = read_json(recording.body, url=said["url"], mapping=rules, zone=ZoneInfo(said["zone"]), language=said["language"])
    expected = recording.expected["entries"]
    assert [entry.published for entry in found.entries] == [datetime.fromisoformat(one["published"]) for one in expected]
    assert all(one["title"].startswith(entry.title) for entry, one in zip(found.entries, expected, strict=True))
    if "{" not in said["rules"]["url"]:  # an address that is made of several parts cannot be guessed
        assert [entry.url for entry in found.entries] == [one["url"] for one in expected]


@pytest.mark.parametrize("name", ["json_api/ec-document-statement-26-2063", "json_api/govuk-speech-with-updates"])
def test_a_single_document_is_taken_for_no_list(name: str) -> None:
    (recording,) = [one for one in JSON if str(one) == name]
    assert guess_mapping(recording.body, url=recording.said["url"]) is None


def test_odd_names_in_json_make_no_path() -> None:
    body = b'[{"title": "A", "id": "1", "a.b {x}|y": "2026-05-01"}, {"title": "B", "id": "2", "a.b {x}|y": "2026-05-02"}]'
    assert guess_mapping(body, url="https://example.org/api") is None
    rules = guess_mapping(body.replace(b"a.b {x}|y", b"when"), url="https://example.org/api")
    assert rules is not None
    assert rules.published == "when"


def test_the_answer_of_a_blog_program_is_read() -> None:
    body = b"""[{"id": 7, "date": "2026-05-01T10:00:00", "date_gmt": "2026-05-01T08:00:00", "link": "https://example.org/7",
      "title": {"rendered": "On bridges"}, "excerpt": {"rendered": "<p>Short.</p>"}, "content": {"rendered": "<p>Long.</p>"}},
      {"id": 6, "date": "2026-04-01T10:00:00", "date_gmt": "2026-04-01T08:00:00", "link": "https://example.org/6",
      "title": {"rendered": "On rivers"}, "excerpt": {"rendered": "<p>Short.</p>"}, "content": {"rendered": "<p>Long.</p>"}}]"""
    rules = guess_mapping(body, url="https://example.org/wp-json/wp/v2/posts")
    assert rules is not None
    assert (rules.title, rules.published, rules.url, rules.html) == ("title.rendered", "date_gmt", "link", "content.rendered")
