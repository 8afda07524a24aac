"""What every act of the desk begins and ends with: what was asked, the story that it speaks of, how it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from aggregator.model import DeskKind, StatementId, StoryKey, Update
from aggregator.store.desk import NewAct, add_act
from aggregator.store.summaries import StorySummary, all_stories


class DeskError(RuntimeError):
    """An act that cannot be done; the text says why, and what to do instead."""


class UnknownError(DeskError):
    """It names what is not there; the text says what is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody asks for."""

    kind: DeskKind
    story: StoryKey
    by: str
    why: str = ""
    number: int | None = None  # of an update
    statement: StatementId | None = None  # that is held or released
    other: StoryKey | None = None  # the story that goes on, of a merge
    detail: Mapping[str, Any] = field(default_factory=dict)  # of a correction: where, and by which words; what is taken up


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of it."""

    act: int
    update: Update | None = None  # that it published
    said: str = ""  # in one sentence

    def saying(self, said: str) -> Done:
        """The same, with what to tell who asked."""
        return replace(self, said=said)


def the_story(tx: Connection, key: StoryKey) -> StorySummary:
    """A story by its key. Raises `UnknownError`."""
    known = {one.key: one for one in all_stories(tx)}
    if key not in known:
        raise UnknownError(f"There is no story {key!r}. Stories: {', '.join(known) or 'none yet'}")
    return known[key]


def kept(tx: Connection, given: Given, *, at: datetime, candidate: int | None = None) -> Done:
    """Keep an act."""
    new = NewAct(
        kind=given.kind,
        by=given.by,
        why=given.why,
        story=given.story,
        number=given.number,
        candidate=candidate,
        other=given.other,
        detail=given.detail,
    )
    return Done(act=add_act(tx, new, at=at))


def reason(what: str, why: str) -> str:
    """What was done, with why, if that was said."""
    return f"{what}: {why}" if why else what
