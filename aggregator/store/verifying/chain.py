"""That the sequence of changes is whole, and announces each row once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from aggregator.store.schema import identity
from aggregator.store.seals import link
from aggregator.store.stored import announced, batches
from aggregator.store.verifying.findings import Examination, Finding, number_of, shown, sound

TABLES = {
    "statement": "statements",
    "revision": "revisions",
    "update": "updates",
    "mark": "marks",
    "corroboration": "corroborations",
    "story": "stories",
    "desk": "desk_acts",
}
NUMBERED = ("statement", "revision", "desk")  # kinds whose key is the id of the row
PAGE = 16  # bits


class Numbers:
    """A set of whole numbers in little room: 1,000,000 ids of a table take 125 KB."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, number: int) -> bool:
        """Put one in; returns whether it was new."""
        page = self._pages.setdefault(number >> PAGE, bytearray(1 << PAGE - 3))
        byte, bit = (number & ((1 << PAGE) - 1)) >> 3, 1 << (number & 7)
        new = not page[byte] & bit
        page[byte] |= bit
        return new

    def __contains__(self, number: int) -> bool:
        page = self._pages.get(number >> PAGE)
        return page is not None and bool(page[(number & ((1 << PAGE) - 1)) >> 3] & 1 << (number & 7))


class Announced:
    """What the changes have announced so far."""

    def __init__(self) -> None:
        self.ids = {kind: Numbers() for kind in NUMBERED}
        self.updates: dict[str, int] = {}  # the newest number by story
        self.seals: dict[str, set[str]] = {"mark": set(), "corroboration": set(), "story": set()}

    def see(self, kind: str, key: str, seal: str) -> str | None:
        """Note one; returns what is wrong with it, if anything is."""
        if kind in self.ids:
            return None if self.ids[kind].add(int(key)) else f"{kind} {key} was announced before"
        if kind == "update":
            story, _, number = key.rpartition("/")
            due = self.updates.get(story, 0) + 1
            self.updates[story] = max(int(number), due - 1)
            return None if int(number) == due else f"it announces Update.{number} of {story}, where Update.{due} is due"
        if seal in self.seals[kind]:
            return f"the {kind} of {key} was announced before"
        self.seals[kind].add(seal)
        return None


def check_chain(work: Examination) -> Iterator[Finding]:
    """Each change follows the one before, and says what the row that it announces says; each such row is announced once."""
    if work.story is not None:
        return
    previous = work.tx.execute(text(f"SELECT id FROM {identity.name}")).scalars().all()  # noqa: S608 - our own name
    if len(previous) != 1:
        yield Finding(check="chain", table=identity.name, row="", what=f"it has {len(previous)} rows, and should have one")
    seen, hash_before = Announced(), str(previous[0]) if previous else ""
    for rows in batches(work.tx, text("SELECT seq, kind, key, at, hash FROM changes ORDER BY seq")):
        seals = announced(work.tx, [row for row in rows if row.kind in TABLES and sound(row.key)])
        for row in rows:
            what = _what_is_wrong(row, hash_before, seals, seen)
            if what is not None:
                yield Finding(check="chain", table="changes", row=str(row.seq), what=what)
            hash_before = row.hash
        work.count("changes", len(rows))
    yield from _never_announced(work, seen)


def _what_is_wrong(row: Any, before: str, seals: dict[tuple[str, str], list[str]], seen: Announced) -> str | None:
    if row.kind not in TABLES:
        return f"it announces a {shown(row.kind)!r}, which is nothing that a store tells"
    there = seals.get((row.kind, row.key), [])
    if not there:
        return f"it announces {row.kind} {shown(row.key)}, which is not there"
    change = (row.seq, row.kind, row.key, row.at)
    fits = next((seal for seal in there if link(before, change, seal) == row.hash), None)
    again = seen.see(row.kind, row.key, there[0] if fits is None else fits)
    if fits is None:
        return f"its hash is not that of the change before it and of {row.kind} {shown(row.key)}: one of these was changed"
    return again


def _never_announced(work: Examination, seen: Announced) -> Iterator[Finding]:
    for kind in NUMBERED:
        for some in batches(work.tx, text(f"SELECT id FROM {TABLES[kind]} ORDER BY id")):  # noqa: S608 - our own names
            for (number,) in some:
                if number not in seen.ids[kind]:
                    yield _silent(TABLES[kind], number)
    for some in batches(work.tx, text("SELECT story, number FROM updates ORDER BY story, number")):
        for row in some:
            number = number_of(row.number)
            if number is None or number > seen.updates.get(row.story, 0):
                yield _silent("updates", f"{row.story}/{row.number}")
    names = {"mark": "id", "corroboration": "update_id || '/' || statement_id", "story": "key"}
    for kind, name in names.items():
        for some in batches(work.tx, text(f"SELECT {name} AS name, seal FROM {TABLES[kind]}")):  # noqa: S608 - our own names
            for row in some:
                if row.seal not in seen.seals[kind]:
                    yield _silent(TABLES[kind], row.name)


def _silent(table: str, row: object) -> Finding:
    return Finding(check="chain", table=table, row=shown(row), what="no change announces it")
