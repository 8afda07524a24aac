"""Following the changes of a store by a cursor: what comes, in which order, and which cursors are refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from aggregator.cli import app
from aggregator.cli.following import where
from aggregator.store import Store, changes, open_store
from aggregator.store.following import WAIT_STEP, Change, Changes, CursorError, changes_since, wait_for_changes
from tests.conftest import NOON


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(database_url, snapshots=tmp_path)
    yield opened
    opened.close()


def write(store: Store, *kinds_and_keys: tuple[str, str]) -> None:
    with store.write() as tx:
        changes.note_all(tx, ((kind, key, "") for kind, key in kinds_and_keys), at=NOON)


def some(store: Store, how_many: int) -> None:
    write(store, *(("statement", str(n + 1)) for n in range(how_many)))


def since(store: Store, cursor: str = "", *, limit: int = 100) -> Changes:
    with store.read() as tx:
        return changes_since(tx, cursor, limit=limit)


def refused(store: Store, cursor: str) -> str:
    with pytest.raises(CursorError) as error:
        since(store, cursor)
    return str(error.value)


def test_every_change_comes_once_in_order_and_then_nothing(store: Store) -> None:
    some(store, 7)
    read, cursor = [], ""
    for expected_more in (True, True, False, False):
        page = since(store, cursor, limit=3)
        read += [change.key for change in page.changes]
        cursor = page.cursor
        assert page.more is expected_more
    assert read == list("1234567")
    some(store, 1)
    assert [change.key for change in since(store, cursor).changes] == ["1"]


def test_an_empty_cursor_begins_at_the_beginning_also_of_an_empty_store(store: Store) -> None:
    empty = since(store)
    assert (empty.changes, empty.more) == ((), False)
    some(store, 2)
    assert since(store, empty.cursor).changes == since(store).changes != ()


def test_a_cursor_is_short_safe_in_a_url_and_names_its_store(store: Store) -> None:
    some(store, 1)
    page = since(store)
    assert quote(page.cursor, safe="") == page.cursor
    assert len(page.cursor) < 30
    assert page.cursor.split("-")[1] == page.store[:8]


def test_each_change_says_where_it_is_read(store: Store) -> None:
    write(
        store,
        ("statement", "12"),
        ("revision", "15"),
        ("story", "talks"),
        ("update", "talks/3"),
        ("mark", "talks/2"),
        ("corroboration", "31"),
        ("something-new", "x/y"),
    )
    assert [(change.view, dict(change.row)) for change in since(store).changes] == [
        ("v1_statements", {"id": 12}),
        ("v1_revisions", {"id": 15}),
        ("v1_stories", {"key": "talks"}),
        ("v1_updates", {"story": "talks", "number": 3}),
        ("v1_updates", {"story": "talks", "number": 2}),
        ("v1_statements", {"id": 31}),
        ("", {}),
    ]


GARBAGE = ["x", "12", "0", "-1-00000000-000000", "01-{store}-000000", "1-{store}", " {cursor}", "{cursor}\n", "{cursor}x"]
GARBAGE += ["'; --", "\udcff", "\0", "9" * 5000, "１-{store}-000000"]


def test_garbage_is_no_cursor(store: Store) -> None:
    some(store, 1)
    page = since(store)
    for form in GARBAGE:
        said = refused(store, form.format(store=page.store[:8], cursor=page.cursor))
        assert "is no cursor: it looks like 164-3f2a9c1e-5d01b2" in said
        assert "Begin anew without a cursor" in said
        assert len(said) < 300
        assert said.isprintable()


def test_a_cursor_of_another_store_is_refused(store: Store, tmp_path: Path) -> None:
    other = open_store(f"sqlite:///{tmp_path}/other.sqlite", snapshots=tmp_path)
    some(other, 1)
    some(store, 1)
    assert f"is of another store: this one is {since(store).store}" in refused(store, since(other).cursor)
    other.close()


def test_a_cursor_from_the_future_is_refused(store: Store) -> None:
    some(store, 1)
    cursor = since(store).cursor
    for ahead in (2, 2**31, 2**63, 10**18):
        said = refused(store, cursor.replace("1-", f"{ahead}-", 1))
        assert "lies ahead of this store, of which the newest change is 1." in said


def cut_back(store: Store, *, after: int) -> None:
    """Make the store what an older backup of it holds."""
    with store.engine.begin() as tx:
        tx.execute(text("DELETE FROM changes WHERE seq > :after"), {"after": after})
        if store.engine.dialect.name == "sqlite":
            tx.execute(text("UPDATE sqlite_sequence SET seq = :after"), {"after": after})
        else:
            tx.execute(text("SELECT setval(pg_get_serial_sequence('changes', 'seq'), :after)"), {"after": after})


def test_a_store_put_back_from_a_backup_is_noticed_at_once_and_when_it_has_grown_past_the_cursor(store: Store) -> None:
    some(store, 5)
    early, late = since(store, limit=3).cursor, since(store).cursor
    cut_back(store, after=3)
    assert "put back from an older backup" in refused(store, late)
    write(store, *(("revision", str(n)) for n in range(9)))
    assert "is of a history that this store does not have: its change 5 is another one" in refused(store, late)
    assert len(since(store, early).changes) == 9  # what both histories share is still a place to go on from


def test_the_view_tells_readers_of_sql_the_same(store: Store) -> None:
    some(store, 3)
    with store.read() as tx:
        row = tx.execute(text("SELECT id, schema, last_seq FROM v1_store")).one()
    assert (row.id, row.last_seq) == (since(store).store, 3)
    assert re.fullmatch(r"\d{4}", row.schema)


@dataclass
class Waiting:
    """A clock that sleeping moves, and what happens meanwhile."""

    meanwhile: Callable[[], None] = lambda: None
    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self.meanwhile()


def wait(store: Store, waiting: Waiting, cursor: str = "", *, seconds: float) -> Changes:
    return wait_for_changes(store, cursor, limit=10, seconds=seconds, clock=waiting.clock, sleep=waiting.sleep)


def test_waiting_ends_when_something_comes(store: Store) -> None:
    some(store, 2)
    cursor = since(store).cursor
    waiting = Waiting()
    waiting.meanwhile = lambda: some(store, 1) if len(waiting.slept) == 3 else None
    assert [change.key for change in wait(store, waiting, cursor, seconds=60).changes] == ["1"]
    assert waiting.slept == [WAIT_STEP] * 3


def test_waiting_ends_in_time_where_nothing_comes(store: Store) -> None:
    waiting = Waiting()
    page = wait(store, waiting, seconds=1.2)
    assert (page.changes, page.more) == ((), False)
    assert sum(waiting.slept) == pytest.approx(1.2)


def test_nothing_is_waited_for_where_something_is_there_or_no_time_is_given(store: Store) -> None:
    waiting = Waiting()
    wait(store, waiting, seconds=0)
    some(store, 1)
    wait(store, waiting, seconds=60)
    assert waiting.slept == []


def test_a_store_that_is_put_back_while_somebody_waits_is_noticed(store: Store) -> None:
    some(store, 2)
    waiting = Waiting(meanwhile=lambda: cut_back(store, after=1))
    with pytest.raises(CursorError, match="lies ahead"):
        wait(store, waiting, since(store).cursor, seconds=60)


def aggregator(demo_storage: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["changes", *words, "--config", str(demo_storage / "feeds.toml")])


def test_the_command_prints_a_line_for_each_change_and_the_cursor_aside(demo_storage: Path) -> None:
    shown = aggregator(demo_storage, "--limit", "2")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines() == [
        "seq\tkind\tkey\tat (UTC)\twhere",
        "1\tstory\tukraine-2022\t2022-02-24 00:40\tv1_stories.key = 'ukraine-2022'",
        "2\tstatement\t1\t2022-02-24 00:40\tv1_statements.id = 1",
    ]
    tally = re.fullmatch(r"2 changes, and there are more; go on with: aggregator changes --since (\S+)\n", shown.stderr)
    assert tally
    onward = aggregator(demo_storage, "--since", tally[1])
    assert onward.stdout.splitlines()[1].startswith("3\trevision\t1\t")
    assert "162 changes; go on with" in onward.stderr


def test_the_command_as_json_leads_to_every_row(demo_storage: Path) -> None:
    shown = json.loads(aggregator(demo_storage, "--json").stdout)
    assert (len(shown["changes"]), shown["more"]) == (164, False)
    assert shown["changes"][0] == {
        "seq": 1,
        "kind": "story",
        "key": "ukraine-2022",
        "at": "2022-02-24T00:40:00Z",
        "view": "v1_stories",
        "row": {"key": "ukraine-2022"},
    }
    store = open_store(f"sqlite:///{demo_storage}/aggregator.sqlite", snapshots=demo_storage, create=False)
    with store.read() as tx:
        for change in shown["changes"]:
            named = " AND ".join(f"{column} = :{column}" for column in change["row"])
            query = text(f"SELECT count(*) FROM {change['view']} WHERE {named}")  # noqa: S608 - our own names
            assert tx.execute(query, change["row"]).scalar_one() == 1
    store.close()
    nothing = json.loads(aggregator(demo_storage, "--since", shown["cursor"], "--json").stdout)
    assert (nothing["changes"], nothing["cursor"]) == ([], shown["cursor"])


def test_a_wrong_cursor_is_exit_code_2_with_a_sentence(demo_storage: Path) -> None:
    for cursor in ("garbage", "1-00000000-000000", "' OR 1=1 --", "\udcff"):
        shown = aggregator(demo_storage, "--since", cursor)
        assert (shown.exit_code, shown.stdout) == (2, "")
        assert re.match(r"--since: .*Begin anew without a cursor.*\n$", shown.stderr)


@pytest.mark.parametrize(
    "words", [("--limit", "0"), ("--limit", "-1"), ("--limit", "100001"), ("--wait", "-1"), ("--wait", "1e9")]
)
def test_limits_are_kept(words: tuple[str, str], demo_storage: Path) -> None:
    assert aggregator(demo_storage, *words).exit_code == 2


def test_where_is_sql_whatever_the_key_holds() -> None:
    change = Change(seq=1, kind="story", key="", at=NOON, view="v1_stories", row={"key": "o'clock"})
    assert where(change) == "v1_stories.key = 'o''clock'"
