"""feeds.toml: every mistake in one go, each with its line; and nothing good refused."""

from __future__ import annotations

import json
import re
import textwrap
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.cli import app
from aggregator.config import ConfigError, json_schema, load_config, schema_text, starter, write_starter
from aggregator.config.positions import key_lines
from tests.conftest import STORY, source_block, write_feeds

ROOT = Path(__file__).parents[1]
MISTAKES = """\
[servce]
x = 1
[service]
interval = "10 minutes"
timeout = 30
concurency = 3
[sources.Kremlin]
name = "K"
[sources.a]
nmae = "A"
kind = "fed"
url = "ftp://x"
family = "A B"
lane = "primry"
zone = "Europe/Kiyv"
enabled = "yes"
[sources.b]
name = "B"
url = "https://user:secret@e.org/x"
family = "b"
oops = = 3
[sources.c]
name = "C"
url = "https://e.org/f"
family = "c"
[sources.d]
name = "D"
url = "https://e.org/f"
family = "d"
interval = "1s"
[stories.s]
title = ""
from = "2025-01-01"
terms = []
sources = ["bb"]
[stories.t]
title = "T"
from = 2025-01-03
until = 2025-01-01
terms = ["x", ""]
image = "https://e.org/i.png"
"""
EXPECTED = [
    "feeds.toml:1: servce: unknown table. Allowed: [service], [sources], [stories]. Did you mean 'service'?",
    "feeds.toml:4: service.interval: is '10 minutes'; write a duration such as",
    "feeds.toml:5: service.timeout: is 30; write a duration such as",
    "feeds.toml:6: service.concurency: unknown key. Allowed: storage,",
    "feeds.toml:7: sources.Kremlin: write the key in small letters",
    "feeds.toml:9: sources.a.name: missing",
    "feeds.toml:10: sources.a.nmae: unknown key.",
    "feeds.toml:11: sources.a.kind: is 'fed'; allowed: 'feed'. Did you mean 'feed'?",
    "feeds.toml:12: sources.a.url: is 'ftp://x'; write a whole address",
    "feeds.toml:13: sources.a.family: is 'A B'; it must have the form",
    "feeds.toml:14: sources.a.lane: is 'primry'; allowed: 'primary', 'reporting'. Did you mean 'primary'?",
    "feeds.toml:15: sources.a.zone: is 'Europe/Kiyv'; write a zone of the IANA database",
    "feeds.toml:16: sources.a.enabled: is 'yes'; write true or false",
    "feeds.toml:19: sources.b.url: is an address with a name or password",
    "feeds.toml:21: not TOML (Invalid value): 'oops = = 3'",
    "feeds.toml:28: sources.d.url: the same address as sources.c (line 24)",
    "feeds.toml:32: stories.s.title: is ''; write at least one word",
    "feeds.toml:33: stories.s.from: is '2025-01-01'; write a day without quotes",
    "feeds.toml:34: stories.s.terms: is []; write at least one",
    "feeds.toml:35: stories.s.sources: no source is called 'bb'. Did you mean 'b'?",
    "feeds.toml:39: stories.t.until: is before `from`",
    "feeds.toml:40: stories.t.terms: entry 2 is ''; write at least one word",
    "feeds.toml:41: stories.t.image: needs `image_alt`",
]


def mistakes_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        load_config(write_feeds(folder, text))
    return str(error.value).splitlines()


def test_all_mistakes_of_a_file_are_told_in_one_go(tmp_path: Path) -> None:
    told = mistakes_of(tmp_path, MISTAKES)
    assert len(told) == len(EXPECTED)
    for line, expected in zip(told, EXPECTED, strict=True):
        assert line.startswith(expected), line
    assert "secret" not in "\n".join(told)


@pytest.mark.parametrize(
    ("nearly", "right"), [("nmae", "name"), ("concurency", "concurrency"), ("Europe/Kiyv", "Europe/Kyiv"), ("bb", "b")]
)
def test_the_nearest_right_spelling_is_told(nearly: str, right: str, tmp_path: Path) -> None:
    line = next(line for line in mistakes_of(tmp_path, MISTAKES) if nearly in line)
    assert line.endswith(f"Did you mean {right!r}?")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _path: None, "aggregator init"),
        (lambda path: path.mkdir(), "cannot be read"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "not UTF-8"),
        (lambda path: path.write_bytes(b"#" * 4_000_001), "larger than"),
        (lambda path: path.write_text(""), "no source"),
        (lambda path: path.write_text('a = "'), "not TOML"),
        (lambda path: path.write_text('a = """\n\n\n'), "not TOML"),
        (lambda path: path.write_text("sources = 3"), "is 3; write tables such as [sources.my-key]"),
        (lambda path: path.write_text("[sources]\nkremlin = 3"), "is 3; write a table [sources.kremlin]"),
    ],
)
def test_a_file_that_is_none_is_a_clear_error(make, said: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # lambdas
    path = tmp_path / "feeds.toml"
    make(path)
    with pytest.raises(ConfigError, match=r"feeds\.toml") as error:
        load_config(path)
    assert said in str(error.value)


@pytest.mark.parametrize(("written", "seconds"), [("90s", 90), ("10m", 600), ("1h30m", 5400), ("1d", 86400)])
def test_durations(written: str, seconds: int, tmp_path: Path) -> None:
    config = load_config(write_feeds(tmp_path, f'[service]\ntimeout = "{written}"\n' + source_block("a", "https://e.org/")))
    assert config.service.timeout == timedelta(seconds=seconds)


def test_a_day_is_the_whole_day_in_utc(tmp_path: Path) -> None:
    story = load_config(write_feeds(tmp_path, STORY + source_block("a", "https://e.org/"))).stories
    talks = next(iter(story.values()))
    assert talks.from_ == datetime(2025, 8, 1, tzinfo=UTC)
    assert talks.until == datetime(2025, 9, 1, tzinfo=UTC)


def test_storage_is_relative_to_the_file(tmp_path: Path) -> None:
    config = load_config(write_feeds(tmp_path, source_block("a", "https://e.org/")))
    assert config.service.storage == tmp_path / "storage"
    assert config.service.database_url == f"sqlite:///{tmp_path}/storage/aggregator.sqlite"


def test_the_shipped_files_have_no_mistakes_and_fit_the_schema() -> None:
    import tomllib  # noqa: PLC0415 - read as an editor does, past our own reader

    for path in (ROOT / "feeds.toml", ROOT / "aggregator/config/starter.toml", ROOT / "aggregator/demo/feeds.toml"):
        config = load_config(path)
        assert config.sources
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        plain = json.loads(json.dumps(raw, default=lambda value: value.isoformat() if isinstance(value, date) else None))
        jsonschema.validate(plain, json_schema())


def test_the_schema_refuses_what_we_refuse() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(
            {"sources": {"a": {"name": "A", "url": "https://e.org", "family": "a", "kind": "fed"}}}, json_schema()
        )
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"sources": {"a": {"nmae": "A", "url": "https://e.org", "family": "a"}}}, json_schema())


def test_the_shipped_schema_is_the_generated_one() -> None:
    assert (ROOT / "feeds.schema.json").read_text(encoding="utf-8") == schema_text()
    assert (ROOT / "feeds.toml").read_text(encoding="utf-8").startswith("#:schema ./feeds.schema.json\n")


def test_a_starter_is_written_once_and_loads(tmp_path: Path) -> None:
    path = tmp_path / "news" / "feeds.toml"
    write_starter(path)
    assert load_config(path).sources
    assert path.with_name("feeds.schema.json").read_text() == schema_text()
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        write_starter(path)
    assert path.read_text() == "mine"


TRICKY = '''\
a = 1 # x
b.c = [ # [no]
  "d = 2", # e = 3
]
text = """
f = 4
[g]
"""
[ h . "i j" ]
k = { l = 1, m = [
 2] }
"n o" = 'p = ['
[[q]]
r = 1
'''


def test_lines_of_keys_in_a_tricky_file() -> None:
    assert key_lines(TRICKY) == {
        ("a",): 1,
        ("b",): 2,
        ("b", "c"): 2,
        ("text",): 5,
        ("h",): 9,
        ("h", "i j"): 9,
        ("h", "i j", "k"): 10,
        ("h", "i j", "n o"): 12,
        ("q",): 13,
        ("q", "r"): 14,
    }


@given(st.text(max_size=300))
def test_no_text_breaks_the_scanner(text: str) -> None:
    count = text.count("\n") + 1
    assert all(1 <= line <= count for line in key_lines(text).values())


def test_the_starter_explains_every_key_of_a_source_that_is_needed() -> None:
    for key in ("name", "kind", "url", "family", "zone", "language", "terms", "settle"):
        assert f"\n{key} = " in starter()


def test_the_readmes_example_loads_and_names_commands_that_exist(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = text.split("A source and a story in `feeds.toml`:\n\n")[1].split("\n\n`feeds.schema.json`")[0]
    config = load_config(write_feeds(tmp_path, textwrap.dedent(example)))
    assert list(config.stories) == ["alaska"]
    named = set(re.findall(r"aggregator ([a-z]+)(?=[ `\n])", text)) - {"is"}
    assert named
    assert named <= {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
