"""Commands that list what the store holds: sources, stories, story, statements."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated

import typer

from aggregator.cli.belonging import explain
from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, reading, reading_with
from aggregator.cli.completing import source_keys, story_keys
from aggregator.cli.output import WRONG, fail, say, show_json, show_table, show_text
from aggregator.model import StoryKey
from aggregator.publish import FORMATS, render
from aggregator.publish.site import site_of
from aggregator.running.machine import Health, disk
from aggregator.service import utc_now
from aggregator.store.conditions import Watched, clock_trouble, watched_sources
from aggregator.store.pages import story_page
from aggregator.store.reading import recent_statements
from aggregator.store.sources import SourceState, all_sources
from aggregator.store.summaries import StorySummary, all_stories


def sources(config: ConfigOption = FEEDS, as_json: JsonOption = False) -> None:
    """List the sources: their last answer, when they are asked next, and what to do.

    Example: aggregator sources --json
    """
    with reading_with(config) as (plan, store), store.read() as tx:
        found, clock, room = watched_sources(tx, now=utc_now()), clock_trouble(tx), disk(plan)
    if as_json:
        show_json([_as_json(one) for one in found])
        return
    rows = [
        (
            one.key,
            one.name,
            "off" if not one.active else "rests" if one.rests else "",
            one.last_outcome or "never asked",
            one.last_poll_at,
            one.next_poll_at if one.active and not one.rests else None,
            _plan(one),
            one.failures or "",
            _what_is_wrong(one),
            one.newest_at,
            " ".join(alarm.says for alarm in watched.alarms),
            watched.to_do if one.active else "",
        )
        for watched in found
        for one in [watched.state]
    ]
    show_table(HEADINGS, rows)
    if clock:
        say(clock)
    if room.health is not Health.GOOD:
        say(f"{room.says}. {room.do}")


HEADINGS = ("source", "name", "", "outcome", "asked", "next", "because", "failures", "reason", "newest", "alarms", "to do")


def _as_json(one: Watched) -> dict[str, object]:
    told = {name: getattr(one.state, name) for name in SHOWN}
    more = {"condition": one.condition, "to_do": one.to_do, "alarms": list(one.alarms), "gaps": list(one.gaps)}
    return told | more


def _plan(one: SourceState) -> str:
    if not one.active:
        return ""
    return f"stands in for {one.instead_of}, which does not need it" if one.rests else one.plan


SHOWN = [field.name for field in fields(SourceState) if field.name not in ("arrivals", "bodies", "marks", "filled", "read_by")]


def _what_is_wrong(one: SourceState) -> str:
    if one.moved_to is None or one.moved_to == one.url:
        return one.last_reason or ""
    return f'{one.last_reason}; it moved for good: write url = "{one.moved_to}" in feeds.toml'


def stories(config: ConfigOption = FEEDS, as_json: JsonOption = False) -> None:
    """List the stories: how many updates they have, and what waits to settle.

    Example: aggregator stories
    """
    with reading(config) as store, store.read() as tx:
        found = all_stories(tx)
    if as_json:
        show_json(found)
        return
    rows = [(one.key, one.title, one.updates, one.waiting, one.held or "", one.newest_at, _state(one)) for one in found]
    show_table(("story", "title", "updates", "waiting", "of these held", "newest", ""), rows)


def _state(one: StorySummary) -> str:
    if one.continued_in is not None:
        return f"continued in {one.continued_in}"
    return "closed" if one.closed else "" if one.active else "not in feeds.toml"


def story(
    key: Annotated[str, typer.Argument(help="The story's key in feeds.toml.", autocompletion=story_keys)],
    form: Annotated[str, typer.Option("--format", "-f", help=f"One of {', '.join(FORMATS)}.")] = "text",
    why: Annotated[
        int | None, typer.Option("--why", metavar="STATEMENT", help="Why this statement belongs to the story, or why not.")
    ] = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Print a story page; or with --why, why a statement belongs to it, or why not.

    Example: aggregator story ukraine-peace --format md
    """
    if why is not None:
        if form not in ("text", "json"):
            fail("--why is told as text or with --json: leave --format out", code=WRONG)
        explain(key, why, config=config, as_json=as_json or form == "json")
        return
    form = "json" if as_json else form
    if form not in FORMATS:
        fail(f"--format: {form!r} is none of {', '.join(FORMATS)}", code=WRONG)
    with reading_with(config) as (settings, store):
        site = site_of(store, settings)
        with store.read() as tx:
            known = {one.key: one for one in all_stories(tx)}
            page = (
                story_page(tx, StoryKey(key), now=utc_now()) if key in known else None
            )  # the shell may hand over what is no text
    if page is None:
        fail(f"There is no story {key!r}. Stories: {', '.join(known) or 'none yet'}", code=WRONG)
    show_text(render(page, form, site=site), for_programs=form != "text")
    held = known[page.key].held
    if held and form == "text":
        say(f"{held} held and not told: aggregator ledger held {key}")


def statements(
    source: Annotated[
        str | None, typer.Option("--source", "-s", help="Of this source only.", autocompletion=source_keys)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="How many.")] = 50,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """List the newest statements.

    Example: aggregator statements --source kremlin --limit 20
    """
    with reading(config) as store, store.read() as tx:
        keys = [one.key for one in all_sources(tx)]
        if source is not None and source not in keys:
            fail(f"There is no source {source!r}. Sources: {', '.join(keys) or 'none yet'}", code=WRONG)
        found = recent_statements(tx, source=source, limit=limit)
    if as_json:
        show_json(found)
        return
    rows = [(one.id, one.said_day or one.said_at, one.source, one.revisions, one.title) for one in found]
    show_table(("id", "said (UTC)", "source", "versions", "title"), rows)
