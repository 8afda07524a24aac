"""Where a `DuplicateIndex` keeps its entries, and the shelf in memory that it takes when it is given none."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

FIRST, LAST = 8, 8  # of the entries that share a band: so many of the earliest are kept, and so many of the latest
MOST_LIKE = 32  # entries that are handed out; a near-copy shares most bands, and is among the first
NONE = 0xFFFFFFFF
_SIXTY_FOUR = 0xFFFFFFFFFFFFFFFF


class Shelf(Protocol):
    """Keeps sketches under the bands that they can be found by: 64-bit signed numbers, a handful for each entry."""

    def like(self, bands: Sequence[int]) -> Iterable[tuple[str, bytes]]:
        """The keys and sketches of earlier entries that share a band with these: each once, and a bounded number of them."""
        ...

    def put(self, key: str, bands: Sequence[int], sketch: bytes) -> None:
        """Keep one more entry."""
        ...


class MemoryShelf:
    """A shelf in memory.

    A band leads to at most `FIRST + LAST` entries, whatever comes: beyond that the oldest of the later ones makes room, and
    an entry that no band leads to any more is given up. So a text that comes 100,000 times takes the room of a few, the first
    of them is still found, and what is common to all pages of a site costs nothing.

    The table of bands is a linear hash table (Litwin 1980) in flat arrays: it grows by one chain at a time, so that no `put`
    has to wait for a whole table to be built anew, and takes 16 bytes a band where a dictionary takes over 100.
    """

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._sketches: list[bytes | None] = []
        self._held = array("B")  # how many bands lead to an entry
        self._born = array("Q")  # which entry it was, counted from the first ever put
        self._free: list[int] = []  # places of entries that were given up
        self._put = 0
        self._heads = array("I", [NONE] * 8)
        self._round = 8  # chains at the beginning of this round of growth
        self._tags, self._slots, self._next = array("I"), array("I"), array("I")

    def __len__(self) -> int:
        """How many entries are kept."""
        return sum(sketch is not None for sketch in self._sketches)

    def size(self) -> int:
        """Bytes that are taken by sketches, keys and bands, without Python's reserve for growing."""
        entries = sum(33 + len(sketch) for sketch in self._sketches if sketch is not None)
        keys = sum(49 + len(key) for key in self._keys)
        return entries + keys + 25 * len(self._keys) + 12 * len(self._tags) + 4 * len(self._heads)

    def like(self, bands: Sequence[int]) -> Iterator[tuple[str, bytes]]:
        """The entries that share a band, those first that share most."""
        shared: dict[int, int] = {}
        for band in bands:
            for posting in self._postings(band):
                slot = self._slots[posting]
                shared[slot] = shared.get(slot, 0) + 1
        for slot in sorted(shared, key=lambda one: (-shared[one], self._born[one]))[:MOST_LIKE]:
            sketch = self._sketches[slot]
            if sketch is not None:
                yield self._keys[slot], sketch

    def put(self, key: str, bands: Sequence[int], sketch: bytes) -> None:
        """Keep an entry, unless it has no band by which it could be found."""
        distinct = tuple(dict.fromkeys(bands))[:255]
        if not distinct:
            return
        slot = self._place(key, sketch)
        self._held[slot] = len(distinct)
        for band in distinct:
            self._lead(band, slot)

    def _place(self, key: str, sketch: bytes) -> int:
        self._put += 1
        if self._free:
            slot = self._free.pop()
            self._keys[slot], self._sketches[slot], self._born[slot] = key, sketch, self._put
            return slot
        self._keys.append(key)
        self._sketches.append(sketch)
        self._born.append(self._put)
        self._held.append(0)
        return len(self._keys) - 1

    def _lead(self, band: int, slot: int) -> None:
        there = self._postings(band)
        if len(there) < FIRST + LAST:
            chain, tag = self._chain(band)
            self._tags.append(tag)
            self._slots.append(slot)
            self._next.append(self._heads[chain])
            self._heads[chain] = len(self._tags) - 1
            if len(self._tags) > len(self._heads):
                self._grow()
            return
        oldest = sorted(there, key=lambda posting: self._born[self._slots[posting]])[FIRST]
        self._let_go(self._slots[oldest])
        self._slots[oldest] = slot

    def _let_go(self, slot: int) -> None:
        self._held[slot] -= 1
        if not self._held[slot]:
            self._sketches[slot] = None
            self._keys[slot] = ""
            self._free.append(slot)

    def _chain(self, band: int) -> tuple[int, int]:
        """The chain that a band is kept in, and 32 bits by which it is known there."""
        mixed = (band & _SIXTY_FOUR) * 0x9E3779B97F4A7C15 & _SIXTY_FOUR
        return self._chain_of(mixed >> 32), mixed >> 32

    def _chain_of(self, tag: int) -> int:
        chain = tag & self._round - 1
        split = len(self._heads) - self._round  # chains below this one have been parted in two
        return tag & 2 * self._round - 1 if chain < split else chain

    def _postings(self, band: int) -> list[int]:
        chain, tag = self._chain(band)
        found, at = [], self._heads[chain]
        while at != NONE:
            if self._tags[at] == tag:
                found.append(at)
            at = self._next[at]
        return found

    def _grow(self) -> None:
        """Part the next chain in two."""
        parted = len(self._heads) - self._round
        self._heads.append(NONE)
        if len(self._heads) == 2 * self._round:
            self._round *= 2
        at, self._heads[parted] = self._heads[parted], NONE
        while at != NONE:
            behind, chain = self._next[at], self._chain_of(self._tags[at])
            self._next[at], self._heads[chain] = self._heads[chain], at
            at = behind
