"""The words, figures and signs of a text as facts are read from them: each with what it can mean and what stands around it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from copy import copy
from itertools import accumulate
from typing import NamedTuple, Self

from aggregator.text.factwords import Meaning, guess_language, lexicon
from aggregator.text.numberwords import LANGUAGES
from aggregator.text.numerals import NUMBER

Found = tuple[str, str, int, int]  # kind, value, start, end
Reading = tuple[list[Found], int]  # what was read, and the index of the token after it

LETTER = r"[^\W\d_]"
# Each in the one group that `split` gives back. First what most tokens are: letters of ASCII, and no other letter behind them.
TOKEN = re.compile(rf"([A-Za-z]++(?=[\x00-\x26\x28-\x7f])|{LETTER}+(?:'{LETTER}+)*|{NUMBER}|[$€£¥₽₴₹₺%‰º°ª½¼¾])")
SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₽": "RUB", "₴": "UAH", "₹": "INR", "₺": "TRY"}
FIRST = frozenset(".0123456789").union(SIGNS)  # what a token that is no word of the lexicon must begin with
ROMAN = frozenset(["II", "IV", "IX", "VI", "XI", "XV", "XX"])  # or a numeral of two letters or more
MAY_BEGIN = FIRST.union("IVX")
WIDEST = 3  # characters between two tokens that belong together
SUFFIXES = {
    "en": "st nd rd th",
    "fr": "er re e ère ème eme ième nd nde ᵉ",
    "nl": "e de ste",
    "ru": "й го му м ом я ой е х ый ая ого ому ый ых ми",
    "uk": "й го му м ї та а ий ої ому е ту тя х",
}


class Token(NamedTuple):
    """A word, a number in figures or a sign."""

    written: str
    low: str  # in small letters
    start: int
    end: int
    figure: bool
    meaning: Meaning | None


NOTHING = "\x01"


class Tokens:
    """The tokens of one text. `language` is a BCP 47 tag in small letters or ""."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        pieces = TOKEN.split(text)
        self._gaps, self._written = pieces[0::2], pieces[1::2]
        ends = list(accumulate(map(len, pieces)))
        self._starts, self._ends = ends[0::2], ends[1::2]
        base = language.partition("-")[0]
        self._is_known = base in LANGUAGES
        self.language = base if self._is_known else _guessed(self._written)
        self.tag = language or self.language
        self._lows = list(map(str.lower, self._written))
        known = lexicon(self.language)
        self._meanings = list(map(known.get, self._lows))
        if "'" in text:
            for at, low in enumerate(self._lows):
                if "'" in low and self._meanings[at] is None and not low[0].isdigit():
                    self._meanings[at] = _inside(low, known)
        self._made: list[Token | None] = [None] * len(self._lows)

    def first_at(self, place: int) -> int:
        """The index of the first token that begins at a place or behind it; in characters."""
        return bisect_left(self._starts, place, hi=len(self._lows))

    def alike_from(self, first: int) -> bool:
        """Whether the tokens from `first` on would by themselves be taken for the same language."""
        return self._is_known or _guessed(self._written[first:]) == self.language

    def behind(self, first: int) -> Self:
        """The tokens from `first` on, as if the text began there."""
        rest = copy(self)
        for name in ("_gaps", "_written", "_starts", "_ends", "_lows", "_meanings"):
            setattr(rest, name, getattr(self, name)[first:])
        rest._made = [None] * len(rest._lows)  # noqa: SLF001 - one of our own
        return rest

    def __len__(self) -> int:
        return len(self._lows)

    def __getitem__(self, at: int) -> Token:
        made = self._made[at]
        if made is None:
            low = self._lows[at]
            figure = "0" <= low[-1] <= "9"
            made = Token(self._written[at], low, self._starts[at], self._ends[at], figure, self._meanings[at])
            self._made[at] = made
        return made

    def worth_reading(self) -> list[int]:
        """The places where a fact can begin."""
        return [
            at
            for at, (meaning, written) in enumerate(zip(self._meanings, self._written, strict=True))
            if meaning or (written[0] in MAY_BEGIN and (written[0] in FIRST or written[:2] in ROMAN))
        ]

    def get(self, at: int) -> Token | None:
        """The token of that place, None outside the text."""
        if not 0 <= at < len(self._made):
            return None
        return self._made[at] or self[at]

    def gap(self, at: int) -> str:
        """What stands between a token and the one before it; no text has what is given for more than a few characters."""
        if not 0 < at < len(self._lows):
            return NOTHING
        gap = self._gaps[at]
        return gap if len(gap) <= WIDEST else NOTHING

    def fact(self, kind: str, value: str, first: int, after: int) -> Found:
        """A fact from the token `first` to the one before `after`."""
        return kind, value, self._starts[first], self._ends[after - 1]

    def free(self, at: int) -> bool:
        """Whether figures stand by themselves, not at the end of a key or a name."""
        start = self._starts[at]
        before = self.text[start - 1 : start]
        return not before or not (before.isalpha() or before in "_\x01")

    def past_suffix(self, at: int) -> int:
        """The index behind the "th" of a number that ends before this token."""
        token = self.get(at)
        if token is not None and self.gap(at) in ("", "-") and (self.is_suffix(token.low) or token.low in "ºª°"):
            return at + 1
        return at

    def is_suffix(self, low: str) -> bool:
        """Whether these letters make an ordinal of a number, in the text's language or, if that is not known, in any."""
        tables = [SUFFIXES[self.language]] if self.language in SUFFIXES else SUFFIXES.values()
        return any(low in table.split() for table in tables)


def _inside(low: str, lexicon: Mapping[str, Meaning]) -> Meaning | None:
    """The word in "d'euros", "dell'agosto", "Monday's"; and the Ukrainian apostrophe."""
    parts = low.split("'")
    known = lexicon.get
    return known(low.replace("'", "ʼ")) or known(parts[-1]) or (known(parts[0]) if parts[-1] == "s" else None)


def _guessed(written: Iterable[str]) -> str:
    return guess_language(word.lower() for word in written if not word[0].isdigit())
