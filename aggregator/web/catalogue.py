"""Every metric that /metrics offers: what is exposed, and what docs/metrics.md says, follow from this table.

Names are those that Prometheus advises (base units, `_total` for what only grows). No label holds an address or anything that
a stranger can make up: each has as many values as the code or feeds.toml names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds, of an answer of ours
OF_A_POLL = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
TO_READERS = (60.0, 300.0, 660.0, 900.0, 1800.0, 3600.0, 7200.0, 21_600.0, 86_400.0)


class Kind(StrEnum):
    """A type of metric."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Origin(StrEnum):
    """Who knows it: it says where a metric is missing."""

    EVENTS = "events"  # counted as the process logs them
    SITE = "site"  # counted as the site answers
    SERVICE = "service"  # known to `aggregator run` alone
    STORE = "store"  # read when somebody asks
    SOURCES = "sources"  # the same, of each source or story, where they are not too many


@dataclass(frozen=True, slots=True)
class Metric:
    """One of them."""

    name: str
    kind: Kind
    origin: Origin
    says: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


def _counter(name: str, says: str, *labels: str, origin: Origin = Origin.EVENTS) -> Metric:
    return Metric(f"aggregator_{name}", Kind.COUNTER, origin, says, labels)


def _gauge(origin: Origin, name: str, says: str, *labels: str) -> Metric:
    return Metric(f"aggregator_{name}", Kind.GAUGE, origin, says, labels)


def _histogram(name: str, says: str, *labels: str, buckets: tuple[float, ...], origin: Origin = Origin.EVENTS) -> Metric:
    return Metric(f"aggregator_{name}", Kind.HISTOGRAM, origin, says, labels, buckets)


POLLS = _counter("polls_total", "Polls that ended, by what they came to.", "outcome")
LISTED = _counter("entries_listed_total", "Lines that sources listed.")
ENTRIES = _counter("entries_total", "What became of listed lines; together as many as were listed.", "verdict")
POLL_SECONDS = _histogram("poll_duration_seconds", "From a poll's question to its whole answer.", buckets=OF_A_POLL)
PUBLISHED = _counter("updates_published_total", "Updates that were published, by their kind.", "kind")
LAG = _histogram(
    "publishing_lag_seconds", "From when a version was first seen to the update that tells it; settling is part of it.",
    buckets=TO_READERS,
)  # fmt: skip
REFUSED = _counter("sentences_refused_total", "Sentences that the citation gate kept out, by its reason.", "code", "digest")
TOLD = _counter(
    "notifications_total", "Tries to tell a recipient: arrived, again (it is tried again), dead.", "recipient", "result"
)
SITE_WRITTEN = _counter("site_messages_total", "Messages of the outbox that were written into the site's folder.")
GAPS = _counter("gaps_total", "Gaps that polls opened and closed.", "kind", "change")
ALARMS = _counter("alarm_changes_total", "Alarms of sources that were opened and closed.", "kind", "change")
RELOADS = _counter("configuration_changes_total", "Changes of feeds.toml: taken, refused.", "result")
REMOVED = _counter("snapshots_removed_total", "Snapshots that retention gave up.")
FREED = _counter("snapshots_freed_bytes_total", "Bytes of the disk that this freed.")
EVENTS = _counter("log_events_total", "Lines of the log, by their event and level.", "event", "level")

REQUESTS = _counter(
    "http_requests_total", "Requests to the site, by the template of their path.", "route", "method", "status",
    origin=Origin.SITE,
)  # fmt: skip
REQUEST_SECONDS = _histogram(
    "http_request_duration_seconds", "From a request to the end of its answer; without /events.", "route",
    buckets=SHORT, origin=Origin.SITE,
)  # fmt: skip
LISTENERS = _gauge(Origin.SITE, "event_listeners", "Readers that listen for new updates now.")
BUILD = _gauge(Origin.SITE, "build_info", "1, with the versions as labels.", "version", "schema", "python")

TICK = _gauge(Origin.SERVICE, "last_tick_timestamp_seconds", "When the service last looked for what is due.")
QUEUED = _gauge(Origin.SERVICE, "polls_queued", "Sources that are due and wait for their turn.")
UNDER_WAY = _gauge(Origin.SERVICE, "polls_in_progress", "Polls under way.")
NETWORK = _gauge(Origin.SERVICE, "network_down", "1 while most hosts do not answer.")
TROUBLE = _gauge(Origin.SERVICE, "store_trouble", "1 while the service cannot use its store.")
REFUSED_NOW = _gauge(
    Origin.SERVICE, "configuration_refused", "1 while feeds.toml has mistakes, and an earlier one is in effect."
)

UP = _gauge(Origin.SITE, "store_up", "1 where the store could be read for this answer; else there is nothing of it here.")
SEQUENCE = _gauge(Origin.STORE, "changes_sequence", "Number of the newest change.")
ROWS = _gauge(Origin.STORE, "store_rows", "Rows ever written, of the tables that are counted.", "table")
STORE_BYTES = _gauge(Origin.STORE, "store_size_bytes", "Size of the database.")
WAL_BYTES = _gauge(Origin.STORE, "store_wal_size_bytes", "Size of SQLite's write-ahead log.")
FREE = _gauge(Origin.SITE, "disk_free_bytes", "Room on the disk of the storage that the service may take.")
DISK = _gauge(Origin.SITE, "disk_size_bytes", "Size of the disk of the storage.")
SOURCES = _gauge(Origin.STORE, "sources", "Sources by their state.", "state")
OPEN_ALARMS = _gauge(Origin.STORE, "alarms_open", "Open alarms of all sources.", "kind")
OPEN_GAPS = _gauge(Origin.STORE, "gaps_open", "Open gaps of all sources.", "kind")
CANDIDATES = _gauge(Origin.STORE, "candidates", "Versions that wait to be told: waiting, expecting, held.", "state")
BEHIND = _gauge(Origin.STORE, "publishing_behind_seconds", "For how long the first candidate that has settled is not told.")
WAITING = _gauge(Origin.STORE, "outbox_waiting", "Messages that did not arrive yet.", "target")
DEAD = _gauge(Origin.STORE, "outbox_dead", "Messages that were given up, or dropped.", "target")
OLDEST = _gauge(Origin.STORE, "outbox_oldest_timestamp_seconds", "When the oldest message that waits was made.", "target")
CLOCK = _gauge(
    Origin.STORE, "clock_behind_seconds", "By how much our clock is behind those of most sources; 0: it seems right."
)
CERTIFICATE = _gauge(Origin.STORE, "first_certificate_end_timestamp_seconds", "When the first certificate of a source ends.")
EACH = _gauge(Origin.STORE, "each_source", "1 where every source has series of its own, 0 where they are too many.")
ANSWERED = _gauge(Origin.SOURCES, "source_answered_timestamp_seconds", "When a source last gave its listing.", "source")
NEWEST = _gauge(Origin.SOURCES, "source_newest_timestamp_seconds", "The newest time that a source gave an entry.", "source")
ALARM = _gauge(Origin.SOURCES, "source_alarm", "1 for each open alarm of a source.", "source", "kind")
UPDATES = _gauge(Origin.SOURCES, "story_updates", "Number of the newest update of an active story.", "story")

CATALOGUE: tuple[Metric, ...] = tuple(one for one in globals().copy().values() if isinstance(one, Metric))
COUNTED = (Origin.EVENTS, Origin.SITE)
