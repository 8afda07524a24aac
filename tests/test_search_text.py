"""The words of a search, and where it stands in a text."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.findable import LONGEST, MOST_BYTES, MOST_WORDS, findable, findable_words
from aggregator.text.highlight import Marked, as_html, marked, matches, snippet
from aggregator.text.query import Part, QueryError, parse_query

TEXT = st.text(
    st.one_of(st.sampled_from("aZ7é\u0301 -'’“…\xa0\x1f北ไยß½ﬁİ\u00ad\n_ЁйłØ"), st.characters(exclude_categories=["Cs"])),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'Élysée, l’été", "l elysee l ete"),
        ("Зеленський Київ ёлка Ґ", "зеленськии киів елка ґ"),
        ("Straße ÆON Łódź smørrebrød Iğdır", "strasse aeon lodz smorrebrod igdir"),
        ("e\u0301te\u0301 soft\u00adhyphen", "ete softhyphen"),
        ("½ ﬁn №5 x²", "1 2 fin 5 x2"),
        ("北京大学 is ไทย", "北 京 大 学 is ไ ท ย"),
        ("한국어", "한국어"),
        ("GPT_4 a.b@c-d", "gpt 4 a b c d"),
        ("😀 — …", ""),
        ("Putin’s “No”—and\xa0more…\x1fOK", "putin s no and more ok"),
        ("\ue000fkremlin \ue001", "fkremlin"),
    ],
)
def test_words_are_compared_without_case_and_accents(text: str, words: str) -> None:
    assert findable_words(text) == words.split()


@given(text=TEXT)
def test_each_word_stands_where_it_is_said_to_stand(text: str) -> None:
    words = list(findable(text))
    assert [word.word for word in words] == findable_words(text)
    assert all(word.word in findable_words(text[word.start : word.end]) for word in words)
    assert all(a.end <= b.start or (a.start, a.end) == (b.start, b.end) for a, b in pairwise(words))
    assert all(re.fullmatch(r"[^\W_]+", word.word) for word in words)  # nothing that a database would read otherwise


def test_no_word_and_no_text_is_longer_than_databases_take() -> None:
    assert findable_words("x" * 10_000 + " é" + "ж" * 10_000) == ["x" * LONGEST, "e" + "ж" * (LONGEST - 1)]
    assert len(findable_words("a " * 100_000)) == MOST_WORDS
    wide = findable_words(" ".join(f"{number:x}" + "ж" * 40 for number in range(50_000)))
    assert MOST_BYTES - 100 < sum(len(word.encode()) for word in wide) <= MOST_BYTES


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Grain  deal", [Part(("grain",)), Part(("deal",))]),
        ('"grain deal" grain', [Part(("grain", "deal")), Part(("grain",))]),
        ("„grain deal“ «мир»", [Part(("grain", "deal")), Part(("мир",))]),
        ('-"grain deal" -war', [Part(("grain", "deal"), negated=True), Part(("war",), negated=True)]),
        ("ukrain* -nato*", [Part(("ukrain",), prefix=True), Part(("nato",), prefix=True, negated=True)]),
        ("anti-war x - y", [Part(("anti", "war")), Part(("x",)), Part(("y",))]),
        ("l'Ély*", [Part(("l",)), Part(("ely",), prefix=True)]),
        ("a a A", [Part(("a",))]),
        ('open "quotation of', [Part(("open",)), Part(("quotation", "of"))]),
        ("NEAR(a* OR (b", [Part(("near",)), Part(("a",), prefix=True), Part(("or",)), Part(("b",))]),
        ("  ", []),
    ],
)
def test_what_is_read_of_a_search(text: str, parts: list[Part]) -> None:
    try:
        assert list(parse_query(text).parts) == parts
    except QueryError as error:
        pytest.fail(str(error))


@given(text=TEXT, query=TEXT)
def test_highlights_are_spans_of_what_is_shown(text: str, query: str) -> None:
    try:
        read = parse_query(query)
    except QueryError:
        return
    for shown in (marked(read, text), snippet(read, text)):
        ends = [0, *(at for span in shown.spans for at in span), len(shown.text)]
        assert ends == sorted(ends)
        assert all(start < end for start, end in shown.spans)
        alone = as_html(shown).replace("<mark>", "").replace("</mark>", "")
        assert not set(alone) & set("<>\"'")
    assert (
        matches(read, text, "")
        or all(part.negated for part in read.parts)
        or not marked(read, text).spans
        or len(read.parts) > 1
    )


def test_a_snippet_of_a_long_phrase_or_of_nothing() -> None:
    assert snippet(parse_query("x"), "short\ntext") == Marked("short text", ())
    long = "word " * 100
    assert snippet(parse_query(""), long).text.endswith("word …")
    phrase = " ".join(f"p{number}" for number in range(60))
    shown = snippet(parse_query(f'"{phrase}"'), f"{long}{phrase} end")
    assert [shown.text[start:end] for start, end in shown.spans] == [phrase]
