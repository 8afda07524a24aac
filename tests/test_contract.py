"""The views as a contract: what downstream programs read stays as it was released, and as storage/README.md says."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import ProgrammingError

from aggregator.store import Store, open_store
from aggregator.store.views import definitions
from tests.contract import (
    COLUMNS,
    DATASETTE,
    DEFINITIONS,
    UNKNOWN,
    as_text,
    columns_of,
    datasette_metadata,
    definition_hash,
    read,
)
from tests.manual import MANUAL, described

RELEASED = read(COLUMNS)
NEW = "is new: describe it in storage/README.md, then run: make contract"
FORMS = {  # of a kind of value in the manual, how each of its values looks on SQLite
    "text": r"(?s).*",
    "integer": r"-?\d+",
    "boolean": r"[01]",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
    "JSON": r"(?s)\{.*\}",
    "SHA-256": r"[0-9a-f]{64}",
}
CATEGORIES = {"text": "text", "integer": "integer", "boolean": "boolean", "time": "text", "JSON": "json", "SHA-256": "text"}


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(database_url, snapshots=tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def demo(demo_storage: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{demo_storage}/aggregator.sqlite?mode=ro", uri=True)) as opened:
        opened.row_factory = sqlite3.Row
        yield opened


def test_every_column_of_a_released_view_stays_as_it_is(store: Store, demo_storage: Path) -> None:
    with store.read() as tx:
        there = sorted(inspect(tx).get_view_names())
        assert sorted(definitions()) == there
        for view in there:
            assert view in RELEASED, f"{view} {NEW}"
            released = RELEASED[view]["columns"]
            found = columns_of(tx, view, demo_storage / "aggregator.sqlite")
            columns = {name: released.get(name) if kind == UNKNOWN else kind for name, kind in found.items()}
            assert list(columns.items()) == list(released.items()), (
                f"{view} was released with other columns than it has now. A released view never changes:"
                f" put it back as it was, and make a v{int(view[1]) + 1}_{view[3:]} with what is new."
            )
    assert sorted(RELEASED) == there, "a released view is gone: put it back"


@pytest.mark.parametrize("view", sorted(definitions()))
def test_a_released_view_is_defined_as_it_was(view: str) -> None:
    hashes = read(DEFINITIONS)
    assert view in hashes, f"{view} {NEW}"
    assert definition_hash(definitions()[view]) == hashes[view], (
        f"The SQL of {view} in aggregator/store/views.py is not what was released, to the letter. Stores that were made with it"
        f" keep it, so readers would see two different {view}. Put it back, and make a v2_ (or v3_) view in a new migration."
    )


def test_no_hash_is_kept_of_a_view_that_is_gone() -> None:
    assert sorted(read(DEFINITIONS)) == sorted(definitions())


def test_the_manual_describes_every_column_of_every_view_and_no_other() -> None:
    manual = described()
    assert sorted(manual) == sorted(RELEASED), "a section `### v1_…` with its table for each view, in storage/README.md"
    for view, released in RELEASED.items():
        assert [column.name for column in manual[view].columns] == list(released["columns"]), f"storage/README.md, {view}"
        kinds = {column.name: CATEGORIES[column.kind] for column in manual[view].columns}
        assert kinds == released["columns"], f"storage/README.md, the types of {view}"


@pytest.mark.parametrize("view", sorted(RELEASED))
def test_every_value_of_the_demo_has_the_form_that_the_manual_gives(view: str, demo: sqlite3.Connection) -> None:
    rows = demo.execute(f"SELECT * FROM {view}").fetchall()  # noqa: S608 - our own names
    assert rows or not RELEASED[view]["example"]
    for column in described()[view].columns:
        values = {row[column.name] for row in rows}
        assert column.null or None not in values, f"{view}.{column.name} is NULL somewhere, and the manual does not say so"
        wrong = [value for value in values - {None} if not re.fullmatch(FORMS[column.kind], str(value))]
        assert wrong == [], f"{view}.{column.name}: not {column.kind}"


@pytest.mark.parametrize("view", sorted(RELEASED))
def test_the_example_row_has_the_forms_too(view: str) -> None:
    example = RELEASED[view]["example"]
    if not example:
        pytest.skip("the demo brings none")
    assert list(example) == list(RELEASED[view]["columns"])
    for column in described()[view].columns:
        value = example[column.name]
        cut = isinstance(value, str) and value.endswith("…")
        assert value is None or cut or re.fullmatch(FORMS[column.kind], str(value)), f"{view}.{column.name}"


def test_what_the_manual_calls_not_null_cannot_be_null(store: Store) -> None:
    """Where a column of a view is a column of a table under the same name: what the database itself guarantees."""
    base = {
        "sources": ["v1_sources", "v2_sources"],
        "polls": ["v1_polls"],
        "statements": ["v1_statements", "v2_statements"],
        "revisions": ["v1_revisions"],
        "stories": ["v1_stories"],
        "updates": ["v1_updates"],
        "exchanges": ["v1_exchanges"],
        "changes": ["v1_changes"],
    }
    with store.read() as tx:
        for table, its_views in base.items():
            nullable = {column["name"]: column["nullable"] for column in inspect(tx).get_columns(table)}
            for view in its_views:
                for column in described()[view].columns:
                    assert nullable.get(column.name, column.null) == column.null, f"{view}.{column.name}"


def test_on_postgresql_a_role_can_be_kept_to_the_views(postgresql_url: str, tmp_path: Path) -> None:
    opened = open_store(postgresql_url, snapshots=tmp_path)
    with opened.engine.connect() as tx:  # never committed: the role would belong to the whole server
        tx.execute(text("CREATE ROLE a_reader_of_views"))
        tx.execute(text(f"GRANT SELECT ON {', '.join(RELEASED)} TO a_reader_of_views"))
        tx.execute(text("SET LOCAL ROLE a_reader_of_views"))
        for view in RELEASED:
            tx.execute(text(f"SELECT * FROM {view}"))  # noqa: S608 - our own names
        with pytest.raises(ProgrammingError, match="permission denied for table changes"):
            tx.execute(text("SELECT * FROM changes"))
    opened.close()


def anchor(title: str) -> str:
    """How GitHub names a heading in links."""
    return re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")


def test_the_contents_lead_to_every_chapter() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    chapters = set(map(anchor, re.findall(r"^#{2,3} (.+)$", manual, re.MULTILINE)))
    links = re.findall(r"\]\(#([^)]+)\)", manual)
    assert [link for link in links if link not in chapters] == []
    assert set(map(anchor, re.findall(r"^## (.+)$", manual, re.MULTILINE))) <= set(links)


def test_every_kind_of_change_has_its_key_in_the_manual(demo: sqlite3.Connection) -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    source = Path(__file__).parents[1] / "aggregator/store"
    noted = {
        kind for path in source.glob("*.py") for kind in re.findall(r'note\(tx, "(\w+)"', path.read_text(encoding="utf-8"))
    }
    noted |= {row["kind"] for row in demo.execute("SELECT DISTINCT kind FROM v1_changes")}
    assert noted >= {"statement", "revision", "story", "update", "mark", "corroboration"}
    assert [kind for kind in noted if not re.search(rf"^\| `{kind}` \| .+ \| .+ \| .+ \|$", manual, re.MULTILINE)] == []


def test_what_datasette_is_told_is_what_the_manual_says() -> None:
    assert DATASETTE.read_text(encoding="utf-8") == as_text(datasette_metadata()), "run: make contract"
    tables = json.loads(DATASETTE.read_text(encoding="utf-8"))["databases"]["aggregator"]["tables"]
    assert {name for name, told in tables.items() if not told.get("hidden")} == set(RELEASED)
