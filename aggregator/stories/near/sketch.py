"""What is kept of a text: about half a kilobyte, by which a later text can be judged against it without the text itself."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aggregator.stories.near.reading import Placed, Reading, hash16

VERSION = 1  # the first byte; whoever changes what follows, or how texts are read, raises it
MOST_SHINGLES = 240  # of longer texts every second, fourth … by hash, so that two texts keep the same ones
MOST_FACTS, MOST_NAMES, MOST_NEGATIONS = 32, 28, 8
LONGEST_VALUE = 24  # bytes of a fact's value; the values of a longer one are told apart by their hash
FILTER = 512  # bits that tell which words stand in names: 40 words fill a seventh of it, and 1 in 50 others seems to be there
KINDS = ("number", "ordinal", "percent", "money", "date", "weekday", "time", "reference", "month", "rest")
_FARTHEST = 1_000_000_000  # minutes, some 1,900 years: a page may be dated as it likes
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_DENIED = struct.Struct("<IHH")
_HEAD = struct.Struct("<BiIIIBHBBB")


class UnknownSketchError(ValueError):
    """Bytes that are no sketch of this version: the text has to be read again."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name in its surroundings, as hashes of 16 bits."""

    before: int
    behind: int
    last: int  # of `name_hash`
    value: str = ""  # the name itself, which is not kept


@dataclass(frozen=True, slots=True, order=True)
class Denied:
    """A "not" in its surroundings."""

    run: int  # 32 bits, of words that it stands between
    before: int
    behind: int


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is compared of a text."""

    published: datetime  # aware, to the minute
    words: int
    family: int  # 32-bit hash; 0 where it is not known
    address: int
    level: int  # shingles are those whose hash ends in so many zero bits, without these
    shingles: array[int]  # 16 bits each, in the order of the text
    facts: tuple[Placed, ...]
    names: tuple[Named, ...]
    negations: tuple[Denied, ...]  # by their runs
    named: int  # a Bloom filter of all words in names

    @property
    def negations_below(self) -> int:
        """Of runs below this one it is known whether a "not" stands there: of a text with many, the lowest are kept."""
        return self.negations[-1].run if len(self.negations) == MOST_NEGATIONS else 1 << 32

    def shingles_at(self, level: int, bits: int) -> Sequence[int]:
        """The shingles at a level no finer than its own, cut to the bits that both texts have which are compared."""
        more, cut = level - self.level, (1 << bits) - 1
        if not more:
            return self.shingles if bits == 16 else [one & cut for one in self.shingles]
        return [one >> more & cut for one in self.shingles if not one & (1 << more) - 1]

    def pack(self) -> bytes:
        """The sketch as bytes, to be kept; `unpack` reads them."""
        minutes = (self.published - _EPOCH) // timedelta(minutes=1)
        counts = (len(self.shingles), len(self.facts), len(self.names), len(self.negations))
        head = (VERSION, minutes, self.words, self.family, self.address, self.level, *counts)
        numbers = [part for name in self.names for part in (name.before, name.behind, name.last)]
        return b"".join(
            (
                _HEAD.pack(*head),
                struct.pack(f"<{len(self.shingles)}H", *self.shingles),
                struct.pack(f"<{len(numbers)}H", *numbers),
                b"".join(_DENIED.pack(one.run, one.before, one.behind) for one in self.negations),
                self.named.to_bytes(FILTER // 8, "little"),
                *map(_packed_fact, self.facts),
            )
        )


def sketched(reading: Reading, published: datetime, *, family: int = 0, address: int = 0) -> Sketch:
    """The sketch of a reading. Where a text has too much of something, what is kept is chosen by hash, alike in all texts."""
    level, shingles = _sampled(reading.shingles)
    names = [one for one in reading.placed if one.kind == "name"]
    return Sketch(
        published=_EPOCH + timedelta(minutes=max(-_FARTHEST, min(_FARTHEST, (published - _EPOCH) // timedelta(minutes=1)))),
        words=reading.words,
        family=family,
        address=address,
        level=level,
        shingles=shingles,
        facts=_chosen([_short(one) for one in reading.placed if one.kind in KINDS], MOST_FACTS),
        names=tuple(Named(one.before, one.behind, name_hash(one.value), one.value) for one in _chosen(names, MOST_NAMES)),
        negations=tuple(sorted(_denied(reading.placed))[:MOST_NEGATIONS]),
        named=_filter(names),
    )


def name_hash(name: str) -> int:
    """16 bits that the forms of one name share: the end of its last word, as in "Sen. Warnock" and "Raphael Warnock".

    0 for what may be an abbreviation of another form, or was cut: "D.C.", "R-Ariz.", "John F.".
    """
    last = name.rsplit(maxsplit=1)[-1]
    glued = name.replace(" ", "")
    if len(glued) < 3 or len(last) == 1 or (len(glued) < 6 and len(glued) > len(last)):
        return 0
    return hash16([_ending(last if len(last) > 2 else glued)]) or 1


def _ending(word: str) -> str:
    """The last letters, as an American writes them: Centre, Defence, Labour."""
    for british, american in (("tre", "ter"), ("ence", "ense"), ("our", "or"), ("amme", "am")):
        if word.endswith(british):
            word = word.removesuffix(british) + american
    return word[-5:]


def may_name(named: int, last: int) -> bool:
    """Whether a text's filter may hold the word with this hash; a word that it holds is never denied."""
    bits = _bits(last)
    return named & bits == bits


def _denied(placed: Iterable[Placed]) -> set[Denied]:
    return {Denied(int(one.value), one.before, one.behind) for one in placed if one.kind == "negation"}


def _filter(names: Iterable[Placed]) -> int:
    endings: set[str] = set()
    for name in names:
        words = name.value.split()
        endings.update(map(_ending, words))
        # "R-Ariz." and "RAriz.", where a sign was lost
        endings.update(word[-4:] for word in words if len(word) == 5)
        if min(map(len, words)) < 3:
            endings.add(_ending("".join(words)))
    named = 0
    for ending in endings:
        named |= _bits(hash16([ending]) or 1)
    return named


def _bits(last: int) -> int:
    return 1 << last % FILTER | 1 << (last >> 7) % FILTER


def _sampled(shingles: Sequence[int]) -> tuple[int, array[int]]:
    level = 0
    while len(shingles) > MOST_SHINGLES and level < 16:
        level += 1
        shingles = [one for one in shingles if not one & (1 << level) - 1]
    return level, array("H", [one >> level & 0xFFFF for one in shingles[:MOST_SHINGLES]])


def _chosen(placed: Sequence[Placed], most: int) -> tuple[Placed, ...]:
    """At most so many, chosen by place and alike in all texts; what stands in one place is kept as a whole or not at all."""
    if len(placed) <= most:
        return tuple(placed)
    by_place = sorted(placed, key=lambda one: (one.before ^ one.behind, one.before, one.value))
    last = by_place[most]
    return tuple(one for one in by_place[:most] if (one.before, one.behind) != (last.before, last.behind))


def _short(fact: Placed) -> Placed:
    if len(fact.value.encode()) <= LONGEST_VALUE:
        return fact
    return Placed(fact.kind, f"#{hash16([fact.value]):04x}", fact.before, fact.behind, alone=fact.alone)


_FACT = struct.Struct("<BHHB")
_ALONE = 0x80


def _packed_fact(fact: Placed) -> bytes:
    value = fact.value.encode()
    kind = KINDS.index(fact.kind) | (_ALONE if fact.alone else 0)
    return _FACT.pack(kind, fact.before, fact.behind, len(value)) + value


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
    version, minutes, words, family, address, level, n_shingles, n_facts, n_names, n_negations = _HEAD.unpack_from(sketch)
    if version != VERSION:
        raise IndexError(version)
    at = _HEAD.size
    shingles = array("H", struct.unpack_from(f"<{n_shingles}H", sketch, at))
    at += 2 * n_shingles
    names = struct.unpack_from(f"<{3 * n_names}H", sketch, at)
    at += 6 * n_names
    negations = _DENIED.iter_unpack(sketch[at : at + _DENIED.size * n_negations])
    at += _DENIED.size * n_negations
    named = int.from_bytes(sketch[at : at + FILTER // 8], "little")
    if len(sketch) < at + FILTER // 8:
        raise IndexError(at)
    return Sketch(
        published=_EPOCH + timedelta(minutes=minutes),
        words=words,
        family=family,
        address=address,
        level=level,
        shingles=shingles,
        facts=tuple(_facts(sketch, at + FILTER // 8, n_facts)),
        names=tuple(map(Named, names[::3], names[1::3], names[2::3])),
        negations=tuple(Denied(*one) for one in negations),
        named=named,
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
