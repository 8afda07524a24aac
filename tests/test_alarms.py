"""What an operator is told of a source: each alarm in a sentence, with what to do next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.fetch.alarms import Alarm, AlarmKind, OpenGap, Standing, alarms, our_clock
from aggregator.fetch.week import occasions, silence, surge, week_of
from aggregator.model import GapKind
from tests.conftest import NOON
from tests.test_reach import recorded

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WELL = Standing(url="https://example.org/feed", outcome="unchanged", answered_at=NOON, listed=10)
MONDAY = datetime(2025, 8, 11, tzinfo=UTC)


def seconds(*moments: datetime) -> list[int]:
    return [int(moment.timestamp()) for moment in moments]


def office(weeks: int = 4, *, until: datetime = MONDAY) -> list[int]:
    """Five a day, at 9, 11, 13, 15 and 17 o'clock from Monday to Friday."""
    days = [until - DAY * n for n in range(1, 7 * weeks + 1)]
    return seconds(*(day + timedelta(hours=hour) for day in days if day.weekday() < 5 for hour in (9, 11, 13, 15, 17)))


def kinds(source: Standing, *, now: datetime = NOON, ours: bool = False) -> list[AlarmKind]:
    return [one.kind for one in alarms(source, now=now, ours=ours)]


def only(source: Standing, *, now: datetime = NOON) -> Alarm:
    (alarm,) = alarms(source, now=now)
    return alarm


# Silence


def is_silent(arrivals: list[int], at: datetime) -> bool:
    return silence(arrivals, at.timestamp()) is not None


def test_nights_and_weekends_on_which_a_source_never_speaks_are_no_silence() -> None:
    until_friday = office(until=MONDAY)
    assert not is_silent(until_friday, MONDAY + 9 * HOUR)  # since Friday at 17
    assert not is_silent(until_friday, MONDAY + 17 * HOUR)  # a holiday
    assert is_silent(until_friday, MONDAY + 3 * DAY)  # Thursday: three working days without a word


def test_a_silence_is_told_in_a_sentence() -> None:
    alarm = only(replace(WELL, arrivals=office()), now=MONDAY + 4 * DAY)
    assert alarm.kind is AlarmKind.SILENCE
    assert alarm.says.startswith("Nothing new for 6 days, in which it usually speaks about ")
    assert "holiday" in alarm.do


def test_a_source_that_fails_is_not_called_silent() -> None:
    source = replace(WELL, arrivals=office(), failures=4, outcome="failed", reason="HTTP 503")
    assert kinds(source, now=MONDAY + 4 * DAY) == [AlarmKind.FAILING]


@pytest.mark.parametrize(
    "arrivals", [[], seconds(NOON - 300 * DAY), office()[:11], seconds(*(NOON - MINUTE * 40 * n for n in range(90)))]
)
def test_of_a_source_that_is_hardly_known_nothing_is_usual(arrivals: list[int]) -> None:
    assert not is_silent(arrivals, NOON + 30 * DAY)
    assert surge(arrivals, NOON.timestamp()) is None


def test_arrivals_of_one_half_hour_are_one_occasion() -> None:
    assert occasions(seconds(NOON, NOON + 20 * MINUTE, NOON + 45 * MINUTE, NOON + 2 * HOUR)) == seconds(NOON, NOON + 2 * HOUR)


def test_the_week_is_learnt_by_day_and_hour() -> None:
    arrivals = sorted(office())
    week = week_of(arrivals, since=arrivals[0], until=arrivals[-1])
    assert week is not None
    start = MONDAY.timestamp()

    def of(day: int, first: int, last: int) -> float:
        return week.between(start + day * 86_400 + first * 3600, start + day * 86_400 + last * 3600)

    assert of(1, 9, 18) > 10 * of(1, 0, 8)
    assert of(1, 0, 24) > 5 * of(5, 0, 24)
    assert week.between(start, start + 7 * 86_400) == pytest.approx(week.sums[-1])
    assert 24 < week.sums[-1] < 28  # five on five days; it ends on a Friday
    assert week.between(start, start) == week.between(start, start - 1) == 0


def test_in_three_recorded_months_nobody_is_called_silent_and_an_end_is_found_within_three_days() -> None:
    for name in ("state", "white-house"):
        arrivals: list[int] = []
        last: datetime | None = None
        for at, added in recorded(name):
            while added and last is not None and last + HOUR < at:  # at each hour between
                last += HOUR
                assert not is_silent(arrivals, last), (name, last)
            arrivals = ([int(at.timestamp())] * len(added) + arrivals)[:100]
            last = at
        assert last is not None
        found = next(hours for hours in range(1, 200) if is_silent(arrivals, last + hours * HOUR))
        assert 12 < found <= 72


# Surge


def test_three_times_the_usual_is_a_surge() -> None:
    before = office(until=MONDAY - 2 * DAY)

    def with_new(count: int) -> Standing:
        return replace(WELL, arrivals=[*seconds(*(MONDAY - MINUTE * n for n in range(count))), *before])

    assert kinds(with_new(14), now=MONDAY) == []
    alarm = only(with_new(15), now=MONDAY)
    assert (alarm.kind, alarm.says) == (AlarmKind.SURGE, "15 new entries in a day, where about 5 are usual.")


def test_what_comes_after_weeks_without_a_word_is_no_surge() -> None:
    old = office(until=MONDAY - 100 * DAY)
    assert surge([*seconds(*(MONDAY - MINUTE * n for n in range(10))), *old], MONDAY.timestamp()) is None


# The rest


def test_a_source_that_is_well_has_no_alarm() -> None:
    assert alarms(WELL, now=NOON) == ()
    assert alarms(replace(WELL, failures=2, outcome="failed"), now=NOON) == ()  # it mends itself, mostly
    assert alarms(replace(WELL, failures=9, active=False), now=NOON) == ()


def test_the_alarms_of_gaps_and_of_the_server() -> None:
    gaps = [OpenGap(kind=kind, opened_at=NOON - HOUR, from_at=NOON - DAY, says=f"It is {kind.value}.") for kind in GapKind]
    source = replace(
        WELL,
        failures=3,
        gaps=gaps,
        moved_to="https://example.org/new",
        certificate_until=NOON + 13 * DAY,
        clock_s=600,
        reason="our own error: BalanceError: 5 lines were listed",
    )
    assert kinds(source) == [
        AlarmKind.ERROR,
        AlarmKind.EMPTY,
        AlarmKind.DRIFT,
        AlarmKind.OVERFLOW,
        AlarmKind.MOVED,
        AlarmKind.CERTIFICATE,
        AlarmKind.CLOCK,
    ]
    told = alarms(source, now=NOON)
    assert all(one.says and one.do for one in told)
    assert "5 lines were listed" in told[0].says
    assert 'url = "https://example.org/new"' in told[4].do
    assert told[5].says == "The certificate of its server ends on 2025-08-27."
    assert told[6].says == "Its clock is 10 min ahead of ours."


def test_an_old_gap_is_shown_and_no_alarm_any_more() -> None:
    gap = OpenGap(kind=GapKind.OVERFLOW, opened_at=NOON - 8 * DAY, from_at=NOON - 9 * DAY, says="It overflowed.")
    assert kinds(replace(WELL, gaps=[gap])) == []


@pytest.mark.parametrize(
    ("seconds_ahead", "wrong"), [(299, False), (300, True), (-3599, False), (-3600, True), (None, False), (0, False)]
)
def test_a_clock_is_wrong_when_it_is_far_off(seconds_ahead: int | None, *, wrong: bool) -> None:
    source = replace(WELL, clock_s=seconds_ahead)
    assert bool(kinds(source)) == wrong
    assert kinds(source, ours=True) == []


def test_where_most_clocks_disagree_with_ours_ours_is_wrong() -> None:
    assert our_clock([601, 599, None, 600]) == timedelta(minutes=10)
    assert our_clock([600, 600]) is None
    assert our_clock([0, 1, 600, 0]) is None
    assert our_clock([-4000, -4000, -4001]) == timedelta(seconds=-4000)
