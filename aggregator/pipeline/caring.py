"""Care for the store in quiet moments: old bytes, leftovers, what SQLite needs; each chore by its own plan, kept in the store.

A chore is a row of small steps that take turns with the polls, so that it can be cut short and goes on later.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy import Connection

from aggregator.pipeline.picturing import FOLDER
from aggregator.pipeline.retaining import AtWork, Enough, prune_beside
from aggregator.store import Store, StoreError, postgresql, tending
from aggregator.store.leftovers import named_pictures, remove_pictures
from aggregator.store.maintaining import Entry, add_entry, due_chores, plan_chore

PATIENCE = timedelta(minutes=30)  # that a chore waits for a quiet moment
UNNAMED_FOR = timedelta(days=1)  # that a picture stays which nothing refers to: a page may still show it
SMALL_WAL = 4 << 20  # bytes of a write-ahead log that are not worth the while
TELL_WAL_EVERY = timedelta(hours=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """What a chore came to."""

    says: str = ""  # "": there was nothing to do
    freed: int = 0  # bytes of the disk
    failed: bool = False
    more: bool = False  # it was cut short


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """Something that is done for the store by and by."""

    every: timedelta
    work: Callable[[AtWork, Enough], Awaitable[Did]]
    first: timedelta = timedelta()  # after the store was first seen
    file_alone: bool = False


async def _snapshots(at: AtWork, enough: Enough) -> Did:
    done = await prune_beside(at, enough=enough)
    more = done.more or bool(done.left)
    if done.failed:
        return Did(says=f"{len(done.failed)} snapshots could not be removed: {done.failed[0]}", failed=True, more=more)
    said = [f"{done.removed:,} snapshots removed"] if done.removed else []
    if done.over:
        said.append(f"{done.over:,} bytes more than snapshots_size stay, as updates cite them or they are needed for now")
    return Did(says="; ".join(said), freed=done.freed, more=more)


async def _leftovers(at: AtWork, _enough: Enough) -> Did:
    count = await asyncio.to_thread(at.store.snapshots.sweep)
    return Did(says=f"{count:,} unfinished files of snapshots removed" if count else "")


async def _pictures(at: AtWork, _enough: Enough) -> Did:
    folder = at.config.service.storage / "site" / FOLDER
    count, freed = await asyncio.to_thread(_remove_pictures, at.store, folder, at.clock() - UNNAMED_FOR)
    return Did(says=f"{count:,} pictures removed that no page shows" if count else "", freed=freed)


def _remove_pictures(store: Store, folder: Path, before: datetime) -> tuple[int, int]:
    with store.read() as tx:
        named = named_pictures(tx)
    return remove_pictures(folder, but=named, before=before)


async def _statistics(at: AtWork, enough: Enough) -> Did:
    tables = await asyncio.to_thread(_tables, at.store)
    for done, table in enumerate(tables):
        if enough():
            return Did(says=f"{done} of {len(tables)} tables analysed", more=True)
        await at.writer.run(partial(tending.analyse, table=table))
    return Did(says=f"{len(tables)} tables analysed")


def _tables(store: Store) -> list[str]:
    with store.read() as tx:
        return tending.tables_to_analyse(tx)


async def _words(at: AtWork, enough: Enough) -> Did:
    steps = 0
    while await at.writer.run(tending.merge_words):
        steps += 1
        if enough():
            break
        await asyncio.sleep(0)
    return Did(says=f"the index of words merged in {steps} steps" if steps else "", more=enough())


async def _pages(at: AtWork, enough: Enough) -> Did:
    freed = 0
    while not enough() and (some := await at.writer.run(tending.give_back)):
        freed += some
    return Did(says="unused pages cut off the database's file" if freed else "", freed=freed, more=enough())


async def _server(at: AtWork, _enough: Enough) -> Did:
    if await asyncio.to_thread(_tends_itself, at.store):
        return Did()
    return Did(says="autovacuum is off: switch it on (ALTER SYSTEM SET autovacuum = on), or the database grows", failed=True)


def _tends_itself(store: Store) -> bool:
    with store.read() as tx:
        return store.is_sqlite or postgresql.tends_itself(tx)


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHORES = {
    "snapshots": Chore(every=HOUR, work=_snapshots),
    "leftovers": Chore(every=DAY, work=_leftovers, first=DAY),
    "pictures": Chore(every=DAY, work=_pictures, first=DAY),
    "statistics": Chore(every=DAY, work=_statistics, first=HOUR, file_alone=True),
    "words": Chore(every=DAY, work=_words, first=DAY, file_alone=True),
    "pages": Chore(every=DAY, work=_pages, first=DAY, file_alone=True),
    "server": Chore(every=DAY, work=_server),
}


def chores_of(store: Store) -> list[str]:
    """The names of what is done for a store, in the order in which it is done where all of it is due."""
    return [name for name, chore in CHORES.items() if store.is_sqlite or not chore.file_alone]


class Carer:
    """Looks after a store."""

    def __init__(self) -> None:
        self._told_wal_at: datetime | None = None

    async def care(
        self,
        at: AtWork,
        *,
        enough: Enough = bool,
        quiet: Callable[[], bool] = lambda: True,
        names: Collection[str] | None = None,
        tell: Callable[[str], object] = lambda _: None,
    ) -> list[Entry]:
        """Do what is due, and in quiet moments or after some `PATIENCE` alone, until it is `enough`; returns what was done.

        With `names`, these are done now, due or not. `tell` hears the name of each that is begun. Raises `StoreError`.
        """
        done = await self._tend_wal(at)
        for name in names if names is not None else await asyncio.to_thread(_due, at.store, at.clock(), quiet()):
            if enough() or not (quiet() or names is not None or await asyncio.to_thread(_is_late, at.store, name, at.clock())):
                break
            tell(name)
            done += await _do(at, name, enough)
        return done

    async def _tend_wal(self, at: AtWork) -> list[Entry]:
        """The write-ahead log is put into the file whenever it is of some size. That needs no plan: its size is one."""
        if await asyncio.to_thread(tending.wal_bytes, at.store) < SMALL_WAL:
            return []
        now, started = at.clock(), time.perf_counter()
        wal = await asyncio.to_thread(tending.empty_wal, at.store)
        says, grows = wal_says(wal, tending.readers(at.store) if wal.held else ()), wal.held and tending.is_large(wal.after)
        if not grows:
            self._told_wal_at = None
            if not tending.is_large(wal.before):
                return []
        elif self._told_wal_at is not None and now - self._told_wal_at < TELL_WAL_EVERY:
            return []
        else:
            self._told_wal_at = now
        entry = Entry(chore="wal", at=now, ms=_ms(started), says=says, freed=max(0, wal.before - wal.after), failed=grows)
        await at.writer.run(partial(add_entry, entry=entry))
        _log(entry)
        return [entry]


def wal_says(wal: tending.Wal, readers: Sequence[int]) -> str:
    """What became of the write-ahead log, in a sentence."""
    if not wal.held:
        return f"the write-ahead log put into the database's file: {wal.before / 1e6:,.0f} MB"
    who = f"process {', '.join(map(str, readers))}" if readers else "some program"
    return (
        f"the write-ahead log has {wal.after / 1e6:,.0f} MB and cannot be emptied: {who} reads an old state of the store;"
        " end its transaction"
    )


async def _do(at: AtWork, name: str, enough: Enough) -> list[Entry]:
    """Do one chore, plan the next time, and write down what was done. A chore that fails is no reason to stop the others."""
    now, started = at.clock(), time.perf_counter()
    chore = CHORES[name]
    try:
        did = await chore.work(at, enough)
    except StoreError:
        raise
    except Exception as error:  # the edge of one chore: logged with its traceback, and written down
        log.exception("chore_broke", chore=name)
        did = Did(says=f"it broke: {type(error).__name__}: {error}"[:500], failed=True)
    next_at = now if did.more else now + chore.every
    entry = Entry(chore=name, at=now, ms=_ms(started), says=did.says, freed=did.freed, failed=did.failed)
    await at.writer.run(lambda tx: plan_chore(tx, name, next_at=next_at, done_at=now))
    if not did.says:
        return []
    await at.writer.run(partial(add_entry, entry=entry))
    _log(entry)
    return [entry]


def _due(store: Store, now: datetime, quiet: bool) -> list[str]:
    """What is due, once each has its plan; while it is not quiet, what has waited for long alone."""
    names = chores_of(store)
    with store.read() as tx:
        due = due_chores(tx, names, now=now)
        late = due_chores(tx, names, now=now - PATIENCE)
        unplanned = due_chores(tx, names, now=datetime.min.replace(tzinfo=now.tzinfo))
    later = [name for name in unplanned if CHORES[name].first]
    if later:
        store.perform(partial(_plan, names=later, now=now))
    return [name for name in due if name not in later and (quiet or name in late)]


def _plan(tx: Connection, names: Sequence[str], now: datetime) -> None:
    for name in names:
        plan_chore(tx, name, next_at=now + CHORES[name].first)


def _is_late(store: Store, name: str, now: datetime) -> bool:
    with store.read() as tx:
        return bool(due_chores(tx, [name], now=now - PATIENCE))


def _ms(started: float) -> int:
    return int((time.perf_counter() - started) * 1000)


def _log(entry: Entry) -> None:
    (log.warning if entry.failed else log.info)("maintained", chore=entry.chore, did=entry.says, freed=entry.freed, ms=entry.ms)
