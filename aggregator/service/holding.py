"""The storage that a configuration names, held: one writer at a time in a folder; and its schema brought up to date."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from aggregator.config import Config
from aggregator.store.errors import StoreError, file_trouble
from aggregator.store.files import make_folder
from aggregator.store.stamped import has_newest_schema

if TYPE_CHECKING:
    from aggregator.pipeline import Clock

RUNNING = "aggregator run"  # who holds the store
LEADING = "aggregator run --no-poll"
PREPARING = "aggregator, about to begin"
ALONE = "service.json"  # card of who holds the store alone
AT_WORK = "at-work-*.json"  # cards of those that hold it together; the star stands for host and process
LOOKED_AT = 5  # times that a lock which nobody holds may be found taken, because somebody looks at it


class StoreHeld(RuntimeError):  # noqa: N818 - says what is the case
    """Another program works on this store; the text says which."""


class FolderHeld(StoreHeld):
    """Another program works in this folder now; it may be a service, or a command that soon ends."""


def utc_now() -> datetime:
    """The present moment, as finely as the store keeps it: what is done again by a stored time then comes to the same.

    Handed in at the edge; nothing below asks for it.
    """
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def prepare(config: Config, *, clock: Clock = utc_now, together: bool = False) -> None:
    """Bring the store's schema up to date; `together` with others, the tables of their jobs, too.

    Raises `StoreError` or `FolderHeld`. A file that is up to date is left to whoever opens it next: what is wrong with it is
    said there.
    """
    if not together and config.service.database is None and has_newest_schema(config.service.database_file):
        return
    from aggregator.store import open_store  # noqa: PLC0415 - SQLAlchemy: hardly any start changes a schema

    how, what = (hold_together, PREPARING) if together else (hold, RUNNING)
    with how(config.service.storage, what=what, clock=clock):
        store = open_store(config.service.database_url, snapshots=config.service.snapshot_place)
        try:
            if together:
                from aggregator.store.jobs.tables import prepare_jobs  # noqa: PLC0415 - for those alone who have workers

                prepare_jobs(store)
        finally:
            store.close()


@contextmanager
def hold(storage: Path, *, what: str, clock: Clock) -> Iterator[None]:
    """Keep every other writer away from a storage folder. Raises `FolderHeld` with who holds it, since when, on which host.

    The lock is the operating system's, so it ends with its process, however that ends.
    """
    make_folder(storage)
    lock, card = FileLock(storage / "service.lock"), storage / ALONE
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise FolderHeld(
            f"{storage}: {_holder(storage)} is at work on this store. Stop it first, or name another `storage`."
        ) from error
    try:
        _leave_card(card, what=what, now=clock())
        yield
    finally:
        card.unlink(missing_ok=True)
        lock.release()


@contextmanager
def hold_together(storage: Path, *, what: str, clock: Clock) -> Iterator[None]:
    """Keep those away from a storage folder who must be alone in it, as `hold` does; others who hold it together may come.

    For the leader and workers, which share a database and are made for that. Each has a card of its own, so that one who comes
    and goes takes away nobody else's. Raises `FolderHeld`.
    """
    make_folder(storage)
    handle = os.open(storage / "service.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    card = storage / AT_WORK.replace("*", f"{socket.gethostname()}-{os.getpid()}")
    try:
        # The lock of `hold` is of the same kind; who looks whether it is free has it for an instant.
        for further in range(LOOKED_AT, -1, -1):
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if not further:
                    raise FolderHeld(
                        f"{storage}: {_holder(storage)} is at work on this store, and must be alone."
                        " Stop it first, or name another `storage`."
                    ) from error
                time.sleep(0.1)
        try:
            _leave_card(card, what=what, now=clock())
            yield
        finally:
            card.unlink(missing_ok=True)
    finally:
        os.close(handle)


def holder_of(storage: Path) -> str:
    """Who keeps other writers away from a storage folder, as `hold` would say it; "" for nobody. Raises OSError."""
    if not storage.is_dir():
        return ""
    lock = FileLock(storage / "service.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _holder(storage)
    lock.release()
    return ""


def _leave_card(card: Path, *, what: str, now: datetime) -> None:
    """Who holds it, since when, for whoever comes next. Raises `StoreError`."""
    since = now.isoformat(timespec="seconds")
    try:
        card.write_text(json.dumps({"what": what, "pid": os.getpid(), "host": socket.gethostname(), "since": since}))
    except OSError as error:
        raise StoreError(file_trouble(card, error)) from error


def _holder(storage: Path) -> str:
    """Of several that hold it together, the one that leads."""
    found = [who for card in (storage / ALONE, *sorted(storage.glob(AT_WORK))) if (who := _named(card))]
    return next((who for who in found if RUNNING in who), found[0] if found else "another process")


def _named(card: Path) -> str:
    """Who left a card; "" where nobody did who is still there."""
    try:
        who = json.loads(card.read_text())
        if who["host"] == socket.gethostname():
            os.kill(int(who["pid"]), 0)  # sends nothing; raises where that process has ended, and this is its old card
        return f"`{who['what']}` (process {who['pid']} on {who['host']}, since {who['since']})"
    except PermissionError:  # it runs, as another user; or its card is not for us to read
        return "a process of another user"
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return ""
