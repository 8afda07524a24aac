"""Sentences that the citation gate refused, and the answers of digest engines."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0015

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the tables `refusals` and `engine_answers`, their tallies, and the view of the first."""
    op.create_table(
        "refusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_refusals_candidate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusals")),
    )
    op.create_index(op.f("ix_refusals_candidate_id"), "refusals", ["candidate_id"], unique=False)
    op.create_table(
        "engine_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("input", sa.String(64), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_engine_answers_candidate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_answers")),
    )
    op.create_index(op.f("ix_engine_answers_candidate_id"), "engine_answers", ["candidate_id"], unique=False)
    op.create_index(op.f("ix_engine_answers_at"), "engine_answers", ["at"], unique=False)
    tallies = sa.table("tallies", sa.column("name"), sa.column("rows"), sa.column("digest"))
    op.bulk_insert(tallies, [{"name": name, "rows": 0, "digest": "0" * 64} for name in ("refusals", "engine_answers")])
    for name, query in V_0015.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
