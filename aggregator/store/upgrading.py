"""Bringing the schema of a store up to date, in one transaction, after a copy of what is there."""

from __future__ import annotations

from pathlib import Path

import structlog
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from aggregator.store import postgresql, sqlite, stamped
from aggregator.store.copying import CopyError
from aggregator.store.earlier import forget_old, keep_copy
from aggregator.store.engine import Store
from aggregator.store.errors import StoreError
from aggregator.store.foreign import others_tables
from aggregator.store.stamped import STAMP, known_schemas

COPYING = "copying"  # in place of the number: a copy into it is not finished (`transferring.py`)
MOST_SAID = 400  # characters of what went wrong: it may repeat a whole statement

log = structlog.get_logger()


def bring_up_to_date(store: Store, *, create: bool) -> None:
    """Make the schema the newest one. With `create` false, one that is not yet the newest is an error.

    Raises `StoreError` for another program's database, a schema newer than what is known here, and where it cannot be done:
    then the store is as it was.
    """
    newest = known_schemas()[-1]
    with store.read() as tx:
        found = schema_number(tx, name=store.name)
        if found == newest:
            return
        foreign = others_tables(tx, found, alone=store.is_sqlite)
    if foreign:
        raise StoreError(
            f"{store.name}: the database of another program (it has the table {foreign[0]!r}). It was left as it is;"
            " name another `storage`."
        )
    _refuse_newer(store, found)
    if found is None and not create:
        raise StoreError(f"{store.name}: no store of aggregator. Run `aggregator poll` to make one, or name another `storage`.")
    if not create:
        raise StoreError(f"{store.name}: its schema ({found}) is not {newest} yet. Run: aggregator poll")
    migrate(store)


def schema_number(tx: Connection, *, name: str) -> str | None:
    """The number of the schema of the database of this name; None where there is none, `?` where another program has a table
    like ours. Raises `StoreError` for several: nothing tells which of them holds."""
    looked = inspect(tx)
    if not looked.has_table(STAMP):
        return None
    if "version_num" not in {column["name"] for column in looked.get_columns(STAMP)}:
        return "?"
    numbers: list[str] = [*tx.execute(text(f"SELECT version_num FROM {STAMP}")).scalars()]  # noqa: S608 - our own name
    if len(numbers) > 1:
        raise StoreError(
            f"{name}: damaged: its table {STAMP} names {len(numbers)} schemas ({', '.join(sorted(map(str, numbers)))})."
            " It was left as it is; put a backup in its place (aggregator restore), or name another `storage`."
        )
    return numbers[0] if numbers else None


def migrate(store: Store) -> None:
    """Take the steps to the newest schema, whoever else is about to. Raises `StoreError`."""
    if store.is_sqlite:
        sqlite.let_readers_go_on(store.engine, name=store.name)
    newest, kept = known_schemas()[-1], None
    with store.write(migrates=True) as tx:
        if not store.is_sqlite and (encoding := postgresql.migrate_in_turn(tx)) != "UTF8":
            raise StoreError(
                f"{store.name}: a database of encoding {encoding}, which does not hold every language."
                " Make another one: createdb --encoding=UTF8 --template=template0 NAME"
            )
        found = schema_number(tx, name=store.name)  # another process may have had its turn before, and know more than this one
        _refuse_newer(store, found)
        if found not in (None, newest):
            kept = _keep_copy(store, found, newest)
        try:
            _take_steps(tx)
            if store.is_sqlite and found is not None:
                sqlite.refuse_broken_links(tx)
        except Exception as error:
            if found is None and isinstance(error, DBAPIError):
                raise  # nothing was there, and the database says why nothing can be
            raise StoreError(_not_upgraded(store.name, found, newest, kept, error)) from error
    if found not in (None, newest):
        log.info("schema_upgraded", store=store.name, schema=found, to=newest)
    if kept is not None:
        forget_old(kept)


def _take_steps(tx: Connection) -> None:
    # Large, slow to import, and needed only when the schema changes.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config as AlembicConfig  # noqa: PLC0415

    config = AlembicConfig(attributes={"connection": tx})
    config.set_main_option("script_location", str(stamped.MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")


def _refuse_newer(store: Store, found: str | None) -> None:
    known = known_schemas()
    if found == COPYING:
        raise StoreError(f"{store.name}: a copy into it is not finished. Run the same `aggregator copy` again.")
    if found is not None and found not in known:
        raise StoreError(
            f"{store.name}: made by a newer version of aggregator (schema {found}; this one knows up to {known[-1]})."
            " Update aggregator, or name another `storage`."
        )


def _keep_copy(store: Store, found: str | None, newest: str) -> Path | None:
    """A copy of a SQLite database as it is before its schema changes. The caller keeps writers away meanwhile."""
    path = sqlite.file_of(store.engine.url)
    if path is None:
        log.warning("schema_changes", store=store.name, schema=found, to=newest, advice="its own tools make a dump: pg_dump")
        return None
    try:
        kept = keep_copy(store.engine, path, schema=str(found))
    except (CopyError, OSError) as error:
        raise StoreError(
            f"{store.name}: its schema ({found}) was not brought to {newest}, because no backup could be made first: {error}"
        ) from error
    log.info("backed_up_before_migration", store=store.name, schema=found, to=newest, backup=str(kept))
    return kept


def _not_upgraded(name: str, found: str | None, newest: str, kept: Path | None, error: Exception) -> str:
    said = " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())[:MOST_SAID]
    backup = "" if kept is None else f" A backup of it, made just before, is {kept}."
    return (
        f"{name}: its schema could not be brought from {found or 'none'} to {newest} ({said}). Nothing was changed: use the"
        f" version of aggregator that made it, and report this.{backup}"
    )
