"""Whom to tell of updates: how far each was told, what waits for them and why, and what somebody did with it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add `recipient`, `bundle`, `next_try_at` and `dead_at` to `outbox`, and the tables `recipients` and `outbox_acts`."""
    for column in (
        sa.Column("recipient", sa.String(length=80), nullable=True),
        sa.Column("bundle", sa.Text(), nullable=True),
        sa.Column("next_try_at", sa.String(24), nullable=True),
        sa.Column("dead_at", sa.String(24), nullable=True),
    ):
        op.add_column("outbox", column)
    waits = sa.text("delivered_at IS NULL")
    op.create_index("ix_outbox_recipient", "outbox", ["recipient"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "recipients",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("rests_until", sa.String(24), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_recipients")),
    )
    op.create_table(
        "outbox_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name=op.f("fk_outbox_acts_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_acts")),
    )
    op.create_index(op.f("ix_outbox_acts_message_id"), "outbox_acts", ["message_id"], unique=False)
    tallies = sa.table("tallies", sa.column("name"), sa.column("rows"), sa.column("digest"))
    op.bulk_insert(tallies, [{"name": "outbox_acts", "rows": 0, "digest": "0" * 64}])
