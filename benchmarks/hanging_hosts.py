"""1,000 hosts of which 200 take every question and never answer: are the others asked on time?

    .venv/bin/python benchmarks/hanging_hosts.py [--seconds 60]

Runs the real service against a local server with 1,000 loopback addresses and prints how late the questions to the good hosts
were sent, counted from the moment at which they were due.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from loopback import served, table

from aggregator.cli.output import set_up_logs
from aggregator.config import load_config
from aggregator.service import Service, open_for, road
from aggregator.store import Store

HOSTS, HANGING = 1_000, 200
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>F</title><item><guid>urn:1</guid><title>One</title>
<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate><description>Text</description></item></channel></rss>"""


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="How late are polls beside hosts that hang?")
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    set_up_logs(everything=False)
    hosts = [f"127.0.{n // 250 + 1}.{n % 250 + 1}" for n in range(HOSTS)]
    hang = frozenset(hosts[:: HOSTS // HANGING])
    rows = []
    with served({"/feed": FEED}, hosts=hosts, hang=hang) as port:
        for hanging in (False, True):
            chosen = [host for host in hosts if hanging or host not in hang]
            with tempfile.TemporaryDirectory() as folder:
                rows.append(asyncio.run(_run(Path(folder), chosen, hang, port, asked.seconds)))
    headings = ("hosts", "of them hang", "polls of good hosts", "each", "late: median s", "95 % s", "worst s", "missed a round")
    print(table(headings, rows))


async def _run(folder: Path, hosts: list[str], hang: frozenset[str], port: int, seconds: float) -> tuple[object, ...]:
    file = folder / "feeds.toml"
    head = '[service]\nmin_interval = "10s"\ninterval = "10s"\nmax_interval = "10s"\n'
    tables = [
        f'[sources.h{n}]\nname = "H"\nurl = "http://{host}:{port}/feed"\nfamily = "f{n}"\nallow = ["{host}"]\n'
        for n, host in enumerate(hosts)
    ]
    file.write_text(head + "\n".join(tables), encoding="utf-8")
    config = load_config(file)
    store = open_for(config)
    started = datetime.now(UTC)
    try:
        async with road(config, store, clock=lambda: datetime.now(UTC)) as the_road:
            service = Service(the_road)
            asyncio.get_running_loop().call_later(seconds, service.stop)
            await service.run()
        return _late(store, started, hosts, hang)
    finally:
        store.close()


def _late(store: Store, started: datetime, hosts: list[str], hang: frozenset[str]) -> tuple[object, ...]:
    """How long after its due time each question was sent: due is 10 to 11 s after the one before, the first at the start."""
    with store.read() as tx:
        rows = tx.exec_driver_sql("SELECT url, at FROM exchanges WHERE url NOT LIKE '%robots.txt' ORDER BY url, at").all()
    good: dict[str, list[datetime]] = {}
    for url, at in rows:
        host = url.split("/")[2].partition(":")[0]
        if host not in hang:
            good.setdefault(host, []).append(datetime.fromisoformat(at))
    late, missed = [], 0
    for moments in good.values():
        gaps = [(b - a).total_seconds() - 11 for a, b in pairwise(moments)]
        late += [max(0.0, (moments[0] - started).total_seconds()), *(max(0.0, gap) for gap in gaps)]
        missed += sum(gap > 10 for gap in gaps)
    late.sort()
    polls = sum(map(len, good.values()))
    return (
        len(hosts),
        sum(host in hang for host in hosts),
        polls,
        f"{polls / max(1, len(good)):.1f}",
        f"{statistics.median(late):.2f}",
        f"{late[int(len(late) * 0.95)]:.2f}",
        f"{late[-1]:.2f}",
        missed,
    )


if __name__ == "__main__":
    main()
