"""New texts held against those that were there before: copies, language versions, and what is alike and yet not the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from sqlalchemy import Connection

from aggregator.model import RevisionId
from aggregator.store import Store
from aggregator.store.likenesses import Judged, Other, add_likenesses, others
from aggregator.store.near import NearShelf, is_current, next_texts
from aggregator.store.statements import Settled
from aggregator.stories.duplicates import DuplicateIndex, Likeness
from aggregator.stories.kinship import KinKind
from aggregator.stories.matching import Seen

COPIES = "copies"
MOST_SAME = 8  # copies of a text that are noted: those of the copies lead to the others
MOST_VETOED = 3  # that were close: enough to see why a text was not joined
VERSION = "1"

log = structlog.get_logger()


def liken(tx: Connection, settled: Iterable[Settled], *, at: datetime) -> int:
    """Hold each version that a listing made against what is near it, and store what comes of it, with its reasons.

    A near-copy is never taken for a duplicate line, be it of the same family: that would lose its text, and the address at
    which it stands. It stays a statement of its own that is linked to the first, and the ledger tells the two once. So a wrong
    verdict can be seen, and loses nothing. What is the same by its id, number, address or to the letter was recognised before.
    Every version is held against the others, not the first one alone: an alert of one line becomes the whole report
    that others copied, and an edit makes a copy of what was none.
    Returns how many likenesses were found.
    """
    made = [one.seen for one in settled if one.seen is not None and one.seen.text.strip()]
    if not made:
        return 0
    judged = _copies(tx, made)
    add_likenesses(tx, judged, at=at)
    return len(judged)


def _copies(tx: Connection, made: Sequence[Seen]) -> list[Judged]:
    shelf = NearShelf(tx, COPIES)
    index = DuplicateIndex(shelf)
    found: list[tuple[Seen, list[Likeness]]] = []
    for seen in made:
        shelf.at(seen.said_at)
        found.append((seen, index.look(seen.text, seen.said_at)))
        index.add(str(seen.revision), seen.text, seen.said_at)
    shelf.write()
    known = others(tx, {int(one.key) for _, some in found for one in some})
    return [one for seen, some in found for one in _chosen(seen, some, known, KinKind.COPY)]


def _chosen(seen: Seen, found: Iterable[Likeness], known: dict[int, Other], kind: KinKind) -> list[Judged]:
    """What is worth keeping of the verdicts, best first: one for each other statement, a likeness rather than a veto."""
    same: dict[int, Judged] = {}
    vetoed: dict[int, Judged] = {}
    for one in found:
        other = known.get(int(one.key))
        if other is None or other.statement == seen.statement:
            continue  # an earlier version of the very statement
        where, most = (same, MOST_SAME) if one.same else (vetoed, MOST_VETOED)
        if other.statement not in where and len(where) < most and (one.same or one.veto):
            where[other.statement] = Judged(
                statement=seen.statement,
                revision=seen.revision,
                other=other.statement,
                other_revision=RevisionId(int(one.key)),
                kind=kind if one.same else KinKind.VETOED,
                evidence="; ".join(one.evidence),
                veto=one.veto,
            )
    return [*same.values(), *(one for statement, one in vetoed.items() if statement not in same)]


def catch_up(store: Store) -> None:
    """Bring the index of what is near to the present version, where a store of another one was opened.

    Each step is a transaction of its own, and what was done is done: a program that ends on the way goes on from there. Done
    before anything is polled, so that what is found by the index depends on the record alone.
    """
    with store.read() as tx:
        if is_current(tx, VERSION):
            return
    texts = 0
    while (some := store.perform(_step, in_turn=True)) is not None:
        texts += some
    if texts:
        log.info("near_index_made", store=store.name, version=VERSION, texts=texts)


def _step(tx: Connection) -> int | None:
    """One step; returns how many texts it took up, None where nothing was left to do."""
    texts = next_texts(tx, VERSION)
    if texts is None:
        return None
    shelf = NearShelf(tx, COPIES)
    index = DuplicateIndex(shelf)
    for one in texts:
        if one.text.strip():
            shelf.at(one.said_at)
            index.add(str(one.revision), one.text, one.said_at)
    shelf.write()
    return len(texts)
