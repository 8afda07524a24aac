"""Dates and times of day in running text, in any order and in nine languages."""

from __future__ import annotations

import re

from aggregator.text.facttokens import Reading, Tokens
from aggregator.text.numberwords import word_set
from aggregator.text.written import DAY_FIRST, MONTH_FIRST

LINKS = word_set("of de del di d the")  # 24th of February, 24 de febrero
BETWEEN = word_set("and und et y e ed en i и і й та to bis au à al a tot do до по")
IN_MONTH = word_set("in im en w we в во у during since a nel nello")
YEAR_DIGITS = 4


def read_date(tokens: Tokens, at: int) -> Reading | None:
    token = tokens[at]
    if token.figure:
        return _numeric_date(tokens, at) or _days_before_month(tokens, at)
    if token.meaning is not None and token.meaning.month:
        return _month_first(tokens, at, token.meaning.month)
    return None


def _numeric_date(tokens: Tokens, at: int) -> Reading | None:
    written = tokens[at].written
    parts, after, sign = written.split("."), at + 1, "."
    if written.isdigit() and at + 2 < len(tokens) and tokens.gap(at + 1) in ("-", "/", ". "):
        sign = tokens.gap(at + 1)
        after = at + 3
        if tokens.gap(at + 2) != sign:
            return None
        parts = [tokens[place].written for place in range(at, after)]
    if len(parts) != 3 or not all(part.isdigit() and len(part) <= YEAR_DIGITS for part in parts):
        return None
    day = _in_calendar(tokens, [int(part) for part in parts], [len(part) for part in parts], sign)
    return None if day is None else ([tokens.fact("date", day, at, after)], after)


def _in_calendar(tokens: Tokens, numbers: list[int], lengths: list[int], sign: str) -> str | None:
    first, second, third = numbers
    if lengths[0] == YEAR_DIGITS:
        return _day(third, second, first)
    if lengths[2] == 2 and sign.startswith("."):
        third += 2000 if third < 50 else 1900
    elif lengths[2] != YEAR_DIGITS:
        return None
    base = tokens.tag.partition("-")[0]
    month_first = tokens.tag in MONTH_FIRST or (tokens.tag == "en" and second > 12)
    if sign.startswith(".") or first > 12 or tokens.tag in DAY_FIRST or (base in DAY_FIRST and not month_first):
        return _day(first, second, third)
    return _day(second, first, third) if month_first or second > 12 or first == second else None


def _days_before_month(tokens: Tokens, at: int) -> Reading | None:
    """ "24 February 2022", "24th of February", "24–26 февраля", "1er et 2 mars": the days share the month."""
    days: list[tuple[int, int, int]] = []
    place = at
    while len(days) < 6:
        token = tokens.get(place)
        if token is None or not token.figure or not token.written.isdigit() or not 1 <= int(token.written[:3]) <= 31:
            return None
        after = tokens.past_suffix(place + 1)
        days.append((int(token.written), place, after))
        month = _month_at(tokens, after)
        if month is not None:
            number, after = month
            return _with_year(tokens, days, number, after)
        place = _past_connector(tokens, after)
        if place == after and not re.fullmatch(r"\.? ?[-,/] ?", tokens.gap(after)):
            return None
    return None


def _past_connector(tokens: Tokens, at: int) -> int:
    token = tokens.get(at)
    if token is None or token.low not in BETWEEN or tokens.gap(at) not in (" ", ". ", ", "):
        return at
    after = tokens.get(at + 1)
    german = after is not None and after.low in ("zum", "den", "al", "au")
    return at + 2 if german else at + 1


def _month_at(tokens: Tokens, at: int) -> tuple[int, int] | None:
    token = tokens.get(at)
    for _ in range(2):
        if token is not None and token.low in LINKS and tokens.gap(at) in (" ", "  "):
            at += 1
            token = tokens.get(at)
    if token is None or token.meaning is None or not token.meaning.month:
        return None
    return (token.meaning.month, at + 1) if tokens.gap(at) in (" ", ". ", "-", ".", "", "'") else None


def _with_year(tokens: Tokens, days: list[tuple[int, int, int]], month: int, after: int) -> Reading | None:
    year, end = _year_at(tokens, after)
    found = []
    for number, (day, first, last) in enumerate(days):
        value = _day(day, month, year)
        if value is None:
            return None
        found.append(tokens.fact("date", value, first, end if number == len(days) - 1 else last))
    return found, end


def _year_at(tokens: Tokens, at: int) -> tuple[int, int]:
    """The year that stands here, and what follows it; 0 where none does."""
    token = tokens.get(at)
    gap = tokens.gap(at)
    if token is not None and token.low in ("de", "del", "of") and gap == " ":
        at, token, gap = at + 1, tokens.get(at + 1), tokens.gap(at + 1)
    if token is None or not token.figure or not is_year(token.written) or not re.fullmatch(r"[.,]{0,2} |[-/.]", gap):
        return 0, at
    return int(token.written), at + 1


def _month_first(tokens: Tokens, at: int, month: int) -> Reading | None:
    """ "February 24, 2022", "Feb. 24–26", "February 2022", "in March"."""
    token = tokens.get(at + 1)
    if token is not None and token.low == "the":
        return None
    year, after = _year_at(tokens, at + 1)
    if year:
        return [tokens.fact("date", f"{year:04}-{month:02}", at, after)], after
    if token is not None and token.figure and tokens.gap(at + 1) in (" ", ". ", "-") and _is_day(tokens, at + 1):
        return _days_after_month(tokens, at, month)
    before = tokens.get(at - 1)
    sure = before is not None and before.low in IN_MONTH and tokens.gap(at) == " " and len(tokens[at].low) > 2
    if sure and (tokens.language not in ("en", "") or tokens[at].written[0].isupper()):
        return [tokens.fact("date", f"--{month:02}", at, at + 1)], at + 1
    return None


def _is_day(tokens: Tokens, at: int) -> bool:
    written = tokens[at].written
    return len(written) <= 2 and written.isdigit() and 1 <= int(written) <= 31 and tokens.gap(at + 1) != ":"


def _days_after_month(tokens: Tokens, at: int, month: int) -> Reading | None:
    first, after = at, tokens.past_suffix(at + 2)
    days = [(int(tokens[at + 1].written), first, after)]
    other = tokens.get(after)
    if other is not None and other.figure and tokens.gap(after) in ("-", " - ") and _is_day(tokens, after):
        days.append((int(other.written), after, tokens.past_suffix(after + 1)))
        after = days[-1][2]
    return _with_year(tokens, days, month, after)


def read_time(tokens: Tokens, at: int) -> Reading | None:
    token = tokens[at]
    if not token.figure or len(token.written) > 5:
        return None
    hour, _, minute = token.written.partition(".")
    after, sure = at + 1, False
    following = tokens.get(after)
    if not minute and following is not None and tokens.gap(after) == ":" and re.fullmatch(r"\d\d(?:\.\d+)?", following.written):
        minute, after, sure = following.written[:2], after + 1, True
        if tokens.gap(after) == ":" and tokens[after].figure:
            after += 1
    minute, after, said = _hour_word(tokens, minute, after)
    half, after = _half(tokens, after)
    if not (sure or said or half) or not hour.isdigit() or (minute and not re.fullmatch(r"\d\d", minute)):
        return None
    clock = _clock(int(hour), int(minute or 0), half)
    return None if clock is None else ([tokens.fact("time", clock, at, after)], after)


def _hour_word(tokens: Tokens, minute: str, at: int) -> tuple[str, int, bool]:
    token = tokens.get(at)
    if token is None or token.low not in ("h", "uhr", "uur", "heures") or tokens.gap(at) not in ("", " "):
        return minute, at, False
    after = tokens.get(at + 1)
    if not minute and after is not None and re.fullmatch(r"\d\d", after.written) and tokens.gap(at + 1) in ("", " "):
        return after.written, at + 2, True
    return minute, at + 1, token.low != "heures" or bool(minute)


def _half(tokens: Tokens, at: int) -> tuple[str, int]:
    token, after = tokens.get(at), tokens.get(at + 1)
    if token is None or tokens.gap(at) not in ("", " "):
        return "", at
    if token.low in ("am", "pm") and (token.low == "pm" or tokens.language in ("en", "")):
        return token.low[0], at + 1
    if token.low in ("a", "p") and after is not None and after.low == "m" and tokens.gap(at + 1) in (".", ". "):
        return token.low, at + 2
    return "", at


def is_year(written: str) -> bool:
    return len(written) == YEAR_DIGITS and written.isdigit() and written[:2] in ("17", "18", "19", "20")


def _day(day: int, month: int, year: int) -> str | None:
    lengths = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not 1 <= month <= 12 or not 1 <= day <= lengths[month - 1]:
        return None
    return f"{year:04}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"


def _clock(hour: int, minute: int, half: str) -> str | None:
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour <= 24 and minute < 60 else None
