"""`aggregator import-opml`, as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aggregator.config import load_config
from tests.conftest import STORY, source_block
from tests.test_cli import aggregator

LIST = """<?xml version="1.0"?><opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Governments">
  <outline text="Kremlin" title="Kremlin&#10;[sources.evil]" type="rss" xmlUrl="http://en.kremlin.ru/events/president/news/feed"
   htmlUrl="http://en.kremlin.ru/" language="en-us"/>
  <outline text="Known" xmlUrl="https://WWW.example.org:443/feed?utm_source=x"/>
</outline>
<outline text="Twice" xmlUrl="http://en.kremlin.ru/events/president/news/feed"/>
<outline text="All of it" xmlUrl="http://en.kremlin.ru/events/all/feed" category="/Official,/Europe"/>
<outline text="Old" xmlUrl="feed:gopher"/>
</body></opml>"""
BEFORE = "# mine, and it stays\n" + STORY + source_block("known", "https://www.example.org/feed") + "# the end"


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.toml"
    path.write_text(BEFORE, encoding="utf-8")
    return path


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "mine.opml"
    path.write_text(LIST)
    return path


def test_feeds_are_appended_and_the_rest_stays_to_the_byte(feeds: Path, listed: Path) -> None:
    feeds.chmod(0o640)
    shown = aggregator("import-opml", str(listed), config=feeds)
    assert shown.exit_code == 0
    text = feeds.read_text()
    assert text.startswith(BEFORE)
    assert feeds.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in feeds.parent.iterdir() if path.name.startswith(".")] == []
    sources = {str(key): source for key, source in load_config(feeds).sources.items()}
    assert list(sources) == ["known", "en-kremlin-ru", "en-kremlin-ru-2"]
    first, second = sources["en-kremlin-ru"], sources["en-kremlin-ru-2"]
    assert (first.name, first.url) == ("Kremlin [sources.evil]", "http://en.kremlin.ru/events/president/news/feed")
    assert (first.homepage, first.language, first.family) == ("http://en.kremlin.ru/", "en", "en-kremlin-ru")
    assert (first.note, second.note) == ("imported from OPML: Governments", "imported from OPML: Official / Europe")
    assert "2 of 5 added to" in shown.stdout
    for why in (
        "feeds.toml has it already, as sources.known",
        "listed twice; it is sources.en-kremlin-ru",
        "write a whole address that starts with http:// or https://",
    ):
        assert why in shown.stdout


def test_to_import_twice_adds_nothing(feeds: Path, listed: Path) -> None:
    aggregator("import-opml", str(listed), config=feeds)
    once = feeds.read_bytes()
    again = aggregator("import-opml", str(listed), config=feeds)
    assert (again.exit_code, feeds.read_bytes()) == (0, once)
    assert "0 of 5 added to" in again.stdout


def test_a_dry_run_shows_the_blocks_and_changes_nothing(feeds: Path, listed: Path) -> None:
    shown = aggregator("import-opml", str(listed), "--dry-run", config=feeds)
    assert (shown.exit_code, feeds.read_text()) == (0, BEFORE)
    assert "[sources.en-kremlin-ru-2]" in shown.stdout
    assert "2 of 5 would be added to" in shown.stdout


def test_the_json_twin(feeds: Path, listed: Path) -> None:
    told = json.loads(aggregator("import-opml", str(listed), "--json", config=feeds).stdout)
    assert told["written"] is True
    assert [line["key"] for line in told["lines"]] == ["en-kremlin-ru", "", "", "en-kremlin-ru-2", ""]


def test_line_ends_and_links_are_kept(tmp_path: Path, listed: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_bytes(BEFORE.replace("\n", "\r\n").encode())
    link = tmp_path / "feeds.toml"
    link.symlink_to(real)
    assert aggregator("import-opml", str(listed), config=link).exit_code == 0
    assert link.is_symlink()
    assert real.read_bytes().count(b"\n") == real.read_bytes().count(b"\r\n")
    assert len(load_config(link).sources) == 3


def test_a_file_that_does_not_load_is_left_alone(feeds: Path, listed: Path) -> None:
    feeds.write_text(BEFORE + "\n[sources.broken]\n")
    before = feeds.read_bytes()
    shown = aggregator("import-opml", str(listed), config=feeds)
    assert (shown.exit_code, feeds.read_bytes()) == (2, before)
    assert "sources.broken.url: missing" in shown.stderr


def test_a_file_to_which_nothing_can_be_appended_is_left_alone(feeds: Path, listed: Path) -> None:
    inline = 'sources = { a = { name = "A", url = "https://a.example.org/", family = "a" } }\n'
    feeds.write_text(inline)
    shown = aggregator("import-opml", str(listed), config=feeds)
    assert (shown.exit_code, feeds.read_text()) == (1, inline)
    assert "was left as it was" in shown.stderr
    assert "feeds.toml with what would be added" in shown.stderr
    assert [path.name for path in feeds.parent.iterdir() if path.suffix == ".new"] == []


def test_a_file_that_is_edited_meanwhile_is_left_alone(feeds: Path, listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def edit(_from: Path, _to: Path) -> None:
        feeds.write_text(BEFORE + "\n# edited")

    monkeypatch.setattr("aggregator.config.adding.shutil.copymode", edit)
    shown = aggregator("import-opml", str(listed), config=feeds)
    assert (shown.exit_code, feeds.read_text()) == (1, BEFORE + "\n# edited")
    assert "edited meanwhile" in shown.stderr


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("<rss/>", 1, "no OPML, but XML that begins with `rss`"),
        ("words", 1, "no OPML"),
        ("<!DOCTYPE x [<!ENTITY e 'x'>]><opml><body><outline xmlUrl='https://e.org/&e;'/></body></opml>", 1, "document type"),
        (None, 2, "cannot be read"),
    ],
)
def test_what_is_no_opml_gets_a_clear_error(text: str | None, code: int, said: str, feeds: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.opml"
    if text is not None:
        path.write_text(text)
    shown = aggregator("import-opml", str(path), config=feeds)
    assert (shown.exit_code, feeds.read_text()) == (code, BEFORE)
    assert said in shown.stderr
    assert str(path) in shown.stderr
