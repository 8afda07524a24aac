"""A private PostgreSQL on loopback, from the system's packages, for as long as the tests run."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

MISSING = "no PostgreSQL here (initdb is not found); on Debian: apt-get install postgresql"
# Nothing of it is to survive: what a crash does to PostgreSQL itself is not tested here.
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Cluster:
    """A server that is up."""

    port: int
    password: str

    def new_database(self) -> str:
        """Make an empty database; returns its SQLAlchemy URL."""
        name = f"t{secrets.token_hex(8)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
        return self._address(name).replace("postgresql://", "postgresql+psycopg://")

    def drop(self, url: str) -> None:
        """Remove a database that `new_database` made, whoever is still connected."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def _address(self, name: str) -> str:
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/{name}"


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
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
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

    try:
        call("initdb", "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--no-sync")
        call("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", options)
        try:
            yield Cluster(port, password)
        finally:
            call("pg_ctl", "stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
