"""Broken and hostile feeds: each ends as `cases.json` says, in bounded memory, and never hangs or takes the process along."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import resource
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from aggregator.model import Entry, ZoneKnown
from aggregator.sources import SourceFormatError, parse_feed
from aggregator.sources.limits import MOST_ENTRIES, MOST_TITLE
from aggregator.text.html import clean_html

FILES = Path(__file__).parent / "data/malformed"
CASES = [case["file"] for case in json.loads((FILES / "cases.json").read_text())]
URL = "https://e.org/feed"
MOST_MEMORY = 200 * 1024  # KiB that reading one feed may add
MOST_ADDRESSES = 2 * 1024**3  # bytes of address space: what reserves more fails instead of filling the machine
DEADLINE = 30  # seconds after which a feed hangs: far more than the slowest takes on a busy machine

Result = list[Entry] | str  # the entries, or the text of the `SourceFormatError`


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Where each feed is read in a process of its own, which starts with everything imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["aggregator.sources", "tests.test_malformed"])
    return context


def read_into(pipe: Connection, body: bytes) -> None:
    """In the child: the result, and how much memory it took in KiB."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result: Result
    try:
        result = parse_feed(body, url=URL)
    except SourceFormatError as error:
        result = str(error)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    pipe.send((result if isinstance(result, str) else result[:30], grown))


def read(processes: ForkServerContext, body: bytes) -> tuple[Result, int]:
    here, there = processes.Pipe(duplex=False)
    child = processes.Process(target=read_into, args=(there, body))
    child.start()
    there.close()
    try:
        assert here.poll(DEADLINE), "hangs"
        result, grown = here.recv()  # EOFError where the child died
    finally:
        child.kill()
        child.join()
        here.close()
    return result, grown


def one(result: Result) -> Entry:
    assert isinstance(result, list)
    (entry,) = result
    return entry


def titled(title: str) -> Callable[[Result], bool]:
    return lambda result: one(result).title == title


def refused(result: Result) -> bool:
    return isinstance(result, str) and result.startswith(URL)


def nothing_from_outside(result: Result) -> bool:
    """No text of a file or another address: the entity stays a name, or nothing is left of it."""
    if isinstance(result, str):
        return result.startswith(URL)
    name = Path("/etc/hostname")
    outside = name.read_text().strip() if name.exists() else ""
    texts = [entry.title + entry.html for entry in result]
    return not any("root:" in text or (outside and outside in text) for text in texts)


def has_not_grown(result: Result) -> bool:
    return refused(result) or len(one(result).title + one(result).html) < 10_000


def odd_links(result: Result) -> bool:
    assert isinstance(result, list)
    absolute = all(entry.url == "" or entry.url.startswith(("http://", "https://")) for entry in result)
    return absolute and [entry.url for entry in result][:2] == ["https://e.org/relative/path", "https://other.example/x"]


def parted(result: Result) -> bool:
    assert isinstance(result, list)
    titles = [entry.title for entry in result]
    return titles == ["A", "B", "C", "D", "E"] and len({entry.id for entry in result}) == 5 and result[3].url != ""


def possible_dates(result: Result) -> bool:
    assert isinstance(result, list)
    by_title = {entry.title: entry for entry in result}
    impossible = (f"D{number}" for number in (8, 9, 10, 11, 12, 13, 16, 17, 18))
    unmarked = by_title["D4"], by_title["D22"]
    return (
        len(result) == 23
        and all(by_title[title].published is None for title in impossible)
        and all(entry.published is not None and entry.zone_known is ZoneKnown.NONE for entry in unmarked)
        and by_title["D2"].zone_known is ZoneKnown.OFFSET
    )


def cannot_run(result: Result) -> bool:
    entry = one(result)
    shown = clean_html(entry.title + entry.html, base_url=URL)
    return entry.url == "" and not any(sign in shown for sign in ("<script", "onerror", "javascript:"))


EXPECTED: dict[str, Callable[[Result], bool]] = {
    "billion-laughs.xml": has_not_grown,
    "quadratic-blowup.xml": has_not_grown,
    "xxe-file.xml": nothing_from_outside,
    "xxe-http.xml": nothing_from_outside,
    "external-dtd.xml": titled("One"),
    "parameter-entity.xml": lambda result: refused(result) or one(result).title == "One",
    "xinclude.xml": nothing_from_outside,
    "truncated.xml": titled("One"),
    "html-page.xml": refused,
    "json-error.xml": refused,
    "empty.xml": refused,
    "white-space.xml": refused,
    "no-items.xml": lambda result: result == [],
    "junk-before.xml": titled("One"),
    "php-warning-before.xml": titled("One"),
    "ampersand.xml": lambda result: titled("Q&A: war & peace")(result) and one(result).url.endswith("?a=1&b=2"),
    "named-entities.xml": titled("café – naïve x"),
    "control-characters.xml": titled("On e"),
    "undeclared-prefix.xml": lambda result: one(result).published is not None,
    "utf8-declared-latin1.xml": titled("Élysée déclaration"),
    "latin1-declared-utf8.xml": titled("Élysée"),
    "utf16-no-bom.xml": titled("Правда"),
    "utf16-declared-utf8-bytes.xml": titled("One"),
    "windows-1251.xml": titled("Кремль: заявление"),
    "bom-utf8.xml": titled("One"),
    "cdata-end-inside.xml": titled("a]]>b"),
    "double-escaped.xml": titled("AT&T <b>"),
    "script-in-title.xml": cannot_run,
    "links-odd.xml": odd_links,
    "guid-trouble.xml": parted,
    "dates.xml": possible_dates,
    "deep.xml.gz": refused,
    "many-items.xml.gz": lambda result: refused(result) and f"{MOST_ENTRIES:,}" in result,
    "long-title.xml.gz": lambda result: len(one(result).title) == MOST_TITLE + 1,
    "many-attributes.xml.gz": refused,
}
FOR_THE_FETCHER = {"bomb-10MiB.xml.gz", "bomb-1GiB.gz.gz"}


def test_no_case_is_left_out() -> None:
    assert set(CASES) == set(EXPECTED) | FOR_THE_FETCHER


@pytest.mark.parametrize("name", EXPECTED)
def test_a_malformed_feed_ends_as_it_should(processes: ForkServerContext, name: str) -> None:
    body = (FILES / name).read_bytes()
    result, grown = read(processes, gzip.decompress(body) if name.endswith(".gz") else body)
    assert EXPECTED[name](result), result
    assert grown < (MOST_MEMORY if name.endswith(".gz") else MOST_MEMORY // 4)


def rss(inside: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{inside}</channel></rss>'


def atom(inside: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>{inside}</feed>'


def item(inside: str) -> str:
    return f"<item><title>One</title><guid>urn:1</guid>{inside}</item>"


def json_feed(items: str) -> str:
    return f'{{"version": "https://jsonfeed.org/version/1.1", "items": {items}}}'


BROKEN = "<item><title>x &nope; y</title></item><b>"  # makes any feed one for feedparser
ENTRY = "<entry><id>urn:1</id><title>One</title>"
ATTRIBUTES = " ".join(f"a{n}='{n}'" for n in range(100_000))
TWO_MEGABYTES = " ".join(f"a{n}='b'" for n in range(200_000))
BOMB = "<!DOCTYPE r [" + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + '<!ENTITY a0 "ha">]>'
LADDER = "".join(f'<!ENTITY % p{n} "{f"%p{n - 1};" * 9}">' for n in range(1, 9))


def declaring(name: str) -> str:
    return rss(item("é" * 100_000)).replace("?>", f' encoding="{name}"?>', 1)


def encoded(name: str) -> bytes:
    return rss(item("")).replace("?>", f' encoding="{name}"?>', 1).encode(name)


def siblings() -> Iterator[tuple[str, Callable[[], str | bytes]]]:
    """Large and simple attacks: made here, as a file of each would fill the repository."""
    yield "the most entries", lambda: rss("<item><title>a</title></item>" * MOST_ENTRIES)
    yield (
        "the most entries in JSON",
        lambda: json_feed("[" + ",".join(f'{{"id": {n}, "title": "a"}}' for n in range(MOST_ENTRIES)) + "]"),
    )
    yield "many entries in a broken feed", lambda: rss("<item><title>a</title></item>" * 4_000 + BROKEN)
    yield "deep Atom", lambda: atom(ENTRY + "<a>" * 200_000 + "</a>" * 200_000 + "</entry>")
    yield "deep XHTML", lambda: atom(ENTRY + '<content type="xhtml">' + "<div>" * 250 + "</div>" * 250 + "</content></entry>")
    yield "many attributes inside XHTML", lambda: atom(ENTRY + f'<content type="xhtml"><p {ATTRIBUTES}/></content></entry>')
    yield (
        "two megabytes of attributes",
        lambda: rss(f"<item {TWO_MEGABYTES}><title>One</title></item>"),
    )
    yield "two hundred thousand items", lambda: rss("<item><title>a</title><guid>b</guid></item>" * 200_000)
    yield "two hundred thousand items, broken", lambda: rss("<item><title>a</title></item>" * 200_000 + BROKEN)
    yield (
        "links under another base",
        lambda: atom(
            f'<entry xml:base="http://b.org/"><title>One</title><content><![CDATA[{"<a href=x>" * 900_000}]]></content></entry>'
        ),
    )
    yield (
        "many texts under another base",
        lambda: atom(
            f"<entry xml:base='http://b.org/'><title>One</title><content><![CDATA[{'<a href=x>' * 300}]]></content></entry>"
            * 3_000
        ),
    )
    yield (
        "one long tag under another base",
        lambda: atom(
            f"<entry xml:base='http://b.org/'><title>One</title><content><![CDATA[<a {'href=x ' * 900_000}]]></content></entry>"
        ),
    )
    yield "many languages", lambda: atom(ENTRY + '<link hreflang="fr" href="/a"/>' * 100_000 + "</entry>")
    yield "many publishers", lambda: rss(item('<source url="/a">b</source>' * 100_000))
    yield "many authors of many names", lambda: rss(item("".join(f"<author>{n}</author>" for n in range(100_000))))
    yield "an author of many parts", lambda: atom(ENTRY + f"<author>{'<a>b</a>' * 100_000}</author></entry>")
    yield "an id of many parts", lambda: rss(f"<item><title>One</title><guid>{'<a>b</a>' * 100_000}</guid></item>")
    yield "many attributes of the root", lambda: rss(item("")).replace("<rss", f"<rss {ATTRIBUTES}")
    yield "many attributes of an unknown element", lambda: rss(item(f"<x {ATTRIBUTES}><y/></x>"))
    yield "many attributes of an unknown root", lambda: f"<x {ATTRIBUTES}>{item('')}</x>"
    yield "entities behind a comment", lambda: rss(item("&a9;")).replace("<rss", f"<!--{'x' * 5_000}-->{BOMB}<rss", 1)
    yield "deep in a broken feed", lambda: rss("<a>" * 19_000 + BROKEN)
    yield "deep escaped HTML", lambda: rss(item(f"<description>{'&lt;b&gt;' * 1_000_000}</description>"))
    yield "deep HTML in a title", lambda: rss(f"<item><title>{'&lt;b&gt;' * 1_000_000}</title></item>")
    yield (
        "many namespaces",
        lambda: rss(item("")).replace("<rss", "<rss " + " ".join(f"xmlns:a{n}='u{n}'" for n in range(50_000))),
    )
    yield "many namespaces, broken", lambda: rss("".join(f"<b{n}:a xmlns:b{n}='u{n}'/>" for n in range(19_000)) + BROKEN)
    yield "a huge value", lambda: rss(item(f'<a b="{"x" * 9_000_000}"/>'))
    yield "a huge comment", lambda: rss(item(f"<!--{'x' * 9_000_000}-->"))
    yield "huge CDATA", lambda: rss(item(f"<description><![CDATA[{'x' * 9_000_000}]]></description>"))
    yield (
        "huge CDATA in a broken feed",
        lambda: rss(item(f"<description><![CDATA[{'<p>a</p>' * 900_000}]]></description>") + BROKEN),
    )
    yield "CDATA without an end", lambda: rss("<item><title>" + "<![CDATA[ " * 19_000)
    yield "CDATA ends without a beginning", lambda: rss(item("]]>" * 900_000))
    yield "comments without an end", lambda: rss(item("") + "<!-- " * 19_000)
    yield "many authors", lambda: atom(ENTRY + "<author><name>A</name><email>a@e.org</email></author>" * 60_000 + "</entry>")
    yield "many links", lambda: atom(ENTRY + '<link href="/a"/>' * 100_000 + "</entry>")
    yield "many categories", lambda: rss(item("<category>a</category>" * 100_000))
    yield "many categories, broken", lambda: rss(item("".join(f"<category>{n}</category>" for n in range(9_000))) + BROKEN)
    yield "a long author, broken", lambda: rss(item(f"<author>{'a' * 5_000_000}</author>") + BROKEN)
    yield "a long author in CDATA, broken", lambda: rss(item(f"<author><![CDATA[{'a.' * 2_000_000}]]></author>") + BROKEN)
    yield "a long author in pieces, broken", lambda: rss(item(f"<author>{('a' * 90 + '<b/>') * 6_000}</author>") + BROKEN)
    yield "a long date, broken", lambda: rss(item(f"<pubDate>{'1 ' * 4_000_000}</pubDate>") + BROKEN)
    yield "a long link", lambda: rss(item(f"<link>http://e.org{'/..' * 2_000_000}</link>"))
    yield "parameter entities", lambda: rss(item("")).replace("<rss", f'<!DOCTYPE r [<!ENTITY % p0 "ha">{LADDER} %p8;]><rss', 1)
    yield (
        "default attributes",
        lambda: rss("<item><title>a</title></item>" * 3_000).replace(
            "<rss", f'<!DOCTYPE r [<!ATTLIST item a CDATA "{"x" * 15_000}">]><rss', 1
        ),
    )
    yield (
        "white space before a document type",
        lambda: rss(item("")).replace("<rss", "\n" * 5_000_000 + "<!DOCTYPE rss><rss", 1),
    )
    yield "a long declaration", lambda: "<?xml" + " " * 9_000_000 + "?><rss/>"
    yield "many declared encodings", lambda: "<?xml " + "encoding='x' " * 30_000 + rss("")
    for name in ("utf-7", "utf-32", "cp037", "punycode", "idna", "undefined", "unicode_escape", "bz2", "\x00"):
        yield f"declares {name!r}", partial(declaring, name)
    for name in ("utf-7", "utf-32", "utf-32-be", "utf-16-le", "cp037"):
        yield f"is {name}", partial(encoded, name)
    yield "half a character", lambda: rss(item("<description>a\ud800b</description>")).encode("utf-8", "surrogatepass")
    yield "only NUL", lambda: b"\0" * 9_000_000
    yield "NUL in between", lambda: rss(item("<description>a\0b</description>"))
    yield "no tags but their beginnings", lambda: "<" * 9_000_000
    yield "beginnings of tags inside", lambda: rss(item("") + '<a b="' * 19_000)
    yield "ampersands", lambda: rss(item("& " * 90_000) + BROKEN)
    yield "a long reference", lambda: rss(item(f"<description>&{'a' * 5_000_000};&#{'9' * 1_000_000};</description>"))
    yield "an unknown root", lambda: "<news>" + item("") + "</news>"
    yield "items in items", lambda: rss("<item><title>One</title>" * 90 + "</item>" * 90)
    yield "many small elements", lambda: rss("<a/>x" * 1_500_000)
    yield "JSON nested deep", lambda: json_feed("[" * 100_000 + "]" * 100_000)
    yield "JSON nested as deep as it can be read", lambda: json_feed('[{"title": "a", "id": ' + "[" * 900 + "]" * 900 + "}]")
    yield "JSON with a long number", lambda: json_feed(f'[{{"title": "a", "id": {"1" * 1_000_000}}}]')
    yield (
        "JSON with no number",
        lambda: json_feed('[{"title": "a", "id": NaN, "date_published": 1e999999}, -Infinity, null, []]'),
    )
    yield "JSON with a name twice", lambda: json_feed('[{"title": "a", "title": "b", "id": "1"}]')
    yield "JSON with a byte order mark", lambda: b"\xef\xbb\xbf" + json_feed('[{"title": "a"}]').encode()
    yield "JSON in UTF-16", lambda: json_feed('[{"title": "a"}]').encode("utf-16")
    yield "JSON of many parts", lambda: json_feed("[" + "{}," * 3_000_000 + "{}]")
    yield "JSON that ends early", lambda: json_feed('[{"title": "a"}')[:-2]


SIBLINGS = dict(siblings())


@pytest.mark.parametrize("name", SIBLINGS)
def test_no_sibling_of_them_takes_long_or_much(processes: ForkServerContext, name: str) -> None:
    body = SIBLINGS[name]()
    result, grown = read(processes, body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body)
    assert refused(result) or isinstance(result, list)
    assert grown < MOST_MEMORY
