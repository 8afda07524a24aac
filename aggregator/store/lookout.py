"""How all sources are, looked at again and again: only what may have changed since the last look is judged anew.

With ten thousand sources, to judge each costs a second; of a look every few seconds, that would be too much.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, String, select, type_coerce

from aggregator.fetch.alarms import Alarm, alarms, our_clock
from aggregator.fetch.cadence import share
from aggregator.model import SourceKey
from aggregator.store.bulk import chunks, streamed
from aggregator.store.conditions import Watched, standing_of
from aggregator.store.gaps import Gap, open_by_source
from aggregator.store.schema import sources
from aggregator.store.sources import RESTS, states_of

REVIEW = timedelta(hours=1)  # after which a source is judged again that nobody asked meanwhile: time passes
STAMP = 2**60 - 1  # as much of a hash as Python holds in the smaller numbers

_LIGHT = select(
    sources.c.key,
    sources.c.active,
    RESTS.label("rests"),
    sources.c.failures,
    type_coerce(sources.c.last_poll_at, String).label("polled"),  # as text: it is only held against itself
    sources.c.open_gaps,
    sources.c.moved_to,
    sources.c.url,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One source, as it was at its last look."""

    condition: str  # as `Watched.condition`
    alarms: tuple[Alarm, ...]
    asked: bool  # it is active, and does not rest
    answered_at: float | None  # seconds since 1970 UTC, as the others
    newest_at: float | None
    certificate_until: float | None
    clock_s: int | None  # None, too, of one that is not asked any more


NOTHING = Seen(
    condition="", alarms=(), asked=False, answered_at=None, newest_at=None, certificate_until=None, clock_s=None
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """All sources at a moment."""

    sources: Mapping[SourceKey, Seen]
    clock_behind_s: float  # of our own clock, where most sources say so; 0 where it seems right

    @property
    def by_condition(self) -> Counter[str]:
        """How many sources are how."""
        return Counter(one.condition for one in self.sources.values())

    @property
    def by_alarm(self) -> Counter[str]:
        """How many alarms of each kind are open."""
        return Counter(alarm.kind.value for one in self.sources.values() for alarm in one.alarms)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept(Seen):
    """Ten thousand of them are kept, so that each is one small object."""

    stamp: int  # a hash of what a new look at the source would begin with
    until: float  # it is judged again then


class Lookout:
    """Keeps what it has seen. May be asked by several threads; they take turns."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._kept: dict[SourceKey, _Kept] = {}
        self._ours = False
        self.judged = 0  # sources, ever: what it costs

    def look(self, tx: Connection, *, now: datetime) -> Conditions:
        """Every source ever followed, as it stands at a moment."""
        with self._turn:
            self._judge(tx, self._stale(tx, now.timestamp()), now)
            behind = our_clock(kept.clock_s for kept in self._kept.values())
            if (behind is not None) is not self._ours:  # what was said of the sources' clocks was said of ours, or is now
                self._ours = behind is not None
                clocks = {key: kept.stamp for key, kept in self._kept.items() if kept.clock_s is not None}
                self._judge(tx, clocks, now)
            return Conditions(sources=dict(self._kept), clock_behind_s=0.0 if behind is None else behind.total_seconds())

    def _stale(self, tx: Connection, now: float) -> dict[SourceKey, int]:
        """The stamps of the sources that are to be judged, most often few; those that are gone from the store are forgotten."""
        kept, stale, there = self._kept, dict[SourceKey, int](), 0
        for row in streamed(tx, _LIGHT):
            key, stamp = SourceKey(row.key), hash(tuple(row)) & STAMP
            one = kept.get(key)
            there += one is not None
            if one is None or one.stamp != stamp or one.until <= now:
                stale[key] = stamp
        if there < len(kept):
            for key in kept.keys() - set(tx.execute(select(sources.c.key)).scalars()):
                del kept[key]
        return stale

    def _judge(self, tx: Connection, stamps: Mapping[SourceKey, int], now: datetime) -> None:
        """Some at a time: what the store has of a source is large beside what is kept of it."""
        self.judged += len(stamps)
        gaps: Mapping[SourceKey, Sequence[Gap]] | None = None
        for some in chunks(stamps):
            for state in states_of(tx, some):
                if state.open_gaps and gaps is None:
                    gaps = open_by_source(tx)
                own = gaps.get(state.key, ()) if gaps is not None else ()
                found = alarms(standing_of(state, own), now=now, ours=self._ours)
                # Not all at one moment, though all of them were seen first at one.
                until = (now + REVIEW * (0.5 + 0.5 * share(state.key))).timestamp()
                self._kept[state.key] = _kept(Watched(state=state, gaps=own, alarms=found), stamps[state.key], until)


def _kept(watched: Watched, stamp: int, until: float) -> _Kept:
    state = watched.state
    return _Kept(
        stamp=stamp,
        until=until,
        condition=watched.condition,
        alarms=tuple(watched.alarms),
        asked=state.active and not state.rests,
        answered_at=_seconds(state.answered_at or state.last_change_at),
        newest_at=_seconds(state.newest_at),
        certificate_until=_seconds(state.certificate_until),
        clock_s=state.clock_s if state.active else None,
    )


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def first_certificate(found: Iterable[Seen]) -> float | None:
    """When the first certificate of some sources ends, in seconds since 1970 UTC; None where none is known."""
    return min((one.certificate_until for one in found if one.asked and one.certificate_until is not None), default=None)
