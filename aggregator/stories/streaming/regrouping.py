"""Texts near a new one, grouped anew with it: stories that turn out to be one come together, and one that holds two parts.

Average linkage (Sokal & Michener 1958): the two groups that are the likeliest the same on average become one, until none are.
One odd pair neither joins two stories nor parts one, whatever the order in which their texts came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from aggregator.stories.streaming.likeness import Telling

EVEN = 0.0  # mean log-odds between two groups from which they are one


def regroup(texts: Sequence[Telling], odds: Callable[[Telling, Sequence[Telling]], Sequence[float]]) -> list[list[Telling]]:
    """The texts as groups, each in the order of their coming. About quadratic in their number, at worst cubic.

    `odds`: the log-odds of a text with each of some others.
    """
    groups = {at: [text] for at, text in enumerate(texts)}
    rows: dict[int, dict[int, float]] = {}
    for at, text in enumerate(texts):
        row = rows[at] = dict(enumerate(odds(text, texts[:at])))
        for before, likely in row.items():
            rows[before][at] = likely
    best: dict[int, float] = {}  # of each group with any other
    nearest: dict[int, int] = {}  # the other
    for at, row in rows.items():
        if row:
            nearest[at], best[at] = _likeliest(row)
    while best:
        one, likeliest = _likeliest(best)
        if likeliest < EVEN:
            break
        _unite(one, groups, rows, nearest, best)
    return [sorted(group, key=lambda text: text.number) for group in groups.values()]


def _likeliest(row: Mapping[int, float]) -> tuple[int, float]:
    """The first of the likeliest, and its log-odds. A row is in the order of the texts, and stays in it."""
    values = list(row.values())
    most = max(values)
    return list(row)[values.index(most)], most


def _unite(
    one: int,
    groups: dict[int, list[Telling]],
    rows: dict[int, dict[int, float]],
    nearest: dict[int, int],
    best: dict[int, float],
) -> None:
    """Let a group take in the nearest: the mean of both is what it has with any third."""
    other = nearest[one]
    mine, theirs = len(groups[one]), len(groups[other])
    both = mine + theirs
    groups[one] += groups.pop(other)
    gone, taking = rows.pop(other), rows[one]
    del nearest[other], best[other], taking[other]
    for third, row in rows.items():
        if third == one:
            continue
        mean = row[one] = taking[third] = (mine * row[one] + theirs * gone[third]) / both
        del row[other]
        if nearest[third] in (one, other):
            nearest[third], best[third] = _likeliest(row)
        elif mean > best[third]:
            nearest[third], best[third] = one, mean
    if taking:
        nearest[one], best[one] = _likeliest(taking)
    else:
        del nearest[one], best[one]


def inherited(groups: Sequence[Collection[Telling]], labels: Mapping[int, str]) -> list[str]:
    """The label of each group: the one that most of its texts were given, "" where another group has more of it.

    `labels` are those that may be inherited, by the numbers of the texts that were given them.
    """
    counts = [Counter(labels[text.number] for text in group if text.number in labels) for group in groups]
    claims = sorted((-times, label, at) for at, count in enumerate(counts) for label, times in count.items())
    found = [""] * len(groups)
    for _, label, at in claims:
        if not found[at] and label not in found:
            found[at] = label
    return found
