"""Print how well copies, stories and edits are judged, beside plain methods, and fail where a figure fell.

    .venv/bin/python -m tests.quality [--data FOLDER] [--json] [--worst N] [--record]

Without `--data`, the sample of tests/data/quality is measured and held against `levels.json`; a file that a folder lacks is
left out. `--record` writes today's figures as the new levels; say in the commit why a level was lowered.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.stories import DuplicateIndex, StoryStream, edit_kind
from tests.quality.baselines import Shingles, SinglePass, counted_words
from tests.quality.measures import Figures, Row, copies_in_a_stream, copies_in_pairs, edits, stories_in_a_stream

SAMPLE = Path(__file__).parents[1] / "data" / "quality"
LEVELS = Path(__file__).with_name("levels.json")
LOW_IS_GOOD = frozenset({"traps joined", "false merges", "hushed", "cried"})
COUNTS = frozenset({"traps joined"})
SLACK = 0.0005  # a figure is written with three digits


@dataclass(frozen=True, slots=True)
class Set:
    """A file of examples, and how ours and a plain method are measured on it."""

    name: str
    file: str
    measure: Callable[[Any, list[Row]], Figures]
    ours: Any
    plain: Any
    plain_name: str


SETS = (
    Set("copies in a stream", "duplicates.jsonl", copies_in_a_stream, DuplicateIndex, Shingles, "shingles"),
    Set("copies in pairs", "pairs.jsonl", copies_in_pairs, DuplicateIndex, Shingles, "shingles"),
    Set("stories, official", "official.jsonl", stories_in_a_stream, StoryStream, SinglePass, "TF-IDF"),
    Set("stories, official", "clusters-official.jsonl", stories_in_a_stream, StoryStream, SinglePass, "TF-IDF"),
    Set("stories, news", "clusters-ecbplus.jsonl", stories_in_a_stream, StoryStream, SinglePass, "TF-IDF"),
    Set("stories, languages", "languages.jsonl", stories_in_a_stream, StoryStream, SinglePass, "TF-IDF"),
    Set("stories, languages", "clusters-languages.jsonl", stories_in_a_stream, StoryStream, SinglePass, "TF-IDF"),
    Set("edits", "revisions.jsonl", edits, edit_kind, counted_words, "word counts"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A set with the figures of ours and of the plain method."""

    of: Set
    records: int
    ours: Figures
    plain: Figures
    seconds: float  # that ours took


def main() -> int:
    """0, or 1 where a figure fell below its level."""
    parser = argparse.ArgumentParser(description="How well are copies, stories and edits judged?")
    parser.add_argument("--data", type=Path, default=SAMPLE, help="a folder of sets (default: the sample)")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="name N false joins and N misses of each set")
    parser.add_argument("--record", action="store_true", help="write the figures as the new levels")
    asked = parser.parse_args()
    found = list(measured(asked.data))
    if not found:
        print(f"{asked.data}: holds none of {', '.join(one.file for one in SETS)}", file=sys.stderr)
        return 2
    levels = json.loads(LEVELS.read_text("utf-8")) if asked.data == SAMPLE and LEVELS.exists() else {}
    print(as_json(found) if asked.json else as_table(found, levels))
    for one in found if asked.worst else ():
        print(worst(one, asked.worst))
    if asked.record:
        LEVELS.write_text(as_json(found) + "\n", encoding="utf-8")
        return 0
    fallen = list(below(found, levels))
    for line in fallen:
        print(line, file=sys.stderr)
    return 1 if fallen else 0


def measured(folder: Path) -> Iterator[Measured]:
    """Every set whose file is in the folder. Raises ValueError for a line that is not JSON."""
    for one in SETS:
        path = folder / one.file
        if not path.exists():
            continue
        print(f"measuring {one.name} …", file=sys.stderr)
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        started = time.perf_counter()
        ours = one.measure(one.ours, rows)
        seconds = time.perf_counter() - started
        yield Measured(one, len(rows), ours, one.measure(one.plain, rows), seconds)


def below(found: Sequence[Measured], levels: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """A line for each figure that is worse than its level, or that has no level any more."""
    there = {one.of.name: one.ours.figures for one in found}
    for name, figures in levels.items():
        for figure, level in figures.items():
            now = there.get(name, {}).get(figure)
            if now is None:
                yield f"{name}: {figure} was not measured; its level is {_shown(figure, level)}"
            elif (now - level if figure in LOW_IS_GOOD else level - now) > SLACK:
                yield f"{name}: {figure} is {_shown(figure, now)}, and was {_shown(figure, level)}"


def as_table(found: Sequence[Measured], levels: Mapping[str, Mapping[str, float]]) -> str:
    """A Markdown table."""
    lines = ["| set | records | figure | ours | level | plain method | |", "| --- | ---: | --- | ---: | ---: | ---: | --- |"]
    for one in found:
        for figure, now in one.ours.figures.items():
            level = levels.get(one.of.name, {}).get(figure)
            cells = (
                _shown(figure, now),
                "" if level is None else _shown(figure, level),
                _shown(figure, one.plain.figures[figure]),
            )
            lines.append(f"| {one.of.name} | {one.records} | {figure} | {' | '.join(cells)} | {one.of.plain_name} |")
    return "\n".join(lines)


def as_json(found: Sequence[Measured]) -> str:
    """Our figures by set and name."""
    return json.dumps({one.of.name: {k: round(v, 4) for k, v in one.ours.figures.items()} for one in found}, indent=1)


def worst(one: Measured, most: int) -> str:
    """What was judged wrongly, by its keys."""
    lines = [f"\n{one.of.name}: {len(one.ours.false)} wrongly joined, {len(one.ours.missed)} missed"]
    lines += [f"  joined: {a} and {b}" for a, b in one.ours.false[:most]]
    lines += [f"  missed: {a} and {b}" for a, b in one.ours.missed[:most]]
    return "\n".join(lines)


def _shown(figure: str, value: float) -> str:
    return str(int(value)) if figure in COUNTS else f"{100 * value:.1f} %"


if __name__ == "__main__":
    sys.exit(main())
