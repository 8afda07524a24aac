"""Stories in a stream of texts, found without being asked for: each text joins the story that it goes on with, or begins one.

A text is held against the stories that share its rarest words, names or figures, and joins the likeliest if that is likely
enough; within hours a lead like one of the story's will do. What it says differently from a story's texts (another weekday,
other figures) counts against it. Similar is not the same: two robberies in one town are two stories, and where one was joined
to the other, they part as soon as a second text shows it. With each text those around it are grouped anew, so that two stories
that turn out to be one go on as one. The label that a text was given is never changed: what is grouped otherwise later only
decides the labels of those that follow.

Same texts in the same order, same labels. Nothing is read, no clock is asked; time and memory for a text are bounded, whatever
it holds and however many came before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import islice

from aggregator.stories.streaming.clusters import Alike, Cluster
from aggregator.stories.streaming.joins import Join, Joins, explain, unlike
from aggregator.stories.streaming.likeness import Near, Pair, Telling, all_of, compare, same_pair, same_story
from aggregator.stories.streaming.portrait import FIGURE_MARK, NONE, Portrait, portrait
from aggregator.stories.streaming.rarity import Rarity
from aggregator.stories.streaming.regrouping import EVEN, inherited, regroup
from aggregator.stories.streaming.shelf import Shelf
from aggregator.stories.streaming.vectors import vector

LIKELY = 0.25  # log-odds from which a text joins, a little above even: half a point of F1 for a fifth of the false merges
AT_ONCE, TOLD_ALIKE = 0.5, 0.2  # days to a story, and cosine of title and lead with a text of it, from which being grouped with
# it is enough: one event is told by many within hours. Names alone are not, as one host has several guests on a day.
LOOKED_AT, HELD_AGAINST = 8, 3  # stories that a text is looked at with as a whole, and member by member
SUREST = 5.0  # log-odds of a pair at most: one pair alone decides nothing among many
MOST_ODDS = 96  # earlier texts to which a text's log-odds are kept
HEAVIEST = 120  # terms of a text that are compared, and as many names
ASKED = 20  # heaviest of them that it is looked up by
TOPICAL = 3.0  # rarity (in nats) from which a word says what a title is about: one text in twenty has it
COPY = 0.8  # cosine with the nearest text from which it tells nothing new of how rare its words are: a flood of copies must not
# make them common
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """What came of holding a text against the members of a cluster."""

    cluster: Cluster
    alike: Alike
    pairs: Sequence[Pair]  # with each member
    likeliest: float  # the best log-odds with a member

    def weighed(self, telling: Telling) -> Weighed:
        """What comes of holding the text against the cluster as a whole."""
        near = self.cluster.near(telling, self.alike, self.pairs)
        return Weighed(self.cluster, self.pairs, near, same_story(near))


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came of holding a text against a cluster as a whole."""

    cluster: Cluster
    pairs: Sequence[Pair]  # with each member
    near: Near  # with all of them
    odds: float  # log-odds that it belongs to the cluster

    @property
    def likely(self) -> bool:
        """May the text, which is grouped with members, join the cluster?"""
        return self.odds >= LIKELY or (self.near.days <= AT_ONCE and self.near.lead >= TOLD_ALIKE)


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
        self._owners: dict[str, int] = {}  # the number of the cluster whose next text gets a label
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
        terms, names = _heaviest(terms), _heaviest(names)
        led, titled = seen.lead, seen.title
        lead = {term: weight for term, weight in terms.items() if term in led}
        self._texts += 1
        return Telling(
            number=self._texts,
            key=key,
            at=seen.at,
            language=seen.language,
            size=seen.size,
            terms=vector(terms),
            names=vector(names),
            title=vector({term: weight for term, weight in lead.items() if term in titled}),
            heaviest=tuple(dict.fromkeys((*islice(terms, ASKED), *islice(names, ASKED)))),
            weekdays=seen.weekdays,
            figures=seen.figures,
            measures=frozenset([figure for figure in seen.figures if "." in figure]) or NONE,
            counted=seen.counted,
            ordinals=seen.ordinals,
            sums=seen.sums,
            dates=seen.dates,
            head=next((name for name in names if name[0] != FIGURE_MARK), ""),
            lead=vector(lead),
            subject=frozenset([term for term in seen.subject if terms.get(term, 0.0) >= TOPICAL * seen.terms[term]]) or NONE,
            call=seen.call,
            seats=seen.seats,
            logits={},
        )

    def _place(self, telling: Telling, seen: Portrait) -> Join:
        """Let a text join a story or begin one, and group the texts around it anew."""
        held = [self._held_against(cluster, telling, alike) for cluster, alike in self._near(telling)]
        around = [one.cluster for one in held if one.likeliest >= EVEN]
        groups = regroup([telling, *(member for cluster in around for member in cluster.members)], _odds)
        mine = next(group for group in groups if telling in group)
        within = [one for one in held if not one.cluster.labels.keys().isdisjoint(member.number for member in mine)]
        weighed = (one.weighed(telling) for one in within or held)
        best = max(weighed, key=lambda one: (one.odds, -one.cluster.number), default=None)
        likely = best is not None and bool(within) and best.likely
        if (
            not likely and len(mine) > 1
        ):  # its like, but not surely: it begins a story, which may come to this one with the next
            mine.remove(telling)
            groups.append([telling])
            mine = groups[-1]
        labels = {number: label for cluster in around for number, label in cluster.labels.items()}
        told = inherited(groups, self._free_labels(labels, around))
        label = told[groups.index(mine)] if likely else ""
        join = unlike(telling.key)
        if best is not None:
            known = label or telling.key
            join = explain(seen, telling, label=known, story=best.cluster, pairs=best.pairs, odds=best.odds)
            join = join.with_others(member.key for member in mine if likely and labels.get(member.number, known) != known)
        self._settle(groups, told, {**labels, telling.number: join.label}, around)
        return join

    def _free_labels(self, labels: Mapping[int, str], around: Iterable[Cluster]) -> dict[int, str]:
        """Those of some labels that no story has but these."""
        free, owners = {None, *(cluster.number for cluster in around)}, self._owners
        return {number: label for number, label in labels.items() if owners.get(label) in free}

    def _near(self, telling: Telling) -> list[tuple[Cluster, Alike]]:
        """The stories that a text is held against: of those that share its rarest terms the most alike as a whole."""
        clusters = self._clusters
        found = self._shelf.like(telling, LOOKED_AT, lambda number: clusters[number].within(telling.at, self._window))
        alike = [(clusters[number], clusters[number].alike(telling)) for number in found]
        return sorted(alike, key=lambda one: (-(one[1].terms + one[1].names), one[0].number))[:HELD_AGAINST]

    @staticmethod
    def _held_against(cluster: Cluster, telling: Telling, alike: Alike) -> Held:
        common = cluster.common(telling, alike)
        pairs = [compare(telling, member, common) for member in cluster.members]
        odds = [_bounded(same_pair(pair)) for pair in pairs]
        telling.logits.update(zip([member.number for member in cluster.members], odds, strict=True))
        return Held(cluster, alike, pairs, max(odds))

    def _settle(
        self, groups: Sequence[Sequence[Telling]], told: Sequence[str], labels: Mapping[int, str], around: Iterable[Cluster]
    ) -> None:
        """Let each group be a story, with the label that its next text gets. A story that is wholly in a group goes on."""
        rest = {cluster.number: cluster for cluster in around}
        for cluster in rest.values():
            self._owners.pop(cluster.label, None)
        for group, label in zip(groups, told, strict=True):
            numbers = {member.number for member in group}
            whole = [cluster for cluster in rest.values() if cluster.labels.keys() <= numbers]
            story = max(whole, key=lambda one: (one.texts, -one.number), default=None) or self._begin()
            rest.pop(story.number, None)
            for member in group:
                if member.number not in story.labels:
                    story.add(member, labels[member.number])
                    self._shelf.put(story, member)
            story.label = label or inherited([group], self._free_labels(labels, ()))[0]
            if story.label:
                self._owners[story.label] = story.number
            heappush(self._ages, (story.latest, story.number))
        for cluster in rest.values():
            self._drop(cluster)

    def _begin(self) -> Cluster:
        self._begun += 1
        self._clusters[self._begun] = Cluster(self._begun)
        return self._clusters[self._begun]

    def _drop(self, cluster: Cluster) -> None:
        self._shelf.drop(cluster)
        del self._clusters[cluster.number]
        if self._owners.get(cluster.label) == cluster.number:
            del self._owners[cluster.label]

    def _forget(self, at: float) -> None:
        """Let go of what has left the window, and of the oldest where there are too many.

        A text moves the clock by a day at most, so that one with a wrong date does not empty the memory.
        """
        self._clock = at if self._clock == float("-inf") else max(self._clock, min(at, self._clock + 1))
        while self._ages and (len(self._clusters) > self._most or self._ages[0][0] < self._clock - self._window):
            latest, number = heappop(self._ages)
            cluster = self._clusters.get(number)
            if cluster is not None and cluster.latest == latest:
                self._drop(cluster)


def _odds(text: Telling, others: Sequence[Telling]) -> list[float]:
    """Log-odds that a text tells of the same events as each of some others."""
    number, mine, found = text.number, text.logits, []
    for other in others:
        known = mine.get(other.number) if other.number < number else other.logits.get(number)
        found.append(_asked(text, other) if known is None else known)
    return found


def _asked(one: Telling, other: Telling) -> float:
    """The same for a pair that was not held against each other. It is kept with the later one, so long as there is room."""
    later, earlier = (one, other) if one.number > other.number else (other, one)
    if len(later.logits) >= MOST_ODDS:
        del later.logits[min(later.logits)]
    later.logits[earlier.number] = odds = _bounded(same_pair(compare(later, earlier, all_of(later))))
    return odds


def _bounded(odds: float) -> float:
    return max(-SUREST, min(SUREST, odds))


def _days(published: datetime) -> float:
    if published.tzinfo is None:
        raise ValueError(f"{published} has no zone: when a text was published must be an aware time")
    return (published - EPOCH) / DAY


def _heaviest(weights: Mapping[str, float]) -> dict[str, float]:
    heaviest = sorted([(weight, term) for term, weight in weights.items()], reverse=True)[:HEAVIEST]
    return {term: weight for weight, term in heaviest}
