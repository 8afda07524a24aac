"""What texts count, and how many: two look-alike events are told in the same words, and counted otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.stories import StoryStream
from aggregator.stories.streaming.portrait import portrait

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# A ferry that ran aground, told with other counts. All names are made up. The counts stand below what is read as the lead.
FERRY = (
    "The ferry Gudrun ran aground off Ostholm on her way from Vestby. The harbour master of Ostholm said that nobody was hurt, "
    "and that tugs were on their way. The shipping company Nordlinie regretted the delay. The wind had been strong since the "
    "morning, and the coast guard had warned of the shoals off Ostholm, which many have met in the dark months. The ferry "
    "Gudrun is to be towed to the yard of Vestby. On board were {} passengers and {} lorries, said Nordlinie."
)


def told_after(first: str, second: str, later: timedelta = HOUR) -> StoryStream:
    """A stream with two texts."""
    stream = StoryStream()
    stream.add("first", "Ferry aground off Ostholm", first, NOON, "en")
    stream.add("second", "Ostholm: ferry Gudrun aground", second, NOON + later, "en")
    return stream


def test_other_counts_tell_against_and_one_that_is_the_same_does_not() -> None:
    other, same, one = (
        told_after(FERRY.format(212, 14), FERRY.format(*counts)).why("second") for counts in ((87, 31), (212, 14), (212, 31))
    )
    assert other.against == ("31, 87 and not 14, 212",)
    assert same.against == one.against == ()
    assert other.odds < one.odds <= same.odds


def test_what_is_told_later_counts_other_things() -> None:
    assert told_after(FERRY.format(212, 14), FERRY.format(87, 31), DAY).why("second").against == ()


@pytest.mark.parametrize(
    ("text", "language", "counted"),
    [
        ("288 candidates stood for 125 seats.", "en", {"288 candidat", "125 seat"}),
        ("A 5.6-magnitude quake, 60km deep, felt by 1,200 people", "en", {"5.6 magnitud", "60", "1200 peopl"}),
        ("Rings worth $85 million; 9 of them were found by 5 p.m.", "en", {"85 mill"}),
        ("In 2013 elections, on 24 February and 15 Dec. 2014", "en", set()),
        ("Le 24 février, 39 députés", "fr", {"39 depute"}),
        ("24 лютого, 39 депутатів", "uk", {"39 депута"}),
        ("No figures", "en", set()),
        (" ".join(map(str, range(100, 999))), "en", {str(number) for number in range(100, 200)}),
        ("1" * 2_000, "en", {"1" * 40}),
    ],
)
def test_what_a_text_counts(text: str, language: str, counted: set[str]) -> None:
    assert portrait("", text, at=0.0, language=language).counted == counted
