"""Feeds that pages name, places where they usually are, OPML, and tables of TOML: the pure parts of finding sources."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import load_config
from aggregator.config.drafts import SourceDraft
from aggregator.config.rules import Selectors
from aggregator.config.writing import free_key, key_from_host, toml_comment, toml_string, toml_table
from aggregator.sources import SourceFormatError
from aggregator.sources.discovery import form_of, page_facts, sitemaps_of, usual_places
from aggregator.sources.opml import read_opml

PAGE = b"""<!DOCTYPE html><html lang="fr-FR"><head><base href="https://www.example.org/fr/"><title> La&nbsp;une </title>
<link rel="alternate" type="application/rss+xml" title="Tout" href="tout.rss">
<link rel="alternate" type="application/rss+xml" title="Tout, comments" href="/comments/feed">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">
<link rel="alternate" type="application/feed+json" href="https://www.example.org/feed.json">
<link rel="alternate" hreflang="en" href="https://www.example.org/en/">
<link rel="stylesheet" type="text/css" href="feed.css"></head><body>
<a href="feed://www.example.org/abo.atom">S'abonner</a> <a href="javascript:rss()">RSS</a>
<a href="/liste?format=rss">RSS</a> <a href="/actualites/feedback">Votre avis</a> <a href="tout.rss#haut">RSS</a>
</body></html>"""


def test_feeds_are_found_as_browsers_find_them_and_by_links() -> None:
    facts = page_facts(PAGE, url="https://www.example.org/fr/accueil")
    assert (facts.title, facts.language) == ("La une", "fr-FR")
    assert [(feed.url, feed.title) for feed in facts.feeds] == [
        ("https://www.example.org/fr/tout.rss", "Tout"),
        ("https://www.example.org/feed.json", ""),
        ("http://www.example.org/abo.atom", "S'abonner"),
        ("https://www.example.org/liste?format=rss", "RSS"),
    ]


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"\xef\xbb\xbf <?xml version='1.0'?><rss version='2.0'>", "feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
        (b"<rdf:RDF xmlns='x'>", "feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "feed"),
        (b'[{"id": 1}]', "json"),
        (b"<urlset>", "sitemap"),
        (b"<sm:sitemapindex>", "sitemap"),
        (b"\x1f\x8b\x08", "sitemap"),
        (b"<!DOCTYPE html><p>", "page"),
        (b"just words", "text"),
        (b"", "text"),
    ],
)
def test_what_bytes_seem_to_be(body: bytes, form: str) -> None:
    assert form_of(body) == form


def test_usual_places_lie_below_the_page_and_below_the_root_and_are_few() -> None:
    places = usual_places("https://www.example.org/news?page=1#top")
    assert places[:3] == ("https://www.example.org/news/feed", "https://www.example.org/feed", "https://www.example.org/rss")
    assert len(places) < 12
    govuk = usual_places("https://www.gov.uk/search/news-and-communications?organisations[]=x")
    assert govuk[0] == "https://www.gov.uk/search/news-and-communications.atom?organisations[]=x"


def test_robots_txt_names_sitemaps() -> None:
    robots = (
        b"User-agent: *\nDisallow: /x\nSitemap: /all.xml\r\nsitemap :https://example.org/news-map.xml\nSitemap: ftp://x/y\n"
    )
    found = ("https://example.org/news-map.xml", "https://example.org/all.xml")
    assert sitemaps_of(robots, url="https://example.org/robots.txt") == found


# --- OPML


def opml(body: str, *, head: str = "<?xml version='1.0' encoding='utf-8'?>") -> bytes:
    return f"{head}<opml version='2.0'><head><title>Mine</title></head><body>{body}</body></opml>".encode()


def test_opml_keeps_folders_titles_and_categories() -> None:
    nested = (
        "<outline text='Governments'><outline title='Kremlin &amp; co' text='x' type='rss' xmlUrl='http://en.kremlin.ru/feed'"
        " htmlUrl='http://en.kremlin.ru/' language='en-us' category='/Europe/East,Official'/></outline>"
        "<OUTLINE text='No feed' type='link' url='https://example.org'/><outline text='Bare' XMLURL='https://example.org/b'/>"
    )
    first, second = read_opml(opml(nested), name="x.opml")
    assert (first.url, first.title, first.homepage) == ("http://en.kremlin.ru/feed", "Kremlin & co", "http://en.kremlin.ru/")
    assert (first.language, first.folders) == ("en-us", ("Governments", "Europe/East", "Official"))
    assert (second.url, second.title, second.folders) == ("https://example.org/b", "Bare", ())


def test_opml_with_bare_ampersands_is_read() -> None:
    (only,) = read_opml(opml("<outline text='News & views' xmlUrl='https://example.org/?a=1&b=2'/>"), name="x.opml")
    assert (only.title, only.url) == ("News & views", "https://example.org/?a=1&b=2")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no OPML"),
        (b"not at all", "no OPML"),
        (b"<rss><channel/></rss>", "no OPML, but XML that begins with `rss`"),
        (opml("<outline text='x'/>"), "none of its outlines names a feed"),
        (opml("<outline xmlUrl='https://e.org'>"), "no OPML"),
        (
            opml("<outline text='&a;' xmlUrl='x'/>", head="<!DOCTYPE o [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"),
            "document type",
        ),
        (opml("<outline>" * 60 + "<outline xmlUrl='https://e.org'/>" + "</outline>" * 60), "more than 50 levels"),
        (opml("<outline xmlUrl='https://e.org'/>" * 20_000), "more than 5,000 outlines"),
        (opml("<outline text='" + "x" * 6_000_000 + "'/>"), "larger than 5,000,000 bytes"),
    ],
    ids=["empty", "text", "rss", "no feed", "cut off", "entity", "deep", "many", "large"],
)
def test_what_is_no_opml_is_refused_with_the_reason(body: bytes, said: str) -> None:
    with pytest.raises(SourceFormatError, match=r"x\.opml") as caught:
        read_opml(body, name="x.opml")
    assert said in str(caught.value)


# --- TOML


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_stays_inside_its_quotes(text: str) -> None:
    written = toml_string(text)
    assert tomllib.loads(f"a = {written}") == {"a": text}
    assert written.isprintable()


@given(st.text())
def test_any_text_stays_inside_its_comment(text: str) -> None:
    assert tomllib.loads(f"{toml_comment(text)}\na = 1") == {"a": 1}


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"]))))
def test_any_table_is_read_as_it_was_written(values: dict[str, str]) -> None:
    written = toml_table(("sources", "a.b"), {**values, "n": 3, "yes": True, "l": ["x", '"'], "in": {"k": "v"}})
    expected = {**values, "n": 3, "yes": True, "l": ["x", '"'], "in": {"k": "v"}}
    assert tomllib.loads(written) == {"sources": {"a.b": expected}}


def test_half_a_surrogate_pair_is_written_as_the_sign_for_it() -> None:
    assert tomllib.loads(f"a = {toml_string('x' + chr(0xD800))}") == {"a": "x\ufffd"}


@pytest.mark.parametrize(
    "name",
    ['"\nkind = "page', "]]\n[sources.b]\nurl='x'", "''' \"\"\"", "\x00\x1b[31m\u202e", "x" * 5_000, "", " \n ", "—", "\\"],
    ids=repr,
)
def test_a_hostile_title_cannot_break_out_of_its_block(name: str, tmp_path: Path) -> None:
    draft = SourceDraft(
        key="a",
        name=name,
        url="https://example.org/news",
        kind="page",
        language="en",
        homepage="javascript:x",
        rules=Selectors(entry='li[title="a\\"b"]', time="time"),
        fetch_pages=True,
        needs_zone=True,
        note=name,
    )
    path = tmp_path / "feeds.toml"
    path.write_text(draft.block(), encoding="utf-8")
    (source,) = load_config(path).sources.values()
    assert source == draft.source()
    assert (source.kind, source.homepage, len(source.name) <= 100) == ("page", "", True)


def test_keys_are_made_of_hosts_and_are_free() -> None:
    assert key_from_host("www.GOV.uk") == "gov-uk"
    assert key_from_host("127.0.0.1") == "127-0-0-1"
    assert key_from_host("xn--d1abbgf6aiiy.xn--p1ai") == "xn-d1abbgf6aiiy-xn-p1ai"
    assert key_from_host("[::1]") == "1"
    assert key_from_host("") == "source"
    assert free_key("a", {"a", "a-2"}) == "a-3"
    assert len(free_key("x" * 64, {"x" * 64})) == 64
