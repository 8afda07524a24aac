"""The index of the stream: which stories hold a text's rarest words, names and figures. Bounded for each text."""

from __future__ import annotations

from collections.abc import Callable
from heapq import nlargest, nsmallest

from aggregator.stories.streaming.clusters import Cluster
from aggregator.stories.streaming.likeness import Telling

ASKED = 24  # heaviest terms, and as many names, of a text
MOST_POSTED = 400  # terms of a story that find it
LONGEST_LIST = 64  # stories under one term, the latest: what is in more is no trace of a story


class Shelf:
    """Numbers of clusters by their terms."""

    def __init__(self) -> None:
        self._lists: dict[str, dict[int, None]] = {}

    def put(self, cluster: Cluster, member: Telling) -> None:
        """Let a cluster be found by what a member of it tells."""
        for term, _ in _heaviest(member):
            if term in cluster.posted or len(cluster.posted) >= MOST_POSTED:
                continue
            cluster.posted[term] = None
            numbers = self._lists.setdefault(term, {})
            numbers[cluster.number] = None
            if len(numbers) > LONGEST_LIST:
                del numbers[next(iter(numbers))]

    def like(self, text: Telling, most: int, wanted: Callable[[int], bool]) -> list[int]:
        """The wanted clusters that share the most weight of rare terms with a text, best first."""
        shared: dict[int, float] = {}
        for term, weight in _heaviest(text):
            for number in self._lists.get(term, ()):
                shared[number] = shared.get(number, 0.0) + weight
        return nsmallest(most, filter(wanted, shared), key=lambda number: (-shared[number], number))

    def drop(self, cluster: Cluster) -> None:
        """Forget a cluster."""
        for term in cluster.posted:
            numbers = self._lists.get(term)
            if numbers is not None:
                numbers.pop(cluster.number, None)
                if not numbers:
                    del self._lists[term]


def _heaviest(text: Telling) -> list[tuple[str, float]]:
    found = []
    for vector in (text.terms, text.names):
        found += nlargest(ASKED, vector.weights.items(), key=lambda item: (item[1], item[0]))
    return found
