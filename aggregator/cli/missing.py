"""The command that says what may be missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, reading
from aggregator.cli.completing import story_keys
from aggregator.cli.output import WRONG, fail, say, show_json, show_table, shown
from aggregator.model import StoryKey
from aggregator.service import utc_now
from aggregator.store.gaps import Gap, gaps_of_story, missed
from aggregator.store.summaries import all_stories


def list_missed(
    story: Annotated[
        str | None,
        typer.Option("--story", "-s", help="Of this story only, also what was closed long ago.", autocompletion=story_keys),
    ] = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """List what may have been missed: the gaps that are open, and those that were closed in the last 7 days.

    Example: aggregator missed --story ukraine-peace
    """
    with reading(config) as store, store.read() as tx:
        known = [one.key for one in all_stories(tx)] if story is not None else []
        if story is not None and story not in known:
            fail(f"There is no story {story!r}. Stories: {', '.join(known) or 'none yet'}", code=WRONG)
        found = missed(tx, now=utc_now()) if story is None else gaps_of_story(tx, StoryKey(story))
    if as_json:
        show_json(found)
        return
    show_table(("source", "kind", "from (UTC)", "to (UTC)", "what may be missing", "stories", "closed by"), _rows(found))
    still = sum(one.is_open for one in found)
    say(f"{still} open, {len(found) - still} closed" if found else "Nothing is known to be missing.")


def _rows(found: Sequence[Gap]) -> list[tuple[object, ...]]:
    """A row for each gap."""
    return [
        (one.source, one.kind.value, one.from_at, _until(one), one.says, ", ".join(one.stories), _end(one)) for one in found
    ]


def _until(gap: Gap) -> datetime | str:
    return gap.to_at or gap.closed_at or "it goes on"


def _end(gap: Gap) -> str:
    return "" if gap.closed_at is None else f"{shown(gap.closed_at)}: {gap.closed_by}"
