"""How long a feed asks its readers to wait."""

from __future__ import annotations

from datetime import timedelta

PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
LONGEST = timedelta(days=366)
UNASKED = ("hourly", 1)  # what WordPress writes into every feed, whether its owner wants that or not: no wish


def asked_wait(ttl: str, period: str, frequency: str) -> timedelta | None:
    """The wait that `ttl` (RSS 2.0: minutes) or the syndication module of RSS 1.0 asks for; the longer, or None."""
    waits = []
    minutes = _number(ttl)
    if minutes:
        waits.append(timedelta(minutes=minutes))
    often = _number(frequency) or 1
    said = period.strip().lower()
    if said in PERIODS and (said, often) != UNASKED:
        waits.append(PERIODS[said] / often)
    return min(max(waits), LONGEST) if waits else None


def _number(written: str) -> int:
    text = written.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
