"""Dates as people write them: "24. Februar 2022, 18:00 Uhr", "August 18, 2020, 16:25", "le 1er mars 2024 à 14h30"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from aggregator.text.months import FILLERS, MONTHS, WEEKDAYS, ZONES

WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)?")
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:t(?=\d)|(?!\d))")
YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4})(?!\d)")
SHORT_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})(\.)(\d{1,2})\.(\d{2})(?![\d.:])")
DAY_BEFORE = re.compile(r"(?<![\d:.+])(\d{1,2})(?:st|nd|rd|th|er|re|\.|º|-?го|-?е)?(?:\s(?:of|de))?[\s-]*$")
YEAR_AFTER = re.compile(
    r"\.?(?:[\s,.-]|of\b|de\b)*['’]?(?:(\d{4})(?![\d:])|(\d{2})(?![\d:.h]|\s?(?:uhr|heure|h\b|[ap]\.?\s?m\b)))"
)
DAY_AFTER = re.compile(r"\.?[\s-]*(?:the\s)?(\d{1,2})(?:st|nd|rd|th|er|\.)?(?![\d:])(?:[\s,]*(\d{4})(?![\d:]))?")
YEAR = re.compile(r"(?<![\d:+.-])(\d{4})(?![\d:])")
CLOCK = re.compile(
    r"(?<![\d:.+-])(\d{1,2})(?:\s?(?:[:h]|heures?|uhr)\s?|\.)(\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?(?![\d:])"
    r"(?:\s?([ap])\.?\s?m(?:\.|\b))?"
)
HOUR = re.compile(r"(?<![\d:.+-])(\d{1,2})\s?(?:([ap])\.?\s?m(?:\.|\b)|(?:heures?|uhr|h)\b)")
OFFSET = re.compile(r"(?:\b(?:utc|gmt|ut)\s?)?([+-])(\d{1,2})(?::?(\d{2}))?(?!\d)")
COMMENT = re.compile(r"\([^()]*\)")
DASHES = str.maketrans("−‐‑", "---")

# Where 6/1/2026 is the sixth of January: English says so only with its country.
_DAY_FIRST = """
    be bg ca cs da de el es et fi fr hr it lt lv nb nl no pl pt ro ru sk sl sq sr sv tr uk
    en-gb en-ie en-au en-nz en-in
"""
DAY_FIRST = frozenset(_DAY_FIRST.split())
MONTH_FIRST = frozenset({"en-us"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a written time says, by the clock on the wall."""

    day: tuple[int, int, int]  # year, month, day: not yet known to be a day of the calendar
    clock: tuple[int, int, int] | None  # hour, minute, second; None where only the day is said
    offset: timedelta | None = None  # from UTC, as written; None where none is
    zone: str = ""  # the name that stands for that offset, in small letters; "" for an offset in figures


def read_written(text: str, *, language: str = "", european: bool = False) -> Parts | None:
    """Take a written time apart; None where it is none, says two days or two times of day, or leaves a word unexplained.

    `text` is one line of at most some hundred characters. `language` (BCP 47) and `european` say how to read 6/1/2026; where
    neither does, what could be two days is none.
    """
    text = text.casefold().translate(DASHES)
    found = _numeric_day(text, language.casefold(), european=european) or _named_day(text)
    if found is None:
        return None
    day, rest = found
    clocks = [*CLOCK.finditer(rest)] or [*HOUR.finditer(rest)]
    if len(clocks) > 1:
        return None
    clock, tail = None, ""
    if clocks:
        clock, tail = _clock(clocks[0]), rest[clocks[0].end() :]
        if clock is None:
            return None
        rest = f"{rest[: clocks[0].start()]} ; {tail}"
    return _with_zone(day, clock, rest, tail)


def _numeric_day(text: str, language: str, *, european: bool) -> tuple[tuple[int, int, int], str] | None:
    day_first = _day_first(language, european=european)
    patterns = (YEAR_FIRST, YEAR_LAST, SHORT_YEAR_LAST) if day_first else (YEAR_FIRST, YEAR_LAST)
    found = [(one, match) for one in patterns for match in one.finditer(text)]
    if len(found) != 1:
        return None
    pattern, match = found[0]
    first, sign, second, third = match.groups()
    rest = f"{text[: match.start()]} ; {text[match.end() :]}"
    if pattern is YEAR_FIRST:
        return (int(first), int(second), int(third)), rest
    one, other, year = int(first), int(second), _full_year(third)
    if one > 12 or one == other or sign == "." or day_first:
        return (year, other, one), rest
    if other > 12 or day_first is False:
        return (year, one, other), rest
    return None


def _day_first(language: str, *, european: bool) -> bool | None:
    """Whether the day stands before the month in figures alone; None where that cannot be told."""
    if language in MONTH_FIRST:
        return False
    base = language.partition("-")[0]
    return True if language in DAY_FIRST or base in DAY_FIRST or european else None


def _named_day(text: str) -> tuple[tuple[int, int, int], str] | None:
    named = [word for word in WORD.finditer(text) if word[0] in MONTHS]
    if len(named) == 2 and named[0][0] == "mar":  # mardi
        named = named[1:]
    if len(named) != 1:
        return None
    month, before, after = MONTHS[named[0][0]], text[: named[0].start()], text[named[0].end() :]
    day = DAY_BEFORE.search(before)
    if day is not None:
        before = before[: day.start()]
        year = YEAR_AFTER.match(after)
        after = after if year is None else after[year.end() :]
        written = "" if year is None else year[1] or year[2]
    else:
        day = DAY_AFTER.match(after)
        if day is None:
            return None
        after, written = after[day.end() :], day[2] or ""
    rest = f"{before} ; {after}"
    if not written:
        years = YEAR.findall(rest)
        if len(years) != 1:
            return None
        written, rest = years[0], YEAR.sub(" ; ", rest)
    return (_full_year(written), month, int(day[1])), rest


def _full_year(written: str) -> int:
    year = int(written)
    if year >= 100 or written == "0000":
        return year
    return year + (2000 if year < 50 else 1900)  # RFC 2822, 4.3


def _clock(found: re.Match[str]) -> tuple[int, int, int] | None:
    hour, *rest, half = found.groups()
    minute, second = (int(part or 0) for part in (*rest, None, None)[:2])
    at = int(hour)
    if half == "a" and (at > 12 or not at):
        return None
    if half is not None and at <= 12:  # "14:30 pm" is a slip that says the same
        at = at % 12 + (12 if half == "p" else 0)
    return at, minute, second


def _with_zone(day: tuple[int, int, int], clock: tuple[int, int, int] | None, rest: str, tail: str) -> Parts | None:
    figures = [*OFFSET.finditer(rest)] if clock is not None else []
    if len(figures) > 1:
        return None
    offset = None
    if figures:
        sign, hours, minutes = figures[0].groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        rest = COMMENT.sub(" ", rest[: figures[0].start()] + " ; " + rest[figures[0].end() :])
    if any(sign.isdigit() for sign in rest):
        return None
    words = [word for word in WORD.findall(rest) if word not in FILLERS and word not in WEEKDAYS]
    zones = [word for word in words if word in ZONES]
    unknown = [word for word in words if word not in ZONES]
    if len(zones) > 1 or len(unknown) > 1 or (zones and unknown) or (unknown and not _may_be_a_zone(unknown[0], tail)):
        return None
    if offset is not None or not zones:
        return Parts(day=day, clock=clock, offset=offset)
    return Parts(day=day, clock=clock, offset=ZONES[zones[0]], zone=zones[0])


def _may_be_a_zone(word: str, tail: str) -> bool:
    """Whether a word that is not known may be the name of a zone: some letters right after the time of day."""
    return word.isascii() and 2 <= len(word) <= 5 and tail.strip(" ()") == word
