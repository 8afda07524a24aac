"""What each edit was, and the changed lines that may be a page's template."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0012

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the tables `edits` and `edit_lines`, the tally of the first, and its view. Earlier versions are not judged."""
    op.create_table(
        "edits",
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_edits_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_edits")),
    )
    op.create_table(
        "edit_lines",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_edit_lines_source")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_edit_lines_revision_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_edit_lines_statement_id")),
        sa.PrimaryKeyConstraint("source", "line", "revision_id", name=op.f("pk_edit_lines")),
    )
    op.create_index(op.f("ix_edit_lines_revision_id"), "edit_lines", ["revision_id"], unique=False)
    tallies = sa.table("tallies", sa.column("name"), sa.column("rows"), sa.column("digest"))
    op.bulk_insert(tallies, [{"name": "edits", "rows": 0, "digest": "0" * 64}])
    for name, query in V_0012.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
