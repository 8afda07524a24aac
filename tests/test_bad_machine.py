"""A machine that lacks something: said in a sentence that names the file or the key, and the next step."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.config import load_config
from aggregator.running.failures import failures_of_store
from aggregator.service import open_for
from tests.conftest import Web, item, rss, source_block, write_feeds
from tests.test_trouble import fill

WITHOUT_ZONES = "import sys; sys.modules['tzdata'] = None; from aggregator.cli import main; main()"


def without_zones(*words: str) -> subprocess.CompletedProcess[str]:
    """A command on a machine that has no time zone data."""
    there = {**os.environ, "PYTHONTZPATH": ""}
    return subprocess.run([sys.executable, "-c", WITHOUT_ZONES, *words], env=there, check=False, capture_output=True, text=True)


def test_missing_time_zone_data_is_told_with_the_next_step(tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, source_block("a", "https://example.org/feed", more='zone = "Europe/Kyiv"'))
    checked = without_zones("check", "--config", str(feeds))
    assert checked.returncode == 2
    assert "feeds.toml:8: sources.a.zone: " in checked.stderr
    assert "no time zone data is found on this machine: install it (pip install tzdata)" in checked.stderr
    write_feeds(tmp_path, source_block("a", "https://example.org/feed"))
    looked = without_zones("doctor", "--offline", "--config", str(feeds))
    assert looked.returncode == 1
    assert "no time zone data is found\tInstall the package tzdata: pip install tzdata" in looked.stdout


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, which can be mounted read-only."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("a disk can be mounted by root alone, and not in every container")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


def told_of(disk: Path, words: list[str], feeds: Path) -> str:
    """What a command says that ends with 1 for this disk, which it names."""
    done = CliRunner().invoke(app, [*words, "--config", str(feeds)])
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    told = done.stdout if words[0] == "doctor" else done.stderr
    assert str(disk) in told
    return told


@pytest.mark.parametrize("begun", [False, True], ids=["no store yet", "a store"])
@pytest.mark.parametrize("words", [["poll"], ["run"], ["doctor", "--offline"]], ids=lambda words: words[0])
def test_a_disk_that_is_mounted_read_only_is_told(words: list[str], begun: bool, disk: Path, web: Web, tmp_path: Path) -> None:
    web.serve(rss(item("one", "Talks", "The talks go on in Geneva for another week.")))
    marks = f'[service]\nstorage = "{disk}/storage"\nlow_disk = 0\nfull_disk = 0\n'
    feeds = write_feeds(tmp_path, marks + source_block("a", web.url()))
    if begun:
        open_for(load_config(feeds)).close()
    read_only(disk)
    told = told_of(disk, words, feeds)
    assert "read-only" in told.casefold()
    assert "name another `storage`" in told
    assert not web.asked


@pytest.mark.parametrize("begun", [False, True], ids=["no store yet", "a store"])
@pytest.mark.parametrize("words", [["poll"], ["run"], ["doctor", "--offline"]], ids=lambda words: words[0])
def test_a_disk_that_is_full_at_the_start_is_told(words: list[str], begun: bool, disk: Path, web: Web, tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, f'[service]\nstorage = "{disk}/storage"\n' + source_block("a", web.url()))
    if begun:
        open_for(load_config(feeds)).close()
    fill(disk)
    told = told_of(disk, words, feeds)
    assert "Make room" in told
    assert "right" not in told
    assert not web.asked


def test_what_is_said_beside_a_list_names_the_table_of_the_key(web: Web, tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, '[service]\nlow_disk = "900 TB"\nfull_disk = 0\n' + source_block("a", web.url()))
    open_for(load_config(feeds)).close()
    assert "`keep_snapshots` under [service].\n" in CliRunner().invoke(app, ["sources", "--config", str(feeds)]).stderr


def test_a_disk_that_is_full_is_not_taken_for_one_without_rights() -> None:
    ended: list[tuple[str, int]] = []
    for error in (errno.ENOSPC, errno.EDQUOT, errno.EACCES):
        with failures_of_store(lambda said, code: ended.append((said, code))):
            raise OSError(error, os.strerror(error))  # as a write says it: without a name
    assert [code for _, code in ended] == [1, 1, 1]
    full, quota, rights = (said for said, _ in ended)
    assert full == (
        "the storage folder: the disk is full (No space left on device). Make room; nothing that was stored is lost."
    )
    assert "Make room" in quota
    assert rights.endswith("(Permission denied). Check its rights, or name another `storage`.")
