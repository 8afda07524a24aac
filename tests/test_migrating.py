"""Before a schema changes, a copy is kept; when the change fails, nothing has changed; other databases are left alone."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from aggregator.config import load_config
from aggregator.service import open_for
from aggregator.store import StoreError, earlier, open_store, stamped
from tests.conftest import source_block, write_feeds
from tests.stores import dump, old_store, rebuild

BREAKS = '''"""Changes much, and fails at its end."""
from alembic import op
import sqlalchemy as sa
revision = "9999"
down_revision = "{head}"
def upgrade():
    op.create_table("half_done", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("UPDATE statements SET said_written = 'lost'")
    op.drop_table("outbox_acts")
    op.drop_table("outbox")
    raise RuntimeError("the disk of the author was full")
'''


def open_at(path: Path) -> None:
    open_store(f"sqlite:///{path}", snapshots=path.parent / "snapshots").close()


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.backup"))


@pytest.fixture
def breaking(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations of the package, and one more that fails."""
    folder = tmp_path_factory.mktemp("code") / "migrations"
    shutil.copytree(stamped.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = max(path.name for path in (folder / "versions").glob("*.py"))[:4]
    (folder / "versions" / "9999_breaks.py").write_text(BREAKS.format(head=head))
    monkeypatch.setattr(stamped, "MIGRATIONS", folder)


def test_a_copy_is_kept_before_the_schema_changes(tmp_path: Path) -> None:
    before = dump(rebuild("0003", tmp_path / "a.sqlite"))
    open_at(tmp_path / "a.sqlite")
    assert kept(tmp_path) == ["a.sqlite.schema-0003-seq-96.backup"]
    open_at(tmp_path / "a.sqlite")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.sqlite", "a.sqlite.schema-0003-seq-96.backup"]
    assert dump(tmp_path / "a.sqlite.schema-0003-seq-96.backup") == before


def test_no_copy_is_made_of_a_new_store(tmp_path: Path) -> None:
    open_at(tmp_path / "a.sqlite")
    assert kept(tmp_path) == []


def test_no_file_gives_way_to_a_copy(tmp_path: Path) -> None:
    rebuild("0004", tmp_path / "a.sqlite")
    (tmp_path / "a.sqlite.schema-0004-seq-96.backup").write_text("mine")
    open_at(tmp_path / "a.sqlite")
    assert kept(tmp_path) == ["a.sqlite.schema-0004-seq-96-2.backup", "a.sqlite.schema-0004-seq-96.backup"]
    assert (tmp_path / "a.sqlite.schema-0004-seq-96.backup").read_text() == "mine"


def test_the_two_newest_copies_are_kept_and_nothing_of_others_is_removed(tmp_path: Path) -> None:
    for number, schema in enumerate(("0001", "0002", "0003"), 1):
        made = rebuild(schema, tmp_path / f"a.sqlite.schema-{schema}-seq-{number}.backup")
        with closing(sqlite3.connect(made)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    (tmp_path / "a.sqlite.schema-0001-seq-7.backup").write_text("a text of the operator's")
    shutil.copy(
        tmp_path / "a.sqlite.schema-0001-seq-1.backup", tmp_path / "a.sqlite.schema-0002-seq-8.backup"
    )  # says otherwise
    shutil.copy(
        tmp_path / "a.sqlite.schema-0001-seq-1.backup", tmp_path / "b.sqlite.schema-0001-seq-1.backup"
    )  # of another store
    (tmp_path / "a.sqlite.schema-0003-seq-9.backup").symlink_to("a.sqlite.schema-0003-seq-3.backup")
    rebuild("0004", tmp_path / "a.sqlite")
    open_at(tmp_path / "a.sqlite")
    assert kept(tmp_path) == [
        "a.sqlite.schema-0001-seq-7.backup",
        "a.sqlite.schema-0002-seq-8.backup",
        "a.sqlite.schema-0003-seq-3.backup",
        "a.sqlite.schema-0003-seq-9.backup",
        "a.sqlite.schema-0004-seq-96.backup",
        "b.sqlite.schema-0001-seq-1.backup",
    ]


def test_without_room_for_a_copy_nothing_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(rebuild("0004", tmp_path / "a.sqlite"))
    monkeypatch.setattr(earlier, "SPARE", 1 << 60)
    with pytest.raises(
        StoreError, match=r"0004.* was not brought to .*no backup could be made.* bytes are needed and .* are free"
    ):
        open_at(tmp_path / "a.sqlite")
    assert dump(tmp_path / "a.sqlite") == before
    assert kept(tmp_path) == []


@pytest.mark.usefixtures("breaking")
def test_a_migration_that_fails_at_its_end_leaves_the_store_as_it_was(database_url: str, tmp_path: Path) -> None:
    old_store("0002", database_url, tmp_path)
    probe = create_engine(database_url)
    states = []
    for _ in range(2):
        with probe.connect() as tx:
            states.append(
                [
                    tx.exec_driver_sql("SELECT version_num FROM alembic_version").all(),
                    tx.exec_driver_sql("SELECT * FROM statements ORDER BY id").all(),
                    tx.exec_driver_sql("SELECT count(*) FROM outbox").all(),
                ]
            )
        with pytest.raises(
            StoreError, match=r"from 0002 to 9999 \(the disk of the author was full\)\. Nothing was changed"
        ) as error:
            open_store(database_url, snapshots=tmp_path / "snapshots")
    probe.dispose()
    assert states[0] == states[1]
    if database_url.startswith("sqlite"):
        assert "A backup of it, made just before, is " in str(error.value)
        backup = Path(str(error.value).rpartition(" is ")[2].rstrip("."))
        assert dump(backup) == dump(tmp_path / "aggregator.sqlite") == dump(rebuild("0002", tmp_path / "again.sqlite"))


def test_a_store_whose_upgrade_failed_opens_when_the_fault_is_mended(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    rebuild("0001", tmp_path / "a.sqlite")
    mended = stamped.MIGRATIONS
    request.getfixturevalue("breaking")
    with pytest.raises(StoreError):
        open_at(tmp_path / "a.sqlite")
    request.getfixturevalue("monkeypatch").setattr(stamped, "MIGRATIONS", mended)
    open_at(tmp_path / "a.sqlite")
    assert len(kept(tmp_path)) == 2


def foreign(path: Path, *tables: str) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        for table in tables:
            connection.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, url TEXT)")
        connection.commit()
    return path.read_bytes()


@pytest.mark.parametrize(
    "tables", [("moz_places", "moz_bookmarks"), ("alembic_version", "users"), ("stories", "changes"), ("alembic_version",)]
)
def test_a_database_of_another_program_is_refused_and_left_alone(tables: tuple[str, ...], tmp_path: Path) -> None:
    before = foreign(tmp_path / "a.sqlite", *tables)
    with pytest.raises(StoreError, match=r"a\.sqlite: the database of another program .*left as it is; name another `storage`"):
        open_at(tmp_path / "a.sqlite")
    assert (tmp_path / "a.sqlite").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.sqlite"]


@pytest.mark.parametrize("part", [0.0001, 0.01, 0.5, 0.999])
def test_a_store_that_is_cut_off_is_refused_and_left_alone(part: float, tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    open_at(rebuild("0004", path))
    (tmp_path / "a.sqlite.schema-0004-seq-96.backup").unlink()
    whole = path.read_bytes()
    cut = whole[: max(1, int(len(whole) * part))]
    path.write_bytes(cut)
    with pytest.raises(StoreError, match=r"a\.sqlite: .*(damaged|not a SQLite database).*left as it is"):
        open_at(path)
    assert path.read_bytes() == cut


def test_an_emptied_database_beside_snapshots_is_no_new_store(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").touch()
    (tmp_path / "snapshots" / "ab").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"a\.sqlite: it is empty, but there are snapshots .*aggregator restore"):
        open_at(tmp_path / "a.sqlite")
    assert (tmp_path / "a.sqlite").stat().st_size == 0
    (tmp_path / "a.sqlite").unlink()
    open_at(tmp_path / "a.sqlite")


def test_a_missing_snapshot_folder_is_told_and_loses_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from aggregator.cli.output import set_up_logs  # noqa: PLC0415 - the logs of this test alone

    config = load_config(write_feeds(tmp_path, source_block("a", "https://example.org/feed")))
    config.service.storage.mkdir()
    rebuild("0004", config.service.storage / "aggregator.sqlite")
    set_up_logs(everything=False)
    with closing(open_for(config)) as store:
        assert "snapshot_folder_missing" in capsys.readouterr().err
        with store.read() as tx:
            sha256 = tx.exec_driver_sql("SELECT sha256 FROM snapshots").scalars().first()
        assert sha256 is not None
        with pytest.raises(
            FileNotFoundError, match=r"this snapshot is missing, and so is the folder .*\. Is its disk mounted\?"
        ):
            store.snapshots.get(sha256)
        store.snapshots.put(b"new")
        with pytest.raises(FileNotFoundError, match=r"this snapshot is missing\. Restore it"):
            store.snapshots.get(sha256)
    with closing(open_for(config)):
        assert "snapshot_folder_missing" not in capsys.readouterr().err
