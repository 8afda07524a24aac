"""How many feeds a second one and two workers poll, and how often each asks the database: `python benchmarks/workers.py`.

A private PostgreSQL, a leader that hands everything out, and some workers. Two rounds are timed, from the first to the last
stored poll: the first polls, each of which brings a new statement, and one in which no feed has anything new. The feeds lie on
a server in a process of its own that waits `--latency` before each answer, as servers on the internet do. Its processor time is
shown: while it is far below one core, it is not what is measured. Each worker has as many polls under way as `--concurrency`
says, so that with that latency one worker can do `concurrency / latency` a second at most; what it really does is shown beside
that, with the processor time of each part, which says more where the machine has other work to do. With `--ways`, a wire
between workers and database counts the ways there and back; it takes processor time of its own, so those rates are not to be
compared with others.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from aggregator.store import Store, open_store
from tests.postgresql import cluster, programs
from tests.shared.wire import Wire, wire

ROOT = Path(__file__).parents[1]
BODY = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><item><title>Talks</title>'
    b'<guid isPermaLink="false">g%d</guid><link>https://example.org/%d</link><pubDate>Thu, 14 Aug 2025 11:00:00 GMT</pubDate>'
    b"<description>Talks go on.</description></item></channel></rss>"
)
HEAD = b"HTTP/1.1 200 OK\r\netag: %b\r\ncontent-type: application/rss+xml\r\ncontent-length: %d\r\n\r\n"
MINUTE = 60.0
LOOKS_EVERY = 0.25  # seconds; at how many polls are stored
OURS = {**os.environ, "PYTHONPATH": str(ROOT)}


def serve(latency: float, told: int) -> None:
    """Answer every path with a feed of its own, or with 304, after `latency` seconds. Tells its port through a pipe."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            number = int(head.split(b" ", 2)[1].lstrip(b"/") or b"0") if not head.startswith(b"GET /robots") else 0
            tag = b'"%d"' % number
            await asyncio.sleep(latency)
            if tag in head:
                writer.write(b"HTTP/1.1 304 Not Modified\r\netag: %b\r\n\r\n" % tag)
                continue
            body = BODY % (number, number)
            writer.write(HEAD % (tag, len(body)) + body)

    async def quiet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(quiet, "127.0.0.1", 0, backlog=1024)
        os.write(told, b"%d\n" % server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    asyncio.run(main())


@contextmanager
def served(latency: float) -> Iterator[tuple[int, int]]:
    """The server's port and process."""
    reading, writing = os.pipe()
    code = f"import benchmarks.workers as w; w.serve({latency}, {writing})"
    process = subprocess.Popen([sys.executable, "-c", code], pass_fds=[writing], cwd=ROOT, env=OURS)  # noqa: S603 - our own
    try:
        yield int(os.read(reading, 16)), process.pid
    finally:
        process.kill()
        process.wait()
        os.close(reading)
        os.close(writing)


def cpu_of(pids: Iterable[int]) -> float:
    """Processor seconds of some processes and of what they started, ended or not."""
    wanted, total = set(pids), 0.0
    for path in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda path: int(path.parts[2])):  # who started it comes first
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(path.parts[2]) in wanted or int(fields[1]) in wanted:
                wanted.add(int(path.parts[2]))
                total += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return total


def postmaster(port: int) -> int:
    """The process of the server on this port, of which all others of it are children."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if words[0].endswith(b"postgres") and b"%d" % port in words:
                return int(path.parts[2])
    raise LookupError(f"no PostgreSQL on port {port}")


def feeds(folder: Path, name: str, *, port: int, sources: int, database: str) -> Path:
    """A feeds.toml with so many sources, each a group of its own; once asked, none is due again within a day."""
    lines = [f'[service]\nstorage = "{folder}/storage"\ndatabase = "{database}"\ncontact = "b@example.org"\n']
    lines += ['concurrency = 256\ngap = "0s"\ninterval = "1d"\nmin_interval = "1d"\n[web]\nlisten = ""\n']
    lines += ['[hosts."127.0.0.1"]\ngroup = "url"\nrobots = false\n']
    lines += [
        f'[sources.s{n}]\nname = "S"\nurl = "http://127.0.0.1:{port}/{n}"\nfamily = "f{n}"\nallow = ["127.0.0.1"]\n'
        for n in range(sources)
    ]
    path = folder / name
    path.write_text("".join(lines), encoding="utf-8")
    return path


@contextmanager
def running(*arguments: str) -> Iterator[int]:
    """One program of ours."""
    command = [sys.executable, "-m", "aggregator", *arguments]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=ROOT, env=OURS)  # noqa: S603 - our own
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def count(store: Store, query: str) -> int:
    """What a question counts. One way to the server, and little work there: it is asked again and again beside the workers."""
    with store.look() as tx:
        return int(tx.execute(text(query)).scalar_one() or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What became of polls that were due at once."""

    whole: float  # seconds from then to the last stored poll
    busy: float  # seconds from the first stored poll to the last
    within: int  # how many were stored within a minute


def due_again(store: Store) -> None:
    """Make everything due."""
    with store.write() as tx:
        tx.execute(text("UPDATE sources SET next_poll_at = '2025-01-01T00:00:00.000Z'"))


def polled(store: Store, polls: int, *, after: int, patience: float = 1800.0) -> Round:
    """Wait until so many polls are stored beside the first `after`. Their numbers have no gaps, so the last one counts them."""
    began, first, within, done = time.monotonic(), 0.0, 0, 0
    while time.monotonic() - began < patience:
        done = count(store, "SELECT max(id) FROM polls") - after
        if done and not first:
            first = time.monotonic()
        if time.monotonic() - began <= MINUTE:
            within = done
        if done >= polls:
            return Round(whole=time.monotonic() - began, busy=time.monotonic() - first, within=within)
        time.sleep(LOOKS_EVERY)
    raise TimeoutError(f"{done} of {polls} were polled within {patience:.0f} s")


def measured(
    what: str,
    store: Store,
    given: argparse.Namespace,
    wire: Wire,
    parts: Mapping[str, list[int]],
    *,
    begin: Callable[[Store], object] = due_again,
) -> float:
    """Measure a round, which `begin` begins, and tell it; returns the feeds a second."""
    after, workers = count(store, "SELECT max(id) FROM polls"), len(parts["workers"])
    ways, before = wire.ways, {name: cpu_of(pids) for name, pids in parts.items()}
    begin(store)
    took = polled(store, given.sources, after=after)
    each = {name: 1000 * (cpu_of(pids) - before[name]) / given.sources for name, pids in parts.items()}
    rate: float = given.sources / took.busy
    print(
        f"{workers} workers, {what}: {given.sources} feeds in {took.whole:.1f} s from being due, {took.within} of them within"
        f" a minute, {rate:.1f} a second (the latency allows {workers * given.concurrency / given.latency:.0f}); the server of"
        f" the feeds used {each['feeds'] * given.sources / took.whole / 10:.0f} % of a core; processor time for each: "
        + ", ".join(f"{name} {ms:.1f} ms" for name, ms in each.items())
        + (f"; {(wire.ways - ways) / given.sources:.1f} ways to the database for each" if given.ways else "")
        + f"; all together {sum(each.values()) * given.sources / took.whole / 1000:.2f} cores",
        flush=True,
    )
    return rate


def main() -> None:
    """Measure, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=0.3, help="seconds before each answer")
    parser.add_argument("--concurrency", type=int, default=16, help="polls of one worker at a time")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--ways", action="store_true", help="count the ways to the database and back")
    given = parser.parse_args()
    where = programs()
    assert where is not None, "PostgreSQL is not installed"
    with tempfile.TemporaryDirectory() as name, cluster(where) as server, served(given.latency) as (port, serving):
        folder, url, rates = Path(name), server.new_database(), list[float]()
        with wire(server.port) as way:
            leading = feeds(folder, "leader.toml", port=port, sources=given.sources, database=url)
            asked = way.through(url) if given.ways else url
            working = feeds(folder, "worker.toml", port=port, sources=given.sources, database=asked)
            with (
                running("run", "--no-poll", "--config", str(leading)) as leader,
                closing(wait_for_store(url, folder)) as store,
            ):
                others = {"leader": [leader], "PostgreSQL": [postmaster(server.port)], "feeds": [serving]}
                for workers in given.workers:
                    with several(workers, working, given.concurrency) as at_work:
                        parts = {"workers": at_work, **others}
                        if not rates:
                            measured("first polls", store, given, way, parts, begin=lambda _: None)
                        due_again(store)  # warm: each worker has its connections and its code
                        polled(store, given.sources, after=count(store, "SELECT max(id) FROM polls"))
                        rates.append(measured("nothing new", store, given, way, parts))
    print(f"{rates[-1] / rates[0]:.2f} times as many; the load of this machine is {os.getloadavg()[0]:.1f}")


@contextmanager
def several(workers: int, feeds_file: Path, concurrency: int) -> Iterator[list[int]]:
    """So many workers, for as long as they are measured; their processes."""
    command = ("worker", "--concurrency", str(concurrency), "--config", str(feeds_file))
    with ExitStack() as stack:
        yield [stack.enter_context(running(*command)) for _ in range(workers)]


def wait_for_store(url: str, folder: Path) -> Store:
    """The store, once the leader has made it and told its sources."""
    store = open_store(url, snapshots=folder / "storage/snapshots")
    while not count(store, "SELECT count(*) FROM sources"):
        time.sleep(0.1)
    return store


if __name__ == "__main__":
    main()
