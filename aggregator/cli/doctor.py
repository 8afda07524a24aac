"""Looking at the machine: doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, configuration
from aggregator.cli.output import FAILED, show_json, show_table
from aggregator.running.machine import Health, look
from aggregator.service import utc_now


def doctor(
    config: ConfigOption = FEEDS,
    offline: Annotated[bool, typer.Option("--offline", help="Look up no name of the network.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look whether this machine has what the service needs, and say what to do where it has not.

    Example: aggregator doctor
    """
    found = list(look(configuration(config), now=utc_now(), ask=not offline))
    bad = any(one.health is Health.BAD for one in found)
    if as_json:
        show_json(found)
    else:
        show_table(("what", "is", "says", "what to do"), [(one.what, one.health, one.says, one.do) for one in found])
        if bad:
            print("\nThe service cannot work so.")
    if bad:
        raise typer.Exit(FAILED)
