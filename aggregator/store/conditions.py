"""Every source with what an operator should know of it: its state, its open gaps, its alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from aggregator.fetch.alarms import Alarm, OpenGap, Standing, alarms, our_clock
from aggregator.store.gaps import Gap, open_by_source
from aggregator.store.sources import SourceState, all_sources

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
    found, gaps = all_sources(tx), open_by_source(tx)
    ours = our_clock(one.clock_s for one in found if one.active) is not None
    return [
        Watched(
            state=one,
            gaps=gaps.get(one.key, ()),
            alarms=alarms(standing_of(one, gaps.get(one.key, ())), now=now, ours=ours),
        )
        for one in found
    ]


def clock_trouble(tx: Connection) -> str:
    """A sentence where most sources say that our own clock is wrong; "" where it seems right."""
    behind = our_clock(one.clock_s for one in all_sources(tx) if one.active)
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
