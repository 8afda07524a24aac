"""What keeps a poll from being stored twice, where its worker was taken for dead and another did its job meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from aggregator.store.errors import StoreError
from aggregator.store.schema import configurations, sources
from aggregator.store.sources import SourceState


class Overtaken(StoreError):  # noqa: N818 - says what is the case
    """A poll that is not stored: what it began with does not hold any more. The source is asked again when it is due."""


def overtaken(configuration: Callable[[], int]) -> Callable[[Connection, Sequence[SourceState]], list[Exception | None]]:
    """What a writer asks first: was each source polled since its poll began, and is the configuration the same?

    It is asked by whoever has the turn to record, so that what it finds is so until the transaction ends. `configuration` tells
    the number of the one that the caller works under.
    """
    newest = select(func.max(configurations.c.id)).scalar_subquery()

    def ask(tx: Connection, began: Sequence[SourceState]) -> list[Exception | None]:
        query = select(sources.c.key, sources.c.last_poll_at, newest.label("newest"))
        rows = {row.key: row for row in tx.execute(query.where(sources.c.key.in_([state.key for state in began])))}
        found: dict[str, tuple[datetime | None, int | None]] = {
            key: (row.last_poll_at, row.newest) for key, row in rows.items()
        }
        return [_error(state, found.get(state.key), configuration()) for state in began]

    return ask


def _error(state: SourceState, found: tuple[datetime | None, int | None] | None, configuration: int) -> Overtaken | None:
    if found is None or found[0] != state.last_poll_at:
        return Overtaken(f"{state.key}: another worker polled it meanwhile")
    if (found[1] or 0) != configuration:
        return Overtaken(f"{state.key}: another configuration took effect meanwhile")
    return None
