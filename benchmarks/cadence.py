"""How soon new statements are seen, and for how many polls: the learnt cadence against fixed intervals, on recorded poll logs.

    .venv/bin/python benchmarks/cadence.py LOG.jsonl …

A log has one line per recorded poll: `seen_at`, and `added` with `guid` and `pubDate` of each item that was new. An item
appears at its pubDate where that lies between the recorded poll before and this one, else at this poll; the listing holds the
newest ten. The recorder kept a poll only when something had changed: a gap of days is silence, one of more than a week a
recorder that stood still. Such a gap is shortened by whole weeks, so that hours and weekdays stay in their places. Where in the
hour the first poll falls decides how well a fixed interval meets statements of the full hour: each row sums three beginnings.
"""

from __future__ import annotations

import argparse
import json
import statistics
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from loopback import table

from aggregator.fetch.cadence import Bounds, History, next_poll

LISTED = 10  # entries in both feeds
WEEK = timedelta(days=7)
BEGINNINGS = [timedelta(seconds=seconds) for seconds in (0, 217, 431)]
HEADINGS = ("log", "cadence", "polls a day", "median delay, min", "95 %, min", "mean, min", "missed of all")

Step = Callable[[datetime, History], datetime]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="Replay recorded poll logs.")
    parser.add_argument("logs", type=Path, nargs="+")
    rows: list[tuple[object, ...]] = []
    for log in parser.parse_args().logs:
        appeared = load(log)
        learnt_runs = average(appeared, learnt(10))
        rows.append((log.stem, "learnt, interval 10 min", *learnt_runs.cells()))
        same = 1440 / learnt_runs.a_day
        rows.append((log.stem, f"every {same:.1f} min: as many polls", *average(appeared, fixed(same)).cells()))
        rows += [(log.stem, f"every {minutes} min", *average(appeared, fixed(minutes)).cells()) for minutes in (10, 30, 60)]
        rows.append((log.stem, "learnt, interval 30 min", *average(appeared, learnt(30)).cells()))
    print(table(HEADINGS, rows))


def load(log: Path) -> list[datetime]:
    """When each item appeared, in order."""
    items: set[str] = set()
    appeared: list[datetime] = []
    before: datetime | None = None
    shift = timedelta()
    for line in log.read_text(encoding="utf-8").splitlines():
        poll = json.loads(line)
        seen = datetime.fromisoformat(poll["seen_at"])
        if before is not None and seen - before > WEEK:
            shift += (seen - before) // WEEK * WEEK
            before = seen
        for one in poll["added"]:
            if before is not None and one["guid"] not in items:
                at = parsedate_to_datetime(one["pubDate"]).astimezone(UTC)
                appeared.append((at if before < at <= seen else seen) - shift)
            items.add(one["guid"])
        before = seen
    return sorted(appeared)


def fixed(minutes: float) -> Step:
    """The same interval always."""
    return lambda now, _history: now + timedelta(minutes=minutes)


def learnt(minutes: int) -> Step:
    """The service's own, with this interval."""
    bounds = Bounds(interval=timedelta(minutes=minutes), min_interval=timedelta(minutes=2), max_interval=timedelta(days=1))
    return lambda now, history: next_poll(now=now, key="source", bounds=bounds, history=history).at


@dataclass(slots=True)
class Run:
    """What polling came to."""

    days: float = 0
    polls: int = 0
    missed: int = 0
    delays: list[float] = field(default_factory=list)  # minutes, of those that were seen

    @property
    def a_day(self) -> float:
        return self.polls / self.days

    def cells(self) -> tuple[str, ...]:
        """The columns of the table."""
        late = sorted(self.delays)
        middle, most, mean = statistics.median(late), late[int(len(late) * 0.95)], statistics.fmean(late)
        return f"{self.a_day:.0f}", f"{middle:.1f}", f"{most:.1f}", f"{mean:.1f}", f"{self.missed} of {len(late) + self.missed}"


def average(appeared: list[datetime], step: Step) -> Run:
    """Several beginnings, added up."""
    total = Run()
    for offset in BEGINNINGS:
        poll_all(appeared, step, appeared[0] + offset, total)
    return total


def poll_all(appeared: list[datetime], step: Step, begin: datetime, run: Run) -> None:
    """Poll from `begin` until two hours after the last item."""
    now, end = begin, appeared[-1] + timedelta(hours=2)
    known = bisect_right(appeared, now)
    arrivals: list[int] = []
    while now <= end:
        there = bisect_right(appeared, now)
        new = appeared[known:there]
        listing = appeared[max(0, there - LISTED) : there]
        run.polls += 1
        run.missed += max(0, len(new) - LISTED)
        run.delays += [(now - at).total_seconds() / 60 for at in new[-LISTED:]]
        fresh = min(len(new), LISTED)
        arrivals = ([int(now.timestamp())] * fresh + arrivals)[:100]
        known = there
        now = step(now, History(arrivals=arrivals, window=listing[-1] - listing[0], listed=LISTED, fresh=fresh))
    run.days += (end - begin) / timedelta(days=1)


if __name__ == "__main__":
    main()
