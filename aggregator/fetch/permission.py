"""robots.txt of every host that is asked: fetched once a day, kept, and asked before each request."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from aggregator.fetch.robots import ASK_AGAIN, Rules, product_token, rules_from

MOST_HOSTS = 5_000
MOST_ANSWERS = 500  # addresses of one host whose answer is remembered

AskFile = Callable[[str], Awaitable[tuple[int | None, bytes]]]  # the address of a robots.txt → status and body


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Rules | None = None
    answers: dict[str, bool] = field(default_factory=dict)


class Permissions:
    """What each host lets us ask. Rules live for 24 hours (RFC 9309, section 2.4), as long as the program at most."""

    def __init__(self) -> None:
        self._hosts: OrderedDict[tuple[str, str], _Host] = OrderedDict()

    async def ask(self, url: str, *, agent: str, now: datetime, ask_file: AskFile) -> tuple[bool, Rules]:
        """Whether an address may be asked, and the rules by which; they are asked for where they are not known or too old."""
        host = self._host(url, agent)
        if host.rules is None or host.rules.until <= now:
            async with host.lock:  # whoever comes second finds the answer of the first
                if host.rules is None or host.rules.until <= now:
                    host.rules = await _ask(host.rules, url, agent=agent, now=now, ask_file=ask_file)
                    host.answers.clear()
        allowed = host.answers.get(url)
        if allowed is None:
            if len(host.answers) >= MOST_ANSWERS:
                host.answers.clear()
            allowed = host.answers[url] = host.rules.allows(url)
        return allowed, host.rules

    def _host(self, url: str, agent: str) -> _Host:
        key = _site(url), product_token(agent)
        host = self._hosts.get(key)
        if host is None:
            host = self._hosts[key] = _Host()
            while len(self._hosts) > MOST_HOSTS:
                self._hosts.popitem(last=False)
        return host


@lru_cache(maxsize=1_000)
def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


async def _ask(old: Rules | None, url: str, *, agent: str, now: datetime, ask_file: AskFile) -> Rules:
    parts = urlsplit(url)
    status, body = await ask_file(f"{parts.scheme}://{parts.netloc}/robots.txt")
    new = rules_from(status, body, agent=agent, now=now)
    if old is not None and old.file is not None and new.file is None and not new.allowed:
        # While the file cannot be had, the last one that was had goes on (section 2.4).
        return replace(old, until=now + ASK_AGAIN)
    return new
