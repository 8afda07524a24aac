"""The machine, looked at: what is wrong is named, with what to do."""

from __future__ import annotations

import json
import os
import resource
import socket
from collections import namedtuple
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.config import load_config
from aggregator.running import machine
from aggregator.running.machine import Health, Looked, look
from aggregator.service import open_for
from aggregator.store.schema import changes
from tests.conftest import NOON, source_block, write_feeds

ROOT = os.geteuid() == 0


def looked(folder: Path, text: str = "", *, later: timedelta = timedelta(), ask: bool = False) -> Mapping[str, Looked]:
    feeds = folder / "feeds.toml"
    if not feeds.exists():
        write_feeds(folder, source_block("a", "http://127.0.0.1:9/feed") + text)
    return {one.what: one for one in look(load_config(feeds), now=NOON + later, ask=ask)}


def test_a_good_machine_is_good(tmp_path: Path) -> None:
    found = looked(tmp_path, '[web]\nlisten = ""\n')
    assert {one.health for name, one in found.items() if name != "contact"} == {Health.GOOD}
    assert {"Python", "SQLite", "time zones", "storage", "disk", "store", "open files", "port", "IPv6"} <= set(found)
    assert "in July" in found["time zones"].says
    assert list(tmp_path.iterdir()) == [tmp_path / "feeds.toml"]  # it only looked


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    for free, health in ((10, Health.BAD), (10**9, Health.DOUBTFUL), (10**10, Health.GOOD)):
        monkeypatch.setattr("aggregator.running.machine.shutil.disk_usage", lambda _, free=free: usage(10**12, 0, free))
        assert looked(tmp_path)["disk"].health is health


@pytest.mark.skipif(ROOT, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "storage").mkdir(mode=0o500)
    found = looked(tmp_path)["storage"]
    assert found.health is Health.BAD
    assert str(tmp_path / "storage") in found.says


def test_a_file_where_the_storage_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "storage").write_text("x")
    assert looked(tmp_path)["storage"].health is Health.BAD


def test_a_clock_that_went_back_is_told(tmp_path: Path) -> None:
    looked(tmp_path)
    store = open_for(load_config(tmp_path / "feeds.toml"))
    with store.write() as tx:
        tx.execute(changes.insert().values(seq=1, kind="statement", key="1", at=NOON, hash="0" * 64))
    store.close()
    assert looked(tmp_path, later=timedelta(hours=1))["clock"].health is Health.GOOD
    back = looked(tmp_path, later=timedelta(hours=-1))["clock"]
    assert back.health is Health.BAD
    assert "2025-08-14 12:00 UTC" in back.says


def test_a_store_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "storage").mkdir()
    (tmp_path / "storage/aggregator.sqlite").write_bytes(b"no database at all" * 1000)
    assert looked(tmp_path)["store"].health is Health.BAD


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = looked(tmp_path, f'[web]\nlisten = "127.0.0.1:{port}"\n')["port"]
    assert (found.health, f"127.0.0.1:{port}" in found.says) == (Health.DOUBTFUL, True)


def test_too_few_open_files_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.running.machine.resource.getrlimit", lambda _: (100, 100))
    assert looked(tmp_path)["open files"].health is Health.BAD
    monkeypatch.setattr(
        "aggregator.running.machine.resource.getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    )
    assert looked(tmp_path)["open files"].health is Health.GOOD


def test_names_are_looked_up_only_where_that_is_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("aggregator.running.machine.socket.getaddrinfo", nobody)
    assert "names" not in looked(tmp_path)
    assert looked(tmp_path, ask=True)["names"].health is Health.BAD


def test_the_command_fails_where_something_is_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked(tmp_path)
    asked = ["doctor", "--offline", "--json", "--config", str(tmp_path / "feeds.toml")]
    good = CliRunner().invoke(app, asked)
    assert good.exit_code == 0
    assert {"what", "health", "says", "do"} == set(json.loads(good.stdout)[0])
    monkeypatch.setattr(machine, "LEAST_SQLITE", (99, 0, 0))
    bad = CliRunner().invoke(app, [one for one in asked if one != "--json"])
    assert bad.exit_code == 1
    assert "Use a Python that comes with SQLite" in bad.stdout
