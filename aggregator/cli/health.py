"""How the running service is: health."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption
from aggregator.cli.output import FAILED, WRONG, fail, show_json, show_table
from aggregator.config import ConfigError, load_config
from aggregator.running.health import health as look
from aggregator.running.health import under_the_one_before
from aggregator.running.machine import Health, Looked
from aggregator.service import utc_now

WORDS = {Health.GOOD: "green", Health.DOUBTFUL: "yellow", Health.BAD: "red"}


def health(
    config: ConfigOption = FEEDS,
    strict: Annotated[bool, typer.Option("--strict", help="Fail where it is yellow, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say how the service is: exit code 0 where it works, 1 where it does not; for Docker, systemd and monitors.

    Example: aggregator health
    """
    found = _looked(config)
    worst = max((one.health for one in found), key=list(Health).index)
    if as_json:
        show_json({"health": WORDS[worst], "looked": [{"is": WORDS[one.health], **_told(one)} for one in found]})
    else:
        rows = [(one.what, WORDS[one.health], one.says, one.do) for one in found]
        show_table(("what", "is", "says", "what to do"), rows)
    if worst is Health.BAD or (strict and worst is Health.DOUBTFUL):
        raise typer.Exit(FAILED)


def _looked(path: Path) -> list[Looked]:
    """With mistakes in the file, a service that runs goes on under the one before, and that is no trouble of its own."""
    try:
        return list(look(load_config(path), now=utc_now()))
    except ConfigError as error:
        before = under_the_one_before(path)
        if before is None:
            fail(str(error), code=WRONG)
        return list(look(before, now=utc_now(), mistakes=str(error).splitlines()))


def _told(one: object) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("what", "says", "do")}
