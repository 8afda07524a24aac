"""Seals, the chain and the tallies as they are written: by every writer, by many at once, and into stores of older schemas."""

from __future__ import annotations

import hashlib
import json
import runpy
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from aggregator.fetch import Exchange
from aggregator.model import Balance, BrokenEntry, Outcome, OutcomeKind, SourceKey
from aggregator.pipeline.sandbox import Sandbox
from aggregator.store import Store, open_store
from aggregator.store.exchanges import add_exchanges
from aggregator.store.polls import BalanceError, Poll, add_polls
from aggregator.store.schema import metadata
from aggregator.store.seals import FORMS, TALLIED, canonical_hash, link, seal
from aggregator.store.stamped import MIGRATIONS
from aggregator.store.statements import settle_listing
from aggregator.store.tallies import Tally
from aggregator.store.verifying.balances import told_in
from aggregator.store.verifying.whole import verify
from aggregator.store.writer import Writer
from tests.conftest import NOON, Desk, Web
from tests.lived import lived
from tests.test_batch import add_sources, line_of, origin_of
from tests.unguarded import unguarded

# --- The form. ---


def test_a_seal_is_what_the_manual_says() -> None:
    values = (7, "https://x.example/é", None, True, {"b": 1, "a": "ü"})
    written = '["t",7,"https://x.example/é",null,1,{"a":"ü","b":1},[[1,"r"]]]'
    assert seal("t", values, [[1, "r"]]) == hashlib.sha256(written.encode()).hexdigest()
    assert link("p", (1, "k", "y", "z"), "s") == hashlib.sha256(b'["p",1,"k","y","z","s"]').hexdigest()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(JSON)
def test_a_seal_does_not_depend_on_how_json_was_written(value: Any) -> None:
    back = json.loads(json.dumps(value))
    assert canonical_hash([value]) == canonical_hash([back]) == canonical_hash([json.loads(json.dumps(back, indent=1))])


@given(st.lists(st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")))
def test_a_tally_does_not_depend_on_the_order(seals: list[str]) -> None:
    there, back = Tally(), Tally()
    for one in seals:
        there.add(one)
    for one in reversed(seals):
        back.add(one)
    assert there == back
    assert len(there.digest) == 64


def test_every_sealed_table_has_its_column_and_its_place() -> None:
    for name, form in FORMS.items():
        assert "seal" in metadata.tables[name].c
        assert set(form.columns) <= {column.name for column in metadata.tables[name].c}
    assert set(TALLIED) == {name for name, form in FORMS.items() if not form.chained} | {"changes"}


@pytest.mark.parametrize("many", [1, 100, 101, 102, 3000])
def test_dropped_lines_are_counted_as_they_are_written(many: int, database_url: str, tmp_path: Path) -> None:
    drops = tuple(BrokenEntry(ref=f"line {n}", reason="no date") for n in range(many))
    drops += (BrokenEntry(ref="and 5 more", reason="no link"),)
    with closing(open_store(database_url, snapshots=tmp_path / "snapshots")) as store:
        with store.write() as tx:
            add_sources(tx)
            add_polls(tx, [a_poll(), a_poll(drops), a_poll()])
            written = tx.execute(text("SELECT ref, reason FROM drops ORDER BY id")).all()
        assert told_in([(row.ref, row.reason) for row in written]) == many + 1
        assert found_in(store) == []


def a_poll(drops: tuple[BrokenEntry, ...] = ()) -> Poll:
    outcome = Outcome(kind=OutcomeKind.CHANGED, reason="a new copy", status=200)
    balance = Balance(listed=len(drops), dropped=len(drops), drops=drops)
    return Poll(source=SourceKey("a"), outcome=outcome, at=NOON, ms=5, balance=balance)


def found_in(store: Store) -> list[str]:
    """What is found, but for the story that `add_sources` tells nobody of."""
    return [one.line for one in verify(store).findings if one.table != "stories"]


# --- Writers. ---


def test_what_is_taken_back_leaves_nothing_in_the_tallies(database_url: str, tmp_path: Path) -> None:
    import asyncio  # noqa: PLC0415

    def work(fails: bool) -> Any:
        def write(tx: Any) -> None:
            add_polls(tx, [a_poll((BrokenEntry(ref="x", reason="y"),))])
            lines = [line_of("fails" if fails else "stays")]
            settle_listing(tx, lines, origin_of(lines))
            if fails:
                raise BalanceError("no")

        return write

    async def run(store: Store) -> list[Any]:
        writer = Writer(store)
        jobs = [writer.run(work(fails)) for fails in (True, False, True)]
        return await asyncio.gather(*jobs, return_exceptions=True)

    with closing(open_store(database_url, snapshots=tmp_path / "snapshots")) as store:
        with store.write() as tx:
            add_sources(tx)
        results = asyncio.run(run(store))
        assert [type(one) for one in results] == [BalanceError, type(None), BalanceError]
        assert found_in(store) == []
        with store.read() as tx:
            assert tx.execute(text("SELECT rows FROM tallies WHERE name = 'polls'")).scalar() == 1


def test_many_writers_at_once_leave_one_whole_chain(database_url: str, tmp_path: Path) -> None:
    """Each with a connection of its own: numbers, chain and tallies come out whole, whoever commits first."""
    with closing(open_store(database_url, snapshots=tmp_path / "snapshots")) as store:
        with store.write() as tx:
            add_sources(tx)
        errors: list[BaseException] = []

        def write(who: int) -> None:
            try:
                for turn in range(8):
                    lines = [line_of(f"{who}-{turn}-{n}", url=f"https://x.example/{who}/{turn}/{n}") for n in range(3)]
                    with store.write() as tx:
                        settle_listing(tx, lines, origin_of(lines, "abc"[who % 3]))
                        add_polls(tx, [a_poll((BrokenEntry(ref=f"{who}", reason="no date"),))])
                        exchange = Exchange(at=NOON, url="https://x.example/", ms=1, request={"b": "2", "a": "1"}, headers={})
                        add_exchanges(tx, [(SourceKey("a"), exchange, None, 1)])
            except BaseException as error:  # noqa: BLE001 - told by the test
                errors.append(error)

        threads = [threading.Thread(target=write, args=(who,)) for who in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert found_in(store) == []
        with store.read() as tx:
            assert tx.execute(text("SELECT count(*) FROM changes")).scalar() == 6 * 8 * 3 * 2


# --- Stores of older schemas. ---


@pytest.fixture
def web_desk(tmp_path: Path, web: Web, sandbox: Sandbox, database_url: str) -> Iterator[Desk]:
    at_work = lived(tmp_path, web, sandbox, database_url)
    yield at_work
    at_work.store.close()


def test_rows_that_had_no_seals_are_sealed_as_if_they_had_always_been(web_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the migration does, two rows at a time, on a store of which all seals and hashes are taken away."""
    monkeypatch.setattr("aggregator.store.stored.AT_ONCE", 2)
    migration = runpy.run_path(str(MIGRATIONS / "versions/0006_seals.py"))
    before = whole(web_desk.store)
    with web_desk.store.write() as tx, unguarded(tx):
        for name in FORMS:
            tx.execute(text(f"UPDATE {name} SET seal = ''"))  # noqa: S608 - our own names
        tx.execute(text("UPDATE changes SET hash = ''"))
        counted = {name: migration["_seal"](tx, name) for name in FORMS}
        counted["changes"] = migration["_chain"](tx)
        tx.execute(text("UPDATE tallies SET rows = 0, digest = ''"))
        for name in TALLIED:
            row = {"name": name, "rows": counted[name].rows, "digest": counted[name].digest}
            tx.execute(text("UPDATE tallies SET rows = :rows, digest = :digest WHERE name = :name"), row)
    assert whole(web_desk.store) == before
    assert [one.line for one in verify(web_desk.store).findings] == []


def whole(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.read() as tx:
        found = {}
        for table in metadata.sorted_tables:
            names = ", ".join(f't."{column.name}"' for column in table.columns)
            rows = tx.execute(text(f"SELECT {names} FROM {table.name} t")).all()  # noqa: S608 - our own names
            found[table.name] = sorted(tuple(map(str, row)) for row in rows)
        return found
