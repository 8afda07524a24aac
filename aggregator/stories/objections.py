"""Why a sentence that is not its source's wording is refused: the gravest difference that can be named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from aggregator.stories.polarity import COMPARISONS, DENIALS, MODALS, UNITS, words_of
from aggregator.stories.wording import QUOTED, facts_of, tokens_of
from aggregator.text.plain import looks
from aggregator.text.sentences import split_sentences

FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
NAME = re.compile(r"\b[^\W\d_a-zа-яёєіїґß-öø-ÿ][\w'-]*")  # a word that starts with a capital
SINGLE = re.compile(r"(?<!\w)'([^']+)'(?!\w)")
_LABEL = r"[^\W_][\w-]{0,62}"
ADDRESS = re.compile(
    rf"(?:https?:|www\.)\S+|\b(?:{_LABEL}\.){{1,5}}(?:com|org|net|gov|eu|ru|ua|info|example)\b\S*", re.IGNORECASE
)


class Reason(StrEnum):
    """Why a sentence is not published: a code for programs and counts."""

    NO_CITATION = "no_citation"
    EMPTY = "empty"
    NOT_STORED = "not_stored"  # its revision
    OUTSIDE = "outside"  # its span, of the revision
    WIDE = "wide"  # its span: nobody finds the sentence in it
    CUT = "cut"  # its span, or the sentence, leaves out words on which what is said may turn
    MARKUP = "markup"
    HIDDEN = "hidden"  # control signs, invisible ones
    CONFUSABLE = "confusable"  # letters that look like those of its source
    ADDRESS = "address"  # a link that its source has not
    QUOTATION = "quotation"
    FIGURE = "figure"  # number, sum, share, date, weekday, time
    NAME = "name"
    NEGATION = "negation"
    MODALITY = "modality"  # will, may, if
    COMPARISON = "comparison"  # more, less, at least
    UNIT = "unit"  # of a measure, or a magnitude
    SEVERAL = "several"  # statements in one sentence
    WHO = "who"  # the source's words in another order: who says or does what may be another
    WORDING = "wording"  # words that its source has not


Objection = tuple[Reason, str]


def objection(said: str, span: str) -> Objection:
    """What is wrong with a sentence that is not the wording of its span; both folded."""
    for check in (_address, _quotation, _figure, _name, _turning):
        found = check(said, span)
        if found is not None:
            return found
    if len(split_sentences(said)) > 1:
        return Reason.SEVERAL, "it is several sentences, and not those of its source"
    return _of_words(said, span)


def _address(said: str, span: str) -> Objection | None:
    missing = [one for one in (found.rstrip(".,") for found in ADDRESS.findall(said)) if one not in span]
    return (Reason.ADDRESS, f"the address {missing[0]} is not in its source") if missing else None


def _quotation(said: str, span: str) -> Objection | None:
    if said.count('"') % 2:
        return Reason.QUOTATION, "a quotation has no end"
    for quoted in (QUOTED, SINGLE):
        if any(not _is_quoted(quote, quoted.findall(span)) for quote in quoted.findall(said)):
            return Reason.QUOTATION, "a quotation is not in its source"
    return None


def _is_quoted(quote: str, quotes: Sequence[str]) -> bool:
    return any(quote.rstrip(",.") in one for one in quotes)


def _figure(said: str, span: str) -> Objection | None:
    theirs = {(fact.kind, fact.value) for fact in facts_of(span, span)}
    mine = facts_of(said, span)
    missing = [fact for fact in mine if (fact.kind, fact.value) not in theirs]
    known = {figure for fact in mine if fact not in missing for figure in FIGURE.findall(said[fact.start : fact.end])}
    figures = set(FIGURE.findall(said)) - set(FIGURE.findall(span)) - known
    if figures:
        return Reason.FIGURE, f"the number {min(figures)} is not in its source"
    if missing:
        first = missing[0]
        return Reason.FIGURE, f"the {first.kind} “{said[first.start : first.end]}” is not in its source"
    return None


def _name(said: str, span: str) -> Objection | None:
    # The first word of a sentence has a capital in any case; it is a name only where the source writes it so.
    names = NAME.findall(said)[said[:1].isupper() :]
    missing = sorted(set(names) - set(NAME.findall(span)))
    if not missing:
        return None
    seen = {looks(name) for name in NAME.findall(span)}
    like = [name for name in missing if looks(name) in seen]
    if like:
        return Reason.CONFUSABLE, f"{like[0]} only looks like a word of its source"
    return Reason.NAME, f"the name {missing[0]} is not in its source"


_TURNS: tuple[tuple[Reason, frozenset[str], str], ...] = (
    (Reason.NEGATION, DENIALS, "it denies what its source does not, or the other way round"),
    (Reason.MODALITY, MODALS, "it is surer or less sure than its source"),
    (Reason.COMPARISON, COMPARISONS, "it says more or less than its source"),
    (Reason.UNIT, UNITS, "its measure or magnitude is another one than in its source"),
)


def _turning(said: str, span: str) -> Objection | None:
    mine, theirs = words_of(said), words_of(span)
    for reason, words, why in _TURNS:
        if Counter(word for word in mine if word in words) != Counter(word for word in theirs if word in words):
            return reason, why
    return None


def _of_words(said: str, span: str) -> Objection:
    mine, theirs = (
        [token.text.casefold() for token in tokens_of(one, span) if token.text[0].isalnum()] for one in (said, span)
    )
    there = iter(theirs)
    if all(word in there for word in mine):
        return Reason.CUT, "it leaves out words on which what is said may turn"
    foreign = Counter(mine) - Counter(theirs)
    if not foreign:
        return Reason.WHO, "its source has these words in another order: who says or does what may be another"
    return Reason.WORDING, f"“{next(iter(foreign))}” is not what its source says"
