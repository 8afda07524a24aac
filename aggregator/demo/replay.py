"""A real HTTP server on loopback that answers as the recorded sources did, at a moment that can be moved."""

from __future__ import annotations

import gzip
import re
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from aggregator.demo.recording import Exchange, Recording
from aggregator.fetch.replay import confirms

DEFAULT_PORT = re.compile(r":(?:80|443)?$")  # of the real addresses, http and https
ABOUT_ANOTHER_BODY = ("content-type",)  # a 304 has none (RFC 9110, section 15.4.5)


class ReplayServer:
    """A context manager; `moment` is the recorded present, `base_url` where it listens.

    Which source is asked is told by the Host header and the path, as on a shared server; a browser may write
    `base_url/HOST/PATH`. `log` holds (moment, method, URL, status) of each answer.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.log: list[tuple[datetime, str, str, int]] = []
        self._moment = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()
        self._by_place = {url.partition("://")[2]: url for url in recording.urls}
        self._server = _QuietServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def base_url(self) -> str:
        """The address of the server itself."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def moment(self) -> datetime:
        """The recorded present, UTC; may be set from any thread, and one answer sees one moment."""
        with self._lock:
            return self._moment

    @moment.setter
    def moment(self, moment: datetime) -> None:
        with self._lock:
            self._moment = moment

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, host: str, path: str, moment: datetime) -> Exchange | None:
        """What the source at a host and path answers at a moment."""
        place = DEFAULT_PORT.sub("", host.lower()) + path
        url = self._by_place.get(place) or self._by_place.get(path.removeprefix("/"))
        return None if url is None else self.recording.at(url, moment)


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding names gzip, or anything, with a weight above zero (RFC 9110, section 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        try:
            weights[coding] = float(weight or 1)
        except ValueError:
            weights[coding] = 0
    return weights.get("gzip", weights.get("*", 0)) > 0


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; any other error is shown as usual."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _handler(server: ReplayServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes; the second would wait for an ACK

        def do_GET(self) -> None:
            moment = server.moment
            headers = {name.lower(): ", ".join(self.headers.get_all(name, ())) for name in self.headers}
            host = headers.get("host", "")
            exchange = server.answer(host, self.path, moment)
            if exchange is None:
                self._send(404, {}, b"", moment=moment, url=host + self.path)
            elif confirms(headers, exchange.headers):
                kept = {name: value for name, value in exchange.headers.items() if name not in ABOUT_ANOTHER_BODY}
                self._send(304, kept | {"vary": "accept-encoding"}, b"", moment=moment, url=exchange.url)
            else:
                self._send_exchange(exchange, zipped=takes_gzip(headers.get("accept-encoding", "")), moment=moment)

        def do_HEAD(self) -> None:
            self.do_GET()

        def _send_exchange(self, exchange: Exchange, *, zipped: bool, moment: datetime) -> None:
            coding = {"content-encoding": "gzip"} if zipped else {}
            body = gzip.compress(exchange.body, 1, mtime=0) if zipped else exchange.body
            headers = {**exchange.headers, "vary": "accept-encoding", **coding}
            self._send(exchange.status or 404, headers, body, moment=moment, url=exchange.url)

        def _send(self, status: int, headers: Mapping[str, str], body: bytes, *, moment: datetime, url: str) -> None:
            server.log.append((moment, self.command, url, status))
            self.send_response_only(status)
            self.send_header("date", format_datetime(moment, usegmt=True))
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Quiet: `log` has it."""

    return Handler
