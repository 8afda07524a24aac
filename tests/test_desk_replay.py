"""What the desk did is part of the record: a replay does it again to the last bit; by other rules, where it makes sense."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from aggregator.config import load_config
from aggregator.model import DeskKind, StatementId, StoryKey, UpdateKind
from aggregator.pipeline.acts import DeskError, Given
from aggregator.pipeline.desk import act
from aggregator.pipeline.rebuilding import Rebuilt
from aggregator.pipeline.reconsidering import proposals
from aggregator.pipeline.sandbox import Sandbox
from aggregator.store import open_store
from aggregator.store.handing import waiting_statements
from aggregator.store.pages import updates_of
from aggregator.store.schema import desk_acts, updates
from aggregator.store.verifying.whole import verify
from tests.conftest import write_feeds
from tests.test_replay import by_the_record, holds, replayed
from tests.worlds import Life, feeds_toml, life

TALKS, OTHER = StoryKey("talks"), StoryKey("other")
MORE = """hold_reporting = "1h"

[stories.other]
title = "Matches"
from = 2025-08-01
until = 2025-08-31
terms = ["match"]
settle = { primary = "5m", reporting = "25m" }
"""


def given(one: Life, chance: random.Random) -> Iterator[Given]:
    """Something that the desk may do now, sensible or not."""
    story = chance.choice((TALKS, OTHER))
    with one.store.read() as tx:
        waits, told = list(waiting_statements(tx, story)), updates_of(tx, story)
    asked = {"story": story, "by": f"Ada {chance.randrange(3)}", "why": f"reason {chance.randrange(99)}"}
    update = chance.choice(told) if told else None
    match chance.randrange(9):
        case 0 | 1 | 2 if waits:
            statement = StatementId(chance.choice(waits))
            yield Given(kind=DeskKind.HOLD, statement=statement, **asked)  # type: ignore[arg-type]
        case 3 if waits:
            statement = StatementId(chance.choice(waits))
            yield Given(kind=DeskKind.RELEASE, statement=statement, **asked)  # type: ignore[arg-type]
        case 4 if update is not None:
            yield Given(kind=DeskKind.WITHDRAW, number=update.number, **asked)  # type: ignore[arg-type]
        case 5 | 6 if update is not None:
            other = chance.choice(told)
            detail: dict[str, object] = {"paragraph": 1, "sentence": 1, "remove": True}
            if other.paragraphs and chance.random() < 0.7:
                words = other.paragraphs[0].sentences[0]
                revision = words.citations[0].revision
                detail = {"paragraph": 1, "sentence": 1, "revision_id": revision, "words": words.text}
            yield Given(kind=DeskKind.CORRECT, number=update.number, detail=detail, **asked)  # type: ignore[arg-type]
        case 7:
            kind = chance.choice((DeskKind.CLOSE, DeskKind.REOPEN, DeskKind.REOPEN))
            yield Given(kind=kind, **asked)  # type: ignore[arg-type]
        case 8:
            yield Given(kind=DeskKind.NOTE, number=update.number if update else None, **asked)  # type: ignore[arg-type]


def campaign(one: Life, chance: random.Random, *, acts: int) -> None:
    for _ in range(acts):
        one.live(1)
        for _ in range(3):
            for asked in given(one, chance):
                with suppress(DeskError):
                    act(one.store, asked, now=one.clock.now)
        one.clock.forward(minutes=chance.randrange(9))


def reconsidered(one: Life, story: StoryKey) -> None:
    with one.store.read() as tx:
        found = proposals(tx, one.config.stories[story], since=one.config.stories[story].from_)
    taken = [{"revision": each.revision, "why": each.why} for each in found]
    asked = Given(kind=DeskKind.RECONSIDER, story=story, by="Ada", detail={"since": "2025-08-01", "taken": taken})
    act(one.store, asked, now=one.clock.now)


def kinds(one: Life) -> set[str]:
    with one.store.read() as tx:
        return set(tx.execute(select(desk_acts.c.kind)).scalars())


@pytest.mark.parametrize("seed", range(2))
def test_a_campaign_of_acts_is_done_again_to_the_last_bit(seed: int, tmp_path: Path, sandbox: Sandbox) -> None:
    with life(tmp_path, sandbox, seed=seed) as one:
        one.configure(feeds_toml(more=MORE))
        chance = random.Random(seed)  # noqa: S311 - a seed, no secret
        one.live(6)
        campaign(one, chance, acts=25)
        middle = one.clock.now
        one.configure(feeds_toml(more=MORE, terms='"talks", "measures"'))
        one.live(2)
        reconsidered(one, TALKS)
        with suppress(DeskError):
            act(one.store, Given(kind=DeskKind.REOPEN, story=TALKS, by="Ada", why="again"), now=one.clock.now)
        act(one.store, Given(kind=DeskKind.MERGE, story=OTHER, other=TALKS, by="Ada", why="one story"), now=one.clock.now)
        campaign(one, chance, acts=6)
        holds(by_the_record(one))
        end = by_the_record_until(one, middle)
        holds(end)
        assert [one.line for one in verify(one.store).findings if not one.warning] == []
        assert len(kinds(one)) >= 6
        with one.store.read() as tx:
            assert tx.execute(select(func.count()).select_from(updates).where(updates.c.desk_id.is_not(None))).scalar_one() > 1


def by_the_record_until(one: Life, end: datetime) -> Rebuilt:
    (one.folder / "recorded.sqlite").unlink(missing_ok=True)
    return by_the_record(one, end=end)


def test_a_campaign_on_postgresql_is_done_again_in_a_file(tmp_path: Path, sandbox: Sandbox, postgresql_url: str) -> None:
    with life(tmp_path, sandbox, seed=1, database=postgresql_url) as one:
        one.configure(feeds_toml(database=postgresql_url, more=MORE))
        one.live(6)
        campaign(one, random.Random(1), acts=15)  # noqa: S311 - a seed, no secret
        holds(replayed(one))
        assert len(kinds(one)) >= 4


# --- By another configuration.


def test_by_other_rules_acts_are_done_again_where_they_make_sense(tmp_path: Path, sandbox: Sandbox) -> None:
    with life(tmp_path, sandbox) as one:
        one.configure(feeds_toml(more=MORE))
        one.act(lambda world: world.say("a", about="match"), "a")
        one.act(lambda world: world.say("a"), "a")
        one.act(lambda world: world.say("c"), "c")
        one.clock.forward(minutes=30)
        one.act(lambda world: world.say("a"), "a")
        for number in (1, 2):
            act(one.store, Given(kind=DeskKind.WITHDRAW, story=TALKS, number=number, by="Ada", why="x"), now=one.clock.now)
        act(one.store, Given(kind=DeskKind.NOTE, story=OTHER, number=1, by="Ada", why="x"), now=one.clock.now)
        act(one.store, Given(kind=DeskKind.HOLD, story=TALKS, statement=StatementId(4), by="Ada"), now=one.clock.now)
        without = feeds_toml(more=MORE).replace('terms = ["match"]', 'terms = ["nothing of it"]')
        other = load_config(write_feeds(tmp_path, without.replace('settle = "10m"', 'settle = "3m"')))
        found = replayed(one, config=other)
        assert [(left.kind, left.story) for left in found.left_acts] == [(DeskKind.NOTE, OTHER)]
        assert "was not told so" in found.left_acts[0].why
        assert not found.same


def test_the_rebuilt_store_by_other_rules_holds_the_acts_with_its_own_numbers(tmp_path: Path, sandbox: Sandbox) -> None:
    with life(tmp_path, sandbox) as one:
        one.configure(feeds_toml(more=MORE))
        one.act(lambda world: world.say("a", about="match"), "a")
        one.act(lambda world: world.say("a"), "a")
        one.act(lambda world: world.say("c"), "c")
        one.act(lambda world: world.say("a"), "a")
        with one.store.read() as tx:
            told = updates_of(tx, TALKS)
        last = told[-1]
        act(one.store, Given(kind=DeskKind.WITHDRAW, story=TALKS, number=last.number, by="Ada", why="x"), now=one.clock.now)
        wider = feeds_toml(more=MORE, terms='"talks", "match"')
        found = replayed(one, config=load_config(write_feeds(tmp_path, wider)), name="wider.sqlite")
        assert found.left_acts == []
        rebuilt = open_store(f"sqlite:///{tmp_path}/wider.sqlite", snapshots=one.store.snapshots.folder, create=False)
        with rebuilt.read() as tx:
            there = updates_of(tx, TALKS)
        rebuilt.close()
        assert (there[-1].kind, there[-1].revision) == (UpdateKind.WITHDRAWN, last.revision)
        assert there[-1].corrects == (last.number + 1,)  # one more was told before it
