"""Feeds: what is read from good bytes, and that bad ones end in a clear error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.demo.recording import load_recording
from aggregator.model import ZoneKnown
from aggregator.sources import READERS, SourceFormatError, parse_feed, read_feed
from aggregator.sources.publishers import lasting_id
from aggregator.sources.repairs import mend
from aggregator.sources.texts import Links, absolute_links, as_html
from aggregator.sources.wellformed import read_wellformed
from tests.by_feedparser import read_by_feedparser
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
    with pytest.raises(SourceFormatError, match=r"more than 20,000 entries"):
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


@settings(max_examples=150)
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
    assert set(READERS) == {"feed", "page", "sitemap", "json_api"}
    for kind in READERS:
        assert find_spec(f"aggregator.sources.{kind}") is not None


def atom(inside: str, attributes: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>T</title><id>f</id>{inside}</feed>'


def entry(inside: str, attributes: str = "") -> str:
    return f"<entry {attributes}><id>https://e.org/1</id>{inside}</entry>"


NAMESPACES = """xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:a10="http://www.w3.org/2005/Atom" xmlns:other="urn:other\""""


def spaced(*items: str) -> str:
    return rss(*items).replace("<rss", f"<rss {NAMESPACES}", 1)


XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
DATE = "Thu, 14 Aug 2025 12:00:00 GMT"
SAME_BY_BOTH_ROADS = {
    "RSS 1.0": RSS1,
    "Atom 1.0": ATOM,
    "RSS 2.0": rss(item("1", "One", "x", link="https://e.org/1")),
    "no entries": rss(),
    "Atom 0.3": f"""<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="en_US"><title mode="escaped">T</title>
      <modified>2025-08-14T12:30:00Z</modified><entry><title>One</title><link rel="alternate" type="text/html" href="/1"/>
      <id>x</id><issued>2025-08-14T12:00:00Z</issued><modified>{DATE}</modified>
      <content type="text/html" mode="escaped">&lt;p&gt;a</content></entry></feed>""",
    "base": atom(entry('<title>a</title><link href="c"/>', 'xml:base="b/"'), 'xml:base="http://o.org/a/"'),
    "base inside": atom(entry('<title>a</title><link href="c" xml:base="http://o.org/z/"/>')),
    "links": atom(entry('<title>a</title><link rel="self" href="/s"/><link href="/a"/><link rel="enclosure" href="/e"/>')),
    "a link of another form": atom(entry('<title>a</title><link type="application/json" href="/j"/>')),
    "the id is the link": rss("<item><title>a</title><guid>/1</guid></item>"),
    "the id is no link": rss('<item><title>a</title><guid isPermaLink="false">/1</guid></item>'),
    "a link before and after the id": rss(
        "<item><title>a</title><link>/1</link><guid>/2</guid></item>",
        "<item><title>b</title><guid>/3</guid><link>/4</link></item>",
    ),
    "odd links": rss("<item><title>a</title><link> https:////e.org/?a=1&amp;b=2&amp;amp;c=3 </link></item>"),
    "an empty link": rss("<item><title>a</title><link/><guid>/1</guid></item>"),
    "Atom links in RSS": spaced(
        '<item><title>a</title><a10:link href="/1"/><a10:updated>2025-08-14T12:00:00Z</a10:updated></item>'
    ),
    "xhtml": atom(
        entry(
            f'<title type="xhtml"><div {XHTML}>a &lt; <b>c</b></div></title><content type="xhtml"> <div {XHTML} class="x">'
            '<P title="&quot;q&quot; &amp;">a &amp; b<!-- no --><i/>c</P>d</div> </content>'
        )
    ),
    "xhtml with two parts": atom(entry('<title>a</title><content type="xhtml"><div>a</div><div>b</div></content>')),
    "text": atom(entry('<title type="text">a &amp;lt; b</title><content type="text">1 &lt; 2 &amp;amp; 3</content>')),
    "html": atom(entry('<title type="html">a &amp;amp; &lt;b&gt;c&lt;/b&gt;</title><summary type="html">&lt;p&gt;x</summary>')),
    "several texts": spaced(
        "<item><title>a</title><description>short</description>"
        "<content:encoded><![CDATA[<p>longer</p> &amp;]]></content:encoded></item>",
        "<item><title>b</title><content:encoded>longer</content:encoded><description>short</description></item>",
        "<item><title>c</title><description>one</description><description>another</description><guid>3</guid></item>",
        "<item><title>d</title><media:description>of the picture</media:description><description>own</description></item>",
        "<item><title>e</title><description>same</description><content:encoded>same</content:encoded></item>",
    ),
    "media": spaced(
        "<item><title>a</title><media:group><media:title>picture</media:title><media:description>shown</media:description>"
        "</media:group><media:content lang='fr'><media:title>other</media:title></media:content><guid>1</guid></item>",
        "<item><media:content><media:title>picture</media:title></media:content><title>b</title><guid>2</guid></item>",
        "<item><media:content><media:title>only</media:title></media:content><guid>3</guid></item>",
    ),
    "podcast": spaced(
        "<item><title>a</title><itunes:title>b</itunes:title><itunes:summary>c</itunes:summary><itunes:author>d</itunes:author></item>"
    ),
    "dates": spaced(
        f"<item><title>a</title><pubDate> {DATE} </pubDate><dc:date>2025-08-14T14:00:00+02:00</dc:date></item>",
        "<item><title>b</title><dc:date>2025-08-14</dc:date></item>",
        f"<item><title>c</title><dcterms:modified>{DATE}</dcterms:modified><dcterms:issued>2025-08-13</dcterms:issued></item>",
        f"<item><title>d</title><pubDate>never</pubDate><pubDate>{DATE}</pubDate></item>",
        "<item><title>e</title><date>2025-08-14</date></item>",
    ),
    "a misspelt namespace": spaced("<item><title>a</title><dc:creator>b</dc:creator></item>").replace(
        "elements/1.1/", "elements/1.1"
    ),
    "a namespace in capitals": spaced(f"<item><title>a</title><dc:date>{DATE}</dc:date></item>").replace(
        "purl.org/dc", "PURL.org/DC"
    ),
    "names in capitals": rss(f"<item><TITLE>a</TITLE><PubDate>{DATE}</PubDate></item>"),
    "authors": spaced(
        "<item><title>a</title><author>a@e.org (Ann)</author></item>",
        "<item><title>b</title><dc:creator>Ann</dc:creator><dc:creator>Bob</dc:creator></item>",
        "<item><title>c</title><author><name>Ann</name></author></item>",
    ),
    "Atom authors": atom(
        entry(
            "<title>a</title><author><name>Ann</name><email>a@e.org</email><uri>/a</uri></author><contributor><name>B</name></contributor>"
        )
    ),
    "languages": atom(
        entry("<title>a</title>", 'xml:lang="fr_FR"')
        + entry('<title xml:lang="de">b</title>')
        + entry("<title>c</title>", 'xml:lang=""'),
        'xml:lang="en"',
    ),
    "the feed's language": rss(item("1", "a", "x")).replace("<channel>", "<channel><language>uk</language>", 1),
    "CDATA and comments in a text": rss("<item><title>a<!-- no -->b<![CDATA[ & <i>c</i>]]> &amp; d<?no no?>e</title></item>"),
    "references": rss("<item><title>&#x41;&#38;amp; &#146;quoted&#146; &lt;b&gt;&amp;amp;</title></item>"),
    "UTF-8 encoded twice": atom(entry("<title>\u00c3\u0089t\u00c3\u00a9</title><summary>na\u00c3\u00afve \u2013 x</summary>")),
    "details": atom(entry(f'<content type="xhtml"><div {XHTML}><summary>b</summary><p>c</p></div></content>')),
    "another feed's entry": atom(entry("<title>a</title><source><title>b</title><id>c</id><updated>2025</updated></source>")),
    "an RSS source": spaced('<item><source url="/s">b</source><title>a</title></item>'),
    "a picture's title in the channel": rss(item("1", "a", "x")).replace(
        "<item>", "<image><title>b</title><url>u</url></image><item>", 1
    ),
    "unknown elements": spaced(
        "<item><title>a</title><other:title>b</other:title><other:x><other:guid>c</other:guid></other:x></item>"
    ),
    "items outside the channel": "<rss version='0.91'><channel><title>T</title></channel><item><title>a</title></item></rss>",
    "one link for all": rss(*(f"<item><title>{n}</title><link>/same</link></item>" for n in "aba")),
    "neither id nor text": rss("<item><pubDate/></item>", "<item><link>/1</link></item>"),
    "an unknown root": "<news><item><title>a</title><link>/1</link></item></news>",
    "slips that are mended": rss("<item><title>Q&A caf&eacute; &nbsp; &copy;</title></item>"),
    "no XML declaration first": "\n<!-- made by hand -->\n" + rss(item("1", "a", "x")),
}


@pytest.mark.parametrize("content_type", [None, "text/xml", "application/rss+xml; charset=utf-8"])
@pytest.mark.parametrize("name", SAME_BY_BOTH_ROADS)
def test_the_quick_road_reads_what_feedparser_reads(name: str, content_type: str | None) -> None:
    body = SAME_BY_BOTH_ROADS[name].encode()
    body = body if body.startswith(b"<?xml") or b"<!--" in body[:9] else b'<?xml version="1.0" encoding="utf-8"?>' + body
    assert read_feed(body, url=URL, content_type=content_type) == read_by_feedparser(body, url=URL, content_type=content_type)
    if name != "an unknown root":  # and it was the quick road
        read_wellformed(mend(body, URL), url=URL, content_type=content_type)


@pytest.mark.parametrize("encoding", ["iso-8859-5", "windows-1251", "koi8-r", "gb2312", "euc-jp", "utf-8-sig", "utf-7"])
def test_both_roads_read_each_encoding(encoding: str) -> None:
    named = encoding.removesuffix("-sig")
    body = (
        rss(item("1", "Правда", "да"))
        .replace("<?xml version='1.0'?>", f"<?xml version='1.0' encoding='{named}'?>")
        .encode(encoding)
    )
    assert [found.title for found in parse_feed(body, url=URL)] == ["Правда"]
    assert read_feed(body, url=URL) == read_by_feedparser(body, url=URL)


BETTER_THAN_FEEDPARSER = {
    # It closes what HTML never closes; `</br>` is a second break to a browser, and so a paragraph to us.
    "breaks": (atom(entry(f'<title>a</title><content type="xhtml"><div {XHTML}>b<br/>c</div></content>')), "html", "b<br>c"),
    # It takes the title of a picture inside an item for the item's.
    "pictures": (
        rss("<item><guid>urn:1</guid><image><title>b</title></image><description>c</description></item>"),
        "title",
        "",
    ),
    # Without a declaration and a header it reads ISO 8859-1, and puts that right only where no other sign stands beside.
    "no declaration": (rss(item("1", "é &#8217;", "x")).removeprefix("<?xml version='1.0'?>"), "title", "é ’"),
    # A second author without a name gets the first one's.
    "authors": (
        atom(entry("<title>a</title><author><name>A</name></author><author><uri>/b</uri><email>b@e.org</email></author>")),
        "author",
        "A, b@e.org",
    ),
}


@pytest.mark.parametrize("name", BETTER_THAN_FEEDPARSER)
def test_the_quick_road_differs_only_where_feedparser_errs(name: str) -> None:
    body, field, expected = BETTER_THAN_FEEDPARSER[name]
    (found,), (other,) = parse_feed(body.encode(), url=URL), read_by_feedparser(body.encode(), url=URL).entries
    assert getattr(found, field) == expected
    assert getattr(other, field) != expected


def test_what_is_too_long_is_left_out_and_said() -> None:
    (found,) = parse_feed(
        rss(f"<item><title>{'x' * 3_000}</title><guid>{'i' * 5_000}</guid><pubDate>{'1' * 900}</pubDate></item>").encode(),
        url=URL,
    )
    assert (len(found.title), len(found.published_written), found.published) == (2_001, 200, None)
    assert len(found.id) < 4_000


@pytest.mark.parametrize(("number", "ident"), [("7", "7"), ("1" * 3_000, "1" * 3_000), ("1e3", "1e3"), ("0", "0")])
def test_a_number_in_json_stays_as_written(number: str, ident: str) -> None:
    body = JSON.replace('"id": "https://e.org/1"', f'"id": {number}')
    assert [found.id for found in parse_feed(body.encode(), url=URL)] == [ident]


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("<ttl>15</ttl>", 15),
        ("<ttl> 60 </ttl>", 60),
        ("<ttl>soon</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<ttl>99999999999999999999</ttl>", None),
        (
            "<sy:updatePeriod>\n\thourly\t</sy:updatePeriod><sy:updateFrequency>\n1\t</sy:updateFrequency>",
            None,
        ),  # WordPress's own
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 15),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 1440),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
        ("<ttl>5</ttl><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>24</sy:updateFrequency>", 60),
    ],
)
def test_how_long_a_feed_asks_us_to_wait(said: str, minutes: int | None) -> None:
    body = (
        "<?xml version='1.0'?><rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>"
        f"<title>F</title>{said}<item><title>T</title></item></channel></rss>"
    ).encode()
    wait = read_feed(body, url=URL).ttl
    assert wait == (timedelta(minutes=minutes) if minutes is not None else None)
    assert read_by_feedparser(body, url=URL).ttl == wait


@pytest.mark.parametrize(
    ("ident", "link", "lasting"),
    [
        ("https://www.bbc.co.uk/news/articles/x#0", "https://www.bbc.co.uk/news/articles/x?at_medium=RSS", "https://www.bbc.co.uk/news/articles/x"),
        ("https://notbbc.com/x#0", "https://notbbc.com/x#0", "https://notbbc.com/x#0"),
        ("https://e.org/changes#12", "https://e.org/changes#12", "https://e.org/changes#12"),
        ("https://e.org/page#12", "https://e.org/page", "https://e.org/page"),
        ("https://www.gov.uk/a#2026-10-02T15:26:35Z", "https://www.gov.uk/a", "https://www.gov.uk/a"),
        ("https://www.gov.uk/a#2026-10-02T15:26:35+01:00", "https://www.gov.uk/a", "https://www.gov.uk/a"),
        ("https://www.gov.uk/a#2026-10-02T15:26:35Z", "https://www.gov.uk/b", "https://www.gov.uk/a#2026-10-02T15:26:35Z"),
        ("https://www.gov.uk/a#history", "https://www.gov.uk/a", "https://www.gov.uk/a#history"),
        ("tag:www.gov.uk,2005:/a", "https://www.gov.uk/a", "https://www.gov.uk/a"),
        ("tag:example.org,2005:/a", "https://example.org/a", "tag:example.org,2005:/a"),
        ("urn:1", "", "urn:1"),
    ],
)  # fmt: skip
def test_an_id_keeps_the_part_that_lasts(ident: str, link: str, lasting: str) -> None:
    assert lasting_id(ident, link)[0] == lasting


def test_a_second_update_of_a_page_is_the_same_statement() -> None:
    first, second = (
        atom(f'<entry><id>https://www.gov.uk/a#{at}</id><title>T</title><link href="https://www.gov.uk/a"/></entry>')
        for at in ("2026-10-02T15:26:35Z", "2026-10-09T08:00:00Z")
    )
    assert read(first) == read(second) == [("https://www.gov.uk/a", "T")]


def test_ids_are_made_anew_for_google_news_alone() -> None:
    body = rss("<item><title>A - B</title><guid isPermaLink='false'>x</guid><source url='/b'>B</source></item>").encode()
    (elsewhere,) = parse_feed(body, url=URL)
    assert (elsewhere.id, elsewhere.title, elsewhere.publisher, elsewhere.publisher_url) == (
        "x",
        "A - B",
        "B",
        "https://e.org/b",
    )
    (google,) = parse_feed(body, url="https://news.google.com/rss/search?q=a")
    assert (google.title, google.publisher) == ("A", "B")
    assert "x" not in google.id


@pytest.mark.parametrize("inside", ["<description>Only a text</description>", "<author>Ann</author>", "<pubDate>now</pubDate>"])
def test_what_says_anything_is_an_entry_with_an_id_that_lasts(inside: str) -> None:
    ((first, _),), ((second, _),) = read(rss(f"<item>{inside}</item>")), read(rss(f"<item>\n{inside}</item>"))
    assert first == second != ""


def test_two_texts_without_id_and_link_are_two_entries() -> None:
    assert len(read(rss("<item><description>a</description></item>", "<item><description>b</description></item>"))) == 2


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/x">a</a>', '<a href="http://b.org/x">a</a>'),
        ("<A HREF = x>a</A>", '<A HREF = "http://b.org/d/x">a</A>'),
        ("<img alt=\"a href=b\" src='p.png?a=1&amp;b=2'>", '<img alt="a href=b" src="http://b.org/d/p.png?a=1&amp;b=2">'),
        ('<a title="1>2" href="y">', '<a title="1>2" href="http://b.org/d/y">'),
        ('<a href="#n">', '<a href="#n">'),
        ('<a href="https://e.org/">', '<a href="https://e.org/">'),
        ('<a href="javascript:x()">', '<a href="javascript:x()">'),
        ('say href="/x"', 'say href="/x"'),
        ('<a data-href="/x">', '<a data-href="/x">'),
    ],
)
def test_links_are_read_against_their_own_base_and_nothing_else_changes(html: str, expected: str) -> None:
    assert absolute_links(html, "http://b.org/d/e", Links()) == expected


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("if <x then", "if &lt;x then"),
        ("one <two\n\nthree", "<p>one &lt;two</p><p>three</p>"),
        ("plain\n\ntext", "plain\n\ntext"),
        ("<p>says that it is plain", "<p>says that it is plain"),
        ("a <b>bold</b> word", "a <b>bold</b> word"),
        ("AT&amp;T", "AT&amp;T"),
    ],
)
def test_plain_text_loses_nothing_to_the_reader_of_html(text: str, html: str) -> None:
    assert as_html(text) == html


def test_all_authors_are_named_once() -> None:
    (found,) = parse_feed(
        spaced(
            "<item><title>a</title><dc:creator>Ann</dc:creator><dc:creator>Bob</dc:creator><author>Ann</author></item>"
        ).encode(),
        url=URL,
    )
    assert found.author == "Ann, Bob"


def test_a_feed_that_was_given_up_is_an_error() -> None:
    with pytest.raises(SourceFormatError, match="the feed has ended; it says: “This feed has ended"):
        parse_feed(
            atom("<entry><id>tag:www.gov.uk,2005:/x/feed-ended</id><title>This feed has ended</title></entry>").encode(),
            url=URL,
        )


def test_elements_under_a_prefix_that_is_declared_nowhere_are_read() -> None:
    body = (
        "<?xml?xml version='1.0'??><rss rss:version=2.0><rss:channel><rss:title>T</rss:title>"
        "<rss:item><rss:title>One</rss:title>"
        "<rss:guid rss:isPermaLink=false>urn:1</rss:guid><rss:description>Text</rss:description></rss:item></rss:channel></rss>"
    )
    listing = read_feed(body.encode(), url=URL)
    assert [(found.title, found.html) for found in listing.entries] == [("One", "Text")]
    assert listing.title == "T"
