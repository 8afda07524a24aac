"""Which published updates a statement says again in other words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from aggregator.stories.novelty import new_in
from aggregator.stories.revising import sentence_spans

MOST_OF_IT = 0.5  # share of a statement's words that must stand in sentences which the story told
PART = 1 / 3  # share of these that must be an update's, for the statement to say that update again


def repeated(text: str, earlier: Sequence[str], numbers: Sequence[int]) -> tuple[int, ...]:
    """The numbers of the updates that a text repeats, least first; none where the story told less than half of it.

    `earlier` are the sentences that the story told, `numbers` those of their updates; an update numbered 0 is another story's.
    """
    said = [text[start:end] for start, end in sentence_spans(text)]
    told: Counter[int] = Counter()
    total = 0
    for sentence, verdict in zip(said, new_in(said, earlier), strict=True):
        length = len(sentence.split())
        total += length
        if verdict.by is not None:
            told[numbers[verdict.by]] += length
    if not told or told.total() < MOST_OF_IT * total:
        return ()
    return tuple(sorted(number for number, words in told.items() if number and words >= PART * told.total()))
