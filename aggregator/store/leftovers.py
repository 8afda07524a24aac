"""Pictures of stories that nothing refers to any more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, select

from aggregator.store.schema import pictures

MOST_LOOKED_AT = 10_000  # files of one run


def named_pictures(tx: Connection) -> set[str]:
    """The names of the pictures that pages of stories show."""
    found = tx.execute(select(pictures.c.sha256).where(pictures.c.sha256 != "")).scalars()
    return {f"{sha256}.webp" for sha256 in found}


def remove_pictures(folder: Path, *, but: Collection[str], before: datetime) -> tuple[int, int]:
    """Remove pictures, and what a crash left of some, that are not named and were last touched before a moment; returns how
    many files that were, and their bytes. What cannot be removed stays."""
    removed, freed = 0, 0
    for path in islice(folder.glob("*"), MOST_LOOKED_AT):
        if path.name in but or not path.name.endswith((".webp", ".webp.new")):
            continue
        try:
            found = path.stat()
            if found.st_mtime < before.timestamp():
                path.unlink()
                removed, freed = removed + 1, freed + found.st_size
        except OSError:
            continue
    return removed, freed
