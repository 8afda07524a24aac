"""That what a row points at is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ForeignKeyConstraint, Table, text

from aggregator.store.schema import metadata
from aggregator.store.stored import batches
from aggregator.store.verifying.findings import Examination, Finding, shown


def check_links(work: Examination) -> Iterator[Finding]:
    """Every foreign key of the schema, on every database in the same way."""
    for table in metadata.sorted_tables if work.story is None else ():
        keys = sorted(table.foreign_key_constraints, key=lambda one: str(one.name))
        for key, dangling in zip(keys, _counted(work, table, keys), strict=True):
            if dangling:
                yield from _dangling(work, table, key)
            work.count("foreign keys")


def _counted(work: Examination, table: Table, keys: Sequence[ForeignKeyConstraint]) -> Sequence[int]:
    """How many rows there are of which each of the keys points at nothing, in one question: as good as always there is none,
    and to ask for the rows of each key takes much longer than to look for them. A count is planned for all rows, unlike EXISTS.
    """
    if not keys:
        return ()
    counts = ", ".join(f"(SELECT count(*) {_where_dangling(table, key)})" for key in keys)
    return tuple(work.tx.execute(text(f"SELECT {counts}")).one())


def _where_dangling(table: Table, key: ForeignKeyConstraint) -> str:
    (element,) = key.elements
    column, target = element.parent.name, element.column
    return (
        f'FROM {table.name} c LEFT JOIN {target.table.name} p ON p."{target.name}" = c."{column}"'
        f' WHERE c."{column}" IS NOT NULL AND p."{target.name}" IS NULL'
    )


def _dangling(work: Examination, table: Table, key: ForeignKeyConstraint) -> Iterator[Finding]:
    (element,) = key.elements
    column, target = element.parent.name, element.column
    names = [one.name for one in table.primary_key.columns] or [one.name for one in table.columns if one.foreign_keys]
    shown_names = ", ".join(f'c."{name}"' for name in names)
    query = f'SELECT c."{column}" AS missing, {shown_names} {_where_dangling(table, key)}'
    for some in batches(work.tx, text(query)):
        for missing, *row in some:
            what = f"its {column} {shown(missing)} is not in {target.table.name}"
            yield Finding(check="foreign keys", table=table.name, row=shown("/".join(map(str, row))), what=what)
