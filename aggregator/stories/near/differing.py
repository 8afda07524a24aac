"""What two texts of like wording say differently in the same place: a fact, a name, a "not"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from aggregator.stories.near.aligning import exchanged
from aggregator.stories.near.reading import EDGE, Placed
from aggregator.stories.near.sketch import HASHED, MOST_FACTS, Sketch

Place = tuple[int, int]
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
    return _facts_differ(new, old) or exchanged(new.line, old.line, new.spoken)


def agreeing(new: Sketch, old: Sketch) -> int:
    """How many facts say the same in the same place."""
    there = old.once(_said)
    return sum(map(there.__contains__, new.once(_each_said)))


def _each_said(facts: Iterable[Placed]) -> list[tuple[Place | None, str]]:
    return [(_between(fact), fact.value) for fact in facts]


def _said(facts: Iterable[Placed]) -> set[tuple[Place | None, str]]:
    return set(_each_said(facts))


def _facts_differ(new: Sketch, old: Sketch) -> str:
    """A fact with the same words on both sides; or on one, if neither text has the other's value anywhere.

    The second finds a fact at the edge of a sentence that was cut or framed. It needs all facts of both texts.
    """
    one_side = max(len(new.facts), len(old.facts)) < MOST_FACTS
    for way in (_by_both, _by_before, _by_behind) if one_side else (_by_both,):
        theirs = old.once(way)
        for place, ones in new.once(way).items():
            others = theirs.get(place)
            if others and _apart(ones, others) and (way is _by_both or not (_known(ones, old) or _known(others, new))):
                return f"says {_spoken(ones)} where the other says {_spoken(others)}"
    return ""


def _between(one: Placed) -> Place | None:
    return (one.before, one.behind) if one.before != EDGE != one.behind else None


def _before(one: Placed) -> Place | None:
    return (_group(one), one.before) if one.before != EDGE else None


def _behind(one: Placed) -> Place | None:
    return (_group(one), one.behind) if one.behind != EDGE else None


def _group(one: Placed) -> int:
    return _GROUPS.get(one.kind, 0)


def _by_both(facts: Iterable[Placed]) -> dict[Place, list[Placed]]:
    return _by_place(facts, _between)


def _by_before(facts: Iterable[Placed]) -> dict[Place, list[Placed]]:
    return _by_place(facts, _before)


def _by_behind(facts: Iterable[Placed]) -> dict[Place, list[Placed]]:
    return _by_place(facts, _behind)


def _by_place(ones: Iterable[Placed], way: Callable[[Placed], Place | None]) -> dict[Place, list[Placed]]:
    places: defaultdict[Place, list[Placed]] = defaultdict(list)
    for one in ones:
        place = way(one)
        if place is not None:
            places[place].append(one)
    return places


def _apart(ones: Sequence[Placed], others: Sequence[Placed]) -> bool:
    if all(one.alone for one in (*ones, *others)):
        return False
    return not any(_agree(one.value, other.value) for one in ones for other in others)


def _known(facts: Iterable[Placed], text: Sketch) -> bool:
    """Whether a text has one of these facts anywhere, as what it is here: "12 ships" is not "the 12th package"."""
    return any(_agree(fact.value, there.value) and _alike(fact, there) for fact in facts for there in text.facts)


def _alike(one: Placed, other: Placed) -> bool:
    return one.kind == other.kind or _group(one) == _group(other) != 0


def _agree(one: str, other: str) -> bool:
    """Whether two values may be one, of which a text says less: a date without its year, a sum without its currency."""
    if one == other:
        return True
    one, other = sorted((one.lstrip("-"), other.lstrip("-")), key=len)
    return len(one) > 1 and other.endswith((f"-{one}", f" {one}"))


def _spoken(facts: Sequence[Placed]) -> str:
    return " and ".join(dict.fromkeys(map(_spoken_fact, facts)))


def _spoken_fact(fact: Placed) -> str:
    value = fact.value
    if value.startswith(HASHED) or fact.kind == "rest":
        return "something else"
    match fact.kind:
        case "ordinal" if value.isdigit():
            value += "th" if value[-2:-1] == "1" else {"1": "st", "2": "nd", "3": "rd"}.get(value[-1], "th")
        case "percent":
            value += " %"
        case "weekday":
            value = _WEEKDAYS.get(value, value)
        case "month":
            value = _MONTHS[int(value) - 1]
        case "date":
            value = value.lstrip("-")
    return value
