"""What many tests need: a clock that stands still, a local web server, a configuration, a store."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import disk_usage
from tempfile import mkdtemp
from typing import Any

import hypothesis
import pytest
import structlog
from filelock import FileLock
from sqlalchemy import Connection, Integer

from aggregator.config import Config, load_config
from aggregator.demo.run import Summary, play
from aggregator.fetch import transport
from aggregator.model import SourceKey
from aggregator.pipeline import PollReport, Published, poll_source
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import open_for, publish_ready, road
from aggregator.store import Store, open_store, upgrading
from aggregator.store.schema import metadata
from aggregator.text.fingerprint import words
from tests.empty_stores import BY_HAND, copying
from tests.kept import compile_once, put_commands_together_once
from tests.patience import WAIT
from tests.postgresql import MISSING, Cluster, cluster, programs
from tests.spreading import ByFile, longest_first

# A run that decides whether a change lands tries the same cases each time; elsewhere new ones are sought at every run. How long
# a case takes decides nothing: the machine may be busy.
hypothesis.settings.register_profile("any", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "any")

# Programs that tests start, and the processes that share the tests, keep what they compiled: it takes half of their start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# No service that a test starts serves the site, unless the test says where: they would all want the same port.
os.environ["AGGREGATOR_LISTEN"] = ""

compile_once()
put_commands_together_once()

KINDS = ["sqlite", "postgresql"]
ON_POSTGRESQL = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
NOON = datetime(2025, 8, 14, 12, 0, tzinfo=UTC)


# Tests of the ledger alone: no page is written. Of those with all kinds of updates, pages are.
WITH_PAGES = {"test_corrections", "test_ledger_machine", "test_withdrawing"}
OF_THE_LEDGER = {
    "test_desk",
    "test_desk_replay",
    "test_edit_sequences",
    "test_edits",
    "test_edits_back",
    "test_engine",
    "test_likenesses",
    "test_order_of_sources",
    "test_settling",
    "test_telling_together",
    "test_watching",
}
# They make old stores, or look at how large or whose a new one is.
ON_EMPTY_DATABASES = {"test_postgresql", "test_provenance", "test_search_cli", "test_sizes"}
# Files of tests lie in memory where there is enough: most of them are on the disk before anything else is done. In a container
# the place may be small, and then they lie where they always do.
MEMORY, ENOUGH = Path("/dev/shm"), 8_000_000_000  # noqa: S108 - a file system of memory, as Linux has it
if "PYTEST_DEBUG_TEMPROOT" not in os.environ and MEMORY.is_dir() and disk_usage(MEMORY).free > ENOUGH:
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """Who hands out the tests to processes."""
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first."""
    longest_first(items)
    gc.collect()
    gc.freeze()  # what was imported and collected stays; to look at it again and again took a tenth of the time


@dataclass
class Clock:
    """The present moment, moved by hand."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **how: float) -> None:
        self.now += timedelta(**how)


@dataclass
class Answer:
    """What the web server says at a path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bool = False  # the body is all that is sent, whether it is HTTP or not
    never: bool = False  # takes the question and says nothing
    endless: bool = False  # repeats the body until the client hangs up


@dataclass(frozen=True)
class Posted:
    """What was sent to the web server."""

    path: str
    headers: dict[str, str]
    body: bytes


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # that come at once, as from a worker; of more than the ordinary five, some are tried again


class Web:
    """A real HTTP server on loopback; `answers` by path, `asked` in order with the headers of each question, `posted` too.

    Questions for robots.txt are counted apart: every client asks them.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.posted: list[Posted] = []
        self.asked_robots = 0
        self.at_once = self.most_at_once = 0
        self.before_answer: Callable[[], None] = lambda: None
        self.closing = threading.Event()
        self.was_asked = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def url(self, path: str = "/feed") -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def serve(self, body: str | bytes, path: str = "/feed", **headers: str) -> None:
        raw = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(raw, headers={"content-type": "application/rss+xml; charset=utf-8", **named})

    def enter(self, path: str, headers: dict[str, str]) -> None:
        with self._lock:
            if path == "/robots.txt":
                self.asked_robots += 1
            else:
                self.asked.append((path, headers))
                self.was_asked.set()
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)

    def leave(self) -> None:
        with self._lock:
            self.at_once -= 1

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            web.posted.append(Posted(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.do_GET()

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            web.enter(self.path, headers)
            try:
                if self.path != "/robots.txt":
                    web.before_answer()
                self._answer(web.answers.get(self.path, Answer(b"nothing here", 404)), headers)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                web.leave()

        def _answer(self, answer: Answer, headers: dict[str, str]) -> None:
            if answer.never:
                web.closing.wait(WAIT)
                self.close_connection = True
                return
            if answer.raw:
                self.wfile.write(answer.body)
                self.close_connection = True
                return
            etag = answer.headers.get("etag")
            fresh = etag is not None and headers.get("if-none-match") == etag
            self.send_response_only(304 if fresh else answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.endless:
                self.end_headers()
                while not web.closing.is_set():
                    self.wfile.write(answer.body)
            if not fresh:
                self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if not fresh:
                self.wfile.write(answer.body)

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    return Handler


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def _quiet_logs() -> None:
    be_quiet()


def be_quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass
class Desk:
    """The ordinary parts, wired to a temporary folder: what an operator has, as functions."""

    config: Config
    store: Store
    clock: Clock
    sandbox: Sandbox

    def poll(self, *keys: str) -> list[PollReport]:
        """Poll sources one after the other."""

        async def ask() -> list[PollReport]:
            async with road(self.config, self.store, clock=self.clock, sandbox=self.sandbox) as the_road:
                return [await poll_source(the_road, SourceKey(key)) for key in keys or self.config.sources]

        return asyncio.run(ask())

    def settle(self, **later: float) -> list[Published]:
        """Let time pass and publish what is ready."""
        self.clock.forward(**(later or {"minutes": 10}))

        async def publish() -> list[Published]:
            async with road(self.config, self.store, clock=self.clock, sandbox=self.sandbox) as the_road:
                return publish_ready(the_road)

        return asyncio.run(publish())


def write_feeds(folder: Path, text: str) -> Path:
    """A feeds.toml. Pages of what is told are looked at again only where the test says so: most links lead to example.org."""
    path = folder / "feeds.toml"
    if "[stories." in text and "watch_for" not in text:
        line, start = 'watch_for = "0s"\n', "[service]\n"
        text = text.replace(start, start + line, 1) if start in text else f"{text}\n{start}{line}"
    path.write_text(text, encoding="utf-8")
    return path


COPY_OR_MIGRATE = copying(upgrading.migrate)
TRUSTED = cache(transport.trusted)


@pytest.fixture(scope="module", autouse=True)
def _made_cheap(request: pytest.FixtureRequest) -> Iterator[None]:
    """What takes long and is not what a module tests. Of modules, so that what one makes for all its tests is cheap, too."""
    module = request.module.__name__.rpartition(".")[2]
    with pytest.MonkeyPatch.context() as patch:
        # Every poll of a test has a client of its own, and to read what the system trusts takes as long as the poll.
        patch.setattr(transport, "trusted", TRUSTED)
        if module not in BY_HAND:  # two thousand tests begin with an empty store; the migrations take a quarter of a second
            patch.setattr(upgrading, "migrate", COPY_OR_MIGRATE)
        if module in OF_THE_LEDGER | WITH_PAGES:
            # Days pass within a test of the ledger; what the site has anew every ten minutes then takes half of all the time.
            patch.setattr("aggregator.publish.static.REFRESH_EVERY", timedelta(days=10_000))
            patch.setattr("aggregator.publish.source_pages.EVERY", timedelta(days=10_000))
        if module in OF_THE_LEDGER:
            patch.setattr("aggregator.service.once.bring_out", lambda _: True)
        yield


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The reading processes, started once for all tests."""
    with Sandbox(processes=1) as one:
        yield one


@pytest.fixture(scope="session")
def demo_summary(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """What the demo came to, played once for all processes; what it wrote is to be read only."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    kept = folder / "demo-summary"
    with FileLock(folder / "demo-lock"):
        if not kept.exists():
            be_quiet()
            kept.write_bytes(pickle.dumps(asyncio.run(play(folder / "demo-storage", advance=lambda *_: None))))
    summary: Summary = pickle.loads(kept.read_bytes())  # noqa: S301 - our own, of a moment ago
    return summary


@pytest.fixture(scope="session")
def demo_storage(demo_summary: Summary) -> Path:
    """The storage folder that the demo made; to be read only."""
    return demo_summary.database.parent


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    """A private PostgreSQL server, where the system has one."""
    where = programs()
    if where is None:
        if os.environ.get("CI"):
            pytest.fail(f"{MISSING}. CI never goes without these tests; .ci/run installs it.")
        pytest.skip(MISSING)
    with cluster(where) as running:
        yield running


@pytest.fixture
def postgresql_url(postgresql_cluster: Cluster) -> Iterator[str]:
    """An empty database of that server."""
    url = postgresql_cluster.new_database()
    yield url
    postgresql_cluster.drop(url)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind: a test that takes this runs on both. What migrations do to PostgreSQL's is done,
    unless the module looks at that: to create a store there anew takes longer than most tests of it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/aggregator.sqlite"
    empty = request.module.__name__.rpartition(".")[2] in BY_HAND | ON_EMPTY_DATABASES
    url: str = request.getfixturevalue("postgresql_url" if empty else "database_of_today")
    return url


@pytest.fixture
def database_of_today(postgresql_cluster: Cluster) -> Iterator[str]:
    """A database of PostgreSQL with the schema of today and nothing in it."""
    url = postgresql_cluster.migrated_database()
    yield url
    postgresql_cluster.drop(url)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests under the mark `both_databases` run once on each, where their fixtures need a database at all."""
    if "database_kind" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("database_kind", KINDS, indirect=True)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on: SQLite, unless it is marked as one for both."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def database(database_kind: str, request: pytest.FixtureRequest) -> str | None:
    """What `database` in feeds.toml says: nothing, which is SQLite in `storage`, or a migrated, empty PostgreSQL."""
    if database_kind == "sqlite":
        return None
    url: str = request.getfixturevalue("database_of_today")
    return url


@contextmanager
def empty_store(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[Store]:
    """A migrated store of a kind, with nothing in it."""
    server: Cluster | None = None if kind == "sqlite" else request.getfixturevalue("postgresql_cluster")
    url = f"sqlite:///{folder}/aggregator.sqlite" if server is None else server.migrated_database()
    with closing(open_store(url, snapshots=folder / "snapshots")) as store:
        yield store
    if server is not None:
        server.drop(url)


@pytest.fixture
def new_store(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Makes one empty store after the other."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(empty_store(request, database_kind, Path(mkdtemp(dir=tmp_path))))


@pytest.fixture(scope="module", params=KINDS)
def shared_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for all tests of a module, which take back what they write."""
    with empty_store(request, request.param, tmp_path_factory.mktemp("shared")) as store:
        yield store


def on_database(feeds: str, database: str | None) -> str:
    """A feeds.toml that names this database."""
    if database is None:
        return feeds
    line = f'database = "{database}"\n'
    start = "[service]\n"
    return feeds.replace(start, start + line, 1) if start in feeds else f"{start}{line}{feeds}"


@pytest.fixture
def desk(tmp_path: Path, clock: Clock, sandbox: Sandbox, database: str | None) -> Iterator[Callable[[str], Desk]]:
    opened: list[Store] = []

    def open_desk(feeds: str) -> Desk:
        config = load_config(write_feeds(tmp_path, on_database(feeds, database)))
        store = open_for(config)
        opened.append(store)
        return Desk(config, store, clock, sandbox)

    yield open_desk
    for store in opened:
        store.close()


def most(store: Store, examples: int) -> hypothesis.settings:
    """How many examples are tried: on PostgreSQL, where each costs several times as much, a fifth of them."""
    cheap = store.engine.dialect.name == "sqlite"
    return hypothesis.settings(max_examples=examples if cheap else examples // 5)


def restart_ids(tx: Connection) -> None:
    """Let ids begin at 1 again after a rollback, as they do on SQLite."""
    if tx.dialect.name == "postgresql":
        for table in metadata.tables.values():
            if "id" in table.c and isinstance(table.c.id.type, Integer):
                tx.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 1, false)")  # NULL for none


def source_block(key: str, url: str, *, name: str = "", family: str = "", more: str = "") -> str:
    """A source of `feeds.toml` on the local server."""
    return f"""
[sources.{key}]
name = "{name or key}"
url = "{url}"
family = "{family or key}"
language = "en"
allow = ["127.0.0.1"]
{more}
"""


STORY = """
[stories.talks]
title = "Talks in Geneva"
lead = "What is said about the talks"
from = 2025-08-01
until = 2025-08-31
terms = ["talks"]
settle = "10m"
settle_edits = "10m"
"""


def item(ident: str, title: str, text: str, *, at: datetime = NOON, link: str = "") -> str:
    """An RSS item."""
    when = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"<item><guid isPermaLink='false'>urn:{ident}</guid><link>{link or f'https://example.org/{ident}'}</link>"
        f"<title>{title}</title><pubDate>{when}</pubDate><description><![CDATA[{text}]]></description></item>"
    )


def rss(*items: str, built: datetime | None = None) -> str:
    """An RSS feed."""
    head = f"<lastBuildDate>{built.strftime('%a, %d %b %Y %H:%M:%S +0000')}</lastBuildDate>" if built else ""
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed</title>{head}{''.join(items)}</channel></rss>"


def first_term(terms: Iterable[str], there: frozenset[str]) -> str | None:
    """What matching means, as plainly as it can be said: the first term of which every word is among `there`."""
    return next((term for term in terms if there.issuperset(words(term))), None)


@pytest.fixture
def two_stories(web: Web, desk: Callable[[str], Desk]) -> Desk:
    """Six statements that wait to be told, in two stories."""
    listed = [
        item(str(n), f"Talks on grain {n}", f"On day {n} the talks on grain went on for {n + 2} hours.") for n in range(6)
    ]
    web.serve(rss(*listed))
    at_work = desk(STORY + STORY.replace("stories.talks", "stories.more") + source_block("a", web.url()))
    at_work.poll()
    return at_work
