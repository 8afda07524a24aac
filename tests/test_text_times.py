"""Written times that are nearly right: read where they are plain, refused where they cannot be trusted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import ZoneKnown
from aggregator.text.times import parse_time

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("written", "zone", "utc", "known"),
    [
        ("Tue, 06 Jan 2026 10:00:00 +03:00", None, "2026-01-06T07:00:00", ZoneKnown.OFFSET),
        ("Tue, 06 Jan 2026 10:00:00 -05:00", None, "2026-01-06T15:00:00", ZoneKnown.OFFSET),
        ("Tue, 06 Jan 2026 10:00:00 +04:00", MOSCOW, "2026-01-06T07:00:00", ZoneKnown.SOURCE),
        ("6 January 2026", None, "2026-01-06T00:00:00", ZoneKnown.NONE),
        ("Tue, 6 Jan 2026", MOSCOW, "2026-01-05T21:00:00", ZoneKnown.SOURCE),
        ("Tue, 06 Jan 2026 10:00:00 MSK", MOSCOW, "2026-01-06T07:00:00", ZoneKnown.OFFSET),
        ("Tue, 06 Jan 2026 10:00:00 +1400", None, "2026-01-05T20:00:00", ZoneKnown.OFFSET),
        ("Tue, 06 Jan 0026 10:00:00 GMT", None, "2026-01-06T10:00:00", ZoneKnown.OFFSET),
        ("Tue, 30 Jun 2015 23:59:60 +0000", None, "2015-06-30T23:59:59", ZoneKnown.OFFSET),
        ("6 Jan 2026 10:00 UTC", MOSCOW, "2026-01-06T10:00:00", ZoneKnown.OFFSET),
    ],
)
def test_common_slips_lose_no_hours(written: str, zone: ZoneInfo | None, utc: str, known: ZoneKnown) -> None:
    assert parse_time(written, zone=zone) == (datetime.fromisoformat(utc).replace(tzinfo=UTC), known)


@pytest.mark.parametrize(
    "written",
    [
        "Tue, 06 Jan 2026 10:00:00 +9999",
        "2026-01-06T10:00:00+99:99",
        "2026-01-06T10:00:00-15:00",
        "Tue, 06 Jan 2026 10:00:00 " + "GMT(" * 20_000,
        "Tue, 99999999999999999999 Jan 2026 10:00:00 GMT",
        "Tue, " + "9" * 5_000 + " Jan 2026 10:00:00 GMT",
        "31 February 2026",
    ],
)
def test_what_cannot_be_trusted_gives_none(written: str) -> None:
    for zone in (None, MOSCOW):
        assert parse_time(written, zone=zone) == (None, ZoneKnown.NONE)


@given(
    st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2100, 12, 30)),  # noqa: DTZ001 - wall times
    st.integers(-14 * 60, 14 * 60),
)
def test_every_written_offset_means_the_same_in_both_forms(wall: datetime, minutes: int) -> None:
    wall = wall.replace(microsecond=0)
    sign, offset = "-" if minutes < 0 else "+", f"{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    expected = ((wall - timedelta(minutes=minutes)).replace(tzinfo=UTC), ZoneKnown.OFFSET)
    assert parse_time(f"{wall.isoformat()}{sign}{offset}") == expected
    assert parse_time(f"{wall:%d %b %Y %H:%M:%S} {sign}{offset}") == expected
