"""That what a row points at is there."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ForeignKeyConstraint, Table, text

from aggregator.store.schema import metadata
from aggregator.store.stored import batches
from aggregator.store.verifying.findings import Examination, Finding, shown


def check_links(work: Examination) -> Iterator[Finding]:
    """Every foreign key of the schema, on every database in the same way."""
    for table in metadata.sorted_tables if work.story is None else ():
        for key in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
            yield from _dangling(work, table, key)
            work.count("foreign keys")


def _dangling(work: Examination, table: Table, key: ForeignKeyConstraint) -> Iterator[Finding]:
    (element,) = key.elements
    column, target = element.parent.name, element.column
    names = [one.name for one in table.primary_key.columns] or [one.name for one in table.columns if one.foreign_keys]
    shown_names = ", ".join(f'c."{name}"' for name in names)
    query = (
        f'SELECT c."{column}" AS missing, {shown_names} FROM {table.name} c'  # noqa: S608 - our own names
        f' LEFT JOIN {target.table.name} p ON p."{target.name}" = c."{column}"'
        f' WHERE c."{column}" IS NOT NULL AND p."{target.name}" IS NULL'
    )
    for some in batches(work.tx, text(query)):
        for missing, *row in some:
            what = f"its {column} {shown(missing)} is not in {target.table.name}"
            yield Finding(check="foreign keys", table=table.name, row=shown("/".join(map(str, row))), what=what)
