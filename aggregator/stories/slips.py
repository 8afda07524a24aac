"""Slips of the keyboard in a stretch of an English text, told by the words of the language."""

from __future__ import annotations

from collections.abc import Iterable

from aggregator.stories.elsewhere import Elsewhere
from aggregator.stories.figures import FIGURES
from aggregator.stories.hunks import TOKEN, Hunk, Side, begins_sentence
from aggregator.text.factwords import lexicon
from aggregator.text.spelling import TWO_WORDS
from aggregator.text.vocabulary import FEW, is_english, is_listed, is_mistyped, is_near, is_word

LONG_TO_BEGIN = 9  # letters of a word at the beginning of a sentence: of shorter ones, many are names ("Gardner", "Gardener")
MOST_TRIED = 2_000  # pairs of words of an edit that are asked about: half a second; a text with more slips was made to be slow
MOST_MISTYPED = 5  # words of a stretch in which a word of a figure is mistyped; each is held against all of them
LONG_TO_NAME = 6  # letters of a month or a day of the week that is mistyped: "Marc" is not March


class Slips:
    """What in a stretch may be a slip: nothing where its text is not English, and no name."""

    def __init__(self, hunk: Hunk, elsewhere: Elsewhere) -> None:
        self._hunk, self._elsewhere = hunk, elsewhere
        self._names: set[str] | None = None
        self._is_english: bool | None = None

    def is_slip(self, one: str, other: str) -> bool:
        """Whether one of two words is the other, mistyped, and no figure, no name and no word that the texts use elsewhere."""
        self._elsewhere.tried += 1
        a, b = _bare(one), _bare(other)
        if self._elsewhere.tried > MOST_TRIED or not is_mistyped(a, b) or not self._may_be(one, other):
            return False
        if FIGURES.intersection((a, b)) or lexicon("en").keys() & {a, b}:
            return False
        return not self._elsewhere(b if is_listed(a) else a)

    def are_two_words(self, one: str, other: str) -> bool:
        """Whether both are English words, so that neither is a slip for the other."""
        a, b = _bare(one), _bare(other)
        return frozenset((a, b)) in TWO_WORDS or (is_listed(a) and is_listed(b) and self._in_english())

    def is_figure_mistyped(self) -> bool:
        """Whether the stretch changes nothing but how a word of a figure is spelled, and no other figure is as near to it."""
        removed, added = ([one.text for one in side] for side in (self._hunk.removed, self._hunk.added))
        if len(removed) != len(added) or len(removed) > MOST_MISTYPED:
            return False
        pairs = [(a, b) for a, b in zip(removed, added, strict=True) if a != b]
        return bool(pairs) and all(_is_one_figure(a, b) for a, b in pairs) and self._in_english()

    def _may_be(self, one: str, other: str) -> bool:
        if one[0].isupper() or other[0].isupper():
            if self._names is None:
                sides = ((self._hunk.old, self._hunk.i, self._hunk.a), (self._hunk.new, self._hunk.j, self._hunk.b))
                self._names = {name for side in sides for name in _capitalised(*side)}
            if max(len(one), len(other)) < LONG_TO_BEGIN or self._names & {one, other}:
                return False
        return self._in_english()

    def _in_english(self) -> bool:
        if self._is_english is None:
            self._is_english = _is_english(self._hunk, self._elsewhere)
        return self._is_english


def _bare(word: str) -> str:
    return word.casefold().removesuffix("'s")


def _capitalised(side: Side, i: int, a: int) -> Iterable[str]:
    """The words of a stretch that have a capital letter and stand within a sentence; and those in capitals."""
    for n in range(i, a):
        word = side.tokens[n].text
        if word[0].isupper() and (not begins_sentence(side, n) or not word[1:].islower()):
            yield word


def _is_english(hunk: Hunk, elsewhere: Elsewhere) -> bool:
    """By the lines that the stretch stands in; by the texts, where those are short."""
    lines = {side.lines[one.line] for side, found in ((hunk.old, hunk.removed), (hunk.new, hunk.added)) for one in found}
    told = [is_english(word for word in TOKEN.findall(line) if word.isalpha() and word.islower()) for line in sorted(lines)]
    if any(told) or False in told:
        return any(told)  # the line with more slips may not look English
    return elsewhere.is_english()


def _is_one_figure(one: str, other: str) -> bool:
    """Whether one is a word of a figure, and the other is no word and as near to no other such word: "hendred", not "sixt"."""
    a, b = one.casefold(), other.casefold()
    known = FIGURES | lexicon("en").keys()
    right, wrong = (a, b) if a in known else (b, a)
    if wrong in known or right not in known or right[0] != wrong[0] or len(right) < FEW or is_word(wrong):
        return False
    if (one[0].isupper() or other[0].isupper()) and (len(right) < LONG_TO_NAME or wrong.startswith(right)):
        return False
    return [word for word in known if is_near(word, wrong)] == [right]
