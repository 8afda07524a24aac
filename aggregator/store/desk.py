"""What somebody at the desk did, kept for good: acts are only ever added."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from aggregator.model import STORY_ACTS, DeskAct, DeskKind, StatementId, StoryKey
from aggregator.store import changes
from aggregator.store.bulk import Row
from aggregator.store.outbox import queue
from aggregator.store.schema import candidates, desk_acts
from aggregator.store.sealing import with_seals
from aggregator.store.steps import StepKind, note_step

SHOWN = (DeskKind.WITHDRAW, DeskKind.CORRECT, *STORY_ACTS)  # to readers
_STATES = (DeskKind.CLOSE, DeskKind.REOPEN, DeskKind.MERGE)  # acts after which a story is open, or is not


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAct:
    """An act before it is kept."""

    kind: DeskKind
    by: str
    why: str
    story: StoryKey
    number: int | None = None  # the update that it speaks of
    candidate: int | None = None  # that was held or released
    other: StoryKey | None = None  # the story that goes on, of a merge
    detail: Mapping[str, Any] | None = None  # what else is needed to do it again, by its kind


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAct:
    """An act as it is kept, with all that it was done with."""

    act: DeskAct
    candidate: int | None
    statement: StatementId | None  # of the candidate
    detail: Mapping[str, Any]


def add_act(tx: Connection, new: NewAct, *, at: datetime) -> int:
    """Keep an act: with its step in the record, its change, and, where readers see it, a new page; returns its number."""
    values: dict[str, Any] = {
        "kind": new.kind.value,
        "at": at,
        "by": new.by,
        "why": new.why,
        "story": new.story,
        "number": new.number,
    }
    values |= {"candidate_id": new.candidate, "other": new.other, "detail": dict(new.detail or {})}
    (row,) = with_seals(tx, desk_acts, [values])
    tx.execute(desk_acts.insert(), row)
    act = int(row["id"])
    note_step(tx, StepKind.DESK, at=at, note=str(act))
    changes.note(tx, "desk", str(act), seal=row["seal"], at=at)
    if new.kind in SHOWN:
        for story in filter(None, (new.story, new.other)):
            queue(tx, target="site", key=f"site:{story}:act:{act}", payload={"story": story}, at=at)
    return act


def acts_of(tx: Connection, story: StoryKey) -> tuple[DeskAct, ...]:
    """What readers of a story see of the desk, in order: its own acts, and merges of other stories into it."""
    merged_into_it = (desk_acts.c.other == story) & (desk_acts.c.kind == DeskKind.MERGE.value)
    shown = desk_acts.c.kind.in_([kind.value for kind in SHOWN])
    rows = tx.execute(_acts(((desk_acts.c.story == story) & shown) | merged_into_it))
    return tuple(_kept(row).act for row in rows)


def all_acts(tx: Connection, story: StoryKey | None = None) -> Sequence[KeptAct]:
    """Every act, or those that speak of one story, in order."""
    which = None if story is None else (desk_acts.c.story == story) | (desk_acts.c.other == story)
    return [_kept(row) for row in tx.execute(_acts(which))]


def act_of(tx: Connection, number: int) -> KeptAct:
    """One act by its number."""
    return _kept(tx.execute(_acts(desk_acts.c.id == number)).one())


def _acts(which: ColumnElement[bool] | None) -> Select[Any]:
    query = select(desk_acts, candidates.c.statement_id).join(
        candidates, candidates.c.id == desk_acts.c.candidate_id, isouter=True
    )
    return (query if which is None else query.where(which)).order_by(desk_acts.c.id)


def _kept(row: Row) -> KeptAct:
    act = DeskAct(
        id=row.id,
        kind=DeskKind(row.kind),
        at=row.at,
        by=row.by,
        why=row.why,
        story=StoryKey(row.story),
        number=row.number,
        other=None if row.other is None else StoryKey(row.other),
    )
    return KeptAct(act=act, candidate=row.candidate_id, statement=row.statement_id, detail=row.detail)


def shut_stories(tx: Connection, among: Collection[StoryKey] | None = None) -> dict[StoryKey, DeskAct]:
    """The stories that take no updates, each with the act that closed it: closed, or for good continued in another one."""
    newest = select(func.max(desk_acts.c.id)).where(desk_acts.c.kind.in_([kind.value for kind in _STATES]))
    if among is not None:
        newest = newest.where(desk_acts.c.story.in_(among))
    acts = [_kept(row).act for row in tx.execute(_acts(desk_acts.c.id.in_(newest.group_by(desk_acts.c.story))))]
    return {act.story: act for act in acts if act.kind is not DeskKind.REOPEN}


def merges(tx: Connection) -> dict[StoryKey, StoryKey]:
    """Each story that is continued in another one, with the one that goes on now: the last of a row of merges."""
    # Asked at every listing: by the index on the story that goes on, and put in order here.
    query = select(desk_acts.c.id, desk_acts.c.story, desk_acts.c.other).where(desk_acts.c.other > "")
    rows = tx.execute(query.where(desk_acts.c.kind == DeskKind.MERGE.value)).all()
    into = {StoryKey(row.story): StoryKey(row.other) for row in sorted(rows, key=lambda row: row.id)}
    for _ in into:  # a row of merges is no longer than that; no story that was merged becomes one that goes on
        into = {story: into.get(end, end) for story, end in into.items()}
    return into
