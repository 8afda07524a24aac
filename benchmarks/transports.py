"""httpx on its own connection pool, against httpx on aiohttp's: CPU of one request on loopback.

.venv/bin/python benchmarks/transports.py
"""

from __future__ import annotations

import asyncio
import time

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from loopback import served, table

from aggregator.fetch import Ask, Fetcher

REQUESTS, AT_ONCE, ROUNDS = 200, 16, 5
BODY = b"<rss>" + b"x" * 20_000 + b"</rss>"


async def _cpu(client: httpx.AsyncClient, url: str) -> float:
    """Milliseconds of CPU of one request, in the quickest of several rounds."""
    room, best = asyncio.Semaphore(AT_ONCE), 1e9

    async def one() -> None:
        async with room:
            await client.get(url)

    for _ in range(ROUNDS):
        started = time.process_time()
        await asyncio.gather(*(one() for _ in range(REQUESTS)))
        best = min(best, (time.process_time() - started) / REQUESTS * 1000)
    return best


async def _cpu_of_ours(url: str) -> float:
    from datetime import UTC, datetime  # noqa: PLC0415 - beside its only use

    best = 1e9
    async with Fetcher(user_agent="bench/1", allow=["127.0.0.1"]) as fetcher:
        for _ in range(ROUNDS):
            started = time.process_time()
            for _ in range(REQUESTS):
                await fetcher.ask(Ask(url=url, allow=["127.0.0.1"]), now=datetime.now(UTC))
            best = min(best, (time.process_time() - started) / REQUESTS * 1000)
    return best


async def _measure(url: str) -> list[tuple[object, ...]]:
    async with httpx.AsyncClient(trust_env=False) as own:
        pool = await _cpu(own, url)
    session = lambda: aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))  # noqa: E731 - shorter than a function
    async with httpx.AsyncClient(transport=AiohttpTransport(client=session), trust_env=False) as fast:
        other = await _cpu(fast, url)
    ours = await _cpu_of_ours(url)
    return [
        ("httpx, its own pool", f"{pool:.2f}"),
        ("httpx on aiohttp", f"{other:.2f}"),
        ("our client on that, guard, robots.txt, pace and verdict included", f"{ours:.2f}"),
    ]


def main() -> None:
    """Measure, and print the table."""
    with served({"/feed": BODY}) as port:
        print(table(("", "CPU ms per request"), asyncio.run(_measure(f"http://127.0.0.1:{port}/feed"))))


if __name__ == "__main__":
    main()
