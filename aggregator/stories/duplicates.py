"""STAND-IN until the branch dup is merged."""

from __future__ import annotations
import hashlib, re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Shelf(Protocol):
    def like(self, bands: Sequence[int]) -> Iterable[tuple[str, bytes]]: ...
    def put(self, key: str, bands: Sequence[int], sketch: bytes) -> None: ...


@dataclass(frozen=True)
class Likeness:
    key: str
    same: bool
    evidence: tuple[str, ...]
    veto: str


def _h(s: str) -> int:
    return int.from_bytes(hashlib.blake2b(s.encode(), digest_size=8).digest(), "big", signed=True)


class DuplicateIndex:
    def __init__(self, shelf: Shelf | None = None) -> None:
        self.shelf = shelf

    def _sk(self, text):
        w = re.findall(r"\w+", text.casefold())
        nums = sorted(set(re.findall(r"\d\w*", text.casefold())))
        sh = sorted({_h(" ".join(w[i : i + 3])) for i in range(max(1, len(w) - 2))})[:60]
        return sh[:16], ("1" + ",".join(map(str, sh)) + "|" + ",".join(nums)).encode()

    def look(self, text: str, published: datetime) -> list[Likeness]:
        bands, sk = self._sk(text)
        out = []
        a, an = sk.decode()[1:].split("|")
        a = set(a.split(","))
        for key, other in self.shelf.like(bands):
            b, bn = other.decode()[1:].split("|")
            b = set(b.split(","))
            j = len(a & b) / len(a | b)
            if j < 0.5:
                continue
            veto = "" if an == bn else f"says {an} where it says {bn}"
            out.append(Likeness(key, not veto, (f"{j:.0%} of its word triples stand there",), veto))
        return sorted(out, key=lambda o: not o.same)

    def add(self, key, text, published):
        found = [o.key for o in self.look(text, published) if o.same]
        self.shelf.put(key, *self._sk(text))
        return found
