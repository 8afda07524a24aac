"""How soon new statements are seen, and for how many polls: the learnt cadence against fixed intervals, on recorded poll logs.

    .venv/bin/python benchmarks/cadence.py LOG.jsonl …

A log has one line per recorded poll: `seen_at`, and `added` with `guid` and `pubDate` of each item that was new. An item
appears at its pubDate where that lies between the recorded poll before and this one, else at this poll; the listing holds the
newest ten.
"""

from __future__ import annotations

import argparse
import json
import statistics
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from loopback import table

from aggregator.fetch.cadence import Bounds, History, next_poll

WINDOW = 10  # entries
LONGEST_GAP = timedelta(hours=12)  # between two recorded polls: in a longer one nothing is known, and it is left out
BOUNDS = Bounds(interval=timedelta(minutes=10), min_interval=timedelta(minutes=2), max_interval=timedelta(days=1))

Step = Callable[[datetime, History], datetime]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="Replay recorded poll logs.")
    parser.add_argument("logs", type=Path, nargs="+")
    rows: list[tuple[object, ...]] = []
    for log in parser.parse_args().logs:
        appeared = load(log)
        for name, step in STEPS.items():
            rows.append((log.stem, name, *simulate(appeared, step)))
    print(table(("log", "cadence", "polls a day", "median delay, min", "95 %, min", "missed"), rows))


def load(log: Path) -> list[datetime]:
    """When each item appeared, in order; times without a record are taken out."""
    items: set[str] = set()
    appeared, before, shift = [], None, timedelta()
    for line in log.read_text(encoding="utf-8").splitlines():
        poll = json.loads(line)
        seen = datetime.fromisoformat(poll["seen_at"])
        if before is not None and seen - before > LONGEST_GAP:
            shift += seen - before - LONGEST_GAP
            before = seen - LONGEST_GAP
        for one in poll["added"]:
            if before is not None and one["guid"] not in items:
                at = parsedate_to_datetime(one["pubDate"]).astimezone(UTC)
                appeared.append((at if before < at <= seen else seen) - shift)
            items.add(one["guid"])
        before = seen
    return sorted(appeared)


def fixed(minutes: int) -> Step:
    """The same interval always."""
    return lambda now, _history: now + timedelta(minutes=minutes)


def learnt(now: datetime, history: History) -> datetime:
    """The service's own."""
    return next_poll(now=now, key="source", bounds=BOUNDS, history=history).at


STEPS: dict[str, Step] = {"learnt": learnt, "every 10 min": fixed(10), "every 30 min": fixed(30), "every 60 min": fixed(60)}


def simulate(appeared: list[datetime], step: Step) -> tuple[object, ...]:
    """Poll from the first item to the last one."""
    now, end = appeared[0], appeared[-1] + timedelta(hours=2)
    known, missed, polls = 1, 0, 0
    delays: list[float] = []
    arrivals: list[int] = []
    fresh, listed_window = 0, timedelta()
    while now <= end:
        polls += 1
        there = bisect_right(appeared, now)
        new = appeared[known:there]
        missed += max(0, len(new) - WINDOW)
        delays += [(now - at).total_seconds() / 60 for at in new[-WINDOW:]]
        if new:
            fresh, listed_window = min(len(new), WINDOW), appeared[there - 1] - appeared[max(0, there - WINDOW)]
            arrivals = ([int(now.timestamp())] * fresh + arrivals)[:100]
        known = there
        history = History(arrivals=arrivals, window=listed_window, listed=WINDOW, fresh=fresh)
        now = step(now, history)
    days = (end - appeared[0]) / timedelta(days=1)
    late = sorted(delays)
    return f"{polls / days:.0f}", f"{statistics.median(late):.1f}", f"{late[int(len(late) * 0.95)]:.1f}", missed


if __name__ == "__main__":
    main()
