"""What differs between a published sentence and the one that took its place: figures, names, a negation, other words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.stories.edits import QUIET, EditKind, Weighed, edit
from aggregator.stories.hunks import TOKEN
from aggregator.stories.weighing import NEGATIONS
from aggregator.text.facts import Fact, FactKind, facts
from aggregator.text.names import named
from aggregator.text.plain import plain

MOST_READ = 20_000  # characters of a sentence: a longer one is a text without a full stop
MOST_WORDS = 4  # of a name

CALLED = {
    FactKind.NUMBER: "number",
    FactKind.ORDINAL: "number",
    FactKind.PERCENT: "percentage",
    FactKind.MONEY: "sum",
    FactKind.DATE: "date",
    FactKind.WEEKDAY: "weekday",
    FactKind.TIME: "time",
    FactKind.REFERENCE: "reference number",
}


@dataclass(frozen=True, slots=True)
class Swap:
    """One thing that stands where another stood, both as they are written; "" where it is not known which stands for which."""

    what: str  # number, percentage, sum, date, weekday, time, reference number, figure, name
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of one sentence."""

    gone: bool = False  # it was taken out
    swaps: tuple[Swap, ...] = ()
    put_in: str = ""  # a negation, as it is written
    taken_out: str = ""
    reworded: bool = False  # other words changed as well, or alone
    old: str = ""  # of the negation, else of the words: the stretch that changed, if it is one
    new: str = ""

    @property
    def negation(self) -> bool:
        """Whether a "not" came or went."""
        return bool(self.put_in or self.taken_out)


def difference(before: str, after: str, *, language: str = "") -> Difference:
    """Say what was changed in a sentence; `after` is "" where it was taken out. `language`: BCP 47, "" is guessed."""
    if not after:
        return Difference(gone=True)
    before, after = before[:MOST_READ], after[:MOST_READ]
    loud = [one for one in edit(before, after).evidence if one.kind not in QUIET]
    of_figures = [one for one in loud if one.kind is EditKind.FIGURE]
    others = [one for one in loud if one.kind is not EditKind.FIGURE]
    swaps, beside = _figures(before, after, of_figures, language) if of_figures else ([], False)
    named = [one for one in others if _is_name(one, before, after, language)]
    swaps += [Swap("name", one.old, one.new) for one in named]
    put_in, taken_out = _negations(before, after)
    denied = next((one for one in others if _has_negation(one.old) != _has_negation(one.new)), None)
    rest = [one for one in others if one not in named and one is not denied]
    told = denied if denied is not None else rest[0] if len(rest) == 1 and len(loud) == 1 else None
    return Difference(
        swaps=tuple(dict.fromkeys(swaps)),
        put_in=put_in,
        taken_out=taken_out,
        reworded=bool(rest) or (beside and not others) or not (swaps or put_in or taken_out),
        old=told.old if told else "",
        new=told.new if told else "",
    )


def _figures(before: str, after: str, changed: Sequence[Weighed], language: str) -> tuple[list[Swap], bool]:
    """Which figure stands for which, where as many came as went, else how many there are; and whether words differ, too."""
    mine, theirs = facts(before, language), facts(after, language)
    gone, come = _apart(mine, theirs)
    if not gone and not come and all(one.old and one.new for one in changed):
        return [Swap("figure", one.old, one.new) for one in changed], False  # "half", "twice", a sign
    beside = _words_beside(before, mine) != _words_beside(after, theirs)
    if gone and len(gone) == len(come):
        return [_swap(old, new, before, after) for old, new in zip(gone, come, strict=True)], beside
    return [Swap("figure", "", str(n)) for n in range(max(len(gone), len(come), 1))], beside


def _words_beside(text: str, found: Sequence[Fact]) -> list[str]:
    """The words of a sentence that are no part of its figures, and no negation."""
    left, done = [], 0
    for one in found:
        left.append(text[done : one.start])
        done = one.end
    words = TOKEN.findall(plain(" ".join([*left, text[done:]])).casefold())
    return [word for word in words if word[0].isalpha() and not _is_denial(word)]


def _apart(mine: Sequence[Fact], theirs: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The facts that only one of two sentences has."""
    both = Counter((one.kind, one.value) for one in mine) & Counter((one.kind, one.value) for one in theirs)
    return _less(mine, both.copy()), _less(theirs, both)


def _less(given: Sequence[Fact], taken: Counter[tuple[FactKind, str]]) -> list[Fact]:
    left = []
    for one in given:
        if taken[one.kind, one.value] > 0:
            taken[one.kind, one.value] -= 1
        else:
            left.append(one)
    return left


def _swap(old: Fact, new: Fact, before: str, after: str) -> Swap:
    what = CALLED[old.kind] if CALLED[old.kind] == CALLED[new.kind] else "figure"
    return Swap(what, before[old.start : old.end].strip(), after[new.start : new.end].strip())


def _is_name(one: Weighed, before: str, after: str, language: str) -> bool:
    words = [[word for word in TOKEN.findall(side) if word[0].isalnum()] for side in (one.old, one.new)]
    if not all(0 < len(side) <= MOST_WORDS and all(word[0].isupper() for word in side) for side in words):
        return False
    return all(_begins_a_name(side, text, language) for side, text in zip(words, (before, after), strict=True))


def _begins_a_name(words: Sequence[str], text: str, language: str) -> bool:
    line = plain(text)
    return any(line.startswith(words[0], name.start) for name in named(line, language))


def _negations(before: str, after: str) -> tuple[str, str]:
    """The negation that came, and the one that went."""
    mine, theirs = _denials(before), _denials(after)
    put, taken = Counter(map(str.casefold, theirs)), Counter(map(str.casefold, mine))
    put, taken = put - taken, taken - put
    return (
        next((word for word in theirs if word.casefold() in put), ""),
        next((word for word in mine if word.casefold() in taken), ""),
    )


def _denials(text: str) -> list[str]:
    return [word for word in TOKEN.findall(plain(text)) if _is_denial(word.casefold())]


def _is_denial(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


def _has_negation(text: str) -> bool:
    return bool(_denials(text))
