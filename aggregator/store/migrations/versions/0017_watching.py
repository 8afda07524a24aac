"""Pages of what is told that are looked at again, what sources say of changes and of taking back, and what they took back."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0017

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the tables `watches`, `source_notes` and `takebacks`, their tallies, `sources.watch_at`, and a view.

    What was told before is watched from the next update on that tells it.
    """
    op.add_column("sources", sa.Column("watch_at", sa.String(24), nullable=True))
    _watches()
    _source_notes()
    _takebacks()
    tallies = sa.table("tallies", sa.column("name"), sa.column("rows"), sa.column("digest"))
    names = ("watches", "source_notes", "takebacks")
    op.bulk_insert(tallies, [{"name": name, "rows": 0, "digest": "0" * 64} for name in names])
    for name, query in V_0017.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))


def _watches() -> None:
    op.create_table(
        "watches",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("from_at", sa.String(24), nullable=False),
        sa.Column("next_at", sa.String(24), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_at", sa.String(24), nullable=True),
        sa.Column("said", sa.Text(), nullable=False, server_default=""),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("variant", sa.Text(), nullable=False, server_default=""),
        sa.Column("body_sha256", sa.String(64), nullable=True),
        sa.Column("good_at", sa.String(24), nullable=True),
        sa.Column("good_url", sa.Text(), nullable=False, server_default=""),
        sa.Column("gone_times", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("gone_from", sa.String(24), nullable=True),
        sa.Column("gone_last", sa.String(24), nullable=True),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_watches_source")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_watches_statement_id")),
        sa.PrimaryKeyConstraint("source", "entry_id", name=op.f("pk_watches")),
    )
    op.create_index(op.f("ix_watches_statement_id"), "watches", ["statement_id"], unique=False)
    op.create_index(op.f("ix_watches_source_next_at"), "watches", ["source", "next_at"], unique=False)


def _source_notes() -> None:
    op.create_table(
        "source_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_source_notes_source")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_source_notes_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_notes")),
    )
    op.create_index(op.f("ix_source_notes_statement_id"), "source_notes", ["statement_id"], unique=False)


def _takebacks() -> None:
    op.create_table(
        "takebacks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("story", sa.String(length=64), nullable=True),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("settles_at", sa.String(24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("ended_at", sa.String(24), nullable=True),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_takebacks_source")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_takebacks_statement_id")),
        sa.ForeignKeyConstraint(["story"], ["stories.key"], name=op.f("fk_takebacks_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takebacks")),
    )
    op.create_index(op.f("ix_takebacks_statement_id"), "takebacks", ["statement_id"], unique=False)
    op.create_index(op.f("ix_takebacks_state_settles_at"), "takebacks", ["state", "settles_at"], unique=False)
