"""When a source is asked next: a pure function of what it did and of the clock."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_BACK_OFF = timedelta(days=1)  # a failing source is slowed down, and never switched off


def next_poll(*, now: datetime, interval: timedelta, key: str, failures: int, retry_after: timedelta | None = None) -> datetime:
    """The time of the next poll.

    `failures` counts the failed polls in a row, this one included: each doubles the wait, up to a day. The server's own
    Retry-After is respected, up to a day. Up to a tenth is added by the source's key, so that many sources do not ask in
    step; the same input gives the same time.
    """
    wait: timedelta = min(interval * 2 ** min(failures, 20), max(interval, LONGEST_BACK_OFF))
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_BACK_OFF))
    return now + wait * (1 + _share(key) / 10)


def _share(key: str) -> float:
    """A number from 0 to 1 that belongs to a key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) / 2**32


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """How long the server asks us to wait (RFC 9110, section 10.2.3: seconds or a date), or None."""
    written = headers.get("retry-after", "").strip()
    if written.isascii() and written.isdigit():
        return timedelta(seconds=min(int(written[:9]), int(LONGEST_BACK_OFF.total_seconds())))
    try:
        moment = parsedate_to_datetime(written)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta())
