"""What is known of how complete each source is, and what it may have said that is not stored."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0020

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the table `gaps` with its tally and a view, and nine columns of `sources`, which the next polls fill."""
    for column in (
        sa.Column("answered_at", sa.String(24), nullable=True),
        sa.Column("newest_at", sa.String(24), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=True),
        sa.Column("filled", sa.JSON(), nullable=True),
        sa.Column("read_by", sa.String(length=12), nullable=False, server_default=""),
        sa.Column("reached", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("clock_s", sa.Integer(), nullable=True),
        sa.Column("certificate_until", sa.String(24), nullable=True),
        sa.Column("open_gaps", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("sources", column)
    op.create_table(
        "gaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.String(24), nullable=False),
        sa.Column("from_at", sa.String(24), nullable=False),
        sa.Column("to_at", sa.String(24), nullable=True),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("after_entry", sa.Text(), nullable=False),
        sa.Column("before_entry", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.String(24), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_gaps_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
    )
    op.create_index(op.f("ix_gaps_source_opened_at"), "gaps", ["source", "opened_at"], unique=False)
    op.create_index(op.f("ix_gaps_closed_at"), "gaps", ["closed_at"], unique=False)
    is_open = sa.text("closed_at IS NULL")
    op.create_index("ix_gaps_open", "gaps", ["source"], unique=False, sqlite_where=is_open, postgresql_where=is_open)
    tallies = sa.table("tallies", sa.column("name"), sa.column("rows"), sa.column("digest"))
    op.bulk_insert(tallies, [{"name": "gaps", "rows": 0, "digest": "0" * 64}])
    for name, query in V_0020.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
