"""Addresses, languages and texts as documents for programs need them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings

from aggregator.publish.links import iri
from aggregator.publish.wellformed import bounded, language_tag, xml_text
from tests.told import ADDRESSES, TEXTS


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("https://a.example/b?c=d&e=%20f#g", "https://a.example/b?c=d&e=%20f#g"),
        ('https://a.example/a b<c>"{}|^`\\', "https://a.example/a%20b%3Cc%3E%22%7B%7D%7C%5E%60%5C"),
        ("https://a.example/[1]", "https://a.example/%5B1%5D"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/зерно?q=хлеб", "https://a.example/%D0%B7%D0%B5%D1%80%D0%BD%D0%BE?q=%D1%85%D0%BB%D0%B5%D0%B1"),
        ("https://a.example/\ud800", "https://a.example/%EF%BF%BD"),
        ("https://[2001:db8::1]:8080/x", "https://[2001:db8::1]:8080/x"),
        ("  https://a.example/  ", "https://a.example/"),
        ("https:///nowhere", ""),
        ("javascript:alert(1)", ""),
        ("ftp://a.example/", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_an_address_holds_only_what_may_stand_where_it_stands(written: str, mended: str) -> None:
    assert iri(written) == mended


@given(written=ADDRESSES)
@settings(max_examples=100)
def test_a_mended_address_leads_to_the_same_host_and_is_mended_once(written: str) -> None:
    once = iri(written)
    assert iri(once) == once
    assert once.isprintable()
    if once:
        assert urlsplit(once).netloc == urlsplit(written.strip()).netloc


@pytest.mark.parametrize("language", ["en", "fr-CA", "zh-Hant-TW", "sr-Latn"])
def test_a_language_of_bcp_47_stays(language: str) -> None:
    assert language_tag(language) == language


@pytest.mark.parametrize("language", ["", "x", "english_UK", 'en"><b>', "en-", "e" * 9, "en\n"])
def test_another_is_none(language: str) -> None:
    assert language_tag(language) == ""


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("one two", 7, "one two"),
        ("one two three", 9, "one two…"),
        ("one two three", 8, "one two…"),
        ("onetwothree", 6, "onetw…"),
        ("a onetwothree", 8, "a onetw…"),  # too little would be left
        ("  one\n two ", 20, "one two"),
        (" " * 100 + "x", 20, "…"),
        ("", 5, ""),
    ],
)
def test_a_long_text_is_cut_between_words(text: str, most: int, cut: str) -> None:
    assert bounded(text, most) == cut
    assert len(cut) <= most


@given(text=TEXTS)
@settings(max_examples=100)
def test_xml_text_loses_only_what_xml_cannot_hold(text: str) -> None:
    kept = [sign for sign in text if sign.isprintable()]
    assert [sign for sign in xml_text(text) if sign.isprintable() and sign != "\ufffd"] == [
        one for one in kept if one != "\ufffd"
    ]
