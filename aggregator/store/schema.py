"""The tables, in SQLAlchemy Core. Downstream programs read the views of `views.py`, never these.

Every time is UTC text of one width, `2022-02-24T03:24:43.000Z`: it sorts as it reads, on every database and in every tool.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    true,
)

SHA256 = String(64)  # in hex


def _seal() -> Column[str]:
    """Over the columns that never change (`seals.py`). "": not sealed, which `aggregator verify` finds."""
    return Column("seal", SHA256, nullable=False, server_default="")


@lru_cache(maxsize=512)  # most rows of a poll share a few moments
def utc_text(moment: datetime) -> str:
    """An aware time as the store writes it: UTC, milliseconds, `Z`. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no zone: only aware times are stored")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z"


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime in Python, fixed-width ISO 8601 text in the database."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the base class names it
        return None if value is None else utc_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base class names it
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _fk(target: str, *, name: str, null: bool = False, index: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey(target), nullable=null, index=index)


def _partial(name: str, *columns: Column[Any], where: ColumnElement[bool], unique: bool = False) -> None:
    """An index of some rows alone: PostgreSQL has the same, from the migrations, which make all tables. Its option is not said
    here, as SQLAlchemy would import all that it knows of PostgreSQL, in every process, to look whether it has that option."""
    Index(name, *columns, unique=unique, sqlite_where=where)


def _source(*, primary_key: bool = False) -> Column[str]:
    return Column("source", String(64), ForeignKey("sources.key"), primary_key=primary_key, nullable=False)


identity = Table("identity", metadata, Column("id", String(36), primary_key=True))  # one row: a UUID made with the store

sources = Table(
    "sources",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("url", Text, nullable=False),
    Column("family", String(64), nullable=False),
    Column("lane", String(16), nullable=False),
    Column("language", String(35), nullable=False),
    Column("homepage", Text, nullable=False),
    Column("active", Boolean, nullable=False),  # in feeds.toml and enabled
    Column("first_seen_at", UtcTime, nullable=False),
    Column("next_poll_at", UtcTime, nullable=False),
    Column("last_poll_at", UtcTime),
    Column("last_change_at", UtcTime),
    Column("last_outcome", String(16)),
    Column("last_reason", Text),
    Column("failures", Integer, nullable=False, default=0),  # in a row
    Column("etag", Text),
    Column("last_modified", Text),
    Column("built_at", UtcTime),  # the newest time that the source gave a copy of its listing
    Column("body_sha256", SHA256),  # of the last good body
    Column("bodies", JSON),  # hashes of the last good bodies, newest first
    Column("fresh_until", UtcTime),  # by Cache-Control or Expires: no question is needed before
    Column("stale_until", UtcTime),  # by stale-if-error: until then a failure of the server slows nothing down
    Column("variant", Text, nullable=False, server_default=""),  # which variant (Vary) the validators belong to
    Column("moved_to", Text),  # where permanent redirects lead
    Column("window_s", Integer),  # seconds between the oldest and the newest entry of the last listing
    Column("listed", Integer, nullable=False, server_default="0"),  # entries of the last listing
    Column("fresh", Integer, nullable=False, server_default="0"),  # of these, how many were new or revised
    Column("ttl_s", Integer),  # seconds that the feed itself asks us to wait
    Column("arrivals", JSON),  # epoch seconds at which entries were first seen, newest first
    Column("plan", Text, nullable=False, server_default=""),  # why the next poll is when it is
    Column("instead_of", String(64)),  # the source that it stands in for; NULL: it speaks for itself
    Column("watch_at", UtcTime),  # when the first page is due that is looked at again; NULL: none
    Column("answered_at", UtcTime),  # when it was last asked and gave its listing, or said that it had not changed
    Column("newest_at", UtcTime),  # the newest time that it gave an entry
    Column("marks", JSON),  # by which its newest entries are known again (`fetch/reach.py`), newest first
    Column("filled", JSON),  # of the last listing: in how many lines each field holds something
    Column("read_by", String(12), nullable=False, server_default=""),  # the rules that it was read by, as a hash
    Column("reached", Boolean, nullable=False, server_default=true()),  # the last listing reached back to what was known
    Column("clock_s", Integer),  # by how many seconds its clock was ahead of ours
    Column("certificate_until", UtcTime),  # when the certificate of its server ends
    Column("open_gaps", Text, nullable=False, server_default=""),  # the kinds of its gaps that are open, between spaces
    _seal(),
    Index(None, "active", "next_poll_at"),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("sha256", SHA256, primary_key=True),
    Column("size", Integer, nullable=False),  # bytes as received, after decompression
    Column("stored_size", Integer, nullable=False),  # bytes on disk
    Column("stored_crc32", BigInteger),  # of the bytes on disk; NULL: stored before this was noted
    Column("first_at", UtcTime, nullable=False),
    Column("removed_at", UtcTime),  # when retention gave the bytes up, or there was no room for them; NULL: they are kept
    Column("source", String(64)),  # that brought them, and whose size they count in; no foreign key: as `exchanges.poll_id`
    _seal(),
)
# What is kept, and how much that is: asked of this index alone.
_is_kept = snapshots.c.removed_at.is_(None)
_size = (snapshots.c.source, snapshots.c.stored_size, snapshots.c.removed_at)  # the last, so that SQLite looks at no row
_partial("ix_snapshots_kept", *_size, where=_is_kept)

captures = Table(  # one answer with a body: which bytes came from where, when and how
    "captures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", SHA256, ForeignKey("snapshots.sha256"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("transport", String(8), nullable=False),  # "tls" or "none": no transport integrity
    _seal(),
)

exchanges = Table(  # every request with what it came to, each hop of a redirect and each robots.txt too
    "exchanges",
    metadata,
    Column("id", Integer, primary_key=True),
    _source(),
    Column("at", UtcTime, nullable=False),  # when the request was sent
    Column("ms", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("request", JSON, nullable=False),  # headers as sent
    Column("status", Integer),  # NULL: no answer
    Column("headers", JSON, nullable=False),  # of the answer, without secrets
    Column("sha256", SHA256, ForeignKey("snapshots.sha256")),  # of the body; NULL: none
    Column("error", Text, nullable=False),
    Column("poll_id", Integer, index=True),  # of which poll; no foreign key: SQLite adds no such column to a table
    _seal(),
    Index(None, "source", "at"),
)
# Not for the many without a body.
_has_body = exchanges.c.sha256.is_not(None)
_partial("ix_exchanges_sha256_id", exchanges.c.sha256, exchanges.c.id, where=_has_body)

retention = Table(  # up to which of its exchanges each source's snapshots were looked at, because they are old enough
    "retention",
    metadata,
    _source(primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("exchange_id", Integer, nullable=False),  # of those at that moment, the last one
)

retention_queue = Table(  # snapshots to be looked at again, or of which the file is still to be removed
    "retention_queue",
    metadata,
    Column("sha256", SHA256, ForeignKey("snapshots.sha256"), primary_key=True),
    Column("look_at", UtcTime, nullable=False, index=True),
)

retention_sizes = Table(  # up to which request bytes were given up because of all that is kept there is too much
    "retention_sizes",
    metadata,
    Column("key", String(64), primary_key=True),  # a source whose size is limited; "": all of them
    Column("at", UtcTime, nullable=False),  # of the last one that was looked at
    Column("exchange_id", Integer, nullable=False),
)

chores = Table(  # what the service does for its store by and by, and when next: a restart does not begin anew
    "chores",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("last_at", UtcTime),  # when it was done last; NULL: never
    Column("next_at", UtcTime, nullable=False),
)

maintenance = Table(  # what was done for the store: the newest entries alone are kept
    "maintenance",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chore", String(32), nullable=False),
    Column("at", UtcTime, nullable=False),  # when it was begun
    Column("ms", Integer, nullable=False),
    Column("freed", BigInteger, nullable=False),  # bytes of the disk
    Column("says", Text, nullable=False),  # what was done, in a sentence
    Column("failed", Boolean, nullable=False),
)

polls = Table(
    "polls",
    metadata,
    Column("id", Integer, primary_key=True),
    _source(),
    Column("at", UtcTime, nullable=False),
    Column("ms", Integer, nullable=False),  # until the whole answer was there
    Column("outcome", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", Integer),
    _fk("captures.id", name="capture_id", null=True),
    Column("listed", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("revised", Integer, nullable=False),
    Column("duplicate", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("dropped", Integer, nullable=False),
    _seal(),
    Index(None, "source", "at"),
)

drops = Table(  # each dropped line of a poll, with its reason
    "drops",
    metadata,
    Column("id", Integer, primary_key=True),
    _fk("polls.id", name="poll_id", index=True),
    Column("ref", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

gaps = Table(  # what a source may have said that is not stored
    "gaps",
    metadata,
    Column("id", Integer, primary_key=True),
    _source(),
    Column("kind", String(16), nullable=False),  # `model.GapKind`
    Column("opened_at", UtcTime, nullable=False),  # at this poll of the source
    Column("from_at", UtcTime, nullable=False),  # up to here all is known
    Column("to_at", UtcTime),  # and from here on; NULL: from when it was closed
    Column("says", Text, nullable=False),  # what may be missing, in words
    Column("after_entry", Text, nullable=False),  # the id of the newest entry that was known; "" where that says nothing
    Column("before_entry", Text, nullable=False),  # and that of the oldest one that was not
    Column("closed_at", UtcTime),  # NULL: it is open
    Column("closed_by", Text, nullable=False, server_default=""),  # in words: why nothing is missing, or no longer
    _seal(),
    Index(None, "source", "opened_at"),
)
_is_open = gaps.c.closed_at.is_(None)
_partial("ix_gaps_open", gaps.c.source, where=_is_open)
Index(None, gaps.c.closed_at)

statements = Table(
    "statements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("family", String(64), nullable=False),
    _source(),  # the first that listed it
    Column("url", Text, nullable=False),  # canonical; "" where none is known
    Column("said_at", UtcTime, nullable=False, index=True),
    Column("said_written", Text, nullable=False),
    Column("zone_known", String(8), nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("said_day", String(10), nullable=False, server_default=""),  # ISO date where only the day is known; else ""
    Column("updated_at", UtcTime),  # when the source says that the newest version of it was changed
    Column("updated_written", Text, nullable=False, server_default=""),
    Column("reference", Text, nullable=False, server_default=""),  # the source's own number; "" where none is known
    _seal(),
    Index(None, "family", "url"),
    Index(None, "family", "reference"),
)

addresses = Table(  # further canonical addresses of a statement: of its versions in other languages
    "addresses",
    metadata,
    Column("statement_id", Integer, ForeignKey("statements.id"), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("claimed", Boolean, primary_key=True),  # true: a version of it names this address; false: it was listed there
    Column("family", String(64), nullable=False),
    _seal(),
    Index(None, "family", "url"),
)

listings = Table(  # which source lists a statement, under which id
    "listings",
    metadata,
    _source(primary_key=True),
    Column("entry_id", Text, primary_key=True),
    _fk("statements.id", name="statement_id", index=True),
    Column("url", Text, nullable=False),  # as the source wrote it
    Column("raw", SHA256, nullable=False),  # of the line as listed: equal means nothing to read
    Column("mirrors", Boolean, nullable=False),  # carries the statement's own text, so that a change of it is an edit
    Column("first_seen_at", UtcTime, nullable=False),
    _seal(),
    Index(None, "entry_id"),
    Index("ix_listings_source_first_seen_at", "source", "first_seen_at"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    _fk("statements.id", name="statement_id"),
    Column("number", Integer, nullable=False),  # 1, 2, 3 … per statement and language
    Column("language", String(35), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),  # paragraphs parted by a blank line
    Column("html", Text, nullable=False),  # sanitised
    Column("fingerprint", SHA256, nullable=False),  # of title and text, typography aside
    Column("body_fingerprint", SHA256, nullable=False, index=True),  # of the text alone
    Column("seen_at", UtcTime, nullable=False),
    Column("built_at", UtcTime),  # what the listing said of its own age
    _source(),
    _fk("captures.id", name="capture_id", null=True, index=True),  # of the answer that the text was read from
    _seal(),
    UniqueConstraint("statement_id", "language", "number"),
)

edits = Table(  # what each next version of a text in one language changed, judged when it was stored
    "edits",
    metadata,
    Column("revision_id", Integer, ForeignKey("revisions.id"), primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),  # format, typo, figure, addition, removal, rewording
    Column("says", Text, nullable=False),  # in one sentence
    _seal(),
)

edit_lines = Table(  # changed lines that may be the page's template: the same ones on many pages of a source at once are
    "edit_lines",
    metadata,
    _source(primary_key=True),
    Column("line", BigInteger, primary_key=True, autoincrement=False),  # its key, see `stories/pages.py`
    Column("revision_id", Integer, ForeignKey("revisions.id"), primary_key=True, index=True),
    Column("statement_id", Integer, ForeignKey("statements.id"), nullable=False),
    Column("at", UtcTime, nullable=False),  # when the version was seen
    Index(None, "source", "line", "at"),  # some lines come and go with every look at a page
)

search_rows = Table(  # a place in time of each version of a statement, for the index of words: see `indexing.py`
    "search_rows",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    _fk("statements.id", name="statement_id", index=True),
    _fk("revisions.id", name="revision_id"),
)

search_words = Table(  # every word that the index holds, for the beginnings of words
    "search_words",
    metadata,
    Column("word", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True),  # sorts by its letters' numbers
)

credit_lines = Table(  # who made a version, where its page says so beside the text
    "credits",
    metadata,
    Column("revision_id", Integer, ForeignKey("revisions.id"), primary_key=True, autoincrement=False),
    Column("credit", Text, nullable=False),
    _seal(),
)

likenesses = Table(  # what a new version was held against when it came, and what came of it
    "likenesses",
    metadata,
    Column("revision_id", Integer, ForeignKey("revisions.id"), primary_key=True),
    Column("other_revision_id", Integer, ForeignKey("revisions.id"), primary_key=True),  # was there before
    _fk("statements.id", name="statement_id", index=True),
    _fk("statements.id", name="other_id", index=True),  # of the other version; never the same statement
    Column("kind", String(16), nullable=False),  # copy, translation, vetoed
    Column("evidence", Text, nullable=False),  # in words: what speaks for it
    Column("veto", Text, nullable=False),  # in words: what forbids it; "" where nothing does
    Column("at", UtcTime, nullable=False),
    _seal(),
)

near_index = Table(  # one row: by which version of the judgement the index of what is near was made, and what it lacks
    "near_index",
    metadata,
    Column("version", String(32), primary_key=True),
    Column("todo_from", Integer, nullable=False),  # versions of these numbers, both included, are still to be taken up
    Column("todo_to", Integer, nullable=False),
)

near_sketches = Table(  # what is held against a new text, in place of the text itself
    "near_sketches",
    metadata,
    Column("revision_id", Integer, ForeignKey("revisions.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),  # copies, languages
    Column("bands", Integer, nullable=False),  # how many rows of `near_bands` and `near_fresh` lead here
    Column("sketch", LargeBinary, nullable=False),
)

near_bands = Table(  # by which a text is found: two that share a band may be near
    "near_bands",
    metadata,
    Column("period", Integer, primary_key=True, autoincrement=False),  # when it was said: what is read together lies together
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("revision_id", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

near_fresh = Table(  # bands that wait to be put there, many at a time: see `store.near_fresh`
    "near_fresh",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("revision_id", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

near_languages = Table(  # of which the index of what is near holds texts
    "near_languages",
    metadata,
    Column("language", String(35), primary_key=True),
)

stories = Table(
    "stories",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("language", String(35), nullable=False),
    Column("image", Text, nullable=False),
    Column("image_alt", Text, nullable=False),
    Column("terms", JSON, nullable=False),
    Column("from_at", UtcTime, nullable=False),
    Column("until_at", UtcTime),  # the first moment outside
    Column("active", Boolean, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("last_number", Integer, nullable=False, default=0),
    Column("head", SHA256, nullable=False, default=""),  # hash of the newest update
    Column("image_credit", Text, nullable=False, server_default=""),
    _seal(),
)

followed = Table(  # which sources a story follows, where feeds.toml names sources or lanes for it; else it follows all
    "followed",
    metadata,
    Column("story", String(64), ForeignKey("stories.key"), primary_key=True),
    _source(primary_key=True),
)

pictures = Table(  # what became of each story's picture: it is fetched once, and again only where its address changes
    "pictures",
    metadata,
    Column("story", String(64), ForeignKey("stories.key"), primary_key=True),
    Column("url", Text, nullable=False),  # that was asked
    Column("at", UtcTime, nullable=False),  # when it was asked last
    Column("failures", Integer, nullable=False),  # in a row
    Column("next_at", UtcTime),  # when it is asked again; NULL: never
    Column("sha256", SHA256, nullable=False),  # of the copy; "": none
    Column("width", Integer, nullable=False),  # of the copy, in pixels
    Column("height", Integer, nullable=False),
    Column("why", Text, nullable=False),  # there is no copy
)


def _story() -> Column[str]:
    return Column("story", String(64), ForeignKey("stories.key"), nullable=False)


candidates = Table(
    "candidates",
    metadata,
    Column("id", Integer, primary_key=True),
    _story(),
    _fk("statements.id", name="statement_id", index=True),
    _fk("revisions.id", name="revision_id"),
    Column("why", Text, nullable=False),  # in words: what of the terms stands where
    Column("said_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("settles_at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, published, set_aside
    Column("note", Text, nullable=False, default=""),  # why it was set aside
    _seal(),
    UniqueConstraint("story", "revision_id"),
    Index(None, "state", "settles_at"),
)

desk_acts = Table(  # what somebody at the desk did
    "desk_acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),  # `model.DeskKind`
    Column("at", UtcTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    _story(),
    Column("number", Integer),  # the update that it speaks of
    _fk("candidates.id", name="candidate_id", null=True),  # that was held or released
    Column("other", String(64), ForeignKey("stories.key"), index=True),  # the story that goes on, of a merge
    Column("detail", JSON, nullable=False),  # what else the act says, by its kind
    _seal(),
    Index(None, "story", "id"),
)

updates = Table(
    "updates",
    metadata,
    Column("id", Integer, primary_key=True),
    _story(),
    Column("number", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("title", Text, nullable=False),
    _fk("statements.id", name="statement_id", index=True),
    _fk("revisions.id", name="revision_id"),
    Column("said_at", UtcTime, nullable=False),
    Column("published_at", UtcTime, nullable=False),
    Column("previous_hash", SHA256, nullable=False),
    Column("hash", SHA256, nullable=False),
    _fk("desk_acts.id", name="desk_id", null=True),  # the act of the desk that made it
    UniqueConstraint("story", "number"),
    Index("ix_updates_published_at", "published_at", "story", "number"),
)


def by_itself() -> ColumnElement[bool]:
    """That an update tells what a source said, and neither takes back nor was made by the desk."""
    return (updates.c.kind != "withdrawn") & updates.c.desk_id.is_(None)


# A version is told once, and once as a correction; it is taken back, or put right by the desk, as often as that happens.
_by_a_source = updates.c.desk_id.is_(None)
_told_once = updates.c.kind.in_(["new", "adds"]) & _by_a_source
_corrects_once = (updates.c.kind == "corrected") & _by_a_source
for _name, _once in (("uq_updates_story_revision_id", _told_once), ("uq_updates_corrected", _corrects_once)):
    _partial(_name, updates.c.story, updates.c.revision_id, where=_once, unique=True)

replacements = Table(  # which sentences of earlier updates an update corrects, in its order
    "replacements",
    metadata,
    Column("update_id", Integer, ForeignKey("updates.id"), primary_key=True),
    Column("n", Integer, primary_key=True),  # from 1
    _fk("updates.id", name="old_update_id", index=True),
    Column("old_paragraph", Integer, nullable=False),
    Column("old_position", Integer, nullable=False),
    Column("paragraph", Integer),  # where what stands in its place stands in the update; NULL: it was taken out
    Column("position", Integer),
)

sentences = Table(
    "sentences",
    metadata,
    Column("update_id", Integer, ForeignKey("updates.id"), primary_key=True),
    Column("paragraph", Integer, primary_key=True),  # from 1
    Column("position", Integer, primary_key=True),  # from 1 in its paragraph
    Column("text", Text, nullable=False),
)

citations = Table(
    "citations",
    metadata,
    Column("update_id", Integer, ForeignKey("updates.id"), primary_key=True),
    Column("paragraph", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("n", Integer, primary_key=True),  # from 1 in its sentence
    _fk("revisions.id", name="revision_id", index=True),
    Column("start", Integer, nullable=False),  # in characters of the revision's text
    Column("end", Integer, nullable=False),
)

attributions = Table(
    "attributions",
    metadata,
    Column("update_id", Integer, ForeignKey("updates.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    _source(),
)

marks = Table(  # beside a published update, which itself stays as it was
    "marks",
    metadata,
    Column("id", Integer, primary_key=True),
    _fk("updates.id", name="update_id", index=True),
    _fk("updates.id", name="by_update_id", index=True),
    Column("kind", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    _seal(),
)

watches = Table(  # the pages of what is told: each is looked at again, by polls of the source that listed it
    "watches",
    metadata,
    _source(primary_key=True),
    Column("entry_id", Text, primary_key=True),
    _fk("statements.id", name="statement_id", index=True),
    Column("url", Text, nullable=False),  # as the source wrote it
    Column("from_at", UtcTime, nullable=False),
    Column("next_at", UtcTime),  # NULL: no longer
    Column("looks", Integer, nullable=False, server_default="0"),  # since something changed: the rhythm falls with them
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row: looks that said nothing
    Column("last_at", UtcTime),
    Column("said", Text, nullable=False, server_default=""),  # what the last look came to
    Column("etag", Text),
    Column("last_modified", Text),
    Column("variant", Text, nullable=False, server_default=""),  # as in `sources`
    Column("body_sha256", SHA256),  # of the last good body
    Column("good_at", UtcTime),  # when it was last seen well
    Column("good_url", Text, nullable=False, server_default=""),  # that answered then, after redirects
    Column("gone_times", Integer, nullable=False, server_default="0"),  # since it was last seen well
    Column("gone_from", UtcTime),
    Column("gone_last", UtcTime),
    _seal(),
    Index(None, "source", "next_at"),
)

source_notes = Table(  # what a source itself says of a change, or of taking back
    "source_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    _fk("statements.id", name="statement_id", index=True),
    _source(),
    Column("entry_id", Text, nullable=False),
    Column("kind", String(16), nullable=False),  # change, withdrawn, restored
    Column("words", Text, nullable=False),
    Column("at", UtcTime, nullable=False),  # when the source was asked that said it
    _seal(),
)

takebacks = Table(  # that a source took a statement back: for each story that tells it, and what becomes of it there
    "takebacks",
    metadata,
    Column("id", Integer, primary_key=True),
    _fk("statements.id", name="statement_id", index=True),
    Column("story", String(64), ForeignKey("stories.key")),  # NULL: none told it
    _source(),
    Column("entry_id", Text, nullable=False),
    Column("basis", String(8), nullable=False),  # said, gone
    Column("words", Text, nullable=False),  # the source's own, or how its page was seen gone
    Column("at", UtcTime, nullable=False),
    Column("settles_at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),  # as of a candidate
    Column("note", Text, nullable=False, server_default=""),  # why it was set aside
    Column("ended_at", UtcTime),  # when the source had it again; NULL: not yet
    _seal(),
    Index(None, "state", "settles_at"),
)

corroborations = Table(
    "corroborations",
    metadata,
    _fk("updates.id", name="update_id"),
    _fk("statements.id", name="statement_id", index=True),
    Column("at", UtcTime, nullable=False),
    _seal(),
    UniqueConstraint("update_id", "statement_id"),
)

changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),  # statement, revision, update, mark, corroboration, story
    Column("key", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("hash", SHA256, nullable=False, server_default=""),  # over the row before and what is announced (`seals.py`)
    sqlite_autoincrement=True,  # a number is never given twice, even after the newest row is gone
)

configurations = Table(  # what feeds.toml said, each time that it said something else
    "configurations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),  # when it took effect
    Column("text", Text, nullable=False),  # JSON of its tables, without secrets
    _seal(),
)

steps = Table(  # what was done beside polls, in its order: with it, everything can be done again
    "steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),  # `steps.StepKind`
    Column("at", UtcTime, nullable=False),  # the clock that it went by
    Column("after_poll", Integer, nullable=False),  # the newest poll that was stored before it; 0: none
    _fk("candidates.id", name="candidate_id", null=True),  # that was decided
    _fk("configurations.id", name="configuration_id", null=True),  # that took effect
    Column("note", Text, nullable=False, default=""),  # why it was postponed; the number of a takeback or an act
    _seal(),
)

refusals = Table(  # sentences that the citation gate kept out of an update, or that made a draft empty
    "refusals",
    metadata,
    Column("id", Integer, primary_key=True),
    _fk("candidates.id", name="candidate_id", index=True),  # that was decided
    Column("digest", String(32), nullable=False),  # who wrote the sentence: extractive, openai-compatible
    Column("code", String(16), nullable=False),  # `stories.objections.Reason`
    Column("reason", Text, nullable=False),  # in words
    Column("text", Text, nullable=False),  # of the sentence, its first 500 characters
    Column("at", UtcTime, nullable=False),
    _seal(),
)

engine_answers = Table(  # what a digest engine was asked and what came back: with it, its updates can be made again
    "engine_answers",
    metadata,
    Column("id", Integer, primary_key=True),
    _fk("candidates.id", name="candidate_id", index=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("input", SHA256, nullable=False),  # of the prompt, whose version is part of it
    Column("model", Text, nullable=False),
    Column("outcome", String(16), nullable=False),  # answered, or what went wrong
    Column("sent", Integer, nullable=False),  # characters
    Column("received", Integer, nullable=False),  # characters; bytes where nothing could be read
    Column("answer", Text, nullable=False),  # "" where none came
    _seal(),
)

tallies = Table(  # of the tables that `changes` does not announce, and of `changes` itself
    "tallies",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("rows", BigInteger, nullable=False),  # ever written
    Column("digest", SHA256, nullable=False),  # the sum of their seals modulo 2^256
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # idempotency key
    Column("target", String(32), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("delivered_at", UtcTime, index=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("last_error", Text),
    Column("recipient", String(80)),  # "notify:KEY" or "websub"; NULL: the site, which is written at each pass
    Column("bundle", Text),  # messages with the same one are sent together, in every try
    Column("next_try_at", UtcTime),  # NULL: at once
    Column("dead_at", UtcTime),  # when it was given up; NULL: it is not
    _seal(),
)
# Of the many messages, few wait; those of one recipient are asked for at every tick.
_waits = outbox.c.delivered_at.is_(None)
_partial("ix_outbox_recipient", outbox.c.recipient, where=_waits)

outbox_acts = Table(  # what somebody did with a message: had it tried again, or dropped it
    "outbox_acts",
    metadata,
    Column("id", Integer, primary_key=True),
    _fk("outbox.id", name="message_id", index=True),
    Column("kind", String(16), nullable=False),  # retry, drop
    Column("at", UtcTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    _seal(),
)

recipients = Table(  # who is told of updates beside the site, each with how far messages for it were made
    "recipients",
    metadata,
    Column("key", String(80), primary_key=True),  # as in `outbox.recipient`
    Column("since", Integer, nullable=False),  # `changes.seq`: of what came later, no message is made yet
    Column("rests_until", UtcTime),  # it asked to be left alone until then (Retry-After)
)
