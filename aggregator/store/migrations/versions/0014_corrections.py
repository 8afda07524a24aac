"""What each correction puts right, as a view; one version may correct what was told and add to it."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0014

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Let a version be told once and correct once, each by an index of its own; add the view `v1_corrections`."""
    op.drop_index("uq_updates_story_revision_id", "updates")
    told = sa.text("kind IN ('new', 'adds') AND desk_id IS NULL")
    corrects = sa.text("kind = 'corrected' AND desk_id IS NULL")
    for name, once in (("uq_updates_story_revision_id", told), ("uq_updates_corrected", corrects)):
        columns = ["story", "revision_id"]
        op.create_index(name, "updates", columns, unique=True, sqlite_where=once, postgresql_where=once)
    for name, query in V_0014.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
