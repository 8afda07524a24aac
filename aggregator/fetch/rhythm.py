"""The rhythm of a source: what the times of its newest arrivals tell of the next ones. Pure arithmetic on ages in seconds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

MINUTE, HOUR, HALF_DAY, DAY, WEEK = 60.0, 3600.0, 43_200.0, 86_400.0, 604_800.0
LONGEST = 3650 * DAY  # no age and no turnover is longer, so that no sum overflows
FEWEST_TO_LEARN = 20  # arrivals: of fewer, the hour and the weekday say nothing
DAYS_FOR_HOURS, DAYS_FOR_WEEKDAYS = 3, 14  # and of a shorter time neither
HALF_SPAN = 90 * MINUTE  # before and after: what counts as this time of the day; less is noise with a hundred arrivals
PRIOR = 3  # arrivals on each weekday that are taken for granted, so that a free Monday does not look like a rule
ECHO, ECHO_SHARE = 30 * MINUTE, 0.2  # about so long, and by so many, one statement is followed by others (both recorded logs)


def ages_of(arrivals: Sequence[int], now: float) -> list[float]:
    """Seconds since each arrival, newest first; both count from 1970 UTC. What lies ahead of the clock is left out, as is what
    is too old to tell anything.
    """
    known = sorted(arrivals)
    return [now - at for at in known[bisect_left(known, now - LONGEST) : bisect_right(known, now)][::-1]]


def daily(ages: Sequence[float]) -> float:
    """How many a day, on average; the silence since the last one counts, so a source that falls quiet slows down by itself."""
    return len(ages) / max(ages[-1], HOUR) * DAY if ages else 0.0


def expected(ages: Sequence[float]) -> float:
    """How many a day may be expected now: the average, weighed by the hour and the weekday, and the echo of what just came."""
    if not ages:
        return 0.0
    echo = bisect_right(ages, ECHO) * ECHO_SHARE / ECHO * DAY
    return daily(ages) * _hour(ages) * _weekday(ages) + echo


def turnover(ages: Sequence[float], listed: int, *, burst: bool) -> float | None:
    """In how many seconds a listing is replaced, at the quickest pace that is seen; None where too few arrivals tell.

    Seen over half a listing, a whole one, and all that is remembered. Half a listing found by one poll makes this 0; with each
    quiet poll after it the time grows, and the source is left to itself again. `burst` says that the last listing was mostly
    new, where the arrivals do not show it.
    """
    half = max(2, (listed + 1) // 2)
    paces = [ages[count - 1] / count for count in (half, listed, len(ages)) if half <= count <= len(ages)]
    if burst and ages:
        paces.append(ages[0] / half)
    return min(min(paces) * listed, LONGEST) if paces else None


def _hour(ages: Sequence[float]) -> float:
    """How many times as many as on average come at this time of the day. Ages need no zone: a day ago is the same hour."""
    if len(ages) < FEWEST_TO_LEARN or ages[-1] < DAYS_FOR_HOURS * DAY:
        return 1.0
    span = 2 * HALF_SPAN
    near = len([age for age in ages if (age + HALF_SPAN) % DAY <= span])
    return near / len(ages) * DAY / span


def _weekday(ages: Sequence[float]) -> float:
    """The same for this day of the week, careful where there are few."""
    if len(ages) < FEWEST_TO_LEARN or ages[-1] < DAYS_FOR_WEEKDAYS * DAY:
        return 1.0
    same = len([age for age in ages if (age + HALF_DAY) % WEEK <= DAY])
    return (same + PRIOR) / (len(ages) / 7 + PRIOR)
