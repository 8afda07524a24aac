"""How long an answer stays fresh, and how it is asked after again: RFC 9110 and 9111, as a private cache.

Pure: stored headers and the clock in, values out. (hishel's state machine reads the wall clock and takes no account of Age.)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

LONGEST = timedelta(days=1)  # a day without a question is the most that we trust any server's promise
DIRECTIVE = re.compile(r"""\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?\s*(?:[,;]|$)""")
MOST_VALIDATOR = 1_000  # characters; a validator is sent back with every question


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """What an answer says of its own keeping."""

    until: datetime | None = None  # fresh until then: no question is needed; None where it says nothing
    stale_if_error: timedelta = timedelta()  # RFC 5861: how long after that it may stand in for an answer that failed


SAYS_NOTHING = Freshness()
SAY_OF_KEEPING = frozenset({"cache-control", "expires", "vary"})


def freshness(headers: Mapping[str, str], *, asked: datetime, now: datetime) -> Freshness:
    """Read Cache-Control, Expires, Age, Date and Vary (RFC 9111, sections 4.2 and 5.2) of an answer.

    `headers` have lower-case names; several lines of one name are joined by commas. `asked` is when the question was sent and
    `now` when the answer was there. A lifetime that is only guessed (section 4.2.2) is none: a missed statement costs more than
    a question. no-cache, no-store and `Vary: *` leave nothing fresh.
    """
    if not headers.keys() & SAY_OF_KEEPING:
        return SAYS_NOTHING
    said = cache_control(headers.get("cache-control", ""))
    stale = timedelta(seconds=_seconds(said.get("stale-if-error")) or 0)
    if "no-store" in said or "must-revalidate" in said:
        stale = timedelta()
    if said.keys() & {"no-cache", "no-store"} or _varies_on(headers) == ("*",):
        return Freshness(stale_if_error=min(stale, LONGEST))
    lifetime = _lifetime(headers, said, now)
    if lifetime is None:
        return Freshness(stale_if_error=min(stale, LONGEST))
    left = lifetime - age_of(headers, asked=asked, now=now)
    until = now + min(left, LONGEST) if left > timedelta() else None
    return Freshness(until=until, stale_if_error=min(stale, LONGEST))


def cache_control(written: str) -> dict[str, str | None]:
    """The directives of a Cache-Control header by lower-case name; of one that stands twice, the first counts."""
    found: dict[str, str | None] = {}
    for name, quoted, plain in DIRECTIVE.findall(written[:MOST_VALIDATOR]):
        found.setdefault(name.lower(), quoted or plain or None)
    return found


def _lifetime(headers: Mapping[str, str], said: Mapping[str, str | None], now: datetime) -> timedelta | None:
    """Section 4.2.1. An invalid max-age is stale at once, as is an invalid Expires."""
    if "max-age" in said:
        return timedelta(seconds=_seconds(said["max-age"]) or 0)
    if "expires" not in headers:
        return None
    expires = http_date(headers["expires"])
    return expires - (http_date(headers.get("date", "")) or now) if expires is not None else timedelta()


def age_of(headers: Mapping[str, str], *, asked: datetime, now: datetime) -> timedelta:
    """How old a copy says that it is (RFC 9111, section 4.2.3): the larger of what Date and Age tell, the way of the answer
    counted in; no time at all where it says nothing. Of several Ages the first counts (section 5.1).

    Arguments as of `freshness`.
    """
    sent = http_date(headers.get("date", ""))
    apparent = max(timedelta(), now - sent) if sent is not None else timedelta()
    corrected = timedelta(seconds=_seconds(headers.get("age", "").partition(",")[0]) or 0) + max(timedelta(), now - asked)
    return max(apparent, corrected)


def _seconds(written: str | None) -> int | None:
    """Delta-seconds (section 1.2.2): a number too large to hold is a large number."""
    text = (written or "").strip()
    return min(int(text[:10]), 2**31) if text.isascii() and text.isdigit() else None


@lru_cache(maxsize=1_000)  # those of an answer are read several times, and of few sources again at the next poll
def http_date(written: str) -> datetime | None:
    """An HTTP date in any of its three forms (RFC 9110, section 5.6.7), or None."""
    try:
        moment = parsedate_to_datetime(written[:100])
        return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):  # the last where the zone leads out of the calendar
        return None


def conditions(*, etag: str | None, last_modified: str | None, now: datetime) -> dict[str, str]:
    """The headers of a conditional question (RFC 9110, section 13.1): both validators, each as it was written.

    An entity tag is opaque and given back whole, weak or strong; one that is none by the RFC's grammar is still what the server
    wrote, so it goes back too, unless it could break the request. A Last-Modified that lies ahead is not sent: a server that
    believed it would answer "unchanged" until then.
    """
    modified = http_date(last_modified or "")
    if modified is not None and modified > now:
        last_modified = None
    wanted = {"if-none-match": etag, "if-modified-since": last_modified}
    return {name: value for name, value in wanted.items() if value and _sendable(value)}


def _sendable(value: str) -> bool:
    return len(value) <= MOST_VALIDATOR and value.isprintable() and value.isascii()


def variant(headers: Mapping[str, str], request: Mapping[str, str]) -> str:
    """Which of an address's variants an answer is: a hash over the request headers that its Vary names ("" for none).

    Validators belong to one variant (RFC 9111, section 4.1): after a change of User-Agent the next question is unconditional.
    """
    named = _varies_on(headers) if "vary" in headers else ()
    if not named:
        return ""
    values = [f"{name}:{request.get(name, '')}" for name in named]
    return ",".join(named) + " " + hashlib.sha256("\n".join(values).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def same_variant(known: str, request: Mapping[str, str]) -> bool:
    """Whether a request with these headers would get the variant that is known."""
    if not known:
        return True
    named = known.partition(" ")[0]
    return named != "*" and variant({"vary": named}, request) == known


def _varies_on(headers: Mapping[str, str]) -> tuple[str, ...]:
    names = sorted({name.strip().lower() for name in headers.get("vary", "")[:MOST_VALIDATOR].split(",")} - {""})
    return ("*",) if "*" in names else tuple(names)
