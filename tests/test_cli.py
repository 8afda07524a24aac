"""The command line, as an operator types it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import structlog
import typer.main
from typer.core import TyperGroup
from typer.testing import CliRunner, Result

from aggregator.cli import app
from aggregator.cli.main import app_of
from aggregator.cli.output import set_up_logs
from aggregator.publish.formats import SUFFIXES
from tests.conftest import STORY, Answer, Web, item, rss, source_block, write_feeds

COMMANDS = [
    "init",
    "check",
    "run",
    "poll",
    "preview",
    "import-opml",
    "sources",
    "stories",
    "story",
    "statements",
    "statement",
    "changes",
    "missed",
    "backup",
    "restore",
    "export",
    "search",
    "suggest",
    "verify",
    "replay",
    "demo",
]
NOW_STORY = STORY.replace('settle = "10m"', 'settle = "0s"')


def aggregator(*words: str, config: Path | None = None) -> Result:
    return CliRunner().invoke(app, [*words, *(["--config", str(config)] if config else [])])


@pytest.fixture
def feeds(web: Web, tmp_path: Path) -> Path:
    web.serve(rss(item("one", "Talks on grain", "<p>The talks on grain go on.</p><p>They will last 12 days.</p>")))
    return write_feeds(tmp_path, NOW_STORY + source_block("a", web.url(), name="Alpha"))


@pytest.fixture
def polled(feeds: Path) -> Path:
    done = aggregator("poll", config=feeds)
    assert done.exit_code == 0, done.output
    return feeds


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    shown = aggregator(command, "--help")
    assert shown.exit_code == 0
    assert f"Example: aggregator {command}" in " ".join(shown.stdout.split())


def test_a_command_is_put_together_alone_and_is_as_among_all() -> None:
    whole = typer.main.get_command(app)
    assert isinstance(whole, TyperGroup)
    for name in whole.commands:
        part = app_of([name])
        assert len(part.registered_commands) + len(part.registered_groups) == 1
        runs = [CliRunner().invoke(one, [name, "--help"], prog_name="aggregator") for one in (part, app)]
        assert (runs[0].exit_code, runs[0].output) == (0, runs[1].output)


def test_help_lists_every_command_and_version_is_told() -> None:
    shown = aggregator("--help").stdout
    assert [command for command in COMMANDS if not re.search(rf"\b{command}\b", shown)] == []
    assert re.fullmatch(r"aggregator \d+\.\d+\.\d+\n", aggregator("--version").stdout)


def test_a_poll_publishes_and_prints_its_balance(polled: Path, web: Web) -> None:
    shown = aggregator("poll", config=polled)
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[:2] == [
        "source\toutcome\tlisted\tnew\trevised\tduplicate\tunchanged\tdropped\treason",
        "a\tunchanged\t0\t0\t0\t0\t0\t0\tthe same bytes as at the last poll",
    ]
    web.serve(rss(item("two", "Talks on energy", "The talks on energy begin in another town.")))
    assert "published talks Update.2 (adds): Talks on energy" in aggregator("poll", "a", config=polled).stdout


def test_a_poll_as_json(feeds: Path) -> None:
    shown = json.loads(aggregator("poll", "--json", config=feeds).stdout)
    assert (shown["polls"][0]["source"], shown["polls"][0]["new"]) == ("a", 1)
    assert shown["published"] == [{"story": "talks", "number": 1, "kind": "new", "title": "Talks on grain"}]
    assert shown["waiting"] == 0


def test_a_source_that_fails_is_exit_code_1(feeds: Path, web: Web) -> None:
    web.answers["/feed"] = Answer(b"", 404)
    shown = aggregator("poll", "a", config=feeds)
    assert shown.exit_code == 1
    assert "HTTP 404" in shown.stdout


@pytest.mark.parametrize("command", ["poll", "preview"])
def test_an_unknown_source_is_exit_code_2(command: str, feeds: Path) -> None:
    shown = aggregator(command, "b", config=feeds)
    assert shown.exit_code == 2
    assert "There is no source 'b'" in shown.stderr
    assert "Sources: a" in shown.stderr


def test_the_lists(polled: Path) -> None:
    assert "a\tAlpha\t\tchanged" in aggregator("sources", config=polled).stdout
    assert "talks\tTalks in Geneva\t1\t0" in aggregator("stories", config=polled).stdout
    assert "1\t2025-08-14 12:00\ta\t1\tTalks on grain" in aggregator("statements", config=polled).stdout
    shown = aggregator("statement", "1", config=polled).stdout
    for said in (
        "family a",
        "said     2025-08-14 12:00 UTC, written 'Thu, 14 Aug 2025 12:00:00 +0000' (with its zone)",
        "versions 1 en",
        "talks Update.1 (new)",
        "They will last 12 days.",
        "snapshot ",
    ):
        assert said in shown


def test_sources_show_when_why_and_what_is_wrong(feeds: Path, web: Web) -> None:
    web.serve(rss(item("one", "Talks", "The talks.")), "/moved")
    web.answers["/feed"] = Answer(b"", 301, {"location": "/moved"})
    aggregator("poll", config=feeds)
    shown = aggregator("sources", config=feeds).stdout
    assert "\tno rhythm is known yet\t" in shown
    assert f'it moved for good: write url = "{web.url("/moved")}" in feeds.toml' in shown
    web.answers["/feed"] = web.answers["/moved"] = Answer(b"", 410)
    aggregator("poll", config=feeds)
    shown = aggregator("sources", config=feeds).stdout
    assert "after 1 failure in a row" in shown
    assert "HTTP 410" in shown
    told = json.loads(aggregator("sources", "--json", config=feeds).stdout)[0]
    assert (told["failures"], told["moved_to"], told["last_outcome"]) == (1, None, "failed")


@pytest.mark.parametrize("words", [["sources"], ["stories"], ["story", "talks"], ["statements"], ["statement", "1"]])
def test_every_reading_command_has_a_json_twin(words: list[str], polled: Path) -> None:
    shown = aggregator(*words, "--json", config=polled)
    assert shown.exit_code == 0
    value = json.loads(shown.stdout)
    assert "talks" in json.dumps(value).lower() or value[0]["key"] == "a"


def test_statements_of_one_source(polled: Path) -> None:
    assert len(json.loads(aggregator("statements", "--source", "a", "--json", config=polled).stdout)) == 1
    unknown = aggregator("statements", "--source", "b", config=polled)
    assert (unknown.exit_code, "Sources: a" in unknown.stderr) == (2, True)


@pytest.mark.parametrize(
    ("form", "start"), [("text", "Talks in Geneva"), ("md", "# Talks in Geneva"), ("html", "<!DOCTYPE html>"), ("json", "{")]
)
def test_a_story_in_every_format(form: str, start: str, polled: Path) -> None:
    shown = aggregator("story", "talks", "--format", form, config=polled)
    assert shown.stdout.startswith(start)
    assert "Update.1" in shown.stdout or form == "json"


def test_a_wrong_story_or_format_says_what_there_is(polled: Path) -> None:
    wrong = aggregator("story", "talk", config=polled)
    assert (wrong.exit_code, "Stories: talks" in wrong.stderr) == (2, True)
    wrong = aggregator("story", "talks", "--format", "pdf", config=polled)
    assert (wrong.exit_code, "text, md, html, newest, json, atom, jsonfeed, oembed" in wrong.stderr) == (2, True)
    assert aggregator("statement", "99", config=polled).exit_code == 1


def test_reading_before_the_first_poll_says_what_to_do(feeds: Path) -> None:
    shown = aggregator("stories", config=feeds)
    assert shown.exit_code == 1
    assert "no store yet" in shown.stderr
    assert "aggregator poll" in shown.stderr
    assert not (feeds.parent / "storage").exists()


def test_a_store_that_is_none_is_told_in_a_sentence(feeds: Path) -> None:
    storage = feeds.parent / "storage"
    storage.mkdir()
    (storage / "aggregator.sqlite").write_bytes(b"not a database at all " * 100)
    for command in ("poll", "stories", "run"):
        shown = aggregator(command, config=feeds)
        assert shown.exit_code == 1
        assert "not a SQLite database" in shown.stderr
        assert "Traceback" not in shown.output


def test_a_read_only_store_is_told_in_a_sentence(polled: Path) -> None:
    text = polled.read_text()
    uri = f"sqlite:///file:{polled.parent}/storage/aggregator.sqlite?mode=ro&uri=true"
    polled.write_text(text.replace("[service]\n", f'[service]\ndatabase = "{uri}"\n'))
    shown = aggregator("poll", config=polled)
    assert shown.exit_code == 1
    assert "cannot be written" in shown.stderr
    assert "Traceback" not in shown.output


def test_mistakes_are_exit_code_2_with_their_lines(tmp_path: Path) -> None:
    path = write_feeds(tmp_path, "[sources.a]\nname = 'A'\n")
    for command in (["check"], ["poll"], ["stories"], ["run"]):
        shown = aggregator(*command, config=path)
        assert shown.exit_code == 2
        assert "feeds.toml:1: sources.a.url: missing" in shown.stderr


def test_check_prints_the_plan(feeds: Path) -> None:
    shown = aggregator("check", config=feeds).stdout
    assert "a\tAlpha\ta\tprimary\tfeed\t10m\thttp://127.0.0.1" in shown
    assert "talks\tTalks in Geneva\t2025-08-01 00:00\t2025-09-01 00:00\t0s\ttalks" in shown
    plan = json.loads(aggregator("check", "--json", config=feeds).stdout)
    assert (plan["sources"][0]["interval_s"], plan["stories"][0]["terms"]) == (600, ["talks"])


def test_init_writes_a_file_once(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    assert aggregator("init", config=path).exit_code == 0
    assert aggregator("check", config=path).exit_code == 0
    before = path.read_text()
    again = aggregator("init", config=path)
    assert (again.exit_code, "left as it is" in again.stderr, path.read_text()) == (2, True, before)


def test_preview_shows_and_stores_nothing(feeds: Path, web: Web) -> None:
    web.serve(
        rss(item("one", "Talks on grain", "The talks go on."), item("two", "Weather", "Rain."), "<item></item>"), etag='"x"'
    )
    shown = aggregator("preview", "a", config=feeds)
    assert shown.exit_code == 0
    assert 'etag: "x"' in shown.stdout
    line = "2025-08-14 12:00\tThu, 14 Aug 2025 12:00:00 +0000\toffset\ten\t\t4\tTalks on grain\ttalks (“Talks” in the title)"
    assert line in shown.stdout
    assert "\t1\tWeather\t\n" in shown.stdout
    assert "would be dropped: entry 3: neither an id nor a link nor a title" in shown.stdout
    assert not (feeds.parent / "storage").exists()
    assert len(json.loads(aggregator("preview", "a", "--json", config=feeds).stdout)["lines"]) == 2


def test_what_a_source_wrote_cannot_steer_the_terminal(polled: Path, web: Web) -> None:
    web.serve(rss(item("two", "Talks &#27;[31mred\u202e", "The talks \x9b31m go on elsewhere.")).replace("&#27;", "\x9b"))
    aggregator("poll", config=polled)
    shown = aggregator("statements", config=polled).stdout + aggregator("story", "talks", config=polled).stdout
    assert "Talks" in shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)


def test_a_story_is_printed_sign_by_sign_as_the_site_has_it(polled: Path, web: Web) -> None:
    """Also those that nobody sees, without which a word of Persian or Hindi is another one."""
    said = "The talks \u2039می\u200cخواهم\u203a and क्\u200dष and \u200fנא\u200e go on elsewhere."
    web.serve(rss(item("two", "Talks: «می\u200cخواهم» 🫯", said)))
    assert aggregator("poll", config=polled).exit_code == 0
    for form, suffix in SUFFIXES.items():
        shown = aggregator("story", "talks", "--format", form, config=polled).stdout
        assert shown == (polled.parent / f"storage/site/talks.{suffix}").read_text(encoding="utf-8"), form
        assert form in ("oembed", "text") or "می\u200cخواهم" in shown
    assert said in aggregator("story", "talks", config=polled).stdout


def test_what_a_poll_tells_of_a_source_cannot_steer_the_terminal(feeds: Path, web: Web) -> None:
    named = {"id": "a\x1b[31m\x9b31m\u202e", "title": "Talks \x1b[31m\x9b31m\u202e on grain", "content_text": "They go on."}
    items = [named | {"date_published": "2025-08-14T10:00:00Z"}, named | {"id": "b\x1b[2J\x9b2J\u202e"}]
    web.serve(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": items}))
    text = aggregator("poll", config=feeds)
    assert "dropped from a: b" in text.stderr
    assert "published talks Update.1" in text.stdout
    listed = aggregator("statements", "--json", config=feeds).stdout
    missing = aggregator("story", "x\x1b[2J\u202e", config=feeds).stderr
    assert "no story" in missing
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text.stdout + text.stderr + listed + missing)
    assert json.loads(listed)[0]["title"].startswith("Talks")


def test_a_logged_error_holds_no_values_of_variables(capfd: pytest.CaptureFixture[str]) -> None:
    """Among them may be the login of a proxy, and a whole body."""
    set_up_logs(everything=False)
    login = "http://desk:hunter2@proxy.example.org"
    try:
        raise ValueError(f"a bug, and nothing of {len(login)} letters")
    except ValueError:
        structlog.get_logger().exception("broke")
    said = capfd.readouterr().err
    assert "a bug" in said
    assert "hunter2" not in said


def test_a_preview_asks_as_a_poll_does(web: Web, tmp_path: Path) -> None:
    """By the source's proxy, and with the manners of its host: the web server plays the proxy."""
    address = "http://news.example.org/feed"
    web.answers[address] = Answer(rss(item("one", "Talks on grain", "They go on.")).encode())
    hosts = '[hosts."news.example.org"]\nuser_agent = "desk-monitor/1.0"\nrobots = false\n'
    config = write_feeds(tmp_path, hosts + source_block("a", address, more=f'proxy = "{web.url("")}"'))
    assert "Talks on grain" in aggregator("preview", "a", config=config).stdout
    assert [(path, headers["user-agent"]) for path, headers in web.asked] == [(address, "desk-monitor/1.0")]
