"""Sitemaps and robots.txt, held to their rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from lxml import etree

from aggregator.fetch import robots_allows
from aggregator.model import StoryKey, StoryPage
from aggregator.publish.places import Site
from aggregator.publish.sitemaps import MOST, MOST_NEWS, Listed, listed, news_language, news_sitemap, robots_txt, sitemap
from aggregator.sources import parse_sitemap
from aggregator.sources.discovery import sitemaps_of
from tests.conftest import NOON
from tests.told import CORRECTED, SITE, pages, story

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}


def parsed(text: str) -> etree._Element:
    """A sitemap, held to the rules: whole addresses of this site, each once, times as W3C writes them, no more than may be."""
    assert len(text.encode()) <= 52_428_800
    root = etree.fromstring(text.encode())
    places = [one.text or "" for one in root.iterfind("*/s:loc", NAMES)]
    assert len(places) <= MOST
    assert len(set(places)) == len(places)
    assert all(one.startswith(SITE.url) and len(one) < 2_048 for one in places)
    for one in root.iterfind("*/s:lastmod", NAMES):
        assert datetime.fromisoformat(one.text or "").tzinfo is not None
    return root


def places_of(text: str) -> list[str]:
    return [one.text or "" for one in parsed(text).iterfind("*/s:loc", NAMES)]


def test_a_sitemap_names_each_page_with_when_it_changed() -> None:
    files = sitemap([Listed(path="index.html"), listed(CORRECTED), Listed(path="statements/5.html")], SITE)
    assert list(files) == ["sitemap.xml"]
    text = files["sitemap.xml"]
    assert places_of(text) == [SITE.url, SITE.address("talks.html"), SITE.address("statements/5.html")]
    assert [one.text for one in parsed(text).iterfind("*/s:lastmod", NAMES)] == ["2025-08-14T15:00:00Z"]


def test_our_own_reader_of_sitemaps_understands_it() -> None:
    text = news_sitemap([story(1)], SITE, now=NOON + timedelta(hours=2))
    (entry,) = parse_sitemap(text.encode(), url=SITE.address("news-sitemap.xml"))
    assert (entry.url, entry.title, entry.published) == (
        SITE.address("talks.html"),
        "Talks in Geneva",
        NOON + timedelta(hours=1),
    )


def test_more_pages_than_a_file_may_hold_are_parted_by_an_index() -> None:
    assert MOST == 50_000  # sitemaps.org
    some = [Listed(path=f"statements/{number}.html", changed=NOON + timedelta(seconds=number)) for number in range(21)]
    files = sitemap(some, SITE, most=10)
    assert list(files) == ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    index = parsed(files["sitemap.xml"])
    assert index.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}sitemapindex"
    assert places_of(files["sitemap.xml"]) == [SITE.address(f"sitemap-{number}.xml") for number in (1, 2, 3)]
    assert [one.text for one in index.iterfind("*/s:lastmod", NAMES)] == [f"2025-08-14T12:00:{at:02}Z" for at in (9, 19, 20)]
    assert [len(places_of(files[f"sitemap-{number}.xml"])) for number in (1, 2, 3)] == [10, 10, 1]
    assert list(sitemap(some[:10], SITE, most=10)) == ["sitemap.xml"]


def test_news_are_the_stories_that_began_in_the_last_two_days() -> None:
    began = NOON + timedelta(hours=1)  # when Update.1 was published
    for now, expected in [
        (began - timedelta(seconds=1), 0),  # a clock that was put back
        (began, 1),
        (began + timedelta(days=2), 1),
        (began + timedelta(days=2, seconds=1), 0),
    ]:
        assert len(places_of(news_sitemap([story(3), story(0, key=StoryKey("none"))], SITE, now=now))) == expected, now
    (told,) = parsed(news_sitemap([story(3, language="ru")], SITE, now=began)).iterfind("s:url/n:news", NAMES)
    assert told.findtext("n:publication/n:name", namespaces=NAMES) == "news.example.org"
    assert told.findtext("n:publication/n:language", namespaces=NAMES) == "ru"
    assert told.findtext("n:publication_date", namespaces=NAMES) == "2025-08-14T13:00:00Z"
    assert told.findtext("n:title", namespaces=NAMES) == "Talks in Geneva"


def test_news_are_a_thousand_at_most_the_newest_first() -> None:
    one = story(1)
    many = [
        replace(one, key=StoryKey(f"k{n}"), updates=(replace(one.updates[0], published_at=NOON + timedelta(seconds=n)),))
        for n in range(MOST_NEWS + 5)
    ]
    found = places_of(news_sitemap(many, SITE, now=NOON + timedelta(hours=1)))
    assert len(found) == MOST_NEWS
    assert found[0] == SITE.address(f"k{MOST_NEWS + 4}.html")


def test_languages_are_written_as_the_format_has_them() -> None:
    written = [news_language(one) for one in ("en-GB", "zh", "zh-Hant", "zh-TW", "", "english_UK", 'en"><b>')]
    assert written == ["en", "zh-cn", "zh-tw", "zh-tw", "en", "en", "en"]


@given(page=pages())
@settings(max_examples=30)
def test_a_sitemap_is_well_formed_whatever_a_source_wrote(page: StoryPage) -> None:
    parsed(sitemap([listed(page)], SITE)["sitemap.xml"])
    parsed(news_sitemap([page], SITE, now=NOON + timedelta(hours=12)))


def test_without_an_address_there_is_no_sitemap() -> None:
    assert sitemap([listed(CORRECTED)], Site()) == {}
    assert news_sitemap([CORRECTED], Site(), now=NOON) == ""
    assert "Sitemap" not in robots_txt(Site())


def test_robots_may_read_everything_but_searches_and_find_the_sitemaps() -> None:
    for site in (SITE, Site(url="https://example.org/news/"), Site()):
        robots = robots_txt(site).encode()
        base = site.url or "https://anywhere.example/"
        named = (f"{site.url}sitemap.xml", f"{site.url}news-sitemap.xml") if site.url else ()
        assert set(sitemaps_of(robots, url=f"{base}robots.txt")) == set(named)
        assert robots_allows(robots, agent="any bot", url=f"{base}talks.html")
        assert robots_allows(robots, agent="any bot", url=f"{base}search.html")
        assert not robots_allows(robots, agent="any bot", url=f"{base}search.html?q=grain")
