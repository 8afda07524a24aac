"""What a running service bears: one line for each fault that is done to it.

    .venv/bin/python -m benchmarks.faults [--only WORD] [--at-once 3]

Each fault is done to a real `aggregator run` (that with a wrong clock: to the same service, handed another clock) which follows
two feeds of a local server. Something is said before, during and after it; then all of it must be stored and told, once, and
`aggregator verify` must find nothing. Prints the table; ends with 1 where a line fails. Linux; what needs root says so.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.harm.case import PATIENCE, Case, NotSeen, Outcome
from benchmarks.harm.server import Mode, Server
from benchmarks.world.telling import table

Make = Callable[[Path], Iterator[Case]]  # yields a case that is ready to start, and clears up after it
Harm = Callable[[Case], str]  # returns what the service was seen to do
HOSTS = "127.0.0.1 localhost\n127.0.0.1 news.test\n"
IS_ROOT = os.geteuid() == 0


class NotTried(Exception):  # noqa: N818 - says what is the case
    """It cannot be done here; the text says why."""


def main() -> int:
    """Do them all; 1 where one was not borne."""
    parser = argparse.ArgumentParser(description="What does a running service bear?")
    parser.add_argument("--only", default="", help="only faults whose name holds this word")
    parser.add_argument("--at-once", type=int, default=3)
    asked = parser.parse_args()
    chosen = [one for one in FAULTS if asked.only in one[0]]
    with ThreadPoolExecutor(asked.at_once) as pool:
        outcomes = list(pool.map(lambda one: _tried(*one), chosen))
    rows = [
        (one.fault, one.injected, one.did, one.recovered, one.lost, one.doubled, "yes" if one.verified else "NO")
        for one in outcomes
    ]
    print(table(("fault", "what was done", "what the service did", "recovered", "lost", "doubled", "verified"), rows))
    return int(not all(one.good for one in outcomes))


def _tried(name: str, injected: str, make: Make, harm: Harm) -> Outcome:
    did, recovered, lost, doubled, verified = "", "yes", 0, 0, True
    with tempfile.TemporaryDirectory(prefix="fault-") as folder:
        try:
            with contextmanager(make)(Path(folder)) as case:
                did, recovered, lost, doubled, verified = _done(case, harm)
        except NotTried as why:
            did, recovered = f"not tried here: {why}", "-"
    outcome = Outcome(name, injected, did, recovered, lost, doubled, verified)
    print(f"{'good' if outcome.good else 'BAD '} {name}: {recovered}; {did}", file=sys.stderr, flush=True)
    return outcome


def _done(case: Case, harm: Harm) -> tuple[str, str, int, int, bool]:
    did, recovered = "", "yes"
    case.server.say(3)
    case.start()
    try:
        case.wait_for(3)
        case.wait_for(3, "other")
        did = harm(case)
        began = time.monotonic()
        case.server.say(2)
        case.wait_for(case.server.said)
        case.wait_for(case.server.said, "other")
        case.wait_until_told()
        recovered = f"after {time.monotonic() - began:.0f} s"
    except NotSeen as error:
        recovered = f"no: {error}"
    if not case.stop() and recovered != "no":
        did += "; it did not end well"
    return did, recovered, *case.losses()


# --- the services


def plain(folder: Path) -> Iterator[Case]:
    """One service, one server."""
    server = Server()
    try:
        yield Case(folder, server)
    finally:
        server.close()


def many_hosts(folder: Path) -> Iterator[Case]:
    """One with six hosts."""
    addresses = tuple(f"127.0.0.{n}" for n in range(1, 7))
    server = Server(addresses)
    try:
        yield Case(folder, server, others=addresses[1:])
    finally:
        server.close()


def by_name(folder: Path) -> Iterator[Case]:
    """One whose names are looked up in files of its own."""
    if not IS_ROOT or subprocess.run(["unshare", "-m", "true"], check=False).returncode:
        raise NotTried("names can be taken away by root alone")
    (folder / "hosts").write_text(HOSTS)
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    mount = f'mount --bind {folder}/hosts /etc/hosts && mount --bind {folder}/resolv.conf /etc/resolv.conf && exec "$@"'
    server = Server()
    try:
        yield Case(folder, server, host="news.test", wrapped=("unshare", "-m", "sh", "-c", mount, "sh"))
    finally:
        server.close()


def with_tls(folder: Path) -> Iterator[Case]:
    """One that asks by TLS, and trusts one authority."""
    import trustme  # noqa: PLC0415 - of the development extra

    ours, others = trustme.CA(), trustme.CA()
    ours.cert_pem.write_to_path(str(folder / "ca.pem"))
    past = datetime.now(UTC) - timedelta(days=2)
    certificates = {
        "good": ours.issue_cert("localhost"),
        "expired": ours.issue_cert("localhost", not_before=past - timedelta(days=30), not_after=past),
        "wrong host": ours.issue_cert("elsewhere.example"),
        "unknown": others.issue_cert("localhost"),
    }
    contexts = {name: ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) for name in certificates}
    for name, one in certificates.items():
        one.configure_cert(contexts[name])
    server = Server(contexts=contexts)
    try:
        yield Case(folder, server, host="localhost", scheme="https", environment={"SSL_CERT_FILE": str(folder / "ca.pem")})
    finally:
        server.close()


def on_a_small_disk(folder: Path) -> Iterator[Case]:
    """One whose storage is on a disk of thirty-two megabytes, and whose guard is off."""
    yield from _on_a_small_disk(folder, "low_disk = 0\nfull_disk = 0\n")


def on_a_guarded_disk(folder: Path) -> Iterator[Case]:
    """The same with a guard, which lets nobody be asked where less than a megabyte is left."""
    yield from _on_a_small_disk(folder, 'low_disk = "2 MB"\nfull_disk = "1 MB"\n')


def _on_a_small_disk(folder: Path, marks: str) -> Iterator[Case]:
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "none", str(disk)]
    if not IS_ROOT or subprocess.run(mount, check=False, capture_output=True).returncode:
        raise NotTried("a small disk can be mounted by root alone")
    server = Server()
    try:
        yield Case(folder, server, storage=disk / "storage", service=marks)
    finally:
        server.close()
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def with_a_clock(folder: Path) -> Iterator[Case]:
    """One whose clock can be set wrong."""
    server = Server()
    try:
        yield Case(folder, server, command=(sys.executable, "-m", "benchmarks.harm.jumping"))
    finally:
        server.close()


# --- what is done to them: something is said meanwhile, and at the end all is well again


def no_names(case: Case) -> str:
    (case.folder / "hosts").write_text("127.0.0.1 localhost\n")
    case.server.say(1)
    said = case.hear("polled", having='"failed"')
    time.sleep(3)
    (case.folder / "hosts").write_text(HOSTS)
    return f"failed, with back-off: “{said}”"


def mode(one: Mode) -> Harm:
    def harm(case: Case) -> str:
        case.server.mode = one
        case.server.say(1)
        said = case.hear("polled", having='"failed"')
        took = case.wait_for(case.server.said, "other")
        case.server.mode = Mode.GOOD
        return f"failed: “{said}”; the other source went on ({took:.0f} s)"

    return harm


def certificate(name: str) -> Harm:
    def harm(case: Case) -> str:
        case.server.certificate = name
        case.server.say(1)
        said = case.hear("polled", having='"failed"')
        assert case.stored() < case.server.said
        case.server.certificate = "good"
        return f"read nothing: “{said[:160]}”"

    return harm


def no_network(case: Case) -> str:
    case.server.shut()
    case.server.say(1)
    case.hear("network_down")
    case.server.open()
    case.hear("network_up")
    return "blamed the network, not the sources; asked one of them now and then"


def full_disk(case: Case) -> str:
    assert case.storage is not None
    ballast = case.storage.parent / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            with suppress(OSError):
                while True:
                    file.write(b"x" * size)
    case.server.say(60)
    said = case.hear("store_unusable")
    ballast.unlink()
    return f"stopped asking, told it once: “{said.partition('/aggregator.sqlite: ')[2] or said[:120]}”"


def nearly_full_disk(case: Case) -> str:
    assert case.storage is not None
    ballast = case.storage.parent / "ballast"
    ballast.write_bytes(b"x" * (shutil.disk_usage(ballast.parent).free - 500_000))
    case.server.say(3)
    said = case.hear("disk_full")
    ballast.unlink()
    return f"asked nobody: “{said[:120]}”"


def locked(case: Case) -> str:
    with closing(sqlite3.connect(case.database, isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN EXCLUSIVE")
        case.server.say(1)
        said = case.hear("store_unusable")
        time.sleep(max(0.0, 60.0 - 10))
        other.execute("ROLLBACK")
    return f"stopped asking, told it: “{said.partition('aggregator.sqlite: ')[2][:120]}”"


def no_files(case: Case) -> str:
    before = resource.prlimit(case.pid, resource.RLIMIT_NOFILE)
    lines = case.lines
    resource.prlimit(case.pid, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{case.pid}/fd")), before[1]))
    case.server.say(1)
    time.sleep(15)
    said = [
        entry for entry in list(case.log())[lines:] if "oo many open files" in str(entry) or entry["event"] == "store_unusable"
    ]
    resource.prlimit(case.pid, resource.RLIMIT_NOFILE, before)
    seen = sorted({str(entry["event"]) for entry in said})
    return f"went on; logged: {', '.join(seen)}" if seen else "went on, with the connections and files that it had"


def killed_readers(case: Case) -> str:
    count = 0
    for n in range(40):
        if n % 10 == 0:
            case.server.say(1)
        for pid in case.readers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                count += 1
        time.sleep(0.1)
    return f"started new ones ({count} were killed in 4 s)"


def no_memory(case: Case) -> str:
    limits: dict[int, tuple[int, int] | None] = {}
    _limit_readers(case, limits)
    time.sleep(1)
    _limit_readers(case, limits)
    case.server.ballast = 60_000
    case.server.say(40)
    said, end = "", time.monotonic() + PATIENCE
    while not said:  # a reader that ends in its turn is followed by one that has all its memory
        _limit_readers(case, limits)
        with suppress(NotSeen):
            said = case.hear("polled", having="memory", within=0.2)
        if time.monotonic() > end:
            raise NotSeen("the log does not say that memory ran out")
    for pid, limit in limits.items():
        with suppress(ProcessLookupError):
            if limit is not None:
                resource.prlimit(pid, resource.RLIMIT_AS, limit)
    return f"gave that answer up, and nothing else: “{said}”"


def _limit_readers(case: Case, limits: dict[int, tuple[int, int] | None]) -> None:
    """Limit those that were there the last time: younger ones would not even begin."""
    for pid in case.readers():
        if pid not in limits:
            limits[pid] = None
        elif limits[pid] is None:
            with suppress(ProcessLookupError, FileNotFoundError):
                limits[pid] = before = resource.prlimit(pid, resource.RLIMIT_AS)
                resource.prlimit(pid, resource.RLIMIT_AS, (_size(pid), before[1]))


def _size(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


def killed(case: Case) -> str:
    for n in range(8):
        case.server.say(1)
        time.sleep(0.4 + 0.35 * n)
        case.restart()
    return "found everything again. `python -m tests.crash --kills 500` kills at chosen points"


def jump(seconds: float, *, back: bool = False) -> Harm:
    """The clock is wrong for a while, and with `back` right again before the end."""

    def harm(case: Case) -> str:
        case.wait_until_told()  # what waits when the clock is set back is told when it is as late again: docs/campaigns.md
        (case.folder / "clock").write_text(str(seconds))
        case.server.say(1)
        took = case.wait_for(case.server.said)
        case.wait_until_told()
        if back:
            (case.folder / "clock").write_text("0")
        return f"asked on: what was said then was stored after {took:.0f} s"

    return harm


HOUR, DAY = 3600.0, 86_400.0
FAULTS: list[tuple[str, str, Make, Harm]] = [
    ("DNS down", "its name can no longer be looked up, then again", by_name, no_names),
    ("network down", "six hosts refuse every connection, then none", many_hosts, no_network),
    ("half-open: never answers", "one address takes every question and says nothing", plain, mode(Mode.NEVER)),
    ("half-open: stalls half-way", "it sends half of its answer and then nothing", plain, mode(Mode.HALF)),
    ("broken off", "it closes each connection without a word", plain, mode(Mode.BROKEN_OFF)),
    ("TLS: expired", "a certificate that ended two days ago, then a good one", with_tls, certificate("expired")),
    ("TLS: wrong host", "a certificate for another name", with_tls, certificate("wrong host")),
    ("TLS: unknown authority", "a certificate that nobody vouches for", with_tls, certificate("unknown")),
    ("disk full", "the last byte of a disk of 32 MB is taken", on_a_small_disk, full_disk),
    ("disk nearly full", "half a megabyte is left", on_a_guarded_disk, nearly_full_disk),
    ("clock: an hour ahead", "the clock jumps an hour forward and stays so", with_a_clock, jump(HOUR)),
    ("clock: an hour back", "the clock jumps an hour back and stays so", with_a_clock, jump(-HOUR)),
    ("clock: ahead for a while", "an hour forward, and right again", with_a_clock, jump(HOUR, back=True)),
    ("clock: a day ahead for a while", "a day forward, and right again", with_a_clock, jump(DAY, back=True)),
    ("clock: a day back", "the clock jumps 23 hours back and stays so", with_a_clock, jump(-23 * HOUR)),
    ("database locked", "another program holds it for a minute", plain, locked),
    ("out of file descriptors", "it may open no further file for 15 s", plain, no_files),
    ("reading process: out of memory", "its reading processes get no more memory", plain, no_memory),
    ("reading process: killed", "each is killed ten times a second, for 4 s", plain, killed_readers),
    ("killed", "kill -9 at eight moments while something is said", plain, killed),
]


if __name__ == "__main__":
    sys.exit(main())
