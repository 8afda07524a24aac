"""New SQLite stores of tests: made by the migrations once, and copied from then on, in a hundredth of the time."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from aggregator.store import sqlite, upgrading
from aggregator.store.engine import Store
from aggregator.store.opening import open_store

BY_HAND = {"test_migrating", "test_released_schemas"}  # tests of the migrations themselves
Migrate = Callable[[Store], None]


def copying(migrate: Migrate) -> Migrate:
    """What takes the place of `upgrading.migrate`: a store in a new file is a copy, with an identity of its own."""
    made: list[sqlite3.Connection] = []

    def copy_or_migrate(store: Store) -> None:
        path = sqlite.file_of(store.engine.url)
        if path is None or not path.exists() or path.stat().st_size:
            migrate(store)
            return
        if not made:
            made.append(_empty_store(migrate))
        sqlite.let_readers_go_on(store.engine, name=store.name)
        with closing(store.engine.raw_connection()) as raw:
            driver = raw.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            made[0].backup(driver)
            driver.execute("UPDATE identity SET id = ?", [str(uuid4())])

    return copy_or_migrate


def _empty_store(migrate: Migrate) -> sqlite3.Connection:
    """A store as the migrations make it, in memory."""
    memory = sqlite3.connect(":memory:", check_same_thread=False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(upgrading, "migrate", migrate)
            open_store(f"sqlite:///{path}", snapshots=Path(folder) / "snapshots").close()
        with closing(sqlite3.connect(path)) as file:
            file.backup(memory)
    return memory
