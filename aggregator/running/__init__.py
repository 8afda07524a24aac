"""The process of the running service: it lives for weeks, so it holds what it needs and nothing else."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

from aggregator.running.handles import hidden_file, safe_path

if TYPE_CHECKING:
    from aggregator.config import Config

# For the C library of Linux; others do not look at it, and what the operator sets goes first. By default it keeps a heap for
# each thread that asks for memory, and what one has given back is not there for the others: with 10,000 sources that was 60 MB.
# And with each large answer it raises the size below which something becomes part of a heap, and leaves a hole there.
MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_MMAP_THRESHOLD_": "131072"}

COMPACT = {"PYTHONNODEBUGRANGES": "1"}  # tracebacks name the line, and not the part of it


def become(config: Config, *, part: str = "all", concurrency: int = 0) -> NoReturn:
    """Go on as the running service: the same process, begun anew with this configuration and a memory of its own.

    `part` says which part of it: "all", "leader" or "worker"; `concurrency` is for a worker, 0 for the usual one.

    What reads and checks a configuration, draws tables and changes schemas is as large as all that the service needs, and the
    memory that reading 10,000 sources took is in pieces afterwards: the system gets none of it back before the program ends.
    """
    from aggregator.config.handing import write_config  # noqa: PLC0415 - the new process imports this file first, see `__main__`

    handle = hidden_file()
    with open(handle, "wb", closefd=False) as file:
        write_config(config, file)
    os.lseek(handle, 0, os.SEEK_SET)
    os.set_inheritable(handle, True)
    sys.stdout.flush()
    sys.stderr.flush()
    # What was typed goes along for whoever looks at the list of processes.
    command = [sys.executable, *safe_path(), "-m", "aggregator.running", f"{handle}:{part}:{concurrency}", *sys.argv[1:]]
    os.execve(sys.executable, command, MEMORY | COMPACT | os.environ)  # noqa: S606 - our own program
