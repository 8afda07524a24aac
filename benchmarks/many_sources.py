"""How much memory the service takes while it polls 10,000 sources.

    .venv/bin/python benchmarks/many_sources.py [--sources 10000] [--seconds 120] [--asked]

Runs the real service, in a process of its own, against a local server with 1,000 loopback addresses, and reads from /proc every
half second what it and its reading processes hold: the whole resident set of the service, and of all of them the PSS, in which
what several share is divided among them. From its first moment on, so what it takes to read the configuration counts. The time
of the processor tells how much of it a poll takes, also on a machine that is busy. With `--asked`, somebody asks its site for a
page, its health, its metrics and the API all along: that starts the server of the site and what checks questions. Linux only.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

from loopback import served, table

HOSTS = 1_000
MIB = 1024
PAGES = ("/", "/healthz", "/metrics", "/api/v1/stories", "/api/v1/changes?limit=5")  # what `--asked` asks for, in turn


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="How much memory do many sources take?")
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--asked", action="store_true", help="ask the service's site all along")
    asked = parser.parse_args()
    hosts = [f"127.0.{n // 250 + 1}.{n % 250 + 1}" for n in range(HOSTS)]
    bodies = {f"/feed{n}": _feed(n) for n in range(asked.sources)}
    with served(bodies, hosts=hosts) as port, tempfile.TemporaryDirectory() as folder:
        row = _measure(Path(folder), hosts, port, asked.sources, asked.seconds, site=_free_port() if asked.asked else None)
    headings = (
        "sources",
        "polls",
        "of them unchanged",
        "polls/s",
        "ms of processor/poll",
        "service, resident MiB, most",
        "service, PSS MiB, most",
        "reading processes, PSS MiB, most",
        "together, PSS MiB, most",
        "answers of the site",
    )
    print(table(headings, [row]))


def _feed(n: int) -> bytes:
    items = "".join(
        f"<item><guid>urn:{n}:{k}</guid><title>Statement {k} of {n}</title>"
        f"<pubDate>Mon, 23 Nov 2026 {k:02}:00:00 GMT</pubDate>"
        f"<description>{f'What {n} said about it, in part {k}. ' * 10}</description></item>"
        for k in range(20)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{items}</channel></rss>'.encode()


def _measure(folder: Path, hosts: list[str], port: int, count: int, seconds: float, *, site: int | None) -> tuple[object, ...]:
    file = folder / "feeds.toml"
    head = '[service]\ngap = "1s"\nmin_interval = "20s"\ninterval = "30s"\nmax_interval = "30s"\n'
    head += f'[web]\nlisten = "{f"127.0.0.1:{site}" if site else ""}"\n'
    tables = [
        f'[sources.s{n}]\nname = "S"\nurl = "http://{hosts[n % HOSTS]}:{port}/feed{n}"\nfamily = "f{n}"\n'
        f'allow = ["{hosts[n % HOSTS]}"]\n'
        for n in range(count)
    ]
    file.write_text(head + "\n".join(tables), encoding="utf-8")
    command = [sys.executable, "-m", "aggregator", "run", "--config", str(file)]
    with (folder / "log").open("wb") as log:
        service = subprocess.Popen(command, stderr=log, stdout=log)  # noqa: S603 - our own program
    resident = own = reading = both = busy = answered = 0
    ends, looks = time.monotonic() + seconds, 0
    try:
        while time.monotonic() < ends and service.poll() is None:
            time.sleep(0.5)
            looks += 1
            if site:
                answered += _answers(f"http://127.0.0.1:{site}{PAGES[looks % len(PAGES)]}")
            children = _children(service.pid)
            one, others = _held(service.pid, "Pss:"), sum(_held(child, "Pss:") for child in children)
            own, reading, both = max(own, one), max(reading, others), max(both, one + others)
            resident = max(resident, _held(service.pid, "Rss:"))
            busy = max(busy, sum(map(_busy_ms, [service.pid, *children])))
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(30)
    with closing(sqlite3.connect(folder / "storage" / "aggregator.sqlite")) as store:
        polls, same = store.execute("SELECT count(*), sum(outcome = 'unchanged') FROM polls").fetchone()
        lasted = "SELECT 86400 * (julianday(max(at)) - julianday(min(at))) FROM polls"
        took = max(1.0, *store.execute(lasted).fetchone())
    pace = f"{polls / took:.0f}", f"{busy / max(1, polls):.1f}"
    return count, polls, same, *pace, *(kib // MIB for kib in (resident, own, reading, both)), answered


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def _answers(address: str) -> bool:
    """Whether the site answers; not where it has yet to begin, or is not well."""
    with suppress(OSError), urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - the service's own site
        return bool(answer.read())
    return False


def _busy_ms(pid: int) -> int:
    """Time of the processor, since the process began; 0 where it is gone."""
    try:
        ticks = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    except OSError:
        return 0
    return sum(map(int, ticks)) * 1000 // os.sysconf("SC_CLK_TCK")


def _held(pid: int, what: str) -> int:
    """In KiB; 0 where the process is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except (OSError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(what)), 0)


def _children(pid: int) -> list[int]:
    """Every descendant."""
    found = []
    for folder in os.scandir("/proc"):
        if folder.name.isdigit():
            try:
                parent = int(Path(folder.path, "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if parent == pid:
                found += [int(folder.name), *_children(int(folder.name))]
    return found


if __name__ == "__main__":
    main()
