"""What polite fetching remembers of each source, and every exchange as data."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0002

revision = "0002"
down_revision = "0001"


def _remembered() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("bodies", sa.JSON()),
        sa.Column("fresh_until", sa.String(24)),
        sa.Column("stale_until", sa.String(24)),
        sa.Column("variant", sa.Text(), nullable=False, server_default=""),
        sa.Column("moved_to", sa.Text()),
        sa.Column("window_s", sa.Integer()),
        sa.Column("listed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("fresh", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ttl_s", sa.Integer()),
        sa.Column("arrivals", sa.JSON()),
        sa.Column("plan", sa.Text(), nullable=False, server_default=""),
    )


def upgrade() -> None:
    """Add the columns to `sources`, and the table `exchanges`."""
    for column in _remembered():
        op.add_column("sources", column)
    op.create_table(
        "exchanges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_exchanges_source")),
        sa.ForeignKeyConstraint(["sha256"], ["snapshots.sha256"], name=op.f("fk_exchanges_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
    )
    op.create_index(op.f("ix_exchanges_source_at"), "exchanges", ["source", "at"], unique=False)
    for name, query in V_0002.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
    op.create_index("ix_listings_source_first_seen_at", "listings", ["source", "first_seen_at"], unique=False)
