"""One statement in several languages, listings and lengths, on the real road, from sources as the shipped feeds.toml has them.

Every address is the real one; a transport hands each request to a server on loopback, under /HOST/PATH.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from aggregator.config import Config, Source, load_config
from aggregator.model import SourceKey, StatementId
from aggregator.pipeline import PollReport, poll_source
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import open_for, road
from aggregator.store import Store
from aggregator.store.reading import statement_detail
from aggregator.store.schema import revisions, statements
from tests.conftest import Answer, Clock, Web

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.both_databases

OCTOBER = datetime(2026, 10, 6, 12, 0, tzinfo=UTC)
PASSAGES = [f"<p>Passage {n} of the talks says what the keepers of the lighthouses agreed upon.</p>" for n in range(6)]
Balance = tuple[int, int, int, int, int]  # listed, new, revised, duplicate, unchanged


class ToLoopback(httpx.AsyncBaseTransport):
    """Asks the local server for what was asked of any host."""

    def __init__(self, web: Web) -> None:
        self._web, self._over = web, httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = self._web.url(f"/{request.url.host}{request.url.raw_path.decode()}")
        kept = [(name, value) for name, value in request.headers.multi_items() if name.lower() != "host"]
        return await self._over.handle_async_request(httpx.Request(request.method, url, headers=kept))

    async def aclose(self) -> None:
        await self._over.aclose()


class Desk:
    """Polls some of the shipped sources, and says what became of them."""

    def __init__(self, config: Config, store: Store, web: Web, sandbox: Sandbox) -> None:
        self.config, self.store, self.web, self.sandbox = config, store, web, sandbox
        self.clock = Clock(OCTOBER)

    def poll(self, *keys: str) -> list[PollReport]:
        async def ask() -> list[PollReport]:
            transport = ToLoopback(self.web)
            async with road(self.config, self.store, clock=self.clock, transport=transport, sandbox=self.sandbox) as the_road:
                return [await poll_source(the_road, SourceKey(key)) for key in keys]

        self.clock.forward(minutes=10)
        reports = asyncio.run(ask())
        assert [report.outcome.reason for report in reports if not report.outcome.kind.good] == []
        assert all(report.balance.adds_up for report in reports)
        return reports

    def balances(self, *keys: str) -> list[Balance]:
        told = [report.balance for report in self.poll(*keys)]
        return [(one.listed, one.new, one.revised, one.duplicate, one.unchanged) for one in told]

    def versions(self) -> list[list[tuple[str, int]]]:
        """Of every statement, its languages with the numbers of their versions, in order."""
        with self.store.read() as tx:
            ids = tx.execute(select(statements.c.id).order_by(statements.c.id)).scalars().all()
            found = [statement_detail(tx, StatementId(one)) for one in ids]
        return [sorted((one.language, one.number) for one in detail.versions) for detail in found if detail is not None]

    def texts(self, language: str) -> list[str]:
        query = select(revisions.c.text).where(revisions.c.language == language).order_by(revisions.c.id)
        with self.store.read() as tx:
            return list(tx.execute(query).scalars())

    def serve(self, url: str, body: str, kind: str = "application/xml") -> None:
        headers = {"content-type": f"{kind}; charset=utf-8"}
        self.web.answers[f"/{url.partition('://')[2]}"] = Answer(body.encode(), headers=headers)


@pytest.fixture
def desk(web: Web, tmp_path: Path, sandbox: Sandbox, database: str | None) -> Iterator[Desk]:
    shipped = load_config(ROOT / "feeds.toml")
    service = shipped.service.model_copy(update={"storage": tmp_path, "database": database, "gap": timedelta(0)})
    config = shipped.model_copy(update={"service": service, "stories": {}})
    store = open_for(config)
    yield Desk(config, store, web, sandbox)
    store.close()


def url_of(desk: Desk, key: str) -> str:
    return desk.config.sources[SourceKey(key)].url


def in_either_order(keys: Sequence[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("keys", list(permutations(keys)), ids=" ".join)


# --- Kremlin: one number, two languages, two listings each


def serve_kremlin(
    desk: Desk, key: str, *, passages: int, title: str = "Meeting with keepers", more: str = "", padding: str = ""
) -> None:
    source = desk.config.sources[SourceKey(key)]
    base = source.url.removesuffix("/feed")
    words = "".join(PASSAGES[:passages]) + more if source.language == "en" else "<p>Смотрители маяков договорились.</p>"
    content = words.replace("&", "&amp;").replace("<", "&lt;")
    entry = (
        f"<entry><title>{title}</title><id>{base}/80912</id><updated>2026-10-06T14:0{passages}:00+04:00</updated>"
        f'<published>2026-10-06T13:30:00+04:00</published><link href="{base}/80912" rel="alternate"/>'
        f'<content type="html">{content}</content></entry>'
    )
    head = f"<title>Events</title><id>{base}/feed</id><updated>2026-10-06T14:0{passages}:00+04:00</updated>"
    named = f'xml:lang="{source.language}" xmlns="http://www.w3.org/2005/Atom"'
    desk.serve(source.url, f"<feed {named}>{head}{padding}{entry}</feed>")


KREMLIN = ("kremlin", "kremlin-transcripts", "kremlin-ru")


@in_either_order(KREMLIN)
def test_a_number_of_the_kremlin_is_one_statement_in_its_languages_and_listings(keys: Sequence[str], desk: Desk) -> None:
    for key in KREMLIN:
        serve_kremlin(desk, key, passages=2, title="Встреча" if key == "kremlin-ru" else "Meeting with keepers")
    first, *later = desk.balances(*keys)
    assert first == (1, 1, 0, 0, 0)
    # The first text in a further language is a version, the same text in a further listing is a duplicate.
    assert sorted(later) == [(1, 0, 0, 1, 0), (1, 0, 1, 0, 0)]
    assert desk.versions() == [[("en", 1), ("ru", 1)]]
    with desk.store.read() as tx:
        row = tx.execute(select(statements.c.said_at, statements.c.reference)).one()
    assert tuple(row) == (datetime(2026, 10, 6, 10, 30, tzinfo=UTC), "80912")  # Moscow, whatever is written behind it
    for key in KREMLIN:  # made anew, and says the same
        serve_kremlin(desk, key, passages=2, title="Встреча" if key == "kremlin-ru" else "Meeting with keepers", padding=" ")
    assert desk.balances(*keys) == [(1, 0, 0, 0, 1)] * 3


@pytest.mark.parametrize("first", ["kremlin", "kremlin-transcripts"])
def test_a_transcript_that_grows_is_one_statement_with_a_version_for_each_step(first: str, desk: Desk) -> None:
    listings = ("kremlin", "kremlin-transcripts")
    order = sorted(listings, key=lambda key: key != first)
    serve_kremlin(desk, "kremlin-ru", passages=1, title="Встреча")
    told: list[Balance] = []
    for step in (1, 3, 6):
        for key in listings:
            serve_kremlin(desk, key, passages=step, more="<p>To be continued.</p>" * (step < 6))
        told += desk.balances(*order)
        desk.poll("kremlin-ru")
    assert told[0] == (1, 1, 0, 0, 0)
    assert told[1] == (1, 0, 0, 1, 0)
    assert told[2:] == [(1, 0, 1, 0, 0), (1, 0, 0, 0, 1)] * 2  # the listing that is asked first brings the step
    assert desk.versions() == [[("en", 1), ("en", 2), ("en", 3), ("ru", 1)]]
    assert [text.count("Passage") for text in desk.texts("en")] == [1, 3, 6]
    assert [text.endswith("To be continued.") for text in desk.texts("en")] == [True, True, False]


# --- European Commission: a reference, and a document in each language


def serve_commission(desk: Desk, key: str, title: str, words: str) -> None:
    language = desk.config.sources[SourceKey(key)].language
    line = {
        "refCode": "IP/26/2070",
        "languageCode": language.upper(),
        "eventDate": "2026-10-06",
        "title": title,
        "leadText": None,
        "isETranslated": False,
    }
    document = {
        "refCd": "IP/26/2070",
        "eventDate": "2026-10-06",
        "publishDate": "2026-10-06T11:02:03.000+02:00",
        "docuLanguageResource": {"title": title, "subtitle": title, "htmlContent": words, "language": language.upper()},
    }
    desk.serve(url_of(desk, key), json.dumps({"docuLanguageListResources": [line]}), "application/json")
    address = f"https://ec.europa.eu/commission/presscorner/api/documents?reference=IP/26/2070&language={language}"
    desk.serve(address, json.dumps(document), "application/json")


@in_either_order(("ec", "ec-fr"))
def test_a_reference_of_the_commission_is_one_statement_in_its_languages(keys: Sequence[str], desk: Desk) -> None:
    serve_commission(desk, "ec", "The Commission counts swallows", "<p>Swallows were counted.</p><p>There are many.</p>")
    serve_commission(desk, "ec-fr", "La Commission compte les hirondelles", "<p>On a compté les hirondelles.</p>")
    assert desk.balances(*keys) == [(1, 1, 0, 0, 0), (1, 0, 1, 0, 0)]
    assert desk.versions() == [[("en", 1), ("fr", 1)]]
    assert desk.texts("en") == ["Swallows were counted.\n\nThere are many."]
    with desk.store.read() as tx:
        row = tx.execute(select(statements.c.said_at, statements.c.said_day, statements.c.reference)).one()
    assert tuple(row) == (datetime(2026, 10, 6, 9, 2, 3, tzinfo=UTC), "", "ip_26_2070")


@in_either_order(("ec", "ec-fallback-1"))
def test_what_stands_in_for_the_commission_tells_the_same_statement(keys: Sequence[str], desk: Desk) -> None:
    serve_commission(desk, "ec", "The Commission counts swallows", "<p>Swallows were counted.</p><p>There are many.</p>")
    link = "https://ec.europa.eu/commission/presscorner/detail/en/ip_26_2070"
    item = (
        f"<item><title>The Commission counts swallows</title><link>{link}</link><guid>{link}</guid>"
        "<description>European Commission Press release Brussels, 06 Oct 2026 Swallows…</description>"
        "<pubDate>Tue, 06 Oct 2026 08:58:00 GMT</pubDate></item>"
    )
    desk.serve(
        url_of(desk, "ec-fallback-1"), f"<rss version='2.0'><channel><title>Press releases</title>{item}</channel></rss>"
    )
    assert desk.balances(*keys) == [(1, 1, 0, 0, 0), (1, 0, 0, 1, 0)]
    assert desk.texts("en") == ["Swallows were counted.\n\nThere are many."]


# --- President of Ukraine: the number that ends the address


def serve_president(desk: Desk, key: str, slug: str, title: str, words: str, when: str) -> None:
    base = f"https://www.president.gov.ua{'/en' if key == 'ukraine' else ''}/news/{slug}"
    item = f"<item><title>{title}</title><link>{base}</link><guid>{base}</guid><pubDate>{when}</pubDate></item>"
    desk.serve(url_of(desk, key), f"<rss version='2.0'><channel><title>President</title>{item}</channel></rss>")
    body = f"<h1 itemprop='name'>{title}</h1><p class='date'></p><div class='article_content'><p>{words}</p></div>"
    desk.serve(base, f"<html><head><title>{title}</title></head><body>{body}</body></html>", "text/html")


@in_either_order(("ukraine", "ukraine-uk"))
def test_a_number_of_the_president_of_ukraine_is_one_statement(keys: Sequence[str], desk: Desk) -> None:
    slug = "prezident-pobachiv-novij-mist-99505"
    english, ukrainian = "The President saw the new bridge over the river.", "Президент побачив новий міст через річку."
    serve_president(desk, "ukraine", slug, "The President saw a bridge", english, "Tue, 06 Oct 2026 13:34:00 +0300")
    serve_president(desk, "ukraine-uk", slug, "Президент побачив міст", ukrainian, "Tue, 06 Oct 2026 11:10:00 +0300")
    assert desk.balances(*keys) == [(1, 1, 0, 0, 0), (1, 0, 1, 0, 0)]
    assert desk.versions() == [[("en", 1), ("uk", 1)]]
    assert (desk.texts("en"), desk.texts("uk")) == ([english], [ukrainian])


def test_two_numbers_are_two_statements_however_alike_they_are(desk: Desk) -> None:
    words, when = "The President saw the new bridge over the river.", "Tue, 06 Oct 2026 13:34:00 +0300"
    serve_president(desk, "ukraine", "mist-99505", "The President saw a bridge", words, when)
    serve_president(desk, "ukraine-uk", "mist-99506", "Президент побачив міст", "Президент побачив новий міст.", when)
    assert desk.balances("ukraine", "ukraine-uk") == [(1, 1, 0, 0, 0), (1, 1, 0, 0, 0)]


# --- GOV.UK: the content id of all locales


@pytest.fixture
def _arabic(desk: Desk) -> None:
    """A listing in another language, as an operator adds one."""
    base = desk.config.sources[SourceKey("gov-uk-fcdo")]
    said = {"key": SourceKey("gov-uk-ar"), "url": base.url.replace(".atom", ".ar.atom"), "language": "ar"}
    desk.config.sources[SourceKey("gov-uk-ar")] = base.model_copy(update=said)


def serve_gov_uk(desk: Desk, source: Source, locale: str, title: str, words: str) -> None:
    site, path = "https://www.gov.uk", "/government/speeches/on-lighthouses"
    ends = {"en": "", "ar": ".ar"}
    entry = (
        f"<entry><id>{site}{path}{ends[locale]}#2026-10-06T10:00:00Z</id><updated>2026-10-06T10:00:00Z</updated>"
        f'<link rel="alternate" type="text/html" href="{site}{path}{ends[locale]}"/><title>{title}</title></entry>'
    )
    head = "<title>FCDO - Activity on GOV.UK</title><updated>2026-10-06T10:00:00Z</updated>"
    desk.serve(source.url, f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{entry}</feed>')
    document = {
        "content_id": "ea1c268d-165c-4b4a-a400-f3b5c2e0988e",
        "base_path": path + ends[locale],
        "locale": locale,
        "title": title,
        "first_published_at": "2026-10-06T11:00:00.000+01:00",
        "public_updated_at": "2026-10-06T11:00:00.000+01:00",
        "details": {"body": f'<div class="govspeak"><p>{words}</p></div>'},
        "links": {"available_translations": [{"locale": one, "web_url": site + path + end} for one, end in ends.items()]},
    }
    desk.serve(f"{site}/api/content{path}{ends[locale]}", json.dumps(document), "application/json")


@in_either_order(("gov-uk-fcdo", "gov-uk-ar"))
@pytest.mark.usefixtures("_arabic")
def test_a_translation_on_gov_uk_is_a_version_and_the_finder_lists_the_same(keys: Sequence[str], desk: Desk) -> None:
    english, arabic = "The lighthouses are lit again.", "أضيئت المنارات من جديد."
    sources = desk.config.sources
    serve_gov_uk(desk, sources[SourceKey("gov-uk-fcdo")], "en", "On lighthouses", english)
    serve_gov_uk(desk, sources[SourceKey("gov-uk-ar")], "ar", "عن المنارات", arabic)
    serve_gov_uk(desk, sources[SourceKey("gov-uk")], "en", "On lighthouses", english)
    assert desk.balances(*keys, "gov-uk") == [(1, 1, 0, 0, 0), (1, 0, 1, 0, 0), (1, 0, 0, 1, 0)]
    assert desk.versions() == [[("ar", 1), ("en", 1)]]


# --- Élysée: pages that name each other


def serve_elysee(desk: Desk, key: str, language: str, title: str, words: str) -> None:
    site, paths = (
        "https://www.elysee.fr",
        {"en": "/en/emmanuel-macron/2026/10/06/lighthouses", "fr": "/emmanuel-macron/2026/10/06/phares"},
    )
    link = site + paths[language]
    item = (
        f"<item><title>Les phares.</title><description>Lire.</description><pubDate>Tue, 06 Oct 2026 10:10:00 +0000</pubDate>"
        f"<link>{link}</link><guid>{link}</guid></item>"
    )
    desk.serve(url_of(desk, key), f"<rss version='2.0'><channel><title>Elysee</title>{item}</channel></rss>")
    others = "".join(f'<link rel="alternate" hreflang="{one}" href="{site}{path}"/>' for one, path in paths.items())
    heading = f'<header><div class="header-publication--content"><h1>{title}</h1></div></header>'
    body = f'{heading}<main><div class="reset-last-space ck-styled"><p>{words}</p></div></main>'
    head = f'<title>x</title><link rel="canonical" href="{link}"/>{others}'
    desk.serve(link, f'<html lang="{language}"><head>{head}</head><body>{body}</body></html>', "text/html")


@in_either_order(("elysee", "elysee-fr"))
def test_pages_of_the_elysee_that_name_each_other_are_one_statement(keys: Sequence[str], desk: Desk) -> None:
    serve_elysee(desk, "elysee", "en", "The lighthouses", "The lighthouses are the memory of our coasts.")
    serve_elysee(desk, "elysee-fr", "fr", "Les phares", "Les phares sont la mémoire de nos côtes.")
    assert desk.balances(*keys) == [(1, 1, 0, 0, 0), (1, 0, 1, 0, 0)]
    assert desk.versions() == [[("en", 1), ("fr", 1)]]
    with desk.store.read() as tx:
        assert set(tx.execute(select(revisions.c.title)).scalars()) == {"The lighthouses", "Les phares"}
