"""Sitemaps: what they list, what is unpacked, and that none takes long or says what it does not know."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Alternate, BrokenEntry
from aggregator.sources import SourceFormatError, parse_sitemap, read_sitemap
from aggregator.sources.sitemap_parts import sitemap_parts
from aggregator.sources.unpacking import unpacked

URL = "https://e.org/sitemap.xml"
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def sitemap(*parts: str, root: str = "urlset") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {NAMESPACES}>{"".join(parts)}</{root}>'.encode()


def address(number: int, lastmod: str = "", published: str = "", more: str = "") -> str:
    news = f"<news:news><news:publication_date>{published}</news:publication_date></news:news>" if published else ""
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>https://e.org/{number}</loc>{changed}{news}{more}</url>"


@pytest.mark.parametrize(
    ("lastmod", "published", "updated"),
    [
        ("2026-10-09T09:00:00Z", "2026-10-09T07:00:00Z", True),
        ("2026-10-09T07:00:00Z", "2026-10-09T07:00:00Z", False),
        ("2026-10-09T06:00:00Z", "2026-10-09T07:00:00Z", False),
        ("2026-10-09", "2026-10-09T07:00:00Z", False),  # of that day, whenever that was
        ("2026-10-09T09:00:00Z", "", True),
        ("lately", "2026-10-09T07:00:00Z", False),
    ],
)
def test_only_what_changed_after_it_was_published_was_updated(lastmod: str, published: str, updated: bool) -> None:
    (entry,) = parse_sitemap(sitemap(address(1, lastmod, published)), url=URL)
    assert (entry.updated is not None) == updated
    assert (entry.updated_written, entry.published_written) == (lastmod, published)


def test_a_plain_sitemap_publishes_nothing() -> None:
    listing = read_sitemap(sitemap(address(1, "2026-10-09T09:00:00Z"), address(2)), url=URL)
    assert [(entry.title, entry.published) for entry in listing.entries] == [("", None), ("", None)]
    assert [warning for warning in listing.warnings if "only its page tells them" in warning]


def test_one_time_for_all_addresses_is_when_the_file_was_made() -> None:
    same = [address(number, "2026-10-09T09:00:00Z") for number in range(3)]
    assert [entry.updated for entry in parse_sitemap(sitemap(*same), url=URL)] == [None] * 3
    assert all(entry.updated for entry in parse_sitemap(sitemap(*same, address(4, "2026-10-09T09:00:01Z")), url=URL))
    assert all(entry.updated for entry in parse_sitemap(sitemap(*same[:2]), url=URL))


def test_languages_are_those_of_other_addresses_and_its_own() -> None:
    links = [("de", "https://e.org/de"), ("en", "https://e.org/1"), ("x-default", "https://e.org/x"), ("??", "https://e.org/q")]
    links += [("de", "https://e.org/second"), ("pt_BR", "/pt"), ("uk", "javascript:x")]
    more = "".join(f'<xhtml:link rel="alternate" hreflang="{language}" href="{href}"/>' for language, href in links)
    more += '<xhtml:link rel="canonical" hreflang="fr" href="https://e.org/fr"/>'
    (entry,) = parse_sitemap(sitemap(address(1, more=more)), url=URL)
    assert entry.language == "en"
    assert entry.alternates == (
        Alternate(language="de", url="https://e.org/de"),
        Alternate(language="pt-BR", url="https://e.org/pt"),
    )


def test_the_address_of_a_picture_is_none_of_a_page() -> None:
    more = "<image:image><image:loc>https://e.org/picture.jpg</image:loc></image:image>"
    body = sitemap(f"<url>{more}<loc>https://e.org/1</loc></url>")
    assert [entry.url for entry in parse_sitemap(body, url=URL)] == ["https://e.org/1"]


def test_an_index_goes_on_with_what_changed_last() -> None:
    files = [
        ("a", "2026-01-01"),
        ("b", ""),
        ("c", "2026-03-01T10:00:00+00:00"),
        ("d", ""),
        ("c", "2025-01-01"),
        ("sitemap.xml", ""),
    ]
    parts = [f"<sitemap><loc>/{name}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>" for name, at in files]
    listing = read_sitemap(sitemap(*parts, root="sitemapindex"), url=URL)
    assert listing.more == ("https://e.org/c", "https://e.org/a", "https://e.org/b", "https://e.org/d")
    assert listing.entries == ()


def test_an_index_of_many_files_is_bounded_and_says_so() -> None:
    parts = [f"<sitemap><loc>/{number}</loc></sitemap>" for number in range(300)]
    listing = read_sitemap(sitemap(*parts, root="sitemapindex"), url=URL)
    assert len(listing.more) == 50
    assert listing.warnings == ("The index names 300 files; the 50 that changed last are read.",)


def test_an_empty_sitemap_is_one() -> None:
    assert read_sitemap(sitemap(), url=URL).entries == ()


@pytest.mark.parametrize("loc", ["", "javascript:x", "ftp://e.org/1", "https://[", "https://e.org/" + "x" * 9_000])
def test_an_address_that_cannot_be_asked_is_told_apart(loc: str) -> None:
    listing = read_sitemap(sitemap(f"<url><loc>{loc}</loc></url>", address(2)), url=URL)
    assert [entry.url for entry in listing.entries] == ["https://e.org/2"]
    assert [line.reason for line in listing.broken] == ["no address (`loc`) that can be asked"]


def test_a_sitemap_that_is_cut_off_loses_its_last_address_and_says_so() -> None:
    whole = sitemap(*[address(number) for number in range(4)])
    start, end = whole.index(b"<url><loc>https://e.org/3"), whole.index(b"</url></urlset>") + len(b"</url>")
    for cut in range(start + len("<url>"), end):
        listing = read_sitemap(whole[:cut], url=URL)
        assert [entry.url[-1] for entry in listing.entries] == ["0", "1", "2"]
        assert len(listing.broken) == 1
    assert len(read_sitemap(whole[:end], url=URL).entries) == 4


def test_a_fault_in_one_address_costs_that_one_only() -> None:
    listing = read_sitemap(sitemap(address(1), "<url><loc>https://e.org/2</loc><a></b></url>", address(3)), url=URL)
    assert [entry.url for entry in listing.entries] == ["https://e.org/1", "https://e.org/3"]
    assert [line.ref for line in listing.broken] == ["https://e.org/2"]


def test_what_stands_in_a_comment_is_not_listed() -> None:
    for fault in ("", "<url><loc>https://e.org/2</loc><a></b></url>"):
        listing = read_sitemap(sitemap(address(1), f"<!-- {address(9)} -->", fault), url=URL)
        assert [entry.url for entry in listing.entries] == ["https://e.org/1"]


def test_a_sitemap_is_unpacked_whatever_it_is_called() -> None:
    plain = sitemap(address(1))
    for body in (plain, gzip.compress(plain), gzip.compress(gzip.compress(plain)), gzip.compress(plain) + b"\0\0junk"):
        assert [entry.url for entry in parse_sitemap(body, url=URL)] == ["https://e.org/1"]
    halves = gzip.compress(plain[:50]) + gzip.compress(plain[50:])
    assert len(parse_sitemap(halves, url=URL)) == 1


def test_a_packed_sitemap_that_is_cut_off_gives_what_came() -> None:
    packed = gzip.compress(sitemap(*[address(number, more=f"<x>{hash((number, 'x'))}</x>") for number in range(500)]))
    listing = read_sitemap(packed[: len(packed) // 2], url=URL)
    assert 50 < len(listing.entries) < 450
    assert "ends in the middle" in listing.broken[-1].reason


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_not_unpacked(layers: int) -> None:
    bomb = b"\0" * 60_000_000
    for _ in range(layers):
        bomb = gzip.compress(bomb)
    with pytest.raises(SourceFormatError, match="unpacked it holds more than"):
        parse_sitemap(bomb, url=URL)


def test_unpacking_stops_at_its_limit() -> None:
    assert unpacked(gzip.compress(b"x" * 100), url=URL, most=100) == b"x" * 100
    with pytest.raises(SourceFormatError, match="more than 99 bytes"):
        unpacked(gzip.compress(b"x" * 50) + gzip.compress(b"x" * 50), url=URL, most=99)


START = sitemap().removesuffix(b"</urlset>").decode()
REFUSED = {
    "200,000 addresses": (START + "<url><loc>/1</loc></url>" * 200_000, "lists more than 50,000 addresses"),
    "many tags": (START + "<url>" + "<a/>" * 1_600_000, "holds more than 1,500,000 tags"),
    "bomb": ('<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><urlset>&b;</urlset>', "declares a document type"),
    "late bomb": (f"<!--{'x' * 3_000}--><!DOCTYPE x [<!ENTITY a 'aa'>]><urlset>&a;</urlset>", "declares a document type"),
    "feed": ("<rss><channel/></rss>", "its first element is `rss`"),
    "page": ("<!DOCTYPE html><html><title>Just a moment...</title></html>", "a page titled “Just a moment...”"),
    "cut": (START, "not a sitemap"),
    "list": ("https://e.org/1\nhttps://e.org/2", "not a sitemap"),
    "empty": ("", "not a sitemap"),
    "broken gzip": ("\x1f\x8bnot", "cannot be unpacked"),
}


@pytest.mark.parametrize(("body", "why"), REFUSED.values(), ids=REFUSED)
def test_what_no_sitemap_is_like_is_refused_with_its_address(body: str, why: str) -> None:
    with pytest.raises(SourceFormatError, match=f"^https://e.org/sitemap.xml: .*{why}"):
        parse_sitemap(body.encode("latin-1" if body.startswith("\x1f") else "utf-8"), url=URL)


ATTRIBUTES = " ".join(f'a{number}=""' for number in range(100_000))
LONG = {
    "attributes": f"<url {ATTRIBUTES}><loc>https://e.org/1</loc></url>",
    "languages": address(1, more='<xhtml:link rel="alternate" hreflang="de" href="https://e.org/2"/>' * 100_000),
    "a title": f"<url><loc>https://e.org/1</loc><news:news><news:title>{'x' * 2_000_000}</news:title></news:news></url>",
    "levels": f"<url><loc>https://e.org/1</loc>{'<a>' * 5_000}",
}


@pytest.mark.parametrize("part", LONG.values(), ids=LONG)
def test_one_monstrous_address_is_read_or_told_apart(part: str) -> None:
    listing = read_sitemap(sitemap(part), url=URL)
    assert len(listing.entries) + len(listing.broken) == 1
    assert all(len(entry.title) <= 2_001 and len(entry.alternates) <= 300 for entry in listing.entries)


def test_a_file_above_ten_megabytes_is_read_to_its_end() -> None:
    body = sitemap(*[address(number, more=f"<x>{'x' * 10_000}</x>") for number in range(1_200)])
    assert len(body) > 11_000_000
    parts = sitemap_parts(body, url=URL, content_type=None)
    assert not isinstance(parts[0], BrokenEntry)
    around = parts[0].getparent()
    assert around is not None
    assert len(around) == len(parts) == 1_200  # read as one, not piece by piece


PIECES = [
    *(
        "<url>",
        "</url>",
        "<loc>",
        "</loc>",
        "https://e.org/1",
        "&",
        "&amp;",
        "&#0;",
        "\0",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "é",
    ),
    *("<sitemap>", "</sitemap>", "<lastmod>2026</lastmod>", "</urlset>", "<?x", "<a b=", "<", "\ufffe"),
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_whatever_the_bytes_are_a_sitemap_is_read_or_refused(pieces: list[str]) -> None:
    try:
        listing = read_sitemap((START + "".join(pieces)).encode(), url=URL)
    except SourceFormatError:
        return
    for entry in listing.entries:
        assert entry.url.startswith("https://e.org")
        (entry.url + entry.title).encode()
