"""Terms for a story, chosen so that they catch its statements and few others of those that are stored."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice

from aggregator.model import StatementId
from aggregator.stories.matching import Matcher, Seen
from aggregator.stories.terms import INVISIBLE, plain, term_of
from aggregator.text.fingerprint import WORD
from aggregator.text.forms import forms
from aggregator.text.months import MONTHS, WEEKDAYS

LEAD = 1_500  # characters of a text in which words are sought: what it is about stands at its beginning
MOST_WORDS, MOST_PAIRED, MOST_PHRASES = 30, 14, 40  # that are tried for one story
MOST_TERMS = 8
LONGEST_PHRASE = 6  # words
PLAIN_LETTERS = 5  # of a word that is no name, at least: "with", "from" and their like are shorter
SHARE_OF_OTHERS = 10  # of so many statements that a term catches, one may be another's
IN_TEXT, OF_PHRASE = 0.25, 0.02  # the worth of a word that no title has, and of a phrase, which hardly comes again
IS_NAME = 0.8  # of a word's places inside sentences, the part that has a capital
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_BEFORE_A_SENTENCE = re.compile(r"[.!?…:;•*\n\"“”„«»]")
_DATES = frozenset(plain(word) for word in (*MONTHS, *WEEKDAYS))


@dataclass(slots=True)
class _Use:
    """How statements use a word."""

    spellings: Counter[str] = field(default_factory=Counter)
    statements: set[int] = field(default_factory=set)
    titles: set[int] = field(default_factory=set)
    capital: int = 0  # inside sentences of texts
    small: int = 0

    @property
    def is_name(self) -> bool:
        return self.capital > 0 and self.capital >= IS_NAME * (self.capital + self.small)

    @property
    def spelling(self) -> str:
        """The shortest, which is mostly the one of dictionaries; of several, the one that is used most."""
        return min(self.spellings, key=lambda one: (len(one), -self.spellings[one], one))


def candidate_words(members: Sequence[Seen]) -> dict[str, float]:
    """Words that may stand for what statements have in common, the best first: names, and longer words of their titles; each
    with its worth, from 0 to 1: what titles name is what statements are about."""
    uses: dict[str, _Use] = {}
    for number, seen in enumerate(members):
        for word, inside in _tokens(seen.title[:LEAD], in_title=True):
            _note(uses, seen, number, word, inside)
        for word, inside in _tokens(seen.text[:LEAD], in_title=False):
            _note(uses, seen, number, word, inside)
    least = 2 if len(members) > 1 else 1
    good = [one for one in uses.values() if len(one.statements) >= least and _is_good(one)]
    best = sorted(good, key=lambda one: (-len(one.statements), not one.is_name, -len(one.titles), one.spelling))
    found: dict[str, float] = {}
    for one in best:
        found.setdefault(one.spelling, IN_TEXT + (1 - IN_TEXT) * len(one.titles) / len(members))
    return dict(islice(found.items(), MOST_WORDS))


def _tokens(text: str, *, in_title: bool) -> Iterator[tuple[str, bool | None]]:
    """The words of a text, and whether each stands inside a sentence; None in a title, where capitals say little."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    end = 0
    for found in WORD.finditer(text):
        yield found[0], None if in_title else end > 0 and _BEFORE_A_SENTENCE.search(text, end, found.start()) is None
        end = found.end()


def _note(uses: dict[str, _Use], seen: Seen, number: int, word: str, inside: bool | None) -> None:
    bare = re.sub(r"['’](?:s|S)$", "", word)
    use = uses.setdefault(forms(plain(bare), seen.language, short=bare.isupper()).stem, _Use())
    use.spellings[bare] += 1
    use.statements.add(number)
    if inside is None:
        use.titles.add(number)
    if inside:
        use.capital += bare[0].isupper()
        use.small += not bare[0].isupper()


def _is_good(use: _Use) -> bool:
    word = use.spelling
    if plain(word) in _DATES or not word.isalpha():
        return False
    if use.is_name:
        return len(word) >= 3 or word.isupper()
    return bool(use.titles) and len(word) >= PLAIN_LETTERS


def phrase_of(title: str) -> str:
    """The first words of a title as a phrase, which catches at least the statement itself; "" where it has none."""
    found = WORD.findall(_INVISIBLE.sub("", unicodedata.normalize("NFC", title[:LEAD])))[:LONGEST_PHRASE]
    return f'"{" ".join(found)}"' if found else ""


class Tally:
    """Which statements each of many terms would catch. Each statement costs one bit for each term."""

    def __init__(self, terms: Iterable[str], statements: Iterable[StatementId]) -> None:
        self._places = {one: place for place, one in enumerate(statements)}
        self._rows = {term: bytearray(len(self._places) // 8 + 1) for term in terms}

    def add(self, seen: Seen) -> None:
        """Hold a statement against every term; one that was not announced is left out."""
        place = self._places.get(seen.statement)
        if place is None:
            return
        matcher = Matcher(seen)
        for term, row in self._rows.items():
            if all(matcher.needs(term_of(term, seen.language, True))):
                row[place // 8] |= 1 << place % 8

    def caught(self, term: str) -> int:
        """The statements that a term catches, a bit for each."""
        return int.from_bytes(self._rows[term], "little")

    def rarity(self, caught: int) -> float:
        """How seldom something is, from 0 (in every statement) to 1: its inverse document frequency (Spärck Jones 1972)."""
        most = len(self._places) + 1
        return math.log(most / (caught.bit_count() + 1)) / math.log(most) if most > 1 else 0.0

    def mask(self, statements: Iterable[StatementId]) -> int:
        """Some statements, a bit for each."""
        row = bytearray(len(self._places) // 8 + 1)
        for place in (self._places[one] for one in statements if one in self._places):
            row[place // 8] |= 1 << place % 8
        return int.from_bytes(row, "little")

    def statements(self, mask: int) -> list[StatementId]:
        """The statements of a mask, in the order in which they were announced."""
        return [one for one, place in self._places.items() if mask >> place & 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A term, with what it catches."""

    term: str
    adds: int  # statements of the story that no term before it catches, a bit for each
    others: int  # statements that are not the story's


@dataclass(frozen=True, slots=True)
class Option:
    """A term that may be chosen."""

    term: str
    caught: int  # a bit for each statement
    worth: float  # of two that catch as much, which one is better


def options(words: Mapping[str, float], phrases: Iterable[str], tally: Tally) -> list[Option]:
    """The terms that may be chosen: words, pairs of the best of them, phrases."""
    found = {}
    for word, worth in words.items():
        caught = tally.caught(word)
        found[word] = Option(word, caught, worth * tally.rarity(caught))
    some = list(found.values())
    pairs = [_both(one, other) for one, other in combinations(some[:MOST_PAIRED], 2)]
    return [*some, *pairs, *(Option(phrase, tally.caught(phrase), OF_PHRASE) for phrase in phrases)]


def _both(one: Option, other: Option) -> Option:
    return Option(f"{one.term} {other.term}", one.caught & other.caught, (one.worth + other.worth) / 2)


def choose(some: Sequence[Option], *, members: int, neutral: int = 0) -> list[Chosen]:
    """Terms that catch as many of the members as can be with few others, the one that adds most first.

    `neutral` are statements that are neither wanted nor in the way. A term that catches too many others is never taken: a story
    misses a statement rather than take up what is not its own.
    """
    others = {one.term: one.caught & ~members & ~neutral for one in some}
    precise = [
        one
        for one in some
        if others[one.term].bit_count() * (SHARE_OF_OTHERS - 1) <= (one.caught & members).bit_count() and one.caught & members
    ]
    chosen: list[Option] = []
    left = members
    while left and len(chosen) < MOST_TERMS:
        adding = [one for one in precise if one.caught & left]
        if not adding:
            break
        best = max(adding, key=lambda one: ((one.caught & left).bit_count() * one.worth, -others[one.term].bit_count()))
        chosen.append(best)
        left &= ~best.caught
    return list(_with_gains(chosen, members, others))


def _with_gains(chosen: Sequence[Option], members: int, others: Mapping[str, int]) -> Iterator[Chosen]:
    """The terms that were chosen and what each adds, without those for which later ones make up."""
    caught = 0
    for place, one in enumerate(chosen):
        later = 0
        for other in chosen[place + 1 :]:
            later |= other.caught
        if one.caught & members & ~caught & ~later:
            yield Chosen(term=one.term, adds=one.caught & members & ~caught, others=others[one.term])
            caught |= one.caught
