"""Names as keys that are equal across languages and scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.names import named, names
from aggregator.text.placenames import _STEMS, _WHOLE, known_name, name_of
from aggregator.text.transliteration import latin, sound_key

ONE_NAME = [
    "Путин Putin Poutine Poetin Путина Путину Путиным Путине",
    "Зеленський Зеленский Zelenskyy Zelensky Zelenskiy Zelenskyi Selenskyj Zelenski Zełenski Зеленського Зеленскому Зеленским",
    "Лавров Lavrov Lawrow Ławrow Лаврова Лавровым",
    "Macron Макрон Макрона Макроном",
    "Шольц Scholz Шольца Шольцем",
    "Erdoğan Erdogan Эрдоган Эрдогана Ердоган",
    "Biden Байден Байдена Байденом",
    "Trump Трамп Трампом",
    "Лукашенко Lukashenko Loukachenko Lukaschenko Łukaszenka Лукашэнка",
    "Johnson Джонсон Джонсона",
    "Modi Моди",
    "Duda Дуда Дуды Дудой",
    "Stoltenberg Столтенберг",
    "Tokayev Токаев Tokajew Tokaïev",
    "Shoigu Шойгу Schoigu Choïgou",
    "Orbán Orban Орбан Орбана",
    "Michel Мишель Мішель",
    "Yermak Ермак Єрмак Jermak",
    "Μητσοτάκης Mitsotakis Мицотакис",
    "Kuleba Кулеба Kouleba",
    "Medvedev Медведев Medwedew Miedwiediew",
    "Pashinyan Пашинян Paschinjan Pachinian",
    "Zaluzhnyi Залужный Залужний Saluschnyj",
    "Steinmeier Штайнмайер",
    "Nawrocki Навроцкий Навроцький",
    "Rutte Рютте",
    "Zakharova Захарова Sacharowa",
    "Tikhanovskaya Тихановская Tichanowskaja",
    "Khrushchev Хрущёв Chruschtschow Khrouchtchev",
    "Chekhov Чехов Tschechow",
    "Sikorski Сикорский Сікорський",
    "Vučić Вучич",
    "Merz Мерц Мерцем",
    "Mishustin Мишустин Mischustin Michoustine",
    "Witkoff Уиткофф Віткофф Уиткоффом",
]


@pytest.mark.parametrize("spellings", ONE_NAME)
def test_spellings_of_one_name_have_one_key(spellings: str) -> None:
    assert len({sound_key(spelling) for spelling in spellings.split()}) == 1


def test_french_writes_another_letter_in_russian_names_alone() -> None:
    assert sound_key("Prigojine", "fr") == sound_key("Пригожин")
    assert sound_key("Johnson", "fr") == sound_key("Джонсон")


def test_different_names_have_different_keys() -> None:
    keys = [sound_key(spellings.split()[0]) for spellings in ONE_NAME]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("whole", ["Максим", "Рим", "Артём", "Ким", "Трамп", "Голем"])
def test_a_name_that_ends_like_a_case_stays_whole(whole: str) -> None:
    assert latin(whole).endswith(sound_key(whole)[-1])


PLACES = [
    ("kyiv", "Kyiv Kiev Київ Києві Киев Киеве Kiew Kijów Kijev"),
    ("moscow", "Moscow Москва Москве Moskau Moscou Mosca Moskou Moscú Moskwa"),
    ("germany", "Germany Deutschland Allemagne Германии Німеччина Alemania Germania Duitsland Niemcy German немецкий"),
    ("france", "France Frankreich Франция Франції Francia Frankrijk Francja French французский"),
    ("eu", "EU UE ЕС ЄС"),
    ("nato", "NATO OTAN НАТО"),
    ("usa", "USA США EEUU"),
    ("turkey", "Turkey Türkiye Turquie Türkei Турция Туреччина Turchia"),
]


@pytest.mark.parametrize(("key", "forms"), PLACES)
def test_places_and_peoples_have_one_key(key: str, forms: str) -> None:
    for form in forms.split():
        assert known_name([form]) == (key, 1), form


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("European Union", "eu"),
        ("Union européenne", "eu"),
        ("Europäischen Union", "eu"),
        ("Європейського Союзу", "eu"),
        ("United States", "usa"),
        ("États-Unis", "usa"),
        ("Соединённых Штатов", "usa"),
        ("Weißen Hauses", "whitehouse"),
        ("U S", "usa"),
        ("EE UU", "usa"),
    ],
)
def test_names_of_two_words_are_one(written: str, key: str) -> None:
    assert known_name(written.replace("-", " ").split()) == (key, 2)


NO_PLACES = ["indien", "turkey", "polish", "us", "eu", "un", "груз", "Даниил", "Wieder", "Siri", "кубометров", "дані", "гречку"]


@pytest.mark.parametrize("word", NO_PLACES)
def test_other_words_are_no_places(word: str) -> None:
    assert known_name([word]) == ("", 0)


def test_names_of_a_text() -> None:
    text = (
        "President Volodymyr Zelenskyy spoke with Emmanuel Macron. Mr. Macron's visit to Kyiv is on Monday. The Russian army …"
    )
    assert names(text, "en") == ("vldmr", "slnsk", "amnl", "mkrn", "kyiv", "russia")


def test_versions_of_one_sentence_have_the_same_names() -> None:
    sentences = {
        "en": "President of Ukraine Volodymyr Zelenskyy met with Emmanuel Macron in Paris.",
        "uk": "Президент України Володимир Зеленський зустрівся з Емманюелем Макроном у Парижі.",
        "ru": "Президент Украины Владимир Зеленский встретился с Эммануэлем Макроном в Париже.",
        "fr": "Le Président de l’Ukraine Volodymyr Zelensky a rencontré Emmanuel Macron à Paris.",
        "pl": "Prezydent Ukrainy Wołodymyr Zełenski spotkał się z Emmanuelem Macronem w Paryżu.",
        "de": "Der Präsident der Ukraine Wolodymyr Selenskyj traf Emmanuel Macron in Paris.",
    }
    assert {names(text, language) for language, text in sentences.items()} == {
        ("ukraine", "vldmr", "slnsk", "amnl", "mkrn", "paris")
    }


def test_a_name_beside_an_office_is_told() -> None:
    found = {
        name.form: name for name in named("He met President of France Emmanuel Macron. Later that day he was in Lyon.", "en")
    }
    assert found["macron"].office
    assert found["macron"].joined
    assert found["france"].listed
    assert not found["lyon"].office


def test_a_word_at_the_head_of_a_sentence_is_no_name() -> None:
    assert names("Talks went on. Nobody left. Everybody slept.", "en") == ()


def test_the_genitive_is_the_name() -> None:
    assert names("So sprach Putin. Dann kam Putins Rede.", "de") == ("ptn",)


@given(st.text(), st.sampled_from(["", "en", "de", "uk", "pl"]))
def test_keys_are_small_ascii_letters(text: str, language: str) -> None:
    found = names(text, language)
    assert len(set(found)) == len(found)
    assert all(key.isascii() and key.islower() and key.isalnum() for key in found)


@given(st.text(max_size=60))
def test_any_word_has_a_key(word: str) -> None:
    assert sound_key(word).isascii()


def test_no_form_of_the_table_is_of_two() -> None:
    keys: dict[tuple[str, bool, tuple[str, ...]], set[str]] = {}
    for table, stem in ((_WHOLE, False), (_STEMS, True)):
        for first, entries in table.items():
            for rest, key in entries:
                keys.setdefault((first, stem, rest), set()).add(key)
    assert {form: key for form, key in keys.items() if len(key) > 1} == {}


@pytest.mark.parametrize(
    "word",
    [
        "Moscow",
        "moscow",
        "US",
        "us",
        "Polish",
        "polish",
        "l'Ukraine",
        "Germany's",
        "Київ",
        "Österreich",
        "United",
        "table",
        "a",
    ],
)
def test_the_name_of_one_word_is_the_one_that_a_text_of_it_begins_with(word: str) -> None:
    assert name_of(word) == known_name([word])[0]


def test_one_word_of_a_longer_name_is_none() -> None:
    assert name_of("United") == ""
    assert name_of("Moscow") == "moscow"
