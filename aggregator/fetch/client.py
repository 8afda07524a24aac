"""The client: polite, conditional, guarded requests within limits; what comes back is judged, never raised."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp
import httpx

from aggregator.fetch.cadence import retry_after
from aggregator.fetch.certificates import Certificates
from aggregator.fetch.decode import ACCEPT_ENCODING, BadCoding, TooLarge, decode
from aggregator.fetch.exchange import FEEDS, OF_THE_WIRE, PAGES, Ask, Exchange, Manners, Reply, kept_headers
from aggregator.fetch.freshness import conditions, freshness, same_variant, variant
from aggregator.fetch.guard import AddressRefused, GuardedResolver, check_address
from aggregator.fetch.judge import judge
from aggregator.fetch.pace import Pace, group_of
from aggregator.fetch.permission import Permissions
from aggregator.fetch.robots_file import MOST_BYTES as MOST_ROBOTS
from aggregator.fetch.transport import CookielessClient, direct, through
from aggregator.fetch.turns import Resting
from aggregator.model import Outcome, OutcomeKind
from aggregator.text.urls import without_queries

REDIRECTS = (301, 302, 303, 307, 308)
PERMANENT = (301, 308)
TOO_MUCH = (429, 503)  # with Retry-After, the host wishes to be left alone (RFC 6585, section 4; RFC 9110, section 15.6.4)
ROBOTS_REDIRECTS = 5  # RFC 9309, section 2.3.1.2
USUAL_GAP = timedelta(seconds=1)
IN_THREAD = 200_000  # bytes: a larger body is unpacked beside the loop
NOT_CHANGED = judge(httpx.Response(304))  # most answers are such, and nothing of them is to be judged but that
# Without a condition nobody told the server what we have (RFC 9110, section 15.4.5): there is no copy that it could confirm.
CONDITIONS = ("if-none-match", "if-modified-since")
UNASKED = Outcome(
    kind=OutcomeKind.FAILED, status=304, reason="HTTP 304: the server says that nothing has changed, and was not asked that"
)
# Whatever may go wrong between us and a server. ValueError: an address or a header that cannot be.
TROUBLE = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, aiohttp.ClientError, OSError, ValueError)
NOBODY_THERE = (httpx.TimeoutException, httpx.NetworkError, httpx.ProxyError, aiohttp.ClientConnectionError, OSError)


class Refused(Exception):  # noqa: N818 - caught in this file alone
    """We do not ask; the text says why."""


@dataclass(slots=True)
class _Journey:
    """One question on its way along its redirects."""

    ask: Ask
    headers: dict[str, str]
    began: float  # of time.monotonic
    now: datetime
    url: str
    left: float  # seconds that the whole exchange may still take, waiting for turns not counted
    moved_to: str | None = None
    permanent: bool = True
    exchanges: tuple[Exchange, ...] = ()  # all, in their order
    hops: tuple[Exchange, ...] = ()  # those of the question itself, not those for robots.txt

    def moment(self) -> datetime:
        """The present moment by the clock that was handed in."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)


class Fetcher:
    """Asks servers. One for a whole service; an async context manager.

    `transport` is for tests and replays; without it requests go through aiohttp's connector, whose resolver refuses private
    addresses except those of `allow`. `gap` is the usual rest between two requests to one host; `hosts` says, by host name,
    how one is asked that has manners of its own, wherever a question or a redirect meets it.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        at_once: int = 64,
        gap: timedelta = USUAL_GAP,
        allow: Collection[str] = (),
        hosts: Mapping[str, Manners] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        pace: Pace | None = None,
        after: Fetcher | None = None,
    ) -> None:
        self._allow = frozenset(allow)
        self.pace: Pace = after.pace if after else pace or Pace(at_once=at_once)
        self._gap = gap
        self._hosts = dict(hosts or {})
        self._user_agent = user_agent
        self.transport: httpx.AsyncBaseTransport | None = transport or (after.transport if after else None)
        self.permissions: Permissions = after.permissions if after else Permissions()
        self.certificates: Certificates = after.certificates if after else Certificates()
        self._clients: dict[tuple[str | None, bool], CookielessClient] = {}
        self._resolver = GuardedResolver(allow=self._allow)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients.values():
            await client.aclose()
        await self._resolver.close()

    async def ask(self, ask: Ask, *, now: datetime) -> Reply:
        """Ask, and judge the answer. Whatever goes wrong on the way is an outcome with its reason, not an exception; but for
        `Resting`, where turns are shared, and for what their register raises."""
        journey = self._set_out(ask, now)
        outcome, unreachable = None, False
        try:
            await self._travel(journey)
        except Refused as refusal:
            outcome = _failed(str(refusal))
        except Resting as rest:
            if ask.listing and not journey.exchanges:
                raise  # nothing was asked, so nothing is to be told
            outcome = _failed(str(rest))
        except TimeoutError:
            outcome, unreachable = _failed(f"no whole answer within {ask.timeout.total_seconds():g} s"), True
        except TooLarge:
            outcome = _failed(f"the answer is over the limit of {ask.max_body:,} bytes (`max_body`)")
        except AddressRefused as error:
            outcome = _failed(f"address refused: {error}")
        except TROUBLE as error:
            outcome, unreachable = _failed(_sentence(error)), isinstance(error, NOBODY_THERE)
        reply = _reply(journey, outcome, unreachable=unreachable)
        ends = self.certificates.end_of(reply.url)
        return reply if ends is None else replace(reply, certificate_until=ends)

    def _set_out(self, ask: Ask, now: datetime) -> _Journey:
        url = ask.moved_to or ask.url
        headers = {
            "user-agent": self._manners(ask, url).user_agent or self._user_agent,
            "accept": ask.accept or (FEEDS if ask.listing else PAGES),
            "accept-encoding": ACCEPT_ENCODING,
        }
        if same_variant(ask.variant, headers):
            headers |= conditions(etag=ask.etag, last_modified=ask.last_modified, now=now)
        return _Journey(
            ask=ask,
            headers=headers,
            began=time.monotonic(),
            now=now,
            url=url,
            left=ask.timeout.total_seconds(),
            moved_to=ask.moved_to,
        )

    async def _travel(self, journey: _Journey, *, for_robots: bool = False) -> None:
        """Go to the end of the redirects; each hop is checked, permitted and paced like the first, as its own host wants."""
        ask = journey.ask
        for _ in range(ask.max_redirects + 1):
            self._check(journey.url, ask.allow)
            manners = self._manners(ask, journey.url)
            agent = manners.user_agent or self._user_agent
            if agent != journey.headers["user-agent"]:
                journey.headers = journey.headers | {"user-agent": agent}
            delay = await self._permission(journey) if manners.robots and not for_robots else timedelta()
            exchange = await self._in_turn(journey, manners, delay)
            target = exchange.headers.get("location")
            if exchange.status not in REDIRECTS or not target:
                return
            journey.url = urljoin(journey.url, target)
            journey.permanent = journey.permanent and exchange.status in PERMANENT
            if journey.permanent:
                journey.moved_to = journey.url
        raise Refused(f"more than {ask.max_redirects} redirects, the last one to {journey.url[:200]}")

    def _manners(self, ask: Ask, url: str) -> Manners:
        return self._hosts.get(urlsplit(url).hostname or "", ask.manners) if self._hosts else ask.manners

    def _check(self, url: str, allow: Collection[str]) -> None:
        host = _checked_host(url, tuple(allow))
        if host in self._allow and host not in allow:
            raise AddressRefused(f"{host!r} is allowed for another source, not for this one; add it to `allow`")

    async def _permission(self, journey: _Journey) -> timedelta:
        """Raises `Refused` where robots.txt refuses; returns the gap that it wishes for."""
        url, agent = journey.url, journey.headers["user-agent"]

        async def ask_file(address: str) -> tuple[int | None, bytes]:
            return await self._robots_file(journey, address)

        allowed, rules = await self.permissions.ask(url, agent=agent, now=journey.moment(), ask_file=ask_file)
        if not allowed:
            raise Refused(f"{urlsplit(url).netloc}: {rules.reason}")
        return rules.delay

    async def _robots_file(self, journey: _Journey, url: str) -> tuple[int | None, bytes]:
        """Status and body of a robots.txt. Status 399 stands for too many redirects: as good as not there."""
        headers = {name: value for name, value in journey.headers.items() if not name.startswith("if-")}
        trip = replace(
            journey,
            ask=replace(journey.ask, url=url, max_redirects=ROBOTS_REDIRECTS),
            headers=headers | {"accept": "text/plain, */*;q=0.5"},
            url=url,
            exchanges=(),
            hops=(),
        )
        try:
            await self._travel(trip, for_robots=True)
        except (Refused, AddressRefused):
            return 399, b""
        except TooLarge:
            return None, b""
        except TROUBLE as error:
            if isinstance(error, (*NOBODY_THERE, TimeoutError)):
                raise  # the host itself cannot be had: that is what the operator should read
            return None, b""
        finally:
            journey.exchanges += trip.exchanges
        last = trip.hops[-1]
        return last.status, last.body[: MOST_ROBOTS + 1]  # by which it can be told that there is more

    async def _in_turn(self, journey: _Journey, manners: Manners, delay: timedelta) -> Exchange:
        ask, url = journey.ask, journey.url
        gap = manners.gap
        if gap is None:  # a host that the operator has opened is the operator's own
            gap = timedelta() if urlsplit(url).hostname in ask.allow else self._gap
        group = group_of(url, manners.group)
        async with self.pace.turn(group, max(gap, delay)):
            started, at = time.monotonic(), journey.moment()
            heard: list[httpx.Response] = []
            error, body = "", b""
            try:
                async with asyncio.timeout(journey.left):
                    body = await self._hop(journey, self._client(ask.proxy, manners.http2), heard)
            except (TimeoutError, TooLarge, *TROUBLE) as trouble:
                error = str(trouble) or type(trouble).__name__
                raise
            finally:
                took = time.monotonic() - started
                journey.left = max(0.0, journey.left - took)
                exchange = _exchange(journey, heard, at=at, ms=round(took * 1000), body=body, error=error)
                journey.exchanges += (exchange,)
                journey.hops += (exchange,)
                if exchange.status in TOO_MUCH and (wait := retry_after(exchange.headers, now=at)) is not None:
                    self.pace.rest(group, wait.total_seconds())
        return exchange

    async def _hop(self, journey: _Journey, client: CookielessClient, heard: list[httpx.Response]) -> bytes:
        """One request; the response goes into `heard` as soon as its head is there. Returns the body, decoded."""
        ask = journey.ask
        connect, read = ask.connect_timeout.total_seconds(), ask.read_timeout.total_seconds()
        request = _request(journey.url, tuple(journey.headers.items()), connect, read)
        response = await client.ask(request)
        try:
            heard.append(response)
            if response.status_code == 304:
                return b""
            length = response.headers.get("content-length", "")
            if length.isdigit() and int(length[:18]) > ask.max_body:
                raise TooLarge
            parts, size = [], 0
            async for part in response.aiter_raw():
                size += len(part)
                if size > ask.max_body:
                    raise TooLarge
                parts.append(part)
        finally:
            await response.aclose()
        raw, coding = b"".join(parts), response.headers.get("content-encoding", "")
        if not coding or not raw:
            return raw
        if len(raw) > IN_THREAD:
            return await asyncio.to_thread(decode, raw, coding, most=ask.max_body)
        return decode(raw, coding, most=ask.max_body)

    def _client(self, proxy: str | None, http2: bool) -> CookielessClient:
        """One client for all hosts, and one for each proxy, and for HTTP/2."""
        client = self._clients.get((proxy, http2))
        if client is None:
            client = CookielessClient(transport=self.transport or self._way_out(proxy, http2), trust_env=False)
            self._clients[proxy, http2] = client
        return client

    def _way_out(self, proxy: str | None, http2: bool) -> httpx.AsyncBaseTransport:
        if http2:
            from aggregator.fetch.http2 import over_http2  # noqa: PLC0415 - see there

            return over_http2(self._resolver, self.certificates, proxy=proxy)
        if proxy:
            return through(proxy, self.certificates, allow=self._allow)
        return direct(self._resolver, self.certificates)


def _exchange(journey: _Journey, heard: list[httpx.Response], *, at: datetime, ms: int, body: bytes, error: str) -> Exchange:
    response = heard[0] if heard else None
    status = response.status_code if response is not None else None
    headers = kept_headers(response.headers.multi_items(), status=status) if response is not None else {}
    return Exchange(
        at=at, url=journey.url, ms=ms, request=journey.headers, status=status, headers=headers, body=body, error=error
    )


def _reply(journey: _Journey, outcome: Outcome | None, *, unreachable: bool) -> Reply:
    last = journey.hops[-1] if journey.hops else Exchange(at=journey.now, url=journey.url)
    if outcome is None:
        outcome = judged(journey.hops, listing=journey.ask.listing)
    good = outcome.kind.good
    arrived = last.at + timedelta(milliseconds=last.ms)
    downgrade = journey.ask.url.startswith("https:") and not (journey.moved_to or "https:").startswith("https:")
    return Reply(
        url=last.url,
        outcome=outcome,
        at=journey.now,
        ms=round((time.monotonic() - journey.began) * 1000),
        headers=last.headers,
        body=last.body,
        freshness=freshness(last.headers, asked=last.at, now=arrived),
        variant=variant(last.headers, last.request),
        moved_to=journey.moved_to if good and not downgrade else None,
        unreachable=unreachable,
        exchanges=journey.exchanges,
    )


def judged(hops: Sequence[Exchange], *, listing: bool) -> Outcome:
    """The verdict on an answer; `hops` are the requests along redirects, in order."""
    last = hops[-1]
    if last.status != 304:
        return judge(as_response(hops), listing=listing)
    return UNASKED if last.request.keys().isdisjoint(CONDITIONS) else NOT_CHANGED


def as_response(hops: Sequence[Exchange]) -> httpx.Response:
    """The answer as the judge takes it, with the way that led to it; `hops` are the requests along redirects, in order."""
    response = _plain_response(hops[-1])
    response.history = [_plain_response(one) for one in hops[:-1]]
    return response


def _plain_response(exchange: Exchange) -> httpx.Response:
    headers = [(name, value) for name, value in exchange.headers.items() if name not in OF_THE_WIRE]
    request = httpx.Request("GET", exchange.url, headers=dict(exchange.request))
    return httpx.Response(exchange.status or 0, headers=headers, content=exchange.body, request=request)


@lru_cache(maxsize=1_000)
def _checked_host(url: str, allow: tuple[str, ...]) -> str | None:
    """The host of an address that the guard lets pass as it is written; where it leads is checked at each connection."""
    check_address(url, allow=allow, resolve=False)
    return urlsplit(url).hostname


@lru_cache(maxsize=250)  # each is 2.4 KB
def _request(url: str, headers: tuple[tuple[str, str], ...], connect: float, read: float) -> httpx.Request:
    """A request without a body may be sent again, and most questions are asked again and again in the same words."""
    timeout = {"connect": connect, "read": read, "write": read, "pool": None}
    return httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout})


def _failed(reason: str) -> Outcome:
    return Outcome(kind=OutcomeKind.FAILED, reason=without_queries(reason))


def _sentence(error: Exception) -> str:
    if isinstance(error, BadCoding):
        return f"the answer cannot be unpacked: {error}"
    said = str(error).replace(" ssl:default", "") or type(error).__name__
    return f"no answer that can be read: {said}"[:500]
