"""The ways out: connections that only ever lead to addresses that the guard lets pass."""

from __future__ import annotations

import ssl
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from httpx_aiohttp.transport import AiohttpResponseStream, map_aiohttp_exceptions
from multidict import CIMultiDict
from yarl import URL

from aggregator.fetch.certificates import Certificates
from aggregator.fetch.guard import GuardedResolver

MOST_HEADERS = 128
MOST_HEADER_BYTES = 16_384  # of one header line
READY = "aggregator.ready"  # in the extensions of a request: what aiohttp takes it for, so that it is worked out once
IDLE = 5.0  # seconds that a connection is kept open: for the pages of one listing, not until the next poll


def trusted() -> ssl.SSLContext:
    """Whose certificates are believed: those of the system, as they are now."""
    return ssl.create_default_context()


def direct(
    resolver: GuardedResolver, certificates: Certificates, tls: ssl.SSLContext | None = None
) -> httpx.AsyncBaseTransport:
    """Straight to the host, over HTTP/1.1."""
    context = tls or trusted()
    return _Way(verify=context, client=lambda: _session(resolver, context, certificates))


def through(proxy: str, certificates: Certificates, *, allow: Collection[str]) -> httpx.AsyncBaseTransport:
    """By way of an http(s) proxy. It looks names up itself; its own host is the operator's choice and not guarded."""
    resolver = GuardedResolver(allow={urlsplit(proxy).hostname or "", *allow})
    tls = trusted()
    return AiohttpTransport(verify=tls, client=lambda: _session(resolver, tls, certificates), proxy=httpx.Proxy(proxy))


_Ready = tuple[URL, CIMultiDict[str], aiohttp.ClientTimeout]


class _Way(AiohttpTransport):
    """As the base class, in two thirds of its time where a plain question is asked again and again. For no proxy."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask aiohttp; what is no plain question goes the way of the base class. Raises as that does."""
        session, ready = self.client, request.extensions.get(READY) or _ready(request)
        if ready is None or not isinstance(session, aiohttp.ClientSession):
            return await super().handle_async_request(request)
        url, headers, limits = ready
        try:
            answer = await session.request(
                "GET", url, headers=headers, allow_redirects=False, auto_decompress=False, timeout=limits
            )
        except Exception:
            with map_aiohttp_exceptions():
                raise
        extensions = {"http_version": b"HTTP/1.1"}
        if answer.reason:
            extensions["reason_phrase"] = answer.reason.encode()
        return httpx.Response(
            answer.status, headers=answer.raw_headers, stream=_Body(answer), request=request, extensions=extensions
        )


def _ready(request: httpx.Request) -> _Ready | None:
    """A plain question as aiohttp takes it, worked out as the base class does, and kept with it; None for any other."""
    body = request.headers.keys() & {"content-length", "transfer-encoding"}
    if request.method != "GET" or body or "sni_hostname" in request.extensions:
        return None
    limits = request.extensions.get("timeout", {})
    timeout = aiohttp.ClientTimeout(
        connect=limits.get("pool"), sock_connect=limits.get("connect"), sock_read=limits.get("read")
    )
    ready = URL(str(request.url)), CIMultiDict(request.headers.items()), timeout
    request.extensions[READY] = ready
    return ready


class _Body(AiohttpResponseStream):
    async def aclose(self) -> None:
        """Give the connection back, or close it where the body was not read to its end."""
        self._aiohttp_response.release()


class CookielessClient(httpx.AsyncClient):
    """A client that takes no cookies: no source gets to recognise us, and none fills our memory."""

    async def ask(self, request: httpx.Request) -> httpx.Response:
        """Send a request as it is; the body is left to be read. Raises as `send`.

        What `send` does beside that costs a seventh of a request's time and is nothing to us: there is no login, cookie or
        hook, and redirects are followed hop by hop by whoever asks.
        """
        return await self._transport.handle_async_request(request)

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


class _Connector(aiohttp.TCPConnector):
    """Connects, and notes when the certificate of the host ends."""

    certificates: Certificates

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[aiohttp.tracing.Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the base class names it
    ) -> aiohttp.connector.Connection:
        """As the base class."""
        connection = await super().connect(req, traces, timeout)
        if req.is_ssl() and connection.transport is not None:
            self.certificates.note(req.url.host or "", connection.transport.get_extra_info("peercert"))
        return connection


def _session(resolver: GuardedResolver, tls: ssl.SSLContext, certificates: Certificates) -> aiohttp.ClientSession:
    connector = _Connector(resolver=resolver, limit=0, ssl=tls, keepalive_timeout=IDLE, use_dns_cache=True)
    connector.certificates = certificates
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        max_line_size=MOST_HEADER_BYTES,
        max_field_size=MOST_HEADER_BYTES,
        max_headers=MOST_HEADERS,
    )
