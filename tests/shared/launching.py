"""Starts the real programs quickly, any number at a time: one process imports everything once, and forks.

What a program is in the forked process is the ordinary command line; only its patience is shorter. This process ends only
what it started itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import time
import types
from collections.abc import Mapping
from functools import partial
from multiprocessing import forkserver
from pathlib import Path
from typing import Any, NoReturn

import procrastinate  # noqa: F401 - imported once, for all that are forked
import psycopg_pool  # noqa: F401 - the same

from aggregator import running
from aggregator.cli import app, main  # noqa: F401 - the app: the same
from aggregator.running import serving
from aggregator.service import leading
from tests.crash.forking import STARTED_WITH, be_sure_of_the_server, read_from_the_server
from tests.crash.killing import warm_up

PATIENCE = 120.0  # seconds until a test gives up; none waits when all is well
QUICK = {  # seconds; the ordinary ones are several times as long
    "aggregator.service.ticking": {"TICK_SECONDS": 0.1},
    "aggregator.service.deferring": {"SILENT": 3.0},
    "aggregator.service.working": {
        "HEARTBEAT": 0.5, "SILENT": 3.0, "LEASE": 3.0, "LOOK_EVERY": 0.5, "WAIT_FOR_LEADER": 0.1, "ASK_EVERY": 0.1, "REST": 0.2,
    },
    "aggregator.store.jobs.leading": {"TRIES_EVERY": 0.2, "SIGNS_EVERY": 0.5, "TRUSTS": 4.0, "SILENT": 5.0},
    "aggregator.store.jobs.link": {"WAIT_SECONDS": 10.0},
}  # fmt: skip


class Programs:
    """The side of the test: starts and ends programs. `warmed_on`: a database like theirs, and another one."""

    def __init__(self, folder: Path, *, warmed_on: str | None = None) -> None:
        self.log = folder / "programs.log"
        with self.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.shared.launching", *([warmed_on] if warmed_on else [])],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=Path(__file__).parents[2],
                env={**os.environ, "AGGREGATOR_LISTEN": ""},
            )  # fmt: skip
        self._hear()
        self.running: list[int] = []

    def start(self, *arguments: str, **patience: Mapping[str, float | str]) -> int:
        """Start a program; returns its process. `patience`: constants of modules that are otherwise than `QUICK` says;
        a text is the path of something."""
        pid = int(self._ask({"start": arguments, "log": str(self.log), "patience": patience})["pid"])
        self.running.append(pid)
        return pid

    def kill(self, pid: int) -> None:
        """As the power goes: no word, no chance."""
        os.kill(pid, signal.SIGKILL)
        self.ended(pid)

    def stop(self, pid: int) -> int:
        """Ask for its end; returns its exit code."""
        os.kill(pid, signal.SIGTERM)
        return self.ended(pid)

    def ended(self, pid: int) -> int:
        """Wait for its end; returns its exit code, below zero where a signal ended it."""
        code = int(self._ask({"wait": pid})["code"])
        self.running.remove(pid)
        return code

    def has_ended(self, pid: int) -> bool:
        """Whether it is gone by itself."""
        return bool(self._ask({"look": pid})["gone"])

    def said(self) -> str:
        """The log of all."""
        return self.log.read_text(encoding="utf-8")

    def close(self) -> None:
        """End everything that still runs."""
        for pid in [*self.running]:
            with contextlib.suppress(ProcessLookupError):
                self.kill(pid)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()

    def _ask(self, what: dict[str, object]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return self._hear()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process that starts the programs has ended: {self.said()[-2000:]}")
        return dict(json.loads(line))


def _go_on_here(config: Any, *, part: str = "all", concurrency: int = 0) -> NoReturn:
    """In place of `running.become`: a program that is begun anew would import everything again."""
    beside = serving._beside_worker  # noqa: SLF001 - what the program runs beside it
    worker = partial(leading.work, config, concurrency=concurrency, beside=beside)
    asyncio.run(leading.lead(config) if part == "leader" else worker())
    raise SystemExit(0)


def _run(arguments: list[str], log: str, patience: Mapping[str, Mapping[str, float | str]]) -> NoReturn:
    """The life of a forked process."""
    code = 70
    try:
        with open(log, "a", encoding="utf-8") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
        read_from_the_server()
        for module, constants in {**QUICK, **patience}.items():
            for name, value in constants.items():
                setattr(sys.modules[module], name, Path(value) if isinstance(value, str) else value)
        sys.argv = ["aggregator", *arguments]
        running.become = _go_on_here
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _serve() -> None:
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    sys.modules["__main__"] = types.ModuleType("__main__")  # no process that is started need import this file
    forkserver.set_forkserver_preload(STARTED_WITH)
    warm_up(next(iter(sys.argv[1:]), None))
    ended: dict[int, int] = {}

    def tell(what: dict[str, object]) -> None:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()

    tell({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        if "start" in asked:
            be_sure_of_the_server()
            pid = os.fork()
            if pid == 0:
                _run(asked["start"], asked["log"], asked["patience"])
            tell({"pid": pid})
        elif "wait" in asked:
            tell({"code": ended.pop(asked["wait"]) if asked["wait"] in ended else _wait(asked["wait"])})
        else:
            pid, status = os.waitpid(asked["look"], os.WNOHANG) if asked["look"] not in ended else (0, 0)
            if pid:
                ended[pid] = os.waitstatus_to_exitcode(status)
            tell({"gone": asked["look"] in ended})


def _wait(pid: int) -> int:
    """How a program ended; one that does not is killed, and that is told as 137."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return 137


if __name__ == "__main__":
    _serve()
