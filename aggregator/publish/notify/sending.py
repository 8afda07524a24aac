"""One request to one who is told: guarded as those to sources, within limits of time and size, and never redirected."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

from aggregator.fetch.cadence import retry_after
from aggregator.fetch.certificates import Certificates
from aggregator.fetch.client import TROUBLE
from aggregator.fetch.guard import AddressRefused, GuardedResolver, check_address
from aggregator.fetch.transport import CookielessClient, direct
from aggregator.publish.notify.answers import Answer, Fate

WHOLE, CONNECT, READ = 15.0, 5.0, 10.0  # seconds: in all, to reach the host, between two pieces
MOST_SAID = 400  # bytes of an answer that are ever read
NOT_NOW = {408, 425, 429}  # of the 4xx: try again later
SHORTEST_HIDDEN = 6  # signs of a part of an address that may be a secret


class Poster:
    """Sends requests to one recipient; close it after use."""

    def __init__(self, *, agent: str, allow: Collection[str] = (), whole: float | None = None) -> None:
        """`allow`: hosts on private addresses that it may reach; `whole`: seconds for one request in all, `WHOLE` if none."""
        self._agent, self._allow, self._whole = agent, frozenset(allow), WHOLE if whole is None else whole
        self._resolver = GuardedResolver(allow=self._allow)
        self._client: httpx.AsyncClient | None = None

    async def post(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        now: datetime,
        hide: Collection[str] = (),
        listen: bool = False,
    ) -> Answer:
        """Send a body; whatever goes wrong is an answer with its reason, in which nothing of `hide` stands.

        With `listen`, the beginning of what came back is part of it, else only its head is read.
        """
        try:
            check_address(url, allow=self._allow, resolve=False)
            async with asyncio.timeout(self._whole):
                return await self._hear(url, body, headers, now=now, listen=listen)
        except TimeoutError:
            return Answer(fate=Fate.AGAIN, reason=f"no answer within {self._whole:g} s")
        except AddressRefused as error:
            return Answer(fate=Fate.REFUSED, reason=hidden(f"address refused: {error}", {url, *hide}))
        except TROUBLE as error:
            said = str(error).replace(" ssl:default", "") or type(error).__name__
            return Answer(fate=Fate.AGAIN, reason=hidden(f"no answer: {said}", {url, *hide})[:300])

    async def _hear(self, url: str, body: bytes, headers: Mapping[str, str], *, now: datetime, listen: bool) -> Answer:
        if self._client is None:
            self._client = CookielessClient(transport=direct(self._resolver, Certificates()), trust_env=False)
        limits = {"connect": CONNECT, "read": READ, "write": READ, "pool": None}
        request = httpx.Request(
            "POST",
            url,
            content=body,
            headers={"user-agent": self._agent, "accept": "*/*", "accept-encoding": "identity", **headers},
            extensions={"timeout": limits},
        )
        response = await self._client.send(request, stream=True, follow_redirects=False)
        try:
            said = await _beginning(response) if listen else ""
        finally:
            await response.aclose()
        return _judged(response, said=said, now=now)

    async def aclose(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            await self._client.aclose()
        await self._resolver.close()


async def _beginning(response: httpx.Response) -> str:
    heard = b""
    async for part in response.aiter_raw():
        heard += part[:MOST_SAID]
        if len(heard) >= MOST_SAID:
            break
    return heard[:MOST_SAID].decode("utf-8", "replace")


def _judged(response: httpx.Response, *, said: str, now: datetime) -> Answer:
    status = response.status_code
    try:
        named = f"HTTP {status} {HTTPStatus(status).phrase}"  # never the receiver's own words
    except ValueError:
        named = f"HTTP {status}"
    asked = retry_after(response.headers, now=now)
    if 200 <= status < 300:
        return Answer(fate=Fate.ARRIVED, reason=named, status=status, said=said)
    if status == HTTPStatus.GONE:
        return Answer(fate=Fate.GONE, reason=f"{named}: it wants nothing any more", status=status, said=said)
    if status in NOT_NOW or status >= 500:
        return Answer(fate=Fate.AGAIN, reason=named, status=status, retry_after=asked, said=said)
    if 300 <= status < 400:
        named += ": redirects are not followed; write the address that it leads to"
    return Answer(fate=Fate.REFUSED, reason=named, status=status, retry_after=asked, said=said)


def hidden(text: str, secrets: Collection[str]) -> str:
    """A text without secrets: addresses lose all but their host, as a path or a query may hold one."""
    pieces: set[str] = set()
    for secret in secrets:
        pieces.add(secret)
        host, rest = _parted(secret)
        if host:
            text = text.replace(secret, f"{host}/…")
            pieces |= set(re.split("[/?&=]", rest))
    for piece in sorted(pieces, key=len, reverse=True):
        if len(piece) >= SHORTEST_HIDDEN:
            text = text.replace(piece, "…")
    return text


def _parted(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        return (f"{parts.scheme}://{parts.hostname}", f"{parts.path}?{parts.query}") if parts.hostname else ("", "")
    except ValueError:
        return "", ""
