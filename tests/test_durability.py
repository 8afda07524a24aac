"""What a power cut may take: nothing that the database speaks of, and no page that was called delivered."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine.default import DefaultDialect

from aggregator.publish.formats import SUFFIXES
from aggregator.store.files import make_folder
from aggregator.store.schema import snapshots
from aggregator.store.snapshots import UNFINISHED, Snapshots
from tests.conftest import STORY, Desk, Web, item, rss, source_block

Call = tuple[str, str]  # what was done, and to which file or folder
TEXT = "The talks on grain go on in Geneva for another week."


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """What was asked of the disk, in order: flushes of files and folders, renames, new folders, and commits."""
    done: list[Call] = []
    fsync, replace, mkdir = os.fsync, os.replace, os.mkdir
    commit: Callable[..., None] = DefaultDialect.do_commit

    def fsync_here(handle: int) -> None:
        done.append(("fsync", os.readlink(f"/proc/self/fd/{handle}")))
        fsync(handle)

    def replace_here(new: Path, place: Path) -> None:
        done.append(("rename", str(place)))
        replace(new, place)

    def mkdir_here(path: Path, mode: int = 0o777) -> None:
        mkdir(path, mode)
        done.append(("mkdir", str(path)))

    def commit_here(self: DefaultDialect, connection: object) -> None:
        done.append(("commit", ""))
        commit(self, connection)

    monkeypatch.setattr(os, "fsync", fsync_here)
    monkeypatch.setattr(os, "replace", replace_here)
    monkeypatch.setattr(os, "mkdir", mkdir_here)
    monkeypatch.setattr(DefaultDialect, "do_commit", commit_here)
    return done


def lost_by_a_power_cut(calls: list[Call]) -> set[str]:
    """The files and folders under new names, whose names are not known to be on the disk."""
    lost: set[str] = set()
    for what, path in calls:
        if what in ("rename", "mkdir"):
            lost.add(path)
        elif what == "fsync":
            lost = {one for one in lost if str(Path(one).parent) != path}
    return lost


def test_a_row_is_never_on_the_disk_before_the_snapshot_that_it_names(
    web: Web, desk: Callable[[str], Desk], calls: list[Call]
) -> None:
    web.serve(rss(item("one", "Talks on grain", TEXT)))
    at_work = desk(STORY + source_block("a", web.url()))
    del calls[:]
    at_work.poll()
    steps = [f"{what} {'new' if f'/{UNFINISHED}/' in path else ''}".strip() for what, path in calls]
    renamed = [n for n, step in enumerate(steps) if step == "rename"]
    assert len(renamed) == 2  # robots.txt, and the feed
    assert [steps[:n].count("fsync new") for n in renamed] == [1, 2]  # the bytes before the name
    commit = next(n for n, step in enumerate(steps) if step == "commit" and n > renamed[-1])
    storage = str(at_work.config.service.storage)
    lost = {path for path in lost_by_a_power_cut(calls[:commit]) if path.startswith(storage)}
    assert {path for path in lost if not path.endswith(UNFINISHED)} == set()
    with at_work.store.read() as tx:
        assert tx.execute(select(func.count()).select_from(snapshots)).scalar_one() == 2


def test_a_page_is_on_the_disk_before_it_is_called_delivered(web: Web, desk: Callable[[str], Desk], calls: list[Call]) -> None:
    web.serve(rss(item("one", "Talks on grain", TEXT)))
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    del calls[:]
    at_work.settle()
    renamed = [n for n, (what, _) in enumerate(calls) if what == "rename"]
    story = [n for n in renamed if Path(calls[n][1]).name.startswith("talks.")]
    assert len(story) == len(SUFFIXES)
    before = max(n for n in renamed if n < story[0])  # the icon and the statement, which the pages of the story lead to
    flushed = [path for what, path in calls[before : story[0]] if what == "fsync"]
    assert sum(path.endswith(".new") for path in flushed) == len(SUFFIXES)
    delivered = next(n for n, (what, _) in enumerate(calls) if what == "commit" and n > renamed[-1])
    assert lost_by_a_power_cut(calls[:delivered]) == set()


def test_what_a_killed_process_put_there_is_made_sure_of_by_the_next(tmp_path: Path, calls: list[Call]) -> None:
    sha256, _, *_ = Snapshots(tmp_path).put(b"bytes")
    del calls[:]
    Snapshots(tmp_path).put(b"bytes")  # another process: it cannot know how far the first one came
    folder = Snapshots(tmp_path).path(sha256).parent
    assert [path for what, path in calls if what == "fsync"] == [str(tmp_path.parent), str(tmp_path), str(folder)]
    assert "rename" not in [what for what, _ in calls]


def test_a_snapshot_costs_two_flushes_once_its_folder_is_known(tmp_path: Path, calls: list[Call]) -> None:
    folder = Snapshots(tmp_path)
    alike = [body for body in (str(n).encode() for n in range(2000)) if hashlib.sha256(body).hexdigest().startswith("ab")]
    folder.put(alike[0])
    del calls[:]
    folder.put(alike[1])
    assert [what for what, _ in calls] == ["fsync", "rename", "fsync"]


def test_a_new_folder_of_snapshots_costs_one_flush_more(tmp_path: Path, calls: list[Call]) -> None:
    folder = Snapshots(tmp_path)
    folder.put(b"one")
    del calls[:]
    sha256, _, *_ = folder.put(b"two")
    own = str(folder.path(sha256).parent)
    assert [path for what, path in calls if what == "fsync" and UNFINISHED not in path] == [str(tmp_path), own]


def test_each_new_folder_is_flushed_into_the_one_around_it(tmp_path: Path, calls: list[Call]) -> None:
    make_folder(tmp_path / "a" / "b")
    assert calls == [
        ("mkdir", str(tmp_path / "a")),
        ("fsync", str(tmp_path)),
        ("mkdir", str(tmp_path / "a" / "b")),
        ("fsync", str(tmp_path / "a")),
    ]
