"""A store in one file while others write to it; back into an empty folder; and nothing of it believed unread."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aggregator.cli import app
from aggregator.config import load_config
from aggregator.service import open_for
from aggregator.store import Store, archive, changes, copying, open_store
from aggregator.store.archive import ArchiveError, decompressed, members
from aggregator.store.backup import BackupError, back_up, check
from aggregator.store.copying import CopyError
from aggregator.store.restoring import restore
from tests.conftest import NOON, STORY, Desk, Web, item, rss, source_block
from tests.copied import Originals
from tests.stores import dump

TEXT = "<p>The talks on grain go on. They will last 12 days, said the minister of trade.</p>"


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    """The source of all tests: its address is in the store of which each gets a copy."""
    with closing(Web()) as server:
        yield server


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Originals:
    return Originals(tmp_path_factory.mktemp("originals"), {})


@pytest.fixture
def told(request: pytest.FixtureRequest, originals: Originals) -> Iterator[Desk]:
    """A store with a story, and several snapshots."""
    with originals.copy("sqlite", lambda: make(*map(request.getfixturevalue, ("web", "desk"))), request) as desk:
        yield desk


def make(web: Web, desk: Callable[[str], Desk]) -> Desk:
    web.serve(rss(item("one", "Talks on grain", TEXT)))
    at_work = desk('[service]\nstorage = "data"\n' + STORY + source_block("a", web.url(), name="Alpha"))
    for number in range(3):
        web.serve(
            rss(item("one", "Talks on grain", TEXT), item(f"n{number}", f"Talks {number}", f"Talks of day {number} end."))
        )
        at_work.poll()
        at_work.settle()
    return at_work


def backed_up(desk: Desk, file: Path, *, force: bool = False, incomplete: bool = False) -> Path:
    site = desk.config.service.storage / "site"
    back_up(desk.store, file, feeds=desk.config.path, now=NOON, keep_out=[site], force=force, incomplete=incomplete)
    return file


def run(*words: str, config: Path | None = None) -> Result:
    return CliRunner().invoke(app, [*words, *(["--config", str(config)] if config else [])])


def state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tgz", "a.tar.zst", "backup"])
def test_what_was_backed_up_is_restored_and_prints_the_same_page(name: str, told: Desk, tmp_path: Path) -> None:
    said = run("backup", str(tmp_path / name), config=told.config.path)
    assert said.exit_code == 0, said.output
    assert f"aggregator restore {tmp_path / name} --into" in said.stdout
    assert (tmp_path / name).stat().st_mode & 0o077 == 0
    done = run("restore", str(tmp_path / name), "--into", str(tmp_path / "new"))
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["aggregator.sqlite", "feeds.toml", "snapshots"]
    assert dump(tmp_path / "new" / "aggregator.sqlite") == dump(told.config.service.storage / "aggregator.sqlite")
    assert state(tmp_path / "new" / "snapshots") == state(told.config.service.storage / "snapshots")
    pages = [run("story", "talks", config=path).stdout for path in (told.config.path, tmp_path / "new" / "feeds.toml")]
    assert "Update.3" in pages[0]
    assert pages[0] == pages[1]


def test_a_restored_store_goes_on_where_it_was(told: Desk, web: Web, tmp_path: Path) -> None:
    restore(backed_up(told, tmp_path / "a.tar.gz"), tmp_path / "new")
    web.serve(rss(item("next", "Talks on energy", "The talks on energy begin in another town.")))
    config = tmp_path / "new" / "feeds.toml"
    config.write_text(config.read_text().replace('settle = "10m"', 'settle = "0s"'))
    assert "published talks Update.5" in run("poll", config=config).stdout


def test_any_tar_can_read_it_and_its_sums(told: Desk, tmp_path: Path) -> None:
    with tarfile.open(backed_up(told, tmp_path / "a.tar.gz")) as tar:
        bodies = {one.name: tar.extractfile(one) for one in tar.getmembers()}
        read = {name: file.read() for name, file in bodies.items() if file is not None}
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in read.items() if name != "SHA256SUMS")
    assert read["SHA256SUMS"].decode() == sums
    said = json.loads(read["backup.json"])
    assert (said["snapshots"], said["left_out"], said["made_at"]) == (4, 0, "2025-08-14T12:00:00.000Z")
    with told.store.read() as tx:
        assert said["store"] == tx.exec_driver_sql("SELECT id FROM identity").scalar_one()
        assert said["seq"] == tx.exec_driver_sql("SELECT max(seq) FROM changes").scalar_one()


def note(store: Store, key: str) -> None:
    with store.write() as tx:
        changes.note(tx, "story", key, seal="", at=NOON)


def test_writers_go_on_while_it_is_made_and_it_holds_one_moment(
    told: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PAGES_AT_ONCE", 2)
    note(told.store, "before")
    assert (told.config.service.storage / "aggregator.sqlite-wal").stat().st_size > 0
    steps = 0
    with closing(open_for(told.config)) as writer:

        def advance(what: str, _done: int, _of: int) -> None:
            nonlocal steps
            if what == "database":
                note(writer, f"during {steps}")
                steps += 1

        back_up(told.store, tmp_path / "a.tar", feeds=None, now=NOON, advance=advance)
    assert steps > 20
    restore(tmp_path / "a.tar", tmp_path / "new")
    with closing(sqlite3.connect(tmp_path / "new" / "aggregator.sqlite")) as copy:
        keys = [key for (key,) in copy.execute("SELECT key FROM changes WHERE key = 'before' OR key LIKE 'during%'")]
    assert keys == ["before"]
    with told.store.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM changes WHERE key LIKE 'during%'").scalar_one() == steps


def test_a_snapshot_that_comes_later_is_not_in_it(told: Desk, web: Web, tmp_path: Path) -> None:
    web.serve(rss(item("late", "Talks at night", "The talks at night begin.")))
    polled: list[object] = []

    def advance(what: str, _done: int, _of: int) -> None:
        if what == "snapshots" and not polled:
            polled.append(told.poll())

    found = back_up(told.store, tmp_path / "a.tar", feeds=None, now=NOON, advance=advance)
    assert found.manifest.snapshots == 4
    with told.store.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM snapshots").scalar_one() == 5


def onto_itself(storage: Path, tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "symlink").symlink_to(storage / "aggregator.sqlite")
    os.link(storage / "aggregator.sqlite", tmp_path / "hardlink")
    (tmp_path / "folderlink").symlink_to(storage)
    return {
        "itself": storage / "aggregator.sqlite",
        "log": storage / "aggregator.sqlite-wal",
        "dots": storage / "snapshots" / ".." / "aggregator.sqlite",
        "symlink": tmp_path / "symlink",
        "hardlink": tmp_path / "hardlink",
        "through a link": tmp_path / "folderlink" / "aggregator.sqlite",
        "feeds": tmp_path / "feeds.toml",
        "snapshots": storage / "snapshots" / "a.tar",
        "snapshots through a link": tmp_path / "folderlink" / "snapshots" / "a.tar",
        "site": storage / "site" / "a.tar",
    }


@pytest.mark.parametrize("force", [False, True])
def test_a_backup_onto_the_store_is_refused(force: bool, told: Desk, tmp_path: Path) -> None:
    places = onto_itself(told.config.service.storage, tmp_path)
    before = state(tmp_path)
    for name, place in places.items():
        with pytest.raises(BackupError, match=r"the store itself|belongs to the store"):
            backed_up(told, place, force=force)
        assert state(tmp_path) == before, name


def test_a_place_that_is_taken_or_missing_is_refused(told: Desk, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    before = state(tmp_path)
    for place, why in {
        tmp_path / "there": "it is there already, and was left as it is. --force",
        tmp_path / "dangling": "it is there already",
        tmp_path / "data": "a folder. Name a file in it",
        tmp_path / "no" / "a.tar": "there is no folder .*Make it first",
    }.items():
        with pytest.raises(BackupError, match=why):
            backed_up(told, place)
    assert state(tmp_path) == before
    backed_up(told, tmp_path / "there", force=True)
    assert check(tmp_path / "there").manifest.snapshots == 4


def a_snapshot(desk: Desk) -> Path:
    return sorted((desk.config.service.storage / "snapshots").rglob("*.gz"))[1]


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_a_snapshot_that_is_not_whole_is_named_and_the_old_backup_stays(harm: str, told: Desk, tmp_path: Path) -> None:
    file = backed_up(told, tmp_path / "a.tar")
    before = file.read_bytes()
    path = a_snapshot(told)
    path.unlink()
    if harm == "damaged":
        path.write_bytes(b"\x1f\x8b no more than a beginning")
    sha256 = path.parent.name + path.stem
    with pytest.raises(BackupError, match=rf"{sha256} \({harm}\)\. Nothing was written.*--incomplete"):
        backed_up(told, file, force=True)
    assert file.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.tar", "data", "feeds.toml"]
    backed_up(told, file, force=True, incomplete=True)
    assert dict(check(file).left_out) == {harm: 1}
    done = restore(file, tmp_path / "new")
    assert dict(done.verified.left_out) == {harm: 1}
    assert "1 damaged and left out" in run("backup", "--check", str(file)).stdout or harm == "missing"


def test_what_retention_removed_is_no_fault(told: Desk, tmp_path: Path) -> None:
    path, other = a_snapshot(told), sorted((told.config.service.storage / "snapshots").rglob("*.gz"))[2]
    database = told.config.service.storage / "aggregator.sqlite"

    def remove(one: Path) -> None:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute(
                "UPDATE snapshots SET removed_at = '2025-08-14T12:00:00.000Z' WHERE sha256 = ?", (one.parent.name + one.stem,)
            )
            connection.commit()
        one.unlink()

    remove(path)
    gone: list[Path] = []

    def advance(what: str, _done: int, _of: int) -> None:
        if what == "snapshots" and not gone:  # the database is copied, its snapshots not yet
            gone.append(other)
            remove(other)

    found = back_up(told.store, tmp_path / "a.tar", feeds=None, now=NOON, advance=advance)
    assert dict(found.left_out) == {"removed": 2}
    assert restore(tmp_path / "a.tar", tmp_path / "new").verified.manifest.snapshots == 2


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from aggregator.cli import main
main()
"""


@pytest.mark.parametrize("most", [50_000, 1_000_000])
def test_a_disk_that_is_full_leaves_nothing_behind(most: int, told: Desk, tmp_path: Path) -> None:
    body = os.urandom(900_000)
    sha256, stored, *_ = told.store.snapshots.put(body)
    with told.store.write() as tx:
        tx.exec_driver_sql(
            "INSERT INTO snapshots (sha256, size, stored_size, first_at) VALUES (?, ?, ?, '2025')", (sha256, len(body), stored)
        )
    file = tmp_path / "a.tar"
    file.write_text("the old one")
    before = sorted(path.name for path in tmp_path.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(most), "backup", str(file), "--force", "-c", str(told.config.path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "File too large" in done.stderr or "disk is full" in done.stderr or "disk I/O error" in done.stderr
    assert file.read_text() == "the old one"
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_each_changed_byte_is_seen(told: Desk, tmp_path: Path) -> None:
    whole = backed_up(told, tmp_path / "a.tar").read_bytes()
    with tarfile.open(tmp_path / "a.tar") as tar:
        starts = [one.offset for one in tar.getmembers()]
    places = {*range(0, len(whole), len(whole) // 50), *(start + by for start in starts[:3] for by in range(0, 520, 13))}
    places |= {*range(len(whole) - 2600, len(whole), 43)}
    for place in sorted(places):
        changed = bytearray(whole)
        changed[place] ^= 0x10
        (tmp_path / "b.tar").write_bytes(changed)
        with pytest.raises(BackupError):
            check(tmp_path / "b.tar")


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tar.zst"])
def test_a_backup_that_is_cut_off_or_goes_on_is_refused(name: str, told: Desk, tmp_path: Path) -> None:
    whole = backed_up(told, tmp_path / name).read_bytes()
    for part in (*range(0, len(whole), len(whole) // 15), len(whole) - 1):
        (tmp_path / "cut").write_bytes(whole[:part])
        with pytest.raises(BackupError, match="cut: "):
            restore(tmp_path / "cut", tmp_path / "new")
        assert not (tmp_path / "new").exists()
    (tmp_path / "cut").write_bytes(whole + b"something else")
    if name == "a.tar":
        with pytest.raises(BackupError, match="something follows its end"):
            check(tmp_path / "cut")


@dataclass
class Made:
    """An archive as an enemy writes it."""

    name: str
    kind: bytes = tarfile.REGTYPE
    body: bytes = b"x"
    link: str = ""
    size: int | None = None


HOSTILE = {
    "absolute": [Made("/etc/stolen")],
    "dots": [Made("../stolen")],
    "dots inside": [Made("snapshots/../../stolen")],
    "symlink": [Made("aggregator.sqlite", tarfile.SYMTYPE, b"", "/etc/passwd")],
    "hard link": [Made("aggregator.sqlite", tarfile.LNKTYPE, b"", "/etc/passwd")],
    "device": [Made("aggregator.sqlite", tarfile.CHRTYPE, b"")],
    "pipe": [Made("aggregator.sqlite", tarfile.FIFOTYPE, b"")],
    "folder": [Made("snapshots", tarfile.DIRTYPE, b"")],
    "plain snapshots": [Made("snapshots")],
    "long name": [Made("././@LongLink", tarfile.GNUTYPE_LONGNAME, b"aggregator.sqlite\0")],
    "pax": [Made("pax", tarfile.XHDTYPE, b"30 path=../../stolen\n")],
    "sparse": [Made("aggregator.sqlite", tarfile.GNUTYPE_SPARSE)],
    "twice": [Made("aggregator.sqlite"), Made("aggregator.sqlite")],
    "out of order": [Made("feeds.toml"), Made("aggregator.sqlite")],
    "upper case": [Made(f"snapshots/AB/{'0' * 62}.gz")],
    "other bytes": [Made("aggregator.sqlite"), Made(f"snapshots/ab/{'0' * 62}.gz")],
    "too large": [Made("aggregator.sqlite"), Made("feeds.toml", size=1 << 40)],
    "larger than the disk": [Made("aggregator.sqlite", size=1 << 60)],
    "nothing else": [Made("aggregator.sqlite")],
    "no database": [Made("backup.json", body=b"{}"), Made("SHA256SUMS")],
    "no manifest": [Made("aggregator.sqlite"), Made("SHA256SUMS")],
    "no sums": [Made("aggregator.sqlite"), Made("backup.json", body=b"{}")],
    "deep manifest": [Made("aggregator.sqlite"), Made("backup.json", body=b"[" * 100_000)],
    "other database": [Made("aggregator.sqlite", body=b"no database")],
}


def pack(parts: list[Made]) -> bytes:
    out = io.BytesIO()
    for part in parts:
        info = tarfile.TarInfo(part.name)
        info.type, info.linkname = part.kind, part.link
        info.size = len(part.body) if part.size is None else part.size
        out.write(info.tobuf(tarfile.GNU_FORMAT) + part.body + b"\0" * (-len(part.body) % 512))
    return out.getvalue() + b"\0" * 1024


@pytest.mark.parametrize("case", HOSTILE)
def test_an_archive_of_an_enemy_is_refused_and_nothing_is_kept(case: str, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "a.tar").write_bytes(pack(HOSTILE[case]))
    before = state(tmp_path)
    with pytest.raises(BackupError, match=r"a\.tar: "):
        restore(work / "a.tar", work / "new")
    with pytest.raises(BackupError, match=r"a\.tar: "):
        check(work / "a.tar")
    assert state(tmp_path) == before
    assert not (work / "new").exists()


@pytest.mark.parametrize(
    "body", [b"", b"My shopping list" * 100, b"\x1f\x8b" + b"x" * 50, b"PK\x03\x04", b"\x28\xb5\x2f\xfd" + b"x" * 9]
)
def test_what_is_no_archive_is_refused(body: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(body)
    said = run("restore", str(tmp_path / "a.tar"), "--into", str(tmp_path / "new"))
    assert (said.exit_code, "a.tar: " in said.stderr) == (1, True)
    assert "Traceback" not in said.stderr


def consistent(parts: dict[str, bytes], **manifest: object) -> bytes:
    """An archive of which every hash is right, whatever it holds."""
    said = {"format": 1, "made_at": "", "store": "", "schema": "0005", "seq": 0, "database": "sqlite", "snapshots": 0}
    said |= {"left_out": 0, **manifest}
    parts = parts | {"backup.json": json.dumps(said).encode()}
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in parts.items()).encode()
    return pack([Made(name, body=body) for name, body in (parts | {"SHA256SUMS": sums}).items()])


def test_a_backup_whose_hashes_are_right_is_still_no_store(told: Desk, tmp_path: Path) -> None:
    with decompressed(backed_up(told, tmp_path / "a.tar")) as stream:
        database = next(b"".join(one.pieces()) for one in members(stream) if one.name == "aggregator.sqlite")
    with closing(sqlite3.connect(tmp_path / "foreign")) as connection:
        connection.execute("CREATE TABLE moz_places (id INTEGER)")
        connection.commit()
    cases = {
        "not a store of aggregator": consistent({"aggregator.sqlite": (tmp_path / "foreign").read_bytes()}),
        "not a whole SQLite database": consistent({"aggregator.sqlite": b"no database" * 100}),
        "do not belong together": consistent({"aggregator.sqlite": database, "left-out.txt": b""}),
        "does not belong to the rest": consistent({"aggregator.sqlite": database}, snapshots=7),
        "newer version": consistent({"aggregator.sqlite": database}, format=2),
        "cannot be read": consistent({"aggregator.sqlite": database}, seq="many"),
    }
    for why, body in cases.items():
        (tmp_path / "b.tar").write_bytes(body)
        with pytest.raises(BackupError, match=why):
            restore(tmp_path / "b.tar", tmp_path / "new")
        assert not (tmp_path / "new").exists()


def test_a_snapshot_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aggregator.store import checking  # noqa: PLC0415 - its limit is what is tested

    monkeypatch.setattr(checking, "MOST_BODY", 5_000_000)
    import gzip  # noqa: PLC0415

    body = gzip.compress(bytes(20_000_000))
    (tmp_path / "a.tar").write_bytes(pack([Made("aggregator.sqlite"), Made(f"snapshots/ab/{'0' * 62}.gz", body=body)]))
    with pytest.raises(BackupError, match="a snapshot of more than 5,000,000 bytes"):
        check(tmp_path / "a.tar")


def test_only_an_empty_folder_is_filled(told: Desk, tmp_path: Path) -> None:
    file = backed_up(told, tmp_path / "a.tar")
    before = state(told.config.service.storage)
    for place, why in {
        told.config.service.storage: "not empty, and was left as it is",
        file: "not a folder",
        tmp_path / "no" / "new": "there is no folder",
    }.items():
        with pytest.raises(BackupError, match=why):
            restore(file, place)
    assert state(told.config.service.storage) == before
    (tmp_path / "empty").mkdir()
    restore(file, tmp_path / "empty")
    assert run("restore", str(tmp_path / "none.tar"), "--into", str(tmp_path / "new")).exit_code == 2
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("feeds", "expected"),
    [
        ('[service]\nstorage = "data"  # here\ncontact = "a@b"\n', '[service]\nstorage = "."  # here\ncontact = "a@b"\n'),
        ("[service]\ncontact = 'storage = \"x\"'\n", '[service]\nstorage = "."\ncontact = \'storage = "x"\'\n'),
        ('[service]\ndatabase = "sqlite:////old/a.sqlite"\n', '[service]\nstorage = "."\n\n'),
        ("# nothing\n", '# nothing\n\n[service]\nstorage = "."\n'),
        ('[service] # all\r\nstorage = "data"\r\n', '[service] # all\r\nstorage = "."\r\n'),
        ('service = { storage = "data" }\n', None),
        ('[service]\nstorage = """data"""\n', None),
    ],
)
def test_a_restored_configuration_names_its_own_folder(feeds: str, expected: str | None) -> None:
    from aggregator.config.moving import with_storage_here  # noqa: PLC0415

    assert with_storage_here(feeds) == expected


def test_a_backup_as_json(told: Desk, tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    made = json.loads(run("backup", str(file), "--json", config=told.config.path).stdout)
    checked = json.loads(run("backup", str(file), "--check", "--json").stdout)
    assert made == checked
    assert (made["snapshots"], made["opened"], made["bytes"]) == (4, True, file.stat().st_size)
    restored = json.loads(run("restore", str(file), "--into", str(tmp_path / "new"), "--json").stdout)
    assert restored["database"] == str(tmp_path / "new" / "aggregator.sqlite")
    again = run("backup", str(file), config=told.config.path)
    assert (again.exit_code, "--force takes its place" in again.stderr) == (1, True)


def test_a_damaged_database_is_no_backup(told: Desk, tmp_path: Path) -> None:
    path = told.config.service.storage / "aggregator.sqlite"
    told.store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = bytearray(path.read_bytes())
    start = len(whole) // 4096 * 4096 // 2 // 4096 * 4096
    whole[start : start + 8192] = b"\xff" * 8192
    path.write_bytes(whole)
    with (
        closing(open_store(f"sqlite:///{path}", snapshots=path.parent / "snapshots", create=False)) as store,
        pytest.raises(BackupError, match=r"database: (damaged: |not a whole)"),
    ):
        back_up(store, tmp_path / "a.tar", feeds=None, now=NOON)
    assert not (tmp_path / "a.tar").exists()


@pytest.fixture
def on_postgresql(web: Web, desk: Callable[[str], Desk], postgresql_url: str) -> Desk:
    web.serve(rss(item("one", "Talks on grain", TEXT)))
    at_work = desk(f'[service]\ndatabase = "{postgresql_url}"\n' + STORY + source_block("a", web.url(), name="Alpha"))
    at_work.poll()
    at_work.settle()
    return at_work


@pytest.fixture
def another_url(postgresql_cluster: object) -> Iterator[str]:
    url = postgresql_cluster.new_database()  # type: ignore[attr-defined]  # a Cluster
    yield url
    postgresql_cluster.drop(url)  # type: ignore[attr-defined]  # a Cluster


def test_a_store_on_postgresql_is_dumped_and_put_back(on_postgresql: Desk, another_url: str, tmp_path: Path) -> None:
    seen: list[str] = []

    def advance(what: str, _done: int, _of: int) -> None:
        if what == "snapshots":
            note(on_postgresql.store, "later")
            seen.append(what)

    found = back_up(on_postgresql.store, tmp_path / "a.tar.zst", feeds=on_postgresql.config.path, now=NOON, advance=advance)
    assert (found.manifest.database, found.manifest.snapshots, found.opened) == ("postgresql", 2, True)
    done = restore(tmp_path / "a.tar.zst", tmp_path / "new")
    address = another_url.replace("postgresql+psycopg://", "postgresql://")
    subprocess.run(["pg_restore", "--no-owner", f"--dbname={address}", str(done.database)], check=True)
    config = tmp_path / "new" / "feeds.toml"
    config.write_text(config.read_text().replace(str(on_postgresql.config.service.database), another_url))
    with closing(open_for(load_config(config), create=False)) as again, again.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM changes WHERE key = 'later'").scalar_one() == 0
    pages = [run("story", "talks", config=path).stdout for path in (on_postgresql.config.path, config)]
    assert "Update.1" in pages[0]
    assert pages[0] == pages[1]
    assert seen


def test_without_pg_dump_it_says_what_to_do(on_postgresql: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "_program", lambda _name: None)
    with pytest.raises(BackupError, match=r"pg_dump is not found\. Install .*copy the folder `snapshots` after that"):
        back_up(on_postgresql.store, tmp_path / "a.tar", feeds=None, now=NOON)
    assert not (tmp_path / "a.tar").exists()


def test_a_dump_that_is_damaged_is_refused(on_postgresql: Desk, tmp_path: Path) -> None:
    if shutil.which("pg_restore") is None:
        pytest.skip("no pg_restore here")
    (tmp_path / "a.dump").write_bytes(b"PGDMP and no more")
    with pytest.raises(CopyError, match="pg_restore: "):
        copying.check_postgresql(tmp_path / "a.dump")
    assert on_postgresql.store.name.startswith("postgresql")


def test_members_are_asked_for_their_name_before_their_bytes() -> None:
    stream = io.BytesIO(pack([Made("evil.sh", size=1 << 50)]))
    with pytest.raises(ArchiveError, match=r"'evil\.sh': a name that no backup of ours holds"):
        next(members(stream))
    assert stream.tell() == 512
    assert archive.ORDER["SHA256SUMS"] == max(archive.ORDER.values())
