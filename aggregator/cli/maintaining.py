"""What is done for the store by and by: maintenance, maintain."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Annotated

import typer
from sqlalchemy import Connection

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, configuration, reading, store_errors
from aggregator.cli.output import FAILED, progress, say, set_up_logs, show_json, show_table
from aggregator.config import Config
from aggregator.pipeline import Clock
from aggregator.pipeline.caring import CHORES, Carer, chores_of
from aggregator.service import RUNNING, StoreHeld, hold, holder_of, open_for, utc_now
from aggregator.store import Store
from aggregator.store.maintaining import Entry, entries, make_due, planned_chores
from aggregator.store.retention import ALL
from aggregator.store.sizes import kept_sizes
from aggregator.store.tending import free_bytes, wal_bytes
from aggregator.store.writer import Writer

HEADINGS = ("chore", "at (UTC)", "ms", "freed bytes", "did")


def maintenance(
    limit: Annotated[int, typer.Option("--limit", min=1, max=2000, help="How many entries, the newest first.")] = 20,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """List what was done for the store by and by, what it freed, and when each chore is due next.

    Example: aggregator maintenance --limit 5
    """
    with reading(config) as store, store.read() as tx:
        done, planned, sizes = entries(tx, limit=limit), planned_chores(tx), sizes_of(store, tx)
    if as_json:
        show_json({"done": done, "planned": planned, "bytes": sizes})
        return
    _show(done)
    for one in planned:
        last = f"done {one.last_at:%Y-%m-%d %H:%M}, " if one.last_at else ""
        say(f"{one.name}: {last}due {one.next_at:%Y-%m-%d %H:%M} UTC")
    say(", ".join(f"{name.replace('_', ' ')} {size:,} bytes" for name, size in sizes.items()))


def sizes_of(store: Store, tx: Connection) -> dict[str, int]:
    """How much room the parts of a store take, in bytes on the disk."""
    own = {"write_ahead_log": wal_bytes(store), "unused_pages": free_bytes(tx)} if store.is_sqlite else {}
    return {"snapshots": kept_sizes(tx)[ALL], **own}


def _show(done: Sequence[Entry]) -> None:
    rows = [(one.chore, one.at, one.ms, one.freed or "", f"{'FAILED: ' * one.failed}{one.says}") for one in done]
    show_table(HEADINGS, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hands:
    """What the chores need, where nobody polls."""

    config: Config
    store: Store
    clock: Clock
    writer: Writer


def maintain(config: ConfigOption = FEEDS, as_json: JsonOption = False) -> None:
    """Do now what is done for the store by and by; a service that runs on it is asked to, in its next quiet moment.

    Example: aggregator maintain
    """
    plan = configuration(config)
    set_up_logs(everything=False)
    with store_errors():
        try:
            with hold(plan.service.storage, what="aggregator maintain", clock=utc_now):
                done = asyncio.run(_maintain(plan))
        except StoreHeld:
            if RUNNING not in holder_of(plan.service.storage):
                raise
            _ask_the_service(plan, as_json=as_json)
            return
    if as_json:
        show_json({"done": done, "asked_the_service": False})
    else:
        _show(done)
        say(f"{len(done)} things done" if done else "There was nothing to do.")
    if any(one.failed for one in done):
        raise typer.Exit(FAILED)


async def _maintain(plan: Config) -> list[Entry]:
    with closing(open_for(plan, create=False)) as store:
        names, writer = chores_of(store), Writer(store)
        with progress(len(names), "caring") as advance:
            hands = _Hands(config=plan, store=store, clock=utc_now, writer=writer)
            return await Carer().care(hands, names=names, tell=advance)


def _ask_the_service(plan: Config, *, as_json: bool) -> None:
    with closing(open_for(plan, create=False)) as store, store.write() as tx:
        make_due(tx, CHORES if store.is_sqlite else chores_of(store), now=utc_now())
    if as_json:
        show_json({"done": [], "asked_the_service": True})
    else:
        say("The service that runs on this store does it in its next quiet moment; see: aggregator maintenance")
