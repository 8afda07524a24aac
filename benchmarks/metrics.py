"""What it costs when Prometheus asks for the metrics of a service with 10,000 sources.

    .venv/bin/python benchmarks/metrics.py [--sources 10000] [--scrapes 40]

Fills a store with sources that each have the arrivals of some weeks, and a few alarms; then asks as /metrics does, every 15 s
by the clock that is handed in, while between two scrapes as many sources were polled as are in that time. Time is that of the
processor, of the whole process. Memory is what the first answers add to it.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loopback import table
from sqlalchemy import bindparam, insert

from aggregator.model import SourceKey
from aggregator.store import Store, open_store
from aggregator.store.measuring import figures
from aggregator.store.schema import sources
from aggregator.store.sealing import with_seals
from aggregator.web.gauges import Look
from aggregator.web.measures import Measures

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVERY = timedelta(seconds=15)
INTERVAL = timedelta(minutes=10)  # between two polls of a source


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="What does a scrape of the metrics cost?")
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--scrapes", type=int, default=40)
    asked = parser.parse_args()
    rows = [_measure(asked.sources, asked.scrapes, each) for each in (1_000, 100_000)]
    headings = ("sources", "metrics_each", "first, ms", "median, ms", "longest, ms", "bytes", "memory, MiB")
    print(table(headings, rows))


def _measure(count: int, scrapes: int, each: int) -> tuple[object, ...]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with closing(open_store(f"sqlite:///{folder}/aggregator.sqlite", snapshots=place / "snapshots")) as store:
            _fill(store, count)
            before = _resident()
            measures, taken, size = Measures(), [], 0
            for n in range(scrapes + 1):
                now = NOW + n * EVERY
                if n:
                    _poll(store, count, n, now)
                begun = time.process_time()
                size = _scrape(store, measures, place, now, each)
                taken.append((time.process_time() - begun) * 1000)
            memory = (_resident() - before) / 1024
    first, later = taken[0], taken[1:]
    figures_ = (f"{first:.0f}", f"{statistics.median(later):.0f}", f"{max(later):.0f}", f"{size:,}", f"{memory:.1f}")
    return (f"{count:,}", f"{each:,}", *figures_)


def _scrape(store: Store, measures: Measures, place: Path, now: datetime, each: int) -> int:
    with store.read() as tx:
        found, conditions = figures(tx), measures.lookout.look(tx, now=now)
    look = Look(
        now=now, storage=place, each=each, listeners=0, life=None, figures=found, conditions=conditions,
    )  # fmt: skip
    return len(measures.text(look))


def _fill(store: Store, count: int) -> None:
    rows = [_row(n) for n in range(count)]
    with store.write() as tx:
        for start in range(0, count, 500):
            tx.execute(insert(sources), with_seals(tx, sources, rows[start : start + 500]))


def _row(n: int) -> dict[str, object]:
    end = int(NOW.timestamp()) - n % 3600
    polled = NOW - INTERVAL * (n % 40 / 40)
    return {
        "key": SourceKey(f"source-{n:05}"),
        "name": f"Source {n}",
        "kind": "feed",
        "url": f"https://www.example.org/{n}",
        "family": f"f{n}",
        "lane": "primary",
        "language": "en",
        "homepage": "",
        "active": True,
        "first_seen_at": NOW - timedelta(days=60),
        "next_poll_at": NOW,
        "last_poll_at": polled,
        "last_change_at": polled,
        "last_outcome": "failed" if n % 100 == 0 else "unchanged",
        "last_reason": "HTTP 500",
        "failures": 5 if n % 100 == 0 else 0,
        "arrivals": [end - k * 21_600 - (k * n) % 7_000 for k in range(100)],
        "marks": [f"{n:032x}"] * 20,
        "answered_at": polled,
        "newest_at": polled,
        "clock_s": n % 3,
        "certificate_until": NOW + timedelta(days=n % 90),
    }


def _poll(store: Store, count: int, n: int, now: datetime) -> None:
    """The sources that are asked between two scrapes."""
    share = int(count * EVERY / INTERVAL)
    keys = [{"of": f"source-{(n * share + k) % count:05}", "at": now} for k in range(share)]
    asked = sources.update().where(sources.c.key == bindparam("of"))
    with store.write() as tx:
        tx.execute(asked.values(last_poll_at=bindparam("at"), answered_at=bindparam("at")), keys)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4


if __name__ == "__main__":
    main()
