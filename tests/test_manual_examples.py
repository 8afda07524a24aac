"""The examples of storage/README.md, run as they stand there; what they print must be what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.manual import Example, examples

ROOT = Path(__file__).parents[1]
SERVERS = ("datasette serve",)  # run until they are stopped: tests/test_datasette.py starts them
FIRST = "aggregator demo"  # makes the store that the others read
AT_ONCE = [one for one in examples() if not one.code.startswith((*SERVERS, FIRST))]
CONFIG = "storage/feeds.toml"  # relative to where the first example leads
NODE_CAN = "require('node:sqlite').DatabaseSync"
Run = Callable[..., str]
LIMIT = 120  # seconds until an example has hung


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a command in the folder to which the manual's first example leads, with our programs in PATH."""
    folder, programs = tmp_path_factory.mktemp("desk"), tmp_path_factory.mktemp("programs")
    for name, call in (("aggregator", '-m aggregator "$@"'), ("python3", '"$@"')):
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {call}\n')
        (programs / name).chmod(0o755)
    (first,) = [one for one in examples() if one.code.startswith(FIRST)]
    told = output(["bash", "-euc", f'{first.code}\necho "$PWD $AGGREGATOR_CONFIG"'], folder, programs).splitlines()[-1]
    assert told == f"{folder}/try {CONFIG}"
    return lambda *command: output(command, folder / "try", programs)


def output(command: Sequence[str], folder: Path, programs: Path) -> str:
    """What a command prints, with the warnings of Python as errors."""
    environment = os.environ | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "AGGREGATOR_CONFIG": CONFIG,
        "PYTHONWARNINGS": "error",
        "TZ": "America/New_York",  # whatever zone the reader lives in
        "NODE_NO_WARNINGS": "1",
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def need(program: str, package: str) -> None:
    """Skip where a program is missing; where a change is judged, nothing is skipped."""
    if shutil.which(program) is None:
        missing = f"no {program} here; on Debian: apt-get install {package}"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)


def test_the_manual_has_an_example_of_each_way_to_read() -> None:
    code = "\n".join(one.code for one in examples())
    ways = (
        "sqlite3 -readonly",
        "import sqlite3",
        "import pandas",
        "datasette serve",
        "node:sqlite",
        "aggregator changes --since",
    )
    assert [way for way in ways if way not in code] == []


@pytest.mark.parametrize("example", AT_ONCE, ids=lambda one: f"line-{one.line}-{one.language}")
def test_an_example_prints_what_the_manual_says(example: Example, run: Run) -> None:
    assert example.prints is not None, f"storage/README.md, line {example.line}: nothing says what it prints"
    match example.language:
        case "sh":
            if "sqlite3 " in example.code:
                need("sqlite3", "sqlite3")
            shown = run("bash", "-euo", "pipefail", "-c", example.code)
        case "python":
            shown = run(sys.executable, "-c", example.code)
        case "js":
            if (
                shutil.which("node") is None
                or subprocess.run(["node", "-e", NODE_CAN], capture_output=True, check=False).returncode
            ):
                pytest.skip("no Node with SQLite built in (22.13 or newer) here")
            shown = run("node", "-e", example.code)
        case other:
            pytest.fail(f"storage/README.md, line {example.line}: {other!r} is no language that is run here")
    assert shown == example.prints
