"""What stands in two versions of a text where they did not change: words, the title, and where the body begins and ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from aggregator.stories.hunks import CLOSING, ENDS, TOKEN, Compared, lines_of
from aggregator.text.boilerplate import without_mark
from aggregator.text.vocabulary import is_english

MOST_READ = 400_000  # characters in which words are looked up
MOST_TRIED, MOST_ASKED = 10_000, 200  # characters of a context, or a line, and words, by which a language is told
SENTENCE = 5  # words; a line of so many that ends as a sentence does is one
LONGEST_LINE = 12  # words; a longer line says something, however it ends


class Elsewhere:
    """What stands in the texts where they did not change."""

    def __init__(self, compared: Compared, context: str = "", titles: Iterable[str] = ()) -> None:
        """`context`: a text that the new one is a part of; `titles`: of the old and the new text."""
        self._compared, self._context = compared, context
        self._titles = {_bare(line) for title in titles for line in lines_of(title)}
        self._counts: Counter[str] | None = None  # most edits never ask
        self._bodies: dict[bool, tuple[int, int]] = {}
        self.tried = 0  # pairs of words of this edit that were held against the words of the language

    def __call__(self, word: str) -> int:
        """How often a word, in small letters, stands there."""
        if self._counts is None:
            self._counts = self._count()
        return self._counts[_key(word)]

    def is_english(self) -> bool:
        """Whether the texts are English, by words of their beginnings that are no names."""
        lines = (*self._compared.lines, *lines_of(self._context[:MOST_TRIED]))
        words = (word for line in lines for word in TOKEN.findall(line[:MOST_TRIED]) if word.isalpha() and word.islower())
        told = is_english(islice(words, MOST_ASKED))
        return self("the") > 0 if told is None else told

    def repeats(self, line: str) -> bool:
        """Whether a line says the title once more, as the path to a page does."""
        return _bare(line) in self._titles

    def body(self, *, new: bool) -> tuple[int, int]:
        """The first and the last line of a text that is a sentence; all of its lines where none is. A title is none."""
        if new not in self._bodies:
            lines = self._compared.others if new else self._compared.lines
            first = next((n for n, line in enumerate(lines) if self._is_of_body(n, line)), None)
            back = range(len(lines) - 1, -1, -1)
            last = next((n for n in back if self._is_of_body(n, lines[n])), None)
            self._bodies[new] = (0, len(lines)) if first is None or last is None else (first, last)
        return self._bodies[new]

    def _is_of_body(self, n: int, line: str) -> bool:
        return n > 0 and is_sentence(line) and not self.repeats(line)

    def _count(self) -> Counter[str]:
        counts = _count_words(self._compared.lines)
        for hunk in self._compared.hunks:
            counts.subtract(_key(one.text) for one in hunk.removed)
        if self._context:
            counts.update(_count_words(lines_of(self._context[:MOST_READ])))
            counts.subtract(_count_words(self._compared.others))
        return counts


def _count_words(lines: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    left = MOST_READ
    for line in lines:
        left -= len(line)
        if left < 0:
            break
        counts.update(_key(word) for word in TOKEN.findall(line) if word[0].isalpha())
    return counts


def _key(word: str) -> str:
    """A word as it is counted: "America's" is "america"."""
    return word.casefold().removesuffix("'s")


def _bare(line: str) -> str:
    return without_mark(line).casefold()


def is_sentence(line: str) -> bool:
    """Whether a line says something, by its looks: it is long, or it ends as a sentence does."""
    words = sum(1 for word in TOKEN.findall(line) if word[0].isalnum())
    return words >= LONGEST_LINE or (words >= SENTENCE and line.rstrip("".join(CLOSING))[-1:] in ENDS)
