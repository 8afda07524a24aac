"""The examples of storage/README.md, run as they stand there against the demo's store; what they print must be what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.manual import Example, examples

ROOT = Path(__file__).parents[1]
SERVERS = ("datasette serve",)  # run until they are stopped: tests/test_datasette.py starts them
AT_ONCE = [one for one in examples() if not one.code.startswith(SERVERS)]
NODE_CAN = "require('node:sqlite').DatabaseSync"
LIMIT = 120  # seconds until an example has hung


@pytest.fixture(scope="module")
def desk(demo_storage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as an operator has it: feeds.toml, and storage/ beside it."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(demo_storage, folder / "storage")
    feeds = (folder / "storage/feeds.toml").read_text(encoding="utf-8")
    (folder / "feeds.toml").write_text(feeds.replace('storage = "."', 'storage = "storage"'), encoding="utf-8")
    programs = folder / "programs"  # what `make install` puts into .venv/bin, and activating it into PATH
    programs.mkdir()
    for name, call in (("aggregator", '-m aggregator "$@"'), ("python3", '"$@"')):
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {call}\n')
        (programs / name).chmod(0o755)
    return folder


def run(command: list[str], desk: Path) -> str:
    """What a command prints, with the warnings of Python as errors."""
    environment = os.environ | {
        "PATH": f"{desk}/programs:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "TZ": "America/New_York",  # whatever zone the reader lives in
        "NODE_NO_WARNINGS": "1",
    }
    done = subprocess.run(command, cwd=desk, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
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
def test_an_example_prints_what_the_manual_says(example: Example, desk: Path) -> None:
    assert example.prints is not None, f"storage/README.md, line {example.line}: nothing says what it prints"
    match example.language:
        case "sh":
            if "sqlite3 " in example.code:
                need("sqlite3", "sqlite3")
            shown = run(["bash", "-euo", "pipefail", "-c", example.code], desk)
        case "python":
            shown = run([sys.executable, "-c", example.code], desk)
        case "js":
            if (
                shutil.which("node") is None
                or subprocess.run(["node", "-e", NODE_CAN], capture_output=True, check=False).returncode
            ):
                pytest.skip("no Node with SQLite built in (22.13 or newer) here")
            shown = run(["node", "-e", example.code], desk)
        case other:
            pytest.fail(f"storage/README.md, line {example.line}: {other!r} is no language that is run here")
    assert shown == example.prints
