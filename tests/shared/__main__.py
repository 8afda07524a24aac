"""`python -m tests.shared`: a campaign by hand, with as many kills as there is patience for, on a server of its own."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.world import SECRET, SIGNED_WITH
from tests.postgresql import MISSING, cluster, programs
from tests.shared.campaign import Campaign


def main() -> int:
    """Run a campaign; returns 0 where everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.shared", description=__doc__)
    parser.add_argument("--kills", type=int, default=500, help="how many programs are killed (500)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed chooses the same moments (1)")
    given = parser.parse_args()
    where = programs()
    if where is None:
        sys.stderr.write(f"{MISSING}\n")
        return 1
    os.environ.setdefault(SIGNED_WITH, SECRET)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="workers-") as folder, cluster(where) as server:
        report = Campaign(Path(folder), server, server.new_database(), seed=given.seed).go(given.kills)
    sys.stdout.write(f"{report}\n{time.monotonic() - started:.0f} s\n")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
