"""Several writers at once: one that stops just before it commits, what waits for it, and processes that write and are killed.

Imports little, as each of those processes does it again.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, select

from aggregator.model import RevisionId, StatementId, StoryKey, UpdateKind
from aggregator.store import Store, StoreError, changes, open_store
from aggregator.store.ledger import Draft, append
from aggregator.store.schema import identity
from aggregator.store.writer import Writer
from tests.patience import WAIT

NOON = datetime(2025, 8, 14, 12, 0, tzinfo=UTC)
WRITERS, ROUNDS = 3, 20
SPAWN = multiprocessing.get_context("spawn")
# Of this database: who waits for a lock that another one holds.
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@dataclass(eq=False)
class Paused:
    """A writer that has written everything and has not committed yet."""

    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, _connection: Connection) -> None:
        """Stop here, the first time."""
        if not self.reached.is_set():
            self.reached.set()
            assert self.go.wait(WAIT)


@contextmanager
def before_commit(store: Store, do: Callable[[Connection], None]) -> Iterator[None]:
    """Do something whenever a transaction of this store is about to commit: all is written and numbered, nothing is visible."""
    event.listen(store.engine, "commit", do)
    try:
        yield
    finally:
        event.remove(store.engine, "commit", do)


@contextmanager
def held_back(pool: ThreadPoolExecutor, store: Store, work: Callable[[], object]) -> Iterator[Future[object]]:
    """Start some work in a thread, and hold it back just before its commit until the block ends."""
    paused = Paused()
    with before_commit(store, paused):
        running = pool.submit(work)
        try:
            assert paused.reached.wait(WAIT), running
            yield running
        finally:
            paused.go.set()
        running.result(WAIT)


def wait_until_it_waits(store: Store, running: Future[Any]) -> None:
    """Until some work has come to an end, or waits for a lock that another transaction holds."""
    deadline = time.monotonic() + WAIT
    while not running.done():
        with store.read() as tx:
            if tx.exec_driver_sql(WAITING).scalar_one():
                return
        assert time.monotonic() < deadline


async def write_some(store: Store, keys: list[str], *, bad: set[str], pause: Callable[[], None] = lambda: None) -> list[str]:
    """Write some keys together, each in a savepoint; those that are bad are taken back. Returns what was stored."""
    writer = Writer(store)

    def work(tx: Connection, key: str) -> str:
        changes.note(tx, "story", key, seal="", at=NOON)
        pause()
        if key in bad:
            raise ValueError(key)
        return key

    done = await asyncio.gather(*(writer.run(partial(work, key=key)) for key in keys), return_exceptions=True)
    await writer.close()
    assert [key for key, one in zip(keys, done, strict=True) if isinstance(one, ValueError)] in ([], sorted(bad))
    return [one for one in done if isinstance(one, str)]


def opened(url: str, folder: Path) -> Store:
    """A store, though its first connections may be cut."""
    for _ in range(20):
        with suppress(StoreError):
            return open_store(url, snapshots=folder)
    raise TimeoutError(url)


def write_for_long(url: str, name: str, told: Path) -> None:
    """A process that writes, with pauses in the worst places; it says what it knows to be stored, a line each."""
    chance = random.Random(name)  # noqa: S311 - guards nothing; the same pauses at every run
    store = opened(url, told.parent)

    def pause(_connection: object = None) -> None:
        time.sleep(chance.choice([0, 0.001, 0.02, 0.05]))

    with before_commit(store, pause), told.open("a", encoding="utf-8") as file:
        for n in range(ROUNDS):
            keys = [f"{name}/{n}/{part}" for part in range(3)]
            try:
                stored = asyncio.run(write_some(store, keys, bad={keys[1]} if chance.random() < 0.5 else set(), pause=pause))
            except StoreError:
                continue  # its connection was cut: perhaps stored, perhaps not
            file.write("".join(f"{key}\n" for key in stored))
            file.flush()
    store.close()


@contextmanager
def writing(url: str, folder: Path) -> Iterator[Sequence[BaseProcess]]:
    names = [f"writer{n}" for n in range(WRITERS)]
    processes = [SPAWN.Process(target=write_for_long, args=(url, name, folder / f"{name}.told")) for name in names]
    for process in processes:
        process.start()
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.join()


def exits(processes: Sequence[BaseProcess]) -> list[int | None]:
    """Start processes, wait for their end, and say how they ended."""
    for process in processes:
        process.start()
    for process in processes:
        process.join(4 * WAIT)
        process.kill()
        process.join()
    return [process.exitcode for process in processes]


def open_and_say_who(url: str, folder: Path) -> None:
    """A process that opens a store and writes down which store it found."""
    store = open_store(url, snapshots=folder)
    with store.read() as tx:
        found = tx.execute(select(identity.c.id)).scalars().all()
    store.close()
    (folder / uuid.uuid4().hex).write_text(" ".join(found))


def a_draft(story: str, revision: int) -> Draft:
    return Draft(
        story=StoryKey(story),
        kind=UpdateKind.ADDS,
        reason="Adds.",
        title="T",
        statement=StatementId(revision),
        revision=RevisionId(revision),
        said_at=NOON,
        paragraphs=(),
        attributions=(),
    )


def append_some(url: str, folder: Path, story: str, revisions: Sequence[int]) -> None:
    """A process that appends to a story, each update in a transaction of its own."""
    store = open_store(url, snapshots=folder)
    for revision in revisions:
        store.perform(lambda tx, revision=revision: append(tx, a_draft(story, revision), at=NOON))  # type: ignore[misc]  # bound now
    store.close()
