"""The command line, put together."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command_name
from typer.models import CommandInfo

from aggregator import __version__
from aggregator.cli import (
    copying,
    doctor,
    following,
    health,
    importing,
    keeping,
    ledger,
    maintaining,
    missing,
    notifying,
    outbox,
    previews,
    proving,
    reconsidering,
    replaying,
    searching,
    serving,
    setup,
    show,
    statement,
    suggesting,
    work,
)


def _version(asked: bool) -> None:
    if asked:
        print(f"aggregator {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    pass


def _without_commands() -> typer.Typer:
    empty = typer.Typer(
        help="Watches official pages and news feeds; publishes each running story as a ledger of numbered, cited updates.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    empty.callback()(_options)
    return empty


app = _without_commands()
for command in (
    setup.init, setup.check, doctor.doctor, health.health, work.run, work.worker, work.poll, serving.serve, previews.preview,
    importing.import_opml, show.sources, show.stories, show.story, show.statements, statement.statement, suggesting.suggest,
    following.changes, replaying.replay, proving.verify, keeping.backup, keeping.restore, keeping.export,
    copying.copy, maintaining.maintenance, maintaining.maintain, work.demo,
):  # fmt: skip
    app.command()(command)
app.command("missed")(missing.list_missed)
app.command("search")(searching.search_statements)
ledger.ledger.command()(reconsidering.reconsider)
app.add_typer(ledger.ledger, name="ledger")
app.add_typer(outbox.outbox, name="outbox")
app.add_typer(notifying.notify, name="notify")


def part_for(words: Sequence[str]) -> typer.Typer:
    """The command line with the command alone that the first word names: to put all together takes a tenth of a second.

    Where it names none, the whole: options, a slip, or a shell that asks what there is.
    """
    first = words[0] if words else ""
    commands = [one for one in app.registered_commands if _name(one) == first]
    groups = [one for one in app.registered_groups if one.name == first]
    if not commands and not groups:
        return app
    part = _without_commands()
    part.registered_commands, part.registered_groups = commands, groups
    return part


def _name(command: CommandInfo) -> str:
    return command.name or get_command_name(command.callback.__name__ if command.callback else "")


def main() -> None:
    """Run the command line. A reader that closes the pipe early (`| head`) is no error."""
    try:
        part_for(sys.argv[1:])()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
