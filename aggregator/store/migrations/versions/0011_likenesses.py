"""What new texts are like, the index by which that is found, and who made them.

The index is left empty here: `near.py` takes up the newest texts of a store in bounded steps when it is next written to, as it
does after every change of how texts are sketched.
"""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0011

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the tables `credits` and `likenesses` with their tallies, those of the index of what is near, and the views."""
    op.create_table(
        "credits",
        sa.Column("revision_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_credits_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_credits")),
    )
    op.create_table(
        "likenesses",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("other_revision_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("veto", sa.Text(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_likenesses_{column}"))
            for column, table in (
                ("revision_id", "revisions"),
                ("other_revision_id", "revisions"),
                ("statement_id", "statements"),
                ("other_id", "statements"),
            )
        ),
        sa.PrimaryKeyConstraint("revision_id", "other_revision_id", name=op.f("pk_likenesses")),
    )
    for column in ("statement_id", "other_id"):
        op.create_index(op.f(f"ix_likenesses_{column}"), "likenesses", [column], unique=False)
    op.create_table(
        "near_index",
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("todo_from", sa.Integer(), nullable=False),
        sa.Column("todo_to", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_near_index")),
    )
    op.create_table(
        "near_sketches",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("bands", sa.Integer(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_near_sketches_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "kind", name=op.f("pk_near_sketches")),
    )
    op.create_table(
        "near_bands",
        sa.Column("period", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("band", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("revision_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("period", "band", "revision_id", name=op.f("pk_near_bands")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "near_languages",
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.PrimaryKeyConstraint("language", name=op.f("pk_near_languages")),
    )
    tallies = sa.table("tallies", sa.column("name"), sa.column("rows"), sa.column("digest"))
    op.bulk_insert(tallies, [{"name": name, "rows": 0, "digest": "0" * 64} for name in ("credits", "likenesses")])
    for name, query in V_0011.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
