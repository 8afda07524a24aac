"""The views as they were released: what tests compare with, and how a new view joins.

`python -m tests.contract` (or `make contract`) adds the views that are new to tests/data/contract, and writes
storage/datasette.json anew from storage/README.md. What a file says of a view already is never changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Integer, String, inspect
from sqlalchemy.types import NullType, TypeEngine

from aggregator.cli.output import set_up_logs
from aggregator.demo.run import play
from aggregator.store import open_store
from aggregator.store.schema import metadata
from aggregator.store.views import definitions
from tests.manual import described

FOLDER = Path(__file__).parent / "data/contract"
COLUMNS = FOLDER / "v1.json"
DEFINITIONS = FOLDER / "definitions.json"
DATASETTE = Path(__file__).parents[1] / "storage/datasette.json"
OTHERS = ("alembic_version", "sqlite_sequence")  # tables that are not in `schema.py`
UNKNOWN = "unknown"
LONGEST = 100  # characters of a text in an example row


def definition_hash(sql: str) -> str:
    """What DEFINITIONS holds of a view's SQL, each space of it counted."""
    return hashlib.sha256(sql.encode()).hexdigest()


def read(path: Path) -> dict[str, Any]:
    """A file of the contract."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def columns_of(tx: Connection, view: str, demo: Path) -> dict[str, str]:
    """The columns of a view in their order, each with its category: text, integer, boolean or json.

    SQLite says no type of an expression: there the values in the demo's store say it, or it is `UNKNOWN`.
    """
    return {
        column["name"]: _category(column["type"]) or _stored(demo, view, column["name"])
        for column in inspect(tx).get_columns(view)
    }


def _category(kind: TypeEngine[Any]) -> str:
    for known, name in ((Boolean, "boolean"), (Integer, "integer"), (JSON, "json"), (String, "text")):
        if isinstance(kind, known):
            return name
    return "" if isinstance(kind, NullType) else str(kind)


def _stored(demo: Path, view: str, column: str) -> str:
    query = f'SELECT DISTINCT typeof("{column}") FROM {view} WHERE "{column}" IS NOT NULL'  # noqa: S608 - our own names
    with closing(sqlite3.connect(f"file:{demo}?mode=ro", uri=True)) as store:
        return " and ".join(kind for (kind,) in store.execute(query)) or UNKNOWN


def example_of(demo: Path, view: str) -> dict[str, object]:
    """A row of a view in the demo's store, one with as few NULLs as any; long texts are cut. Empty where there is none."""
    with closing(sqlite3.connect(f"file:{demo}?mode=ro", uri=True)) as store:
        store.row_factory = sqlite3.Row
        rows = [dict(row) for row in store.execute(f"SELECT * FROM {view}")]  # noqa: S608 - our own names
    row = min(rows, key=lambda row: sum(value is None for value in row.values()), default={})
    return {
        name: f"{value[:LONGEST]}…" if isinstance(value, str) and len(value) > LONGEST else value for name, value in row.items()
    }


def datasette_metadata() -> dict[str, Any]:
    """What Datasette is told: each view's description, column by column, and which tables it leaves out of its lists."""
    tables: dict[str, Any] = {name: {"hidden": True} for name in sorted([*metadata.tables, *OTHERS])}
    for name, view in described().items():
        told = {column.name: f"{_plain(column.meaning)} [{column.type}]" for column in view.columns}
        tables[name] = {"description": _plain(view.sentence), "columns": told}
    about = "Read the views, v1_… and v2_…: they never change. Everything else is internal."
    return {"title": "update-aggregator", "description": about, "databases": {"aggregator": {"tables": tables}}}


def _plain(markdown: str) -> str:
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", markdown).replace("`", "")


def as_text(value: object) -> str:
    """A file's text."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _add_new() -> None:
    set_up_logs(everything=False)
    with tempfile.TemporaryDirectory() as folder:
        demo = asyncio.run(play(Path(folder) / "demo", advance=lambda *_: None)).database
        columns, hashes = read(COLUMNS), read(DEFINITIONS)
        store = open_store(f"sqlite:///{demo}", snapshots=Path(folder), create=False)
        with store.read() as tx:
            for view, sql in definitions().items():
                hashes.setdefault(view, definition_hash(sql))
                columns.setdefault(view, {"columns": columns_of(tx, view, demo), "example": example_of(demo, view)})
        store.close()
    COLUMNS.write_text(as_text(columns), encoding="utf-8")
    DEFINITIONS.write_text(as_text(hashes), encoding="utf-8")
    DATASETTE.write_text(as_text(datasette_metadata()), encoding="utf-8")


if __name__ == "__main__":
    _add_new()
