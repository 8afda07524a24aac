"""A store on PostgreSQL: who cannot open it and why, who changes its schema, who tells a story, and a server that goes away."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import create_engine, make_url

from aggregator.model import OutcomeKind, StoryKey
from aggregator.service import open_for
from aggregator.store import Store, StoreError, changes, open_store
from aggregator.store.ledger import hold_stories
from aggregator.store.postgresql import INSTALL, migrate_in_turn
from aggregator.store.snapshots import Snapshots
from aggregator.store.stamped import MIGRATIONS
from tests.concurrency import SPAWN, exits, open_and_say_who, wait_until_it_waits
from tests.conftest import NOON, ON_POSTGRESQL, STORY, Desk, Web, item, on_database, rss, source_block
from tests.patience import WAIT
from tests.postgresql import MISSING, Cluster, cluster, programs

SECRET = "hunter2"  # noqa: S105 - no secret: what must not be shown


@pytest.fixture
def server(postgresql_cluster: Cluster) -> Cluster:
    return postgresql_cluster


@pytest.fixture
def clerk(server: Cluster) -> Iterator[Callable[[str], str]]:
    """The address of a database for somebody who may log in and nothing else."""
    name = f"clerk{uuid.uuid4().hex[:8]}"
    server.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{SECRET}'")
    yield lambda database: server.url(database, user=name, password=SECRET)
    server.execute(f"DROP ROLE {name}")


def refused(url: str, folder: Path) -> str:
    """What is said when a store cannot be opened; never with a password."""
    with pytest.raises(StoreError) as error:
        open_store(url, snapshots=folder).close()
    said = str(error.value)
    assert SECRET not in said
    assert "\n" not in said
    return said


# --- What keeps it from being opened. ---


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"postgresql+psycopg://desk:{SECRET}@127.0.0.1:1/news", "cannot be reached .* are host and port right"),
        (f"postgresql+psycopg://desk@127.0.0.1:1/news?password={SECRET}", "cannot be reached"),
        (f"postgresql+psycopg://desk:{SECRET}@nowhere.invalid/news", "name is not known .* `database` in feeds.toml"),
        (f"postgresql+psycopg://desk:{SECRET}@/news?host=/nowhere", "cannot be reached"),
        (f"mysql+pymysql://desk:{SECRET}@127.0.0.1/news", "neither SQLite nor PostgreSQL"),
        (f"postgresql+asyncpg://desk:{SECRET}@127.0.0.1/news", "driver of this database is not installed .*asyncpg"),
    ],
)
def test_an_address_where_nobody_answers(address: str, said: str, tmp_path: Path) -> None:
    assert re.search(said, refused(address, tmp_path))


def test_a_server_that_takes_the_call_and_says_nothing_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = f"postgresql+psycopg://desk:{SECRET}@127.0.0.1:{port}/news?connect_timeout=2"
        assert "cannot be reached" in refused(url, tmp_path)


def test_a_wrong_password_or_user(server: Cluster, tmp_path: Path) -> None:
    assert "Check user and password" in refused(server.url("postgres", password=SECRET), tmp_path)
    assert "Check user and password" in refused(server.url("postgres", user="nobody", password=SECRET), tmp_path)


def test_a_database_that_is_not_there(server: Cluster, tmp_path: Path) -> None:
    assert "createdb --encoding=UTF8" in refused(server.url("nowhere"), tmp_path)


def test_a_user_without_rights(clerk: Callable[[str], str], postgresql_url: str, tmp_path: Path) -> None:
    name = postgresql_url.rpartition("/")[2]
    assert "lacks a right" in refused(clerk(name), tmp_path)  # to make the tables
    open_store(postgresql_url, snapshots=tmp_path).close()
    assert "lacks a right" in refused(clerk(name), tmp_path)  # to read them


def test_a_server_that_takes_no_more_connections(
    server: Cluster, clerk: Callable[[str], str], postgresql_url: str, tmp_path: Path
) -> None:
    address = clerk(postgresql_url.rpartition("/")[2])
    server.execute(f"ALTER ROLE {make_url(address).username} CONNECTION LIMIT 0")
    assert re.search(
        r"takes no more connections \(.*too many connections.*Raise its max_connections", refused(address, tmp_path)
    )


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_does_not_hold_every_language(server: Cluster, encoding: str, tmp_path: Path) -> None:
    url = server.new_database(f"ENCODING '{encoding}' LOCALE 'C'")
    assert f"encoding {encoding}" in refused(url, tmp_path)
    server.drop(url)


def test_a_reader_makes_no_schema(postgresql_url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no store of aggregator\. Run `aggregator poll` to make one"):
        open_store(postgresql_url, snapshots=tmp_path, create=False)


def test_a_schema_of_a_newer_version(server: Cluster, postgresql_url: str, tmp_path: Path) -> None:
    open_store(postgresql_url, snapshots=tmp_path).close()
    server.execute("UPDATE alembic_version SET version_num = '9999'", database=postgresql_url.rpartition("/")[2])
    assert "made by a newer version of aggregator (schema 9999" in refused(postgresql_url, tmp_path)


def test_without_the_driver_it_says_what_to_install(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from aggregator.store import StoreError, open_store\n"
        "sys.modules['psycopg'] = None\n"
        "try: open_store('postgresql+psycopg://u:hunter2@h/x', snapshots=Path(sys.argv[1]))\n"
        "except StoreError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert INSTALL in done.stdout
    assert SECRET not in done.stdout


# --- The schema. ---


def make_old(url: str, revision: str) -> None:
    """Make a store as an older version of the program left it."""
    engine = create_engine(url)
    with engine.begin() as tx:
        config = AlembicConfig(attributes={"connection": tx})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, revision)
    engine.dispose()


@pytest.mark.parametrize("revision", ["", "0001", "0004"])
def test_all_that_open_an_empty_or_old_database_at_once_find_one_store(
    database_url: str, revision: str, tmp_path: Path
) -> None:
    if revision:
        make_old(database_url, revision)
    found = tmp_path / "found"
    found.mkdir()
    processes = [SPAWN.Process(target=open_and_say_who, args=(database_url, found)) for _ in range(3)]
    assert exits(processes) == [0, 0, 0]
    said = [path.read_text() for path in found.iterdir() if path.is_file()]
    assert len(said) == 3
    assert len(set(said)) == 1
    assert uuid.UUID(said[0])


def test_who_waits_for_a_migration_looks_again_when_it_is_done(postgresql_url: str, tmp_path: Path) -> None:
    """The first one holds the turn; what it brings is a schema that the second one does not know."""
    make_old(postgresql_url, "0004")
    engine = create_engine(postgresql_url)
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as first:
            migrate_in_turn(first)
            second = pool.submit(refused, postgresql_url, tmp_path)
            wait_until_it_waits(Store(engine, Snapshots(tmp_path), ""), second)
            first.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        assert "made by a newer version of aggregator (schema 9999" in second.result(WAIT)
    engine.dispose()


# --- A reader sees one state; a server goes away. ---


@pytest.mark.both_databases
def test_a_reading_transaction_sees_one_state(two_stories: Desk) -> None:
    with two_stories.store.read() as tx:
        before = tx.exec_driver_sql("SELECT count(*) FROM v1_changes").scalar_one()
        other = open_for(two_stories.config)
        with other.write() as writing:
            changes.note(writing, "story", "talks", seal="", at=NOON)
        other.close()
        assert tx.exec_driver_sql("SELECT count(*) FROM v1_changes").scalar_one() == before
    with two_stories.store.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM v1_changes").scalar_one() == before + 1


def test_a_server_that_is_gone_in_the_middle_of_a_poll_is_found_again(web: Web, desk: Callable[[str], Desk]) -> None:
    where = programs()
    if where is None:
        pytest.skip(MISSING)
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on.")))
    with cluster(where) as own:
        at_work = desk(on_database(STORY + source_block("a", web.url()), own.new_database()))
        web.before_answer = own.stop  # the question is out, and the answer finds no store
        with pytest.raises(StoreError, match=r"went away|cannot be reached"):
            at_work.poll()
        web.before_answer = lambda: None
        with pytest.raises(StoreError, match="cannot be reached"):
            at_work.poll()
        own.start()
        (report,) = at_work.poll()
        assert (report.outcome.kind, report.balance.new) == (OutcomeKind.CHANGED, 1)
        assert len(at_work.settle()) == 1
        at_work.store.close()


@ON_POSTGRESQL
def test_connections_that_were_cut_while_idle_are_not_noticed(two_stories: Desk, server: Cluster) -> None:
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    server.execute(cut, database=two_stories.config.service.database_url.rpartition("/")[2])
    (report,) = two_stories.poll()
    assert report.outcome.kind is OutcomeKind.UNCHANGED


@ON_POSTGRESQL
def test_who_waits_too_long_for_another_says_so(two_stories: Desk) -> None:
    other = open_for(two_stories.config)
    with two_stories.store.write() as tx:
        hold_stories(tx, [StoryKey("talks")])
        with pytest.raises(StoreError, match="another program keeps it locked"):
            hold_with_little_patience(other)
    other.close()


def hold_with_little_patience(store: Store) -> None:
    with store.write() as tx:
        tx.exec_driver_sql("SET LOCAL lock_timeout = 50")
        hold_stories(tx, [StoryKey("talks")])
