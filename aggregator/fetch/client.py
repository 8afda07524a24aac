"""The client: conditional requests within limits of size and time, every hop past the address guard."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from aggregator.fetch.guard import AddressRefused, GuardedResolver, check_address
from aggregator.fetch.judge import judge
from aggregator.fetch.pace import HostPace
from aggregator.model import Outcome, OutcomeKind

REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 5
KEPT_HEADERS = (
    "age", "cache-control", "content-language", "content-type", "date", "etag", "expires", "last-modified", "location",
    "retry-after", "server", "vary",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to a server."""

    url: str
    listing: bool = True  # a feed is asked for, not a page for people
    etag: str | None = None
    last_modified: str | None = None
    allow: Collection[str] = ()  # hosts that the address guard lets pass
    timeout: timedelta = timedelta(seconds=30)  # for the whole exchange, redirects included
    max_body: int = 10_000_000  # bytes after decompression


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back, judged."""

    url: str  # the address that answered, after redirects
    outcome: Outcome
    at: datetime  # when it was asked
    ms: int
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names, the ones that matter
    body: bytes = b""

    @property
    def transport(self) -> str:
        """ "tls", or "none" where nothing vouches for the bytes on their way."""
        return "tls" if self.url.startswith("https:") else "none"


class TooLarge(Exception):  # noqa: N818 - caught in this file alone
    """The body is over the limit."""


class Fetcher:
    """Asks servers. One for a whole service; an async context manager.

    `transport` is for tests and replays; without it the requests go through aiohttp's connector, whose resolver refuses
    private addresses except those of `allow`.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        at_once: int = 16,
        allow: Collection[str] = (),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._allow = frozenset(allow)
        self._pace = HostPace(at_once=at_once)
        self._user_agent = user_agent
        self._transport = transport

    async def __aenter__(self) -> Self:
        transport = self._transport or _transport(self._allow)
        headers = {"user-agent": self._user_agent, "accept-encoding": "gzip, deflate"}
        self._client = httpx.AsyncClient(transport=transport, headers=headers, trust_env=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def ask(self, ask: Ask, *, now: datetime) -> Reply:
        """Ask, and judge the answer. Whatever goes wrong on the way is an outcome with its reason, not an exception."""
        started = time.monotonic()
        url, outcome, response = ask.url, None, None
        try:
            async with self._pace.turn(urlsplit(ask.url).netloc), asyncio.timeout(ask.timeout.total_seconds()):
                response, url = await self._follow(ask)
            outcome = judge(response, listing=ask.listing)
        except TimeoutError:
            outcome = _failed(f"no whole answer within {ask.timeout.total_seconds():g} s")
        except TooLarge:
            outcome = _failed(f"the answer is over the limit of {ask.max_body:,} bytes (`max_body`)")
        except AddressRefused as error:
            outcome = _failed(f"address refused: {error}")
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, aiohttp.ClientError, OSError, ValueError) as error:
            outcome = _failed(_sentence(error))
        return Reply(
            url=url,
            outcome=outcome,
            at=now,
            ms=round((time.monotonic() - started) * 1000),
            headers=_kept(response),
            body=response.content if response is not None else b"",
        )

    async def _follow(self, ask: Ask) -> tuple[httpx.Response, str]:
        """The answer at the end of the redirects; each hop is checked like the first."""
        url, headers = ask.url, _conditions(ask)
        for _ in range(MOST_REDIRECTS + 1):
            self._check(url, ask.allow)
            response = await self._once(url, headers, ask)
            target = response.headers.get("location")
            if response.status_code not in REDIRECTS or not target:
                return response, url
            url = urljoin(url, target)
        raise httpx.TooManyRedirects(f"more than {MOST_REDIRECTS} redirects")

    def _check(self, url: str, allow: Collection[str]) -> None:
        check_address(url, allow=allow)
        host = urlsplit(url).hostname
        if host in self._allow and host not in allow:
            raise AddressRefused(f"{host!r} is allowed for another source, not for this one; add it to `allow`")

    async def _once(self, url: str, headers: Mapping[str, str], ask: Ask) -> httpx.Response:
        timeout = httpx.Timeout(ask.timeout.total_seconds())
        async with self._client.stream("GET", url, headers=headers, timeout=timeout) as stream:
            length = stream.headers.get("content-length", "")
            if length.isdigit() and int(length) > ask.max_body:
                raise TooLarge
            parts, size = [], 0
            async for part in stream.aiter_bytes():
                size += len(part)
                if size > ask.max_body:
                    raise TooLarge
                parts.append(part)
        headers_read = [(k, v) for k, v in stream.headers.multi_items() if k not in ("content-encoding", "content-length")]
        return httpx.Response(stream.status_code, headers=headers_read, content=b"".join(parts), request=stream.request)


def _transport(allow: Collection[str]) -> AiohttpTransport:
    tls = ssl.create_default_context()

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(resolver=GuardedResolver(allow=allow), limit=0, ssl=tls)
        return aiohttp.ClientSession(connector=connector, max_line_size=16_384, max_field_size=16_384)

    return AiohttpTransport(client=session)


def _conditions(ask: Ask) -> dict[str, str]:
    accept = (
        "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5" if ask.listing else "text/html, */*;q=0.5"
    )
    headers = {"accept": accept}
    if ask.etag:
        headers["if-none-match"] = ask.etag
    if ask.last_modified:
        headers["if-modified-since"] = ask.last_modified
    return headers


def _kept(response: httpx.Response | None) -> dict[str, str]:
    if response is None:
        return {}
    return {name: response.headers[name][:1000] for name in KEPT_HEADERS if name in response.headers}


def _failed(reason: str) -> Outcome:
    return Outcome(kind=OutcomeKind.FAILED, reason=reason)


def _sentence(error: Exception) -> str:
    said = str(error).replace(" ssl:default", "") or type(error).__name__
    return f"no answer that can be read: {said}"[:500]
