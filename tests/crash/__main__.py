"""`python -m tests.crash`: a campaign by hand, with as many kills as there is patience for."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.campaign import Campaign, Report


def main() -> int:
    """Run a campaign; returns 0 where everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=500, help="how many runs are killed (500)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed chooses the same points (1)")
    parser.add_argument("--database", help="postgresql+psycopg://USER:PASSWORD@HOST/NAME, an empty one; else SQLite")
    given = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        campaign = Campaign(Path(folder), seed=given.seed, database=given.database)
        report = campaign.go(given.kills, told=lambda kills: print(f"{kills} kills", end="\r", file=sys.stderr, flush=True))
    print(as_table(report))
    print(f"{time.monotonic() - started:.0f} s")
    return 1 if report.wrong else 0


def as_table(report: Report) -> str:
    """The kills by command and point, and what was found."""
    lines = [f"{command:5} {point:10} {count:5}" for (command, point), count in sorted(report.kills.items())]
    lines += [
        f"{report.kills.total()} kills in {report.runs} runs, {report.undisturbed} came to their end; {report.steps} steps",
        f"{report.statements} statements, {report.updates} updates, {report.changes} changes; {report.looks} looks at them",
        f"{report.leftovers} unfinished files left behind, {report.told_again} messages of a webhook came again under their id",
        *report.wrong,
        "everything held" if not report.wrong else f"{len(report.wrong)} things did not hold",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
