"""Whether a database is another program's: nothing of ours is put into it, and nobody is told to poll into it."""

from __future__ import annotations

from sqlalchemy import Connection, inspect

from aggregator.store.schema import metadata
from aggregator.store.stamped import STAMP

OURS = {"sources", "statements", "revisions", "changes"}  # in every schema from the first


def others_tables(tx: Connection, schema: str | None, *, alone: bool) -> list[str]:
    """The tables that show a database to be another program's, by name; none for an empty one, and for a store.

    `schema` is the number that the database gives its schema, or None. With `alone`, a store shares its database with
    nobody, as in a file; else other tables may stand beside ours, as long as no names clash.
    """
    there = set(inspect(tx).get_table_names())
    if schema is not None:
        return [] if there >= OURS else sorted(there - {STAMP}) or [STAMP]
    return sorted(there if alone else there & set(metadata.tables))
