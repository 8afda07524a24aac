"""The client against a real server: redirects, limits, robots.txt, manners, and what it keeps of it all."""

from __future__ import annotations

import asyncio
import gzip
import re
import resource
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from aggregator.fetch import Ask, Fetcher, Manners, Reply
from aggregator.fetch.guard import AddressRefused, GuardedResolver, check_address
from aggregator.fetch.http2 import over_http2
from aggregator.fetch.pace import Pace
from aggregator.model import OutcomeKind
from tests.conftest import NOON, Answer, Web, item, rss
from tests.test_pace import Time

LOCAL = ["127.0.0.1"]
FEED = rss(item("1", "One", "x"))


def ask_all(*asks: Ask, gap: timedelta = timedelta(), pace: Pace | None = None) -> list[Reply]:
    async def main() -> list[Reply]:
        async with Fetcher(user_agent="test/1 (desk@example.org)", allow=LOCAL, gap=gap, pace=pace) as fetcher:
            return [await fetcher.ask(one, now=NOON) for one in asks]

    return asyncio.run(main())


def ask(url: str, **how: Any) -> Reply:
    return ask_all(Ask(url=url, **{"allow": LOCAL, **how}))[0]


# -- redirects


def test_a_permanent_move_is_remembered_and_then_asked_at_once(web: Web) -> None:
    web.serve(FEED, "/new")
    web.answers["/feed"] = Answer(b"", 301, {"location": "/newer"})
    web.answers["/newer"] = Answer(b"", 308, {"location": "/new"})
    reply = ask(web.url())
    assert (reply.url, reply.moved_to) == (web.url("/new"), web.url("/new"))
    assert [one.status for one in reply.exchanges if "robots" not in one.url] == [301, 308, 200]
    web.asked.clear()
    assert ask(web.url(), moved_to=reply.moved_to).moved_to == web.url("/new")
    assert [path for path, _ in web.asked] == ["/new"]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_passing_redirect_is_not_remembered(status: int, web: Web) -> None:
    web.serve(FEED, "/elsewhere")
    web.answers["/feed"] = Answer(b"", status, {"location": "/elsewhere"})
    assert ask(web.url()).moved_to is None
    web.answers["/start"] = Answer(b"", 301, {"location": "/feed"})
    assert ask(web.url("/start")).moved_to == web.url("/feed")  # as far as it is permanent


def test_a_move_from_https_to_http_is_followed_and_not_remembered() -> None:
    """Else one answer on a bad line would take the encryption away for good."""

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "https":
            return httpx.Response(301, headers={"location": "http://example.org/f"}, stream=httpx.ByteStream(b""))
        return httpx.Response(200, stream=httpx.ByteStream(FEED.encode()))

    async def main(url: str) -> Reply:
        async with Fetcher(user_agent="t/1", gap=timedelta(), transport=httpx.MockTransport(handle)) as fetcher:
            return await fetcher.ask(Ask(url=url, manners=Manners(robots=False)), now=NOON)

    reply = asyncio.run(main("https://example.org/f"))
    assert (reply.url, reply.outcome.kind, reply.moved_to) == ("http://example.org/f", OutcomeKind.CHANGED, None)


def test_a_move_to_where_nothing_is_is_forgotten(web: Web) -> None:
    reply = ask(web.url(), moved_to=web.url("/gone"))
    assert (reply.outcome.kind, reply.moved_to) == (OutcomeKind.FAILED, None)


def test_validators_are_sent_along_redirects_and_other_variants_get_none(web: Web) -> None:
    web.serve(FEED, "/new", etag='"x"', vary="user-agent")
    web.answers["/feed"] = Answer(b"", 302, {"location": "/new"})
    first = ask(web.url())
    again = ask(web.url(), etag='"x"', variant=first.variant)
    assert again.outcome.kind is OutcomeKind.UNCHANGED
    other = ask(web.url(), etag='"x"', variant=first.variant, manners=Manners(user_agent="other/2"))
    assert other.outcome.kind is OutcomeKind.CHANGED
    assert web.asked[-1][1]["user-agent"] == "other/2"


def test_redirects_end_at_the_limit(web: Web) -> None:
    web.answers["/feed"] = Answer(b"", 302, {"location": "/feed"})
    assert "more than 2 redirects" in ask(web.url(), max_redirects=2).outcome.reason
    assert len(web.asked) == 3


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/", "http://[::1]/", "http://localhost/", "file:///etc/passwd", "http://169.254.169.254/latest"]
)
def test_every_hop_passes_the_guard(target: str, web: Web) -> None:
    web.answers["/feed"] = Answer(b"", 301, {"location": target})
    reply = ask(web.url())
    assert reply.outcome.kind is OutcomeKind.FAILED
    assert "address refused" in reply.outcome.reason
    assert reply.moved_to is None


def test_a_redirect_to_what_is_no_address_is_kept_as_it_came(web: Web) -> None:
    web.answers["/feed"] = Answer(b"", 301, {"location": "http://[oops/"})
    reply = ask(web.url())
    assert reply.outcome.kind is OutcomeKind.FAILED
    assert "Invalid IPv6 URL" in reply.outcome.reason
    assert [(one.status, one.headers["location"]) for one in reply.exchanges[1:]] == [(301, "http://[oops/")]


# -- limits


BOMB = gzip.compress(b" " * 50_000_000)
ENDLESS_HEAD = b"HTTP/1.1 200 OK\r\n" + b"".join(b"x-%d: y\r\n" % n for n in range(10_000)) + b"\r\n<rss/>"
LIMITS: dict[str, tuple[Answer, str]] = {
    "a body over the limit": (Answer(b"x" * 2_000), "over the limit of 1,000 bytes"),
    "a body without end": (Answer(b"x" * 500, endless=True), "over the limit"),
    "a body that says it is larger": (
        Answer(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n", raw=True),
        "over the limit",
    ),
    "a bomb": (Answer(BOMB, headers={"content-encoding": "gzip"}), "over the limit"),
    "a bomb in a bomb": (Answer(gzip.compress(BOMB), headers={"content-encoding": "gzip, gzip"}), "over the limit"),
    "ten thousand headers": (Answer(ENDLESS_HEAD, raw=True), "no answer that can be read"),
    "a shorter body than it says": (Answer(b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n<rss", raw=True), "no answer"),
    "silence": (Answer(never=True), "no whole answer within 1 s"),
    "an unknown coding": (Answer(b"x", headers={"content-encoding": "rot13"}), "cannot be unpacked: an unknown content coding"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_whatever_a_server_does_ends_within_the_limits_with_a_sentence(name: str, web: Web) -> None:
    answer, said = LIMITS[name]
    web.answers["/feed"] = answer
    reply = ask(web.url(), max_body=1_000, timeout=timedelta(seconds=1))
    assert reply.outcome.kind is OutcomeKind.FAILED
    assert said in reply.outcome.reason
    assert reply.exchanges[-1].error or reply.exchanges[-1].status is None


@pytest.mark.parametrize(("name", "coding"), [("bomb-10MiB.xml.gz", "gzip"), ("bomb-1GiB.gz.gz", "gzip, gzip")])
def test_the_recorded_bombs_end_at_the_usual_limit(name: str, coding: str, web: Web) -> None:
    body = (Path(__file__).parent / "data/malformed" / name).read_bytes()
    web.answers["/feed"] = Answer(body, headers={"content-encoding": coding})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "over the limit of 10,000,000 bytes" in ask(web.url()).outcome.reason
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KiB


def test_every_coding_is_understood(web: Web) -> None:
    web.answers["/feed"] = Answer(gzip.compress(FEED.encode()), headers={"content-encoding": "gzip"})
    reply = ask(web.url())
    assert reply.body == FEED.encode()
    assert web.asked[0][1]["accept-encoding"] == "gzip, br, zstd, deflate"


# -- robots.txt


def robots(text: str) -> Answer:
    return Answer(text.encode(), headers={"content-type": "text/plain"})


def test_what_robots_txt_refuses_is_not_asked(web: Web) -> None:
    web.serve(FEED)
    web.answers["/robots.txt"] = robots("User-agent: test\nDisallow: /feed")
    reply = ask(web.url())
    assert reply.outcome.kind is OutcomeKind.FAILED
    assert "robots.txt does not allow this address" in reply.outcome.reason
    assert web.asked == []
    assert ask(web.url(), manners=Manners(robots=False)).outcome.kind is OutcomeKind.CHANGED


def test_robots_txt_is_asked_once_for_a_host(web: Web) -> None:
    web.serve(FEED)
    web.serve(FEED, "/b")
    ask_all(*(Ask(url=web.url(path), allow=LOCAL) for path in ("/feed", "/b", "/feed")))
    assert web.asked_robots == 1


def test_a_redirect_target_needs_permission_too(web: Web) -> None:
    web.serve(FEED, "/private/feed")
    web.answers["/feed"] = Answer(b"", 302, {"location": "/private/feed"})
    web.answers["/robots.txt"] = robots("User-agent: *\nDisallow: /private/")
    assert "robots.txt" in ask(web.url()).outcome.reason
    assert [path for path, _ in web.asked] == ["/feed"]


def test_a_server_whose_robots_txt_is_in_trouble_is_left_alone(web: Web) -> None:
    web.serve(FEED)
    web.answers["/robots.txt"] = Answer(b"", 503)
    assert "robots.txt answers HTTP 503" in ask(web.url()).outcome.reason
    assert web.asked == []


def test_a_robots_txt_that_moved_is_followed_and_a_loop_is_none(web: Web) -> None:
    web.serve(FEED)
    web.answers["/robots.txt"] = Answer(b"", 301, {"location": "/other.txt"})
    web.answers["/other.txt"] = robots("User-agent: *\nDisallow: /")
    assert "robots.txt does not allow" in ask(web.url()).outcome.reason
    web.answers["/robots.txt"] = Answer(b"", 302, {"location": "/robots.txt"})
    assert ask(web.url()).outcome.kind is OutcomeKind.CHANGED


def test_a_last_good_robots_txt_goes_on_while_it_cannot_be_had(web: Web) -> None:
    web.serve(FEED)
    web.answers["/robots.txt"] = robots("User-agent: *\nAllow: /")

    async def main() -> list[str]:
        async with Fetcher(user_agent="test/1", allow=LOCAL) as fetcher:
            first = await fetcher.ask(Ask(url=web.url(), allow=LOCAL), now=NOON)
            web.answers["/robots.txt"] = Answer(b"", 500)
            later = await fetcher.ask(Ask(url=web.url(), allow=LOCAL), now=NOON + timedelta(hours=25))
            return [first.outcome.kind.value, later.outcome.kind.value]

    assert asyncio.run(main()) == ["changed", "changed"]
    assert web.asked_robots == 2


def test_crawl_delay_is_kept_between_two_questions(web: Web) -> None:
    web.serve(FEED)
    web.answers["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 7")
    time = Time()
    pace = Pace(at_once=4, now=time, sleep=time.sleep)
    ask_all(*[Ask(url=web.url(), allow=LOCAL)] * 2, pace=pace)
    assert time.slept == [7.0]  # the first question after robots.txt itself goes at once


def test_the_gap_is_the_hosts_own_where_it_has_one(web: Web) -> None:
    web.serve(FEED)
    time = Time()
    pace = Pace(at_once=4, now=time, sleep=time.sleep)
    slow = Ask(url=web.url(), allow=LOCAL, manners=Manners(gap=timedelta(seconds=3), robots=False))
    ask_all(slow, slow, slow, pace=pace)
    assert time.slept == [3.0, 3.0]


def test_each_hop_of_a_redirect_is_asked_as_its_own_host_wants(web: Web) -> None:
    """Setting aside the robots.txt of one host sets aside no other's; each host gets the User-Agent that it takes."""
    there = web.url("/there").replace("127.0.0.1", "localhost")
    web.answers["/feed"] = Answer(b"", 302, {"location": there})
    web.serve(FEED, "/there")
    web.answers["/robots.txt"] = Answer(b"User-agent: *\nAllow: /")
    hosts = {"127.0.0.1": Manners(robots=False, user_agent="plain/1 (desk)")}
    allow = ["127.0.0.1", "localhost"]

    async def main() -> Reply:
        async with Fetcher(user_agent="test/1", allow=allow, hosts=hosts, gap=timedelta()) as fetcher:
            return await fetcher.ask(Ask(url=web.url(), allow=allow), now=NOON)

    asked = [(one.url.rpartition("/")[2], one.request["user-agent"]) for one in asyncio.run(main()).exchanges]
    assert asked == [("feed", "plain/1 (desk)"), ("robots.txt", "test/1"), ("there", "test/1")]


# -- proxies, addresses


def test_a_proxy_is_asked_in_place_of_the_host(web: Web) -> None:
    """The web server plays the proxy: it sees the whole address in the request line."""
    web.answers["http://news.example.org/feed"] = Answer(FEED.encode())
    reply = ask("http://news.example.org/feed", allow=[], proxy=web.url(""), manners=Manners(robots=False))
    assert reply.outcome.kind is OutcomeKind.CHANGED
    assert [path for path, _ in web.asked] == ["http://news.example.org/feed"]


def test_a_proxy_opens_no_private_address(web: Web) -> None:
    reply = ask("http://10.0.0.1/feed", allow=[], proxy=web.url(""), manners=Manners(robots=False))
    assert "address refused" in reply.outcome.reason
    assert web.asked == []


PRIVATE_NAMES = {
    "localtest.example.net": ["127.0.0.1"],
    "mixed.example.net": ["93.184.216.34", "10.0.0.7"],
    "mixed6.example.net": ["93.184.216.34", "fd00::1"],
    "six.example.net": ["fe80::1"],
    "mapped.example.net": ["::ffff:10.0.0.1"],
    "nat64.example.net": ["64:ff9b::a00:1"],
    "zero.example.net": ["0.0.0.0"],  # noqa: S104 - an address to refuse
    "cgnat.example.net": ["100.64.1.1"],
    "last.example.net": ["1.1.1.1", "8.8.8.8", "192.168.1.1"],
    "multicast.example.net": ["224.0.0.251"],
}


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(host: str, port: Any, *_: Any, **__: Any) -> list[Any]:
        found = PRIVATE_NAMES.get(host, ["93.184.216.34"])
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port or 0)) for one in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("host", PRIVATE_NAMES)
def test_a_name_with_any_private_address_is_refused(host: str) -> None:
    with pytest.raises(AddressRefused, match="private address"):
        check_address(f"https://{host}/feed")
    with pytest.raises(AddressRefused, match="private address"):
        asyncio.run(GuardedResolver().resolve(host, 443))
    reply = ask(f"http://{host}/feed", manners=Manners(robots=False))
    assert "private address" in reply.outcome.reason
    assert not reply.unreachable  # that is no sign of trouble with the network


@pytest.mark.usefixtures("names")
def test_a_name_with_public_addresses_passes() -> None:
    check_address("https://news.example.net/feed")
    assert asyncio.run(GuardedResolver().resolve("news.example.net", 443))[0]["host"] == "93.184.216.34"


# -- HTTP/2


@pytest.fixture
def http2_server(tmp_path: Path) -> Iterator[tuple[int, ssl.SSLContext]]:
    """A server that speaks HTTP/2 over TLS, in a process of its own; its port, and what trusts it."""
    authority = trustme.CA()
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    (tmp_path / "app.py").write_text(
        "async def app(scope, receive, send):\n"
        "    if scope['type'] != 'http':\n"
        "        return\n"
        "    body = ('<rss>' + scope['http_version'] + '</rss>').encode()\n"
        "    await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-type', b'application/xml')]})\n"
        "    await send({'type': 'http.response.body', 'body': body})\n"
    )
    pem = str(tmp_path / "server.pem")
    command = [sys.executable, "-m", "hypercorn", "app:app", "--bind", "127.0.0.1:0", "--certfile", pem, "--keyfile", pem]
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        assert server.stdout is not None
        said = iter(server.stdout.readline, "")
        port = next(int(found[1]) for line in said if (found := re.search(r"Running on https://[^:]+:(\d+)", line)))
        yield port, trusting
        server.terminate()
        server.stdout.read()


def test_http2_is_spoken_where_it_is_wanted_and_passes_the_same_guard(http2_server: tuple[int, ssl.SSLContext]) -> None:
    port, trusting = http2_server

    async def main(allow: list[str]) -> Reply:
        transport = over_http2(GuardedResolver(allow=allow), tls=trusting)
        async with Fetcher(user_agent="t/1", allow=LOCAL, transport=transport) as fetcher:
            manners = Manners(http2=True, robots=False)
            return await fetcher.ask(Ask(url=f"https://127.0.0.1:{port}/feed", allow=LOCAL, manners=manners), now=NOON)

    assert asyncio.run(main(LOCAL)).body == b"<rss>2</rss>"
    assert "private address" in asyncio.run(main([])).outcome.reason


def test_a_client_that_is_asked_for_http2_has_it() -> None:
    async def main() -> str:
        async with Fetcher(user_agent="t/1", allow=LOCAL) as fetcher:
            manners = Manners(http2=True, robots=False)
            reply = await fetcher.ask(Ask(url="http://127.0.0.1:9/feed", allow=LOCAL, manners=manners), now=NOON)
            return reply.outcome.reason

    assert "onnect" in asyncio.run(main())


# -- what is kept


def test_every_exchange_is_kept_without_secrets(web: Web) -> None:
    web.serve(FEED, etag='"x"', set_cookie="session=secret")
    web.answers["/robots.txt"] = robots("User-agent: *\nAllow: /")
    reply = ask(web.url(), last_modified="Thu, 14 Aug 2025 11:00:00 GMT")
    first, second = reply.exchanges
    assert (first.url, first.status, first.body) == (web.url("/robots.txt"), 200, b"User-agent: *\nAllow: /")
    assert (second.url, second.status, second.body) == (web.url(), 200, FEED.encode())
    assert second.request["if-modified-since"] == "Thu, 14 Aug 2025 11:00:00 GMT"
    assert "if-modified-since" not in first.request
    assert second.headers["etag"] == '"x"'
    assert "secret" not in str(reply.exchanges)


def test_no_cookie_ever_goes_back(web: Web) -> None:
    web.serve(FEED, set_cookie="session=1")
    ask_all(*[Ask(url=web.url(), allow=LOCAL)] * 2)
    assert "cookie" not in web.asked[1][1]


def test_nobody_there_is_told_from_a_bad_answer(web: Web) -> None:
    web.answers["/feed"] = Answer(b"", 500)
    assert not ask(web.url()).unreachable
    web.close()
    reply = ask(web.url())
    assert reply.unreachable
    assert "onnect" in reply.outcome.reason


def test_odd_transports_end_as_an_outcome() -> None:
    """Whatever a transport raises of what httpx documents is an outcome with its reason."""

    def failing(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
        def handle(_request: httpx.Request) -> httpx.Response:
            raise error

        return handle

    async def main(error: Exception) -> Reply:
        transport = httpx.MockTransport(failing(error))
        async with Fetcher(user_agent="t/1", transport=transport) as fetcher:
            return await fetcher.ask(Ask(url="https://example.org/f", manners=Manners(robots=False)), now=NOON)

    for error in (
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("odd"),
        httpx.UnsupportedProtocol("x"),
        OSError(5, "io"),
    ):
        assert asyncio.run(main(error)).outcome.kind is OutcomeKind.FAILED
