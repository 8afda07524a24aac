"""Values that `feeds.toml` writes as text: durations, sizes, zones, addresses, days."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, Field, WithJsonSchema

DURATION = re.compile(r"(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?")
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)?", re.IGNORECASE)
UNITS = {"B": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000}


def nearest(found: str, allowed: Iterable[str]) -> str:
    """` Did you mean 'feed'?` where one of the allowed spellings is near, else nothing."""
    near = difflib.get_close_matches(found, list(allowed), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


def duration(value: Any) -> timedelta:
    """`"1h30m"` as a timedelta."""
    if isinstance(value, timedelta):
        return value
    found = DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or not any(found.groups()):
        raise ValueError('write a duration such as "90s", "10m", "2h", "1d" or "1h30m"')
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    try:
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError as error:
        raise ValueError("too long") from error


def size(value: Any) -> int:
    """`"10 MB"` in bytes."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    found = SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or float(found[1]) <= 0:
        raise ValueError('write a size such as "10 MB", or a number of bytes')
    return int(float(found[1]) * UNITS[(found[2] or "B").upper()])


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone(value: Any) -> ZoneInfo:
    """A zone of the IANA time zone database by its name."""
    if isinstance(value, ZoneInfo):
        return value
    if not isinstance(value, str) or value not in _zones():
        raise ValueError(f'write a zone of the IANA database such as "Europe/Kyiv".{nearest(str(value), _zones())}')
    return ZoneInfo(value)


def web_url(value: Any) -> str:
    """An absolute http(s) address without a name or password."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        good = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
        parts = None
    if parts is None or not good or any(sign.isspace() for sign in str(value)):
        raise ValueError("write a whole address that starts with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError("an address must not hold a name or password")
    return str(value)


def start_day(value: Any) -> datetime:
    """A day as its first moment in UTC; a time must name its offset."""
    if isinstance(value, datetime):
        return _aware(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise ValueError("write a day without quotes, such as 2025-08-08")


def end_day(value: Any) -> datetime:
    """A day as the first moment after it, in UTC; a time must name its offset."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return start_day(value) + timedelta(days=1)
    return start_day(value)


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time must name its offset, such as 2025-08-08T12:00:00Z")
    return value.astimezone(UTC)


def _as(kind: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": kind, "examples": [example]})


_DAY = WithJsonSchema({"type": "string", "examples": ["2025-08-08"], "description": "a TOML date or time, without quotes"})

Duration = Annotated[timedelta, BeforeValidator(duration), _as(r"^(\d+d)?(\d+h)?(\d+m)?(\d+s)?$", "10m")]
Size = Annotated[int, BeforeValidator(size), WithJsonSchema({"type": ["string", "integer"], "examples": ["10 MB"]})]
Zone = Annotated[ZoneInfo, BeforeValidator(zone), _as("^[A-Za-z]", "Europe/Kyiv")]
WebUrl = Annotated[str, BeforeValidator(web_url), _as("^https?://", "https://example.org/feed.xml")]
FromDay = Annotated[datetime, BeforeValidator(start_day), _DAY]
UntilDay = Annotated[datetime, BeforeValidator(end_day), _DAY]
Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:\[\]-]+$", min_length=1, max_length=253)]
