"""When a source is asked next: its own rhythm and window, what it asks for, and trouble."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.cadence import Bounds, History, Plan, Wish, next_poll, retry_after, share
from tests.conftest import NOON

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BOUNDS = Bounds(interval=10 * MINUTE, min_interval=2 * MINUTE, max_interval=DAY)


def plan(history: History | None = None, wish: Wish | None = None, *, key: str = "k", bounds: Bounds = BOUNDS) -> Plan:
    return next_poll(now=NOON, key=key, bounds=bounds, history=history or History(), wish=wish or Wish())


def wait(history: History | None = None, wish: Wish | None = None, *, bounds: Bounds = BOUNDS) -> timedelta:
    """The wait without jitter."""
    found = [
        next_poll(now=NOON, key=str(n), bounds=bounds, history=history or History(), wish=wish or Wish()) for n in range(40)
    ]
    return min(one.at for one in found) - NOON


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def every(gap: timedelta, *, count: int = 50, since: timedelta = timedelta()) -> list[int]:
    return [seconds(NOON - since - gap * (n + 1)) for n in range(count)]


def about(expected: timedelta) -> object:
    return pytest.approx(expected.total_seconds(), rel=0.05)


def test_a_source_that_nothing_is_known_of_is_asked_at_the_operators_interval() -> None:
    assert wait().total_seconds() == about(10 * MINUTE)


def test_a_source_of_three_a_day_is_not_asked_more_often_than_the_operator_wants() -> None:
    assert wait(History(arrivals=every(7 * HOUR))).total_seconds() == about(10 * MINUTE)


def test_a_busy_source_is_asked_sooner_and_never_more_often_than_allowed() -> None:
    assert wait(History(arrivals=every(6 * MINUTE))).total_seconds() == about(3 * MINUTE)
    assert wait(History(arrivals=every(MINUTE / 10))) >= 2 * MINUTE


def test_the_hours_in_which_a_source_speaks_are_learnt() -> None:
    daily = [seconds(NOON - DAY * n - MINUTE * 10 * m) for n in range(1, 13) for m in range(4)]
    assert wait(History(arrivals=daily)) < 5 * MINUTE
    at_night = [at - 12 * 3600 for at in daily]
    assert wait(History(arrivals=at_night)).total_seconds() == about(10 * MINUTE)


def test_silence_of_days_is_no_silence_and_that_of_a_month_relaxes() -> None:
    waits = [wait(History(arrivals=every(HOUR, since=DAY * days))) for days in (0, 2, 9, 15, 40, 400)]
    assert waits == sorted(waits)
    assert waits[1].total_seconds() == about(10 * MINUTE)
    assert waits[-1].total_seconds() == about(60 * MINUTE)


def test_a_short_window_goes_before_all_comfort() -> None:
    history = History(window=36 * MINUTE, listed=50, ttl=2 * HOUR)
    found = plan(history, Wish(fresh_for=HOUR))
    assert found.at - NOON <= 12 * MINUTE  # jitter included
    assert "36 min" in found.why
    tight = History(window=9 * MINUTE, listed=50, ttl=2 * HOUR)
    assert plan(tight).at - NOON <= 3 * MINUTE


def test_a_listing_that_was_mostly_new_is_asked_again_at_once_and_calms_down() -> None:
    def after(quiet: timedelta) -> timedelta:
        arrivals = [seconds(NOON - quiet)] * 9 + every(3 * HOUR, since=DAY)
        return wait(History(arrivals=arrivals, listed=10, fresh=9, window=DAY * 3))

    assert after(timedelta()).total_seconds() == about(2 * MINUTE)
    assert after(timedelta()) <= after(15 * MINUTE) < after(90 * MINUTE) <= 10.1 * MINUTE
    first = History(arrivals=[], listed=10, fresh=10, first=True, window=DAY * 3)
    assert wait(first).total_seconds() == about(10 * MINUTE)  # at the first poll everything is new


def test_what_the_feed_and_its_headers_ask_for_is_kept_up_to_the_bounds() -> None:
    assert wait(History(ttl=HOUR)).total_seconds() == about(HOUR)
    assert wait(wish=Wish(fresh_for=2 * HOUR)).total_seconds() == about(2 * HOUR)
    assert wait(History(ttl=DAY * 30)).total_seconds() == about(DAY)
    assert wait(History(ttl=MINUTE)).total_seconds() == about(10 * MINUTE)
    assert "60 min" in plan(History(ttl=HOUR)).why


def test_failures_double_the_wait_up_to_a_day_and_never_end() -> None:
    waits = [wait(History(failures=n)) for n in range(1, 200)]
    assert [one.total_seconds() for one in waits[:3]] == [about(20 * MINUTE), about(40 * MINUTE), about(80 * MINUTE)]
    assert waits[-1].total_seconds() == about(DAY)
    assert "3 failures" in plan(History(failures=3)).why


def test_retry_after_is_kept_whatever_else_would_be_sooner() -> None:
    tight = History(window=9 * MINUTE, listed=50, failures=1)
    assert wait(tight, Wish(retry_after=3 * HOUR)) >= 3 * HOUR
    assert wait(wish=Wish(retry_after=DAY * 90)).total_seconds() == about(DAY)
    assert "asks us to wait 3 h" in plan(wish=Wish(retry_after=3 * HOUR)).why


def test_sources_do_not_ask_in_step() -> None:
    assert len({plan(key=str(n)).at for n in range(100)}) == 100
    assert all(0 <= share(str(n)) < 1 for n in range(100))


DURATIONS = st.timedeltas(-DAY, DAY * 60)
HISTORIES = st.builds(
    History,
    arrivals=st.lists(st.integers(0, 2_000_000_000), max_size=30),
    window=st.none() | DURATIONS,
    listed=st.integers(-1, 200),
    fresh=st.integers(-1, 200),
    ttl=st.none() | DURATIONS,
    failures=st.integers(-1, 100),
    first=st.booleans(),
)


@given(HISTORIES, st.builds(Wish, retry_after=st.none() | DURATIONS, fresh_for=st.none() | DURATIONS), st.text(max_size=9))
def test_no_history_leads_out_of_the_bounds(history: History, wish: Wish, key: str) -> None:
    found = plan(history, wish, key=key)
    assert found == plan(history, wish, key=key)  # the same input, the same time
    gap = found.at - NOON
    assert 2 * MINUTE <= gap <= DAY * 1.1
    assert found.why
    if wish.retry_after is not None:
        assert gap >= min(wish.retry_after, DAY)
    if history.failures <= 0 and wish.retry_after is None and history.window is not None and history.window > timedelta():
        assert history.listed < 2 or gap <= max(history.window / 3, 2 * MINUTE)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("120", 2 * MINUTE),
        ("Thu, 14 Aug 2025 13:00:00 GMT", HOUR),
        ("Thu, 14 Aug 2025 11:00:00 GMT", timedelta()),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("99999999999999999999", DAY),
    ],
)
def test_retry_after_in_both_forms(written: str, expected: timedelta | None) -> None:
    assert retry_after({"retry-after": written}, now=NOON) == expected
