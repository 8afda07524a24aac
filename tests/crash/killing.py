"""The points at which a run may be killed, and the process that starts runs quickly.

This process imports the program once and forks it for every run, on request by lines of JSON; the run is the ordinary command
line. What is counted and killed at is put around functions of the standard library and of the database layer, in the
forked process alone: nothing of it is in the program.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import mmap
import os
import signal
import struct
import sys
import tempfile
import threading
import types
from collections.abc import Callable
from functools import cache
from multiprocessing import forkserver
from pathlib import Path
from typing import Any, NoReturn, TextIO

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from aggregator import running
from aggregator.cli import app, main  # noqa: F401 - the app: imported once, for all that are forked
from aggregator.config import Config
from aggregator.fetch import transport
from aggregator.service import serving, ticking
from tests.crash.forking import STARTED_WITH, be_sure_of_the_server, read_from_the_server
from tests.crash.script import STEPS
from tests.crash.world import SECRET, SIGNED_WITH, World, feeds_toml
from tests.kept import compile_once

POINTS = (
    "statement",  # before some statement of SQL
    "commit",  # before a commit
    "committed",  # after it
    "new file",  # an empty file is there
    "torn",  # half of a file's bytes are there
    "fsync",  # before something is flushed to disk
    "fsynced",  # after it
    "rename",  # before a file takes its place
    "renamed",  # after it
    "new folder",  # after a folder was made
)
TICK_SECONDS = 0.1  # of the service while it is tested; ordinarily 1
_NUMBER = struct.Struct("<Q")


class Counts:
    """How often each point was reached, in memory that parent and child share."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _NUMBER.size * len(POINTS))

    def clear(self) -> None:
        self._memory[:] = bytes(len(self._memory))

    def one_more(self, point: str) -> int:
        place = POINTS.index(point) * _NUMBER.size
        (before,) = _NUMBER.unpack_from(self._memory, place)
        _NUMBER.pack_into(self._memory, place, before + 1)
        return int(before) + 1

    def all(self) -> dict[str, int]:
        return {point: _NUMBER.unpack_from(self._memory, n * _NUMBER.size)[0] for n, point in enumerate(POINTS)}


def put_points(reached: Callable[[str], bool]) -> None:
    """Have `reached(point)` called at every point; it kills, or says whether this is where a file is to be torn."""
    fsync, replace, mkdir, mkstemp = os.fsync, os.replace, os.mkdir, tempfile.mkstemp
    commit: Callable[..., None] = DefaultDialect.do_commit

    def fsync_here(handle: int) -> None:
        if os.path.isfile(f"/proc/self/fd/{handle}") and reached("torn"):
            os.ftruncate(handle, os.fstat(handle).st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        reached("fsync")
        fsync(handle)
        reached("fsynced")

    def replace_here(*args: Any, **kwargs: Any) -> None:
        reached("rename")
        replace(*args, **kwargs)
        reached("renamed")

    def mkdir_here(*args: Any, **kwargs: Any) -> None:
        mkdir(*args, **kwargs)
        reached("new folder")

    def mkstemp_here(*args: Any, **kwargs: Any) -> Any:
        made = mkstemp(*args, **kwargs)
        reached("new file")
        return made

    def commit_here(self: DefaultDialect, connection: Any) -> None:
        reached("commit")
        commit(self, connection)
        reached("committed")

    os.fsync, os.replace, os.mkdir, tempfile.mkstemp = fsync_here, replace_here, mkdir_here, mkstemp_here  # type: ignore[assignment]
    DefaultDialect.do_commit = commit_here  # type: ignore[method-assign]
    event.listen(Engine, "before_cursor_execute", lambda *_: reached("statement"))


def _serve_here(config: Config, **_: object) -> NoReturn:
    """In place of `running.become`: a program that is begun anew would not know the points."""
    asyncio.run(serving.serve(config))
    raise SystemExit(0)


def _run(arguments: list[str], point: str | None, nth: int, log: str, counts: Counts) -> None:
    """The life of a forked process: the command line, as if it had been typed."""

    def reached(here: str) -> bool:
        if counts.one_more(here) != nth or here != point:
            return False
        if here != "torn":
            os.kill(os.getpid(), signal.SIGKILL)
        return True

    code = 70
    try:
        with open(log, "a", encoding="utf-8") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
        read_from_the_server()
        ticking.TICK_SECONDS = TICK_SECONDS  # type: ignore[assignment]
        sys.argv = ["aggregator", *arguments]
        put_points(reached)
        running.become = _serve_here
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def warm_up(database: str | None) -> None:
    """Poll a world of its own twice, here: each run that is forked would import, build and compile the same anew.

    `database`: one of the kind that the runs will use, and not theirs; None for a SQLite file.
    """
    os.environ.setdefault(SIGNED_WITH, SECRET)
    compile_once()
    transport.trusted = cache(transport.trusted)
    world = World()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as said:
        feeds = Path(folder) / "feeds.toml"
        feeds.write_text(feeds_toml(world.base, folder, database=database), encoding="utf-8")
        for world.step in (0, STEPS - 1):
            sys.argv = ["aggregator", "poll", "--config", str(feeds)]
            with contextlib.suppress(SystemExit):
                main()
    world.close()
    if "published" not in said.getvalue() or threading.active_count() > 1:  # what has threads cannot be forked
        raise RuntimeError(f"no good poll: {said.getvalue()} {threading.enumerate()}")


def serve(asked: TextIO, told: TextIO, *, database: str | None) -> None:
    """Start a run for each line that is asked, and say its process; then, when it has ended, how."""
    sys.modules["__main__"] = types.ModuleType("__main__")  # no process that is started need import this file
    forkserver.set_forkserver_preload(STARTED_WITH)
    warm_up(database)
    counts = Counts()

    def tell(what: dict[str, object]) -> None:
        told.write(json.dumps(what) + "\n")
        told.flush()

    tell({"ready": True})
    for line in asked:
        wanted = json.loads(line)
        counts.clear()
        be_sure_of_the_server()  # in earnest each run has its own
        pid = os.fork()
        if pid == 0:
            _run(wanted["arguments"], wanted["point"], wanted["nth"], wanted["log"], counts)
        tell({"pid": pid})
        _, status = os.waitpid(pid, 0)
        tell({"code": os.waitstatus_to_exitcode(status), "counts": counts.all()})


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout, database=next(iter(sys.argv[1:]), None))
