"""What must still be told to the outside: written with the update, delivered later, at least once, each under its key.

The site's messages are written by whoever changes a page. Those of other recipients follow from the sequence of changes
(`recipients.py`), are tried again at their own times, and are given up at last; nothing here is ever removed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from aggregator.model import StoryKey
from aggregator.store.bulk import Row, chunks
from aggregator.store.schema import outbox, outbox_acts
from aggregator.store.sealing import with_seals

SITE = "site"
MOST_BUNDLED = 50  # messages that are sent together
RETRY, DROP = "retry", "drop"  # what somebody did with a message

_waits = outbox.c.delivered_at.is_(None) & outbox.c.dead_at.is_(None)
_story = outbox.c.payload["story"].as_string()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing to deliver."""

    id: int
    key: str  # the same for every try: a receiver can tell a repetition
    target: str
    payload: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is sent together: one message, or a bundle of them, oldest first."""

    messages: tuple[Message, ...]
    attempts: int  # tries so far

    @property
    def ids(self) -> list[int]:
        """The numbers of its messages."""
        return [one.id for one in self.messages]

    @property
    def stories(self) -> list[StoryKey]:
        """The stories that it tells of, in the order of its messages."""
        return [*dict.fromkeys(StoryKey(one.payload["story"]) for one in self.messages)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A message that did not arrive yet, as the operator sees it."""

    id: int
    key: str
    recipient: str  # notify:KEY, websub or site
    story: str
    number: int | None  # of the update; None for a page that changed otherwise
    created_at: datetime
    attempts: int
    next_try_at: datetime | None  # None: at once
    dead_at: datetime | None  # when it was given up
    bundle: str | None
    why: str  # of the last try, or of who dropped it


def queue(tx: Connection, *, target: str, key: str, payload: Mapping[str, str], at: datetime) -> None:
    """Add a message, in the transaction that makes what it tells."""
    _add(tx, [{"key": key, "target": target, "payload": dict(payload), "created_at": at, "attempts": 0}])


def queue_for(tx: Connection, recipient: str, told: Sequence[Mapping[str, str]], *, at: datetime) -> None:
    """Add messages for a recipient: each of an update, with `story`, `number` and `hash`, or of what the desk did with a
    story, with `story`, `act` and `hash`. Each has its key, and is one."""
    target = recipient.partition(":")[0]
    _add(
        tx,
        [
            {
                "key": f"{recipient}:{told_of(one)}",
                "target": target,
                "recipient": recipient,
                "payload": dict(one),
                "created_at": at,
                "attempts": 0,
            }
            for one in told
        ],
    )


def told_of(payload: Mapping[str, str]) -> str:
    """What a message tells of: `alaska:4` for an update, `alaska:desk-7` for what the desk did."""
    return f"{payload['story']}:{payload['number'] if 'number' in payload else 'desk-' + payload['act']}"


def _add(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        tx.execute(outbox.insert(), with_seals(tx, outbox, rows))


def undelivered(tx: Connection, *, target: str = SITE, limit: int = 1000) -> Sequence[Message]:
    """The oldest messages of a kind of target that wait, in order."""
    which = (outbox.c.target == target) & _waits
    return [_message(row) for row in tx.execute(_messages().where(which).order_by(outbox.c.id).limit(limit))]


def has_waiting(tx: Connection, *, now: datetime) -> Sequence[str]:
    """The recipients for which something waits that may be tried now."""
    due = outbox.c.next_try_at.is_(None) | (outbox.c.next_try_at <= now)
    return list(tx.execute(select(outbox.c.recipient).where(outbox.c.recipient.is_not(None), _waits, due).distinct()).scalars())


def due_units(tx: Connection, recipient: str, *, now: datetime, bundled: bool = False) -> list[Unit]:
    """What may be sent to a recipient now, oldest first: of each story the first that waits, unless it rests after a try.

    So a message that fails holds back the later ones of its story, and no others; a bundle that fails those of its stories.
    With `bundled`, only what was put together.
    """
    which = (outbox.c.recipient == recipient) & _waits
    if bundled:
        which &= outbox.c.bundle.is_not(None)
    heads = select(_story.label("story"), func.min(outbox.c.id).label("id")).where(which).group_by(_story)
    first: dict[str, int] = {row.story: row.id for row in tx.execute(heads)}
    units: dict[int, list[Row]] = {}
    for some in chunks(sorted(set(first.values()))):
        for row in tx.execute(_messages().where(outbox.c.id.in_(some)).order_by(outbox.c.id)):
            if row.bundle is None:
                units[row.id] = [row]
            else:
                rows = list(tx.execute(_messages().where(which, outbox.c.bundle == row.bundle).order_by(outbox.c.id)))
                units.setdefault(rows[0].id, rows)
    return [
        _unit(rows)
        for _, rows in sorted(units.items())
        if all(row.next_try_at is None or row.next_try_at <= now for row in rows) and _leads(rows, first)
    ]


def _leads(rows: Sequence[Row], first: Mapping[str, int]) -> bool:
    """Whether no story of a bundle waits for an earlier message."""
    ids = {row.id for row in rows}
    return all(first[row.payload["story"]] in ids for row in rows)


def waiting_unit(tx: Connection, recipient: str, *, now: datetime, without: Collection[StoryKey] = ()) -> Unit | None:
    """Whatever may be sent to a recipient now, as one; of some stories nothing. For what tells no story by itself."""
    which = (outbox.c.recipient == recipient) & _waits & (outbox.c.next_try_at.is_(None) | (outbox.c.next_try_at <= now))
    rows = tx.execute(_messages().where(which, _story.not_in(list(without))).order_by(outbox.c.id).limit(MOST_BUNDLED)).all()
    return _unit(rows) if rows else None


def bundle(tx: Connection, recipient: str, *, every: timedelta, now: datetime) -> None:
    """Put together what came for a recipient, once its oldest message has waited `every` long; at most `MOST_BUNDLED`.

    What is together stays so: a try that nobody knows the end of is repeated with the same messages. While a bundle waits,
    no further one is made, so that they arrive in order.
    """
    which = (outbox.c.recipient == recipient) & _waits
    if tx.execute(select(outbox.c.id).where(which, outbox.c.bundle.is_not(None)).limit(1)).first() is not None:
        return
    query = select(outbox.c.id, outbox.c.key, outbox.c.created_at).where(which).order_by(outbox.c.id).limit(MOST_BUNDLED)
    rows = tx.execute(query).all()
    if rows and rows[0].created_at + every <= now:
        ids = [row.id for row in rows]
        tx.execute(outbox.update().where(outbox.c.id.in_(ids)).values(bundle=rows[0].key))


def bundled_until(tx: Connection, recipient: str) -> datetime | None:
    """When the oldest message of a recipient that waits, and is in no bundle, was made; None where there is none."""
    which = (outbox.c.recipient == recipient) & _waits & outbox.c.bundle.is_(None)
    return tx.execute(select(outbox.c.created_at).where(which).order_by(outbox.c.id).limit(1)).scalar()


def delivered(tx: Connection, ids: Sequence[int], *, at: datetime) -> None:
    """Note that messages arrived."""
    tx.execute(
        outbox.update()
        .where(outbox.c.id.in_(ids))
        .values(delivered_at=at, attempts=outbox.c.attempts + 1, next_try_at=None, dead_at=None)
    )


def failed(
    tx: Connection,
    ids: Sequence[int],
    *,
    error: str,
    next_try_at: datetime | None = None,
    dead_at: datetime | None = None,
) -> None:
    """Note that a try went wrong; the messages stay and are tried again, at a time if one is given, unless they are dead."""
    state = {"last_error": error, "next_try_at": next_try_at, "dead_at": dead_at}
    still = outbox.c.id.in_(ids) & outbox.c.dead_at.is_(None)  # somebody may have dropped it meanwhile
    tx.execute(outbox.update().where(still).values(attempts=outbox.c.attempts + 1, **state))


def not_arrived(tx: Connection, *, recipient: str | None = None, limit: int | None = None) -> Sequence[Undelivered]:
    """What did not arrive yet, dead messages among it, oldest first; of one recipient, if one is named."""
    query = select(outbox).where(outbox.c.delivered_at.is_(None)).order_by(outbox.c.id).limit(limit)
    if recipient is not None:
        query = query.where(outbox.c.target == SITE if recipient == SITE else outbox.c.recipient == recipient)
    return [_undelivered(row) for row in tx.execute(query)]


def count_not_arrived(tx: Connection) -> int:
    """How many messages did not arrive yet, dead ones among them."""
    return int(tx.execute(select(func.count()).where(outbox.c.delivered_at.is_(None))).scalar_one())


def one_message(tx: Connection, number: int) -> tuple[Undelivered, bool] | None:
    """A message by its number, and whether it arrived."""
    row = tx.execute(select(outbox).where(outbox.c.id == number)).one_or_none()
    return None if row is None else (_undelivered(row), row.delivered_at is not None)


def retry(tx: Connection, ids: Sequence[int], *, by: str, at: datetime) -> None:
    """Have messages tried again at once, as if they had never been tried; kept with who wanted it."""
    fresh = {"attempts": 0, "next_try_at": None, "dead_at": None}
    tx.execute(outbox.update().where(outbox.c.id.in_(ids)).values(fresh))
    _note(tx, ids, RETRY, by=by, why="", at=at)


def dropped(tx: Connection) -> set[int]:
    """The messages that somebody dropped, and nobody took up again."""
    last: dict[int, str] = {}
    for row in tx.execute(select(outbox_acts.c.message_id, outbox_acts.c.kind).order_by(outbox_acts.c.id)):
        last[row.message_id] = row.kind
    return {number for number, kind in last.items() if kind == DROP}


def drop(tx: Connection, ids: Sequence[int], *, by: str, why: str, at: datetime) -> None:
    """Give messages up; kept with who did it and why."""
    tx.execute(outbox.update().where(outbox.c.id.in_(ids)).values(dead_at=at, last_error=f"dropped by {by}: {why}"))
    _note(tx, ids, DROP, by=by, why=why, at=at)


def _note(tx: Connection, ids: Sequence[int], kind: str, *, by: str, why: str, at: datetime) -> None:
    rows = [{"message_id": number, "kind": kind, "at": at, "by": by, "why": why} for number in ids]
    if rows:
        tx.execute(outbox_acts.insert(), with_seals(tx, outbox_acts, rows))


def _messages() -> Select[Any]:
    return select(
        *(outbox.c.id, outbox.c.key, outbox.c.target, outbox.c.payload),
        *(outbox.c.attempts, outbox.c.bundle, outbox.c.next_try_at),
    )


def _message(row: Row) -> Message:
    return Message(id=row.id, key=row.key, target=row.target, payload=row.payload)


def _unit(rows: Sequence[Row]) -> Unit:
    return Unit(messages=tuple(map(_message, rows)), attempts=max(row.attempts for row in rows))


def _undelivered(row: Row) -> Undelivered:
    number = row.payload.get("number", "")
    return Undelivered(
        id=row.id,
        key=row.key,
        recipient=row.recipient or row.target,
        story=row.payload.get("story", ""),
        number=int(number) if number.isdigit() else None,
        created_at=row.created_at,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        dead_at=row.dead_at,
        bundle=row.bundle,
        why=row.last_error or "",
    )
