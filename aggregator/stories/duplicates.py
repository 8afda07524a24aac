"""Near-copies among texts as they arrive."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

from aggregator.stories.near.reading import Reading, read
from aggregator.stories.near.shelf import MemoryShelf, Shelf
from aggregator.stories.near.sketch import Sketch, UnknownSketchError, sketched, unpack
from aggregator.stories.near.verdict import Verdict, judge


@dataclass(frozen=True, slots=True)
class Likeness:
    """An earlier text that a text was held against, and the verdict."""

    key: str
    same: bool
    evidence: tuple[str, ...]
    veto: str
    revision: bool = False


class DuplicateIndex:
    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf: Shelf = MemoryShelf() if shelf is None else shelf

    def add(self, key: str, text: str, published: datetime, *, language: str = "", family: str = "", url: str = "") -> list[str]:
        reading, sketch = self._sketch(text, published, language, family, url)
        found = self._look(reading, sketch)
        self._shelf.put(key, reading.bands, sketch.pack())
        return [one.key for one in found if one.same]

    def look(self, text: str, published: datetime, *, language: str = "", family: str = "", url: str = "") -> list[Likeness]:
        return self._look(*self._sketch(text, published, language, family, url))

    def _sketch(self, text: str, published: datetime, language: str, family: str, url: str) -> tuple[Reading, Sketch]:
        reading = read(text, published, language)
        return reading, sketched(reading, published, family=zlib.crc32(family.encode()), address=zlib.crc32(url.encode()))

    def _look(self, reading: Reading, sketch: Sketch) -> list[Likeness]:
        found = []
        for key, kept in self._shelf.like(reading.bands):
            v = judge(sketch, unpack(kept))
            found.append((v, Likeness(key, v.same, v.evidence, v.veto)))
        found.sort(key=lambda t: (not t[0].same, -t[0].score))
        return [one for _, one in found]
