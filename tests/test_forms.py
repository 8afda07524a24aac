"""The forms of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.forms import LANGUAGES, forms

ALL = sorted(LANGUAGES | {"", "en-GB", "RU", "xx"})


@given(word=st.text(max_size=50), language=st.sampled_from(ALL), short=st.booleans())
def test_a_word_is_among_its_forms_which_all_hold_its_stem(word: str, language: str, short: bool) -> None:
    found = forms(word, language, short=short)
    assert word in found.all
    assert all(found.stem in one for one in found.all)
    assert len(found.all) <= 200


@pytest.mark.parametrize("language", ALL)
def test_short_words_and_numbers_stay_as_they_are(language: str) -> None:
    for word in ("к", "12th", "2025", "", "x" * 1000):
        assert {one for one in forms(word, language).all if "'" not in one} == {word}


# A word as a dictionary has it, and all forms of it that a text may hold.
DECLINED = {
    "ru": [
        "путин путина путину путиным путине",
        "лавров лаврова лаврову лавровым лаврове",
        "россия россии россию россией",
        "москва москвы москве москву москвой",
        "киев киева киеву киевом киеве",
        "кремль кремля кремлю кремлем кремле",
        "китай китая китаю китаем китае",
        "зеленский зеленского зеленскому зеленским зеленском",
        "переговоры переговоров переговорам переговорами переговорах",
        "санкции санкций санкциям санкциями санкциях санкция",
        "соглашение соглашения соглашению соглашением соглашении соглашений",
        "область области областью областей областях",
        "мирный мирного мирному мирным мирном мирная мирной мирную мирное мирные мирных",
    ],
    "uk": [
        "україна україни україні україну україною",
        "росія росії росію росією",
        "київ київ",
        "зеленський зеленського зеленському зеленським",
        "путін путіна путіну путіном путіним путіні",
        "переговори переговорів переговорам переговорами переговорах",
        "санкції санкцій санкціям санкціями санкціях санкція",
        "область області областю областей областях",
        "кремль кремля кремлю кремлем кремлі",
        "порошенко порошенка порошенку порошенком",
    ],
    "en": ["russia russia's", "sanction sanctions sanction's", "country countries country's", "congress congress's congresses"],
    "de": ["sanktion sanktionen", "verhandlung verhandlungen", "russland russlands", "präsident präsidenten", "krieg krieges"],
    "fr": ["sanction sanctions", "ukraine l'ukraine d'ukraine", "président présidents présidente", "général généraux générale"],
    "es": ["sanción sanciones", "guerra guerras", "ruso rusa rusos rusas"],
    "it": ["sanzione sanzioni", "guerra guerre", "accordo accordi l'accordo dell'accordo"],
    "nl": ["sanctie sancties", "rusland ruslands"],
    "pt": ["sanção sanções", "guerra guerras"],
    "pl": [
        "putin putina putinowi putinem putinie",
        "ukraina ukrainy ukrainie ukrainę ukrainą",
        "zełenski zełenskiego zełenskim",
    ],
}


@pytest.mark.parametrize("language", list(DECLINED))
def test_forms_of_words_that_terms_are_made_of(language: str) -> None:
    for line in DECLINED[language]:
        word, *others = line.split()
        assert set(others) - forms(word, language).all == set(), word


@pytest.mark.parametrize(
    ("word", "other", "language"),
    [
        ("alaska", "alaskan", "en"),
        ("negotiations", "negotiator", "en"),
        ("hamas", "hama", "en"),
        ("news", "new", "en"),
        ("rights", "right", "en"),
        ("wales", "wale", "en"),
        ("organization", "organ", "en"),
        ("путин", "путинский", "ru"),
        ("россия", "российский", "ru"),
        ("мир", "мирный", "ru"),
    ],
)
def test_words_that_are_made_of_a_word_are_no_forms_of_it(word: str, other: str, language: str) -> None:
    assert other not in forms(word, language).all
