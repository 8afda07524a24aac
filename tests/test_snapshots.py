"""Snapshot files that are missing, torn or in the way: told clearly, and mended where the bytes come again."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.config import load_config
from aggregator.service import open_for, road
from aggregator.store import StoreError
from aggregator.store.errors import DamagedSnapshotError, MissingSnapshotError, SnapshotError
from aggregator.store.snapshots import MOST_SWEPT, UNFINISHED, Snapshots
from tests.conftest import STORY, Clock, Desk, Web, item, rss, source_block, write_feeds

BODY = b"What was said, as it came. " * 50
OpenDesk = Callable[[str], Desk]


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def garbage(path: Path) -> None:
    path.write_bytes(b"My shopping list: milk, bread. " * 20)


def one_byte_changed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def other_bytes(path: Path) -> None:
    others = Snapshots(path.parents[1])
    sha256, _, *_ = others.put(b"something else")
    path.write_bytes(others.path(sha256).read_bytes())


def bad_check_sum(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8] + b"\x00" * 8)


def gone(path: Path) -> None:
    path.unlink()


TORN = [cut_off, half, empty, garbage, one_byte_changed, other_bytes, bad_check_sum]


def ident(how: Callable[[Path], None]) -> str:
    return how.__name__


@pytest.mark.parametrize("tear", TORN, ids=ident)
def test_a_torn_snapshot_is_one_clear_error_and_is_mended_when_its_bytes_come_again(
    tear: Callable[[Path], None], tmp_path: Path
) -> None:
    snapshots = Snapshots(tmp_path)
    sha256, size, *_ = snapshots.put(BODY)
    tear(snapshots.path(sha256))
    with pytest.raises(DamagedSnapshotError, match=r"damaged.*Restore it from a backup") as error:
        snapshots.get(sha256)
    assert str(error.value).startswith(str(snapshots.path(sha256)))
    assert snapshots.put(BODY)[:2] == (sha256, size)
    assert snapshots.get(sha256) == BODY


def test_a_missing_snapshot_is_named_and_mended(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path / "snapshots")
    sha256, _, *_ = snapshots.put(BODY)
    snapshots.path(sha256).unlink()
    with pytest.raises(MissingSnapshotError, match=re.escape(f"{snapshots.path(sha256)}: this snapshot is missing")):
        snapshots.get(sha256)
    snapshots.path(sha256).parent.rmdir()  # and its folder with it
    with pytest.raises(MissingSnapshotError):
        snapshots.get(sha256)
    snapshots.put(BODY)
    assert snapshots.get(sha256) == BODY


def test_a_folder_in_the_place_of_a_snapshot_is_told(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    sha256, _, *_ = snapshots.put(BODY)
    snapshots.path(sha256).unlink()
    snapshots.path(sha256).mkdir()
    with pytest.raises(SnapshotError, match="cannot be read"):
        snapshots.get(sha256)
    with pytest.raises(StoreError, match=rf"{sha256[2:]}\.gz: a folder lies where a file is needed\. Move it away"):
        snapshots.put(BODY)
    assert list((tmp_path / UNFINISHED).iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("in the way")
    with pytest.raises(StoreError, match="a file lies where a folder is needed"):
        Snapshots(tmp_path / "snapshots").put(BODY)
    with pytest.raises(SnapshotError):
        Snapshots(tmp_path / "snapshots").get("ab" * 32)
    assert (tmp_path / "snapshots").read_text() == "in the way"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_whatever_lies_in_the_file_the_error_is_of_one_kind(data: bytes, tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    sha256, _, *_ = snapshots.put(BODY)
    for found in (data, snapshots.path(sha256).read_bytes()[:20] + data):
        snapshots.path(sha256).write_bytes(found)
        with pytest.raises(SnapshotError):
            snapshots.get(sha256)
    snapshots.put(BODY)
    assert snapshots.get(sha256) == BODY


@pytest.mark.parametrize("tear", [cut_off, half, empty, garbage, other_bytes, bad_check_sum, gone], ids=ident)
def test_a_cheap_look_sees_what_is_torn(tear: Callable[[Path], None], tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    sha256, _, *_ = snapshots.put(BODY)
    assert snapshots.seems_whole(BODY, sha256=sha256)
    tear(snapshots.path(sha256))
    assert not snapshots.seems_whole(BODY, sha256=sha256)


@pytest.mark.parametrize("tear", [half, empty, gone], ids=ident)
def test_the_same_bytes_at_the_next_poll_mend_a_torn_snapshot(tear: Callable[[Path], None], web: Web, desk: OpenDesk) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva.")))
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    sha256 = hashlib.sha256(web.answers["/feed"].body).hexdigest()
    tear(at_work.store.snapshots.path(sha256))
    (report,) = at_work.poll()
    assert report.outcome.reason == "the same bytes as at the last poll"
    assert at_work.store.snapshots.get(sha256) == web.answers["/feed"].body


def test_a_snapshot_without_a_row_is_taken_up_by_the_next_poll(web: Web, desk: OpenDesk) -> None:
    """As a crash leaves it: the bytes are kept, and half of them at that, and the database does not know them."""
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva.")))
    at_work = desk(STORY + source_block("a", web.url()))
    sha256, _, *_ = at_work.store.snapshots.put(web.answers["/feed"].body)
    half(at_work.store.snapshots.path(sha256))
    assert at_work.poll()[0].balance.new == 1
    assert at_work.store.snapshots.get(sha256) == web.answers["/feed"].body


def test_old_leftovers_are_swept_at_the_start_and_new_ones_are_not(web: Web, tmp_path: Path, clock: Clock) -> None:
    config = load_config(write_feeds(tmp_path, source_block("a", web.url())))
    store = open_for(config)
    unfinished = store.snapshots.folder / UNFINISHED
    sha256, _, *_ = store.snapshots.put(BODY)
    for name, age in (("old", timedelta(hours=2)), ("being-written", timedelta(minutes=2))):
        (unfinished / name).write_bytes(b"half of it")
        moment = (datetime.now(UTC) - age).timestamp()  # by the clock of the disk
        os.utime(unfinished / name, (moment, moment))
    (unfinished / "a-folder").mkdir()
    os.utime(unfinished / "a-folder", (0, 0))

    async def start() -> None:
        async with road(config, store, clock=lambda: clock() + timedelta(days=400)):  # a clock that jumped
            pass

    asyncio.run(start())
    assert sorted(path.name for path in unfinished.iterdir()) == ["a-folder", "being-written"]
    assert store.snapshots.get(sha256) == BODY
    store.close()


def test_sweeping_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_SWEPT >= 1000
    monkeypatch.setattr("aggregator.store.snapshots.MOST_SWEPT", 3)
    snapshots = Snapshots(tmp_path)
    (tmp_path / UNFINISHED).mkdir()
    for n in range(5):
        (tmp_path / UNFINISHED / str(n)).write_bytes(b"x")
    soon = timedelta(seconds=-60)
    assert [snapshots.sweep(after=soon) for _ in range(3)] == [3, 2, 0]
    assert Snapshots(tmp_path / "none").sweep(after=soon) == 0
