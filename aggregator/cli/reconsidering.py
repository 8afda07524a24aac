"""The command by which a story takes up what was said before its settings became what they are: ledger reconsider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, reading_with
from aggregator.cli.ledger import ByOption, StoryArgument, WhyOption, checked_by, checked_why, done_by, ledger
from aggregator.cli.output import FAILED, WRONG, fail, progress, say, show_json, show_table
from aggregator.config import Config
from aggregator.model import DeskKind, StoryKey
from aggregator.pipeline.acts import DeskError, Given, the_story
from aggregator.pipeline.reconsidering import Proposal, proposals
from aggregator.store import Store


@ledger.command()
def reconsider(
    story: StoryArgument,
    *,
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="Said on this day (UTC) or later: 2025-08-08.")],
    yes: Annotated[bool, typer.Option("--yes", help="Take it up; else it is only shown.")] = False,
    why: WhyOption = "",
    by: ByOption = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Show what a story would take up by its settings of now of what was said before they were changed; with --yes, do it.

    Without this, a change of a story's settings takes up only what comes after it.

    Example: aggregator ledger reconsider ukraine-peace --since 2025-08-08
    """
    start = _moment(since)
    with reading_with(config) as (plan, store), progress(None, "looking through what was said"):
        found = _proposals(plan, store, story, start)
    given = Given(
        kind=DeskKind.RECONSIDER,
        story=StoryKey(story),
        by=checked_by(by),
        why=checked_why(why),
        detail={"since": start.isoformat(), "taken": [{"revision": one.revision, "why": one.why} for one in found]},
    )
    done = done_by(given, config) if yes and found else None
    if as_json:
        show_json({"story": story, "since": start, "act": None if done is None else done.act, "found": [*map(asdict, found)]})
        return
    rows = [(one.statement, one.said_day or one.said_at, one.source, one.why, one.title) for one in found]
    show_table(("statement", "said (UTC)", "source", "why", "title"), rows)
    if done is not None:
        say(done.said)
    else:
        say(f"{len(found)} would be taken up. Take it up: --yes" if found else "There is nothing to take up.")


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        fail(f"--since: {written!r} is no day; write it as 2025-08-08", code=WRONG)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _proposals(plan: Config, store: Store, story: str, start: datetime) -> Sequence[Proposal]:
    with store.read() as tx:
        try:
            there = the_story(tx, StoryKey(story))
        except DeskError as error:
            fail(str(error), code=WRONG)
        if there.continued_in is not None:
            fail(f"{story} is continued in {there.continued_in}: ask for that story", code=FAILED)
        if there.key not in plan.stories:
            fail(f"{story} is no longer in {plan.path.name}, so nothing says what belongs to it", code=FAILED)
        return proposals(tx, plan.stories[there.key], since=start)
