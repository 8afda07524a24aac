"""Seven simulated days with 300 sources that do all that real ones do: was everything found, and nothing invented?

    .venv/bin/python -m benchmarks.week [--days 7] [--sources 300] [--seed 1] [--begin 2026-12-28] [--loopback]

The service is the real one, from its tick to the site that it writes; the clock that it is handed is the world's, which goes
on five minutes at a time, each time when all that was begun has ended. The world stands in place of the network, behind the
client (`--loopback`: it is servers on addresses of this machine). Before the first day comes a prologue of nine, in which a few
sources are followed whose rhythm must be known before anyone can call them silent; then feeds.toml changes under the running
service. SIGTERM ends the world early: what was lived through is judged.

Prints what each day cost, and of each kind of event how many were planted, found, missed and invented. Ends with 1 where
anything was missed or invented, a poll did not balance, the record could not be verified, or memory or the time of a poll grew.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from datetime import datetime
from pathlib import Path

from aggregator.running import MEMORY
from aggregator.store import open_store
from aggregator.store.verifying.whole import verify
from benchmarks.world.judging import Row, judge_items
from benchmarks.world.judging_sources import judge_sources
from benchmarks.world.living import STEP, Life
from benchmarks.world.loopback import Addresses, served
from benchmarks.world.planning import plan
from benchmarks.world.record import Record, read_record
from benchmarks.world.script import DAY, Script, Source, Trouble
from benchmarks.world.serving import World
from benchmarks.world.telling import days_table, kinds_table, slope, wrong

FLAT_MIB = 4.0  # that memory may grow in a day, after the first two
FLAT_POLL = 1.35  # how much longer a poll may take on the last day than on the second
OWN_ERRORS = (
    "poll_broke",
    "tick_failed",
    "job_failed",
    "refill_failed",
    "telling_broke",
    "withdrawing_broke",
    "store_unusable",
)


def main() -> int:
    """Live, judge, print; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description="Does the service miss or invent anything in a week of real life?")
    parser.add_argument("--days", type=float, default=7)
    parser.add_argument("--sources", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--begin", type=datetime.fromisoformat, default=datetime.fromisoformat("2026-12-28"))
    parser.add_argument("--loopback", action="store_true", help="ask real servers on addresses of this machine")
    parser.add_argument("--no-prologue", action="store_true", help="learn no rhythm before the first day")
    parser.add_argument("--keep", type=Path, help="a new folder for the store, which is kept")
    asked = parser.parse_args()
    script = plan(seed=asked.seed, begin=asked.begin, days=asked.days, count=asked.sources, prologue=not asked.no_prologue)
    place = nullcontext(str(asked.keep)) if asked.keep else tempfile.TemporaryDirectory()
    with place as folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        life, rows = campaign(
            Path(folder), script, loopback=asked.loopback, tell=lambda line: print(line, file=sys.stderr, flush=True)
        )
    print(days_table(life.days), "\n")
    print(kinds_table(rows), "\n")
    print(wrong(rows))
    print(*life.errors, sep="\n")
    grown = growth(life)
    print(
        f"memory grew by {grown[0]:.2f} MiB a day after the second; a poll of the last day took {grown[1]:.2f} × the second's"
    )
    bad = any(row.missed or row.invented for row in rows)
    return int(bad or (len(life.days) > 3 and (grown[0] > FLAT_MIB or grown[1] > FLAT_POLL)))


def campaign(
    folder: Path, script: Script, *, loopback: bool = False, step: float = STEP, tell: Callable[[str], None] = lambda _: None
) -> tuple[Life, Sequence[Row]]:
    """Live through a world, and judge what was made of it."""
    addresses = Addresses(script)
    base = addresses.base if loopback else _base
    gone_after = "24h" if script.end - script.begin > 2 * DAY else "4h"
    life = Life(folder, script, script.prologue, gone_after, step=step, tell=tell)
    world = World(script, lambda: life.moment, base)
    with served(world, addresses) if loopback else nullcontext():
        database = asyncio.run(life.live(world, base=base, local=loopback))
    record = read_record(database, script)
    rows = [*judge_items(script, record), *judge_sources(script, record, life.alarms), *_whole(script, world, life, record)]
    rows.append(_verified(database))
    return life, rows


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _base(source: Source) -> str:
    return f"https://{(source.sister_of or source).key}.world.example"


def _whole(script: Script, world: World, life: Life, record: Record) -> list[Row]:
    """What concerns no single source."""
    network, polite = Row("outages of the whole network: blamed, and over"), Row("asked while told to wait")
    for _ in [one for one in script.outages if one[1] + 1800 < script.end]:
        network.planted += 1
    network.found = min(life.events["network_down"], life.events["network_up"])
    network.missed += ["it was not noticed, or not its end"] * max(0, network.planted - network.found)
    network.invented += ["it was there"] * max(0, life.events["network_down"] - network.planted)
    polite.planted = polite.found = sum(
        one.kind in (Trouble.TOO_MANY, Trouble.BUSY) for source in script.sources for one in source.spells
    )
    polite.invented += ["a question came too soon"] * world.too_soon
    balance = Row("polls that balance", planted=life.events["polled"])
    balance.found = balance.planted - record.unbalanced
    balance.missed += ["a poll does not balance"] * record.unbalanced
    own = Row("errors of our own")
    own.invented += [f"{name}: {life.events[name]} times" for name in OWN_ERRORS if life.events[name]]
    stale = Row("stale copies that were handed out: no harm", planted=world.stale, found=world.stale)
    walls = Row("walls that were handed out: kept out", planted=world.walls, found=world.walls)
    return [network, polite, balance, stale, walls, own]


def _verified(database: Path) -> Row:
    row = Row("rows that `aggregator verify` proves")
    with closing(open_store(f"sqlite:///{database}", snapshots=database.parent / "snapshots", create=False)) as store:
        report = verify(store)
    row.planted = row.found = sum(report.counts.values())
    row.missed += [one.line for one in report.findings]
    return row


def growth(life: Life) -> tuple[float, float]:
    """MiB that memory grew in a day, and how much longer a poll took at the end; without the first two days, and the first."""
    rss = [one.rss / 1024 for one in life.days[2:]]
    polls = [one.median for one in life.days[1:]]
    return slope(rss), polls[-1] / polls[0] if polls and polls[0] else 1.0


if __name__ == "__main__":
    if not MEMORY.items() <= os.environ.items():  # begun anew with the memory that `aggregator run` has
        again = [sys.executable, "-m", "benchmarks.week", *sys.argv[1:]]
        os.execve(sys.executable, again, os.environ | MEMORY)  # noqa: S606 - our own program
    sys.exit(main())
