"""Files that were changed: snapshots, and the SQLite file itself, byte by byte."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.pipeline.sandbox import Sandbox
from aggregator.store import Store, StoreError, open_store
from aggregator.store.snapshots import Snapshots
from aggregator.store.verifying.files import file_damage
from aggregator.store.verifying.whole import verify
from tests.lived import lived_and_closed
from tests.stores import dump
from tests.unguarded import unguarded_file


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    """The folder of a store that is closed."""
    return lived_and_closed(tmp_path_factory.mktemp("kept"), sandbox)


@pytest.fixture
def store(kept: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of it, open."""
    shutil.copytree(kept, tmp_path / "copy")
    with closing(opened(tmp_path / "copy")) as one:
        yield one


def opened(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder}/aggregator.sqlite", snapshots=folder / "snapshots", create=False)


def lines(store: Store) -> list[str]:
    return [one.line for one in verify(store).findings]


# --- Snapshots. ---


def damage(snapshots: Snapshots, sha256: str, body: bytes, crc32: int | None, packed: bytes) -> str | None:
    path = snapshots.path(sha256)
    path.write_bytes(packed)
    return file_damage(path, sha256=sha256, size=len(body), stored_size=snapshots_size[sha256], crc32=crc32)


snapshots_size: dict[str, int] = {}
BODY = b"<rss><channel>" + b"<item><title>Talks on grain</title></item>" * 9 + b"</channel></rss>"


@pytest.fixture
def one_file(tmp_path: Path) -> tuple[Snapshots, str, bytes]:
    snapshots = Snapshots(tmp_path)
    sha256, size, _ = snapshots.put(BODY)
    snapshots_size[sha256] = size
    return snapshots, sha256, snapshots.path(sha256).read_bytes()


def test_every_byte_of_a_snapshot_file_counts(one_file: tuple[Snapshots, str, bytes]) -> None:
    snapshots, sha256, packed = one_file
    crc32 = zlib.crc32(packed)
    assert damage(snapshots, sha256, BODY, crc32, packed) is None
    for at in range(len(packed)):
        for bit in range(8):
            changed = bytearray(packed)
            changed[at] ^= 1 << bit
            assert damage(snapshots, sha256, BODY, crc32, bytes(changed)) is not None, f"byte {at}, bit {bit}"


def test_without_a_checksum_of_the_file_every_byte_of_what_it_holds_counts(one_file: tuple[Snapshots, str, bytes]) -> None:
    snapshots, sha256, packed = one_file
    for at in range(len(packed)):
        changed = bytearray(packed)
        changed[at] ^= 0x55
        found = damage(snapshots, sha256, BODY, None, bytes(changed))
        assert found is not None or gzip.decompress(bytes(changed)) == BODY, f"byte {at}"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (lambda packed: packed[:-1], "ends too early"),
        (lambda packed: packed[:5], "does not begin"),
        (lambda _: b"", "ends too early"),
        (lambda packed: packed + b"\0", "goes on after its end"),
        (lambda packed: packed + packed, "goes on after its end"),
        (lambda packed: packed + bytes(3 << 20), "goes on after its end"),
        (lambda _: gzip.compress(b"other", mtime=0), "5 bytes of the SHA-256"),
        (lambda _: gzip.compress(BODY, mtime=0, compresslevel=9), "were written"),
        (lambda _: gzip.compress(BODY, mtime=1), "does not begin"),
        (lambda _: gzip.compress(bytes(1 << 26), mtime=0), "holds more than"),
        (lambda packed: packed[:40] + bytes(20) + packed[60:], "cannot be unpacked|bytes of the SHA-256"),
    ],
)
def test_a_file_that_is_another_is_told_how(one_file: tuple[Snapshots, str, bytes], how: object, said: str) -> None:
    snapshots, sha256, packed = one_file
    found = damage(snapshots, sha256, BODY, None, how(packed))  # type: ignore[operator]  # one of the functions above
    assert found is not None
    assert any(one in found for one in said.split("|")), found


@settings(max_examples=60)
@given(
    body=st.binary(max_size=3000), edits=st.lists(st.tuples(st.integers(0, 4000), st.integers(1, 255)), min_size=1, max_size=3)
)
def test_whatever_a_snapshot_holds_a_changed_byte_is_found(
    body: bytes, edits: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    snapshots = Snapshots(tmp_path_factory.mktemp("any"))
    sha256, size, crc32 = snapshots.put(body)
    packed = snapshots.path(sha256).read_bytes()
    assert file_damage(snapshots.path(sha256), sha256=sha256, size=len(body), stored_size=size, crc32=crc32) is None
    changed = bytearray(packed)
    for at, mask in edits:
        changed[at % len(changed)] ^= mask
    if bytes(changed) == packed:
        return
    snapshots.path(sha256).write_bytes(bytes(changed))
    assert file_damage(snapshots.path(sha256), sha256=sha256, size=len(body), stored_size=size, crc32=crc32) is not None


def test_a_snapshot_that_is_gone_or_changed_is_named_and_a_stray_is_a_warning(store: Store) -> None:
    files = sorted(store.snapshots.folder.rglob("*.gz"))
    gone, changed = files[0], files[1]
    gone.unlink()
    changed.write_bytes(changed.read_bytes()[:-1] + b"\xff")
    (store.snapshots.folder / "notes.txt").write_text("mine")
    (changed.parent / ".new-abc").write_bytes(b"half")
    (changed.parent / f"{'0' * 62}.gz").write_bytes(b"")
    report = verify(store)
    told = {one.row: one for one in report.findings}
    assert "is not there" in told[gone.parent.name + gone.stem].what
    assert changed.name in told[changed.parent.name + changed.stem].what
    assert sorted(one.row for one in report.findings if one.warning) == sorted(
        ["notes.txt", f"{changed.parent.name}/.new-abc", f"{changed.parent.name}/{'0' * 62}.gz"]
    )
    assert len(report.findings) == 5
    assert verify(store, quick=True).findings == ()
    shutil.rmtree(store.snapshots.folder)
    report = verify(store)
    assert len(report.findings) == len(files)
    assert not report.good


# --- The SQLite file. ---


def held(path: Path) -> list[str] | None:
    """Everything that the tables and the schema say; None where it cannot be read."""
    try:
        return dump(path, more="&immutable=1")
    except sqlite3.Error:
        return None


def is_good(folder: Path) -> bool:
    """Whether a store can be opened and nothing is found; if it cannot, that is told with its name."""
    told = f"{folder}/aggregator.sqlite: "
    try:
        with closing(opened(folder)) as store:
            return verify(store, quick=True).good
    except StoreError as error:
        told = str(error)
    assert told.startswith(f"{folder}/aggregator.sqlite: ")
    return False


def test_a_flipped_byte_anywhere_in_the_file_is_found_or_changes_nothing(kept: Path, tmp_path: Path) -> None:
    whole = (kept / "aggregator.sqlite").read_bytes()
    before = held(kept / "aggregator.sqlite")
    path, chance = tmp_path / "aggregator.sqlite", random.Random(20251126)  # noqa: S311 - no secret
    shutil.copytree(kept / "snapshots", tmp_path / "snapshots")
    used = [at for at, byte in enumerate(whole) if byte]
    found = 0
    for at in [*range(16, 100, 7), *chance.sample(used, 150)]:
        changed = bytearray(whole)
        changed[at] ^= chance.randrange(1, 256)
        path.write_bytes(bytes(changed))
        good = is_good(tmp_path)
        found += not good
        if good:
            assert only_state_differs(before, held(path)), f"byte {at} was {whole[at]}, is {changed[at]}"
        for rest in tmp_path.glob("aggregator.sqlite*"):
            rest.unlink()
    assert found > 100


# The tables that hold state by design (see tests/test_verify.py): a change there may be what it looks like.
DERIVED = (
    "search_",
    "retention",
    "chores",
    "maintenance",
    "edit_lines",
    "near_",
    "followed",
    "pictures",
    "recipients",
)  # how the names begin of tables that are made from the others
WITH_STATE = ("sources", "stories", "statements", "listings", "candidates", "outbox")


def only_state_differs(before: list[str] | None, after: list[str] | None) -> bool:
    if before is None or after is None:
        return False
    different = set(before) ^ set(after)
    return all(line.partition(":")[0] in WITH_STATE or line.startswith(DERIVED) for line in different)


@pytest.mark.parametrize("keep", [0, 1, 50, 100, 4096, 5000, 20_000, 60_000])
def test_a_file_that_was_cut_off_is_told_in_a_sentence(kept: Path, tmp_path: Path, keep: int) -> None:
    path = tmp_path / "aggregator.sqlite"
    path.write_bytes((kept / "aggregator.sqlite").read_bytes()[:keep])
    assert not is_good(tmp_path)
    assert path.stat().st_size == keep


def test_a_copy_that_cannot_be_written_is_examined_and_left_as_it_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.close()
    folder = store.snapshots.folder.parent
    monkeypatch.setattr(
        "aggregator.store.sqlite.os.access", lambda _path, mode: mode != os.W_OK
    )  # whoever runs the tests may write anywhere
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with closing(opened(folder)) as copy:
        assert "immutable=1" in str(copy.engine.url)
        assert verify(copy).findings == ()
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
        with pytest.raises(StoreError, match="cannot be written"), copy.write() as tx:
            tx.exec_driver_sql("DELETE FROM changes")


def test_a_letter_that_is_none_is_found_in_its_row(store: Store) -> None:
    with closing(sqlite3.connect(store.name)) as connection, unguarded_file(connection):
        connection.execute("UPDATE revisions SET text = CAST(x'54ff68' || text AS TEXT) WHERE id = 2")
        connection.execute("UPDATE changes SET key = CAST(x'ff' AS TEXT) WHERE seq = 3")
        connection.execute("UPDATE updates SET story = CAST(x'ff' AS TEXT) WHERE number = 2 AND story = 'talks'")
        connection.execute("UPDATE snapshots SET sha256 = CAST(x'ff' AS TEXT) WHERE rowid = 1")
        connection.execute("UPDATE polls SET reason = x'00', listed = CAST(x'fe' AS TEXT) WHERE id = 1")
        connection.commit()
    found = lines(store)
    assert json.dumps(found, ensure_ascii=False).encode()
    for place in (
        "revisions 2: it is not what was sealed",
        "changes 3: ",
        "updates talks/3",
        "snapshots �: ",
        "polls 1: it is not",
    ):
        assert any(line.startswith(place) for line in found), place
    with store.read() as tx, pytest.raises(Exception, match="UTF-8"):
        tx.exec_driver_sql("SELECT text FROM revisions WHERE id = 2").all()  # ordinary readers are told


def test_a_trigger_is_found_and_an_index_of_the_operator_is_a_warning(store: Store) -> None:
    with closing(sqlite3.connect(store.name)) as connection:
        connection.execute("CREATE INDEX mine ON statements (url)")
        connection.execute("CREATE TRIGGER evil AFTER INSERT ON polls BEGIN DELETE FROM updates; END")
        connection.execute("DROP VIEW v1_updates")
        connection.execute("CREATE VIEW v1_updates AS SELECT * FROM updates WHERE number > 1")
        connection.execute("DROP INDEX ix_marks_update_id")
        connection.commit()
    told = {one.row: one.warning for one in verify(store, quick=True).findings}
    assert told == {"mine": True, "evil": False, "v1_updates": False, "ix_marks_update_id": False}


def test_a_store_is_examined_while_the_service_writes(store: Store) -> None:
    """What comes meanwhile belongs to another state, and is no finding."""
    writer = opened(store.snapshots.folder.parent)
    told: list[str] = []

    def write(what: str, _steps: int) -> None:
        if not told:
            told.append(what)
            with writer.write() as tx:
                tx.exec_driver_sql("DELETE FROM marks")

    from aggregator.store.verifying import findings  # noqa: PLC0415

    before = findings.TOLD_AT_ONCE
    findings.TOLD_AT_ONCE = 1
    try:
        assert lines_while(store, write) == []
    finally:
        findings.TOLD_AT_ONCE = before
        writer.close()
    assert told
    assert lines(store) != []


def lines_while(store: Store, advance: object) -> list[str]:
    return [one.line for one in verify(store, advance=advance).findings]  # type: ignore[arg-type]  # what the test does meanwhile
