"""The files of the snapshots of a store, from one place to another, byte for byte."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from aggregator.store.bulk import streamed
from aggregator.store.copying import Advance, no_advance
from aggregator.store.schema import snapshots
from aggregator.store.snapshots import NOT_GZIP, Snapshots, unpacked

COPIED, THERE, MISSING, DAMAGED = "copied", "there", "missing", "damaged"
MOST_AT_ONCE = 100  # between two words of progress


def move_snapshots(source: Snapshots, target: Snapshots, tx: Connection, advance: Advance = no_advance) -> Mapping[str, int]:
    """Copy every snapshot that the store keeps and that is not in the target yet; returns how many were `COPIED`, `THERE`,
    and in the source `MISSING` or `DAMAGED`: these are left out, and nothing is put in their place.

    What is there with the size that it should have is left as it is; the examination of the whole store reads it. Raises
    `StoreError`, and OSError where the source cannot be read.
    """
    kept = select(snapshots.c.sha256, snapshots.c.stored_size).where(snapshots.c.removed_at.is_(None))
    total = tx.execute(select(func.count()).select_from(kept.subquery())).scalar_one()
    done = Counter({COPIED: 0, THERE: 0, MISSING: 0, DAMAGED: 0})
    for number, row in enumerate(streamed(tx, kept.order_by(snapshots.c.sha256)), 1):
        done[_move(source, target, row.sha256, row.stored_size)] += 1
        if number % MOST_AT_ONCE == 0 or number == total:
            advance("snapshots", number, total)
    return dict(done)


def _move(source: Snapshots, target: Snapshots, sha256: str, size: int) -> str:
    if target.stored_size(sha256) == size:
        return THERE
    try:
        with source.open(sha256) as file:
            packed = file.read()
        body = unpacked(packed)
    except (FileNotFoundError, NotADirectoryError):
        return MISSING
    except NOT_GZIP:
        return DAMAGED
    if hashlib.sha256(body).hexdigest() != sha256:
        return DAMAGED
    target.keep(sha256, packed)
    return COPIED
