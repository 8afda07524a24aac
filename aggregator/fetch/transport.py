"""The ways out: connections that only ever lead to addresses that the guard lets pass."""

from __future__ import annotations

import ssl
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from aggregator.fetch.certificates import Certificates
from aggregator.fetch.guard import GuardedResolver

MOST_HEADERS = 128
MOST_HEADER_BYTES = 16_384  # of one header line
IDLE = 5.0  # seconds that a connection is kept open: for the pages of one listing, not until the next poll


def trusted() -> ssl.SSLContext:
    """Whose certificates are believed: those of the system, as they are now."""
    return ssl.create_default_context()


def direct(
    resolver: GuardedResolver, certificates: Certificates, tls: ssl.SSLContext | None = None
) -> httpx.AsyncBaseTransport:
    """Straight to the host, over HTTP/1.1."""
    context = tls or trusted()
    return AiohttpTransport(verify=context, client=lambda: _session(resolver, context, certificates))


def through(proxy: str, certificates: Certificates, *, allow: Collection[str]) -> httpx.AsyncBaseTransport:
    """By way of an http(s) proxy. It looks names up itself; its own host is the operator's choice and not guarded."""
    resolver = GuardedResolver(allow={urlsplit(proxy).hostname or "", *allow})
    tls = trusted()
    return AiohttpTransport(verify=tls, client=lambda: _session(resolver, tls, certificates), proxy=httpx.Proxy(proxy))


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
