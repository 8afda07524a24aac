"""How rare the words, figures and names of a text are: in the stream so far, and in a language at large where it is young."""

from __future__ import annotations

from collections.abc import Iterable
from math import log

from aggregator.stories.streaming.common_words import share_of_texts, share_of_texts_by_stem
from aggregator.stories.streaming.portrait import FIGURE_MARK, Portrait

BELIEF = 500  # texts that the shares of a language at large are worth
UNLISTED = 0.001  # share of texts with a word that is not among the common ones
COMMON_AS_NAME = 0.135  # e^-2: a common word is so much rarer as a name ("Bush", "Apple")
LEAST = 1.5  # rarity (in nats) from which a word tells something: below, one text in five has it
NAME_SHARE = 0.5  # of a word's places inside sentences with a capital: then it is a name where a capital tells nothing
MOST_TEXTS = 20_000  # texts after which all counts are halved: the stream's words change with the years
MOST_TERMS = 400_000  # the same for its memory, whatever is sent
SHORT_FIGURES = {1: 0.03, 2: 0.015}  # share of texts by digits of a figure; about that of the English texts of the tests
YEAR, FIGURE = 0.02, 0.0005


class Rarity:
    """Counts of the texts that held a term. Grows with the terms of the latest 20,000 texts at most."""

    def __init__(self) -> None:
        self._texts = 0
        self._with: dict[str, int] = {}
        self._capital: dict[str, int] = {}
        self._small: dict[str, int] = {}

    def terms(self, portrait: Portrait) -> dict[str, float]:
        """The weights of the words and figures of a text that tell something: rarity in nats by what the text makes of them."""
        shares = share_of_texts_by_stem(portrait.language)
        weights = {}
        for term, times in portrait.terms.items():
            share = _share_of_figure(term) if term[0] == FIGURE_MARK else shares.get(term, UNLISTED)
            rare = self._rare(term, share)
            if rare >= LEAST:
                weights[term] = times * rare
        return weights

    def names(self, portrait: Portrait, terms: dict[str, float]) -> dict[str, float]:
        """The same for names by their keys, and the figures of `terms` beside them: what is equal in two languages."""
        shares = share_of_texts(portrait.language)
        weights: dict[str, float] = {}
        for folded, key in portrait.name_of.items():
            if not self._is_name(portrait, folded):
                continue
            share = shares.get(folded, UNLISTED)
            rare = self._rare(key, share * COMMON_AS_NAME if share > UNLISTED else share)
            if rare >= LEAST:
                times = portrait.capitals.get(folded, 0) + portrait.heads.get(folded, 0)
                much = min(1 + 0.5 * log(times) + (key in portrait.named), 2.5)
                weights[key] = max(weights.get(key, 0.0), rare * much)
        weights.update({term: weight for term, weight in terms.items() if term[0] == FIGURE_MARK})
        return weights

    def _is_name(self, portrait: Portrait, folded: str) -> bool:
        word = f"{portrait.language}:{folded}"
        capital, small = self._capital.get(word, 0), self._small.get(word, 0)
        return capital > 0 and capital >= NAME_SHARE * (capital + small)

    def hear(self, portrait: Portrait) -> None:
        """Learn which of a text's words are written with a capital. To be called before its names are asked for."""
        language = portrait.language
        for folded, times in portrait.capitals.items():
            word = f"{language}:{folded}"
            self._capital[word] = self._capital.get(word, 0) + min(times, 3)
        for folded in portrait.small:
            word = f"{language}:{folded}"
            self._small[word] = self._small.get(word, 0) + 1

    def count(self, portrait: Portrait, names: Iterable[str]) -> None:
        """Count a text, after its own weights were asked for."""
        self._texts += 1
        for term in portrait.terms:
            self._with[term] = self._with.get(term, 0) + 1
        for name in names:
            if name[0] != FIGURE_MARK:
                self._with[name] = self._with.get(name, 0) + 1
        if self._texts >= MOST_TEXTS or len(self._with) + len(self._small) + len(self._capital) > MOST_TERMS:
            self._fade()

    def _rare(self, term: str, share: float) -> float:
        return -log(min(1.0, (BELIEF * share + self._with.get(term, 0)) / (BELIEF + self._texts)))

    def _fade(self) -> None:
        self._texts //= 2
        self._with, self._capital, self._small = (
            {term: times // 2 for term, times in counts.items() if times > 1}
            for counts in (self._with, self._capital, self._small)
        )


def _share_of_figure(term: str) -> float:
    length = len(term) - 1
    if length == 4 and term[1:3] in ("19", "20"):
        return YEAR
    return SHORT_FIGURES.get(length, FIGURE)
