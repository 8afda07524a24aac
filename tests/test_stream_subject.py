"""A matter that goes on for days: other events and people each time, under titles on one subject."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.stories import StoryStream
from aggregator.stories.streaming.portrait import portrait

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# Two evening addresses of one speaker. All names are made up.
ASKED = (
    "Next week brings an answer on observer status for Ruritania - address by Rudolf Elphberg",
    (
        "Good evening. Today is the day of farmers, and I thank all who sow under fire. In Zenda our engineers have repaired "
        "the tracks. On observer status we shall hear from the Union within days. I also spoke with nurses in Strelsau."
    ),
)
GIVEN = (
    "Ruritania gained observer status, and it did not fall from the sky - address by Rudolf Elphberg",
    (
        "A country can climb a mountain of seven thousand metres and then see the next. Athletes, teachers and drivers have "
        "asked me what comes now. The Union has said yes. Hentzau is still cut off, and help is on its way there."
    ),
)
NAMED = ("A mountain of seven thousand metres, and then the next - address by Rudolf Elphberg", GIVEN[1])
TITLE_CASE = tuple(said[0].title() for said in (ASKED, GIVEN))


def odds(first: tuple[str, str], second: tuple[str, str], later: timedelta, language: str = "en") -> float:
    """Log-odds that the second text goes on with the story of the first."""
    stream = StoryStream()
    stream.add("first", *first, NOON, "en")
    stream.add("second", *second, NOON + later, language)
    return stream.why("second").odds


def test_days_later_titles_on_one_subject_are_of_one_story() -> None:
    stream = StoryStream()
    assert stream.add("asked", *ASKED, NOON, "en") == "asked"
    assert stream.add("given", *GIVEN, NOON + 2 * DAY, "en") == "asked"
    assert stream.add("elsewhere", *NAMED, NOON + 20 * DAY, "en") == "elsewhere"
    assert odds(ASKED, GIVEN, DAY) > odds(ASKED, NAMED, DAY) + 3


def test_on_one_day_two_words_tell_nothing_more_and_three_do() -> None:
    """Two robberies of one day are told in the same words of robberies."""
    assert odds(ASKED, GIVEN, HOUR) < odds(ASKED, GIVEN, DAY) - 3
    third = [(said[0].replace("status", "status and fishery"), said[1]) for said in (ASKED, GIVEN)]
    assert odds(third[0], third[1], HOUR) > odds(ASKED, GIVEN, HOUR) + 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(*((title, said[1]) for title, said in zip(TITLE_CASE, (ASKED, GIVEN), strict=True)), id="title case"),
        pytest.param(ASKED, (GIVEN[0].replace("observer", "special"), GIVEN[1]), id="one word"),
        pytest.param(
            (f"Phone call: {ASKED[0]}", ASKED[1]), (f"Phone call: {GIVEN[0]}", GIVEN[1]), id="calls, whose subject is a call"
        ),
    ],
)
def test_what_is_no_subject(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert odds(first, second, DAY) < odds(first, second, HOUR)


def test_words_of_two_languages_are_no_subject() -> None:
    assert odds(ASKED, GIVEN, DAY, "nl") < odds(ASKED, GIVEN, DAY) - 3


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Ruritania gained observer status", {"gain", "observ", "statu"}),
        ("Ruritania Gained Observer Status", set()),
        ("RURITANIA GAINED OBSERVER STATUS", set()),
        ("観察員の地位", set()),
        ("", set()),
    ],
)
def test_a_subject_is_of_small_words(title: str, subject: set[str]) -> None:
    assert portrait(title, GIVEN[1], at=0.0, language="en").subject == subject
