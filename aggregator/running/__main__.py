"""`python -m aggregator.running HANDLE`: the running service, started by `aggregator run` alone."""

from __future__ import annotations

import sys
from typing import Any

# httpx and structlog import these where they are installed, for a command line and for tracebacks in colour: not for a service.
_unwanted: dict[str, Any] = dict.fromkeys(("click", "pygments", "rich"))
sys.modules.update(_unwanted)

from aggregator.running.serving import main  # noqa: E402 - after that

main(int(sys.argv.pop(1)))
