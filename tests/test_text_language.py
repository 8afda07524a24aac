"""A language is told where it is sure; where it is not, nothing is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.language import detect_language

TEXTS = {
    "en": "The ministers of the two countries met in Geneva and agreed that the talks on grain will go on for a month.",
    "fr": "Les ministres des deux pays se sont rencontrés à Genève et ont convenu que les pourparlers sur le blé continuent.",
    "de": "Die Minister der beiden Länder trafen sich in Genf und einigten sich, dass die Gespräche über das Getreide andauern.",
    "ru": "Министры двух стран встретились в Женеве и договорились о том, что переговоры по зерну будут продолжены.",
    "uk": "Міністри двох країн зустрілися в Женеві та домовилися про те, що переговори щодо зерна триватимуть, як це було.",
}
OTHERS = {
    "es": "Los ministros de los dos países se reunieron en Ginebra y acordaron que las conversaciones sobre el grano siguen.",
    "it": "I ministri dei due paesi si sono incontrati a Ginevra e hanno convenuto che i colloqui sul grano continueranno.",
    "nl": "De ministers van de twee landen ontmoetten elkaar in Genève en spraken af dat de gesprekken over graan doorgaan.",
    "pl": "Ministrowie obu krajów spotkali się w Genewie i uzgodnili, że rozmowy w sprawie zboża będą kontynuowane.",
    "be": "Міністры дзвюх краін сустрэліся ў Жэневе і дамовіліся, што перамовы па збожжы будуць працягвацца на працягу месяца.",
    "bg": "Министрите на двете страни се срещнаха в Женева и се договориха, че преговорите за зърното ще продължат един месец.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_language_of_our_sources_is_told(language: str) -> None:
    assert detect_language(TEXTS[language]) == language


@pytest.mark.parametrize("language", OTHERS)
def test_another_language_is_taken_for_none_of_them(language: str) -> None:
    assert detect_language(OTHERS[language]) == ""


@pytest.mark.parametrize("text", ["", "Talks", "Emmanuel Macron", "24.02.2022", "Meeting of the G7", TEXTS["en"] + TEXTS["fr"]])
def test_what_is_short_or_mixed_is_of_no_language(text: str) -> None:
    assert detect_language(text) == ""


@given(st.text())
def test_no_text_breaks_the_detector(text: str) -> None:
    assert detect_language(text) in {"", *TEXTS}
