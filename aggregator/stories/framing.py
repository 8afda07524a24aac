"""A sentence as a frame: its words, with the facts in it taken out and laid beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from aggregator.text.facts import Fact, FactKind, facts
from aggregator.text.factwords import is_small_word
from aggregator.text.names import named

MOST_READ = 1_000  # characters: a longer "sentence" is a list or a table
NEAR = 3  # words before a fact that may make it a rough one
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
YEAR = re.compile("(?:19|20)[0-9]{2}")
ZONE = re.compile(r"[\s(]{0,3}([A-Z]{2,5}|[A-Z]{3}[+-]\d{1,2})\b")
# A figure beside one of these is a rough one, or one that grows.
_ROUGH = """about around some nearly almost approximately roughly over more less least most fewer under estimated circa
 environ près quelque plus moins presque rund etwa ungefähr über mehr fast knapp mindestens weniger bis около более менее
 почти примерно свыше порядка близько понад майже приблизно більше менше щонайменше"""
ROUGH = frozenset(_ROUGH.split())
# Who says "we" or "today's government" speaks of another subject than the next one who does.
_OWN = """we our ours us i my mine me nous notre nos je mon mes wir unser unsere unserer unseren unserem ich mein meine
 мы наш наша наши нас нам я мой моя ми наші нашої мій"""
OWN = frozenset(_OWN.split())
GROWING = re.compile(
    r"\b(?:so far|as of|to date|until now|up to now|jusqu'à présent|bisher|bislang|"
    r"на данный момент|по состоянию на|станом на)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Put:
    """A fact where it stands in a frame."""

    fact: Fact
    before: str  # the word before it that carries meaning, in small letters; "" for none
    after: str  # the one behind it
    rough: bool  # it is told as a rough figure, or as one that grows
    zone: str  # of a time, as written: "GMT"

    @property
    def sort(self) -> tuple[str, str]:
        """Facts of one sort can be held against each other: the kind, with the currency of a sum."""
        value = self.fact.value
        return self.fact.kind.value, value.partition(" ")[0] if self.fact.kind is FactKind.MONEY else ""

    @property
    def is_year(self) -> bool:
        """Whether it may be a year, which says which budget or season is meant, and counts nothing."""
        return self.fact.kind is FactKind.NUMBER and YEAR.fullmatch(self.fact.value) is not None


class Frame:
    """One sentence, read once; what is costly about it is read when it is asked for."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text[:MOST_READ]
        self.whole = len(text) <= MOST_READ
        self._language = language

    @cached_property
    def puts(self) -> tuple[Put, ...]:
        """Its facts in their order."""
        found = facts(self.text, self._language)
        return tuple(self._put(fact) for fact in found)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words that carry meaning and are no part of a fact, in small letters."""
        return frozenset(word for word, _ in self._words)

    @cached_property
    def names(self) -> frozenset[str]:
        """The keys of its names; the first word counts as one only where it is known to be."""
        return frozenset(name.key for name in named(self.text, self._language))

    @cached_property
    def capitals(self) -> frozenset[str]:
        """Its words with a capital, in small letters: what is no name among them is the first word."""
        return frozenset(word for word, at in self._words if self.text[at].isupper())

    @cached_property
    def is_own(self) -> bool:
        """Whether the speaker speaks of itself."""
        return any(match[0].casefold() in OWN for match in WORD.finditer(self.text))

    @cached_property
    def _words(self) -> Sequence[tuple[str, int]]:
        taken = [(fact.start, fact.end) for fact in facts(self.text, self._language)]
        found = []
        for match in WORD.finditer(self.text):
            word = match[0].casefold().replace("’", "'")
            is_fact = any(start < match.end() and match.start() < end for start, end in taken)
            if not is_fact and not is_small_word(word):
                found.append((word, match.start()))
        return found

    def _put(self, fact: Fact) -> Put:
        before = [word for word, at in self._words if at < fact.start]
        after = next((word for word, at in self._words if at >= fact.end), "")
        near = [match[0].casefold() for match in WORD.finditer(self.text[max(0, fact.start - 40) : fact.start])][-NEAR:]
        zone = ZONE.match(self.text, fact.end) if fact.kind is FactKind.TIME else None
        return Put(
            fact=fact,
            before=before[-1] if before else "",
            after=after,
            rough=bool(ROUGH.intersection(near)) or GROWING.search(self.text) is not None,
            zone=zone[1] if zone else "",
        )


# A page is written anew with each update, and its older sentences are the same each time.
frame_of = lru_cache(maxsize=600)(Frame)  # of 2.4 KB each
