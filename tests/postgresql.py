"""A private PostgreSQL on loopback, from the system's packages, for as long as the tests run."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from aggregator.store import open_store

MISSING = "no PostgreSQL here (initdb is not found); on Debian: apt-get install postgresql"
# Nothing of it is to survive: what a crash does to PostgreSQL itself is not tested here.
FAST = {"deadlock_timeout": "100ms", "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


# Sorted as people sort, which passes over hyphens, and not by bytes as SQLite does: what needs an order must say so. It is
# said in ICU's older spelling: of 'en-US-u-ka-shifted', the same, each new connection makes sense in twice the time.
SORTED = "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en_US@colAlternate=shifted' LOCALE 'C'"
# How a password is held against the one that is kept: the way of today hashes it thousands of times at each connection.
ASKED = "md5"


@dataclass
class Cluster:
    """A server that is up."""

    port: int
    password: str
    start: Callable[[], None]
    stop: Callable[[], None]  # as a crash does
    _migrated: str = ""
    _own: psycopg.Connection[Any] | None = None  # to `postgres`: most tests make a database there and drop it

    def new_database(self, how: str = SORTED) -> str:
        """Make an empty database; returns its SQLAlchemy URL."""
        name = f"t{secrets.token_hex(8)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0 {how}")
        return self.url(name)

    def migrated_database(self) -> str:
        """Make a database with the schema of today and nothing in it: a copy, for which no migration runs again."""
        if not self._migrated:
            template = self.new_database()
            open_store(template, snapshots=Path(tempfile.gettempdir())).close()
            self._migrated = template.rpartition("/")[2]
        url = self.copy_of(self.url(self._migrated))
        # Each store has an identity of its own.
        self.execute("UPDATE identity SET id = gen_random_uuid()::text", database=url.rpartition("/")[2])
        return url

    def copy_of(self, url: str) -> str:
        """Make a database that holds what another one holds, to which nobody is connected; returns its URL."""
        name = f"t{secrets.token_hex(8)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {url.rpartition('/')[2]}{self._how_to_copy()}")
        return self.url(name)

    def _how_to_copy(self) -> str:
        """Since PostgreSQL 15 a copy goes through its log by default, which takes twice as long."""
        return " STRATEGY FILE_COPY" if self._connection().info.server_version >= 150_000 else ""

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def execute(self, sql: str, *, database: str = "postgres") -> None:
        """Do something as the superuser."""
        if database == "postgres":
            try:
                self._connection().execute(sql.encode())
            except psycopg.OperationalError:
                if not self._connection_is_lost():
                    raise
                self._connection().execute(sql.encode())
            return
        with self._connect(database) as connection:
            connection.execute(sql.encode())

    def close(self) -> None:
        """Give back the connection that was kept."""
        if self._own is not None:
            self._own.close()

    def _connection_is_lost(self) -> bool:
        return self._own is not None and self._own.closed

    def _connection(self) -> psycopg.Connection[Any]:
        if self._own is None or self._own.closed:
            self._own = self._connect("postgres")
        return self._own

    def _connect(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url(database).replace("+psycopg", ""), autocommit=True)

    def url(self, database: str, *, user: str = "postgres", password: str = "") -> str:
        """The SQLAlchemy URL of a database of this server."""
        return f"postgresql+psycopg://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps it out of PATH."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return places[-1].parent if places else None


@contextmanager
def cluster(bin_folder: Path) -> Iterator[Cluster]:
    """Start a server in a folder of its own; it and its data are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    password, port = secrets.token_hex(16), _free_port()
    secret, data = folder / "password", folder / "data"
    secret.write_text(password)
    user = None
    if os.geteuid() == 0:  # PostgreSQL does not run as root; the package makes this user
        user = "postgres"
        for path in (folder, secret):
            shutil.chown(path, user=user)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 " + " ".join(f"-c {k}={v}" for k, v in FAST.items())

    def call(program: str, *arguments: str) -> None:
        subprocess.run(
            [bin_folder / program, "-D", data, *arguments], user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder
        )

    def start() -> None:
        call("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", options)

    def stop() -> None:
        call("pg_ctl", "stop", "-m", "immediate")

    try:
        call("initdb", "-U", "postgres", "-A", ASKED, f"--pwfile={secret}", "-E", "UTF8", "--no-sync")
        start()
        running = Cluster(port, password, start, stop)
        try:
            yield running
        finally:
            running.close()
            stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
