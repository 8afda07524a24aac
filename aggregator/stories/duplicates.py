"""Near-copies among texts as they arrive: the same statement in another feed, framed, cut, or set in other type."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from aggregator.stories.later import Later
from aggregator.stories.near.differing import differing
from aggregator.stories.near.reading import read
from aggregator.stories.near.shelf import MemoryShelf, Shelf
from aggregator.stories.near.sketch import Sketch, UnknownSketchError, sketched, unpack
from aggregator.stories.near.verdict import WORTH_TELLING, Verdict, judge, may_be_like
from aggregator.text.facts import Fact

MOST_UNPACKED = 64  # sketches of earlier texts, some 50 KB each: the texts of one listing mostly meet the same ones
NEAREST = 4  # of the near-copies: what contradicts one of these is none


@dataclass(frozen=True, slots=True)
class Likeness:
    """An earlier text that is like a new one, and the verdict over the two, in words for people."""

    key: str
    same: bool  # a near-copy; else `veto` says why it is none
    evidence: tuple[str, ...]
    veto: str
    revision: bool = False  # the same page says something else now: a revision, never a duplicate


class Prepared(NamedTuple):
    """A text that was read: what it is found by, and what is kept of it."""

    bands: tuple[int, ...]
    packed: bytes  # the sketch as it is kept
    as_read: Later[Sketch]  # needed only where another text is found

    @property
    def sketch(self) -> Sketch:
        """What is held against others."""
        return self.as_read.value


def prepare(
    text: str,
    published: datetime,
    *,
    language: str = "",
    family: str = "",
    url: str = "",
    found: Sequence[Fact] | None = None,
) -> Prepared:
    """Read a text once, as `DuplicateIndex.add` does, for whoever looks up what many texts need before they are judged.

    `found` are its facts, where they are known.
    """
    bands, sketch = _sketch(text, published, language, family, url, found=found)
    return Prepared(bands, sketch.pack(), Later(sketch))


class DuplicateIndex:
    """Judges each text against the earlier ones.

    Candidates are found by the smallest hashes of their runs of words (MinHash, Broder 1997), whatever their figures are. Two
    texts are near-copies if the shorter one's wording stands in the longer one, and no fact, name or "not" in the same place
    differs: similarity alone would join the 12th package with the 13th. A text that is like two which differ from each other is
    a copy of the nearer one only. `shelf` keeps the entries; without one they live in memory.
    """

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf: Shelf = MemoryShelf() if shelf is None else shelf
        self._unpacked: dict[bytes, Sketch] = {}

    def add(
        self, key: str, text: str, published: datetime, *, language: str = "", family: str = "", url: str = ""
    ) -> list[str]:
        """The keys of the earlier texts that this is a near-copy of, best first; then it is an earlier text itself.

        `published` is aware (UTC is taken where it is not); texts may come in any order. `language` is a BCP 47 tag. With
        `family` and `url` an edited page is known as a revision. Raises nothing, whatever the text is.
        """
        bands, sketch = _sketch(text, published, language, family, url)
        found = self._held_against(bands, Later(sketch), key)
        self._shelf.put(key, bands, sketch.pack())
        return [one.key for one in found if one.same]

    def look(self, text: str, published: datetime, *, language: str = "", family: str = "", url: str = "") -> list[Likeness]:
        """The earlier texts that are like this one, near-copies first, each with its verdict. Nothing is added."""
        bands, sketch = _sketch(text, published, language, family, url)
        return self._held_against(bands, Later(sketch), None)

    def look_prepared(self, prepared: Prepared, *, least: float = WORTH_TELLING) -> list[Likeness]:
        """As `look`, for a text that was read before; of what is no copy, only what shares so much of the wording (0 to 1)."""
        return self._held_against(prepared.bands, prepared.as_read, None, least=least)

    def put_prepared(self, key: str, prepared: Prepared) -> None:
        """Let a text that was read before be an earlier one; it is held against nothing."""
        self._shelf.put(key, prepared.bands, prepared.packed)

    def _held_against(
        self, bands: tuple[int, ...], read: Later[Sketch], key: str | None, *, least: float = WORTH_TELLING
    ) -> list[Likeness]:
        judged: list[tuple[str, Sketch, Verdict]] = []
        for there, kept in self._shelf.like(bands):
            if there == key or not (kept in self._unpacked or may_be_like(read.value, kept, least=least)):
                continue
            try:
                earlier = self._earlier(kept)
            except UnknownSketchError:
                continue  # of another version: as if it were not there, until its text is read again
            verdict = judge(read.value, earlier, least=least)
            if verdict.same or verdict.shared >= least:
                judged.append((there, earlier, verdict))
        judged.sort(key=lambda one: (not one[2].same, -one[2].shared, one[1].published))
        return _at_one(judged)

    def _earlier(self, kept: bytes) -> Sketch:
        """What is kept of an earlier text, taken apart, unless that was done lately. Raises `UnknownSketchError`."""
        found = self._unpacked.pop(kept, None) or unpack(kept)
        self._unpacked[kept] = found  # behind all others
        if len(self._unpacked) > MOST_UNPACKED:
            del self._unpacked[next(iter(self._unpacked))]
        return found


def _sketch(
    text: str, published: datetime, language: str, family: str, url: str, *, found: Sequence[Fact] | None = None
) -> tuple[tuple[int, ...], Sketch]:
    published = published.replace(tzinfo=UTC) if published.tzinfo is None else published.astimezone(UTC)
    reading = read(text, published, language, found)
    return reading.bands, sketched(reading, published, family=_known_by(family), address=_known_by(url))


def _known_by(name: str) -> int:
    return zlib.crc32(name.encode("utf-8", "surrogatepass"))  # 0 for ""


def _at_one(judged: Sequence[tuple[str, Sketch, Verdict]]) -> list[Likeness]:
    """The verdicts, where a text that is like two which differ from each other is a copy of the nearer one only."""
    found: list[Likeness] = []
    nearest: list[tuple[str, Sketch]] = []
    for key, earlier, verdict in judged:
        same, veto = verdict.same, verdict.veto
        if same:
            differences = ((other, differing(earlier, sketch)) for other, sketch in nearest)
            other, difference = next(((other, why) for other, why in differences if why), ("", ""))
            if difference:
                same, veto = False, f"it is nearer to {other}, and this one {difference}"
            elif len(nearest) < NEAREST:
                nearest.append((key, earlier))
        found.append(Likeness(key, same, verdict.evidence, veto, verdict.revision))
    return found
