"""The command line, put together."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

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

app = typer.Typer(
    help="Watches official pages and news feeds; publishes each running story as a ledger of numbered, cited updates.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"aggregator {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    pass


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


def main() -> None:
    """Run the command line. A reader that closes the pipe early (`| head`) is no error."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
