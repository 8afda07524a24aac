"""Feeds a second, against lemon24/reader, the best-known Python feed reader: first poll, and unchanged (304) polls.

    .venv/bin/python benchmarks/against_reader.py [FOLDER OF FEEDS] [--at 2026-02-18T02:00Z]

Without a folder, the feeds are those of the demo's recording. What was said long before the poll is an archive to us, and held
against nothing: `--at` says when the feeds were recorded, so that what was new then is read as such.
The peer is installed into a temporary environment.
Both read the same feeds from the same local server and store everything in SQLite on the same disk.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import gzip
import json
import os
import statistics
import subprocess
import tempfile
import time
import venv
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from loopback import served, table

from aggregator.cli.output import set_up_logs
from aggregator.config import load_config
from aggregator.model import OutcomeKind, SourceKey
from aggregator.pipeline import Road, poll_source
from aggregator.service import open_for, poll_all, road

PEER = "reader==3.26"
ROUNDS = 5
WARMED_BY = "import time, nh3, aggregator.sources.feed, aggregator.sources.loose; time.sleep(0.5)"
DEMO = Path(__file__).parents[1] / "aggregator" / "demo" / "recorded" / "bodies"

WARM = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Warm</title><item><guid>urn:warm</guid><title>Warm</title>
<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate><description>Text</description></item></channel></rss>"""

PEER_SCRIPT = """
import json, sys, time
from reader import make_reader
store, workers, rounds, warm, *urls = sys.argv[1:]
reader = make_reader(store)
reader.add_feed(warm)
list(reader.update_feeds_iter())
for url in urls:
    reader.add_feed(url)
found = []
for _ in range(1 + int(rounds)):
    wall, cpu, bad = time.perf_counter(), time.process_time(), 0
    for result in reader.update_feeds_iter(workers=int(workers), scheduled=False):
        bad += isinstance(result.value, Exception)
    found.append((time.perf_counter() - wall, time.process_time() - cpu, bad))
print(json.dumps({"rounds": found, "entries": reader.get_entry_counts().total}))
"""


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="Compare with lemon24/reader.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--at", type=_moment, default=datetime.now(UTC), help="what our clock says at the start")
    asked = parser.parse_args()
    set_up_logs(everything=False)
    bodies = dict(_bodies(asked.folder or DEMO))
    megabytes = sum(map(len, bodies.values())) / 1e6
    print(f"{len(bodies)} feeds, {megabytes:.1f} MB, {os.cpu_count()} cores; {PEER}\n")
    hosts = [f"127.0.1.{n + 1}" for n in range(len(bodies) + 1)]  # each feed has a publisher of its own
    with tempfile.TemporaryDirectory() as folder, served({"/warm": WARM, **bodies}, hosts=hosts) as port:
        urls = [f"http://{host}:{port}{path}" for host, path in zip(hosts, ("/warm", *bodies), strict=True)]
        rows = [("reader, 1 worker", _peer(Path(folder), urls, 1)), ("reader, 4 workers", _peer(Path(folder), urls, 4))]
        rows.append(("aggregator", asyncio.run(_ours(Path(folder), urls, asked.at))))
    _show(rows, len(bodies))


def _bodies(folder: Path) -> Iterable[tuple[str, bytes]]:
    for path in sorted(folder.iterdir()):
        if path.suffix in (".xml", ".json", ".rss", ".atom"):
            yield f"/{path.name}", path.read_bytes()
        elif path.suffix == ".gz":
            yield f"/{path.stem}", gzip.decompress(path.read_bytes())


Rounds = dict[str, object]


def _peer(folder: Path, urls: list[str], workers: int) -> Rounds:
    python = folder / "peer" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "peer", with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PEER, "sgmllib3k"]
        subprocess.run(install, check=True)  # noqa: S603 - our own command
    command = [str(python), "-c", PEER_SCRIPT, str(folder / f"peer-{workers}.sqlite"), str(workers), str(ROUNDS), *urls]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    found: Rounds = json.loads(done.stdout)
    return found


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


async def _ours(folder: Path, urls: list[str], at: datetime) -> Rounds:
    ahead = at - datetime.now(UTC)
    tables = [
        f'[sources.s{n}]\nname = "S"\nurl = "{url}"\nfamily = "f{n}"\nallow = ["{urlsplit(url).hostname}"]\n'
        for n, url in enumerate(urls)
    ]
    file = folder / "feeds.toml"
    file.write_text("\n".join(tables), encoding="utf-8")
    config = load_config(file)
    store = open_for(config)
    try:
        async with road(config, store, clock=lambda: datetime.now(UTC) + ahead) as the_road:
            await _warm_up(the_road)
            rounds = [await _round(the_road) for _ in range(1 + ROUNDS)]
        with store.read() as tx:
            entries = tx.exec_driver_sql("SELECT count(*) FROM listings").scalar_one()
    finally:
        store.close()
    return {"rounds": rounds, "entries": entries}


async def _warm_up(the_road: Road) -> None:
    """As in a service that runs: the reading processes have started, and imported what feeds need; statements are compiled."""
    await asyncio.gather(*(the_road.sandbox.run(exec, WARMED_BY) for _ in range(8)))
    await poll_source(the_road, SourceKey("s0"))
    gc.freeze()


async def _round(the_road: Road) -> tuple[float, float, int]:
    keys = list(the_road.config.sources)[1:]  # the first one was for warming up
    wall, cpu, bad = time.perf_counter(), time.process_time(), 0
    async for report in poll_all(the_road, keys):
        bad += report.outcome.kind not in (OutcomeKind.CHANGED, OutcomeKind.UNCHANGED)
    return time.perf_counter() - wall, time.process_time() - cpu, bad


def _show(rows: list[tuple[str, Rounds]], feeds: int) -> None:
    first_of_peer = unchanged_of_peer = 0.0
    shown: list[tuple[object, ...]] = []
    for name, found in rows:
        rounds = found["rounds"]
        assert isinstance(rounds, list)
        (wall, _, bad), *later = rounds
        first, unchanged = feeds / wall, feeds / statistics.median(one[0] for one in later)
        cpu = statistics.median(one[1] for one in later) / feeds * 1000
        if name.startswith("reader"):
            first_of_peer, unchanged_of_peer = max(first, first_of_peer), max(unchanged, unchanged_of_peer)
        times = (f"{first / first_of_peer:.1f} ×", f"{unchanged / unchanged_of_peer:.1f} ×")
        shown.append((name, f"{first:.0f}", times[0], f"{unchanged:.0f}", times[1], f"{cpu:.2f}", found["entries"], bad))
    headings = ("", "first poll, feeds/s", "", "unchanged, feeds/s", "", "CPU ms per unchanged poll", "entries", "not read")
    print(table(headings, shown))


if __name__ == "__main__":
    main()
