"""Does a listing reach back to what is known: by itself, and on recorded feeds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.cadence import Bounds, History, next_poll
from aggregator.fetch.reach import (
    MOST_MARKS,
    Lines,
    clock_difference,
    empty_fields,
    kept_fields,
    mark_of,
    reaches_back,
)
from aggregator.sources.order import OF, newest_first
from tests.conftest import NOON

LOGS = Path(__file__).parent / "data" / "poll-logs"
LISTED = 10
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def lines(order: str, *, known: str, older: str = "") -> Lines:
    """A letter for each entry."""
    unknown = [one for one in order if one not in known]
    return Lines(order=list(order), unknown=unknown, known=set(known), newer=[one for one in unknown if one not in older])


@pytest.mark.parametrize(
    ("order", "known", "older", "reaches"),
    [
        ("nopqrstuvw", "", "", False),  # all are new
        ("nopqrstuva", "a", "", True),  # the last one is known
        ("anopqrstuv", "a", "", False),  # pinned on top
        ("abcnopqrst", "abc", "", False),
        ("abcdnopqrs", "abcd", "", True),  # four are not pinned
        ("abnopqrstc", "abc", "", True),
        ("abcdefghin", "abcdefghi", "", True),  # one that is new stands at the end: no order
        ("abcdefghix", "abcdefghi", "x", True),  # an older one came into sight
        ("xyz", "", "xyz", False),  # all are new, whatever time they give themselves
        ("abcdefghij", "abcdefghij", "", True),
        ("", "", "", True),
    ],
)
def test_what_stands_below_the_new_ones_tells(order: str, known: str, older: str, *, reaches: bool) -> None:
    assert reaches_back(lines(order, known=known, older=older), ()) == reaches


def test_what_a_source_leaves_out_is_known_by_its_marks() -> None:
    """Nothing of it is stored, and still the listing reaches back to it."""
    listing = Lines(order=["n", "out", "gone"], unknown=["n"], known=set(), newer=["n"])
    assert not reaches_back(listing, ())
    assert reaches_back(listing, [mark_of("out")])


@given(st.lists(st.integers(0, 40), unique=True, min_size=1, max_size=30), st.integers(1, 12))
def test_a_sorted_listing_reaches_back_if_and_only_if_nothing_ran_through(said: list[int], size: int) -> None:
    """Against the plain truth: everything is said in order, and the listing holds the newest ones."""
    order = sorted(said)
    for before in range(size, len(order)):
        for now in range(before + 1, len(order) + 1):
            shown = list(map(str, reversed(order[max(0, now - size) : now])))
            earlier = list(map(str, reversed(order[max(0, before - size) : before])))
            seen = set(map(str, order[:before]))
            unknown = [one for one in shown if one not in seen]
            listing = Lines(order=shown, unknown=unknown, known=seen & set(shown), newer=unknown)
            ran_through = now - before >= size
            assert reaches_back(listing, [mark_of(one) for one in earlier[:MOST_MARKS]]) != ran_through


def test_a_listing_is_read_from_its_newest_entry() -> None:
    times = [("a", NOON), ("b", None), ("c", NOON + HOUR), ("d", NOON + 2 * HOUR)]
    assert newest_first(times) == ("d", "c", "b", "a")
    assert newest_first(times[::-1]) == ("d", "c", "b", "a")
    assert newest_first([("a", None), ("b", None)]) == ("a", "b")


# Recorded feeds: three months of two governments' listings of ten


def recorded(name: str) -> list[tuple[datetime, dict[str, datetime]]]:
    """Of each poll when it was, and what was new at it with its time."""
    polls = (json.loads(line) for line in (LOGS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        (
            datetime.fromisoformat(poll["seen_at"]),
            {one["guid"]: parsedate_to_datetime(one["pubDate"]).astimezone(UTC) for one in poll["added"]},
        )
        for poll in polls
    ]


@pytest.mark.parametrize(("name", "overflows"), [("white-house", ["2022-04-29T17:08"]), ("state", [])])
def test_every_poll_at_which_all_was_new_is_flagged_and_no_other(name: str, overflows: list[str]) -> None:
    listed: dict[str, datetime] = {}
    seen: set[str] = set()
    marks: list[str] = []
    all_new, flagged, newest_gone = [], [], 0
    for at, added in recorded(name):
        before = max(listed.values(), default=None)
        listed = dict(sorted((listed | added).items(), key=lambda one: one[1])[-LISTED:])
        shown = newest_first(list(listed.items()))
        fresh = [one for one in shown if one not in seen]
        if marks and len(seen) >= LISTED:
            newer = [one for one in fresh if before is None or listed[one] >= before]
            found = Lines(order=shown, unknown=fresh, known=seen & listed.keys(), newer=newer)
            flagged += [f"{at:%Y-%m-%dT%H:%M}"] * (not reaches_back(found, marks))
            all_new += [f"{at:%Y-%m-%dT%H:%M}"] * (len(fresh) == len(shown))
            newest_gone += marks[0] not in map(mark_of, shown)
        seen |= listed.keys()
        marks = [mark_of(one) for one in shown[:MOST_MARKS]]
    assert flagged == all_new == overflows


# The next question


def test_a_source_that_overflowed_is_asked_as_soon_as_is_allowed_and_calms_down() -> None:
    bounds = Bounds(interval=10 * MINUTE, min_interval=2 * MINUTE, max_interval=24 * HOUR)

    def wait(quiet: timedelta, *, reached: bool) -> tuple[timedelta, str]:
        arrivals = [int((NOON - quiet).timestamp())] + [int((NOON - 24 * n * HOUR).timestamp()) for n in range(1, 20)]
        # Duplicates of another listing: new to this one, and so nothing fresh.
        history = History(arrivals=arrivals, listed=10, fresh=0, window=5 * HOUR, reached=reached)
        plan = next_poll(now=NOON, key="a", bounds=bounds, history=history)
        return plan.at - NOON, plan.why

    assert wait(timedelta(), reached=False)[0] < 3 * MINUTE < wait(timedelta(), reached=True)[0]
    assert wait(timedelta(), reached=False)[1] == "the last listing did not reach back to what was known"
    assert wait(6 * HOUR, reached=False)[0] > 7 * MINUTE


# Fields


def test_a_field_is_empty_where_most_lines_had_it_and_none_has() -> None:
    full = {OF: 10, "title": 10, "time": 5, "text": 4, "next": 1}
    assert list(empty_fields(full, {OF: 10, "title": 0, "time": 0, "text": 0, "next": 0})) == ["title", "time"]
    assert list(empty_fields(full, {OF: 10, "title": 1, "time": 1})) == []
    assert list(empty_fields(full, {OF: 4, "title": 0})) == []
    assert list(empty_fields({OF: 4, "title": 4}, {OF: 10, "title": 0})) == []
    assert list(empty_fields(None, {OF: 10, "title": 0})) == []


def test_what_became_empty_is_remembered_as_it_was() -> None:
    full, bare = {OF: 10, "title": 10}, {OF: 10, "title": 0}
    assert kept_fields(None, bare) == bare
    assert kept_fields(full, bare) == full
    assert kept_fields(full, {OF: 10, "title": 9}) == {OF: 10, "title": 9}
    assert kept_fields(full, {OF: 1, "title": 1}) == full


# Clocks


@pytest.mark.parametrize(
    ("made", "age", "expected"),
    [
        (NOON, None, 0),
        (NOON + 7 * MINUTE, None, 420),
        (NOON - 20 * MINUTE, None, 0),  # a copy out of a cache that does not say so
        (NOON - 20 * MINUTE, "1200", 0),
        (NOON - 3 * HOUR, None, -3 * 3600),
        (NOON - 3 * HOUR, "10800", 0),
        (NOON, "rubbish", 0),
    ],
)
def test_the_difference_of_clocks_takes_account_of_caches(made: datetime, age: str | None, expected: int) -> None:
    headers = {"date": format_datetime(made, usegmt=True)} | ({} if age is None else {"age": age})
    assert clock_difference(headers, at=NOON, ms=0) == expected


@pytest.mark.parametrize("written", ["", "yesterday", "Thu, 14 Aug 99999 12:00:00 GMT"])
def test_a_date_that_is_none_tells_nothing(written: str) -> None:
    assert clock_difference({"date": written}, at=NOON, ms=0) is None
