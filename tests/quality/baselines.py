"""What is compared with: the plain methods that programs of this kind use, each at a usual or at its best threshold."""

from __future__ import annotations

import difflib
import math
from collections import Counter, defaultdict

from aggregator.text.fingerprint import words

SHINGLE, ALIKE = 5, 0.5  # words in a row; share of them that two texts have in common
NEAR = 0.40  # cosine: the best of 0.15, 0.20 … 0.50 on these sets


class Shingles:
    """Jaccard's index of five words in a row, exact: what MinHash estimates (Broder 1997)."""

    def __init__(self) -> None:
        self._texts: dict[str, frozenset[tuple[str, ...]]] = {}
        self._where: dict[tuple[str, ...], list[str]] = defaultdict(list)

    def add(self, key: str, text: str, *_: object) -> list[str]:
        """Keys of earlier texts that share half of the shingles."""
        there = words(text)
        own = frozenset(there[place : place + SHINGLE] for place in range(max(1, len(there) - SHINGLE + 1)))
        shared = Counter(other for one in own for other in self._where[one])
        found = [other for other, count in shared.items() if count / (len(own) + len(self._texts[other]) - count) >= ALIKE]
        self._texts[key] = own
        for one in own:
            self._where[one].append(key)
        return found


class SinglePass:
    """TF-IDF vectors, each text joined to the story of its nearest earlier text (Allan et al. 1998)."""

    def __init__(self) -> None:
        self._rarity: Counter[str] = Counter()
        self._texts: list[tuple[str, Counter[str]]] = []

    def add(self, key: str, title: str, text: str, *_: object) -> str:
        """The label of the nearest text at a cosine of `NEAR` or more, or a new one."""
        own = Counter(words(f"{title} {text}"))
        self._rarity.update(own.keys())
        nearest = max(((self._cosine(own, other), label) for label, other in self._texts), default=(0.0, key))
        label = nearest[1] if nearest[0] >= NEAR else key
        self._texts.append((label, own))
        return label

    def _cosine(self, a: Counter[str], b: Counter[str]) -> float:
        dot = sum(a[word] * b[word] * self._weight(word) ** 2 for word in a.keys() & b.keys())
        return dot / (self._length(a) * self._length(b) or 1.0)

    def _length(self, text: Counter[str]) -> float:
        return math.sqrt(sum((count * self._weight(word)) ** 2 for word, count in text.items()))

    def _weight(self, word: str) -> float:
        return math.log(1 + (len(self._texts) + 1) / self._rarity[word])


def counted_words(old: str, new: str) -> str:
    """The kind of an edit by how many words came and went, and how alike the changed ones are."""
    a, b = words(old), words(new)
    changed = [one for one in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if one[0] != "equal"]
    if not changed:
        return "format"
    gone = [word for _, start, end, _, _ in changed for word in a[start:end]]
    came = [word for _, _, _, start, end in changed for word in b[start:end]]
    if any(word.isdigit() for word in gone + came):
        return "figure"
    if len(came) > 2 * len(gone) + 3:
        return "addition"
    if len(gone) > 2 * len(came) + 3:
        return "removal"
    alike = difflib.SequenceMatcher(None, " ".join(gone), " ".join(came), autojunk=False).ratio()
    return "typo" if alike >= 0.8 else "rewording"
