"""A cluster of texts that tell of the same events, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nlargest
from math import sqrt

from aggregator.stories.streaming.likeness import Near, Pair, Telling
from aggregator.stories.streaming.vectors import Vector, cosine

REMEMBERED = 16  # members that a text is held against: the first and the latest
MOST_TERMS, KEPT_TERMS = 600, 300  # of the sum of all members: beyond the first it is cut to the second
CORE = 25  # heaviest terms of the sum


class Centroid:
    """The sum of the members' vectors, each at length one."""

    def __init__(self) -> None:
        self._sums: dict[str, float] = {}
        self.vector = Vector(self._sums, 0.0)

    def add(self, member: Vector) -> None:
        """Add a member."""
        if member.length:
            sums = self._sums
            for term, weight in member.weights.items():
                sums[term] = sums.get(term, 0.0) + weight / member.length
        if len(self._sums) > MOST_TERMS:
            self._sums = dict(self.heaviest(KEPT_TERMS))
        self.vector = Vector(self._sums, sqrt(sum(weight * weight for weight in self._sums.values())))

    def heaviest(self, number: int) -> list[tuple[str, float]]:
        """The terms with the highest sums, highest first."""
        return nlargest(number, self._sums.items(), key=lambda item: (item[1], item[0]))


class Cluster:
    """Texts that tell of the same events."""

    def __init__(self, label: str, number: int, first: Telling) -> None:
        self.label = label
        self.number = number  # of the cluster, in the order in which they were begun
        self.members: list[Telling] = []  # that are remembered: the first and the latest
        self.posted: dict[str, None] = {}  # terms under which the index finds it
        self._rebuild([first])

    def add(self, member: Telling) -> None:
        """Take a text in."""
        self._take(member)
        self._freshen()

    def keep(self, members: Sequence[Telling]) -> None:
        """Let all others go, as they tell of something else."""
        self._rebuild(members)

    def near(self, text: Telling, pairs: Sequence[Pair]) -> Near:
        """What a text has in common with it; `pairs` holds it against each of `members`."""
        terms = text.terms.weights
        heavy = sum(weight for _, weight in self._core)
        shared = sum(weight for term, weight in self._core if term in terms)
        return Near(
            cosine(text.terms, self._terms.vector),
            max(pair.terms for pair in pairs),
            cosine(text.names, self._names.vector),
            max(pair.names for pair in pairs),
            max(pair.title for pair in pairs),
            shared / heavy if heavy else 0.0,
            max(pair.figures for pair in pairs),
            sum(pair.other_day for pair in pairs) / len(pairs),
            sum(pair.other_measure for pair in pairs) / len(pairs),
            min(pair.days for pair in pairs),
            self.texts,
            text.size,
        )

    def within(self, at: float, window: float) -> bool:
        """Is a time within so many days of its first or latest text, or between them?"""
        return self.first - window <= at <= self.latest + window

    def _rebuild(self, members: Iterable[Telling]) -> None:
        self._terms, self._names = Centroid(), Centroid()
        self.members.clear()
        self.texts = 0
        self.first, self.latest = float("inf"), float("-inf")
        for member in members:
            self._take(member)
        self._freshen()

    def _take(self, member: Telling) -> None:
        self._terms.add(member.terms)
        self._names.add(member.names)
        self.texts += 1
        self.first, self.latest = min(self.first, member.at), max(self.latest, member.at)
        self.members.append(member)
        if len(self.members) > REMEMBERED:
            gone = self.members.pop(1)
            for left in self.members:
                left.logits.pop(gone.number, None)

    def _freshen(self) -> None:
        self._core = self._terms.heaviest(CORE)
