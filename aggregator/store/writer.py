"""Writes of many polls in one transaction: a commit that reaches the disk is what costs, not the rows."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.exc import OperationalError

from aggregator.store import changes, postgresql, tallies
from aggregator.store.engine import Store
from aggregator.store.quick import Guard, Quick

MOST_TOGETHER = 32  # pieces of one transaction: what it changes is in memory until it ends,
MOST_LINES = 100  # and so are the new lines of listings in it; one piece may have more
MOST_ROWS = 128  # pieces, where most are rows alone: of these each takes little

T = TypeVar("T")
Work = Callable[[Connection], T]
Together = Callable[[Connection, Sequence[Any]], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """Something that waits to be stored: `work` whose result is the row, or a row; and what writes rows together."""

    work: Work[Any] | None
    row: Any
    write: Together | None
    began: Any  # what the work began with, for the guard; None: nothing that could change meanwhile
    takes: Mapping[Table, int]  # how many numbers of which tables a row takes
    lines: int  # of a listing that it stores
    stored: asyncio.Future[Any]


class Writer:
    """Takes work from coroutines, does what has gathered in one transaction in a thread, and tells each when it is stored.

    What is not told yet is not stored: a crash in between is as if it had not been asked for. One piece of work that fails
    is rolled back alone, and its own caller gets the error; the others are stored. Where another process was in the way, all
    of it is done again: work and what writes rows must do nothing but read and write the store.
    """

    def __init__(self, store: Store, *, guard: Guard | None = None, gathers: float = 0.0) -> None:
        """For whoever is not alone: `guard` is asked first in each transaction, when no other writes; and for `gathers` seconds
        it is waited for more that one transaction can take, as each keeps all other programs waiting."""
        self._store = store
        self._quick = Quick(store, guard) if guard is not None and Quick.is_possible() else None
        self._gathers = gathers
        self._guard = guard
        self._waiting: list[_Piece] = []
        self._lines = 0  # of listings, of what waits
        self._begun = asyncio.Event()  # a further transaction; another event for each
        self._task: asyncio.Task[None] | None = None

    @property
    def behind(self) -> bool:
        """Whether more waits than one transaction takes: then it is no time to begin more."""
        return len(self._waiting) > MOST_TOGETHER

    async def run(self, work: Work[T], *, then: Together | None = None, began: object = None, lines: int = 0) -> T:
        """Do some work in a savepoint of its own; returns its result once it is stored. Raises what it raises, or
        `StoreError`. With `then`, the result is one of the rows that `then(tx, rows)` writes, as `together` does.
        Where the guard says that what it `began` with does not hold any more, nothing of it is done, and its error raised.
        `lines`: how many of a listing it stores, so that not too much comes together in memory."""
        result: T = await self._add(_Piece(work, None, then, began, {}, lines, _promise()))
        return result

    async def together(
        self, write: Together, row: object, *, began: object = None, takes: Mapping[Table, int] | None = None
    ) -> None:
        """Have `write(tx, rows)` called once for all rows that gather; returns once they are stored. For plain rows alone:
        if it fails, nothing of the whole transaction is stored. `began`: as for `run`; `takes`: how many numbers of which
        tables this row will take, where that is known: they are asked for together."""
        await self._add(_Piece(None, row, write, began, takes or {}, 0, _promise()))

    async def room(self) -> None:
        """Wait while more lines wait than one transaction takes: whoever brought more would only hold it."""
        while self._lines > MOST_LINES:
            await self._begun.wait()

    async def close(self) -> None:
        """Wait until everything that was handed in is stored."""
        while self._task is not None:
            await asyncio.wait([self._task])
        if self._quick is not None:
            self._quick.close()

    async def _add(self, piece: _Piece) -> Any:
        self._waiting.append(piece)
        self._lines += piece.lines
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        return await piece.stored

    async def _drain(self) -> None:
        try:
            while self._waiting:
                # Whoever is ready in this turn of the loop comes along, and where that is wanted, in the next ones.
                await asyncio.sleep(self._gathers if len(self._waiting) < MOST_TOGETHER else 0)
                await self._commit(self._next())
        finally:
            self._task = None

    def _next(self) -> list[_Piece]:
        """Those that waited longest, as many as one transaction takes."""
        count = works = lines = 0
        for piece in self._waiting[:MOST_ROWS]:
            lines += piece.lines
            works += piece.work is not None
            if count and (lines > MOST_LINES or works > MOST_TOGETHER):
                break
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        self._lines -= sum(piece.lines for piece in batch)
        self._begun.set()
        self._begun = asyncio.Event()
        return batch

    async def _commit(self, batch: Sequence[_Piece]) -> None:
        try:
            results = await asyncio.to_thread(self._store_all, batch)
        except Exception as error:  # noqa: BLE001 - not handled here: handed to everybody whose work it concerns
            results = [error] * len(batch)
        for piece, result in zip(batch, results, strict=True):
            if piece.stored.done():  # its caller was cancelled meanwhile
                continue
            if isinstance(result, Exception):
                piece.stored.set_exception(result)
            else:
                piece.stored.set_result(result)

    def _store_all(self, batch: Sequence[_Piece]) -> list[Any]:
        if self._quick is not None and all(piece.takes and piece.began is not None for piece in batch):
            takes: Counter[Table] = Counter()
            for piece in batch:
                takes.update(piece.takes)
            began = [piece.began for piece in batch]
            return self._quick.perform(lambda tx, errors: _all(tx, batch, dict(enumerate(errors))), began=began, takes=takes)
        return self._store.perform(lambda tx: _all(tx, batch, _refused(tx, batch, self._guard)), in_turn=True)


def _promise() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()


def _refused(tx: Connection, batch: Sequence[_Piece], guard: Guard | None) -> Mapping[int, Exception | None]:
    """By its place, the error of each piece that began with what does not hold any more."""
    guarded = [place for place, piece in enumerate(batch) if piece.began is not None]
    if guard is None or not guarded:
        return {}
    began = [batch[place].began for place in guarded]
    rows = tx.exec_driver_sql(*guard.question(began)).all()
    return dict(zip(guarded, guard.judge(began, rows), strict=True))


def _all(tx: Connection, batch: Sequence[_Piece], errors: Mapping[int, Exception | None]) -> list[Any]:
    refused = {place: error for place, error in errors.items() if error is not None}
    results = [
        refused[place] if place in refused else piece.row if piece.work is None else _alone(tx, piece.work)
        for place, piece in enumerate(batch)
    ]
    rows: dict[Together, list[Any]] = {}
    for piece, result in zip(batch, results, strict=True):
        if piece.write is not None and not isinstance(result, Exception):
            rows.setdefault(piece.write, []).append(result)
    for write, gathered in rows.items():
        write(tx, gathered)
    return results


def _alone(tx: Connection, work: Work[Any]) -> Any:
    """The work's result, or its error, with its own writes undone."""
    noted, sealed = len(changes.gathered(tx)), len(tallies.gathered(tx))
    try:
        with tx.begin_nested():
            return work(tx)
    except OperationalError:
        raise  # the store itself is in trouble: that concerns everybody
    except Exception as error:  # noqa: BLE001 - not handled here: handed to the poll whose work it is
        del changes.gathered(tx)[noted:], tallies.gathered(tx)[sealed:]
        if tx.dialect.name != "sqlite":
            postgresql.close_gaps(tx)
        return error
