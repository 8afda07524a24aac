"""Texts that are made to be slow, or to hold what no store takes."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import extract_article, fold, html_to_text, split_sentences
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
