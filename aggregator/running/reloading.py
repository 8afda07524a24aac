"""Following feeds.toml while the service runs: a valid change takes effect, another one is refused and said."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import structlog

from aggregator.config import Config
from aggregator.config.handing import read_config
from aggregator.config.stamp import Stamp, stamp_of
from aggregator.config.values import is_loopback
from aggregator.running.handles import hidden_file, safe_path
from aggregator.running.logs import all_secrets, hide
from aggregator.store import StoreError

LOOK_EVERY = 0.25  # seconds
LONGEST_RESTLESS = 2.0  # seconds after which a file is read that never stays as it is
CHECK_SECONDS = 60.0
MOST_TOLD = 20  # mistakes in one line of the log
FIXED = ("storage", "database", "snapshots")  # of [service]: another one is for another run of the service
LATER = ("concurrency",)  # of [service]: what runs was made with it

log = structlog.get_logger()


class Follows(Protocol):
    """What goes on under another configuration: the service, or a worker."""

    refused: Sequence[str]  # mistakes of a configuration that was to take effect, while that file stays so

    @property
    def config(self) -> Config:
        """The configuration that is in effect, or will be."""

    async def take(self, config: Config) -> None:
        """Go on under another one. Raises `StoreError`."""


async def follow_file(service: Follows) -> None:
    """Have each valid change of the configuration's file take effect, until cancelled. SIGHUP has it read at once.

    A file that cannot be read or has mistakes changes nothing; the log names them with their lines, once.
    """
    path = service.config.path
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, asked.set)
    seen = service.config.stamp
    while True:
        if asked.is_set() or stamp_of(path) != seen:
            asked.clear()
            seen = await _at_rest(path)
            await _read(service, path)
        with suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), LOOK_EVERY)


async def _at_rest(path: Path) -> Stamp:
    """The file's stamp once it stays the same for a moment: an editor may be writing it."""
    now = stamp_of(path)
    for _ in range(int(LONGEST_RESTLESS / LOOK_EVERY)):
        before = now
        await asyncio.sleep(LOOK_EVERY)
        now = stamp_of(path)
        if now == before:
            break
    return now


async def _read(service: Follows, path: Path) -> None:
    """The broad catch is the edge of this job: whatever is wrong with a file, the service goes on with the last good one."""
    mistakes: list[str] = []
    try:
        config, mistakes = await checked(path)
        if config is not None:
            hide(all_secrets(config))
            config = config.served_at(service.config.elsewhere)
            told = f"{path.name}: service.%s: is another one; it takes effect when the service is stopped and started"
            mistakes = [told % key for key in _others(FIXED, service.config, config)] + _open_to_others(config)
            what = differences(service.config, config)
            if what and not mistakes:
                await service.take(config)
                log.warning("configuration_taken", **what)
    except StoreError as error:
        mistakes = [f"{path.name}: the store could not take it: {error}"]
    except Exception as error:  # logged with its traceback
        mistakes = [f"{path.name}: it was not taken: {type(error).__name__}"]
        log.exception("configuration_not_taken")
    service.refused = tuple(mistakes)
    if mistakes:
        log.error("configuration_refused", mistakes=mistakes[:MOST_TOLD], more=max(0, len(mistakes) - MOST_TOLD))


def _others(keys: Sequence[str], old: Config, new: Config) -> list[str]:
    return [key for key in keys if getattr(old.service, key) != getattr(new.service, key)]


def _open_to_others(config: Config) -> list[str]:
    """What the file cannot know where somebody else says where the site is served: that it needs a token."""
    listen = config.elsewhere
    if not listen or config.web.token is not None or is_loopback(listen):
        return []
    return [f"{config.path.name}: web.token: missing, and the site is served at {listen}, which is open to other machines"]


async def checked(path: Path) -> tuple[Config | None, list[str]]:
    """The configuration of a file, or None and its mistakes. It is read and checked in another process."""
    handle = hidden_file()
    try:
        command = [sys.executable, *safe_path(), "-m", "aggregator.running.checking", str(path), str(handle)]
        child = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            pass_fds=[handle],
        )  # fmt: skip
        try:
            said, _ = await asyncio.wait_for(child.communicate(), CHECK_SECONDS)
        except TimeoutError:
            return None, [f"{path.name}: it was not read within {CHECK_SECONDS:g} s"]
        finally:
            with suppress(ProcessLookupError):
                child.kill()
        if child.returncode:
            mistakes = said.decode("utf-8", "replace").splitlines()
            return None, mistakes or [f"{path.name}: it could not be read; try: aggregator check"]
        return _handed_over(handle), []
    finally:
        os.close(handle)


def _handed_over(handle: int) -> Config:
    os.lseek(handle, 0, os.SEEK_SET)
    with open(handle, "rb", closefd=False) as file:
        return read_config(file)


def differences(old: Config, new: Config) -> dict[str, object]:
    """What another configuration changes: the keys of sources and stories, and the names of tables."""
    told: dict[str, object] = {}
    parts: dict[str, tuple[Mapping[Any, object], Mapping[Any, object]]] = {
        "sources": (old.sources, new.sources),
        "stories": (old.stories, new.stories),
        "hosts": (old.hosts, new.hosts),
        "notify": (old.notify, new.notify),
    }
    for name, (before, after) in parts.items():
        found = {
            "added": [key for key in after if key not in before],
            "removed": [key for key in before if key not in after],
            "changed": [key for key in after if key in before and after[key] != before[key]],
        }
        told |= {f"{name}_{how}": [str(key) for key in keys] for how, keys in found.items() if keys}
    tables = [name for name in ("service", "web") if getattr(old, name) != getattr(new, name)]
    if tables:
        told["tables"] = tables
    if later := _others(LATER, old, new):
        told["at_next_start"] = later
    if not told and new.record != old.record:  # the first of two stories takes up what both could
        told["order"] = "another one"
    return told
