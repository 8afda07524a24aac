"""A web server that tells the script of a crash campaign at the step that it has come to."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.conftest import item as rss_item
from tests.conftest import rss
from tests.crash.script import FIRST_DAY, SOURCES, Item, items, listed

UNDATED = "<item><guid isPermaLink='false'>urn:undated</guid><title>A harvest without a date</title></item>"
SIGNED_WITH = "CRASH_HOOK"  # the variable that holds what webhooks are signed with,
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - and what it holds
FAILS_ONCE = 3  # each third page of an item is not there when it is asked for the first time


class World:
    """The sources of the script, on loopback. `step` is where they are; whoever runs the campaign moves it on."""

    def __init__(self) -> None:
        self.step = 0
        self.on_request: Callable[[], None] = lambda: None
        self.at_once = self.most_at_once = 0  # questions under way
        self._counting = threading.Lock()
        self.heard: list[tuple[str, str, int]] = []  # what it was told as somebody's webhook: id, story, number of the update
        self._failed: set[tuple[str, str]] = set()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def listing(self, source: str, step: int) -> bytes:
        """The bytes of a source's listing at a step."""
        lines = [self._line(one, step, text=source != "gamma") for one in listed(source, step)]
        if source == "delta":
            lines.append(UNDATED)
        built = FIRST_DAY + timedelta(hours=step) if source == "alpha" else None
        return rss(*lines, built=built).encode()

    def body_hashes(self) -> dict[str, str]:
        """By source, the hash of what it lists now."""
        return {source: hashlib.sha256(self.listing(source, self.step)).hexdigest() for source in SOURCES}

    def answer(self, path: str) -> tuple[int, bytes]:
        """What stands at an address now."""
        source = path.strip("/")
        if source in SOURCES:
            return 200, self.listing(source, self.step)
        for one in items(self.step):
            if one.url("") == path:
                return self._page(one)
        return 404, b"nothing here"

    def hear(self, ident: str, body: bytes) -> None:
        """Take what a webhook is sent."""
        self.heard += [(ident, one["story"], one["number"]) for one in json.loads(body)["data"]["updates"]]

    def counts(self, more: int) -> None:
        """A question came, or is answered."""
        with self._counting:
            self.at_once += more
            self.most_at_once = max(self.most_at_once, self.at_once)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _line(self, one: Item, step: int, *, text: bool) -> str:
        title, said = one.read_at(step)
        return rss_item(one.key, title, said if text else "", at=one.at, link=one.url(self.base))

    def _page(self, one: Item) -> tuple[int, bytes]:
        title, said = one.read_at(self.step)
        if int(one.key[1:]) % FAILS_ONCE == 0 and (one.key, said) not in self._failed:
            self._failed.add((one.key, said))
            return 503, b"try again"
        return 200, f"<html><body><h1>{title}</h1><div class='words'><p>{said}</p></div></body></html>".encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed leaves its connection as it is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # handed on as they came


def _handler(world: World) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            world.counts(1)
            try:
                self._tell()
            finally:
                world.counts(-1)

        def _tell(self) -> None:
            if self.path != "/robots.txt":
                world.on_request()
            status, body = world.answer(self.path)
            tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            fresh = status == 200 and "gamma" not in self.path and self.headers.get("if-none-match") == tag
            kind = "text/html" if "/items/" in self.path else "application/rss+xml"
            try:
                self.send_response_only(304 if fresh else status)
                self.send_header("etag", tag)
                self.send_header("content-type", f"{kind}; charset=utf-8")
                self.send_header("content-length", "0" if fresh else str(len(body)))
                self.end_headers()
                self.wfile.write(b"" if fresh else body)
            except (BrokenPipeError, ConnectionResetError):  # who asked was killed
                self.close_connection = True

        def do_POST(self) -> None:
            world.hear(self.headers["webhook-id"], self.rfile.read(int(self.headers["content-length"])))
            world.on_request()  # told, and nobody has noted it yet
            try:
                self.send_response_only(204)
                self.end_headers()
            except (BrokenPipeError, ConnectionResetError):  # who sent it was killed
                self.close_connection = True

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    return Handler


def feeds_toml(base: str, storage: str, *, database: str | None) -> str:
    """The configuration of a campaign."""
    where = f'database = "{database}"\n' if database else ""
    text = f"""
[service]
storage = "{storage}"
{where}contact = "desk@example.org"
interval = "1s"
min_interval = "1s"
max_interval = "1s"
gap = "0s"
"""
    for source, family in SOURCES.items():
        text += f"""
[sources.{source}]
name = "{source.capitalize()}"
url = "{base}/{source}"
family = "{family}"
language = "en"
allow = ["127.0.0.1"]
"""
        if source == "gamma":
            text += 'fetch_pages = true\n[sources.gamma.item.article]\nbody = "div.words p"\n'
    text += f"""
[notify.desk]
url = "{base}/told"
secret = "${SIGNED_WITH}"
allow = ["127.0.0.1"]
"""
    for story, settle in (("talks", "0s"), ("grain", "1s")):
        text += f"""
[stories.{story}]
title = "The {story}"
lead = "What is said of the {story}"
from = 2025-07-01
until = 2025-12-31
terms = ["{story}"]
settle = "{settle}"
"""
    return text
