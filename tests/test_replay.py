"""A replay of the record gives what is stored, to the last bit; and by another configuration, it says what would differ."""

from __future__ import annotations

import asyncio
import gzip
import shutil
import socket
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from aggregator.config import Config, load_config, recorded_config
from aggregator.model import Balance, BrokenEntry, Outcome, OutcomeKind, SourceKey
from aggregator.pipeline import rebuilding, sync
from aggregator.pipeline.rebuilding import Asked, Rebuilt, rebuild
from aggregator.pipeline.replaying import ReplayError, alike
from aggregator.pipeline.sandbox import Sandbox
from aggregator.pipeline.telling import ready_to_tell, tell_one
from aggregator.service import open_for
from aggregator.store import Store, open_store
from aggregator.store.polls import Poll, add_polls
from aggregator.store.record import extent
from aggregator.store.schema import (
    candidates,
    captures,
    configurations,
    corroborations,
    drops,
    marks,
    polls,
    revisions,
    statements,
    steps,
    stories,
    updates,
)
from aggregator.store.steps import StepKind, steps_after
from tests.conftest import NOON, write_feeds
from tests.unguarded import unguarded
from tests.worlds import Life, feeds_toml, life

SEED = 3  # of a life in which much happens


@pytest.fixture(scope="module")
def _lives() -> dict[int, Path]:
    """What came of lives of so many steps, by their number: the folder of each, which is only copied."""
    return {}


Lived = Callable[[int], None]


@pytest.fixture
def lived(_lives: dict[int, Path], tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, sandbox: Sandbox) -> Lived:
    """Puts into the folder of a test what came of a life of `SEED` of so many steps, without any trouble."""

    def copied(count: int) -> None:
        if count not in _lives:
            folder = tmp_path_factory.mktemp("lived")
            with life(folder, sandbox, seed=SEED) as one:
                one.live(count)
            _lives[count] = folder
        shutil.copytree(_lives[count], tmp_path, dirs_exist_ok=True)

    return copied


def replayed(life: Life, *, config: Config | None = None, name: str = "rebuilt.sqlite", **asked: object) -> Rebuilt:
    """Replay by a configuration, the one of the life if none is named."""
    question = Asked(config=config or life.config, **asked)  # type: ignore[arg-type]  # start and end
    return asyncio.run(rebuild(life.store, question, file=life.folder / name, sandbox=life.sandbox))


def by_the_record(life: Life, **asked: object) -> Rebuilt:
    question = Asked(config=None, **asked)  # type: ignore[arg-type]  # start and end
    return asyncio.run(rebuild(life.store, question, file=life.folder / "recorded.sqlite", sandbox=life.sandbox))


def unequal(found: Rebuilt) -> list[str]:
    return [f"{row.table} {row.number}: {row.what}" for table in found.tables for row in table.shown]


def holds(found: Rebuilt) -> None:
    """The result is what is stored."""
    assert unequal(found) == []
    assert found.same
    assert found.equal
    assert found.differences == []


def counts(store: Store) -> dict[str, int]:
    tables = (statements, revisions, candidates, updates, marks, corroborations, drops, stories)
    with store.read() as tx:
        return {table.name: tx.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


# --- The same configuration.


@pytest.mark.parametrize("seed", range(8))
def test_what_was_lived_through_is_rebuilt_to_the_last_bit(
    seed: int, tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with life(tmp_path, sandbox, seed=seed) as one:
        for _ in range(3):  # with restarts
            one.live(12, trouble=monkeypatch)
        holds(replayed(one))
        there = counts(one.store)
    assert there["statements"] > 10
    assert there["updates"] > 3


def test_the_lives_of_these_tests_hold_what_is_hard(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with life(tmp_path, sandbox, seed=5) as one:
        for _ in range(3):
            one.live(25, trouble=monkeypatch)
        one.world.down.clear()
        said_last = one.world.say("a")
        one.act(lambda _: None, "a")
        said_last.version += 1
        one.act(lambda _: None, "a", minutes=1)
        holds(replayed(one))
        there = counts(one.store)
        with one.store.read() as tx:
            kinds = set(tx.execute(select(steps.c.kind)).scalars())
            notes = set(tx.execute(select(candidates.c.note)).scalars())
            said = " ".join(tx.execute(select(polls.c.reason)).scalars())
    assert min(there.values()) > 0, there
    assert kinds == {"configure", "tell", "postpone"}
    assert {"another family's copy of a published update", "edited before it was told"} <= notes
    assert "our own error" in said


def test_what_was_rebuilt_is_a_record_itself(lived: Lived, tmp_path: Path, sandbox: Sandbox) -> None:
    lived(15)
    with life(tmp_path, sandbox) as one:
        holds(replayed(one))
        again = open_store(f"sqlite:///{tmp_path}/rebuilt.sqlite", snapshots=one.store.snapshots.folder, create=False)
        question = Asked(config=one.config)
        holds(asyncio.run(rebuild(again, question, file=tmp_path / "again.sqlite", sandbox=sandbox)))
        again.close()


@pytest.mark.parametrize("seed", range(2))
def test_a_store_on_postgresql_is_rebuilt_as_a_file(
    seed: int, tmp_path: Path, sandbox: Sandbox, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with life(tmp_path, sandbox, seed=seed, database=postgresql_url) as one:
        for _ in range(3):
            one.live(12, trouble=monkeypatch)
        holds(replayed(one))
        assert counts(one.store)["statements"] > 10


def test_the_demo_is_rebuilt(demo_storage: Path, tmp_path: Path, sandbox: Sandbox) -> None:
    config = load_config(demo_storage / "feeds.toml")
    with closing(open_for(config, create=False)) as store:
        found = asyncio.run(rebuild(store, Asked(config=config), file=tmp_path / "rebuilt.sqlite", sandbox=sandbox))
    holds(found)
    assert {table.table: table.rows for table in found.tables}["updates"] == 14


OTHER_STORY = """
[stories.matches]
title = "Matches"
from = 2025-08-01
terms = ["match", "railway"]
settle = "3m"
"""


@pytest.mark.parametrize("seed", range(4))
def test_each_time_is_rebuilt_by_the_configuration_that_it_had(seed: int, tmp_path: Path, sandbox: Sandbox) -> None:
    with life(tmp_path, sandbox, seed=seed) as one:
        one.live(10)
        one.configure(feeds_toml(more=OTHER_STORY))  # takes up what is stored
        one.live(10)
        one.configure(feeds_toml(settle="40m", terms='"grain", "talks"'))  # and is closed again
        one.live(10)
        holds(by_the_record(one))
        now = replayed(one)
        assert not now.same  # by the newest one, the first days would have been others


def test_a_configuration_that_reads_alike_gives_the_same(tmp_path: Path, sandbox: Sandbox) -> None:
    with life(tmp_path, sandbox, seed=SEED) as one:
        one.live(15)
        one.configure(feeds_toml().replace('gap = "0s"', 'gap = "0s"\ninterval = "20m" # rarely'))
        one.live(10)
        with one.store.read() as tx:
            assert tx.execute(select(func.count()).select_from(configurations)).scalar_one() == 2
        holds(replayed(one))
        holds(by_the_record(one))


# --- A time.


def moments(store: Store) -> list[datetime]:
    with store.read() as tx:
        return sorted({*tx.execute(select(polls.c.at)).scalars(), *tx.execute(select(steps.c.at)).scalars()})


@pytest.mark.parametrize("seed", range(4))
def test_a_part_of_the_record_gives_what_was_there_by_then(seed: int, tmp_path: Path, sandbox: Sandbox) -> None:
    with life(tmp_path, sandbox, seed=seed) as one:
        one.live(30)
        there = moments(one.store)
        for number, place in enumerate((len(there) // 3, len(there) // 2, -1)):
            found = replayed(one, name=f"{number}.sqlite", end=there[place])
            holds(found)
            assert {table.table: table.rows for table in found.tables}["statements"] > 0
            rebuilt = open_store(f"sqlite:///{tmp_path}/{number}.sqlite", snapshots=tmp_path, create=False)
            with rebuilt.read() as tx:
                assert tx.execute(select(func.max(polls.c.at))).scalar_one() < there[place]
            rebuilt.close()


def test_only_what_came_in_the_time_is_told(lived: Lived, tmp_path: Path, sandbox: Sandbox) -> None:
    lived(30)
    with life(tmp_path, sandbox) as one:
        changed = load_config(write_feeds(tmp_path, feeds_toml(terms='"grain"')))
        whole = replayed(one, config=changed, name="whole.sqlite")
        start = sorted(one.at for one in whole.differences)[len(whole.differences) // 2]
        late = replayed(one, config=changed, name="late.sqlite", start=start)
    assert late.differences == [one for one in whole.differences if one.at >= start]
    assert 0 < late.earlier == len(whole.differences) - len(late.differences)


def test_a_record_that_grows_meanwhile_is_compared_up_to_where_it_was(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with life(tmp_path, sandbox, seed=SEED) as one:
        one.live(20)
        with one.store.read() as tx:
            before = extent(tx)
        one.live(10)
        seen = iter([before])  # as it was when the replay began
        monkeypatch.setattr(rebuilding, "extent", lambda tx: next(seen, None) or extent(tx))
        found = replayed(one)
    holds(found)
    assert found.polls == before.polls


# --- Nothing is asked, and nothing written.


def test_nobody_is_asked_and_the_store_is_left_as_it_is(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with life(tmp_path, sandbox, seed=SEED) as one:
        one.live(15)
        asked = one.world.asked
    storage = tmp_path / "storage"
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in storage.rglob("*") if path.is_file()}

    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(httpx.AsyncClient, "send", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse_hosts(socket.socket.connect))
    with closing(open_for(one.config, create=False)) as store:
        holds(asyncio.run(rebuild(store, Asked(config=one.config), file=tmp_path / "r.sqlite", sandbox=sandbox)))
    after = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in storage.rglob("*") if path.is_file()}
    assert after == before
    assert one.world.asked == asked > 0


def refuse_hosts(connect: Callable[..., None]) -> Callable[..., None]:
    """The processes of the sandbox are reached by a local socket; nothing else is."""

    def checked(self: socket.socket, address: object) -> None:
        assert self.family == socket.AF_UNIX, f"{address} was asked"
        connect(self, address)

    return checked


def test_a_file_that_is_there_is_left_alone(tmp_path: Path, sandbox: Sandbox) -> None:
    with life(tmp_path, sandbox, seed=SEED) as one:
        one.live(3)
        (tmp_path / "rebuilt.sqlite").write_text("mine")
        with pytest.raises(FileExistsError, match="left as it was"):
            replayed(one)
        with pytest.raises(FileExistsError, match="left as it was"):
            replayed(one, name="storage/aggregator.sqlite")
    assert (tmp_path / "rebuilt.sqlite").read_text() == "mine"


# --- Gaps and damage.


def listing_of(store: Store) -> tuple[str, int]:
    """The snapshot of the last listing that brought something, and its poll."""
    with store.read() as tx:
        query = select(captures.c.sha256, polls.c.id).join(polls, polls.c.capture_id == captures.c.id)
        rows = tx.execute(query.where(polls.c.new > 0).order_by(polls.c.id)).all()
    return rows[-1].sha256, rows[-1].id


@pytest.mark.parametrize("damage", ["gone", "torn", "other bytes", "no gzip"])
def test_bytes_that_are_gone_or_damaged_are_named(damage: str, lived: Lived, tmp_path: Path, sandbox: Sandbox) -> None:
    lived(25)
    with life(tmp_path, sandbox) as one:
        sha256, poll = listing_of(one.store)
        path = one.store.snapshots.path(sha256)
        match damage:
            case "gone":
                path.unlink()
            case "torn":
                path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
            case "other bytes":
                path.write_bytes(gzip.compress(b"other"))
            case _:
                path.write_bytes(b"no gzip")
        found = replayed(one)
    assert not found.same
    assert not found.equal
    named = {gap.poll: gap.why for gap in found.unreadable}
    assert sha256 in named[poll]
    assert ("no longer kept" if damage == "gone" else "damaged") in named[poll]
    assert {one.kind for one in found.differences if one.what == "statement"} >= {"gone"}


def test_a_changed_row_is_found_and_named(lived: Lived, tmp_path: Path, sandbox: Sandbox) -> None:
    lived(15)
    with life(tmp_path, sandbox) as one:
        with one.store.write() as tx, unguarded(tx):
            number, title = tx.execute(select(updates.c.id, updates.c.title).order_by(updates.c.id).limit(1)).one()
            tx.execute(updates.update().where(updates.c.id == number).values(title=title + "!"))
        found = replayed(one)
    assert found.same
    assert not found.equal
    assert unequal(found) == [f"updates {number}: title is '{title}!', and would be '{title}'"]
    assert [(one.what, one.kind, one.said) for one in found.differences] == [
        ("update", "changed", f"would be called “{title}”")
    ]


def test_a_store_without_its_order_is_refused(tmp_path: Path, sandbox: Sandbox) -> None:
    with life(tmp_path, sandbox, seed=SEED) as one:
        with pytest.raises(ReplayError, match="nothing was polled"):
            replayed(one)
        one.live(3)
        with one.store.write() as tx:
            tx.execute(steps.delete())
        with pytest.raises(ReplayError, match=r"\d+ polls were stored by an earlier version"):
            replayed(one)
    assert not list(tmp_path.glob("*.part*"))


# --- What the store keeps for it.


def test_a_configuration_is_kept_once_and_without_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_PROXY", "http://user:hidden@proxy.example:3128")
    text = feeds_toml().replace('name = "Alpha"', 'name = "Alpha"\nproxy = "$NEWS_PROXY" # a remark')
    text = text.replace("until = 2025-08-31", "until = 2025-08-31T12:00:00+02:00")
    path = write_feeds(tmp_path, text.replace("[service]", '[service]\ndatabase = "postgresql+psycopg://me:hidden@db/news"'))
    config = load_config(path)
    store = open_store(f"sqlite:///{tmp_path}/a.sqlite", snapshots=tmp_path / "snapshots")
    for moment in (NOON, NOON):
        sync(store, config, now=moment)
    with store.read() as tx:
        (kept,) = tx.execute(select(configurations.c.text)).scalars()
        (step,) = steps_after(tx, 0, limit=9)
    store.close()
    assert (step.kind, step.at, step.after_poll, step.configuration) == (StepKind.CONFIGURE, NOON, 0, 1)
    assert "hidden" not in kept
    assert "remark" not in kept
    assert '"$NEWS_PROXY"' in kept
    monkeypatch.delenv("NEWS_PROXY")  # the record is read where nobody knows it
    again = recorded_config(kept, path=path)
    assert alike(again, config)
    assert again.stories == config.stories


def test_a_source_that_is_called_like_a_key_is_kept_whole(tmp_path: Path) -> None:
    config = load_config(write_feeds(tmp_path, feeds_toml().replace("[sources.a]", "[sources.proxy]")))
    assert alike(recorded_config(config.record, path=config.path), config)


def test_polls_that_are_written_together_have_their_ids_in_their_order(database_url: str, tmp_path: Path) -> None:
    store = open_store(database_url, snapshots=tmp_path / "snapshots")
    sync(store, load_config(write_feeds(tmp_path, feeds_toml())), now=NOON)
    drop = Balance(listed=1, dropped=1, drops=(BrokenEntry(ref="x", reason="no date"),))
    good = Outcome(kind=OutcomeKind.CHANGED, reason="read", status=200)
    done = [
        Poll(
            source=SourceKey("abcf"[number % 4]),
            outcome=good,
            at=NOON,
            ms=number,
            balance=drop if number % 3 == 0 else Balance(),
        )
        for number in range(1_200)
    ]
    with store.write(in_turn=True) as tx:
        ids = add_polls(tx, done)
        rows = tx.execute(select(polls.c.id, polls.c.ms).order_by(polls.c.id)).all()
        dropped = set(tx.execute(select(drops.c.poll_id)).scalars())
    store.close()
    assert ids == sorted(ids)
    assert [(row.id, row.ms) for row in rows] == [(number, poll.ms) for number, poll in zip(ids, done, strict=True)]
    assert dropped == {number for number, poll in zip(ids, done, strict=True) if poll.balance.drops}


def test_ids_that_were_taken_back_are_given_again(database_url: str, tmp_path: Path) -> None:
    store = open_store(database_url, snapshots=tmp_path / "snapshots")

    def add(*, fail: bool) -> None:
        with store.write(in_turn=True) as tx:
            tx.execute(configurations.insert().values(at=NOON, text="x"))
            if fail:
                raise ZeroDivisionError

    add(fail=False)
    with pytest.raises(ZeroDivisionError):
        add(fail=True)
    add(fail=False)
    with store.read() as tx:
        assert list(tx.execute(select(configurations.c.id).order_by(configurations.c.id)).scalars()) == [1, 2]
    store.close()


def test_an_edit_between_a_look_and_its_telling_is_told_in_its_place(tmp_path: Path, sandbox: Sandbox) -> None:
    with life(tmp_path, sandbox) as one:
        said = one.world.say("a")
        one.act(lambda _: None, "a")
        one.clock.forward(minutes=20)
        ((story, candidate),) = ready_to_tell(one.store, one.config, now=one.clock())
        said.version += 1
        asyncio.run(once_more(one))
        assert tell_one(one.store, story, candidate, now=one.clock()) == []
        one.tick()
        with one.store.read() as tx:
            assert list(tx.execute(select(updates.c.revision_id)).scalars()) == [2]
        holds(replayed(one))


async def once_more(one: Life) -> None:
    async with one.session() as the_road:
        await one.poll(the_road, "a")
