"""A process that polls and publishes: `python -m tests.writing FEEDS`. At each byte of its standard input: one round.

It waits for no lock: were a reader ever in its way, it would end with a traceback.
"""

from __future__ import annotations

import asyncio
import sys

from aggregator.config import load_config
from aggregator.pipeline import poll_source
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import open_for, publish_ready, road
from aggregator.store import sqlite
from tests.conftest import Clock, be_quiet


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


async def write(feeds: str) -> None:
    """Poll every source, let time pass, publish; say what was published."""
    config, clock = load_config(feeds), Clock()
    store = open_for(config)
    with Sandbox(processes=1) as sandbox:
        async with road(config, store, clock=clock, sandbox=sandbox) as the_road:
            say("ready")
            while await asyncio.to_thread(sys.stdin.read, 1):
                for key in config.sources:
                    report = await poll_source(the_road, key)
                    if not report.outcome.kind.good:
                        sys.exit(report.outcome.reason)
                clock.forward(minutes=11)
                say(len(publish_ready(the_road)))
    store.close()


if __name__ == "__main__":
    sqlite.BUSY_S = 0
    be_quiet()
    asyncio.run(write(*sys.argv[1:]))
