"""Two stores side by side: whether they are the same to the last bit, and if not, what differs in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from aggregator.store.contents import Group

MOST_SHOWN = 20  # rows that differ and are named; the others are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Unequal:
    """A row that is not the same."""

    table: str
    number: int
    what: str  # in words: which column, and what stands there


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of comparing one table."""

    table: str
    rows: int  # that were stored
    unequal: int
    shown: tuple[Unequal, ...] = ()


def compare_groups(table: str, stored: Iterable[Group], rebuilt: Iterable[Group]) -> Compared:
    """Hold the rows of two tables against each other; both come by their number, smallest first."""
    rows, unequal, shown = 0, 0, list[Unequal]()
    for number, here, there in _side_by_side(stored, rebuilt):
        rows += len(here)
        if here == there:
            continue
        unequal += 1
        if len(shown) < MOST_SHOWN:
            shown.append(Unequal(table=table, number=number, what=_difference(here, there)))
    return Compared(table=table, rows=rows, unequal=unequal, shown=tuple(shown))


def _side_by_side(
    stored: Iterable[Group], rebuilt: Iterable[Group]
) -> Iterator[tuple[int, Sequence[dict[str, Any]], Sequence[dict[str, Any]]]]:
    left, right = iter(stored), iter(rebuilt)
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[0] < other[0]):
            assert one is not None, "one of the two is there"  # noqa: S101 - says what holds
            yield one[0], one[1], ()
            one = next(left, None)
        elif one is None or other[0] < one[0]:
            yield other[0], (), other[1]
            other = next(right, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(left, None), next(right, None)


def _difference(stored: Sequence[dict[str, Any]], rebuilt: Sequence[dict[str, Any]]) -> str:
    if not rebuilt:
        return "is stored, and would not be there"
    if not stored:
        return "would be there, and is not stored"
    for here, there in zip_longest(stored, rebuilt):
        if here is None or there is None:
            return f"{len(stored)} rows are stored, and it would have {len(rebuilt)}"
        for column, value in here.items():
            if there[column] != value:
                return f"{column} is {_short(value)}, and would be {_short(there[column])}"
    return "differs"


def _short(value: object) -> str:
    written = repr(value) if isinstance(value, str) else str(value)
    return written if len(written) <= 80 else f"{written[:79]}…"


def compare_changes(stored: Iterable[tuple[str, str, object]], rebuilt: Iterable[tuple[str, str, object]]) -> Compared:
    """Hold what readers were told against what they would have been told, in its order."""
    rows, unequal, shown = 0, 0, list[Unequal]()
    for place, (here, there) in enumerate(zip_longest(stored, rebuilt), 1):
        rows += here is not None
        if here == there:
            continue
        unequal += 1
        if len(shown) < MOST_SHOWN:
            what = f"is {_change(here)}, and would be {_change(there)}"
            shown.append(Unequal(table="changes", number=place, what=what))
    return Compared(table="changes", rows=rows, unequal=unequal, shown=tuple(shown))


def _change(one: tuple[str, str, object] | None) -> str:
    return "nothing" if one is None else f"{one[0]} {one[1]} at {one[2]}"
