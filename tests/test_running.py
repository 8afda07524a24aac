"""What the long-lived processes import, and how the service becomes one of them."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import Mapping, load_config
from aggregator.config.handing import read_config, write_config
from aggregator.pipeline import sync
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service.opening import open_for
from aggregator.sources import parse_feed
from tests.conftest import STORY, Web, item, rss, source_block, write_feeds
from tests.test_service import read_until, stop

ROOT = Path(__file__).parents[1]
PARSERS = {"bs4", "feedparser", "htmldate", "lxml", "nh3", "soupsieve", "trafilatura"}
OF_COMMANDS = {"alembic", "click", "jinja2", "mako", "pydantic", "pygments", "rapidfuzz", "rich", "tomllib", "typer"}
OF_THE_SITE = {"jinja2"}  # its pages are made with it
OF_THE_ASKED = {"starlette", "uvicorn"}  # nobody asks
OF_FEW = {"h2", "httpcore", "psycopg", "re2", "sqlalchemy.dialects.postgresql", "warcio"}  # for what few configurations ask for
OURS = {"aggregator.cli", "aggregator.config.load", "aggregator.sources.feed", "aggregator.text.article"}
OF_THE_SERVICE = {"aiohttp", "apscheduler", "httpx", "sqlalchemy", "structlog"}
MODULES = "[*__import__('sys').modules]"
# Runs in each process, as Python starts: the service tells at its end what it has imported by then.
TELLING = """
import atexit, json, pathlib, sys
if "aggregator.running" in sys.orig_argv:
    atexit.register(lambda: pathlib.Path(%r).write_text(json.dumps([*sys.modules])))
"""


def imported(names: list[str]) -> set[str]:
    """Modules and their packages. None stands for a module that was kept out."""
    return {name for one in names for name in (one, one.partition(".")[0])}


def test_the_service_imports_no_more_than_a_poll_takes(web: Web, tmp_path: Path) -> None:
    web.serve(rss(item("one", "Talks on grain", "<p>The talks on grain go on.</p>")))
    feeds = write_feeds(tmp_path, STORY + source_block("a", web.url()))
    told = tmp_path / "told.json"
    (tmp_path / "sitecustomize.py").write_text(TELLING % str(told))
    command = [sys.executable, "-m", "aggregator", "run", "--config", str(feeds)]
    place = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=place) as process:
        try:
            assert read_until(process, "polled")["new"] == 1
            stop(process)
        finally:
            process.kill()
    names = json.loads(told.read_text())
    kept_out = {"click", "pygments", "rich"}  # they stand there as None: `aggregator/running/__main__.py`
    assert imported(names) & (PARSERS | OF_COMMANDS | OF_THE_ASKED | OF_FEW | OURS) - OF_THE_SITE - kept_out == set()
    assert [name for name in names if name.split(".")[0] in kept_out and name not in kept_out] == []


def imported_by(script: str) -> set[str]:
    place = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = f"import json, sys\n{script}\nprint(json.dumps([name for name in sys.modules if sys.modules[name] is not None]))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, env=place)
    return imported(json.loads(done.stdout.splitlines()[-1]))


# Begins the service as a user does, up to the moment at which it becomes a process of its own.
BEGINNING = """
from aggregator import running
from aggregator.cli.main import main
running.become = lambda *_, **__: None
sys.argv[1:] = ["run", "--config", %r]
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
"""


def test_what_begins_the_service_is_small_where_no_schema_changes(tmp_path: Path) -> None:
    """It reads thousands of sources, and its peak counts as that of the service; and all that it imports is waited for."""
    feeds = write_feeds(tmp_path, STORY + source_block("a", "https://a.example/"))
    assert "sqlalchemy" in imported_by(BEGINNING % str(feeds))  # there was no store yet
    names = imported_by(BEGINNING % str(feeds))
    assert "aggregator.config.load" in names
    assert names & (PARSERS | OF_FEW | OF_THE_SERVICE - {"structlog"} | {"alembic", "jinja2", "uvicorn"}) == set()


def test_the_version_is_told_without_what_the_commands_need() -> None:
    script = (
        "from aggregator.cli.main import main\nsys.argv[1:] = ['--version']\ntry:\n    main()\nexcept SystemExit:\n    pass"
    )
    names = imported_by(script)
    assert names & (PARSERS | OF_FEW | OF_THE_SERVICE | {"alembic", "jinja2", "pydantic", "rich"}) == set()


def test_a_reading_process_imports_no_more_than_reading_takes() -> None:
    async def told() -> tuple[set[str], set[str]]:
        feed = rss(item("one", "Talks on grain", "<p>The talks on grain go on.</p>"))
        with Sandbox(processes=1) as sandbox:
            before = await sandbox.run(eval, MODULES)
            assert len(await sandbox.run(parse_feed, feed.encode(), url="https://e.example/")) == 1
            return imported(before), imported(await sandbox.run(eval, MODULES))

    before, after = asyncio.run(told())
    assert "aggregator.pipeline.parsing" in before
    assert after & {"aggregator.fetch", "aggregator.stories.digest", "email", "importlib.resources", "logging", "ssl"} == set()
    assert before & (OF_THE_SERVICE | OF_COMMANDS | OF_FEW | PARSERS) == set()
    assert after & (OF_THE_SERVICE | OF_COMMANDS | OF_FEW | PARSERS) <= {"lxml", "nh3"}  # others read pages and broken feeds


@pytest.mark.parametrize("file", ["feeds.toml", "aggregator/demo/feeds.toml"])
def test_a_configuration_is_handed_over_as_it_is(file: str, tmp_path: Path) -> None:
    config = load_config(ROOT / file)
    path = tmp_path / "handed"
    with path.open("wb") as out:
        write_config(config, out)
    with path.open("rb") as handed:
        there = read_config(handed)
    assert there == config
    assert list(there.sources) == list(config.sources)
    for key, source in config.sources.items():
        assert there.sources[key].model_fields_set == source.model_fields_set
        for name in type(source).model_fields:  # 1 is True, and "primary" a lane, but only for ==
            assert type(getattr(there.sources[key], name)) is type(getattr(source, name))
        changed = there.sources[key].model_copy(update={"name": "another"})
        assert (changed.name, there.sources[key].name) == ("another", source.name)


# What the running service does with the configuration that it is handed, and hands it on.
HANDED = """
import pickle, sys
import aggregator
aggregator.HANDED = True
from aggregator.config.handing import read_config
with open(%r, "rb") as file:
    config = read_config(file)
assert "pydantic" not in sys.modules
sources = config.sources.values()
copies = [one.model_copy(update={"name": "another"}) for one in sources]
assert [one.name for one in copies] == ["another"] * len(sources)
assert [one == copy for one, copy in zip(sources, copies)] == [False] * len(sources)
assert [one.model_copy(update={}) == one for one in sources] == [True] * len(sources)
try:
    config.service.contact = "another"
except AttributeError:
    pass
rules = [(one.selectors or one.mapping).as_json() for one in sources if one.selectors or one.mapping]
with open(%r, "wb") as file:
    pickle.dump((config, [str(config.service.database_url), *rules]), file)
"""


@pytest.mark.parametrize("file", ["feeds.toml", "aggregator/demo/feeds.toml"])
def test_a_process_that_is_handed_a_configuration_needs_nothing_that_checks_one(file: str, tmp_path: Path) -> None:
    config, handed, back = load_config(ROOT / file), tmp_path / "handed", tmp_path / "back"
    with handed.open("wb") as out:
        write_config(config, out)
    script = HANDED % (str(handed), str(back))
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    there, (database, *rules) = pickle.loads(back.read_bytes())  # noqa: S301 - our own
    assert there == config
    assert database == config.service.database_url
    written = [one.selectors or one.mapping for one in config.sources.values()]
    assert rules == [one.model_dump_json() for one in written if one is not None]
    for key, source in config.sources.items():
        assert there.sources[key].model_fields_set == source.model_fields_set


# What each of many sources takes in the running service: its place in the configuration, and what a look at it leaves.
TAKING = """
import sys, tracemalloc
import aggregator
aggregator.HANDED = True
from datetime import UTC, datetime
from aggregator.config.handing import read_config
from aggregator.service.opening import open_for
from aggregator.store.lookout import Lookout
from aggregator.store.sources import due_sources
now = datetime(2026, 3, 2, tzinfo=UTC)
tracemalloc.start()
with open(%r, "rb") as file:
    config = read_config(file)
taken = [tracemalloc.get_traced_memory()[0]]
lookout, store = Lookout(), open_for(config)
with store.read() as tx:
    due_sources(tx, now=now)
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    due = due_sources(tx, now=now)
    taken.append(tracemalloc.get_traced_memory()[1] - before)
    lookout.look(tx, now=now)
    before, _ = tracemalloc.get_traced_memory()
    again = Lookout()
    again.look(tx, now=now)
    taken.append(tracemalloc.get_traced_memory()[0] - before)
assert len(due) == len(config.sources)
print(*(one // len(due) for one in taken))
"""


def test_each_of_many_sources_takes_little(tmp_path: Path) -> None:
    blocks = [source_block(f"s{n}", f"https://h{n % 100}.example/feed{n}") for n in range(1_000)]
    config = load_config(write_feeds(tmp_path, "\n".join(blocks)))
    with (tmp_path / "handed").open("wb") as out:
        write_config(config, out)
    store = open_for(config)
    sync(store, config, now=datetime(2026, 3, 1, tzinfo=UTC))
    store.close()
    script = TAKING % str(tmp_path / "handed")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=env)
    configured, due, seen = map(int, done.stdout.split())
    assert (configured < 600, due < 180, seen < 270) == (True, True, True), f"{configured}, {due}, {seen} bytes"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_rules_are_known_by_what_pydantic_writes_of_them(text: str) -> None:
    rules = Mapping(entries=text, title=text)
    assert rules.as_json() == rules.model_dump_json()


def test_names_that_are_imported_later_are_no_modules() -> None:
    for room in ("config", "fetch", "pipeline", "sources", "store", "text"):
        package = __import__(f"aggregator.{room}", fromlist=["__all__"])
        beside = {path.stem for path in (ROOT / "aggregator" / room).glob("*.py")}
        for name in package.__all__:
            found = getattr(package, name)
            assert name not in beside or name in vars(package), f"{room}.{name} would be the module {name}"
            assert not isinstance(found, ModuleType)
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            _ = package.nothing
