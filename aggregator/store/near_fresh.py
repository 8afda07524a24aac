"""Bands that were put lately wait in small tables of levels, and go on to the large one in order, many at a time.

A text is found by about fourteen bands, which are as good as random numbers: put straight into an index of millions, each would
change a page of its own, and a poll would write hundreds. The first level has room on a few dozen pages. Each time some texts
have come, one slice of each level, a range of bands, goes on; as each level is cut into more slices than the one before, many
bands go to one page together. What a poll writes hardly grows with the store, and no poll does the work of many.

After: P. O'Neil, E. Cheng, D. Gawlick, E. O'Neil, The log-structured merge-tree (LSM-tree), Acta Informatica 33, 1996; with a
component's merge rolling through the range of keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import BindParameter, ColumnElement, Connection, Delete, Table, bindparam, select, union_all

from aggregator.store.bulk import Ask, Insert
from aggregator.store.schema import near_bands, near_fresh

EVERY = 32  # versions, after which one slice of each level goes on
SLICES = (16, 256)  # into which the bands of each level are cut
LOWEST, ALL = -(2**63), 2**64  # bands are signed, of 64 bits, and each as likely as another

_LEVELS = range(len(SLICES))
_WANTED: BindParameter[int] = bindparam("bands", expanding=True)
FIND = Ask(  # where some bands of a period lead, wherever they lie by now
    union_all(
        select(near_bands.c.band, near_bands.c.revision_id).where(
            near_bands.c.period == bindparam("period"), near_bands.c.band.in_(_WANTED)
        ),
        *(
            select(near_fresh.c.band, near_fresh.c.revision_id).where(
                near_fresh.c.level == level, near_fresh.c.band.in_(_WANTED), near_fresh.c.period == bindparam("period")
            )
            for level in _LEVELS
        ),
    )
)
EVERYWHERE = union_all(  # all bands
    select(near_bands.c.period, near_bands.c.band, near_bands.c.revision_id),
    select(near_fresh.c.period, near_fresh.c.band, near_fresh.c.revision_id),
).subquery("bands")
_PUT = Insert(near_fresh.c.level, near_fresh.c.band, near_fresh.c.period, near_fresh.c.revision_id)
_SPREAD = Insert(near_bands.c.period, near_bands.c.band, near_bands.c.revision_id)


def _drop_from(table: Table, *where: ColumnElement[bool]) -> Delete:
    return table.delete().where(
        table.c.period == bindparam("in_period"),
        table.c.band == bindparam("of_band"),
        table.c.revision_id == bindparam("revision"),
        *where,
    )


_DROP = (*(_drop_from(near_fresh, near_fresh.c.level == level) for level in _LEVELS), _drop_from(near_bands))
_SLICE = near_fresh.c.level == bindparam("of_level"), near_fresh.c.band.between(bindparam("least"), bindparam("most"))
_IN_SLICE = select(near_fresh.c.period, near_fresh.c.band, near_fresh.c.revision_id).where(*_SLICE)
_CLEAR_SLICE = near_fresh.delete().where(*_SLICE)

Place = tuple[int, int]  # a period and a band


def put_bands(tx: Connection, rows: Iterable[tuple[Place, int]]) -> None:
    """Let bands lead to versions. None of these rows may be there."""
    # In the order of the table, where neighbours lie together.
    _PUT(tx, sorted((0, band, period, revision) for (period, band), revision in rows))


def drop_bands(tx: Connection, rows: Sequence[tuple[Place, int]]) -> None:
    """Let bands lead to versions no more."""
    values = [{"in_period": period, "of_band": band, "revision": revision} for (period, band), revision in rows]
    for statement in _DROP if values else ():
        tx.execute(statement, values)


def move_on(tx: Connection, made: Iterable[int], *, every: int = EVERY, slices: Sequence[int] = SLICES) -> None:
    """Let slices go on, as many as are due for the versions of these numbers that were made. What is found stays the same."""
    steps = sorted(number // every for number in made if number % every == 0)
    for level in reversed(range(len(slices))):  # what goes on from one level does not go on from the next in the same step
        for slice_ in sorted({step % slices[level] for step in steps}):
            _move(tx, level, slice_, slices)


def _move(tx: Connection, level: int, slice_: int, slices: Sequence[int]) -> None:
    width = ALL // slices[level]
    least = LOWEST + slice_ * width
    where = {"of_level": level, "least": least, "most": least + width - 1}
    rows = tx.execute(_IN_SLICE, where).all()
    if not rows:
        return
    tx.execute(_CLEAR_SLICE, where)
    if level + 1 < len(slices):
        _PUT(tx, sorted((level + 1, row.band, row.period, row.revision_id) for row in rows))
    else:
        _SPREAD(tx, sorted((row.period, row.band, row.revision_id) for row in rows))
