"""A reader that polls the sequence of changes sees each once and in order, whoever writes, stops, or dies meanwhile."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aggregator.store import Store, changes, open_store
from tests.concurrency import NOON, ROUNDS, WRITERS, held_back, wait_until_it_waits, write_some, writing
from tests.patience import WAIT
from tests.postgresql import Cluster

pytestmark = pytest.mark.both_databases
NewStore = Callable[[], Store]
SINCE = "SELECT seq, key FROM v1_changes WHERE seq > {since} ORDER BY seq"


def read_since(store: Store, since: int) -> list[tuple[int, str]]:
    with store.read() as tx:
        return [(seq, key) for seq, key in tx.exec_driver_sql(SINCE.format(since=since))]


def note(store: Store, key: str) -> None:
    with store.write() as tx:
        changes.note(tx, "story", key, seal="", at=NOON)


def test_a_number_is_not_seen_before_every_smaller_one(postgresql_url: str, tmp_path: Path) -> None:
    """The first writer has its number and has not committed; the second one comes, and must not overtake it."""
    first, second, reader = (open_store(postgresql_url, snapshots=tmp_path) for _ in range(3))
    with ThreadPoolExecutor(2) as pool:
        with held_back(pool, first, lambda: note(first, "first")):
            overtaking = pool.submit(note, second, "second")
            wait_until_it_waits(reader, overtaking)
            seen = read_since(reader, 0)
        overtaking.result(WAIT)
    seen += read_since(reader, max((seq for seq, _ in seen), default=0))
    assert [key for _, key in seen] == ["first", "second"]
    for store in (first, second, reader):
        store.close()


def test_a_writer_that_takes_long_before_its_end_keeps_nobody_waiting(new_store: NewStore, database_kind: str) -> None:
    if database_kind == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    store = new_store()
    with store.write() as slow:
        changes.note(slow, "story", "slow", seal="", at=NOON)
        note(store, "quick")
        assert [key for _, key in read_since(store, 0)] == ["quick"]
    assert [key for _, key in read_since(store, 0)] == ["quick", "slow"]


def test_what_a_savepoint_takes_back_is_not_told(new_store: NewStore) -> None:
    store = new_store()
    asyncio.run(write_some(store, ["a", "b", "c"], bad={"b"}))
    assert [key for _, key in read_since(store, 0)] == ["a", "c"]


def test_a_transaction_that_fails_tells_nothing(new_store: NewStore) -> None:
    store = new_store()
    with pytest.raises(RuntimeError, match="power cut"):
        note_and_fail(store)
    note(store, "kept")
    assert [key for _, key in read_since(store, 0)] == ["kept"]


def note_and_fail(store: Store) -> None:
    with store.write() as tx:
        changes.note(tx, "story", "lost", seal="", at=NOON)
        raise RuntimeError("power cut")


def cut_some(server: Cluster, url: str) -> None:
    """Cut some connection of the writers, as a network or an administrator does."""
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aggregator'"
        " AND datname = current_database() ORDER BY random() LIMIT 1"
    )
    server.execute(cut, database=url.rpartition("/")[2])


def test_a_reader_sees_every_change_once_and_in_order_among_writers_that_stop_fail_and_die(
    database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server = None if database_url.startswith("sqlite") else request.getfixturevalue("postgresql_cluster")
    reader = database_url if server is None else f"{database_url}?application_name=reader"  # which is not cut off
    store = open_store(reader, snapshots=tmp_path)
    seen: list[tuple[int, str]] = []
    cuts = 0
    with writing(database_url, tmp_path) as processes:
        while any(process.is_alive() for process in processes):
            seen += read_since(store, seen[-1][0] if seen else 0)
            if len(seen) > 20 and processes[0].is_alive():
                processes[0].kill()  # in the middle of whatever it does
            if server is not None and len(seen) // 10 > cuts:
                cut_some(server, database_url)
                cuts += 1
        exits = [process.exitcode for process in processes]
    seen += read_since(store, seen[-1][0] if seen else 0)
    assert seen == read_since(store, 0)
    assert len({key for _, key in seen}) == len(seen) > WRITERS * ROUNDS
    told = {line for path in tmp_path.glob("*.told") for line in path.read_text(encoding="utf-8").splitlines()}
    assert told <= {key for _, key in seen}
    assert (exits[0], set(exits[1:])) == (-signal.SIGKILL, {0})
    store.close()
