"""Entries that a listing holds twice, and entries that only share a badly made id."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from aggregator.model import BrokenEntry, Entry
from aggregator.text.urls import canonical_url


def without_repetitions(
    read: Iterable[Entry | BrokenEntry], certain: Container[str] = ()
) -> tuple[tuple[Entry, ...], tuple[BrokenEntry, ...]]:
    """Part good entries from broken ones, each id once.

    A second entry of the same id is a repetition where its title and page are the same, or where the id is one of the `certain`
    ones; else the id is the fault (some feeds give all their entries one), and the entry goes on under its link or title. So
    does the first one, where the others have pages and titles of their own: it would hand the id on to the next first one.
    """
    kept: dict[str, Entry] = {}
    broken: list[BrokenEntry] = []
    entries = list(read)
    faulty = _shared([one for one in entries if isinstance(one, Entry) and one.id not in certain])
    for entry in entries:
        if isinstance(entry, BrokenEntry):
            broken.append(entry)
            continue
        own = entry.url if entry.id in faulty and entry.url else entry.id
        if own in kept and own not in certain:
            own = _own_id(entry, kept[own])
        if own in kept:
            broken.append(BrokenEntry(ref=entry.id, reason="listed twice in one copy"))
        else:
            kept[own] = entry if own == entry.id else replace(entry, id=own)
    return tuple(kept.values()), tuple(broken)


def _shared(entries: Iterable[Entry]) -> set[str]:
    """The ids of which each entry has a page and a title of its own, and not all of them the same."""
    by_id: dict[str, list[Entry]] = {}
    for entry in entries:
        by_id.setdefault(entry.id, []).append(entry)
    return {
        ident
        for ident, some in by_id.items()
        if len(some) > 1
        and all(one.url and one.title for one in some)
        and len(some) == len({canonical_url(one.url) for one in some}) == len({one.title for one in some})
    }


def _own_id(entry: Entry, first: Entry) -> str:
    same_page = entry.url == first.url or (entry.url != "" and canonical_url(entry.url) == canonical_url(first.url))
    if same_page and entry.title == first.title:
        return entry.id
    return entry.url if entry.url not in ("", first.url) else f"{entry.id} {entry.title}"
