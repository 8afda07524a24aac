"""docs/copying.md: its commands are real ones, and say what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import cast

import pytest
import typer
from typer.core import TyperGroup

from aggregator.cli.main import app

TEXT = (Path(__file__).parents[1] / "docs" / "copying.md").read_text(encoding="utf-8")
COMMANDS = [
    line.strip()
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
    if "aggregator " in line
]


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.startswith("aggregator ")])
def test_every_command_is_taken_as_it_is_written(command: str) -> None:
    name, *arguments = shlex.split(command)[1:]
    known = cast("TyperGroup", typer.main.get_command(app)).commands[name]
    known.make_context(name, arguments)  # raises where an option is none
