"""A text as near-copies are compared: its words in order, and its facts each with what stands around it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from heapq import nsmallest
from itertools import accumulate, count

from aggregator.stories.near.sequence import ODD, SHINGLE, Line, sequence
from aggregator.text.facts import Fact, FactKind, facts
from aggregator.text.findable import findable
from aggregator.text.months import MONTHS
from aggregator.text.names import TITLES
from aggregator.text.placenames import may_begin

MOST_READ = 200_000  # characters: what is longer is no statement; of its rest only a hash is compared
MASK = "\x00"  # stands in the wording for a fact, whatever its value
BANDS = 14
AROUND = 2  # words on each side of a fact, by which its place is known again in another text
EDGE = 0  # instead of a hash, where the text ends: that says nothing of a place
SHORTEST_NAME = 4  # letters, unless it is a known place: what is shorter may be the abbreviation of a state or an office
LONGEST_NAME = 5  # capitalised words in a run; more of them are a heading
# What stands before a name besides `TITLES`, in one copy written out and in another not.
_RANKS = (
    "capt|captain|col|colonel|maj|major|lt|lieutenant|sgt|sergeant|gen|general|adm|admiral|cmdr|commander|prof|professor|rev"
)
OFFICES = re.compile(
    f"(?:{_RANKS})$|senator|representative|congress|governor|delegate|speaker|chair|majority|minority|rank|member|office|press"
)
# A full stop after these parts no name. A list of its own: what changes it changes every sketch that is stored.
_DOTTED = """
    mr mrs ms dr prof gen lt col maj capt cmdr sgt adm sen rep gov pres st mt hon rev amb sec messrs m mm mme mlle vs cf hrn fr
    п ст им ул акад проф
"""
DOTTED = frozenset(_DOTTED.split())
_NEGATIONS = """
    not no never nor neither none cannot without nicht kein keine keinen keinem keiner keines nie niemals ohne ne pas jamais
    aucun aucune sans не нет ни никогда без немає ні ніколи nunca sin non mai senza
"""
NEGATIONS = frozenset(_NEGATIONS.split())

INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
# What the two above find, nearly: most texts hold none of it.
UNCLEAN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\t\x0b-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
)
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
# In the one group that `split` gives back; first what most words are.
WORD = re.compile(rf"([A-Za-z0-9]++(?=[\x00-\x7f])|[^\W_]+(?:[{_MARKS}][^\W_]*)*)")
# Cyrillic and Greek letters that look Latin, in words that have Latin letters too: no language writes such words.
_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕһԛԝАВЕКМНОРСТУХІЈЅԚԜαικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abekmhopctyxijshqwABEKMHOPCTYXIJSQWaikvoptuxABEZHIKMNOPTYX"
)
_MIXED = re.compile("[\u0370-\u052f](?:(?=[A-Za-z])|(?<=[A-Za-z].))")


@dataclass(frozen=True, slots=True)
class Placed:
    """A fact, and the words before and behind it."""

    kind: str  # of `FactKind`, or "month" or "rest"
    value: str
    before: int  # hashes of 16 bits, or `EDGE`
    behind: int
    alone: bool = False  # a dateline: a date that stands by itself and is the day of publication, which copies put anew


@dataclass(frozen=True, slots=True)
class Reading:
    """What is compared of a text."""

    words: tuple[str, ...]  # folded; `MASK` for a fact
    line: Line  # the same as it is kept
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
    capitals: list[int] = field(default_factory=list)  # numbers of the words with a capital
    small: set[str] = field(default_factory=set)  # the words that stand somewhere without one


def read(text: str, published: datetime, language: str = "", found: Sequence[Fact] | None = None) -> Reading:
    """Read a text once, in time linear in its length; of one longer than `MOST_READ` no more than that.

    `published` (aware) tells which dates are datelines; `language` (BCP 47, "" where it is not known) helps to read numbers.
    `found` are the facts of the text, where they are known.
    """
    given = text
    text, rest = text[:MOST_READ], text[MOST_READ:]
    if "  " in text or UNCLEAN.search(text):
        text = SPACES.sub(" ", INVISIBLE.sub("", text))
    if _MIXED.search(text):
        text = WORD.sub(_in_one_script, text)
    wording = _wording(text, facts(text, language) if found is None or text != given else found)
    placed = list(_facts(wording, published))
    if rest:
        placed.append(Placed("rest", f"{zlib.crc32(rest.encode('utf-8', 'surrogatepass')):08x}", 1, 1))
    line = Line(*sequence(wording.words, wording.facts, _named(wording), _at_most_twice(wording.denied)))
    return Reading(words=tuple(wording.words), line=line, bands=_bands(line, wording.words), placed=tuple(placed))


def hash16(words: Iterable[str]) -> int:
    """16 bits that stand for some words."""
    return _stirred(zlib.crc32(" ".join(words).encode("utf-8", "surrogatepass"))) & 0xFFFF


def _stirred(number: int) -> int:
    """A 32-bit number with its bits stirred (C. Wellons' lowbias32): CRC-32 of like words is too regular to choose by."""
    number = (number ^ (number >> 16)) * 0x7FEB352D & 0xFFFFFFFF
    number = (number ^ (number >> 15)) * 0x846CA68B & 0xFFFFFFFF
    return number ^ (number >> 16)


def _in_one_script(word: re.Match[str]) -> str:
    return word[0].translate(_LOOKALIKES) if _MIXED.search(word[0]) else word[0]


def _wording(text: str, found: Sequence[Fact]) -> Wording:
    wording = Wording(text)
    words, spans, capitals, small = wording.words, wording.spans, wording.capitals, wording.small
    coming = iter(found)
    fact, within = next(coming, None), None
    begins, ends = (len(text), len(text)) if fact is None else (fact.start, fact.end)  # of the fact that comes next
    for word, start, end in _tokens(text):
        while ends <= start and fact is not None:
            fact = next(coming, None)
            begins, ends = (len(text), len(text)) if fact is None else (fact.start, fact.end)
        if begins < end and fact is not None:
            if fact is not within:
                wording.facts[len(words)] = within = fact
                words.append(MASK)
                spans.append((begins, ends))
        # "don't" has come as "don" and "t"
        elif word in NEGATIONS or (word == "t" and words and words[-1].endswith("n") and spans[-1][1] + 1 == start):
            wording.denied.append(len(words))
        else:
            if text[start].isupper():
                capitals.append(len(words))
            else:
                small.add(word)
            words.append(word)
            spans.append((start, end))
    return wording


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text, folded, and where each begins and ends."""
    tokens = WORD.split(text)
    places = list(accumulate(map(len, tokens)))
    if text.isascii():
        return zip(map(str.lower, tokens[1::2]), places[0::2], places[1::2], strict=False)
    return _folded(tokens[1::2], places[0::2])


def _folded(tokens: Sequence[str], places: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    for place, token in zip(places, tokens, strict=False):
        if token.isascii():
            yield token.lower(), place, place + len(token)
        else:
            yield from ((word, place + start, place + end) for word, start, end in findable(token))


def _bands(line: Line, words: Sequence[str]) -> tuple[int, ...]:
    """What a text is found by: its runs of words with the smallest hashes (Broder 1997), each as a number of 64 bits.

    Of two texts of which one holds a third of the other, fewer than one pair in 250 has none of 14 in common (0.67 ** 14).
    """
    places = dict(zip(line.runs, count()))
    smallest = nsmallest(BANDS, ((run * ODD & 0xFFFFFFFF, at) for run, at in places.items()))
    runs = (" ".join(words[at : at + SHINGLE]).encode("utf-8", "surrogatepass") for _, at in smallest)
    return tuple(int.from_bytes(blake2b(run, digest_size=8).digest(), "little", signed=True) for run in runs)


def _around(wording: Wording, start: int, end: int) -> tuple[int, int]:
    words = wording.words
    before = hash16(words[start - AROUND : start]) or 1 if start >= AROUND else EDGE
    return before, hash16(words[end : end + AROUND]) or 1 if end + AROUND <= len(words) else EDGE


def _facts(wording: Wording, published: datetime) -> Iterator[Placed]:
    for at, fact in wording.facts.items():
        before, behind = _around(wording, at, at + 1)
        alone = fact.kind is FactKind.DATE and _is_dateline(fact, wording.text, published)
        yield Placed(fact.kind.value, fact.value, before, behind, alone=alone)
    for at in wording.capitals:
        month = MONTHS.get(wording.words[at])
        if month is not None:
            before, behind = _around(wording, at, at + 1)
            yield Placed("month", f"{month:02}", before, behind)  # as in "2022-02"


def _is_dateline(fact: Fact, text: str, published: datetime) -> bool:
    """Whether a date opens a line, perhaps behind a place in capitals, and is the day of publication or one beside it."""
    before = text[max(0, fact.start - 40) : fact.start].rpartition("\n")[2].strip(" \t([,.")
    if before and not before.isupper():
        return False
    days = (published + timedelta(days=off) for off in (-1, 0, 1) if 1 < published.year < 9999)
    # 03.08.13 is in March or in August; the day of publication tells which.
    return any(day.strftime(form).endswith(fact.value.lstrip("-")) for day in days for form in ("%Y-%m-%d", "%Y-%d-%m"))


def _names(wording: Wording) -> Iterator[tuple[int, int, int]]:
    """Runs of capitalised words within sentences: where the run begins, where the name does, where both end."""
    text, spans = wording.text, wording.spans
    start = end = -1
    for at in (*wording.capitals, len(spans) + 1):
        if at == end and _goes_on(text, spans[end - 1], spans[end]):
            end += 1
            continue
        if start < end <= start + LONGEST_NAME:
            yield start, start + 1 if _opens(text, spans[start][0]) else start, end
        start, end = at, at + 1


def _named(wording: Wording) -> Iterator[int]:
    """The words that are names beyond doubt, also at the head of a sentence if they are one within another."""
    words, small = wording.words, wording.small
    heads: list[int] = []
    known: set[str] = set()
    for start, first, end in _names(wording):
        heads += range(start, first)
        for at in range(first, end):
            if words[at] in known or (words[at] not in small and _may_be_a_name(words[at])):
                known.add(words[at])
                yield at
    for at in heads:
        if words[at] in known or (words[at] not in small and any(not rest for rest, _ in may_begin(words[at]))):
            yield at


def _at_most_twice(places: Sequence[int]) -> list[int]:
    """Of the same number in a row, two: "will not" and "will not never" are not the same."""
    return [at for number, at in enumerate(places) if number < 2 or places[number - 2] != at]


@lru_cache(maxsize=8192)
def _may_be_a_name(word: str) -> bool:
    return (len(word) >= SHORTEST_NAME and word not in MONTHS and not TITLES.match(word) and not OFFICES.match(word)) or any(
        not rest for rest, _ in may_begin(word)
    )


def _goes_on(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two capitalised words belong to one name: "Van Hollen", "Jean-Marc", "Sen. Warnock", not "Kyiv. Putin"."""
    gap = text[one[1] : other[0]]
    if len(gap) > 2:
        return False
    word = text[one[0] : one[1]].lower()
    return not gap.strip(" -.’'" if len(word) == 1 or word in DOTTED else " -’'")


def _opens(text: str, start: int) -> bool:
    """Whether a word begins a sentence or a line: its capital tells nothing."""
    back = text[max(0, start - 4) : start].rstrip(" \t\"'“”‘’«»„([–—-")
    if back.endswith("\n") and back.rstrip(" \n"):  # a line that goes on from the one above, in a text broken by hand
        back = back.rstrip(" \n") if back.count("\n") == 1 else back
    return not back or back[-1] in ".!?…:\n"
