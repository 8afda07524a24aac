"""The ways out: connections that only ever lead to addresses that the guard lets pass."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpcore
import httpx
from httpx_aiohttp import AiohttpTransport

from aggregator.fetch.guard import GuardedResolver

MOST_HEADERS = 128
MOST_HEADER_BYTES = 16_384  # of one header line
IDLE = 30.0  # seconds that a connection is kept open: for the pages of one listing, not until the next poll


def direct(resolver: GuardedResolver) -> httpx.AsyncBaseTransport:
    """Straight to the host, over HTTP/1.1."""
    return AiohttpTransport(client=lambda: _session(resolver))


def through(proxy: str, *, allow: Collection[str]) -> httpx.AsyncBaseTransport:
    """By way of an http(s) proxy. It looks names up itself; its own host is the operator's choice and not guarded."""
    resolver = GuardedResolver(allow={urlsplit(proxy).hostname or "", *allow})
    return AiohttpTransport(client=lambda: _session(resolver), proxy=httpx.Proxy(proxy))


def over_http2(
    resolver: GuardedResolver, *, proxy: str | None = None, tls: ssl.SSLContext | None = None
) -> httpx.AsyncBaseTransport:
    """HTTP/2 where the server offers it, HTTP/1.1 where not; by httpx's own pool, which costs more than `direct`.

    One question at a time gains nothing by HTTP/2: this is for hosts that answer HTTP/1.1 with a wall.
    """
    return _Http2Transport(resolver, proxy, tls or ssl.create_default_context())


class _Http2Transport(httpx.AsyncHTTPTransport):
    def __init__(self, resolver: GuardedResolver, proxy: str | None, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, http2=True, trust_env=False, proxy=proxy)
        if proxy is None:  # a proxy looks names up itself
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=tls, http1=True, http2=True, keepalive_expiry=IDLE, network_backend=_GuardedBackend(resolver)
            )


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


class CookielessClient(httpx.AsyncClient):
    """A client that takes no cookies: no source gets to recognise us, and none fills our memory."""

    @property
    def cookies(self) -> httpx.Cookies:
        """Always empty."""
        return _NO_COOKIES

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        """The base class fills its jar here."""


class _NoCookies(httpx.Cookies):
    def extract_cookies(self, response: httpx.Response) -> None:
        """Left alone."""


_NO_COOKIES = _NoCookies()


def _session(resolver: GuardedResolver) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        resolver=resolver, limit=0, ssl=ssl.create_default_context(), keepalive_timeout=IDLE, use_dns_cache=True
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        max_line_size=MOST_HEADER_BYTES,
        max_field_size=MOST_HEADER_BYTES,
        max_headers=MOST_HEADERS,
    )
