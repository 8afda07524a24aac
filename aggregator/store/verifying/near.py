"""That the index of what is near, which is made from the texts, holds what belongs there.

No seal covers it: nothing that is published rests on it but by a row of `likenesses`, which has one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, func, select, text

from aggregator.store.near import COPIES, LANGUAGES, TEXTS, languages
from aggregator.store.near_fresh import EVERYWHERE
from aggregator.store.schema import near_index, near_sketches, revisions
from aggregator.store.stored import batches
from aggregator.store.verifying.findings import Examination, Finding, number_of, shown
from aggregator.stories.sketching import VERSION, NearText, read_text

SAMPLE = 200  # entries, the newest, that are made again from their texts
LARGEST = 4_096  # bytes of a sketch
PAGE = 16  # bits
MASK = (1 << PAGE) - 1
_BANDS = text("SELECT revision_id FROM near_bands UNION ALL SELECT revision_id FROM near_fresh")
_SKETCHES = text("SELECT revision_id, kind, bands, sketch FROM near_sketches ORDER BY revision_id")
_OWN = (
    select(func.count())
    .select_from(EVERYWHERE)
    .where(
        EVERYWHERE.c.period == bindparam("period"),
        EVERYWHERE.c.band.in_(bindparam("bands", expanding=True)),
        EVERYWHERE.c.revision_id == bindparam("revision"),
    )
)
_NEWEST = (
    select(near_sketches.c.revision_id, near_sketches.c.kind, near_sketches.c.bands, near_sketches.c.sketch)
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
    for revision, count in left.left():
        yield _finding("near_bands", revision, f"{count} bands lead to it, and there is no such entry")
    yield from _made_again(work)


class _Counts:
    """How many bands lead to each entry, in little room: 1,000,000 entries take 2 MB."""

    def __init__(self) -> None:
        self._pages: dict[int, array[int]] = {}

    def add(self, number: int) -> None:
        """One more."""
        page = self._pages.setdefault(number >> PAGE, array("H", bytes(2 << PAGE)))
        page[number & MASK] = min(page[number & MASK] + 1, 0xFFFF)

    def take(self, number: int) -> int:
        """How many lead to an entry; it is then done with."""
        page = self._pages.get(number >> PAGE)
        if page is None:
            return 0
        count, page[number & MASK] = page[number & MASK], 0
        return count

    def left(self) -> Iterator[tuple[int, int]]:
        """Those that were not taken, with their counts."""
        for high, page in sorted(self._pages.items()):
            for low, count in enumerate(page):
                if count:
                    yield high << PAGE | low, count


def _led_to(work: Examination) -> _Counts:
    found = _Counts()
    for rows in batches(work.tx, _BANDS):
        for row in rows:
            number = number_of(row.revision_id)
            if number is not None:
                found.add(number)
    return found


def _damage(row: Any) -> str | None:
    if row.kind not in (COPIES.name, LANGUAGES.name):
        return f"its kind is {shown(row.kind)!r}, which is none"
    if not isinstance(row.sketch, bytes | memoryview) or not 0 < len(row.sketch) <= LARGEST:
        return "its sketch is none"
    return None


def _compared(revision: int | None, due: int, left: _Counts) -> Iterator[Finding]:
    number = number_of(revision)
    there = 0 if number is None else left.take(number)
    if there != due:
        yield _finding("near_sketches", revision, f"it says that {due} bands lead to it, and {there} do")


def _made_again(work: Examination) -> Iterator[Finding]:
    """The newest entries against the texts that they were made from, and the bands that lead to them."""
    if work.quick or work.tx.execute(select(near_index.c.version)).scalar() != VERSION:
        return
    known = set(languages(work.tx))
    for row in work.tx.execute(_NEWEST).all():
        found = work.tx.execute(TEXTS.where(revisions.c.id == row.revision_id)).one_or_none()
        if found is None:
            continue  # which the foreign key says
        read = read_text(NearText(**found._mapping))
        copies = row.kind == COPIES.name
        if bytes(row.sketch) != (read.reading.copied.sketch.pack() if copies else read.kept_profile):
            yield _finding("near_sketches", row.revision_id, f"its sketch ({shown(row.kind)}) is not that of its text")
        bands = read.reading.copied.bands if copies else read.bands_in(read.language)
        period = (COPIES if copies else LANGUAGES).period_of(read.of.said_at)
        query = {"period": period, "bands": list(bands), "revision": row.revision_id}
        if bands and work.tx.execute(_OWN, query).scalar_one() != row.bands:
            yield _finding("near_bands", row.revision_id, f"other bands lead to it ({shown(row.kind)}) than those of its text")
        if not copies and read.language not in known:
            yield _finding("near_languages", read.language, "there are texts in this language, and it is not there")


def _finding(table: str, revision: object, what: str) -> Finding:
    return Finding(check="near", table=table, row=shown(revision), what=what)
