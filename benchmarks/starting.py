"""How long the service takes until it is ready, in a store of 10,000 statements and in one of 1,000,000.

    .venv/bin/python benchmarks/starting.py [FOLDER ...] [--sizes 10000 1000000] [--rounds 5]

A FOLDER holds an `aggregator.sqlite` and the `feeds.toml` beside it, as `benchmarks/growth.py --folder` leaves them; it is
worked on as a store is: bring a copy. Without one, stores of the sizes are filled first. The real program is started, and heard
by the socket by which systemd hears it; nobody can be asked: all sources rest. The CPU seconds are what a busy machine leaves
as they are.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from growth import Bench
from loopback import table
from sqlalchemy import text

from aggregator.cli.output import set_up_logs
from aggregator.config import load_config
from aggregator.pipeline import sync
from aggregator.publish.notify import begin_recipients
from aggregator.service import open_for

WAIT = 120.0  # seconds until a start counts as none
PARTS = ("import", "configuration", "open", "sync", "ready", "ready, CPU s", "memory, MB")
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Fill what is to be filled, start the service some times in each store, and print the table."""
    parser = argparse.ArgumentParser(description="Does the start take longer in a larger store?")
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    set_up_logs(everything=False)
    with tempfile.TemporaryDirectory() as temporary:
        folders = asked.folders or [_filled(size, Path(temporary)) for size in asked.sizes]
        found = [_measured(folder.resolve(), asked.rounds) for folder in folders]
    headings = ("median, s", *(f"{count:,} statements" for count, _ in found))
    print(table(headings, [(part, *(f"{times[part]:.2f}" for _, times in found)) for part in PARTS]))


def _filled(size: int, temporary: Path) -> Path:
    bench = Bench(size, temporary, None)
    bench.store.close()
    return temporary / str(size)


def _measured(folder: Path, rounds: int) -> tuple[int, dict[str, float]]:
    """How many statements a store holds; and the median of each part of a start in it, the whole of it last."""
    feeds = _feeds(folder)
    config = load_config(feeds)
    with closing(open_for(config)) as store:
        sync(store, config, now=datetime.now(UTC))
        with store.write() as tx:
            tx.execute(text("UPDATE sources SET next_poll_at = '2999-01-01T00:00:00.000Z'"))
        with store.read() as tx:
            count = int(tx.execute(text("SELECT count(*) FROM statements")).scalar_one())
    each: dict[str, list[float]] = {part: [] for part in PARTS}
    for _ in range(rounds):
        for part, took in _start(feeds).items():
            each[part].append(took)
    return count, {part: statistics.median(took) for part, took in each.items()}


def _feeds(folder: Path) -> Path:
    """The folder's feeds.toml, which names the folder itself as its storage, and no place where the site is served."""
    given = (folder / "feeds.toml").read_text(encoding="utf-8")
    feeds = folder / "starting.toml"
    own = f'[service]\nstorage = "{folder}"\ncontact = "bench@example.org"\n\n[web]\nlisten = ""\n\n'
    feeds.write_text(own + given, encoding="utf-8")
    return feeds


def _start(feeds: Path) -> dict[str, float]:
    """The seconds of each part of one start: of what can be done alone the CPU's; of the whole, by the real program, both."""
    took, before = {}, os.times()
    # What begins the service, and then, in place of it, the service itself.
    for module in ("aggregator.cli.running", "aggregator.running.serving"):
        subprocess.run([sys.executable, "-c", f"import {module}"], check=True)  # noqa: S603 - our own modules
    after = os.times()
    took["import"] = after.children_user + after.children_system - before.children_user - before.children_system
    started = time.process_time()
    config = load_config(feeds)
    took["configuration"], started = time.process_time() - started, time.process_time()
    with closing(open_for(config)) as store:
        took["open"], started = time.process_time() - started, time.process_time()
        sync(store, config, now=datetime.now(UTC))
        begin_recipients(store, config)
        took["sync"] = time.process_time() - started
    return took | _until_ready([sys.executable, "-m", "aggregator", "run", "--config", str(feeds)])


def _until_ready(command: Sequence[str]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(f"{folder}/notify")
        heard.settimeout(WAIT)
        there = {**os.environ, "NOTIFY_SOCKET": f"{folder}/notify"}
        started = time.perf_counter()
        with subprocess.Popen(command, env=there, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own program
            try:
                while b"READY=1" not in heard.recv(4096):
                    continue
                ready = time.perf_counter() - started
                memory, cpu = _resident(process.pid), _cpu(process.pid)
            finally:
                process.send_signal(signal.SIGTERM)
    return {"ready": ready, "ready, CPU s": cpu, "memory, MB": memory}


def _cpu(pid: int) -> float:
    """The CPU seconds of a process, and of those that it started and that have ended; see proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
