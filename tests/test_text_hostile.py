"""Texts that are made to be slow, or to hold what no store takes."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import clean_html, extract_article, fold, html_to_text, split_sentences
from aggregator.text.storable import storable


@pytest.mark.parametrize("run", [".", "…", "?!", '."', ".»", ". »", "\n ", "a."])
def test_a_run_of_any_sign_is_split_in_linear_time(run: str) -> None:
    text = run * (100_000 // len(run)) + "x"
    begun = time.perf_counter()
    split_sentences(text)
    assert time.perf_counter() - begun < 5  # quadratic time is minutes here, linear well under a second


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("O\x08n e\x00", "On e"),
        ("a\x7fb\x9bc", "abc"),
        ("half \ud800 pair", "half \ufffd pair"),
        ("line\x85next\x1cone\u2028more", "line next one more"),
        ("emoji 😀 stays", "emoji 😀 stays"),
    ],
)
def test_a_title_holds_nothing_that_a_store_refuses(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(alphabet=st.characters(), max_size=80))
def test_whatever_is_written_can_be_stored_and_read_back(text: str) -> None:
    kept = storable(text)
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert "\x00" not in kept
    assert storable(kept) == kept
    assert kept.split() == storable(" ".join(text.split())).split()


def test_a_paragraph_of_a_hostile_page_can_be_stored() -> None:
    assert "\x00" not in html_to_text("<p>a\x00b&#0;\x08c</p>\x00<p>d</p>")
    assert "\x08" not in html_to_text("<p>a\x08b</p>")


HOSTILE = {
    "levels": "<div>" * 200_000 + "x" + "</div>" * 200_000,
    "breaks": "<br>" * 200_000 + "x",
    "left open": "<object><svg><b>" * 100_000 + "x",
    "closed unopened": "</svg></b>" * 100_000 + "x",
    "left angles": "<" * 1_000_000 + " x",
    "entities": "&" * 1_000_000 + "x",
    "numbers": "<p>x&#" + "9" * 1_000_000,
    "nothings": "<p>" + "\x00" * 1_000_000 + "x",
    "halves": "<p>" + "\ud800" * 1_000_000 + "x",
    "cut tags": "x" + "<a b='" * 200_000,
    "equals": "x<a " + "= " * 500_000,
    "comments": "x" + "<!-" * 300_000 + "<!--" + "--!" * 300_000,
    "scripts": "x" + "<script></scrip" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_is_found_in_hostile_html(name: str) -> None:
    """In quadratic time each of these would run for minutes, and a walk that calls itself would break."""
    text = html_to_text(HOSTILE[name])
    assert "x" in text
    assert text == storable(text)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_html_is_cleaned(name: str) -> None:
    clean = clean_html(HOSTILE[name], base_url="https://e.org/")
    assert clean == storable(clean)
    assert "x" in clean
    assert not re.search(r"<(?:script|object|svg|a b)", clean)


@pytest.mark.parametrize(
    "html",
    [
        "<p><button><ol><li>x",
        '<h1><math:x><th></th><h1 title="x">',
        "<li><marquee><li></marquee><rtc><ul>x",
        "<a href=1><table><a href=2>x",
        "<svg><style><img title='</style><img src=x onerror=alert(1)>'>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<template><s></template><template shadowrootmode=open><script>x</script>",
    ],
)
def test_what_is_clean_stays_as_it_is_when_it_is_read_again(html: str) -> None:
    clean = clean_html(html, base_url="https://e.org/")
    assert clean_html(clean, base_url="https://e.org/") == clean
    assert not re.search(r'<(?:style|script|svg|math|template|[^">]*(?:"[^"]*"[^">]*)*\sonerror)', clean)


def test_a_base_that_is_no_address_makes_no_link_that_runs() -> None:
    for base in ("javascript:alert(1)//", "data:text/html,x"):
        clean = clean_html('<a href="">x</a><a href="#y">x</a><q cite="java&Tab;script:x">y</q>', base_url=base)
        assert not re.search("script|data", clean)


def test_a_tag_of_a_hundred_thousand_attributes_takes_no_time() -> None:
    for attributes in (" ".join(f"a{n}" for n in range(100_000)), " ".join(f'a{n}=">"' for n in range(100_000))):
        begun = time.process_time()
        assert clean_html(f"<p {attributes}>x", base_url="https://e.org/") == "<p>x</p>"
        assert time.process_time() - begun < 1
    long = "x" * 100_000  # a picture inside the page
    assert clean_html(f'<p><img src="https://e.org/a" alt="{long}">', base_url="").endswith(f'alt="{long}"></p>')


def test_html_with_too_many_tags_to_be_cleaned_becomes_its_paragraphs() -> None:
    html = "<div>1 &lt; 2<script>x</script>" * 20_001
    assert clean_html(html, base_url="https://e.org/") == "<p>1 &lt; 2</p>" * 20_001


@pytest.mark.parametrize("body", [b"<div>" * 20_000 + b"x", bytes(range(256)) * 40, b"\xff\xfe<\x00p\x00", b"<p>\x00</p>"])
def test_bytes_that_are_no_page_give_no_paragraphs_and_no_error(body: bytes) -> None:
    article = extract_article(body, url="https://e.org/")
    assert article.text == "\n\n".join(article.paragraphs)


@pytest.mark.parametrize(
    "json",
    ['{"@type": "NewsArticle", "datePublished": "2025-08-14T10:00:00+02:00"}', '{"datePublished" : "2025-08-14T08:00Z",]'],
)
def test_the_time_of_a_page_may_stand_in_its_data(json: str) -> None:
    page = f"<html><head><script type='application/ld+json'>{json}</script></head><body><h1>A</h1></body></html>"
    assert extract_article(page.encode(), url="https://e.org/").published == datetime(2025, 8, 14, 8, tzinfo=UTC)
