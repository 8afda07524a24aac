"""The messages for those who are told: each update once, whatever crashes; in order; tried again, given up, taken up again."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from aggregator.model import DeskKind, StoryKey, UpdateKind
from aggregator.store import Store
from aggregator.store.desk import NewAct, add_act
from aggregator.store.outbox import (
    MOST_BUNDLED,
    Unit,
    bundle,
    delivered,
    drop,
    due_units,
    failed,
    has_waiting,
    not_arrived,
    queue_for,
    retry,
    undelivered,
)
from aggregator.store.recipients import Recipient, are_behind, begin, begun, make_messages, rest, resting
from aggregator.store.schema import outbox_acts
from aggregator.store.verifying.whole import verify
from tests.conftest import NOON, Desk
from tests.telling import publish

pytestmark = pytest.mark.both_databases

DESK = Recipient(key="notify:desk")
HOUR = timedelta(hours=1)


class Crash(Exception):  # noqa: N818 - says what happens
    """The process ends here."""


def make(store: Store, *wanted: Recipient) -> None:
    for one in wanted:
        while True:
            with store.write() as tx:
                if not make_messages(tx, one, at=NOON):
                    break


def crash_after(store: Store, steps: int) -> None:
    """Make messages so many times, and end before they are stored."""
    with contextlib.suppress(Crash), store.write() as tx:
        for _ in range(steps):
            make_messages(tx, DESK, at=NOON)
        raise Crash


def start(store: Store, *wanted: Recipient) -> None:
    with store.write() as tx:
        begin(tx, wanted)


def keys(store: Store) -> list[str]:
    with store.read() as tx:
        return [one.key for one in not_arrived(tx)]


def due(tx: Connection, *, at: timedelta = timedelta(), bundled: bool = False) -> list[list[str]]:
    return [named(one) for one in due_units(tx, DESK.key, now=NOON + at, bundled=bundled)]


def named(unit: Unit) -> list[str]:
    return [one.key.removeprefix("notify:desk:") for one in unit.messages]


def test_who_is_new_is_told_of_what_comes_from_now_on_and_nothing_twice(two_stories: Desk) -> None:
    store = two_stories.store
    publish(two_stories, "talks", 1, "new")
    start(store, DESK)
    make(store, DESK)
    assert keys(store) == []
    for statement in (2, 3):
        publish(two_stories, "talks", statement)
    with store.read() as tx:
        assert are_behind(tx, [DESK])
    for _ in range(3):
        make(store, DESK)
    assert keys(store) == ["notify:desk:talks:2", "notify:desk:talks:3"]
    with store.read() as tx:
        assert not are_behind(tx, [DESK])


def test_a_crash_while_messages_are_made_loses_and_doubles_none(two_stories: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    store = two_stories.store
    start(store, DESK)
    monkeypatch.setattr("aggregator.store.recipients.MOST_CHANGES", 2)
    for statement in range(1, 6):
        publish(two_stories, "talks", statement, "new" if statement == 1 else "adds")
    for steps in (1, 2, 1):
        crash_after(store, steps)
    with store.write() as tx:
        assert make_messages(tx, DESK, at=NOON)
    crash_after(store, 1)
    make(store, DESK)
    assert keys(store) == [f"notify:desk:talks:{number}" for number in range(1, 6)]


def test_each_is_told_of_the_stories_and_kinds_that_it_wants(two_stories: Desk) -> None:
    store = two_stories.store
    corrections = Recipient(key="notify:x", kinds=(UpdateKind.CORRECTED, UpdateKind.WITHDRAWN))
    more = Recipient(key="notify:y", stories=(StoryKey("more"),))
    hub = Recipient(key="websub", newest_only=True)
    start(store, corrections, more, hub)
    publish(two_stories, "talks", 1, "new")
    publish(two_stories, "more", 1, "new")
    publish(two_stories, "talks", 1, "corrected", corrects=(1,))
    publish(two_stories, "talks", 1, "withdrawn", corrects=(2,))
    make(store, corrections, more, hub)
    assert keys(store) == ["notify:x:talks:2", "notify:x:talks:3", "notify:y:more:1", "websub:more:1", "websub:talks:3"]


def test_what_the_desk_does_with_a_story_is_told_in_its_place(two_stories: Desk) -> None:
    store = two_stories.store
    everything, talks, more = DESK, *(Recipient(key=f"notify:{key}", stories=(StoryKey(key),)) for key in ("talks", "more"))
    corrections = Recipient(key="notify:x", kinds=(UpdateKind.CORRECTED,))
    hub = Recipient(key="websub", newest_only=True)
    start(store, everything, talks, more, corrections, hub)
    publish(two_stories, "talks", 1, "new")
    with store.write() as tx:
        for kind, other in ((DeskKind.NOTE, None), (DeskKind.HOLD, None), (DeskKind.MERGE, StoryKey("more"))):
            add_act(tx, NewAct(kind=kind, by="a desk", why="so", story=StoryKey("talks"), other=other), at=NOON)
    publish(two_stories, "more", 1, "new")
    for one in (everything, talks, more, corrections, hub):
        make(store, one)
        make(store, one)
    of_talks = ["talks:1", "talks:desk-1", "talks:desk-3"]
    assert keys(store) == [
        *(f"notify:desk:{one}" for one in (*of_talks, "more:1")),
        *(f"notify:talks:{one}" for one in of_talks),
        *(f"notify:more:{one}" for one in ("more:desk-3", "more:1")),
        *(f"websub:{one}" for one in (*of_talks, "more:desk-3", "more:1")),
    ]


def test_who_leaves_and_comes_back_begins_anew_and_what_waited_waits_on(two_stories: Desk) -> None:
    store = two_stories.store
    start(store, DESK)
    publish(two_stories, "talks", 1, "new")
    make(store, DESK)
    start(store)
    with store.read() as tx:
        assert begun(tx) == set()
    publish(two_stories, "talks", 2)
    make(store, DESK)
    start(store, DESK)
    publish(two_stories, "talks", 3)
    make(store, DESK)
    assert keys(store) == ["notify:desk:talks:1", "notify:desk:talks:3"]


@pytest.fixture
def waiting(two_stories: Desk) -> Store:
    """Three messages of one story and two of another wait: talks 1, more 1, talks 2, more 2, talks 3."""
    told = [("talks", 1), ("more", 1), ("talks", 2), ("more", 2), ("talks", 3)]
    with two_stories.store.write() as tx:
        queue_for(tx, DESK.key, [message(story, number) for story, number in told], at=NOON)
        queue_for(tx, "notify:other", [message("talks", 1)], at=NOON)
    return two_stories.store


def message(story: str, number: int) -> dict[str, str]:
    return {"story": story, "number": str(number), "hash": "ab" * 32}


def ids(store: Store, *wanted: str) -> list[int]:
    with store.read() as tx:
        there = {one.key: one.id for one in not_arrived(tx)}
    return [there[f"notify:desk:{one}"] for one in wanted]


def test_what_fails_holds_back_its_story_for_its_recipient_and_nobody_else(waiting: Store) -> None:
    with waiting.write() as tx:
        assert due(tx) == [["talks:1"], ["more:1"]]
        failed(tx, ids(waiting, "talks:1"), error="HTTP 500", next_try_at=NOON + HOUR)
        delivered(tx, ids(waiting, "more:1"), at=NOON)
        assert due(tx) == [["more:2"]]
        assert [named(one) for one in due_units(tx, "notify:other", now=NOON)] == [["notify:other:talks:1"]]
        delivered(tx, ids(waiting, "more:2"), at=NOON)
        assert due(tx) == []
        assert due(tx, at=HOUR) == [["talks:1"]]
        assert sorted(has_waiting(tx, now=NOON)) == ["notify:desk", "notify:other"]  # of the one, what stands behind
    with waiting.write() as tx:
        failed(tx, ids(waiting, "talks:1"), error="HTTP 410", dead_at=NOON)
        assert due(tx) == [["talks:2"]]  # the dead hold back nobody


def test_what_is_put_together_stays_together_and_goes_in_order(waiting: Store) -> None:
    with waiting.write() as tx:
        bundle(tx, DESK.key, every=HOUR, now=NOON + HOUR - timedelta(seconds=1))
        assert due(tx, at=HOUR, bundled=True) == []
        bundle(tx, DESK.key, every=HOUR, now=NOON + HOUR)
        together = ["talks:1", "more:1", "talks:2", "more:2", "talks:3"]
        assert due(tx, at=HOUR, bundled=True) == [together]
        queue_for(tx, DESK.key, [message("more", 3)], at=NOON)
        bundle(tx, DESK.key, every=HOUR, now=NOON + 2 * HOUR)  # one is under way: nobody knows whether it arrived
        assert due(tx, at=2 * HOUR, bundled=True) == [together]
        assert due(tx, at=2 * HOUR) == [together]  # also where feeds.toml no longer wants bundles
        failed(tx, ids(waiting, *together), error="HTTP 500", next_try_at=NOON + 3 * HOUR)
        assert due(tx, at=2 * HOUR, bundled=True) == due(tx, at=2 * HOUR) == []
        delivered(tx, ids(waiting, *together), at=NOON)
    with waiting.write() as tx:
        bundle(tx, DESK.key, every=HOUR, now=NOON + 2 * HOUR)
        assert due(tx, at=2 * HOUR, bundled=True) == [["more:3"]]


def test_a_bundle_has_its_limit(two_stories: Desk) -> None:
    with two_stories.store.write() as tx:
        queue_for(tx, DESK.key, [message("talks", n) for n in range(1, MOST_BUNDLED + 2)], at=NOON)
        bundle(tx, DESK.key, every=HOUR, now=NOON + HOUR)
        (one,) = due_units(tx, DESK.key, now=NOON + HOUR, bundled=True)
    assert [named(one)[0], named(one)[-1], len(one.ids)] == ["talks:1", f"talks:{MOST_BUNDLED}", MOST_BUNDLED]


def test_a_dead_message_is_taken_up_again_and_goes_first_and_a_dropped_one_tells_why(waiting: Store) -> None:
    (first,) = ids(waiting, "talks:1")
    with waiting.write() as tx:
        failed(tx, [first], error="HTTP 404; given up", dead_at=NOON)
    with waiting.write() as tx:
        retry(tx, [first], by="a desk", at=NOON)
        assert due(tx)[0] == ["talks:1"]
        assert due_units(tx, DESK.key, now=NOON)[0].attempts == 0
    with waiting.write() as tx:
        drop(tx, [first], by="a desk", why="it is old", at=NOON)
        failed(tx, [first], error="HTTP 500", next_try_at=NOON)  # a try that was under way
        assert due(tx) == [["more:1"], ["talks:2"]]
    with waiting.read() as tx:
        (dead,) = [one for one in not_arrived(tx) if one.dead_at is not None]
        acts = tx.execute(select(outbox_acts.c.kind, outbox_acts.c.by, outbox_acts.c.why).order_by(outbox_acts.c.id)).all()
    assert (dead.id, dead.why) == (first, "dropped by a desk: it is old")
    assert [tuple(act) for act in acts] == [("retry", "a desk", ""), ("drop", "a desk", "it is old")]
    assert verify(waiting).findings == ()


def test_the_site_does_not_see_what_is_for_others(waiting: Store) -> None:
    with waiting.read() as tx:
        assert [one.target for one in undelivered(tx)] == []


def test_who_asks_for_rest_is_known_to(two_stories: Desk) -> None:
    start(two_stories.store, DESK)
    with two_stories.store.write() as tx:
        assert resting(tx) == {}
        rest(tx, DESK.key, until=NOON + HOUR)
        assert resting(tx) == {DESK.key: NOON + HOUR}
