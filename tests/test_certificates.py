"""When the certificates of servers end, seen at real connections."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import httpx
import pytest
import trustme

from aggregator.fetch import client
from aggregator.fetch.alarms import AlarmKind
from aggregator.fetch.certificates import MOST_HOSTS, Certificates
from aggregator.fetch.guard import GuardedResolver
from aggregator.fetch.http2 import over_http2
from aggregator.fetch.transport import direct
from aggregator.store.conditions import watched_sources
from tests.conftest import NOON, Desk, item, rss, source_block

OpenDesk = Callable[[str], Desk]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = rss(item("one", "Talks", "The talks.")).encode()
        self.send_response(200 if self.path == "/feed" else 404)
        self.send_header("content-type", "application/rss+xml")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


class Server(NamedTuple):
    """A server that speaks TLS."""

    url: str
    trusting: ssl.SSLContext
    ends: datetime


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    authority = trustme.CA()
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)
    certificate = authority.issue_cert("127.0.0.1", not_after=ends)
    speaking, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    certificate.configure_cert(speaking)
    authority.configure_trust(trusting)
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    listening.socket = speaking.wrap_socket(listening.socket, server_side=True)
    threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield Server(f"https://127.0.0.1:{listening.server_port}/feed", trusting, ends)
    listening.shutdown()
    listening.server_close()


@pytest.mark.parametrize("http2", [False, True])
def test_each_way_out_notes_when_the_certificate_ends(server: Server, *, http2: bool) -> None:
    known, resolver = Certificates(), GuardedResolver(allow={"127.0.0.1"})
    way = over_http2(resolver, known, tls=server.trusting) if http2 else direct(resolver, known, server.trusting)

    async def ask() -> None:
        async with httpx.AsyncClient(transport=way) as asking:
            await asking.get(server.url)

    asyncio.run(ask())
    assert known.end_of(server.url) == server.ends
    assert known.end_of(server.url.replace("https", "http")) is None
    assert known.end_of("https://example.org/") is None


def test_a_certificate_that_ends_soon_is_an_alarm(server: Server, desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "direct", lambda resolver, known: direct(resolver, known, server.trusting))
    at_work = desk(source_block("a", server.url))
    at_work.clock.now = server.ends - timedelta(days=13)
    at_work.poll()
    with at_work.store.read() as tx:
        (one,) = watched_sources(tx, now=at_work.clock.now)
        (early,) = watched_sources(tx, now=at_work.clock.now - timedelta(days=2))
    assert one.state.certificate_until == server.ends
    assert AlarmKind.CERTIFICATE in [alarm.kind for alarm in one.alarms]
    assert AlarmKind.CERTIFICATE not in [alarm.kind for alarm in early.alarms]  # its clock, however, is found wrong


@pytest.mark.parametrize("certificate", [None, {}, {"notAfter": "yesterday"}, {"notAfter": 7}, {"notAfter": ""}])
def test_what_says_no_end_is_passed_over(certificate: dict[str, object] | None) -> None:
    known = Certificates()
    known.note("example.org", certificate)
    assert known.end_of("https://example.org/") is None


def test_no_more_hosts_are_remembered_than_fit() -> None:
    known = Certificates()
    for number in range(MOST_HOSTS + 1):
        known.note(f"h{number}.example", {"notAfter": "Aug 20 12:00:00 2025 GMT"})
    assert known.end_of(f"https://h{MOST_HOSTS}.example/") == NOON + timedelta(days=6)
    assert known.end_of("https://h0.example/") is None
