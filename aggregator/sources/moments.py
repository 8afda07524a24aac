"""When something was said, as a listing writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from aggregator.model import ZoneKnown
from aggregator.sources.limits import MOST_WRITTEN
from aggregator.text.times import read_time

TWELVE_HOURS = re.compile(r"\d\s?[ap]\.?m", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time as written and as read."""

    written: str = ""
    at: datetime | None = None  # aware UTC; None where nothing that is written can be read
    known: ZoneKnown = ZoneKnown.NONE
    day_only: bool = False  # no time of day is written; `at` is the day's first moment in its zone


def read_moment(written: str, *, zone: ZoneInfo | None, language: str) -> Moment:
    """Read one written time; `zone` is the source's, `language` the one in which months are named."""
    written = written.strip()[:MOST_WRITTEN]
    found = read_time(written, zone=zone, language=language)
    if found is None:
        return Moment(written=written)
    return Moment(written=written, at=found.moment, known=found.known, day_only=found.day_only)


def attribute_language(written: str, language: str) -> str:
    """How a `datetime` attribute that is no ISO 8601 is read: consilium.europa.eu's program writes 9/5/2026 1:10:00 PM.

    People in Europe who write English put the day first; a program that has twelve hours puts the month first.
    """
    is_english = language.partition("-")[0].lower() in ("en", "")
    return "en-US" if is_english and TWELVE_HOURS.search(written) else language


def first_moment(written: Iterable[tuple[str, str]], *, zone: ZoneInfo | None) -> Moment:
    """The first of several ways of writing one time that can be read with its time of day; else the first with its day.

    Each comes with the language to read it in. kremlin.ru writes the day into `datetime` and the minute into the text only.
    """
    moments = [read_moment(one, zone=zone, language=language) for one, language in written if one.strip()]
    exact = [moment for moment in moments if moment.at is not None and not moment.day_only]
    readable = [moment for moment in moments if moment.at is not None]
    return next(iter((*exact, *readable, *moments)), Moment())
