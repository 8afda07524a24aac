"""What a database finds wrong with itself, and where its schema is not ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, make_url

from aggregator.store import sqlite
from aggregator.store.engine import Store
from aggregator.store.snapshots import Snapshots
from aggregator.store.stamped import STAMP, known_schemas
from aggregator.store.upgrading import migrate
from aggregator.store.verifying.catalog import catalog_damage


class OwnFinding(NamedTuple):
    """Something that a database says of itself."""

    name: str  # of a table, an index, a view; "" for the file
    what: str
    harmless: bool = False


def own_check(store: Store, tx: Connection) -> Iterator[OwnFinding]:
    """Which schema it says it has; the check that SQLite has for its file; and its schema against that of a new store."""
    stamps, (*older, newest) = list(tx.exec_driver_sql(f"SELECT version_num FROM {STAMP}").scalars()), known_schemas()  # noqa: S608 - our own name
    # Another one may be right: a newer program may have brought the schema to its own meanwhile, and a copy is examined before
    # it says that it is finished.
    if len(stamps) != 1 or stamps[0] in older:
        yield OwnFinding(STAMP, f"says {', '.join(map(repr, stamps)) or 'nothing'}, and the schema is {newest!r}")
    if store.is_sqlite:
        yield from (OwnFinding("", said) for said in sqlite.damage(tx))
        yield from _schema_damage(tx)
    else:
        yield from (OwnFinding(*odd) for odd in catalog_damage(tx))


def _schema_damage(tx: Connection) -> Iterator[OwnFinding]:
    """Where tables, indexes, views and triggers differ from those that the migrations make."""
    wanted, found = _schema_of_ours(), sqlite.schema_of(tx)
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            yield OwnFinding(name, "is missing in the schema")
        elif name not in wanted:  # an index of the operator's own does no harm; a trigger may write anything
            yield OwnFinding(name, "is no part of the schema", harmless=not found[name].startswith("trigger"))
        elif wanted[name] != found[name]:
            yield OwnFinding(name, f"is not as the schema has it: {found[name]}")


@lru_cache(maxsize=1)
def _schema_of_ours() -> Mapping[str, str]:
    model = Store(sqlite.engine_for(make_url("sqlite://")), Snapshots(Path()), "a schema for comparison")
    try:
        migrate(model)
        with model.read() as tx:
            return sqlite.schema_of(tx)
    finally:
        model.close()
