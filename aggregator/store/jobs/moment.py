"""The present moment by the clock of the database, which all programs that use it share, whatever their own clocks say."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aggregator.store.errors import NewerSchema
from aggregator.store.jobs.link import Link
from aggregator.store.stamped import STAMP, known_schemas

_LOOK = f"""
SELECT clock_timestamp(), (SELECT version_num FROM public.{STAMP}), (SELECT max(id) FROM public.configurations)
"""  # noqa: S608 - our own name


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is looked at again and again."""

    schema: str
    configuration: int  # number of the newest; 0 for none


class DatabaseClock:
    """Tells the moment by the database's clock, as finely as the store keeps it. `look` sets it; in between time goes on by
    the steady clock of this machine, so that nobody who turns its hands is noticed."""

    def __init__(self, *, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._at: datetime | None = None  # the database's moment
        self._seen = 0.0  # and ours then

    def __call__(self) -> datetime:
        """The present moment. Raises RuntimeError before the first look."""
        if self._at is None:
            raise RuntimeError("the database was not asked for its time yet")
        now = self._at + timedelta(seconds=self._steady() - self._seen)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    async def look(self, link: Link) -> Seen:
        """Ask the database for its time; and, on the same way, for its schema and its newest configuration.

        Raises `NewerSchema`, or `StoreError` where it cannot be asked.
        """
        before = self._steady()
        ((now, schema, configuration),) = await link.ask(_LOOK)
        after = self._steady()
        self._at, self._seen = now.astimezone(UTC), (before + after) / 2  # it was told halfway, as far as one can know
        known = known_schemas()
        if schema not in known:
            raise NewerSchema(
                f"{link.name}: brought to a newer schema ({schema}; this program knows up to {known[-1]}). What was under"
                " way is done. Update aggregator on this machine, and start it again."
            )
        return Seen(schema=schema, configuration=configuration or 0)
