"""Feeds with faults that once lost entries, took memory, or gave what no reader should get."""

from __future__ import annotations

import gzip
import resource

import pytest

from aggregator.config.rules import Selectors
from aggregator.model import Entry
from aggregator.sources import SourceFormatError, parse_feed, parse_json, parse_page
from aggregator.sources.links import web_address
from aggregator.sources.repairs import closed_cdata
from aggregator.text.storable import storable

URL = "https://e.org/feed"
ONE = "<item><guid>1</guid><title>One</title><link>https://e.org/1</link></item>"
THREE = "<item><guid>3</guid><title><![CDATA[Three]]></title><link>https://e.org/3</link></item>"


def rss(inner: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{inner}</channel></rss>'.encode()


def titles(body: bytes) -> list[str]:
    return [entry.title for entry in parse_feed(body, url=URL)]


@pytest.mark.parametrize("after", [THREE, THREE.replace("<![CDATA[", "").replace("]]>", "")])
@pytest.mark.parametrize("inside", ["Two", "Two ]> and more", "Two & more"])
def test_an_unclosed_cdata_section_ends_with_its_element(inside: str, after: str) -> None:
    two = f"<item><guid>2</guid><title lang='en'>\n<![CDATA[{inside}</title><link>https://e.org/2</link></item>"
    assert titles(rss(ONE + two + after)) == ["One", inside, "Three"]


def test_what_stands_in_cdata_as_text_stays() -> None:
    for inside in ("a <![CDATA[ b]]>", "a ]]> b", "<![CDATA[ a"):
        body = rss(f"<item><title><![CDATA[{inside}]]></title></item>" + THREE)
        assert closed_cdata(body) == body


def test_a_broken_feed_of_which_no_entry_can_be_read_is_no_empty_one() -> None:
    with pytest.raises(SourceFormatError):
        titles(rss("<?php " + ONE))
    assert titles(rss("")) == []


def test_control_characters_inside_tags_lose_no_entry() -> None:
    assert titles(rss(ONE.replace("<item>", "<it\0em>") + "\x1b")) == ["One"]


@pytest.mark.parametrize("layers", [1, 2])
def test_a_feed_that_is_a_packed_file_is_read(layers: int) -> None:
    body = rss(ONE)
    for _ in range(layers):
        body = gzip.compress(body)
    assert titles(body) == ["One"]


def test_a_packed_file_that_is_a_bomb_is_refused() -> None:
    with pytest.raises(SourceFormatError, match="more than"):
        titles(gzip.compress(gzip.compress(b" " * 100_000_000)))


def test_bases_that_add_up_fill_no_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    opened = '<x xml:base="' + "a" * 40 + '/">'
    with pytest.raises(SourceFormatError, match="xml:base"):
        titles(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{opened * 5_000}{"</x>" * 5_000}</entry></feed>'.encode())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_the_year_nought_is_none() -> None:
    assert only(rss("<item><title>x</title><pubDate>Mon, 01 Sep 0000 10:00:00 GMT</pubDate></item>")).published is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_json_in_wide_characters(encoding: str) -> None:
    assert titles('{"version": "1", "items": [{"id": "1", "title": "Café"}]}'.encode(encoding)) == ["Café"]
    mapping = {"entries": "*", "id": "id", "title": "title"}
    (entry,) = parse_json('[{"id": "1", "title": "Café"}]'.encode(encoding), url=URL, mapping=mapping)
    assert entry.title == "Café"


def only(body: bytes) -> Entry:
    (entry,) = parse_feed(body, url=URL)
    return entry


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://user:pw@e.org/x", "https://e.org/x"),
        ("https://kremlin.ru@e.org/", "https://e.org/"),
        ("http:e.org", ""),
        ("https://e.org:port/", ""),
        ("http://exa mple.org/", ""),
        ("http://e.org\\@f.org/", "http://f.org/"),
        ("https://e.org/a b", "https://e.org/a b"),
        ("/a@b", "https://e.org/a@b"),
    ],
)
def test_links_that_are_no_plain_addresses(link: str, address: str) -> None:
    assert web_address(URL, link) == address


def test_what_xml_cannot_hold_is_not_stored() -> None:
    assert storable("a\ufffe\uffff\ud800b") == "a\ufffd\ufffd\ufffdb"


def test_a_page_of_nothings_takes_no_memory() -> None:
    page = b"<ul><li><a href=/1>One</a></li>" + b"\0" * 5_000_000 + b"</ul>"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    entries = parse_page(page, url=URL, selectors=Selectors(entry="li"))
    assert [entry.title for entry in entries] == ["One"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
