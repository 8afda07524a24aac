"""What a replay needs beside the polls: which exchange belongs to which, every configuration, and the order of decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add a column to `exchanges`, the tables `configurations` and `steps`, and their tallies."""
    op.add_column("exchanges", sa.Column("poll_id", sa.Integer()))
    op.create_index(op.f("ix_exchanges_poll_id"), "exchanges", ["poll_id"], unique=False)
    op.create_table(
        "configurations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_configurations")),
    )
    op.create_table(
        "steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("after_poll", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("configuration_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_steps_candidate_id")),
        sa.ForeignKeyConstraint(["configuration_id"], ["configurations.id"], name=op.f("fk_steps_configuration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steps")),
    )
    tallies = sa.table("tallies", sa.column("name"), sa.column("rows"), sa.column("digest"))
    op.bulk_insert(tallies, [{"name": name, "rows": 0, "digest": "0" * 64} for name in ("configurations", "steps")])
