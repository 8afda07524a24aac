"""A text as near-copies are compared: its wording without facts, and its facts and names each with what stands around it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from heapq import nsmallest
from itertools import islice

from aggregator.text.facts import Fact, FactKind, facts
from aggregator.text.findable import findable
from aggregator.text.months import MONTHS
from aggregator.text.sentences import BEFORE_A_NAME

MOST_READ = 200_000  # characters: what is longer is no statement; of its rest only a hash is compared
MASK = "\x00"  # stands in the wording for a fact, whatever its value
SHINGLE = 4  # words in a run: fewer are shared by chance, and of more a single changed word spoils too many
BANDS = 16
AROUND = 2  # words on each side of a fact, by which its place is known again in another text
EDGE = 0  # instead of a hash, where the text ends: that says nothing of a place
LONGEST_NAME = 5  # capitalised words in a run; more of them are a heading
_NEGATIONS = """
    not no never nor neither none cannot without nicht kein keine keinen keinem keiner keines nie niemals ohne ne pas jamais
    aucun aucune sans не нет ни никогда без немає ні ніколи nunca sin non mai senza
"""
NEGATIONS = frozenset(_NEGATIONS.split())
# "first" is seldom a count, so `facts` leaves it; beside "second" in the same place it is one.
_FIRST = """
    first erste ersten erster erstes erstem primero primera
    первый первая первое первого первой первую первом перший перша перше першого першоі першу першому
"""
FIRST = frozenset(_FIRST.split())

INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
WORD = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670])*")
# Cyrillic and Greek letters that look Latin, in words that have Latin letters too: no language writes such words.
_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕһԛԝАВЕКМНОРСТУХІЈЅԚԜαικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abekmhopctyxijshqwABEKMHOPCTYXIJSQWaikvoptuxABEZHIKMNOPTYX"
)
_LATIN = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Placed:
    """A fact, a name or a negation, and the words before and behind it."""

    kind: str  # of `FactKind`, or one of "month", "rest", "name", "negation"
    value: str  # of a negation: the 32-bit hash of a run of words that it stands in
    before: int  # hashes of 16 bits, or `EDGE`
    behind: int
    alone: bool = False  # a dateline: a date that stands by itself and is the day of publication, which copies put anew


@dataclass(frozen=True, slots=True)
class Reading:
    """What is compared of a text."""

    words: int
    shingles: tuple[int, ...]  # 32-bit hashes of its runs of words in the order of the text, each once
    bands: tuple[int, ...]  # what it is found by: signed, 64 bits
    placed: tuple[Placed, ...]


@dataclass(slots=True)
class Wording:
    """The words of a text, folded, and where each stands; `MASK` for a fact. Negations are left out, their places are kept."""

    text: str
    words: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    facts: dict[int, Fact] = field(default_factory=dict)  # by the number of the word
    denied: list[int] = field(default_factory=list)  # numbers of the words that a negation stands before

    def put(self, word: str, start: int, end: int, fact: Fact | None = None) -> None:
        """Take up the next word."""
        # "don't" has come as "don" and "t"
        if word in NEGATIONS or (
            word == "t" and self.words and self.words[-1].endswith("n") and self.spans[-1][1] + 1 == start
        ):
            self.denied.append(len(self.words))
            return
        if word in FIRST:
            word, fact = MASK, Fact(FactKind.ORDINAL, "1", start, end)
        if fact is not None:
            self.facts[len(self.words)] = fact
        self.words.append(word)
        self.spans.append((start, end))


def read(text: str, published: datetime, language: str = "") -> Reading:
    """Read a text once, in time linear in its length; of one longer than `MOST_READ` no more than that.

    `published` (aware) tells which dates are datelines; `language` (BCP 47, "" where it is not known) helps to read numbers.
    """
    text, rest = text[:MOST_READ], text[MOST_READ:]
    text = SPACES.sub(" ", INVISIBLE.sub("", text))
    wording = _wording(text, facts(text, language))
    runs = _runs(wording.words)
    placed = [*_facts(wording, published), *_names(wording), *_negations(wording)]
    if rest:
        placed.append(Placed("rest", f"{zlib.crc32(rest.encode('utf-8', 'surrogatepass')):08x}", 1, 1))
    return Reading(words=len(wording.words), shingles=tuple(runs), bands=_bands(runs), placed=tuple(placed))


def hash16(words: Iterable[str]) -> int:
    """16 bits that stand for some words."""
    return _stirred(zlib.crc32(" ".join(words).encode("utf-8", "surrogatepass"))) & 0xFFFF


def _stirred(number: int) -> int:
    """A 32-bit number with its bits stirred (C. Wellons' lowbias32): CRC-32 of like words is too regular to choose by."""
    number = (number ^ (number >> 16)) * 0x7FEB352D & 0xFFFFFFFF
    number = (number ^ (number >> 15)) * 0x846CA68B & 0xFFFFFFFF
    return number ^ (number >> 16)


def _wording(text: str, found: Sequence[Fact]) -> Wording:
    wording = Wording(text)
    coming = iter(found)
    fact, within = next(coming, None), None
    for word, start, end in _words(text):
        while fact is not None and fact.end <= start:
            fact = next(coming, None)
        if fact is None or end <= fact.start:
            wording.put(word, start, end)
        elif fact is not within:
            wording.put(MASK, fact.start, fact.end, fact)
            within = fact
    return wording


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    for token in WORD.finditer(text):
        word, start = token[0], token.start()
        if word.isascii():
            yield word.lower(), start, token.end()
            continue
        if _LATIN.search(word):
            word = word.translate(_LOOKALIKES)
        for one in findable(word):
            yield one.word, start + one.start, start + one.end


def _runs(words: Sequence[str]) -> dict[int, bytes]:
    """Each run of `SHINGLE` words by its hash, in the order of the text."""
    size = min(SHINGLE, len(words))
    if not size:
        return {}
    coded = [word.encode("utf-8", "surrogatepass") for word in words]
    runs = map(b" ".join, zip(*(islice(coded, at, None) for at in range(size)), strict=False))
    return {_stirred(zlib.crc32(run)): run for run in runs}


def _bands(runs: Mapping[int, bytes]) -> tuple[int, ...]:
    """What a text is found by: its runs of words with the smallest hashes (Broder 1997), each as a number of 64 bits.

    Of two texts of which one holds a third of the other, fewer than one pair in 600 has none of 16 in common (0.67 ** 16).
    """
    smallest = nsmallest(BANDS, runs)
    return tuple(int.from_bytes(blake2b(runs[one], digest_size=8).digest(), "little", signed=True) for one in smallest)


def _around(wording: Wording, start: int, end: int) -> tuple[int, int]:
    words = wording.words
    before = hash16(words[start - AROUND : start]) or 1 if start >= AROUND else EDGE
    return before, hash16(words[end : end + AROUND]) or 1 if end + AROUND <= len(words) else EDGE


def _facts(wording: Wording, published: datetime) -> Iterator[Placed]:
    for at, fact in wording.facts.items():
        before, behind = _around(wording, at, at + 1)
        alone = fact.kind is FactKind.DATE and _is_dateline(fact, wording.text, published)
        yield Placed(fact.kind.value, fact.value, before, behind, alone=alone)
    for at, word in enumerate(wording.words):
        if word in MONTHS and wording.text[wording.spans[at][0]].isupper():
            before, behind = _around(wording, at, at + 1)
            yield Placed("month", f"{MONTHS[word]:02}", before, behind)  # as in "2022-02"


def _is_dateline(fact: Fact, text: str, published: datetime) -> bool:
    """Whether a date opens a line, perhaps behind a place in capitals, and is the day of publication or one beside it."""
    before = text[max(0, fact.start - 40) : fact.start].rpartition("\n")[2].strip(" \t([,.")
    if before and not before.isupper():
        return False
    days = (published + timedelta(days=off) for off in (-1, 0, 1) if 1 < published.year < 9999)
    # 03.08.13 is in March or in August; the day of publication tells which.
    return any(day.strftime(form).endswith(fact.value.lstrip("-")) for day in days for form in ("%Y-%m-%d", "%Y-%d-%m"))


def _names(wording: Wording) -> Iterator[Placed]:
    """Runs of capitalised words within sentences."""
    text, spans = wording.text, wording.spans
    capital = [text[start].isupper() and at not in wording.facts for at, (start, _) in enumerate(spans)]
    start = 0
    while start < len(spans):
        if not capital[start]:
            start += 1
            continue
        end = start + 1
        while end < len(spans) and capital[end] and _goes_on(text, spans[end - 1], spans[end]):
            end += 1
        first = start + 1 if _opens(text, spans[start][0]) else start
        if first < end <= start + LONGEST_NAME:
            yield Placed("name", " ".join(wording.words[first:end]), *_around(wording, start, end))
        start = end


def _goes_on(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two capitalised words belong to one name: "Van Hollen", "Jean-Marc", "Sen. Warnock", not "Kyiv. Putin"."""
    gap = text[one[1] : other[0]]
    if len(gap) > 2:
        return False
    word = text[one[0] : one[1]].lower()
    return not gap.strip(" -.’'" if len(word) == 1 or word in BEFORE_A_NAME else " -’'")


def _opens(text: str, start: int) -> bool:
    """Whether a word begins a sentence or a line: its capital tells nothing."""
    back = text[max(0, start - 4) : start].rstrip(" \t\"'“”‘’«»„([–—-")
    if back.endswith("\n") and back.rstrip(" \n"):  # a line that goes on from the one above, in a text broken by hand
        back = back.rstrip(" \n") if back.count("\n") == 1 else back
    return not back or back[-1] in ".!?…:\n"


def _negations(wording: Wording) -> Iterator[Placed]:
    for at in dict.fromkeys(wording.denied):
        spanning = [wording.words[start : start + SHINGLE] for start in range(max(0, at - SHINGLE + 1), at)]
        hashes = [
            _stirred(zlib.crc32(" ".join(run).encode("utf-8", "surrogatepass"))) for run in spanning if len(run) == SHINGLE
        ]
        if hashes:
            # The one that is kept the longest where a text has more runs than a sketch has room for.
            run = max(hashes, key=lambda one: (one & -one, one))
            yield Placed("negation", f"{run}", *_around(wording, at, at))
