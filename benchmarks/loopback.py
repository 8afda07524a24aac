"""A small, quick HTTP server on loopback in a process of its own: it must not be what is measured."""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection


class _Answers(asyncio.Protocol):
    def __init__(self, answers: Mapping[bytes, tuple[bytes, bytes, bytes]], hosts_that_hang: frozenset[str]) -> None:
        self._answers = answers
        self._hang = hosts_that_hang
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._hangs = transport.get_extra_info("sockname")[0] in self._hang

    def data_received(self, data: bytes) -> None:
        if self._hangs:
            return
        self._rest += data
        while b"\r\n\r\n" in self._rest:
            head, self._rest = self._rest.split(b"\r\n\r\n", 1)
            found = self._answers.get(head.split(b" ", 2)[1])
            if found is None:
                self._transport.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
                continue
            etag, unchanged, whole = found
            self._transport.write(unchanged if etag in head else whole)


def _serve(hosts: list[str], bodies: Mapping[str, bytes], hang: frozenset[str], ready: Connection) -> None:
    answers = {}
    for path, body in bodies.items():
        etag = b'"' + hashlib.sha256(body).hexdigest()[:16].encode() + b'"'
        kind = b"application/feed+json" if path.endswith(".json") else b"application/xml"
        head = b"HTTP/1.1 200 OK\r\netag: %b\r\ncontent-type: %b\r\ncontent-length: %d\r\n\r\n" % (etag, kind, len(body))
        unchanged = b"HTTP/1.1 304 Not Modified\r\netag: %b\r\n\r\n" % etag
        answers[path.encode()] = (etag, unchanged, head + body)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        first = await loop.create_server(lambda: _Answers(answers, hang), hosts[0], 0, backlog=1024)
        port = first.sockets[0].getsockname()[1]
        for host in hosts[1:]:
            await loop.create_server(lambda: _Answers(answers, hang), host, port, backlog=64)
        ready.send(port)
        await asyncio.Event().wait()

    asyncio.run(main())


@contextmanager
def served(bodies: Mapping[str, bytes], *, hosts: list[str] | None = None, hang: frozenset[str] = frozenset()) -> Iterator[int]:
    """Serve bodies by path on loopback addresses, 304 where the ETag matches; `hang` take a question and say nothing.

    Yields the port.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(hosts or ["127.0.0.1"], bodies, hang, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def table(headings: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """A Markdown table."""
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
