"""The command that proposes stories, and terms for what a story misses: suggest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, reading_with
from aggregator.cli.completing import story_keys
from aggregator.cli.output import WRONG, fail, parts, say, show_json, show_text
from aggregator.config.writing import toml_comment
from aggregator.model import StatementId, StoryKey
from aggregator.pipeline.suggesting import Missed, Stream, Suggested, Suggestion, suggest_for
from aggregator.pipeline.suggesting import suggest as find
from aggregator.service import utc_now
from aggregator.store import Store
from aggregator.store.suggestible import newest_said
from aggregator.stories.stream import StoryStream

MOST_NAMED = 12  # statements of one kind that are named; the others are counted


def suggest(
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="Look at the newest days that the store holds.")] = 14,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=200, help="How many stories, at most.")] = 10,
    story: Annotated[
        str | None, typer.Option("--story", metavar="KEY", help="Terms for what this story misses.", autocompletion=story_keys)
    ] = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Propose stories to follow, as blocks for feeds.toml, best first; with --story, terms that would catch what it misses.

    A story is proposed where several families, or one several times, speak of what no open story tells. Its terms are chosen
    by what they would catch of all that is stored; what else they catch stands beside them. Nothing is written: stdout holds
    the blocks alone, so that they can be appended.

    Example: aggregator suggest --days 7 --limit 3 >> feeds.toml
    """
    with reading_with(config) as (plan, store):
        if story is not None and story not in plan.stories:
            fail(f"There is no story {story!r} in {config}. Stories: {', '.join(plan.stories) or 'none yet'}", code=WRONG)
        window = _window(store, days)
        if window is None:
            say("The store holds no statement yet: aggregator poll")
            if as_json:
                show_json({"stories": []} if story is None else {"story": story, "terms": []})
            return
        start, end = window
        with parts() as advance:
            if story is not None:
                wanted = plan.stories[StoryKey(story)]
                start = max(start, min(wanted.from_, end))
                missed = suggest_for(store, wanted, new_stream(), start=start, end=end, advance=advance)
            else:
                found = find(store, plan, new_stream(), start=start, end=end, most=limit, advance=advance)
    if story is not None:
        _show_missed(missed, start, end, as_json=as_json)
    else:
        _show(found, as_json=as_json)


def new_stream() -> Stream:
    """What finds out which texts belong together."""
    return StoryStream()


def _window(store: Store, days: int) -> tuple[datetime, datetime] | None:
    """The newest days of the store: what is dated in the future is no measure."""
    with store.read() as tx:
        end = newest_said(tx, by=utc_now())
    return None if end is None else (end - timedelta(days=days), end)


def _show(found: Suggested, *, as_json: bool) -> None:
    said = f"{found.read:,} statements said from {found.start:%Y-%m-%d} to {found.end:%Y-%m-%d}"
    say(f"{said}: {len(found.suggestions):,} stories proposed")
    if not found.suggestions:
        say("nothing that several families, or one family several times, say and no open story tells.")
    for title in found.without_terms[:MOST_NAMED]:
        say(f"no precise terms were found for: {title}")
    for key, count in found.missing.items():
        say(f"{key} may miss {count:,}: aggregator suggest --story {key}")
    if found.more:
        say(f"{found.more:,} more could be proposed: --limit")
    if not as_json:
        show_text("".join(one.block for one in found.suggestions))
        return
    values = {"from": found.start, "to": found.end, "read": found.read, "more": found.more, "missing": found.missing}
    show_json({**values, "stories": [_values(one) for one in found.suggestions]})


def _values(one: Suggestion) -> dict[str, object]:
    story = one.proposal
    return {
        "key": one.key,
        "title": story.title,
        "language": story.language,
        "from": story.from_.isoformat(),
        "until": story.until.isoformat(),
        "terms": story.terms,
        "members": story.members,
        "others": one.others,
        "left_out": story.left_out,
        "block": one.block,
    }


def _show_missed(found: Missed, start: datetime, end: datetime, *, as_json: bool) -> None:
    say(f"{found.read:,} statements said from {start:%Y-%m-%d} to {end:%Y-%m-%d}: {len(found.missed):,} missed")
    if found.matching:
        say(f"{len(found.matching):,} more match already: a changed story takes up what comes, not what is stored")
    for statement, reasons in list(found.barred.items())[:MOST_NAMED]:
        one = found.titles[statement]
        say(f"no term can catch {statement} {one.source}: {one.title}: {'; '.join(reasons)}")
    if len(found.barred) > MOST_NAMED:
        say(f"and {len(found.barred) - MOST_NAMED:,} more that no term can catch")
    if found.missed and not found.additions:
        say("no term was found that catches some of these and little else:")
        for one in found.missed[:MOST_NAMED]:
            say(f"  {one.statement} {one.source}: {one.title}")
    if as_json:
        show_json(
            {
                "story": found.story,
                "from": start,
                "to": end,
                "read": found.read,
                "terms": found.additions,
                "line": found.line,
                "missed": found.missed,
                "matching": found.matching,
                "barred": {str(key): reasons for key, reasons in found.barred.items()},
            }
        )
    elif found.additions:
        show_text("\n".join(_lines(found)) + "\n")


def _lines(found: Missed) -> Iterator[str]:
    yield toml_comment(f"[stories.{found.story}], in place of its line terms:")
    yield found.line
    for one in found.additions:
        yield toml_comment(f"{one.term} adds {len(one.adds):,}:")
        yield from _named(found, one.adds)
        if one.others:
            yield toml_comment(f"{one.term} would also catch {len(one.others):,}:")
            yield from _named(found, one.others)


def _named(found: Missed, some: Sequence[StatementId]) -> Iterator[str]:
    for key in some[:MOST_NAMED]:
        one = found.titles[key]
        yield toml_comment(f"  {one.statement} {one.source}: {one.title}")
    if len(some) > MOST_NAMED:
        yield toml_comment(f"  and {len(some) - MOST_NAMED:,} more")
