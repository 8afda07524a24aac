"""What there is instead: names that are like one that was looked for and not found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

MOST_NAMES = 1_000  # that are compared, the frequent ones
MOST_WANTED = 8
MOST_SIGNS = 60  # of one name that are compared
LIKE = 0.6  # of 1: how like a name must be
SAME_HEAD = 0.3  # more for the same element: `time.posted` instead of `time.published`
MOST_LIKE, MOST_SHOWN = 3, 8


def nearest(wanted: Sequence[str], there: Counter[str]) -> str:
    """A sentence on the names in `there` that are most like one of `wanted`; else on the most frequent ones; else "".

    Of `there`, what follows the last full stop is compared (`div.title`); how often it occurs is told.
    """
    names = there.most_common(MOST_NAMES)
    scored = [(_likeness(name, wanted), number, name) for name, number in names]
    like = sorted((one for one in scored if one[0] >= LIKE), key=lambda one: (-one[0], -one[1], one[2]))
    if like:
        return f" Near: {_listed([(name, number) for _, number, name in like[:MOST_LIKE]])}."
    return f" There are: {_listed(names[:MOST_SHOWN])}." if names else ""


def _likeness(name: str, wanted: Sequence[str]) -> float:
    head, _, tail = name.lower().rpartition(".")
    more = SAME_HEAD if head in wanted else 0.0
    best = 0.0
    for one in wanted[:MOST_WANTED]:
        matcher = SequenceMatcher(None, one[:MOST_SIGNS].lower(), tail[:MOST_SIGNS])
        if matcher.quick_ratio() > max(best, LIKE - more):
            best = max(best, matcher.ratio())
    return best + more


def _listed(names: Sequence[tuple[str, int]]) -> str:
    shown = [(name[: 2 * MOST_SIGNS], f" ({number} ×)" if number > 1 else "") for name, number in names]
    return ", ".join(name + times for name, times in shown)
