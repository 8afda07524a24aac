"""A web server on loopback that answers, hangs, stalls half-way, breaks off, or shows another certificate, as it is told."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum

from benchmarks.world.words import Version, say


class Mode(StrEnum):
    """What becomes of a question for `/feed`; `/other` is always answered."""

    GOOD = "good"
    NEVER = "never"  # accepted, and never answered
    HALF = "half"  # answered up to the middle, and then nothing
    BROKEN_OFF = "broken off"  # closed without a word


class Server:
    """Two feeds, `/feed` and `/other`, each with all that was said so far."""

    def __init__(
        self, addresses: tuple[str, ...] = ("127.0.0.1",), *, contexts: Mapping[str, ssl.SSLContext] | None = None
    ) -> None:
        self.mode = Mode.GOOD
        self.said = 0
        self.requests = 0
        self.ballast = 0  # bytes of text in each item that is said from now on
        self.contexts = dict(contexts or {})
        self.certificate = "good"
        self.addresses, self.port = addresses, 0
        self._times: list[tuple[datetime, int]] = []  # when each item was said, and its ballast
        self._servers: list[asyncio.Server] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.open()

    def say(self, count: int) -> None:
        """Say some more in both feeds."""
        self._times += [(datetime.now(UTC), self.ballast)] * count
        self.said += count

    def open(self) -> None:
        """Listen."""
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)

    def shut(self) -> None:
        """Listen no more: whoever connects is refused."""
        for one in self._servers:
            self._loop.call_soon_threadsafe(one.close)
        self._servers = []

    def close(self) -> None:
        """The end."""
        self.shut()
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _open(self) -> None:
        for address in self.addresses:
            server = await asyncio.start_server(self._answer, address, self.port, ssl=self._tls())
            self.port = server.sockets[0].getsockname()[1]
            self._servers.append(server)

    def _tls(self) -> ssl.SSLContext | None:
        if not self.contexts:
            return None

        def choose(connection: ssl.SSLObject | ssl.SSLSocket, _name: str | None, _context: ssl.SSLContext) -> None:
            connection.context = self.contexts[self.certificate]

        first = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        first.sni_callback = choose
        return first

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode("latin-1")
            self.requests += 1
            mode = self.mode if path.startswith("/feed") else Mode.GOOD
            if mode is Mode.NEVER:
                await asyncio.sleep(60)
            elif mode is not Mode.BROKEN_OFF:
                whole = self._written(path)
                writer.write(whole if mode is Mode.GOOD else whole[: len(whole) // 2])
                await writer.drain()
                if mode is Mode.HALF:
                    await asyncio.sleep(60)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the other side went away
        finally:
            writer.close()

    def _written(self, path: str) -> bytes:
        if path == "/robots.txt":
            return b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        body = self._feed(path.strip("/")).encode()
        head = (
            f"HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        return head.encode() + body

    def _feed(self, name: str) -> str:
        lines = []
        for n, (at, ballast) in reversed(list(enumerate(self._times))):
            fill = "Nothing else was said of it. " * (ballast // 30)
            said = say(f"{name}/{n}", Version(), topic="Velmora")
            text = "".join(f"<p>{part}</p>" for part in (*said.paragraphs, fill))
            lines.append(
                f"<item><guid isPermaLink='false'>urn:{name}:{n}</guid><title>{said.title}</title>"
                f"<pubDate>{format_datetime(at)}</pubDate><description><![CDATA[{text}]]></description></item>"
            )
        items = "".join(lines)
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>"
