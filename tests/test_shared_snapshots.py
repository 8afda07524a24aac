"""Snapshots in a place that several machines share: an object store (a real S3 server on loopback), and a folder."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from aggregator.config import ConfigError, load_config
from aggregator.pipeline.rebuilding import Asked, rebuild
from aggregator.store import StoreError
from aggregator.store.backup import back_up
from aggregator.store.backup import check as check_backup
from aggregator.store.errors import DamagedSnapshotError, MissingSnapshotError, SnapshotError
from aggregator.store.export import export
from aggregator.store.moving import move_snapshots
from aggregator.store.opening import snapshots_at
from aggregator.store.shared import SharedSnapshots, open_shared
from aggregator.store.snapshots import Snapshots
from aggregator.store.verifying.whole import verify
from tests.conftest import NOON, STORY, Desk, Web, item, rss, source_block, write_feeds

BODY = b"What was said, as it came. " * 50
KEYS = {"AWS_ACCESS_KEY_ID": "reader", "AWS_SECRET_ACCESS_KEY": "a-secret-key", "AWS_DEFAULT_REGION": "us-east-1"}
SOURCE = source_block("a", "https://example.org/feed")
OpenDesk = Callable[[str], Desk]


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[str]:
    """An S3 server with an empty bucket, which the environment names; its address."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_EC2_METADATA_DISABLED": "true"}.items():
            environment.setenv(name, value)
        open_shared("s3://news/any").files.mkdir("news")
        yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def place(request: pytest.FixtureRequest) -> str:
    """An address of its own for each test."""
    return f"s3://news/{request.node.name[:60].strip('[]-_')}"


@pytest.fixture
def shared(place: str) -> SharedSnapshots:
    return open_shared(place)


def test_an_object_store_holds_the_same_files_under_the_same_names_as_a_folder(
    shared: SharedSnapshots, place: str, tmp_path: Path
) -> None:
    folder = Snapshots(tmp_path)
    for body in (BODY, b"", b"another"):
        packed = shared.put(body)
        assert packed == folder.put(body)
        assert shared.get(packed.sha256) == body
        assert shared.named(packed.sha256) == f"{place}/{packed.sha256[:2]}/{packed.sha256[2:]}.gz"
        assert shared.stored_size(packed.sha256) == packed.size == folder.stored_size(packed.sha256)
        with shared.open(packed.sha256) as mine, folder.open(packed.sha256) as theirs:
            assert mine.read() == theirs.read()
    assert list(shared.names()) == list(folder.names())
    one = folder.put(BODY)
    assert shared.seems_whole(BODY, sha256=one.sha256)
    assert shared.remove(one.sha256) == one.size
    assert shared.remove(one.sha256) == 0
    assert not shared.seems_whole(BODY, sha256=one.sha256)
    assert not shared.has(one.sha256)
    assert shared.sweep() == 0


def test_what_is_there_and_whole_is_left_and_what_is_damaged_is_mended(shared: SharedSnapshots) -> None:
    one = shared.put(BODY)
    name = shared._name(one.sha256)  # noqa: SLF001 - what lies there is changed behind its back
    with shared.open(one.sha256) as file:
        packed = file.read()
    other = packed[:4] + b"\x01\x02\x03\x04" + packed[8:]  # the same bytes in it, packed at another time
    shared.files.pipe_file(name, other)
    assert shared.put(BODY).size == len(packed)
    with shared.open(one.sha256) as file:
        assert file.read() == other
    for torn in (packed[:-5], b"", b"no gzip"):
        shared.files.pipe_file(name, torn)
        assert not shared.seems_whole(BODY, sha256=one.sha256)
        with pytest.raises(DamagedSnapshotError, match=f"^{shared.named(one.sha256)}: this snapshot is damaged"):
            shared.get(one.sha256)
        assert shared.put(BODY) == one
        assert shared.get(one.sha256) == BODY
    shared.remove(one.sha256)
    with pytest.raises(MissingSnapshotError, match=f"^{shared.named(one.sha256)}: this snapshot is missing"):
        shared.get(one.sha256)


WRITER = """
import sys
from aggregator.store.opening import snapshots_at
place = snapshots_at(sys.argv[1])
sys.stdin.readline()
for n in range(6):
    place.put(b"%d " % n * 30_000)
print("done")
"""


@pytest.mark.parametrize("kind", ["s3", "folder"])
def test_two_processes_write_the_same_and_nobody_ever_reads_half_of_it(kind: str, place: str, tmp_path: Path) -> None:
    where = place if kind == "s3" else str(tmp_path / "shared")
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, where], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    reader, model = snapshots_at(where), Snapshots(tmp_path / "model")
    unread = {model.put(body).sha256: body for body in (b"%d " % n * 30_000 for n in range(6))}
    for one in writers:
        assert one.stdin is not None
        one.stdin.write("begin\n")
        one.stdin.flush()
    while unread:
        over = all(one.poll() is not None for one in writers)
        try:
            sha256, body = next(iter(unread.items()))
            assert reader.get(sha256) == body
            del unread[sha256]
        except MissingSnapshotError:  # not there yet; any other failure is half of it
            assert not over
            time.sleep(0.01)
    assert [one.communicate()[0] for one in writers] == ["done\n", "done\n"]
    assert sorted(reader.names()) == sorted(model.names())


def feeds(place: str, web: Web) -> str:
    return f'[service]\nsnapshots = "{place}"\nkeep_snapshots = "30d"\n{STORY}{source_block("a", web.url())}'


def test_the_whole_road_works_over_an_object_store(web: Web, desk: OpenDesk, place: str, tmp_path: Path) -> None:
    text = "The talks on grain went on in Geneva for two hours on Thursday, and forty observers were there."
    web.serve(rss(item("one", "Talks on grain", text)))
    at_work = desk(feeds(place, web))
    at_work.poll()
    assert at_work.settle()
    at_work.poll()  # the same bytes: only their end is looked at
    web.serve(rss(item("one", "Talks on grain", text.replace("two", "three")), built=NOON + timedelta(hours=1)))
    at_work.poll()
    at_work.settle()
    store = at_work.store
    assert isinstance(store.snapshots, SharedSnapshots)
    assert not (tmp_path / "storage" / "snapshots").exists()
    report = verify(store)
    assert report.good
    assert report.counts["snapshot files"] == len(list(store.snapshots.names())) >= 2
    back_up(store, tmp_path / "backup.tar", feeds=at_work.config.path, now=NOON)
    assert check_backup(tmp_path / "backup.tar").manifest.snapshots == len(list(store.snapshots.names()))
    records = {one.name: one.rows for one in export(store, tmp_path / "export", now=NOON).files}
    assert any(name.endswith(".warc.gz") and rows for name, rows in records.items())
    rebuilt = asyncio.run(rebuild(store, Asked(config=None), file=tmp_path / "rebuilt.sqlite", sandbox=at_work.sandbox))
    assert rebuilt.equal


def test_a_poll_asks_an_object_store_beside_the_loop(
    web: Web, desk: OpenDesk, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All other polls would wait for its answer."""
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva.")))
    at_work = desk(feeds(place, web))
    at_work.poll()
    in_threads: list[bool] = []

    def looked(*_: object, **__: object) -> bool:
        in_threads.append(threading.current_thread() is not threading.main_thread())
        return True

    monkeypatch.setattr(SharedSnapshots, "seems_whole", looked)
    at_work.poll()  # the same bytes
    assert in_threads == [True]


def test_what_lies_there_is_examined(web: Web, desk: OpenDesk, place: str) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva.")))
    store = (at_work := desk(feeds(place, web))).store
    at_work.poll()
    assert isinstance(store.snapshots, SharedSnapshots)
    sha256 = hashlib.sha256(web.answers["/feed"].body).hexdigest()
    name = f"{sha256[:2]}/{sha256[2:]}.gz"
    store.snapshots.files.pipe_file(f"{store.snapshots.root}/of-others.txt", b"x")
    assert [one.line for one in verify(store).findings] == [
        "warning: files of-others.txt: belongs to no snapshot of this store"
    ]
    store.snapshots.files.pipe_file(f"{store.snapshots.root}/{name}", b"x")
    assert [one.what for one in verify(store).findings if not one.warning] == [
        f"its file {name} does not begin as a packed file of ours does"
    ]
    store.snapshots.files.rm_file(f"{store.snapshots.root}/{name}")
    assert [one.what for one in verify(store).findings if not one.warning] == [f"its file {name} is not there"]


def test_snapshots_move_from_a_folder_into_an_object_store_and_back(
    web: Web, desk: OpenDesk, shared: SharedSnapshots, tmp_path: Path
) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva.")))
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    back = Snapshots(tmp_path / "back")
    with at_work.store.read() as tx:
        assert move_snapshots(at_work.store.snapshots, shared, tx)["copied"] == 2  # of the feed, and of robots.txt
        assert move_snapshots(at_work.store.snapshots, shared, tx)["there"] == 2
        assert move_snapshots(shared, back, tx)["copied"] == 2
    for name in at_work.store.snapshots.names():
        assert (back.folder / name).read_bytes() == (at_work.store.snapshots.folder / name).read_bytes()


def test_a_store_that_cannot_be_reached_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    away = open_shared("s3://away/prefix")
    away = SharedSnapshots(away.folder, url=away.url, root=away.root, files=_without_tries())
    with pytest.raises(SnapshotError, match=r"^s3://away/prefix/.*cannot be used \(.*Check its name, the network") as error:
        away.put(BODY)
    assert "a-secret-key" not in str(error.value)
    with pytest.raises(OSError, match="cannot be used"):
        away.remove("0" * 64)
    assert not away.seems_whole(BODY, sha256="0" * 64)
    assert not away.has("0" * 64)


def _without_tries() -> Any:
    from s3fs import S3FileSystem  # noqa: PLC0415 - as `open_shared` has it, without its patience

    return S3FileSystem(skip_instance_cache=True, config_kwargs={"retries": {"max_attempts": 0}, "connect_timeout": 1})


def test_a_bucket_that_is_not_there_is_told() -> None:
    with pytest.raises(StoreError, match="s3://none/x/"):
        open_shared("s3://none/x").put(BODY)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("s3://key:s3cret@news/x", "no login and no options"),
        ("s3://news/x?secret=s3cret", "no login and no options"),
        ("s3://", "name a bucket"),
        ("s3:news/s3cret", "two slashes"),
        ("ftp://user:s3cret@host/x", "ftp:// is no object store that is known here"),
        ("simplecache::s3://news/s3cret", "two slashes"),
        ("gs://news/s3cret", "pip install gcsfs"),
        ("file://host/s3cret", "write a whole path"),
        ("", "write a folder or an address"),
    ],
)
def test_an_address_that_is_no_place_is_refused_with_a_sentence_that_does_not_repeat_it(
    written: str, said: str, tmp_path: Path
) -> None:
    path = write_feeds(tmp_path, f'[service]\nsnapshots = "{written}"\n{SOURCE}')
    with pytest.raises(ConfigError) as error:
        load_config(path)
    assert "feeds.toml:2: service.snapshots: " in str(error.value)
    assert said in str(error.value)
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    ("written", "kind", "where"),
    [
        ("shared", Snapshots, "{folder}/shared"),
        ("/mnt/shared/snapshots", Snapshots, "/mnt/shared/snapshots"),
        ("file:///mnt/shared%20one", Snapshots, "/mnt/shared one"),
        ("s3://news/desk/", SharedSnapshots, "s3://news/desk"),
    ],
)
def test_a_folder_stays_a_folder_and_is_as_quick_as_ever(written: str, kind: type, where: str, tmp_path: Path) -> None:
    config = load_config(write_feeds(tmp_path, f'[service]\nsnapshots = "{written}"\n{SOURCE}'))
    found = snapshots_at(config.service.snapshot_place)
    assert type(found) is kind
    assert found.place == where.format(folder=tmp_path)
    unsaid = load_config(write_feeds(tmp_path, f"[service]\n{SOURCE}"))
    assert unsaid.service.snapshot_place == f"{tmp_path}/storage/snapshots"
