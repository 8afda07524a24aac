"""Every kind of source on the real road: pages, sitemaps, JSON, items' own pages, and what is left for the next poll."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from aggregator.model import OutcomeKind, SourceKey
from aggregator.pipeline import PollReport, items, paging
from aggregator.store.schema import drops, exchanges, listings, polls, revisions, statements
from aggregator.store.sources import source_state
from tests.conftest import NOON, STORY, Answer, Desk, Web, item, rss, source_block

pytestmark = pytest.mark.both_databases
OpenDesk = Callable[[str], Desk]
PAGE = """
kind = "page"
selectors = { entry = "li", title = "h3", time = "time", id = "@data-id", text = "p", next = "a.next @href" }
"""
WORDS = "is long enough to be told from a menu, and it says what was agreed in the talks on that day."


def listing_page(*numbers: int, following: str = "") -> str:
    lines = "".join(
        f"<li data-id='n{n}'><h3><a href='/news/{n}'>Talks, day {n}</a></h3>"
        f"<time datetime='2025-08-14T1{n}:00:00Z'>today</time><p>On day {n} the talks went on.</p></li>"
        for n in numbers
    )
    link = f"<a class='next' href='{following}'>older</a>" if following else ""
    return f"<!DOCTYPE html><html><head><title>News</title></head><body><ul>{lines}</ul>{link}</body></html>"


def serve_page(web: Web, path: str, text: str, **headers: str) -> None:
    web.serve(text, path, content_type="text/html; charset=utf-8", **headers)


def article(number: int) -> str:
    paragraphs = "".join(f"<p>Paragraph {n} of statement {number} {WORDS}</p>" for n in range(4))
    head = f"<html><head><title>x</title></head><body><nav>Menu</nav><article><h1>Talks, day {number}</h1>"
    return f"{head}{paragraphs}</article></body></html>"


def asked(web: Web) -> list[str]:
    return [path for path, _ in web.asked]


def titles(desk: Desk) -> list[str]:
    with desk.store.read() as tx:
        return sorted(tx.execute(select(revisions.c.title)).scalars())


def texts(desk: Desk) -> list[str]:
    with desk.store.read() as tx:
        return list(tx.execute(select(revisions.c.text).order_by(revisions.c.id)).scalars())


def reasons(report: PollReport) -> dict[str, str]:
    return {drop.ref: drop.reason for drop in report.balance.drops}


# --- kinds


def test_a_listing_page_is_read_by_its_selectors(web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/list", listing_page(2, 1))
    at_work = desk(STORY + source_block("a", web.url("/list"), more=PAGE))
    report = at_work.poll()[0]
    assert report.balance.counts == {"listed": 2, "new": 2, "revised": 0, "duplicate": 0, "unchanged": 0, "dropped": 0}
    assert web.asked[0][1]["accept"].startswith("text/html")
    with at_work.store.read() as tx:
        found = tx.execute(select(statements.c.said_at, statements.c.url).order_by(statements.c.said_at)).all()
    assert found == [(NOON.replace(hour=11), web.url("/news/1")), (NOON.replace(hour=12), web.url("/news/2"))]


def test_a_sitemap_is_read_and_its_index_followed_as_far_as_pages_says(web: Web, desk: OpenDesk) -> None:
    web.serve(index("old", "new", "older"), "/sitemap.xml")
    for name in ("new", "old", "older"):
        web.serve(news_sitemap(name), f"/{name}.xml")
    at_work = desk(STORY + source_block("a", web.url("/sitemap.xml"), more='kind = "sitemap"\npages = 2'))
    assert at_work.poll()[0].balance.new == 2
    assert asked(web) == ["/sitemap.xml", "/new.xml", "/old.xml"]  # newest first
    web.serve(news_sitemap("new", "newest"), "/new.xml")  # the index says the same, its file does not
    assert at_work.poll()[0].balance.counts == {
        "listed": 3,
        "new": 1,
        "revised": 0,
        "duplicate": 0,
        "unchanged": 2,
        "dropped": 0,
    }


AGES = {"new": "2025-08-14", "old": "2025-08-13", "older": "2025-08-12"}


def index(*names: str) -> str:
    files = "".join(f"<sitemap><loc>/{name}.xml</loc><lastmod>{AGES[name]}</lastmod></sitemap>" for name in names)
    return f"<?xml version='1.0'?><sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{files}</sitemapindex>"


def news_sitemap(*names: str) -> str:
    entries = "".join(
        f"<url><loc>https://example.org/{name}</loc><n:news><n:publication><n:name>X</n:name><n:language>en</n:language></n:publication>"
        f"<n:publication_date>2025-08-14T09:00:00Z</n:publication_date><n:title>Talks: {name}</n:title></n:news></url>"
        for name in names
    )
    return (
        "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        f"xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>{entries}</urlset>"
    )


MAPPING = 'kind = "json_api"\nmapping = { entries = "results", id = "code", title = "title", published = "at", url = "link" }'
DOCUMENTS = """
fetch_pages = true
[sources.a.item]
kind = "json_api"
url = "ADDRESS/documents?reference={id}"
mapping = { html = "document.body", title = "document.title", published = "at" }
"""


def serve_json(web: Web, path: str, value: object, status: int = 200) -> None:
    web.answers[path] = Answer(json.dumps(value).encode(), status, {"content-type": "application/json"})


def json_listing(web: Web, *codes: str) -> None:
    results = [
        {"code": code, "title": f"Talks {code}", "at": "2025-08-14T10:00:00Z", "link": f"https://example.org/{code}"}
        for code in codes
    ]
    serve_json(web, "/api", {"results": results})


def test_a_json_listing_with_the_documents_of_its_items(web: Web, desk: OpenDesk) -> None:
    json_listing(web, "IP/25/2", "IP/25/1")
    for number in (1, 2):
        document = {"title": f"Talks, day {number}", "body": f"<p>Document {number}.</p><p>It has two paragraphs.</p>"}
        serve_json(web, f"/documents?reference=IP/25/{number}", {"document": document, "at": "2025-08-14T10:30:00Z"})
    at_work = desk(STORY + source_block("a", web.url("/api"), more=MAPPING + DOCUMENTS.replace("ADDRESS", web.url(""))))
    assert at_work.poll()[0].balance.new == 2
    assert texts(at_work) == [f"Document {n}.\n\nIt has two paragraphs." for n in (1, 2)]
    assert "application/json" in web.asked[-1][1]["accept"]


# --- further pages


def test_a_listing_is_followed_while_its_pages_bring_something_new(web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/list", listing_page(6, 5, following="/list?page=2"))
    serve_page(web, "/list?page=2", listing_page(4, 3, following="/list?page=3"))
    serve_page(web, "/list?page=3", listing_page(2, 1, following="/list?page=4"))
    at_work = desk(STORY + source_block("a", web.url("/list"), more=PAGE + "pages = 3"))
    report = at_work.poll()[0]
    assert (report.balance.listed, report.balance.new) == (6, 6)
    assert asked(web) == ["/list", "/list?page=2", "/list?page=3"]
    web.asked.clear()
    serve_page(web, "/list", listing_page(7, 6, following="/list?page=2"))
    assert at_work.poll()[0].balance.counts == {
        "listed": 4,
        "new": 1,
        "revised": 0,
        "duplicate": 0,
        "unchanged": 3,
        "dropped": 0,
    }
    assert asked(web) == ["/list", "/list?page=2"]  # the second brought nothing new
    web.asked.clear()
    serve_page(web, "/list", listing_page(7, 6, following="/list?page=2") + "<!-- made anew -->")
    assert at_work.poll()[0].balance.unchanged == 2
    assert asked(web) == ["/list"]
    with at_work.store.read() as tx:
        kept = tx.execute(select(exchanges.c.url, exchanges.c.sha256).where(exchanges.c.url.contains("page="))).all()
    assert len(kept) == 3
    assert all(sha256 is not None for _, sha256 in kept)


def test_a_pagination_that_repeats_its_first_page_ends(web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/list", listing_page(2, 1, following="/list?page=2"))
    for page in range(2, 9):
        serve_page(web, f"/list?page={page}", listing_page(2, 1, following=f"/list?page={page + 1}"))
    at_work = desk(STORY + source_block("a", web.url("/list"), more=PAGE + "pages = 8"))
    assert at_work.poll()[0].balance.counts == {
        "listed": 4,
        "new": 2,
        "revised": 0,
        "duplicate": 0,
        "unchanged": 2,
        "dropped": 0,
    }
    assert asked(web) == ["/list", "/list?page=2"]


def test_pages_that_lead_in_a_circle_are_asked_once_each(web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/list", listing_page(2, following="/list?page=2"))
    serve_page(web, "/list?page=2", listing_page(1, following="/list"))
    assert desk(STORY + source_block("a", web.url("/list"), more=PAGE + "pages = 9")).poll()[0].balance.listed == 2
    assert asked(web) == ["/list", "/list?page=2"]


@pytest.mark.parametrize(
    "second", [Answer(b"", 500), Answer(b"<title>Just a moment...</title>", 403), Answer(b"<html><p>Nothing here</p></html>")]
)
def test_a_later_page_that_is_none_loses_nothing_and_is_asked_again(second: Answer, web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/list", listing_page(4, 3, following="/list?page=2"), etag='"one"')
    second.headers = {"content-type": "text/html"}
    web.answers["/list?page=2"] = second
    at_work = desk(STORY + source_block("a", web.url("/list"), more=PAGE + "pages = 3"))
    report = at_work.poll()[0]
    assert (report.outcome.kind, report.balance.new) == (OutcomeKind.CHANGED, 2)
    assert f"a further page could not be read ({web.url('/list?page=2')}: " in report.outcome.reason
    serve_page(web, "/list?page=2", listing_page(2, 1))
    report = at_work.poll()[0]  # the first page has not changed, and is read all the same
    assert "if-none-match" not in web.asked[-2][1]
    assert (report.balance.new, report.balance.unchanged) == (2, 2)
    assert at_work.poll()[0].outcome.status == 304  # nothing is left


def test_a_later_page_that_stays_away_does_not_keep_the_first_from_being_asked_as_usual(web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/list", listing_page(2, 1, following="http://169.254.169.254/latest"), etag='"one"')
    at_work = desk(STORY + source_block("a", web.url("/list"), more=PAGE + "pages = 3"))
    reasons = [at_work.poll()[0].outcome.reason for _ in range(paging.FEW_TRIES + 3)]
    assert ["address refused" in reason for reason in reasons] == [True] * (paging.FEW_TRIES + 1) + [False] * 2
    assert reasons[-1] == "unchanged since the last poll"


# --- what is left out


def test_what_is_left_out_is_counted_with_its_reason(web: Web, desk: OpenDesk) -> None:
    lines = [
        item("one", "Talks on grain", "They go on.", link="https://example.org/government/news/1"),
        item("two", "Travel advice", "Stay away.", link="https://example.org/foreign-travel-advice/x"),
        item("three", "Agenda of the talks", "Monday.", link="https://example.org/government/news/3"),
    ]
    web.serve(rss(*lines))
    at_work = desk(STORY + source_block("a", web.url(), more='only = ["/government/news/"]\nwithout = ["Agenda"]'))
    report = at_work.poll()[0]
    assert report.balance.counts == {"listed": 3, "new": 1, "revised": 0, "duplicate": 0, "unchanged": 0, "dropped": 2}
    assert reasons(report) == {
        "urn:two": "left out by `only`: neither its address nor its title begins with '/government/news/'",
        "urn:three": "left out by `without`: it begins with 'Agenda'",
    }
    assert titles(at_work) == ["Talks on grain"]


def test_thousands_of_lines_that_are_left_out_for_one_reason_are_counted_and_not_all_written_down(
    web: Web, desk: OpenDesk
) -> None:
    web.serve(news_sitemap(*(f"x{number}" for number in range(1_000)), "wanted"), "/sitemap.xml")
    more = 'kind = "sitemap"\nonly = ["/wanted"]'
    at_work = desk(STORY + source_block("a", web.url("/sitemap.xml"), more=more))
    assert at_work.poll()[0].balance.dropped == 1_000
    with at_work.store.read() as tx:
        kept = tx.execute(select(drops.c.ref).order_by(drops.c.id)).scalars().all()
        assert tx.execute(select(polls.c.dropped)).scalar_one() == 1_000
    assert (len(kept), kept[-1]) == (101, "and 900 more")


# --- items' own pages


@pytest.fixture
def bare(web: Web, desk: OpenDesk) -> Desk:
    """A source whose listing holds titles alone."""
    selectors = PAGE.replace(', text = "p"', "")
    serve_page(web, "/list", listing_page(2, 1), etag='"one"')
    serve_page(web, "/news/1", article(1))
    return desk(STORY + source_block("a", web.url("/list"), more=selectors + "\nfetch_pages = true"))


def test_an_entry_without_text_waits_until_its_own_page_can_be_read(web: Web, bare: Desk) -> None:
    web.answers["/news/2"] = Answer(b"<title>Access Denied</title>", 403)
    report = bare.poll()[0]
    assert report.balance.counts == {"listed": 2, "new": 1, "revised": 0, "duplicate": 0, "unchanged": 0, "dropped": 1}
    assert reasons(report)["n2"].startswith("its own page could not be read: HTTP 403")
    assert titles(bare) == ["Talks, day 1"]
    serve_page(web, "/news/2", article(2))
    report = bare.poll()[0]  # though the listing has not changed
    assert report.balance.counts == {"listed": 2, "new": 1, "revised": 0, "duplicate": 0, "unchanged": 1, "dropped": 0}
    assert "Paragraph 3 of statement 2" in texts(bare)[-1]
    assert asked(web).count("/news/1") == 1
    assert bare.poll()[0].outcome.status == 304


@pytest.mark.parametrize("empty", ["<html><body><script>render()</script></body></html>", "<html></html>"])
def test_a_page_without_text_is_no_page(empty: str, web: Web, bare: Desk) -> None:
    serve_page(web, "/news/2", empty)
    assert reasons(bare.poll()[0])["n2"].startswith("its own page could not be read: ")


def test_a_page_that_stays_away_is_asked_a_few_times_and_then_once_a_day(web: Web, bare: Desk) -> None:
    web.answers["/news/2"] = Answer(b"", 404)
    outcomes = []
    for number in range(8):
        serve_page(web, "/list", listing_page(2, 1) + f"<!-- {number} -->", etag=f'"{number}"')
        bare.clock.forward(minutes=10)
        outcomes.append(reasons(bare.poll()[0])["n2"])
    assert asked(web).count("/news/2") == items.FEW_TRIES
    assert outcomes[items.FEW_TRIES] == "its own page was asked 5 times in vain, and is asked once a day"
    assert bare.poll()[0].outcome.status == 304  # it no longer keeps the listing from being asked after as usual
    bare.clock.forward(days=1)
    serve_page(web, "/list", listing_page(2, 1) + "<!-- later -->")
    serve_page(web, "/news/2", article(2))
    assert bare.poll()[0].balance.new == 1


def test_a_page_that_gives_no_date_is_not_asked_at_every_poll(web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/news/1", article(1))
    at_work = desk(STORY + source_block("a", web.url(), more="fetch_pages = true"))
    for number in range(8):
        line = item("one", "Talks", "", link=web.url("/news/1")).replace(
            "<pubDate>Thu, 14 Aug 2025 12:00:00 +0000</pubDate>", ""
        )
        web.serve(rss(line) + f"<!-- {number} -->")
        assert at_work.poll()[0].balance.dropped == 1
    assert asked(web).count("/news/1") == items.FEW_TRIES


def test_a_page_that_cannot_be_had_leaves_the_text_of_the_listing(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(item("one", "Talks on grain", "A summary of the talks.", link=web.url("/gone"))), etag='"one"')
    at_work = desk(STORY + source_block("a", web.url(), more="fetch_pages = true"))
    assert at_work.poll()[0].balance.new == 1
    assert texts(at_work) == ["A summary of the talks."]
    assert at_work.poll()[0].outcome.status == 304


@pytest.mark.parametrize(
    "page",
    [Answer(b"", 503), Answer(b"<title>Access Denied</title>", 403), Answer(b"<html></html>"), Answer(rss().encode())],
)
def test_a_teaser_never_takes_the_place_of_a_page_that_was_read(page: Answer, web: Web, desk: OpenDesk) -> None:
    """It would be told that the source has taken out the rest."""

    def teaser(text: str) -> None:
        web.serve(rss(item("one", "Talks on grain", text, link=web.url("/news/1"))))

    teaser("A summary of the talks.")
    serve_page(web, "/news/1", article(1))
    at_work = desk(STORY + source_block("a", web.url(), more="fetch_pages = true"))
    at_work.poll()
    web.answers["/news/1"] = page
    teaser("Another summary of the talks.")
    report = at_work.poll()[0]
    assert report.balance.counts == {"listed": 1, "new": 0, "revised": 0, "duplicate": 0, "unchanged": 0, "dropped": 1}
    assert reasons(report)["urn:one"] == "its own page could not be read, and what was read there before stays"
    serve_page(web, "/news/1", article(1))
    assert at_work.poll()[0].balance.unchanged == 1  # though the listing has not changed
    web.answers["/news/1"] = page
    teaser("A third summary of the talks.")
    at_work.poll()
    serve_page(web, "/news/1", article(1).replace("Paragraph 2", "Section 2"))
    assert at_work.poll()[0].balance.revised == 1
    assert "Section 2" in texts(at_work)[-1]


def test_a_teaser_that_was_all_there_was_may_change(web: Web, desk: OpenDesk) -> None:
    at_work = desk(STORY + source_block("a", web.url(), more="fetch_pages = true"))
    for text in ("A summary of the talks.", "Another summary of the talks."):
        web.serve(rss(item("one", "Talks on grain", text, link=web.url("/gone"))))
        at_work.poll()
    assert texts(at_work) == ["A summary of the talks.", "Another summary of the talks."]


def test_more_pages_than_one_poll_asks_for_are_asked_at_the_next(
    web: Web, desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "MOST_PAGES", 2)
    lines = [item(f"n{n}", f"Talks, day {n}", "Summary.", link=web.url(f"/news/{n}")) for n in range(5)]
    for number in range(5):
        serve_page(web, f"/news/{number}", article(number))
    web.serve(rss(*lines), etag='"one"')
    at_work = desk(STORY + source_block("a", web.url(), more="fetch_pages = true"))
    assert [at_work.poll()[0].balance.new for _ in range(4)] == [2, 2, 1, 0]
    assert all("Paragraph 3" in text for text in texts(at_work))
    assert at_work.poll()[0].outcome.status == 304


def test_the_sources_own_rules_say_where_a_page_holds_what(web: Web, desk: OpenDesk) -> None:
    more = """
zone = "Europe/Kyiv"
fetch_pages = true
[sources.a.item]
url = "ADDRESS{path}?print=1"
[sources.a.item.article]
body = "div.words p"
time = "p.date"
drop = ["span.hidden"]
"""
    line = item("one", "Talks on grain", "", link=web.url("/news/1")).replace(
        "<pubDate>Thu, 14 Aug 2025 12:00:00 +0000</pubDate>", ""
    )
    web.serve(rss(line))
    words = "<p class='date'>14 August 2025 - 12:34</p><div class='words'><p>He spoke<span class='hidden'> x</span>.</p></div>"
    serve_page(web, "/news/1?print=1", f"<html><body><h1>Talks</h1>{words}<article>{article(1)}</article></body></html>")
    at_work = desk(STORY + source_block("a", web.url(), more=more.replace("ADDRESS", web.url(""))))
    assert at_work.poll()[0].balance.new == 1
    assert texts(at_work) == ["He spoke."]
    with at_work.store.read() as tx:
        assert tx.execute(select(statements.c.said_at)).scalar_one() == NOON.replace(hour=9, minute=34)


def test_a_page_that_two_lines_name_is_asked_once(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(*(item(name, f"Talks on {name}", "", link=web.url("/news/1")) for name in ("grain", "energy"))))
    serve_page(web, "/news/1", article(1))
    assert desk(STORY + source_block("a", web.url(), more="fetch_pages = true")).poll()[0].balance.listed == 2
    assert asked(web) == ["/feed", "/news/1"]


def test_a_document_that_is_none_is_asked_again(web: Web, desk: OpenDesk) -> None:
    json_listing(web, "IP/25/1")
    serve_json(web, "/documents?reference=IP/25/1", {"document": None})
    at_work = desk(STORY + source_block("a", web.url("/api"), more=MAPPING + DOCUMENTS.replace("ADDRESS", web.url(""))))
    assert reasons(at_work.poll()[0])["IP/25/1"].startswith("its own page could not be read: http://127.0.0.1")
    serve_json(web, "/documents?reference=IP/25/1", {"document": {"title": "T", "body": "<p>At last.</p>"}})
    assert at_work.poll()[0].balance.new == 1
    assert texts(at_work) == ["At last."]


def test_nothing_of_an_entry_that_waits_is_stored(web: Web, bare: Desk) -> None:
    web.answers["/news/2"] = Answer(b"", 503)
    bare.poll()
    with bare.store.read() as tx:
        assert tx.execute(select(listings.c.entry_id)).scalars().all() == ["n1"]
        assert tx.execute(select(drops.c.ref)).scalars().all() == ["n2"]
        assert source_state(tx, SourceKey("a")).body_sha256 is None
        assert tx.execute(select(polls.c.dropped)).scalar_one() == 1


def test_what_a_rule_does_not_find_is_said_with_the_outcome(web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/list", listing_page(1))
    at_work = desk(STORY + source_block("a", web.url("/list"), more=PAGE.replace('title = "h3"', 'title = "h4"')))
    assert "a new copy. selectors.title" in at_work.poll()[0].outcome.reason


# --- several addresses


LISTINGS = """
[sources.a.listings]
transcripts = "ADDRESS/transcripts"
"""


def test_an_item_of_two_listings_is_one_statement(web: Web, desk: OpenDesk) -> None:
    line = item("one", "Talks on grain", "The talks on grain go on.")
    web.serve(rss(line))
    web.serve(rss(line, item("two", "Talks on energy", "They were put off.")), "/transcripts")
    at_work = desk(STORY + source_block("a", web.url(), more=LISTINGS.replace("ADDRESS", web.url(""))))
    news, transcripts = at_work.poll("a", "a-transcripts")
    assert (news.balance.new, transcripts.balance.new, transcripts.balance.duplicate) == (1, 1, 1)
    assert at_work.poll("a-transcripts")[0].outcome.kind is OutcomeKind.UNCHANGED
