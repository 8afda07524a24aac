"""The service, from the configuration that it is handed to its end."""

from __future__ import annotations

import asyncio
import sys
from functools import partial

from aggregator.config.handing import read_config
from aggregator.running.alarming import watch_alarms
from aggregator.running.failures import failures_of_store
from aggregator.running.heart import beat
from aggregator.running.logs import all_secrets, set_up_logs
from aggregator.running.reloading import follow_file
from aggregator.running.supervisor import Supervisor
from aggregator.service import Service, serve, utc_now
from aggregator.web.measures import Measures


def main(handle: int) -> None:
    """Serve until somebody stops it; `handle` is the open file of the configuration."""
    with open(handle, "rb") as file:
        config = read_config(file)
    measures = Measures()
    set_up_logs(everything=True, secrets=all_secrets(config), heard=measures.count)
    with failures_of_store(_end):
        asyncio.run(serve(config, tell=Supervisor.of().tell, beside=partial(_beside, measures), measures=measures))


async def _beside(measures: Measures, service: Service) -> None:
    measures.life = service
    watching = watch_alarms(service, measures.lookout, clock=utc_now)
    await asyncio.gather(follow_file(service), beat(service, clock=utc_now), watching)


def _end(message: str, code: int) -> None:
    sys.stderr.write(f"{message}\n")
    sys.exit(code)
