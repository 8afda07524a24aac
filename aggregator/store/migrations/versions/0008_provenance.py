"""Which bytes a revision was read from, how long they are kept, and tables whose rows nobody changes."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0008

revision = "0008"
down_revision = "0007"

NEVER_CHANGED = ("captures", "revisions", "updates", "sentences", "citations", "attributions")


def upgrade() -> None:
    """Add what retention needs, the views, and the triggers that refuse to change or remove what was said."""
    op.add_column("snapshots", sa.Column("removed_at", sa.String(24)))
    op.create_table(
        "retention",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_retention_source")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_retention")),
    )
    op.create_table(
        "retention_queue",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("look_at", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["snapshots.sha256"], name=op.f("fk_retention_queue_sha256")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_retention_queue")),
    )
    op.create_index(op.f("ix_retention_queue_look_at"), "retention_queue", ["look_at"], unique=False)
    op.create_index(op.f("ix_revisions_capture_id"), "revisions", ["capture_id"], unique=False)
    has_body = sa.text("sha256 IS NOT NULL")
    op.create_index(
        "ix_exchanges_sha256_id", "exchanges", ["sha256", "id"], unique=False, sqlite_where=has_body, postgresql_where=has_body
    )
    for name, query in V_0008.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
    (_refuse_on_postgresql if op.get_bind().dialect.name == "postgresql" else _refuse)()


def _refuse() -> None:
    for table in NEVER_CHANGED:
        for what in ("UPDATE", "DELETE"):
            op.execute(
                sa.text(
                    f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} BEGIN"
                    f" SELECT RAISE(ABORT, '{table} are never changed'); END"
                )
            )


def _refuse_on_postgresql() -> None:
    op.execute(
        sa.text(
            "CREATE FUNCTION never_changed() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION '% are never changed', TG_TABLE_NAME; END $$"
        )
    )
    for table in NEVER_CHANGED:
        op.execute(
            sa.text(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION never_changed()"
            )
        )
        op.execute(
            sa.text(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION never_changed()"
            )
        )
