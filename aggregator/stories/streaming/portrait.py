"""A text as the stream of stories sees it: its words, names, figures and weekdays, read once from its head."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import log

from aggregator.stories.streaming.stems import stem
from aggregator.text.facts import FactKind, facts
from aggregator.text.findable import findable_words
from aggregator.text.placenames import known_name
from aggregator.text.transliteration import spelled

READ_TITLE, READ_TEXT = 300, 5_000  # characters: what a text is about stands at its head
LEAD = 400  # characters of a text whose figures and weekdays are those of its event
LONGEST = 40  # characters of a word
NAME_LETTERS = 7  # of a name that are compared: the languages spell the ends of names differently
TITLE_CASE = 0.6  # of a title's words with a capital: then a capital tells nothing about a word
WORD = re.compile(r"[^\W\d_]+")
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
THOUSANDS = re.compile(r"(\d{1,3}(?:[.,]\d{3})+)(?:[.,](\d{1,2}))?")
# Behind these a word has its capital from the sentence, or may have it.
BREAK = re.compile(r"[.!?:…][\"'”’»)]*\s|[\n\"“„«*•|]")
FIGURE_MARK = "#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What is compared of a text."""

    at: float  # days since 1970
    language: str
    size: int  # words that were read
    terms: dict[str, float]  # stems, and figures behind a `#`: how much the text makes of them
    title: frozenset[str]  # those of the title
    capitals: dict[str, int]  # folded words that stand with a capital inside a sentence, and how often
    heads: dict[str, int]  # those that stand with a capital where every word has one
    small: frozenset[str]  # those that stand without
    name_of: dict[str, str]  # the key of a name by its folded word
    named: frozenset[str]  # the keys of names in the title
    forms: dict[str, str]  # a term or the key of a name as the text writes it
    weekdays: frozenset[str]  # of title and lead
    measures: frozenset[str]  # shares, sums and figures with a decimal point of title and lead


def portrait(title: str, text: str, *, at: float, language: str) -> Portrait:
    """The portrait of a text; `at` is its time in days, `language` a BCP 47 tag or "". Linear in what is read."""
    language = language.casefold().partition("-")[0]
    title, text = title[:READ_TITLE], text[:READ_TEXT]
    inside, heads = _words_by_place(title, text)
    in_title, in_lead = set(WORD.findall(title)), set(WORD.findall(text[:LEAD]))
    counts: Counter[str] = Counter()
    casing: tuple[dict[str, int], dict[str, int], set[str]] = ({}, {}, set())
    name_of: dict[str, str] = {}
    forms: dict[str, str] = {}
    titled: set[str] = set()
    named: set[str] = set()
    led: set[str] = set()
    for source, capital in ((inside, casing[0]), (heads, casing[1])):
        for token, times in source.items():
            for folded, stemmed, name in _read(token, language):
                counts[stemmed] += times
                forms.setdefault(stemmed, token)
                if token in in_title:
                    titled.add(stemmed)
                if token in in_lead:
                    led.add(stemmed)
                if name and token[0].isupper():
                    capital[folded] = capital.get(folded, 0) + times
                    name_of[folded] = name
                    forms.setdefault(name, token)
                    if token in in_title:
                        named.add(name)
                elif source is inside:
                    casing[2].add(folded)
    size = counts.total()
    figures = Counter(map(_figure, FIGURE.findall(text)))
    title_figures = {FIGURE_MARK + _figure(figure) for figure in FIGURE.findall(title)}
    counts.update({FIGURE_MARK + figure: times for figure, times in figures.items()})
    for figure in title_figures:
        counts[figure] += 1
    titled |= title_figures
    weekdays, measures = _lead_facts(f"{title}\n{text[:LEAD]}", language)
    return Portrait(
        at=at,
        language=language,
        size=size,
        terms={term: 1 + 0.5 * log(times) + 0.5 * (term in led) + 1.0 * (term in titled) for term, times in counts.items()},
        title=frozenset(titled),
        capitals=casing[0],
        heads=casing[1],
        small=frozenset(casing[2]),
        name_of=name_of,
        named=frozenset(named),
        forms=forms,
        weekdays=weekdays,
        measures=measures,
    )


def _words_by_place(title: str, text: str) -> tuple[Counter[str], Counter[str]]:
    """The words inside sentences, and those where a capital tells nothing."""
    inside: Counter[str] = Counter()
    heads: Counter[str] = Counter()
    titled = WORD.findall(title)
    if sum(word[0].isupper() for word in titled) > TITLE_CASE * len(titled):
        heads.update(titled)
    else:
        heads.update(titled[:1])
        inside.update(titled[1:])
    for sentence in BREAK.split(text):
        found = WORD.findall(sentence)
        heads.update(found[:1])
        inside.update(found[1:])
    return inside, heads


@lru_cache(maxsize=65_536)  # some ten thousand words make most of what is written in a few languages
def _read(token: str, language: str) -> tuple[tuple[str, str, str], ...]:
    """Folded form, stem and key as a name ("" for what is none) of a word; several for a run of a script without spaces."""
    pieces = findable_words(token[:LONGEST])
    if len(pieces) > 1:  # Chinese, Japanese, Thai: two signs side by side are nearest to a word
        return tuple((pair, pair, "") for pair in map("".join, zip(pieces, pieces[1:], strict=False)))
    if not pieces or len(pieces[0]) < 2:
        return ()
    folded = pieces[0]
    if not token[0].isupper():
        return ((folded, stem(folded, language), ""),)
    listed, length = known_name([token])
    name = listed if length == 1 else (spelled(token, language) or folded)[:NAME_LETTERS]
    return ((folded, stem(folded, language), f"@{name}"),)


@lru_cache(maxsize=16_384)
def _figure(written: str) -> str:
    """A figure without marks of thousands and with a decimal point, in ASCII."""
    if not written.isascii():
        written = "".join(str(unicodedata.digit(sign, 0)) if sign.isdigit() else sign for sign in written)
    written = written[:LONGEST]
    thousands = THOUSANDS.fullmatch(written)
    if thousands:
        return re.sub("[.,]", "", thousands[1]) + (f".{thousands[2]}" if thousands[2] else "")
    plain = written.replace(",", ".")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _lead_facts(lead: str, language: str) -> tuple[frozenset[str], frozenset[str]]:
    found = facts(lead, language)
    weekdays = frozenset(fact.value for fact in found if fact.kind is FactKind.WEEKDAY)
    measures = frozenset(
        fact.value
        for fact in found
        if fact.kind in (FactKind.PERCENT, FactKind.MONEY) or (fact.kind is FactKind.NUMBER and "." in fact.value)
    )
    return weekdays, measures
