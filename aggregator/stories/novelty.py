"""Which sentences a story has told, and where: the same facts in much the same words. Another figure, date, name or a "not" is news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.text.fingerprint import words

TOLD = 0.8  # share of a sentence's words that an earlier one holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Novelty:
    """What one sentence is to a story that has told others."""

    told: bool  # the story said it: nothing in it is news
    by: int | None = None  # the index of the earlier sentence that tells it, or the most of it; None where `told` is false
    instead: int | None = None  # the index of an earlier sentence that says the same with another fact: it was changed since


def new_in(sentences: Sequence[str], earlier: Sequence[str]) -> list[Novelty]:
    """For each sentence, whether the story told it, and which earlier sentence tells it. The judgement that `digest` makes."""
    bags = [frozenset(words(sentence)) for sentence in earlier]
    return [_novelty(frozenset(words(sentence)), bags) for sentence in sentences]


def _novelty(bag: frozenset[str], bags: Sequence[frozenset[str]]) -> Novelty:
    for at, old in enumerate(bags):
        if bag and len(bag & old) >= TOLD * len(bag):
            return Novelty(told=True, by=at)
    return Novelty(told=not bag)
