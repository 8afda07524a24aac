"""A newsroom whose site is served by the real program, in a process of its own, while statements come in here."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aggregator.config import load_config
from aggregator.model import DeskKind, StoryKey
from aggregator.pipeline import poll_source
from aggregator.pipeline.acts import Given
from aggregator.pipeline.desk import act
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import open_for, publish_ready, road
from tests.conftest import NOON, Clock, Web, item, rss, source_block, write_feeds

START_SECONDS = 20
MATTERS = ["grain", "gas", "steel", "fish", "timber", "copper", "cotton", "sugar", "coal", "wine"]
STORY = """
[service]
storage = "storage"
gap = "0s"

[stories.talks]
title = "Talks in Geneva"
lead = "What is said about the talks"
from = 2025-08-01
until = 2025-08-31
terms = ["talks"]
settle = "0s"
"""


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class Served:
    """`aggregator serve`, which may be stopped and started again at the same address."""

    config: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, ending with a slash."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [
            sys.executable,
            "-m",
            "aggregator",
            "serve",
            "--listen",
            f"127.0.0.1:{self.port}",
            "--config",
            str(self.config),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
        give_up = time.monotonic() + START_SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}live.js", timeout=START_SECONDS):  # noqa: S310 - loopback
                    return
            except urllib.error.URLError:
                assert self.process.poll() is None, "the server ended"
                assert time.monotonic() < give_up, "the server does not answer"
                time.sleep(0.05)

    def stop(self) -> None:
        """End it, as an operator does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(START_SECONDS)
            self.process = None


@contextmanager
def serving(config: Path) -> Iterator[Served]:
    """Serve the store of a feeds.toml."""
    one = Served(config)
    one.start()
    try:
        yield one
    finally:
        one.stop()


@dataclass
class Newsroom:
    """A store that statements come into, one by one. It works in a thread of its own: the browser's has a loop already."""

    folder: Path
    web: Web
    sandbox: Sandbox
    clock: Clock = field(default_factory=Clock)
    said: list[str] = field(default_factory=list)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    @property
    def config(self) -> Path:
        """Its feeds.toml."""
        return self.folder / "feeds.toml"

    def says(self, count: int = 1) -> None:
        """Let the source say something more, poll it, publish what it said: by the ordinary road."""
        for _ in range(count):
            number = len(self.said) + 1
            told = f"Delegates to the talks on {MATTERS[number % 10]} agreed on {number + 11} points in round {number}."
            self.said.append(item(str(number), f"Talks, round {number}", f"<p>{told}</p>", at=NOON + timedelta(minutes=number)))
        self.web.serve(rss(*reversed(self.said)))
        self._aside(self._publish)

    def notes(self, why: str) -> None:
        """Let the desk note something beside the story."""
        given = Given(kind=DeskKind.NOTE, story=StoryKey("talks"), by="ada", why=why)

        def work() -> None:
            with closing(open_for(load_config(self.config))) as store:
                act(store, given, now=self.clock())

        self._aside(work)

    def close(self) -> None:
        """End its thread."""
        self._thread.shutdown()

    def _aside(self, do: Callable[[], None]) -> None:
        self._thread.submit(do).result()

    def _publish(self) -> None:
        write_feeds(self.folder, STORY + source_block("a", self.web.url(), name="Ministry of Trade"))
        config = load_config(self.config)
        store = open_for(config)

        async def work() -> None:
            async with road(config, store, clock=self.clock, sandbox=self.sandbox) as the_road:
                self.clock.forward(minutes=10)
                for key in config.sources:
                    await poll_source(the_road, key)
                self.clock.forward(minutes=1)
                publish_ready(the_road)

        asyncio.run(work())
        store.close()
