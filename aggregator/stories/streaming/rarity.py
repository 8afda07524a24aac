"""How rare the words, figures and names of a text are: in the stream so far, and in a language at large where it is young."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import exp, log

from aggregator.stories.streaming.common_words import share_of_texts, share_of_texts_by_stem
from aggregator.stories.streaming.portrait import FIGURE_MARK, Portrait

BELIEF = 500  # texts that the shares of a language at large are worth
UNLISTED = 0.001  # share of texts with a word that is not among the common ones
COMMON_AS_NAME = 0.135  # e^-2: a common word is so much rarer as a name ("Bush", "Apple")
LEAST = 1.5  # rarity (in nats) from which a word tells something: below, one text in five has it
MOST_OF_NAME = 2.5  # what a text can make of a name, in mentions
NAME_SHARE = 0.5  # of a word's places inside sentences with a capital: then it is a name where a capital tells nothing
MOST_TEXTS = 20_000  # texts after which all counts are halved: the stream's words change with the years
MOST_TERMS = 400_000  # the same for its memory, whatever is sent
SHORT_FIGURES = {1: 0.03, 2: 0.015}  # share of texts by digits of a figure; about that of the English texts of the tests
YEAR, FIGURE = 0.02, 0.0005


class Rarity:
    """Counts of the texts that held a term. Grows with the terms of the latest 20,000 texts at most."""

    def __init__(self) -> None:
        self._texts = 0
        self._with: Counter[str] = Counter()
        self._cased: dict[str, tuple[Counter[str], Counter[str]]] = {}  # by language: words with a capital, words without

    def terms(self, portrait: Portrait) -> dict[str, float]:
        """The weights of the words and figures of a text that tell something: rarity in nats by what the text makes of them."""
        believed, seen, texts = _believed(portrait.language).get, self._with.get, BELIEF + self._texts
        most = texts * exp(-LEAST)
        weights = {}
        for term, times in portrait.terms.items():
            held = believed(term)
            if held is None:
                held = BELIEF * (_share_of_figure(term) if term[0] == FIGURE_MARK else UNLISTED)
            held += seen(term, 0)
            if held <= most:
                weights[term] = times * log(texts / held)
        return weights

    def names(self, portrait: Portrait, terms: Mapping[str, float]) -> dict[str, float]:
        """The same for names by their keys, and the figures of `terms` beside them: what is equal in two languages."""
        shares, texts = share_of_texts(portrait.language), BELIEF + self._texts
        capitals, smalls = self._cases(portrait.language)
        weights: dict[str, float] = {}
        for folded, (key, inside, heads) in portrait.names.items():
            capital = capitals.get(folded, 0)
            if not capital or capital < NAME_SHARE * (capital + smalls.get(folded, 0)):
                continue
            share = shares.get(folded, UNLISTED)
            held = BELIEF * (share * COMMON_AS_NAME if share > UNLISTED else share) + self._with.get(key, 0)
            rare = log(texts / held) if held < texts else 0.0
            if rare >= LEAST:
                much = min(1 + 0.5 * log(inside + heads) + (key in portrait.named), MOST_OF_NAME)
                weights[key] = max(weights.get(key, 0.0), rare * much)
        weights.update({figure: terms[figure] for figure in portrait.numbers if figure in terms})
        return weights

    def hear(self, portrait: Portrait) -> None:
        """Learn which of a text's words are written with a capital. To be called before its names are asked for."""
        capitals, smalls = self._cases(portrait.language)
        for folded, (_, inside, _) in portrait.names.items():
            if inside:
                capitals[folded] = capitals.get(folded, 0) + min(inside, 3)
        smalls.update(portrait.small)

    def count(self, portrait: Portrait, names: Iterable[str]) -> None:
        """Count a text, after its own weights were asked for."""
        self._texts += 1
        seen = self._with
        seen.update(portrait.terms.keys())
        seen.update([name for name in names if name[0] != FIGURE_MARK])
        cased = sum(len(words) for cases in self._cased.values() for words in cases)
        if self._texts >= MOST_TEXTS or len(seen) + cased > MOST_TERMS:
            self._fade()

    def _cases(self, language: str) -> tuple[Counter[str], Counter[str]]:
        if language not in self._cased:
            self._cased[language] = Counter(), Counter()
        return self._cased[language]

    def _fade(self) -> None:
        self._texts //= 2
        self._with = _halved(self._with)
        halved = {language: (_halved(capitals), _halved(smalls)) for language, (capitals, smalls) in self._cased.items()}
        self._cased = {language: cases for language, cases in halved.items() if any(cases)}


@lru_cache
def _believed(language: str) -> Mapping[str, float]:
    """The common stems of a language with how many of the texts that are believed in hold them."""
    return {stemmed: BELIEF * share for stemmed, share in share_of_texts_by_stem(language).items()}


def _halved(counts: Mapping[str, int]) -> Counter[str]:
    return Counter({term: times // 2 for term, times in counts.items() if times > 1})


def _share_of_figure(term: str) -> float:
    length = len(term) - 1
    if length == 4 and term[1:3] in ("19", "20"):
        return YEAR
    return SHORT_FIGURES.get(length, FIGURE)
