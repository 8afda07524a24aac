"""When a source is asked next: its own rhythm and window, what it asks for, and trouble."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.cadence import Bounds, History, Plan, Wish, next_poll, retry_after, share
from tests.conftest import NOON

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BOUNDS = Bounds(interval=10 * MINUTE, min_interval=2 * MINUTE, max_interval=DAY)
PROMPT = next(str(n) for n in range(100_000) if share(str(n)) < 0.0001)  # a key without jitter
LATE = next(str(n) for n in range(100_000) if share(str(n)) > 0.9999)  # and one with the most of it


def plan(history: History | None = None, wish: Wish | None = None, *, key: str = PROMPT, bounds: Bounds = BOUNDS) -> Plan:
    return next_poll(now=NOON, key=key, bounds=bounds, history=history or History(), wish=wish or Wish())


def wait(history: History | None = None, wish: Wish | None = None, *, key: str = PROMPT, bounds: Bounds = BOUNDS) -> timedelta:
    """Of a second's precision: PROMPT's jitter is small, but not nothing."""
    return round((plan(history, wish, key=key, bounds=bounds).at - NOON) / SECOND) * SECOND


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def every(gap: timedelta, *, count: int = 50, since: timedelta = timedelta()) -> list[int]:
    return [seconds(NOON - since - gap * (n + 1)) for n in range(count)]


def about(expected: timedelta) -> object:
    return pytest.approx(expected.total_seconds(), rel=0.001)


def minutes(waits: Sequence[timedelta]) -> list[float]:
    return [one / MINUTE for one in waits]


# The rhythm


def test_a_source_that_nothing_is_known_of_is_asked_at_the_operators_interval() -> None:
    assert wait().total_seconds() == about(10 * MINUTE)
    assert plan().why == "no rhythm is known yet"


def test_the_more_a_source_brings_the_sooner_it_is_asked() -> None:
    gaps = [DAY, 9 * HOUR, 3 * HOUR, 100 * MINUTE, 31 * MINUTE, 10 * MINUTE]
    waits = [wait(History(arrivals=every(gap, count=15))) for gap in gaps]
    assert minutes(waits) == sorted(minutes(waits), reverse=True)
    assert waits[0].total_seconds() == about(10 * MINUTE)
    assert waits[1] == 10 * MINUTE
    assert waits[-1] == 2 * MINUTE
    assert (
        wait(History(arrivals=every(8 * HOUR))) > 6 * MINUTE
    )  # three a day need no question every two, at their hours neither


def test_the_wait_falls_with_the_square_root_of_what_is_expected() -> None:
    few = [wait(History(arrivals=every(gap, count=8))) for gap in (4 * HOUR, HOUR)]  # too few to learn the hours from
    assert [one.total_seconds() for one in few] == [about(10 * MINUTE * (4 / 6) ** 0.5), about(10 * MINUTE * (4 / 24) ** 0.5)]


def test_fifty_an_hour_are_asked_for_as_often_as_is_allowed() -> None:
    assert wait(History(arrivals=every(72 * SECOND, count=100))) == 2 * MINUTE
    assert wait(History(arrivals=every(SECOND, count=100))) == 2 * MINUTE


def test_the_hours_in_which_a_source_speaks_are_learnt() -> None:
    at_noon = [seconds(NOON - DAY * n - MINUTE * 10 * m) for n in range(1, 13) for m in range(4)]
    assert wait(History(arrivals=at_noon)) < 5 * MINUTE
    assert plan(History(arrivals=at_noon)).why == "about 4 new a day, and more of them at this time"
    at_night = [at - 12 * 3600 for at in at_noon]
    assert wait(History(arrivals=at_night)).total_seconds() == about(10 * MINUTE)


def test_the_days_on_which_a_source_speaks_are_learnt() -> None:
    hourly = [NOON - HOUR * n for n in range(1, 24 * 28)]
    weekly = [seconds(at) for at in hourly if at.weekday() == NOON.weekday()]
    others = [seconds(at) for at in hourly if at.weekday() == (NOON.weekday() + 3) % 7]
    assert wait(History(arrivals=weekly)) < wait(History(arrivals=others)) * 0.6


def test_a_statement_is_followed_by_others() -> None:
    quiet = every(8 * HOUR, count=5)
    assert wait(History(arrivals=quiet)) == 10 * MINUTE
    assert wait(History(arrivals=[seconds(NOON), *quiet])) < 6 * MINUTE
    assert wait(History(arrivals=[seconds(NOON - 31 * MINUTE), *quiet])) == 10 * MINUTE


def test_what_is_said_to_have_come_in_the_future_is_not_believed() -> None:
    ahead = [seconds(NOON + MINUTE * n) for n in range(1, 50)]
    assert plan(History(arrivals=ahead)) == plan()
    assert plan(History(arrivals=[*ahead, *every(3 * HOUR)])) == plan(History(arrivals=every(3 * HOUR)))


def test_a_week_of_holidays_is_no_silence_and_a_month_relaxes_by_steps() -> None:
    waits = [wait(History(arrivals=every(7 * HOUR, since=DAY * days))) for days in (2, 6, 8, 15, 22, 30, 400)]
    assert minutes(waits) == sorted(minutes(waits))
    assert waits[1].total_seconds() == about(10 * MINUTE)
    assert waits[2] < 14 * MINUTE
    assert 20 * MINUTE < waits[3] < 30 * MINUTE
    assert waits[5].total_seconds() == waits[6].total_seconds() == about(60 * MINUTE)
    assert "nothing new for 30 days" in plan(History(arrivals=[seconds(NOON - 30 * DAY)])).why


# The window


def test_a_short_window_goes_before_all_comfort() -> None:
    history = History(window=36 * MINUTE, listed=50, ttl=2 * HOUR)
    for key in (PROMPT, LATE):
        found = plan(history, Wish(fresh_for=HOUR), key=key)
        assert found.at - NOON <= 12 * MINUTE
        assert "36 min" in found.why
        assert wait(replace(history, window=9 * MINUTE), key=key) <= 3 * MINUTE
        assert wait(replace(history, window=MINUTE), key=key) == 2 * MINUTE


@pytest.mark.parametrize("listed", [-1, 0, 1])
def test_a_listing_of_one_has_no_window(listed: int) -> None:
    assert wait(History(window=MINUTE, listed=listed)) == 10 * MINUTE


def test_jitter_does_not_lead_out_of_a_window_that_is_hardly_longer_than_the_interval() -> None:
    assert wait(History(window=31 * MINUTE, listed=50), key=LATE) <= 31 * MINUTE / 3


def test_ten_statements_of_five_minutes_make_no_weekend_of_two_minute_polls() -> None:
    def after(quiet: timedelta, *, ttl: timedelta | None = None) -> timedelta:
        arrivals = [seconds(NOON - quiet)] * 10 + every(8 * HOUR, since=DAY * 2, count=8)
        return wait(History(arrivals=arrivals, listed=10, window=5 * MINUTE, ttl=ttl))

    assert after(timedelta()) == 2 * MINUTE
    assert after(10 * MINUTE) < 6 * MINUTE
    assert after(DAY) > 8 * MINUTE
    assert after(DAY, ttl=2 * HOUR) <= 10 * MINUTE


def test_a_window_that_the_dates_do_not_show_is_learnt_from_arrivals() -> None:
    history = History(arrivals=every(6 * MINUTE), listed=10, ttl=2 * HOUR)  # ten entries are an hour
    assert wait(history) <= 20 * MINUTE
    assert wait(replace(history, listed=100)) == 2 * HOUR  # too few arrivals tell of so long a listing
    assert "10 new a day" not in plan(history).why
    assert "listing of 10" in plan(history).why


def test_a_listing_that_was_mostly_new_is_asked_again_at_once_and_calms_down() -> None:
    def after(quiet: timedelta, *, fresh: int = 9, found: int = 9) -> timedelta:
        arrivals = [seconds(NOON - quiet)] * found + every(8 * HOUR, since=DAY, count=15)
        return wait(History(arrivals=arrivals, listed=10, fresh=fresh, window=DAY * 3, ttl=HOUR))

    assert after(timedelta()) == 2 * MINUTE
    waits = [after(quiet) for quiet in (timedelta(), 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR)]
    assert waits == sorted(waits)
    assert waits[-1] == HOUR
    assert after(timedelta(), fresh=0) == 2 * MINUTE  # a listing without news came since: it calms down all the same
    assert after(timedelta(), found=1) == 2 * MINUTE  # `fresh` tells what the arrivals do not
    assert after(timedelta(), fresh=1, found=1) == HOUR


def test_at_the_first_poll_everything_is_new_and_nothing_follows_from_it() -> None:
    first = History(listed=10, fresh=10, first=True, window=DAY * 3)
    assert wait(first).total_seconds() == about(10 * MINUTE)
    assert wait(replace(first, arrivals=[seconds(NOON)] * 10, ttl=HOUR)).total_seconds() == about(HOUR)


def test_a_change_of_all_pages_after_months_of_silence_is_no_burst() -> None:
    relaunch = History(arrivals=every(DAY, since=DAY * 60), listed=10, fresh=10, window=DAY * 10)
    assert wait(relaunch).total_seconds() == about(HOUR)


# What is asked for, and trouble


def test_what_the_feed_and_its_headers_ask_for_is_kept_up_to_the_bounds() -> None:
    assert wait(History(ttl=HOUR)).total_seconds() == about(HOUR)
    assert wait(wish=Wish(fresh_for=2 * HOUR)).total_seconds() == about(2 * HOUR)
    assert wait(History(ttl=DAY * 30)).total_seconds() == about(DAY)
    assert wait(History(ttl=MINUTE)).total_seconds() == about(10 * MINUTE)
    assert plan(History(ttl=HOUR)).why == "the feed asks for 60 min"
    assert "fresh for 2 h" in plan(History(ttl=HOUR), Wish(fresh_for=2 * HOUR)).why


def test_failures_double_the_wait_up_to_a_day_and_never_end() -> None:
    waits = [wait(History(failures=n)) for n in range(1, 200)]
    assert [one.total_seconds() for one in waits[:3]] == [about(20 * MINUTE), about(40 * MINUTE), about(80 * MINUTE)]
    assert waits[-1].total_seconds() == about(DAY)
    assert "3 failures" in plan(History(failures=3)).why
    assert plan(History(failures=1)).why == "after 1 failure in a row"


def test_a_failing_source_is_not_asked_sooner_than_a_working_one() -> None:
    slow = Bounds(interval=3 * DAY, min_interval=MINUTE, max_interval=7 * DAY)
    assert wait(History(failures=4), bounds=slow).total_seconds() == about(3 * DAY)


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("3600", 1),
        ("3600, 7200", 2),
        ("99999999999999999999", 24),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 24),
        ("Wed, 21 Oct 1999 07:28:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
        ("Wed, 21 Oct 99999 07:28:00 GMT", None),
        ("Thu, 31 Feb 2099 07:28:00 GMT", None),
        ("-5", None),
        ("²", None),
        ("", None),
    ],
)
def test_what_retry_after_says_is_read_within_a_day(written: str, hours: int | None) -> None:
    assert retry_after({"retry-after": written}, now=NOON) == (None if hours is None else hours * HOUR)


def test_retry_after_is_kept_whatever_else_would_be_sooner() -> None:
    tight = History(window=9 * MINUTE, listed=50)
    for history in (tight, replace(tight, failures=1)):
        assert 3 * HOUR <= wait(history, Wish(retry_after=3 * HOUR)) <= 3.3 * HOUR
    assert wait(wish=Wish(retry_after=DAY * 90)).total_seconds() == about(DAY)
    assert wait(wish=Wish(retry_after=MINUTE)).total_seconds() == about(10 * MINUTE)
    assert plan(wish=Wish(retry_after=3 * HOUR)).why == "the server asks us to wait 3 h"


def test_sources_do_not_ask_in_step() -> None:
    for history in (History(), History(window=24 * MINUTE, listed=50), History(failures=2)):
        assert len({plan(history, key=str(n)).at for n in range(100)}) == 100
    assert all(0 <= share(str(n)) < 1 for n in range(100))
    assert wait(key=LATE).total_seconds() == about(11 * MINUTE)


# Laws

DURATIONS = st.timedeltas(-DAY, DAY * 60) | st.sampled_from([timedelta.min, timedelta.max])
AROUND = st.integers(seconds(NOON - 40 * DAY), seconds(NOON + 2 * DAY))
HISTORIES = st.builds(
    History,
    arrivals=st.lists(AROUND | st.integers(-(10**12), 10**12), max_size=100),
    window=st.none() | DURATIONS,
    listed=st.integers(-1, 200) | st.just(10**12),
    fresh=st.integers(-1, 200),
    ttl=st.none() | DURATIONS,
    failures=st.integers(-1, 3) | st.just(10**6),
    first=st.booleans(),
)
WISHES = st.builds(Wish, retry_after=st.none() | DURATIONS, fresh_for=st.none() | DURATIONS)


@given(HISTORIES, WISHES, st.text(max_size=9))
def test_no_history_leads_out_of_the_bounds(history: History, wish: Wish, key: str) -> None:
    found = plan(history, wish, key=key)
    assert found == plan(history, wish, key=key)  # the same input, the same time
    assert found.why
    gap = found.at - NOON
    assert 2 * MINUTE <= gap <= DAY * 1.1
    if wish.retry_after is not None:
        assert gap >= min(wish.retry_after, DAY)


@given(HISTORIES, WISHES, st.text(max_size=9))
def test_a_window_is_never_left_alone_for_longer_than_the_interval_or_a_third_of_it(
    history: History, wish: Wish, key: str
) -> None:
    gap = plan(replace(history, failures=0), replace(wish, retry_after=None), key=key).at - NOON
    if history.window is not None and history.window > timedelta() and history.listed > 1:
        assert gap <= max(history.window / 3, BOUNDS.interval)
        just_spoke = replace(history, failures=0, arrivals=[seconds(NOON)])
        assert plan(just_spoke, key=key).at - NOON <= max(history.window / 3, BOUNDS.min_interval)


@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_of_arrivals_says_nothing(history: History, random: object) -> None:
    mixed = list(history.arrivals)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis' own Random
    assert plan(replace(history, arrivals=mixed)) == plan(history)


@given(HISTORIES)
def test_without_weeks_of_silence_or_a_wish_no_source_waits_longer_than_the_interval(history: History) -> None:
    alive = replace(history, arrivals=[*history.arrivals, seconds(NOON - 7 * DAY)], ttl=None, failures=0)
    assert wait(alive, key=LATE) <= 1.1 * BOUNDS.interval


# Recorded feeds

LOGS = Path(__file__).parent / "data" / "poll-logs"
LISTED = 10


def appeared(name: str) -> list[datetime]:
    """When each item appeared: at its pubDate where that lies between two recorded polls, else at the poll that found it."""
    found, before = [], None
    for line in (LOGS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        poll = json.loads(line)
        seen = datetime.fromisoformat(poll["seen_at"])
        if before is not None:
            dates = [parsedate_to_datetime(item["pubDate"]).astimezone(UTC) for item in poll["added"]]
            found += [at if before < at <= seen else seen for at in dates]
        before = seen
    return sorted(found)


def replay(items: list[datetime], step: Callable[[datetime, History], datetime], listed: int) -> tuple[int, int, list[float]]:
    """Polls, items that left the listing unseen, and the delays in minutes of the others."""
    now, known, polls, missed = items[listed], listed + 1, 0, 0
    delays: list[float] = []
    arrivals: list[int] = []
    while known < len(items):
        polls += 1
        there = bisect_right(items, now)
        fresh = min(there - known, listed)
        missed += there - known - fresh
        delays += [(now - at) / MINUTE for at in items[there - fresh : there]]
        arrivals = ([seconds(now)] * fresh + arrivals)[:100]
        window = items[there - 1] - items[max(0, there - listed)]
        known = there
        now = step(now, History(arrivals=arrivals, window=window, listed=listed, fresh=fresh))
    return polls, missed, delays


def learnt(now: datetime, history: History) -> datetime:
    return next_poll(now=now, key="source", bounds=BOUNDS, history=history).at


def with_a_ttl(now: datetime, history: History) -> datetime:
    return learnt(now, replace(history, ttl=2 * HOUR))


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


@pytest.mark.parametrize("name", ["state", "white-house"])
def test_a_recorded_feed_is_followed_closely_at_a_third_of_the_polls_that_are_allowed(name: str) -> None:
    items = appeared(name)
    polls, missed, delays = replay(items, learnt, LISTED)
    days = (items[-1] - items[0]) / DAY
    assert missed == 0
    assert polls / days < 720 * 0.4
    as_many = timedelta(days=days) / polls
    assert mean(delays) < 0.95 * mean(replay(items, lambda now, _: now + as_many, LISTED)[2])
    assert mean(delays) < 0.7 * mean(replay(items, lambda now, _: now + 10 * MINUTE, LISTED)[2])


def test_a_window_of_36_minutes_loses_nothing() -> None:
    items = [NOON + n * 43 * SECOND for n in range(5_000)]
    assert replay(items, with_a_ttl, 50)[1] == 0


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
