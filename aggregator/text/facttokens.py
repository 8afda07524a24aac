"""The words, figures and signs of a text as facts are read from them: each with what it can mean and what stands around it."""

from __future__ import annotations

import re
from typing import NamedTuple

from aggregator.text.factwords import Meaning, guess_language, lexicon
from aggregator.text.numberwords import LANGUAGES
from aggregator.text.numerals import NUMBER

Found = tuple[str, str, int, int]  # kind, value, start, end
Reading = tuple[list[Found], int]  # what was read, and the index of the token after it

TOKEN = re.compile(rf"{NUMBER}|[^\W\d_]+(?:'[^\W\d_]+)*|[$€£¥₽₴₹₺%‰º°ª½¼¾]")
SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₽": "RUB", "₴": "UAH", "₹": "INR", "₺": "TRY"}
FIRST = frozenset(".0123456789").union(SIGNS)  # what a token that is no word of the lexicon must begin with
ROMAN = frozenset(["II", "IV", "IX", "VI", "XI", "XV", "XX"])  # or a numeral of two letters or more
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
        matches = list(TOKEN.finditer(text))
        self._written = [match[0] for match in matches]
        self._spans = [match.span() for match in matches]
        self._lows = [written.lower() for written in self._written]
        base = language.partition("-")[0]
        self.language = base if base in LANGUAGES else guess_language(low for low in self._lows if not low[0].isdigit())
        self.tag = language or self.language
        self.known = lexicon(self.language)
        meanings = list(map(self.known.get, self._lows))
        if "'" in text:
            for at, low in enumerate(self._lows):
                if "'" in low and meanings[at] is None and not low[0].isdigit():
                    meanings[at] = self._inside(low)
        self._meanings = meanings
        self._made: dict[int, Token] = {}

    def __len__(self) -> int:
        return len(self._lows)

    def __getitem__(self, at: int) -> Token:
        made = self._made.get(at)
        if made is None:
            low = self._lows[at]
            made = Token(self._written[at], low, *self._spans[at], "0" <= low[-1] <= "9", self._meanings[at])
            self._made[at] = made
        return made

    def worth_reading(self) -> list[int]:
        """The places where a fact can begin."""
        rows = enumerate(zip(self._meanings, self._written, strict=True))
        return [at for at, (meaning, written) in rows if meaning or written[0] in FIRST or written[:2] in ROMAN]

    def get(self, at: int) -> Token | None:
        """The token of that place, None outside the text."""
        return self[at] if 0 <= at < len(self._lows) else None

    def gap(self, at: int) -> str:
        """What stands between a token and the one before it; no text has what is given for more than a few characters."""
        if not 0 < at < len(self._lows):
            return NOTHING
        start, end = self._spans[at - 1][1], self._spans[at][0]
        return self.text[start:end] if end - start <= WIDEST else NOTHING

    def fact(self, kind: str, value: str, first: int, after: int) -> Found:
        """A fact from the token `first` to the one before `after`."""
        return kind, value, self._spans[first][0], self._spans[after - 1][1]

    def free(self, at: int) -> bool:
        """Whether figures stand by themselves, not at the end of a key or a name."""
        start = self._spans[at][0]
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

    def _inside(self, low: str) -> Meaning | None:
        """The word in "d'euros", "dell'agosto", "Monday's"; and the Ukrainian apostrophe."""
        parts = low.split("'")
        known = self.known.get
        return known(low.replace("'", "ʼ")) or known(parts[-1]) or (known(parts[0]) if parts[-1] == "s" else None)
