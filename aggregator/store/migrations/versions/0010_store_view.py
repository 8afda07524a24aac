"""Which store this is and how far it has come, for readers that follow it by SQL alone."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0010

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the view."""
    for name, query in V_0010.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
