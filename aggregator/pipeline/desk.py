"""What somebody at the desk does: each act in one transaction, whole or not at all, also while the service runs.

An act never changes or removes a published update. All that it needs is kept with it, so that a replay can do it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection

from aggregator.model import DeskKind
from aggregator.pipeline import correcting
from aggregator.pipeline.acts import DeskError, Done, Given, UnknownError, kept, reason, the_story
from aggregator.store import Store
from aggregator.store.belonging import candidacies_of
from aggregator.store.desk import KeptAct
from aggregator.store.handing import Open, TakenUp, hand_over, open_candidate, take_up, waiting_statements
from aggregator.store.ledger import hold_stories
from aggregator.store.stories import EXPECTING, HELD, WAITING, let_wait
from aggregator.store.summaries import StorySummary

MOST_NAMED = 10  # statements that an error names


class _Look(Exception):  # noqa: N818 - no error: it takes back what was done to look at it
    pass


def act(store: Store, given: Given, *, now: datetime, dry: bool = False) -> Done:
    """Do what was asked, or only look at what it would come to (`dry`). Raises `DeskError`, and then nothing is done."""
    result: Done | None = None

    def work(tx: Connection) -> None:
        nonlocal result
        result = perform(tx, given, now=now)
        if dry:
            raise _Look

    with suppress(_Look):
        store.perform(work, in_turn=True)
    assert result is not None, "the work was done"  # noqa: S101 - says what holds
    return result


def perform(tx: Connection, given: Given, *, now: datetime) -> Done:
    """Do an act in a transaction. Raises `DeskError`, and then the transaction must be given up."""
    keys = [the_story(tx, key).key for key in (given.story, given.other) if key is not None]  # as they are in the store
    hold_stories(tx, keys)
    return _ACTS[given.kind](tx, given, the_story(tx, given.story), now)


def given_again(done: KeptAct) -> Given:
    """What was asked, from the act that was kept of it."""
    one = done.act
    return Given(
        kind=one.kind,
        story=one.story,
        by=one.by,
        why=one.why,
        number=one.number,
        statement=done.statement,
        other=one.other,
        detail=done.detail,
    )


def _hold(tx: Connection, given: Given, story: StorySummary, now: datetime) -> Done:
    waits = _waiting(tx, given)
    if waits.state == HELD:
        raise DeskError(f"Statement {given.statement} is {waits.note} already. Let it go: {_command('release', given)}")
    done = kept(tx, given, at=now, candidate=waits.id)
    let_wait(tx, waits.id, state=HELD, note=reason(f"held by {given.by}", given.why))
    return done.saying(f"Statement {given.statement} is held in {story.key} until it is released.")


def _release(tx: Connection, given: Given, story: StorySummary, now: datetime) -> Done:
    waits = _waiting(tx, given)
    done = kept(tx, given, at=now, candidate=waits.id)
    # Its time to settle is over before anything else was seen that might have to go first.
    let_wait(tx, waits.id, state=WAITING, until=min(waits.said_at, now), note=reason(f"released by {given.by}", given.why))
    said = "goes its way" if not story.closed else "goes its way once the story is open again"
    was = {HELD: "was held by the desk", EXPECTING: f"was held ({waits.note})"}.get(waits.state, "was settling")
    return done.saying(f"Statement {given.statement} {was} and {said}.")


def _close(tx: Connection, given: Given, story: StorySummary, now: datetime) -> Done:
    if story.closed:
        raise DeskError(f"{story.key} is {_how_closed(story)} already.")
    done = kept(tx, given, at=now)
    return done.saying(f"{story.key} takes no further updates; {_candidates(story.waiting)} until it is reopened.")


def _reopen(tx: Connection, given: Given, story: StorySummary, now: datetime) -> Done:
    if story.continued_in is not None:
        raise DeskError(f"{story.key} is continued in {story.continued_in}, for good: there is no reopening it.")
    if not story.closed:
        raise DeskError(f"{story.key} is open.")
    done = kept(tx, given, at=now)
    return done.saying(f"{story.key} takes updates again; {_candidates(story.waiting)} no longer than their own time.")


def _merge(tx: Connection, given: Given, story: StorySummary, now: datetime) -> Done:
    if given.other is None:
        raise DeskError("name the story that goes on")
    into = the_story(tx, given.other)
    if into.key == story.key:
        raise DeskError(f"{story.key} cannot be continued in itself.")
    if story.continued_in is not None:
        raise DeskError(f"{story.key} is continued in {story.continued_in} already.")
    if into.continued_in is not None:
        raise DeskError(f"{into.key} is itself continued in {into.continued_in}: merge into that one.")
    if into.closed:
        raise DeskError(f"{into.key} is closed: reopen it first: aggregator ledger reopen {into.key} --why TEXT")
    if not into.active:
        raise DeskError(f"{into.key} is no longer in feeds.toml and takes no updates: name a story that is.")
    done = kept(tx, given, at=now)
    count = hand_over(tx, story.key, into.key, at=now)
    return done.saying(f"{story.key} is continued in {into.key}, which takes over {count} of what waits.")


def _note(tx: Connection, given: Given, story: StorySummary, now: datetime) -> Done:
    if given.number is not None:
        correcting.the_update(tx, given)
    place = story.key if given.number is None else f"Update.{given.number} of {story.key}"
    return kept(tx, given, at=now).saying(f"The remark stands beside {place}.")


def _reconsider(tx: Connection, given: Given, story: StorySummary, now: datetime) -> Done:
    wanted = [TakenUp(revision=one["revision"], why=one["why"]) for one in given.detail.get("taken", ())]
    taken = take_up(tx, story.key, wanted, at=now)
    if not taken:
        raise DeskError(f"There is nothing for {story.key} to take up: it took all of that up before.")
    return kept(tx, given, at=now).saying(f"{story.key} takes up {len(taken)} of what was said before.")


_ACTS: Mapping[DeskKind, Callable[[Connection, Given, StorySummary, datetime], Done]] = {
    DeskKind.HOLD: _hold,
    DeskKind.RELEASE: _release,
    DeskKind.WITHDRAW: correcting.withdraw,
    DeskKind.CORRECT: correcting.correct,
    DeskKind.CLOSE: _close,
    DeskKind.REOPEN: _reopen,
    DeskKind.MERGE: _merge,
    DeskKind.NOTE: _note,
    DeskKind.RECONSIDER: _reconsider,
}


def _waiting(tx: Connection, given: Given) -> Open:
    """The candidate that an act speaks of. Raises `DeskError` where none waits, with what became of it."""
    statement, story = given.statement, given.story
    found = None if statement is None else open_candidate(tx, story, statement)
    if found is not None:
        return found
    taken = [] if statement is None else candidacies_of(tx, story, statement)
    told = [one.update for one in taken if one.update is not None]
    if told:
        number = max(told)
        advice = f"Take it back: aggregator ledger withdraw {story} {number} --why TEXT"
        raise DeskError(f"Statement {statement} was told already, in Update.{number} of {story}. {advice}")
    if taken:
        raise DeskError(f"Statement {statement} does not wait in {story}: it was set aside ({taken[-1].note}).")
    waits = waiting_statements(tx, story)
    named = ", ".join(map(str, waits[:MOST_NAMED])) + (f" and {len(waits) - MOST_NAMED} more" * (len(waits) > MOST_NAMED))
    raise UnknownError(f"Statement {statement} does not wait in {story}. What waits there: {named or 'nothing'}")


def _command(kind: str, given: Given) -> str:
    return f"aggregator ledger {kind} {given.story} {given.statement}"


def _how_closed(story: StorySummary) -> str:
    return "closed" if story.continued_in is None else f"continued in {story.continued_in}"


def _candidates(count: int) -> str:
    return "nothing waits" if not count else "1 candidate waits" if count == 1 else f"{count} candidates wait"
