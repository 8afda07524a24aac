"""The metrics of one process, in Prometheus's text format: what it counts as it goes, and what it reads when asked.

Whatever happens is logged once, and counted from that same line (`count`), so that the log and the metrics never disagree.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from aggregator.config.types import EXTRACTIVE
from aggregator.fetch.alarms import AlarmKind
from aggregator.model import GapKind, OutcomeKind, UpdateKind
from aggregator.store.lookout import Lookout
from aggregator.stories.objections import Reason
from aggregator.web import catalogue
from aggregator.web.catalogue import CATALOGUE, Kind, Metric
from aggregator.web.gauges import Life, Look, Looked

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
VERDICTS = ("new", "revised", "duplicate", "unchanged", "dropped")
METHODS = ("GET", "HEAD")

disable_created_metrics()  # type: ignore[no-untyped-call]  # of a second series beside each; the library says no types here

Event = Mapping[str, Any]


class Measures:
    """Counts, and tells. May be used by several threads."""

    def __init__(self) -> None:
        self.life: Life | None = None  # of the service beside which the site is served
        self.lookout = Lookout()
        self._registry = CollectorRegistry()
        self._looked, self._turn = Looked(), threading.Lock()
        ProcessCollector(registry=self._registry)
        self._registry.register(self._looked)
        self._counters = {one.name: self._counter(one) for one in CATALOGUE if one.kind is Kind.COUNTER}
        self._histograms = {one.name: self._histogram(one) for one in CATALOGUE if one.kind is Kind.HISTOGRAM}
        self._begin()

    def _counter(self, metric: Metric) -> Counter:
        return Counter(metric.name, metric.says, metric.labels, registry=self._registry)

    def _histogram(self, metric: Metric) -> Histogram:
        return Histogram(metric.name, metric.says, metric.labels, buckets=metric.buckets, registry=self._registry)

    def _begin(self) -> None:
        """Begin at nought what is known to come: a rate of what was never there cannot be told from one that is missing."""
        for outcome in OutcomeKind:
            self.add(catalogue.POLLS, outcome.value, by=0)
        for verdict in VERDICTS:
            self.add(catalogue.ENTRIES, verdict, by=0)
        for kind in UpdateKind:
            self.add(catalogue.PUBLISHED, kind.value, by=0)
        for result in ("taken", "refused"):
            self.add(catalogue.RELOADS, result, by=0)
        for change in ("opened", "closed"):
            for gap in GapKind:
                self.add(catalogue.GAPS, gap.value, change, by=0)
            for alarm in AlarmKind:
                self.add(catalogue.ALARMS, alarm.value, change, by=0)
        for reason in Reason:
            self.add(catalogue.REFUSED, reason.value, EXTRACTIVE, by=0)

    def add(self, metric: Metric, *labels: str, by: float = 1) -> None:
        """Count some more, under the values of the metric's labels."""
        counter = self._counters[metric.name]
        (counter.labels(*labels) if labels else counter).inc(by)

    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        """Note one more value of a histogram."""
        histogram = self._histograms[metric.name]
        (histogram.labels(*labels) if labels else histogram).observe(value)

    def expect(self, recipients: Iterable[str]) -> None:
        """Begin at nought for some recipients of notifications."""
        for recipient in recipients:
            for result in ("arrived", "again", "dead"):
                self.add(catalogue.TOLD, recipient, result, by=0)

    def count(self, level: str, event: Event) -> None:
        """Count one line of the log. `level` as structlog names it: info, warning, error, exception …

        A line without what is counted of it is counted as `not_counted`: whoever logs it must not fail for that.
        """
        name = str(event["event"])
        self.add(catalogue.EVENTS, name, "error" if level == "exception" else level)
        try:
            COUNTING.get(name, _nothing)(self, event)
        except (KeyError, TypeError, ValueError):
            self.add(catalogue.EVENTS, "not_counted", "error")

    def answered(self, *, route: str, method: str, status: int, seconds: float | None) -> None:
        """Count one answer of the site. `seconds`: None where it is no answer that ends by itself."""
        self.add(catalogue.REQUESTS, route, method if method in METHODS else "other", str(status))
        if seconds is not None:
            self.observe(catalogue.REQUEST_SECONDS, seconds, route)

    def value(self, name: str, **labels: str) -> float | None:
        """What was counted so far, under exactly these labels; None where nothing was."""
        return self._registry.get_sample_value(name, labels)

    def text(self, look: Look) -> bytes:
        """All metrics, with what a look has found."""
        with self._turn:
            self._looked.look = look
            try:
                return generate_latest(self._registry)
            finally:
                self._looked.look = None


Counting = Callable[[Measures, Event], None]


def _nothing(_measures: Measures, _event: Event) -> None:
    """Of most events nothing is counted but that they were."""


def _polled(measures: Measures, event: Event) -> None:
    measures.add(catalogue.POLLS, event["outcome"])
    measures.add(catalogue.LISTED, by=event["listed"])
    for verdict in VERDICTS:
        measures.add(catalogue.ENTRIES, verdict, by=event[verdict])
    measures.observe(catalogue.POLL_SECONDS, event["ms"] / 1000)


def _published(measures: Measures, event: Event) -> None:
    measures.add(catalogue.PUBLISHED, event["kind"])
    measures.observe(catalogue.LAG, event["lag_s"])


def _removed(measures: Measures, event: Event) -> None:
    measures.add(catalogue.REMOVED, by=event["removed"])
    measures.add(catalogue.FREED, by=event["freed"])


def _written(measures: Measures, event: Event) -> None:
    measures.add(catalogue.SITE_WRITTEN, by=event["messages"])


def _one(metric: Metric, **fixed: str) -> Counting:
    """Counts one. Its labels are those fields of the event that are called so, but for some that are `fixed`."""

    def count(measures: Measures, event: Event) -> None:
        measures.add(metric, *(fixed.get(name) or str(event[name]) for name in metric.labels))

    return count


COUNTING: Mapping[str, Counting] = {
    "polled": _polled,
    "published": _published,
    "snapshots_removed": _removed,
    "site_written": _written,
    "sentence_refused": _one(catalogue.REFUSED),
    "notified": _one(catalogue.TOLD, result="arrived"),
    "not_notified": _one(catalogue.TOLD, result="again"),
    "notification_dead": _one(catalogue.TOLD, result="dead"),
    "gap_opened": _one(catalogue.GAPS, change="opened"),
    "gap_closed": _one(catalogue.GAPS, change="closed"),
    "alarm_opened": _one(catalogue.ALARMS, change="opened"),
    "alarm_closed": _one(catalogue.ALARMS, change="closed"),
    "configuration_taken": _one(catalogue.RELOADS, result="taken"),
    "configuration_refused": _one(catalogue.RELOADS, result="refused"),
}
