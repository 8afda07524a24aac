"""A whole replay: a store of its own, the record done again in it, and what came of it held against what is stored."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from aggregator.config import Config
from aggregator.model import SourceKey
from aggregator.pipeline.comparing import Compared, compare_changes, compare_groups
from aggregator.pipeline.desk_again import LeftAct
from aggregator.pipeline.differing import Difference, differences
from aggregator.pipeline.replaying import Replay, Replayed, ReplayError, Unreadable
from aggregator.pipeline.sandbox import Sandbox
from aggregator.store import Store, open_store
from aggregator.store.contents import PARTS, change_rows, groups, told_until
from aggregator.store.outlines import outline
from aggregator.store.record import Extent, extent, extent_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be replayed."""

    config: Config | None  # None: what was in effect each time
    start: datetime | None = None  # what came before it is rebuilt, and not told
    end: datetime | None = None  # the first moment outside


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Polls of a source that the other configuration does not ask."""

    source: SourceKey
    polls: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What a replay came to."""

    polls: int
    same: bool  # by the configuration that was in effect: the result must be what is stored
    equal: bool  # nothing differs
    tables: Sequence[Compared]  # compared to the last bit; none where another configuration was used
    differences: Sequence[Difference]  # in the time that was asked for
    earlier: int  # how many there are before it
    left_out: Sequence[LeftOut] = ()
    unreadable: Sequence[Unreadable] = ()
    unrecorded: dict[str, int] = field(default_factory=dict)  # addresses without an answer, and how often they would be asked
    without_record: Sequence[SourceKey] = ()
    left_acts: Sequence[LeftAct] = ()  # of the desk, that could not be done again
    waiting: int = 0


async def rebuild(
    store: Store,
    asked: Asked,
    *,
    file: Path,
    sandbox: Sandbox,
    begin: Callable[[int], Callable[[], None]] = lambda _: lambda: None,
) -> Rebuilt:
    """Replay a store into a new SQLite file, and compare. The store itself is only read, and nothing is asked.

    `begin` is told how many polls there are, and gives a function that is called after each. The file appears whole: until
    then it has another name beside its place. Raises `ReplayError`, `StoreError`; FileExistsError where the file is there.
    """
    part = _begin(file)
    try:
        with closing(open_store(f"sqlite:///{part}", snapshots=store.snapshots, passing=True)) as into:
            with store.read() as tx:
                whole = extent(tx)
                until = whole if asked.end is None else extent_until(tx, asked.end, within=whole)
            if not whole.polls:
                raise ReplayError(f"{store.name}: nothing was polled yet, so there is nothing to replay.")
            replay = Replay(store, into, asked.config, sandbox=sandbox, advance=begin(until.polls))
            result = _compared(store, into, await replay.run(until), asked, until)
        _keep(part, file)
    finally:
        _remove(part)
    return result


def _compared(store: Store, into: Store, replayed: Replayed, asked: Asked, until: Extent) -> Rebuilt:
    with store.read() as tx, into.read() as other:
        # Where the record goes on, be it that the service runs meanwhile: only what was there, and does not change since.
        limit = None if extent(tx) == until else until
        tables = _tables(tx, other, limit) if replayed.same else []
        equal = replayed.same and not any(one.unequal for one in tables)
        found = [] if equal else differences(outline(tx, limit), outline(other))
    in_time = [one for one in found if asked.start is None or one.at >= asked.start]
    return Rebuilt(
        polls=replayed.polls,
        same=replayed.same,
        equal=equal if replayed.same else not found,
        tables=tables,
        differences=in_time,
        earlier=len(found) - len(in_time),
        left_out=[LeftOut(source=key, polls=count, why=why) for (key, why), count in replayed.left_out.items()],
        unreadable=replayed.unreadable,
        unrecorded=dict(replayed.unrecorded),
        without_record=replayed.without_record,
        left_acts=replayed.left_acts,
        waiting=replayed.waiting,
    )


def _tables(tx: Connection, other: Connection, limit: Extent | None) -> list[Compared]:
    """Every table, to the last bit. The rebuilt store goes no further than the limit, so all of it counts."""
    found = [
        compare_groups(part.table.name, groups(tx, part, limit), groups(other, part, settled=limit is not None))
        for part in PARTS
        if limit is None or not part.whole_only
    ]
    most = None if limit is None else told_until(tx, limit)
    return [*found, compare_changes(change_rows(tx, most=most), change_rows(other))]


def _begin(file: Path) -> Path:
    """Where a file is made before it is whole."""
    if file.exists():
        raise FileExistsError(f"{file}: it is there already, and was left as it was. Name another file.")
    part = file.with_name(f".{file.name}.part")
    _remove(part)
    return part


def _keep(part: Path, file: Path) -> None:
    """Bring a finished file to its place, with all that it holds on the disk."""
    with part.open("rb") as opened:
        os.fsync(opened.fileno())
    part.rename(file)


def _remove(part: Path) -> None:
    for path in (part, part.with_name(f"{part.name}-wal"), part.with_name(f"{part.name}-shm")):
        path.unlink(missing_ok=True)
