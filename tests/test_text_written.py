"""Every written form of a date that was found on the pages and in the feeds of the sources."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import ZoneKnown
from aggregator.text.months import MONTHS
from aggregator.text.times import WrittenTime, read_time

OFFSET, SOURCE, NONE = ZoneKnown.OFFSET, ZoneKnown.SOURCE, ZoneKnown.NONE
MOSCOW, KYIV, PARIS = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Kyiv"), ZoneInfo("Europe/Paris")
LONDON, NEW_YORK, BRUSSELS = ZoneInfo("Europe/London"), ZoneInfo("America/New_York"), ZoneInfo("Europe/Brussels")


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "zone", "moment", "known"),
    [
        # Official pages.
        ("August 18, 2020, 16:25", MOSCOW, "2020-08-18T13:25", SOURCE),
        ("12 августа 2026 года, 16:30", MOSCOW, "2026-08-12T13:30", SOURCE),
        ("24 февраля 2022 года, 16:25", MOSCOW, "2022-02-24T13:25", SOURCE),
        ("13 November 2023 - 20:34", KYIV, "2023-11-13T18:34", SOURCE),
        ("13 листопада 2023 року - 20:34", KYIV, "2023-11-13T18:34", SOURCE),
        ("le 1er mars 2024 à 14h30", PARIS, "2024-03-01T13:30", SOURCE),
        ("Publié le 16 mai 2022 à 9 h 05", PARIS, "2022-05-16T07:05", SOURCE),
        ("24. Februar 2022, 18:00 Uhr", None, "2022-02-24T18:00", NONE),
        ("Donnerstag, 24. Februar 2022 um 18 Uhr", None, "2022-02-24T18:00", NONE),
        ("13-02-2025 - 12:47", BRUSSELS, "2025-02-13T11:47", SOURCE),
        ("06-02-2025 - 12:47", BRUSSELS, "2025-02-06T11:47", SOURCE),
        ("2025-02-13 12:47:00.0", BRUSSELS, "2025-02-13T11:47", SOURCE),
        ("2026-08-26T10:00:10.000+02:00", BRUSSELS, "2026-08-26T08:00:10", OFFSET),
        ("Wed Jul 08 16:36:31 CEST 2020", None, "2020-07-08T14:36:31", OFFSET),
        # News pages.
        ("16 September 2024 9:33pm", LONDON, "2024-09-16T20:33", SOURCE),
        ("2024-09-16T21:33+0100", LONDON, "2024-09-16T20:33", OFFSET),
        ("7 May. 2026 6.55 p.m.", None, "2026-05-07T18:55", NONE),
        ("30 May. 2026 12.30 p.m.", None, "2026-05-30T12:30", NONE),
        ("April 28, 2024 3:00 AM", NEW_YORK, "2024-04-28T07:00", SOURCE),
        ("March 7, 2024 · 11:32 AM UTC", None, "2024-03-07T11:32", OFFSET),
        ("April 25, 2023 · 1:36 PM GMT+2", None, "2023-04-25T11:36", OFFSET),
        ("15 oct 2024 - 08:22", None, "2024-10-15T08:22", NONE),
        ("14.05.2025, 20:28", MOSCOW, "2025-05-14T17:28", SOURCE),
        ("2024.03.31 18:59", None, "2024-03-31T18:59", NONE),
        ("2023-08-30 12:52:08.000000", None, "2023-08-30T12:52:08", NONE),
        ("Published on 30/04/2024 - 16:38", None, "2024-04-30T16:38", NONE),
        ("06/01/2026 - 14:16 UTC+1", PARIS, "2026-01-06T13:16", OFFSET),
        ("Mon Sep 02 01:11:35 EDT 2024", None, "2024-09-02T05:11:35", OFFSET),
        ("11:30 p.m. EST, February 23, 2022", None, "2022-02-24T04:30", OFFSET),
        ("31 Jul 24 08:19 UTC", LONDON, "2024-07-31T08:19", OFFSET),
        ("2023-04-28T17:41:28.699841", None, "2023-04-28T17:41:28", NONE),
        ("2024-04-28 07:00:00Z", None, "2024-04-28T07:00", OFFSET),
        # Feeds, and what stands in them where a date should.
        ("Tue, 6 Jan 2026 10:00 +0300", None, "2026-01-06T07:00", OFFSET),
        ("2026-01-06 13:55:27 +01:00", None, "2026-01-06T12:55:27", OFFSET),
        ("2026-04-20T14:09:42.493", None, "2026-04-20T14:09:42", NONE),
        ("06.01.2026 10:00", None, "2026-01-06T10:00", NONE),
        ("Вт, 06 янв 2026 10:00:00 +0300", None, "2026-01-06T07:00", OFFSET),
        ("Tue, 06 Jan 2026 24:00:00 GMT", None, "2026-01-07T00:00", OFFSET),
        ("Tue, 06 Jan 2026 10:00:00 EST", None, "2026-01-06T15:00", OFFSET),
        ("Tue, 06 Jan 2026 10:00:00 MSK", None, "2026-01-06T07:00", OFFSET),
        ("Tue, 06 Jan 2026 12:00:00 EET", None, "2026-01-06T10:00", OFFSET),
        ("Tue, 07 Jul 2026 12:00:00 BST", LONDON, "2026-07-07T11:00", OFFSET),
        ("2026-W02-2T10:00:00Z", None, "2026-01-06T10:00", OFFSET),
        ("Jan 6, 2026, 10:00 AM", None, "2026-01-06T10:00", NONE),
        ("20220224T162500Z", None, "2022-02-24T16:25", OFFSET),
        ("202202241625", MOSCOW, "2022-02-24T13:25", SOURCE),
        ("Mon, 06 Jan 2026 10:00:00 GMT", None, "2026-01-06T10:00", OFFSET),  # it was a Tuesday
        ("Sat, 31 Dec 2016 23:59:60 GMT", None, "2016-12-31T23:59:59", OFFSET),
        ("Tue, 06 Jan 2026 10:00:00 +0300 (MSK)", MOSCOW, "2026-01-06T07:00", OFFSET),
        # An offset that the source's zone never has at that time, and names that are wrong half the year.
        ("2018-01-01T16:40:00+04:00", MOSCOW, "2018-01-01T13:40", SOURCE),
        ("July 7, 2026 10:00 AM EST", NEW_YORK, "2026-07-07T14:00", SOURCE),
        ("July 7, 2026 10:00 AM EST", MOSCOW, "2026-07-07T15:00", OFFSET),
        # Hours that a clock skips or shows twice.
        ("27 March 2022, 02:30", BRUSSELS, "2022-03-27T01:30", SOURCE),
        ("30 October 2022, 02:30", BRUSSELS, "2022-10-30T00:30", SOURCE),
        ("30 October 2022, 02:30 CET", BRUSSELS, "2022-10-30T01:30", OFFSET),
    ],
)
def test_a_time_of_day_is_read_as_written(written: str, zone: ZoneInfo | None, moment: str, known: ZoneKnown) -> None:
    assert read_time(written, zone=zone) == WrittenTime(utc(moment), known, day_only=False)


@pytest.mark.parametrize(
    ("written", "zone", "moment", "known"),
    [
        ("Publié le 16 mai 2022", PARIS, "2022-05-15T22:00", SOURCE),
        ("9 October 2025", BRUSSELS, "2025-10-08T22:00", SOURCE),
        ("8 мая 2025 года", MOSCOW, "2025-05-07T21:00", SOURCE),
        ("24 лютого 2022 року", KYIV, "2022-02-23T22:00", SOURCE),
        ("August 26, 2020", MOSCOW, "2020-08-25T21:00", SOURCE),
        ("Friday, 22 November 2024", LONDON, "2024-11-22T00:00", SOURCE),
        ("Monday 5 October 2026", None, "2026-10-05T00:00", NONE),
        ("4. September 2021", None, "2021-09-04T00:00", NONE),
        ("Freitag, 12. Juli 2024", None, "2024-07-12T00:00", NONE),
        ("22 septembre 2026", PARIS, "2026-09-21T22:00", SOURCE),
        ("mar. 24 févr. 2026", PARIS, "2026-02-23T23:00", SOURCE),
        ("01 October 2026", None, "2026-10-01T00:00", NONE),
        ("the 13th of November, 2023", None, "2023-11-13T00:00", NONE),
        ("24.02.2022", MOSCOW, "2022-02-23T21:00", SOURCE),
        ("18-12-2020", None, "2020-12-18T00:00", NONE),
        ("2024/10/15", None, "2024-10-15T00:00", NONE),
        ("20230830", None, "2023-08-30T00:00", NONE),
        ("2026-09-18", BRUSSELS, "2026-09-17T22:00", SOURCE),
        ("2026-006", None, "2026-01-06T00:00", NONE),
        ("2022-02-24+03:00", MOSCOW, "2022-02-23T21:00", OFFSET),
        ("6 January 2026", None, "2026-01-06T00:00", NONE),
        ("24 февраля 2022", MOSCOW, "2022-02-23T21:00", SOURCE),  # a space that does not break
    ],
)
def test_a_date_alone_is_a_day_and_no_midnight(written: str, zone: ZoneInfo | None, moment: str, known: ZoneKnown) -> None:
    assert read_time(written, zone=zone) == WrittenTime(utc(moment), known, day_only=True)


@pytest.mark.parametrize(
    "written",
    [
        "06/01/2026 - 14:02",  # the sixth of January, or the first of June?
        "06-01-2026",
        "24.02.22",
        "August 8, Saturday",
        "August 2026",
        "2026",
        "2026-01",
        "yesterday",
        "1 day ago",
        "vor 3 Stunden",
        "10:34 AM UTC",
        "08:49:59",
        "11:40 AM UTC · Updated ago",
        "Updated 3 May 2024",
        "3 May 2024, 4 May 2024",
        "3 May 2024, 10:00 and 11:00",
        "3 May 2024 10:00 in a wood near Athens",
        "31 февраля 2022",
        "31.02.2022",
        "2026-W54-1",
        "2026-366",
        "3 May 2024 25:00",
        "3 May 2024 10:60",
        "3 May 2024 24:01",
        "3 May 2024 14:00 am",
        "3 May 1024",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "0001-01-01T00:00:00Z",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Tue, 06 Jan 2126 10:00:00 GMT",
        "Tue, 06 Jan 2026 10:00:00 +9999",
        "1767693600",
        "1767693600000",
        "PT328S",
        "OZONEESI0001",
        "https://example.org/2026/01/06/",
    ],
)
def test_what_could_be_two_days_or_none_is_no_time(written: str) -> None:
    assert read_time(written) is None


@pytest.mark.parametrize(
    ("written", "language", "day"),
    [
        ("06/01/2026", "fr", date(2026, 1, 6)),
        ("06/01/2026", "en-GB", date(2026, 1, 6)),
        ("06/01/2026", "en-US", date(2026, 6, 1)),
        ("06/13/2026", "", date(2026, 6, 13)),
        ("13/06/2026", "en", date(2026, 6, 13)),
        ("06/06/2026", "en", date(2026, 6, 6)),
        ("24.02.22", "de", date(2022, 2, 24)),
    ],
)
def test_figures_alone_are_read_by_their_language(written: str, language: str, day: date) -> None:
    found = read_time(written, language=language)
    assert found is not None
    assert (found.moment.date(), found.day_only) == (day, True)


@pytest.mark.parametrize("written", ["1767693600", "1767693600000", "1767693600.5"])
def test_seconds_since_1970_are_read_where_they_are_asked_for(written: str) -> None:
    assert read_time(written, epoch=True) == WrittenTime(utc("2026-01-06T10:00"), OFFSET, day_only=False)


def test_all_names_of_a_month_are_known_in_five_languages() -> None:
    for names, number in (
        (("January", "janvier", "Januar", "января", "январь", "січня", "січень"), 1),
        (("March", "mars", "März", "марта", "березня"), 3),
        (("May", "mai", "Mai", "мая", "травня"), 5),
        (("August", "août", "August", "августа", "серпня"), 8),
        (("December", "décembre", "Dezember", "декабря", "грудень"), 12),
    ):
        assert {MONTHS[name.casefold()] for name in names} == {number}
    assert set(MONTHS.values()) == set(range(1, 13))


_NAMES = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
}
NAMES = {language: names.split() for language, names in _NAMES.items()}
MINUTES = st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2100, 12, 30)).map(  # noqa: DTZ001 - wall times
    lambda wall: wall.replace(second=0, microsecond=0)
)


def written_forms(wall: datetime) -> list[str]:
    """A minute in each form that a source writes."""
    month, half = wall.month - 1, "a.m." if wall.hour < 12 else "p.m."
    hour = wall.hour % 12 or 12
    return [
        f"{NAMES['en'][month]} {wall.day}, {wall.year}, {wall:%H:%M}",
        f"{wall.day} {NAMES['en'][month][:3]}. {wall.year} {hour}.{wall:%M} {half}",
        f"{wall.day} {NAMES['en'][month]} {wall.year} - {wall:%H:%M}",
        f"{hour}:{wall:%M} {half.replace('.', '')}, {NAMES['en'][month]} {wall.day}, {wall.year}",
        f"le {wall.day}{'er' * (wall.day == 1)} {NAMES['fr'][month]} {wall.year} à {wall.hour}h{wall:%M}",
        f"{wall.day}. {NAMES['de'][month]} {wall.year}, {wall:%H:%M} Uhr",
        f"{wall.day} {NAMES['ru'][month]} {wall.year} года, {wall:%H:%M}",
        f"{wall.day} {NAMES['uk'][month]} {wall.year} року - {wall:%H:%M}",
        f"{wall:%d.%m.%Y} {wall:%H:%M}",
        f"{wall:%Y/%m/%d %H:%M}",
        f"{wall:%Y-%m-%dT%H:%M:%S}",
        f"{wall:%Y%m%dT%H%M%S}",
        f"{wall:%Y%m%d%H%M}",
        f"{wall:%G-W%V-%u}T{wall:%H:%M}",
    ]


@given(MINUTES)
def test_a_minute_in_any_known_form_is_that_minute(wall: datetime) -> None:
    for form in written_forms(wall):
        assert read_time(form) == WrittenTime(wall.replace(tzinfo=UTC), NONE, day_only=False), form


@given(MINUTES, st.sampled_from([("UTC", 0), ("+0300", 180), ("-05:00", -300), ("GMT+2", 120), ("CET", 60), ("EDT", -240)]))
def test_a_zone_may_follow_any_form_of_the_pages(wall: datetime, zone: tuple[str, int]) -> None:
    name, minutes = zone
    moment = wall.replace(tzinfo=UTC) - timedelta(minutes=minutes)
    for form in written_forms(wall)[:10]:
        assert read_time(f"{form} {name}") == WrittenTime(moment, OFFSET, day_only=False), form


@given(st.dates(date(1990, 1, 2), date(2100, 12, 30)))
def test_a_day_in_any_known_form_is_that_day(day: date) -> None:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    for language, comma in product(NAMES, ("", ",")):
        form = f"{day.day} {NAMES[language][day.month - 1]}{comma} {day.year}"
        assert read_time(form) == WrittenTime(moment, NONE, day_only=True), form


@given(st.text(alphabet=st.sampled_from("0123456789:.-+/, apmhT мая may uhr GMT")) | st.text())
def test_no_text_breaks_the_reader(written: str) -> None:
    for zone in (None, NEW_YORK):
        found = read_time(written, zone=zone, language="de", epoch=True)
        assert found is None or found.moment.tzinfo is UTC
