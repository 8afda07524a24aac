"""Times as sources write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aggregator.model import ZoneKnown
from aggregator.text.html import fold
from aggregator.text.written import read_written

YEARS = range(1990, 2101)
ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ]+(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.IGNORECASE,
)
USUAL_RFC = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2}) ([A-Z][a-z]{2}) ([12][0-9]{3}) ([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?"
    " (GMT|UTC|[+-][0-9]{4})"
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
MONTHS = {name: number for number, name in enumerate(_MONTHS.split(), 1)}
_TAIL = r"(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})" + _TAIL, re.IGNORECASE)  # ISO 8601, basic form
WEEK = re.compile(r"(\d{4})-?W(\d{2})-?([1-7])" + _TAIL, re.IGNORECASE)
ORDINAL = re.compile(r"(\d{4})-?(\d{3})()" + _TAIL, re.IGNORECASE)
EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}")
LONGEST = 100  # characters of a written time; what is longer is none
WIDEST = timedelta(hours=14)  # from UTC: Kiritimati; a wider offset is a fault, and the time is not to be trusted


class WrittenTime(NamedTuple):
    """A time as a source wrote it, understood."""

    moment: datetime  # UTC; the first moment of the day where only the day is known
    known: ZoneKnown
    day_only: bool


class _Wall(NamedTuple):
    """A time by the clock on the wall; its zone is the next question."""

    at: datetime | None  # without a zone; None where the calendar or the clock has no such time
    offset: timedelta | None  # from UTC, as written
    zone: str = ""  # the name that stands for the offset, in small letters; "" for figures
    day_only: bool = False


def read_time(written: str, *, zone: ZoneInfo | None = None, language: str = "", epoch: bool = False) -> WrittenTime | None:
    """Read a time in the forms of RFC 822, 2822, 3339, ISO 8601 and people (English, French, German, Russian, Ukrainian).

    Without a written zone, `zone` (the source's) is used, else UTC. Where `zone` is given and the written offset is neither
    zero nor one that the zone has at that wall time, the wall time is believed and the offset is not: kremlin.ru writes Moscow
    time with +04:00, and some write EST in July. A wall time that the zone skips is read with the offset before the gap, one
    that it has twice as the first. `language` (BCP 47) decides what 6/1/2026 is; where neither it nor a zone of Europe tells,
    that is no time. `epoch` lets a bare number be seconds or milliseconds since 1970.

    None for what cannot be read, lies outside 1990–2100, has no day, or has an offset that no place on earth has.
    """
    text = " ".join(written[: 4 * LONGEST].split())
    if len(text) > LONGEST:
        return None
    wall = _usual_rfc(text) or _iso(text)
    if wall is None:
        if epoch and EPOCH.fullmatch(text):
            return _since_1970(text)
        wall = _compact(text) or _by_people(text, zone, language)
    return None if wall is None or wall.at is None else _placed(wall, wall.at, zone)


def parse_time(written: str, *, zone: ZoneInfo | None = None) -> tuple[datetime | None, ZoneKnown]:
    """`read_time` for those who ask for the moment and how its zone was known; (None, …) for no time."""
    found = read_time(written, zone=zone)
    return (None, ZoneKnown.NONE) if found is None else (found.moment, found.known)


def written_offset(written: str) -> str:
    """The offset from UTC that a written time carries in figures, as `+03:00`; "" where it has none, or one of no place."""
    text = " ".join(written[: 4 * LONGEST].split())
    wall = (_usual_rfc(text) or _iso(text)) if len(text) <= LONGEST else None
    offset = wall.offset if wall is not None else None
    if not offset or abs(offset) > WIDEST:
        return ""
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _placed(wall: _Wall, at: datetime, zone: ZoneInfo | None) -> WrittenTime | None:
    """A wall time in its zone."""
    offset = wall.offset
    if at.year not in YEARS:
        return None
    if offset is None:
        known = ZoneKnown.NONE if zone is None else ZoneKnown.SOURCE
        return WrittenTime(at.replace(tzinfo=zone or UTC).astimezone(UTC), known, wall.day_only)
    if offset:
        if abs(offset) > WIDEST:
            return None
        if zone is not None and _contradicts(wall, at, zone):
            return WrittenTime(at.replace(tzinfo=zone).astimezone(UTC), ZoneKnown.SOURCE, wall.day_only)
        at -= offset
    return WrittenTime(at.replace(tzinfo=UTC), ZoneKnown.OFFSET, wall.day_only)


def _contradicts(wall: _Wall, at: datetime, zone: ZoneInfo) -> bool:
    """Whether a written offset is one that the zone does not have at that wall time, in which there may be two.

    A name of another zone is no contradiction: who writes EST means it.
    """
    if wall.offset in {at.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}:
        return False
    if not wall.zone:
        return True
    names = {at.replace(month=month, day=1, tzinfo=zone).tzname() for month in (1, 7)}
    return wall.zone.upper() in names


def _at(day: tuple[int, int, int], hour: int = 0, minute: int = 0, second: int = 0) -> datetime | None:
    """A wall time, or None where there is none. A leap second is the second before it, 24:00 the next day."""
    next_day = (hour, minute, second) == (24, 0, 0)
    try:
        at = datetime(*day, 0 if next_day else hour, minute, 59 if second == 60 else second)  # noqa: DTZ001 - its zone is the next question
        return at + timedelta(days=1) if next_day else at
    except (ValueError, OverflowError):
        return None


def _usual_rfc(text: str) -> _Wall | None:
    """What nine in ten feeds write, in a fraction of the time that all other forms take; None for those."""
    found = USUAL_RFC.fullmatch(text)
    if found is None or found[2] not in MONTHS:
        return None
    day, month, year, hour, minute, second, zone = found.groups()
    return _Wall(_at((int(year), MONTHS[month], int(day)), int(hour), int(minute), int(second or 0)), _offset(zone))


def _iso(text: str) -> _Wall | None:
    found = ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    at = _at((int(year), int(month), int(day)), int(hour or 0), int(minute or 0), int(second or 0))
    return _Wall(at, _offset(zone), "", hour is None)


def _by_people(text: str, zone: ZoneInfo | None, language: str) -> _Wall | None:
    european = zone is not None and zone.key.startswith("Europe/")
    parts = read_written(fold(text), language=language, european=european)
    if parts is None:
        return None
    return _Wall(_at(parts.day, *(parts.clock or ())), parts.offset, parts.zone, parts.clock is None)


def _compact(text: str) -> _Wall | None:
    """The rarer forms of ISO 8601: 20220224T162500Z, 2026-W02-2, 2026-006."""
    for pattern in (COMPACT, WEEK, ORDINAL):
        found = pattern.fullmatch(text)
        if found is not None:
            year, first, second, hour, minute, seconds, zone = found.groups()
            day = _day_of(pattern, int(year), int(first), int(second or 0))
            at = None if day is None else _at(day, int(hour or 0), int(minute or 0), int(seconds or 0))
            return _Wall(at, _offset(zone), "", hour is None)
    return None


def _day_of(pattern: re.Pattern[str], year: int, first: int, second: int) -> tuple[int, int, int] | None:
    try:
        if pattern is WEEK:
            day = date.fromisocalendar(year, first, second)
        elif pattern is ORDINAL:
            day = date(year, 1, 1) + timedelta(days=first - 1)
        else:
            return year, first, second
    except (ValueError, OverflowError):
        return None
    return (day.year, day.month, day.day) if day.year == year or pattern is WEEK else None


def _offset(zone: str | None) -> timedelta | None:
    if zone is None:
        return None
    digits = zone.replace(":", "")
    if digits[0] not in "+-":
        return timedelta()
    offset = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5] or 0))
    return -offset if digits[0] == "-" else offset


def _since_1970(text: str) -> WrittenTime | None:
    seconds = int(text) / 1000 if len(text) == 13 else float(text)
    moment = datetime.fromtimestamp(int(seconds), UTC)
    return WrittenTime(moment, ZoneKnown.OFFSET, day_only=False) if moment.year in YEARS else None
