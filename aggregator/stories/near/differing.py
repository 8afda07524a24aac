"""What two texts of like wording say differently in the same place: a fact, a name, a "not"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from aggregator.stories.near.reading import Placed
from aggregator.stories.near.sketch import MOST_FACTS, Named, Sketch, may_name

Place = tuple[int, ...]
_MONTHS = "January February March April May June July August September October November December".split()
_WEEKDAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday"}
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
    return len({(_between(fact), fact.value) for fact in new.facts} & there)


def _facts_differ(new: Sketch, old: Sketch) -> str:
    """A fact with the same words on both sides; or on one, if neither text has the other's value anywhere.

    The second finds a fact at the edge of a sentence that was cut or framed. It needs all facts of both texts.
    """
    ways: list[Callable[[Placed], Place]] = [_between]
    if max(len(new.facts), len(old.facts)) < MOST_FACTS:
        ways += [_before, _behind]
    for way in ways:
        ours, theirs = _by_place(new.facts, way), _by_place(old.facts, way)
        for place, ones in ours.items():
            others = theirs.get(place, ())
            if _apart(ones, others) and (way is _between or not (_known(ones, old) or _known(others, new))):
                return f"says {_spoken(ones)} where the other says {_spoken(others)}"
    return ""


def _between(fact: Placed) -> Place:
    return (fact.before, fact.behind)


def _before(fact: Placed) -> Place:
    return (_GROUPS.get(fact.kind, 0), fact.before)


def _behind(fact: Placed) -> Place:
    return (_GROUPS.get(fact.kind, 0), fact.behind)


def _by_place(facts: Iterable[Placed], way: Callable[[Placed], Place]) -> dict[Place, list[Placed]]:
    places: defaultdict[Place, list[Placed]] = defaultdict(list)
    for fact in facts:
        places[way(fact)].append(fact)
    return places


def _apart(ones: Sequence[Placed], others: Sequence[Placed]) -> bool:
    if not others or all(one.alone for one in (*ones, *others)):
        return False
    return {one.value for one in ones}.isdisjoint(one.value for one in others)


def _known(facts: Iterable[Placed], text: Sketch) -> bool:
    values = {fact.value for fact in text.facts}
    return any(fact.value in values for fact in facts)


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
    """Another name with the same words on both sides, if neither text names the other's anywhere."""
    theirs: defaultdict[Place, list[Named]] = defaultdict(list)
    for one in old.names:
        theirs[one.before, one.behind].append(one)
    for name in new.names:
        others = theirs.get((name.before, name.behind), ())
        if not others or not name.last or may_name(old.named, name.last):
            continue
        if all(one.last and not may_name(new.named, one.last) for one in others):
            return f"names {name.value.title() or 'someone'} where the other names another"
    return ""


def _one_denies(new: Sketch, old: Sketch) -> str:
    if _denied_by_one(new, old):
        return "says not where the other does not"
    return "leaves out a not that the other says" if _denied_by_one(old, new) else ""


def _denied_by_one(one: Sketch, other: Sketch) -> bool:
    """Whether a "not" stands in words that the other has without it."""
    if not one.negations:
        return False
    bits = 16
    there = set(other.shingles)
    below = other.negations_below
    for run in one.negations:
        if run < below and run not in other.negations and not run & (1 << other.level) - 1:
            if run >> other.level & (1 << bits) - 1 in there:
                return True
    return False
