"""Whether two texts are language versions of one statement."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.stories.profiles import Profile, profile, profile_bytes, read_profile
from aggregator.stories.translations import bands, same_in_two_languages
from tests.versions import VERSIONS

DATA = Path(__file__).parent / "data" / "meantime"
AT = datetime(2024, 6, 10, 12, 0, tzinfo=UTC)


def seen(statement: str, language: str, at: datetime = AT) -> Profile:
    title, text = VERSIONS[statement][language]
    return profile(text, at, language, title)


EVERY = [(statement, language) for statement, versions in VERSIONS.items() for language in versions]
PAIRS = [(one, other) for one, other in combinations(EVERY, 2) if one[1] != other[1]]
SAME = [(one, other) for one, other in PAIRS if one[0] == other[0] and not one[0].startswith("greeting")]
OTHERS = [(one, other) for one, other in PAIRS if one[0] != other[0]]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_versions_of_one_statement_are_found(one: tuple[str, str], other: tuple[str, str]) -> None:
    verdict = same_in_two_languages(seen(*one), seen(*other))
    assert verdict.same, verdict
    assert not verdict.veto
    assert set(bands(seen(*one))) & set(bands(seen(*other)))


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_different_statements_are_told_apart(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert not same_in_two_languages(seen(*one), seen(*other)).same


def articles() -> list[tuple[str, Profile]]:
    rows = map(json.loads, (DATA / "articles.jsonl").read_text(encoding="utf-8").splitlines())
    return [(row["article"], profile(row["text"], AT, row["language"], row["title"])) for row in rows]


def test_translations_by_people_are_found_among_their_neighbours() -> None:
    wrong = []
    for (article, one), (neighbour, other) in combinations(articles(), 2):
        verdict = same_in_two_languages(one, other)
        if one.language != other.language and verdict.same != (article == neighbour):
            wrong.append((article, one.language, neighbour, other.language, verdict))
    assert wrong == []


def test_translations_by_people_share_bands() -> None:
    for (article, one), (neighbour, other) in combinations(articles(), 2):
        assert article != neighbour or set(bands(one)) & set(bands(other))


def test_the_verdict_is_the_same_both_ways() -> None:
    for one, other in PAIRS:
        there, back = same_in_two_languages(seen(*one), seen(*other)), same_in_two_languages(seen(*other), seen(*one))
        assert there.same == back.same
        assert there.score == pytest.approx(back.score)


def test_the_next_package_is_another_one() -> None:
    verdict = same_in_two_languages(seen("package-12", "en"), seen("package-13", "de"))
    assert verdict.veto == "another ordinal: 12 and 13"


def test_the_evidence_names_what_both_have() -> None:
    facts, names, rest = same_in_two_languages(seen("package-12", "en"), seen("package-12", "pl")).evidence
    assert "EUR" not in facts  # one of two may not write the currency
    assert "2200000000" in facts
    assert "russia" in names
    assert rest.startswith("0 minutes apart, the shorter has ")


@pytest.mark.parametrize(
    ("old", "new", "veto"),
    [
        ("Emmanuel Macron", "Olaf Scholz", "another counterpart: emmanyuel makron and olaf scholz"),
        ("14 June", "21 June", "another date: 06-14 and 06-21"),
    ],
)
def test_a_fact_moved_in_one_version_forbids_it(old: str, new: str, veto: str) -> None:
    title, text = VERSIONS["call-macron"]["en"]
    verdict = same_in_two_languages(seen("call-macron", "uk"), profile(text.replace(old, new), AT, "en", title))
    assert not verdict.same
    assert verdict.veto == veto


def test_the_same_words_a_month_later_are_another_statement() -> None:
    late = seen("call-macron", "fr", AT + timedelta(days=30))
    assert same_in_two_languages(seen("call-macron", "en"), late).veto == "30 days lie between them"


def test_two_texts_of_one_language_are_left_to_the_index_of_near_copies() -> None:
    assert same_in_two_languages(seen("drones", "en"), seen("drones", "en")).veto == "both are in en"


def test_what_an_office_says_every_day_is_too_little_to_tell_by() -> None:
    sailors, actors = seen("greeting-sailors", "ru"), seen("greeting-actors", "en")
    assert same_in_two_languages(sailors, actors).veto == "too little to tell by"
    # The price: a short greeting without a name of its own is not found. A missed version is better than a false one.
    assert not same_in_two_languages(sailors, seen("greeting-sailors", "en")).same


def test_a_short_note_is_no_version_of_the_statement() -> None:
    note = profile("Володимир Зеленський розмовляв з Емманюелем Макроном.", AT, "uk")
    assert not same_in_two_languages(seen("call-macron", "en"), note).same


@pytest.mark.parametrize("text", ["", "Yes.", "…", "\u202e\u200b", "7" * 1000, "ꦲꦏ꧀ꦱꦫꦗꦮ 2022"])
def test_texts_without_evidence_are_no_versions_of_each_other(text: str) -> None:
    one, other = profile(text, AT, "en"), profile(text, AT, "fr")
    assert not same_in_two_languages(one, other).same


@pytest.mark.parametrize(("statement", "language"), EVERY)
def test_a_profile_comes_back_from_its_bytes(statement: str, language: str) -> None:
    kept = profile_bytes(seen(statement, language))
    assert read_profile(kept) == seen(statement, language)


@given(st.text(), st.sampled_from(["", "en", "de", "uk", "zh-Hans"]))
def test_any_text_makes_a_small_profile(text: str, language: str) -> None:
    made = profile(text, AT, language, text[:50])
    kept = profile_bytes(made)
    assert len(kept) <= 1024
    assert read_profile(kept) == made
    assert all(-(2**63) <= band < 2**63 for band in bands(made))


def test_a_long_text_makes_a_small_profile_too() -> None:
    text = " ".join(
        f"Minister Ivan{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}ov met {n * 37} people on {n % 28 + 1} May."
        for n in range(9000)
    )
    made = profile(text, AT, "en")
    assert len(profile_bytes(made)) <= 1024
    assert len(made.facts) > 20
    assert len(made.names) > 20


@pytest.mark.parametrize("kept", [b"", b"\x07", b"\x01\x00", b"\x02" * 60])
def test_bytes_of_another_version_are_refused(kept: bytes) -> None:
    with pytest.raises(ValueError, match="version"):
        read_profile(kept)


FIGURES_EN = """Olena Shapoval told the press in Odesa what the year has brought.
In 2023 the port of Odesa handled {} tonnes, 14.2% more than in the year before.
312 ships came from 41 countries.
They carried 5,410 vehicles and 87,300 containers. The quays cost 19.7 million euros and were built by 640 workers.
The next quay is to be 415 metres long and to be opened on 3 September 2025."""
FIGURES_DE = """Olena Schapowal berichtete der Presse in Odessa, was das Jahr gebracht hat.
Im Jahr 2023 wurden im Hafen von Odessa {} Tonnen umgeschlagen, 14,2 Prozent mehr als im Jahr zuvor.
312 Schiffe kamen aus 41 Ländern.
Sie brachten 5.410 Fahrzeuge und 87.300 Container. Die Kais kosteten 19,7 Mio. Euro und wurden von 640 Arbeitern gebaut.
Der nächste Kai soll 415 Meter lang sein und am 3. September 2025 eröffnet werden."""


@pytest.mark.parametrize(
    ("english", "german", "veto"),
    [
        ("2,345,678", "2.345.678", ""),
        ("2.35 million", "2,35 Mio.", ""),
        ("2,345,678", "2.354.678", ""),  # a slip among much that agrees
    ],
)
def test_one_slip_of_a_translator_is_none_of_ours(english: str, german: str, veto: str) -> None:
    one, other = profile(FIGURES_EN.format(english), AT, "en"), profile(FIGURES_DE.format(german), AT, "de")
    assert same_in_two_languages(one, other).veto == veto
    assert same_in_two_languages(one, other).same


def test_many_other_figures_are_another_text() -> None:
    moved = FIGURES_DE.format("2.345.678").replace("14,2", "15,1").replace("312", "287").replace("5.410", "6.020")
    moved = moved.replace("640", "710").replace("19,7", "21,4")
    assert not same_in_two_languages(profile(FIGURES_EN.format("2,345,678"), AT, "en"), profile(moved, AT, "de")).same


def test_another_day_is_another_text_however_much_agrees() -> None:
    moved = FIGURES_DE.format("2.345.678").replace("3. September", "4. September")
    verdict = same_in_two_languages(profile(FIGURES_EN.format("2,345,678"), AT, "en"), profile(moved, AT, "de"))
    assert verdict.veto == "another date: 09-03 and 09-04"
