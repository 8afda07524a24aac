"""Two stories in one cluster: found when the second text of the second story comes.

The first text of a look-alike event (another robbery in the same town, another player on the same list) often joins the earlier
cluster, and would draw all that follow after it. Once there are two of it, they are nearer to each other than to the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean

from aggregator.stories.streaming.likeness import Telling

APART = 2.0  # mean log-odds between two sides of a cluster, below which they may be two stories
FEW, ALONE = 3, -1.0  # the same where a side has fewer texts than this: one odd text makes no story
GAP = 2.0  # by which each side must hold together better than with the other


def second_story(members: Sequence[Telling]) -> tuple[list[Telling], list[Telling]] | None:
    """The members of a cluster as two stories, that of its first member first; None where it is one.

    The last member is the one that came now: only a side with it and another text begins a story of its own, or lets go of what
    joined it wrongly.
    """
    if len(members) < 3:
        return None
    seeds = min(
        ((_between(one, other), i, j) for j, other in enumerate(members) for i, one in enumerate(members[:j])),
        key=lambda seed: seed,
    )
    if seeds[0] >= max(APART, ALONE):
        return None
    sides = _assigned(members, seeds[1], seeds[2])
    across = fmean(_between(one, other) for one in sides[0] for other in sides[1])
    mine = sides[0] if members[-1] in sides[0] else sides[1]
    few = min(map(len, sides))
    if len(mine) < 2 or across >= (ALONE if few < FEW else APART):
        return None
    if any(len(side) > 1 and _held(side) <= across + GAP for side in sides):
        return None
    first, second = (sorted(side, key=lambda member: member.number) for side in sides)
    return (first, second) if members[0] in first else (second, first)


def _assigned(members: Sequence[Telling], first: int, second: int) -> tuple[list[Telling], list[Telling]]:
    """The surest go first, each to the side that it is nearer to on average."""
    sides = [members[first]], [members[second]]
    rest = [member for number, member in enumerate(members) if number not in (first, second)]
    while rest:
        leans = [(_mean(member, sides[0]) - _mean(member, sides[1]), member) for member in rest]
        lean, member = max(leans, key=lambda pair: (abs(pair[0]), -pair[1].number))
        rest.remove(member)
        sides[0 if lean >= 0 else 1].append(member)
    return sides


def _between(one: Telling, other: Telling) -> float:
    later, earlier = (one, other) if one.number > other.number else (other, one)
    return later.logits.get(earlier.number, 0.0)


def _mean(member: Telling, side: Iterable[Telling]) -> float:
    return fmean(_between(member, other) for other in side)


def _held(side: Sequence[Telling]) -> float:
    return fmean(_between(one, other) for j, other in enumerate(side) for one in side[:j])
