"""The command that searches the stored statements."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text
from sqlalchemy import Connection

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, reading
from aggregator.cli.completing import source_keys, story_keys
from aggregator.cli.output import WRONG, fail, progress, show_json, show_table, shown
from aggregator.model import Lane
from aggregator.store import Store
from aggregator.store.search import CursorError, Hit, Page, Search, search
from aggregator.store.sources import all_sources
from aggregator.store.summaries import all_stories
from aggregator.text.highlight import Marked
from aggregator.text.query import QueryError, parse_query

SAID = '"a phrase", begin* of a word, -without; case and accents do not matter. Nothing: the newest statements.'


def search_statements(  # noqa: PLR0917 - they are the words of the command line
    query: Annotated[list[str] | None, typer.Argument(help=f"Words, all of which must stand in a statement; {SAID}")] = None,
    source: Annotated[
        str | None, typer.Option("--source", "-s", help="Versions that this source brought.", autocompletion=source_keys)
    ] = None,
    family: Annotated[str | None, typer.Option(help="Statements of this publisher.")] = None,
    lane: Annotated[Lane | None, typer.Option(help="Of sources that speak for themselves, or report.")] = None,
    language: Annotated[str | None, typer.Option("--language", "-l", help="Versions in this language, such as uk.")] = None,
    story: Annotated[str | None, typer.Option(help="Statements that this story took up.", autocompletion=story_keys)] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="The first day, in UTC.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="The last day, in UTC.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1_000, help="How many.")] = 20,
    after: Annotated[str | None, typer.Option(metavar="CURSOR", help="Go on where the page before ended.")] = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Search the statements, every version of them: newest first, each once.

    Example: aggregator search '"security guarantees" ukrain* -nato' --lane primary --since 2025-08-01

    What begins with a minus stands behind two of them: aggregator search --language uk -- мир -війна
    """
    text = " ".join(query or ())
    if since is not None and until is not None and until < since:
        fail("--until: write a day that is not before --since", code=WRONG)
    try:
        wanted = Search(
            query=parse_query(text),
            source=source,
            family=family,
            lane=None if lane is None else lane.value,
            language=language,
            story=story,
            since=_day(since),
            until=_day(until),
        )
    except QueryError as error:
        fail(str(error), code=WRONG)
    with reading(config) as store:
        with store.read() as tx:
            _check_names(tx, wanted)
        try:
            page = _whole_page(store, wanted, limit=limit, after=after)
        except CursorError as error:
            fail(f"--after: {error}", code=WRONG)
    if as_json:
        show_json({"hits": [_plain(hit) for hit in page.hits], "next": page.next})
        return
    _show(page.hits)
    if page.next is not None:
        print(f"More: repeat it with --after {shlex.quote(page.next)}", file=sys.stderr)


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.date()


def _check_names(tx: Connection, wanted: Search) -> None:
    """A mistyped name is no empty result."""
    there = all_sources(tx)
    names: dict[str, tuple[str | None, list[str]]] = {
        "source": (wanted.source, [one.key for one in there]),
        "family": (wanted.family, sorted({one.family for one in there})),
        "story": (wanted.story, [one.key for one in all_stories(tx)]),
    }
    for what, (asked, known) in names.items():
        if asked is not None and asked not in known:
            fail(f"--{what}: there is no {what} {asked!r}. Known: {', '.join(known) or 'none yet'}", code=WRONG)


def _whole_page(store: Store, wanted: Search, *, limit: int, after: str | None) -> Page[Hit]:
    """As many hits as asked for, if there are: each step of the search is bounded, so that it can say how far it has come."""
    hits: list[Hit] = []
    with progress(None, "searching") as advance:
        while True:
            with store.read() as tx:  # a transaction of its own: a long search holds up no checkpoint
                page = search(tx, wanted, limit=limit - len(hits), after=after)
            hits += page.hits
            after = page.next
            if page.back_to is None or len(hits) >= limit:
                return Page(hits=hits, next=after)
            advance(f"back to {page.back_to:%Y-%m-%d}")


def _plain(hit: Hit) -> dict[str, object]:
    """A hit as JSON has it: plain texts, with spans beside them."""
    texts: dict[str, object] = {}
    for name, one in (("title", hit.title), ("snippet", hit.snippet)):
        texts |= {name: one.text, f"{name}_spans": [list(span) for span in one.spans]}
    return asdict(hit) | texts


def _show(hits: Sequence[Hit]) -> None:
    if not sys.stdout.isatty():
        rows = [
            (hit.statement, hit.said_day or hit.said_at, hit.source, hit.language, hit.title.text, hit.snippet.text)
            for hit in hits
        ]
        show_table(("id", "said (UTC)", "source", "language", "title", "snippet"), rows)
        return
    console = Console(highlight=False)
    for hit in hits:
        said = shown(hit.said_day or hit.said_at)
        about = " · ".join(filter(None, (str(hit.statement), said, hit.source, hit.language, f"version {hit.version}")))
        console.print(Text(about, style="dim"))
        console.print(styled(hit.title, style="bold"))
        console.print(styled(hit.snippet), "")
    if not hits:
        console.print("Nothing was found.")


def styled(one: Marked, *, style: str = "") -> Text:
    """A text for the terminal, its highlights reversed. Control characters of a source never reach it."""
    text, at = Text(style=style), 0
    for start, end in one.spans:
        text.append(shown(one.text[at:start]))
        text.append(shown(one.text[start:end]), style="reverse")
        at = end
    return text.append(shown(one.text[at:]))
