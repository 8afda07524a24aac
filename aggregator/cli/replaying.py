"""The command that does the record again: replay."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, configuration, store_errors
from aggregator.cli.output import FAILED, WRONG, fail, progress, set_up_logs, show_json, show_text
from aggregator.config import Config
from aggregator.pipeline.differing import summary
from aggregator.pipeline.rebuilding import Asked, Rebuilt, rebuild
from aggregator.pipeline.replaying import ReplayError
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import open_for

MOST_NAMED = 10  # addresses, polls or rows of one kind that are named; the others are counted


def replay(
    *,
    start: Annotated[str | None, typer.Option("--from", metavar="TIME", help="Tell only what came at or after this.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="TIME", help="Replay what was done before this.")] = None,
    into: Annotated[
        Path | None, typer.Option("--into", metavar="FILE", help="Keep the rebuilt store: a new SQLite file.")
    ] = None,
    recorded: Annotated[bool, typer.Option("--recorded", help="By the configurations of the time, not by --config.")] = False,
    check: Annotated[bool, typer.Option("--check", help="End with code 1 where something would differ.")] = False,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Rebuild statements and stories from what was recorded, by the recorded clock, and say what would differ.

    Everything is rebuilt from the first poll, since what comes later rests on it; --from only chooses what is told, --to ends
    the replay. With the configuration that was in effect the result must be what is stored, to the last bit; with another one,
    this tells what it would change. The store is only read, and nobody is asked. A TIME is a day (2025-08-14: its first moment
    in UTC) or a moment (2025-08-14T12:00; in UTC where it names no zone). Exit code 0: done, whatever was found; with --check,
    1 on a difference.

    Example: aggregator replay --config feeds-new.toml --from 2025-08-14 --to 2025-08-15
    """
    plan = configuration(config)
    asked = Asked(config=None if recorded else plan, start=_moment("--from", start), end=_moment("--to", end))
    if asked.start is not None and asked.end is not None and asked.start >= asked.end:
        fail("--from: lies at or after --to", code=WRONG)
    set_up_logs(everything=False)
    with store_errors(), _place(into) as file:
        try:
            found = asyncio.run(_rebuild(plan, asked, file))
        except ReplayError as error:
            fail(str(error), code=FAILED)
        except FileExistsError as error:
            fail(str(error), code=WRONG)
    if as_json:
        show_json(_as_json(found, asked, into))
    else:
        show_text("\n".join(_said(found, asked, into)) + "\n")
    if check and not found.equal:
        raise typer.Exit(FAILED)


def _moment(option: str, written: str | None) -> datetime | None:
    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        fail(f"{option}: {written!r} is no time; write a day such as {date.today()}, or 2025-08-14T12:00", code=WRONG)  # noqa: DTZ011 - an example
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@contextmanager
def _place(into: Path | None) -> Iterator[Path]:
    """Where the rebuilt store is made: where it is wanted, or in a folder that is gone afterwards."""
    if into is not None:
        yield into
        return
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        yield Path(folder) / "rebuilt.sqlite"


async def _rebuild(plan: Config, asked: Asked, file: Path) -> Rebuilt:
    bar = progress(None, "replaying polls")
    with closing(open_for(plan, create=False)) as store, Sandbox(processes=1) as sandbox, bar as advance:
        return await rebuild(store, asked, file=file, sandbox=sandbox, begin=lambda total: lambda: advance(of=total))


def _as_json(found: Rebuilt, asked: Asked, into: Path | None) -> dict[str, object]:
    return {
        "from": asked.start,
        "to": asked.end,
        "into": str(into) if into is not None else None,
        "summary": summary(found.differences),
        **asdict(found),
    }


def _said(found: Rebuilt, asked: Asked, into: Path | None) -> Iterator[str]:
    by = "the configurations of the time" if asked.config is None else str(asked.config.path)
    yield f"{found.polls:,} polls replayed by {by}"
    if found.same and found.equal:
        rows = {one.table: one.rows for one in found.tables}
        yield (
            f"equal to the last bit: {rows['statements']:,} statements, {rows['revisions']:,} revisions,"
            f" {rows['updates']:,} updates, {rows['changes']:,} changes"
        )
    elif found.same:
        yield "NOT what is stored, though the configuration is the one of the time: this version reads or tells otherwise, or"
        yield "stored rows were changed. The rows that differ:"
        yield from _rows(found)
    yield from _gaps(found)
    if not (found.same and found.equal):
        yield summary(found.differences)
        yield from (f"  {one.what} {one.name} “{one.title}” {one.url}: {one.said}" for one in found.differences)
        if found.earlier:
            yield f"  and {found.earlier:,} differences before {asked.start:%Y-%m-%d %H:%M} UTC"
    if found.waiting:
        yield f"{found.waiting:,} candidates wait to settle at the end"
    if into is not None:
        yield f"the rebuilt store: {into}"


def _rows(found: Rebuilt) -> Iterator[str]:
    for table in found.tables:
        if table.unequal:
            yield from (f"  {one.table} {one.number}: {one.what}" for one in table.shown[:MOST_NAMED])
            yield from _more(table.unequal, f"rows of {table.table}")


def _gaps(found: Rebuilt) -> Iterator[str]:
    """What could not be done again, and what that means."""
    for one in found.unreadable[:MOST_NAMED]:
        yield f"poll {one.poll} of {one.source}, {one.at:%Y-%m-%d %H:%M} UTC, cannot be replayed: {one.why}"
    yield from _more(len(found.unreadable), "such polls")
    if found.unreadable:
        yield "  what these polls brought, and what rests on it, is missing below; nothing is guessed in its place"
    for left in found.left_out:
        yield f"{left.polls:,} polls of {left.source} do not count: it {left.why}"
    for act in found.left_acts[:MOST_NAMED]:
        named = f"act {act.act} of the desk ({act.kind} in {act.story}, {act.at:%Y-%m-%d %H:%M} UTC)"
        yield f"{named} was not done again: {act.why}"
    yield from _more(len(found.left_acts), "such acts")
    if found.without_record:
        yield f"never asked before, so without a record: {', '.join(found.without_record)}"
    if found.unrecorded:
        yield f"{len(found.unrecorded):,} addresses would be asked that were not asked then, so that their texts are not known:"
        yield from (f"  {url}" for url in list(found.unrecorded)[:MOST_NAMED])
        yield from _more(len(found.unrecorded), "such addresses")


def _more(count: int, what: str) -> Sequence[str]:
    return [f"  and {count - MOST_NAMED:,} more {what}"] if count > MOST_NAMED else []
