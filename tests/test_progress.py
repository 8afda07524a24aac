"""Long commands show on a terminal how far they are, and say nothing of it in a pipe."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from aggregator.cli import output
from tests.conftest import Web, item, rss, source_block, write_feeds
from tests.patience import WAIT
from tests.test_cli import NOW_STORY, aggregator

BAR = "━"
# Each with what it says of where it is. What `init`, `check`, `import-opml` and the reading commands do is done at once.
COMMANDS = {
    "poll": (["poll"], ["opening the store", "preparing", "asking", "publishing", "telling others", "removing old bytes"]),
    "verify": (["verify"], ["checking"]),
    "backup": (["backup", "{folder}/{name}.tar"], [BAR]),
    "export": (["export", "{folder}/{name}"], [BAR]),
    "replay": (["replay"], ["replaying polls"]),
    "suggest": (["suggest"], [BAR]),
    "search": (["search", "grain"], ["searching"]),
    "reconsider": (["ledger", "reconsider", "talks", "--since", "2025-08-01"], ["looking through what was said"]),
    "changes": (["changes", "--since", "{cursor}", "--wait", "0.01"], ["waiting for a change"]),
}


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    web, folder = Web(), tmp_path_factory.mktemp("progress")
    web.serve(rss(item("one", "Talks on grain", "<p>The talks on grain go on.</p><p>They will last 12 days.</p>")))
    path = write_feeds(folder, NOW_STORY + source_block("a", web.url()))
    assert aggregator("poll", config=path).exit_code == 0
    yield path
    web.close()


class Terminal:
    """A pseudo-terminal, and what was written to it."""

    def __init__(self) -> None:
        self._master, self.slave = pty.openpty()
        self._pieces: list[bytes] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while True:
            try:
                piece = os.read(self._master, 65536)
            except OSError:  # as Linux says it: nobody holds the other end
                return
            if not piece:
                return
            self._pieces.append(piece)

    def text(self) -> str:
        """All of it, once the other end is closed."""
        self._thread.join(10)
        os.close(self._master)
        return b"".join(self._pieces).decode()


@contextmanager
def on(terminal: Terminal) -> Iterator[Console]:
    """A console that writes there."""
    with os.fdopen(terminal.slave, "w") as file:
        yield Console(file=file, highlight=False, width=120)


def words_of(name: str, feeds: Path, run: str) -> list[str]:
    words = [word.format(folder=feeds.parent, name=f"{name}-{run}", cursor="{cursor}") for word in COMMANDS[name][0]]
    if "{cursor}" not in words:
        return words
    cursor = json.loads(aggregator("changes", "--json", config=feeds).stdout)["cursor"]
    return [word.format(cursor=cursor) for word in words]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_long_command_shows_its_progress_on_a_terminal(name: str, feeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    with on(terminal) as console, monkeypatch.context() as patched:
        patched.setattr(output, "stderr", lambda: console)
        shown = aggregator(*words_of(name, feeds, "shown"), config=feeds)
    there = terminal.text()
    assert shown.exit_code == 0, shown.output
    assert [word for word in COMMANDS[name][1] if word not in there] == []


@pytest.mark.parametrize("name", ["poll", "verify", "search", "changes"])
def test_in_a_pipe_nothing_is_said_of_progress(name: str, feeds: Path) -> None:
    piped = aggregator(*words_of(name, feeds, "piped"), config=feeds)
    assert piped.exit_code == 0
    assert [word for word in (*COMMANDS[name][1], BAR, "\x1b") if word in piped.output] == []


def test_a_command_of_its_own_process_does_so(feeds: Path) -> None:
    command = [sys.executable, "-m", "aggregator", "verify", "--config", str(feeds)]
    place = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"}
    there = Terminal()
    try:
        subprocess.run(command, stdout=subprocess.PIPE, stderr=there.slave, timeout=WAIT, check=True, env=place)
    finally:
        os.close(there.slave)
    text = there.text()
    assert "checking" in text
    assert BAR in text
