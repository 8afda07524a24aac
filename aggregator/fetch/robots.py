"""What a robots.txt says (RFC 9309). Pure: bytes and an answer's status in, rules out; `Rules` are kept by whoever asks."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from aggregator.fetch.robots_file import Group, product_token, read_group

KEEP = timedelta(hours=24)  # section 2.4
ASK_AGAIN = timedelta(minutes=15)  # after trouble of the server, which is a refusal meanwhile
LONGEST_DELAY = timedelta(minutes=10)  # of Crawl-delay: beyond it a typing error is likelier than a wish

__all__ = ["ASK_AGAIN", "KEEP", "Rules", "product_token", "robots_allows", "rules_from"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one origin lets us do, until when."""

    file: bytes | None  # our group's rules, packed, as there may be thousands of each host; None: one answer for all
    allowed: bool  # that answer
    reason: str  # in a sentence, for a refusal
    until: datetime
    delay: timedelta = timedelta()  # the gap between two requests that Crawl-delay wishes for

    def allows(self, url: str) -> bool:
        """Whether an address may be asked."""
        if self.file is None:
            return self.allowed
        return _unpacked(self.file).allows(url)


def robots_allows(robots: bytes, *, agent: str, url: str) -> bool:
    """Whether a robots.txt lets an agent ask an address (RFC 9309).

    `agent` is our product token, or a whole User-Agent that begins with it.
    """
    return read_group(robots, agent).allows(url)


def rules_from(status: int | None, body: bytes, *, agent: str, now: datetime) -> Rules:
    """What an answer to the question for robots.txt means.

    `status` is the HTTP status after at most five redirects; None where there was no answer. A file that is not there (any
    4xx) allows everything; a server in trouble (5xx, none) is left alone and asked again later (sections 2.3.1.3 and 2.3.1.4).
    """
    if status is not None and 200 <= status < 300:
        reason = "robots.txt does not allow this address"
        group = read_group(body, agent)
        delay = min(timedelta(seconds=min(group.delay, 1e6)), LONGEST_DELAY)
        return Rules(file=zlib.compress(group.written().encode()), allowed=True, reason=reason, until=now + KEEP, delay=delay)
    if status is not None and 300 <= status < 500 and status != 429:
        return Rules(file=None, allowed=True, reason="", until=now + KEEP)
    said = f"answers HTTP {status}" if status is not None else "cannot be had"
    reason = f"robots.txt {said}, so nothing is asked until it is there again"
    return Rules(file=None, allowed=False, reason=reason, until=now + ASK_AGAIN)


@lru_cache(maxsize=16)  # a host whose pages are asked one after the other is read once
def _unpacked(file: bytes) -> Group:
    return Group.of(zlib.decompress(file).decode())
