"""What a reading process does: it takes a job, answers it, takes the next; within its limits, and with no secret at hand.

Whatever else it needs is imported with the first job that asks for it: who follows feeds alone pays for no parser of pages.
`launching.py` is the other end of its channel.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO

import aggregator

LENGTH = 8  # bytes that say how long a message is
READY, STAYS, LEAVES = b"ready", b"s", b"l"
CHANNEL = 0  # its standard input, which is a socket
JOBS_OF_ONE_PROCESS = 2_000  # then it makes room for a new one, and its leaks end with it
MOST_GROWN = 4 * 1024**2  # bytes by which it may grow before it looks for what it can give back
MOST_KEPT = 96 * 1024**2  # bytes that may be left then: what else a large answer left behind is given back by a new process
EVERY_PROCESS_NEEDS = "aggregator.pipeline.parsing"


def main(memory: int, seconds: float) -> None:
    """Serve until the channel ends. An allocation beyond `memory` raises MemoryError; a job that goes on long after `seconds`,
    when nobody is there any more who would end it, ends the process."""
    limit(memory)
    # Whoever ends a whole group (a terminal, a service manager) tells the service, too, which lets what is being read be read.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    aggregator.HANDED = True  # its rules were checked
    import_module(EVERY_PROCESS_NEEDS)
    gc.collect()
    gc.freeze()  # what is imported stays: no collection need look at it
    serve(CHANNEL, seconds)


def limit(memory: int) -> None:
    """An allocation beyond `memory` bytes of address space raises MemoryError; and what was read is dumped nowhere."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(channel: int, seconds: float) -> None:
    """Say that it is ready, then answer job by job until nobody is at the other end."""
    number, least = 0, resident()
    with open(channel, "rb", closefd=False) as jobs, open(os.dup(channel), "wb") as answers:
        _send(answers, READY)
        while message := _receive(jobs):
            number += 1
            signal.setitimer(signal.ITIMER_REAL, 2 * seconds)  # no handler: it ends a loop in C, too
            answer = _answer(message)
            signal.setitimer(signal.ITIMER_REAL, 0)
            del message
            if resident() > least + MOST_GROWN:
                least = given_back()
            _send(answers, LEAVES if number >= JOBS_OF_ONE_PROCESS or least > MOST_KEPT else STAYS, answer)
            del answer


def _receive(jobs: BinaryIO) -> bytes:
    """The next message; b"" where there is none any more."""
    head = jobs.read(LENGTH)
    return jobs.read(int.from_bytes(head, "big")) if len(head) == LENGTH else b""


def _send(answers: BinaryIO, *parts: bytes) -> None:
    try:
        answers.write(sum(map(len, parts)).to_bytes(LENGTH, "big"))
        answers.writelines(parts)
        answers.flush()
    except BrokenPipeError:  # nobody waits for it
        sys.exit(0)


def _answer(message: bytes) -> bytes:
    """What comes of a job, written down: whether all went well, and the result or the error."""
    try:
        function, args, kwargs = pickle.loads(message)  # noqa: S301 - from the process that started this one
        well, result = True, function(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - the edge of one job: whoever asked is told
        well, result = False, _with_place(error)
    try:
        return pickle.dumps((well, result), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - it cannot be written down, or there is no memory left for that
        why = error if isinstance(error, MemoryError) else RuntimeError(f"an answer that cannot be handed on: {error!r}")
        return pickle.dumps((False, why))


def _with_place(error: Exception) -> Exception:
    """The error with a note of where it was raised: its traceback stays here."""
    places, frame = [], error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        places.append(f"{code.co_filename}:{frame.tb_lineno} in {code.co_qualname}")
        frame = frame.tb_next
    error.add_note("in a reading process, at " + ", ".join(places[1:][-10:]))
    return error


def resident() -> int:
    """Bytes of memory that this process holds now; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def given_back() -> int:
    """Give back to the system what nobody uses; returns the bytes of memory that are left."""
    import ctypes  # noqa: PLC0415 - the service knows this module, and gives nothing back

    gc.collect()
    with suppress(AttributeError, OSError):  # not every library of C has it
        ctypes.CDLL(None).malloc_trim(0)
    return resident()


def picked(answer: bytearray) -> tuple[bool, Any, bool]:
    """What the other side is sent: whether all went well, the result or the error, and whether the process leaves."""
    well, result = pickle.loads(memoryview(answer)[1:])  # noqa: S301 - from a process that this one started
    return well, result, answer[:1] == LEAVES
