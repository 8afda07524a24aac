"""The command line, put together of all commands, or of the one that is called: it need not wait for what others import."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator import __version__

# In the order of `aggregator --help`: the name of each command, and what it is in which module of this room.
COMMANDS = {
    "init": "setup.init",
    "check": "setup.check",
    "doctor": "doctor.doctor",
    "health": "health.health",
    "run": "running.run",
    "worker": "running.worker",
    "poll": "work.poll",
    "serve": "serving.serve",
    "preview": "previews.preview",
    "import-opml": "importing.import_opml",
    "sources": "show.sources",
    "stories": "show.stories",
    "story": "show.story",
    "statements": "show.statements",
    "statement": "statement.statement",
    "suggest": "suggesting.suggest",
    "changes": "following.changes",
    "replay": "replaying.replay",
    "verify": "proving.verify",
    "backup": "keeping.backup",
    "restore": "keeping.restore",
    "export": "keeping.export",
    "copy": "copying.copy",
    "maintenance": "maintaining.maintenance",
    "maintain": "maintaining.maintain",
    "demo": "work.demo",
    "missed": "missing.list_missed",
    "search": "searching.search_statements",
}
# The same of groups of commands; what stands last in the first of them adds its own to those of `ledger.py`.
GROUPS = {"ledger": "reconsidering.ledger", "outbox": "outbox.outbox", "notify": "notifying.notify"}
VERSION = "--version"


def _version(asked: bool) -> None:
    if asked:
        print(f"aggregator {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option(VERSION, callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    pass


def app_of(names: Collection[str]) -> typer.Typer:
    """The command line with these commands alone. What they need is imported."""
    made = typer.Typer(
        help="Watches official pages and news feeds; publishes each running story as a ledger of numbered, cited updates.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(_options)
    for name, place in COMMANDS.items():
        if name in names:
            made.command(name)(_at(place))
    for name, place in GROUPS.items():
        if name in names:
            made.add_typer(_at(place), name=name)
    return made


def _at(place: str) -> Any:
    module, _, name = place.partition(".")
    return getattr(import_module(f"aggregator.cli.{module}"), name)


@cache
def _whole() -> typer.Typer:
    return app_of([*COMMANDS, *GROUPS])


if TYPE_CHECKING:
    app: typer.Typer
else:

    def __getattr__(name: str) -> object:
        if name != "app":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return _whole()


def _named(arguments: Sequence[str]) -> Collection[str]:
    """The commands that a command line may ask for: all of them, where it is not plain which one."""
    first = arguments[0] if arguments else ""
    if first in COMMANDS or first in GROUPS:
        return [first]
    return [] if first == VERSION else [*COMMANDS, *GROUPS]


def main() -> None:
    """Run the command line. A reader that closes the pipe early (`| head`) is no error."""
    try:
        app_of(_named(sys.argv[1:]))()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
