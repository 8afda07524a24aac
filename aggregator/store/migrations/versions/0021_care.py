"""What is done for the store by and by, and how much room the kept bytes of each source take."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0021

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the tables of care with a view, and to each snapshot the source that brought it first."""
    op.create_table(
        "retention_sizes",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_retention_sizes")),
    )
    op.create_table(
        "chores",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("last_at", sa.String(24), nullable=True),
        sa.Column("next_at", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chores")),
    )
    op.create_table(
        "maintenance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chore", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("freed", sa.BigInteger(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance")),
    )
    op.add_column("snapshots", sa.Column("source", sa.String(length=64), nullable=True))
    op.execute(
        sa.text(
            "UPDATE snapshots SET source = (SELECT e.source FROM exchanges e WHERE e.sha256 = snapshots.sha256"
            " AND e.sha256 IS NOT NULL ORDER BY e.id LIMIT 1)"
        )
    )
    kept = sa.text("removed_at IS NULL")
    columns = ["source", "stored_size", "removed_at"]
    op.create_index("ix_snapshots_kept", "snapshots", columns, unique=False, sqlite_where=kept, postgresql_where=kept)
    for name, query in V_0021.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
