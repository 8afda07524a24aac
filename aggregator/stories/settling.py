"""How long a candidate waits, so that copies of it arrive first and numbers follow the order of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import RevisionId, StatementId, StoryKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A revision that waits to become an update."""

    id: int
    story: StoryKey
    statement: StatementId
    revision: RevisionId
    said_at: datetime
    seen_at: datetime
    settles_at: datetime
    edits: bool = False  # it is an edit of what the story tells


def settled(waiting: Sequence[Candidate], *, now: datetime) -> list[Candidate]:
    """The candidates of one story to publish now, in the order in which they were said.

    One that is ready is held back while another, said earlier, still waits that was seen before the first was ready. It
    waits for such ones only once: whatever is seen after it was ready is late, and gets the next number. So nothing
    waits longer than twice its time to settle.
    """
    in_order = sorted(waiting, key=_order)
    ready = [one for one in in_order if one.settles_at <= now]
    unready = [one for one in in_order if one.settles_at > now]
    return [one for one in ready if not any(_goes_first(other, one) for other in unready)]


def _order(candidate: Candidate) -> tuple[datetime, int]:
    return candidate.said_at, candidate.id


def _goes_first(other: Candidate, one: Candidate) -> bool:
    return not other.edits and _order(other) < _order(one) and other.seen_at <= one.settles_at
