"""What two texts of like wording say differently in the same place: a fact, a name, a "not"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from aggregator.stories.near.reading import EDGE, Placed
from aggregator.stories.near.sketch import MOST_FACTS, Named, Sketch, may_name

Place = tuple[int, int]
Some = TypeVar("Some", Placed, Named)
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
# Kinds that may take each other's place: "12" and "12th", "in May" and "on 6 May".
_GROUPS = {"date": 1, "month": 1, "weekday": 2, "time": 3, "percent": 4, "money": 5, "reference": 6, "rest": 7}


def differing(new: Sketch, old: Sketch) -> str:
    """The first difference in words, "says 13th where the other says 12th"; "" where none is seen.

    A fact that one of them lacks is none: copies are cut.
    """
    return _facts_differ(new, old) or _names_differ(new, old) or _one_denies(new, old)


def agreeing(new: Sketch, old: Sketch) -> int:
    """How many facts say the same in the same place."""
    there = {(_between(fact), fact.value) for fact in old.facts}
    return sum((_between(fact), fact.value) in there for fact in new.facts)


def _facts_differ(new: Sketch, old: Sketch) -> str:
    """A fact with the same words on both sides; or on one, if neither text has the other's value anywhere.

    The second finds a fact at the edge of a sentence that was cut or framed. It needs all facts of both texts.
    """
    one_side = max(len(new.facts), len(old.facts)) < MOST_FACTS
    for way in (_between, _before, _behind) if one_side else (_between,):
        theirs = _by_place(old.facts, way)
        for place, ones in _by_place(new.facts, way).items():
            others = theirs.get(place, ())
            if _apart(ones, others) and (way is _between or not (_known(ones, old) or _known(others, new))):
                return f"says {_spoken(ones)} where the other says {_spoken(others)}"
    return ""


def _between(one: Placed | Named) -> Place | None:
    return (one.before, one.behind) if one.before != EDGE != one.behind else None


def _before(one: Placed | Named) -> Place | None:
    return (_group(one), one.before) if one.before != EDGE else None


def _behind(one: Placed | Named) -> Place | None:
    return (_group(one), one.behind) if one.behind != EDGE else None


def _group(one: Placed | Named) -> int:
    return _GROUPS.get(one.kind, 0) if isinstance(one, Placed) else 0


def _by_place(ones: Iterable[Some], way: Callable[[Some], Place | None]) -> dict[Place, list[Some]]:
    places: defaultdict[Place, list[Some]] = defaultdict(list)
    for one in ones:
        place = way(one)
        if place is not None:
            places[place].append(one)
    return places


def _apart(ones: Sequence[Placed], others: Sequence[Placed]) -> bool:
    if not others or all(one.alone for one in (*ones, *others)):
        return False
    return not any(_agree(one.value, other.value) for one in ones for other in others)


def _known(facts: Iterable[Placed], text: Sketch) -> bool:
    return any(_agree(fact.value, there.value) for fact in facts for there in text.facts)


def _agree(one: str, other: str) -> bool:
    """Whether two values may be one, of which a text says less: a date without its year, a sum without its currency."""
    if one == other:
        return True
    one, other = sorted((one.lstrip("-"), other.lstrip("-")), key=len)
    return len(one) > 1 and other.endswith((f"-{one}", f" {one}"))


def _spoken(facts: Sequence[Placed]) -> str:
    return " and ".join(dict.fromkeys(map(_spoken_fact, facts)))


def _spoken_fact(fact: Placed) -> str:
    match fact.kind:
        case "ordinal" if fact.value.isdigit():
            ending = {"1": "st", "2": "nd", "3": "rd"}.get(fact.value[-1], "th")
            return fact.value + ("th" if fact.value[-2:-1] == "1" else ending)
        case "percent":
            return f"{fact.value} %"
        case "weekday":
            return _WEEKDAYS.get(fact.value, fact.value)
        case "month":
            return _MONTHS[int(fact.value) - 1]
        case "rest":
            return "another end"
        case _:
            return fact.value.lstrip("-") if fact.kind == "date" else fact.value


def _names_differ(new: Sketch, old: Sketch) -> str:
    """Another name with the same words on both sides, if one of the texts names it nowhere; or two with the same on one side.

    Those must be unknown to both texts: a single one with the same words on one side stands where a page's frame begins, too.
    """
    strange: dict[int, Named] = {}
    for way in (_between, _before, _behind):
        theirs = _by_place(old.names, way)
        for place, ones in _by_place(new.names, way).items():
            others = theirs.get(place, ())
            if not others or not all(one.last for one in (*ones, *others)):
                continue
            unknown = _strange(ones, old), _strange(others, new)
            if all(unknown) or (any(unknown) and way is _between and _disjoint(ones, others)):
                strange.update((one.last, one) for one in ones)
                if way is _between or len(strange) > 1:
                    return f"names {ones[0].value.title() or 'someone'} where the other names another"
    return ""


def _strange(names: Iterable[Named], text: Sketch) -> bool:
    """Whether a text has none of these names."""
    return not any(may_name(text.named, one.last) for one in names)


def _disjoint(ones: Iterable[Named], others: Iterable[Named]) -> bool:
    return {one.last for one in ones}.isdisjoint(one.last for one in others)


def _one_denies(new: Sketch, old: Sketch) -> str:
    if _denied_by_one(new, old):
        return "says not where the other does not"
    return "leaves out a not that the other says" if _denied_by_one(old, new) else ""


def _denied_by_one(one: Sketch, other: Sketch) -> bool:
    """Whether a "not" stands in words that the other has without it; in a long text, kept in part, it may be missed."""
    there = set(other.shingles) if one.negations else ()
    before, behind = {denied.before for denied in other.negations}, {denied.behind for denied in other.negations}
    return any(
        denied.run < other.negations_below
        and denied.before not in before
        and denied.behind not in behind
        and not denied.run & (1 << other.level) - 1
        and denied.run >> other.level & 0xFFFF in there
        for denied in one.negations
    )
