"""Terms and what they find: words, phrases, alternatives, beginnings, forms; none of, lanes, the score; reasons in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config.terms import read_term
from aggregator.model import Lane, RevisionId, SourceKey, StatementId
from aggregator.stories.explaining import judge
from aggregator.stories.matching import Match, Matcher, Seen, Wanted, match
from tests.conftest import NOON

ANCHORAGE = "On 15 August the presidents of Russia and the United States meet in Anchorage, Alaska."


def seen(title: str, text: str = "", language: str = "en", **more: Any) -> Seen:
    known: dict[str, Any] = {"statement": StatementId(1), "revision": RevisionId(1), "source": SourceKey("a"), "said_at": NOON}
    return Seen(**{**known, "title": title, "text": text, "language": language, **more})


def wanted(*terms: str, **more: Any) -> Wanted:
    known: dict[str, Any] = {"sources": (), "start": NOON - timedelta(days=3), "end": NOON + timedelta(days=3), "forms": True}
    return Wanted(terms=terms, **{**known, **more})


def found(term: str, title: str, text: str = "", language: str = "en", **more: Any) -> bool:
    return match(wanted(term, **more), seen(title, text, language)) is not None


@pytest.mark.parametrize(
    ("term", "text", "there"),
    [
        ('"Security Council"', "The Security Council met.", True),
        ('"Security Council"', "A council for security", False),
        ('"Security Council"', "Security. Council.", True),  # side by side as words: what stands between is no word
        ("“Security Council”", "The Council on Security", False),
        ("«Совет безопасности»", "На Совете Безопасности", True),
        ('"Security Council" Geneva', "In Geneva the Security Council", True),
        ('"Security Council" Geneva', "In Paris the Security Council", False),
        ('"peace talk*"', "of peace talking", True),
        ('"Alaska"', "Alaska's governor", True),
        ('="Alaska"', "Alaska's governor", False),
        ('"a a b"', "a a a b", True),  # a run may begin within another one
        ("sanction*", "They are sanctioning banks.", True),
        ("sanction*", "Sanctity", False),
        ("Trump|Biden Putin", "Biden and Putin", True),
        ("Trump | Biden Putin", "Biden and Xi", False),
        ('"Security Council"|UNSC', "the UNSC", True),
        ('UNSC|"Security Council" vote', "The Security Council votes", True),
        ("Trump-Putin", "Putin and Trump", True),  # as it always was: two words
        ("AT & T", "T at", True),
        ("=Poles", "Poles", True),
        ("=Pole", "Poles", False),
        ("Pole", "Poles", True),
        ("北京", "会议在北京举行", True),
        ('"北京 会议"', "北京会议", False),
        ("ประชุม", "การประชุมสุดยอด", True),
        ("दिल्ली", "नई दिल्ली में", True),
        ("दिल्ली", "द ल ल", False),
    ],
)
def test_what_a_term_finds(term: str, text: str, there: bool) -> None:
    assert found(term, "", text) is there
    assert found(term, text) is there


@pytest.mark.parametrize(
    ("term", "text", "language", "there"),
    [
        ("sanction", "New sanctions", "en", True),
        ("sanctions", "a sanction", "en", True),
        ("rights", "right", "en", False),  # another word
        ("Hamas", "the city of Hama", "en", False),
        ("news", "new", "en", False),
        ("Russia", "Russia’s army", "en", True),
        ("Russia", "Russia's army", "", True),
        ("Alaska", "Alaskan crude", "en", False),
        ("country", "countries", "en-GB", True),
        ("UN", "the UN's envoy", "en", True),
        ("NATO", "natos", "en", False),  # an abbreviation has no plural
        ("Alaska", "Alaskan", "de", True),
        ("Sanktion", "Sanktionen", "de", True),
        ("Ukraine", "la guerre d’Ukraine", "fr", True),
        ("Ucraina", "la guerra dell'Ucraina", "it", True),
        ("negociación", "negociaciones", "es", True),
        ("Путин", "с Путиным", "ru", True),
        ("Путин", "встреча Путина", "", True),
        ("Путин", "мастер путинга", "ru", False),
        ("Лавров", "Лаврову и Лавровым", "ru", True),
        ("Россия", "в России", "ru", True),
        ("Кремль", "из Кремля", "ru", True),
        ("переговоры", "на переговорах", "ru", True),
        ("Зеленский", "Зеленскому", "ru", True),
        ("Зеленський", "Зеленським", "uk", True),
        ("Україна", "Україною", "uk", True),
        ("санкції", "санкцій", "uk", True),
        ("Королев", "Королёва", "ru", True),
        ("Alaska", "Аляска", "ru", False),  # what is not written is not guessed
        ("Putin", "Putinowi", "pl", True),
        ("Putin", "putinowi", "xx", False),  # nothing is known of the language
    ],
)
def test_a_word_is_found_in_the_forms_of_the_statement_s_language(term: str, text: str, language: str, there: bool) -> None:
    assert found(term, "", text, language) is there
    assert not found(term, "", text, language, forms=False) or term.casefold() in text.casefold()


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("", "write at least one word"),
        ("… —", "write at least one word"),
        ('""', "there is no word between the quotation marks"),
        ('"Security Council', 'a quotation mark is not closed: "'),
        ("a|", "on both sides of |"),
        ("|a", "on both sides of |"),
        ("a||b", "on both sides of |"),
        ("sanc*tion", "a * stands at the end of a word"),
        ("*", "at least 2 letters before a *"),
        ("s*", "at least 2 letters before a *"),
    ],
)
def test_a_term_that_asks_for_nothing_is_refused_with_a_sentence(term: str, said: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        read_term(term)
    assert said in str(error.value)


def test_none_of_leaves_out_what_meets_a_term() -> None:
    story = wanted("Alaska", none=("hockey", '"oil prices"'))
    assert match(story, seen("Alaska")) is not None
    assert match(story, seen("Alaska", "A hockey team")) is None
    assert match(story, seen("Alaska", "prices of oil")) is not None
    assert match(story, seen("Alaska", "oil prices")) is None


def test_lanes_are_those_of_the_sources() -> None:
    story = wanted("Alaska", lanes=(Lane.PRIMARY,), lane_of={SourceKey("a"): Lane.PRIMARY, SourceKey("b"): Lane.REPORTING})
    assert match(story, seen("Alaska")) is not None
    assert match(story, seen("Alaska", source=SourceKey("b"))) is None
    assert match(story, seen("Alaska", source=SourceKey("gone"))) is None


@pytest.mark.parametrize(
    ("title", "text", "score"),
    [
        ("Alaska", "", 2),
        ("", "Alaska", 1),
        ("Alaska", "Alaska", 2),
        ("Putin", "Trump", 1),
        ("Putin and Trump in Alaska", "", 4),
        ("Alaska", "Trump called Putin.", 3),
    ],
)
def test_a_term_counts_one_and_in_the_title_two(title: str, text: str, score: int) -> None:
    story = wanted("Alaska", "Trump Putin", "Alaska")  # said twice, counted once
    one = match(story, seen(title, text))
    assert one is not None
    assert one.score == score
    assert match(replace(story, min_score=score), seen(title, text)) == one
    assert match(replace(story, min_score=score + 1), seen(title, text)) is None


@pytest.mark.parametrize(
    ("terms", "one", "why"),
    [
        (["Alaska"], seen("On to ALASKA"), "“ALASKA” in the title"),
        (["Trump Putin"], seen("Putin travels", "Trump waits."), "“Trump” in the text and “Putin” in the title"),
        (["Alaska", "Anchorage"], seen("Alaska", ANCHORAGE), "“Alaska” in the title; “Anchorage” in the text"),
        (["Путин"], seen("", "с Путиным", "ru"), "“Путиным” (Путин) in the text"),
        (["sanction*"], seen("Sanctioned"), "“Sanctioned” (sanction*) in the title"),
        (['"security council"'], seen("The UN\nSecurity  Council"), "“Security Council” in the title"),
        ([f"w{n}" for n in range(7)], seen(" ".join(f"w{n}" for n in range(7))), "; and 2 more of its terms"),
    ],
)
def test_a_match_says_which_words_it_found_and_where(terms: list[str], one: Seen, why: str) -> None:
    matched = match(wanted(*terms), one)
    assert matched is not None
    assert str(matched) == why or (why.startswith(";") and str(matched).endswith(why))


@pytest.mark.parametrize(
    ("story", "one", "against"),
    [
        (
            wanted("Alaska"),
            seen("Alaska", said_at=NOON + timedelta(days=6)),
            ["said 2025-08-20 12:00 UTC, 3 days after the window ends (2025-08-17)"],
        ),
        (
            wanted("Alaska"),
            seen("Alaska", said_at=NOON - timedelta(days=3, hours=2)),
            ["said 2025-08-11 10:00 UTC, 2 hours before the window begins (2025-08-11)"],
        ),
        (
            wanted("Alaska"),
            seen("Alaska", said_at=NOON, said_day="2025-08-18"),
            ["said 2025-08-18, 12 hours after the window ends (2025-08-17)"],
        ),
        (
            wanted("Alaska", sources=("b", "c")),
            seen("Alaska"),
            ["its source a is not among those that the story follows: b, c"],
        ),
        (
            wanted("Alaska", lanes=(Lane.PRIMARY,), lane_of={"a": Lane.REPORTING}),
            seen("Alaska"),
            ["its source a is in the lane reporting; the story follows primary"],
        ),
        (
            wanted("Alaska", "Trump Putin"),
            seen("Trump"),
            ["nearest to the term 'Trump Putin': has “Trump” but not “Putin”"],
        ),
        (
            wanted("Trump Zelenskyy|Зеленский"),
            seen("trump"),
            ["nearest to the term 'Trump Zelenskyy|Зеленский': has “trump” but not “Zelenskyy” or “Зеленский”"],
        ),
        (wanted("Alaska"), seen("Oslo"), ["none of its terms' words stands in it"]),
        (
            wanted("Alaska"),
            seen("Alaskan crude"),
            ["none of its terms' words stands in it: “Alaskan” in the title is no form of “Alaska”"],
        ),
        (
            wanted('"Security Council"'),
            seen("Council on Security"),
            ["none of its terms' words stands in it: the words of “Security Council” stand apart in it"],
        ),
        (wanted("Alaska", none=("hockey",)), seen("Alaska", "Hockey"), ["left out by `none`: “Hockey” in the text"]),
        (wanted("Alaska", "x", min_score=2), seen("", "Alaska"), ["it scores 1, below min_score = 2: “Alaska” in the text"]),
    ],
)
def test_what_stands_in_the_way_is_told(story: Wanted, one: Seen, against: list[str]) -> None:
    judgement = judge(story, Matcher(one))
    assert judgement.match is None
    assert list(judgement.against) == against


def test_all_that_stands_in_the_way_is_told() -> None:
    story = wanted("Alaska", sources=("b",), none=("hockey",), end=NOON - timedelta(days=1))
    assert len(judge(story, Matcher(seen("hockey"))).against) == 4


WORDS = st.lists(st.sampled_from(["grain", "Путин", "Путина", "sanctions", "council", "security", "北京", "é"]), max_size=6)
SIGNS = st.sampled_from(["", '"', "|", "*", "=", "“", "”", "\u200b", "\u202e", "-", " "])


@given(terms=st.lists(st.lists(st.tuples(SIGNS, WORDS, SIGNS), min_size=1, max_size=3), min_size=1, max_size=3), text=st.text())
def test_a_match_and_what_stands_against_it_exclude_each_other(terms: list[Any], text: str) -> None:
    written = [" ".join(f"{a}{' '.join(some)}{b}" for a, some, b in term) for term in terms]
    good = []
    for term in written:
        try:
            read_term(term)
        except ValueError:
            continue
        good.append(term)
    for one in (seen(text, " ".join(written)), seen(" ".join(written), text, "ru"), seen("", "")):
        judgement = judge(wanted(*good), Matcher(one)) if good else None
        assert judgement is None or (judgement.match is None) == bool(judgement.against)
        if judgement is not None and judgement.match is not None:
            assert isinstance(judgement.match, Match)
            assert set(judgement.match.terms) <= set(good)


HOSTILE = {
    "empty": "",
    "one word": "Alaska",
    "zero width": "A\u200bl\u00adas\u2060ka",
    "marks of direction": "\u202eAlaska\u202c",
    "ten megabytes": "security counci " * 600_000 + " Alaska",
    "one long word": "a" * 5_000_000,
    "marks alone": "\u0301" * 100_000 + " Alaska",
    "an unknown script": "\U00010400\U00010428 " * 1000,
    "mixed": "Путин met 习近平 in Αθήνα, on ירושלים: Alaska",
    "half a surrogate": "\ud800 Alaska",
    "quotes": '"' * 50_000 + "Alaska",
}


@pytest.mark.parametrize("what", list(HOSTILE))
def test_hostile_texts_are_matched_like_others(what: str) -> None:
    one = seen("", HOSTILE[what], "")
    judgement = judge(wanted("Alaska", '"security council"', "secur*", '"a a a b"'), Matcher(one))
    assert ("Alaska" in (judgement.match.terms if judgement.match else ())) is (
        what not in ("empty", "one long word", "an unknown script")
    )


def test_letters_that_only_look_alike_are_other_letters() -> None:
    assert not found("Alaska", "Аlaskа")  # with Cyrillic а
