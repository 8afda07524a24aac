"""`python -m benchmarks.harm.jumping --config FILE`: the service with a clock that can be set wrong.

It is ahead of the machine's by as many seconds as the file `clock` beside FILE says (behind: less than 0). All else is as in
`aggregator run`, which is handed its clock in the same way.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.cli.output import set_up_logs
from aggregator.config import load_config
from aggregator.service import prepare, serve, utc_now


def main() -> None:
    """Run until SIGTERM."""
    path = Path(sys.argv[sys.argv.index("--config") + 1])

    def clock() -> datetime:
        try:
            ahead = float((path.parent / "clock").read_text(encoding="ascii") or 0)
        except OSError:
            ahead = 0.0
        return utc_now() + timedelta(seconds=ahead)

    set_up_logs(everything=True)
    config = load_config(path)
    prepare(config, clock=clock)
    asyncio.run(serve(config, clock=clock))


if __name__ == "__main__":
    main()
