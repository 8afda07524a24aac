"""Listing pages: what selectors find, what is said where they find nothing, and that no page takes long."""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config.rules import Selectors
from aggregator.model import Listing
from aggregator.sources import READERS, SourceFormatError, parse_page, read_page
from aggregator.sources.nearest import nearest
from aggregator.text.decoding import as_text

URL = "https://e.org/news"
SELECTORS = {"entry": "li.item", "time": "time"}


def item(number: int, inside: str = "") -> str:
    return f'<li class="item"><a href="/{number}">Title {number}</a>{inside}</li>'


def read(body: str, *, url: str = URL, zone: ZoneInfo | None = None, language: str = "", **more: str) -> Listing:
    return read_page(body.encode(), url=url, selectors=SELECTORS | more, zone=zone, language=language)


def test_a_table_and_a_plain_mapping_of_selectors_mean_the_same() -> None:
    body = item(1).encode()
    assert parse_page(body, url=URL, selectors=Selectors.model_validate(SELECTORS)) == parse_page(
        body, url=URL, selectors=SELECTORS
    )


def test_an_unknown_selector_is_no_selector() -> None:
    with pytest.raises(ValueError, match="titel"):
        parse_page(item(1).encode(), url=URL, selectors=SELECTORS | {"titel": "a"})


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("", "Title 1"),  # the text of the link
        (".kind", "Press release"),
        ("a @title", "In full"),
        ("@data-title", "Of the entry"),
        ("li", "Title 1 Press release"),  # the entry itself, where nothing inside fits
    ],
)
def test_a_title_is_taken_from_where_the_rule_says(title: str, expected: str) -> None:
    inside = '<a href="/1" title="In full">Title 1</a><b class="kind">Press release</b>'
    body = f'<li class="item" data-title="Of the entry">{inside}</li>'
    (entry,) = read(body, title=title).entries
    assert entry.title == expected


def test_a_link_without_words_is_called_by_the_next_one() -> None:
    (entry,) = read('<li class="item"><a href="/1"><img src="x"></a><a href="/1">Words</a></li>').entries
    assert (entry.title, entry.url) == ("Words", "https://e.org/1")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "", "http://[bad", "mailto:a@e.org"])
def test_an_entry_whose_link_cannot_be_asked_is_told_apart(link: str) -> None:
    listing = read(f'<li class="item"><a href="{link}">Bad</a></li>' + item(2))
    assert [entry.title for entry in listing.entries] == ["Title 2"]
    assert [(line.ref, line.reason) for line in listing.broken] == [("Bad", "neither a link nor an id")]


def test_several_elements_of_a_text_are_joined_and_none_twice() -> None:
    body = (
        '<li class="item"><a href="/1">T</a><div class="t"><p>One</p><div class="t">Two</div></div><p class="t">Three</p></li>'
    )
    (entry,) = read(body, title="a", text=".t").entries
    assert entry.html == '<div class="t"><p>One</p><div class="t">Two</div></div>\n<p class="t">Three</p>'


def test_a_text_without_a_title_is_called_by_its_first_sentence_and_a_long_one_is_cut_at_a_word() -> None:
    body = f'<li class="item"><a href="/1">12:00</a><p>{"word " * 200}</p></li>' + item(2, "<p>Mr. Smith spoke. He left.</p>")
    long, short = read(body, text="p").entries
    assert short.title == "Mr. Smith spoke."
    assert long.title.endswith("word…")
    assert len(long.title) <= 301


@pytest.mark.parametrize(
    ("inside", "written", "at"),
    [
        ('<time datetime="2026-08-12">August 12, 2026, 16:30</time>', "August 12, 2026, 16:30", "2026-08-12T13:30"),
        ('<time datetime="2026-08-12T16:30:00+03:00">yesterday</time>', "2026-08-12T16:30:00+03:00", "2026-08-12T13:30"),
        ('<time datetime="2026-08-12">yesterday</time>', "2026-08-12", "2026-08-11T21:00"),
        ("<time>2026-08-12</time> <time>16:30</time>", "2026-08-12 16:30", "2026-08-12T13:30"),
        ('<time datetime="soon">then</time>', "soon", None),
        ("", "", None),
    ],
)
def test_the_way_of_writing_that_says_most_is_read(inside: str, written: str, at: str | None) -> None:
    (entry,) = read(item(1, inside), zone=ZoneInfo("Europe/Moscow")).entries
    assert entry.published_written == written
    assert (entry.published and entry.published.isoformat()[:16]) == at
    assert entry.day_only == (written == "2026-08-12")


def test_what_each_selector_matched_is_counted() -> None:
    listing = read(item(1, "<time>2026-08-12</time>") + item(2), id="@data-id", next="a.next @href")
    assert dict(listing.matched) == {"entry": 2, "link": 2, "time": 1, "id": 0, "next": 0}


def test_a_field_that_no_entry_has_is_named_with_what_there_is() -> None:
    listing = read(item(1, '<b class="date">x</b>') + item(2, '<b class="date">x</b>'), time=".dates")
    assert listing.warnings == ('selectors.time ".dates" matches nothing in any of 2 entries. Near: b.date (2 ×).',)
    assert len(listing.entries) == 2


def test_times_that_cannot_be_read_are_told_unless_some_can() -> None:
    soon, clear = item(1, "<time>soon</time>"), item(2, "<time>2026-08-12</time>")
    assert read(soon).warnings == ('selectors.time "time" finds no time that can be read, but “soon”.',)
    assert read(soon + clear).warnings == ()


@pytest.mark.parametrize(
    ("page", "source", "told"), [("fr", "en", True), ("en-GB", "en", False), ("", "en", False), ("fr", "", False)]
)
def test_a_page_in_another_language_than_the_source_is_told(page: str, source: str, told: bool) -> None:
    listing = read(f'<html lang="{page}"><body>{item(1, "<time>2026-08-12</time>")}</body></html>', language=source)
    assert listing.entries[0].language == page
    assert bool(listing.warnings) == told


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("li.itm", r'selectors\.entry "li\.itm" matches nothing\. Near: li\.item\. The page is titled “News”\.$'),
        ("li[[", r'selectors\.entry "li\[\[" is no CSS selector \('),
        ("li::before", r'selectors\.entry "li::before" is no CSS selector'),
        ("", r"Say under `selectors` at least what `entry` is"),
    ],
)
def test_an_entry_selector_that_finds_nothing_is_an_error_that_helps(entry: str, message: str) -> None:
    with pytest.raises(SourceFormatError, match=f"^https://e.org/news: .*{message}"):
        read(f"<title>News</title>{item(1)}", entry=entry)


def test_a_page_needs_selectors() -> None:
    with pytest.raises(SourceFormatError, match=r"selectors\.entry"):
        READERS["page"](b"<p>x</p>", url=URL, content_type=None, zone=None, rules=None)


@pytest.mark.parametrize(
    ("href", "more"),
    [("?page=2", ("https://e.org/news?page=2",)), (URL, ()), ("javascript:next()", ()), ("", ())],
)
def test_the_next_page_is_another_address(href: str, more: tuple[str, ...]) -> None:
    assert read(item(1) + f'<a class="next" href="{href}">older</a>', next="a.next").more == more


def test_links_are_read_against_the_base_of_the_page() -> None:
    listing = read(
        f'<base href="/sub/">{item(1)}<a class="next" href="2">older</a>'.replace('"/1"', '"1"'), next="a.next @href"
    )
    assert (listing.entries[0].url, listing.more) == ("https://e.org/sub/1", ("https://e.org/sub/2",))


FLOODS = {
    "many entries": "<li class=item><a href=/1>x</a></li>" * 60_000,
    "many tags": "<p>" * 100_001,
    "deep": "<div class=item>" * 5_000 + "<a href=/1>x</a>",
    "no tags": "x" * 1_000_000,
    "empty": "",
}


@pytest.mark.parametrize("body", FLOODS.values(), ids=FLOODS)
def test_what_no_page_is_like_is_refused(body: str) -> None:
    with pytest.raises(SourceFormatError, match=r"^https://e\.org/news: "):
        read(body, entry=".item")


LONG = {
    "attributes": f'<li class="item" {" ".join(f"a{number}" for number in range(150_000))}><a href="/1">x</a></li>',
    "one attribute": f'<li class="item" title="{"x" * 2_000_000}"><a href="/1">x</a></li>',
    "one text": f'<li class="item"><a href="/1">{"word " * 400_000}</a></li>',
    "classes": f'<li class="item {"c " * 500_000}"><a href="/1">x</a></li>',
    "one link": f'<li class="item"><a href="/{"x" * 2_000_000}">x</a><a href="/1">y</a></li>',
    "times": f'<li class="item"><a href="/1">x</a>{"<time>x</time>" * 5_000}</li>',
}


@pytest.mark.parametrize("body", LONG.values(), ids=LONG)
def test_a_page_with_one_monstrous_part_is_read_and_nothing_of_it_fills_a_store(body: str) -> None:
    listing = read(body)
    assert len(listing.entries) + len(listing.broken) == 1
    for entry in listing.entries:
        assert len(entry.title) <= 2_001
        assert len(entry.published_written) <= 200
        assert len(entry.url) <= 8_000


@pytest.mark.parametrize(
    ("body", "said", "text"),
    [
        ("café".encode("latin-1"), ("iso-8859-1",), "café"),
        ("café".encode("latin-1"), (), "café"),
        ("Свет".encode(), ("windows-1251",), "Свет"),  # the header lies
        ("Свет".encode("cp1251"), ("windows-1251",), "Свет"),
        ("Свет".encode("cp1251"), ("", "windows-1251"), "Свет"),
        ("Свет".encode("koi8-r"), ("no-such", "koi8-r"), "Свет"),
        ("“é”".encode("cp1252"), ("iso-8859-1",), "“é”"),  # means Windows's
        ("“é”".encode("cp1252"), (), "“é”"),
        ("Свет".encode("utf-16"), ("utf-8",), "Свет"),
        ("Свет и тьма".encode()[:-1], ("iso-8859-1",), "Свет и тьм\ufffd"),  # cut in a letter
        ("\ufeffСвет".encode(), (), "Свет"),
        (b"\x1b$B8w\x1b(B", ("iso-2022-jp",), "光"),  # all ASCII, and yet it is none
    ],
)
def test_bytes_are_read_in_the_encoding_that_they_have(body: bytes, said: tuple[str, ...], text: str) -> None:
    assert as_text(body, *said) == text


def test_names_like_the_one_that_was_looked_for_come_first() -> None:
    there = Counter({"div.a": 90, "div.hentry_event": 20, "time.posted": 20, "h3.title": 20})
    assert nearest(["div", "hentry_evnt"], there).startswith(" Near: div.hentry_event (20 ×)")
    assert nearest(["time", "published"], there).startswith(" Near: time.posted (20 ×)")
    assert nearest(["zzz"], there).startswith(" There are: div.a (90 ×), ")
    assert nearest(["zzz"], Counter()) == ""


PIECES = [
    *(
        "<li class=item>",
        "</li>",
        "<a href=/1>",
        "<a href=//[>",
        "</a>",
        "<time datetime=2026>",
        "&amp;",
        "&#0;",
        "\0",
        "x",
        "<",
    ),
    *(">", '"', "<!--", "<![CDATA[", "<base href='//x'>", "\ud800", "é", "<svg>", "<template>", "<table><td>", "<script>"),
]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_whatever_the_bytes_are_a_page_is_read_or_refused(pieces: list[str]) -> None:
    body = ("<li class=item><a href=/0>0</a></li>" + "".join(pieces)).encode("utf-8", "surrogatepass")
    try:
        listing = read_page(body, url=URL, selectors=SELECTORS | {"text": "*", "summary": "a", "id": "@id", "next": "a"})
    except SourceFormatError:
        return
    for entry in listing.entries:
        assert entry.id
        (entry.title + entry.html + entry.url).encode()  # can be stored
