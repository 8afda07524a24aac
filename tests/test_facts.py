"""The facts of a text in a form without language."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.facts import Fact, FactKind, facts
from aggregator.text.numberwords import LANGUAGES, cardinals, ordinals
from aggregator.text.numerals import canonical, read_figures, read_roman


def told(text: str, language: str = "") -> list[str]:
    """Kind and value of each fact, joined."""
    return [f"{fact.kind} {fact.value}" for fact in facts(text, language)]


@pytest.mark.parametrize(
    ("written", "language", "value"),
    [
        ("1,234.5", "en", "1234.5"),
        ("1.234,5", "de", "1234.5"),
        ("1 234,5", "fr", "1234.5"),
        ("1\u202f234\u202f567", "fr", "1234567"),
        ("1'234'567", "de", "1234567"),
        ("12,34,567", "en", "1234567"),
        ("1,234", "en", "1234"),
        ("1.234", "en", "1.234"),
        ("1.234", "de", "1234"),
        ("1,234", "ru", "1.234"),
        ("4.000", "es", "4000"),
        ("4,000", "es", "4000"),
        ("1,234", "", "1234"),
        ("0,5", "uk", "0.5"),
        (".6", "en", "0.6"),
        ("١٢٣٤", "ar", "1234"),
        ("१२,३४,५६७", "hi", "1234567"),
        ("１２", "ja", "12"),
        ("1\u200b2", "en", "12"),
        ("007", "en", "7"),
    ],
)
def test_numbers_in_figures(written: str, language: str, value: str) -> None:
    assert told(f"x {written} y", language) == [f"number {value}"]


NO_QUANTITIES = ["1.2.3", "1,2.3,4", "3.14.15.92", "7" * 40, "v2.0", "https://example.org/2024/12", "a5@b7.org"]


@pytest.mark.parametrize("written", NO_QUANTITIES)
def test_what_is_no_quantity_is_no_number(written: str) -> None:
    assert told(f"see {written} there", "en") == []


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("twelve", "en", "12"),
        ("twenty-one", "en", "21"),
        ("two hundred and five thousand", "en", "205000"),
        ("1.2 million", "en", "1200000"),
        ("two dozen", "en", "24"),
        ("zweiundzwanzig", "de", "22"),
        ("fünfhundert", "de", "500"),
        ("1,2 Mio.", "de", "1200000"),
        ("3 Mrd.", "de", "3000000000"),
        ("quatre-vingt-dix-sept", "fr", "97"),
        ("soixante et onze", "fr", "71"),
        ("vingt et un", "fr", "21"),
        ("deux milliards", "fr", "2000000000"),
        ("treinta y dos", "es", "32"),
        ("mil quinientos", "es", "1500"),
        ("4.000 millones", "es", "4000000000"),
        ("ventidue", "it", "22"),
        ("500mila", "it", "500000"),
        ("tweeëntwintig", "nl", "22"),
        ("4 miljard", "nl", "4000000000"),
        ("dwadzieścia dwa", "pl", "22"),
        ("pięć tysięcy", "pl", "5000"),
        ("двадцать пять тысяч", "ru", "25000"),
        ("2,5 млрд", "ru", "2500000000"),
        ("двадцять п’ять", "uk", "25"),
        ("п'ять", "uk", "5"),
        ("3 млн", "uk", "3000000"),
    ],
)
def test_numbers_in_words(text: str, language: str, value: str) -> None:
    assert told(text, language) == [f"number {value}"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("One of them is a man of his word.", "en"),
        ("It may march on; a second, please.", "en"),
        ("Half a trillion rubles, a third of the budget, two thirds of it.", "en"),
        ("Ein Minister und eine Ministerin achten auf die Würde.", "de"),
        ("Le Premier ministre et la Première dame", "fr"),
        ("Secondo il presidente, prima di tutto", "it"),
        ("Один из них улучшает городскую среду", "ru"),
        ("Xi Jinping and XI JINPING", "en"),
        ("Section 1.2.3", "en"),
        ("1.\n2)\nII. first of all", "en"),
        ("24/7 and 50/50", "en"),
    ],
)
def test_what_is_doubtful_is_no_fact(text: str, language: str) -> None:
    assert told(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("12.5%", "en", "12.5"),
        ("5 per cent", "en", "5"),
        ("twelve percent", "en", "12"),
        ("12,5 %", "fr", "12.5"),
        ("cinq pour cent", "fr", "5"),
        ("12,5 Prozent", "de", "12.5"),
        ("el 5 por ciento", "es", "5"),
        ("il 5 per cento", "it", "5"),
        ("vijf procent", "nl", "5"),
        ("12,5 proc.", "pl", "12.5"),
        ("12,5 процента", "ru", "12.5"),
        ("12 відсотків", "uk", "12"),
        ("١٢٪", "ar", "12"),
    ],
)
def test_shares(text: str, language: str, value: str) -> None:
    assert told(text, language) == [f"percent {value}"]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("$1.2 billion", "en", "USD 1200000000"),
        ("US$ 5m", "en", "USD 5000000"),
        ("C$300", "en", "CAD 300"),
        ("EUR 2.2 billion", "en", "EUR 2200000000"),
        ("€5", "en", "EUR 5"),
        ("5 million dollars", "en", "USD 5000000"),
        ("a billion euros", "en", "EUR 1000000000"),
        ("2,2 milliards d’euros", "fr", "EUR 2200000000"),
        ("100 Mio. Euro", "de", "EUR 100000000"),
        ("3.000,- Euro", "de", "EUR 3000"),
        ("500 millones de dólares", "es", "USD 500000000"),
        ("500mila euro", "it", "EUR 500000"),
        ("5 mln zł", "pl", "PLN 5000000"),
        ("5 млн рублей", "ru", "RUB 5000000"),
        ("1,2 млрд гривень", "uk", "UAH 1200000000"),
    ],
)
def test_sums(text: str, language: str, value: str) -> None:
    assert told(text, language) == [f"money {value}"]


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("on 24 February 2022", "en", ["2022-02-24"]),
        ("on February 24th, 2022", "en", ["2022-02-24"]),
        ("the 24th of February", "en", ["--02-24"]),
        ("February 24-26, 2022", "en", ["2022-02-24", "2022-02-26"]),
        ("2022-02-24", "", ["2022-02-24"]),
        ("2/24/2022", "en-US", ["2022-02-24"]),
        ("24/02/2022", "fr", ["2022-02-24"]),
        ("24.02.22", "de", ["2022-02-24"]),
        ("am 24. Februar 2022", "de", ["2022-02-24"]),
        ("vom 24. bis 26. Februar", "de", ["--02-24", "--02-26"]),
        ("le 1er mars 2024", "fr", ["2024-03-01"]),
        ("24 de febrero de 2022", "es", ["2022-02-24"]),
        ("dell’11 settembre 2001", "it", ["2001-09-11"]),
        ("op 11 september", "nl", ["--09-11"]),
        ("24 lutego 2022 r.", "pl", ["2022-02-24"]),
        ("с 24 по 26 февраля 2022 года", "ru", ["2022-02-24", "2022-02-26"]),
        ("24 лютого 2022 року", "uk", ["2022-02-24"]),
        ("in March", "en", ["--03"]),
        ("в марте", "ru", ["--03"]),
        ("in February 2022", "en", ["2022-02"]),
        ("in 2022", "en", ["2022"]),
        ("31 February 2022", "en", []),
    ],
)
def test_dates(text: str, language: str, values: list[str]) -> None:
    dates = [fact.value for fact in facts(text, language) if fact.kind is FactKind.DATE]
    assert dates == (values or ["2022-02"])  # a day that is none leaves its month


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("at 3:30 p.m.", "en", "15:30"),
        ("12 a.m.", "en", "00:00"),
        ("14h30", "fr", "14:30"),
        ("14.30 Uhr", "de", "14:30"),
        ("um 14 Uhr", "de", "14:00"),
        ("16.08 uur", "nl", "16:08"),
        ("в 14:30", "ru", "14:30"),
    ],
)
def test_times(text: str, language: str, value: str) -> None:
    assert told(text, language) == [f"time {value}"]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("the 12th package", "en", "12"),
        ("the twelfth package", "en", "12"),
        ("the twenty-second package", "en", "22"),
        ("the XII Congress", "en", "12"),
        ("das 12. Paket", "de", "12"),
        ("EU nimmt 12. Sanktionspaket an", "de", "12"),
        ("das zwölfte Paket", "de", "12"),
        ("le 12e paquet", "fr", "12"),
        ("le douzième paquet", "fr", "12"),
        ("el 12.º paquete", "es", "12"),
        ("el duodécimo paquete", "es", "12"),
        ("il settimo pacchetto", "it", "7"),
        ("het twaalfde pakket", "nl", "12"),
        ("przyjmuje 12. pakiet", "pl", "12"),
        ("dwunasty pakiet", "pl", "12"),
        ("12-й пакет", "ru", "12"),
        ("двадцать второго пакета", "ru", "22"),
        ("12-го пакета", "uk", "12"),
        ("дванадцятий пакет", "uk", "12"),
    ],
)
def test_ordinals(text: str, language: str, value: str) -> None:
    assert told(text, language) == [f"ordinal {value}"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("IP/26/1166", "IP/26/1166"),
        ("STATEMENT/26/123.", "STATEMENT/26/123"),
        ("Regulation (EU) 2024/1689", "2024/1689"),
        ("Regulation (EU) No 833/2014", "833/2014"),
        ("PE-CONS 12/24", "PE-CONS 12/24"),
        ("S/RES/2231 (2015)", "S/RES/2231"),
        ("COM(2022) 123", "COM(2022)123"),
        ("H.R. 1234", "HR 1234"),
        ("H.Res. 7", "HRES 7"),
        ("E.O. 14067", "EO 14067"),
        ("Executive Order 14067", "EO 14067"),
        ("Public Law No. 117-58", "PL 117-58"),
        ("the F-16", "F16"),
        ("С-300", "S300"),
        ("COVID-19", "COVID19"),
    ],
)
def test_references(text: str, value: str) -> None:
    assert f"reference {value}" in told(text, "en")


MONDAYS = ("Monday", "lundi", "Montag", "lunes", "lunedì", "maandag", "poniedziałek", "понедельник", "понеділок")


@pytest.mark.parametrize(("written", "language"), list(zip(MONDAYS, LANGUAGES, strict=True)))
def test_a_weekday_is_one_in_every_language(written: str, language: str) -> None:
    assert told(written, language) == ["weekday mon"]


def test_a_telephone_number_is_one_number() -> None:
    assert told("Call 202-225-4115 or (202) 225-4115.", "en") == ["number 2022254115"] * 2


def test_the_place_is_that_in_the_text_as_given() -> None:
    text = "Cafe\u0301 \u200b1\u200b2 men, 5\u202f000\u00a0€"
    assert [text[fact.start : fact.end] for fact in facts(text, "fr")] == ["1\u200b2", "5\u202f000\u00a0€"]


def test_the_language_is_guessed_from_the_small_words() -> None:
    text = "Der Rat hat das zwölfte Paket für die Ukraine auf den Weg gebracht und dankt der Kommission."
    assert told(text) == told(text, "de") == ["ordinal 12"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_word_is_read(language: str) -> None:
    for word, value in cardinals(language).items():
        assert told(word.replace("ʼ", "’"), language) == [f"number {value}"], word


@pytest.mark.parametrize("language", LANGUAGES)
def test_ordinal_words_are_no_cardinals(language: str) -> None:
    assert {word for word in ordinals(language) if word in cardinals(language)} == set()


@given(st.text(), st.sampled_from(["", *LANGUAGES, "ja"]))
def test_facts_are_in_order_and_do_not_overlap(text: str, language: str) -> None:
    ends = 0
    for fact in facts(text, language):
        assert isinstance(fact, Fact)
        assert ends <= fact.start < fact.end <= len(text)
        ends = fact.end


@given(
    st.lists(
        st.sampled_from(
            [
                "12",
                "24.",
                "February",
                "Februar",
                "2022",
                ",",
                "-",
                "and",
                "und",
                "1st",
                "million",
                "$",
                "%",
                "a",
                "one",
                "two",
                "II",
                "/",
                ":",
                "p.m.",
                "й",
            ]
        ),
        max_size=30,
    )
)
def test_any_row_of_parts_of_facts_is_read(parts: list[str]) -> None:
    for text in (" ".join(parts), "".join(parts)):
        for language in ("", "en", "de", "ru"):
            facts(text, language)


@given(st.integers(0, 10**12))
def test_grouped_figures_are_the_number(number: int) -> None:
    assert read_figures(f"{number:,}", "en") == number
    assert read_figures(f"{number:,}".replace(",", "."), "de") == number
    assert read_figures(f"{number:,}".replace(",", " "), "fr") == number


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_number_in_canonical_form_is_the_number(number: Decimal) -> None:
    assert Decimal(canonical(number)) == number
    assert "E" not in canonical(number)


def test_roman_numerals() -> None:
    assert [read_roman(written) for written in ("II", "IV", "IX", "XII", "XXI", "XXXIX")] == [2, 4, 9, 12, 21, 39]
    assert [read_roman(written) for written in ("IIII", "VX", "IC", "X" * 9, "CD")] == [0] * 5


ROWS = ["1 ", "1.", "24 and ", "two hundred ", "A-1", "a\u0301", "\u200b", "@", "+1 (", "twenty-", "May ", "$"]


@pytest.mark.parametrize("part", ROWS)
def test_a_long_row_of_one_thing_is_read(part: str) -> None:
    facts(part * 20_000, "en")


def test_what_is_longer_than_a_book_is_cut() -> None:
    assert told("word " * 100_000 + "12", "en") == []
