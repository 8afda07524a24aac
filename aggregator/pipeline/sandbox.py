"""Reading hostile bytes in processes of their own: what takes too long or too much memory ends there, and only there."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import threading
from collections.abc import Callable
from concurrent.futures import TimeoutError as TooLate
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

SECONDS = 20.0  # for one body; the slowest honest feed takes well under one
MEMORY = 3 * 1024**3  # bytes of address space of one process; most of it is libraries
MOST_WAITING = 32  # calls that wait: more than the processes answer in a moment
LOOK_EVERY = 1.0  # seconds after which somebody who waits looks whether the processes are there
TASKS_OF_ONE_PROCESS = 2_000  # then it makes room for a new one, and its leaks end with it
GONE = "the processes that read answers end as soon as they are started: see whether the machine has memory left"
STARTED_WITH = ["aggregator.pipeline.readers"]  # imported once, and shared by all processes

P = ParamSpec("P")
T = TypeVar("T")


class TooMuch(Exception):  # noqa: N818 - says what is the case
    """Reading was given up; the text says why."""


class Sandbox:
    """Runs pure functions in other processes, each call within limits of time and memory.

    Functions, arguments and results must be picklable. The processes start with the first call. A context manager. A script
    that uses it keeps its work behind `if __name__ == "__main__":`, as the standard library's `multiprocessing` asks.
    """

    def __init__(self, *, processes: int | None = None, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._processes = processes or max(2, min(4, os.cpu_count() or 1))
        self._seconds = seconds
        self._memory = memory
        self._pool: ProcessPool | None = None
        self._lock = threading.Lock()
        self._under_way = 0  # calls

    @property
    def behind(self) -> bool:
        """Whether more waits here than is soon answered."""
        return self._under_way > MOST_WAITING

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, whatever they are at."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            _end(pool)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function there. Raises what it raises, or `TooMuch` where it was ended.

        Where the processes themselves are gone (the system ran out of memory, say), it is called once more in new ones; where
        these are gone too, this raises `BrokenProcessPool`, which says what to look at.
        """
        self._under_way += 1
        try:
            with suppress(BrokenProcessPool):
                return await self._call(function, args, kwargs)
            return await self._call(function, args, kwargs)
        except BrokenProcessPool as error:
            raise BrokenProcessPool(f"{GONE} ({error})") from error
        finally:
            self._under_way -= 1

    async def _call(self, function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> T:
        pool = self._started()
        try:
            job = pool.schedule(function, args=list(args), kwargs=kwargs, timeout=self._seconds)
        except RuntimeError as error:  # it broke just now
            raise BrokenProcessPool(str(error)) from error
        answer = asyncio.wrap_future(job)
        try:
            while not (await asyncio.wait([answer], timeout=LOOK_EVERY))[0]:
                if not pool.active and not answer.done():
                    raise BrokenProcessPool("whoever would have answered is gone")
            result: T = answer.result()
        except TooLate as error:
            raise TooMuch(f"reading it took more than {self._seconds:g} s, and was given up") from error
        except (ProcessExpired, MemoryError) as error:
            raise TooMuch("reading it took more memory than one answer may have, and was given up") from error
        finally:
            answer.cancel()  # where nobody waits for it any more
        return result

    def _started(self) -> ProcessPool:
        with self._lock:
            if self._pool is not None and not self._pool.active:  # broken: it would refuse every call from now on
                _end(self._pool)
                self._pool = None
            if self._pool is None:
                context = multiprocessing.get_context("forkserver")
                context.set_forkserver_preload(STARTED_WITH)
                self._pool = ProcessPool(
                    max_workers=self._processes,
                    max_tasks=TASKS_OF_ONE_PROCESS,
                    initializer=_limit,
                    initargs=[self._memory],
                    context=context,
                )
            return self._pool


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves this one without types
    pool.join()


def _limit(memory: int) -> None:
    """Runs in each new process: an allocation beyond the limit raises MemoryError there."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
