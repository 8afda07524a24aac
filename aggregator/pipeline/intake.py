"""When a listing is read: what was read is ten times as large as its bytes, and waits in memory until it is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from aggregator.pipeline.sandbox import MOST_WAITING, Sandbox
from aggregator.store.writer import Writer

AT_ONCE = 4  # listings that are read, or whose turn it is next: as many as there are reading processes, at most

P = ParamSpec("P")
T = TypeVar("T")


class Intake:
    """Reads a few listings at a time, and none while the writer has more before it than one transaction takes."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    @property
    def behind(self) -> bool:
        """Whether more wait here than are soon read."""
        return self._waiting > MOST_WAITING

    async def run(self, sandbox: Sandbox, writer: Writer, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function in the sandbox when its turn has come; raises as that does. Its arguments wait, its result does not:
        it must be one that is handed to the writer next."""
        self._waiting += 1
        try:
            async with self._turns:
                await writer.room()
                return await sandbox.run(function, *args, **kwargs)
        finally:
            self._waiting -= 1
