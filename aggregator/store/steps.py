"""What was done beside polls, in its order: decisions on candidates, acts of the desk, configurations that took effect.

Ids are given in the order of commits, and polls have theirs in the order in which their lines were settled. So a step that
names the newest poll before it says all that is needed to do everything again in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select

from aggregator.store.schema import polls, steps
from aggregator.store.sealing import with_seals

_NEWEST_POLL = select(func.coalesce(func.max(polls.c.id), 0))


class StepKind(StrEnum):
    """What was done."""

    CONFIGURE = "configure"  # another configuration took effect
    TELL = "tell"  # a candidate became an update, or was set aside
    POSTPONE = "postpone"  # an error of our own: the candidate is tried again later
    WITHDRAW = "withdraw"  # a source took back what is told; the note is the number of the takeback
    PUT_OFF = "put_off"  # an error of our own: a takeback is tried again later; the note begins with its number
    DESK = "desk"  # somebody at the desk did something: the note is the number of the act


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of them."""

    id: int
    kind: StepKind
    at: datetime  # the clock that it went by
    after_poll: int  # the newest poll that was stored before it; 0: none
    candidate: int | None = None
    configuration: int | None = None
    note: str = ""


def note_step(
    tx: Connection,
    kind: StepKind,
    *,
    at: datetime,
    candidate: int | None = None,
    configuration: int | None = None,
    note: str = "",
) -> None:
    """Write down a step, in the transaction that does it. That transaction has taken its turn (`Store.write`)."""
    row = {
        "kind": kind.value,
        "at": at,
        "after_poll": tx.execute(_NEWEST_POLL).scalar_one(),
        "candidate_id": candidate,
        "configuration_id": configuration,
        "note": note,
    }
    tx.execute(steps.insert(), with_seals(tx, steps, [row]))


def steps_after(tx: Connection, step: int, *, limit: int) -> Sequence[Step]:
    """The next steps, in their order."""
    query = select(steps).where(steps.c.id > step).order_by(steps.c.id).limit(limit)
    return [
        Step(
            id=row.id,
            kind=StepKind(row.kind),
            at=row.at,
            after_poll=row.after_poll,
            candidate=row.candidate_id,
            configuration=row.configuration_id,
            note=row.note,
        )
        for row in tx.execute(query)
    ]
