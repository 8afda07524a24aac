"""Every source with what an operator should know of it: its state, its open gaps, its alarms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from aggregator.fetch.alarms import Alarm, OpenGap, Standing, alarms, our_clock
from aggregator.store.gaps import Gap, open_by_source
from aggregator.store.schema import sources
from aggregator.store.sources import SourceState, each_source

WELL = "nothing to do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One source."""

    state: SourceState
    gaps: Sequence[Gap]  # those that are open, newest first
    alarms: Sequence[Alarm]  # the most urgent first

    @property
    def condition(self) -> str:
        """In one word: `off`, `rests`, `new`, `failing`, `alarm` or `well`."""
        if not self.state.active:
            return "off"
        if self.state.rests:
            return "rests"
        if self.state.failures:
            return "failing"
        if self.alarms:
            return "alarm"
        return "new" if self.state.last_poll_at is None else "well"

    @property
    def to_do(self) -> str:
        """What to do next, in one sentence."""
        return self.alarms[0].do if self.alarms else WELL


def watched_sources(tx: Connection, *, now: datetime) -> Sequence[Watched]:
    """Every source ever followed, by key, as it stands at a moment."""
    return list(each_watched(tx, now=now))


def each_watched(tx: Connection, *, now: datetime) -> Iterator[Watched]:
    """The same, of which few are held at once."""
    gaps, ours = open_by_source(tx), _our_clock(tx) is not None
    for one in each_source(tx):
        own = gaps.get(one.key, ())
        yield Watched(state=one, gaps=own, alarms=alarms(standing_of(one, own), now=now, ours=ours))


def _our_clock(tx: Connection) -> timedelta | None:
    return our_clock(tx.execute(select(sources.c.clock_s).where(sources.c.active)).scalars())


def clock_trouble(tx: Connection) -> str:
    """A sentence where most sources say that our own clock is wrong; "" where it seems right."""
    behind = _our_clock(tx)
    if behind is None:
        return ""
    minutes, way = abs(round(behind.total_seconds() / 60)), "behind" if behind.total_seconds() > 0 else "ahead of"
    return f"The clock here is {minutes} min {way} those of most sources: set it right, or let a time service do it."


def standing_of(state: SourceState, gaps: Sequence[Gap]) -> Standing:
    """What is known of a source, as its alarms are found in it."""
    return Standing(
        url=state.url,
        active=state.active and not state.rests,
        outcome=state.last_outcome,
        reason=state.last_reason or "",
        failures=state.failures,
        answered_at=state.answered_at or state.last_change_at,
        changed_at=state.last_change_at,
        newest_at=state.newest_at,
        arrivals=state.arrivals or (),
        listed=state.listed,
        moved_to=state.moved_to,
        clock_s=state.clock_s,
        certificate_until=state.certificate_until,
        gaps=[OpenGap(kind=one.kind, opened_at=one.opened_at, from_at=one.from_at, says=one.says) for one in gaps],
    )
