"""Whether two texts are language versions of one statement, told by what no translation changes: figures, dates, names, order.

A text becomes a `Profile`, which `profile_bytes` keeps in less than a kilobyte for years. Two profiles are held against each
other by `same_in_two_languages`: it weighs what both have against what only one has, and a date, ordinal, sum, place or
counterpart that stands in one where the other has another in its place is a veto.

An index finds candidates without holding every text against every other: `bands` gives signed 64-bit numbers, of which language
versions share at least one, nearly always. Keep (band, key, time) rows, look up the ten newest of each band that are within
`FARTHEST` of the new text, and judge those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from aggregator.stories.contradictions import contradiction, core, fact_weight
from aggregator.stories.profiles import JOINED, LISTED, OFFICE, PLACES, SIGNS, Mark, Profile, hash64

FARTHEST = timedelta(days=7)  # an office puts its languages out within days; the same call a week on is another one
# On MEANTIME (66 articles in four languages on four narrow topics) translations score 0.61 and more; others 0.29 and less, and
# 0.49 and less where the time between them is left out of account.
LEVEL = 0.55
# How many letters the same takes, English being 1: Spanish, Italian and Dutch are medians of the translations of MEANTIME, the
# others rough; 1.05 for those that are not here.
WIDTHS = {"en": 1.0, "fr": 1.15, "de": 1.12, "es": 1.13, "it": 1.2, "nl": 1.09, "pl": 1.08, "ru": 1.05, "uk": 1.02}
OF_FACTS = 0.55  # of the score, the rest is names'; less where there are next to no facts
ENOUGH = 16.0  # weight of facts of both together from which on they have that share
NEAR, FAR = 0.08, 0.4  # of the text: what stands nearer in both counts in full, what stands farther by half
NAME, PLACE = 2.5, 1.5  # weight of a shared name, of a shared place or body; facts as in fact_weight
LEAST, LEAST_UNLIKE = 14.0, 28.0  # weight that they must share: of like build, and not
ALIKE = 0.8  # of the longer text: translations made by people kept to about that and more
ORDER, FEWEST_MENTIONS = 0.6, 8  # share of the mentions in one order; mentions from which on it counts
LENGTH = 0.6  # of the longer text: a shorter one loses
LIGHT, HEAVY = 2, 6  # weight of a fact that finds candidates with another one, and alone
FACTS_DOUBT, NAMES_DOUBT = 6.0, 3.0  # weight that both lack: so that little evidence, though it agrees, is not enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """The verdict on two profiles."""

    same: bool
    score: float  # 0 to 1; `same` from `LEVEL` on where nothing forbids it
    evidence: tuple[str, ...]  # in words for people
    veto: str  # what forbids it; "" for nothing


def bands(seen: Profile) -> tuple[int, ...]:
    """Signed 64-bit numbers of which two language versions share one, nearly always; at most 26, rarest first.

    A heavy fact alone, two light ones together, two names together.
    """
    told = {core(mark.key) for mark in seen.facts}
    rare = sorted((fact for fact in told if fact_weight(fact) >= HEAVY), key=hash64)[:8]
    light = sorted((fact for fact in told if LIGHT <= fact_weight(fact) < HEAVY), key=hash64)[:4]
    persons = sorted((mark.key for mark in seen.names if mark.form[0] in OFFICE + JOINED), key=hash64)[:4]
    called = sorted((mark.key for mark in seen.names if mark.form[0] not in SIGNS), key=hash64)[:4]
    pairs = ("&".join(sorted(pair)) for some in (light, persons, called) for pair in combinations(some, 2))
    return tuple(dict.fromkeys(map(hash64, [*rare, *pairs])))


def same_in_two_languages(one: Profile, other: Profile) -> Versions:
    """Whether two profiles are of language versions of one statement.

    Never for two of one language: that is for the index of near copies. Symmetric.
    """
    if one.language == other.language and one.language:
        return Versions(same=False, score=0.0, evidence=(), veto=f"both are in {one.language}")
    apart = abs(one.published - other.published)
    if apart > FARTHEST / timedelta(minutes=1):
        return Versions(same=False, score=0.0, evidence=(), veto=f"{apart // 1440} days lie between them")
    told, weight, shared = _facts_agree(one.facts, other.facts)
    called, both = _names_agree(one, other)
    share = OF_FACTS * min(1.0, weight / ENOUGH)
    score = (share * told + (1 - share) * called) * _length_agrees(one, other) * _order_agrees(one, other)
    evidence = (
        f"{len(shared)} facts in both: {_few(shared)}",
        f"{len(both)} names in both: {_few(both)}",
        f"{apart} minutes apart, the shorter has {_length_ratio(one, other):.0%} of the longer",
    )
    veto = (_too_little(one, other) or contradiction(one, other)) if score >= LEVEL else ""
    return Versions(same=score >= LEVEL and not veto, score=score, evidence=evidence, veto=veto)


def _length_agrees(one: Profile, other: Profile) -> float:
    """1 for texts of about one length, down to 0 for a text and a note on it."""
    return min(1.0, _length_ratio(one, other) / LENGTH)


def _order_agrees(one: Profile, other: Profile) -> float:
    """1 where the names are mentioned in about the same order and as often, down to 0.5 for two texts on one matter."""
    mine, theirs = ([seen.names[at].key for at in seen.mentions] for seen in (one, other))
    if one.language == "de":  # where every noun has a capital
        mine = [key for key in mine if key in theirs]
    if other.language == "de":
        theirs = [key for key in theirs if key in mine]
    if min(len(mine), len(theirs)) < FEWEST_MENTIONS:
        return 1.0
    return 0.5 + 0.5 * min(1.0, 2 * _common_order(mine, theirs) / (len(mine) + len(theirs)) / ORDER)


def _common_order(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence (Hyyrö, Bit-parallel LCS-length computation revisited, 2004)."""
    places: dict[str, int] = {}
    for at, key in enumerate(one):
        places[key] = places.get(key, 0) | 1 << at
    every = (1 << len(one)) - 1
    row = every
    for key in other:
        here = row & places.get(key, 0)
        row = (row + here | row - here) & every
    return len(one) - row.bit_count()


def _length_ratio(one: Profile, other: Profile) -> float:
    """The shorter text's share of the longer one, each by the width of its language."""
    sizes = sorted(seen.letters / WIDTHS.get(seen.language, 1.05) for seen in (one, other))
    return sizes[0] / max(sizes[1], 1)


def _too_little(one: Profile, other: Profile) -> str:
    """Why what the two share is not enough, though they share it: the office's own names and the day stand in all it says."""
    cores = {core(mark.key) for mark in one.facts} & {core(mark.key) for mark in other.facts}
    forms = {mark.key: mark.form for mark in one.names}
    shared = [forms[mark.key] for mark in other.names if mark.key in forms]
    evidence = sum(map(fact_weight, cores)) + sum(PLACE if form[0] == LISTED else NAME for form in shared)
    alike = _length_ratio(one, other) >= ALIKE and abs(one.paragraphs - other.paragraphs) <= 1
    return "" if evidence >= (LEAST if alike else LEAST_UNLIKE) else "too little to tell by"


def _agreement(shared: float, mine: float, theirs: float, doubt: float) -> float:
    return 2 * shared / (mine + theirs + doubt)


def _facts_agree(one: Sequence[Mark], other: Sequence[Mark]) -> tuple[float, float, list[str]]:
    """How far the facts agree, 0 to 1; how much there was to agree on; and those in both."""
    mine, theirs = _places(one), _places(other)
    shared = [fact for fact in mine if fact in theirs]
    near = sum(fact_weight(fact) * _closeness(mine[fact], theirs[fact]) for fact in shared)
    weights = sum(map(fact_weight, mine)), sum(map(fact_weight, theirs))
    return _agreement(near, *weights, FACTS_DOUBT), sum(weights), [fact[1:] for fact in shared]


def _names_agree(one: Profile, other: Profile) -> tuple[float, list[str]]:
    mine, theirs = ({mark.key: mark for mark in seen.names} for seen in (one, other))
    shared = [key for key in mine if key in theirs]
    near = sum(_closeness([mine[key].place], [theirs[key].place]) for key in shared)
    sizes = (len(theirs) if one.language == "de" else len(mine), len(mine) if other.language == "de" else len(theirs))
    return _agreement(near, *sizes, NAMES_DOUBT), [mine[key].form.lstrip(SIGNS) for key in shared]


def _places(marks: Sequence[Mark]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for mark in marks:
        found.setdefault(core(mark.key), []).append(mark.place)
    return found


def _closeness(mine: Sequence[int], theirs: Sequence[int]) -> float:
    """1 where something stands at about the same place of both texts, down to 0.5: a translation keeps the order."""
    least = min(abs(place - that) for place in mine[:8] for that in theirs[:8])
    return 1.0 - 0.5 * min(1.0, max(0.0, least / PLACES - NEAR) / (FAR - NEAR))


def _few(words: Sequence[str]) -> str:
    return ", ".join(words[:8]) + (", …" if len(words) > 8 else "")
