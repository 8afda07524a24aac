"""What is kept of a text: about half a kilobyte, by which a later text can be judged against it without the text itself."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from aggregator.stories.near.reading import EDGE, Placed, Reading, hash16
from aggregator.stories.near.sequence import Line, runs_of

VERSION = 2  # the first byte; whoever changes what follows, or how texts are read, raises it
MOST_WORDS = 1600  # nine press releases of ten have fewer than 700; of a longer text parts are kept, chosen by hash
MOST_FACTS = 32
MOST_ALIKE = 4  # facts in one place; more of them are a table
HASHED = "#"  # before what stands for a value that is not kept
LONGEST_VALUE = 24  # bytes of a fact's value; the values of a longer one are told apart by their hash
KINDS = ("number", "ordinal", "percent", "money", "date", "weekday", "time", "reference", "month", "rest")
_FARTHEST = 1_000_000_000  # minutes, some 1,900 years: a page may be dated as it likes
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
T = TypeVar("T")
_HEAD = struct.Struct("<BiIIIBHHB")


class UnknownSketchError(ValueError):
    """Bytes that are no sketch of this version: the text has to be read again."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is compared of a text."""

    published: datetime  # aware, to the minute
    words: int
    family: int  # 32-bit hash; 0 where it is not known
    address: int
    level: int  # of `line`; 0 where it is the whole text
    line: Line
    facts: tuple[Placed, ...]
    spoken: tuple[str, ...] = ()  # the words of a text that was just read, which are not kept
    # What was worked out of the facts: it is held against many. By the function that did it.
    worked_out: dict[Callable[..., object], Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, work: Callable[[Iterable[Placed]], T]) -> T:
        """What this comes to for the facts, worked out when it is first asked for."""
        found: T | None = self.worked_out.get(work)
        if found is None:
            found = self.worked_out[work] = work(self.facts)
        return found

    def pack(self) -> bytes:
        """The sketch as bytes, to be kept; `unpack` reads them."""
        minutes = (self.published - _EPOCH) // timedelta(minutes=1)
        level, line, seconds = self.line.fitting(MOST_WORDS)
        head = (VERSION, minutes, self.words, self.family, self.address, level, len(line), len(seconds), len(self.facts))
        return b"".join((_HEAD.pack(*head), line, seconds, *map(_packed_fact, self.facts)))


def sketched(reading: Reading, published: datetime, *, family: int = 0, address: int = 0) -> Sketch:
    """The sketch of a reading. Where a text has too much of something, what is kept is chosen by hash, alike in all texts."""
    return Sketch(
        published=_EPOCH + timedelta(minutes=max(-_FARTHEST, min(_FARTHEST, (published - _EPOCH) // timedelta(minutes=1)))),
        words=len(reading.words),
        family=family,
        address=address,
        level=0,
        line=reading.line,
        facts=_chosen(_gathered([_short(one) for one in reading.placed]), MOST_FACTS),
        spoken=reading.words,
    )


def _chosen(placed: Sequence[Placed], most: int) -> tuple[Placed, ...]:
    """At most so many, chosen by place and alike in all texts; what stands in one place is kept as a whole or not at all."""
    if len(placed) <= most:
        return tuple(placed)
    by_place = sorted(placed, key=lambda one: (one.before ^ one.behind, one.before, one.value))
    last = by_place[most]
    return tuple(one for one in by_place[:most] if (one.before, one.behind) != (last.before, last.behind))


def _gathered(facts: Sequence[Placed]) -> list[Placed]:
    """The facts, where those of a table, which stand between figures all alike, are one: the hash of all their values."""
    places: dict[tuple[int, int], list[Placed]] = {}
    for fact in facts:
        places.setdefault((fact.before, fact.behind), []).append(fact)
    found: list[Placed] = []
    for (before, behind), ones in places.items():
        if len(ones) <= MOST_ALIKE or EDGE in (before, behind):
            found += ones
        else:
            values = zlib.crc32("\n".join(one.value for one in ones).encode("utf-8", "surrogatepass"))
            found.append(Placed(ones[0].kind, f"{HASHED}{values:08x}", before, behind))
    return found


def _short(fact: Placed) -> Placed:
    if len(fact.value.encode()) <= LONGEST_VALUE:
        return fact
    return Placed(fact.kind, f"{HASHED}{hash16([fact.value]):04x}", fact.before, fact.behind, alone=fact.alone)


_FACT = struct.Struct("<BHHB")
_ALONE = 0x80


def _packed_fact(fact: Placed) -> bytes:
    value = fact.value.encode()
    kind = KINDS.index(fact.kind) | (_ALONE if fact.alone else 0)
    return _FACT.pack(kind, fact.before, fact.behind, len(value)) + value


def glance(sketch: bytes) -> tuple[int, list[int]] | None:
    """The number of words of a sketch and the runs of its line, in a part of the time of `unpack`; None where these are not all
    runs that the text had, or nothing is known of such bytes."""
    if len(sketch) < _HEAD.size:
        return None
    version, _, words, _, _, level, length, _, _ = _HEAD.unpack_from(sketch)
    if version != VERSION or level:
        return None
    return words, runs_of(sketch[_HEAD.size : _HEAD.size + length])


def unpack(sketch: bytes) -> Sketch:
    """The sketch in these bytes.

    Raises UnknownSketchError where they are of another version, or cut.
    """
    try:
        return _unpacked(sketch)
    except (struct.error, IndexError, UnicodeDecodeError, OverflowError) as error:
        msg = f"no sketch of version {VERSION}: {len(sketch)} bytes"
        raise UnknownSketchError(msg) from error


def _unpacked(sketch: bytes) -> Sketch:
    version, minutes, words, family, address, level, length, n_names, n_facts = _HEAD.unpack_from(sketch)
    if version != VERSION:
        raise IndexError(version)
    at = _HEAD.size
    line = Line(sketch[at : at + length], sketch[at + length : at + length + n_names])
    at += length + n_names
    if len(sketch) < at:
        raise IndexError(at)
    return Sketch(
        published=_EPOCH + timedelta(minutes=minutes),
        words=words,
        family=family,
        address=address,
        level=level,
        line=line,
        facts=tuple(_facts(sketch, at, n_facts)),
    )


def _facts(sketch: bytes, at: int, count: int) -> Iterator[Placed]:
    for _ in range(count):
        kind, before, behind, length = _FACT.unpack_from(sketch, at)
        at += _FACT.size
        value = sketch[at : at + length]
        if len(value) < length:
            raise IndexError(at)
        yield Placed(KINDS[kind & ~_ALONE], value.decode(), before, behind, alone=kind & _ALONE > 0)
        at += length
