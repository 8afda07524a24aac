"""Which schemas this version knows, and whether a SQLite file has the newest: asked before SQLAlchemy is imported."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

MIGRATIONS = Path(__file__).with_name("migrations")
STAMP = "alembic_version"  # the table that says which schema a database has


def known_schemas() -> list[str]:
    """The numbers of the schemas that this version knows, the newest last: each is that of a migration's file."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def has_newest_schema(file: Path) -> bool:
    """Whether a SQLite file says so. False where it cannot be read: opening it says why."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as connection:
            stamps = connection.execute(f"SELECT version_num FROM {STAMP}").fetchall()  # noqa: S608 - our own name
    except (sqlite3.Error, UnicodeDecodeError):
        return False
    return stamps == [(known_schemas()[-1],)]
