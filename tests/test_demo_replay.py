"""The demo's recording and its server: the same bytes at the same moment, over real HTTP."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from httpx_aiohttp import AiohttpTransport
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import load_config
from aggregator.demo.recording import Exchange, RecordingError, load_recording
from aggregator.demo.replay import ReplayServer, takes_gzip
from aggregator.demo.route import RoutedTransport
from aggregator.fetch.replay import confirms
from aggregator.sources.feed import read_feed
from aggregator.text.fingerprint import words
from aggregator.text.html import html_to_text
from tests.conftest import first_term
from tests.patience import WAIT

SHIPPED = Path(str(files("aggregator.demo")))
FOLDER = SHIPPED / "recorded"
WHITE_HOUSE = "https://www.whitehouse.gov/briefing-room/feed/"
STATE = "https://www.state.gov/rss-feed/press-releases/feed/"
NEWS = "http://en.kremlin.ru/events/president/news/feed"
ALL = "http://en.kremlin.ru/events/all/feed"
FACT_SHEET = "https://www.whitehouse.gov/?p=47800"
ADDRESS = "http://en.kremlin.ru/events/president/news/67843"
RECORDING = load_recording()


def utc(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2022, 2, day, hour, minute, second, tzinfo=UTC)


BEFORE_EDIT, EDITED, STALE, TRUE_AGAIN = utc(24, 20, 3, 23), utc(24, 20, 47, 19), utc(24, 20, 55), utc(24, 21, 2, 59)


def asked(url: str) -> list[Exchange]:
    found = [RECORDING.at(url, moment) for moment in RECORDING.times]
    return [exchange for exchange, at in zip(found, RECORDING.times, strict=True) if exchange and exchange.at == at]


def exchange_at(url: str, moment: datetime) -> Exchange:
    found = RECORDING.at(url, moment)
    assert found is not None
    return found


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with ReplayServer(RECORDING) as server:
        server.moment = EDITED
        yield server


def ask(server: ReplayServer, method: str, host: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One raw exchange: what a client library would hide (coding, HEAD's length) stays to be seen."""
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=WAIT)
    try:
        written = {"Host": host} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=written)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def ask_feed(server: ReplayServer, url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    return ask(server, method, urlsplit(url).netloc, urlsplit(url).path, **headers)


# The recording


@pytest.mark.parametrize(("url", "count"), [(WHITE_HOUSE, 15), (STATE, 16), (NEWS, 15), (ALL, 15)])
def test_each_feed_answers_as_often_as_the_readme_says(url: str, count: int) -> None:
    assert len(asked(url)) == count
    assert sorted(RECORDING.urls) == sorted([WHITE_HOUSE, STATE, NEWS, ALL])


@given(st.integers(-7200, 120_000))
def test_an_answer_is_the_latest_that_is_not_of_the_future(seconds: int) -> None:
    moment = RECORDING.times[0] + timedelta(seconds=seconds)
    for url in RECORDING.urls:
        past = [exchange for exchange in asked(url) if exchange.at <= moment]
        assert RECORDING.at(url, moment) == (past[-1] if past else None)


def test_an_address_that_was_not_recorded_answers_nothing() -> None:
    assert RECORDING.at("https://example.org/", EDITED) is None


def test_each_body_is_stored_once_and_none_lies_there_unused() -> None:
    rows = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    assert {row["body"] for row in rows} == {f"bodies/{path.name}" for path in (FOLDER / "bodies").iterdir()}
    assert len({row["body"] for row in rows}) == len({row["sha256"] for row in rows})
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)


def test_the_headers_follow_from_the_body() -> None:
    for exchange in (one for url in RECORDING.urls for one in asked(url)):
        assert exchange.headers["etag"].strip('W/"') == exchange.sha256[:20]
        _, found, rest = exchange.body.partition(b"<lastBuildDate>")
        written = rest.partition(b"<")[0].decode() if found else None
        modified = exchange.headers.get("last-modified")
        assert (modified and parsedate_to_datetime(modified)) == (written and parsedate_to_datetime(written))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "copy"))


@pytest.mark.parametrize("damage", ["another text", "cut off", "no gzip", "broken inside", "missing"])
def test_a_damaged_body_is_named(copy: Path, damage: str) -> None:
    body = min((copy / "bodies").iterdir())
    whole = body.read_bytes()
    middle = len(whole) // 2
    match damage:
        case "another text":
            body.write_bytes(gzip.compress(gzip.decompress(whole) + b" "))
        case "cut off":
            body.write_bytes(whole[:middle])
        case "no gzip":
            body.write_bytes(b"<rss/>")
        case "broken inside":
            body.write_bytes(whole[:middle] + bytes(64) + whole[middle + 64 :])
        case _:
            body.unlink()
    with pytest.raises(RecordingError, match=body.name):
        load_recording(copy)


@pytest.mark.parametrize("text", ["[", "{}x", '[{"at": "2022-02-24T00:40:00+00:00"}]', "[1]"])
def test_a_damaged_list_is_named(copy: Path, text: str) -> None:
    (copy / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(RecordingError, match=r"manifest\.json"):
        load_recording(copy)


# What is recorded, rebuilt, served again


def fact_sheet(moment: datetime) -> str:
    exchange = exchange_at(WHITE_HOUSE, moment)
    (entry,) = [entry for entry in read_feed(exchange.body, url=WHITE_HOUSE).entries if entry.id == FACT_SHEET]
    return html_to_text(entry.html)


def test_the_stale_copy_is_the_one_of_before_the_edit_and_the_true_one_returns() -> None:
    assert exchange_at(WHITE_HOUSE, STALE).sha256 == exchange_at(WHITE_HOUSE, BEFORE_EDIT).sha256
    assert exchange_at(WHITE_HOUSE, STALE).made == "recorded, served again"
    assert fact_sheet(STALE) == fact_sheet(BEFORE_EDIT) != fact_sheet(EDITED)
    assert fact_sheet(TRUE_AGAIN) == fact_sheet(EDITED)
    assert "Nikolai Patrushev (and his son Andrey)" in fact_sheet(EDITED)


@pytest.mark.parametrize("url", [NEWS, ALL])
def test_the_kremlins_entries_are_the_newest_of_the_moment_and_keep_the_wrong_offset(url: str) -> None:
    for exchange in asked(url):
        entries = read_feed(exchange.body, url=url).entries
        written = [entry.published_written for entry in entries]
        moscow = (exchange.at + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%S")
        assert all(one.endswith("+04:00") and one[:19] <= moscow for one in written)
        assert written == sorted(written, reverse=True)
        assert len(entries) == (19 if exchange.at < utc(24, 4, 40) else 20)


def test_the_kremlins_address_is_listed_by_both_feeds_the_second_a_little_later() -> None:
    first = {url: next(one.at for one in asked(url) if ADDRESS.encode() in one.body) for url in (NEWS, ALL)}
    assert first == {NEWS: utc(24, 4, 40), ALL: utc(24, 4, 46)}


def test_a_break_inside_a_kremlin_text_keeps_its_asterisks() -> None:
    body = unescape(exchange_at(NEWS, utc(24, 0, 40)).body.decode())
    assert body.count("</p><p><b>* * *</b></p><p>") == 1


# The server


def test_two_hosts_with_the_same_server_are_told_apart(server: ReplayServer) -> None:
    for url in RECORDING.urls:
        status, headers, body = ask_feed(server, url)
        assert (status, body) == (200, exchange_at(url, EDITED).body)
        assert int(headers["content-length"]) == len(body)


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("WWW.WhiteHouse.gov:443", "/briefing-room/feed/", 200),
        ("en.kremlin.ru:80", "/events/all/feed", 200),
        ("127.0.0.1", "/en.kremlin.ru/events/all/feed", 200),
        ("en.kremlin.ru:8080", "/events/all/feed", 404),
        ("www.whitehouse.gov", "/briefing-room/feed", 404),
        ("en.kremlin.ru", "/briefing-room/feed/", 404),
        ("example.org", "/", 404),
    ],
)
def test_only_what_was_recorded_is_found(server: ReplayServer, host: str, path: str, status: int) -> None:
    assert ask(server, "GET", host, path)[0] == status


def test_nothing_is_found_before_it_was_recorded(server: ReplayServer) -> None:
    first = asked(WHITE_HOUSE)[0].at
    server.moment = first - timedelta(seconds=1)
    assert ask_feed(server, WHITE_HOUSE)[0] == 404
    server.moment = first
    assert ask_feed(server, WHITE_HOUSE)[0] == 200


def test_the_moment_can_be_moved_back_and_forth(server: ReplayServer) -> None:
    for moment in (STALE, TRUE_AGAIN, BEFORE_EDIT):
        server.moment = moment
        _, headers, body = ask_feed(server, WHITE_HOUSE)
        assert body == exchange_at(WHITE_HOUSE, moment).body
        assert parsedate_to_datetime(headers["date"]) == moment


def test_the_state_departments_unchanged_polls_are_answered_without_a_body(server: ReplayServer) -> None:
    server.moment = utc(24, 5, 5, 50)
    etag = ask_feed(server, STATE)[1]["etag"]
    for server.moment in (utc(24, 10, 0), utc(24, 12, 0)):
        status, headers, body = ask_feed(server, STATE, If_None_Match=etag)
        assert (status, headers["etag"], body) == (304, etag, b"")
        assert "content-type" not in headers
    server.moment = utc(24, 18, 24, 56)
    assert ask_feed(server, STATE, If_None_Match=etag)[0] == 200


EXCHANGE = Exchange(
    at=EDITED,
    url=WHITE_HOUSE,
    headers={"etag": 'W/"a,b"', "last-modified": "Thu, 24 Feb 2022 20:46:00 GMT"},
    sha256="",
    body=b"",
    made="recorded",
)


@pytest.mark.parametrize(
    ("asks", "fresh"),
    [
        ({}, False),
        ({"if-none-match": 'W/"a,b"'}, True),
        ({"if-none-match": '"a,b"'}, True),  # weak comparison
        ({"if-none-match": '"x", W/"a,b"'}, True),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"a"'}, False),
        ({"if-none-match": "a,b"}, False),  # no entity tag
        ({"if-none-match": ""}, False),
        ({"if-modified-since": "Thu, 24 Feb 2022 20:46:00 GMT"}, True),
        ({"if-modified-since": "Thu, 24 Feb 2022 20:46:00 -0000"}, True),
        ({"if-modified-since": "Thu, 24 Feb 2022 20:45:59 GMT"}, False),
        ({"if-modified-since": "yesterday"}, False),
        ({"if-none-match": '"x"', "if-modified-since": "Thu, 24 Feb 2022 20:46:00 GMT"}, False),  # the tag goes first
    ],
)
def test_a_copy_is_called_fresh_only_where_the_rfc_says_so(asks: dict[str, str], fresh: bool) -> None:
    assert confirms(asks, EXCHANGE.headers) is fresh


def test_an_answer_without_validators_is_never_fresh() -> None:
    bare = Exchange(at=EDITED, url=NEWS, headers={}, sha256="", body=b"", made="rebuilt")
    assert not confirms({"if-none-match": '""'}, bare.headers)
    assert not confirms({"if-modified-since": "Thu, 24 Feb 2022 20:46:00 GMT"}, bare.headers)


@pytest.mark.parametrize(
    ("accepted", "zipped"),
    [
        ("gzip, deflate", True),
        ("GZIP;q=0.5", True),
        ("br, *", True),
        ("gzip;q=0, *", False),
        ("gzip; q=0", False),
        ("gzip;q=much", False),
        ("identity", False),
        ("", False),
    ],
)
def test_gzip_is_sent_only_where_it_is_taken(server: ReplayServer, accepted: str, zipped: bool) -> None:
    assert takes_gzip(accepted) is zipped
    _, headers, body = ask_feed(server, NEWS, Accept_Encoding=accepted)
    assert (headers.get("content-encoding") == "gzip") is zipped
    assert headers["vary"] == "accept-encoding"
    assert (gzip.decompress(body) if zipped else body) == exchange_at(NEWS, EDITED).body


def test_head_tells_the_same_as_get_without_the_body(server: ReplayServer) -> None:
    got, headers, body = ask_feed(server, STATE, "HEAD")
    assert (got, headers, body) == (200, ask_feed(server, STATE)[1], b"")


def test_the_log_tells_what_was_asked_and_answered(server: ReplayServer) -> None:
    etag = ask_feed(server, WHITE_HOUSE)[1]["etag"]
    ask_feed(server, WHITE_HOUSE, If_None_Match=etag)
    server.moment = STALE
    ask_feed(server, WHITE_HOUSE, "HEAD")
    ask(server, "GET", "example.org", "/x")
    assert server.log == [
        (EDITED, "GET", WHITE_HOUSE, 200),
        (EDITED, "GET", WHITE_HOUSE, 304),
        (STALE, "HEAD", WHITE_HOUSE, 200),
        (STALE, "GET", "example.org/x", 404),
    ]


# The transport


@pytest.mark.parametrize("inner", [httpx.AsyncHTTPTransport, AiohttpTransport])
def test_real_addresses_are_asked_but_nothing_leaves_the_machine(
    server: ReplayServer, inner: type[httpx.AsyncBaseTransport]
) -> None:
    async def all_of_them() -> list[httpx.Response]:
        transport = RoutedTransport(inner(), base_url=server.base_url)
        async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
            return [await client.get(url) for url in [*RECORDING.urls, WHITE_HOUSE + "?page=2"]]

    *answers, last = asyncio.run(all_of_them())
    assert [str(answer.request.url) for answer in answers] == RECORDING.urls == [str(answer.url) for answer in answers]
    assert [answer.content for answer in answers] == [exchange_at(url, EDITED).body for url in RECORDING.urls]
    assert last.status_code == 404  # the query is kept
    assert [url for _, _, url, _ in server.log[:-1]] == RECORDING.urls


# The story


def matching() -> dict[str, str]:
    """Every statement that the demo's terms take up, in any of its versions: its id and its family."""
    config = load_config(SHIPPED / "feeds.toml")
    (story,) = config.stories.values()
    found = {}
    for source in config.sources.values():
        for body in {exchange.body for exchange in asked(source.url)}:
            for entry in read_feed(body, url=source.url, zone=source.zone).entries:
                there = frozenset(words(f"{entry.title} {html_to_text(entry.html)}"))
                inside = entry.published is not None and entry.published.date() in (
                    story.from_.date(),
                    utc(25, 0, 0).date(),
                )
                if inside and first_term(story.terms, there):
                    found[entry.id] = source.family
    return found


def test_the_story_takes_up_a_dozen_statements_of_all_three_families() -> None:
    found = matching()
    assert set(found.values()) == {"us-president", "us-state", "kremlin"}
    assert FACT_SHEET in found
    assert ADDRESS in found
    assert 9 <= len(found) <= 13  # and one correction
