"""What keeps a poll from being stored twice, where its worker was taken for dead and another did its job meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from aggregator.store.errors import StoreError
from aggregator.store.schema import utc_text
from aggregator.store.sources import SourceState


class Overtaken(StoreError):  # noqa: N818 - says what is the case
    """A poll that is not stored: what it began with does not hold any more. The source is asked again when it is due."""


# The rows are held, in one order, until the transaction ends: whoever then takes the turn of the changes waits for nobody.
_ASK = """
SELECT key, last_poll_at, (SELECT max(id) FROM configurations) FROM sources WHERE key = ANY(%s)
ORDER BY key COLLATE "C" FOR NO KEY UPDATE OF sources
"""


class Fence:
    """What a writer asks first: was each source polled since its poll began, and is the configuration the same?

    It is asked by whoever has the turn to record, so that what it finds is so until the transaction ends.
    """

    def __init__(self, configuration: Callable[[], int]) -> None:
        """`configuration` tells the number of the one that the caller works under."""
        self._configuration = configuration

    def question(self, began: Sequence[SourceState]) -> tuple[str, tuple[object, ...]]:
        """What is asked, in the driver's own terms."""
        return _ASK, (sorted({str(state.key) for state in began}),)

    def judge(self, began: Sequence[SourceState], rows: Iterable[Sequence[Any]]) -> list[Exception | None]:
        """Which of what began does not hold any more, by what the question gave: the error for each, or None."""
        found = {key: (last_poll_at, newest or 0) for key, last_poll_at, newest in rows}
        return [_error(state, found.get(state.key), self._configuration()) for state in began]


def _error(state: SourceState, found: tuple[str | None, int] | None, configuration: int) -> Overtaken | None:
    last_poll_at = None if state.last_poll_at is None else utc_text(state.last_poll_at)
    if found is None or found[0] != last_poll_at:
        return Overtaken(f"{state.key}: another worker polled it meanwhile")
    if found[1] != configuration:
        return Overtaken(f"{state.key}: another configuration took effect meanwhile")
    return None
