"""What every command does first: read the configuration, open the store; and how its failures end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator import service
from aggregator.cli.output import WRONG, fail
from aggregator.config import Config, ConfigError, load_config
from aggregator.running.failures import failures_of_store

if TYPE_CHECKING:  # SQLAlchemy, which takes a while to import: not every command opens the store
    from aggregator.store import Store

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration file.", envvar="AGGREGATOR_CONFIG", readable=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
FEEDS = Path("feeds.toml")


def configuration(path: Path) -> Config:
    """The configuration, or the list of its mistakes and exit code 2."""
    try:
        return load_config(path)
    except ConfigError as error:
        fail(str(error), code=WRONG)


@contextmanager
def store_errors() -> Iterator[None]:
    """Failures of the store end the command with a sentence, not with a traceback."""
    with failures_of_store(lambda message, code: fail(message, code=code)):
        yield


@contextmanager
def reading(path: Path) -> Iterator[Store]:
    """The store that a configuration names, for a command that only reads."""
    with reading_with(path) as (_, store):
        yield store


@contextmanager
def reading_with(path: Path) -> Iterator[tuple[Config, Store]]:
    """The configuration and the store that it names, for a command that only reads."""
    config = configuration(path)
    with store_errors(), closing(service.open_for(config, create=False)) as store:
        yield config, store
