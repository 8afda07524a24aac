"""What waits for those who are told of updates, and what did not arrive: list it, have it tried again, drop it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, configuration, reading_with, store_errors
from aggregator.cli.completing import target_keys
from aggregator.cli.ledger import LARGEST, ByOption, checked_by, checked_why
from aggregator.cli.output import FAILED, WRONG, fail, show_json, show_table
from aggregator.config import Config
from aggregator.publish.notify.hours import quiet_until
from aggregator.service import open_for, utc_now
from aggregator.store.outbox import SITE, Undelivered, count_not_arrived, drop, dropped, not_arrived, one_message, retry
from aggregator.store.recipients import NOTIFY, WEBSUB, recipients_of, resting

outbox = typer.Typer(help="What waits for those who are told of updates, and what did not arrive.", invoke_without_command=True)

MessageArgument = Annotated[int, typer.Argument(metavar="ID", min=1, max=LARGEST, help="The number of a message.")]


@outbox.callback()
def show(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="How many at most.")] = 1000,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """List what did not arrive yet, oldest first: what waits, what failed and when it is tried again, what is dead and why.

    Example: aggregator outbox --json
    """
    if ctx.invoked_subcommand is not None:
        _refuse_misplaced(ctx, ctx.invoked_subcommand)
        return
    with reading_with(config) as (plan, store), store.read() as tx:
        found, total, rests = not_arrived(tx, limit=limit), count_not_arrived(tx), resting(tx)
    now = utc_now()
    rows = [(one, *standing(one, plan, rests, now=now)) for one in found]
    if as_json:
        show_json([{**asdict(one), "state": state, "next_try_at": at, "why": why} for one, state, at, why in rows])
        return
    headings = ("id", "for", "story", "update", "state", "tries", "next try (UTC)", "why")
    show_table(
        headings,
        [(one.id, _name(one), one.story, one.number, state, one.attempts, at, why) for one, state, at, why in rows],
    )
    print(_tally([state for _, state, _, _ in rows], total), file=sys.stderr)


def _refuse_misplaced(ctx: typer.Context, command: str) -> None:
    """What stands before `retry` or `drop` says nothing to them: they would work on another store than on the named one."""
    for option in ctx.command.params:
        source = ctx.get_parameter_source(option.name or "")
        if source is not None and source.name == "COMMANDLINE":
            fail(f"{option.opts[0]}: write it behind {command}, which has its own: aggregator outbox {command} …", code=WRONG)


def standing(one: Undelivered, plan: Config, rests: dict[str, datetime], *, now: datetime) -> tuple[str, datetime | None, str]:
    """How a message stands: waiting, failing, held or dead; when it is tried next (None: at once, or never); and why."""
    if one.dead_at is not None:
        return "dead", None, one.why
    state = "failing" if one.attempts else "waiting"
    if one.recipient == SITE:
        return state, None, one.why
    if one.recipient not in {recipient.key for recipient in recipients_of(plan)}:
        place = "[web] hub and url" if one.recipient == WEBSUB else f"[notify.{_name(one)}], enabled,"
        return "held", None, f"{place} is not in {plan.path.name}: it is told when it is there again"
    at = max((moment for moment in (one.next_try_at, rests.get(one.recipient)) if moment is not None), default=None)
    why = one.why
    target = plan.notify.get(one.recipient.removeprefix(NOTIFY))
    if target is not None:
        if target.every and one.bundle is None:
            at = max(at or now, one.created_at + target.every)
            why = why or "sent together with what else comes"
        quiet = quiet_until(target.quiet, target.zone, max(at or now, now))
        if quiet is not None:
            at, why = quiet, why or "quiet hours"
    return state, at if at is not None and at > now else None, why


def _name(one: Undelivered) -> str:
    return one.recipient.removeprefix(NOTIFY)


def _tally(states: Sequence[str], total: int) -> str:
    counts = Counter(states)
    said = ", ".join(f"{counts[state]} {state}" for state in ("waiting", "failing", "held", "dead") if counts[state])
    more = f" of {total}" if total > len(states) else ""
    return f"{len(states)}{more} not delivered{': ' if said else ''}{said}"


@outbox.command("retry")
def retry_messages(
    number: Annotated[int | None, typer.Argument(metavar="[ID]", min=1, max=LARGEST, help="The number of a message.")] = None,
    target: Annotated[
        str | None, typer.Option("--target", metavar="KEY", help="All that did not arrive there.", autocompletion=target_keys)
    ] = None,
    by: ByOption = None,
    config: ConfigOption = FEEDS,
) -> None:
    """Have a message that failed or is dead tried again at once, or all of a target but what was dropped; with the next tick.

    Example: aggregator outbox retry --target desk
    """
    who = checked_by(by)
    if (number is None) == (target is None):
        fail("Name one message by its number, or all of a target: aggregator outbox retry ID | --target KEY", code=WRONG)
    plan = configuration(config)
    with store_errors(), closing(open_for(plan, create=False)) as store, store.write() as tx:
        if number is not None:
            ids = [_open(one_message(tx, number), number).id]
        else:
            key = WEBSUB if target == WEBSUB and WEBSUB not in plan.notify else f"{NOTIFY}{target}"
            left_out = dropped(tx)
            failing = [one for one in not_arrived(tx, recipient=key) if one.attempts or one.dead_at is not None]
            ids = [one.id for one in failing if one.id not in left_out]
            if target not in plan.notify and key != WEBSUB and not ids:
                known = ", ".join(plan.notify) or "none"
                fail(f"There is no target {target!r} in {plan.path}, and nothing waits for one. Targets: {known}", code=WRONG)
        retry(tx, ids, by=who, at=utc_now())
    print(f"{len(ids)} message{'s' * (len(ids) != 1)} will be tried again")


@outbox.command("drop")
def drop_message(
    number: MessageArgument,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why; it is kept.")],
    by: ByOption = None,
    config: ConfigOption = FEEDS,
) -> None:
    """Give a message up: it is not tried again, and stands among the dead with who did it and why.

    Example: aggregator outbox drop 214 --why "the receiver has it from elsewhere"
    """
    who, reason = checked_by(by), checked_why(why) or fail("--why: say why, in a sentence", code=WRONG)
    plan = configuration(config)
    with store_errors(), closing(open_for(plan, create=False)) as store, store.write() as tx:
        one = _open(one_message(tx, number), number)
        if one.dead_at is not None:
            fail(f"Message {number} is dead already: {one.why}", code=FAILED)
        drop(tx, [one.id], by=who, why=reason, at=utc_now())
    print(f"message {number} is dropped")


def _open(found: tuple[Undelivered, bool] | None, number: int) -> Undelivered:
    """A message that did not arrive, and is somebody's; or an end with a sentence."""
    if found is None:
        fail(f"There is no message {number}. List them: aggregator outbox", code=WRONG)
    one, arrived = found
    if arrived:
        fail(f"Message {number} has arrived.", code=FAILED)
    if one.recipient == SITE:
        fail(f"Message {number} is of the site, which is written anew at each pass by itself.", code=FAILED)
    return one
