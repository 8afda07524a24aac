"""Every command line of the documents: run on the demo's store or on a local server, or named here with the reason why not.

A line that fits no rule fails: give it one. Lines that cannot run here are still held against the options that there are.
"""

from __future__ import annotations

import functools
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from typer.testing import CliRunner

from aggregator.cli import app
from tests.conftest import STORY, Web, item, rss, source_block, write_feeds
from tests.patience import WAIT
from tests.test_service import running

pytestmark = pytest.mark.xdist_group("tests.test_documents")  # they share one store
ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "storage/README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCED = re.compile(r"^```(?P<language>\S*)[^\n]*\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
SHELLS = {"sh", "bash", "console"}
PROGRAM = re.compile(
    r"(?:\.venv/bin/)?(aggregator|make|docker|pip|uv|curl|createdb|openssl|python3?|sqlite3|systemctl|promtool) \S"
)
COMMENT = re.compile(r"\s+#\s.*$")
INLINE = re.compile(r"`(aggregator [a-z][^`\n]*)`")
SECONDS = 120  # until a program that was started has hung


@dataclass(frozen=True, kw_only=True)
class Line:
    """A command line of a page."""

    page: str
    number: int
    text: str  # as it is typed, without comment and without the folder of the program


def lines_of(page: Path) -> Iterator[Line]:
    """The commands of a page: all lines of blocks of a shell, and in other blocks and indented ones what calls a program."""
    text, name = page.read_text(encoding="utf-8"), str(page.relative_to(ROOT))
    outside = text
    for block in FENCED.finditer(text):
        outside = outside.replace(block[0], "\n" * block[0].count("\n"), 1)
        if block["language"] in SHELLS:
            first = text.count("\n", 0, block.start("code")) + 1
            yield from (Line(page=name, number=first + at, text=line) for at, line in _commands(block["code"]))
    for number, line in enumerate(outside.splitlines(), 1):
        if line.startswith("    ") and PROGRAM.match(line.strip()):
            yield Line(page=name, number=number, text=_plain(line))


def _commands(code: str) -> Iterator[tuple[int, str]]:
    """Commands with where they begin; one goes on over lines by a backslash, or within quotes."""
    held, begun = "", 0
    for number, line in enumerate(code.splitlines()):
        held, begun = (f"{held}\n{line}", begun) if held else (line, number)
        try:
            words = shlex.split(held.removesuffix("\\"), comments=True)
        except ValueError:  # a quotation is open
            continue
        if held.endswith("\\"):
            continue
        if words:
            yield begun, _plain(held.removeprefix("$ "))
        held = ""
    assert not held, f"a quotation is never closed: {held}"


def _plain(line: str) -> str:
    return COMMENT.sub("", line.strip()).removeprefix(".venv/bin/")


# ---- What becomes of a line


@dataclass(frozen=True)
class Desk:
    """Where lines are run: a copy of the demo's store, and a service of one's own with a local server to ask."""

    here: Path
    live: Path
    web: Web

    def run(self, line: str, *, allowed: tuple[int, ...] = (0,), live: bool = False) -> None:
        """A line of ours, as if it was typed; it must end as the page lets one think."""
        words = shlex.split(line.partition(" >> ")[0])[1:]
        os.chdir(self.live if live else self.here)
        config = "feeds.toml" if live else "storage/feeds.toml"
        done = CliRunner().invoke(app, words, env={"AGGREGATOR_CONFIG": config})
        assert done.exit_code in allowed, f"{line}: {done.exit_code}\n{done.output}\n{done.exception!r}"


Act = Callable[[Desk, str], None]


def on_demo(desk: Desk, line: str) -> None:
    desk.run(line)


def on_live(desk: Desk, line: str) -> None:
    desk.run(line, live=True)


def may_be_unwell(desk: Desk, line: str) -> None:
    desk.run(line, allowed=(0, 1))  # no service runs there; a machine may lack something


def parsed(_: Desk, line: str) -> None:
    """The command is there with these options; it is not called."""
    words = shlex.split(line.partition(" >> ")[0])[1:]
    done = CliRunner().invoke(app, [*words, "--help"])
    assert done.exit_code == 0, f"{line}\n{done.output}"


def in_the_makefile(_: Desk, line: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(line.split()[1:]) <= set(targets)


def an_extra(_: Desk, line: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (name, extras) = re.findall(r"install '?(update-aggregator)(?:\[([\w,]+)\])?'?$", line)[0]
    assert name == project["name"]
    assert set(filter(None, extras.split(","))) <= set(project["optional-dependencies"])


def in_compose(desk: Desk, line: str) -> None:
    """It names services and profiles that are there, and what it calls in one is a command of ours."""
    words, services = line.split()[2:], yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    named = [word.partition("=")[0] for word in words if word.partition("=")[0] in services]
    assert {word for word in words if word[0] != "-"} - {word for word in words if word.partition("=")[0] in services} <= {
        *("up", "logs", "exec", "workers", "sources"),
    }
    assert named or not {"exec", "--scale", "--profile"} & set(words)
    if "exec" in words:
        parsed(desk, " ".join(words[words.index("exec") + 2 :]))


def shell(desk: Desk, line: str) -> None:
    """A line of a shell that needs nothing but programs of the system."""
    program = shlex.split(line)[0]
    if shutil.which(program) is None:
        pytest.skip(f"no {program} here")
    done = subprocess.run(["bash", "-euc", line], cwd=desk.here, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr


def left_alone(_: Desk, line: str) -> None:
    """It only sets the stage: a folder, a variable, a server that runs until it is stopped."""
    assert shlex.split(line)


def there(_: Desk, line: str) -> None:
    """The program of the repository that it calls is there."""
    found = re.search(r"-m ((?:tests|benchmarks)\.[\w.]+)|(benchmarks/\w+\.py)", line)
    assert found, line
    file = ROOT / (found[2] or found[1].replace(".", "/"))
    assert file.exists() or file.with_suffix(".py").exists()


def served(desk: Desk, line: str) -> None:
    """`serve`, on a port that is free: it answers, and ends when it is told to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answered: list[bytes] = []

    def ask_and_stop() -> None:
        end = time.monotonic() + SECONDS
        while not answered and time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=WAIT) as asked:
                    asked.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    answered.append(asked.recv(100))
            except OSError:
                time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # until the command listens for it itself
    asking = threading.Thread(target=ask_and_stop)
    asking.start()
    try:
        desk.run(re.sub(r":\d+", f":{port}", line))
    finally:
        asking.join()
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert answered
    assert b"HTTP/1.1 " in answered[0]


def started(desk: Desk, line: str) -> None:
    """`run`, as a process of its own: it says that it has begun, and ends when it is told to."""
    parsed(desk, line)
    with running(desk.live / "feeds.toml") as process:
        assert process.stderr is not None
        hung = threading.Timer(SECONDS, process.kill)
        hung.start()
        assert any('"event": "started"' in told for told in process.stderr), "it ended, or hung, before it had begun"
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
        hung.cancel()


def begun(desk: Desk, line: str) -> None:
    """`init`, where nothing is yet."""
    (desk.here / "new").mkdir()
    os.chdir(desk.here / "new")
    assert CliRunner().invoke(app, shlex.split(line)[1:], env={"AGGREGATOR_CONFIG": ""}).exit_code == 0
    assert (desk.here / "new" / "feeds.toml").is_file()


def followed_by(test: str, named: str) -> Act:
    """Another test runs it as it stands there; that test must be there, and name the page."""

    def is_there(_: Desk, line: str) -> None:
        assert named in (ROOT / "tests" / test).read_text(encoding="utf-8"), f"{test} says nothing of {line}"

    return is_there


# ---- The rules: the first that fits counts. A rule for one page alone begins with its name and a colon.

RULES: list[tuple[str, Act]] = [
    # what other tests follow, page by page
    (r"docs/adding-a-kind.md: aggregator .*", followed_by("test_adding_a_kind.py", "docs/adding-a-kind.md")),
    (r"docs/formats.md: aggregator story .*", followed_by("test_formats_docs.py", "docs/formats.md")),
    (r"docs/api.md: curl .*", followed_by("test_web_api.py", "api.md")),
    (r"storage/README.md: openssl .*", followed_by("test_heads.py", "storage/README.md")),
    (r"storage/README.md: (?!aggregator ).*", followed_by("test_manual_examples.py", "storage/README.md")),
    (r"storage/README.md: aggregator (demo|changes) .*", followed_by("test_manual_examples.py", "storage/README.md")),
    (r".*: aggregator --install-completion", followed_by("test_completion.py", "complete -p aggregator")),
    # what cannot run in a test: it would need a machine of its own, or change this one
    (r".*: docker compose .*", in_compose),
    (r".*: make .*", in_the_makefile),
    (r".*: (\S*/)?pip install '?update-aggregator.*|.*: uv tool install update-aggregator", an_extra),
    (r".*: (python3 -m venv|createdb|python3 -m http.server) .*", left_alone),
    (r".*: export AGGREGATOR_CONFIG=\S+/feeds\.toml", left_alone),
    (r".*: (\S+/)?python3? (-m (tests|benchmarks)|benchmarks/).*", there),
    (r"docs/copying.md: export AWS_.*", left_alone),
    # long, or of a store that the demo does not have: their own tests run them; here only that the options are there
    (r".*: aggregator (demo|replay|export)( .*)?", parsed),
    (r".*: aggregator (changes --since|verify --write-head|verify --head|statement 12 --diff --between) .*", parsed),
    (r".*: aggregator (notify test|outbox (retry|drop)|ledger (hold|release|merge|correct)) .*", parsed),
    (r".*: aggregator (worker|copy|run --no-poll|run --config)( .*)?", parsed),
    # what asks: on a local server
    (r".*: aggregator (preview|poll)( .*)?", on_live),
    (r".*: aggregator run( .*)?", started),
    # what reads, writes a file, or acts: on a copy of the demo's store
    (r".*: aggregator init", begun),
    (r".*: aggregator serve .*", served),
    (r".*: aggregator (health|doctor)( .*)?", may_be_unwell),
    (r".*: aggregator (maintenance|maintain)( .*)?", on_demo),
    (
        r".*: aggregator (init|check|import-opml|sources|stories|story|statements|statement|suggest|changes|verify)( .*)?",
        on_demo,
    ),
    (
        r".*: aggregator (missed|search|outbox|backup|restore|ledger (withdraw|close|reopen|note|held|log|reconsider))( .*)?",
        on_demo,
    ),
    (r".*: aggregator --version", on_demo),
    (r".*: (sqlite3|mkdir|openssl rand|python3 -c) .*", shell),
]
# What a page calls by another name than the stores here do.
NAMES = {
    "ukraine-peace": "ukraine-2022",
    "https://www.example.org/news": "{web}/news --allow 127.0.0.1",
    "/mnt/backup/aggregator.tar.zst": "mnt.tar.zst",
    "--into storage": "--into restored",
    "aggregator doctor": "aggregator doctor --offline",
    "--offline --offline": "--offline",
    "missed --story KEY": "missed --story ukraine-2022",
}


def rule_of(line: Line) -> Act | None:
    """What becomes of a line; None where no rule fits."""
    whole = f"{line.page}: {line.text}"
    return next((act for pattern, act in RULES if re.fullmatch(pattern, whole, re.DOTALL)), None)


ALL = [line for page in PAGES for line in lines_of(page)]
ONCE = {(line.text, rule_of(line)): line for line in reversed(ALL)}  # a line that stands on several pages is run once
TO_RUN = [line for line in ALL if ONCE.get((line.text, rule_of(line))) is line and rule_of(line) is not None]


def test_every_line_has_a_rule() -> None:
    assert len(ALL) > 120
    assert [f"{line.page}:{line.number}: {line.text}" for line in ALL if rule_of(line) is None] == []


def test_every_rule_has_a_line() -> None:
    later = ("worker", "benchmarks/")  # of pages that need not be there
    whole = [f"{line.page}: {line.text}" for line in ALL]
    idle = [pattern for pattern, _ in RULES if not any(re.fullmatch(pattern, line, re.DOTALL) for line in whole)]
    assert [pattern for pattern in idle if not any(word in pattern for word in later)] == []


def test_lines_are_found_in_every_way_that_they_are_written(tmp_path: Path) -> None:
    page = ROOT / "docs" / "index.md"
    code = 'aggregator stories   # what there is\n\n# a remark\nsqlite3 x "\n  SELECT 1"\naggregator sources \\\n  --json\n'
    code += "$ make run\n"
    assert [line for _, line in _commands(code)] == [
        "aggregator stories",
        'sqlite3 x "\n  SELECT 1"',
        "aggregator sources \\\n  --json",
        "make run",
    ]
    assert list(lines_of(page)) == []
    assert tmp_path.is_dir()


@pytest.fixture(scope="module")
def desk(demo_storage: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    here, live, before = tmp_path_factory.mktemp("demo"), tmp_path_factory.mktemp("live"), Path.cwd()
    shutil.copytree(demo_storage, here / "storage")
    opml = '<opml version="2.0"><body><outline type="rss" text="A" xmlUrl="https://example.org/a.xml"/></body></opml>'
    for name in ("reader.opml", "subscriptions.opml"):
        (here / name).write_text(opml)
    web = Web()
    web.serve(rss(item("one", "Talks on grain", "<p>The talks on grain go on.</p><p>They will last 12 days.</p>")))
    web.serve(
        '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body>News</body></html>', "/news"
    )
    web.answers["/news"].headers["content-type"] = "text/html"
    web.serve(rss(item("two", "Talks on energy", "The talks on energy begin in another town.")), "/other")
    sources = (source_block(key, web.url(path), name=key) for key, path in (("kremlin", "/feed"), ("white-house", "/other")))
    write_feeds(live, STORY + "".join(sources))
    made = Desk(here, live, web)
    try:
        yield made
    finally:
        os.chdir(before)
        web.close()


def test_every_line_does_what_it_says(desk: Desk) -> None:
    """In their order, and so in one test: what one line opens, an earlier one has closed."""
    wrong = []
    for line in TO_RUN:
        try:
            run(line, desk)
        except (AssertionError, SystemExit) as error:
            wrong.append(f"{line.page}:{line.number}: {line.text}: {error}")
    assert wrong == []


def run(line: Line, desk: Desk) -> None:
    act = rule_of(line)
    assert act is not None
    text = functools.reduce(lambda text, name: text.replace(name, NAMES[name]), NAMES, line.text)
    text = text.format(web=desk.web.url("").rstrip("/")) if "{web}" in text else text
    act(desk, text)


def test_what_stands_within_a_sentence_is_there_too() -> None:
    root: Any = typer.main.get_command(app)
    wrong, seen = [], 0
    for page in PAGES:
        for written in INLINE.findall(page.read_text(encoding="utf-8")):
            words = written.replace("\\|", "|").split()[1:]
            command, rest = root, words
            while hasattr(command, "commands") and rest and re.fullmatch(r"[a-z-]+", rest[0]):
                if rest[0] not in command.commands:
                    break
                command, rest = command.commands[rest[0]], rest[1:]
            known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)} | {"--help"}
            used = {word.strip("[],.").partition("=")[0] for word in rest if re.match(r"\[?--?[a-z]", word)}
            missing = command is root and words[0] not in ("COMMAND", "command")
            if missing or (command is not root and not used <= known):
                wrong.append(f"{page.name}: {written}")
            seen += 1
    assert seen > 60
    assert wrong == []
