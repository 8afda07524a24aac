"""Reading hostile bytes in processes of their own: what takes too long or too much memory ends there, and only there."""

from __future__ import annotations

import asyncio
import os
import pickle
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from aggregator.pipeline.launching import Gone, ReadingProcess
from aggregator.pipeline.readers import picked

SECONDS = 20.0  # for one body; the slowest honest feed takes well under one
MEMORY = 3 * 1024**3  # bytes of address space of one process; most of it is libraries
MOST_WAITING = 32  # calls that wait: more than the processes answer in a moment
PATIENCE = 1.0  # seconds for which a call waits for its turn, before there is one process more
IDLE = 60.0  # seconds after which a process that nobody needs makes room, unless it is the only one
NO_MEMORY = "reading it took more memory than one answer may have, and was given up"
GONE = "the processes that read answers end as soon as they are started: see whether the machine has memory left"

P = ParamSpec("P")
T = TypeVar("T")


class TooMuch(Exception):  # noqa: N818 - says what is the case
    """Reading was given up; the text says why."""


class NoneThere(Exception):  # noqa: N818 - says what is the case
    """No process can be started that would read."""


@dataclass(frozen=True, slots=True)
class _Job:
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    answer: Future[Any] = field(default_factory=Future)
    since: float = field(default_factory=time.monotonic)  # when it was handed over


class Sandbox:
    """Runs pure functions in other processes, each call within limits of time and memory.

    Functions, arguments and results must be picklable, and the functions be importable by name. The first process starts with
    the first call, another where calls have to wait; one that is idle for long ends, but for the last. A context manager.
    """

    def __init__(
        self, *, processes: int | None = None, seconds: float = SECONDS, memory: int = MEMORY, idle: float = IDLE
    ) -> None:
        self._most = processes or max(2, min(4, os.cpu_count() or 1))
        self._seconds, self._memory, self._idle = seconds, memory, idle
        self._lock = threading.Lock()
        self._readers: list[_Reader] = []  # the first of those that are free is asked, so that the others become idle
        self._waiting: deque[_Job] = deque()
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
            readers, self._readers = self._readers, []
            waiting, self._waiting = self._waiting, deque()
        for job in waiting:
            job.answer.cancel()
        for reader in readers:
            reader.end()
        for reader in readers:
            reader.join()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function there. Raises what it raises, or `TooMuch` where it was ended.

        Where no process comes to its beginning (the system ran out of memory, say), another is tried once more; where that one
        is gone too, this raises `NoneThere`, which says what to look at.
        """
        self._under_way += 1
        try:
            with suppress(Gone):
                return await self._call(function, args, kwargs)
            return await self._call(function, args, kwargs)
        except Gone as error:
            raise NoneThere(f"{GONE} ({error})") from error
        finally:
            self._under_way -= 1

    async def _call(self, function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> T:
        job = _Job(function, args, kwargs)
        self._hand_over(job)
        answer = asyncio.wrap_future(job.answer)
        try:
            while not (await asyncio.wait([answer], timeout=PATIENCE))[0]:
                self._have_enough()
            result: T = answer.result()
        finally:
            answer.cancel()  # where nobody waits for it any more
        return result

    def _hand_over(self, job: _Job) -> None:
        with self._lock:
            reader = next((one for one in self._readers if one.is_free), None)
            if reader is not None:
                reader.take(job)
                return
            self._waiting.append(job)
            if not self._readers:
                self._begin_one()

    def _have_enough(self) -> None:
        """Begin another process where a call is held up: not while one that will help is on its way.

        Not where calls only wait for each other: what was read is stored by the one process that the service is, which takes
        longer for it than a reading process, so that two of them read no more than one in the long run, and hold twice as much.
        """
        with self._lock:
            if not self._waiting or len(self._readers) >= self._most or any(one.is_beginning for one in self._readers):
                return
            held_up_since = max([self._waiting[0].since, *(one.began_at for one in self._readers)])
            if time.monotonic() - held_up_since >= PATIENCE:
                self._begin_one()

    def _begin_one(self) -> None:
        reader = _Reader(self, seconds=self._seconds, memory=self._memory)
        self._readers.append(reader)
        reader.start()

    def next_job(self, reader: _Reader) -> _Job | None:
        """What a reader does next: waits for it. None where it is to end."""
        with self._lock:
            if self._waiting and reader in self._readers:
                return self._waiting.popleft()
            reader.is_free = True
        while True:
            with suppress(Empty):
                return reader.given.get(timeout=self._idle)
            with self._lock:  # it may have been given something by now
                if reader.is_free and len(self._readers) > 1 and reader in self._readers:
                    self._readers.remove(reader)
                    return None


class _Reader(threading.Thread):
    """Waits for the answers of one process, and has a new one where that is gone."""

    def __init__(self, sandbox: Sandbox, *, seconds: float, memory: int) -> None:
        super().__init__(name="reader", daemon=True)
        self._sandbox, self._seconds, self._memory = sandbox, seconds, memory
        self._lock = threading.Lock()
        self._process: ReadingProcess | None = None
        self._ends = False
        self.given: SimpleQueue[_Job | None] = SimpleQueue()
        self.is_free = False  # waits for a job; the sandbox's lock guards this
        self.is_beginning = True  # its process is on its way, and will soon take what waits
        self.began_at = 0.0  # when that was last so

    def take(self, job: _Job) -> None:
        """Hand it a job while it is free."""
        self.is_free = False
        self.given.put(job)

    def end(self) -> None:
        """End it from outside, whatever it is at."""
        with self._lock:
            self._ends = True
            if self._process is not None:
                self._process.kill()
        self.given.put(None)

    def run(self) -> None:
        """Its life: job after job."""
        while not self._ends and self._carry_out(self._sandbox.next_job(self)):
            pass
        self._drop()

    def _carry_out(self, job: _Job | None) -> bool:
        """Whether there was a job. Nothing of it is kept."""
        if job is None:
            return False
        if job.answer.cancelled():
            return True
        result: Any = None
        error: BaseException | None = None
        try:
            result = self._result_of(job)
        except BaseException as raised:  # noqa: BLE001 - the edge of one job: whoever asked is told
            error = raised
        if self._ends or not job.answer.set_running_or_notify_cancel():  # nobody waits for it any more
            job.answer.cancel()
        elif error is not None:
            job.answer.set_exception(error)
        else:
            job.answer.set_result(result)
        return True

    def _result_of(self, job: _Job) -> Any:
        message = pickle.dumps((job.function, job.args, job.kwargs), pickle.HIGHEST_PROTOCOL)
        process = self._begun()
        try:
            well, result, leaves = picked(process.ask(message, seconds=self._seconds))
        except TimeoutError as error:
            self._drop()
            raise TooMuch(f"reading it took more than {self._seconds:g} s, and was given up") from error
        except EOFError as error:
            self._drop()
            raise TooMuch(NO_MEMORY) from error
        if leaves or isinstance(result, MemoryError):
            self._drop()
        if isinstance(result, MemoryError) and not well:
            raise TooMuch(NO_MEMORY) from result
        if not well:
            raise result
        return result

    def _begun(self) -> ReadingProcess:
        """A process that is ready: the one that is there, or a new one. Raises `Gone`."""
        if self._process is not None and self._process.is_there:
            return self._process
        self._drop()
        self.is_beginning = True
        process = ReadingProcess(memory=self._memory, seconds=self._seconds)
        with self._lock:
            self._process = process
            if self._ends:
                process.kill()
        try:
            process.wait_until_ready()
        except Gone:
            self._drop()
            raise
        self.began_at = time.monotonic()
        self.is_beginning = False
        return process

    def _drop(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.end()
