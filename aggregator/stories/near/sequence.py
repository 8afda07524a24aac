"""The words of a text in their order, one byte each: by these two texts are laid side by side when one of them is long gone."""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

from aggregator.text.placenames import may_begin
from aggregator.text.transliteration import sound, spelled

FACT, NEGATION, GAP = 0, 1, 2  # bytes that stand for no word; a gap is where a long text was not kept
_FIRST_WORD, _HASHES = 3, 0x7F
NAMED = 0x80  # the bit of a word that is a name
SHINGLE = 4  # words in a run, and bytes in a number: fewer are shared by chance, of more a changed word spoils too many
ODD = 0x9E3779B1  # of a product with it the highest of 32 bits are well mixed (Fibonacci hashing, Knuth 6.4)
WINDOW = 16  # words that are kept together of a long text
FIRST_LEVEL, LAST_LEVEL = 3, 14  # of a long text a window begins at every 8th word, every 16th …: at 86 %, 63 % … of it
_PLAIN = bytes(byte & _HASHES for byte in range(256))
_NO_WORD = bytes((NEGATION,))
Span = tuple[int, int]  # the first word, and the one behind the last


@lru_cache(maxsize=16384)
def _hash(word: str) -> int:
    """32 bits, alike for the spellings of one name: Kiev and Kyiv, centre and center."""
    key = next((key for rest, key in may_begin(word) if not rest), "") if word.isalpha() else word
    return crc32((key or sound(spelled(word)) or word).encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=16384)
def byte_of(word: str) -> int:
    """Seven bits that stand for a folded word. Of two other words 1 in 125 seem to be one."""
    return _FIRST_WORD + _hash(word) % (_HASHES + 1 - _FIRST_WORD)


def sequence(words: Sequence[str], facts: Iterable[int], named: Iterable[int], denied: Iterable[int]) -> tuple[bytes, bytes]:
    """The bytes of some words, and a second byte for each name, so that no two names seem to be one. The others are numbers of
    words: where a fact stands, what is a name, what a "not" stands before."""
    coded = bytearray(map(byte_of, words))
    names = sorted(named)
    for at in facts:
        coded[at] = FACT
    for at in names:
        coded[at] |= NAMED
    pieces: list[bytes] = []
    done = 0
    for at in denied:
        pieces += (bytes(coded[done:at]), bytes((NEGATION,)))
        done = at
    return b"".join((*pieces, bytes(coded[done:]))), bytes(_hash(words[at]) >> 24 for at in names)


class Line:
    """A text's sequence, taken apart."""

    __slots__ = ("_first", "_last", "_low", "_names", "_sets", "_shingles", "denied", "named", "plain", "runs", "seconds")

    def __init__(self, coded: bytes, seconds: bytes = b"") -> None:
        self.plain = coded.translate(_PLAIN, _NO_WORD)  # of words, facts and gaps
        self.named = coded.translate(None, _NO_WORD)  # the same with the bit of the names
        self.denied = tuple(_denied(coded))  # which of these a "not" stands before, in order
        self.runs = _runs(self.plain)  # the run of `SHINGLE` words that begins with each
        self.seconds = seconds  # bytes of the names, in order
        self._shingles: dict[int, list[int]] = {}
        self._sets: dict[int, set[int]] = {}
        self._low: list[tuple[int, int]] | None = None
        self._names: dict[int, int] | None = None
        self._first: dict[int, int] = {}
        self._last: dict[int, int] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """For `pickle`: a line is made again in less time than all that it holds is read."""
        return Line, (self._kept([(0, len(self.plain))]), self.seconds)

    def shingles(self, level: int) -> Sequence[int]:
        """The runs of words, in the order of the text, each once; those of them that a sketch of this level keeps."""
        if level not in self._shingles:
            runs = self.runs
            if level:
                whole = (at for at in self._anchors(level) if GAP not in self.plain[at : at + SHINGLE])
                runs = [runs[at] for at in whole if at < len(runs)]
            self._shingles[level] = list(dict.fromkeys(runs))
        return self._shingles[level]

    def holds(self, level: int) -> Callable[[int], bool]:
        """Whether a run of words is among the shingles of a level."""
        return self._set(level).__contains__

    def in_common(self, runs: Iterable[int]) -> int:
        """How many of some runs of words are among its own, each counted once."""
        return len(self._set(0).intersection(runs))

    def _set(self, level: int) -> set[int]:
        found = self._sets.get(level)
        if found is None:
            found = self._sets[level] = set(self.shingles(level))
        return found

    def names(self) -> dict[int, int]:
        """Where each name stands, in order, and its second byte."""
        if self._names is None:
            places = (at for at, byte in enumerate(self.named) if byte & NAMED)
            self._names = dict(zip(places, self.seconds, strict=False))
        return self._names

    def place(self, run: int) -> int:
        """Where a run of words begins that comes once; else -1."""
        if not self._last:
            count = len(self.runs)
            self._last = dict(zip(self.runs, range(count), strict=True))
            self._first = dict(zip(reversed(self.runs), range(count - 1, -1, -1), strict=True))
        at = self._last.get(run, -1)
        return at if at >= 0 and self._first[run] == at else -1

    def fitting(self, most: int) -> tuple[int, bytes, bytes]:
        """The first level at which no more than so many bytes are kept, these bytes, and those of the names among them."""
        coded, level = self._kept([(0, len(self.plain))]), 0
        if len(coded) <= most:
            return level, coded, self.seconds
        spans: list[Span] = []
        for level in range(FIRST_LEVEL, LAST_LEVEL + 1):
            spans = self._windows(level)
            coded = self._kept(spans)
            if len(coded) <= most:
                break
        names = self.names()
        seconds = bytes(names[at] for start, end in spans for at in range(start, end) if at in names)
        return level, coded[:most], seconds[:most]

    def _kept(self, spans: Iterable[Span]) -> bytes:
        pieces: list[bytes] = []
        for start, end in spans:
            done = start
            # A "not" is kept between two words that are; before the first and behind the last of a text too.
            first = bisect_right(self.denied, start) if start else 0
            last = bisect_left(self.denied, end) if end < len(self.plain) else len(self.denied)
            for at in self.denied[first:last]:
                pieces += (self.named[done:at], bytes((NEGATION,)))
                done = at
            pieces += (self.named[done:end], bytes((GAP,)))
        return b"".join(pieces[:-1])

    def _windows(self, level: int) -> list[Span]:
        """Where words are kept together at a level; of two that overlap one is made."""
        spans: list[Span] = []
        for at in self._anchors(level):
            end = self.plain.find(GAP, at, at + WINDOW)
            end = min(len(self.plain), at + WINDOW) if end < 0 else end
            if spans and at <= spans[-1][1]:
                spans[-1] = spans[-1][0], end
            else:
                spans.append((at, end))
        return spans

    def _anchors(self, level: int) -> Iterator[int]:
        """Where three words begin that are chosen by hash, so that of two texts the same ones are."""
        if self._low is None:  # what is chosen at a level is among what is at the one before
            self._low = _low_hashes(self.plain, FIRST_LEVEL)
        low = self._low if level >= FIRST_LEVEL else _low_hashes(self.plain, level)
        below = 1 << 32 - level
        return (at for at, hashed in low if hashed < below)


def _low_hashes(plain: bytes, level: int) -> list[tuple[int, int]]:
    """Places of three words of which the hash is low enough for a level, and the hashes."""
    below = 1 << 32 - level
    return [
        (at, hashed)
        for at, (one, two, three) in enumerate(zip(plain, plain[1:], plain[2:], strict=False))
        if (hashed := (one << 14 | two << 7 | three) * ODD & 0xFFFFFFFF) < below and GAP not in (one, two, three)
    ]


def runs_of(coded: bytes) -> list[int]:
    """The runs of words of a sequence, as `Line.runs`, where no more of it is asked."""
    return _runs(coded.translate(_PLAIN, _NO_WORD))


def _runs(plain: bytes) -> list[int]:
    """Each four bytes in a row as a number."""
    runs = [0] * max(0, len(plain) - SHINGLE + 1)
    for first in range(min(SHINGLE, len(runs))):
        count = (len(plain) - first) // SHINGLE
        runs[first::SHINGLE] = struct.unpack_from(f"<{count}I", plain, first)
    return runs


def _denied(coded: bytes) -> Iterator[int]:
    at = coded.find(NEGATION)
    count = 0
    while at >= 0:
        yield at - count
        count += 1
        at = coded.find(NEGATION, at + 1)
