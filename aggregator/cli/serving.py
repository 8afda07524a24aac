"""Where the site and the API are served: the option of `run`, and the command `serve`."""

from __future__ import annotations

import os
import signal
import threading
from typing import Annotated

import typer

from aggregator import service
from aggregator.cli.common import FEEDS, ConfigOption, configuration, store_errors
from aggregator.cli.output import WRONG, fail, set_up_logs
from aggregator.config import Config
from aggregator.config.values import is_loopback, listening
from aggregator.running.logs import all_secrets
from aggregator.service import utc_now

VARIABLE = "AGGREGATOR_LISTEN"
ListenOption = Annotated[
    str | None,
    typer.Option(
        "--listen",
        metavar="HOST:PORT",
        help=f'Where the site and the API are served, in place of `listen` under [web]; "" for nowhere. Or {VARIABLE}.',
    ),
]


def listening_there(plan: Config, asked: str | None) -> Config:
    """The configuration with what the command line, or else the environment, says of where the site is served."""
    listen = os.environ.get(VARIABLE) if asked is None else asked
    if listen is None:
        return plan
    where = "--listen" if asked is not None else VARIABLE
    try:
        listening(listen)
    except ValueError as error:
        fail(f"{where}: {error}", code=WRONG)
    if listen and plan.web.token is None and not is_loopback(listen):
        fail(f"{where}: {listen} is open to other machines: set `token` under [web], or listen on 127.0.0.1", code=WRONG)
    return plan.served_at(listen)


def serve(listen: ListenOption = None, config: ConfigOption = FEEDS) -> None:
    """Serve the site and the API, read only, until it is stopped; also beside a running service, on the same store.

    Example: aggregator serve --listen 127.0.0.1:8601
    """
    from aggregator.web.measures import Measures  # noqa: PLC0415 - no other command needs a web server
    from aggregator.web.serving import ListenError, Serving  # noqa: PLC0415 - the same

    plan = listening_there(configuration(config), listen)
    if not plan.web.listen:
        fail("Nothing is served: `listen` is empty. Name a place: aggregator serve --listen 127.0.0.1:8601", code=WRONG)
    measures = Measures()
    set_up_logs(everything=True, secrets=all_secrets(plan), heard=measures.count)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with store_errors():
        store = service.open_for(plan, create=False)
        try:
            serving = Serving(store, plan, clock=utc_now, measures=measures)
        except ListenError as error:
            store.close()
            fail(str(error), code=WRONG)
    serving.start()
    while not stopped.wait(3600):
        pass
    serving.stop()
