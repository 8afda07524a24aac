"""Which sentences a story has told: the same facts in much the same words. Another figure, date, name or "not" is news."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from heapq import nsmallest
from itertools import chain

from aggregator.stories.saying import OPPOSITES, Said, new_facts, read

TOLD = 0.8  # share of a sentence's words that an earlier one holds
ALIKE = 0.7  # share of an earlier sentence's words that one has which says the same with another fact
JOINED = 0.95  # the same, where several earlier ones are held against it together
ACRONYM = range(3, 7)  # letters of a name that may be the initials of another
FEW = 3  # of so few words, all must be there
FEWEST_SHARED = 2  # words of a sentence that is the same with another fact
MOST_SWAPPED = 3  # words in which a sentence differs from one that is the same with another name
MOST_HELD = 12  # earlier sentences that are held against one: those that share the most of its words
TOGETHER = 128  # told sentences that are kept as one
MOST_ASKED = 8_000  # places of words that are looked up for one sentence; texts that need more were made to be slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Novelty:
    """What one sentence is to a story that has told others."""

    told: bool  # the story said it: nothing in it is news
    by: int | None = None  # the index of the earlier sentence that tells it, or the most of it; None where `told` is false
    instead: int | None = None  # the index of an earlier sentence that says the same with another fact: it was changed since
    more: int | None = None  # the index of an earlier sentence to which it adds a fact
    change: frozenset[str] = frozenset()  # what is new against either: facts, names, negations, in a form to compare
    swaps: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)  # with `instead`: what was, and what is


def new_in(sentences: Sequence[str], earlier: Sequence[str]) -> list[Novelty]:
    """For each sentence, whether the story told it, and which earlier sentence tells it. The judgement that `digest` makes.

    Told is what stands in one earlier sentence, or in several that it joins, with the same figures, dates, times, names and
    negations; in other words and in another order, too. A sentence without a word is told. Takes time by the length of both
    lists, not by their product.
    """
    told = Telling(earlier)
    return [told.judge(sentence) for sentence in sentences]


class _Index:
    """Some of the sentences that a story told, in their order, found by their words."""

    def __init__(self, sentences: Iterable[str] = ()) -> None:
        self.told: list[Said] = []
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        self.same: dict[str, int] = {}  # by the text: "$12" and "12" are one word
        self.parts: list[float] = []  # for each, how many of its words a sentence has of which it is a part
        for sentence in sentences:
            self.add(read(sentence))

    def add(self, said: Said) -> None:
        at = len(self.told)
        self.told.append(said)
        self.parts.append(TOLD * len(said.stems))
        if self.same.setdefault(said.text, at) == at:  # of the same sentence, the first is enough
            for word in said.stems:
                self.places[word].append(at)

    @cached_property
    def known(self) -> frozenset[str]:
        """All facts and words; of an index to which nothing more is added."""
        return frozenset(fact for said in self.told for fact in (*said.facts, *said.stems))


# A story only grows, and is asked for at each of its updates: what it told is read once. Nothing is added to these. In all
# at most 8,192 sentences, of some 4 KB each: 34 MB.
@lru_cache(maxsize=64)
def _index(sentences: tuple[str, ...]) -> _Index:
    return _Index(sentences)


class Telling:
    """What a story has told, sentence by sentence, found by its words."""

    def __init__(self, sentences: Iterable[str] = ()) -> None:
        given = tuple(sentences)
        whole = len(given) - len(given) % TOGETHER
        self._own = _Index(given[whole:])
        self._indexes = [*(_index(given[at : at + TOGETHER]) for at in range(0, whole, TOGETHER)), self._own]
        self._told: list[Said] = []
        self._again: set[int] = set()  # the sentences that were told word for word before
        self._same: dict[str, int] = {}
        for index in self._indexes:
            begin = len(self._told)
            self._told += index.told
            for text, at in index.same.items():
                if self._same.setdefault(text, begin + at) < begin:
                    self._again.add(begin + at)

    def add(self, sentence: str) -> None:
        """Count a sentence as told."""
        said = read(sentence)
        at = len(self._told)
        self._told.append(said)
        self._own.add(said)
        if self._same.setdefault(said.text, at) < at:
            self._again.add(at)

    def __len__(self) -> int:
        return len(self._told)

    def judge(self, sentence: str, standing: Collection[tuple[str, ...]] = ()) -> Novelty:
        """Whether a sentence was told. `standing`: the words of sentences that stand beside it, of which none was changed."""
        said = read(sentence)
        near = self._nearest(said)
        return self._told_in(said, near) or self._changed(said, near, standing)

    def has(self, sentence: str) -> bool:
        """Whether a sentence was told, and nothing more."""
        said = read(sentence)
        return self._told_in(said, self._nearest(said)) is not None

    def says(self, sentence: str) -> bool:
        """Whether a sentence was told word for word."""
        return read(sentence).text in self._same

    def _told_in(self, said: Said, near: Sequence[tuple[int, int]]) -> Novelty | None:
        if not said.words:
            return Novelty(told=True)
        same = self._same.get(said.text)
        if same is not None and not _differs(said, self._told[same]):
            return Novelty(told=True, by=same)
        for at, shared in near:
            if self._holds(shared, said, at) and not _differs(said, self._told[at]):
                return Novelty(told=True, by=at)
        joined = self._joined(said, near)
        return None if joined is None else Novelty(told=True, by=joined)

    def _changed(self, said: Said, near: Sequence[tuple[int, int]], standing: Collection[tuple[str, ...]]) -> Novelty:
        more = Novelty(told=False)
        for at, shared in near:
            old = self._told[at]
            here, there = len(said.names - old.stems), len(old.names - said.stems)  # another name is one word less in common
            if shared < _least(said) or shared < TOLD * (len(said.stems) - here) or not (change := _differs(said, old)):
                continue
            alike = shared >= ALIKE * (len(old.stems) - there) and old.words not in standing
            if alike and _is_another(change, said, old):
                return Novelty(told=False, instead=at, change=change, swaps=_swaps(change, said, old))
            if more.more is None and shared >= TOLD * len(said.stems):
                more = Novelty(told=False, more=at, change=change)
        return more

    def news(self, sentence: str) -> int:
        """How many facts and names of a sentence no told sentence has. Nothing may be added behind it."""
        said = read(sentence)
        return len({*said.facts, *said.names}.difference(*(index.known for index in self._indexes)))

    def _nearest(self, said: Said) -> list[tuple[int, int]]:
        """The told sentences that share the most words with one, and how many they share; the first told first."""
        if not self._told:
            return []
        found: list[tuple[str, list[Sequence[int]]]] = [
            (word, [index.places.get(word, ()) for index in self._indexes]) for word in said.stems
        ]
        asked = 0
        looked: list[list[Sequence[int]]] = []
        for many, _, places in sorted((sum(map(len, places)), word, places) for word, places in found):
            asked += many
            if asked > MOST_ASKED:
                break
            looked.append(places)
        best: list[tuple[int, int]] = []
        # Fewer words make two sentences neither the same nor one a change of the other; a short one may be a part.
        least, enough, begin = _least(said), TOLD * len(said.stems) - len(said.names), 0
        for number, index in enumerate(self._indexes):
            shared = Counter(chain.from_iterable(places[number] for places in looked))
            best += [
                (-count, begin + at)
                for at, count in shared.items()
                if count >= least and (count >= enough or count >= index.parts[at])
            ]
            begin += len(index.told)
        if self._again:
            best = [one for one in best if one[1] not in self._again]
        return [(at, -count) for count, at in nsmallest(MOST_HELD, best)]

    def _holds(self, shared: int, said: Said, at: int) -> bool:
        words = len(said.stems)
        needed = words if words <= FEW else TOLD * words
        if words and shared < needed:
            old = self._told[at]
            other = said.names - old.stems
            if shared + len(other) >= needed:
                shared += sum(_is_same_name(name, said, old) for name in other)
        return words > 0 and shared >= needed

    def _joined(self, said: Said, near: Sequence[tuple[int, int]]) -> int | None:
        """The first of several told sentences, nearly whole in this one, that tell it together."""
        # One that holds all of it by itself says something else by a fact, and tells no part of it.
        most = JOINED * len(said.stems)
        parts = [at for at, shared in near if TOLD * len(self._told[at].stems) <= shared < most]
        if len(parts) < 2:
            return None
        old = [self._told[at] for at in parts]
        together = frozenset().union(*(one.stems for one in old))
        if len(said.stems & together) < JOINED * len(said.stems) or said.names - together or new_facts(said, old):
            return None
        return None if said.denied - frozenset().union(*(one.denied for one in old)) else parts[0]


def _least(said: Said) -> int:
    """How many words a sentence must share at least with one that it is held against: its names may be others."""
    return min(FEWEST_SHARED, max(1, len(said.stems) - len(said.names)))


def _differs(said: Said, old: Said) -> frozenset[str]:
    """What a sentence says that another in much the same words does not: facts, names, negations, opposites."""
    found = {f"fact {fact}" for fact in new_facts(said, [old])}
    if not found and sorted(said.words) == sorted(old.words) and _in_kinds(said.facts) != _in_kinds(old.facts):
        found.add(f"order {' '.join(said.facts)}")  # "from 5 to 7", "from 7 to 5"
    other = {name for name in said.names - old.stems if not _is_same_name(name, said, old)}
    found |= {f"name {name}" for name in (other and other - _spelled_out(said, old) - _spelled_out(old, said))}
    found |= {f"not {word}" for word in said.denied - old.denied if word in old.stems or not said.stems - old.stems}
    found |= {f"indeed {word}" for word in (old.denied - said.denied) & said.stems}
    found |= {f"name {name}" for name in _swapped(said, old)}
    mine, theirs = frozenset(said.words), frozenset(old.words)
    found |= {f"word {word}" for word in mine - theirs if OPPOSITES.get(word, frozenset()) & (theirs - mine)}
    return frozenset(found)


def _swapped(said: Said, old: Said) -> Iterator[str]:
    """Names that stand where the other sentence, the same but for some words, has another: "of Belarus", for "of Russia"."""
    if len(said.roots) != len(old.roots):
        return
    pairs = [(one, other) for one, other in zip(said.roots, old.roots, strict=True) if one != other]
    if len(pairs) <= MOST_SWAPPED:
        yield from (one for one, other in pairs if one in said.named and other in old.named)


def _is_another(change: Iterable[str], said: Said, old: Said) -> bool:
    """Whether a fact stands in another one's place, and is not only added."""
    kinds = {_kind(fact) for fact in new_facts(old, [said])}
    names = bool(Counter(old.named) - Counter(said.named))
    return any(
        names
        if one.startswith("name ")
        else _kind(one[5:]) in kinds
        if one.startswith("fact ") and " " not in one[5:]
        else True
        for one in change
    )


def _swaps(change: Collection[str], said: Said, old: Said) -> frozenset[tuple[str, str]]:
    """What stood in an old sentence, and what stands in its place; several together where it is not plain which is which."""
    gone = new_facts(old, [said])
    were = [fact for fact in dict.fromkeys(old.facts) if fact in gone]
    are = [fact for fact in dict.fromkeys(said.facts) if f"fact {fact}" in change]
    swaps = set(zip(were, are, strict=True)) if len(were) == len(are) else {(" ".join(were), " ".join(are))}
    rest = sorted(one for one in change if not one.startswith("fact "))
    if rest:  # another name, or a denial: what somebody else says or does is told, as often as it is said
        swaps.add((said.text, " ".join(rest)))
    return frozenset(swaps)


def _kind(fact: str) -> str:
    """What a fact can stand in the place of: a day in that of a day, a figure or a time in that of a figure."""
    if fact[:1] == "o" and fact[1:2].isdigit():
        return "ordinal"
    return "day" if fact.isalpha() or (fact.count("-") > 0 and ":" not in fact) else "number"


def _in_kinds(facts: Sequence[str]) -> list[str]:
    """Facts in their order, those of one kind together."""
    return sorted(facts, key=lambda fact: (":" in fact, "-" in fact))


def _spelled_out(said: Said, old: Said) -> frozenset[str]:
    """The names of a sentence that the other one has as their initials, and those initials: "Research In Motion", "RIM"."""
    initials = "".join(root[0] for root in said.roots)
    found: set[str] = set()
    for short in old.names - said.stems:
        at = initials.find(short) if len(short) in ACRONYM else -1
        whole = said.roots[at : at + len(short)] if at >= 0 else ()
        if whole and {whole[0], whole[-1]} <= said.names:
            found |= {short, *whole}
    return frozenset(found)


def _is_same_name(name: str, said: Said, old: Said) -> bool:
    """A first name before a name that the other sentence has too, and has no other first name with; or one cut short."""
    if any(other in old.stems and not old.beside.get(other, frozenset()) - said.stems for other in said.beside.get(name, ())):
        return True
    return any(name.startswith(other) or other.startswith(name) for other in old.names if min(len(other), len(name)) >= 3)
