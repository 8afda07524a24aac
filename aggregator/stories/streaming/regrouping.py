"""Texts near a new one, grouped anew with it: stories that turn out to be one come together, and one that holds two parts.

Average linkage (Sokal & Michener 1958): the two groups that are the likeliest the same on average become one, until none are.
One odd pair neither joins two stories nor parts one, whatever the order in which their texts came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from aggregator.stories.streaming.likeness import Telling

EVEN = 0.0  # mean log-odds between two groups from which they are one


def regroup(texts: Sequence[Telling], odds: Callable[[Telling, Telling], float]) -> list[list[Telling]]:
    """The texts as groups, each in the order of their coming. About quadratic in their number, at worst cubic."""
    groups = {at: [text] for at, text in enumerate(texts)}
    rows: dict[int, dict[int, float]] = {at: {} for at in groups}
    for at, text in enumerate(texts):
        row = rows[at]
        for before in range(at):
            row[before] = rows[before][at] = odds(text, texts[before])
    nearest = {at: _nearest(row) for at, row in rows.items() if row}
    while nearest:
        one = max(nearest, key=lambda at: nearest[at][0])
        likeliest, other = nearest[one]
        if likeliest < EVEN:
            break
        _unite(one, other, groups, rows, nearest)
    return [sorted(group, key=lambda text: text.number) for group in groups.values()]


def _nearest(row: Mapping[int, float]) -> tuple[float, int]:
    """The first of the likeliest: a row is in the order of the texts, and stays in it."""
    at = max(row, key=row.__getitem__)
    return row[at], at


def _unite(
    one: int,
    other: int,
    groups: dict[int, list[Telling]],
    rows: dict[int, dict[int, float]],
    nearest: dict[int, tuple[float, int]],
) -> None:
    """Let one group take another in: the mean of both is what it has with any third."""
    mine, theirs = len(groups[one]), len(groups[other])
    groups[one] += groups.pop(other)
    gone = rows.pop(other)
    del nearest[other], rows[one][other]
    for third, row in rows.items():
        if third == one:
            continue
        row[one] = rows[one][third] = (mine * row[one] + theirs * gone[third]) / (mine + theirs)
        del row[other]
        best, at = nearest[third]
        if at in (one, other):
            nearest[third] = _nearest(row)
        elif row[one] > best:
            nearest[third] = row[one], one
    if rows[one]:
        nearest[one] = _nearest(rows[one])
    else:
        del nearest[one]


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
