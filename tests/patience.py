"""How long a test waits for what must come before it gives up, and how it measures what must not take long."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

# No test waits when all is well. Seconds, and many: a machine that is busy with others may stand still for half a minute.
WAIT = 300.0
STEP = 0.05  # seconds


class Passing:
    """How long something takes where the machine may stand still in between: time passes in steps, and one in which nothing ran
    is a step like the others. A context manager."""

    def __init__(self) -> None:
        self._steps = 0
        self._over = threading.Event()
        self._counting = threading.Thread(target=self._count, daemon=True)

    @property
    def seconds(self) -> float:
        """How much has passed."""
        return self._steps * STEP

    def __enter__(self) -> Self:
        self._counting.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._counting.join()

    def _count(self) -> None:
        while not self._over.wait(STEP):
            self._steps += 1
