"""Stories in a stream of texts, found without being asked for: each text joins the story that it goes on with, or begins one.

A text is held against the stories that share its rarest words, names or figures, and joins the likeliest if that is likely
enough. What it says differently from a story's texts (another weekday, other figures) counts against it. Similar is not the
same: two robberies in one town are two stories, and where one was joined to the other, they part as soon as a second text shows
it. The label that a text was given is never changed.

Same texts in the same order, same labels. Nothing is read, no clock is asked; time and memory for a text are bounded, whatever
it holds and however many came before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush, nlargest
from operator import itemgetter

from aggregator.stories.streaming.clusters import Cluster
from aggregator.stories.streaming.joins import Join, Joins, explain, unlike
from aggregator.stories.streaming.likeness import Pair, Telling, compare, same_pair, same_story
from aggregator.stories.streaming.portrait import Portrait, portrait
from aggregator.stories.streaming.rarity import Rarity
from aggregator.stories.streaming.shelf import Shelf
from aggregator.stories.streaming.splitting import second_story
from aggregator.stories.streaming.vectors import vector

LIKELY = 0.25  # log-odds from which a text joins, a little above even: half a point of F1 for a fifth of the false merges
LOOKED_AT, HELD_AGAINST = 8, 3  # stories that a text is looked at with as a whole, and member by member
HEAVIEST = 120  # terms of a text that are compared, and as many names
ASKED = 20  # heaviest of them that it is looked up by
COPY = 0.8  # cosine with the nearest text from which it tells nothing new of how rare its words are: a flood of copies must not
# make them common
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class StoryStream:
    """Streaming, unsupervised stories.

    `window`: a text joins no story whose texts are all further away than this, by `published`, and such a story is forgotten
    once the stream has passed it. `stories`: how many are remembered at most, at 15 to 30 KB each; the oldest
    go first.
    """

    def __init__(self, window: timedelta = timedelta(days=30), *, stories: int = 5_000) -> None:
        if window <= timedelta(0) or stories < 1:
            raise ValueError(f"a window of {window} with {stories} stories holds nothing")
        self._window = window / DAY
        self._most = stories
        self._rarity = Rarity()
        self._shelf = Shelf()
        self._clusters: dict[int, Cluster] = {}
        self._ages: list[tuple[float, int]] = []  # heap: the latest time of a cluster when it was last looked at
        self._joins = Joins()
        self._texts = self._begun = 0
        self._clock = float("-inf")

    def add(self, key: str, title: str, text: str, published: datetime, language: str = "") -> str:
        """The label of the story that a text joins or begins: the key of the first text that has it.

        `published` is aware, `language` a BCP 47 tag or "". A key that is known keeps its label, whatever its text is now.
        """
        known = self._joins.get(key)
        if known is not None:
            return known.label
        seen = portrait(title, text, at=_days(published), language=language)
        telling = self._telling(key, seen)
        join = self._place(telling, seen)
        if join.similarity < COPY:
            self._rarity.count(seen, telling.names.weights)
        self._joins.put(join)
        self._forget(telling.at)
        return join.label

    def why(self, key: str) -> Join:
        """Why a text has its label; KeyError for one that is not known, or no longer."""
        join = self._joins.get(key)
        if join is None:
            raise KeyError(key)
        return join

    def members(self, label: str) -> tuple[str, ...]:
        """The keys of the texts that have a label, in the order of their coming. Of all texts, the latest 50,000 are known."""
        return self._joins.of(label)

    def __len__(self) -> int:
        """How many stories are remembered."""
        return len(self._clusters)

    def _telling(self, key: str, seen: Portrait) -> Telling:
        self._rarity.hear(seen)
        terms = self._rarity.terms(seen)
        names = self._rarity.names(seen, terms)
        heavy, heavy_names = _heaviest(terms), _heaviest(names)
        terms = dict(heavy)
        self._texts += 1
        return Telling(
            number=self._texts,
            key=key,
            at=seen.at,
            language=seen.language,
            size=seen.size,
            terms=vector(terms),
            names=vector(dict(heavy_names)),
            title=vector({term: weight for term, weight in terms.items() if term in seen.title}),
            heaviest=tuple(dict.fromkeys(term for term, _ in (*heavy[:ASKED], *heavy_names[:ASKED]))),
            weekdays=seen.weekdays,
            figures=seen.figures,
            lead=vector({term: weight for term, weight in terms.items() if term in seen.lead}),
            seats=seen.seats,
            logits={},
        )

    def _place(self, telling: Telling, seen: Portrait) -> Join:
        """Let a text join a story or begin one."""
        found = [self._held_against(cluster, telling) for cluster in self._near(telling)]
        if not found:
            self._begin(telling)
            return unlike(telling.key)
        odds, cluster, pairs = max(found, key=lambda one: (one[0], -one[1].number))
        if odds < LIKELY:
            join = explain(seen, telling, label=telling.key, story=cluster, pairs=pairs, odds=odds)
            self._begin(telling)
            return join
        for member, pair in zip(cluster.members, pairs, strict=True):
            telling.logits[member.number] = same_pair(pair)
        cluster.label = cluster.label or telling.key
        join = explain(seen, telling, label=cluster.label, story=cluster, pairs=pairs, odds=odds)
        return self._join(cluster, telling, join)

    def _near(self, telling: Telling) -> list[Cluster]:
        """The stories that a text is held against: of those that share its rarest terms the most alike as a whole."""
        clusters = self._clusters
        found = self._shelf.like(telling, LOOKED_AT, lambda number: clusters[number].within(telling.at, self._window))
        return nlargest(HELD_AGAINST, (clusters[number] for number in found), key=lambda one: (one.alike(telling), -one.number))

    @staticmethod
    def _held_against(cluster: Cluster, telling: Telling) -> tuple[float, Cluster, list[Pair]]:
        pairs = [compare(telling, member) for member in cluster.members]
        return same_story(cluster.near(telling, pairs)), cluster, pairs

    def _join(self, cluster: Cluster, telling: Telling, join: Join) -> Join:
        cluster.add(telling)
        self._shelf.put(cluster, telling)
        parted = second_story(cluster.members)
        if parted is not None:
            first, second = parted
            join = self._part(cluster, first, second, telling, join)
        heappush(self._ages, (cluster.latest, cluster.number))
        return join

    def _part(self, cluster: Cluster, first: list[Telling], second: list[Telling], telling: Telling, join: Join) -> Join:
        """Two stories: the second gets a label with the text that shows it. What was told before keeps its label."""
        cluster.keep(first)
        mine = any(member is telling for member in second)
        self._begin(telling, second).label = telling.key if mine else ""  # the next text of the others gives them theirs
        if not mine:
            return join
        return join.parted_as(telling.key, tuple(member.key for member in second if member is not telling))

    def _begin(self, telling: Telling, members: list[Telling] | None = None) -> Cluster:
        self._begun += 1
        cluster = Cluster(telling.key, self._begun, telling)
        if members:
            cluster.keep(members)
        self._clusters[cluster.number] = cluster
        for member in cluster.members:
            self._shelf.put(cluster, member)
        heappush(self._ages, (cluster.latest, cluster.number))
        return cluster

    def _forget(self, at: float) -> None:
        """Let go of what has left the window, and of the oldest where there are too many.

        A text moves the clock by a day at most, so that one with a wrong date does not empty the memory.
        """
        self._clock = at if self._clock == float("-inf") else max(self._clock, min(at, self._clock + 1))
        while self._ages and (len(self._clusters) > self._most or self._ages[0][0] < self._clock - self._window):
            latest, number = heappop(self._ages)
            cluster = self._clusters.get(number)
            if cluster is not None and cluster.latest == latest:
                self._shelf.drop(cluster)
                del self._clusters[number]


def _days(published: datetime) -> float:
    if published.tzinfo is None:
        raise ValueError(f"{published} has no zone: when a text was published must be an aware time")
    return (published - EPOCH) / DAY


def _heaviest(weights: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(weights.items(), key=itemgetter(1, 0), reverse=True)[:HEAVIEST]
