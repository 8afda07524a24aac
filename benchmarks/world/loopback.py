"""The world as real servers on loopback, each host on an address of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.world.script import Script, Source
from benchmarks.world.serving import Answer, Unreachable, World

REASONS = {
    200: "OK",
    301: "Moved Permanently",
    302: "Found",
    304: "Not Modified",
    403: "Forbidden",
    404: "Not Found",
    410: "Gone",
}


class Addresses:
    """Which address each source's host has."""

    def __init__(self, script: Script) -> None:
        self.port = 0
        mains = [one for one in script.sources if one.sister_of is None]
        self.of = {one.key: f"127.0.{n // 250 + 1}.{n % 250 + 1}" for n, one in enumerate(mains)}
        self.keys = {address: key for key, address in self.of.items()}

    def base(self, source: Source) -> str:
        """As the world asks for it."""
        return f"http://{self.of[(source.sister_of or source).key]}:{self.port}"


class _Host(asyncio.Protocol):
    def __init__(self, world: World, addresses: Addresses, open_ones: set[asyncio.Transport]) -> None:
        self._world, self._addresses, self._open, self._rest = world, addresses, open_ones, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open.add(transport)
        self._key = self._addresses.keys[transport.get_extra_info("sockname")[0]]

    def connection_lost(self, _error: Exception | None) -> None:
        self._open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while b"\r\n\r\n" in self._rest:
            head, self._rest = self._rest.split(b"\r\n\r\n", 1)
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            path, _, query = first.split(" ")[1].partition("?")
            try:
                self._transport.write(_written(self._world.answer(self._key, path, query, headers)))
            except Unreachable:
                self._transport.abort()
                return


def _written(answer: Answer) -> bytes:
    body = answer.body.encode()
    lines = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Other')}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    if answer.status != 304:
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def served(world: World, addresses: Addresses) -> Iterator[None]:
    """Serve the world until the end of the block; `addresses.port` is then known."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    servers: list[asyncio.Server] = []
    open_ones: set[asyncio.Transport] = set()

    async def begin() -> None:
        for address in addresses.keys:
            server = await loop.create_server(lambda: _Host(world, addresses, open_ones), address, addresses.port)
            servers.append(server)
            addresses.port = server.sockets[0].getsockname()[1]
        ready.set()

    def go() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(begin())
        loop.run_forever()
        loop.run_until_complete(end())
        loop.close()

    async def end() -> None:
        for server in servers:
            server.close()
        for one in list(open_ones):
            one.abort()
        await asyncio.sleep(0)

    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
