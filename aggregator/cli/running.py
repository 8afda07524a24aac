"""Commands that become the running service, or a part of it: run, worker."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import structlog
import typer

from aggregator import running
from aggregator.cli.common import FEEDS, ConfigOption, configuration, store_errors
from aggregator.cli.output import WRONG, fail, set_up_logs
from aggregator.cli.serving import ListenOption, listening_there
from aggregator.config import Config
from aggregator.running.logs import all_secrets
from aggregator.service import prepare

log = structlog.get_logger()


def run(
    listen: ListenOption = None,
    no_poll: Annotated[
        bool, typer.Option("--no-poll", help="Leave the polls to workers (`aggregator worker`); for a store on PostgreSQL.")
    ] = False,
    config: ConfigOption = FEEDS,
) -> None:
    """Run the service: poll what is due, publish what has settled, serve the site, until it is stopped.

    Example: aggregator run --config feeds.toml
    """
    plan = listening_there(configuration(config), listen)
    if no_poll:
        for_workers(plan, "aggregator run --no-poll")
    _begin(plan, config)
    with store_errors():
        prepare(plan, together=no_poll)  # here, as what changes a schema is large to import
        running.become(plan, part="leader" if no_poll else "all")


def worker(
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=1000, help="Polls at a time; most of them wait for a host.")
    ] = 64,
    config: ConfigOption = FEEDS,
) -> None:
    """Poll for `aggregator run --no-poll`, on this machine or another, beside any number of workers.

    Example: aggregator worker --concurrency 64
    """
    plan = configuration(config)
    for_workers(plan, "aggregator worker")
    _begin(plan, config)
    with store_errors():
        prepare(plan, together=True)
        running.become(plan, part="worker", concurrency=concurrency)


def _begin(plan: Config, config: Path) -> None:
    set_up_logs(everything=True, secrets=all_secrets(plan))
    if not plan.service.contact:
        log.warning("contact_unset", advice=f"{config}: set `contact` under [service], so that a source can write to you")


def for_workers(plan: Config, command: str) -> None:
    """End with a sentence where a store takes no workers."""
    if not plan.service.database_url.startswith("postgresql"):
        fail(
            f"{command}: workers need a store on PostgreSQL, and {plan.path.name} names none: SQLite has one writer, and"
            ' `aggregator run` alone does everything. Set database = "postgresql+psycopg://HOST/NAME" under [service].',
            code=WRONG,
        )
    if find_spec("procrastinate") is None:
        from aggregator.store.jobs.link import INSTALL  # noqa: PLC0415 - for those alone who have workers

        fail(f"{command}: {INSTALL}", code=WRONG)
