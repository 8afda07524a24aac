"""What a term asks of a statement, and the words of a statement that it is held against."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeAlias

from aggregator.config.terms import Choice, Chunk, read_term
from aggregator.text.fingerprint import WORD
from aggregator.text.forms import forms

# Signs that part no word though no letter: soft hyphen, joiners, marks of direction and of byte order. Some sources, and copies
# of them, put them into names.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
SAME = (("’", "'"), ("ʼ", "'"), ("ё", "е"))  # what is written now so, now so
# Scripts without spaces, of which a word stands within a longer run: Thai and Lao, Burmese, Khmer, kana, Chinese.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
SHORT = 5  # letters of an abbreviation, at most: NATO, UNSC
SPELLED = 50_000  # characters in which the spelling of a word is looked for


def plain(text: str) -> str:
    """The letters of a text as terms are compared with them: composed, without case and invisible signs."""
    if text.isascii():
        return text.lower()
    for sign in INVISIBLE:
        if sign in text:
            text = text.replace(sign, "")
    text = unicodedata.normalize("NFC", text).casefold()
    for sign, same in SAME:
        if sign in text:
            text = text.replace(sign, same)
    return text


class Part:
    """The title of a statement, or its text. Its words are cut when they are asked for."""

    def __init__(self, name: str, written: str) -> None:
        self.name, self.written = name, written
        self._spelled: dict[str, str] = {}

    @cached_property
    def letters(self) -> str:
        """In which each of its words stands."""
        return plain(self.written)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """In their order."""
        return tuple(WORD.findall(self.letters))  # as `fingerprint.words`, of letters that are plain already

    @cached_property
    def there(self) -> frozenset[str]:
        """Its words, each once."""
        return frozenset(self.words)

    @cached_property
    def in_order(self) -> Sequence[str]:
        """Its words, each once, sorted."""
        return sorted(self.there)

    def beginning(self, start: str) -> str | None:
        """The first word, by the alphabet, that begins so."""
        if start not in self.letters:
            return None
        at = bisect_left(self.in_order, start)
        return self.in_order[at] if at < len(self.in_order) and self.in_order[at].startswith(start) else None

    def spelling(self, said: str) -> str:
        """Words as the source spelled them."""
        if said not in self._spelled:  # many stories ask for the same
            self._spelled[said] = self._spelling(said)
        return self._spelled[said]

    def _spelling(self, said: str) -> str:
        letters = r"[\W_]+".join(re.escape(one).replace("'", "['’ʼ]").replace("е", "[её]") for one in said.split(" "))
        text = unicodedata.normalize("NFC", self.written[:SPELLED])
        found = re.search(rf"(?<![^\W_]){letters}(?![^\W_])", text, re.IGNORECASE)
        return " ".join(found[0].split()) if found is not None else said


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a term."""

    stem: str  # letters that all its forms hold
    forms: frozenset[str]
    begins: bool = False  # every word that begins so
    within: bool = False  # letters that stand anywhere: of a script without spaces

    def found(self, part: Part) -> str | None:
        """The word of a title or text that is this one, or None."""
        # To look for letters costs a hundredth of cutting a text into words, and almost always tells that a word is not there.
        if self.stem not in part.letters:
            return None
        if self.within:
            return self.stem
        if self.begins:
            return part.beginning(self.stem)
        return min(self.forms & part.there, default=None)

    def is_(self, word: str) -> bool:
        """Whether a word of a text is this one."""
        return word.startswith(self.stem) if self.begins else word in self.forms


class Found(NamedTuple):
    """Where something stands that a term asks for."""

    said: str  # the words of the statement, in the letters of `plain`
    part: Part
    written: str  # in the term


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand side by side in this order, or one word."""

    words: tuple[Word, ...]
    written: str

    def found(self, part: Part) -> Found | None:
        """Where it stands in a title or text, or None."""
        said = self.words[0].found(part)
        if said is not None and len(self.words) > 1:
            said = self._side_by_side(part)
        return None if said is None else Found(said, part, self.written)

    def _side_by_side(self, part: Part) -> str | None:
        if any(word.found(part) is None for word in self.words):
            return None
        length, first = len(self.words), self.words[0]
        for at, word in enumerate(part.words):
            if first.is_(word):
                there = part.words[at : at + length]
                if len(there) == length and all(one.is_(other) for one, other in zip(self.words, there, strict=True)):
                    return " ".join(there)
        return None


Need: TypeAlias = tuple[Run, ...]  # one of these
Term: TypeAlias = tuple[Need, ...]  # all of these


@lru_cache(maxsize=65_536)
def term_of(written: str, language: str, inflected: bool) -> Term:
    """An entry of `terms` or `none`, ready to be held against statements in a language (BCP 47; "" where it is unknown).

    With `inflected`, words are found in their other forms, too. What is empty asks for nothing; `feeds.toml` may not hold it.
    Raises ValueError, as `read_term` does.
    """
    if not written:
        return ()
    return tuple(need for asked in read_term(written) for need in _needs(asked, language, inflected))


def _needs(asked: tuple[Choice, ...], language: str, inflected: bool) -> Iterator[Need]:
    runs = [run for choice in asked if (run := _run(choice, language, inflected)) is not None]
    if len(asked) == 1 and not asked[0].together and runs:
        yield from (((Run((word,), runs[0].written)),) for word in runs[0].words)  # Trump-Putin: two words, wherever they stand
    elif runs:
        yield tuple(runs)


def _run(choice: Choice, language: str, inflected: bool) -> Run | None:
    written = " ".join(chunk.text + "*" * chunk.begins for chunk in choice.chunks)
    if any(_without_bounds(chunk.text) for chunk in choice.chunks):
        letters = plain(" ".join(chunk.text for chunk in choice.chunks))
        return Run((Word(letters, frozenset(), within=True),), written)
    found = [word for chunk in choice.chunks for word in _words(chunk, language, inflected)]
    return Run(tuple(found), written) if found else None


def _words(chunk: Chunk, language: str, inflected: bool) -> Iterator[Word]:
    there = WORD.findall(plain(chunk.text))
    for number, word in enumerate(there, 1):
        if chunk.begins and number == len(there):
            yield Word(word, frozenset(), begins=True)
        elif chunk.exact or not inflected:
            yield Word(word, frozenset((word,)))
        else:
            some = forms(word, language, short=chunk.text.isupper() and len(word) <= SHORT)
            yield Word(some.stem, some.all)


def _without_bounds(text: str) -> bool:
    """Whether its words cannot be told by spaces, or not by letters alone: the vowel signs of Hindi are none."""
    if text.isascii():
        return False
    return bool(UNSPACED.search(text)) or any(unicodedata.category(one)[0] == "M" for one in unicodedata.normalize("NFC", text))
