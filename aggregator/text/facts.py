"""The facts of a text in a form without language: numbers, ordinals, shares, sums, dates, weekdays, times, reference numbers.

What is doubtful is left out: "one of them", "may", "a second". Nothing here reads more than a few words ahead, so that the time
is linear in the text's length whatever it holds.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from aggregator.text.factreader import read_facts, read_facts_twice
from aggregator.text.facttokens import Found, Tokens
from aggregator.text.references import find_references


class FactKind(StrEnum):
    """What kind of fact it is."""

    NUMBER = "number"
    ORDINAL = "ordinal"
    PERCENT = "percent"
    MONEY = "money"
    DATE = "date"
    WEEKDAY = "weekday"
    TIME = "time"
    REFERENCE = "reference"


_KINDS = {kind.value: kind for kind in FactKind}  # to call the class takes five times as long


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact and where it stands: in characters of the text from 0, `end` excluded.

    `value`: "12", "1200000" (1.2 million), "2/3", "12.5" (percent), "EUR 1200000", "2022-02-24", "--02-24" (no year),
    "2022-02", "--02", "2022", "mon", "11:30", "IP/26/1166".
    """

    kind: FactKind
    value: str
    start: int
    end: int


_PLAIN = {
    **dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("’‘ʼʹ′`´＇", "'"),
    "٫": ".",
    "٬": ",",
    "，": ",",
    "．": ".",
    "％": "%",
    "٪": "%",
    "：": ":",
    "／": "/",
    "＄": "$",
}
NOT_PLAIN = re.compile(f"[{re.escape(''.join(_PLAIN))}]")
OTHER_DIGIT = re.compile(r"[^\D0-9]")
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_MARKS = "\u0300-\u036f\u0483-\u0489\u064b-\u065f"
UNSEEN = re.compile(f"[{_UNSEEN}]")
MAYBE_UNEVEN = re.compile(f"[{_UNSEEN}{_MARKS}]")
UNEVEN = re.compile(rf"[{_UNSEEN}]+|[^{_UNSEEN}{_MARKS}][{_MARKS}]+")
MOST_READ = 500_000  # characters: the length of a book; what is longer is no statement
MOST_KEPT = 50_000  # characters of a text whose facts are kept for who asks next
RUN = re.compile(r"\S+")
NO_DIGIT = re.compile("[^0-9]")
MAYBE_PHONE = re.compile(r"[0-9+](?:(?<=\+)\d|(?<=\d)\d\d[.-]\d{4})")  # what every one holds; `re` skips what cannot begin it
PHONE = re.compile(r"\+\d{1,3}[ .-]?\(?\d[\d() .-]{6,16}\d|(?<![\d.])\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?!\d)")


def facts(text: str, language: str = "") -> tuple[Fact, ...]:
    """The facts of a text in their order; they do not overlap.

    `language` (BCP 47) says whose number words are read and what 6/1/2026 or 1.234 is; "" has it guessed from the small words.
    A telephone number is one number, of its digits. Only the first 500,000 characters are read.
    """
    if len(text) > MOST_KEPT:
        return _facts(text[:MOST_READ], language.casefold())
    return _lately(text, language.casefold())


def _facts(text: str, language: str) -> tuple[Fact, ...]:
    plain, places = _even(text)
    plain, found = _marked(plain)
    return _placed([*found, *read_facts(Tokens(plain, language))], places)


def facts_and_within(title: str, text: str, language: str = "") -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """The facts of a title with its text in the next line, and those of the text alone: what `facts` says of each.

    In nearly all cases they are read once.
    """
    whole, language, first = f"{title}\n{text}", language.casefold(), len(title) + 1
    if not title:
        return (facts(text, language),) * 2
    if len(whole) > MOST_READ or MAYBE_UNEVEN.search(title) or MAYBE_UNEVEN.match(text):
        return facts(whole, language), facts(text, language)
    plain, places = _even(whole)
    plain, found = _marked(plain)
    tokens = Tokens(plain, language)
    at = tokens.first_at(first)
    if any(start < first < end for _, _, start, end in found) or not tokens.alike_from(at):
        return facts(whole, language), facts(text, language)
    of_whole, of_text = read_facts_twice(tokens, at)
    within = _placed([*(one for one in found if one[2] >= first), *of_text], places)
    moved = tuple(Fact(one.kind, one.value, one.start - first, one.end - first) for one in within)
    return _placed([*found, *of_whole], places), moved


def _marked(plain: str) -> tuple[str, list[Found]]:
    """The text without addresses, references and telephone numbers, and the latter two."""
    plain = _without_addresses(plain)
    found: list[Found] = [("reference", value, start, end) for value, start, end in find_references(plain)]
    plain = _without(plain, [(start, end) for _, _, start, end in found])
    phones = PHONE.finditer(plain) if MAYBE_PHONE.search(plain) else ()
    calls = [("number", NO_DIGIT.sub("", call[0]), *call.span()) for call in phones]
    return _without(plain, [(start, end) for _, _, start, end in calls]), found + calls


def _placed(found: list[Found], places: _Places) -> tuple[Fact, ...]:
    found.sort(key=lambda one: one[2])
    return tuple([Fact(_KINDS[kind], value, places.of(start), places.of(end)) for kind, value, start, end in found])


# A new text is asked for its facts by several who judge it one after the other.
_lately = lru_cache(maxsize=16)(_facts)


class _Places:
    """Where a place of the evened text lies in the text as given."""

    def __init__(self, steps: list[tuple[int, int]]) -> None:
        self._here = [here for here, _ in steps]
        self._there = [there for _, there in steps]

    def of(self, place: int) -> int:
        at = bisect_right(self._here, place) - 1
        return place if at < 0 else self._there[at] + place - self._here[at]


def _even(text: str) -> tuple[str, _Places]:
    """The text with plain dashes, spaces, apostrophes and digits, and without signs that nobody sees."""
    if text.isascii():
        return text.replace("\t", " "), _Places([])
    steps: list[tuple[int, int]] = []
    if MAYBE_UNEVEN.search(text):
        text, steps = _joined(text)
    for sign in set(NOT_PLAIN.findall(text)):  # few in a text, so that this is quicker than to look each letter up
        text = text.replace(sign, _PLAIN[sign])
    return OTHER_DIGIT.sub(lambda sign: str(unicodedata.digit(sign[0], 0)), text), _Places(steps)


def _joined(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with letters and their marks as one, and without unseen signs; behind each change, its place here and there."""
    pieces: list[str] = []
    steps: list[tuple[int, int]] = []
    done = length = 0
    for odd in UNEVEN.finditer(text):
        whole = "" if UNSEEN.match(odd[0]) else unicodedata.normalize("NFC", odd[0])
        pieces += (text[done : odd.start()], whole)
        length += odd.start() - done + len(whole)
        done = odd.end()
        steps.append((length, done))
    return "".join([*pieces, text[done:]]), steps


def _without_addresses(text: str) -> str:
    """Web and mail addresses hold figures that are no facts."""
    if "@" not in text and "://" not in text and "www." not in text:
        return text
    runs = (run for run in RUN.finditer(text) if "@" in run[0] or "://" in run[0] or "www." in run[0])
    return _without(text, [run.span() for run in runs])


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    if not spans:
        return text
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        pieces += (text[done:start], "\x01" * (end - start))
        done = end
    return "".join([*pieces, text[done:]])
