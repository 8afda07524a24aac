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

from aggregator.text.factreader import read_facts
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
PLAIN = str.maketrans(_PLAIN)  # one sign for one: places stay
OTHER_DIGIT = re.compile(r"[^\D0-9]")
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_MARKS = "\u0300-\u036f\u0483-\u0489\u064b-\u065f"
UNSEEN = re.compile(f"[{_UNSEEN}]")
UNEVEN = re.compile(rf"[{_UNSEEN}]+|[^{_UNSEEN}{_MARKS}][{_MARKS}]+")
MOST_READ = 500_000  # characters: the length of a book; what is longer is no statement
MOST_KEPT = 50_000  # characters of a text whose facts are kept for who asks next
RUN = re.compile(r"\S+")
NO_DIGIT = re.compile("[^0-9]")
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
    plain = _without_addresses(plain)
    found = [("reference", value, start, end) for value, start, end in find_references(plain)]
    plain = _without(plain, [(start, end) for _, _, start, end in found])
    calls = [("number", NO_DIGIT.sub("", call[0]), *call.span()) for call in PHONE.finditer(plain)]
    plain = _without(plain, [(start, end) for _, _, start, end in calls])
    found += calls
    found += read_facts(plain, language)
    found.sort(key=lambda one: one[2])
    return tuple(Fact(FactKind(kind), value, places.of(start), places.of(end)) for kind, value, start, end in found)


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
    pieces: list[str] = []
    steps: list[tuple[int, int]] = []
    done = length = 0
    for odd in UNEVEN.finditer(text):
        whole = "" if UNSEEN.match(odd[0]) else unicodedata.normalize("NFC", odd[0])
        pieces += (text[done : odd.start()], whole)
        length += odd.start() - done + len(whole)
        done = odd.end()
        steps.append((length, done))
    pieces.append(text[done:])
    plain = "".join(pieces).translate(PLAIN)
    return OTHER_DIGIT.sub(lambda sign: str(unicodedata.digit(sign[0], 0)), plain), _Places(steps)


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
