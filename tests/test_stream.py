"""Stories in a stream of texts: what joins, what stays apart, what is told of it, and what it costs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.stories import StoryStream
from aggregator.stories.streaming.calls import is_call
from aggregator.stories.streaming.clusters import MOST_TERMS, REMEMBERED, Centroid
from aggregator.stories.streaming.joins import Joins, unlike
from aggregator.stories.streaming.likeness import Telling
from aggregator.stories.streaming.portrait import WORD, portrait, sentences, written
from aggregator.stories.streaming.rarity import Rarity
from aggregator.stories.streaming.regrouping import inherited, regroup
from aggregator.stories.streaming.seats import seats
from aggregator.stories.streaming.shelf import LONGEST_LIST
from aggregator.stories.streaming.stems import stem
from aggregator.stories.streaming.vectors import vector

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# Two robberies in one town, and a bridge. All names are made up.
ROBBERY = {
    "r1": (
        "Thieves raid Morlay jewellery store in Brennport",
        (
            "Three armed thieves raided the Morlay jewellery store on Harbour Street in Brennport on Monday and made off "
            "with rings worth 4.2 million euros. Inspector Ilse Varga said that they came by boat."
        ),
    ),
    "r2": (
        "Morlay raid: thieves came by boat, says inspector",
        (
            "The thieves who raided the Morlay store in Brennport on Monday came by boat, Inspector Ilse Varga said. "
            "Rings worth 4.2 million euros are gone. Morlay has offered a reward."
        ),
    ),
    "r3": (
        "Reward for Morlay rings",
        (
            "Jeweller Morlay offers a reward for the rings that were taken on Monday from its store on Harbour Street in "
            "Brennport, worth 4.2 million euros. Inspector Varga asked boat owners to come forward."
        ),
    ),
}
OTHER_ROBBERY = {
    "o1": (
        "Watches stolen from Castellan shop in Brennport",
        (
            "Two men on a motorcycle robbed the Castellan watch shop at Brennport's Linden Gate on Friday and took 60 watches. "
            "The owner, Piet Oduya, was not hurt. Police look for a red motorcycle."
        ),
    ),
    "o2": (
        "Castellan robbery: red motorcycle found",
        (
            "Police in Brennport found the red motorcycle on which two men fled after they robbed the Castellan watch "
            "shop at Linden Gate on Friday. The owner, Piet Oduya, said that 60 watches are still missing."
        ),
    ),
}
BRIDGE = {
    "b1": (
        "Talverne bridge closed after cracks are found",
        (
            "The Talverne suspension bridge was closed to lorries on Tuesday after engineers found cracks in two cables. "
            "Mayor Odile Hartmann said that repairs would take six weeks."
        ),
    ),
    "b2": (
        "Six weeks of repairs for Talverne bridge",
        (
            "Engineers have begun to repair two cracked cables of the Talverne suspension bridge, Mayor Odile Hartmann "
            "said. Lorries must take the ferry for six weeks."
        ),
    ),
}
# One article in five languages and two scripts.
VERSIONS = {
    "en": (
        "Solvanne Air orders 34 Kestrel 500 aircraft",
        (
            "Solvanne Air has ordered 34 Kestrel 500 aircraft for 2.75 billion dollars, its director Marek Lindqvist said "
            "in Varna on 12 March. The first will be delivered in 2029. Lindqvist spoke beside minister Elena Dobreva."
        ),
    ),
    "es": (
        "Solvanne Air encarga 34 aviones Kestrel 500",
        (
            "Solvanne Air ha encargado 34 aviones Kestrel 500 por 2,75 mil millones de dólares, dijo su director, Marek "
            "Lindqvist, en Varna el 12 de marzo. El primero se entregará en 2029. Lindqvist habló junto a la ministra Dobreva."
        ),
    ),
    "it": (
        "Solvanne Air ordina 34 aerei Kestrel 500",
        (
            "Solvanne Air ha ordinato 34 aerei Kestrel 500 per 2,75 miliardi di dollari, ha detto a Varna il 12 marzo il "
            "direttore Marek Lindqvist. Il primo sarà consegnato nel 2029. Accanto a Lindqvist la ministra Elena Dobreva."
        ),
    ),
    "nl": (
        "Solvanne Air bestelt 34 toestellen Kestrel 500",
        (
            "Solvanne Air heeft 34 toestellen Kestrel 500 besteld voor 2,75 miljard dollar, zei directeur Marek Lindqvist "
            "op 12 maart in Varna. Het eerste wordt in 2029 geleverd. Lindqvist sprak naast minister Elena Dobreva."
        ),
    ),
}
OTHER_ORDER = (
    "Pellworm Airways stelt levering van Kestrel 500 uit",
    (
        "Pellworm Airways wil zijn twaalf vliegtuigen pas in 2031 ontvangen, omdat de motoren van de Kestrel 500 worden "
        "nagekeken. Dat meldt woordvoerder Anneke Vos uit Emden. De vakbond vreest voor 140 banen."
    ),
)
Said = tuple[str, str]


def labels(stream: StoryStream, texts: dict[str, Said], at: datetime = NOON, language: str = "en") -> dict[str, str]:
    return {
        key: stream.add(key, title, text, at + number * HOUR, language)
        for number, (key, (title, text)) in enumerate(texts.items())
    }


def test_texts_on_one_event_have_one_label_and_others_their_own() -> None:
    stream = StoryStream()
    given_ = labels(stream, {"r1": ROBBERY["r1"], "b1": BRIDGE["b1"], **ROBBERY, **BRIDGE})
    assert {given_[key] for key in ROBBERY} == {"r1"}
    assert {given_[key] for key in BRIDGE} == {"b1"}
    assert stream.members("r1") == ("r1", "r2", "r3")
    assert len(stream) == 2


def test_look_alike_events_in_one_town_are_two_stories() -> None:
    given_ = labels(StoryStream(), {**ROBBERY, **OTHER_ROBBERY})
    assert given_ == {"r1": "r1", "r2": "r1", "r3": "r1", "o1": "o1", "o2": "o1"}


@pytest.mark.parametrize("order", [("en", "es", "it", "nl"), ("nl", "en", "it", "es"), ("it", "nl", "es", "en")])
def test_translations_of_one_article_join_and_a_like_one_does_not(order: tuple[str, ...]) -> None:
    stream = StoryStream()
    given_ = {language: stream.add(language, *VERSIONS[language], NOON, language) for language in order}
    assert set(given_.values()) == {order[0]}
    assert stream.add("other", *OTHER_ORDER, NOON, "nl") == "other"


def test_names_join_two_scripts() -> None:
    stream = StoryStream()
    english = "Putin received Fernandez of Argentina on 3 February 2022. Both spoke of 20 doses of Sputnik."
    russian = "Путин принял Фернандеса, Аргентина, 3 февраля 2022 года. Речь шла о 20 дозах вакцины Sputnik."
    stream.add("en", "Talks between Vladimir Putin and Alberto Fernandez", english, NOON, "en")
    stream.add("ru", "Переговоры Владимира Путина и Альберто Фернандеса", russian, NOON, "ru")
    join = stream.why("ru")
    assert join.nearest == "en"
    assert {"Аргентина", "Владимира"} & set(join.names)


def test_other_weekday_and_other_measure_count_against() -> None:
    quake = "An earthquake of magnitude {} shook Ostmark County on {}, the survey said. Walls cracked in Lower Ostmark."
    stream = StoryStream()
    stream.add("a", "Quake shakes Ostmark", quake.format("4.4", "Sunday"), NOON, "en")
    same = StoryStream()
    same.add("a", "Quake shakes Ostmark", quake.format("4.4", "Sunday"), NOON, "en")
    stream.add("b", "Ostmark quake", quake.format("4.6", "Thursday"), NOON, "en")
    same.add("b", "Ostmark quake", quake.format("4.4", "Sunday"), NOON, "en")
    assert stream.why("b").odds < same.why("b").odds - 3
    assert stream.why("b").against == ("thu and not sun", "4.6 and not 4.4")
    assert same.why("b").against == ()


# One guest with two hosts on two days, in words that are nearly the same. The guest's name is made up.
VISITS = {
    "kyiv": (
        "Talks with Chancellor Henrike Solvang",
        (
            "Talks with Chancellor Henrike Solvang were held in Kyiv. They discussed security in Europe, gas transit and the "
            "work of the Normandy format."
        ),
    ),
    "moscow": (
        "Talks with Chancellor Henrike Solvang",
        (
            "Talks with Chancellor Henrike Solvang were held in the Kremlin. They discussed security in Europe, gas transit "
            "and the work of the Normandy format."
        ),
    ),
}


def test_one_guest_with_two_hosts_is_in_two_stories() -> None:
    stream = StoryStream()
    assert stream.add("kyiv", *VISITS["kyiv"], NOON, "en") == "kyiv"
    title, text = VISITS["kyiv"]
    follows = text.replace("They discussed", "The two leaders discussed") + " A statement followed."
    assert stream.add("statement", f"Statement after the {title.lower()}", follows, NOON + HOUR, "en") == "kyiv"
    odds = {}
    visits = {"nowhere": (title, text.replace(" in Kyiv", "")), "moscow": VISITS["moscow"]}
    for key, visit in visits.items():
        other = StoryStream()
        other.add("kyiv", *VISITS["kyiv"], NOON, "en")
        other.add(key, *visit, NOON + DAY, "en")
        odds[key] = other.why(key).odds
        assert ("in moscow and not in kyiv" in other.why(key).against) is (key == "moscow")
    assert odds["moscow"] < odds["nowhere"] - 3


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("He was received in the Kremlin", {"moscow"}),
        ("They met at the White House and then in Kyiv", {"washington", "kyiv"}),
        ("Moscow said that London and Paris were told", set()),
        ("Die Gespräche im Kreml", {"moscow"}),
        ("Le sommet à Bruxelles", {"brussels"}),
        ("Переговоры в Кремле", {"moscow"}),
        ("Зустріч у Києві", {"kyiv"}),
        ("in", set()),
        ("in the", set()),
        ("", set()),
    ],
)
def test_a_seat_is_where_something_is_and_no_government_that_speaks(said: str, where: set[str]) -> None:
    assert seats(said.split()) == where


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Telephone conversation with President of Ruritania Rudolf Elphberg", True),
        ("President had a phone call with the Chancellor", True),
        ("Readout of the Secretary's Call with Foreign Minister Sapt", True),
        ("Telefonat des Bundeskanzlers", True),
        ("Entretien téléphonique avec le Président", True),
        ("Conversación telefónica con el presidente", True),
        ("Телефонный разговор с Президентом", True),
        ("Відбулася телефонна розмова", True),
        ("Minister calls for calm and calls on the council", False),
        ("Severed cables cut telephone lines", False),
        ("Telefónica sube en bolsa", False),
        ("", False),
    ],
)
def test_a_call_is_told_by_its_title(title: str, said: bool) -> None:
    assert is_call(title) is said


def test_a_call_is_an_event_of_its_own() -> None:
    visit = "Rudolf Elphberg, President of Ruritania, and the host spoke of gas transit and of security in Zenda and Strelsau."
    call = "Telephone conversation with President of Ruritania Rudolf Elphberg"
    odds = {}
    for key, title, days in (("meeting", "Meeting with Rudolf Elphberg", 0), ("same call", call, 0), ("next call", call, 2)):
        stream = StoryStream()
        stream.add("call", call, visit, NOON, "en")
        stream.add(key, title, visit, NOON + days * DAY, "en")
        odds[key] = stream.why(key).odds
        assert ("a telephone call of its own" in stream.why(key).against) is (key != "same call")
    assert max(odds["meeting"], odds["next call"]) < odds["same call"] - 3


def test_the_reason_of_a_join_is_told() -> None:
    stream = StoryStream()
    labels(stream, {**ROBBERY, **BRIDGE})
    join = stream.why("r2")
    assert (join.label, join.began, join.nearest) == ("r1", False, "r1")
    assert {"Morlay", "Varga"} <= set(join.names)
    assert "4.2" in join.figures
    assert "thieves" in join.words
    assert join.days == pytest.approx(1 / 24)
    assert str(join).startswith("Goes on with r1: nearest to r1, 0.0 days apart. It shares names ")
    first, other = stream.why("r1"), stream.why("b1")
    assert first == unlike("r1")
    assert str(first) == "Begins a story: it shares nothing rare with an earlier text."
    assert other.began
    assert other.label == "b1"
    with pytest.raises(KeyError):
        stream.why("nobody")


def test_what_begins_a_story_names_the_nearest_of_the_others() -> None:
    stream = StoryStream()
    labels(stream, {**ROBBERY, "o1": OTHER_ROBBERY["o1"]})
    join = stream.why("o1")
    assert join.began
    assert join.nearest in ROBBERY
    assert join.nearest_label == "r1"
    assert join.odds < 0
    assert "fri and not mon" in join.against
    assert "Begins a story: too little in common with" in str(join)


def test_a_label_is_never_changed_and_a_key_keeps_its_own() -> None:
    stream = StoryStream()
    before = labels(stream, {**ROBBERY, **BRIDGE, **OTHER_ROBBERY})
    again = labels(stream, dict.fromkeys(before, BRIDGE["b1"]), NOON + 3 * DAY)
    assert again == before
    assert {key: stream.why(key).label for key in before} == before


def a_telling(number: int, logits: dict[int, float]) -> Telling:
    nothing = vector({})
    return Telling(number=number, key=f"k{number}", at=0.0, language="en", size=9, terms=nothing, names=nothing, title=nothing,
                   lead=nothing, heaviest=(), weekdays=frozenset(), figures=frozenset(), measures=frozenset(),
                   counted=frozenset(),
                   ordinals=frozenset(), sums=frozenset(), dates=frozenset(), head="", subject=frozenset(), call=False,
                   seats=frozenset(), logits=logits)  # fmt: skip


def odds_of(one: Telling, others: Sequence[Telling]) -> list[float]:
    pairs = [(one, other) if one.number > other.number else (other, one) for other in others]
    return [later.logits[earlier.number] for later, earlier in pairs]


def test_texts_are_grouped_by_what_they_have_in_common_on_average() -> None:
    first, stray = a_telling(1, {}), a_telling(2, {1: -2.0})
    third, second = a_telling(3, {1: 5.0, 2: -3.0}), a_telling(4, {1: -3.0, 2: 5.0, 3: -4.0})
    assert regroup([first], odds_of) == [[first]]
    assert regroup([first, stray], odds_of) == [[first], [stray]]
    assert regroup([second, third, stray, first], odds_of) == [[stray, second], [first, third]]
    bridge = a_telling(5, {1: 1.0, 2: 1.5, 3: 1.0, 4: 1.0})  # is like both and joins them not
    assert regroup([first, stray, third, second, bridge], odds_of) == [[first, third], [stray, second, bridge]]


def test_one_odd_pair_parts_no_story_and_joins_none() -> None:
    texts = [a_telling(1, {}), a_telling(2, {1: 3.0}), a_telling(3, {1: 3.0, 2: -1.0})]
    assert regroup(texts, odds_of) == [texts]
    texts = [a_telling(1, {}), a_telling(2, {1: 3.0}), a_telling(3, {1: 1.0, 2: -5.0})]
    assert regroup(texts, odds_of) == [texts[:2], texts[2:]]


@given(rows=st.lists(st.lists(st.integers(-5, 5), min_size=12, max_size=12), min_size=1, max_size=12), turn=st.randoms())
def test_every_text_is_in_one_group_and_no_two_groups_are_likely_the_same(rows: list[list[int]], turn: Random) -> None:
    texts = [a_telling(at, {before: float(row[before]) for before in range(at)}) for at, row in enumerate(rows)]
    groups = regroup(turn.sample(texts, len(texts)), odds_of)
    assert sorted(text.number for group in groups for text in group) == list(range(len(texts)))
    for mine, theirs in combinations(groups, 2):
        assert sum(sum(odds_of(one, theirs)) for one in mine) < 1e-9


def test_a_label_goes_to_the_group_that_has_most_of_it() -> None:
    one, two, three, four = (a_telling(number, {}) for number in range(4))
    assert inherited([[one, two], [three, four]], {0: "a", 1: "a", 2: "a", 3: "b"}) == ["a", "b"]
    assert inherited([[one, two], [three], [four]], {0: "a", 1: "a", 2: "a"}) == ["a", "", ""]
    assert inherited([], {}) == []


def test_within_hours_texts_with_like_leads_need_no_more_than_their_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.stories.stream.LIKELY", 99.0)  # nothing is likely enough as a whole
    two = {key: ROBBERY[key] for key in ("r1", "r2")}
    assert set(labels(StoryStream(), two).values()) == {"r1"}
    later = StoryStream()
    assert [later.add(key, *said, NOON + n * DAY, "en") for n, (key, said) in enumerate(two.items())] == ["r1", "r2"]
    monkeypatch.setattr("aggregator.stories.stream.TOLD_ALIKE", 1.1)
    assert labels(StoryStream(), two) == {"r1": "r1", "r2": "r2"}


def test_stories_that_turn_out_to_be_one_go_on_under_the_label_of_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.stories.stream.AT_ONCE", -1.0)
    monkeypatch.setattr("aggregator.stories.stream.LIKELY", 99.0)  # nothing is likely enough, whatever it is grouped with
    stream = StoryStream()
    assert labels(stream, ROBBERY) == {key: key for key in ROBBERY}
    assert len(stream) == 2, "the first two came together with the third"
    monkeypatch.undo()
    assert stream.add("r4", *ROBBERY["r2"], NOON + 4 * HOUR, "en") == "r1"
    assert len(stream) == 1
    join = stream.why("r4")
    assert join.parted == ("r2", "r3")
    assert str(join).endswith("Also of it, under other labels: r2, r3.")


def test_a_text_that_was_joined_wrongly_draws_none_of_its_own_story_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.stories.stream.LIKELY", -30.0)  # whatever is grouped joins
    monkeypatch.setattr("aggregator.stories.streaming.regrouping.EVEN", -9.0)
    monkeypatch.setattr("aggregator.stories.stream.EVEN", -9.0)
    stream = StoryStream()
    given_ = labels(stream, {**ROBBERY, "o1": OTHER_ROBBERY["o1"]})
    assert given_ == {"r1": "r1", "r2": "r1", "r3": "r1", "o1": "r1"}
    monkeypatch.undo()
    join = stream.why(stream.add("o2", *OTHER_ROBBERY["o2"], NOON + 5 * HOUR, "en"))
    assert join.label == "o2"
    assert join.parted == ("o1",)
    assert str(join).startswith("Begins a story with o1, of the label r1, which tells of something else.")
    assert stream.why("o1").label == "r1"


def test_what_is_further_away_than_the_window_does_not_join() -> None:
    near, far = StoryStream(timedelta(days=7)), StoryStream(timedelta(days=7))
    for stream in (near, far):
        stream.add("r1", *ROBBERY["r1"], NOON, "en")
    assert near.add("r2", *ROBBERY["r1"], NOON + 6 * DAY, "en") == "r1"
    assert far.add("r2", *ROBBERY["r1"], NOON + 8 * DAY, "en") == "r2"


def test_what_left_the_window_is_forgotten_and_one_wrong_date_empties_nothing() -> None:
    stream = StoryStream(timedelta(days=3))
    stream.add("r1", *ROBBERY["r1"], NOON, "en")
    stream.add("future", *BRIDGE["b1"], datetime(2999, 1, 1, tzinfo=UTC), "en")
    assert stream.add("r2", *ROBBERY["r2"], NOON + HOUR, "en") == "r1"
    for day in range(1, 9):
        stream.add(f"d{day}", f"Page {day}", f"Word{day} alone", NOON + day * DAY, "en")
    assert len(stream) <= 6
    assert stream.why("r1").label == "r1"


def test_times_out_of_order_join_all_the_same() -> None:
    stream = StoryStream()
    at = {"r1": NOON + 2 * DAY, "r2": NOON, "r3": NOON + DAY}
    assert {stream.add(key, *ROBBERY[key], at[key], "en") for key in at} == {"r1"}
    zoned = datetime(2026, 3, 3, 1, tzinfo=timezone(timedelta(hours=14)))
    assert stream.add("z", *ROBBERY["r1"], zoned, "en") == "r1"
    for edge in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        assert stream.add(f"{edge}", *ROBBERY["r1"], edge, "en") == f"{edge}"


def test_a_time_without_zone_and_a_window_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        StoryStream().add("k", "t", "x", datetime(2026, 3, 2), "en")  # noqa: DTZ001 - that is the case
    for window, stories in ((timedelta(0), 10), (DAY, 0)):
        with pytest.raises(ValueError, match="holds nothing"):
            StoryStream(window, stories=stories)


def test_the_oldest_stories_go_where_there_are_too_many() -> None:
    stream = StoryStream(stories=5)
    for number in range(40):
        letters = "abcdefgh"[number % 8] * 3 + "klmno"[number // 8] * 3
        stream.add(f"k{number}", f"Q{letters} rises", f"W{letters} falls", NOON + number * HOUR, "en")
    assert len(stream) == 5


HOSTILE = {
    "empty": ("", ""),
    "spaces": (" \n\t", "\n\n\n"),
    "one word": ("", "Peace"),
    "punctuation": ("!!!", "?!…—"),
    "unknown script": ("𐎀𐎁𐎂 𐎃𐎄", "ᚠᚢᚦᚨᚱᚲ ᚷᚹᚺᚾᛁ"),
    "no spaces": ("北京冬季奥运会开幕", "国家主席在北京冬季奥运会开幕式上宣布开幕" * 20),
    "mixed languages": ("Treffen mit Президент", "Le président met Зеленський in Київ und спoke über 12 avions " * 9),
    "confusables": ("Ρutin Рutin Putin", "Ｐｕｔｉｎ said ２４ ٢٤ २४"),
    "zero width": ("Mor\u200blay", "Mor\u200d\u2060lay\ufeff raid\u00ad"),
    "right to left": ("\u202eyalroM\u202c", "\u200fاجتماع\u200e \u202bالرئيس\u202c"),
    "surrogate": ("\ud800", "broken \udfff half"),
    "long word": ("a" * 100_000, "Z" * 100_000),
    "marks": ("e" + "\u0301" * 5_000, "a\u0300" * 5_000),
    "figures": ("1.000.000.000,", "1.000" * 2_000 + "x" + "9," * 2_000),
    "nul": ("\0", "a\0b"),
}


@pytest.mark.parametrize("language", ["en", "", "uk", "zh-Hant", "x-" + "y" * 500])
def test_bad_input_has_labels(language: str) -> None:
    stream = StoryStream()
    for key, (title, text) in HOSTILE.items():
        assert stream.add(key, title, text, NOON, language) in HOSTILE
        assert str(stream.why(key))
    assert stream.add("r1", *ROBBERY["r1"], NOON, "en") == "r1"


SIGNS = st.sampled_from("aZ éłЇ北1٢.!?:…\"'”’»)\n“„«*•|\t\xa0–_\x1c\x85½")


@given(text=st.text(SIGNS) | st.text(st.characters(max_codepoint=127)) | st.text())
def test_words_are_split_as_they_would_be_searched(text: str) -> None:
    assert written(text) == WORD.findall(text)
    apart = re.split(r"[.!?:…][\"'”’»)]*\s|[\n\"“„«*•|]", text)
    assert list(sentences(text)) == [WORD.findall(sentence) for sentence in apart]


@pytest.mark.parametrize(
    ("word", "language", "stemmed"),
    [
        ("statements", "en", "stat"),  # "ements" and not "s"
        ("movements", "en", "movement"),  # four letters are left at least
        ("talks", "en", "talk"),
        ("gas", "en", "gas"),
        ("city", "en", "city"),
        ("moves", "en", "move"),
        ("4x4s", "en", "4x4s"),
        ("aussenminister", "de", "aussen"),
        ("", "en", ""),
    ],
)
def test_the_longest_ending_is_taken_off(word: str, language: str, stemmed: str) -> None:
    assert stem(word, language) == stemmed


def test_a_text_of_ten_megabytes_is_read_at_its_head_only() -> None:
    stream = StoryStream()
    title, text = ROBBERY["r1"]
    stream.add("r1", title, text, NOON, "en")
    assert stream.add("big", title, text + " Lorem ipsum 4.4" * 700_000, NOON, "en") == "r1"
    assert portrait(title, "word " * 2_000_000, at=0.0, language="en").size < 1_000


def test_the_same_text_many_times_takes_no_room() -> None:
    stream = StoryStream()
    assert {stream.add(f"k{number}", *ROBBERY["r1"], NOON, "en") for number in range(3_000)} == {"k0"}
    assert len(stream) == 1
    [cluster] = stream._clusters.values()  # noqa: SLF001 - what it keeps is the point
    assert len(cluster.members) == REMEMBERED
    assert all(len(member.logits) < 2 * REMEMBERED for member in cluster.members)


def test_what_is_kept_is_bounded() -> None:
    joins = Joins(most=3)
    for number in range(9):
        joins.put(replace(unlike(f"k{number}"), label=f"l{number % 2}"))
    assert joins.of("l0") == ("k6", "k8")
    assert joins.of("l1") == ("k7",)
    assert joins.get("k5") is None
    centroid = Centroid()
    for number in range(50):
        centroid.add(vector({f"t{number}-{each}": 1.0 for each in range(100)}))
    assert len(centroid.vector.weights) <= MOST_TERMS


def test_a_word_that_is_in_many_stories_finds_the_latest_only() -> None:
    stream = StoryStream()
    for number in range(LONGEST_LIST * 2):
        stream.add(f"k{number}", "Zorbalin", f"Zorbalin {'abcdefghij'[number % 10]}{number}x{number} Q{number}", NOON, "en")
    lists = stream._shelf._lists  # noqa: SLF001 - what it keeps is the point
    assert max(map(len, lists.values())) <= LONGEST_LIST


def test_counts_fade_and_stay_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.stories.streaming.rarity.MOST_TERMS", 100)
    rarity = Rarity()
    for number in range(60):
        seen = portrait("", f"Common words and xq{'abcdefghij'[number % 10]}zz{number} here {number}", at=0.0, language="en")
        rarity.hear(seen)
        rarity.count(seen, ())
    assert len(rarity._with) <= 100  # noqa: SLF001 - what it keeps is the point


def test_labels_are_the_same_in_every_process() -> None:
    script = (
        "from tests.test_stream import *; s = StoryStream(); l = labels(s, {**ROBBERY, **OTHER_ROBBERY, **BRIDGE, "
        "**HOSTILE}); print(ascii((l, [str(s.why(k)) for k in l])))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[1])},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(runs) == 1


texts = st.tuples(st.text(max_size=60), st.text(max_size=300) | st.sampled_from([text for _, text in ROBBERY.values()]))


@settings(max_examples=60)
@given(said=st.lists(texts, max_size=8), hours=st.lists(st.integers(-2_000, 2_000), min_size=8, max_size=8))
def test_every_text_has_a_label_that_stays(said: list[Said], hours: list[int]) -> None:
    stream = StoryStream(timedelta(days=20), stories=4)
    given_ = {}
    for number, (title, text) in enumerate(said):
        given_[f"k{number}"] = stream.add(f"k{number}", title, text, NOON + hours[number] * HOUR, "en")
        assert {key: stream.why(key).label for key in given_} == given_
        assert len(stream) <= 4
    for label in given_.values():
        assert label in stream.members(label), "the label is the key of the first text that has it"
    for one, other in combinations(given_, 2):
        assert (given_[one] == given_[other]) == (one in stream.members(given_[other]))
