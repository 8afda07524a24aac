"""Where the bands of new texts wait before they go to the large index, many at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add an empty table; what is in the index already stays where it is."""
    op.create_table(
        "near_fresh",
        sa.Column("level", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("band", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("period", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("revision_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("level", "band", "period", "revision_id", name=op.f("pk_near_fresh")),
        sqlite_with_rowid=False,
    )
