"""The service, from the configuration that it is handed to its end."""

from __future__ import annotations

import asyncio
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from aggregator.config.handing import read_config
from aggregator.running.alarming import watch_alarms
from aggregator.running.failures import failures_of_store
from aggregator.running.heart import beat, beat_of_worker
from aggregator.running.logs import all_secrets, set_up_logs
from aggregator.running.reloading import follow_file
from aggregator.running.supervisor import Supervisor
from aggregator.service import Service, serve, utc_now
from aggregator.web.measures import Measures

if TYPE_CHECKING:
    from aggregator.service.working import Worker


def main(handle: int, part: str = "all", *, concurrency: int = 0) -> None:
    """Serve, or do a part of that (see `running.become`), until somebody stops it; `handle`: the open configuration."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the file is followed: what was just read need not be read again
    with open(handle, "rb") as file:
        config = read_config(file)
    measures = Measures()
    set_up_logs(everything=True, secrets=all_secrets(config), heard=measures.count)
    tell, beside = Supervisor.of().tell, partial(_beside, measures)
    with failures_of_store(_end):
        if part == "all":
            asyncio.run(serve(config, tell=tell, beside=beside, measures=measures))
            return
        from aggregator.service.leading import lead, work  # noqa: PLC0415 - for those alone who have workers

        if part == "leader":
            asyncio.run(lead(config, tell=tell, beside=beside, measures=measures))
        else:
            asyncio.run(work(config, concurrency=concurrency, tell=tell, beside=_beside_worker))


async def _beside(measures: Measures, service: Service) -> None:
    measures.life = service
    watching = watch_alarms(service, measures.lookout)
    await asyncio.gather(follow_file(service), beat(service, clock=utc_now), watching)


async def _beside_worker(worker: Worker) -> None:
    await asyncio.gather(follow_file(worker), beat_of_worker(worker))


def _end(message: str, code: int) -> None:
    sys.stderr.write(f"{message}\n")
    sys.exit(code)
