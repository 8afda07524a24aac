"""Where two families give another figure or time for the same thing, each in its own words.

Precision before recall: what is shown as a disagreement must be one. Two sentences are held against each other only where they
say the same in nearly the same words, of the same names, and were said within hours; and the figures must be of one sort and
stand beside the same word. Numbers that name a thing (the 12th package, document 63945) make another thing of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from aggregator.model import Disagreement, Sentence, Update
from aggregator.stories.framing import Frame, Put, frame_of
from aggregator.stories.overview import Telling
from aggregator.text.facts import FactKind
from aggregator.text.fingerprint import words
from aggregator.text.names import names

WITHIN = timedelta(hours=12)  # later, the thing itself may have changed: a count of the dead grows
COPIED_WITHIN = timedelta(days=3)  # of texts made one after the other: a copy comes within days, and speaks of the same day
SAME_WORDS = 0.7  # share of the words of both that both have (Jaccard): they say the same
FEWEST_WORDS = 3  # words that carry meaning, in both
NEAR_TEXTS = 0.6  # share of the words of both texts: the one is made after the other, or both after one template
NEAR_WORDS = 40  # of each: a sentence alone is near another by chance
VERBATIM = 8  # words that carry meaning, and all of them in both: a sentence is not so written twice
MOST_READ = 1_000  # sentences of a story in which facts are sought, the newest
MOST_HELD = 400  # of these, that are held against each other
MOST_SHOWN = 8
SHOWN = {
    FactKind.NUMBER: "figure",
    FactKind.PERCENT: "share",
    FactKind.MONEY: "sum",
    FactKind.TIME: "time",
    FactKind.WEEKDAY: "weekday",
    FactKind.DATE: "date",
}
NAMING = (FactKind.ORDINAL, FactKind.REFERENCE)  # which one it is, not how much
SCALES = (10**3, 10**6, 10**9)
SMALL = 100  # whole numbers below are counted, not rounded


@dataclass(frozen=True, slots=True)
class _Said:
    """One sentence that still stands."""

    telling: Telling
    sentence: Sentence
    frame: Frame
    order: int


def disagreements(tellings: Sequence[Telling], *, most: int = MOST_SHOWN) -> tuple[Disagreement, ...]:
    """What two families say differently, the newest first; each sentence is in one of them.

    Of each family counts what it said last: one that has said the other figure since no longer disagrees.
    """
    said = _with_facts(tellings)
    near: dict[tuple[int, int], bool] = {}
    found: list[tuple[_Said, _Said, str]] = []
    for one, other in _pairs(said):
        kind = _differ(one, other)
        if kind and _same_matter(one, other, near) and not _said_since(one, other, said):
            found.append((one, other, kind))
    shown: list[Disagreement] = []
    used: set[int] = set()
    for one, other, kind in sorted(found, key=lambda each: (-each[1].order, -each[0].order)):
        if len(shown) < most and not used & {one.order, other.order}:
            used |= {one.order, other.order}
            quotes = one.telling.quote(one.sentence), other.telling.quote(other.sentence)
            shown.append(Disagreement(kind=kind, one=quotes[0], other=quotes[1]))
    return tuple(shown)


def _with_facts(tellings: Sequence[Telling]) -> list[_Said]:
    found: list[_Said] = []
    order = every = sum(len(telling.sentences) for telling in tellings)
    for telling in reversed(tellings):
        for sentence in reversed(telling.sentences):
            order -= 1
            if len(found) < MOST_HELD and every - order <= MOST_READ:
                frame = frame_of(sentence.text, telling.update.language)
                if frame.whole and any(put.fact.kind in SHOWN for put in frame.puts):
                    found.append(_Said(telling, sentence, frame, order))
    return found[::-1]


def _pairs(said: Sequence[_Said]) -> Iterator[tuple[_Said, _Said]]:
    """Sentences of two families in one language, said about one time, that say the same in nearly the same words."""
    by_word: dict[str, list[int]] = defaultdict(list)
    for place, other in enumerate(said):
        shared = Counter(earlier for word in other.frame.words for earlier in by_word[word])
        for word in other.frame.words:
            by_word[word].append(place)
        for earlier, count in sorted(shared.items()):
            one = said[earlier]
            every = len(one.frame.words) + len(other.frame.words) - count
            if count >= FEWEST_WORDS and count >= SAME_WORDS * every and _comparable(one, other):
                yield one, other


def _comparable(one: _Said, other: _Said) -> bool:
    mine, theirs = one.telling.update, other.telling.update
    if one.telling.family == other.telling.family or not (one.telling.family and other.telling.family):
        return False
    if _base(mine.language) != _base(theirs.language):
        return False
    return abs(mine.said_at - theirs.said_at) <= COPIED_WITHIN


def _at_one_time(mine: Update, theirs: Update) -> bool:
    if mine.said_day or theirs.said_day:
        return _day(mine) == _day(theirs)
    return abs(mine.said_at - theirs.said_at) <= WITHIN


def _base(language: str) -> str:
    return language.casefold().partition("-")[0]


def _day(update: Update) -> str:
    return update.said_day or update.said_at.date().isoformat()


def _differ(one: _Said, other: _Said) -> str:
    """What differs, as readers read it, where one sort of fact does and nothing else; "" for nothing."""
    mine, theirs = (_without(a.frame.puts, b.frame.puts) for a, b in ((one, other), (other, one)))
    if any(put.fact.kind in NAMING or put.is_year for put in (*mine, *theirs)):
        return ""
    pairs = list(_aligned(mine, theirs))
    kinds = {put.fact.kind for put, _ in pairs}
    apart = {put.fact.kind for put in mine} & {put.fact.kind for put in theirs}
    if len(kinds) != 1 or apart != kinds or not all(_really(put, that) for put, that in pairs):
        return ""
    return SHOWN.get(kinds.pop(), "")


def _without(puts: Sequence[Put], others: Sequence[Put]) -> list[Put]:
    """Facts that the other sentence does not hold."""
    there = [(put.sort, put.fact.value) for put in others]
    return [put for put in puts if not any(put.sort == sort and _one_value(put, value) for sort, value in there)]


def _one_value(put: Put, value: str) -> bool:
    """Whether a value may be that of a fact: rounded, or a date without its year."""
    mine = put.fact.value
    if mine == value:
        return True
    if put.fact.kind is FactKind.DATE:
        return mine.lstrip("-").endswith(value.lstrip("-")) or value.lstrip("-").endswith(mine.lstrip("-"))
    if put.fact.kind in (FactKind.NUMBER, FactKind.MONEY, FactKind.PERCENT):
        return _rounded(mine.rpartition(" ")[2], value.rpartition(" ")[2])
    return False


def _rounded(one: str, other: str) -> bool:
    """9,694 and 9,694.73, or 1.2 million and 1,234,567: the one with fewer digits is the other, rounded to as many."""
    try:
        a, b = Decimal(one), Decimal(other)
    except InvalidOperation:
        return False  # a fraction
    plain, exact = sorted((a, b), key=lambda value: len(value.normalize().as_tuple().digits))
    if max(a, b) < SMALL and a == a.to_integral_value() and b == b.to_integral_value():
        return a == b
    if a and b and max(a, b) / min(a, b) in SCALES:
        return True  # "31.5 millionfor": a slip of the pen hid the scale from us
    return round(exact, -_last_place(plain)) == plain if plain else not exact


def _last_place(value: Decimal) -> int:
    """The power of ten of its last digit that is not zero."""
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _aligned(mine: Sequence[Put], theirs: Sequence[Put]) -> Iterator[tuple[Put, Put]]:
    """Facts of one sort that stand beside the same word, in order; each once."""
    left = list(theirs)
    for put in mine:
        that = next((one for one in left if one.sort == put.sort and _in_one_place(put, one)), None)
        if that is not None:
            left.remove(that)
            yield put, that


def _in_one_place(put: Put, that: Put) -> bool:
    """A number counts what stands behind it; a time, a sum or a share belongs to either of its neighbours."""
    if put.after and put.after == that.after:
        return True
    if put.fact.kind is FactKind.NUMBER and put.after and that.after:
        return False
    return bool(put.before) and put.before == that.before


def _really(put: Put, that: Put) -> bool:
    if put.rough or that.rough or put.zone != that.zone:
        return False
    if put.fact.kind is FactKind.DATE and not (put.fact.start and that.fact.start):
        return False  # a line begins with the day on which it was put out
    if put.fact.kind is FactKind.DATE:  # a year or a month alone is another budget, another season
        return all(len(one.fact.value) >= len("--02-24") and one.fact.value.count("-") >= 2 for one in (put, that))
    return True


def _same_matter(one: _Said, other: _Said, near: dict[tuple[int, int], bool]) -> bool:
    """Whether the two speak of one thing: the same names, and in texts that are not made after one template for two things."""
    mine, theirs = one.frame.names, other.frame.names
    if mine - theirs and theirs - mine:
        return False
    if one.frame.capitals - other.frame.words and other.frame.capitals - one.frame.words:
        return False  # "Illinois applied for …": at the head of a sentence nobody sees that it is a name
    pair = (one.telling.update.number, other.telling.update.number)
    if pair not in near:
        near[pair] = _near(one.telling, other.telling)
    if near[pair]:
        return not _other_names(one.telling, other.telling)
    if _verbatim(one.frame, other.frame) and not _other_names(one.telling, other.telling):
        return True  # of a copy an update tells only the sentence that says something else
    # In texts of their own, what ties the two sentences together must stand in them.
    if not _at_one_time(one.telling.update, other.telling.update):
        return False
    return bool(mine & theirs) and not (one.frame.is_own or other.frame.is_own)


def _verbatim(one: Frame, other: Frame) -> bool:
    return len(one.words) >= VERBATIM and one.words == other.words


def _near(one: Telling, other: Telling) -> bool:
    a, b = set(words(one.text)), set(words(other.text))
    return min(len(a), len(b)) >= NEAR_WORDS and len(a & b) >= NEAR_TEXTS * len(a | b)


def _other_names(one: Telling, other: Telling) -> bool:
    """Whether each of two texts names somebody or some place that the other does not."""
    a, b = (frozenset(names(each.text, each.update.language)) for each in (one, other))
    return bool(a - b and b - a)


def _said_since(one: _Said, other: _Said, said: Sequence[_Said]) -> bool:
    """Whether a family said the same thing once more after this, with whatever figure: that is what it says now."""
    return any(
        later.order > old.order
        and later.telling.family == old.telling.family
        and later.telling.update.number > old.telling.update.number
        and _alike(later.frame, old.frame)
        for old in (one, other)
        for later in said[bisect_right(said, old.order, key=lambda each: each.order) :]
    )


def _alike(one: Frame, other: Frame) -> bool:
    both = len(one.words & other.words)
    return both >= FEWEST_WORDS and both >= SAME_WORDS * len(one.words | other.words)
