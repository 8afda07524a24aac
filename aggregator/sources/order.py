"""In which order a listing stands, and what is counted of its lines: by that `fetch/reach.py` tells whether it is complete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

OF = "of"  # in the memory of fields: how many lines there were
AHEAD = timedelta(hours=1)  # a time that an entry gives itself may lie so far ahead of our clock, and still be believed


def newest_first(entries: Sequence[tuple[str, datetime | None]]) -> tuple[str, ...]:
    """The ids of a listing in the order in which it is read: turned round where its times grow from line to line."""
    times = [at for _, at in entries if at is not None]
    steps = list(pairwise(times))
    growing = sum(one < other for one, other in steps) > sum(one > other for one, other in steps)
    return tuple(one for one, _ in (reversed(entries) if growing else entries))
