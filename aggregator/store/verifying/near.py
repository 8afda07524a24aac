"""That the index of what is near, which is made from the texts, holds what belongs there.

No seal covers it: nothing that is published rests on it but by a row of `likenesses`, which has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, text

from aggregator.store.near import COPIES, LANGUAGES, TEXTS
from aggregator.store.schema import near_index, near_sketches, revisions
from aggregator.store.stored import batches
from aggregator.store.verifying.findings import Examination, Finding, number_of, shown
from aggregator.stories.sketching import VERSION, NearText, read_text

SAMPLE = 200  # entries, the newest, that are made again from their texts
LARGEST = 4_096  # bytes of a sketch
_BANDS = text("SELECT revision_id FROM near_bands")
_SKETCHES = text("SELECT revision_id, kind, bands, sketch FROM near_sketches ORDER BY revision_id")
_NEWEST = (
    select(near_sketches.c.revision_id, near_sketches.c.kind, near_sketches.c.sketch)
    .order_by(near_sketches.c.revision_id.desc())
    .limit(SAMPLE)
)


def check_near(work: Examination) -> Iterator[Finding]:
    """Every entry is found by as many bands as it says, no band leads to nothing, and entries are those of their texts."""
    if work.story is not None:
        return
    left = _led_to(work)
    last, due = None, 0
    for rows in batches(work.tx, _SKETCHES):
        for row in rows:
            work.count("near_sketches")
            what = _damage(row)
            if what is not None:
                yield _finding("near_sketches", row.revision_id, what)
            if row.revision_id != last:
                yield from _compared(last, due, left)
                last, due = row.revision_id, 0
            due += number_of(row.bands) or 0
    yield from _compared(last, due, left)
    for revision, count in sorted(left.items()):
        yield _finding("near_bands", revision, f"{count} bands lead to it, and there is no such entry")
    yield from _made_again(work)


def _led_to(work: Examination) -> dict[int, int]:
    """How many bands lead to each entry."""
    found: dict[int, int] = {}
    for rows in batches(work.tx, _BANDS):
        for row in rows:
            found[row.revision_id] = found.get(row.revision_id, 0) + 1
    return found


def _damage(row: Any) -> str | None:
    if row.kind not in (COPIES.name, LANGUAGES.name):
        return f"its kind is {shown(row.kind)!r}, which is none"
    if not isinstance(row.sketch, bytes | memoryview) or not 0 < len(row.sketch) <= LARGEST:
        return "its sketch is none"
    return None


def _compared(revision: int | None, due: int, left: dict[int, int]) -> Iterator[Finding]:
    there = 0 if revision is None else left.pop(revision, 0)
    if there != due:
        yield _finding("near_sketches", revision, f"it says that {due} bands lead to it, and {there} do")


def _made_again(work: Examination) -> Iterator[Finding]:
    """The newest entries against the texts that they were made from."""
    if work.quick or work.tx.execute(select(near_index.c.version)).scalar() != VERSION:
        return
    for row in work.tx.execute(_NEWEST).all():
        found = work.tx.execute(TEXTS.where(revisions.c.id == row.revision_id)).one_or_none()
        if found is None:
            continue  # which the foreign key says
        read = read_text(NearText(**found._mapping))
        due = read.copied.sketch.pack() if row.kind == COPIES.name else read.kept_profile
        if bytes(row.sketch) != due:
            yield _finding("near_sketches", row.revision_id, f"its sketch ({shown(row.kind)}) is not that of its text")


def _finding(table: str, revision: object, what: str) -> Finding:
    return Finding(check="near", table=table, row=shown(revision), what=what)
