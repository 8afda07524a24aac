"""The way out by HTTP/2: a module of its own, as its libraries are large and few hosts are asked so."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from aggregator.fetch.certificates import Certificates
from aggregator.fetch.guard import GuardedResolver
from aggregator.fetch.transport import IDLE


def over_http2(
    resolver: GuardedResolver,
    certificates: Certificates | None = None,
    *,
    proxy: str | None = None,
    tls: ssl.SSLContext | None = None,
) -> httpx.AsyncBaseTransport:
    """HTTP/2 where the server offers it, HTTP/1.1 where not; by httpx's own pool, which costs more than `direct`.

    One question at a time gains nothing by HTTP/2: this is for hosts that answer HTTP/1.1 with a wall.
    """
    return _Http2Transport(resolver, certificates or Certificates(), proxy, tls or ssl.create_default_context())


class _Http2Transport(httpx.AsyncHTTPTransport):
    def __init__(self, resolver: GuardedResolver, certificates: Certificates, proxy: str | None, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, http2=True, trust_env=False, proxy=proxy)
        self._certificates = certificates
        if proxy is None:  # a proxy looks names up itself
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=tls, http1=True, http2=True, keepalive_expiry=IDLE, network_backend=_GuardedBackend(resolver)
            )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As the base class; notes when the certificate of the host ends."""
        response = await super().handle_async_request(request)
        stream = response.extensions.get("network_stream")
        tls = stream.get_extra_info("ssl_object") if stream is not None else None
        if tls is not None:
            self._certificates.note(request.url.host, tls.getpeercert())
        return response


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to addresses that the resolver lets pass, and to no others."""

    def __init__(self, resolver: GuardedResolver) -> None:
        self._resolver = resolver
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the base class names it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Try the host's addresses one after the other."""
        trouble: Exception = httpcore.ConnectError(f"{host!r} has no address")
        try:
            found = await self._resolver.resolve(host, port, socket.AF_UNSPEC)
        except OSError as error:
            raise httpcore.ConnectError(f"{host!r} cannot be looked up ({error.strerror or error})") from error
        for one in found:
            try:
                return await self._inner.connect_tcp(one["host"], port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble
