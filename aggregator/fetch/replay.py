"""Answers from a recording in place of the network: a fake that downstream tests may use.

    recording = Recording([Exchange(at=noon, url="https://example.org/feed", status=200, body=b"<rss>…")])
    async with Fetcher(user_agent="test/1", transport=ReplayTransport(recording, clock)) as fetcher:
        reply = await fetcher.ask(Ask(url="https://example.org/feed"), now=clock())

`clock` gives the moment of the replay; each address answers as it did last before that moment. `Recording` takes what
`aggregator.store.exchanges.recorded` reads from a store, so a day of the service can be asked again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import httpx

from aggregator.fetch.exchange import OF_THE_WIRE, Exchange
from aggregator.fetch.freshness import http_date

TAG = re.compile(r'(?:W/)?("[^"]*")')
ABOUT_ANOTHER_BODY = frozenset({"content-type", *OF_THE_WIRE})


Kind = TypeVar("Kind", bound=Exchange)


class Recording(Generic[Kind]):
    """Exchanges by address and time. A 304 confirms the answer before it and is not an answer of its own."""

    def __init__(self, exchanges: Iterable[Kind]) -> None:
        self.by_url: dict[str, list[Kind]] = defaultdict(list)  # of each address in order of time
        for exchange in sorted(exchanges, key=lambda exchange: exchange.at):
            if exchange.status != 304:
                self.by_url[exchange.url].append(exchange)

    @property
    def urls(self) -> list[str]:
        """Every address that answers."""
        return list(self.by_url)

    def at(self, url: str, moment: datetime) -> Kind | None:
        """What an address answered last before a moment (or at it)."""
        exchanges = self.by_url.get(url, [])
        place = bisect_right(exchanges, moment, key=lambda exchange: exchange.at)
        return exchanges[place - 1] if place else None


class ReplayTransport(httpx.AsyncBaseTransport):
    """A transport of httpx that answers from a recording; nothing leaves the process.

    An address that has not answered by then gets 404, a recorded failure is raised again, and a conditional request is
    answered with 304 where its validator is that of the answer (RFC 9110, section 13.2.2). `asked` lists what was asked.

    A poll's requests are sent some time after the moment that the poll is noted with. To repeat recorded polls at their own
    moments, let `lead` be longer than a poll takes, and shorter than the time between two.
    """

    def __init__(self, recording: Recording[Exchange], clock: Callable[[], datetime], *, lead: timedelta = timedelta()) -> None:
        self._recording = recording
        self._clock = clock
        self._lead = lead
        self.asked: list[tuple[datetime, str, int]] = []  # when, what, and the status that was given (0: a failure)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the recorded address did."""
        moment, url = self._clock(), str(request.url)
        exchange = self._recording.at(url, moment + self._lead)
        status = 404 if exchange is None else exchange.status or 0
        if exchange is not None and status == 200 and confirms(request.headers, exchange.headers):
            status = 304
        self.asked.append((moment, url, status))
        if exchange is None:
            return httpx.Response(404, request=request, stream=_Whole(b""))
        if not status:
            raise httpx.ConnectError(exchange.error or "no answer was recorded", request=request)
        left_out = ABOUT_ANOTHER_BODY if status == 304 else OF_THE_WIRE
        headers = [(name, value) for name, value in exchange.headers.items() if name not in left_out]
        return httpx.Response(status, headers=headers, stream=_Whole(b"" if status == 304 else exchange.body), request=request)


class _Whole(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body


def confirms(request: Mapping[str, str], answer: Mapping[str, str]) -> bool:
    """Whether a conditional request may be answered with 304: If-None-Match goes first, by weak comparison."""
    wanted = request.get("if-none-match")
    if wanted is not None:
        return wanted.strip() == "*" or not _tags(answer.get("etag", "")).isdisjoint(_tags(wanted))
    since, modified = http_date(request.get("if-modified-since", "")), http_date(answer.get("last-modified", ""))
    return since is not None and modified is not None and modified <= since


def _tags(written: str) -> set[str]:
    """Entity tags without the mark of weakness; one that is not quoted, as some servers write it, as it is."""
    return set(TAG.findall(written)) or {written.strip()} - {""}
