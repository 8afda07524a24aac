"""The week of a source: how much of what it says comes at which hour of which day, learnt from when its entries arrived.

Pure arithmetic. Hours are those of UTC: a source whose clock is put forward moves by one of them, which the span smooths over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

HOUR, DAY, WEEK = 3600, 86_400, 604_800
HOURS = WEEK // HOUR
TOGETHER = HOUR // 2  # arrivals of one half hour are one occasion: statements come in bursts
FEWEST = 12  # occasions: of fewer, nothing is usual
SHORTEST = 7 * DAY  # and of a shorter time neither: no weekend may be unknown
SPREAD = 1  # hours before and after that count with an hour
EVEN = 0.15  # the share that is spread evenly, so that no hour is impossible
SILENT, SILENT_AT_LEAST = 2.0, 7.0  # times the longest silence before, and occasions that were to be expected
SURGE, SURGE_AT_LEAST = 3.0, 6  # times the usual, and entries


@dataclass(frozen=True, slots=True)
class Week:
    """How many occasions are expected in each hour of a week."""

    sums: Sequence[float]  # of the hours from the first on; the last one is that of the whole week

    def between(self, start: float, end: float) -> float:
        """How many are expected between two moments, in seconds since 1970 UTC."""
        return self._until(end) - self._until(start) if end > start else 0.0

    def _until(self, moment: float) -> float:
        weeks, rest = divmod(moment, WEEK)
        hour, part = divmod(rest, HOUR)
        at = int(hour)
        return weeks * self.sums[-1] + self.sums[at] + (self.sums[at + 1] - self.sums[at]) * part / HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """That a source says nothing for longer than it ever did, by its own week."""

    seconds: float
    expected: float  # occasions on which it would have said something


@dataclass(frozen=True, slots=True, kw_only=True)
class Surge:
    """That a source says much more than it does."""

    entries: int  # in the last day
    usual: float  # in a day on which it speaks


def occasions(arrivals: Sequence[int]) -> list[int]:
    """Arrivals, oldest first, those of one half hour as one."""
    found: list[int] = []
    last = None
    for at in sorted(arrivals):
        if last is None or at - last > TOGETHER:
            found.append(at)
        last = at
    return found


def week_of(moments: Sequence[int], *, since: float, until: float) -> Week | None:
    """What is usual, learnt from the moments between two; None where they are too few, or cover too short a time.

    `EVEN` of all is spread over the week, so that an hour in which nothing came yet is quiet, and not mute.
    """
    known = [at for at in moments if since <= at <= until]
    if len(known) < FEWEST or until - since < SHORTEST:
        return None
    weeks = (until - since) / WEEK
    counts = [0.0] * HOURS
    share = (1 - EVEN) / (2 * SPREAD + 1) / weeks
    for at in known:
        hour = at % WEEK // HOUR
        for near in range(hour - SPREAD, hour + SPREAD + 1):
            counts[near % HOURS] += share
    even = EVEN * len(known) / weeks / HOURS
    return Week([0.0, *accumulate(count + even for count in counts)])


def silence(arrivals: Sequence[int], now: float) -> Silence | None:
    """Whether a source is silent against its habit. Nights and weekends on which it never speaks weigh next to nothing.

    It is, where more is outstanding than in any silence before, by a margin, and several occasions at least.
    """
    moments = [at for at in occasions(arrivals) if at <= now]
    if len(moments) < FEWEST or now - moments[-1] < SILENT_AT_LEAST * TOGETHER:
        return None
    week = week_of(moments, since=moments[0], until=moments[-1])
    if week is None:
        return None
    outstanding = week.between(moments[-1], now)
    longest = max(week.between(one, other) for one, other in pairwise(moments))
    if outstanding < max(SILENT_AT_LEAST, SILENT * longest):
        return None
    return Silence(seconds=now - moments[-1], expected=outstanding)


def surge(arrivals: Sequence[int], now: float) -> Surge | None:
    """Whether a source has said three times as much in a day as on the days before, of those on which it spoke."""
    known = [at for at in sorted(arrivals) if at <= now]
    recent = [at for at in known if at > now - DAY]
    before = [at for at in known if at <= now - DAY]
    if len(recent) < SURGE_AT_LEAST or len(before) < FEWEST or now - DAY - before[0] < SHORTEST:
        return None
    # Per day on which it spoke at all: weeks without a word, its own or ours, make no surge of what comes after them.
    usual = len(before) / len({int(now - at) // DAY for at in before})
    return Surge(entries=len(recent), usual=usual) if len(recent) >= SURGE * max(usual, 1.0) else None
