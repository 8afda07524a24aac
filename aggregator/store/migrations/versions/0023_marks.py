"""What later updates and the desk did to what is published, for programs; and the indexes by which it is found."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V_0023

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add the views `v1_marks`, `v2_updates` and `v2_stories`, and an index each on marks, updates and the lines of edits."""
    op.create_index(op.f("ix_edit_lines_source_line_at"), "edit_lines", ["source", "line", "at"], unique=False)
    op.create_index(op.f("ix_marks_by_update_id"), "marks", ["by_update_id"], unique=False)
    op.create_index(op.f("ix_updates_published_at"), "updates", ["published_at", "story", "number"], unique=False)
    for name, query in V_0023.items():
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))
