"""The index of words, and what is stored already put into it.

The tables and the questions are spelled out here, as in every migration. The work is done by the functions that index each
new version, which take plain values and write to these tables alone. Should the index ever be laid out otherwise, its
migration makes it anew from `revisions`, and this one then only makes the tables.
"""

import sqlalchemy as sa
from alembic import op

from aggregator.store import fulltext, indexing

revision = "0007"
down_revision = "0006"
BATCH = 2_000  # versions

FOUND = sa.text(
    "SELECT r.id, r.statement_id, s.said_at, s.said_day, r.title, r.text, r.source, s.family, o.lane, r.language"
    " FROM revisions r JOIN statements s ON s.id = r.statement_id JOIN sources o ON o.key = r.source"
    " WHERE r.id > :after ORDER BY r.id LIMIT :most"
)


def upgrade() -> None:
    """Make the tables and the index, and fill them."""
    op.create_table(
        "search_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_search_rows_statement_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_search_rows_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_rows")),
    )
    op.create_index(op.f("ix_search_rows_statement_id"), "search_rows", ["statement_id"], unique=False)
    word = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "search_words",
        sa.Column("word", word, nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_words")),
    )
    tx = op.get_bind()
    fulltext.create(tx)
    after = 0
    while rows := tx.execute(FOUND, {"after": after, "most": BATCH}).all():
        indexing.add(tx, [indexing.Found(*row) for row in rows])
        after = rows[-1].id
    fulltext.settle(tx)
