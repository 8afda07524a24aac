"""Which sources a story follows, what became of its picture, and whose picture it is."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the tables `followed` and `pictures`, and `stories.image_credit`. feeds.toml fills them at the next start."""
    op.add_column("stories", sa.Column("image_credit", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "followed",
        sa.Column("story", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_followed_source")),
        sa.ForeignKeyConstraint(["story"], ["stories.key"], name=op.f("fk_followed_story")),
        sa.PrimaryKeyConstraint("story", "source", name=op.f("pk_followed")),
    )
    op.create_table(
        "pictures",
        sa.Column("story", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.String(24), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["story"], ["stories.key"], name=op.f("fk_pictures_story")),
        sa.PrimaryKeyConstraint("story", name=op.f("pk_pictures")),
    )
