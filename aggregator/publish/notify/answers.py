"""What came back from one who was told, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from aggregator.fetch.cadence import share

FIRST_REST, GROWTH, LONGEST_REST = timedelta(seconds=10), 4, timedelta(hours=6)
LONGEST_ASKED = timedelta(days=1)  # what Retry-After may ask for
MOST_TRIES = 18  # over three days, with rests that grow to six hours
MOST_REFUSED = 6  # tries of what is refused, over an hour: time to put a receiver right
JITTER = 0.2  # of a rest, more or less, so that what failed together does not come back together


class Fate(StrEnum):
    """What became of one try."""

    ARRIVED = "arrived"
    AGAIN = "again"  # nobody answered, or the receiver says that it cannot just now
    REFUSED = "refused"  # it says that it does not take this, or it may not be asked; a try or two more, as it may be mended
    GONE = "gone"  # it wants nothing any more (410)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    fate: Fate
    reason: str  # in words, without a secret
    status: int | None = None  # of HTTP; None where there was none
    retry_after: timedelta | None = None  # the receiver asks to be left alone so long
    said: str = ""  # the beginning of what it answered, for who tries it by hand; never kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What becomes of a message after a try that failed."""

    next_try_at: datetime | None  # None: never, it is dead
    why: str


def after(answer: Answer, *, attempts: int, key: str, now: datetime) -> Next:
    """What follows from a try that failed: `attempts` came before it. `key` tells one message from another.

    Rests grow fourfold, from ten seconds to six hours; a receiver that asks for more is left alone for so long, up to a day.
    """
    tries = attempts + 1
    if answer.fate is Fate.GONE:
        return Next(next_try_at=None, why=f"{answer.reason}; given up")
    most = MOST_REFUSED if answer.fate is Fate.REFUSED else MOST_TRIES
    if tries >= most:
        return Next(next_try_at=None, why=f"{answer.reason}; given up after {tries} tries")
    rest = max(rest_after(tries, key=key), min(answer.retry_after or timedelta(), LONGEST_ASKED))
    return Next(next_try_at=now + rest, why=answer.reason)


def rest_after(tries: int, *, key: str) -> timedelta:
    """How long to wait after so many tries (from 1) of a message: the same for the same key, and spread over keys."""
    rest: timedelta = min(FIRST_REST * GROWTH ** (tries - 1), LONGEST_REST)
    return rest * (1 + JITTER * (2 * share(f"{key}/{tries}") - 1))
