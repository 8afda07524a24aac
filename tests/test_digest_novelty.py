"""What a story has told: the same facts in much the same words; another fact, name or negation is news."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.stories.novelty import Novelty, Telling, new_in

PHONE = (
    "“With a bright screen, a loud speaker and an easy way to write letters, it is the best phone of all”, said the head of {}."
)
TOLD = [
    ("Ministers from twelve countries met in Oslo on Friday.", "Ministers from 12 countries met in Oslo on Friday."),
    ("On 5 May, 300 people left Kharkiv by train.", "By train, 300 people left Kharkiv on May 5."),
    ("The fund will pay the town €1.5 million.", "The fund will pay the town 1.5 million euros."),
    ("Joe Hale said that the talks will continue.", "Hale said that the talks will continue."),
    ("Hale said that the talks will continue.", "Joe Hale said that the talks will continue."),
    ("The minister opened the new bridge over the river.", "The new bridge over the river was opened by the minister."),
    ("The minister opened the new bridge over the river and left.", "The minister opened the new bridge over the river."),
    ("OSLO, Norway – The minister opened the new bridge.", "The minister opened the new bridge."),
    ("The minister opened the new bridge.", "OSLO, Norway – The minister opened the new bridge."),
    (
        PHONE.format("RIM"),
        PHONE.format("Research In Motion"),
    ),
    (
        PHONE.format("Research In Motion"),
        PHONE.format("RIM"),
    ),
    ("It starts on 24 February 2022 in the hall.", "It starts on 24 February in the hall."),
    ("The heist near the Place Vendôme shocked the town.", "The heist near the Place Vendome shocked the town."),
    ("Президент Иванов открыл новый мост в Москве.", "В Москве президент Иванов открыл новый мост."),
    ("“We’ll hold the line”, he said.", '"We\'ll hold the line", he said.'),
    ("Yes.", "Yes!"),
    ("Anything at all.", " … "),
]
NEWS = [
    ("The talks begin at 11:00 in the large hall.", "The talks begin at 11:30 in the large hall."),
    ("The fund will pay $64 million to the town.", "The fund will pay $90.6 million to the town."),
    ("The fund will pay two million to the town.", "The fund will pay two billion to the town."),
    ("They meet in Oslo on 5 May.", "They meet in Oslo on 12 May."),
    ("They meet in Oslo on Monday.", "They meet in Oslo on Friday."),
    ("They meet in the city of Oslo in May.", "They meet in the city of Bergen in May."),
    ("Joe Hale said that the talks will continue.", "Jill Hale said that the talks will continue."),
    ("The president spoke with Macron about the war.", "The president spoke with Scholz about the war."),
    ("Путин обсудил с Макроном ситуацию в регионе.", "Путин обсудил с Шольцем ситуацию в регионе."),
    ("The minister will attend the summit in Oslo.", "The minister will not attend the summit in Oslo."),
    ("The minister will not attend the summit in Oslo.", "The minister will attend the summit in Oslo."),
    ("The minister can attend the summit.", "The minister can't attend the summit."),
    ("Міністр приїде на зустріч у Києві.", "Міністр не приїде на зустріч у Києві."),
    ("Exports rose sharply in the first quarter.", "Exports fell sharply in the first quarter."),
    ("The rate went from 5 to 7 per cent.", "The rate went from 7 to 5 per cent."),
    ("The envoy of Russia told Russian media about the visit.", "The envoy of Belarus told Russian media about the visit."),
    (
        PHONE.format("RIM"),
        PHONE.format("Nordic In Motion"),
    ),
    ("This is the reality.", "This is not the reality."),
]


@pytest.mark.parametrize(("old", "new"), TOLD)
def test_the_same_in_other_words_was_told(old: str, new: str) -> None:
    (found,) = new_in([new], ["Something else happened far away.", old])
    assert found.told
    assert found.by in ({1} if any(map(str.isalnum, new)) else {None})


@pytest.mark.parametrize(("old", "new"), NEWS)
def test_another_fact_in_the_same_words_is_news_and_known_as_a_change(old: str, new: str) -> None:
    (found,) = new_in([new], ["Something else happened far away.", old])
    assert not found.told
    assert found.instead == 1
    assert found.change


def test_a_fact_that_is_added_is_news_but_no_change() -> None:
    old = "Talks between the northern and the southern province will resume in Bergen."
    (found,) = new_in([old.replace("Bergen", "Bergen on 5 May")], [old])
    assert found == Novelty(told=False, more=0, change=frozenset({"fact --05-05"}))


def test_what_says_something_else_is_news() -> None:
    (found,) = new_in(["A ship with grain left the port."], ["The talks in Oslo ended without a result."])
    assert found == Novelty(told=False)


def test_a_sentence_that_joins_told_ones_was_told() -> None:
    earlier = ["The new bridge over the river was opened.", "Its cost was 40 million crowns.", "Rain fell."]
    (found,) = new_in(["The new bridge over the river, cost 40 million crowns, was opened."], earlier)
    assert found.told
    assert found.by == 0


SENTENCES = st.lists(
    st.lists(
        st.sampled_from(
            [
                "the",
                "minister",
                "Oslo",
                "met",
                "5",
                "6",
                "not",
                "Hale",
                "on",
                "Friday",
                "bridge",
                "opened",
                "will",
                "fund",
                "paid",
                "€2",
                "und",
                "не",
            ]
        ),
        max_size=9,
    )
    .map(" ".join)
    .map(lambda said: said + ".")
    | st.text(max_size=30),
    max_size=12,
)


@given(SENTENCES, SENTENCES)
def test_what_was_told_is_told_whatever_else_was(earlier: list[str], others: list[str]) -> None:
    found = new_in(earlier, [*others, *earlier])
    assert all(one.told for one in found)
    assert all(one.by is None or one.by < len(others) + len(earlier) for one in found)


@given(SENTENCES, SENTENCES)
def test_each_sentence_is_judged_for_itself(sentences: list[str], earlier: list[str]) -> None:
    assert new_in(sentences, earlier) == [new_in([sentence], earlier)[0] for sentence in sentences]


@given(SENTENCES, SENTENCES)
def test_sentences_may_come_one_by_one(earlier: list[str], sentences: list[str]) -> None:
    telling = Telling()
    for sentence in earlier:
        telling.add(sentence)
    assert len(telling) == len(earlier)
    assert [telling.judge(sentence) for sentence in sentences] == new_in(sentences, earlier)
    assert [telling.has(sentence) for sentence in sentences] == [one.told for one in new_in(sentences, earlier)]


def test_a_sign_before_a_figure_is_no_other_writing_of_it() -> None:
    told = ["The delegations agreed on 12 measures.", "The delegations agreed on $12 measures."]
    assert [one.told for one in new_in(told, told)] == [True, True]
    assert not new_in(["The delegations agreed on €12 measures."], told)[0].told
