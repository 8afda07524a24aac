"""What a robots.txt says (RFC 9309). Pure: bytes and an answer's status in, rules out; `Rules` are kept by whoever asks."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from protego import Protego

MOST_BYTES = 500 * 1024  # RFC 9309, section 2.5: at least 500 KiB are read; what follows is as if it were not there
LONGEST_DELAY = timedelta(minutes=10)  # of Crawl-delay: beyond it a typing error is likelier than a wish
KEEP = timedelta(hours=24)  # section 2.4
ASK_AGAIN = timedelta(minutes=15)  # after trouble of the server, which is a refusal meanwhile

AGENT_LINE = re.compile(r"(?im)^[ \t]*user[- ]?agent[ \t]*:?[ \t]*([^\n#]*)")
PRODUCT = re.compile(r"[A-Za-z_-]+")
OTHER_LINE_ENDS = re.compile(r"[\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # of str.splitlines, and none of RFC 9309
OURS, ANOTHER = "ours", "another"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one origin lets us do, until when."""

    file: bytes | None  # packed: its parser takes fifteen times as much as the text, of every host; None: one answer for all
    allowed: bool  # that answer
    reason: str  # in a sentence, for a refusal
    until: datetime
    delay: timedelta = timedelta()  # the gap between two requests that Crawl-delay wishes for

    def allows(self, url: str) -> bool:
        """Whether an address may be asked."""
        if self.file is None:
            return self.allowed
        return _allows(_unpacked(self.file), url)


def robots_allows(robots: bytes, *, agent: str, url: str) -> bool:
    """Whether a robots.txt lets an agent ask an address (RFC 9309).

    `agent` is our product token, or a whole User-Agent that begins with it.
    """
    return _allows(Protego.parse(_read(robots, agent)), url)


def rules_from(status: int | None, body: bytes, *, agent: str, now: datetime) -> Rules:
    """What an answer to the question for robots.txt means.

    `status` is the HTTP status after at most five redirects; None where there was no answer. A file that is not there (any
    4xx) allows everything; a server in trouble (5xx, none) is left alone and asked again later (sections 2.3.1.3 and 2.3.1.4).
    """
    if status is not None and 200 <= status < 300:
        reason = "robots.txt does not allow this address"
        file = zlib.compress(_read(body, agent).encode())
        seconds = _unpacked(file).crawl_delay(OURS) or 0
        delay = min(timedelta(seconds=min(seconds, 1e6)), LONGEST_DELAY)
        return Rules(file=file, allowed=True, reason=reason, until=now + KEEP, delay=delay)
    if status is not None and 300 <= status < 500 and status != 429:
        return Rules(file=None, allowed=True, reason="", until=now + KEEP)
    said = f"answers HTTP {status}" if status is not None else "cannot be had"
    reason = f"robots.txt {said}, so nothing is asked until it is there again"
    return Rules(file=None, allowed=False, reason=reason, until=now + ASK_AGAIN)


def _allows(robots: Protego, url: str) -> bool:
    parts = urlsplit(url)
    return robots.can_fetch(parts._replace(path=parts.path or "/", fragment="").geturl(), OURS)


@lru_cache(maxsize=1_000)  # asked before every request
def product_token(agent: str) -> str:
    """The part of a User-Agent by which robots.txt names us (section 2.2.1)."""
    found = PRODUCT.match(agent.strip())
    return found.group() if found is not None else agent.strip()


@lru_cache(maxsize=16)  # a host whose pages are asked one after the other is read once
def _unpacked(file: bytes) -> Protego:
    return Protego.parse(zlib.decompress(file).decode())


def _read(body: bytes, agent: str) -> str:
    """The text in which our group has our name, for the parser."""
    text = body[:MOST_BYTES].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    text = OTHER_LINE_ENDS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    wanted = product_token(agent).casefold()
    return AGENT_LINE.sub(lambda line: f"User-agent: {_group(line[1].strip(), wanted)}", text)


def _group(named: str, wanted: str) -> str:
    """Whose group a line opens. Section 2.2.1 wants whole tokens to be equal; the parser is content with a part of ours."""
    if named == "*" or named.startswith("* "):
        return "*"
    token = PRODUCT.match(named)
    if token is None:
        return ANOTHER if named else ""
    return OURS if token.group().casefold() == wanted else ANOTHER
