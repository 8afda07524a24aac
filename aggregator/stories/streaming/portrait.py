"""A text as the stream of stories sees it: its words, names, figures and weekdays, read once from its head."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log

from aggregator.stories.streaming.calls import is_call
from aggregator.stories.streaming.seats import seats
from aggregator.stories.streaming.stems import stem
from aggregator.text.facts import Fact, FactKind, facts
from aggregator.text.factwords import months
from aggregator.text.findable import folded_word
from aggregator.text.placenames import name_of
from aggregator.text.transliteration import spell

READ_TITLE, READ_TEXT = 300, 2_000  # characters: what a text is about stands at its head; 5,000 told nothing more
LEAD = 400  # characters of a text whose figures and weekdays are those of its event
LONGEST = 40  # characters of a word
MOST_WORDS = 20_000  # of one language whose readings are remembered, all forgotten where there are more
LEAD_COUNTS, TITLE_COUNTS = 0.5, 1.0  # what a place in the lead or the title adds to the weight of one mention
NAME_LETTERS = 7  # of a name that are compared: the languages spell the ends of names differently
TITLE_CASE = 0.6  # of a title's words with a capital: then a capital tells nothing about a word
WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = "’‘–—”…\xa0»"  # beyond ASCII many texts have these, between words, and no others
# What a sign of ASCII is in a word, or between two. A line ends where it does.
_ASCII = {sign: chr(sign) if chr(sign).isalpha() or chr(sign) == "\n" else " " for sign in range(128)}
FIGURE = re.compile(r"\d\d*(?:[.,]\d+)*")
# A figure, and the word that it stands before. A digit comes first, so that `re` skips all else; and none is tried again from
# its middle.
COUNT = re.compile(r"(\d\d*+(?:[.,]\d++)*+)(?:[\s‐‑-]++([^\W\d_]++))?+")
MOST_COUNTS = 100  # of a text that are kept
COUNTED = 3  # letters of a word that tells what is counted, at least: "of", "km" and "p.m." do not
THOUSANDS = re.compile(r"(\d{1,3}(?:[.,]\d{3})+)(?:[.,](\d{1,2}))?")
# Behind these a word has its capital from the sentence, or may have it.
# One set of signs at first, whichever of the two it is: only then `re` skips what cannot begin it.
BREAK = re.compile(r"[.!?:…\n\"“„«*•|](?:(?<=[\n\"“„«*•|])|[\"'”’»)]*\s)")
FIGURE_MARK = "#"
YEAR = re.compile(r"(?:19|20)\d\d")
DAY = re.compile(r"-\d\d-\d\d$")  # of a date, with its year or without
NONE: frozenset[str] = frozenset()  # one for all: each empty set that is made takes 200 bytes, and most texts have several
_COUNTED = (FactKind.NUMBER, FactKind.PERCENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What is compared of a text."""

    at: float  # days since 1970
    language: str
    size: int  # words that were read
    terms: Mapping[str, float]  # stems, and figures behind a `#`: how much the text makes of them
    numbers: Sequence[str]  # those that are figures
    title: frozenset[str]  # those of the title
    small: Sequence[str]  # folded words that stand without a capital inside a sentence
    # Those with a capital: the key of the name; how often inside a sentence; how often where every word has one.
    names: Mapping[str, tuple[str, int, int]]
    named: frozenset[str]  # the keys of names in the title
    forms: Mapping[str, str]  # how the text writes its stems, and its names by their keys
    weekdays: frozenset[str]  # of title and lead
    figures: frozenset[str]  # of title and lead, without years
    counted: frozenset[str]  # of title and text: figures, "288 candidat" where they count something; no dates
    lead: frozenset[str]  # stems of title and lead
    ordinals: frozenset[str]  # of title and lead, as the three below
    sums: frozenset[str]
    dates: frozenset[str]  # month and day
    subject: frozenset[str]  # stems of the title's words that are no names: small ones, where not nearly all have a capital
    call: bool  # its title speaks of a telephone call
    seats: frozenset[str]  # seats of governments in which title or lead say that something was ("in Kyiv", "in the Kremlin")


def portrait(title: str, text: str, *, at: float, language: str) -> Portrait:
    """The portrait of a text; `at` is its time in days, `language` a BCP 47 tag or "". Linear in what is read."""
    language = language.casefold().partition("-")[0]
    title, text = title[:READ_TITLE], text[:READ_TEXT]
    lead = text[:LEAD]
    title_tokens, lead_tokens = written(title), written(lead)
    inside, heads = _words_by_place(title_tokens, text)
    read = _Told(language)
    read.read(inside, inside=True)
    read.read(heads, inside=False)
    counts = read.counts
    told = facts(f"{title}\n{lead}", language)
    words = _words_of(language)
    title_words = [word for token in title_tokens for word in words[token]]
    title_figures = [FIGURE_MARK + _figure(figure) for figure in FIGURE.findall(title)]
    numbers = Counter([*title_figures, *[FIGURE_MARK + _figure(figure) for figure in FIGURE.findall(text)]])
    counts.update(numbers)
    terms = dict.fromkeys(counts, 1.0)
    terms.update({term: 1 + 0.5 * log(times) for term, times in counts.items() if times > 1})
    led = {word[1] for token in lead_tokens for word in words[token]}
    for stemmed in led:
        terms[stemmed] = terms.get(stemmed, 1.0) + LEAD_COUNTS
    titled = frozenset((*(word[1] for word in title_words), *title_figures))
    for term in titled:
        terms[term] = terms.get(term, 1.0) + TITLE_COUNTS
    return Portrait(
        at=at,
        language=language,
        size=inside.total() + heads.total(),
        terms=terms,
        numbers=tuple(numbers),
        title=titled,
        small=read.small,
        names=read.names,
        named=frozenset(word[2] for word in title_words if word[2]),
        forms=read.forms,
        weekdays=_values(told, FactKind.WEEKDAY),
        figures=frozenset([value for value in _values(told, *_COUNTED) if not YEAR.fullmatch(value)]) or NONE,
        counted=_counted(f"{title}\n{text}", language, words) or NONE,
        lead=titled | led,
        ordinals=_values(told, FactKind.ORDINAL),
        sums=_values(told, FactKind.MONEY),
        dates=frozenset([value[-5:] for value in _values(told, FactKind.DATE) if DAY.search(value)]) or NONE,
        subject=_subject(title_tokens, words),
        call=is_call(title),
        seats=(seats(title_tokens) | seats(lead_tokens)) or NONE,
    )


class _Told:
    """What is told of the words of a text, as `Portrait` has it; `counts` says how often each stem is there."""

    def __init__(self, language: str) -> None:
        self._words = _words_of(language)
        self.counts: dict[str, int] = {}
        self.small: list[str] = []
        self.names: dict[str, tuple[str, int, int]] = {}
        self.forms: dict[str, str] = {}

    def read(self, tokens: Mapping[str, int], *, inside: bool) -> None:
        """Take in words with how often each is there: those inside sentences, and then those where a capital tells nothing."""
        words, counts, names, forms = self._words, self.counts, self.names, self.forms
        for token, times in tokens.items():
            for folded, stemmed, name in words[token]:
                if stemmed in counts:
                    counts[stemmed] += times
                else:
                    counts[stemmed], forms[stemmed] = times, token
                if name:
                    _, sure, unsure = names.get(folded, ("", 0, 0))
                    names[folded] = (name, sure + times, unsure) if inside else (name, sure, unsure + times)
                    forms.setdefault(name, token)
                elif inside:
                    self.small.append(folded)


def _words_by_place(titled: Sequence[str], text: str) -> tuple[Counter[str], Counter[str]]:
    """The words inside sentences, and those where a capital tells nothing."""
    inside: list[str] = []
    heads: list[str] = []
    if _in_title_case(titled):
        heads += titled
    else:
        heads += titled[:1]
        inside += titled[1:]
    for found in sentences(text):
        heads += found[:1]
        inside += found[1:]
    return Counter(inside), Counter(heads)


def _in_title_case(titled: Sequence[str]) -> bool:
    return sum(word[0].isupper() for word in titled) > TITLE_CASE * len(titled)


def _subject(titled: Sequence[str], words: _Words) -> frozenset[str]:
    """The stems of a title's words that are no names; none where nearly all have a capital, or in a script without any."""
    if _in_title_case(titled):
        return frozenset()
    return frozenset(stemmed for token in titled if token[0].islower() for _, stemmed, _ in words[token])


def _counted(text: str, language: str, words: _Words) -> frozenset[str]:
    """The figures of a text with the stems of what they count, or alone if they are long. No years, and no days of a month."""
    no_counts = months(language)
    found: set[str] = set()
    for match in COUNT.finditer(text):
        if len(found) >= MOST_COUNTS:
            break
        if text[max(match.start() - 1, 0)] in ".,":  # a part of one
            continue
        figure, token = _figure(match[1]), match[2] or ""
        if YEAR.fullmatch(figure) or token.lower() in no_counts:
            continue
        if len(token) >= COUNTED and words[token]:
            found.add(f"{figure} {words[token][0][1]}")
        elif len(figure) > 1:
            found.add(figure)
    return frozenset(found)


def sentences(text: str) -> Iterator[list[str]]:
    """The words of each sentence, or of less of a text: what stands between two breaks. Linear."""
    lines = "\n".join(BREAK.split(text))
    if not lines.isascii():
        for sign in _BETWEEN:
            lines = lines.replace(sign, " ")
    if lines.isascii():
        return map(str.split, lines.translate(_ASCII).split("\n"))
    return map(written, lines.split("\n"))


def written(text: str) -> list[str]:
    """The words of a text as they are written."""
    return text.translate(_ASCII).split() if text.isascii() else WORD.findall(text)  # in a quarter of the time


class _Words(dict[str, tuple[tuple[str, str, str], ...]]):
    """What the words of a language read as, remembered: some ten thousand make most of what is written in one.

    A dict, as looking a word up is most of what reading a text takes: a cache with arguments takes three times as long.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        # Stems and names, of those that are equal the first: a dict knows what is itself at once, and what is only equal by
        # fetching and comparing both.
        self._same: dict[str, str] = {}

    def __missing__(self, token: str) -> tuple[tuple[str, str, str], ...]:
        if len(self) >= MOST_WORDS:
            self.clear()
            self._same.clear()
        found = self[token] = _read(token, self._language, self._same)
        return found


@lru_cache(maxsize=8)
def _words_of(language: str) -> _Words:
    return _Words(language)


def _read(token: str, language: str, same: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Folded form, stem and key as a name ("" for what is none) of a run of letters; several in a script without spaces."""
    if token.isascii():
        folded = token[:LONGEST].lower()
        if folded == token:
            folded = token  # most are small already: one string for both is one less to be kept and fetched
    else:
        pieces = folded_word(token[:LONGEST])
        if len(pieces) > 1:  # Chinese, Japanese, Thai: two signs side by side are nearest to a word
            return tuple((pair, pair, "") for pair in map("".join, pairwise(pieces)))
        folded = pieces[0] if pieces else ""
    if len(folded) < 2:
        return ()
    stemmed = stem(folded, language)
    stemmed = same.setdefault(stemmed, stemmed)
    if not token[0].isupper():
        return ((folded, stemmed, ""),)
    name = f"@{name_of(token) or (spell(token, language) or folded)[:NAME_LETTERS]}"
    return ((folded, stemmed, same.setdefault(name, name)),)


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


def _values(told: Iterable[Fact], *kinds: FactKind) -> frozenset[str]:
    return frozenset([fact.value for fact in told if fact.kind in kinds]) or NONE
