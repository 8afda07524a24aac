"""A real HTTP server on loopback that answers as the recorded sources did, at a moment that can be moved."""

from __future__ import annotations

import gzip
import threading
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from aggregator.demo.recording import Exchange, Recording


class ReplayServer:
    """A context manager; `moment` is the recorded present, `base_url` where it listens.

    Which source is asked is told by the Host header and the path, as on a shared server. `log` holds (moment, URL, status)
    of each answer.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.moment = datetime.min.replace(tzinfo=UTC)
        self.log: list[tuple[datetime, str, int]] = []
        self._by_place = {url.partition("://")[2]: url for url in recording.urls}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def base_url(self) -> str:
        """The address of the server itself."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, host: str, path: str) -> Exchange | None:
        """What the source at a host and path answers now."""
        url = self._by_place.get(host + path)
        return None if url is None else self.recording.at(url, self.moment)


def is_fresh(headers: dict[str, str], exchange: Exchange) -> bool:
    """Whether a conditional request may be answered with 304 (RFC 9110, section 13.2.2: If-None-Match goes first)."""
    if "if-none-match" in headers:
        wanted = {tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")}
        return exchange.headers.get("etag", "").removeprefix("W/") in wanted
    since, modified = headers.get("if-modified-since"), exchange.headers.get("last-modified")
    if not since or not modified:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except ValueError:
        return False


def _handler(server: ReplayServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            exchange = server.answer(headers.get("host", ""), self.path)
            if exchange is None:
                self._send(404, {}, b"", url=headers.get("host", "") + self.path)
            elif is_fresh(headers, exchange):
                self._send(304, dict(exchange.headers), b"", url=exchange.url)
            else:
                self._send_body(exchange, zipped="gzip" in headers.get("accept-encoding", ""))

        def _send_body(self, exchange: Exchange, *, zipped: bool) -> None:
            body, coding = (gzip.compress(exchange.body, 1), {"content-encoding": "gzip"}) if zipped else (exchange.body, {})
            self._send(200, {**exchange.headers, **coding}, body, url=exchange.url)

        def _send(self, status: int, headers: dict[str, str], body: bytes, *, url: str) -> None:
            server.log.append((server.moment, url, status))
            self.send_response_only(status)
            self.send_header("date", format_datetime(server.moment, usegmt=True))
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Quiet: `log` has it."""

    return Handler
