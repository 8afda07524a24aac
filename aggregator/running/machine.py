"""What the service needs of the machine that it runs on: each looked at, and told in a sentence with what to do."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import TZPATH, ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from aggregator.config import Config
from aggregator.service import open_for
from aggregator.store import StoreError
from aggregator.store.errors import NO_ROOM
from aggregator.store.schema import changes

LEAST_PYTHON, LEAST_SQLITE = (3, 11), (3, 37, 0)
NEARLY_FULL = 2_000_000_000  # bytes that are free on the disk of the storage, and yet more than `low_disk`
FILES_BESIDE = 200  # open files that the service needs beside one for each request under way
HOSTS = 3  # names that are looked up, of all that feeds.toml holds
AHEAD = timedelta(minutes=5)
_RIGHT = "Give the service's user the right to write there"


class Health(StrEnum):
    """How something is."""

    GOOD = "good"
    DOUBTFUL = "doubtful"  # it works, and somebody should look
    BAD = "bad"  # the service cannot work so


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One thing that was looked at."""

    what: str
    health: Health
    says: str
    do: str = ""  # what to do about it; "" where there is nothing to do


def look(config: Config, *, now: datetime, ask: bool = True) -> Iterator[Looked]:
    """Look at everything, each thing by itself. With `ask` false nobody is asked for a name of the network."""
    yield _python()
    yield _sqlite()
    yield _zones()
    yield _storage(config.service.storage)
    yield disk(config)
    yield from _store(config, now=now)
    yield _files(config)
    yield _port(config)
    yield _contact(config)
    if ask:
        yield _names(config)
    yield _ipv6()


def _python() -> Looked:
    here = sys.version_info[:3]
    says = f"Python {'.'.join(map(str, here))}"
    if here < LEAST_PYTHON:
        return Looked(what="Python", health=Health.BAD, says=says, do="Install Python 3.11 or newer.")
    return Looked(what="Python", health=Health.GOOD, says=says)


def _sqlite() -> Looked:
    says = f"SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < LEAST_SQLITE:
        return Looked(what="SQLite", health=Health.BAD, says=says, do="Use a Python that comes with SQLite 3.37 or newer.")
    with closing(sqlite3.connect(":memory:")) as memory:
        try:
            memory.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
        except sqlite3.OperationalError:
            do = "Use a Python whose SQLite has FTS5, or a PostgreSQL: `database` under [service]."
            return Looked(what="SQLite", health=Health.BAD, says=f"{says}, without full-text search", do=do)
    return Looked(what="SQLite", health=Health.GOOD, says=f"{says}, with full-text search")


def _zones() -> Looked:
    try:
        moment = datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Kyiv"))
    except ZoneInfoNotFoundError:
        do = "Install the package tzdata: pip install tzdata"
        return Looked(what="time zones", health=Health.BAD, says="no time zone data is found", do=do)
    origin = "the system" if any(Path(folder, "Europe/Kyiv").exists() for folder in TZPATH) else "the package tzdata"
    with suppress(PackageNotFoundError):
        origin += f" (tzdata {version('tzdata')} is installed)"
    return Looked(what="time zones", health=Health.GOOD, says=f"from {origin}; Kyiv is {moment:%z} in July")


def _storage(folder: Path) -> Looked:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        with tempfile.NamedTemporaryFile(dir=there, prefix=".written-by-doctor-") as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        do = f"{'Make room there' if error.errno in NO_ROOM else _RIGHT}, or name another `storage` under [service]."
        return Looked(what="storage", health=Health.BAD, says=f"{there} cannot be written to ({error.strerror})", do=do)
    made = "" if there == folder else " (it is made at the first start)"
    return Looked(what="storage", health=Health.GOOD, says=f"{folder} can be written to{made}")


def disk(config: Config) -> Looked:
    """How much room there is where the storage lies, or will lie, and what of the work goes on with that."""
    service = config.service
    there = next(one for one in (service.storage, *service.storage.parents) if one.exists())
    free = shutil.disk_usage(there).free
    says = f"{free / 1e9:,.1f} GB are free at {there}"
    do = "Free some of it, or let go of old bytes: `snapshots_size` or `keep_snapshots` under [service]."
    if free < service.full_disk and service.database is None:
        says += ", less than full_disk: no source is asked"
        return Looked(what="disk", health=Health.BAD, says=says, do=do)
    if free < service.low_disk:
        says += ", less than low_disk: texts are stored, and no raw bytes are kept"
        return Looked(what="disk", health=Health.DOUBTFUL, says=says, do=do)
    if free < NEARLY_FULL:
        return Looked(what="disk", health=Health.DOUBTFUL, says=says, do=do)
    return Looked(what="disk", health=Health.GOOD, says=says)


def _store(config: Config, *, now: datetime) -> Iterator[Looked]:
    """Whether it opens; and whether the clock has gone back behind what is stored."""
    if config.service.database is None and not (config.service.storage / "aggregator.sqlite").exists():
        yield Looked(what="store", health=Health.GOOD, says="there is none yet; the first poll makes one")
        return
    try:
        store = open_for(config, create=False)
    except StoreError as error:
        yield Looked(what="store", health=Health.BAD, says=str(error), do="Mend that, or put a backup back: aggregator restore")
        return
    with closing(store), store.read() as tx:
        newest = tx.execute(select(changes.c.at).order_by(changes.c.seq.desc()).limit(1)).scalar_one_or_none()
    yield Looked(what="store", health=Health.GOOD, says=f"{store.name} can be read")
    if newest is not None and newest > now + AHEAD:
        says = f"it is {now:%Y-%m-%d %H:%M} UTC here, and the newest change was stored at {newest:%Y-%m-%d %H:%M} UTC"
        do = "Set the clock right, and let a time service (NTP) keep it so."
        yield Looked(what="clock", health=Health.BAD, says=says, do=do)
    else:
        yield Looked(what="clock", health=Health.GOOD, says=f"{now:%Y-%m-%d %H:%M} UTC, behind nothing that is stored")


def _files(config: Config) -> Looked:
    most, needed = resource.getrlimit(resource.RLIMIT_NOFILE)[0], config.service.concurrency + FILES_BESIDE
    says = f"{most:,} files may be open at once"
    if 0 <= most < needed:
        do = f"Raise the limit to {needed:,} or more (ulimit -n, LimitNOFILE), or lower `concurrency` under [service]."
        return Looked(what="open files", health=Health.BAD, says=says, do=do)
    return Looked(what="open files", health=Health.GOOD, says=says)


def _port(config: Config) -> Looked:
    if not config.web.listen:
        return Looked(what="port", health=Health.GOOD, says="no site is served")
    host, _, port = config.web.listen.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host.strip("[]"), int(port)))
    except OSError as error:
        says = f"{config.web.listen} cannot be listened on ({error.strerror})"
        do = "Unless it is this service that runs there: name another `listen` under [web]."
        return Looked(what="port", health=Health.DOUBTFUL, says=says, do=do)
    return Looked(what="port", health=Health.GOOD, says=f"{config.web.listen} is free")


def _contact(config: Config) -> Looked:
    if config.service.contact:
        return Looked(what="contact", health=Health.GOOD, says=config.service.contact)
    do = "Set `contact` under [service]: it tells the sources whom to write to."
    return Looked(what="contact", health=Health.DOUBTFUL, says="the sources are not told who asks", do=do)


def _names(config: Config) -> Looked:
    hosts = list(dict.fromkeys(urlsplit(one.url).hostname or "" for one in config.sources.values() if one.enabled))
    some = hosts[:: max(1, len(hosts) // HOSTS)][:HOSTS]
    unknown = []
    for host in some:
        try:
            socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
        except OSError:
            unknown.append(host)
    if some and len(unknown) == len(some):
        do = "Check the network and the name server of this machine (/etc/resolv.conf)."
        return Looked(what="names", health=Health.BAD, says=f"none of {', '.join(some)} has an address", do=do)
    if unknown:
        do = "Check their addresses in feeds.toml."
        return Looked(what="names", health=Health.DOUBTFUL, says=f"{', '.join(unknown)} has no address", do=do)
    return Looked(what="names", health=Health.GOOD, says=f"{', '.join(some) or 'no host'}: found")


def _ipv6() -> Looked:
    """Whether there is a way to the IPv6 internet; nothing is sent: to connect such a socket asks the routing table alone."""
    with suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as tried:
        tried.connect(("2001:4860:4860::8888", 53))
        return Looked(what="IPv6", health=Health.GOOD, says="there is a way out")
    return Looked(what="IPv6", health=Health.GOOD, says="there is no way out; sources are asked by IPv4")
