"""Bytes in other encodings than they say: read as what they are."""

from __future__ import annotations

import pytest

from aggregator.sources import parse_feed, parse_json, parse_sitemap
from aggregator.text.decoding import as_text

TITLE = "Президент провёл встречу с министром обороны"
FRENCH = "Déclaration du Président à l'issue de l'entretien : « très sérieux »"
ITEM = "<item><guid>1</guid><link>https://e.org/very-long-address/of/an/article-in-latin-letters</link><title>{}</title></item>"
FEED = f'<rss version="2.0"><channel><title>x</title>{ITEM}</channel></rss>'
CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866")


def feed(title: str, declared: str) -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return declaration + FEED.format(title)


@pytest.mark.parametrize("declared", ["", "utf-8", "x-of-ours", "iso-8859-1", "us-ascii", "utf-16", "koi8-r", "windows-1251"])
@pytest.mark.parametrize("really", [*CYRILLIC, "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
@pytest.mark.parametrize("content_type", [None, "text/xml; charset=utf-8", "text/xml; charset=windows-1251"])
def test_cyrillic_is_read_whatever_the_feed_says_of_itself(declared: str, really: str, content_type: str | None) -> None:
    (entry,) = parse_feed(feed(TITLE, declared).encode(really), url="https://e.org/f", content_type=content_type)
    assert entry.title == TITLE


@pytest.mark.parametrize("declared", ["", "utf-8", "x-of-ours", "windows-1251", "us-ascii"])
@pytest.mark.parametrize("really", ["utf-8", "cp1252"])
def test_accents_stay_accents(declared: str, really: str) -> None:
    if (declared, really) == ("windows-1251", "cp1252"):
        pytest.skip("nothing tells of single letters that they are no Cyrillic")
    (entry,) = parse_feed(feed(FRENCH, declared).encode(really), url="https://e.org/f")
    assert entry.title == FRENCH


def test_short_words_in_the_encoding_that_they_say_stay() -> None:
    for name in CYRILLIC:
        assert as_text("ЕС и НАТО".encode(name), name) == "ЕС и НАТО"
        assert as_text("№ 5 от 1 мая".encode("cp1251"), "windows-1251") == "№ 5 от 1 мая"


def test_a_feed_that_breaks_off_inside_a_letter_is_still_utf_8() -> None:
    body = feed(TITLE, "utf-8").encode()
    cut = body[: body.index("встречу".encode()) + 3]
    assert parse_feed(body.replace(ITEM.encode(), b"") + b"\n" + cut, url="https://e.org/f")[0].title == TITLE


def test_sitemaps_and_json_too() -> None:
    sitemap = f"<urlset><url><loc>https://e.org/1</loc><news><title>{TITLE}</title></news></url></urlset>"
    assert parse_sitemap(sitemap.encode("koi8-r"), url="https://e.org/s")[0].title == TITLE
    feed_of_json = f'{{"version": "1.1", "items": [{{"id": "1", "title": "{TITLE}"}}]}}'
    assert parse_feed(feed_of_json.encode("cp1251"), url="https://e.org/j")[0].title == TITLE
    assert parse_feed(b"\xef\xbb\xbf" + feed_of_json.encode(), url="https://e.org/j")[0].title == TITLE
    mapping = {"entries": "items", "id": "id", "title": "title"}
    assert parse_json(feed_of_json.encode("cp1251"), url="https://e.org/j", mapping=mapping)[0].title == TITLE
