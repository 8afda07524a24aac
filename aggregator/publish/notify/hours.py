"""Quiet hours: when somebody is not to be disturbed, by the clock on their wall."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE, LONGEST = timedelta(minutes=1), timedelta(days=2)  # no quiet lasts longer, also where clocks are put back


def is_quiet(hours: str, zone: ZoneInfo | None, now: datetime) -> bool:
    """Whether the clock of a zone (UTC for None) shows a time within `hours`, such as `22:00-07:00`, at an aware moment.

    The first minute belongs to them, the last does not. "" is never. An hour that a clock shows twice is quiet twice.
    """
    if not hours:
        return False
    begins, _, ends = hours.partition("-")
    start, end = time.fromisoformat(begins), time.fromisoformat(ends)
    shown = now.astimezone(zone or UTC).time()
    return start <= shown < end if start < end else shown >= start or shown < end


def quiet_until(hours: str, zone: ZoneInfo | None, now: datetime) -> datetime | None:
    """When a quiet that has begun is over, in UTC; None where there is none at this moment.

    Minute by minute, as clocks are put forward and back: an end that no clock shows is where the clock jumps over it.
    """
    if not is_quiet(hours, zone, now):
        return None
    moment = now.astimezone(UTC).replace(second=0, microsecond=0)
    last = moment + LONGEST
    while moment < last and is_quiet(hours, zone, moment):
        moment += MINUTE
    return moment
