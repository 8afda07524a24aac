"""Commands that ask sources and store what they say, and end: poll, demo."""

from __future__ import annotations

import asyncio
import itertools
import sys
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, configuration, store_errors
from aggregator.cli.completing import source_keys
from aggregator.cli.output import FAILED, WRONG, fail, progress, set_up_logs, show_json, show_table, show_text, shown
from aggregator.cli.setup import shown_path
from aggregator.config import Config
from aggregator.demo.run import Summary, play
from aggregator.model import Balance, SourceKey
from aggregator.pipeline import PollReport, Published, fetch_pictures, prune
from aggregator.publish import render
from aggregator.publish.notify import Tally
from aggregator.running.logs import all_secrets
from aggregator.service import alone, hold, notify_all, open_for, poll_with_stand_ins, publish_ready, road, utc_now
from aggregator.store import StoreError
from aggregator.store.retention import Step
from aggregator.store.room import Room
from aggregator.store.stories import waiting

MOST_STEPS = 100  # of giving up old bytes, at the end of one poll: some 50,000 requests or files


def poll(
    named: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="All enabled ones if none.", autocompletion=source_keys)
    ] = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Ask sources now, due or not; settle and publish what is ready; and end.

    Example: aggregator poll kremlin white-house
    """
    plan = configuration(config)
    keys = _keys(plan, named or [])
    set_up_logs(everything=False, secrets=all_secrets(plan))
    with store_errors(), hold(plan.service.storage, what="aggregator poll", clock=utc_now):
        done = asyncio.run(_poll(plan, keys))
    if as_json:
        show_json(_as_json(done))
    else:
        _show_poll(done)
    good = sum(report.outcome.kind.good for report in done.reports)
    if good < len(done.reports) if named else not good:
        raise typer.Exit(FAILED)


def _keys(plan: Config, named: list[str]) -> list[SourceKey]:
    unknown = [key for key in named if key not in plan.sources]
    if unknown:
        known = ", ".join(plan.sources)
        fail(f"There is no source {', '.join(map(repr, unknown))} in {plan.path}. Sources: {known}", code=WRONG)
    if named:
        return [SourceKey(key) for key in dict.fromkeys(named)]
    return [source.key for source in plan.sources.values() if source.enabled and source.instead_of is None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one `poll` came to."""

    reports: list[PollReport]
    published: list[Published]
    waiting: int  # to settle
    pruned: Step
    told: Tally


async def _poll(plan: Config, keys: list[SourceKey]) -> Polled:
    with progress(None, "opening the store"):  # another version of us may change its schema, or make its indexes anew
        store = open_for(plan)
    try:
        reports = []
        async with AsyncExitStack() as stack:
            with progress(None, "preparing"):
                right = await stack.enter_async_context(alone(store, what="aggregator poll"))
                # A server that is away for so long that the right is lost ends this poll by itself.
                keeping = asyncio.create_task(right.keep())
                stack.callback(keeping.cancel)
                the_road = await stack.enter_async_context(road(plan, store, clock=utc_now))
            if the_road.look_at_disk() is Room.FULL:
                raise StoreError(f"{store.name}: {the_road.guard.disk.says}.")
            with progress(len(keys), "asking") as advance:
                async for report in poll_with_stand_ins(the_road, keys):
                    reports.append(report)
                    advance()
            with progress(None, "fetching pictures"):
                await fetch_pictures(the_road)
            with progress(None, "publishing") as advance:
                published = await asyncio.to_thread(publish_ready, the_road, enough=lambda: bool(advance()))
            with progress(None, "telling others"):
                told = await notify_all(the_road)
        # Who never runs the service gives up old bytes here; a store in which years are to go needs several polls for it.
        steps = itertools.count(1)
        with progress(None, "removing old bytes"):
            pruned = prune(store, plan, now=utc_now(), enough=lambda: next(steps) > MOST_STEPS)
        with store.read() as tx:
            order = [*keys, *plan.sources]
            reports.sort(key=lambda report: order.index(report.source))
            return Polled(reports=reports, published=published, waiting=len(waiting(tx)), pruned=pruned, told=told)
    finally:
        store.close()


def _as_json(done: Polled) -> dict[str, object]:
    return {
        "polls": [*map(_report, done.reports)],
        "published": [*map(_published, done.published)],
        "waiting": done.waiting,
        "removed": {"snapshots": done.pruned.removed, "bytes": done.pruned.freed},
        "notified": asdict(done.told),
    }


def _show_poll(done: Polled) -> None:
    reports, pruned = done.reports, done.pruned
    headings = ("source", "outcome", *Balance().counts, "reason")
    rows = [(r.source, r.outcome.kind.value, *r.balance.counts.values(), r.outcome.reason) for r in reports]
    show_table(headings, rows)
    for report in reports:
        for drop in report.balance.drops:
            print(f"dropped from {report.source}: {shown(drop.ref)}: {shown(drop.reason)}", file=sys.stderr)
    for update in done.published:
        print(f"published {update.story} Update.{update.number} ({update.kind.value}): {shown(update.title)}")
    if pruned.removed:
        what = f"{pruned.removed:,} snapshot{'s' * (pruned.removed != 1)}"
        print(f"{what} removed, as keep_snapshots says: {pruned.freed:,} bytes of the disk are free again", file=sys.stderr)
    for failure in pruned.failed:
        print(f"a snapshot could not be removed, and is tried again tomorrow: {failure}", file=sys.stderr)
    answered = sum(report.outcome.kind.good for report in reports)
    told = f"{len(done.published)} published, {done.waiting} waiting to settle"
    print(f"{answered} of {len(reports)} answered, {told}", file=sys.stderr)
    if done.told.failed or done.told.dead:
        given_up = f", {done.told.dead} given up" if done.told.dead else ""
        print(f"{done.told.failed} notifications did not arrive{given_up}: see aggregator outbox", file=sys.stderr)


def _report(report: PollReport) -> dict[str, object]:
    return {
        "source": report.source,
        "outcome": report.outcome.kind.value,
        "status": report.outcome.status,
        "reason": report.outcome.reason,
        "ms": report.ms,
        "next_at": report.next_at,
        **report.balance.counts,
        "drops": [{"ref": drop.ref, "reason": drop.reason} for drop in report.balance.drops],
    }


def _published(update: Published) -> dict[str, object]:
    return {"story": update.story, "number": update.number, "kind": update.kind.value, "title": update.title}


def demo(
    storage: Annotated[Path, typer.Option("--storage", help="Where the demo's store is made anew.")] = Path("demo-storage"),
) -> None:
    """Replay two recorded days of three governments, offline, and print the story page that comes of it.

    Example: aggregator demo --storage demo-storage
    """
    set_up_logs(everything=False)
    with store_errors():
        try:
            summary = asyncio.run(_play(storage))
        except FileExistsError as error:
            fail(str(error), code=WRONG)
    show_text(render(summary.page, "text"))
    _show_summary(summary)


async def _play(storage: Path) -> Summary:
    with progress(None, "replaying") as advance:
        return await play(storage, advance=advance)


def _show_summary(summary: Summary) -> None:
    counts = dict(summary.counts)
    listed = counts.pop("listed")
    balance = " + ".join(f"{count} {name}" for name, count in counts.items())
    said = [
        "",
        f"{summary.polls} polls of {summary.sources} feeds: {listed} lines listed = {balance}",
        f"{len(summary.page.updates)} updates of {summary.families} families in {summary.seconds:.1f} s",
        f"page: {shown_path(summary.site)}",
        f"SQLite file: {shown_path(summary.database)}",
        f"look around: aggregator statements --config {shown_path(summary.database.with_name('feeds.toml'))}",
    ]
    print("\n".join(said))
