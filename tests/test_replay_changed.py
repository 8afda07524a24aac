"""What a changed feeds.toml would have changed, in words; and the command line of a replay."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aggregator.cli import app
from aggregator.config import load_config
from aggregator.pipeline.differing import summary
from aggregator.pipeline.rebuilding import Asked, Rebuilt, rebuild
from aggregator.pipeline.sandbox import Sandbox
from tests.conftest import write_feeds
from tests.worlds import Life, World, feeds_toml, life


@pytest.fixture
def lived(tmp_path: Path, sandbox: Sandbox) -> Iterator[Life]:
    with life(tmp_path, sandbox) as one:
        yield one


def changed(one: Life, text: str) -> Rebuilt:
    """A replay by another feeds.toml."""
    config = load_config(write_feeds(one.folder, text))
    question = Asked(config=config)
    return asyncio.run(rebuild(one.store, question, file=one.folder / "rebuilt.sqlite", sandbox=one.sandbox))


def said(found: Rebuilt) -> list[tuple[str, str, str]]:
    return [(f"{one.what} {one.kind}", one.name, one.title) for one in found.differences]


def quiet(_world: World) -> None:
    """Nothing happens."""


def test_other_terms_take_up_another_statement(lived: Life) -> None:
    lived.act(lambda world: (world.say("a"), world.say("a", about="match")), "a")
    lived.act(quiet, "a")
    talks, match = lived.world.told["a"]
    found = changed(lived, feeds_toml(terms='"match"'))
    assert said(found) == [("update gone", "talks/1", talks.title), ("update added", "talks/1", match.title)]
    assert summary(found.differences) == "would merge none, split none, add 1 update, lose 1 update"
    assert found.differences[1].url == f"https://a.example/news/{match.number}"
    assert found.differences[1].said == "would be published as Update.1 (new), 2025-08-14 12:40 UTC"
    assert found.unrecorded == {}


def test_terms_that_take_up_more_leave_what_was_told_at_its_moment(lived: Life) -> None:
    lived.act(lambda world: (world.say("a", minutes_ago=5), world.say("a", about="match", minutes_ago=9)), "a")
    lived.act(quiet, "a")
    lived.act(lambda world: world.say("c"), "c")
    lived.act(quiet, "c")
    found = changed(lived, feeds_toml(terms='"talks", "match"'))
    # The match was said first, so it is Update.1; and nobody's moment moves.
    assert [(one.kind, one.name, one.said) for one in found.differences] == [
        ("changed", "talks/1", "would be Update.2; new, would be adds; would tell other sentences (2 for 3)"),
        ("changed", "talks/2", "would be Update.3; would tell other sentences (3 for 2)"),
        ("added", "talks/1", "would be published as Update.1 (new), 2025-08-14 12:40 UTC"),
    ]


def test_a_longer_wait_puts_what_was_said_first_first(lived: Life) -> None:
    lived.act(lambda world: world.say("a", minutes_ago=1), "a")
    lived.act(lambda world: world.say("c", minutes_ago=50), "c", minutes=15)
    lived.act(quiet, "a", "c", minutes=15)
    lived.act(quiet, "a", "c", minutes=15)
    found = changed(lived, feeds_toml(settle="25m"))
    assert [(one.kind, one.name) for one in found.differences] == [("changed", "talks/1"), ("changed", "talks/2")]
    assert found.differences[0].said.startswith("would be Update.2; new, would be adds")
    assert found.differences[1].said.startswith("would be Update.1; adds, would be new")


def test_a_shorter_wait_does_not_wait_for_the_recorded_moment(lived: Life) -> None:
    lived.act(lambda world: world.say("a", minutes_ago=1), "a")
    lived.act(quiet, "c", minutes=5)
    lived.act(quiet, "a", minutes=10)
    found = changed(lived, feeds_toml(settle="2m"))
    assert [one.said for one in found.differences] == ["published 2025-08-14 12:35:00 UTC, would be 2025-08-14 12:25:00 UTC"]


def test_other_selectors_read_other_texts(lived: Life) -> None:
    lived.act(lambda world: [world.say("p") for _ in range(5)], "p")
    lived.act(quiet, "p")
    found = changed(lived, feeds_toml().replace('text = "p"', 'text = "h3"'))
    assert [one.said for one in found.differences if one.what == "statement"] == ["its text would be another"] * 5
    assert {one.kind for one in found.differences if one.what == "update"} == {"gone"}  # a heading alone is no talks


def test_selectors_that_find_nothing_lose_everything(lived: Life) -> None:
    lived.act(lambda world: [world.say("p") for _ in range(3)], "p")
    found = changed(lived, feeds_toml().replace('entry = "li"', 'entry = "article"'))
    assert [one.said for one in found.differences] == ["would not be there"] * 3
    assert summary(found.differences) == "would merge none, split none, lose 3 statements"


def test_selectors_put_right_read_what_could_not_be_read_then(lived: Life) -> None:
    lived.configure(feeds_toml().replace('entry = "li"', 'entry = "article"'))
    lived.act(lambda world: [world.say("p") for _ in range(3)], "p")
    found = changed(lived, feeds_toml())
    assert summary(found.differences) == "would merge none, split none, add 3 statements"


def test_a_reference_merges_two_statements(lived: Life) -> None:
    def the_same_in_other_words(world: World) -> None:
        one = world.say("a")
        other = world.say("b", about="match")
        other.number = one.number

    lived.act(the_same_in_other_words, "a")
    lived.act(quiet, "b")
    lived.act(quiet, "a", "b")
    text = feeds_toml().replace('family = "one"\n', "family = \"one\"\nreference = '/news/(\\d+)$'\n")
    found = changed(lived, text)
    assert ("statement merged", "1 and 2", lived.world.told["a"][0].title) in said(found)
    assert summary(found.differences).startswith("would merge 2 statements, split none")


def test_without_its_reference_a_statement_is_split(lived: Life) -> None:
    text = feeds_toml().replace('family = "one"\n', "family = \"one\"\nreference = '/news/(\\d+)$'\n")
    lived.configure(text)

    def the_same_in_other_words(world: World) -> None:
        one = world.say("a")
        world.say("b", about="match").number = one.number

    lived.act(the_same_in_other_words, "a")
    lived.act(quiet, "b")
    found = changed(lived, feeds_toml())
    assert summary(found.differences).startswith("would merge none, split 1 statement")
    assert found.differences[0].said.startswith("would be 2 statements: “On ")


def test_a_source_that_is_not_there_takes_its_statements_along(lived: Life) -> None:
    lived.act(lambda world: (world.say("a", minutes_ago=9), world.say("c", minutes_ago=2)), "a", "c")
    lived.act(quiet, "a", "c")
    text = feeds_toml()
    start, end = text.index("[sources.a]"), text.index("[sources.b]")
    found = changed(lived, text[:start] + text[end:])
    assert [(one.source, one.polls, one.why) for one in found.left_out] == [("a", 2, "is not in the file")]
    assert [kind for kind, _, _ in said(found)] == ["statement gone", "update gone", "update changed"]
    assert found.differences[2].said.startswith("would be Update.1; adds, would be new")


def test_a_source_by_another_key_is_known_by_its_address(lived: Life) -> None:
    lived.act(lambda world: world.say("a"), "a")
    lived.act(quiet, "a")
    found = changed(lived, feeds_toml().replace("[sources.a]", "[sources.alpha]"))
    assert found.left_out == []
    assert found.polls == 2
    # A line belongs to its source, so its statement is another one by name; its text is told all the same.
    assert [kind for kind, _, _ in said(found)] == ["statement gone", "statement added", "update gone", "update added"]


def test_a_source_that_is_switched_off_or_moved_does_not_count(lived: Life) -> None:
    lived.act(lambda world: (world.say("a"), world.say("c")), "a", "c")
    text = feeds_toml().replace('name = "Alpha"', 'name = "Alpha"\nenabled = false')
    found = changed(lived, text.replace("https://c.example/feed", "https://c.example/rss"))
    assert {(one.source, one.why) for one in found.left_out} == {
        ("a", "is not enabled in the file"),
        ("c", "has another address in the file"),
    }
    assert "c" in found.without_record


def test_what_nobody_asked_then_is_named_and_not_guessed(lived: Life) -> None:
    one = []
    lived.act(lambda world: one.append(world.say("a")), "a")
    found = changed(lived, feeds_toml().replace('name = "Alpha"', 'name = "Alpha"\nfetch_pages = true'))
    assert found.unrecorded == {f"https://a.example/news/{one[0].number}": 1}
    assert found.differences == []  # the listing's own text does


def test_lines_that_would_be_left_out_are_told(lived: Life) -> None:
    lived.act(lambda world: world.say("a"), "a")
    found = changed(lived, feeds_toml().replace('name = "Alpha"', 'name = "Alpha"\nwithout = ["On "]'))
    assert summary(found.differences) == "would merge none, split none, lose 1 statement, drop 1 line"
    assert found.differences[-1].said.startswith("would be dropped: left out by `without`")


def test_a_story_that_is_new_is_told_from_its_beginning(lived: Life) -> None:
    lived.act(lambda world: world.say("a", about="match"), "a")
    lived.act(quiet, "a")
    lived.act(quiet, "a")
    more = '[stories.matches]\ntitle = "Matches"\nfrom = 2025-08-01\nterms = ["match"]\n'
    found = changed(lived, feeds_toml(more=more))
    assert [(kind, name) for kind, name, _ in said(found)] == [("update added", "matches/1")]


# --- The command line.


def aggregator(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def folder(lived: Life) -> Path:
    lived.act(lambda world: (world.say("a"), world.say("c", about="match")), "a", "c")
    lived.act(quiet, "a", "c")
    lived.store.close()
    return lived.folder


def test_a_replay_says_that_all_is_equal(folder: Path) -> None:
    done = aggregator("replay", "--check", "--config", str(folder / "feeds.toml"))
    assert done.exit_code == 0, done.output
    assert (
        f"4 polls replayed by {folder}/feeds.toml\nequal to the last bit: 2 statements, 2 revisions, 1 updates" in done.stdout
    )
    assert not list(folder.glob(".*"))


def test_a_replay_says_what_would_differ_and_ends_well_unless_it_checks(folder: Path) -> None:
    path = folder / "new.toml"
    path.write_text(feeds_toml(terms='"match"'), encoding="utf-8")
    done = aggregator("replay", "--config", str(path))
    assert done.exit_code == 0, done.output
    assert "would merge none, split none, add 1 update, lose 1 update" in done.stdout
    assert "  update talks/1 “On " in done.stdout
    assert aggregator("replay", "--check", "--config", str(path)).exit_code == 1
    assert aggregator("replay", "--check", "--recorded", "--config", str(path)).exit_code == 0


def test_a_replay_as_json(folder: Path) -> None:
    path = folder / "new.toml"
    path.write_text(feeds_toml(terms='"match"'), encoding="utf-8")
    done = aggregator("replay", "--json", "--from", "2025-08-14", "--to", "2025-08-15", "--config", str(path))
    found = json.loads(done.stdout)
    assert (found["equal"], found["same"], found["polls"]) == (False, False, 4)
    assert found["from"].startswith("2025-08-14T00:00:00")
    assert [one["kind"] for one in found["differences"]] == ["gone", "added"]
    assert found["summary"] == "would merge none, split none, add 1 update, lose 1 update"


def test_the_rebuilt_store_is_kept_where_it_is_wanted(folder: Path) -> None:
    file = folder / "elsewhere" / "aggregator.sqlite"
    file.parent.mkdir()
    done = aggregator("replay", "--into", str(file), "--config", str(folder / "feeds.toml"))
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith(f"the rebuilt store: {file}\n")
    text = (folder / "feeds.toml").read_text(encoding="utf-8")
    config = write_feeds(file.parent, text.replace("[service]\n", '[service]\nstorage = "."\n'))
    shown = aggregator("story", "talks", "--config", str(config))
    assert shown.exit_code == 0
    assert shown.stdout == aggregator("story", "talks", "--config", str(folder / "feeds.toml")).stdout
    assert [path.name for path in file.parent.iterdir() if path.suffix == ".part"] == []
    again = aggregator("replay", "--into", str(file), "--config", str(folder / "feeds.toml"))
    assert again.exit_code == 2
    assert "left as it was" in again.output


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--from", "yesterday"), "--from: 'yesterday' is no time"),
        (("--from", "2025-08-15", "--to", "2025-08-14"), "--from: lies at or after --to"),
    ],
)
def test_wrong_times_are_told(words: tuple[str, ...], text: str, folder: Path) -> None:
    done = aggregator("replay", *words, "--config", str(folder / "feeds.toml"))
    assert done.exit_code == 2
    assert text in done.output


def test_a_store_that_is_not_there_cannot_be_replayed(tmp_path: Path) -> None:
    done = aggregator("replay", "--config", str(write_feeds(tmp_path, feeds_toml())))
    assert done.exit_code == 1
    assert "there is no store yet" in done.output
    assert not (tmp_path / "storage").exists()
