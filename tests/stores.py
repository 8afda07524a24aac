"""Stores of released schemas, as the code of their time wrote them."""

from __future__ import annotations

import json
import lzma
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import JSON, Boolean, Connection, MetaData, create_engine

from aggregator.store.schema import metadata
from aggregator.store.stamped import MIGRATIONS

FOLDER = Path(__file__).parent / "data" / "stores"
RELEASED = sorted(path.name.partition(".")[0].removeprefix("schema-") for path in FOLDER.glob("schema-*.sql.xz"))


def page_of(schema: str) -> str:
    """The story page that the code of that time made of its store."""
    return (FOLDER / f"schema-{schema}.page.txt").read_text(encoding="utf-8")


def rebuild(schema: str, path: Path) -> Path:
    """Make the SQLite file anew from its dump."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(lzma.decompress((FOLDER / f"schema-{schema}.sql.xz").read_bytes()).decode())
    return path


def old_store(schema: str, url: str, work: Path) -> None:
    """Put the store of a schema into an empty database of either kind."""
    if url.startswith("sqlite"):
        rebuild(schema, Path(url.removeprefix("sqlite:///")))
        return
    engine = create_engine(url)
    with closing(sqlite3.connect(rebuild(schema, work / "old.sqlite"))) as old, engine.begin() as tx:
        old.row_factory = sqlite3.Row
        migrate_to(tx, schema)
        _copy_rows(old, tx)
    engine.dispose()


def migrate_to(tx: Connection, schema: str) -> None:
    """Bring an empty database to a schema, as a store of that time was."""
    config = AlembicConfig(attributes={"connection": tx})
    config.set_main_option("script_location", str(MIGRATIONS))
    command.upgrade(config, schema)


def _copy_rows(old: sqlite3.Connection, tx: Connection) -> None:
    there = MetaData()
    there.reflect(tx)
    for name in [table.name for table in metadata.sorted_tables if table.name in there.tables]:
        table = there.tables[name]
        names = [column.name for column in table.columns]
        found = old.execute(f"SELECT * FROM {name}")  # noqa: S608 - our own name
        rows = [{key: _value(table.c[key].type, row[key]) for key in names} for row in found]
        if rows:
            tx.execute(table.insert(), rows)
        for number in ("id", "seq"):
            if number in table.c and rows and isinstance(rows[0][number], int):
                newest = max(row[number] for row in rows)
                tx.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', '{number}'), {newest})")


def _value(kind: Any, value: Any) -> Any:
    if isinstance(kind, Boolean):
        return bool(value)
    return json.loads(value) if isinstance(kind, JSON) and value is not None else value


def dump(path: Path, *, more: str = "") -> list[str]:
    """All that a SQLite file holds: its schema, and every row of every table, those behind the index of words among them.

    `more`: further parameters of the address. Damaged texts are read all the same; raises sqlite3.Error for a damaged file.
    """
    with closing(sqlite3.connect(f"file:{path}?mode=ro{more}", uri=True)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        schema = connection.execute("SELECT name, type, coalesce(sql, '') FROM sqlite_master ORDER BY name").fetchall()
        held = [repr(row) for row in schema]
        for name, kind, sql in schema:
            if kind == "table" and not sql.startswith("CREATE VIRTUAL"):  # whose content is in tables of its own
                held += [f"{name}: {row!r}" for row in connection.execute(f'SELECT * FROM "{name}"')]  # noqa: S608 - the file's own names
        return held
