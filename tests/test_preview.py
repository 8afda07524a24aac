"""`aggregator preview`, as an operator types it, against a local web server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from aggregator.config import load_config
from tests import test_recordings
from tests.conftest import STORY, Answer, Web, item, rss, source_block, write_feeds
from tests.test_cli import aggregator

QUICK = '[service]\ngap = "0s"\n'  # no rest between two requests to one host
WORDS = (
    "The talks on grain were long, and the ministers said that they will go on for as long as they are needed by both sides."
)
SELECTORS = """
[sources.list.selectors]
entry = "li.news"
title = "a"
time = "time"
next = "a.next @href"
"""
Preview = Callable[..., Result]


def page(title: str, body: str, *, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def listing(*numbers: int, following: str = "", head: str = "", dated: str = "2025-08-14T12:0{n}:00Z") -> bytes:
    rows = "".join(
        f"<li class='news'><a href='/item/{n}'>The minister speaks about grain, day {n}</a> "
        f"<time datetime='{dated.format(n=n)}'>then</time></li>"
        for n in numbers
    )
    link = f"<a class='next' href='{following}'>older</a>" if following else ""
    return page("News of the ministry", f"<ul>{rows}</ul>{link}", head=head)


def article(number: int) -> bytes:
    inner = "".join(f"<p>Paragraph {n} of day {number}. {WORDS}</p>" for n in range(1, 5))
    return page("x", f"<nav>Menu</nav><article><h1>The minister speaks about grain, day {number}</h1>{inner}</article>")


@pytest.fixture
def serve(web: Web) -> Callable[..., None]:
    def answer(path: str, body: bytes, kind: str = "text/html; charset=utf-8", **more: str) -> None:
        web.answers[path] = Answer(body, headers={"content-type": kind, **more})

    return answer


@pytest.fixture
def feeds(web: Web, tmp_path: Path) -> Path:
    more = 'kind = "page"\nfetch_pages = true\nreference = "/item/(\\\\d+)$"\npages = 2\n' + SELECTORS
    return write_feeds(tmp_path, QUICK + STORY + source_block("list", web.url("/list"), more=more))


def paths(web: Web) -> list[str]:
    return [path for path, _ in web.asked]


# --- a source


def test_a_listing_is_shown_down_to_its_rules_its_further_pages_and_an_item(
    feeds: Path, web: Web, serve: Callable[..., None]
) -> None:
    serve("/list", listing(3, 2, following="/list/2"), etag='"x"', **{"cf-mitigated": "no", "x-secret": "hidden"})
    serve("/list/2", listing(1, following="/list/3"))
    for number in (1, 2, 3):
        serve(f"/item/{number}", article(number))
    shown = aggregator("preview", "list", config=feeds)
    assert shown.exit_code == 0
    assert paths(web) == ["/list", "/list/2", "/item/3"]
    for said in (
        'etag: "x"',
        "status: 200",
        "cf-mitigated: no",
        "matched: entry 2, link 2, title 2, time 2, next 1",
        f"further page {web.url('/list/2')}: changed: a new copy, lists 1",
        "2025-08-14 12:03\t2025-08-14T12:03:00Z\toffset\ten\t3\t",
        "talks (“talks” in the text)",
        f"page {web.url('/item/3')}: changed: a new copy",
        "  title  The minister speaks about grain, day 3",
        "  first  Paragraph 1 of day 3. The talks",
        "  last   Paragraph 4 of day 3. The talks",
    ):
        assert said in shown.stdout
    assert "hidden" not in shown.stdout
    assert not (feeds.parent / "storage").exists()


def test_the_json_twin_holds_everything(feeds: Path, serve: Callable[..., None]) -> None:
    serve("/list", listing(2, 1), **{"x-secret": "told"})
    serve("/item/2", article(2))
    found = json.loads(aggregator("preview", "list", "--json", config=feeds).stdout)
    assert found["headers"]["x-secret"] == "told"
    assert found["matched"] == {"entry": 2, "link": 2, "title": 2, "time": 2, "next": 0}
    assert [line["reference"] for line in found["lines"]] == ["2", "1"]
    assert found["lines"][0]["stories"] == [{"story": "talks", "why": "“talks” in the text"}]
    assert found["lines"][0]["said_at"] == "2025-08-14T12:02:00Z"
    assert (found["pages"][0]["paragraphs"], found["listed"], found["outcome"]["kind"]) == (4, 2, "changed")


def test_pages_says_how_many_items_are_read(feeds: Path, web: Web, serve: Callable[..., None]) -> None:
    serve("/list", listing(3, 2, 1))
    for number in (1, 2, 3):
        serve(f"/item/{number}", article(number))
    assert aggregator("preview", "list", "--pages", "0", config=feeds).exit_code == 0
    assert aggregator("preview", "list", "--pages", "2", config=feeds).exit_code == 0
    assert paths(web) == ["/list", "/list", "/item/3", "/item/2"]


def test_a_day_is_shown_as_a_day_and_one_without_a_date_waits_for_its_page(feeds: Path, serve: Callable[..., None]) -> None:
    serve(
        "/list",
        listing(2, dated="2025-08-0{n}").replace(b"<ul>", b"<ul><li class='news'><a href='/item/9'>No day at all</a></li>"),
    )
    shown = aggregator("preview", "list", "--pages", "0", config=feeds).stdout
    assert "\n2025-08-02\t2025-08-02\tnone\t" in shown
    assert "its own page decides, and was not read:" in shown
    assert "would be dropped" not in shown


def test_an_item_that_cannot_be_had_is_dropped_with_the_reason(feeds: Path, serve: Callable[..., None]) -> None:
    serve("/list", listing(2))
    shown = aggregator("preview", "list", config=feeds)
    assert shown.exit_code == 0
    assert "would be dropped:" in shown.stdout
    assert "HTTP 404" in shown.stdout


def test_a_changed_layout_is_exit_code_1_and_says_what_there_is(feeds: Path, serve: Callable[..., None]) -> None:
    serve("/list", listing(2, 1).replace(b"'news'", b"'newz'"))
    shown = aggregator("preview", "list", config=feeds)
    assert shown.exit_code == 1
    assert 'selectors.entry "li.news" matches nothing. Near: li.newz' in shown.stdout


def test_a_file_is_read_in_place_of_asking(feeds: Path, web: Web, tmp_path: Path) -> None:
    saved = tmp_path / "saved.html"
    saved.write_bytes(listing(2, 1, following="/list/2"))
    shown = aggregator("preview", "list", "--file", str(saved), "--url", "https://www.example.org/list", config=feeds)
    assert shown.exit_code == 0
    assert "https://www.example.org/list\nchanged: read from" in shown.stdout
    assert "further page https://www.example.org/list/2: failed: not asked" in shown.stdout
    assert (web.asked, web.asked_robots) == ([], 0)


def test_a_packed_recording_is_read_as_a_file(tmp_path: Path) -> None:
    saved = test_recordings.FOLDER / "page" / "kremlin-news-page-2.html.gz"
    words = ("http://en.kremlin.ru/events/president/news/page/2", "--file", str(saved), "--json")
    shown = aggregator("preview", *words, config=tmp_path / "feeds.toml")
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["found"][0]["preview"]["listed"] == 20


def test_a_saved_challenge_is_not_the_page(feeds: Path) -> None:
    saved = Path(__file__).parent / "data" / "not-the-page" / "cloudflare-js_challenge-27-05-2020.html"
    shown = aggregator("preview", "list", "--file", str(saved), config=feeds)
    assert shown.exit_code == 1
    assert "not_the_page: " in shown.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Name a source of feeds.toml, or an address"),
        (["nobody"], "There is no source 'nobody'"),
        (["www.example.org"], "write all of it: https://www.example.org"),
        (["ftp://example.org/"], "is no address"),
        (["list", "--url", "example.org"], "--url: write a whole address"),
        (["list", "--file", "/nowhere/at.all"], "/nowhere/at.all: cannot be read"),
        (["list", "--force"], "go with --record"),
        (["https://example.org/", "--record", "x"], "needs a source"),
    ],
)
def test_wrong_usage_is_exit_code_2(words: list[str], said: str, feeds: Path) -> None:
    shown = aggregator("preview", *words, config=feeds)
    assert (shown.exit_code, said in shown.stderr) == (2, True)


# --- a bare address


@pytest.fixture
def desk(web: Web, tmp_path: Path) -> Path:
    return write_feeds(tmp_path, QUICK + STORY + source_block("other", web.url("/elsewhere")))


def found_at(web: Web, path: str, config: Path) -> tuple[Result, Any]:
    shown = aggregator("preview", web.url(path), "--allow", "127.0.0.1", "--json", config=config)
    return shown, json.loads(shown.stdout)


def with_block(config: Path, block: str) -> Any:
    """The configuration with a block that was printed."""
    config.write_text(config.read_text() + "\n" + block)
    return load_config(config).sources


def test_a_feed_becomes_a_block_that_loads_and_reads_the_same(desk: Path, web: Web) -> None:
    title = 'News"]\n[sources.evil]\nname = "x'
    web.serve(rss(item("one", "Talks on grain", WORDS)).replace("<title>Feed</title>", f"<title>{title}</title>", 1))
    shown, found = found_at(web, "/feed", desk)
    assert shown.exit_code == 0
    (only,) = found["found"]
    sources = with_block(desk, only["block"])
    assert list(sources) == ["other", "127-0-0-1"]
    assert (sources["127-0-0-1"].name, sources["127-0-0-1"].kind) == ('News"] [sources.evil] name = "x', "feed")
    again = json.loads(aggregator("preview", "127-0-0-1", "--json", config=desk).stdout)
    assert again["lines"] == only["preview"]["lines"] != []
    assert found_at(web, "/feed", desk)[1]["found"][0]["there"] == "127-0-0-1"


def test_a_page_names_its_feeds_and_only_those_are_asked(desk: Path, web: Web, serve: Callable[..., None]) -> None:
    named = [("login", "http://a:b@127.0.0.1/"), ("gone", "/gone"), ("all", "/all"), ("comments", "/c")]
    link = "<link rel='alternate' type='application/rss+xml' title='{}' href='{}'>"
    head = "".join(link.format(name, href) for name, href in named)
    serve("/news", listing(2, 1, head=head))
    web.serve(rss(item("one", "Talks on grain", WORDS)), "/all")
    shown, found = found_at(web, "/news", desk)
    assert shown.exit_code == 0
    assert paths(web) == ["/news", "/gone", "/all"]
    assert [place["outcome"]["kind"] for place in found["asked"]] == ["changed", "failed", "changed"]
    assert [one["preview"]["url"] for one in found["found"]] == [web.url("/all")]


def test_usual_places_are_asked_until_one_is_a_feed(desk: Path, web: Web, serve: Callable[..., None]) -> None:
    serve("/news", listing(2, 1))
    serve("/rss", listing(2, 1))  # a page where a feed was asked
    web.serve(rss(item("one", "Talks on grain", WORDS)), "/rss.xml")
    shown = aggregator("preview", web.url("/news"), "--allow", "127.0.0.1", config=desk)
    assert shown.exit_code == 0
    assert paths(web) == ["/news", "/news/feed", "/feed", "/rss", "/rss.xml"]
    assert f"{web.url('/rss')}\tnot_the_page: an HTML page where a feed was asked" in shown.stdout
    assert f'url = "{web.url("/rss.xml")}"' in shown.stdout


def test_without_a_feed_selectors_are_guessed_and_the_block_reads_the_list(
    desk: Path, web: Web, serve: Callable[..., None]
) -> None:
    serve("/news", listing(3, 2, 1))
    serve("/item/3", article(3))
    web.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /feeds\n")
    shown, found = found_at(web, "/news", desk)
    assert shown.exit_code == 0
    assert len(paths(web)) < 15
    assert "/feeds" not in paths(web)
    assert any("robots.txt" in place["outcome"]["reason"] for place in found["asked"])
    (only,) = found["found"]
    assert only["preview"]["pages"][0]["title"] == "The minister speaks about grain, day 3"
    source = with_block(desk, only["block"])["127-0-0-1"]
    assert (source.kind, source.fetch_pages, source.language, source.name) == ("page", True, "en", "News of the ministry")
    again = json.loads(aggregator("preview", "127-0-0-1", "--json", config=desk).stdout)
    assert [line["title"][-5:] for line in again["lines"]] == ["day 3", "day 2", "day 1"]


def test_a_news_sitemap_is_found_by_robots_txt_which_is_asked_once(desk: Path, web: Web, serve: Callable[..., None]) -> None:
    serve("/", page("A site", "<p>Nothing is listed here.</p>"))
    web.answers["/robots.txt"] = Answer(b"User-agent: *\nAllow: /\nSitemap: /maps/news.xml\n")
    serve(
        "/maps/news.xml",
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
        b"<url><loc>https://example.org/1</loc><n:news><n:publication><n:language>en</n:language></n:publication>"
        b"<n:publication_date>2025-08-14T12:00:00Z</n:publication_date><n:title>Talks on grain</n:title></n:news></url>"
        b"</urlset>",
        "application/xml",
    )
    shown, found = found_at(web, "/", desk)
    assert shown.exit_code == 0
    assert web.asked_robots == 1
    source = with_block(desk, found["found"][0]["block"])["127-0-0-1"]
    assert (source.kind, source.url, source.fetch_pages) == ("sitemap", web.url("/maps/news.xml"), True)


def test_json_becomes_a_mapping(desk: Path, web: Web, serve: Callable[..., None]) -> None:
    things = [{"headline": f"Talks, day {n}", "link": f"/item/{n}", "published_at": f"2025-08-1{n}T10:00:00Z"} for n in (2, 1)]
    serve("/api", json.dumps({"meta": {"n": 2}, "data": {"things": things}}).encode(), "application/json")
    shown, found = found_at(web, "/api", desk)
    assert shown.exit_code == 0
    source = with_block(desk, found["found"][0]["block"])["127-0-0-1"]
    assert (source.mapping.entries, source.mapping.title) == ("data.things", "headline")


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (page("A site", "<p>Nothing is listed here.</p>"), "text/html", "without a list of titled links"),
        (b'{"numbers": [1, 2, 3]}', "application/json", "write a mapping"),
        (b"plain words", "text/plain", "plain text"),
        (b"", "text/html", "the answer is empty"),
    ],
)
def test_an_address_that_gives_nothing_to_watch_is_exit_code_1(
    body: bytes, kind: str, said: str, desk: Path, web: Web, serve: Callable[..., None]
) -> None:
    serve("/x", body, kind)
    shown = aggregator("preview", web.url("/x"), "--allow", "127.0.0.1", config=desk)
    assert shown.exit_code == 1
    assert said in shown.stdout
    assert "[sources." not in shown.stdout


def test_a_private_address_is_refused_unless_it_is_opened(desk: Path, web: Web) -> None:
    web.serve(rss(item("one", "Talks", WORDS)))
    shown = aggregator("preview", web.url(), config=desk)
    assert (shown.exit_code, web.asked) == (1, [])
    assert "address refused" in shown.stdout


def test_a_bare_address_needs_no_feeds_toml_but_a_wrong_one_is_told(tmp_path: Path) -> None:
    saved = tmp_path / "saved.xml"
    saved.write_text(rss(item("one", "Talks on grain", WORDS)))
    words = ("preview", "https://www.example.org/feed", "--file", str(saved))
    shown = aggregator(*words, config=tmp_path / "feeds.toml")
    assert shown.exit_code == 0
    assert "[sources.example-org]" in shown.stdout
    shown = aggregator(*words, config=write_feeds(tmp_path, "[sources.a]\n"))
    assert (shown.exit_code, "sources.a.url: missing" in shown.stderr) == (2, True)


def test_what_a_site_wrote_cannot_steer_the_terminal(desk: Path, web: Web) -> None:
    web.serve(rss(item("one", "Talks \x9b31m\u202e", WORDS)).replace("<title>Feed", "<title>\x9b31mFeed"), etag='"\x07"')
    shown = aggregator("preview", web.url(), "--allow", "127.0.0.1", config=desk).stdout
    assert "Talks" in shown
    assert not set(shown) & {chr(code) for code in [*range(9), *range(11, 32), *range(127, 160), 0x202E]}


# --- a recording


def test_a_recording_is_a_test_case_at_once(
    feeds: Path, web: Web, tmp_path: Path, serve: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve("/list", listing(2, 1))
    folder = tmp_path / "recordings"
    words = ("preview", "list", "--pages", "0", "--record", str(folder), "--quirk", "milliseconds")
    shown = aggregator(*words, config=feeds)
    assert shown.exit_code == 0
    assert "look up the licence" in shown.stdout
    monkeypatch.setattr(test_recordings, "FOLDER", folder)
    (case,) = test_recordings.recordings()
    assert (case.kind, case.body, case.said["quirks"]) == ("page", listing(2, 1), ["milliseconds"])
    assert test_recordings.read(case) == case.expected
    assert [entry["url"] for entry in case.expected["entries"]] == [web.url("/item/2"), web.url("/item/1")]
    note = (folder / "PROVENANCE.md").read_text()
    assert f"| `{case}` | {web.url('/list')}, " in note
    assert "HTTP 200, text/html; charset=utf-8 |" in note


def test_a_recording_is_not_overwritten_unless_forced(feeds: Path, tmp_path: Path, serve: Callable[..., None]) -> None:
    words = ("preview", "list", "--pages", "0", "--record", str(tmp_path / "recordings"))
    serve("/list", listing(2, 1))
    assert aggregator(*words, config=feeds).exit_code == 0
    files = {path: path.read_bytes() for path in (tmp_path / "recordings").rglob("*.*")}
    serve("/list", listing(*range(9)) + b" " * 30_000)
    again = aggregator(*words, config=feeds)
    assert (again.exit_code, "left as it was" in again.stderr) == (1, True)
    assert {path: path.read_bytes() for path in (tmp_path / "recordings").rglob("*.*")} == files
    assert aggregator(*words, "--force", config=feeds).exit_code == 0
    names = sorted(path.name.partition(".")[2] for path in (tmp_path / "recordings" / "page").iterdir())
    assert names == ["expected.json", "html.gz", "rules.json"]
    assert (tmp_path / "recordings" / "PROVENANCE.md").read_text().count("`page/list-") == 1


def test_a_changed_layout_can_be_recorded_and_no_answer_cannot(feeds: Path, tmp_path: Path, serve: Callable[..., None]) -> None:
    words = ("preview", "list", "--record", str(tmp_path / "recordings"))
    shown = aggregator(*words, config=feeds)
    assert shown.exit_code == 1
    serve("/list", page("Other", "<p class='none'>Nothing</p>"))
    shown = aggregator(*words, config=feeds)
    assert (shown.exit_code, "wrote " in shown.stdout) == (1, True)
    (expected,) = (tmp_path / "recordings" / "page").glob("*.expected.json")
    assert "matches nothing" in json.loads(expected.read_text())["error"]
