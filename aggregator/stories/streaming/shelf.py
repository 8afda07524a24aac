"""The index of the stream: which stories hold a text's rarest words, names and figures. Bounded for each text."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from aggregator.stories.streaming.clusters import Cluster
from aggregator.stories.streaming.likeness import Telling

MOST_POSTED = 400  # terms of a story that find it
LONGEST_LIST = 32  # stories under one term, the latest: what is in more is no trace of a story


class Shelf:
    """Numbers of clusters by their terms."""

    def __init__(self) -> None:
        self._lists: dict[str, list[int]] = {}  # lists, as a dict for each of so many terms would take three times the room

    def put(self, cluster: Cluster, member: Telling) -> None:
        """Let a cluster be found by what a member of it tells."""
        posted = cluster.posted
        for term in member.heaviest:
            if term in posted or len(posted) >= MOST_POSTED:
                continue
            posted.add(term)
            numbers = self._lists.setdefault(term, [])
            numbers.append(cluster.number)
            if len(numbers) > LONGEST_LIST:
                del numbers[0]

    def like(self, text: Telling, most: int, wanted: Callable[[int], bool]) -> list[int]:
        """The wanted clusters that share the most weight of rare terms with a text, best first."""
        shared: dict[int, float] = {}
        terms, names, found = text.terms.weights, text.names.weights, self._lists.get
        for term in text.heaviest:
            weight = terms.get(term) or names[term]
            for number in found(term, ()):
                if number in shared:
                    shared[number] += weight
                else:
                    shared[number] = weight
        best = sorted([(-weight, number) for number, weight in shared.items()])
        return list(islice(filter(wanted, [number for _, number in best]), most))

    def drop(self, cluster: Cluster) -> None:
        """Forget a cluster."""
        for term in cluster.posted:
            numbers = self._lists.get(term, [])
            if cluster.number in numbers:
                numbers.remove(cluster.number)
            if not numbers:
                self._lists.pop(term, None)
