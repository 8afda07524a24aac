"""Acts of the desk, and which sentences a correction puts right. An update may tell a version that was told before."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

NEVER_CHANGED = ("desk_acts", "replacements")
COLUMNS = "id, story, number, kind, reason, title, statement_id, revision_id, said_at, published_at, previous_hash, hash"


def upgrade() -> None:
    """Add the tables `desk_acts` and `replacements`, and `updates.desk_id`; what is told once, a partial index says."""
    _desk_acts()
    if op.get_bind().dialect.name == "sqlite":
        _updates_made_anew()  # SQLite cannot take a constraint away
    else:
        op.drop_constraint("uq_updates_story_revision_id", "updates", type_="unique")
        op.add_column("updates", sa.Column("desk_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_updates_desk_id"), "updates", "desk_acts", ["desk_id"], ["id"])
    once = sa.text("kind != 'withdrawn' AND desk_id IS NULL")
    columns = ["story", "revision_id"]
    op.create_index("uq_updates_story_revision_id", "updates", columns, unique=True, sqlite_where=once, postgresql_where=once)
    _replacements()
    for table in NEVER_CHANGED:
        (_refuse_on_postgresql if op.get_bind().dialect.name == "postgresql" else _refuse)(table)
    tallies = sa.table("tallies", sa.column("name"), sa.column("rows"), sa.column("digest"))
    op.bulk_insert(tallies, [{"name": "desk_acts", "rows": 0, "digest": "0" * 64}])


def _refuse(table: str) -> None:
    for what in ("UPDATE", "DELETE"):
        op.execute(
            sa.text(
                f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} BEGIN"
                f" SELECT RAISE(ABORT, '{table} are never changed'); END"
            )
        )


def _refuse_on_postgresql(table: str) -> None:
    for name, what, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT")):
        op.execute(
            sa.text(
                f"CREATE TRIGGER {table}_no_{name} BEFORE {what} ON {table} FOR EACH {each} EXECUTE FUNCTION never_changed()"
            )
        )


def _desk_acts() -> None:
    op.create_table(
        "desk_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("story", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("other", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_desk_acts_candidate_id")),
        sa.ForeignKeyConstraint(["other"], ["stories.key"], name=op.f("fk_desk_acts_other")),
        sa.ForeignKeyConstraint(["story"], ["stories.key"], name=op.f("fk_desk_acts_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_acts")),
    )
    op.create_index(op.f("ix_desk_acts_story_id"), "desk_acts", ["story", "id"], unique=False)


def _updates_made_anew() -> None:
    """The table with the same rows. Views are put away meanwhile: SQLite renames no table while one of them lacks its own.

    What refuses to change its rows goes with the old table, and is put back.
    """
    bind = op.get_bind()
    guards = (
        bind.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'updates'").scalars().all()
    )
    views = bind.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY rowid").all()
    for name, _ in views:
        bind.exec_driver_sql(f'DROP VIEW "{name}"')
    op.create_table(
        "updates_anew",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.String(24), nullable=False),
        sa.Column("published_at", sa.String(24), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["desk_id"], ["desk_acts.id"], name=op.f("fk_updates_desk_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_updates_revision_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_updates_statement_id")),
        sa.ForeignKeyConstraint(["story"], ["stories.key"], name=op.f("fk_updates_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
        sa.UniqueConstraint("story", "number", name=op.f("uq_updates_story_number")),
    )
    bind.exec_driver_sql(f"INSERT INTO updates_anew ({COLUMNS}) SELECT {COLUMNS} FROM updates")  # noqa: S608 - our own names
    bind.exec_driver_sql("DROP TABLE updates")
    bind.exec_driver_sql("ALTER TABLE updates_anew RENAME TO updates")
    op.create_index(op.f("ix_updates_statement_id"), "updates", ["statement_id"], unique=False)
    for sql in [*guards, *(sql for _, sql in views)]:
        bind.exec_driver_sql(sql)


def _replacements() -> None:
    op.create_table(
        "replacements",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("old_update_id", sa.Integer(), nullable=False),
        sa.Column("old_paragraph", sa.Integer(), nullable=False),
        sa.Column("old_position", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["old_update_id"], ["updates.id"], name=op.f("fk_replacements_old_update_id")),
        sa.ForeignKeyConstraint(["update_id"], ["updates.id"], name=op.f("fk_replacements_update_id")),
        sa.PrimaryKeyConstraint("update_id", "n", name=op.f("pk_replacements")),
    )
    op.create_index(op.f("ix_replacements_old_update_id"), "replacements", ["old_update_id"], unique=False)
