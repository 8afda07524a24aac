"""The baseline of the stories in a stream: TF-IDF, cosine, single pass. What most aggregators do, at its best threshold.

It joins a text to the text that is most like it, if that is like enough; words count as they are, by how many of the texts so
far have them. Used as `benchmarks.plain_stories:PlainStories` where `aggregator.stories:StoryStream` is measured. Time and
memory for a text grow with the number of texts.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from math import log, sqrt

from aggregator.text.fingerprint import words

LIKE = 0.30  # cosine; of 0.15, 0.20, … 0.60 the best mean F1 over the three development sets (76.7, 42.0 and 67.2)


class PlainStories:
    """Single-pass clustering by the cosine of TF-IDF vectors with the nearest earlier text."""

    like = LIKE

    def __init__(self) -> None:
        self._with: Counter[str] = Counter()
        self._index: dict[str, list[tuple[int, float]]] = {}
        self._labels: list[str] = []

    def add(self, key: str, title: str, text: str, published: datetime, language: str = "") -> str:
        """The label of a text: that of the nearest earlier one, or its own key."""
        del published, language
        counts = Counter(words(f"{title}\n{text}"))
        self._with.update(counts.keys())
        texts = len(self._labels) + 1
        weights = {word: (1 + log(times)) * log(1 + texts / self._with[word]) for word, times in counts.items()}
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        likeness: Counter[int] = Counter()
        for word, weight in weights.items():
            for number, other in self._index.get(word, ()):
                likeness[number] += weight / length * other
        best = max(likeness.items(), key=lambda item: (item[1], -item[0]), default=None)
        label = self._labels[best[0]] if best and best[1] >= self.like else key
        for word, weight in weights.items():
            self._index.setdefault(word, []).append((len(self._labels), weight / length))
        self._labels.append(label)
        return label
