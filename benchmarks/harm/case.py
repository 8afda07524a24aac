"""One real `aggregator run`, watched from outside: by its log, by the views of its store, by what `aggregator verify` says."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.harm.server import Server
from benchmarks.world.processes import descendants

PATIENCE = 240.0  # seconds for what must come
ROOT = Path(__file__).parents[2]


class NotSeen(Exception):  # noqa: N818 - says what is the case
    """What must come did not come."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A line of the table."""

    fault: str
    injected: str
    did: str
    recovered: str
    lost: int
    doubled: int
    verified: bool

    @property
    def good(self) -> bool:
        """Whether it was borne."""
        return not self.recovered.startswith("no") and not self.lost and not self.doubled and self.verified


@dataclass
class Case:
    """A service and the server that it asks."""

    folder: Path
    server: Server
    host: str = "127.0.0.1"
    scheme: str = "http"
    service: str = ""  # further lines under [service]
    storage: Path | None = None
    command: Sequence[str] = (sys.executable, "-m", "aggregator", "run")
    wrapped: Sequence[str] = ()  # what the command is started by
    environment: Mapping[str, str] = field(default_factory=dict)
    others: Sequence[str] = ()  # further hosts with a feed
    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the service."""
        assert self._process is not None
        return self._process.pid

    @property
    def database(self) -> Path:
        """The store's file."""
        return (self.storage or self.folder / "storage") / "aggregator.sqlite"

    def start(self) -> None:
        """Start the service."""
        (self.folder / "feeds.toml").write_text(self._feeds(), encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "AGGREGATOR_LISTEN": "", **self.environment}
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [*self.wrapped, *self.command, "--config", str(self.folder / "feeds.toml")],
                stderr=log,
                stdout=log,
                env=environment,
            )

    def _feeds(self) -> str:
        head = (
            f'[service]\ngap = "0s"\ncontact = "desk@example.org"\ninterval = "2s"\nmin_interval = "1s"\nmax_interval = "3s"\n'
            f'timeout = "4s"\nconnect_timeout = "2s"\nread_timeout = "2s"\nwatch_for = "0s"\n{self.service}'
        )
        if self.storage is not None:
            head += f"storage = {json.dumps(str(self.storage))}\n"
        asked = [("feed", self.host), ("other", self.host), *((f"other{n}", host) for n, host in enumerate(self.others))]
        tables = [
            f'[sources.{name}]\nname = "{name}"\nfamily = "{name}"\nlanguage = "en"\nallow = ["{host}"]\n'
            f'url = "{self.scheme}://{host}:{self.server.port}/{name}"\n'
            for name, host in asked
        ]
        story = '[stories.velmora]\ntitle = "What is said of Velmora"\nfrom = 2020-01-01\nterms = ["Velmora"]\nsettle = "0s"\n'
        return head + "".join(tables) + story

    def restart(self) -> None:
        """Kill it, and start it anew."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self.start()

    def stop(self) -> bool:
        """End it as an operator does; whether it ended well."""
        if self._process is None:
            return False
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(20) == 0
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return False

    # --- what is seen

    def log(self) -> Iterator[dict[str, Any]]:
        """All that it has logged."""
        for line in (self.folder / "log").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("{"):
                yield json.loads(line)

    def hear(self, event: str, *, having: str = "", after: int = 0, within: float = PATIENCE) -> str:
        """Wait for an event, of which some text is part; returns its reason, or all of it."""
        for _ in self._patiently(within):
            for entry in list(self.log())[after:]:
                if entry["event"] == event and having in json.dumps(entry, ensure_ascii=False):
                    return str(entry.get("reason") or entry)
        raise NotSeen(f"the log does not say {event} {having}")

    @property
    def lines(self) -> int:
        """How many events were logged so far."""
        return len(list(self.log()))

    def stored(self, source: str = "feed") -> int:
        """How many statements of a source are there; -1 where nobody can tell now."""
        try:
            with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=0.1)) as store:
                return int(store.execute("SELECT count(*) FROM v1_statements WHERE source = ?", [source]).fetchone()[0])
        except sqlite3.Error:
            return -1

    def wait_for(self, count: int, source: str = "feed", *, within: float = PATIENCE) -> float:
        """Wait until so much is stored; returns the seconds that it took."""
        began = time.monotonic()
        for _ in self._patiently(within):
            if self.stored(source) >= count:
                return time.monotonic() - began
        raise NotSeen(f"{self.stored(source)} of {count} were stored within {within:g} s")

    def _patiently(self, seconds: float) -> Iterator[None]:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            yield
            if self._process is not None and self._process.poll() is not None:
                raise NotSeen(f"the service ended by itself with {self._process.returncode}: {self._last_words()}")
            time.sleep(0.25)

    def _last_words(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-300:]

    def readers(self) -> list[int]:
        """Its reading processes."""
        return [pid for pid in descendants(self.pid) if "pipeline.readers" in _command(pid)]

    # --- what became of it

    def losses(self) -> tuple[int, int, bool]:
        """How many items are not stored, or not told; how many are there twice; and whether the record can be verified."""
        sources = ["feed", "other", *(f"other{n}" for n in range(len(self.others)))]
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as store:
            kept = store.execute("SELECT count(*), count(DISTINCT source || entry_id) FROM v1_listings").fetchone()
            statements = store.execute("SELECT count(*) FROM v1_statements").fetchone()[0]
            numbers = [row[0] for row in store.execute("SELECT number FROM v1_updates ORDER BY number")]
            once = store.execute("SELECT count(DISTINCT statement_id) FROM v1_updates").fetchone()[0]
        wanted = self.server.said * len(sources)
        lost = max(0, wanted - statements) + max(0, wanted - once)
        doubled = max(0, statements - kept[1]) + len(numbers) - once
        command = [sys.executable, "-m", "aggregator", "verify", "--config", str(self.folder / "feeds.toml")]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        proved = subprocess.run(command, capture_output=True, env=environment, check=False)  # noqa: S603 - our own program
        return lost, doubled, proved.returncode == 0 and numbers == list(range(1, len(numbers) + 1))

    def told(self) -> int:
        """How many updates there are."""
        try:
            with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=0.1)) as store:
                return int(store.execute("SELECT count(*) FROM v1_updates").fetchone()[0])
        except sqlite3.Error:
            return -1

    def wait_until_told(self) -> None:
        """Wait until all that was said is published."""
        wanted = self.server.said * (2 + len(self.others))
        for _ in self._patiently(PATIENCE):
            if self.told() >= wanted:
                return
        raise NotSeen(f"{self.told()} of {wanted} were told")


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").replace("\0", " ")
    except OSError:
        return ""
