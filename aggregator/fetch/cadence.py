"""When a source is asked next: a pure function of what it did and of the clock."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.fetch.freshness import http_date
from aggregator.fetch.rhythm import ages_of, daily, expected, turnover

LONGEST_BACK_OFF = timedelta(days=1)  # a failing source is slowed down, and never switched off
ORDINARY = 4.0  # new a day: what the operator's interval is meant for; see _alive
QUIET = timedelta(days=7)  # a holiday is no silence
SILENT = timedelta(days=30)  # after so long, a source is asked as seldom as silence can bring about
MOST_RELAXED = 6.0  # intervals: with 10 minutes, an hour
LONGEST_WINDOW = timedelta(days=3650)  # no sum may overflow
WELL_INSIDE = 3  # questions in the time in which a listing is replaced
JITTER = 0.1  # the most that is added, so that many sources do not ask in step
NONE = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What `feeds.toml` allows."""

    interval: timedelta
    min_interval: timedelta
    max_interval: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the store knows of a source."""

    arrivals: Sequence[int] = ()  # when its entries were first seen, seconds since 1970 UTC; without those of the first poll
    window: timedelta | None = None  # from the oldest to the newest entry of the newest listing
    listed: int = 0  # entries in it
    fresh: int = 0  # of these, how many were new or revised
    ttl: timedelta | None = None  # what the feed itself asks for
    failures: int = 0  # in a row, the last poll included
    first: bool = False  # the last poll was the first good one
    reached: bool = True  # the newest listing reached back to what was known before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the last answer asked for."""

    retry_after: timedelta | None = None
    fresh_for: timedelta | None = None  # by Cache-Control or Expires


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When, and why then."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class _Wait:
    wait: timedelta
    why: str
    most: timedelta = timedelta.max  # jitter may not lead beyond


NOTHING_WISHED = Wish()


def next_poll(*, now: datetime, key: str, bounds: Bounds, history: History, wish: Wish = NOTHING_WISHED) -> Plan:
    """When to ask next; the same input gives the same time.

    A living source is asked at least at the operator's interval, and sooner the more is expected of it now. Long silence, a
    `ttl` and a promise of freshness make the wait longer; the window goes before that comfort, because what leaves a listing
    unseen is missed. All this stays between `min_interval` and `max_interval`. Failures double the wait up to a day, and
    Retry-After is kept up to a day, whatever else would be sooner.
    """
    plan = _failing(bounds, history.failures) if history.failures > 0 else _working(now, bounds, history, wish)
    asked = min(wish.retry_after or NONE, LONGEST_BACK_OFF)
    if asked > plan.wait:
        plan = _Wait(asked, f"the server asks us to wait {_said(asked)}")
    wait = max(plan.wait, min(plan.wait * (1 + JITTER * share(key)), plan.most))
    return Plan(at=now + wait, why=plan.why)


def share(key: str) -> float:
    """A number from 0 to 1 that belongs to a key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) / 2**32


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """How long the server asks us to wait (RFC 9110, section 10.2.3: seconds or a date), or None; a day at most.

    Of several numbers the largest counts.
    """
    written = headers.get("retry-after", "").strip()
    numbers = [part.strip() for part in written.split(",")]
    if all(number.isascii() and number.isdigit() for number in numbers):
        return min(timedelta(seconds=max(int(number[:9]) for number in numbers)), LONGEST_BACK_OFF)
    moment = http_date(written)
    return min(max(moment - now, NONE), LONGEST_BACK_OFF) if moment is not None else None


def _failing(bounds: Bounds, failures: int) -> _Wait:
    usual = _clamp(bounds.interval, bounds)
    doubled = min(usual, LONGEST_BACK_OFF) * 2 ** min(failures, 20)
    return _Wait(max(usual, min(doubled, LONGEST_BACK_OFF)), f"after {failures} failure{'s' if failures > 1 else ''} in a row")


def _working(now: datetime, bounds: Bounds, history: History, wish: Wish) -> _Wait:
    """By its rhythm, what it asks for, and last, by what could be missed."""
    ages = ages_of(history.arrivals, now.timestamp())
    plan = _alive(ages, bounds)
    for asked, why in ((history.ttl, "the feed asks for"), (wish.fresh_for, "its last answer is fresh for")):
        if asked is not None and asked > plan.wait:
            plan = _Wait(_clamp(asked, bounds), f"{why} {_said(asked)}")
    limit = _limit(ages, bounds, history)
    if limit is None:
        return plan
    # Jitter needs room below the limit, or all sources at their limits would ask in step.
    most, wait = _clamp(limit.wait, bounds), _clamp(limit.wait / (1 + JITTER), bounds)
    says_why = wait < plan.wait or (wait == plan.wait and not history.reached)
    return _Wait(wait, limit.why, most) if says_why else _Wait(plan.wait, plan.why, most)


def _alive(ages: Sequence[float], bounds: Bounds) -> _Wait:
    """The interval, sooner while much is expected, later after weeks of silence.

    With a given number of questions, the mean delay is least when they are spread by the square root of what is expected: over
    the hours of one source, and over all sources. `ORDINARY` a day is where that meets the operator's interval.
    """
    usual = _clamp(bounds.interval, bounds)
    if not ages:
        return _Wait(usual, "no rhythm is known yet")
    silence = timedelta(seconds=ages[0])
    if silence > QUIET:
        relaxed = 1 + (MOST_RELAXED - 1) * min(1.0, (silence - QUIET) / (SILENT - QUIET))
        return _Wait(_clamp(usual * relaxed, bounds), f"nothing new for {silence.days} days")
    wait = _clamp(usual * min(1.0, (ORDINARY / max(expected(ages), 1e-6)) ** 0.5), bounds)
    return _Wait(wait, _said_of_rhythm(daily(ages)) + (", and more of them at this time" if 2 * wait < usual else ""))


def _limit(ages: Sequence[float], bounds: Bounds, history: History) -> _Wait | None:
    """How long a listing may be left alone before something could leave it unseen."""
    limits = []
    if history.listed > 1 and history.window is not None and history.window > NONE:
        limits.append(
            _Wait(_by_window(min(history.window, LONGEST_WINDOW), ages, bounds), f"the listing holds {_said(history.window)}")
        )
    if history.listed > 1 and not history.first:
        burst = 2 * history.fresh >= history.listed or not history.reached
        seconds = turnover(ages, history.listed, burst=burst)
        if seconds is not None:
            why = (
                "the last listing did not reach back to what was known"
                if not history.reached
                else "most of the last listing was new"
                if burst
                else f"{_said_of_rhythm(daily(ages))} in a listing of {history.listed}"
            )
            limits.append(_Wait(timedelta(seconds=seconds) / WELL_INSIDE, why))
    return min(limits, key=lambda limit: limit.wait, default=None)


def _by_window(window: timedelta, ages: Sequence[float], bounds: Bounds) -> timedelta:
    """A third of the window. Ten statements of five minutes must not make a silent week-end of two-minute polls: what has been
    quiet since lengthens a window, but no further than to the interval, so that a `ttl` still finds it in its way."""
    strict = window / WELL_INSIDE
    if not ages:
        return strict
    return max(strict, min((window + timedelta(seconds=ages[0])) / WELL_INSIDE, _clamp(bounds.interval, bounds)))


def _clamp(wait: timedelta, bounds: Bounds) -> timedelta:
    return max(bounds.min_interval, min(wait, bounds.max_interval))


def _said_of_rhythm(new_a_day: float) -> str:
    return f"about {new_a_day:.0f} new a day" if new_a_day >= 1 else "less than one new a day"


def _said(wait: timedelta) -> str:
    minutes = round(wait.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{round(minutes / 60)} h" if minutes < 2880 else f"{round(minutes / 1440)} days"
