"""The command for programs that follow the store: changes."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, reading
from aggregator.cli.output import WRONG, fail, progress, show_json, show_table
from aggregator.store.following import MOST_AT_ONCE, Change, Changes, CursorError, wait_for_changes

LONGEST_WAIT = 3600  # seconds


def changes(
    since: Annotated[str, typer.Option("--since", metavar="CURSOR", help="Go on from here; from the beginning without.")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=MOST_AT_ONCE, help="How many at most.")] = 1000,
    wait: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", min=0, max=LONGEST_WAIT, help="Wait so long for the first one.")
    ] = 0,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """List what has changed since a cursor, oldest first, with the cursor to go on from.

    Example: aggregator changes --since 164-3f2a9c1e-5d01b2 --wait 60
    """
    with reading(config) as store, progress(None, "waiting for a change") if wait else nullcontext():
        try:
            found = wait_for_changes(store, since, limit=limit, seconds=wait, clock=time.monotonic, sleep=time.sleep)
        except CursorError as error:
            fail(f"--since: {error}", code=WRONG)
    if as_json:
        show_json(found)
        return
    show_table(("seq", "kind", "key", "at (UTC)", "where"), [(c.seq, c.kind, c.key, c.at, where(c)) for c in found.changes])
    print(_tally(found), file=sys.stderr)


def where(change: Change) -> str:
    """Where a change is read, as it would stand in SQL: `v1_statements.id = 12`."""
    return " AND ".join(f"{change.view}.{column} = {_literal(value)}" for column, value in change.row.items())


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _tally(found: Changes) -> str:
    count = len(found.changes)
    said = f"{count} {'change' if count == 1 else 'changes'}{', and there are more' if found.more else ''}"
    return f"{said}; go on with: aggregator changes --since {found.cursor}"
