"""Whatever is changed, taken out or put into a store is found and named."""

# ruff: noqa: S608 - the names of our own tables and columns

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Connection, Integer, Table, text
from sqlalchemy.exc import DBAPIError

from aggregator.pipeline.sandbox import Sandbox
from aggregator.store import Store, stored
from aggregator.store.schema import metadata
from aggregator.store.seals import FORMS
from aggregator.store.statements import settle_listing
from aggregator.store.verifying.findings import Examination, Finding
from aggregator.store.verifying.state import ONE_OF, kind_of, state_of
from aggregator.store.verifying.whole import findings_of, verify
from tests.conftest import Desk, Web
from tests.lived import lived
from tests.postgresql import Cluster
from tests.test_batch import line_of, origin_of
from tests.unguarded import unguarded

# Columns that change by design, and so carry no proof: what feeds.toml says, what is known of the last poll, what waits.
STATE = {
    "sources": {column.name for column in metadata.tables["sources"].c} - {"key", "first_seen_at", "seal"},
    "stories": {"title", "lead", "language", "image", "image_alt", "image_credit", "terms", "from_at", "until_at", "active"},
    "statements": {"updated_at", "updated_written", "reference"},
    "listings": {"raw", "mirrors"},
    "candidates": {"settles_at", "state", "note"},
    "snapshots": {"removed_at", "source"},
    "exchanges": {"poll_id"},
    "watches": {column.name for column in metadata.tables["watches"].c}
    - {"source", "entry_id", "statement_id", "url", "from_at", "seal"},
    "takebacks": {"settles_at", "state", "note", "ended_at"},
    "outbox": {"delivered_at", "attempts", "last_error", "recipient", "bundle", "next_try_at", "dead_at"},
    "gaps": {"closed_at", "closed_by"},
}
# Made anew from the others at any time.
DERIVED = {
    *("search_index", "search_rows", "search_words", "retention", "retention_queue", "edit_lines"),
    *("near_index", "near_sketches", "near_bands", "near_fresh", "near_languages"),
    *("retention_sizes", "chores", "maintenance"),  # how far the service is with its care, and what it did
    *("followed", "pictures", "recipients"),  # from feeds.toml, and from what it names
}
TABLES = [table for table in metadata.sorted_tables if table.name not in DERIVED]


def proven(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name not in STATE.get(table.name, ())]


def test_every_column_is_proven_or_state_by_design() -> None:
    checked_otherwise = {"stories": {"last_number", "head"}}  # against the updates
    for name, form in FORMS.items():
        columns = {column.name for column in metadata.tables[name].columns}
        left = columns - {"seal"} - set(form.columns) - checked_otherwise.get(name, set())
        assert left == STATE.get(name, set()), name


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Desk]:
    folder, web = tmp_path_factory.mktemp("lived"), Web()
    cluster: Cluster | None = None
    url = f"sqlite:///{folder}/aggregator.sqlite"
    if request.param == "postgresql":
        cluster = request.getfixturevalue("postgresql_cluster")
        url = cluster.new_database()
    try:
        at_work = lived(folder, web, sandbox, url)
        yield at_work
        at_work.store.close()
    finally:
        web.close()
        if cluster is not None:
            cluster.drop(url)


def test_a_store_that_was_left_alone_is_good(desk: Desk) -> None:
    report = verify(desk.store)
    assert [one.line for one in report.findings] == []
    with desk.store.read() as tx:
        for table in TABLES:
            assert tx.execute(text(f"SELECT count(*) FROM {table.name}")).scalar(), f"nothing in {table.name}"
    for what in ("updates", "sentences", "citations", "changes", "balances", "snapshot files", *FORMS):
        assert report.counts[what], what


def test_few_rows_are_held_at_once_however_many_there_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "AT_ONCE", 7)
    with desk.store.examine() as tx:
        sizes = [len(some) for some in stored.batches(tx, text("SELECT seq FROM changes ORDER BY seq"))]
    assert len(sizes) > 2
    assert set(sizes[:-1]) == {7}


def test_what_comes_while_a_store_is_examined_is_no_finding(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One state is looked at: rows that come in the middle of it belong to the next one."""
    monkeypatch.setattr("aggregator.store.verifying.findings.TOLD_AT_ONCE", 1)
    came: list[str] = []

    def write(what: str, _steps: int) -> None:
        if what in ("foreign keys", "statements", "changes"):
            came.append(what)
            line = line_of(f"meanwhile-{len(came)}", title=f"Meanwhile {len(came)}")
            with desk.store.write() as tx:
                settle_listing(tx, [line], origin_of([line], "a", at=desk.clock.now))

    before = verify(desk.store, quick=True).counts["statements"]
    during = verify(desk.store, quick=True, advance=write)
    assert [one.line for one in during.findings] == []
    assert during.counts["statements"] in (before, before + 1)  # PostgreSQL's state is that of the first question
    assert len(came) > 3
    after = verify(desk.store, quick=True)
    assert after.findings == ()
    assert after.counts["statements"] == before + len(came)


# --- One value, one row, two rows. ---


class Tampering:
    """A transaction in which anything may be done to a store, and which is taken back."""

    def __init__(self, store: Store, tx: Connection) -> None:
        self.store, self.tx = store, tx

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> None:
        with unguarded(self.tx):
            self.tx.execute(text(sql), values or {})

    def findings(self) -> list[Finding]:
        found = list(findings_of(Examination(store=self.store, tx=self.tx, quick=True)))
        assert [one.line for one in found if "came to an end" in one.what] == []
        return found

    def rows(self, table: Table) -> list[dict[str, Any]]:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        order = ", ".join(f'"{column.name}"' for column in key_of(table))
        found = self.tx.execute(text(f"SELECT {names} FROM {table.name} ORDER BY {order}"))
        return [dict(row._mapping) for row in found]

    def said(self) -> dict[str, list[list[Any]]]:
        """What the whole store says, but for its state."""
        return {table.name: [[row[c.name] for c in proven(table)] for row in self.rows(table)] for table in TABLES}


def key_of(table: Table) -> list[Column[Any]]:
    return list(table.primary_key.columns) or [column for column in table.columns if column.foreign_keys]


def where(table: Table) -> str:
    return " AND ".join(f'"{column.name}" = :key_{column.name}' for column in key_of(table))


def key_values(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"key_{column.name}": row[column.name] for column in key_of(table)}


@pytest.fixture
def tampering(desk: Desk) -> Iterator[Tampering]:
    with desk.store.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys = OFF")
            driver.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")  # as `Store.examine` has it
        with connection.begin() as transaction:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))  # no foreign keys, no triggers
            yield Tampering(desk.store, connection)
            transaction.rollback()
        if connection.dialect.name == "sqlite":
            driver.execute("PRAGMA foreign_keys = ON")
            driver.text_factory = str


def another(column: Column[Any], value: Any) -> Any:
    """A value that differs in one sign."""
    if isinstance(column.type, Boolean):
        return not value
    if isinstance(column.type, Integer):
        return 7 if value is None else value + 1
    if isinstance(column.type, JSON):
        parsed = json.loads(value) if isinstance(value, str) else value
        return json.dumps({**parsed, "x": "y"})
    if not value:
        return "2"
    last = value[-1]
    return value[:-1] + ("x" if last != "x" else "y")


def names_it(findings: Sequence[Finding], table: Table, row: Mapping[str, Any]) -> bool:
    """Whether a finding names the row, or the update that it is a part of."""
    own = "/".join(str(row[column.name]) for column in key_of(table))
    if any(one.table == table.name and one.row == own for one in findings):
        return True
    if table.name in ("sentences", "citations", "attributions", "replacements", "updates", "marks", "stories"):
        return any(one.table in ("updates", "stories") and one.row for one in findings)
    if table.name == "drops":
        return any(one.table == "polls" and one.row == str(row["poll_id"]) for one in findings)
    if table.name == "tallies":
        return any(one.table == row["name"] for one in findings)
    return any(one.table in (table.name, "changes") for one in findings)


def columns_of(*places: int) -> list[Any]:
    """Of every table the columns that are proven, at some places among them; all, if none is named."""
    some = [(t, c) for t in TABLES for c in ([proven(t)[place] for place in places] if places else proven(t))]
    return [pytest.param(t, c, id=f"{t.name}.{c.name}") for t, c in dict.fromkeys(some)]


@pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("table", "column"), columns_of())
def test_one_value_that_was_changed_is_found_and_named(tampering: Tampering, table: Table, column: Column[Any]) -> None:
    find_a_change(tampering, table, column)


@pytest.mark.parametrize("desk", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("table", "column"), columns_of(0, -1))  # the same code looks at all columns of a row
def test_one_value_that_was_changed_is_found_on_postgresql(tampering: Tampering, table: Table, column: Column[Any]) -> None:
    find_a_change(tampering, table, column)


def find_a_change(tampering: Tampering, table: Table, column: Column[Any]) -> None:
    rows = tampering.rows(table)
    ends = (rows[0], rows[-1]) if tampering.tx.dialect.name == "sqlite" else rows[-1:]
    its_own = table.name in FORMS and column not in set(key_of(table))  # a seal, under the same name as before
    if len(ends) > 1 and its_own and are_named_at_once(tampering, table, column, ends):
        return
    tried = 0
    for row in ends:
        attempt = tampering.tx.begin_nested()
        try:
            new = change(tampering, table, column, row)
        except DBAPIError:
            attempt.rollback()  # the database itself does not allow it
            continue
        tried += 1
        changed = {**row, column.name: new}
        findings = tampering.findings()
        assert [one for one in findings if not one.warning], f"{row[column.name]!r} is now {new!r}, and nothing is found"
        assert names_it(findings, table, row) or names_it(findings, table, changed), [one.line for one in findings]
        attempt.rollback()
    assert tried


def change(tampering: Tampering, table: Table, column: Column[Any], row: Mapping[str, Any]) -> Any:
    """Give a row another value; returns it."""
    new = another(column, row[column.name])
    tampering.run(
        f'UPDATE {table.name} SET "{column.name}" = :new WHERE {where(table)}', {"new": new, **key_values(table, row)}
    )
    return new


def are_named_at_once(tampering: Tampering, table: Table, column: Column[Any], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each of several rows is named when all are changed, in one look: what its own seal says hangs on no other row."""
    attempt = tampering.tx.begin_nested()
    try:
        for row in rows:
            change(tampering, table, column, row)
        named = {one.row for one in tampering.findings() if one.check == "seals" and one.table == table.name}
    except DBAPIError:
        return False
    finally:
        attempt.rollback()
    return named >= {"/".join(str(row[one.name]) for one in key_of(table)) for row in rows}


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO alembic_version VALUES ('0001')",
        "UPDATE alembic_version SET version_num = '0022'",
        "DELETE FROM alembic_version",
    ],
)
def test_another_number_of_the_schema_is_found(tampering: Tampering, sql: str) -> None:
    tampering.run(sql)
    assert ("database", "alembic_version") in {(one.table, one.row) for one in tampering.findings()}


@pytest.mark.parametrize(
    ("sql", "table", "said"),
    [
        ("DELETE FROM search_rows WHERE revision_id = 3", "revisions", "no search finds it"),
        ("UPDATE search_rows SET statement_id = 1 WHERE revision_id = 3", "search_rows", "is of another statement"),
        ("UPDATE search_rows SET revision_id = 2 WHERE revision_id = 3", "search_rows", "revision 2 has another place already"),
        ("UPDATE search_rows SET id = id + 1 WHERE revision_id = 3", "search_index", "no search finds revision 3"),
        ("UPDATE search_rows SET id = id + 1 WHERE revision_id = 3", "search_index", "it leads to no version"),
    ],
)
def test_a_version_that_no_search_would_find_is_found(tampering: Tampering, sql: str, table: str, said: str) -> None:
    tampering.run(sql)
    assert [one.line for one in tampering.findings() if one.table == table and said in one.what]


EVIL = "CREATE FUNCTION evil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM updates; RETURN NEW; END $$;"
GUARD = "CREATE TRIGGER updates_no_change BEFORE UPDATE OR DELETE ON updates {} EXECUTE FUNCTION never_changed()"
CATALOG = [
    ("v1_changes", "CREATE OR REPLACE VIEW v1_changes AS SELECT seq, kind, key, at FROM changes WHERE seq > 1"),
    ("v1_changes", "ALTER VIEW v1_changes RENAME COLUMN key TO name"),
    ("v1_changes", "DROP VIEW v1_changes"),
    ("polls", EVIL + "CREATE TRIGGER evil AFTER INSERT ON polls FOR EACH ROW EXECUTE FUNCTION evil()"),
    ("polls", "CREATE RULE evil AS ON DELETE TO polls DO INSTEAD NOTHING"),
    ("updates", "ALTER TABLE updates DISABLE TRIGGER updates_no_change"),
    ("updates", "DROP TRIGGER updates_no_truncate ON updates"),
    ("updates", "CREATE OR REPLACE FUNCTION never_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"),
    ("updates", "DROP TRIGGER updates_no_change ON updates;" + GUARD.format("FOR EACH ROW WHEN (OLD.number > 1)")),
]


@pytest.mark.parametrize("desk", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("name", "sql"), CATALOG)
def test_a_view_or_trigger_that_was_changed_is_found_on_postgresql(tampering: Tampering, name: str, sql: str) -> None:
    tampering.tx.exec_driver_sql(sql)
    assert {one.table for one in tampering.findings() if one.row == name} == {"database"}


@pytest.mark.parametrize("how", ["upper(digest)", "CAST(digest AS BLOB)", "' ' || digest", "'+' || digest"])
def test_a_sum_that_is_written_otherwise_is_found(tampering: Tampering, how: str) -> None:
    """Each is the same number to whom reads it as one."""
    if tampering.tx.dialect.name == "postgresql" and how != "upper(digest)":
        pytest.skip("the column of PostgreSQL takes none of these")
    tampering.run(f"UPDATE tallies SET digest = {how} WHERE name = 'polls'")
    assert ("tallies", "polls") in {(one.table, one.row) for one in tampering.findings()}


SEALED_JSON = [(metadata.tables[name], column) for name, form in FORMS.items() for column in sorted(form.json)]


@pytest.mark.parametrize(("table", "column"), SEALED_JSON, ids=str)
def test_json_that_says_the_same_and_is_written_otherwise_is_found(tampering: Tampering, table: Table, column: str) -> None:
    """Of a name that stands there twice Python takes the last value, `json_extract` of SQLite the first."""
    row = next(row for row in tampering.rows(table) if row[column] not in ({}, "{}"))
    written = as_json(table.c[column], row[column])
    for new in (written.replace(": ", ":\t", 1), f'{{"{next(iter(json.loads(written)))}": "other", {written[1:]}'):
        assert json.loads(new) == json.loads(written)
        attempt = tampering.tx.begin_nested()
        values = {"new": new, **key_values(table, row)}
        tampering.run(f'UPDATE {table.name} SET "{column}" = :new WHERE {where(table)}', values)
        assert names_it([one for one in tampering.findings() if one.check == "seals"], table, row)
        attempt.rollback()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_that_was_taken_out_is_found(tampering: Tampering, table: Table) -> None:
    rows = tampering.rows(table)
    for row in (rows[0], rows[len(rows) // 2], rows[-1]):
        attempt = tampering.tx.begin_nested()
        tampering.run(f"DELETE FROM {table.name} WHERE {where(table)}", key_values(table, row))
        findings = tampering.findings()
        assert [one for one in findings if not one.warning], row
        assert names_it(findings, table, row), [one.line for one in findings]
        attempt.rollback()


# What of a copy must be another value, so that the database takes it: by default the last column of what names the row.
RENEWED = {
    "updates": ("id", "number", "revision_id"),
    "outbox": ("id", "key"),
    "candidates": ("id", "revision_id"),
    "revisions": ("id", "number"),
    "addresses": ("url",),
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_copy_that_was_put_in_is_found(tampering: Tampering, table: Table) -> None:
    rows = tampering.rows(table)
    names, places = (", ".join(form % c.name for c in table.columns) for form in ('"%s"', ":%s"))
    for row in (rows[0], rows[-1]):
        attempt = tampering.tx.begin_nested()
        renewed = RENEWED.get(table.name, (key_of(table)[-1].name,))
        copy = row | {name: free(table.c[name], rows) for name in renewed}
        values = {c.name: as_json(c, copy[c.name]) for c in table.columns}
        tampering.run(f"INSERT INTO {table.name} ({names}) VALUES ({places})", values)
        findings = tampering.findings()
        assert [one for one in findings if not one.warning], copy
        assert names_it(findings, table, copy), [one.line for one in findings]
        attempt.rollback()


def as_json(column: Column[Any], value: Any) -> Any:
    return json.dumps(value) if isinstance(column.type, JSON) and not isinstance(value, str | None) else value


def free(column: Column[Any], rows: Sequence[Mapping[str, Any]]) -> Any:
    """A value that no row has in a column."""
    there = [row[column.name] for row in rows]
    if isinstance(column.type, Integer):
        return max(there) + 1
    newest: str = max(there)
    return newest[:-1] + ("x" if newest[-1] != "x" else "y")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_two_rows_that_changed_places_are_found(tampering: Tampering, table: Table) -> None:
    rows, before = tampering.rows(table), tampering.said()
    for first, second in [(rows[0], rows[-1]), (rows[0], rows[len(rows) // 2])]:
        attempt = tampering.tx.begin_nested()
        content = [column for column in table.columns if column not in set(key_of(table))]
        if not content:
            return
        # Out of the way first: some of what they say may be unique.
        for row, new in ((first, None), (second, first), (first, second)):
            if new is None:
                tampering.run(f"DELETE FROM {table.name} WHERE {where(table)}", key_values(table, row))
            elif row is second:
                tampering.run(*update(table, content, row, new))
            else:
                names = ", ".join(f'"{c.name}"' for c in table.columns)
                whole = {**second, **{c.name: first[c.name] for c in key_of(table)}}
                places = ", ".join(f":{c.name}" for c in table.columns)
                values = {c.name: as_json(c, whole[c.name]) for c in table.columns}
                tampering.run(f"INSERT INTO {table.name} ({names}) VALUES ({places})", values)
        if tampering.said() != before:
            assert [one for one in tampering.findings() if not one.warning], (first, second)
        attempt.rollback()


def update(
    table: Table, content: Sequence[Column[Any]], row: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    values = ", ".join(f'"{column.name}" = :{column.name}' for column in content)
    given = {column.name: as_json(column, new[column.name]) for column in content}
    return f"UPDATE {table.name} SET {values} WHERE {where(table)}", given | key_values(table, row)


def columns_of_state(*, one_of_a_kind: bool = False) -> list[Any]:
    """Of every table the columns that are state; of those with the same kind of value one, if so wanted."""
    found = [(table, column) for table in TABLES if table.name in FORMS for column in state_of(table)]
    if one_of_a_kind:
        kinds = {(t.name, type(c.type), c.nullable, c.name if (t.name, c.name) in ONE_OF else ""): (t, c) for t, c in found}
        found = list(kinds.values())
    return [pytest.param(t, c, id=f"{t.name}.{c.name}") for t, c in found]


@pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("table", "column"), columns_of_state())
def test_state_that_is_no_state_is_found(tampering: Tampering, table: Table, column: Column[Any]) -> None:
    find_no_state(tampering, table, column)


@pytest.mark.parametrize("desk", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("table", "column"), columns_of_state(one_of_a_kind=True))  # the same code looks at all of a kind
def test_state_that_is_no_state_is_found_on_postgresql(tampering: Tampering, table: Table, column: Column[Any]) -> None:
    find_no_state(tampering, table, column)


def find_no_state(tampering: Tampering, table: Table, column: Column[Any]) -> None:
    """A value that does not belong into its column: no letter, no time, no number."""
    row = tampering.rows(table)[-1]
    sqlite = tampering.tx.dialect.name == "sqlite"
    for new in ("CAST(x'ff' AS TEXT)", "x'ff'", "NULL") if sqlite else ("NULL", "'2025-13-01'", "'z'"):
        attempt = tampering.tx.begin_nested()
        try:
            tampering.run(f'UPDATE {table.name} SET "{column.name}" = {new} WHERE {where(table)}', key_values(table, row))
        except DBAPIError:
            attempt.rollback()  # the database itself does not allow it
            continue
        found = [one for one in tampering.findings() if not one.warning]
        allowed = column.nullable if new == "NULL" else not sqlite and kind_of(column)(new[1:-1])
        assert bool(found) != allowed, f"{column} is {new}"
        attempt.rollback()
