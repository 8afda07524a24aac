"""Seals over what never changes, a chain over all changes, and tallies of what the chain does not announce."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from aggregator.store.seals import FORMS, link
from aggregator.store.stored import AT_ONCE, announced, pages_of
from aggregator.store.tallies import Tally
from aggregator.store.views import V_0006

revision = "0006"
down_revision = "0005"

CHAINED = ("statements", "revisions", "stories", "marks", "corroborations")
TALLIED = ("sources", "snapshots", "captures", "exchanges", "polls", "addresses", "listings", "candidates", "outbox")


def upgrade() -> None:
    """Add the columns, an index, the table of tallies and the view; then seal and chain what is there, some rows at a time."""
    op.add_column("snapshots", sa.Column("stored_crc32", sa.BigInteger()))
    for table in (*CHAINED, *TALLIED):
        op.add_column(table, sa.Column("seal", sa.String(64), nullable=False, server_default=""))
    op.add_column("changes", sa.Column("hash", sa.String(64), nullable=False, server_default=""))
    op.create_index(op.f("ix_corroborations_statement_id"), "corroborations", ["statement_id"], unique=False)
    tallies = op.create_table(
        "tallies",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tallies")),
    )
    for name, query in V_0006.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
    tx = op.get_bind()
    counted = {table: _seal(tx, table) for table in (*CHAINED, *TALLIED)}
    counted["changes"] = _chain(tx)
    rows = [{"name": name, "rows": counted[name].rows, "digest": counted[name].digest} for name in (*TALLIED, "changes")]
    op.bulk_insert(tallies, rows)


def _seal(tx: sa.Connection, table: str) -> Tally:
    names = FORMS[table].columns[: FORMS[table].names]
    where = " AND ".join(f'"{name}" = :n{at}' for at, name in enumerate(names))
    write = sa.text(f"UPDATE {table} SET seal = :seal WHERE {where}")  # noqa: S608 - our own names
    tally = Tally()
    for page in pages_of(tx, table):
        tx.execute(write, [{"seal": row.due} | {f"n{at}": value for at, value in enumerate(row.names)} for row in page])
        for row in page:
            tally.add(row.due)
    return tally


def _chain(tx: sa.Connection) -> Tally:
    previous, last, tally = tx.execute(sa.text("SELECT id FROM identity")).scalar_one(), -1, Tally()
    told: Counter[tuple[str, str]] = Counter()  # several marks may have one key: they are told in their order
    page = sa.text("SELECT seq, kind, key, at FROM changes WHERE seq > :last ORDER BY seq LIMIT :most")
    write = sa.text("UPDATE changes SET hash = :hash WHERE seq = :seq")
    while rows := tx.execute(page, {"last": last, "most": AT_ONCE}).all():
        seals, hashed = announced(tx, rows), []
        for row in rows:
            previous = link(previous, (row.seq, row.kind, row.key, row.at), _which(seals, told, row))
            tally.add(previous)
            hashed.append({"hash": previous, "seq": row.seq})
        tx.execute(write, hashed)
        last = rows[-1].seq
    return tally


def _which(seals: dict[tuple[str, str], list[str]], told: Counter[tuple[str, str]], row: Any) -> str:
    """The seal of what a change announces; "" where nothing of that key is stored, which `aggregator verify` then tells."""
    there: Sequence[str] = seals.get((row.kind, row.key), ())
    if row.kind not in ("mark", "corroboration"):
        return there[0] if there else ""
    told[row.kind, row.key] += 1
    return there[told[row.kind, row.key] - 1] if told[row.kind, row.key] <= len(there) else ""
