"""The reading processes, when the system takes them away."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from aggregator.pipeline.sandbox import Sandbox
from tests.patience import WAIT

# In a process of its own: what it kills is shared by every test of this one.
SCRIPT = """
import asyncio, contextlib, os, signal, time
from multiprocessing import forkserver
from aggregator.pipeline.sandbox import Sandbox, TooMuch

async def main():
    with Sandbox(processes=2) as sandbox:
        assert await sandbox.run(pow, 2, 5) == 32
        os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)  # as the system does that runs out of memory
        until = time.monotonic() + 2.0  # the old processes work on for a moment, until somebody sees what is gone
        while time.monotonic() < until:
            with contextlib.suppress(TooMuch):  # what ran there in the very moment is given up
                assert await sandbox.run(pow, 2, 6) == 64
        assert await sandbox.run(pow, 2, 7) == 128
        try:
            await sandbox.run(int, "no number")
        except ValueError:
            print("all went on")

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_reading_goes_on_in_new_processes_when_the_old_ones_are_gone(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    place = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, tmp_path / "script.py"], capture_output=True, text=True, timeout=WAIT, check=False, env=place
    )
    assert done.stdout == "all went on\n", done.stderr


def test_processes_that_cannot_be_started_are_told_with_what_to_look_at() -> None:
    class Lost(Sandbox):
        def _started(self) -> None:  # type: ignore[override]  # as when no process can be started
            raise BrokenProcessPool("the pool is not usable")

    with Lost() as sandbox, pytest.raises(BrokenProcessPool, match=r"whether the machine has memory left \(the pool is not"):
        asyncio.run(sandbox.run(pow, 2, 5))
