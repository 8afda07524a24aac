"""Which source a source stands in for while that one fails."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column to `sources`."""
    op.add_column("sources", sa.Column("instead_of", sa.String(64)))
