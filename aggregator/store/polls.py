"""Polls with their balance, and the bytes that they brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.model import Balance, Outcome, SourceKey
from aggregator.store.schema import captures, drops, polls, snapshots


class BalanceError(RuntimeError):
    """A poll whose lines do not add up: something was lost or counted twice. Nothing of it is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One answer with a body, and where its bytes lie."""

    sha256: str
    size: int
    stored_size: int
    url: str
    at: datetime
    status: int
    headers: Mapping[str, str]
    transport: str  # "tls" or "none"


def add_capture(tx: Connection, capture: Capture) -> int:
    """Note an answer with a body; its bytes are in the snapshot folder already. Returns the capture's id."""
    known = tx.execute(select(snapshots.c.sha256).where(snapshots.c.sha256 == capture.sha256)).first()
    if known is None:
        tx.execute(
            snapshots.insert().values(
                sha256=capture.sha256, size=capture.size, stored_size=capture.stored_size, first_at=capture.at
            )
        )
    row = captures.insert().values(
        sha256=capture.sha256,
        url=capture.url,
        at=capture.at,
        status=capture.status,
        headers=dict(capture.headers),
        transport=capture.transport,
    )
    return int(tx.execute(row.returning(captures.c.id)).scalar_one())


def add_poll(
    tx: Connection, source: SourceKey, outcome: Outcome, balance: Balance, *, at: datetime, ms: int, capture: int | None
) -> int:
    """Write a poll with its balance and the reason for each dropped line; returns its id.

    Raises `BalanceError` where the balance does not add up, so that the transaction around it stores nothing.
    """
    if not balance.adds_up:
        raise BalanceError(f"{source}: {balance.listed} lines were listed, but the balance is {balance}")
    row = polls.insert().values(
        source=source,
        at=at,
        ms=ms,
        outcome=outcome.kind,
        reason=outcome.reason,
        status=outcome.status,
        capture_id=capture,
        **balance.counts,
    )
    poll = int(tx.execute(row.returning(polls.c.id)).scalar_one())
    if balance.drops:
        tx.execute(drops.insert(), [{"poll_id": poll, "ref": d.ref, "reason": d.reason} for d in balance.drops])
    return poll
