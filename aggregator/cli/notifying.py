"""Trying those who are told of updates: notify test."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, reading_with
from aggregator.cli.completing import target_keys
from aggregator.cli.output import FAILED, WRONG, fail, harmless, show_json
from aggregator.config import Config
from aggregator.publish.notify.answers import Answer, Fate
from aggregator.publish.notify.ways import way_of_target, without_secrets
from aggregator.service import utc_now
from aggregator.store import Store

notify = typer.Typer(help="Those who are told of updates.", no_args_is_help=True)


@notify.callback()
def _commands() -> None:
    """Those who are told of updates."""


@notify.command("test")
def send_test(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Of a [notify.KEY] in feeds.toml.", autocompletion=target_keys)],
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Send a message that tells of no update to a target, once, quiet hours or not, and say what came back.

    Example: aggregator notify test desk
    """
    with reading_with(config) as (plan, store):
        if key not in plan.notify:
            known = ", ".join(plan.notify) or "none"
            fail(f"There is no target {key!r} in {plan.path}. Targets: {known}", code=WRONG)
        answer = asyncio.run(_test(plan, store, key))
    said = without_secrets(answer.said, plan.notify[key])
    if as_json:
        show_json({"target": key, "fate": answer.fate, "status": answer.status, "reason": answer.reason, "said": said})
    else:
        shown = " ".join(harmless(said).split())
        print(f"{key}: {answer.fate}: {answer.reason}" + (f"\nit said: {shown}" if shown else ""))
    if answer.fate is not Fate.ARRIVED:
        raise typer.Exit(FAILED)


async def _test(plan: Config, store: Store, key: str) -> Answer:
    way = way_of_target(plan.notify[key], plan, store)
    try:
        return await way.test(now=utc_now())
    finally:
        await way.aclose()
