"""Reading processes that are forked from a server where all is imported: otherwise each of many runs would import it."""

from __future__ import annotations

import multiprocessing
import os
import socket
from multiprocessing import forkserver

from aggregator.pipeline import launching, readers

STARTED_WITH = [
    "aggregator.pipeline.parsing",
    "aggregator.sources.feed",
    "aggregator.sources.page",
    "aggregator.text.article",
    "trafilatura",
    "tests.crash.forking",
]


class Forked:
    """A reading process that was forked, with what the program asks of one that it starts."""

    def __init__(self, channel: socket.socket, *, memory: int, seconds: float) -> None:
        context = multiprocessing.get_context("forkserver")
        self._process = context.Process(target=_read, args=(channel, memory, seconds))
        self._process.start()

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode


def _read(channel: socket.socket, memory: int, seconds: float) -> None:
    readers.limit(memory)
    readers.serve(channel.fileno(), seconds)


def read_from_the_server() -> None:
    """In a run: reading processes start from the server that this process found running, where all is imported. To its parent's
    state it must not look."""
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]  # noqa: SLF001 - the only way
    begin = lambda _, channel, **limits: Forked(channel, **limits)  # noqa: E731
    launching.ReadingProcess._begin = begin  # type: ignore[assignment,method-assign]  # noqa: SLF001 - the seam


def be_sure_of_the_server() -> None:
    """Have the server run that all runs start their reading processes from.

    It ends when a run was killed that was just asking it, but only when it comes to that; that it seems to be there tells
    nothing. It serves in the order of asking, so one process that it did start tells that nothing such is before it.
    """
    context = multiprocessing.get_context("forkserver")
    while True:
        one = context.Process(target=os.getpid)
        try:
            one.start()
        except (EOFError, OSError):  # it is about to end, and takes no orders; the next try starts another
            server: int = vars(forkserver._forkserver)["_forkserver_pid"]  # noqa: SLF001 - the only way
            os.waitid(os.P_PID, server, os.WEXITED | os.WNOWAIT)
        else:
            one.join()
            return
