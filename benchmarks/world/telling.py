"""The figures of a campaign as tables of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.world.judging import Row

MOST = 12  # examples of what went wrong that are printed


@dataclass(frozen=True, slots=True)
class Day:
    """What one simulated day cost."""

    name: str
    polls: int
    requests: int
    statements: int
    updates: int
    rss: int  # KiB of the service with the world in it, at the end of the day
    reading: int  # KiB, of the reading processes together, the share of each page (PSS)
    ms: float  # of the processor for one poll, reading, storing, telling and the site with it, without the world's part
    median: float  # ms on the wall for one poll, over the ticks of the day
    world: float  # seconds of the processor that the world's answers took
    took: float  # seconds on the wall


def days_table(days: Sequence[Day]) -> str:
    """One line for each day."""
    heads = (
        "day", "polls", "requests", "statements", "updates", "RSS MiB", "readers MiB", "CPU ms/poll", "median ms/poll",
        "world s", "wall s",
    )  # fmt: skip
    rows = [
        (
            one.name, one.polls, one.requests, one.statements, one.updates, f"{one.rss / 1024:.1f}",
            f"{one.reading / 1024:.0f}", f"{one.ms:.2f}", f"{one.median:.2f}", f"{one.world:.1f}", f"{one.took:.0f}",
        )
        for one in days
    ]  # fmt: skip
    return table(heads, rows)


def kinds_table(rows: Sequence[Row]) -> str:
    """One line for each kind of event."""
    shown = [(row.kind, row.planted, row.found, len(row.missed), len(row.invented)) for row in rows]
    return table(("kind of event", "planted", "found", "missed", "invented"), shown)


def wrong(rows: Sequence[Row]) -> str:
    """What was missed or invented, some of each."""
    lines = []
    for row in rows:
        for name, found in (("missed", row.missed), ("invented", row.invented)):
            lines += [f"{row.kind}: {name}: {one}" for one in found[:MOST]]
            lines += [f"{row.kind}: {name}: and {len(found) - MOST} more"] if len(found) > MOST else []
    return "\n".join(lines)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---" for _ in headings], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def slope(values: Sequence[float]) -> float:
    """How much is added from one value to the next, by least squares; 0 for fewer than two."""
    count = len(values)
    if count < 2:
        return 0.0
    middle, mean = (count - 1) / 2, sum(values) / count
    above = sum((n - middle) * (value - mean) for n, value in enumerate(values))
    return above / sum((n - middle) ** 2 for n in range(count))
