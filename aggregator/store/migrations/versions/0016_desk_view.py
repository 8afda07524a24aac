"""The view of what the desk did."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0016

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the view `v1_desk_acts`, and an index by which the merges are found."""
    op.create_index(op.f("ix_desk_acts_other"), "desk_acts", ["other"], unique=False)
    for name, query in V_0016.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
