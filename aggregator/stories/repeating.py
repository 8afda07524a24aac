"""Which published updates a statement says again in other words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

from aggregator.stories.novelty import new_in
from aggregator.stories.revising import sentence_spans

MOST_OF_IT = 0.5  # share of a statement's words that must stand in sentences which the story told
OWN = 0.9  # share of these that must be in updates of its own family, for the statement to be no reprint of another's
PART = 1 / 3  # share of these that must be an update's, for the statement to say that update again


def told_from(text: str, earlier: Sequence[str], numbers: Sequence[int]) -> tuple[int, ...]:
    """The numbers of the updates, three at most, that tell most of what a text says again, however much else it says."""
    told, _ = _words_told(text, earlier, numbers)
    return _most_of(told)


def repeated(text: str, earlier: Sequence[str], numbers: Sequence[int]) -> tuple[int, ...]:
    """The numbers of the updates that a text repeats, least first; none where the story told less than half of it.

    `earlier` are the sentences that the story told, `numbers` those of their updates; an update numbered 0 is another story's.
    """
    told, total = _words_told(text, earlier, numbers)
    return () if told.total() < MOST_OF_IT * total else _most_of(told)


def is_form(text: str, earlier: Sequence[str], numbers: Sequence[int], own: Collection[int]) -> bool:
    """Whether what a text says again some updates told, but for a tenth: who was there, how its publisher opens."""
    told, _ = _words_told(text, earlier, numbers)
    return sum(words for number, words in told.items() if number in own) >= OWN * told.total() > 0


def _words_told(text: str, earlier: Sequence[str], numbers: Sequence[int]) -> tuple[Counter[int], int]:
    """By update, how many words of a text it tells; and how many words the text has."""
    return _counted(text, tuple(earlier), tuple(numbers))


# Of each statement that is told this is asked up to three times: from which updates it is told, whether that is its form, and,
# where nothing of it is new, what it repeats.
@lru_cache(maxsize=1)
def _counted(text: str, earlier: tuple[str, ...], numbers: tuple[int, ...]) -> tuple[Counter[int], int]:
    said = [text[start:end] for start, end in sentence_spans(text)]
    told: Counter[int] = Counter()
    total = 0
    for sentence, verdict in zip(said, new_in(said, earlier), strict=True):
        length = len(sentence.split())
        total += length
        if verdict.by is not None:
            told[numbers[verdict.by]] += length
    return told, total


def _most_of(told: Counter[int]) -> tuple[int, ...]:
    return tuple(sorted(number for number, words in told.items() if number and words >= PART * told.total()))
