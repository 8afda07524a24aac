"""Feeds parsed: time and entries of ours, feedparser and fastfeedparser, feed by feed, in one run.

    .venv/bin/python benchmarks/feeds.py FOLDER [--each]

fastfeedparser is measured where it is installed. Time is of the processor, and of the quickest of several rounds, in which the
parsers take turns. "No entries" counts feeds in which a parser found none and another did.
"""

from __future__ import annotations

import argparse
import importlib
import io
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import feedparser
from loopback import table

from aggregator.sources import parse_feed

URL = "https://feeds.example.org/feed"
ROUNDS = 5
FORMS = frozenset((".xml", ".json", ".atom", ".rss", ".rdf"))


def _ours(body: bytes) -> int:
    return len(parse_feed(body, url=URL))


def _feedparser(body: bytes) -> int:
    return len(feedparser.parse(io.BytesIO(body), response_headers={"content-location": URL}).entries)


def _parsers() -> dict[str, Callable[[bytes], int]]:
    parsers: dict[str, Callable[[bytes], int]] = {"aggregator": _ours, "feedparser": _feedparser}
    with suppress(ImportError):
        fast = importlib.import_module("fastfeedparser")
        parsers["fastfeedparser"] = lambda body: len(fast.parse(body)["entries"])
    return parsers


def measure(body: bytes, parsers: dict[str, Callable[[bytes], int]]) -> dict[str, tuple[float, int]]:
    """For each parser: milliseconds, and how many entries it found."""
    best = dict.fromkeys(parsers, (1e9, 0))
    for _ in range(ROUNDS):
        for name, parse in parsers.items():
            started = time.process_time()
            try:
                found = parse(body)
            except Exception:  # noqa: BLE001 - each parser has errors of its own: it found nothing
                found = 0
            best[name] = min(best[name], ((time.process_time() - started) * 1000, found))
    return best


def main() -> None:
    """Measure every feed of a folder."""
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("folder", type=Path)
    said.add_argument("--each", action="store_true", help="a line for each feed")
    asked = said.parse_args()
    parsers = _parsers()
    found = {}
    for path in sorted(asked.folder.iterdir()):
        if path.suffix in FORMS:
            found[path] = measure(path.read_bytes(), parsers)
    if asked.each:
        rows = [[path.name, *(f"{ms:.2f} ms, {count}" for ms, count in feed.values())] for path, feed in found.items()]
        print(table(["feed", *parsers], rows), "\n")
    size = sum(path.stat().st_size for path in found) / 1e6
    totals = {name: sum(feed[name][0] for feed in found.values()) for name in parsers}
    rows = []
    for name in parsers:
        entries = sum(feed[name][1] for feed in found.values())
        none = sum(1 for feed in found.values() if not feed[name][1] and any(count for _, count in feed.values()))
        ratios = sorted(feed["feedparser"][0] / max(feed[name][0], 1e-3) for feed in found.values())
        slowest, median = ratios[0], ratios[len(ratios) // 2]
        times = f"{totals['feedparser'] / totals[name]:.1f} ×"
        rows.append([name, f"{totals[name]:.0f}", times, f"{median:.1f} ×", f"{slowest:.1f} ×", str(entries), str(none)])
    head = [
        f"{len(found)} feeds, {size:.1f} MB",
        "ms",
        "as fast as feedparser",
        "median feed",
        "worst feed",
        "entries",
        "no entries",
    ]
    print(table(head, rows))


if __name__ == "__main__":
    main()
