"""Acts of the desk, done again in a replay: as they were; where other rules made another ledger, as far as they make sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from aggregator.model import DeskKind, RevisionId, StoryKey, Update
from aggregator.pipeline.acts import DeskError, Given, UnknownError
from aggregator.pipeline.desk import act, given_again
from aggregator.store import Store
from aggregator.store.desk import act_of
from aggregator.store.pages import updates_of
from aggregator.store.quoting import SaidVersion, same_version, versions_of
from aggregator.store.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAct:
    """An act that could not be done again."""

    act: int
    kind: DeskKind
    story: StoryKey
    at: datetime
    why: str


def act_again(store: Store, into: Store, step: Step, *, same: bool) -> LeftAct | None:
    """Do the act of a step again, in another store; returns why that cannot be, if it cannot.

    With `same`, that store holds what this one held then, each row under its number; else what the act speaks of is looked up.
    """
    with store.read() as tx:
        done = act_of(tx, int(step.note))
    given = given_again(done)
    try:
        if not same:
            with store.read() as tx, into.read() as other:
                given = _translated(tx, other, given)
        act(into, given, now=step.at)
    except DeskError as error:
        return LeftAct(act=done.act.id, kind=done.act.kind, story=done.act.story, at=step.at, why=str(error))
    return None


def _translated(tx: Connection, other: Connection, given: Given) -> Given:
    """What was asked, with the numbers that the other store has. Raises `UnknownError` where it has no such thing."""
    number, statement = given.number, given.statement
    if number is not None:
        number = _update(tx, other, given, number).number
    if statement is not None:
        statement = _version(tx, other, versions_of(tx, statement)[0].revision).statement
    return replace(given, number=number, statement=statement, detail=_detail(tx, other, given.detail))


def _detail(tx: Connection, other: Connection, detail: Mapping[str, Any]) -> Mapping[str, Any]:
    changed = dict(detail)
    if "revision_id" in detail:
        changed["revision_id"] = _version(tx, other, RevisionId(detail["revision_id"])).revision
    if "taken" in detail:
        found = ((one, same_version(tx, other, RevisionId(one["revision"]))) for one in detail["taken"])
        changed["taken"] = [{**one, "revision": there.revision} for one, there in found if there is not None]
    return changed


def _version(tx: Connection, other: Connection, revision: RevisionId) -> SaidVersion:
    found = same_version(tx, other, revision)
    if found is None:
        raise UnknownError("what it speaks of was not stored")
    return found


def _update(tx: Connection, other: Connection, given: Given, number: int) -> Update:
    """The update that tells what Update.`number` told then: the same version; of what is corrected, in the same sentences."""
    story, exactly = given.story, given.kind is DeskKind.CORRECT
    old = next(one for one in updates_of(tx, story) if one.number == number)
    version = same_version(tx, other, old.revision)
    if version is not None:
        for one in updates_of(other, story, statement=version.statement):
            same = (one.revision, one.kind) == (version.revision, old.kind)
            if same and not (exactly and _told(one) != _told(old)):
                return one
    raise UnknownError(f"Update.{number} of {story}, of which it speaks, was not told so")


def _told(update: Update) -> list[list[str]]:
    return [[sentence.text for sentence in paragraph.sentences] for paragraph in update.paragraphs]
