"""Entries that a listing holds twice, and entries that only share a badly made id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from aggregator.model import BrokenEntry, Entry


def without_repetitions(read: Iterable[Entry | BrokenEntry]) -> tuple[tuple[Entry, ...], tuple[BrokenEntry, ...]]:
    """Part good entries from broken ones, each id once.

    A second entry of the same id is a repetition where its title and link are the same; else the id is the fault (some feeds
    give all their entries one), and the entry goes on under its link or title.
    """
    kept: dict[str, Entry] = {}
    broken: list[BrokenEntry] = []
    for entry in read:
        if isinstance(entry, BrokenEntry):
            broken.append(entry)
            continue
        own = _own_id(entry, kept)
        if own in kept:
            broken.append(BrokenEntry(ref=entry.id, reason="listed twice in one copy"))
        else:
            kept[own] = entry if own == entry.id else replace(entry, id=own)
    return tuple(kept.values()), tuple(broken)


def _own_id(entry: Entry, kept: dict[str, Entry]) -> str:
    first = kept.get(entry.id)
    if first is None or (first.url, first.title) == (entry.url, entry.title):
        return entry.id
    return entry.url if entry.url not in ("", first.url) else f"{entry.id} {entry.title}"
