"""What is read when somebody asks for metrics: of the store, of the disk, and of the service."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily

from aggregator import __version__
from aggregator.fetch.alarms import AlarmKind
from aggregator.model import GapKind, SourceKey
from aggregator.store.lookout import Conditions, first_certificate
from aggregator.store.measuring import Figures, Waiting
from aggregator.web import catalogue
from aggregator.web.catalogue import Metric

STATES = ("off", "rests", "new", "failing", "alarm", "well")  # as `Watched.condition`
TARGETS = ("site", "notify", "websub")


class Life(Protocol):
    """The service beside which the site is served."""

    @property
    def ticked_at(self) -> datetime | None:
        """When it last looked for what is due."""

    @property
    def waiting(self) -> int:
        """How many sources are due and wait."""

    @property
    def under_way(self) -> int:
        """How many polls are under way."""

    @property
    def network_down(self) -> bool:
        """Whether most hosts do not answer."""

    @property
    def trouble(self) -> str:
        """Why the store cannot be used; "" where it can."""

    @property
    def refused(self) -> Sequence[str]:
        """Mistakes of a configuration that is not in effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that one answer is made of."""

    now: datetime
    storage: Path
    each: int  # sources, and stories, that have series of their own at most
    listeners: int
    life: Life | None
    figures: Figures | None  # None: the store could not be read
    conditions: Conditions | None


Value = tuple[tuple[str, ...], float]  # the values of the labels, and that of the metric


class Looked:
    """A collector of prometheus_client, of one look."""

    def __init__(self) -> None:
        self.look: Look | None = None

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges, each with its samples; those without any are left out."""
        look = self.look
        if look is None:
            return
        for metric, values in _values(look):
            family = GaugeMetricFamily(metric.name, metric.says, labels=metric.labels)
            for labels, value in values:
                family.add_metric(labels, value)
            if family.samples:
                yield family


def _values(look: Look) -> Iterator[tuple[Metric, Iterable[Value]]]:
    schema = look.figures.schema if look.figures is not None else ""
    yield catalogue.BUILD, [((__version__, schema, platform.python_version()), 1)]
    yield catalogue.LISTENERS, one(look.listeners)
    yield catalogue.UP, one(look.figures is not None)
    with suppress(OSError):
        usage = shutil.disk_usage(look.storage)
        yield catalogue.FREE, one(usage.free)
        yield catalogue.DISK, one(usage.total)
    if look.life is not None:
        yield from _of_service(look.life)
    if look.figures is not None:
        yield from _of_store(look.figures, now=look.now)
        active = look.figures.stories
        yield catalogue.UPDATES, [((key,), number) for key, number in active] if len(active) <= look.each else []
    if look.conditions is not None:
        yield from _of_sources(look.conditions, each=look.each)


def one(value: float | None) -> list[Value]:
    """A value without labels; nothing where it is not known."""
    return [] if value is None else [((), float(value))]


def _of_service(life: Life) -> Iterator[tuple[Metric, Iterable[Value]]]:
    yield catalogue.TICK, one(_seconds(life.ticked_at))
    yield catalogue.QUEUED, one(life.waiting)
    yield catalogue.UNDER_WAY, one(life.under_way)
    yield catalogue.NETWORK, one(life.network_down)
    yield catalogue.TROUBLE, one(bool(life.trouble))
    yield catalogue.REFUSED_NOW, one(bool(life.refused))


def _of_store(found: Figures, *, now: datetime) -> Iterator[tuple[Metric, Iterable[Value]]]:
    yield catalogue.SEQUENCE, one(found.sequence)
    yield catalogue.ROWS, labelled(found.rows)
    yield catalogue.STORE_BYTES, one(found.size)
    yield catalogue.WAL_BYTES, one(found.wal)
    yield catalogue.OPEN_GAPS, labelled({kind.value: 0 for kind in GapKind} | dict(found.gaps))
    yield catalogue.CANDIDATES, labelled(found.candidates)
    late = 0.0 if found.settled_at is None else (now - found.settled_at).total_seconds()
    yield catalogue.BEHIND, one(max(0.0, late))
    messages = {target: Waiting() for target in TARGETS} | dict(found.outbox)
    yield catalogue.WAITING, labelled({target: some.waiting for target, some in messages.items()})
    yield catalogue.DEAD, labelled({target: some.dead for target, some in messages.items()})
    yield catalogue.OLDEST, [((target,), some.oldest.timestamp()) for target, some in messages.items() if some.oldest]


def _of_sources(found: Conditions, *, each: int) -> Iterator[tuple[Metric, Iterable[Value]]]:
    asked = {key: seen for key, seen in found.sources.items() if seen.asked}
    yield catalogue.SOURCES, labelled(dict.fromkeys(STATES, 0) | found.by_condition)
    yield catalogue.OPEN_ALARMS, labelled({kind.value: 0 for kind in AlarmKind} | found.by_alarm)
    yield catalogue.CLOCK, one(found.clock_behind_s)
    yield catalogue.CERTIFICATE, one(first_certificate(asked.values()))
    yield catalogue.EACH, one(len(asked) <= each)
    alarms = [((key, alarm.kind.value), 1.0) for key, seen in asked.items() for alarm in seen.alarms]
    yield catalogue.ALARM, sorted(alarms)[:each]
    if len(asked) <= each:
        yield catalogue.ANSWERED, timed(asked, lambda key: asked[key].answered_at)
        yield catalogue.NEWEST, timed(asked, lambda key: asked[key].newest_at)


def labelled(counts: Mapping[str, float]) -> list[Value]:
    """A value for each value of the one label."""
    return [((name,), float(count)) for name, count in sorted(counts.items())]


def timed(keys: Iterable[SourceKey], when: Callable[[SourceKey], float | None]) -> list[Value]:
    """A moment for each source of which it is known."""
    return [((key,), at) for key in sorted(keys) if (at := when(key)) is not None]


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
