"""The ledger, told by several processes at once: no gap, one chain, each statement once, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import Connection, select

from aggregator.model import StoryKey
from aggregator.pipeline import tell_ready
from aggregator.service import open_for
from aggregator.store import Store, changes
from aggregator.store.engine import TRIES
from aggregator.store.errors import StoreCollision
from aggregator.store.ledger import append, chain_hash, hold_stories
from aggregator.store.schema import updates
from aggregator.store.writer import Writer
from tests.concurrency import NOON, SPAWN, a_draft, append_some, exits, held_back, wait_until_it_waits
from tests.conftest import ON_POSTGRESQL, Desk
from tests.patience import WAIT


def check_chain(store: Store, story: str, length: int) -> None:
    with store.read() as tx:
        rows = tx.execute(select(updates).where(updates.c.story == story).order_by(updates.c.number)).all()
    assert [row.number for row in rows] == list(range(1, length + 1))
    previous = ""
    for row in rows:
        draft = a_draft(story, row.revision_id)
        assert row.previous_hash == previous
        assert row.hash == chain_hash(draft, number=row.number, at=NOON, previous=previous)
        previous = row.hash


@pytest.mark.both_databases
def test_processes_that_append_to_one_story_leave_no_gap_and_one_chain(two_stories: Desk) -> None:
    url, folder = two_stories.config.service.database_url, two_stories.config.service.storage
    parts = [(0, 2, 4), (1, 3, 5)]
    given = [[n + 1 for n in part] for part in parts]
    processes = [SPAWN.Process(target=append_some, args=(url, folder, "talks", part)) for part in given]
    assert exits(processes) == [0, 0]
    check_chain(two_stories.store, "talks", 6)


@ON_POSTGRESQL
def test_two_that_write_two_stories_in_opposite_order_both_come_through(two_stories: Desk) -> None:
    """Each has one story and wants the other's: the database ends one of them, and it is done again."""
    meet = threading.Barrier(2, timeout=WAIT)
    tries: list[str] = []

    def work(store: Store, stories: Sequence[str], revision: int) -> None:
        def both(tx: Connection) -> None:
            append(tx, a_draft(stories[0], revision), at=NOON)
            tries.append(stories[0])
            if tries.count(stories[0]) == 1:
                meet.wait()
            append(tx, a_draft(stories[1], revision), at=NOON)

        store.perform(both)

    other = open_for(two_stories.config)
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.submit(work, two_stories.store, ["talks", "more"], 1), pool.submit(work, other, ["more", "talks"], 2)
        one.result(WAIT)
        two.result(WAIT)
    other.close()
    assert len(tries) == 3
    for story in ("talks", "more"):
        check_chain(two_stories.store, story, 2)


@ON_POSTGRESQL
def test_stories_that_are_held_first_are_never_waited_for_in_a_circle(two_stories: Desk) -> None:
    other = open_for(two_stories.config)
    tries: list[int] = []

    def work(store: Store, stories: Sequence[StoryKey], revision: int) -> None:
        tries.append(revision)
        with store.write() as tx:
            hold_stories(tx, stories)
            for story in stories:
                append(tx, a_draft(story, revision), at=NOON)

    keys = [StoryKey("talks"), StoryKey("more")]
    with ThreadPoolExecutor(2) as pool:
        with held_back(pool, two_stories.store, lambda: work(two_stories.store, keys, 1)):
            second = pool.submit(work, other, keys[::-1], 2)
            wait_until_it_waits(two_stories.store, second)
            assert not second.done()
        second.result(WAIT)
    other.close()
    for story in keys:
        check_chain(two_stories.store, story, 2)


@ON_POSTGRESQL
def test_who_always_collides_is_told_at_last(two_stories: Desk) -> None:
    tries: list[int] = []

    def work(tx: Connection) -> None:
        tries.append(1)
        tx.exec_driver_sql("DO $$ BEGIN RAISE deadlock_detected; END $$")

    with pytest.raises(StoreCollision, match="at every try"):
        two_stories.store.perform(work)
    assert len(tries) == TRIES


@ON_POSTGRESQL
def test_what_gathered_in_a_writer_is_stored_once_after_a_collision(two_stories: Desk) -> None:
    tries: list[str] = []

    def work(tx: Connection, name: str) -> str:
        changes.note(tx, "story", name, seal="", at=NOON)
        tries.append(name)
        if tries.count("second") == 1 and name == "second":
            tx.exec_driver_sql("DO $$ BEGIN RAISE deadlock_detected; END $$")
        return name

    async def both() -> list[str]:
        writer = Writer(two_stories.store)
        return await asyncio.gather(*(writer.run(partial(work, name=name)) for name in ("first", "second")))

    assert asyncio.run(both()) == ["first", "second"]
    assert tries == ["first", "second"] * 2
    with two_stories.store.read() as tx:
        keys = tx.exec_driver_sql("SELECT key FROM v1_changes ORDER BY seq").scalars().all()
    assert keys[-2:] == ["first", "second"]
    assert (keys.count("first"), keys.count("second")) == (1, 1)


@ON_POSTGRESQL
def test_two_services_that_tell_at_once_tell_each_statement_once(two_stories: Desk) -> None:
    two_stories.clock.forward(minutes=10)
    now, other = two_stories.clock(), open_for(two_stories.config)
    with ThreadPoolExecutor(2) as pool:
        with held_back(pool, two_stories.store, lambda: tell_ready(two_stories.store, two_stories.config, now=now)) as first:
            second = pool.submit(tell_ready, other, two_stories.config, now=now)
            wait_until_it_waits(two_stories.store, second)
            assert not second.done()
        published = [*second.result(WAIT), *first.result(WAIT)]  # type: ignore[misc]  # a list, which the helper does not know
    other.close()
    with two_stories.store.read() as tx:
        rows = tx.execute(select(updates.c.story, updates.c.number, updates.c.revision_id)).all()
    assert len(published) == len(rows)
    assert len({(row.story, row.revision_id) for row in rows}) == len(rows) == 12
    for story in ("talks", "more"):
        assert sorted(row.number for row in rows if row.story == story) == [1, 2, 3, 4, 5, 6]
