"""What a story would take up of what was said before its settings became what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from aggregator.config import Story
from aggregator.model import RevisionId, SourceKey, StatementId
from aggregator.pipeline.matching import wanted
from aggregator.store.handing import taken_up
from aggregator.store.stories import seen_between
from aggregator.stories.matching import Matcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A statement that a story would take up."""

    statement: StatementId
    revision: RevisionId
    said_at: datetime
    said_day: str  # ISO date where only the day is known
    source: SourceKey
    title: str
    language: str
    why: str  # it belongs to the story


def proposals(tx: Connection, story: Story, *, since: datetime) -> Sequence[Proposal]:
    """What was said since a time, matches the story's settings of now, and was never taken up; as it was said."""
    what, found = wanted(story), []
    for seen in seen_between(tx, since, story.until, language=story.language):
        match = Matcher(seen).match(what)
        if match is not None:
            proposal = Proposal(
                statement=seen.statement,
                revision=seen.revision,
                said_at=seen.said_at,
                said_day=seen.said_day,
                source=seen.source,
                title=seen.title,
                language=seen.language,
                why=str(match),
            )
            found.append(proposal)
    known = taken_up(tx, story.key, [one.statement for one in found])
    return [one for one in found if one.statement not in known]
