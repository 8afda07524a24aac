"""When an entry was said: a time that can be trusted, as finely as it is known, or a reason why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import ArticleRules, Item, Source
from aggregator.config.rules import Mapping
from aggregator.model import Article, BrokenEntry, Entry, SourceKey, ZoneKnown
from aggregator.pipeline.dating import Said, date_of
from aggregator.pipeline.reading import raw_hash, read_line
from aggregator.store.deciding import Line

NOON = datetime(2025, 8, 14, 12, 0, tzinfo=UTC)
PLAIN = Source(key=SourceKey("a"), name="A", kind="feed", url="https://a.example/feed", family="a")
BRUSSELS = PLAIN.model_copy(update={"zone": ZoneInfo("Europe/Brussels")})
ENTRY = Entry(
    id="1",
    url="https://a.example/1",
    title="Talks",
    published=NOON,
    updated=None,
    published_written="14 Aug 2025 12:00 GMT",
    zone_known=ZoneKnown.OFFSET,
    html="<p>They talked.</p>",
)
PAGE = Article(title="Talks", text="They talked.", paragraphs=("They talked.",), published=None, language="en")


def entry(published: datetime | None, **more: object) -> Entry:
    return replace(ENTRY, published=published, **more)  # type: ignore[arg-type]  # any fields of an entry


def test_an_entry_is_dated_as_its_source_wrote_it() -> None:
    assert date_of(ENTRY, PLAIN, at=NOON) == Said(at=NOON, written="14 Aug 2025 12:00 GMT", known=ZoneKnown.OFFSET)


def test_an_entry_without_a_date_is_no_news() -> None:
    assert date_of(entry(None, published_written=""), PLAIN, at=NOON) == "no date"
    unread = entry(None, published_written="some day soon")
    assert date_of(unread, PLAIN, at=NOON) == "no date that can be read ('some day soon')"
    assert read_line(unread, PLAIN, at=NOON) == BrokenEntry(ref="1", reason="no date that can be read ('some day soon')")


def test_a_date_far_ahead_is_not_trusted() -> None:
    ahead = entry(NOON + timedelta(days=3, minutes=5), published_written="17 Aug 2025")
    assert date_of(ahead, PLAIN, at=NOON) == "dated 3 days ahead of when it was fetched ('17 Aug 2025')"
    soon = entry(NOON + timedelta(hours=30), published_written="15 Aug 2025 18:00")
    assert date_of(soon, PLAIN, at=NOON) == "dated 30 hours ahead of when it was fetched ('15 Aug 2025 18:00')"


def test_a_later_change_of_a_page_is_not_when_it_was_published() -> None:
    listed = entry(None, published_written="", updated=NOON, updated_written="2025-08-14T12:00:00Z")  # a plain sitemap
    page = replace(PAGE, published=NOON - timedelta(days=700), published_written="2023-09-14", zone_known=ZoneKnown.OFFSET)
    said = date_of(listed, PLAIN, page, at=NOON)
    assert isinstance(said, Said)
    assert said.written == "2023-09-14"
    alone = date_of(listed, PLAIN, at=NOON)
    assert isinstance(alone, Said)
    assert alone.at == NOON


@pytest.mark.parametrize("hours", [0, 1, 24])
def test_what_is_announced_for_tonight_is_kept(hours: int) -> None:
    said = date_of(entry(NOON + timedelta(hours=hours)), PLAIN, at=NOON)
    assert isinstance(said, Said)
    assert said.at == NOON + timedelta(hours=hours)


def test_an_entry_dated_far_ahead_is_kept_with_its_credible_time_of_change() -> None:
    ahead = entry(NOON + timedelta(days=9), updated=NOON, updated_written="2025-08-14T12:00:00Z")
    assert date_of(ahead, PLAIN, at=NOON) == Said(at=NOON, written="2025-08-14T12:00:00Z", known=ZoneKnown.OFFSET)
    both = replace(ahead, updated=NOON + timedelta(days=2))
    assert date_of(both, PLAIN, at=NOON) == "dated 9 days ahead of when it was fetched ('14 Aug 2025 12:00 GMT')"


def test_a_change_before_the_publication_moves_nothing() -> None:
    line = read_line(entry(NOON, updated=NOON - timedelta(hours=3), updated_written="09:00Z"), PLAIN, at=NOON)
    assert isinstance(line, Line)
    assert (line.said_at, line.updated_at, line.updated_written) == (NOON, NOON - timedelta(hours=3), "09:00Z")


def test_midnight_in_brussels_is_a_day() -> None:
    midnight = datetime(2025, 8, 13, 22, 0, tzinfo=UTC)
    said = date_of(entry(midnight), BRUSSELS, at=NOON)
    assert said == Said(at=midnight, written="14 Aug 2025 12:00 GMT", known=ZoneKnown.OFFSET, day="2025-08-14")
    for other in (date_of(entry(midnight), PLAIN, at=NOON), date_of(entry(midnight + timedelta(seconds=1)), BRUSSELS, at=NOON)):
        assert isinstance(other, Said)
        assert other.day == ""


@given(
    st.dates(date(2000, 1, 1), date(2025, 1, 1)),
    st.sampled_from(["Pacific/Honolulu", "America/New_York", "UTC", "Europe/Kyiv", "Asia/Kolkata", "Pacific/Auckland"]),
    st.sampled_from([ZoneKnown.OFFSET, ZoneKnown.PAGE, ZoneKnown.SOURCE]),
)
def test_a_day_is_that_of_its_source_however_its_zone_was_known(day: date, zone: str, known: ZoneKnown) -> None:
    first = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    source = PLAIN.model_copy(update={"zone": ZoneInfo(zone)})
    said = date_of(entry(first, day_only=True, zone_known=known), source, at=NOON)
    assert isinstance(said, Said)
    assert (said.at, said.day) == (first, day.isoformat())


def test_the_page_gives_the_minute_of_a_day() -> None:
    day = entry(datetime(2025, 8, 13, 22, 0, tzinfo=UTC), day_only=True, zone_known=ZoneKnown.SOURCE)
    page = replace(PAGE, published=NOON, published_written="14:00", zone_known=ZoneKnown.OFFSET)
    assert date_of(day, BRUSSELS, page, at=NOON) == Said(at=NOON, written="14:00", known=ZoneKnown.PAGE)
    for other in (
        replace(page, published=NOON + timedelta(days=1)),  # another day
        replace(page, published=NOON - timedelta(days=1)),
        replace(page, published=NOON - timedelta(hours=14), day_only=True),
    ):
        said = date_of(day, BRUSSELS, other, at=NOON + timedelta(days=1))
        assert isinstance(said, Said)
        assert said.day == "2025-08-14"


def test_the_page_gives_the_zone_that_a_time_lacks() -> None:
    bare = entry(NOON, zone_known=ZoneKnown.NONE)
    page = replace(PAGE, published=NOON - timedelta(hours=2), published_written="12:00 CEST", zone_known=ZoneKnown.OFFSET)
    assert date_of(bare, PLAIN, page, at=NOON) == Said(at=NOON - timedelta(hours=2), written="12:00 CEST", known=ZoneKnown.PAGE)
    far = date_of(bare, PLAIN, replace(page, published=NOON - timedelta(hours=20)), at=NOON)
    assert far == Said(at=NOON, written="14 Aug 2025 12:00 GMT", known=ZoneKnown.NONE)


def test_the_page_dates_what_its_listing_does_not() -> None:
    page = replace(PAGE, published=NOON, published_written="noon", zone_known=ZoneKnown.SOURCE)
    bare = entry(None, published_written="", zone_known=ZoneKnown.NONE)
    assert date_of(bare, BRUSSELS, page, at=NOON) == Said(at=NOON, written="noon", known=ZoneKnown.SOURCE)
    late = replace(page, published=NOON + timedelta(days=4))
    assert date_of(bare, BRUSSELS, late, at=NOON) == "dated 4 days ahead of when it was fetched ('noon')"


def test_a_page_that_is_listed_anew_at_each_change_keeps_its_own_date() -> None:
    first, written = NOON - timedelta(days=900), "2025-08-14T12:00:00Z"
    changed = entry(NOON, updated=NOON, published_written=written, updated_written=written)
    page = replace(PAGE, published=first, published_written="2023", zone_known=ZoneKnown.OFFSET)
    assert date_of(changed, PLAIN, page, at=NOON) == Said(at=first, written="2023", known=ZoneKnown.PAGE)
    line = read_line(changed, PLAIN, page, at=NOON)
    assert isinstance(line, Line)
    assert (line.said_at, line.updated_at) == (first, NOON)
    for other in (
        replace(page, published=NOON + timedelta(hours=1)),  # after the change
        replace(page, published=NOON - timedelta(hours=12), day_only=True),  # the same day, without the minute
    ):
        assert date_of(changed, PLAIN, other, at=NOON) == Said(at=NOON, written=written, known=ZoneKnown.OFFSET)
    own = entry(NOON, updated=NOON, updated_written=written)  # says also when it was published
    assert date_of(own, PLAIN, page, at=NOON) == Said(at=NOON, written="14 Aug 2025 12:00 GMT", known=ZoneKnown.OFFSET)


def test_the_heading_is_that_of_the_page_where_the_source_says_where_it_stands() -> None:
    page = replace(PAGE, title="The heading of the page")
    ruled = PLAIN.model_copy(update={"item": Item(article=ArticleRules(title="h1"))})
    mapped = PLAIN.model_copy(update={"item": Item(kind="json_api", mapping=Mapping(title="title"))})
    untitled = replace(page, title="")
    for source, own, title in (
        (PLAIN, page, "Talks"),
        (ruled, page, page.title),
        (mapped, page, page.title),
        (ruled, untitled, "Talks"),
        (ruled, None, "Talks"),
    ):
        line = read_line(ENTRY, source, own, at=NOON)
        assert isinstance(line, Line)
        assert line.title == title


def test_a_line_is_read_again_when_its_number_or_note_comes_to_be_known() -> None:
    for changed in (replace(ENTRY, reference="7"), replace(ENTRY, note="Updated."), replace(ENTRY, withdrawn="Withdrawn.")):
        assert raw_hash(changed) != raw_hash(ENTRY)
    assert raw_hash(ENTRY) == raw_hash(replace(ENTRY, updated=NOON))
