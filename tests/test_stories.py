"""Matching, settling, the digest, the citation gate, and what an edit does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import (
    Citation,
    Paragraph,
    RevisionId,
    Sentence,
    SourceKey,
    StatementId,
    StoryKey,
    Text,
)
from aggregator.store.deciding import Known, Verdict, decide
from aggregator.stories.digest import MOST_PARAGRAPHS, MOST_WORDS, digest
from aggregator.stories.gate import gate, why_refused
from aggregator.stories.matching import Seen, Wanted, why_it_matches
from aggregator.stories.objections import Reason
from aggregator.stories.revising import changed_sentences
from aggregator.stories.settling import Candidate, settled
from tests.conftest import NOON

ONE = RevisionId(1)
STORY = SimpleNamespace(title="Talks in Geneva", lead="Before the talks", terms=["talks"])


def a_text(text: str, key: int = 1) -> Text:
    return Text(key=RevisionId(key), title="T", text=text, published=NOON, language="en", source="Alpha")


def sentence(text: str, start: int, end: int) -> Sentence:
    return Sentence(text=text, citations=(Citation(revision=ONE, start=start, end=end),))


SOURCE = 'On 14 August the President said: "We will not yield." 12 ministers met in Kyiv. Prices rose 3.5%.'


@pytest.mark.parametrize(
    ("text", "span", "reason"),
    [
        ("12 ministers met in Kyiv.", (54, 80), None),
        ("13 ministers met in Kyiv.", (54, 80), "the number 13 is not in its source"),
        ("12 ministers met in Lviv.", (54, 80), "the name Lviv is not in its source"),
        ("12 ministers met in Kyiv.", (80, len(SOURCE)), "the number 12 is not in its source"),
        ('The President said "We will yield at last" in Kyiv.', (0, len(SOURCE)), "a quotation is not in its source"),
        ("The President said: “We will not yield.”", (0, 53), None),
        ("Prices rose 3.5%.", (80, len(SOURCE)), None),
        ("Prices rose 35%.", (80, len(SOURCE)), "the number 35 is not in its source"),
        ("12 ministers met in Kyiv.", (54, 5000), f"its span 54–5000 lies outside revision {ONE}"),
        ("12 ministers met in Kyiv.", (80, 54), f"its span 80–54 lies outside revision {ONE}"),
        ("12 ministers met in Kyiv.", (-1, 80), f"its span -1–80 lies outside revision {ONE}"),
        (" ", (54, 80), "nothing said"),
    ],
)
def test_the_gate(text: str, span: tuple[int, int], reason: str | None) -> None:
    assert why_refused(sentence(text, *span), {ONE: SOURCE}) == reason


def test_the_gate_lets_nothing_through_without_a_stored_citation() -> None:
    assert why_refused(Sentence(text="Kyiv.", citations=()), {ONE: SOURCE}) == "no citation"
    assert why_refused(sentence("Kyiv.", 0, 5), {}) == "revision 1 is not stored"


def test_the_gate_counts_what_it_refuses_and_keeps_the_rest() -> None:
    good, bad = sentence("12 ministers met in Kyiv.", 54, 80), sentence("99 ministers met.", 54, 80)
    passed = gate([Paragraph(sentences=(good, bad)), Paragraph(sentences=(bad,))], {ONE: SOURCE})
    assert passed.paragraphs == (Paragraph(sentences=(good,)),)
    assert len(passed.refused) == 2


LONG = "\n\n".join(
    f"Paragraph {n} says that the talks of round {n} went on for {n + 3} hours. "
    f"Delegates from district {n * 7} spoke about the crossing number {n + 50} near the river. "
    f"Observer group {n + 200} wrote a note on page {n + 300} about the weather of the day."
    for n in range(30)
)


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"]), max_size=400)
    | st.lists(st.sampled_from(LONG.split(". ")), max_size=20).map(". ".join)
)
def test_a_digest_quotes_its_source_and_passes_the_gate(text: str) -> None:
    paragraphs = digest([a_text(text)], story=STORY, earlier=[])
    refused = {one.code for one in gate(paragraphs, {ONE: text}).refused}
    assert refused <= {Reason.HIDDEN, Reason.MARKUP, Reason.CUT}  # by the signs of a text, or a line that the next one ends
    for paragraph in paragraphs:
        for told in paragraph.sentences:
            (cited,) = told.citations
            assert told.text == " ".join(text[cited.start : cited.end].split())


def test_a_long_statement_is_told_in_three_paragraphs() -> None:
    paragraphs = digest([a_text(LONG)], story=STORY, earlier=[])
    count = sum(len(paragraph.text.split()) for paragraph in paragraphs)
    assert len(paragraphs) == MOST_PARAGRAPHS
    assert 90 <= count <= MOST_WORDS
    places = [s.citations[0].start for p in paragraphs for s in p.sentences]
    assert places == sorted(places)


def test_a_short_statement_is_given_whole() -> None:
    text = "The talks begin on Monday.\n\nThey end on Friday."
    assert [p.text for p in digest([a_text(text)], story=STORY, earlier=[])] == text.split("\n\n")


def test_what_was_told_is_not_told_again_unless_a_figure_moved() -> None:
    old = "The talks begin at 10 in the large hall of the palace."
    assert digest([a_text(old)], story=STORY, earlier=[old]) == []
    assert len(digest([a_text(old.replace("10", "11"))], story=STORY, earlier=[old])) == 1


@pytest.mark.parametrize("text", ["", " \n\n ", "…", "—", "<script>alert(1)</script> and more of it"])
def test_nothing_sayable_gives_no_paragraph(text: str) -> None:
    assert digest([a_text(text)], story=STORY, earlier=[]) == []


def candidate(ident: int, said: int, seen: int, settle: int = 10) -> Candidate:
    at = NOON + timedelta(minutes=seen)
    return Candidate(
        id=ident,
        story=StoryKey("s"),
        statement=StatementId(ident),
        revision=RevisionId(ident),
        said_at=NOON + timedelta(minutes=said),
        seen_at=at,
        settles_at=at + timedelta(minutes=settle),
    )


def ids(waiting: list[Candidate], minutes: int) -> list[int]:
    return [one.id for one in settled(waiting, now=NOON + timedelta(minutes=minutes))]


def test_candidates_settle_in_the_order_in_which_they_were_said() -> None:
    waiting = [candidate(1, said=5, seen=6), candidate(2, said=2, seen=7), candidate(3, said=4, seen=8)]
    assert ids(waiting, 15) == []
    assert ids(waiting, 16) == []  # 1 is ready, but 2 and 3 were said earlier and are on their way
    assert ids(waiting, 17) == [2]
    assert ids(waiting, 18) == [2, 3, 1]


def test_what_is_seen_as_another_gets_ready_still_goes_first() -> None:
    waiting = [candidate(1, said=5, seen=0), candidate(2, said=1, seen=10)]
    assert ids(waiting, 10) == []
    assert ids(waiting, 20) == [2, 1]


def test_what_is_seen_after_another_was_ready_is_late() -> None:
    assert ids([candidate(1, said=5, seen=0), candidate(2, said=1, seen=11)], 11) == [1]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=12), st.integers(0, 200))
def test_nothing_waits_longer_than_twice_its_time(times: list[tuple[int, int]], minutes: int) -> None:
    waiting = [candidate(n, said, seen) for n, (said, seen) in enumerate(times)]
    now = NOON + timedelta(minutes=minutes)
    out = settled([one for one in waiting if one.seen_at <= now], now=now)
    assert all(one.settles_at <= now for one in out)
    assert {one.id for one in waiting if one.seen_at + timedelta(minutes=20) <= now} <= {one.id for one in out}
    assert [one.said_at for one in out] == sorted(one.said_at for one in out)


def seen(title: str, text: str = "", *, source: str = "a", at: datetime = NOON) -> Seen:
    return Seen(statement=StatementId(1), revision=ONE, source=SourceKey(source), title=title, text=text, said_at=at)


WANTED = Wanted(terms=("Trump Putin", "Alaska"), sources=(), start=NOON, end=NOON + timedelta(days=1))


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (seen("Putin", "met TRUMP"), "Trump Putin"),
        (seen("On to Alaska"), "Alaska"),
        (seen("Trumpet and Putin"), None),
        (seen("Alaskan crude"), None),
        (seen("Alaska", at=NOON - timedelta(seconds=1)), None),
        (seen("Alaska", at=NOON + timedelta(days=1)), None),
        (seen("Alaska", at=NOON), "Alaska"),
    ],
)
def test_a_term_matches_when_all_its_words_stand_there(one: Seen, why: str | None) -> None:
    assert why_it_matches(WANTED, one) == why


def test_a_story_may_follow_some_sources_only() -> None:
    wanted = Wanted(terms=("Alaska",), sources=(SourceKey("b"),), start=NOON, end=None)
    assert why_it_matches(wanted, seen("Alaska")) is None
    assert why_it_matches(wanted, seen("Alaska", source="b")) == "Alaska"


OLD = "The meeting starts at 11:00 in Anchorage. Three ministers attend it. It is closed to the press."


def edits(new: str) -> list[tuple[str, str | None]]:
    published = [s for p in digest([a_text(OLD)], story=STORY, earlier=[]) for s in p.sentences]
    found = changed_sentences(published, a_text(new, 2))
    return [(change.before.text, change.after.text if change.after else None) for change in found]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("11:00", "11:30"), [("The meeting starts at 11:00 in Anchorage.", "The meeting starts at 11:30 in Anchorage.")]),
        (("Three", "Four"), [("Three ministers attend it.", "Four ministers attend it.")]),
        ((" It is closed to the press.", ""), [("It is closed to the press.", None)]),
        (("is closed", "is not closed"), [("It is closed to the press.", "It is not closed to the press.")]),
        (
            ("Anchorage", "Fairbanks"),
            [("The meeting starts at 11:00 in Anchorage.", "The meeting starts at 11:00 in Fairbanks.")],
        ),
        (("ministers", "ministres"), []),  # a typing error
        (("attend", "unattend"), [("Three ministers attend it.", "Three ministers unattend it.")]),  # no typing error
        (("meeting  starts", "meeting\u00a0starts"), []),
        (("press.", "press. A statement follows."), []),
        (("The meeting", "Update: The meeting"), []),
    ],
)
def test_an_edit_of_substance_is_told_from_the_rest(change: tuple[str, str], found: list[tuple[str, str | None]]) -> None:
    assert edits(OLD.replace(*change)) == found


HOUR = timedelta(hours=1)


def known(**changed: object) -> Known:
    values: dict[str, object] = {
        "statement": StatementId(1), "listed": True, "same_source": True, "mirrors": True,
        "fingerprints": frozenset({"old", "now"}), "current": "now", "current_built": NOON,
    }  # fmt: skip
    return Known(**{**values, **changed})  # type: ignore[arg-type]  # a test that sets one field at a time


@pytest.mark.parametrize(
    ("what", "fingerprint", "built", "newest", "verdict"),
    [
        (None, "x", None, None, Verdict.NEW),
        (known(), "now", NOON, NOON, Verdict.UNCHANGED),
        (known(), "next", NOON, NOON, Verdict.REVISED),
        (known(), "next", None, None, Verdict.REVISED),
        (known(), "next", NOON - HOUR, NOON, Verdict.DROPPED),  # another text in an older copy
        (known(), "old", NOON - HOUR, NOON, Verdict.UNCHANGED),  # an older copy undoes nothing
        (known(), "old", NOON, NOON, Verdict.UNCHANGED),  # nor does one that does not say that it is newer
        (known(), "old", None, None, Verdict.UNCHANGED),
        (known(), "old", NOON + HOUR, NOON, Verdict.REVISED),  # edited back
        (known(), "old", NOON + HOUR, NOON + 2 * HOUR, Verdict.UNCHANGED),  # newer than the edit, but not the newest copy
        (known(listed=False, same_source=False), "now", NOON, NOON, Verdict.DUPLICATE),
        (known(listed=False, same_source=False), "summary", NOON, NOON, Verdict.DUPLICATE),
        (known(mirrors=False), "other summary", NOON, NOON, Verdict.UNCHANGED),
        (known(listed=False), "next", NOON, NOON, Verdict.REVISED),  # the id was made anew
        (known(listed=False), "now", NOON, NOON, Verdict.DUPLICATE),
    ],
)
def test_what_becomes_of_a_line(
    what: Known | None, fingerprint: str, built: datetime | None, newest: datetime | None, verdict: Verdict
) -> None:
    assert decide(what, fingerprint, built=built, newest_built=newest).verdict is verdict


@pytest.mark.parametrize(
    ("day", "taken"), [("2025-08-13", False), ("2025-08-14", True), ("2025-08-15", True), ("2025-08-16", False)]
)
def test_a_day_alone_belongs_to_a_window_that_holds_some_of_it(day: str, taken: bool) -> None:
    start = datetime(2025, 8, 14, tzinfo=UTC)
    wanted = Wanted(terms=("talks",), sources=(), start=start + timedelta(hours=5), end=start + timedelta(days=2))
    first = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(hours=2)  # by the calendar of Paris
    one = replace(seen("Talks"), said_at=first, said_day=day)
    assert (why_it_matches(wanted, one) == "talks") is taken
