"""docs/adding-a-kind.md, followed word by word in a copy of the package: the new kind is found, and reads."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import WAIT

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs/adding-a-kind.md").read_text(encoding="utf-8")
BLOCK = re.compile(r'^```(?P<how>\w+)(?: title="(?P<file>[^"]+)")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
FEEDS = """
[sources.office]
name = "Office"
kind = "lines"
url = "https://office.example.org/list.txt"
family = "office"
zone = "Europe/Paris"
language = "en"
"""


def follow(block: re.Match[str], folder: Path) -> None:
    """Do what a block with a file's name says: write the file, or change its lines."""
    file = folder / block["file"]
    if block["how"] == "python":
        assert not file.exists()
        file.write_text(block["text"], encoding="utf-8")
        return
    assert block["how"] == "diff"
    lines = block["text"].splitlines()
    old = "\n".join(line[1:] for line in lines if line.startswith("-")) + "\n"
    new = "\n".join(line[1:] for line in lines if line.startswith("+")) + "\n"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{block['file']} has another line now: put the guide right"
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package in which the guide was followed, and the listing that it shows."""
    folder = tmp_path_factory.mktemp("kind")
    shutil.copytree(ROOT / "aggregator", folder / "aggregator", ignore=shutil.ignore_patterns("__pycache__", "recorded"))
    blocks = list(BLOCK.finditer(GUIDE))
    for block in blocks:
        if block["file"]:
            follow(block, folder)
    (shown,) = [block["text"] for block in blocks if block["how"] == "text"]
    (folder / "list.txt").write_text(f"{shown}14/08/2025 13:30\t/statements/40\tA second one\n?\tmailto:x\tNo address\n")
    (folder / "feeds.toml").write_text(FEEDS)
    return folder


RUN = """
import sys
from aggregator.cli import app
for words in map(str.split, sys.argv[1:]):
    app(words[1:], standalone_mode=False)
"""


def run(lines: list[str], folder: Path) -> str:
    """What command lines print, one after the other, by the package of a folder."""
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", RUN, *lines]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=WAIT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_guide_names_each_file_that_it_changes() -> None:
    assert [block["file"] for block in BLOCK.finditer(GUIDE) if block["how"] in ("python", "diff")] == [
        "aggregator/sources/lines.py",
        "aggregator/config/types.py",
        "aggregator/sources/__init__.py",
        "aggregator/pipeline/asking.py",
        "aggregator/pipeline/recording.py",
    ]


def test_its_commands_find_the_kind_and_read_the_listing(desk: Path) -> None:
    (commands,) = [block["text"].splitlines() for block in BLOCK.finditer(GUIDE) if block["how"] == "sh"]
    assert [line.split()[:2] for line in commands] == [["aggregator", "check"], ["aggregator", "preview"]]
    shown = run(commands, desk)
    for said in (
        "office\tOffice\toffice\tprimary\tlines\t10m",
        "Talks on grain",
        "2025-08-14 11:30",  # by the source's zone
        "no web address in its second column",
    ):
        assert said in shown
