"""The served site: the pages of the static one, made when they are asked for, sent once and small."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from sqlalchemy import event

from aggregator.model import StoryKey
from aggregator.publish import places, render
from aggregator.publish.formats import SUFFIXES
from aggregator.publish.site import site_of
from aggregator.service import open_for, utc_now
from aggregator.store.pages import story_page
from aggregator.web import site as served_site
from aggregator.web.answers import Content, coding_for
from aggregator.web.places import page_at
from tests.conftest import NOON, STORY, Clock, Desk, Web, item, rss, source_block
from tests.patience import WAIT
from tests.serving import Reader, demo_config, served

KEY = StoryKey("ukraine-2022")
PAGE = f"/{KEY}.html"
DIGEST = "ab" * 32


@pytest.fixture(scope="module")
def reader(demo_storage: Path) -> Iterator[Reader]:
    with served(demo_config(demo_storage), url="https://news.example.org/") as one:
        yield one


@pytest.mark.parametrize(("form", "suffix"), SUFFIXES.items())
def test_a_story_is_served_as_it_is_rendered(reader: Reader, demo_storage: Path, form: str, suffix: str) -> None:
    config = demo_config(demo_storage)
    config = config.model_copy(update={"web": config.web.model_copy(update={"url": "https://news.example.org/"})})
    store = open_for(config, create=False)
    with store.read() as tx:
        page = story_page(tx, KEY, now=utc_now())
    assert page is not None
    answer = reader.get(f"/{KEY}.{suffix}")
    assert answer.text == render(page, form, site=site_of(store, config, live=True))
    store.close()


def test_every_link_of_the_site_leads_somewhere(reader: Reader) -> None:
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        answer = reader.get(path)
        assert answer.status_code == 200, path
        if not answer.headers["content-type"].startswith("text/html") or (path.startswith("/statements/") and len(seen) > 60):
            continue
        for link in re.findall(r'(?:href|src)="([^"#]+)[#"]', answer.text):
            target = answer.url.join(link.replace("&amp;", "&"))
            own = target.host in ("127.0.0.1", "news.example.org")
            if own and target.path not in seen and target.scheme in ("http", "https"):
                seen.add(target.path)
                waiting.append(target.path)
    assert {f"/{places.MISSED}", f"/{places.ABOUT}", f"/{places.SEARCH}", f"/{places.LIVE_SCRIPT}", PAGE} <= seen
    assert sum(path.startswith("/statements/") for path in seen) > 10


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        (f"/{KEY}.md", "text/markdown"),
        (f"/{KEY}.atom", "application/atom+xml"),
        (f"/{KEY}.feed.json", "application/feed+json"),
        ("/feed.json", "application/feed+json"),
        ("/sitemap.xml", "application/xml"),
        ("/robots.txt", "text/plain"),
        ("/live.js", "text/javascript"),
    ],
)
def test_each_file_has_its_type(reader: Reader, path: str, kind: str) -> None:
    assert reader.get(path).headers["content-type"].partition(";")[0] == kind


def test_what_a_page_holds_is_what_its_policy_lets_run(reader: Reader) -> None:
    for path in (PAGE, "/", "/search.html", "/statements/5.html", "/about.html"):
        answer = reader.get(path)
        (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]
        assert re.findall(r"<script[^>]*>", answer.text.replace('<script type="application/ld+json">', "")) == [
            f'<script src="{"../" * path.count("/", 1)}live.js" defer>'
        ]
        assert not re.findall(r"\son\w+=|style=|javascript:", answer.text)


def test_search_answers_the_form(reader: Reader) -> None:
    assert "<mark>SWIFT</mark>" in reader.get("/search.html?q=swift&source=&lane=primary").text
    assert 'href="statements/' in reader.get("/search.html?q=").text  # nothing: the newest
    more = re.search(r'href="(search\.html\?[^"]*after=[^"]*)"', reader.get("/search.html?q=ukraine").text)
    assert more is not None
    assert reader.get("/" + more[1].replace("&amp;", "&")).status_code == 200
    for path, why in (
        ("q=-", "has no letter or digit"),
        ("since=2025-02-31", "since: "),
        ("since=2025-02-02&until=2025-02-01", "not before"),
        ("q=a&after=zz", "is no cursor"),
    ):
        answer = reader.get(f"/search.html?{path}")
        assert (answer.status_code, why in answer.text) == (400, True)
    assert "<script>" not in reader.get("/search.html?q=%3Cscript%3Ealert(1)%3C/script%3E").text


# --- sent once, and small


def test_what_a_reader_has_is_not_sent_again(reader: Reader) -> None:
    for path in (PAGE, "/api/v1/stories", "/live.js", "/search.html?q=swift"):
        first = reader.get(path)
        tag = first.headers["etag"]
        assert first.headers["cache-control"] == "no-cache"
        for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = reader.get(path, if_none_match=sent)
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
            assert again.headers.get("vary") == first.headers.get("vary")
        assert reader.get(path, if_none_match='"other"').status_code == 200
        assert reader.get(path, if_none_match='"other"', if_modified_since="Fri, 31 Dec 2100 00:00:00 GMT").status_code == 200


def test_a_time_is_told_when_no_second_change_can_hide_in_it(demo_storage: Path) -> None:
    clock = Clock()
    with served(demo_config(demo_storage), clock=clock) as reader:
        assert "last-modified" not in reader.get(PAGE).headers
        clock.forward(seconds=5)
        told = reader.get(PAGE).headers["last-modified"]
        assert told == "Thu, 14 Aug 2025 12:00:00 GMT"
        assert reader.get(PAGE, if_modified_since=told).status_code == 304
        assert reader.get(PAGE, if_modified_since="Thu, 14 Aug 2025 11:59:59 GMT").status_code == 200
        for nonsense in ("nonsense", "Thu, 14 Aug 2025 12:00:00 +99999999999999", "Thu, 14 Aug 99999 12:00:00 GMT"):
            assert reader.get(PAGE, if_modified_since=nonsense).status_code == 200


def test_it_is_packed_for_whoever_unpacks_it(reader: Reader) -> None:
    plain = reader.get(PAGE, accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    tags = {plain.headers["etag"]}
    for coding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        with reader.client.stream("GET", PAGE, headers={"accept-encoding": coding}) as answer:
            packed = b"".join(answer.iter_raw())
        assert (answer.headers["content-encoding"], answer.headers["vary"]) == (coding, "Accept-Encoding")
        assert unpack(packed) == plain.content
        assert len(packed) * 3 < len(plain.content)
        tags.add(answer.headers["etag"])
    assert len(tags) == 3  # strong: other bytes, another tag
    assert "content-encoding" not in reader.get("/robots.txt", accept_encoding="gzip").headers  # too small to gain by it


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""), ("identity", ""), ("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"),
        ("gzip;q=1.0, br;q=0.2", "gzip"), ("gzip;q=0", ""), ("GZIP", "gzip"), ("gzip;q=nonsense", ""), (",;=,", ""),
    ],
)  # fmt: skip
def test_which_coding_is_wanted_most(accepted: str, coding: str) -> None:
    assert coding_for(accepted) == coding


def test_who_asks_for_the_head_gets_no_body(reader: Reader) -> None:
    for path in (PAGE, "/api/v1/stories", "/live.js", "/nothing"):
        whole = reader.get(path, accept_encoding="gzip")
        head = reader.client.head(path, headers={"accept-encoding": "gzip"})
        assert (head.status_code, head.content) == (whole.status_code, b"")
        kept = ("etag", "content-length", "content-type", "content-encoding")
        assert [head.headers.get(name) for name in kept] == [whole.headers.get(name) for name in kept]


# --- made again when something has changed, and not before


@pytest.fixture
def told(web: Web, desk: Callable[[str], Desk]) -> Desk:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva for another week.")))
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    at_work.settle()
    return at_work


def test_a_page_is_made_once_until_its_story_changes(told: Desk, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served_site, "LOOK_EVERY", 0.0)
    made: list[str] = []
    store = open_for(told.config, create=False)
    event.listen(store.engine, "before_cursor_execute", lambda *args: made.append(args[2]))
    with served(told.config, store=store, clock=told.clock) as reader:
        first = reader.get("/talks.html")
        made.clear()
        assert reader.get("/talks.html").headers["etag"] == first.headers["etag"]
        assert [query for query in made if "FROM changes" not in query and not query.startswith(("PRAGMA", "BEGIN"))] == []
        listed = [
            item("one", "Talks on grain", "The talks on grain go on in Geneva for another week."),
            item("two", "Talks on fish", "Nineteen delegations came to Bergen for the talks about cod.", at=NOON),
        ]
        web.serve(rss(*listed))
        told.poll()
        made.clear()
        reader.get("/talks.html")  # a statement alone changes nothing on it
        assert [query for query in made if "FROM stories" in query] == []
        told.settle()
        second = reader.get("/talks.html")
        assert 'id="update-2"' in second.text
        assert second.headers["etag"] != first.headers["etag"]


def test_what_changes_without_a_word_is_seen_a_minute_later(told: Desk) -> None:
    with served(told.config, clock=told.clock) as reader:
        before = reader.get("/talks.html")
        with told.store.write() as tx:
            tx.exec_driver_sql("UPDATE stories SET title = 'Talks in Vienna'")
        assert reader.get("/talks.html").text == before.text
        told.clock.now += served_site.KEPT + timedelta(seconds=1)
        assert "Talks in Vienna" in reader.get("/talks.html").text


def test_no_page_waits_for_a_search(demo_storage: Path) -> None:
    config, go_on, begun = demo_config(demo_storage), threading.Event(), threading.Event()
    store = open_for(config, create=False)

    def hold(*args: object) -> None:
        if "search" in str(args[2]):
            begun.set()
            go_on.wait(WAIT)

    event.listen(store.engine, "before_cursor_execute", hold)
    with served(config, store=store) as reader, ThreadPoolExecutor(4) as others:
        searches = [
            others.submit(reader.get, path) for path in ("/search.html?q=a*", "/api/v1/search?q=a*", "/api/v1/statements")
        ]
        assert begun.wait(WAIT)
        assert [reader.get(path).status_code for path in (PAGE, "/", "/api/v1/updates", "/api/v1/sources")] == [200] * 4
        assert not any(one.done() for one in searches)
        go_on.set()
        assert [one.result().status_code for one in searches] == [200] * 3


def test_memory_for_pages_is_bounded(demo_storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served_site, "MOST_BYTES", 100_000)
    with served(demo_config(demo_storage)) as reader:
        first = [reader.get(f"/statements/{number}.html").text for number in range(1, 20)]
        assert [reader.get(f"/statements/{number}.html").text for number in range(1, 20)] == first


def test_a_content_counts_what_it_holds() -> None:
    one = Content(body=b"a" * 1000, media_type="text/plain", changed_at=NOON)
    one.coded("gzip")
    assert 1000 < one.size < 1100


# --- files, and what is none


def test_pictures_are_served_and_nothing_beside_them(told: Desk) -> None:
    pictures = told.config.service.storage / "site" / "pictures"
    pictures.mkdir(parents=True)
    (pictures / f"{DIGEST}.webp").write_bytes(b"RIFF")
    (pictures / "secret.webp").write_bytes(b"secret")
    with served(told.config) as reader:
        answer = reader.get(f"/pictures/{DIGEST}.webp")
        assert (answer.content, answer.headers["content-type"]) == (b"RIFF", "image/webp")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert reader.get(f"/pictures/{DIGEST}.webp", if_none_match=answer.headers["etag"]).status_code == 304
        for path in (
            "pictures/secret.webp", f"pictures/{'cd' * 32}.webp", "pictures/", "pictures/../../aggregator.sqlite",
            "pictures/..%2f..%2faggregator.sqlite", "%2e%2e/aggregator.sqlite", "..%5caggregator.sqlite", "service.lock",
            f"pictures/{DIGEST}.webp%00.html", f"pictures/%2e%2e/pictures/{DIGEST}.webp", "//etc/passwd", "etc/passwd",
        ):  # fmt: skip
            assert reader.get(f"/{path}").status_code == 404, path
        assert reader.get(f"/pictures/{DIGEST}.webp").content == b"RIFF"
    with served(told.config, token="a-token-of-this-site") as reader:  # noqa: S106 - of a test
        answer = reader.get(f"/pictures/{DIGEST}.webp", authorization="Bearer a-token-of-this-site")
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"  # none on the way gives it to others


def test_a_folder_is_its_index_as_it_is_in_the_static_site(reader: Reader) -> None:
    assert reader.get("/sources/").text == reader.get("/sources/index.html").text
    assert reader.get("/").text == reader.get("/index.html").text


@pytest.mark.parametrize(
    "path",
    [
        "nothing.html", f"{KEY}.exe", f"{KEY}.", f"{KEY}.html.html", "UKRAINE-2022.html", "statements/0.html",
        "statements/-1.html", "statements/99999999999999999999.html", "statements/999999.html", "sources/nobody.html",
        "sources/..html", "sitemap-1.xml", f"{KEY}.archive-1.atom", f"{KEY}.archive-999999.feed.json", "a" * 600,
        "%ff%fe.html", "ukraine-2022.html/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_so(reader: Reader, path: str) -> None:
    answer = reader.get(f"/{path}", accept="text/html")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing at /" in answer.text
    assert reader.wrong(f"/{path}", 404)


def test_hostile_paths_come_to_nothing(reader: Reader) -> None:
    page = reader.get("/<script>alert(1)</script>.html", accept="text/html")
    assert (page.status_code, "<script>" in page.text) == (404, False)


def test_each_file_of_the_site_is_known_by_its_name() -> None:
    for path in (places.INDEX, places.ATOM, places.JSON_FEED, places.SITEMAP, places.ROBOTS, places.SOURCES, places.MISSED):
        assert page_at(path) is not None
    assert page_at(places.ABOUT) is not None
    assert page_at("statements/5.html") is not None
