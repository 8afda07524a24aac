"""A cluster of texts that tell of the same events, in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from math import inf, sqrt
from typing import NamedTuple

from aggregator.stories.streaming.likeness import Common, Near, Pair, Telling
from aggregator.stories.streaming.vectors import Vector, overlap, vector

REMEMBERED = 12  # members that a text is held against: the first and the latest
MOST_TERMS, KEPT_TERMS = 600, 300  # of the sum of all members: beyond the first it is cut to the second
CORE = 25  # heaviest terms of the sum
FEATURES = tuple(Pair.__annotations__)
_NOTHING = vector({})


class Centroid:
    """The sum of the members' vectors, each at length one. Of one member it is that member: most clusters have no other.

    `core`: how many of its heaviest terms are told.
    """

    def __init__(self, core: int = 0) -> None:
        self.vector = _NOTHING
        self.whole = True  # it has every term of every member
        self.core: Sequence[tuple[float, str]] = ()  # the heaviest first
        self._in_core = core
        self._sums: dict[str, float] = {}  # the weights of that vector, where there are two members or more
        self._members = 0

    def add(self, member: Vector) -> None:
        """Add a member."""
        if not member.length:
            return
        self._members += 1
        if self._members == 1:
            self.vector = member
            heaviest = islice(member.weights.items(), self._in_core)  # a text's terms are in this order as they come
            self.core = [(weight, term) for term, weight in heaviest]
            return
        if self._members == 2:  # the sum is a copy, to which later ones are added
            unit = self.vector.length
            self._sums = {term: weight / unit for term, weight in self.vector.weights.items()}
            self.core = [(weight / unit, term) for weight, term in self.core]
            self.vector = Vector(self._sums, 1.0, self.vector.total / unit)
        self._grow(member)
        if len(self._sums) > MOST_TERMS:
            self._sums = {term: weight for weight, term in _heaviest(self._sums, KEPT_TERMS)}
            self.vector = vector(self._sums)
            self.whole = False

    def _grow(self, member: Vector) -> None:
        """Add a member to the sums. Their length and the heaviest follow from what is added: to look at all takes long."""
        sums, length, old = self._sums, member.length, self.vector
        full = len(self.core) == self._in_core
        least = (self.core[-1][0] if self.core else inf) if full else 0.0
        product, heavy = 0.0, {term: weight for weight, term in self.core}
        for term, weight in member.weights.items():
            added = weight / length
            if term in sums:
                before = sums[term]
                product += before * added
                added += before
            sums[term] = added
            if added >= least:
                heavy[term] = added
        self.core = _heaviest(heavy, self._in_core)
        self.vector = Vector(sums, sqrt(old.length * old.length + 2 * product + 1), old.total + member.total / length)


def _heaviest(sums: Mapping[str, float], number: int) -> list[tuple[float, str]]:
    return sorted([(weight, term) for term, weight in sums.items()], reverse=True)[:number]


class Alike(NamedTuple):
    """What of a text all members of a cluster together have, too."""

    terms: float  # how much its words are like theirs, 0 to 1
    names: float
    common: Sequence[str]  # the words
    common_names: Sequence[str]


class Cluster:
    """Texts that tell of the same events."""

    def __init__(self, number: int) -> None:
        self.label = ""  # that the next text gets; "" where the next text gives it one
        self.number = number  # of the cluster, in the order in which they were begun
        self.members: list[Telling] = []  # that are remembered: the first and the latest
        self.labels: dict[int, str] = {}  # that the members were given, by their numbers
        self.posted: set[str] = set()  # terms under which the index finds it
        self._terms, self._names = Centroid(CORE), Centroid()
        self.texts = 0
        self.first, self.latest = float("inf"), float("-inf")

    def add(self, member: Telling, label: str) -> None:
        """Take in a text that was given a label."""
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

    def near(self, text: Telling, alike: Alike, pairs: Sequence[Pair]) -> Near:
        """What a text has in common with it; `alike` is what the function of that name says, `pairs` holds it against each
        of `members`.
        """
        told = dict(zip(FEATURES, zip(*pairs, strict=True), strict=True))  # each with all members
        one_language = True in told["one_language"]
        return Near(
            alike.terms,
            max(told["terms"]),
            alike.names,
            max(told["names"]),
            max(told["title"]),
            self._core_in(text.terms.weights) if one_language else 0.0,
            max(told["figures"]),
            sum(told["other_day"]) / len(pairs),
            sum(told["other_measure"]) / len(pairs),
            max(told["lead_figures"]),
            min(told["days"]),
            self.texts,
            text.size,
            max(told["lead"]),
            sum(told["other_seat"]) / max(1, len([1 for member in self.members if member.seats])),
            sum(told["other_call"]) / len(pairs),
            one_language,
            True in told["same_subject"],
        )

    def _core_in(self, terms: Mapping[str, float]) -> float:
        """The share of what most members say that is said with some terms."""
        core = self._terms.core
        heavy = sum([weight for weight, _ in core])
        return sum([weight for weight, term in core if term in terms]) / heavy if heavy else 0.0

    def alike(self, text: Telling) -> Alike:
        """How much a text is like all members together."""
        terms, common = overlap(text.terms, self._terms.vector)
        names, common_names = overlap(text.names, self._names.vector)
        return Alike(terms, names, common, common_names)

    def common(self, text: Telling, alike: Alike) -> Common:
        """What a text may have in common with a member: no more than with all together."""
        terms = alike.common if self._terms.whole else text.terms.weights
        names = alike.common_names if self._names.whole else text.names.weights
        led, titled = text.lead.weights, text.title.weights
        lead = [term for term in terms if term in led]
        return Common(terms, names, [term for term in lead if term in titled], lead)

    def within(self, at: float, window: float) -> bool:
        """Is a time within so many days of its first or latest text, or between them?"""
        return self.first - window <= at <= self.latest + window
