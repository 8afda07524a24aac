"""The file that `aggregator init` writes."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from aggregator.config.schema import schema_text

SCHEMA_NAME = "feeds.schema.json"


def starter() -> str:
    """A commented `feeds.toml` to start from."""
    return (files("aggregator.config") / "starter.toml").read_text(encoding="utf-8")


def write_starter(path: Path) -> None:
    """Write the starter, and the schema that it names beside it. Raises FileExistsError; overwrites nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(starter())
    schema = path.with_name(SCHEMA_NAME)
    if not schema.exists():
        schema.write_text(schema_text(), encoding="utf-8")
