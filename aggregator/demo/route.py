"""Real addresses, answered by a server on this machine."""

from __future__ import annotations

import httpx

REPLACED = (b"host", b"transfer-encoding")


class RoutedTransport(httpx.AsyncBaseTransport):
    """Sends every request to one server, with the Host header and the path of the address that was meant.

    So the ordinary client asks real addresses, and the store keeps them, although nothing leaves the machine.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, *, base_url: str) -> None:
        self._inner = inner
        self._base = httpx.URL(base_url)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask the server of `base_url` in place of the request's own."""
        url = self._base.copy_with(raw_path=request.url.raw_path)
        kept = [(name, value) for name, value in request.headers.raw if name.lower() not in REPLACED]
        headers = [(b"host", request.url.netloc), *kept]
        # The whole body, not its stream: of a stream, aiohttp cannot tell that it is empty, and sends a chunk of it.
        content = await request.aread()
        routed = httpx.Request(request.method, url, headers=headers, content=content, extensions=request.extensions)
        return await self._inner.handle_async_request(routed)

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()
