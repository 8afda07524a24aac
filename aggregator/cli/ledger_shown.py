"""What the desk has done, what is held, and what an act came to, as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, reading
from aggregator.cli.completing import story_keys
from aggregator.cli.output import WRONG, fail, show_json, show_table, show_text
from aggregator.model import StoryKey, Update
from aggregator.pipeline.acts import DeskError, Done, Given, the_story
from aggregator.store import Store
from aggregator.store.desk import all_acts
from aggregator.store.summaries import held_candidates

OneStory = Annotated[str | None, typer.Argument(metavar="[STORY]", help="Of this story only.", autocompletion=story_keys)]


def held(story: OneStory = None, config: ConfigOption = FEEDS, as_json: JsonOption = False) -> None:
    """List what is held and not told yet: by the desk, by a rule of feeds.toml, or as its story is closed; why, and until when.

    Example: aggregator ledger held ukraine-peace
    """
    with reading(config) as store:
        key = _known(store, story)
        with store.read() as tx:
            found = held_candidates(tx, key)
    if as_json:
        show_json(found)
        return
    rows = [(one.story, one.statement, one.said_at, one.source, one.until or "released", one.why, one.title) for one in found]
    show_table(("story", "statement", "said (UTC)", "source", "until (UTC)", "why", "title"), rows)


def log(story: OneStory = None, config: ConfigOption = FEEDS, as_json: JsonOption = False) -> None:
    """List what the desk has done, oldest first: who, when and why.

    Example: aggregator ledger log ukraine-peace
    """
    with reading(config) as store:
        key = _known(store, story)
        with store.read() as tx:
            found = all_acts(tx, key)
    if as_json:
        show_json([{**asdict(one.act), "statement": one.statement} for one in found])
        return
    rows = [
        (
            one.act.id,
            one.act.at,
            one.act.by,
            one.act.kind,
            one.act.story,
            f"Update.{one.act.number}" if one.act.number is not None else one.statement or one.act.other,
            one.act.why,
        )
        for one in found
    ]
    show_table(("act", "at (UTC)", "by", "what", "story", "of", "why"), rows)


def _known(store: Store, story: str | None) -> StoryKey | None:
    """The key of a story that is there, or exit code 2."""
    if story is None:
        return None
    try:
        with store.read() as tx:
            return the_story(tx, StoryKey(story)).key
    except DeskError as error:
        fail(str(error), code=WRONG)


def show_done(done: Done, given: Given, *, as_json: bool, dry: bool) -> None:
    """What an act came to, or would come to."""
    if as_json:
        act = {"act": None if dry else done.act, "kind": given.kind, "story": given.story, "by": given.by, "why": given.why}
        show_json({**act, "dry_run": dry, "said": done.said, "update": None if done.update is None else asdict(done.update)})
        return
    show_text(f"{'This would come of it: ' * dry}{done.said}\n")
    if done.update is not None and (dry or done.update.paragraphs):
        show_text("\n".join(_told(done.update)) + "\n")


def _told(update: Update) -> Sequence[str]:
    lines = [f"- {one.before}" for one in update.replaces]
    lines += [f"+ {sentence.text}" for paragraph in update.paragraphs for sentence in paragraph.sentences]
    return lines or ["(the update has no paragraphs)"]
