"""feeds.toml: every mistake in one go, each with its line; and nothing good refused."""

from __future__ import annotations

import json
import os
import re
import textwrap
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from aggregator.cli import app
from aggregator.config import KINDS, ConfigError, json_schema, load_config, schema_text, starter, write_starter
from aggregator.fetch import Manners
from aggregator.model import Lane, SourceKey, StoryKey
from aggregator.pipeline import asking
from aggregator.service import hosts_of
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
    "feeds.toml:1: servce: unknown table. Allowed: [service], [web], [hosts], [sources], [stories], [notify]. Did you mean",
    "feeds.toml:4: service.interval: is '10 minutes'; write a duration such as",
    "feeds.toml:5: service.timeout: is 30; write a duration such as",
    "feeds.toml:6: service.concurency: unknown key. Allowed: storage,",
    "feeds.toml:7: sources.Kremlin: write the key in small letters",
    "feeds.toml:9: sources.a.name: missing",
    "feeds.toml:10: sources.a.nmae: unknown key.",
    "feeds.toml:11: sources.a.kind: is 'fed'; allowed: 'feed', 'page', 'sitemap', 'json_api'. Did you mean 'feed'?",
    "feeds.toml:12: sources.a.url: is 'ftp://x'; write a whole address",
    "feeds.toml:13: sources.a.family: is 'A B'; write small letters, digits and hyphens",
    "feeds.toml:14: sources.a.lane: is 'primry'; allowed: 'primary', 'reporting'. Did you mean 'primary'?",
    "feeds.toml:15: sources.a.zone: is 'Europe/Kiyv'; write a zone of the IANA database",
    "feeds.toml:16: sources.a.enabled: is 'yes'; write true or false",
    "feeds.toml:19: sources.b.url: is '…@e.org/x'; an address must not hold a name or password",
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
    path = folder / "feeds.toml"
    path.write_text(text, encoding="utf-8")  # as it is: mistakes are told with their lines
    with pytest.raises(ConfigError) as error:
        load_config(path)
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
        (os.mkfifo, "no source"),  # and nobody waits for who never writes to it
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


@pytest.mark.parametrize(
    ("written", "bytes_"), [('"10 MB"', 10_000_000), ('"512 KB"', 512_000), ('"1.5gb"', 1_500_000_000), ("4096", 4096)]
)
def test_sizes(written: str, bytes_: int, tmp_path: Path) -> None:
    config = load_config(write_feeds(tmp_path, f"[service]\nmax_body = {written}\n" + source_block("a", "https://e.org/")))
    assert config.service.max_body == bytes_


def test_the_defaults_are_those_of_the_manual(tmp_path: Path) -> None:
    config = load_config(write_feeds(tmp_path, STORY.replace('settle = "10m"', "") + source_block("a", "https://e.org/")))
    service, source, story = config.service, next(iter(config.sources.values())), next(iter(config.stories.values()))
    assert (service.interval, service.min_interval) == (timedelta(minutes=10), timedelta(minutes=2))
    assert (service.max_interval, service.timeout) == (timedelta(days=1), timedelta(seconds=30))
    assert (service.max_body, service.concurrency, service.user_agent) == (10_000_000, 64, None)
    assert (source.kind, source.lane, source.enabled, source.fetch_pages) == ("feed", "primary", True, False)
    assert (story.settle.primary, story.sources, story.language) == (timedelta(minutes=10), (), "en")


def test_sources_keep_the_order_of_the_file(tmp_path: Path) -> None:
    keys = ["m", "a", "z", "b"]
    config = load_config(write_feeds(tmp_path, "".join(source_block(key, f"https://e.org/{key}") for key in keys)))
    assert list(config.sources) == keys


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
    for path in (ROOT / "feeds.toml", ROOT / "aggregator/config/starter.toml", ROOT / "aggregator/demo/feeds.toml"):
        config = load_config(path)
        assert config.sources
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        plain = json.loads(json.dumps(raw, default=lambda value: value.isoformat() if isinstance(value, date) else None))
        jsonschema.validate(plain, json_schema())


def test_every_kind_is_a_module_of_sources() -> None:
    assert KINDS == ("feed", "page", "sitemap", "json_api")
    assert all((ROOT / "aggregator/sources" / f"{kind}.py").is_file() for kind in KINDS)


def test_the_defaults_in_the_schema_fit_the_schema() -> None:
    for part in json.loads(schema_text())["$defs"].values():
        for form in part.get("properties", {}).values():
            if "default" in form:
                jsonschema.validate(form["default"], form | {"$defs": json.loads(schema_text())["$defs"]})


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
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert named <= known | {group.name for group in app.registered_groups}


A = '[sources.a]\nname = "A"\nurl = "https://e.org/"\nfamily = "a"\n'  # lines 1 to 4
B = '[sources.b]\nname = "B"\nurl = "https://e.org/b"\nfamily = "b"\n'
T = '[stories.s]\ntitle = "T"\nfrom = 2026-01-01\nterms = ["x"]\n'  # behind A: lines 5 to 8


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (A + 'allow = ["x",\n' + B + T, ["5: not TOML"]),
        (A + 'note = """text\n\n' + B + T, ["5: not TOML"]),
        (A + "note = {x = 1\n" + B, ["5: not TOML"]),
        (A + T.replace('["x"]', '[\n "x"\n "y",\n]'), ["10: not TOML"]),
        (A + A + T, ["5: not TOML"]),
        (A.replace("]", "", 1) + T + 'sources = ["a"]\n', ["1: not TOML"]),
        (A.replace('"A"', "A"), ["2: not TOML"]),
        (A.replace("name =", "name"), ["2: not TOML"]),
        (A + T + 'image = "https://e.org/i.png"\nimage_alt = "an open quote\n', ["10: not TOML"]),
        (A + '[service]\nmin_interval = "20m"\ninterval = = "1h"\n', ["7: not TOML"]),
        (A + 'name = """\nurl = 1\n"""\n' + T, ["7: not TOML"]),
        (A + "x = = 1\n" + T + "lead = 3\n" + "y = = 1\n", ["5: not TOML", "10: stories.s.lead", "11: not TOML"]),
    ],
)
def test_a_line_that_is_not_toml_draws_no_false_mistakes_behind_it(text: str, told: list[str], tmp_path: Path) -> None:
    lines = mistakes_of(tmp_path, text)
    assert [line.startswith(f"feeds.toml:{start}") for line, start in zip(lines, told, strict=True)] == [True] * len(told), (
        lines
    )


@pytest.mark.parametrize(
    "line",
    [
        'homepage = "https://desk:hunter2@e.org/',
        'homepage = "https://desk:hunter2@e.org/"',
        'homepage = "https://desk:it\'s@hunter2@e.org/"',
        'homepage = "desk:hunter2@e.org/"',
        'language = "ftp://desk:hunter2@e.org/"',
        'allow = [["https://desk:hunter2@e.org/"]]',
        '[sources]\nb = "https://desk:hunter2@e.org/"',
        '[service]\ndatabase = "//desk:hunter2@e.org/"',
        'enabled = {a = "https://desk:hunter2@e.org/"}',
    ],
)
def test_no_mistake_repeats_a_password(line: str, tmp_path: Path) -> None:
    said = "\n".join(mistakes_of(tmp_path, A + line + "\n"))
    assert "hunter2" not in said
    assert "desk" not in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('[service]\ncontact = "a@b.org\\r\\nX-Evil: 1"', "6: service.contact: is"),
        ('[service]\ncontact = "@"', "6: service.contact: is '@'; write an e-mail"),
        ('[service]\ncontact = "b\u00fcro@b.org"', "6: service.contact: is"),
        ('[service]\nuser_agent = "abc\\r\\nX-Evil: 1"', "6: service.user_agent: is"),
        ('[service]\nstorage = "a\\u0000b"', "6: service.storage: is"),
        ("[service]\nconcurrency = 257", "6: service.concurrency: is 257; write 256 or less"),
        ("[service]\nmax_body = true", "6: service.max_body: is true; write a size"),
        ('[service]\nmin_interval = "0s"', "6: service.min_interval: is '0s'; write a duration above zero"),
        ('[service]\nmin_interval = "1h"', "6: service.min_interval: interval is 10m; it must lie between"),
        ('[service]\nmin_interval = "2h"\nmax_interval = "1h"', "6: service.min_interval: is 2h; write no more than"),
        ('interval = "9d"', "5: sources.a.interval: is 9d; write one between min_interval (2m) and max_interval (1d)"),
        ('interval = "999999d"', "5: sources.a.interval: is '999999d'; too long"),
        ('zone = "Kyiv"', "5: sources.a.zone: is 'Kyiv'; write a zone"),
        ('homepage = "x"', "5: sources.a.homepage: is 'x'; write a whole address"),
        ('allow = ["a b"]', "5: sources.a.allow: entry 1 is 'a b'; write a host name"),
        ('language = "english!"', "5: sources.a.language: is 'english!'; write a language tag"),
        ('key = "b"', "5: sources.a.key: unknown key"),
        (T + "until = 9999-12-31", "9: stories.s.until: is 9999-12-31; it has no day after it"),
        (T + "until = 2026-01-01T00:00:00Z", "9: stories.s.until: is before `from`"),
        (T.replace("2026-01-01", "0001-01-01T00:00:00+05:00"), "7: stories.s.from: is 0001-01-01T00:00:00+05:00; in UTC"),
        (T.replace("2026-01-01", "2026-01-01T00:00:00"), "7: stories.s.from: is 2026-01-01T00:00:00; a time must name"),
        (T + 'image = "https://e.org/i"\nimage_alt = " "', "9: stories.s.image: needs `image_alt`"),
        ("x = " + "9" * 5000, "5: not TOML (a number of thousands of digits)"),
        ("x = 0x" + "f" * 5000, "5: sources.a.x: unknown key"),
        ("note = 0x" + "f" * 5000, "5: sources.a.note: is too large to show"),
        ("x = " + "[" * 3000, "5: not TOML (nested too deeply)"),
        ("x" + ".x" * 3000 + " = 1", "5: not TOML (nested too deeply)"),
        ("note = {" + "x." * 3000 + "x = 1}", "5: sources.a.note: is too large to show"),
        (B.replace("/b", "/") + "nmae = 1", "7: sources.b.url: the same address as sources.a (line 3)"),
    ],
)
def test_a_mistake_is_one_plain_sentence_at_its_line(line: str, said: str, tmp_path: Path) -> None:
    first, *_ = mistakes_of(tmp_path, f"{A}{line}\n")
    assert first.startswith(f"feeds.toml:{said}")
    assert "Input should" not in first


def test_a_file_that_begins_with_a_byte_order_mark_loads(tmp_path: Path) -> None:
    assert load_config(write_feeds(tmp_path, "\ufeff" + A.replace("\n", "\r\n"))).sources.keys() == {"a"}


def test_an_endless_file_is_not_read_to_its_end() -> None:
    with pytest.raises(ConfigError, match="larger than"):
        load_config("/dev/zero")


def test_what_another_program_writes_into_a_pipe_is_read() -> None:
    reads, writes = os.pipe()
    os.write(writes, A.encode())
    os.close(writes)
    assert load_config(f"/dev/fd/{reads}").sources.keys() == {"a"}
    os.close(reads)


def test_the_file_is_named_as_the_caller_named_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    write_feeds(tmp_path / "news", A + "x = 1\n")
    with pytest.raises(ConfigError, match=r"^news/feeds\.toml:5: sources\.a\.x: "):
        load_config("news/feeds.toml")
    with pytest.raises(ConfigError, match=re.escape(f"aggregator init --config '{tmp_path}/my news/feeds.toml'")):
        load_config(tmp_path / "my news/feeds.toml")


def test_a_file_of_nothing_but_faults_comes_to_an_end(tmp_path: Path) -> None:
    told = mistakes_of(tmp_path, "= 1\n" * 80)
    assert len(told) == 51
    assert told[0] == "feeds.toml: more than 50 lines are not TOML; the rest was not read"


def test_a_proxys_login_stands_in_the_environment_and_is_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_PROXY", "http://desk:hunter2@proxy.example.org:3128")
    config = load_config(write_feeds(tmp_path, source_block("a", "https://e.org/", more='proxy = "$NEWS_PROXY"')))
    source = config.sources[SourceKey("a")]
    assert source.proxy == "http://desk:hunter2@proxy.example.org:3128"
    question = asking.question(config, source)
    assert question.proxy == source.proxy
    assert "hunter2" not in f"{config!r} {source!r} {source} {question!r}"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("$NOT_SET", "no environment variable is called 'NOT_SET'"),
        ("$ODD", "holds no address that starts with http:// or https://"),
        ("http://desk:hunter2@proxy.example.org/", "must not hold a name or password"),
        ("proxy.example.org", "write a whole address"),
    ],
)
def test_a_proxy_that_cannot_be_used(value: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODD", "desk:hunter2@proxy")
    with pytest.raises(ConfigError) as caught:
        load_config(write_feeds(tmp_path, source_block("a", "https://e.org/", more=f'proxy = "{value}"')))
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_host_has_manners_of_its_own(tmp_path: Path) -> None:
    hosts = """
[hosts."www.npr.example"]
user_agent = "desk-monitor/1.0 (desk at example.org)"
gap = "10s"
group = "slow"
robots = false
"""
    text = hosts + source_block("a", "https://www.npr.example/feed") + source_block("b", "https://e.org/")
    config = load_config(write_feeds(tmp_path, text))
    assert hosts_of(config) == {
        "www.npr.example": Manners(
            user_agent="desk-monitor/1.0 (desk at example.org)", gap=timedelta(seconds=10), group="slow", robots=False
        )
    }


def test_a_host_table_with_mistakes(tmp_path: Path) -> None:
    bad = '[hosts."WWW.example.org"]\ngap = "1s"\n[hosts."e.org"]\ngroup = "a b"\nuser_agent = "x\\n"\nports = [1]\n'
    with pytest.raises(ConfigError) as caught:
        load_config(write_feeds(tmp_path, bad + source_block("a", "https://e.org/")))
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        "hosts.WWW.example.org", "hosts.e.org.group", "hosts.e.org.user_agent", "hosts.e.org.ports",
    ]  # fmt: skip
    assert 'write "host", "url" or a name' in lines[1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('none = [""]', "9: stories.s.none: entry 1 is ''; write at least one word"),
        ('none = ["…"]', "9: stories.s.none: entry 1 is '…'; write at least one word"),
        ("none = ['\"a b']", "9: stories.s.none: entry 1 is '\"a b'; a quotation mark is not closed"),
        ('none = ["a|"]', "9: stories.s.none: entry 1 is 'a|'; write something on both sides of |"),
        ('none = "a"', "9: stories.s.none: is 'a'; write a list in square brackets"),
        ('none = ["X"]', "9: stories.s.none: 'X' leaves out whatever meets 'x' of `terms`: that can never match"),
        ('none = ["x|y"]', "9: stories.s.none: 'x|y' leaves out whatever meets 'x' of `terms`"),
        ("min_score = 3", "9: stories.s.min_score: is 3; 1 terms score 2 at most, each 2 in a title"),
        ("min_score = 0", "9: stories.s.min_score: is 0; write 1 or more"),
        ('min_score = "2"', "9: stories.s.min_score: is '2'; write a whole number"),
        ('forms = "no"', "9: stories.s.forms: is 'no'; write true or false"),
        (
            'lanes = ["primry"]',
            "9: stories.s.lanes: entry 1 is 'primry'; allowed: 'primary', 'reporting'. Did you mean 'primary'?",
        ),
        ('lanes = ["reporting"]', "9: stories.s.lanes: no source that the story follows is in the lane reporting"),
        ("lane_of = {}", "9: stories.s.lane_of: unknown key"),
        ('nones = ["x"]', "9: stories.s.nones: unknown key"),
    ],
)
def test_what_leaves_a_story_nothing_to_take_up_is_a_mistake_at_its_line(line: str, said: str, tmp_path: Path) -> None:
    first, *more = mistakes_of(tmp_path, f"{A}{T}{line}\n")
    assert first.startswith(f"feeds.toml:{said}")
    assert more == []


@pytest.mark.parametrize("term", ["", "*", "'", "…", "a*b", '\\"', "|x"])
def test_a_term_that_can_never_match_is_a_mistake(term: str, tmp_path: Path) -> None:
    (line,) = mistakes_of(tmp_path, A + T.replace('"x"', f'"{term}"'))
    assert line.startswith("feeds.toml:8: stories.s.terms: entry 1 is")


def test_a_story_knows_the_lanes_of_its_sources_and_what_else_it_asks_for(tmp_path: Path) -> None:
    more = 'lanes = ["reporting"]\nnone = [\'"a b"\']\nmin_score = 2\nforms = false\n'
    sources = A + 'lane = "reporting"\n[sources.a.listings]\nmore = "https://e.org/more"\n' + B
    story = load_config(write_feeds(tmp_path, sources + T + more)).stories[StoryKey("s")]
    assert (story.none, story.min_score, story.forms) == (('"a b"',), 2, False)
    assert story.lanes == (Lane.REPORTING,)
    assert story.lane_of == {"a": "reporting", "a-more": "reporting", "b": "primary"}
    plain = load_config(write_feeds(tmp_path, A + T)).stories[StoryKey("s")]
    assert (plain.none, plain.min_score, plain.forms, plain.lanes, plain.lane_of) == ((), 1, True, (), {})


def test_a_source_with_a_mistake_draws_no_second_one_about_lanes(tmp_path: Path) -> None:
    sources = A + B.replace('name = "B"', 'nmae = "B"\nlane = "reporting"')
    told = mistakes_of(tmp_path, sources + T + 'lanes = ["reporting"]\n')
    assert [line for line in told if "lanes" in line] == []
