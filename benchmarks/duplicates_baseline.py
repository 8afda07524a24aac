"""Near-copies by plain MinHash LSH, the usual way: what `DuplicateIndex` is measured against.

    eval_duplicates.py benchmarks.duplicates_baseline:MinHashIndex

`MinHashIndex` is made and asked like `DuplicateIndex`, but needs datasketch, which is not among this project's requirements:
run it in an environment of its own. Texts are sets of runs of five words; two are near-copies where their estimated
likeness (Jaccard) is at least one half, or four fifths with `StrictMinHashIndex`.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

PEER = "datasketch==2.0.0"
HASHES = 128
RUN = 5
WORD = re.compile(r"\w+")


class MinHashIndex:
    """datasketch's MinHashLSH at a threshold; the candidates it hands out are checked against their estimated likeness."""

    threshold = 0.5

    def __init__(self) -> None:
        from datasketch import MinHashLSH  # only whoever measures has it  # noqa: PLC0415

        self._index = MinHashLSH(threshold=self.threshold, num_perm=HASHES)
        self._kept: dict[str, Any] = {}

    def add(self, key: str, text: str, published: datetime) -> list[str]:  # noqa: ARG002 - plain MinHash knows no times
        """The keys of earlier texts that are alike, the likest first."""
        from datasketch import MinHash  # noqa: PLC0415 - as above

        words = WORD.findall(text.lower())
        runs = {" ".join(words[at : at + RUN]).encode() for at in range(max(1, len(words) - RUN + 1))}
        sketch = MinHash(num_perm=HASHES)
        sketch.update_batch(runs)
        alike = {there: sketch.jaccard(self._kept[there]) for there in self._index.query(sketch)}
        self._index.insert(key, sketch)
        self._kept[key] = sketch
        return sorted((there for there in alike if alike[there] >= self.threshold), key=lambda there: -alike[there])


class StrictMinHashIndex(MinHashIndex):
    """The same at a higher threshold."""

    threshold = 0.8
