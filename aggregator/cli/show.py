"""Commands that read the store: sources, stories, story, statements, statement."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, reading
from aggregator.cli.output import FAILED, WRONG, fail, show_json, show_table, show_text
from aggregator.model import StatementId, StoryKey, ZoneKnown
from aggregator.publish import FORMATS, render
from aggregator.store.pages import story_page
from aggregator.store.reading import StatementDetail, recent_statements, statement_detail
from aggregator.store.sources import SourceState, all_sources
from aggregator.store.stories import all_stories


def sources(config: ConfigOption = FEEDS, as_json: JsonOption = False) -> None:
    """List the sources: their last answer, and when they are asked next.

    Example: aggregator sources --json
    """
    with reading(config) as store, store.read() as tx:
        found = all_sources(tx)
    if as_json:
        show_json([{name: getattr(one, name) for name in SHOWN} for one in found])
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
        )
        for one in found
    ]
    show_table(("source", "name", "", "outcome", "asked", "next", "because", "failures", "reason"), rows)


def _plan(one: SourceState) -> str:
    if not one.active:
        return ""
    return f"stands in for {one.instead_of}, which does not need it" if one.rests else one.plan


SHOWN = [field.name for field in fields(SourceState) if field.name not in ("arrivals", "bodies")]


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
    rows = [(one.key, one.title, one.updates, one.waiting, one.newest_at, "" if one.active else "closed") for one in found]
    show_table(("story", "title", "updates", "waiting", "newest", ""), rows)


def story(
    key: Annotated[str, typer.Argument(help="The story's key in feeds.toml.")],
    form: Annotated[str, typer.Option("--format", "-f", help="text, md, html or json.")] = "text",
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Print a story page.

    Example: aggregator story ukraine-peace --format md
    """
    form = "json" if as_json else form
    if form not in FORMATS:
        fail(f"--format: {form!r} is none of {', '.join(FORMATS)}", code=WRONG)
    with reading(config) as store, store.read() as tx:
        known = [one.key for one in all_stories(tx)]
        page = story_page(tx, StoryKey(key)) if key in known else None  # the shell may hand over what is no text
    if page is None:
        fail(f"There is no story {key!r}. Stories: {', '.join(known) or 'none yet'}", code=WRONG)
    show_text(render(page, form))


def statements(
    source: Annotated[str | None, typer.Option("--source", "-s", help="Of this source only.")] = None,
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


def statement(
    number: Annotated[int, typer.Argument(help="The statement's id, as `statements` lists it.")],
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Show one statement: its versions, where it is listed, and which updates tell it.

    Example: aggregator statement 12
    """
    with reading(config) as store, store.read() as tx:
        found = statement_detail(tx, StatementId(number))
    if found is None:
        fail(f"There is no statement {number}. List them: aggregator statements", code=FAILED)
    if as_json:
        show_json(found)
    else:
        show_text(_as_text(found))


ZONES = {
    ZoneKnown.OFFSET: "with its zone",
    ZoneKnown.SOURCE: "its zone is that of the source in feeds.toml",
    ZoneKnown.PAGE: "its zone is that of the item's own page",
    ZoneKnown.NONE: "its zone is not known, read as UTC",
}


def _said(found: StatementDetail) -> str:
    return f"on {found.said_day}" if found.said_day else f"{found.said_at:%Y-%m-%d %H:%M} UTC"


def _changed(found: StatementDetail) -> str:
    at = "at a time that cannot be read" if found.updated_at is None else f"{found.updated_at:%Y-%m-%d %H:%M} UTC"
    return f"{at}, written {found.updated_written!r}"


def _languages(found: StatementDetail) -> Counter[str]:
    """How many versions there are in each language."""
    return Counter(version.language or "of an unknown language" for version in found.versions)


def _as_text(found: StatementDetail) -> str:
    lines = [
        f"Statement {found.id} of the family {found.family}",
        f"said     {_said(found)}, written {found.said_written!r} ({ZONES[found.zone_known]})",
        *([f"changed  {_changed(found)}"] if found.updated_written else []),
        *([f"number   {found.reference}"] if found.reference else []),
        f"versions {', '.join(f'{count} {language}' for language, count in _languages(found).items())}",
        f"address  {found.url or 'none'}",
        *(
            f"listed   {one.source} as {one.entry_id}{f', {one.url}' if one.url not in ('', one.entry_id) else ''}"
            for one in found.listings
        ),
        *(f"told     {one.story} Update.{one.number} ({one.kind})" for one in found.updates),
    ]
    for version in found.versions:
        heading = (
            f"Version {version.number}, {version.language or 'language unknown'}, seen {version.seen_at:%Y-%m-%d %H:%M} UTC"
        )
        lines += ["", heading, f"snapshot {version.snapshot or 'none'}", "", version.title, "", version.text]
    return "\n".join(lines) + "\n"
