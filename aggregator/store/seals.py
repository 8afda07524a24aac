"""Seals: a SHA-256 over what a row says, written with the row, so that a changed byte of it shows.

Pure: this file knows what is sealed and how, and reads and writes nothing. Writers and `aggregator verify` both go by it.
The columns of a seal never change, or old rows could not be checked; a column that is added later is state, or gets a seal of
its own. `storage/README.md` tells other programs the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

# Equal values give equal text on every database: no spaces, letters as they are, keys of objects in order.
# `default`: what a damaged row may hold instead of what belongs there (bytes for text) is no reason to stop.
_CANONICAL = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=repr)
MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Form:
    """What of a table is sealed."""

    columns: tuple[str, ...]  # in the order of the seal; what names the row comes first
    names: int = 1  # how many of the columns name the row
    json: frozenset[str] = frozenset()  # columns that hold JSON: sealed as the value, however it is written
    more: str = ""  # what is sealed with the row and stands elsewhere, as people read it
    chained: bool = False  # announced in `changes`; else counted in `tallies`


# Every other column of these tables is state that changes by design:
#   sources, stories     what feeds.toml says of them, and what is known of their last poll or update (`head` and
#                        `last_number` are checked against the updates themselves)
#   statements           updated_at, updated_written, reference: may become known later
#   listings             raw, mirrors: of the newest copy of the line
#   snapshots            removed_at: when retention gave the file up; source: in whose size it counts
#   exchanges            poll_id: of which poll, which the order of the rows says too
#   candidates           settles_at, state, note: what waits moves on
#   watches              all but which page it is, and since when: when it is looked at next, and how it was seen
#   takebacks            settles_at, state, note: as of candidates; ended_at: when the source had it again
#   outbox               delivered_at, attempts, last_error, next_try_at, dead_at: what happened to a message so far;
#                        recipient: as its key begins; bundle: what is sent together
#   gaps                 closed_at, closed_by: when nothing was missing, or no longer, and why
# `updates`, `sentences`, `citations`, `attributions` and `replacements` are covered by the hash of their update (`ledger.py`),
# `drops` by the seal of their poll, `changes` by its own chain.
FORMS = {
    "sources": Form(("key", "first_seen_at")),
    "snapshots": Form(("sha256", "size", "stored_size", "stored_crc32", "first_at")),
    "captures": Form(("id", "sha256", "url", "at", "status", "headers", "transport"), json=frozenset({"headers"})),
    "exchanges": Form(
        ("id", "source", "at", "ms", "url", "request", "status", "headers", "sha256", "error"),
        json=frozenset({"request", "headers"}),
    ),
    "polls": Form(
        (
            *("id", "source", "at", "ms", "outcome", "reason", "status", "capture_id"),
            *("listed", "new", "revised", "duplicate", "unchanged", "dropped"),
        ),
        more="[id, ref, reason] of each of its drops, by id",
    ),
    "statements": Form(
        ("id", "family", "source", "url", "said_at", "said_written", "zone_known", "first_seen_at", "said_day"), chained=True
    ),
    "addresses": Form(("statement_id", "url", "claimed", "family"), names=3),
    "listings": Form(("source", "entry_id", "statement_id", "url", "first_seen_at"), names=2),
    "revisions": Form(
        (
            *("id", "statement_id", "number", "language", "title", "text", "html", "fingerprint", "body_fingerprint"),
            *("seen_at", "built_at", "source", "capture_id"),
        ),
        more="the SHA-256 of the bytes of its capture, or null",
        chained=True,
    ),
    "credits": Form(("revision_id", "credit")),
    "likenesses": Form(
        ("revision_id", "other_revision_id", "statement_id", "other_id", "kind", "evidence", "veto", "at"), names=2
    ),
    "edits": Form(("revision_id", "kind", "says")),
    "stories": Form(("key", "opened_at"), chained=True),
    "candidates": Form(("id", "story", "statement_id", "revision_id", "why", "said_at", "seen_at")),
    "configurations": Form(("id", "at", "text")),
    "steps": Form(("id", "kind", "at", "after_poll", "candidate_id", "configuration_id", "note")),
    "desk_acts": Form(
        ("id", "kind", "at", "by", "why", "story", "number", "candidate_id", "other", "detail"), json=frozenset({"detail"})
    ),
    "refusals": Form(("id", "candidate_id", "digest", "code", "reason", "text", "at")),
    "engine_answers": Form(("id", "candidate_id", "at", "input", "model", "outcome", "sent", "received", "answer")),
    "marks": Form(("id", "update_id", "by_update_id", "kind", "at"), chained=True),
    "corroborations": Form(("update_id", "statement_id", "at"), names=2, chained=True),
    "watches": Form(("source", "entry_id", "statement_id", "url", "from_at"), names=2),
    "source_notes": Form(("id", "statement_id", "source", "entry_id", "kind", "words", "at")),
    "takebacks": Form(("id", "statement_id", "story", "source", "entry_id", "basis", "words", "at")),
    "gaps": Form(("id", "source", "kind", "opened_at", "from_at", "to_at", "says", "after_entry", "before_entry")),
    "outbox": Form(("id", "key", "target", "payload", "created_at"), json=frozenset({"payload"})),
    "outbox_acts": Form(("id", "message_id", "kind", "at", "by", "why")),
}
TALLIED = (*(name for name, form in FORMS.items() if not form.chained), "changes")


def canonical_hash(value: object) -> str:
    """SHA-256 in hex over the canonical JSON of a value."""
    # A damaged text may hold what is no UTF-8; it came in by this very error handler.
    return hashlib.sha256(_CANONICAL.encode(value).encode("utf-8", "surrogateescape")).hexdigest()


def seal(table: str, values: Sequence[object], *more: object) -> str:
    """The seal of a row: `values` in the order of its form, times as text, JSON as values; then what is sealed with it."""
    plain = [int(value) if value is True or value is False else value for value in values]
    return canonical_hash([table, *plain, *more])


def link(previous: str, change: tuple[int, str, str, str], sealed: str) -> str:
    """The hash of a row of `changes`: over the hash of the row before (the store's identity for the first), what the row says
    (seq, kind, key, at), and the seal, or the hash of the update, of what it announces."""
    return canonical_hash([previous, *change, sealed])
