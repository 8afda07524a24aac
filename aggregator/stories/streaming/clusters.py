"""A cluster of texts that tell of the same events, in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from aggregator.stories.streaming.likeness import Near, Pair, Telling
from aggregator.stories.streaming.vectors import Vector, cosine, vector

REMEMBERED = 12  # members that a text is held against: the first and the latest
MOST_TERMS, KEPT_TERMS = 600, 300  # of the sum of all members: beyond the first it is cut to the second
CORE = 25  # heaviest terms of the sum
_NOTHING = vector({})


class Centroid:
    """The sum of the members' vectors, each at length one. Of one member it is that member: most clusters have no other."""

    def __init__(self) -> None:
        self.vector = _NOTHING
        self._sums: dict[str, float] = {}  # the weights of that vector, where there are two members or more
        self._members = 0

    def add(self, member: Vector) -> None:
        """Add a member."""
        if not member.length:
            return
        self._members += 1
        if self._members == 1:
            self.vector = member
            return
        if self._members == 2:  # the sum is a copy, to which later ones are added
            unit = self.vector.length
            self._sums = {term: weight / unit for term, weight in self.vector.weights.items()}
        sums, length = self._sums, member.length
        for term, weight in member.weights.items():
            if term in sums:
                sums[term] += weight / length
            else:
                sums[term] = weight / length
        if len(sums) > MOST_TERMS:
            self._sums = sums = dict(_heaviest(sums, KEPT_TERMS))
        self.vector = vector(sums)

    def heaviest(self, number: int) -> list[tuple[str, float]]:
        """The terms with the highest sums, highest first."""
        if self._members <= 1:  # a text's terms are in this order as they come
            return list(islice(self.vector.weights.items(), number))
        return _heaviest(self._sums, number)


def _heaviest(sums: Mapping[str, float], number: int) -> list[tuple[str, float]]:
    if len(sums) > number:  # these are found first, by their weights alone: to put hundreds of pairs in order takes long
        least = sorted(sums.values())[-number]
        few = [(weight, term) for term, weight in sums.items() if weight >= least]
    else:
        few = [(weight, term) for term, weight in sums.items()]
    return [(term, weight) for weight, term in sorted(few, reverse=True)[:number]]


class Cluster:
    """Texts that tell of the same events."""

    def __init__(self, number: int) -> None:
        self.label = ""  # that the next text gets; "" where the next text gives it one
        self.number = number  # of the cluster, in the order in which they were begun
        self.members: list[Telling] = []  # that are remembered: the first and the latest
        self.labels: dict[int, str] = {}  # that the members were given, by their numbers
        self.posted: set[str] = set()  # terms under which the index finds it
        self._core: list[tuple[str, float]] | None = None  # told when it is asked for
        self._terms, self._names = Centroid(), Centroid()
        self.texts = 0
        self.first, self.latest = float("inf"), float("-inf")

    def add(self, member: Telling, label: str) -> None:
        """Take in a text that was given a label."""
        self._core = None
        self._terms.add(member.terms)
        self._names.add(member.names)
        self.texts += 1
        self.first, self.latest = min(self.first, member.at), max(self.latest, member.at)
        self.members.append(member)
        self.labels[member.number] = label
        if len(self.members) > REMEMBERED:
            gone = self.members.pop(1)
            del self.labels[gone.number]
            for left in self.members:
                left.logits.pop(gone.number, None)

    def near(self, text: Telling, alike: tuple[float, float], pairs: Sequence[Pair]) -> Near:
        """What a text has in common with it; `alike` is what the function of that name says, `pairs` holds it against each
        of `members`.
        """
        one_language = True in [pair.one_language for pair in pairs]
        return Near(
            alike[0],
            max([pair.terms for pair in pairs]),
            alike[1],
            max([pair.names for pair in pairs]),
            max([pair.title for pair in pairs]),
            self._core_in(text.terms.weights) if one_language else 0.0,
            max([pair.figures for pair in pairs]),
            sum([pair.other_day for pair in pairs]) / len(pairs),
            sum([pair.other_measure for pair in pairs]) / len(pairs),
            max([pair.lead_figures for pair in pairs]),
            min([pair.days for pair in pairs]),
            self.texts,
            text.size,
            max([pair.lead for pair in pairs]),
            sum([pair.other_seat for pair in pairs]) / max(1, len([1 for member in self.members if member.seats])),
            sum([pair.other_call for pair in pairs]) / len(pairs),
            one_language,
            True in [pair.same_subject for pair in pairs],
        )

    def _core_in(self, terms: Mapping[str, float]) -> float:
        """The share of what most members say that is said with some terms."""
        if self._core is None:
            self._core = self._terms.heaviest(CORE)
        heavy = sum([weight for _, weight in self._core])
        return sum([weight for term, weight in self._core if term in terms]) / heavy if heavy else 0.0

    def alike(self, text: Telling) -> tuple[float, float]:
        """How much the words of a text are like those of all members together, and its names like theirs, each 0 to 1."""
        return cosine(text.terms, self._terms.vector), cosine(text.names, self._names.vector)

    def within(self, at: float, window: float) -> bool:
        """Is a time within so many days of its first or latest text, or between them?"""
        return self.first - window <= at <= self.latest + window
