"""The parts of a page: its times, title, text, and what is no part of it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from aggregator.config.rules import ArticleRules
from aggregator.model import Alternate, Article, ZoneKnown
from aggregator.text import extract_article
from aggregator.text.document import decode_page

TEXT = "".join(f"<p>Sentence {n} of a report on the harbour, which is long enough to be read as a text.</p>" for n in range(5))
HEADING = "<h1>The harbour opens</h1>"
KYIV = ZoneInfo("Europe/Kyiv")


def read(
    head: str = "",
    body: str = HEADING + TEXT,
    *,
    url: str = "https://e.org/a",
    zone: ZoneInfo | None = None,
    rules: ArticleRules | None = None,
) -> Article:
    page = f"<html lang='en'><head>{head}</head><body>{body}</body></html>"
    return extract_article(page.encode(), url=url, zone=zone, rules=rules)


def ld(**members: str) -> str:
    inner = ",".join(f'"{name}":"{value}"' for name, value in members.items())
    return f'<script type="application/ld+json">{{"@type":"NewsArticle",{inner}}}</script>'


META = "<meta property='article:published_time' content='2026-08-24T10:00:00+02:00'>"
TIMES: dict[str, tuple[Article, datetime | None, bool]] = {
    "json-ld before meta": (read(ld(datePublished="2026-08-23T08:00:00Z") + META), datetime(2026, 8, 23, 8, tzinfo=UTC), False),
    "the clock of the meta for the day of the json-ld": (
        read(ld(datePublished="2026-08-24") + META),
        datetime(2026, 8, 24, 8, tzinfo=UTC),
        False,
    ),
    "no clock of another day": (read(ld(datePublished="2026-08-20") + META), datetime(2026, 8, 20, tzinfo=UTC), True),
    "a blank before the offset": (
        read("<meta property='article:published_time' content='2026-01-06 13:55:27 +01:00'>"),
        datetime(2026, 1, 6, 12, 55, 27, tzinfo=UTC),
        False,
    ),
    "a day in a meta of its own name": (
        read("<meta name=publishdate content='2026-08-24'>"),
        datetime(2026, 8, 24, tzinfo=UTC),
        True,
    ),
    "a change is no publication": (
        read("<meta property='og:updated_time' content='2026-08-24T10:00:00Z'>"),
        None,
        False,
    ),
    "a line under the heading": (
        read("<title>The harbour opens</title>", HEADING + "<p>24 August 2026, 17:40</p>" + TEXT, zone=KYIV),
        datetime(2026, 8, 24, 14, 40, tzinfo=UTC),
        False,
    ),
    "the address": (read(url="https://e.org/news/2026/08/24/harbour"), datetime(2026, 8, 24, tzinfo=UTC), True),
    "an address with a month's name": (read(url="https://e.org/2026/aug/24/harbour"), datetime(2026, 8, 24, tzinfo=UTC), True),
}


@pytest.mark.parametrize("name", TIMES)
def test_a_time_is_taken_from_the_most_trustworthy_place(name: str) -> None:
    article, moment, day_only = TIMES[name]
    assert (article.published, article.day_only) == (moment, day_only)


def test_a_change_before_the_publication_stays_as_it_was_written() -> None:
    article = read(ld(datePublished="2023-04-28T17:40:08Z", dateModified="2023-04-28T17:39:55Z"))
    assert article.updated == datetime(2023, 4, 28, 17, 39, 55, tzinfo=UTC)
    assert article.updated_written == "2023-04-28T17:39:55Z"
    assert article.zone_known is ZoneKnown.OFFSET


def test_the_zone_of_the_source_is_for_times_that_name_none() -> None:
    article = read(ld(datePublished="2026-04-20T14:09:42.493"), zone=ZoneInfo("Europe/Istanbul"))
    assert (article.published, article.zone_known) == (datetime(2026, 4, 20, 11, 9, 42, tzinfo=UTC), ZoneKnown.SOURCE)


TITLES = {
    "<title>The harbour opens | Wire</title>": "The harbour opens",
    "<meta property='og:title' content='Harbour opens'><title>x</title>": "The harbour opens",
    "<title>A gate for the old port - Wire</title><meta property='og:site_name' content='Wire'>": "A gate for the old port",
    "<title>Gates - what they cost</title>": "Gates - what they cost",
}


@pytest.mark.parametrize("head", TITLES)
def test_the_name_of_the_site_is_no_part_of_the_title(head: str) -> None:
    assert read(head, HEADING + TEXT if TITLES[head] == "The harbour opens" else TEXT).title == TITLES[head]


def test_links_to_other_pages_are_absolute_and_only_of_the_web() -> None:
    links = (
        "<link rel=canonical href='/b?x=1'><link rel=alternate hreflang=fr href='//e.org/fr/b'>"
        "<link rel=alternate hreflang=x-default href='/d'><link rel=alternate hreflang=de href='javascript:x'>"
        "<link rel=alternate hreflang=en href='/b?x=1'><link rel=alternate type='application/rss+xml' href='/feed'>"
    )
    article = read(links)
    assert article.url == "https://e.org/b?x=1"
    assert article.alternates == (Alternate(language="fr", url="https://e.org/fr/b"),)


def test_a_selector_that_finds_nothing_is_counted_and_the_page_read_as_any_other() -> None:
    article = read(rules=ArticleRules(body="div.gone", title="h1", lead="p.none", drop=(".ad",)))
    assert article.matched == (("title", 1), ("lead", 0), ("body", 0), ("drop .ad", 0))
    assert len(article.paragraphs) == 5


def test_what_rules_drop_is_no_part_of_the_text_and_nothing_is_told_twice() -> None:
    body = "<div class=t><p>One <i class=x>not</i> two.</p><div class=t><p>Three.</p></div></div>"
    assert read(body=body, rules=ArticleRules(body=".t", drop=(".x",))).paragraphs == ("One two.", "Three.")


def test_a_name_in_a_sentence_stays_whatever_its_link_is_called() -> None:
    body = (
        HEADING
        + TEXT
        + "<p>It was opened by <a class='person_tag'>Anna Example<i class='tooltip hidden'>Born 1970</i></a> on Monday.</p>"
    )
    assert read(body=body).paragraphs[-1] == "It was opened by Anna Example on Monday."


@pytest.mark.parametrize(
    ("written", "declared", "used"),
    [
        ("Möwe", "utf-8", "iso-8859-1"),
        ("Möwe", "iso-8859-1", "utf-8"),
        ("Чайка", "windows-1251", "windows-1251"),
        ("Чайка летит над морем", "utf-8", "windows-1251"),
        ("Чайка летит над морем", "", "windows-1251"),
    ],
)
def test_an_encoding_is_believed_only_where_the_bytes_are_in_it(written: str, declared: str, used: str) -> None:
    page = f"<html><head><meta charset='{declared}'></head><body><p>{written}</p></body></html>"
    assert written in decode_page(page.encode(used))


HOSTILE = {
    "deep": b"<div>" * 100_000 + b"<p>A sentence.",
    "attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">A sentence.</p>",
    "attributes by slashes": b"<p" + b"".join(b"/a%d" % n for n in range(200_000)) + b">A sentence.</p>",
    "attributes of a script": b"<script " + b" ".join(b"a%d" % n for n in range(200_000)) + b"></script><p>A sentence.",
    "long": b"<p>A sentence of a long page, which goes on and on, and says so.</p>" * 15_000,
    "class": b"<div class='" + b"share " * 300_000 + b"'><p>A sentence.</p></div>",
    "dates": b"<h1>A</h1>" + b"<time>12</time>" * 20_000,
    "json": b"<script type='application/ld+json'>" + b"[" * 500_000 + b"</script><p>A sentence.</p>",
    "links": b"<link rel=alternate hreflang=fr href=/a>" * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_read_in_bounded_time(name: str) -> None:
    """Each of these took minutes with a parser or a walk whose time grows with a square."""
    article = extract_article(HOSTILE[name], url="https://e.org/")
    assert article.text == "\n\n".join(article.paragraphs)
