"""The reason line of an update: one sentence, by rule, with nothing in it that the texts do not hold."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Replaced, UpdateKind
from aggregator.stories import reasons
from aggregator.stories.reasons import Spoken, correction_line, late_words, shortened
from tests.conftest import NOON


def put(before: str, after: str, number: int = 2, paragraph: int = 1) -> Replaced:
    return Replaced(number=number, paragraph=paragraph, position=1, before=before, after=after)


TIME = put("The meeting starts at 11:00 in Anchorage.", "The meeting starts at 11:30 in Anchorage.")
CLOSED = put("It is closed to the press.", "")
MEASURES = put("They agreed on 12 measures.", "They agreed on 13 measures.")
SHARE = put("Prices rose by 5%.", "Prices rose by 6%.")
WORDS = put("The embargo remains in force until further notice.", "The embargo ended.")


@pytest.mark.parametrize(
    ("replaced", "line"),
    [
        ([TIME], "Corrects the time in Update.2: 11:30, not 11:00."),
        ([MEASURES], "Corrects the number in Update.2: 13, not 12."),
        ([SHARE], "Corrects the percentage in Update.2: 6%, not 5%."),
        (
            [put("It begins on 14 August 2025.", "It begins on 15 August 2025.")],
            "Corrects the date in Update.2: 15 August 2025, not 14 August 2025.",
        ),
        ([put("They meet on Monday.", "They meet on Tuesday.")], "Corrects the weekday in Update.2: Tuesday, not Monday."),
        (
            [put("It costs $12 million.", "It costs $21 million.")],
            "Corrects the sum in Update.2: $21 million, not $12 million.",
        ),
        (
            [put("The 12th package is in force.", "The 13th package is in force.")],
            "Corrects the number in Update.2: 13th, not 12th.",
        ),
        ([put("They agreed on 12 tons.", "They agreed on €12 tons.")], "Corrects the figure in Update.2: €12, not 12."),
        (
            [put("Half of the houses stand.", "A third of the houses stand.")],
            "Corrects the figure in Update.2: A third, not Half.",
        ),
        (
            [put("Chancellor Scholz met the President.", "Chancellor Merz met the President.", paragraph=3)],
            "Corrects the name in Update.2, paragraph 3: Merz, not Scholz.",
        ),
        (
            [put("They come from Nigeria, Macedonia, Palau.", "They come from Nigeria, North Macedonia, Palau.")],
            "Corrects the name in Update.2: North Macedonia, not Macedonia.",
        ),
        (
            [TIME, put("We end at 11:00.", "We end at 11:30.", 4)],
            "Corrects the time in Update.2 and Update.4: 11:30, not 11:00.",
        ),
        ([put("It is open.", "It is not open.")], "Corrects Update.2: Alpha put in “not”: “is not open”."),
        ([put("It is not open.", "It is open.")], "Corrects Update.2: Alpha took out “not”: “is open”."),
        ([put("We can accept it.", "We can't accept it.")], "Corrects Update.2: Alpha put in “can't”."),
        ([put("Он прибыл вчера.", "Он не прибыл вчера.")], "Corrects Update.2: Alpha put in “не”: “Он не прибыл”."),
        ([put("It never was.", "It no was.")], "Corrects Update.2: Alpha says “no” where it said “never”."),
        ([CLOSED], "Corrects Update.2: Alpha took out “It is closed to the press”."),
        (
            [WORDS],
            "Corrects Update.2: Alpha says “ended” where it said “remains in force until further notice”.",
        ),
        (
            [put("The meeting starts at 11:00 in the hall.", "The meeting will be opened at 11:30 by her in the hall.")],
            "Corrects the time in Update.2 (11:30, not 11:00) and words beside it.",
        ),
        (
            [put("It is at 11:00.", "It is not at 11:30.")],
            "Corrects the time in Update.2 (11:30, not 11:00); Alpha put in “not”.",
        ),
        ([TIME, MEASURES], "Corrects two figures in Update.2."),
        ([MEASURES, put("They met 4 men.", "They met 5 men.")], "Corrects two numbers in Update.2."),
        ([TIME, MEASURES, CLOSED], "Corrects two figures in Update.2 and takes out a sentence."),
        ([CLOSED, put("So it is said.", "")], "Corrects Update.2: Alpha took out two sentences."),
        ([WORDS, CLOSED], "Corrects the wording of a sentence in Update.2 and takes out a sentence."),
        (
            [put("One here is said.", "Another there was meant.", n) for n in range(1, 8)],
            "Corrects the wording of seven sentences in Update.1, Update.2, Update.3 and 4 more updates.",
        ),
    ],
)
def test_a_correction_says_what_it_corrects(replaced: list[Replaced], line: str) -> None:
    parted = [one.number for one in replaced if one.paragraph > 1]
    assert correction_line(replaced, source="Alpha", parted=parted) == line


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (reasons.first_line("Alpha", "Talks"), "First statement, by Alpha: “Talks”."),
        (reasons.first_line("Alpha", " "), "First statement, by Alpha."),
        (reasons.adds_line("Alpha", "Talks"), "Adds a statement by Alpha: “Talks”."),
        (
            reasons.adds_line("Alpha", "On “grain”", late="said on 1 May at 10:30 UTC, before Update.3"),
            "Adds a statement by Alpha: “On ‘grain’”, said on 1 May at 10:30 UTC, before Update.3.",
        ),
        (
            reasons.more_line("Alpha", "Talks", number=2),
            "Adds to Update.2 what Alpha has put into its statement since: “Talks”.",
        ),
        (
            reasons.gone_line("Alpha", [1], seen="its page was seen gone 3 times"),
            "Alpha no longer has what Update.1 tells: its page was seen gone 3 times.",
        ),
        (reasons.taken_back_line("Alpha", [2]), "Alpha took back what Update.2 tells."),
        (reasons.taken_back_line("Alpha", [2, 4]), "Alpha took back what Update.2 and Update.4 tell."),
        (reasons.taken_back_line("Alpha", [2], words="It was wrong."), "Alpha took back what Update.2 tells: “It was wrong.”"),
        (reasons.taken_back_line("Alpha", [2], words="It was wrong"), "Alpha took back what Update.2 tells: “It was wrong”."),
        (reasons.desk_withdraws_line(2, why="a hoax."), "The desk withdraws Update.2: a hoax."),
        (
            reasons.desk_corrects_line(2, paragraph=1, why="<b>wrong</b> name"),
            "The desk corrects Update.2, paragraph 1: wrong name.",
        ),
        (
            reasons.desk_corrects_line(2, paragraph=1, removed=2, why="A mix-up!"),
            "The desk takes two sentences out of Update.2, paragraph 1: A mix-up!",
        ),
    ],
)
def test_the_other_lines(line: str, said: str) -> None:
    assert line == said


def spoken(hours: float, number: int, kind: UpdateKind = UpdateKind.ADDS, *, day_only: bool = False) -> Spoken:
    return Spoken(number=number, kind=kind, at=NOON + timedelta(hours=hours), day_only=day_only)


@pytest.mark.parametrize(
    ("said", "others", "words"),
    [
        (spoken(0, 0), [], ""),
        (spoken(0, 0), [spoken(-1, 1), spoken(0, 2)], ""),
        (spoken(0, 0), [spoken(2, 1), spoken(1, 2)], "said on 14 August at 12:00 UTC, before Update.2"),
        (spoken(0, 0), [spoken(1, 1, UpdateKind.CORRECTED), spoken(1, 2, UpdateKind.WITHDRAWN)], ""),
        (spoken(-24 * 300, 0), [spoken(0, 1)], "said on 18 October 2024 at 12:00 UTC, before Update.1"),
        (spoken(0, 0, day_only=True), [spoken(1, 1)], ""),  # of the same day: nobody knows which came first
        (spoken(-14, 0, day_only=True), [spoken(24, 1)], "said on 14 August, before Update.1"),
    ],
)
def test_what_comes_late_says_when_it_was_said(said: Spoken, others: list[Spoken], words: str) -> None:
    assert late_words(said, others) == words


def test_a_title_is_cut_at_a_word_and_holds_no_markup() -> None:
    assert shortened("<script>x</script> A < B \u202e\u200bc\x00d\n e", 100) == "x A B cd e"
    assert shortened("one two three", 9) == "one two …"
    assert shortened("x" * 30, 9) == f"{'x' * 9} …"
    assert shortened("</b", 9) == "/b"


SAID = st.text(max_size=60) | st.sampled_from([TIME.before, TIME.after, CLOSED.before, WORDS.before, "No, not 12%.", "€5"])


@given(
    st.lists(st.builds(put, SAID, SAID, st.integers(1, 99), st.integers(1, 3)), min_size=1, max_size=6),
    st.text(max_size=400),
)
def test_no_line_is_long_or_holds_what_nobody_sees(replaced: list[Replaced], title: str) -> None:
    parted = {one.number for one in replaced}
    for line in (correction_line(replaced, source="Alpha", parted=parted), reasons.adds_line("Alpha", title)):
        assert line.endswith(".")
        assert len(line) < 400
        assert "<" not in line
        assert not [sign for sign in line if unicodedata.category(sign)[0] == "C"]


def test_a_long_sentence_is_read_in_bounded_time() -> None:
    long = "word 12 not Kyiv " * 200_000
    line = correction_line([put(long, f"{long} 13"), put(f"x{long}", "")], source="Alpha")
    assert len(line) < 400


def test_a_day_is_named_by_the_calendar_of_its_source() -> None:
    moscow = datetime(2025, 8, 13, 21, tzinfo=UTC)  # the first moment of 14 August there
    assert late_words(Spoken(number=0, kind=UpdateKind.ADDS, at=moscow, day_only=True), [spoken(48, 1)]).startswith(
        "said on 14 August,"
    )
