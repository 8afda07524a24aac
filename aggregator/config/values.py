"""Values that `feeds.toml` writes as text: durations, sizes, zones, addresses, days."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from aggregator.config.tables import AfterValidator, BeforeValidator, Field, WithJsonSchema

# Also the patterns of the schema: ECMA 262 and Python read them alike.
DURATION = r"^(?=[0-9])(?:([0-9]{1,9})d ?)?(?:([0-9]{1,9})h ?)?(?:([0-9]{1,9})m ?)?(?:([0-9]{1,9})s)?$"
SIZE = r"^([0-9]{1,12}(?:\.[0-9]{1,3})?) ?([KkMmGg]?[Bb])?$"
ROOM = r"^([0-9]{1,12}(?:\.[0-9]{1,3})?) ?([KkMmGgTt]?[Bb])?$"
MOST_BYTES = 1_000_000_000_000  # beyond any answer; a number that every place can hold
MOST_ROOM = 999_999_999_999_000  # bytes of a disk
LONGEST = timedelta(days=366)  # far beyond use, and far from where sums of times overflow
FOREVER, WRITTEN_FOREVER = timedelta.max, "forever"
LONGEST_KEPT = timedelta(days=36_500)
LEAST_KEPT = 100_000  # bytes of snapshots: less would be gone before anybody has looked
SHORTEST_KEPT = timedelta(hours=1)  # well beyond the longest poll: what it brings is stored before it can have grown old
MOST_PORT = 65535
KEY_PREFIX = "whsec_"  # of a secret that is written as Standard Webhooks has it
UNITS = {"B": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000}


def nearest(found: str, allowed: Iterable[str]) -> str:
    """` Did you mean 'feed'?` where one of the allowed spellings is near, else nothing."""
    import difflib  # noqa: PLC0415 - for what is mistaken alone

    near = difflib.get_close_matches(found, list(allowed), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


def duration(value: Any) -> timedelta:
    """`"1h30m"` as a timedelta, at most a year."""
    return _duration(value, most=LONGEST, examples='"90s", "10m", "2h", "1d" or "1h30m"')


def _duration(value: Any, *, most: timedelta, examples: str) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(DURATION, value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"write a duration such as {examples}")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    whole = 86400 * days + 3600 * hours + 60 * minutes + seconds
    if whole > most.total_seconds():
        raise ValueError(f"too long: at most {most.days}d")
    return timedelta(seconds=whole)


def some_time(value: Any) -> timedelta:
    """A duration that is not zero: a service that waits for nothing would ask without end."""
    wait = duration(value)
    if not wait:
        raise ValueError('write a duration above zero, such as "10m"')
    return wait


def keeping(value: Any) -> timedelta:
    """How long something is kept: a duration of an hour to a hundred years, or `FOREVER`."""
    if value == WRITTEN_FOREVER:
        return FOREVER
    kept = _duration(value, most=LONGEST_KEPT, examples=f'"90d" or "365d", or "{WRITTEN_FOREVER}"')
    if kept < SHORTEST_KEPT:
        raise ValueError(f'too short: at least {written(SHORTEST_KEPT)}; "{WRITTEN_FOREVER}" keeps everything')
    return kept


def written(wait: timedelta) -> str:
    """A duration as `feeds.toml` has it: `1h30m`."""
    if wait == FOREVER:
        return WRITTEN_FOREVER
    seconds = int(wait.total_seconds())
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s")]
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def size(value: Any) -> int:
    """`"10 MB"` in bytes; a plain number counts bytes."""
    found = re.fullmatch(SIZE, value) if isinstance(value, str) else None
    if found is not None:
        value = int(Decimal(found[1]) * UNITS[(found[2] or "B").upper()])
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_BYTES:
        raise ValueError('write a size such as "10 MB", or a number of bytes')
    return value


def room(value: Any) -> int:
    """Room on a disk: `"20 GB"` or `"2TB"` in bytes; a plain number counts bytes."""
    found = re.fullmatch(ROOM, value) if isinstance(value, str) else None
    if found is not None:
        value = int(Decimal(found[1]) * UNITS[(found[2] or "B").upper()])
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_ROOM:
        raise ValueError('write a size such as "20 GB", or a number of bytes')
    return value


def room_kept(value: Any) -> int:
    """How much may be kept: as `room`, and something."""
    kept = room(value)
    if kept < LEAST_KEPT:
        raise ValueError(f"too small: at least {LEAST_KEPT // 1_000} KB; without this key there is no limit")
    return kept


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone(value: Any) -> ZoneInfo:
    """A zone of the IANA time zone database by its name."""
    if isinstance(value, ZoneInfo):
        return value
    if not _zones():
        raise ValueError("no time zone data is found on this machine: install it (pip install tzdata), then try again")
    if not isinstance(value, str) or value not in _zones():
        raise ValueError(f'write a zone of the IANA database such as "Europe/Kyiv".{_nearest_zone(str(value))}')
    return ZoneInfo(value)


def _nearest_zone(found: str) -> str:
    by_city = {name.rpartition("/")[2].casefold(): name for name in sorted(_zones(), reverse=True)}
    city = by_city.get(found.casefold())
    return f" Did you mean {city!r}?" if city else nearest(found, _zones())


def web_url(value: Any) -> str:
    """An absolute http(s) address (RFC 3986) without a name or password."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        good = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
        parts = None
    if parts is None or not good or not value.isprintable() or " " in value:
        raise ValueError("write a whole address that starts with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError("an address must not hold a name or password")
    return str(value)


def web_url_or_none(value: Any) -> str:
    """An address as `web_url` takes it, or "" for none."""
    return "" if value == "" else web_url(value)


def proxy(value: Any) -> str:
    """The address of an http(s) proxy. One with a login stands in an environment variable, named `$NAME`: never in the file."""
    if not isinstance(value, str) or not value.startswith("$"):
        return web_url(value)
    name = value[1:]
    address = os.environ.get(name)
    if address is None:
        raise ValueError(f"no environment variable is called {name!r}; set it, or write the proxy's address")
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"the environment variable {name!r} holds no address that starts with http:// or https://")
    return address


def secret(value: Any) -> str:
    """A secret stands in an environment variable, named `$NAME`: never in the file."""
    if not isinstance(value, str) or not value.startswith("$"):
        raise ValueError("a secret stays out of this file: set an environment variable, and write $ with its name")
    found = os.environ.get(value[1:], "")
    if not found.strip():
        raise ValueError(f"no environment variable is called {value[1:]!r}; set it before the service starts")
    return found.strip()


def target(value: Any) -> str:
    """The address of a target: one without a secret as it is, another in an environment variable, named `$NAME`."""
    if isinstance(value, str) and value.startswith("$"):
        return secret(value)
    if not isinstance(value, str) or "://" not in value or not value.isprintable() or " " in value:
        raise ValueError(
            "write a whole address such as https://www.example.org/hook, or $ with the name of a variable that holds it"
        )
    if "@" in urlsplit(value).netloc:
        raise ValueError(
            "an address with a name or password stays out of this file: write $ with the name of a variable that holds it"
        )
    return value


def listening(value: Any) -> str:
    """Where the site is served: HOST:PORT, or "" for nowhere."""
    if value == "":
        return ""
    host, _, port = value.rpartition(":") if isinstance(value, str) else ("", "", "")
    if not host or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > MOST_PORT:
        raise ValueError('write a host and a port such as "127.0.0.1:8600", or "" to serve nothing')
    return str(value)


def is_loopback(listen: str) -> bool:
    """Whether HOST:PORT can be reached from this machine alone."""
    host = listen.rpartition(":")[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def quiet_hours(value: Any) -> str:
    """`22:00-07:00`: when nobody is to be disturbed; "" for never."""
    found = re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", value) if isinstance(value, str) else None
    if value != "" and found is None:
        raise ValueError('write two times of a day such as "22:00-07:00"')
    if value and value[:5] == value[6:]:
        raise ValueError("it begins and ends at the same time; to tell nobody at all, write enabled = false")
    return str(value)


def signing_key(secret: str) -> bytes:
    """The key of a webhook's secret: what `whsec_` stands before, in base64 (Standard Webhooks), or else its bytes as they are.

    Raises ValueError where that is no base64, or empty.
    """
    if not secret.startswith(KEY_PREFIX):
        return secret.encode()
    try:
        key = base64.b64decode(secret.removeprefix(KEY_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError(f"what follows {KEY_PREFIX} in it is no base64") from error
    if not key:
        raise ValueError(f"nothing follows {KEY_PREFIX} in it")
    return key


def reference(value: str) -> str:
    """A regular expression in RE2's syntax with one group, or "" for none.

    RE2 takes time in proportion to the text, whatever the expression: addresses are a stranger's.
    """
    if not value:
        return ""
    import re2  # noqa: PLC0415 - as in `compiled`

    try:
        groups = compiled(value).groups
    except re2.error as error:
        said = error.args[0].decode() if isinstance(error.args[0], bytes) else error
        raise ValueError(f"not a regular expression of RE2 ({said})") from error
    if groups != 1:
        raise ValueError(f"it has {groups} groups; write one, around the number, such as '-(\\d+)$'")
    return value


@lru_cache(maxsize=1024)
def compiled(expression: str) -> Any:
    """A regular expression, ready to search. Raises `re2.error`."""
    import re2  # noqa: PLC0415 - a large library, and few configurations hold an expression

    options = re2.Options()
    options.log_errors = False
    return re2.compile(expression, options)


def table_of_url(value: Any) -> Any:
    """A bare address stands for a table that holds nothing else."""
    return {"url": value} if isinstance(value, str) else value


def waits_by_lane(value: Any) -> Any:
    """One duration stands for a table with the same one for each lane."""
    if isinstance(value, dict):
        return value
    wait = duration(value)
    return {"primary": wait, "reporting": wait}


def contact(value: str) -> str:
    """An e-mail address or the address of a page, or "". It goes into a header, so it is plain ASCII in one line."""
    if not value or (re.fullmatch(r"[^@\s:/]+@[^@\s:/]+", value) and value.isascii() and value.isprintable()):
        return value
    try:
        if value.isascii():
            return web_url(value)
    except ValueError:
        pass
    raise ValueError("write an e-mail address or the address of a page about you")


def folder(value: Any) -> Path:
    """A path of the file system."""
    if not isinstance(value, str | Path) or not str(value).isprintable() or value == "":
        raise ValueError('write the path of a folder in quotes, such as "storage"')
    return Path(value)


def start_day(value: Any) -> datetime:
    """A day as its first moment in UTC; a time must name its offset."""
    if isinstance(value, datetime):
        return _aware(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise ValueError("write a day without quotes, such as 2025-08-08")


def end_day(value: Any) -> datetime:
    """A day as the first moment after it, in UTC; a time must name its offset."""
    if not isinstance(value, date) or isinstance(value, datetime):
        return start_day(value)
    if value == date.max:
        raise ValueError("it has no day after it; leave `until` out for a story without an end")
    return start_day(value) + timedelta(days=1)


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time must name its offset, such as 2025-08-08T12:00:00Z")
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("in UTC it lies outside the years 1 to 9999") from error


def _as(kind: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": kind, "examples": [example]})


_DAY = WithJsonSchema(
    {
        "type": "string",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "examples": ["2025-08-08"],
        "description": "A TOML date or time, without quotes.",
    }
)
_SIZE = WithJsonSchema(
    {"anyOf": [{"type": "string", "pattern": SIZE}, {"type": "integer", "minimum": 1}], "examples": ["10 MB"]}
)
_ROOM = WithJsonSchema(
    {"anyOf": [{"type": "string", "pattern": ROOM}, {"type": "integer", "minimum": 0}], "examples": ["20 GB"]}
)

Wait = Annotated[timedelta, BeforeValidator(duration), _as(DURATION, "10m")]  # "0s" is allowed
Duration = Annotated[timedelta, BeforeValidator(some_time), _as(DURATION, "10m")]
Keeping = Annotated[timedelta, BeforeValidator(keeping), _as(f"^{WRITTEN_FOREVER}$|{DURATION}", "365d")]
Size = Annotated[int, BeforeValidator(size), _SIZE]
Room = Annotated[int, BeforeValidator(room), _ROOM]
RoomKept = Annotated[int, BeforeValidator(room_kept), _ROOM]
Zone = Annotated[ZoneInfo, BeforeValidator(zone), _as("^[A-Za-z]", "Europe/Kyiv")]
WebUrl = Annotated[str, BeforeValidator(web_url), _as("^https?://", "https://example.org/feed.xml")]
WebUrlOrNone = Annotated[str, BeforeValidator(web_url_or_none), _as("^$|^https?://", "https://example.org/")]
Contact = Annotated[str, AfterValidator(contact)]
Folder = Annotated[Path, BeforeValidator(folder), WithJsonSchema({"type": "string", "minLength": 1})]
FromDay = Annotated[datetime, BeforeValidator(start_day), _DAY]
UntilDay = Annotated[datetime, BeforeValidator(end_day), _DAY]
Proxy = Annotated[
    str, BeforeValidator(proxy), WithJsonSchema({"type": "string", "examples": ["http://127.0.0.1:3128", "$PROXY"]})
]
Secret = Annotated[str, BeforeValidator(secret), WithJsonSchema({"type": "string", "pattern": "^\\$.", "examples": ["$TOKEN"]})]
Target = Annotated[
    str, BeforeValidator(target), WithJsonSchema({"type": "string", "examples": ["https://example.org/hook", "$HOOK"]})
]
Listening = Annotated[str, BeforeValidator(listening), WithJsonSchema({"type": "string", "examples": ["127.0.0.1:8600"]})]
QuietHours = Annotated[str, BeforeValidator(quiet_hours), WithJsonSchema({"type": "string", "examples": ["22:00-07:00"]})]
HostName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:\[\]-]+$", max_length=253, examples=["192.168.0.10"])]
Reference = Annotated[str, AfterValidator(reference), WithJsonSchema({"type": "string", "examples": [r"-(\d+)$"]})]
