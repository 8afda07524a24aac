"""The service, from the configuration that it is handed to its end."""

from __future__ import annotations

import asyncio
import multiprocessing
import sys

from aggregator.config import Config
from aggregator.config.handing import read_config
from aggregator.running.failures import failures_of_store
from aggregator.running.logs import set_up_logs
from aggregator.service import prepare, serve


def main(handle: int) -> None:
    """Serve until somebody stops it; `handle` is the open file of the configuration."""
    with open(handle, "rb") as file:
        config = read_config(file)
    set_up_logs(everything=True)
    # What changes the schema is large to import, and not needed again: it ends with a process of its own.
    child = multiprocessing.get_context("fork").Process(target=_prepare, args=[config])
    child.start()
    child.join()
    if child.exitcode:
        sys.exit(child.exitcode)
    with failures_of_store(_end):
        asyncio.run(serve(config))


def _prepare(config: Config) -> None:
    with failures_of_store(_end):
        prepare(config)


def _end(message: str, code: int) -> None:
    sys.stderr.write(f"{message}\n")
    sys.exit(code)
