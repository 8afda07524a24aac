"""When a source is asked next: a pure function of what it did and of the clock."""

from __future__ import annotations

import hashlib
import operator
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.fetch.freshness import http_date

LONGEST_BACK_OFF = timedelta(days=1)  # a failing source is slowed down, and never switched off
DAY = 86_400  # seconds
WEEK = 7 * DAY
QUIET = timedelta(days=3)  # a weekend and a holiday are no silence
RELAX_BY = timedelta(days=6)  # of further silence for each interval that is added
MOST_RELAXED = 6.0  # intervals: after a month
BUSY_OF = 6  # newest arrivals that tell whether a source is busy now
FEWEST_TO_LEARN = 20  # arrivals: of fewer, the time of the day says nothing
HALF_SPAN = 45 * 60  # seconds before and after: what counts as this time of the day
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


def share(key: str) -> float:
    """A number from 0 to 1 that belongs to a key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) / 2**32


NOTHING_WISHED = Wish()


def next_poll(*, now: datetime, key: str, bounds: Bounds, history: History, wish: Wish = NOTHING_WISHED) -> Plan:
    """When to ask next, between `min_interval` and `max_interval`; the same input gives the same time.

    The operator's interval is what a living source is asked at. Its own rhythm makes that shorter, long silence, a `ttl` and a
    promise of freshness make it longer; the window goes before all comfort, because what leaves a listing unseen is missed.
    Failures double the wait up to a day, and Retry-After is kept up to a day, whatever else would be sooner.
    """
    usual = _clamp(bounds.interval, bounds)
    if history.failures > 0:
        longest = max(usual, LONGEST_BACK_OFF)
        wait = min(usual * 2 ** min(history.failures, 20), longest)
        plan = _Wait(wait, f"after {history.failures} failure{'s' if history.failures > 1 else ''} in a row")
    else:
        plan = _by_rhythm(now, bounds, history, wish, usual)
    if wish.retry_after is not None and min(wish.retry_after, LONGEST_BACK_OFF) > plan.wait:
        plan = _Wait(min(wish.retry_after, LONGEST_BACK_OFF), f"the server asks us to wait {_said(wish.retry_after)}")
    most = plan.most if plan.most is not None else plan.wait * (1 + JITTER)
    return Plan(at=now + min(plan.wait * (1 + JITTER * share(key)), max(most, plan.wait)), why=plan.why)


@dataclass(frozen=True, slots=True)
class _Wait:
    wait: timedelta
    why: str
    most: timedelta | None = None  # jitter may not lead beyond


def _by_rhythm(now: datetime, bounds: Bounds, history: History, wish: Wish, usual: timedelta) -> _Wait:
    second = int(now.timestamp())
    arrivals = sorted((at for at in history.arrivals if at <= second), reverse=True)
    plan = _alive(second, arrivals, bounds, usual)
    for asked, why in ((history.ttl, "the feed asks for"), (wish.fresh_for, "its last answer is fresh for")):
        if asked is not None and asked > plan.wait:
            plan = _Wait(_clamp(asked, bounds), f"{why} {_said(asked)}")
    limit = _limit(second, arrivals, bounds, history)
    if limit is not None and limit.wait < plan.wait:
        return _Wait(_clamp(limit.wait, bounds), limit.why, most=_clamp(limit.wait, bounds))
    return plan


def _alive(now: int, arrivals: Sequence[int], bounds: Bounds, usual: timedelta) -> _Wait:
    """By the rhythm that was learnt: sooner for a busy source, later for one that has been silent for days."""
    if not arrivals:
        return _Wait(usual, "no rhythm is known yet")
    silence = timedelta(seconds=now - arrivals[0])
    if silence > QUIET:
        relaxed = usual * min(MOST_RELAXED, 1 + (silence - QUIET) / RELAX_BY)
        return _Wait(_clamp(relaxed, bounds), f"nothing new for {silence.days} days")
    usual = _clamp(usual / _liveliness(arrivals, now) ** 0.5, bounds)
    busy = _gap_between(arrivals[:BUSY_OF], now)
    daily = bisect_left(arrivals, WEEK - now, key=operator.neg) / 7
    said = f"about {daily:.0f} new a day" if daily >= 1 else "less than one new a day"
    if busy is not None and busy / 2 < usual:
        return _Wait(_clamp(busy / 2, bounds), f"{said}, and more of them now")
    return _Wait(usual, said)


def _liveliness(arrivals: Sequence[int], now: int) -> float:
    """How many times as many arrivals as on average fall into this time of the day, at least 1.

    To spread questions by the square root of the rate makes the mean delay least for their number.
    """
    if len(arrivals) < FEWEST_TO_LEARN:
        return 1.0
    # The time of the day of each, counted from the beginning of this span.
    near = sum((at - now + HALF_SPAN) % DAY <= 2 * HALF_SPAN for at in arrivals)
    return max(1.0, near / (len(arrivals) * 2 * HALF_SPAN / DAY))


def _limit(now: int, arrivals: Sequence[int], bounds: Bounds, history: History) -> _Wait | None:
    """How long a listing may be left alone before something could leave it unseen."""
    limits = []
    if history.window is not None and history.window > NONE and history.listed > 1:
        limits.append(_Wait(history.window / 3, f"the listing holds {_said(history.window)}"))
    if arrivals and history.listed > 1:
        gap = timedelta(seconds=(now - arrivals[-1]) / len(arrivals))
        limits.append(_Wait(gap * history.listed / 4, "a quarter of the listing may have changed by then"))
    if arrivals and not history.first and 2 * history.fresh >= history.listed > 1:
        # More than half was new at once: something may have been missed. The longer it is quiet after that, the calmer.
        quiet = timedelta(seconds=now - arrivals[0])
        limits.append(_Wait(max(bounds.min_interval, quiet / 2), "most of the last listing was new"))
    return min(limits, key=lambda limit: limit.wait, default=None)


def _gap_between(arrivals: Sequence[int], now: int) -> timedelta | None:
    """The mean time between the newest arrivals, the time since the last one counted in: silence calms."""
    return timedelta(seconds=(now - arrivals[-1]) / len(arrivals)) if len(arrivals) > 1 else None


def _clamp(wait: timedelta, bounds: Bounds) -> timedelta:
    return max(bounds.min_interval, min(wait, bounds.max_interval))


def _said(wait: timedelta) -> str:
    minutes = round(wait.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{round(minutes / 60)} h" if minutes < 2880 else f"{round(minutes / 1440)} days"


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """How long the server asks us to wait (RFC 9110, section 10.2.3: seconds or a date), or None."""
    written = headers.get("retry-after", "").strip()
    if written.isascii() and written.isdigit():
        return timedelta(seconds=min(int(written[:9]), int(LONGEST_BACK_OFF.total_seconds())))
    moment = http_date(written)
    return max(moment - now, NONE) if moment is not None else None
