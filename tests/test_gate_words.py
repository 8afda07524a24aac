"""The citation gate by words and signs that a single line of it is there for."""

from __future__ import annotations

import pytest

from aggregator.model import Citation, RevisionId, Sentence
from aggregator.stories.gate import objection_to
from aggregator.stories.objections import Objection, Reason
from aggregator.stories.polarity import words_of
from aggregator.stories.spans import whole_sentences

ONE = RevisionId(1)


def objected(text: str, source: str) -> Objection | None:
    """What is wrong with a sentence that is cited from all of its source."""
    return objection_to(Sentence(text=text, citations=(Citation(revision=ONE, start=0, end=len(source)),)), {ONE: source})


def code(text: str, source: str) -> Reason | None:
    """Why it is refused."""
    found = objected(text, source)
    return None if found is None else found[0]


# Some words of each list, of each of its languages.
TURNING = {
    Reason.NEGATION: """without niemals jamais жодного refused doubts retracted hoax angeblich ложь нібито""",
    Reason.MODALITY: """should provided intends vielleicht möglicherweise peut возможно якщо""",
    Reason.COMPARISON: """almost around exceeded höchstens свыше""",
    Reason.UNIT: """hundreds kilometre miles litres megawatt gigawatt euro pounds milliards рублей гривень""",
}
SAYING = "adds called believes report former déclare ancien сообщил колишній"


@pytest.mark.parametrize(("reason", "words"), TURNING.items())
def test_a_word_that_turns_what_is_said_is_the_reason_wherever_it_is_put_or_left_out(reason: Reason, words: str) -> None:
    for word in words.split():
        assert (word, code(f"The army {word} left.", "The army left.")) == (word, reason)
        assert (word, code("The army left.", f"The army {word} left.")) == (word, reason)


def test_what_french_writes_in_one_is_two_words() -> None:
    assert words_of("n'est d'aucun l'autre aujourd'hui") == ["n", "est", "d", "aucun", "l", "autre", "aujourd'hui"]


def test_no_aside_is_left_out_in_which_somebody_speaks_or_what_is_said_may_turn() -> None:
    assert code("The army left.", "The army left (tired).") is None
    for word in f"{SAYING} {' '.join(words for reason, words in TURNING.items() if reason is not Reason.UNIT)}".split():
        assert (word, code("The army left.", f"The army left ({word}).") is None) == (word, False)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Президент зустрів 12 міністрів.", "Президент зустрів 12 міністрів, яких чекали."),
        ("The army left", "The army left (all of it)"),
        ("The army left", "The army left, which had come by train"),
        ("The army left.", "The army left, which."),
        ("The army never left.", "The army never left (all of it)."),
        ("The army never left.", "The army (all of it) never left."),
        ("“One” came. Two went.", '"One" came. Two went.'),  # all of a span, though it is more than one sentence
    ],
)
def test_what_says_the_same_passes(text: str, source: str) -> None:
    assert code(text, source) is None


@pytest.mark.parametrize(
    ("reason", "text", "source"),
    [
        (Reason.CUT, "aRMY left Kyiv.", "On Friday army left Kyiv."),
        (Reason.CUT, "The army left.", "The army left, the navy came."),
        (Reason.CUT, "The army left.", "The army, the navy, left."),
        (Reason.CUT, "In Kyiv, the army which came left.", "In Kyiv, the army, which came left."),
        (Reason.CUT, "The army left.", "The army left (in ‘peace’)."),
        (Reason.CUT, "The army left.", ", The army left."),
        (Reason.WORDING, "The army left.", "On Friday"),
        (Reason.CUT, "The army moved.", "The army moved on"),
        (Reason.FIGURE, "The army left in x3 :5y now.", "The army left in x3:5y now."),
        (Reason.FIGURE, "12 men left in b7b now.", "12 men left in b8b now."),
        (Reason.ADDRESS, "The army left for www.evil.xyz now.", "The army left for good now."),
        (Reason.ADDRESS, "The army left for http://evil now.", "The army left for good now."),
        (Reason.ADDRESS, "The army left for evil.COM now.", "The army left for good now."),
        (Reason.NAME, "“We win,” Patrenko said.", "Petrenko said: “We win.”"),
        (Reason.MARKUP, "The army left javascript:x now.", "The army left javascript:x now."),
        (Reason.MARKUP, "The army <B>left.", "The army <B>left."),
        (Reason.MARKUP, "The army <b\u0307>left.", "The army <b\u0307>left."),  # a sign that is another one when it is composed
    ],
)
def test_what_says_anything_else_is_refused(reason: Reason, text: str, source: str) -> None:
    assert code(text, source) == reason


def test_of_several_figures_one_is_named_always_the_same() -> None:
    assert objected("The army left b14b for b13b.", "The army left.") == (Reason.FIGURE, "the number 13 is not in its source")


@pytest.mark.parametrize("top", ["com", "org", "net", "gov", "eu", "ru", "ua", "info", "example"])
def test_an_address_is_one_without_a_scheme_too(top: str) -> None:
    assert code(f"The army left for evil.{top} now.", "The army left for good now.") == Reason.ADDRESS


@pytest.mark.parametrize(
    ("source", "part", "whole"),
    [
        ("He left!Who came?", "Who came?", True),
        ("The army of the north\n  left. Snow fell.", "left.", False),
        ("The ministers met in\nKyiv. Snow fell.", "Kyiv.", False),
    ],
)
def test_lines_are_sentences_unless_they_go_on(source: str, part: str, whole: bool) -> None:
    start = source.index(part)
    assert bool(whole_sentences(source, start, start + len(part))) is whole
