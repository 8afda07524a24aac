"""Feeds: what is read from good bytes, and that bad ones end in a clear error."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.demo.recording import load_recording
from aggregator.model import ZoneKnown
from aggregator.sources import READERS, SourceFormatError, parse_feed, read_feed
from tests.conftest import NOON, item, rss

URL = "https://e.org/feed"


def read(body: str | bytes) -> list[tuple[str, str]]:
    return [(entry.id, entry.title) for entry in parse_feed(body.encode() if isinstance(body, str) else body, url=URL)]


RSS1 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>T</title></channel><item rdf:about="https://e.org/1">
 <title>One</title><link>https://e.org/1</link><dc:date>2025-08-14T12:00:00Z</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>T</title><id>f</id>
 <updated>2025-08-14T12:30:00Z</updated><entry>
 <id>https://e.org/1</id><title>One</title><link rel="alternate" href="/1"/><published>2025-08-14T12:00:00Z</published>
 <summary>short</summary><content type="html">&lt;p&gt;Long &amp;amp; whole.&lt;/p&gt;</content></entry></feed>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "T", "language": "en", "items": [{"id": "https://e.org/1",
 "url": "/1", "title": "One", "content_html": "<p>x</p>", "date_published": "2025-08-14T12:00:00Z"}]}"""


@pytest.mark.parametrize(
    "body", [RSS1, ATOM, JSON, rss(item("1", "One", "x", link="https://e.org/1").replace("urn:1", "https://e.org/1"))]
)
def test_every_form_gives_the_same_entry(body: str) -> None:
    (entry,) = parse_feed(body.encode(), url=URL)
    assert (entry.id, entry.title, entry.published) == ("https://e.org/1", "One", NOON)
    assert entry.url == "https://e.org/1"


def test_the_longest_text_and_the_language_are_taken() -> None:
    listing = read_feed(ATOM.encode(), url=URL)
    assert (listing.entries[0].html, listing.entries[0].summary) == ("<p>Long &amp; whole.</p>", "short")
    assert listing.entries[0].language == "en"
    assert listing.built == datetime(2025, 8, 14, 12, 30, tzinfo=UTC)


def test_a_published_time_is_no_updated_time() -> None:
    (entry,) = parse_feed(rss(item("1", "One", "x")).encode(), url=URL)
    assert entry.updated is None
    assert entry.published_written == "Thu, 14 Aug 2025 12:00:00 +0000"


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("Q&amp;A: war", "Q&A: war"),
        ("caf&eacute;", "café"),
        ("<![CDATA[<b>Bold</b> &amp; more]]>", "Bold & more"),
        ("Biden&#160;Announced\n  twice", "Biden Announced twice"),
        ("Biden-&#8288;Harris", "Biden-Harris"),
    ],
)
def test_titles_are_plain_text_and_lose_nothing(title: str, read_as: str) -> None:
    assert read(rss(item("1", title, "x"))) == [("urn:1", read_as)]


def test_a_block_number_is_no_part_of_an_id() -> None:
    assert read(rss(item("1", "One", "x").replace("urn:1", "https://bbc.co.uk/n/1#4"))) == [("https://bbc.co.uk/n/1", "One")]


def test_entries_that_share_a_bad_id_are_kept_apart_and_true_repetitions_counted() -> None:
    same = item("1", "One", "x")
    listing = read_feed(rss(same, item("1", "Two", "y", link="https://e.org/2"), same).encode(), url=URL)
    assert [(entry.id, entry.title) for entry in listing.entries] == [("urn:1", "One"), ("https://e.org/2", "Two")]
    assert [broken.reason for broken in listing.broken] == ["listed twice in one copy"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not a feed"),
        (b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>", "Just a moment..."),
        (b'{"error": "no"}', "no JSON Feed"),
        (b"{" * 100_000, "not"),
        (b"\x00\xff\xfe\x00", "not a feed"),
        (b"<rss><channel><item " + b"a='1' " * 20_000 + b"/></channel></rss>", "tag of more than"),
        (b"<!DOCTYPE r [" + b"".join(b"<!ENTITY a%d 'x'>" % n for n in range(60)) + b"]><rss/>", "entities"),
    ],
)
def test_what_is_no_feed_is_a_clear_error(body: bytes, said: str) -> None:
    with pytest.raises(SourceFormatError, match=r"^https://e\.org/feed") as error:
        parse_feed(body, url=URL)
    assert said in str(error.value)


def test_an_entry_that_the_feed_breaks_off_in_is_never_taken_for_a_whole_one() -> None:
    whole = rss(item("1", "One", "x"), item("2", "Two", "a text of several words", link="https://e.org/2"))
    first_end, end = whole.index("</item>") + len("</item>"), whole.rindex("</item>")
    for cut in range(whole.rindex("<item>") + len("<item>"), end):
        listing = read_feed(whole[:cut].encode(), url=URL)
        assert [entry.title for entry in listing.entries] == ["One"]
        assert [broken.reason for broken in listing.broken] == ["the feed ends in the middle of this entry"]
    assert [entry.title for entry in read_feed(whole[:first_end].encode(), url=URL).entries] == ["One"]
    assert len(read_feed(whole[: end + len("</item>")].encode(), url=URL).entries) == 2


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://e.org/x", "urn:x:1", "http://[::1", "data:text/html,x"])
@pytest.mark.parametrize("form", ["xml", "json"])
def test_what_is_no_web_address_is_no_link(link: str, form: str) -> None:
    json = f'{{"version": "https://jsonfeed.org/version/1", "items": [{{"id": "1", "title": "One", "url": "{link}"}}]}}'
    body = json if form == "json" else rss(item("1", "One", "x", link=link))
    assert [(entry.title, entry.url) for entry in parse_feed(body.encode(), url=URL)] == [("One", "")]


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("Q&A: war & peace", "Q&A: war & peace"),
        ("AT&T", "AT&T"),
        ("<![CDATA[Q&A]]> & more", "Q&A & more"),
        ("O\x08n e\x00", "On e"),
        ("a&#xD800;b&#99999999999;c&#x1F600;", "a\ufffdb\ufffdc😀"),
        ("x" * 5_000, "x" * 2_000 + "…"),
    ],
)
def test_ill_formed_titles_lose_nothing_and_can_be_stored(title: str, read_as: str) -> None:
    assert read(rss(item("1", title, "x"))) == [("urn:1", read_as)]


def test_half_a_character_in_json_can_be_stored() -> None:
    body = JSON.replace("One", "One \\ud800").replace("<p>x</p>", "\\u0000y\\udfff")
    (entry,) = parse_feed(body.encode(), url=URL)
    assert (entry.title, entry.html) == ("One \ufffd", "y\ufffd")


@pytest.mark.parametrize("content_type", [None, "application/rss+xml; charset=utf-16", "text/xml"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8"])
def test_a_feed_that_says_utf_16_is_read_whatever_its_bytes_are(encoding: str, content_type: str | None) -> None:
    body = '<?xml version="1.0" encoding="UTF-16"?>' + rss(item("1", "Правда", "x")).removeprefix("<?xml version='1.0'?>")
    assert [entry.title for entry in parse_feed(body.encode(encoding), url=URL, content_type=content_type)] == ["Правда"]


def test_a_picture_inside_the_text_is_no_attack() -> None:
    picture = f'<img src="data:image/png;base64,{"QUJD" * 50_000}"> and words'
    assert read(rss(item("1", "One", picture))) == [("urn:1", "One")]


def test_signs_inside_values_hide_no_attack() -> None:
    body = b"<rss><channel><item " + b" ".join(b"a%d='>'" % n for n in range(20_000)) + b"/></channel></rss>"
    with pytest.raises(SourceFormatError, match="tag of more than"):
        parse_feed(body, url=URL)


def test_more_entries_than_can_be_read_in_time_are_refused() -> None:
    with pytest.raises(SourceFormatError, match=r"more than 50,000 entries"):
        parse_feed(rss("<item><title>a</title></item>" * 50_001).encode(), url=URL)


def test_bytes_are_never_taken_for_a_file_name() -> None:
    with pytest.raises(SourceFormatError):
        parse_feed(b"/etc/hostname", url=URL)


def test_entities_of_a_file_are_not_read() -> None:
    body = rss(item("1", "&x;One", "x")).replace("<rss", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss', 1)
    assert read(body) == [("urn:1", "One")] or "&x;One" in read(body)[0][1]


def test_a_ladder_of_entities_does_not_grow() -> None:
    ladder = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = rss(item("1", "&a9;", "x")).replace("<rss", f'<!DOCTYPE r [<!ENTITY a0 "ha">{ladder}]><rss', 1)
    assert all(len(title) < 10_000 for _, title in read(body))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(ATOM)), st.binary(max_size=3)), max_size=6))
def test_no_damage_to_a_feed_raises_anything_else(damage: list[tuple[int, bytes]]) -> None:
    body = bytearray(ATOM.encode())
    for place, put in damage:
        body[place : place + 1] = put
    try:
        listing = read_feed(bytes(body), url=URL)
    except SourceFormatError:
        return
    assert all(entry.id for entry in listing.entries)


def test_recorded_feeds_are_read_whole() -> None:
    recording = load_recording()
    for url in recording.urls:
        for moment in recording.times:
            exchange = recording.at(url, moment)
            if exchange is not None and exchange.at == moment:
                listing = read_feed(exchange.body, url=url, content_type=exchange.headers["content-type"])
                assert len(listing.entries) == exchange.body.count(b"<item>") + exchange.body.count(b"<entry>")
                assert listing.broken == ()
                assert all(entry.published and entry.html and entry.title for entry in listing.entries)
                assert {entry.zone_known for entry in listing.entries} == {ZoneKnown.OFFSET}


def test_kinds_are_named_as_their_modules_are() -> None:
    assert set(READERS) == {"feed"}
