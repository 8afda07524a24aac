"""What digest engines were asked and what they answered: a cache, a budget, and the record from which a replay repeats it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from aggregator.store.schema import engine_answers
from aggregator.store.sealing import with_seals

ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question to an engine, and what came of it."""

    candidate: int  # that is to be told
    at: datetime
    input: str  # SHA-256 of the prompt in hex
    model: str
    outcome: str  # `ANSWERED`, or what went wrong
    sent: int  # characters
    received: int
    answer: str  # "" where none came


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What of a day's budget is gone."""

    calls: int
    characters: int


def note_answer(tx: Connection, asked: Asked) -> None:
    """Keep a question with what came of it."""
    row = {
        "candidate_id": asked.candidate,
        "at": asked.at,
        "input": asked.input,
        "model": asked.model,
        "outcome": asked.outcome,
        "sent": asked.sent,
        "received": asked.received,
        "answer": asked.answer,
    }
    tx.execute(engine_answers.insert(), with_seals(tx, engine_answers, [row]))


def answer_for(tx: Connection, candidate: int, prompt: str) -> str | None:
    """The newest answer to a prompt, by its hash, that was given for a candidate."""
    own = engine_answers.c
    query = select(own.answer).where(own.candidate_id == candidate, own.input == prompt, own.outcome == ANSWERED)
    return tx.execute(query.order_by(own.id.desc()).limit(1)).scalar_one_or_none()


def spent_since(tx: Connection, moment: datetime) -> Spent:
    """How much was asked since a moment, answered or not."""
    own = engine_answers.c
    query = select(func.count(), func.coalesce(func.sum(own.sent + own.received), 0)).where(own.at >= moment)
    calls, characters = tx.execute(query).one()
    return Spent(calls=calls, characters=characters)


def last_failure(tx: Connection) -> datetime | None:
    """When the newest question was asked, if nothing came of it."""
    own = engine_answers.c
    newest = tx.execute(select(own.outcome, own.at).order_by(own.id.desc()).limit(1)).first()
    return None if newest is None or newest.outcome == ANSWERED else newest.at


def questions_about(tx: Connection, candidate: int) -> list[Asked]:
    """Every question that was asked to tell a candidate, in their order."""
    own = engine_answers.c
    return [
        Asked(
            candidate=row.candidate_id,
            at=row.at,
            input=row.input,
            model=row.model,
            outcome=row.outcome,
            sent=row.sent,
            received=row.received,
            answer=row.answer,
        )
        for row in tx.execute(select(engine_answers).where(own.candidate_id == candidate).order_by(own.id))
    ]
