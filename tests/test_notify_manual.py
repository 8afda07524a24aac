"""docs/notifications.md: its configuration loads, its receiver takes what is sent, once, and its commands are there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.config import load_config
from aggregator.model import UpdateKind
from aggregator.store.schema import outbox
from tests.conftest import STORY, Desk, source_block, write_feeds
from tests.telling import SECRET, left, newsroom, publish, target, tell, with_targets

__all__ = ["newsroom"]  # a fixture
MANUAL = (Path(__file__).parents[1] / "docs" / "notifications.md").read_text(encoding="utf-8")


def test_its_configuration_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_SECRET", SECRET)
    monkeypatch.setenv("DESK_CHAT", "json://chat.example.org")
    (block,) = re.findall(r"(?:^    .*\n|^\n(?=    ))+", MANUAL.partition("| command |")[0], re.MULTILINE)
    story = STORY.replace("stories.talks", "stories.alaska")
    config = load_config(write_feeds(tmp_path, source_block("a", "https://example.org/feed") + story + textwrap.dedent(block)))
    assert set(config.notify) == {"archive", "desk"}
    assert config.notify["desk"].kinds == (UpdateKind.CORRECTED, UpdateKind.WITHDRAWN)
    assert config.web.hub == "https://hub.example.org/"


def test_its_commands_are_there() -> None:
    commands = {tuple(words.split()) for words in re.findall(r"`aggregator ((?:outbox|notify)(?: [a-z]+)?)", MANUAL)}
    assert {("outbox",), ("outbox", "retry"), ("outbox", "drop"), ("notify", "test")} <= commands
    for words in commands:
        assert CliRunner().invoke(app, [*words, "--help"]).exit_code == 0


@contextmanager
def receiver(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    (code,) = re.findall(r"^```python\n(.*?)^```$", MANUAL, re.MULTILINE | re.DOTALL)
    env = {**os.environ, "ARCHIVE_SECRET": SECRET, "PORT": "0"}
    with subprocess.Popen([sys.executable, "-c", code], cwd=folder, env=env, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            port = running.stdout.readline().removeprefix("listening on ").strip()
            yield running, f"http://127.0.0.1:{port}/hook"
        finally:
            running.kill()


def test_its_receiver_takes_each_update_once_and_nothing_that_is_not_signed(
    newsroom: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.clock.now = datetime.now(UTC)  # the receiver has a clock of its own
    monkeypatch.setenv("OTHER", "whsec_c2VjcmV0IG9mIHNvbWVib2R5IGVsc2U=")
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    with receiver(tmp_path) as (running, url):
        other = target("other", url).replace("$HOOK_SECRET", "$OTHER")
        config = with_targets(newsroom, target("archive", url) + other)
        publish(newsroom, "talks", 1, "new")
        assert tell(newsroom, config).arrived == 1
        with newsroom.store.write() as tx:  # as after a crash
            tx.execute(outbox.update().where(outbox.c.recipient == "notify:archive").values(delivered_at=None))
        publish(newsroom, "talks", 2)
        assert tell(newsroom, config).arrived == 2
        running.kill()
        assert running.stdout is not None
        assert running.stdout.read().splitlines() == ["talks Update.1: Talks", "talks Update.2: Talks"]
    assert [(key, why) for key, _, why in left(newsroom.store)][:1] == [("notify:other:talks:1", "HTTP 401 Unauthorized")]
