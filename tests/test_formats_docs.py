"""docs/formats.md: its commands run, its files and examples are those that are made."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
from contextlib import closing
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
    assert shown.stderr == f"--format: 'rss' is none of {', '.join(FORMATS)}\n"


def test_the_command_knows_the_address_of_the_site_its_hub_and_which_store_it_is(demo_storage: Path, tmp_path: Path) -> None:
    written = (demo_storage / "feeds.toml").read_text(encoding="utf-8")
    assert 'storage = "."' in written
    config = tmp_path / "feeds.toml"
    web = '\n[web]\nurl = "https://news.example.org"\nhub = "https://hub.example.org/"\n'
    config.write_text(written.replace('storage = "."', f'storage = "{demo_storage}"') + web, encoding="utf-8")
    shown = CliRunner().invoke(app, ["story", "ukraine-2022", "-f", "jsonfeed", "-c", str(config)])
    feed = json.loads(shown.stdout)
    assert feed["feed_url"] == "https://news.example.org/ukraine-2022.feed.json"
    assert feed["hubs"] == [{"type": "WebSub", "url": "https://hub.example.org/"}]
    with closing(sqlite3.connect(f"file:{demo_storage}/aggregator.sqlite?mode=ro", uri=True)) as store:
        (identity,) = store.execute("SELECT id FROM v1_store").fetchone()
    assert [one["id"] for one in feed["items"]] == [
        f"tag:{identity}.invalid,2026:ukraine-2022/update-{n}" for n in range(14, 0, -1)
    ]
