"""What reading commands say of a store that is damaged, another program's, or not there, and of words that name nothing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from typer.testing import CliRunner, Result

from aggregator.cli import app
from aggregator.store import StoreError, open_store
from aggregator.store.stamped import known_schemas

READING = [["sources"], ["stories"], ["story", "ukraine-2022"], ["statements"], ["statement", "1"], ["changes"]]
OF_ANOTHER = "the database of another program (it has the table 'notes'). It was left as it is; name another `storage`."


def aggregator(config: Path, *words: str) -> Result:
    """A command as an operator types it. That it ends in a traceback is no answer."""
    shown = CliRunner().invoke(app, [*words[:1], "--config", str(config), "--", *words[1:]])
    assert shown.exception is None or isinstance(shown.exception, SystemExit), shown.exception
    return shown


@pytest.fixture
def feeds(demo_storage: Path, tmp_path: Path) -> Path:
    """A copy of the demo's folder, to be spoilt."""
    shutil.copytree(demo_storage, tmp_path / "storage")
    return tmp_path / "storage/feeds.toml"


def cut(path: Path, to: int) -> None:
    path.write_bytes(path.read_bytes()[:to])


def fill(path: Path, sql: str) -> None:
    path.unlink()
    run(path, sql)


def run(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)


def as_text(path: Path) -> None:
    path.write_text("My shopping list: " * 999)


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "cut to half": (lambda path: cut(path, path.stat().st_size // 2), "damaged: its end is missing"),
    "cut by one page": (lambda path: cut(path, path.stat().st_size - 4096), "damaged: its end is missing"),
    "cut to a page": (lambda path: cut(path, 4096), "damaged: its end is missing"),
    "cut within the header": (lambda path: cut(path, 60), "damaged: its end is missing"),
    "text": (as_text, "not a SQLite database"),
    "another program's": (lambda path: fill(path, "CREATE TABLE notes (a)"), OF_ANOTHER),
    "another program's, with migrations of its own": (
        lambda path: fill(
            path,
            "CREATE TABLE notes (a); CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('0001')",
        ),
        OF_ANOTHER,
    ),
    "another program's, of an unknown schema": (
        lambda path: fill(
            path,
            "CREATE TABLE notes (a); CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('ae10')",
        ),
        OF_ANOTHER,
    ),
    "of two schemas": (
        lambda path: run(path, "INSERT INTO alembic_version VALUES ('0001')"),
        f"damaged: its table alembic_version names 2 schemas (0001, {known_schemas()[-1]})",
    ),
    "empty": (lambda path: cut(path, 0), "it is empty, but there are snapshots or a log of a store beside it"),
    "gone": (Path.unlink, "there is no store yet. Run: aggregator poll"),
    "the folder, too": (lambda path: shutil.rmtree(path.parent), "there is no store yet. Run: aggregator poll"),
    "a folder": (as_folder, "cannot be opened"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_bad_store_is_told_in_a_sentence_and_left_as_it_is(damage: str, feeds: Path, tmp_path: Path) -> None:
    spoil, said = DAMAGE[damage]
    config = tmp_path / "feeds.toml"
    config.write_text(feeds.read_text(encoding="utf-8").replace('storage = "."', 'storage = "storage"'), encoding="utf-8")
    store = tmp_path / "storage/aggregator.sqlite"
    spoil(store)
    before = store.read_bytes() if store.is_file() else None
    for words in READING:
        shown = aggregator(config, *words)
        assert (shown.exit_code, shown.stdout) == (1, ""), words
        assert str(store) in shown.stderr
        assert said in shown.stderr
        assert shown.stderr.count("\n") == 1
    assert (store.read_bytes() if store.is_file() else None) == before


def test_nothing_is_put_into_the_file_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE notes (a)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(f"sqlite:///{path}", snapshots=tmp_path)
    assert path.read_bytes() == before


def test_on_a_server_other_tables_may_stand_beside_ours_unless_names_clash(postgresql_url: str, tmp_path: Path) -> None:
    engine = create_engine(postgresql_url)
    with engine.begin() as tx:
        tx.execute(text("CREATE TABLE polls (theirs integer)"))
    with pytest.raises(StoreError, match=r"another program \(it has the table 'polls'\)"):
        open_store(postgresql_url, snapshots=tmp_path)
    with engine.begin() as tx:
        assert inspect(tx).get_table_names() == ["polls"]
        tx.execute(text("ALTER TABLE polls RENAME TO notes"))
    open_store(postgresql_url, snapshots=tmp_path).close()
    with engine.begin() as tx:
        assert {"notes", "polls", "statements"} <= set(inspect(tx).get_table_names())
    engine.dispose()


HUGE = ["0", "-1", "-12", "2147483648", "9223372036854775808", "9" * 40, "-" + "9" * 40]


def test_an_id_that_is_none_is_told(demo_storage: Path) -> None:
    for number in HUGE:
        shown = aggregator(demo_storage / "feeds.toml", "statement", number)
        assert (shown.exit_code, shown.stdout) == (1, "")
        assert shown.stderr == f"There is no statement {int(number)}. List them: aggregator statements\n"
    for word in ("x", "1.5", "1; DROP TABLE statements", "", "１２x", "\udcff"):
        assert aggregator(demo_storage / "feeds.toml", "statement", word).exit_code == 2


ODD = ["", " ", "/", "ukraine-2022/1", "../../etc/passwd", "'; DROP TABLE stories; --", "' OR '1'='1", "%", "_", "*", 'NEAR("']
ODD += ["\x1b[31m", "\u202e", "\udcff", "\0", "x" * 100_000]


def test_a_story_key_or_source_with_odd_characters_names_nothing(demo_storage: Path) -> None:
    for key in ODD:
        shown = aggregator(demo_storage / "feeds.toml", "story", key)
        assert (shown.exit_code, shown.stdout) == (2, "")
        assert "Stories: ukraine-2022" in shown.stderr
        assert shown.stderr.rstrip("\n").isprintable()
        asked = ["statements", "--source", key, "--config", str(demo_storage / "feeds.toml")]
        shown = CliRunner().invoke(app, asked)
        assert (shown.exit_code, shown.stdout) == (2, "")
        assert "Sources: kremlin, kremlin-all, state, white-house" in shown.stderr
        assert shown.stderr.rstrip("\n").isprintable()
