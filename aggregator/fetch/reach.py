"""Whether one answer of a source is complete: does its listing reach back to what is known, and are its fields still filled.

Pure: from what a listing holds and what the store remembers of the one before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.fetch.freshness import http_date
from aggregator.sources.order import OF

MOST_PINNED = 3  # entries that some sites keep on top for weeks
MOST_MARKS = 8  # the newest entries of a listing, by which it is known again
FEWEST_LINES = 5  # of fewer, an empty field says nothing
USUAL_SHARE = 0.5  # of the lines that had a field before
LONGEST_CACHED = timedelta(hours=1)  # a copy may lie so long in a cache that does not say so (RFC 9111, section 5.1)


def mark_of(entry_id: str) -> str:
    """What is remembered of an entry's id: 12 hex digits of its SHA-256."""
    return hashlib.sha256(entry_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The lines of a listing, as far as its completeness depends on them."""

    order: Sequence[str]  # the ids of all entries, newest first
    unknown: Collection[str]  # of these, what this source has never listed
    known: Collection[str]  # and what it has
    newer: Collection[str]  # of the unknown ones, what is not older than what was known


def reaches_back(lines: Lines, marks: Collection[str]) -> bool:
    """Whether a listing still holds what was known, so that nothing came and went unseen between two answers.

    `marks` are those of the newest entries of the listing before. Where everything is unknown, it does not reach back. Where
    something known stands below what is new, it does. A few known entries on top of a listing that else is new were pinned
    there, and say nothing.
    """
    known = {one for one in lines.order if one in lines.known or mark_of(one) in marks}
    if not lines.unknown or not lines.order:
        return True
    if not known:
        return False
    newer = [at for at, one in enumerate(lines.order) if one in lines.newer]
    if not newer:
        return True
    above = sum(one in known for one in lines.order[: newer[0]])
    among = sum(one in known for one in lines.order[newer[0] :])
    return among > 0 or above > MOST_PINNED or 2 * len(newer) < len(lines.order)


def empty_fields(before: Mapping[str, int] | None, now: Mapping[str, int]) -> Iterator[str]:
    """The fields that most lines had at the last listing and none has now. `OF` counts the lines of each."""
    if before is None or min(before.get(OF, 0), now.get(OF, 0)) < FEWEST_LINES:
        return
    for name, count in before.items():
        if name != OF and count >= USUAL_SHARE * before[OF] and now.get(name) == 0:
            yield name


def kept_fields(before: Mapping[str, int] | None, now: Mapping[str, int]) -> Mapping[str, int]:
    """What is remembered of the fields of a listing: where some have become empty, as it was, until they are filled again."""
    empty = set(empty_fields(before, now))
    if before is None or not empty:
        return now if now.get(OF, 0) >= FEWEST_LINES or before is None else before
    return before


def clock_difference(headers: Mapping[str, str], *, at: datetime, ms: int) -> int | None:
    """By how many seconds the source's clock is ahead of ours (behind: less than 0), or None where that cannot be told.

    `headers` are those of an answer that was asked `at` and was there `ms` later. `Date` says when the answer was made, `Age`
    how long it has lain in caches since (RFC 9110, section 6.6.1; RFC 9111, section 5.1). A copy from a cache that says
    nothing of itself looks like a clock that is behind: less than `LONGEST_CACHED` is taken for such a one.
    """
    made = http_date(headers.get("date", ""))
    if made is None:
        return None
    age = headers.get("age", "").strip()
    aged = timedelta(seconds=int(age[:9])) if age.isascii() and age.isdigit() else timedelta()
    difference = made + aged - (at + timedelta(milliseconds=ms))
    if -LONGEST_CACHED < difference < timedelta():
        return 0
    limit = timedelta(days=3650)
    return int(max(-limit, min(difference, limit)).total_seconds())
