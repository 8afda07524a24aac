"""The tables of what is under way: Procrastinate's own, and ours beside them, in the schema `aggregator_jobs`."""

from __future__ import annotations

from importlib import resources
from typing import Any

from sqlalchemy import Connection, column, table

from aggregator.store import postgresql
from aggregator.store.engine import Store
from aggregator.store.errors import StoreError

SCHEMA = "aggregator_jobs"  # of PostgreSQL: a name for tables of one kind, as `public` is
OURS = "1"  # the number of our own tables; raised where they change
_PREFIX = "aggregator: "  # of the schema's comment, which says what is in it

# One row for each group of hosts that was asked lately. Who holds a turn has it until `until`, and then it is another's.
TURNS = """
CREATE TABLE turns (
    name text PRIMARY KEY,
    holder text,
    until timestamptz NOT NULL DEFAULT 'epoch',
    ready_at timestamptz NOT NULL DEFAULT 'epoch'
) WITH (fillfactor = 50)
"""

# What is asked of them in SQL of our own; Procrastinate asks the rest.
jobs = table(
    "procrastinate_jobs",
    *map(column, ("id", "status", "lock", "queueing_lock", "attempts", "worker_id", "priority")),
    schema=SCHEMA,
)
events = table("procrastinate_events", *map(column, ("job_id", "type", "at")), schema=SCHEMA)
turns = table("turns", *map(column, ("name", "holder", "until", "ready_at")), schema=SCHEMA)


def prepare_jobs(store: Store) -> None:
    """Make the tables, or bring them up to date, whoever else is about to. Raises `StoreError`."""
    with store.write() as tx:
        postgresql.migrate_in_turn(tx)
        found, newest = _found(tx), _newest()
        if found == newest:
            return
        _refuse_others(store, found)
        if found is None:
            tx.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
        tx.exec_driver_sql(f"SET LOCAL search_path TO {SCHEMA}")
        for sql in _steps(found):
            _perform(store, tx, sql)
        tx.exec_driver_sql(f"COMMENT ON SCHEMA {SCHEMA} IS '{_PREFIX}{newest}'")


def has_jobs(tx: Connection) -> bool:
    """Whether the tables are there."""
    return tx.dialect.name != "sqlite" and _found(tx) is not None


def _found(tx: Connection) -> str | None:
    """What the schema says of itself: "" where it says nothing, None where there is none."""
    asked = "SELECT obj_description(oid, 'pg_namespace') AS says FROM pg_namespace WHERE nspname = %s"
    row = tx.exec_driver_sql(asked, (SCHEMA,)).first()
    if row is None:
        return None
    says = str(row.says or "")
    return says.removeprefix(_PREFIX) if says.startswith(_PREFIX) else ""


def _refuse_others(store: Store, found: str | None) -> None:
    if found is None:
        return
    theirs, _, ours = found.partition(" ")
    if not ours:  # nothing of ours is there
        raise StoreError(
            f"{store.name}: the schema {SCHEMA!r} is another program's. Rename it there: ALTER SCHEMA … RENAME TO …"
        )
    if (theirs, ours) > (_newest().partition(" ")[0], OURS):
        raise StoreError(
            f"{store.name}: its jobs were made by a newer version of aggregator or of procrastinate ({found}). Update this one."
        )


def _newest() -> str:
    """The name of Procrastinate's last step, and the number of our own tables."""
    return f"{_migrations()[-1].removesuffix('.sql')} {OURS}"


def _migrations() -> list[str]:
    """The files of Procrastinate's own steps, in their order: their names begin with the release that needs them."""
    folder = resources.files("procrastinate.sql") / "migrations"
    return sorted(one.name for one in folder.iterdir() if one.name.endswith(".sql"))


def _steps(found: str | None) -> list[str]:
    """The SQL that leads from what is there to what is wanted."""
    sql = resources.files("procrastinate.sql")
    if found is None:
        return [(sql / "schema.sql").read_text(encoding="utf-8"), TURNS]
    last = found.partition(" ")[0]
    return [
        (sql / "migrations" / name).read_text(encoding="utf-8") for name in _migrations() if name.removesuffix(".sql") > last
    ]


def _perform(store: Store, tx: Connection, sql: str) -> None:
    """Many statements at once, which only the driver itself takes."""
    import psycopg  # noqa: PLC0415 - the store is on PostgreSQL, so it is there

    driver: Any = tx.connection.driver_connection
    try:
        driver.execute(sql)
    except psycopg.Error as error:
        raise StoreError(f"{store.name}: {postgresql.explained(error)}") from error
