"""`python -m aggregator.running HANDLE:PART:CONCURRENCY`: the running service, or a part of it, started by `aggregator run` and
`aggregator worker` alone."""

from __future__ import annotations

import sys
from typing import Any

import aggregator

# httpx and structlog import these where they are installed, for a command line and for tracebacks in colour: not for a service.
_unwanted: dict[str, Any] = dict.fromkeys(("click", "pygments", "rich"))
sys.modules.update(_unwanted)

aggregator.HANDED = True

from aggregator.running.serving import main  # noqa: E402 - after that

handle, part, concurrency = sys.argv.pop(1).split(":")
main(int(handle), part, concurrency=int(concurrency))
