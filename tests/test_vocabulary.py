"""The words of English as evidence: what is a word, what was mistyped, and what a page says in passing."""

from __future__ import annotations

import gzip
import subprocess
import sys
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.asides import is_aside
from aggregator.text.boilerplate import is_furniture
from aggregator.text.vocabulary import is_english, is_listed, is_mistyped, is_near, is_word

LISTED = gzip.decompress((files("aggregator.text") / "words/en.txt.gz").read_bytes()).decode("ascii").split("\n")[:-1]
WORDS = frozenset(LISTED)


def test_the_list_can_be_searched_by_halving() -> None:
    assert sorted(WORDS) == LISTED
    assert all(is_listed(word) for word in (*LISTED[:200], *LISTED[::50], *LISTED[-200:]))


@given(st.one_of(st.text("aeinrst", max_size=6), st.sampled_from(LISTED).map(lambda word: word[:-1]), st.text(max_size=5)))
def test_a_word_is_found_if_the_list_has_it(word: str) -> None:
    assert is_listed(word) or word not in WORDS
    assert not is_listed(f"{word}qqq")


def test_the_list_is_read_when_it_is_asked_for() -> None:
    said = "import aggregator.stories, aggregator.text.vocabulary as v; print(v._words.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, check=True, text=True).stdout.strip() == "0"


@pytest.mark.parametrize(
    "word", ["remilitarization", "unvaccinated", "hypersonic", "focussed", "wellbeing", "debilitatingly", "strived"]
)
def test_what_is_made_of_words_is_a_word(word: str) -> None:
    assert is_word(word)


@pytest.mark.parametrize(
    "word", ["goarantees", "pakage", "sholls", "cosed", "contry", "partes", "realy", "infastructure", "", "é", "a" * 90]
)
def test_what_is_mistyped_is_no_word(word: str) -> None:
    assert not is_word(word)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("goarantees", "guarantees"),
        ("pakage", "package"),
        ("sholls", "shells"),
        ("effeective", "effective"),
        ("destroynd", "destroyed"),
        ("comittment", "commitment"),
        ("wiht", "with"),
        ("teh", "the"),
        ("killled", "killed"),
    ],
)
def test_a_slip_of_the_keyboard(wrong: str, right: str) -> None:
    assert is_mistyped(wrong, right)
    assert is_mistyped(right, wrong)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("from", "form"),
        ("not", "now"),
        ("casual", "causal"),
        ("united", "untied"),
        ("million", "billion"),
        ("ilegal", "legal"),  # the opposite, mistyped
        ("unvaccinated", "vaccinated"),
        ("hypersonic", "supersonic"),
        ("denars", "dinars"),
        ("phosphide", "phosphate"),
        ("demining", "remaining"),
        ("teh", "ten"),
        ("zelenski", "zelensky"),  # neither is known
        ("pakage", "pakages"),
        ("", ""),
        ("", "a"),
        ("the", "the"),
    ],
)
def test_two_words_are_no_slip(one: str, other: str) -> None:
    assert not is_mistyped(one, other)
    assert not is_mistyped(other, one)


@given(st.sampled_from(LISTED), st.sampled_from(LISTED))
def test_no_word_of_the_list_is_a_slip_for_another(one: str, other: str) -> None:
    assert not is_mistyped(one, other)


def test_keys_are_counted() -> None:
    assert is_near("recieve", "receive")
    assert not is_near("same", "same")
    assert not is_near("a" * 50, "a" * 51)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("the delegations agreed on several measures", True),
        ("die delegationen einigten sich auf mehrere massnahmen und gehen", False),
        ("de minister heeft het plan in de kamer verdedigd", False),
        ("el gobierno de la capital en la region central con un total de personas", False),
        ("the end", None),
        ("", None),
    ],
)
def test_english_is_known_by_its_words(text: str, told: bool | None) -> None:
    assert is_english(text.split()) is told


ASIDES = [
    "Home > News",
    "Home › News › Speeches",
    "Accueil » Actualités",
    "Главная / Новости",
    "Головна → Новини",
    "Was this page helpful?",
    "Was this page helpful? Yes No",
    "Print this page",
    "Share this page on Facebook",
    "Follow us on Telegram",
    "Subscribe to our newsletter",
    "Related content",
    "Back to top",
    "Skip to main content",
    "Cette page vous a-t-elle été utile ?",
    "Suivez-nous sur Facebook",
    "War diese Seite hilfreich?",
    "Zum Hauptinhalt springen",
    "¿Te ha sido útil esta página?",
    "Síguenos en Twitter",
    "Stampa questa pagina",
    "Vai al contenuto principale",
    "Was deze pagina nuttig?",
    "Terug naar boven",
    "Была ли эта страница полезной?",
    "Подписывайтесь на наш телеграм-канал",
    "Чи була ця сторінка корисною?",
    "Підписуйтесь на наш телеграм-канал",
]


@pytest.mark.parametrize("line", ASIDES)
def test_what_a_page_says_in_passing_is_furniture(line: str) -> None:
    assert is_furniture(line)
    assert not is_furniture(f"{line} and 5 dead")


@pytest.mark.parametrize(
    "line",
    [
        "© 2024 Ministry of Trade. All rights reserved.",
        "(c) 2024 Ministry of Trade",
        "Copyright 2024-25 The Office",
        "Copyright The Office. All rights reserved.",
        "Все права защищены",
        "Copyright © the Office",
        "Photo: Jane Doe/dpa",
        "Photo by Jane Doe",
        "Crédit photo : AFP",
        "Фото: пресс-служба.рф",
        "*** Check against delivery ***",
        "(As delivered)",
        "FOR IMMEDIATE RELEASE",
        "ENDS",
    ],
)
def test_a_notice_of_rights_a_credit_and_a_note_to_the_press_are_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Home > 5 dead",
        "Home > No sanctions.",
        "News / Sport",
        "Share prices fall",
        "Follow the money",
        "Subscribe to the treaty",
        "Was this attack justified?",
        "Last updated: 5 May 2022",
        "Last updated",
        "Print the money",
        "Related parties",
        "Recommended action",
        "Return to war",
        "Popular",
        "(c) This order shall take effect at once.",
        "(c) 2024 figures are not final",
        "(C) Sanctions",
        "Photo: The minister signs the decree",
        "Image: 5 dead",
        "Ends in failure",
        "Copyright infringement, piracy and theft",
        "Women say all rights reserved for men",
    ],
)
def test_what_may_be_said_of_the_subject_is_no_furniture(line: str) -> None:
    assert not is_furniture(line)


@given(st.text(max_size=160))
def test_any_line_is_judged(line: str) -> None:
    assert is_aside(line) in (True, False)
