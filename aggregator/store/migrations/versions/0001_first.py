"""The first schema: every table spelled out as it was, and the views of version 1."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.views import V1

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, then the views."""
    for make in (
        _changes,
        _outbox,
        _snapshots,
        _sources,
        _stories,
        _captures,
        _statements,
        _listings,
        _polls,
        _revisions,
        _candidates,
        _drops,
        _updates,
        _attributions,
        _citations,
        _corroborations,
        _marks,
        _sentences,
    ):
        make()
    for name, query in V1.items():  # a view of version 1 is never changed, so it can be named here
        op.execute(sa.text(f"CREATE VIEW {name} AS {query}"))


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.String(24), nullable=False),
        sa.Column("delivered_at", sa.String(24), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_delivered_at"), "outbox", ["delivered_at"], unique=False)


def _snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_size", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_snapshots")),
    )


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("homepage", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", sa.String(24), nullable=False),
        sa.Column("next_poll_at", sa.String(24), nullable=False),
        sa.Column("last_poll_at", sa.String(24), nullable=True),
        sa.Column("last_change_at", sa.String(24), nullable=True),
        sa.Column("last_outcome", sa.String(length=16), nullable=True),
        sa.Column("last_reason", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("built_at", sa.String(24), nullable=True),
        sa.Column("body_sha256", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sources")),
    )
    op.create_index(op.f("ix_sources_active_next_poll_at"), "sources", ["active", "next_poll_at"], unique=False)


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("image_alt", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("from_at", sa.String(24), nullable=False),
        sa.Column("until_at", sa.String(24), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.String(24), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stories")),
    )


def _captures() -> None:
    op.create_table(
        "captures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("transport", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["snapshots.sha256"], name=op.f("fk_captures_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captures")),
    )
    op.create_index(op.f("ix_captures_sha256"), "captures", ["sha256"], unique=False)


def _statements() -> None:
    op.create_table(
        "statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("said_at", sa.String(24), nullable=False),
        sa.Column("said_written", sa.Text(), nullable=False),
        sa.Column("zone_known", sa.String(length=8), nullable=False),
        sa.Column("first_seen_at", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_statements_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
    )
    op.create_index(op.f("ix_statements_family_url"), "statements", ["family", "url"], unique=False)
    op.create_index(op.f("ix_statements_said_at"), "statements", ["said_at"], unique=False)


def _listings() -> None:
    op.create_table(
        "listings",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("raw", sa.String(length=64), nullable=False),
        sa.Column("mirrors", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_listings_source")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_listings_statement_id")),
        sa.PrimaryKeyConstraint("source", "entry_id", name=op.f("pk_listings")),
    )
    op.create_index(op.f("ix_listings_entry_id"), "listings", ["entry_id"], unique=False)
    op.create_index(op.f("ix_listings_statement_id"), "listings", ["statement_id"], unique=False)


def _polls() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("capture_id", sa.Integer(), nullable=True),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.id"], name=op.f("fk_polls_capture_id")),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_polls_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
    )
    op.create_index(op.f("ix_polls_source_at"), "polls", ["source", "at"], unique=False)


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("body_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.String(24), nullable=False),
        sa.Column("built_at", sa.String(24), nullable=True),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.id"], name=op.f("fk_revisions_capture_id")),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_revisions_source")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_revisions_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("statement_id", "language", "number", name=op.f("uq_revisions_statement_id_language_number")),
    )
    op.create_index(op.f("ix_revisions_body_fingerprint"), "revisions", ["body_fingerprint"], unique=False)


def _candidates() -> None:
    op.create_table(
        "candidates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story", sa.String(length=64), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("said_at", sa.String(24), nullable=False),
        sa.Column("seen_at", sa.String(24), nullable=False),
        sa.Column("settles_at", sa.String(24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_candidates_revision_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_candidates_statement_id")),
        sa.ForeignKeyConstraint(["story"], ["stories.key"], name=op.f("fk_candidates_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("story", "revision_id", name=op.f("uq_candidates_story_revision_id")),
    )
    op.create_index(op.f("ix_candidates_state_settles_at"), "candidates", ["state", "settles_at"], unique=False)
    op.create_index(op.f("ix_candidates_statement_id"), "candidates", ["statement_id"], unique=False)


def _drops() -> None:
    op.create_table(
        "drops",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_drops_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drops")),
    )
    op.create_index(op.f("ix_drops_poll_id"), "drops", ["poll_id"], unique=False)


def _updates() -> None:
    op.create_table(
        "updates",
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
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_updates_revision_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_updates_statement_id")),
        sa.ForeignKeyConstraint(["story"], ["stories.key"], name=op.f("fk_updates_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
        sa.UniqueConstraint("story", "number", name=op.f("uq_updates_story_number")),
        sa.UniqueConstraint("story", "revision_id", name=op.f("uq_updates_story_revision_id")),
    )
    op.create_index(op.f("ix_updates_statement_id"), "updates", ["statement_id"], unique=False)


def _attributions() -> None:
    op.create_table(
        "attributions",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_attributions_source")),
        sa.ForeignKeyConstraint(["update_id"], ["updates.id"], name=op.f("fk_attributions_update_id")),
        sa.PrimaryKeyConstraint("update_id", "position", name=op.f("pk_attributions")),
    )


def _citations() -> None:
    op.create_table(
        "citations",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_citations_revision_id")),
        sa.ForeignKeyConstraint(["update_id"], ["updates.id"], name=op.f("fk_citations_update_id")),
        sa.PrimaryKeyConstraint("update_id", "paragraph", "position", "n", name=op.f("pk_citations")),
    )
    op.create_index(op.f("ix_citations_revision_id"), "citations", ["revision_id"], unique=False)


def _corroborations() -> None:
    op.create_table(
        "corroborations",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_corroborations_statement_id")),
        sa.ForeignKeyConstraint(["update_id"], ["updates.id"], name=op.f("fk_corroborations_update_id")),
        sa.UniqueConstraint("update_id", "statement_id", name=op.f("uq_corroborations_update_id_statement_id")),
    )


def _marks() -> None:
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("by_update_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["by_update_id"], ["updates.id"], name=op.f("fk_marks_by_update_id")),
        sa.ForeignKeyConstraint(["update_id"], ["updates.id"], name=op.f("fk_marks_update_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
    )
    op.create_index(op.f("ix_marks_update_id"), "marks", ["update_id"], unique=False)


def _sentences() -> None:
    op.create_table(
        "sentences",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["update_id"], ["updates.id"], name=op.f("fk_sentences_update_id")),
        sa.PrimaryKeyConstraint("update_id", "paragraph", "position", name=op.f("pk_sentences")),
    )
