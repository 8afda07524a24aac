"""The tables of what is under way: Procrastinate's own, and ours beside them, in the schema `aggregator_jobs`."""

from __future__ import annotations

from importlib import resources
from typing import Any

from sqlalchemy import Connection, column, table

from aggregator.store import postgresql
from aggregator.store.engine import Store
from aggregator.store.errors import StoreError

SCHEMA = "aggregator_jobs"  # of PostgreSQL: a name for tables of one kind, as `public` is
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

# As Procrastinate's own takes one job, this takes some: what waits first of its group, of which none runs. A plan is made when
# it is called first, which is when nothing waits and nobody has counted yet, and then kept: it would look at every pair of jobs
# when 2,000 wait. So it is told which way to go, and has an index for it.
TAKING = """
CREATE INDEX jobs_of_lock ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing');
CREATE FUNCTION take_jobs(queues character varying[], worker bigint, most integer)
RETURNS SETOF procrastinate_jobs LANGUAGE plpgsql ROWS 16
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_sort = off
AS $$
BEGIN
    RETURN QUERY
    WITH candidate AS MATERIALIZED (
        SELECT waits.id FROM procrastinate_jobs waits
        WHERE waits.status = 'todo' AND (queues IS NULL OR waits.queue_name = ANY (queues))
            AND (waits.scheduled_at IS NULL OR waits.scheduled_at <= now())
            AND NOT EXISTS (
                SELECT FROM procrastinate_jobs other
                WHERE other.lock = waits.lock AND other.status IN ('todo', 'doing') AND (
                    other.status = 'doing' OR other.priority > waits.priority
                    OR (other.priority = waits.priority AND other.id < waits.id)))
        ORDER BY waits.priority DESC, waits.id LIMIT most FOR UPDATE OF waits SKIP LOCKED
    )
    UPDATE procrastinate_jobs job SET status = 'doing', worker_id = worker FROM candidate WHERE job.id = candidate.id
    RETURNING job.*;
END;
$$
"""
OUR_STEPS = (TURNS, TAKING)  # each is done once; whoever has fewer goes on beside what is there
OURS = len(OUR_STEPS)  # the number of what is ours beside Procrastinate's tables

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
    if not ours.isdecimal():  # nothing of ours is there
        raise StoreError(
            f"{store.name}: the schema {SCHEMA!r} is another program's. Rename it there: ALTER SCHEMA … RENAME TO …"
        )
    if theirs > _newest().partition(" ")[0] or int(ours) > OURS:
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
        return [(sql / "schema.sql").read_text(encoding="utf-8"), *OUR_STEPS]
    last, _, ours = found.partition(" ")
    theirs = [name for name in _migrations() if name.removesuffix(".sql") > last]
    return [*((sql / "migrations" / name).read_text(encoding="utf-8") for name in theirs), *OUR_STEPS[int(ours) :]]


def _perform(store: Store, tx: Connection, sql: str) -> None:
    """Many statements at once, which only the driver itself takes."""
    import psycopg  # noqa: PLC0415 - the store is on PostgreSQL, so it is there

    driver: Any = tx.connection.driver_connection
    try:
        driver.execute(sql)
    except psycopg.Error as error:
        raise StoreError(f"{store.name}: {postgresql.explained(error)}") from error
