"""Whether two texts are language versions of one statement, told by what no translation changes: figures, dates, names, their order.

A text becomes a `Profile`, which `profile_bytes` keeps in less than a kilobyte for years. Two profiles are held against each other
by `same_in_two_languages`: it weighs what both have against what only one has, and a date, ordinal, share, sum or counterpart that
stands in one where the other has another in its place is a veto.

An index finds candidates without holding every text against every other: `bands` gives signed 64-bit numbers, of which language
versions share at least one, nearly always. Keep (band, key, time) rows, look up the few newest of each band that are within
`FARTHEST` of the new text, and judge those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from aggregator.stories.profiles import Mark, Profile, hash64

FARTHEST = timedelta(days=7)  # an office puts its languages out within days; the same call a week on is another one
LEVEL = 0.55  # see tests/test_translations.py: between the highest score of a look-alike and the lowest of a translation
# How many letters the same takes, English being 1; from parallel texts, rounded. 1.05 for the others.
WIDTHS = {"en": 1.0, "fr": 1.12, "de": 1.13, "es": 1.08, "it": 1.1, "nl": 1.08, "pl": 1.07, "ru": 1.06, "uk": 1.03}
OF_FACTS, OF_NAMES = 0.55, 0.45  # shares of the score
FACTS_DOUBT, NAMES_DOUBT = 6.0, 3.0  # weight that both lack: so that little evidence, though it agrees, is not enough
MOST_BANDS = 24
HEAD_SHARE = 0.2  # of the text: who is spoken with, and when, is said there


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """The verdict on two profiles."""

    same: bool
    score: float  # 0 to 1; `same` from `LEVEL` on where nothing forbids it
    evidence: tuple[str, ...]  # in words for people
    veto: str  # what forbids it; "" for nothing


def bands(seen: Profile) -> tuple[int, ...]:
    """Signed 64-bit numbers of which two language versions share one, nearly always; at most `MOST_BANDS`, rarest first.

    A heavy fact alone, two light ones together, two names together.
    """
    weights = {_core(mark.key): fact_weight(mark.key) for mark in seen.facts}
    rare = sorted((core for core, weight in weights.items() if weight >= 6), key=hash64)
    light = sorted((core for core, weight in weights.items() if 2 <= weight < 6), key=hash64)[:4]
    called = sorted((mark.key for mark in seen.names if not mark.key.startswith("=")), key=hash64)[:5]
    keys = [
        *rare[:8],
        *("|".join(pair) for pair in combinations(light, 2)),
        *("&".join(pair) for pair in combinations(called, 2)),
    ]
    return tuple(dict.fromkeys(map(hash64, keys[:MOST_BANDS])))


def same_in_two_languages(one: Profile, other: Profile) -> Versions:
    """Whether two profiles are of language versions of one statement.

    Never for two of one language: that is for the index of near copies. Symmetric.
    """
    if one.language == other.language and one.language:
        return Versions(same=False, score=0.0, evidence=(), veto=f"both are in {one.language}")
    apart = abs(one.published - other.published)
    if apart > FARTHEST / timedelta(minutes=1):
        return Versions(same=False, score=0.0, evidence=(), veto=f"{apart // 1440} days lie between them")
    told, shared = _facts_agree(one.facts, other.facts)
    called, both = _names_agree(one, other)
    score = OF_FACTS * told + OF_NAMES * called
    evidence = (f"{len(shared)} facts in both: {_few(shared)}", f"{len(both)} names in both: {_few(both)}")
    return Versions(same=score >= LEVEL, score=score, evidence=evidence, veto="")


def fact_weight(key: str) -> float:
    """How much it says that two texts share this fact: about the bits by which it is rare in prose, 0 to 6."""
    kind, value = key[0], key[1:]
    if kind == "n":
        return 1 if value in ("2", "3") else 2 if len(value) < 2 or value in ("10", "11", "12") else 4 if len(value) < 3 else 6
    if kind == "o":
        return 1 if value in ("1", "2", "3") else 4
    return {"p": 4, "m": 6, "w": 2, "t": 5, "r": 6, "d": 5 if "-" in value else 3}.get(kind, 2)


def _core(key: str) -> str:
    """A sum without its currency, which one version may not write, is a number."""
    return f"n{key.partition(' ')[2]}" if key[0] == "m" else key


def _facts_agree(one: Sequence[Mark], other: Sequence[Mark]) -> tuple[float, list[str]]:
    mine, theirs = (dict.fromkeys(_core(mark.key) for mark in marks) for marks in (one, other))
    shared = [core for core in mine if core in theirs]
    weight = 2 * sum(map(fact_weight, shared))
    return weight / (sum(map(fact_weight, mine)) + sum(map(fact_weight, theirs)) + FACTS_DOUBT), [core[1:] for core in shared]


def _names_agree(one: Profile, other: Profile) -> tuple[float, list[str]]:
    mine, theirs = ({mark.key: mark.form.lstrip("=") for mark in seen.names} for seen in (one, other))
    shared = [key for key in mine if key in theirs]
    sizes = [len(theirs) if one.language == "de" else len(mine), len(mine) if other.language == "de" else len(theirs)]
    return 2 * len(shared) / (sum(sizes) + NAMES_DOUBT), [mine[key] for key in shared]


def _few(words: Sequence[str]) -> str:
    return ", ".join(words[:8]) + (", …" if len(words) > 8 else "")
