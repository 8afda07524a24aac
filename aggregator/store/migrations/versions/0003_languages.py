"""How finely a time is known, when a source says that it changed something, and what pairs the languages of a statement."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0003

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns and an index to `statements`, the table `addresses`, and the view."""
    for column in (
        sa.Column("said_day", sa.String(length=10), nullable=False, server_default=""),
        sa.Column("updated_at", sa.String(24)),
        sa.Column("updated_written", sa.Text(), nullable=False, server_default=""),
        sa.Column("reference", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("statements", column)
    op.create_index(op.f("ix_statements_family_reference"), "statements", ["family", "reference"], unique=False)
    op.create_table(
        "addresses",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_addresses_statement_id")),
        sa.PrimaryKeyConstraint("statement_id", "url", "claimed", name=op.f("pk_addresses")),
    )
    op.create_index(op.f("ix_addresses_family_url"), "addresses", ["family", "url"], unique=False)
    for name, query in V_0003.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
