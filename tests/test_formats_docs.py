"""docs/formats.md: its commands run, its files and examples are those that are made."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.model import StoryKey
from aggregator.publish import FORMATS, places, render
from aggregator.publish.formats import SUFFIXES
from aggregator.publish.linked_data import json_ld
from tests.told import CORRECTED, SITE

PAGE = Path(__file__).parents[1] / "docs/formats.md"
TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_prints_the_file_of_the_site(command: str, demo_storage: Path) -> None:
    program, *words = shlex.split(command)
    assert program == "aggregator"
    shown = CliRunner().invoke(app, words, env={"AGGREGATOR_CONFIG": str(demo_storage / "feeds.toml")})
    assert shown.exit_code == 0, shown.stderr
    form = "json" if "--json" in words else words[words.index("--format") + 1]
    again = CliRunner().invoke(app, ["story", "ukraine-2022", "-f", form, "-c", str(demo_storage / "feeds.toml")])
    assert shown.stdout == again.stdout
    assert "Update.14" in shown.stdout or form in ("json", "oembed")


def test_every_form_has_a_line() -> None:
    rows = dict(re.findall(r"^\| `(KEY\.[a-z.]+)` \| `(\w+)` \|", TEXT, re.MULTILINE))
    assert rows == {f"KEY.{SUFFIXES[form]}": form for form in FORMATS}
    for name in (places.ATOM, places.JSON_FEED, places.SITEMAP, places.NEWS_SITEMAP, places.ROBOTS):
        assert f"`{name}`" in TEXT
    assert f"`{places.archive_file(StoryKey('KEY'), 1, 'atom')}`" in TEXT


def test_the_examples_are_what_is_made() -> None:
    entry = re.findall(r"^    ( *<.+)$", TEXT, re.MULTILINE)
    shown = render(CORRECTED, "atom", site=SITE)
    assert "\n".join(f" {line}" for line in entry) in shown
    (correction,) = re.findall(r'^    ("correction":.*"Update.3: )…', TEXT, re.MULTILINE)
    assert correction in json_ld(CORRECTED, SITE)


def test_a_form_that_is_none_is_told_with_those_that_are(demo_storage: Path) -> None:
    shown = CliRunner().invoke(app, ["story", "ukraine-2022", "-f", "rss", "-c", str(demo_storage / "feeds.toml")])
    assert shown.exit_code == 2
    assert "'rss' is none of text, md, html, json, atom, jsonfeed" in shown.stderr
