"""Sentences that the citation gate refused, each with its reason: kept and counted, never published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.model import StatementId, StoryKey
from aggregator.store.schema import candidates, refusals
from aggregator.store.sealing import with_seals
from aggregator.stories.gate import Refusal
from aggregator.text.storable import storable

MOST_KEPT = 500  # characters of a sentence: enough to know it again


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A sentence that was not published."""

    digest: str  # who wrote it
    code: str
    reason: str
    text: str
    at: datetime


def note_refusals(tx: Connection, candidate: int, refused: Sequence[Refusal], *, digest: str, at: datetime) -> None:
    """Keep what was refused of the draft of a candidate; `digest` names who wrote it."""
    rows = [
        {
            "candidate_id": candidate,
            "digest": digest,
            "code": one.code.value,
            "reason": storable(one.reason),
            "text": storable(one.text[:MOST_KEPT]),
            "at": at,
        }
        for one in refused
    ]
    if rows:
        tx.execute(refusals.insert(), with_seals(tx, refusals, rows))


def refusals_of(tx: Connection, story: StoryKey, statement: StatementId) -> Sequence[Refused]:
    """What was refused of a statement in a story, in the order in which that happened."""
    own = refusals.c
    query = (
        select(own.digest, own.code, own.reason, own.text, own.at)
        .join(candidates, candidates.c.id == own.candidate_id)
        .where(candidates.c.statement_id == statement, candidates.c.story == story)
        .order_by(own.id)
    )
    return [Refused(**row._mapping) for row in tx.execute(query)]
