"""Why a text joined a story or began one, in words for people."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from aggregator.stories.streaming.clusters import Cluster
from aggregator.stories.streaming.likeness import Pair, Telling
from aggregator.stories.streaming.portrait import FIGURE_MARK, Portrait

NAMED = 6  # words, names and figures each that an explanation names
MOST_JOINS = 50_000  # that are remembered, the latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Why a text has its label."""

    key: str
    label: str
    began: bool  # it is the first with its label
    nearest: str  # the key of the text that it is most like; "" where it shares nothing rare with any
    nearest_label: str  # the story that it joined, or would have joined at the likeliest
    odds: float  # log-odds that it belongs to that story as a whole
    similarity: float  # cosine of its words and figures with the nearest text's
    days: float  # between it and the nearest text, ten at most
    names: tuple[str, ...]  # that both name, the rarest first, as this text writes them
    figures: tuple[str, ...]
    words: tuple[str, ...]
    against: tuple[str, ...]  # what the two tell differently
    parted: tuple[str, ...] = ()  # keys of earlier texts that are of its story by now, though another label stays on them

    def __str__(self) -> str:
        """The reason in a sentence or two."""
        shared = "; ".join(
            f"{what} {', '.join(found)}"
            for what, found in (("names", self.names), ("figures", self.figures), ("words", self.words))
            if found
        )
        shared = f" It shares {shared}." if shared else ""
        against = f" Against it: {'; '.join(self.against)}." if self.against else ""
        if not self.nearest:
            return "Begins a story: it shares nothing rare with an earlier text."
        if self.parted and self.began:
            others = f"{', '.join(self.parted)}, of the label {self.nearest_label}, which tells of something else"
            return f"Begins a story with {others}.{shared}"
        if self.began:
            return f"Begins a story: too little in common with {self.nearest}, the nearest.{shared}{against}"
        others = f" Also of it, under other labels: {', '.join(self.parted)}." if self.parted else ""
        return f"Goes on with {self.label}: nearest to {self.nearest}, {self.days:.1f} days apart.{shared}{against}{others}"

    def with_others(self, keys: Iterable[str]) -> Join:
        """The same with the earlier texts that are held to be of its story under another label."""
        parted = tuple(keys)
        return replace(self, parted=parted) if parted else self


def unlike(key: str) -> Join:
    """The join of a text that shares nothing rare with any story: it begins one."""
    nothing: tuple[str, ...] = ()
    return Join(
        key=key,
        label=key,
        began=True,
        nearest="",
        nearest_label="",
        odds=float("-inf"),
        similarity=0.0,
        days=0.0,
        names=nothing,
        figures=nothing,
        words=nothing,
        against=nothing,
    )


def explain(seen: Portrait, text: Telling, *, label: str, story: Cluster, pairs: Sequence[Pair], odds: float) -> Join:
    """The join of a text to a story, which is held against its members in `pairs`, or the beginning of one by its own label."""
    pair, nearest = max(
        zip(pairs, story.members, strict=False), key=lambda both: (both[0].terms + both[0].names, -both[1].number)
    )
    shared_names, figures = _shared(text.names.weights, nearest.names.weights)
    shared_words, _ = _shared(text.terms.weights, nearest.terms.weights)
    names = tuple(seen.forms.get(name, name) for name in shared_names)
    words = (seen.forms.get(word, word) for word in shared_words)
    spoken = {name.casefold() for name in names}
    return Join(
        key=text.key,
        label=label,
        began=label == text.key,
        nearest=nearest.key,
        nearest_label=story.label,
        odds=odds,
        similarity=pair.terms,
        days=pair.days,
        names=names,
        figures=tuple(figure.removeprefix(FIGURE_MARK) for figure in figures),
        words=tuple(word for word in words if word.casefold() not in spoken),
        against=_against(text, nearest, pair),
    )


def _shared(mine: Mapping[str, float], theirs: Mapping[str, float]) -> tuple[list[str], list[str]]:
    """The heaviest terms that are in both, and the heaviest figures."""
    common = sorted([(min(weight, theirs[term]), term) for term, weight in mine.items() if term in theirs], reverse=True)
    terms = [term for _, term in common if term[0] != FIGURE_MARK]
    return terms[:NAMED], [term for _, term in common if term[0] == FIGURE_MARK][:NAMED]


def _against(text: Telling, nearest: Telling, pair: Pair) -> tuple[str, ...]:
    found = []
    if pair.other_day:
        found.append(f"{_list(text.weekdays)} and not {_list(nearest.weekdays)}")
    if pair.other_measure:
        found.append(f"{_list(text.figures)} and not {_list(nearest.figures)}")
    elif pair.other_counts:
        found.append(f"{_counts(text)} and not {_counts(nearest)}")
    if pair.other_call:
        found.append("a telephone call of its own")
    if pair.other_seat:
        found.append(f"in {_list(text.seats)} and not in {_list(nearest.seats)}")
    return tuple(found)


def _counts(text: Telling) -> str:
    """Some of the figures of a text, without the stems of what they count."""
    return _list(frozenset(sorted({count.partition(" ")[0] for count in text.counted})[:NAMED]))


def _list(values: frozenset[str]) -> str:
    return ", ".join(sorted(values))


class Joins:
    """The latest joins, by the keys of the texts and by label."""

    def __init__(self, most: int = MOST_JOINS) -> None:
        self._most = most
        self._joins: OrderedDict[str, Join] = OrderedDict()
        self._keys: dict[str, dict[str, None]] = {}

    def put(self, join: Join) -> None:
        """Remember a join, and forget the oldest where there are too many."""
        self._joins[join.key] = join
        self._keys.setdefault(join.label, {})[join.key] = None
        if len(self._joins) > self._most:
            key, gone = self._joins.popitem(last=False)
            keys = self._keys[gone.label]
            del keys[key]
            if not keys:
                del self._keys[gone.label]

    def get(self, key: str) -> Join | None:
        """The join of a text, or None where it is not known."""
        return self._joins.get(key)

    def of(self, label: str) -> tuple[str, ...]:
        """The keys of the texts with a label, in the order of their coming."""
        return tuple(self._keys.get(label, ()))
