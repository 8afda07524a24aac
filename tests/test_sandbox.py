"""The reading processes: what becomes of them, and what they are given."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from aggregator.pipeline import launching, readers
from aggregator.pipeline.sandbox import NoneThere, Sandbox, TooMuch
from tests.patience import WAIT

ROOT = Path(__file__).parents[1]
# In a process of its own, which is killed while one of its reading processes waits and the other is at work.
SCRIPT = """
import asyncio, os, sys, time
from aggregator.pipeline.sandbox import Sandbox

async def main():
    with Sandbox(seconds=2.0) as sandbox:
        first = await sandbox.run(os.getpid)
        long = asyncio.ensure_future(sandbox.run(endless))
        await asyncio.sleep(0)
        second = await sandbox.run(os.getpid)
        print(first, second, flush=True)
        await long

from tests.test_sandbox import endless
asyncio.run(main())
"""


def endless() -> None:
    """A loop that no signal handler of Python's ends."""
    while True:
        pass


def environment() -> dict[str, str]:
    return {**os.environ}


def open_files() -> list[str]:
    found = []
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the folder itself
            found.append(os.readlink(f"/proc/self/fd/{name}"))
    return found


def large() -> int:
    """Takes much memory, and gives back none of it while the process lives."""
    globals()["kept"] = bytearray(b"x") * (readers.MOST_KEPT + 1)
    return os.getpid()


def large_for_a_moment() -> int:
    """Takes much memory and gives all of it back but the last piece, which lies behind all others."""
    pieces = [bytes(1000) for _ in range(60_000)]
    globals()["kept"] = pieces[-1]
    return readers.resident()


def what_is_none() -> Callable[[], None]:
    return lambda: None


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def go(main: Callable[[Sandbox], Coroutine[Any, Any, None]], **limits: float) -> None:
    async def run() -> None:
        with Sandbox(**limits) as sandbox:  # type: ignore[arg-type]  # numbers all
            await main(sandbox)

    asyncio.run(run())


def test_reading_goes_on_in_a_new_process_when_the_old_one_is_gone() -> None:
    async def main(sandbox: Sandbox) -> None:
        first = await sandbox.run(os.getpid)
        os.kill(first, signal.SIGKILL)  # as the system does that runs out of memory
        assert within(WAIT, lambda: gone(first))
        assert await sandbox.run(os.getpid) not in (first, os.getpid())
        with pytest.raises(ValueError, match="no number") as raised:
            await sandbox.run(int, "no number")
        assert "in a reading process" in raised.value.__notes__[0]

    go(main, processes=1)


def test_a_process_that_is_killed_over_an_answer_takes_that_one_alone_with_it() -> None:
    async def main(sandbox: Sandbox) -> None:
        first = await sandbox.run(os.getpid)
        long = asyncio.ensure_future(sandbox.run(time.sleep, WAIT))
        waiting = asyncio.ensure_future(sandbox.run(len, "abc"))
        await asyncio.sleep(0.1)
        os.kill(first, signal.SIGKILL)
        with pytest.raises(TooMuch, match="memory"):
            await long
        assert await waiting == 3

    go(main, processes=1)


def test_a_large_body_is_not_sent_to_one_that_does_not_take_it_for_ever() -> None:
    async def main(sandbox: Sandbox) -> None:
        first = await sandbox.run(os.getpid)
        os.kill(first, signal.SIGSTOP)
        with pytest.raises(TooMuch, match=r"more than 2 s"):
            await sandbox.run(len, bytes(5_000_000))
        assert gone(first)
        assert await sandbox.run(len, bytes(5_000_000)) == 5_000_000

    go(main, processes=1, seconds=2.0)


def test_one_slow_answer_delays_no_other_and_one_process_is_enough_where_nothing_waits() -> None:
    async def main(sandbox: Sandbox) -> None:
        first = await sandbox.run(os.getpid)
        assert {await sandbox.run(os.getpid) for _ in range(10)} == {first}
        slow = asyncio.ensure_future(sandbox.run(time.sleep, WAIT))
        await asyncio.sleep(0)  # it is the first to ask
        others = {await sandbox.run(os.getpid) for _ in range(3)}
        assert len(others) == 1
        assert first not in others
        assert not slow.done()
        slow.cancel()
        with suppress(asyncio.CancelledError):
            await slow

    go(main, processes=2)


def test_where_many_answers_come_one_after_the_other_one_process_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """What they say is stored meanwhile, and that takes longer: a second process would only hold memory."""
    monkeypatch.setattr("aggregator.pipeline.sandbox.PATIENCE", 2.0)  # some always wait, for 4 s; each for much less

    async def main(sandbox: Sandbox) -> None:
        readers = set[int]()

        async def some() -> None:
            for _ in range(50):
                await sandbox.run(time.sleep, 0.02)
                readers.add(await sandbox.run(os.getpid))

        await asyncio.gather(*(some() for _ in range(4)))
        assert len(readers) == 1

    go(main, processes=2)


def test_where_each_answer_takes_long_more_processes_read() -> None:
    async def main(sandbox: Sandbox) -> None:
        readers, until = set[int](), time.monotonic() + WAIT

        async def some() -> None:
            while len(readers) < 2 and time.monotonic() < until:
                await sandbox.run(time.sleep, 0.4)
                readers.add(await sandbox.run(os.getpid))

        await asyncio.gather(*(some() for _ in range(4)))
        assert len(readers) == 2

    go(main, processes=2)


def test_a_second_process_ends_when_it_is_not_needed_any_more_and_the_last_one_stays() -> None:
    async def main(sandbox: Sandbox) -> None:
        first, slow = await sandbox.run(os.getpid), asyncio.ensure_future(sandbox.run(time.sleep, 1.5))
        await asyncio.sleep(0)
        second = await sandbox.run(os.getpid)
        assert second != first
        await slow
        assert await asyncio.to_thread(within, WAIT, lambda: gone(first) or gone(second))
        await asyncio.sleep(0.3)
        assert [gone(first), gone(second)].count(True) == 1
        assert await sandbox.run(os.getpid) in (first, second)

    go(main, processes=2, idle=0.1)


def test_what_nobody_waits_for_any_more_is_not_read() -> None:
    async def main(sandbox: Sandbox) -> None:
        first = asyncio.ensure_future(sandbox.run(time.sleep, 0.3))
        given_up = asyncio.ensure_future(sandbox.run(time.sleep, WAIT))
        await asyncio.sleep(0.1)
        given_up.cancel()
        await first
        assert await sandbox.run(len, "abc") == 3

    go(main, processes=1)


def test_a_process_that_a_large_answer_left_large_makes_room_for_a_new_one() -> None:
    async def main(sandbox: Sandbox) -> None:
        first = await sandbox.run(large)
        assert gone(first)
        assert await sandbox.run(os.getpid) != first

    go(main, processes=1)


def test_what_an_answer_took_for_a_moment_is_given_back_to_the_system() -> None:
    async def main(sandbox: Sandbox) -> None:
        before, during = await sandbox.run(readers.resident), await sandbox.run(large_for_a_moment)
        after = await sandbox.run(readers.resident)
        assert during - before > 60_000_000
        assert after - before < 20_000_000

    go(main, processes=1)


def test_an_answer_that_cannot_be_handed_on_is_told() -> None:
    async def main(sandbox: Sandbox) -> None:
        with pytest.raises(RuntimeError, match="cannot be handed on"):
            await sandbox.run(what_is_none)
        with pytest.raises((AttributeError, pickle.PicklingError)):
            await sandbox.run(lambda: None)
        assert await sandbox.run(len, "abc") == 3

    go(main, processes=1)


def test_a_process_is_given_no_secret_and_no_open_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AGGREGATOR_SECRET", "pssst")
    monkeypatch.setenv("TZ", "Asia/Tokyo")

    async def main(sandbox: Sandbox) -> None:
        with (tmp_path / "open").open("wb") as file:
            os.set_inheritable(file.fileno(), True)
            there = await sandbox.run(environment)
            files = await sandbox.run(open_files)
        assert there["TZ"] == "Asia/Tokyo"
        assert set(there) <= {*launching.HANDED_ON}
        assert len([name for name in files if name.startswith("socket:")]) == 2  # the same, to read and to write
        assert not any(str(tmp_path) in name for name in files)

    go(main, processes=1)


def test_who_ends_the_whole_group_does_not_end_what_is_being_read() -> None:
    async def main(sandbox: Sandbox) -> None:
        first = await sandbox.run(os.getpid)
        for sign in (signal.SIGINT, signal.SIGTERM):  # a terminal, a service manager
            os.kill(first, sign)
        assert await sandbox.run(os.getpid) == first

    go(main, processes=1)


def test_no_process_outlives_a_service_that_was_killed() -> None:
    place = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True, env=place) as service:
        assert service.stdout is not None
        reading = [int(pid) for pid in service.stdout.readline().split()]
        service.kill()
    assert len(reading) == 2
    assert within(WAIT, lambda: all(map(gone, reading)))


@pytest.mark.parametrize("begin", ["raise SystemExit(3)", "import nothing.of.that.name"])
def test_processes_that_cannot_begin_are_told_with_what_to_look_at(begin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "BEGIN", begin)

    async def main(sandbox: Sandbox) -> None:
        with pytest.raises(NoneThere, match=r"whether the machine has memory left \(it ended with \d before it began\)"):
            await sandbox.run(pow, 2, 5)

    go(main)


def test_a_program_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    async def main(sandbox: Sandbox) -> None:
        with pytest.raises(NoneThere, match="/nowhere/python"):
            await sandbox.run(pow, 2, 5)

    go(main)


def test_one_that_was_closed_begins_anew() -> None:
    sandbox = Sandbox(processes=1)
    first = asyncio.run(sandbox.run(os.getpid))
    sandbox.close()
    assert gone(first)
    assert asyncio.run(sandbox.run(os.getpid)) != first
    sandbox.close()
