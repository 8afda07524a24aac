"""`aggregator copy`: a whole store from one database into another, broken off anywhere and taken up again."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from typer.testing import CliRunner

from aggregator.cli.copying import address
from aggregator.cli.main import app
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import hold
from aggregator.store import Store, StoreError, fulltext, open_store
from aggregator.store.copying import CopyError
from aggregator.store.export import export
from aggregator.store.fulltext import Match
from aggregator.store.indexing import EVERY, HIGHEST, LOWEST, index_again
from aggregator.store.moving import move_snapshots
from aggregator.store.numbering import reserve
from aggregator.store.opening import open_database
from aggregator.store.schema import metadata
from aggregator.store.transferring import PROGRESS, Copied, refuse_differences, tables, transfer
from aggregator.store.verifying.whole import verify
from tests.conftest import NOON, Clock, Desk, Web, item, rss
from tests.lived import lived_and_closed, text_of
from tests.postgresql import Cluster
from tests.unguarded import unguarded

TOLD = ("v1_updates", "v1_update_sentences", "v2_changes", "v1_polls")  # some of the views that an export holds


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    """The folder of a store that has seen something of everything, and is closed."""
    return lived_and_closed(tmp_path_factory.mktemp("kept"), sandbox)


@pytest.fixture
def empty_postgresql(postgresql_cluster: Cluster) -> Iterator[str]:
    """The same in a database of PostgreSQL."""
    url = postgresql_cluster.migrated_database()
    yield url
    postgresql_cluster.drop(url)


def opened(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder}/aggregator.sqlite", snapshots=folder / "snapshots", create=False)


@pytest.fixture
def source(kept: Path) -> Iterator[Store]:
    """The store, for tests that only read it."""
    with closing(opened(kept)) as one:
        yield one


@pytest.fixture
def own(kept: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of its files, for tests that change it."""
    shutil.copytree(kept, tmp_path / "own")
    with closing(opened(tmp_path / "own")) as one:
        yield one


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema of today and nothing in it."""
    path = tmp_path_factory.mktemp("model") / "aggregator.sqlite"
    open_store(f"sqlite:///{path}", snapshots=path.parent / "snapshots").close()
    return path


@pytest.fixture
def target(model: Path, tmp_path: Path) -> Iterator[Store]:
    """A target with the schema of today and nothing in it, which is as good as none, and takes less time to make."""
    (tmp_path / "target").mkdir()
    shutil.copy(model, tmp_path / "target")
    with closing(
        open_database(f"sqlite:///{tmp_path}/target/aggregator.sqlite", snapshots=tmp_path / "target/snapshots")
    ) as one:
        yield one


def copied(source: Store, target: Store, **how: Any) -> Copied:
    return transfer(source, target, move_snapshots=move_snapshots, **how)


def contents(store: Store) -> dict[str, list[Any]]:
    """Every row of every table, as plain values."""
    with store.read() as tx:
        return {table.name: sorted((row for page in table.pages(tx) for row in page), key=repr) for table in tables()}


def found(store: Store, *words: str) -> list[int]:
    """The places of the versions that hold some words."""
    with store.read() as tx:
        match = Match(tuple(((word,),) for word in words))
        return list(fulltext.of(tx).step(tx, match, LOWEST, HIGHEST, 1_000).ids)


def exported(store: Store, into: Path) -> dict[str, str]:
    """The hash of each file of an export."""
    return {one.name: one.sha256 for one in export(store, into, now=NOON, warc=False).files}


# --- There and back. ---


def test_a_store_is_row_for_row_the_same_after_a_way_to_postgresql_and_back(
    source: Store, postgresql_url: str, tmp_path: Path
) -> None:
    with closing(open_database(postgresql_url, snapshots=tmp_path / "shared")) as there:
        done = copied(source, there)
        assert done.finished
        assert not done.findings
        assert done.tables == {name: len(rows) for name, rows in contents(source).items()}
        assert contents(there) == contents(source)
        assert exported(there, tmp_path / "export-there") == exported(source, tmp_path / "export")
        assert verify(there).good
        for words in ([EVERY], ["geneva"], ["grain", "talks"]):
            assert found(there, *words) == found(source, *words)
        assert len(found(there, EVERY)) == done.indexed == len(contents(source)["revisions"])
        with closing(open_database(f"sqlite:///{tmp_path}/back.sqlite", snapshots=tmp_path / "back")) as back:
            assert copied(there, back).finished
            assert contents(back) == contents(source)
            assert exported(back, tmp_path / "export-back") == exported(source, tmp_path / "export-again")
            assert verify(back).good
            assert found(back, EVERY) == found(source, EVERY)
            assert files(back) == files(source)


def files(store: Store) -> dict[str, bytes]:
    return {name: (store.snapshots.folder / name).read_bytes() for name in store.snapshots.names()}


def test_the_next_rows_of_a_copy_get_the_numbers_that_they_would_have_got(source: Store, empty_postgresql: str) -> None:
    with closing(open_database(empty_postgresql, snapshots=source.snapshots)) as there:
        transfer(source, there, move_snapshots=None)
        numbered = [
            table for table in metadata.sorted_tables if "id" in table.c and table.name not in ("search_rows", "identity")
        ]
        for table in [*numbered, metadata.tables["changes"]]:
            with source.read() as one, there.read() as other:
                assert _next(other, table.name) == list(reserve(one, table, 1)), table.name


def _next(tx: Connection, table: str) -> list[int]:
    """What would be given next; numbers are given by writing, so this asks where the sequence stands."""
    key = "seq" if table == "changes" else "id"
    name = tx.exec_driver_sql(f"SELECT pg_get_serial_sequence('{table}', '{key}')").scalar_one()
    last, called = tx.exec_driver_sql(f"SELECT last_value, is_called FROM {name}").one()  # noqa: S608 - our own name
    return [last + called]


def test_a_service_goes_on_with_a_copy(
    kept: Path, source: Store, empty_postgresql: str, tmp_path: Path, web: Web, sandbox: Sandbox
) -> None:
    with closing(open_database(empty_postgresql, snapshots=tmp_path / "snapshots")) as there:
        copied(source, there)
    with closing(open_store(empty_postgresql, snapshots=tmp_path / "snapshots")) as store:
        before = contents(store)
        _go_on(store, kept, web, sandbox)
        after = contents(store)
        assert len(after["updates"]) > len(before["updates"])
        assert len(found(store, "fisheries")) == 1
        assert verify(store).good


def _go_on(store: Store, kept: Path, web: Web, sandbox: Sandbox) -> None:
    """The service polls on: one more statement, and the update that tells it."""
    from aggregator.config import load_config  # noqa: PLC0415

    feeds = kept / "feeds.toml"
    text = feeds.read_text()
    (first,) = {line for line in text.splitlines() if line.startswith("url = ") and line.endswith('/a"')}
    moved = store.snapshots.folder.parent / "feeds-on.toml"
    moved.write_text(text.replace(first.partition('"')[2].removesuffix('/a"'), web.url("")))
    at = NOON.replace(hour=15)
    web.serve(rss(item("new", "Talks on fisheries", text_of("fisheries", 9), at=at), built=at), "/a")
    desk = Desk(load_config(moved), store, Clock(at), sandbox)
    desk.poll("a")
    desk.settle()


# --- Broken off, and taken up again. ---


class BrokenError(Exception):
    """Stands for whatever ends a copy in the middle."""


def break_at(table: str) -> Callable[[str, int, int], None]:
    def advance(what: str, done: int, _of: int) -> None:
        if what == table and done:
            raise BrokenError

    return advance


KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from aggregator.store import indexing, open_store, plainrows
from aggregator.store.moving import move_snapshots
from aggregator.store.opening import open_database
from aggregator.store.transferring import transfer

source, target, folder, into = sys.argv[1:]
plainrows.AT_ONCE = 25
indexing.AGAIN_AT_ONCE = 2
ended = []
# At a statement of the target, or at a commit; each run goes on from there, and the last one to the end.
for instant in map(int, sys.stdin.read().split()):
    child = os.fork()
    if not child:
        left = [instant]
        def count(*_):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        one, other = open_store(source, snapshots=Path(folder), create=False), open_database(target, snapshots=Path(into))
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(other.engine, name, count)
        transfer(one, other, move_snapshots=move_snapshots)
        os._exit(0)
    ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(*ended)
"""


# On SQLite the first is while the schema is made; then within tables, in the index of words, while rows are compared.
@pytest.mark.parametrize(("kind", "instants"), [("sqlite", [5, 960, 600, 560]), ("postgresql", [120, 420, 560])])
def test_a_copy_that_is_killed_at_any_instant_goes_on_when_it_is_begun_again(
    source: Store, kind: str, instants: list[int], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    path = tmp_path / "target" / "aggregator.sqlite"
    target: str = f"sqlite:///{path}" if kind == "sqlite" else request.getfixturevalue("empty_postgresql")
    arguments = [str(source.engine.url), target, str(source.snapshots.folder), str(tmp_path / "target" / "snapshots")]
    told = " ".join(map(str, [*instants, 1_000_000]))
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], input=told, capture_output=True, text=True, check=True)
    assert [int(one) for one in done.stdout.split()] == [*[-signal.SIGKILL] * len(instants), 0], done.stderr
    with closing(open_store(target, snapshots=tmp_path / "target" / "snapshots", create=False)) as there:
        assert contents(there) == contents(source)
        assert found(there, EVERY) == found(source, EVERY)
        assert verify(there).good


def test_what_the_source_has_changed_since_is_put_right_when_a_copy_goes_on(
    own: Store, kept: Path, target: Store, web: Web, sandbox: Sandbox
) -> None:
    with pytest.raises(BrokenError):
        copied(own, target, advance=break_at("takebacks"))
    _go_on(own, kept, web, sandbox)
    with own.write() as tx:
        tx.exec_driver_sql("DELETE FROM followed WHERE source = 'b'")
    assert contents(target)["sources"] != contents(own)["sources"]
    done = copied(own, target)
    assert done.resumed
    assert done.finished
    assert contents(target) == contents(own)
    assert found(target, EVERY) == found(own, EVERY)
    assert found(target, "fisheries")


def test_versions_that_came_among_those_of_an_index_that_was_begun_are_found_too(own: Store, target: Store) -> None:
    with pytest.raises(BrokenError):
        copied(own, target, advance=break_at("index of words"))
    with target.write() as tx:  # as if the run before had not seen the second version
        tx.exec_driver_sql(f"UPDATE {PROGRESS} SET done = done - 1 WHERE name = 'index of words'")  # noqa: S608 - our own name
        tx.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    assert copied(own, target).finished
    assert found(target, EVERY) == found(own, EVERY)


def test_an_unfinished_copy_is_no_store_to_anybody(source: Store, target: Store) -> None:
    with pytest.raises(BrokenError):
        copied(source, target, advance=break_at("revisions"))
    for create in (True, False):
        with pytest.raises(StoreError, match="a copy into it is not finished"):
            open_store(f"sqlite:///{target.name}", snapshots=target.snapshots, create=create)


def test_two_copies_into_one_target_do_not_mix(source: Store, target: Store, tmp_path: Path) -> None:
    with pytest.raises(BrokenError):
        copied(source, target, advance=break_at("polls"))

    def other(what: str, done: int, _of: int) -> None:
        if what == "updates" and not done:  # a second one, that took the same target up at the same place, is ahead
            copied(source, target)

    with pytest.raises((CopyError, StoreError)):
        copied(source, target, advance=other)
    with closing(opened(tmp_path / "target")) as there:
        assert contents(there) == contents(source)


def test_a_service_may_go_on_while_its_store_is_copied(
    own: Store, kept: Path, target: Store, web: Web, sandbox: Sandbox
) -> None:
    went_on: list[str] = []
    before = contents(own)

    def advance(what: str, _done: int, _of: int) -> None:
        if what == "snapshots" and not went_on:  # the first table is next
            went_on.append(what)
            _go_on(own, kept, web, sandbox)

    done = copied(own, target, advance=advance)
    assert done.finished
    assert done.went_on
    assert contents(target) == before != contents(own)


def test_versions_are_indexed_anew_by_their_numbers_and_one_without_a_place_ends_nothing(own: Store) -> None:
    asked: list[str] = []
    event.listen(own.engine, "before_cursor_execute", lambda _c, _d, sql, *_: asked.append(sql))
    with own.write() as tx:
        fulltext.forget(tx)
        last, count = index_again(tx, after=0)
        assert count == tx.exec_driver_sql("SELECT count(*) FROM search_rows").scalar_one() > 0
        assert index_again(tx, after=last) == (last, 0)
        # Asked for by what joins them, PostgreSQL reads all versions for each thousand, once there are a million.
        assert all("revisions.id IN (" in sql for sql in asked if "JOIN search_rows" in sql)
        tx.exec_driver_sql("DELETE FROM search_rows")
        assert index_again(tx, after=0) == (last, 0)


# --- What is refused. ---


def test_a_target_that_holds_another_store_is_left_as_it_is(source: Store, tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/target/aggregator.sqlite", snapshots=tmp_path / "snapshots")) as target:
        with target.write() as tx:
            tx.exec_driver_sql("INSERT INTO near_languages VALUES ('en')")
        before = contents(target)
        with pytest.raises(CopyError, match=r"it holds another store \(there are rows in near_languages\)"):
            copied(source, target)
        assert contents(target) == before
        assert verify(target).good


def test_a_store_is_not_copied_onto_itself(source: Store) -> None:
    before = contents(source)
    with pytest.raises(CopyError, match="this very store already"):
        copied(source, source)
    assert contents(source) == before


def test_another_programs_database_is_left_as_it_is(source: Store, tmp_path: Path) -> None:
    path = tmp_path / "theirs.sqlite"
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute("CREATE TABLE accounts (id INTEGER)")
    with (
        closing(open_database(f"sqlite:///{path}", snapshots=tmp_path)) as target,
        pytest.raises(CopyError, match=r"another program \(it has the table 'accounts'\)"),
    ):
        copied(source, target)


def test_a_copy_is_gone_on_with_from_its_own_store_alone(source: Store, target: Store, tmp_path: Path) -> None:
    with pytest.raises(BrokenError):
        copied(source, target, advance=break_at("polls"))
    with (
        closing(open_store(f"sqlite:///{tmp_path}/other.sqlite", snapshots=tmp_path)) as other,
        pytest.raises(CopyError, match="a copy of another store"),
    ):
        copied(other, target)
    with target.write() as tx:
        tx.exec_driver_sql(f"UPDATE {PROGRESS} SET after_key = replace(after_key, '00', '99') WHERE name = ''")  # noqa: S608 - our own name
    with pytest.raises(CopyError):
        copied(source, target)


def test_a_user_without_rights_is_told_what_is_missing(
    source: Store, postgresql_cluster: Cluster, empty_postgresql: str
) -> None:
    name = empty_postgresql.rpartition("/")[2]
    postgresql_cluster.execute("DO $$ BEGIN CREATE ROLE reader LOGIN PASSWORD 'r'; EXCEPTION WHEN duplicate_object THEN END $$")
    url = postgresql_cluster.url(name, user="reader", password="r")  # noqa: S106 - of a server that lives for a test
    postgresql_cluster.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC", database=name)
    with (
        closing(open_database(url, snapshots=source.snapshots)) as target,
        pytest.raises(StoreError, match=r"lacks a right.*GRANT ALL ON SCHEMA public"),
    ):
        transfer(source, target, move_snapshots=None)


def test_a_row_that_postgresql_cannot_hold_is_named(own: Store, empty_postgresql: str) -> None:
    with own.write() as tx:
        tx.exec_driver_sql("UPDATE sources SET plan = 'a' || char(0) || 'b' WHERE key = 'a'")
    with (
        closing(open_database(empty_postgresql, snapshots=own.snapshots)) as target,
        pytest.raises(CopyError, match=r"^sources: PostgreSQL does not take a row as it is"),
    ):
        transfer(own, target, move_snapshots=None)


# --- What does not arrive as it was. ---


def test_a_row_of_a_copy_that_was_changed_is_found(source: Store, empty_postgresql: str) -> None:
    with closing(open_database(empty_postgresql, snapshots=source.snapshots)) as there:
        transfer(source, there, move_snapshots=None)
        with there.write() as tx, unguarded(tx):
            tx.exec_driver_sql("UPDATE sources SET plan = 'another' WHERE key = 'b'")  # what no seal covers
            tx.exec_driver_sql(
                "UPDATE sentences SET text = 'Nobody met.' WHERE update_id = 1 AND paragraph = 1 AND position = 1"
            )
            tx.exec_driver_sql("DELETE FROM followed WHERE source = 'c'")
        with source.read() as tx, pytest.raises(CopyError) as error:
            refuse_differences(tx, there)
    said = str(error.value)
    assert "sources b differs in plan" in said
    assert "sentences 1/1/1 differs in text" in said
    assert "followed grain/c is missing" in said


def test_a_row_too_many_is_found(source: Store, target: Store) -> None:
    copied(source, target)
    with target.write() as tx:
        tx.exec_driver_sql("INSERT INTO near_languages VALUES ('xx')")
    with source.read() as tx, pytest.raises(CopyError, match="near_languages xx is not in the source"):
        refuse_differences(tx, target)


def test_a_copy_with_findings_stays_unfinished_unless_it_is_wanted_as_it_is(own: Store, target: Store, tmp_path: Path) -> None:
    lost = next(own.snapshots.folder.glob("*/*.gz"))
    lost.unlink()
    done = copied(own, target)
    assert not done.finished
    assert done.snapshots["missing"] == 1
    assert [one.what for one in done.findings] == [f"its file {lost.relative_to(own.snapshots.folder)} is not there"]
    again = copied(own, target, as_it_is=True)
    assert again.finished
    assert again.resumed
    assert again.snapshots["there"] == done.snapshots["copied"] > 0
    opened(tmp_path / "target").close()


def test_a_damaged_snapshot_is_not_copied(own: Store, target: Store) -> None:
    for damaged, data in zip(sorted(own.snapshots.folder.glob("*/*.gz")), (b"", b"no gzip at all"), strict=False):
        damaged.write_bytes(data)
    done = copied(own, target)
    assert not done.finished
    assert done.snapshots["damaged"] == 2


# --- The command. ---


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["copy", *arguments], catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


def test_the_command_copies_both_ways_and_says_so_for_programs(
    kept: Path, empty_postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = empty_postgresql.replace("+psycopg", "")
    places = ("--to-snapshots", "shared")
    code, out, err = run("--from", f"sqlite:{kept}/aggregator.sqlite", "--to", shown, *places, "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["finished"]
    assert told["snapshots_to"] == str(tmp_path / "shared")
    assert told["rows"] == sum(told["tables"].values()) > 100
    password = shown.partition("postgres:")[2].partition("@")[0]
    assert password not in out
    code, out, err = run("--from", shown, "--snapshots", "shared", "--to", "sqlite:back/aggregator.sqlite")
    assert (code, err) == (0, "")
    assert "Nothing was changed, lost or put in." in out
    assert password not in out
    code, out, err = run("--from", f"sqlite:{kept}/aggregator.sqlite", "--to", "sqlite:back/aggregator.sqlite", "--check")
    assert (code, err) == (0, "")
    assert "rows, each as in" in out
    code, out, err = run("--from", f"sqlite:{kept}/aggregator.sqlite", "--to", "sqlite:back/aggregator.sqlite")
    assert (code, out) == (1, "")
    assert "it holds this very store already" in err


def test_the_command_refuses_what_it_cannot_do(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mine = f"sqlite:{kept}/aggregator.sqlite"
    for arguments, code, said in (
        (("--from", mine, "--to", "mysql://u:secret@h/n"), 2, "--to: write a database such as"),
        (("--from", mine, "--to", mine), 2, "that is the store itself"),
        (("--from", "postgresql://u:secret@127.0.0.1:9/n", "--to", "sqlite:x.sqlite"), 2, "--snapshots: say where"),
        (("--from", mine, "--to", "sqlite:x.sqlite", "--to-snapshots", "s3://u:secret@b/p"), 2, "no login and no options"),
        (("--from", "sqlite:none.sqlite", "--to", "sqlite:x.sqlite"), 1, "none.sqlite"),
    ):
        ended, out, err = run(*arguments)
        assert (ended, out) == (code, ""), err
        assert said in err
        assert "secret" not in err
    assert not (tmp_path / "x.sqlite").exists()


def test_a_folder_in_which_a_service_works_is_no_target(kept: Path, tmp_path: Path, clock: Clock) -> None:
    with hold(tmp_path / "held", what="aggregator run", clock=clock):
        code, _, err = run("--from", f"sqlite:{kept}/aggregator.sqlite", "--to", f"sqlite:{tmp_path}/held/aggregator.sqlite")
    assert code == 1
    assert "`aggregator run`" in err


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("sqlite:a/b.sqlite", "sqlite:///a/b.sqlite"),
        ("sqlite:/a/b.sqlite", "sqlite:////a/b.sqlite"),
        ("sqlite:////a/b.sqlite", "sqlite:////a/b.sqlite"),
        ("postgresql://u@h/n", "postgresql+psycopg://u@h/n"),
        ("postgres://u@h/n", "postgresql+psycopg://u@h/n"),
        ("postgresql:n", "postgresql+psycopg:///n"),
        ("postgresql+psycopg://u@h:5/n", "postgresql+psycopg://u@h:5/n"),
    ],
)
def test_a_database_may_be_written_in_short(written: str, url: str) -> None:
    assert address(written, option="--to") == url
