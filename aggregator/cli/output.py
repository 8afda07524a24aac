"""How results are shown: tables on a terminal, tab-separated lines in a pipe, JSON on request. The rest goes to stderr."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, NoReturn

import typer

from aggregator.publish.wellformed import plain
from aggregator.running.failures import FAILED, WRONG
from aggregator.running.logs import set_up_logs

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

__all__ = [
    "FAILED",
    "WRONG",
    "fail",
    "harmless",
    "parts",
    "progress",
    "say",
    "set_up_logs",
    "show_json",
    "show_table",
    "show_text",
    "shown",
    "stderr",
]

# Unicode's Cc but for tab and line end, separators of lines and paragraphs, embeddings, overrides and isolates, Cs.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# Signs that JSON lets stand and a terminal may obey: DEL and C1 (of which one begins an order), marks of direction.
UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# Rich is imported where something is drawn: a command in a pipe, and the beginning of the service, draw nothing.


@cache
def stderr() -> Console:
    """Where everything is said that is no result."""
    from rich.console import Console  # noqa: PLC0415 - as is said above; and below

    return Console(stderr=True, highlight=False)


def say(sentence: str) -> None:
    """Say something that is no result. Nothing in it is markup, as it may name a table of feeds.toml or a source's words."""
    print(harmless(sentence), file=sys.stderr)


def fail(message: str, *, code: int) -> NoReturn:
    """Say what went wrong and end."""
    print(harmless(message), file=sys.stderr)
    raise typer.Exit(code)


def show_json(value: object) -> None:
    """Print a dataclass, or a list of them, as JSON; times are ISO 8601 in UTC.

    What a terminal could take for an order, or turns round, is written as JSON may write every sign: by its number.
    """
    text = json.dumps(_plain_values(value), ensure_ascii=False, indent=2, default=plain)
    print(text if text.replace("\n", "").isprintable() else UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))


def _plain_values(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, dict):
        return {key: _plain_values(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_values(one) for one in value]
    return value


def show_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows: a table on a terminal, tab-separated lines with a heading otherwise."""
    if not sys.stdout.isatty():
        for row in [headings, *rows]:
            print("\t".join(" ".join(shown(cell).split()) for cell in row))
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(cell)) for cell in row))  # Text: what a source wrote is no markup
    Console().print(table)


def shown(value: object) -> str:
    """A cell as people read it. Control characters of a source never reach the terminal."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return harmless("" if value is None else str(value))


def show_text(text: str, *, for_programs: bool = False) -> None:
    """Print a text of several lines without the control characters that a source may have put into it. What is `for_programs`
    goes into a pipe or a file as it is, so that it is what the file of the site holds, sign by sign."""
    print(text if for_programs and not sys.stdout.isatty() else harmless(text), end="")


def harmless(text: str) -> str:
    """A text without what acts on a terminal, or turns the rest of a line round: control characters, marks that embed or
    override a direction, halves of surrogate pairs. Tabs and line ends stay, and so does what writing needs though nobody sees
    it: the joiners of Persian and Hindi, spaces that do not break, and signs that are newer than this Python."""
    return UNSAFE.sub(lambda found: " " * found[0].isspace(), text)


def _bar() -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=stderr(), transient=True, disable=not stderr().is_terminal)


@contextmanager
def progress(total: int | None, what: str) -> Iterator[Callable[..., None]]:
    """A progress bar on stderr, gone when it is done; nothing in a pipe. Yields a function that advances
    it by one step, or `by` some, with a note and the number of steps."""
    with _bar() as bar:
        task = bar.add_task(what, total=total)

        def advance(note: str = "", of: int | None = total, by: int = 1) -> None:
            bar.update(task, advance=by, total=of, description=f"{what} {note}".strip())

        yield advance


@contextmanager
def parts() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on stderr for work of several parts. Yields a function that takes the part, how far it is, of how much."""
    with _bar() as bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of or None)
