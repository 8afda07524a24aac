"""That PostgreSQL's views, triggers and rules are those that the migrations make. SQLite keeps their SQL, to be compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, inspect, text
from sqlalchemy.exc import DBAPIError

from aggregator.store.schema import metadata
from aggregator.store.views import definitions

GUARDED = ("captures", "revisions", "updates", "sentences", "citations", "attributions", "desk_acts", "replacements")
# How the triggers end that refuse changes, and what PostgreSQL calls their kind: before each row that is updated or deleted,
# and before a table is emptied.
KINDS = {"no_change": 1 | 2 | 8 | 16, "no_truncate": 2 | 32}
REFUSES = "BEGIN RAISE EXCEPTION '% are never changed', TG_TABLE_NAME; END"
_TRIGGERS = text(
    "SELECT c.relname, t.tgname, t.tgtype, t.tgenabled <> 'D' AND t.tgenabled <> 'R' AND t.tgqual IS NULL AND t.tgattr = ''"
    " AS whole, trim(p.prosrc) AS source"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
    " WHERE NOT t.tgisinternal AND c.relname IN :names AND pg_table_is_visible(c.oid) ORDER BY 1, 2"
).bindparams(bindparam("names", expanding=True))
_RULES = text(
    "SELECT c.relname, r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class"
    " WHERE r.rulename <> '_RETURN' AND c.relname IN :names AND pg_table_is_visible(c.oid) ORDER BY 1, 2"
).bindparams(bindparam("names", expanding=True))


class Odd(NamedTuple):
    """Something in the catalog that is not as the migrations make it."""

    name: str
    what: str


def catalog_damage(tx: Connection) -> Iterator[Odd]:
    """Where views, triggers and rules differ from those of a new store."""
    views = definitions()
    there = set(inspect(tx).get_view_names())
    for name, sql in sorted(views.items()):
        what = _view(tx, name, sql) if name in there else "is missing in the schema"
        if what is not None:
            yield Odd(name, what)
    yield from _triggers(tx)
    for row in tx.execute(_RULES, {"names": [*metadata.tables, *views]}):
        yield Odd(row.relname, f"has a rule that is no part of the schema: {row.rulename}")


def _view(tx: Connection, name: str, sql: str) -> str | None:
    """What is wrong with a view. PostgreSQL keeps no SQL of it, but puts it into the plan of a query that asks it: of the same
    view it makes the same plan, whichever version it is."""
    attempt = tx.begin_nested()
    try:
        found, wanted = (_meaning(tx, query) for query in (name, f"({sql}) AS {name}"))
    except DBAPIError as error:
        attempt.rollback()
        return f"cannot be asked ({error.orig})"
    attempt.rollback()
    return None if found == wanted else "is not as the schema has it"


def _meaning(tx: Connection, what: str) -> tuple[list[str], list[str]]:
    """The names of the columns, and the plan of a question for all rows."""
    names = list(tx.execute(text(f"SELECT * FROM {what} LIMIT 0")).keys())  # noqa: S608 - our own words
    return names, list(tx.execute(text(f"EXPLAIN (VERBOSE, COSTS OFF) SELECT * FROM {what}")).scalars())  # noqa: S608 - as above


def _triggers(tx: Connection) -> Iterator[Odd]:
    wanted = {f"{table}_{name}": (table, kind) for table in GUARDED for name, kind in KINDS.items()}
    for row in tx.execute(_TRIGGERS, {"names": list(metadata.tables)}):
        if wanted.get(row.tgname, ("", 0))[0] != row.relname:  # it may write anything
            yield Odd(row.relname, f"has a trigger that is no part of the schema: {row.tgname}")
        elif (row.tgtype, row.whole, row.source) != (wanted.pop(row.tgname)[1], True, REFUSES):
            yield Odd(row.relname, f"its trigger {row.tgname} does not refuse what it should")
    for name, (table, _) in sorted(wanted.items()):
        yield Odd(table, f"its trigger {name} is missing: changes by hand are not refused")
