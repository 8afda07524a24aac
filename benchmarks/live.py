"""How soon listeners hear of an update, and what they cost.

    .venv/bin/python benchmarks/live.py [--clients 500] [--updates 20]

Runs `aggregator serve` in a process of its own on a store with the demo's story, connects so many listeners to it, and stores
an update every half second beside it, each in a transaction of its own, as the running service does. The time of an update runs
from the end of that transaction until a listener has all of it. All clients share this process, whose own work counts as delay;
the processor's time and the memory are those of the server alone. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from loopback import table
from sqlalchemy import Connection

from aggregator.cli.output import set_up_logs
from aggregator.config import Config, load_config
from aggregator.demo.run import play
from aggregator.model import RevisionId, StatementId, StoryKey, Update, UpdateKind
from aggregator.service import open_for, utc_now
from aggregator.store import Store
from aggregator.store.browsing import Row, rows_of
from aggregator.store.ledger import Draft, append
from aggregator.store.pages import updates_of
from aggregator.store.reading import recent_statements

KEY = StoryKey("ukraine-2022")
PAUSE = 0.5  # seconds between two updates
QUIET = 5.0  # seconds in which nothing happens, and the listeners are held


@dataclass
class Heard:
    """When each update was stored, by its number, and how much later who heard of it."""

    stored: dict[int, float] = field(default_factory=dict)
    received: list[tuple[int, float]] = field(default_factory=list)
    missing: int = 0  # listeners
    all_there: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def delays(self) -> list[float]:
        """In milliseconds."""
        return sorted(1000 * (at - self.stored[number]) for number, at in self.received)


async def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="How soon do listeners hear of an update?")
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--updates", type=int, default=20)
    asked = parser.parse_args()
    set_up_logs(everything=False)
    with tempfile.TemporaryDirectory() as folder:
        storage = (await play(Path(folder) / "storage", advance=lambda *_: None)).database.parent
        rows = [await _measure(load_config(storage / "feeds.toml"), clients, asked.updates) for clients in (1, asked.clients)]
    headings = (
        "listeners", "updates", "events", "lost", "ms until heard, p50", "p99", "most",
        "server, ms of processor/update", "idle, % of a core", "resident MiB, before", "with them",
    )  # fmt: skip
    print(table(headings, rows))


async def _measure(config: Config, clients: int, updates: int) -> tuple[object, ...]:
    command = [sys.executable, "-m", "aggregator", "serve", "--config", str(config.path), "--listen", "127.0.0.1:0"]
    server = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert server.stderr is not None
    line = await server.stderr.readline()
    port = int(json.loads(line)["url"].rstrip("/").rpartition(":")[2])
    heard = Heard(missing=clients)
    try:
        return await _measured(config, server.pid, port, heard, updates)
    finally:
        server.send_signal(signal.SIGTERM)
        await server.wait()


async def _measured(config: Config, pid: int, port: int, heard: Heard, updates: int) -> tuple[object, ...]:
    async with asyncio.TaskGroup() as group:
        await _ask(port, f"/{KEY}.html")
        before, clients = _resident(pid), heard.missing
        tasks = [group.create_task(_listen(port, heard)) for _ in range(clients)]
        await asyncio.wait_for(heard.all_there.wait(), 60)
        busy = _busy_ms(pid)
        await asyncio.sleep(QUIET)
        idle = _busy_ms(pid) - busy
        with closing(open_for(config)) as store:
            busy = _busy_ms(pid)
            await _publish(store, heard, updates)
            busy = _busy_ms(pid) - busy
        most = _resident(pid)
        for task in tasks:
            task.cancel()
    delays = heard.delays
    return (
        clients, updates, len(delays), clients * updates - len(delays),
        *(f"{one:.0f}" for one in (statistics.median(delays), delays[int(len(delays) * 0.99)], delays[-1])),
        f"{busy / updates:.0f}", f"{idle / QUIET / 10:.1f}", f"{before:.1f}", f"{most:.1f}",
    )  # fmt: skip


async def _ask(port: int, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n".encode())
    assert b" 200 " in (await reader.read()).split(b"\r\n")[0]
    writer.close()


async def _listen(port: int, heard: Heard) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /events/{KEY} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n\r\n".encode())
    try:
        await reader.readuntil(b"event: state\n")
        heard.missing -= 1
        if not heard.missing:
            heard.all_there.set()
        while True:
            await reader.readuntil(b"event: update\ndata: ")
            told = json.loads(await reader.readuntil(b"\n"))
            heard.received.append((told["number"], time.monotonic()))
    finally:
        writer.close()


async def _publish(store: Store, heard: Heard, count: int) -> None:
    with store.read() as tx:
        told = updates_of(tx, KEY)
        untold = [one.id for one in recent_statements(tx, source=None, limit=1000)]
        drafts = [_draft(told[n % len(told)], row) for n, row in enumerate(_untold(tx, told, untold)[:count])]
    assert len(drafts) == count, "the demo has no more statements: take fewer updates"
    for draft in drafts:
        await asyncio.to_thread(_append, store, draft, heard)
        await asyncio.sleep(PAUSE)
    await asyncio.sleep(2)


def _untold(tx: Connection, told: list[Update], there: list[StatementId]) -> list[Row]:
    """A version of each statement that the story does not tell yet."""
    known = {update.statement for update in told}
    found = [
        rows_of(tx, "v2_revisions", by=("id",), where={"statement_id": one}, limit=1).rows for one in there if one not in known
    ]
    return [row for rows in found for row in rows]


def _draft(like: Update, row: Row) -> Draft:
    return Draft(
        story=KEY, kind=UpdateKind.ADDS, reason=like.reason, title=like.title, statement=StatementId(row["statement_id"]),
        revision=RevisionId(row["id"]), said_at=like.said_at, paragraphs=like.paragraphs, attributions=like.attributions,
    )  # fmt: skip


def _append(store: Store, draft: Draft, heard: Heard) -> None:
    with store.write() as tx:
        number = append(tx, draft, at=utc_now())
        heard.stored[number] = time.monotonic()  # for who hears of it before this thread goes on
    heard.stored[number] = time.monotonic()


def _busy_ms(pid: int) -> int:
    """Time of the processor, since the process began."""
    ticks = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) * 1000 // os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    """In MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024


if __name__ == "__main__":
    asyncio.run(main())
