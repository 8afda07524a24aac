"""The views that downstream programs read. A view of version 1 is never changed, only followed by a `v2_…`.

Plain SQL that every supported database understands. `storage/README.md` describes each column.
"""

from __future__ import annotations

import re

V1 = {
    "v1_sources": """
        SELECT key, name, kind, url, family, lane, language, active, first_seen_at, last_poll_at, last_change_at,
               last_outcome, last_reason, failures, next_poll_at
        FROM sources""",
    "v1_polls": """
        SELECT id, source, at, ms, outcome, reason, status, listed, new, revised, duplicate, unchanged, dropped
        FROM polls""",
    "v1_statements": """
        SELECT s.id, s.family, s.source, s.url, s.said_at, s.said_written, s.zone_known, s.first_seen_at,
               (SELECT count(*) FROM revisions r WHERE r.statement_id = s.id) AS revisions
        FROM statements s""",
    "v1_revisions": """
        SELECT r.id, r.statement_id, r.number, r.language, r.title, r.text, r.html, r.seen_at, r.source,
               c.sha256 AS snapshot_sha256
        FROM revisions r LEFT JOIN captures c ON c.id = r.capture_id""",
    "v1_stories": """
        SELECT key, title, lead, language, image, image_alt, from_at, until_at, active, opened_at,
               last_number AS updates, head
        FROM stories""",
    "v1_updates": """
        SELECT u.story, u.number, u.kind, u.reason, u.title, u.statement_id, u.revision_id, u.said_at,
               u.published_at, u.previous_hash, u.hash,
               (SELECT max(o.number) FROM marks m JOIN updates o ON o.id = m.update_id
                WHERE m.by_update_id = u.id AND m.kind = 'corrected') AS corrects,
               (SELECT min(b.number) FROM marks m JOIN updates b ON b.id = m.by_update_id
                WHERE m.update_id = u.id AND m.kind = 'corrected') AS corrected_by
        FROM updates u""",
    "v1_update_sentences": """
        SELECT u.story, u.number, s.paragraph, s.position, s.text, c.revision_id, c.start, c."end"
        FROM sentences s
        JOIN updates u ON u.id = s.update_id
        JOIN citations c ON c.update_id = s.update_id AND c.paragraph = s.paragraph AND c.position = s.position""",
    "v1_attributions": """
        SELECT u.story, u.number, a.position, a.name, a.url, a.source
        FROM attributions a JOIN updates u ON u.id = a.update_id""",
    "v1_changes": "SELECT seq, kind, key, at FROM changes",
}

# Added by migration 0002.
V_0002 = {
    "v1_exchanges": """
        SELECT id, source, at, ms, url, request, status, headers, sha256 AS snapshot_sha256, error
        FROM exchanges""",
    "v2_sources": """
        SELECT key, name, kind, url, family, lane, language, active, first_seen_at, last_poll_at, last_change_at,
               last_outcome, last_reason, failures, next_poll_at, plan, moved_to, fresh_until, listed, fresh, window_s
        FROM sources""",
}

# Added by migration 0003.
V_0003 = {
    "v2_statements": """
        SELECT s.id, s.family, s.source, s.url, s.said_at, s.said_written, s.zone_known, s.first_seen_at,
               (SELECT count(*) FROM revisions r WHERE r.statement_id = s.id) AS revisions,
               CASE WHEN s.said_day = '' THEN 0 ELSE 1 END AS said_day_only, s.said_day,
               s.updated_at, s.updated_written, s.reference,
               (SELECT count(DISTINCT r.language) FROM revisions r WHERE r.statement_id = s.id) AS languages
        FROM statements s""",
}

# Added by migration 0006.
V_0006 = {"v2_changes": "SELECT seq, kind, key, at, hash FROM changes"}

# Added by migration 0008.
V_0008 = {
    "v1_captures": """
        SELECT id, sha256, url, at, status, headers, transport
        FROM captures""",
    "v1_snapshots": """
        SELECT sha256, size, stored_size, first_at, removed_at
        FROM snapshots""",
    "v1_listings": """
        SELECT source, entry_id, statement_id, url, first_seen_at
        FROM listings""",
    "v2_revisions": """
        SELECT r.id, r.statement_id, r.number, r.language, r.title, r.text, r.html, r.seen_at, r.source,
               c.sha256 AS snapshot_sha256, r.capture_id, c.url, c.at AS fetched_at, c.status, c.transport, r.built_at
        FROM revisions r LEFT JOIN captures c ON c.id = r.capture_id""",
}

# Added by migration 0010.
V_0010 = {
    "v1_store": """
        SELECT i.id, (SELECT version_num FROM alembic_version) AS schema,
               (SELECT coalesce(max(seq), 0) FROM changes) AS last_seq
        FROM identity i""",
}

# Added by migration 0011.
V_0011 = {
    "v1_credits": "SELECT revision_id, credit FROM credits",
    "v1_likenesses": """
        SELECT statement_id, revision_id, other_id AS other_statement_id, other_revision_id, kind, evidence, veto, at
        FROM likenesses""",
    "v1_corroborations": """
        SELECT u.story, u.number, c.statement_id, s.family, s.source, c.at
        FROM corroborations c
        JOIN updates u ON u.id = c.update_id
        JOIN statements s ON s.id = c.statement_id""",
}

# Added by migration 0012.
V_0012 = {
    "v1_edits": """
        SELECT e.revision_id, r.statement_id, r.language, r.number, r.source, r.seen_at, e.kind, e.says
        FROM edits e JOIN revisions r ON r.id = e.revision_id""",
}

# Added by migration 0014.
V_0014 = {
    "v1_corrections": """
        SELECT u.story, u.number, o.number AS old_number, r.old_paragraph, r.old_position, b.text AS "before",
               coalesce(a.text, '') AS "after"
        FROM replacements r
        JOIN updates u ON u.id = r.update_id
        JOIN updates o ON o.id = r.old_update_id
        JOIN sentences b ON b.update_id = r.old_update_id AND b.paragraph = r.old_paragraph AND b.position = r.old_position
        LEFT JOIN sentences a ON a.update_id = r.update_id AND a.paragraph = r.paragraph AND a.position = r.position""",
}

# Added by migration 0015.
V_0015 = {
    "v1_refusals": """
        SELECT f.id, c.story, c.statement_id, c.revision_id, f.digest, f.code, f.reason, f.text, f.at
        FROM refusals f JOIN candidates c ON c.id = f.candidate_id""",
}

# Added by migration 0016.
V_0016 = {
    "v1_desk_acts": """
        SELECT a.id, a.kind, a.at, a."by" AS who, a.why, a.story, a.number, c.statement_id, a.other
        FROM desk_acts a LEFT JOIN candidates c ON c.id = a.candidate_id""",
}

# Added by migration 0017.
V_0017 = {
    "v1_source_notes": """
        SELECT id, statement_id, source, entry_id, kind, words, at
        FROM source_notes""",
}

# Added by migration 0020.
V_0020 = {
    "v1_gaps": """
        SELECT id, source, kind, opened_at, from_at, to_at, says, after_entry, before_entry, closed_at, closed_by
        FROM gaps""",
}

# Added by migration 0021.
V_0021 = {
    "v1_maintenance": """
        SELECT id, chore, at, ms, freed, says, failed
        FROM maintenance""",
}

# Added by migration 0023. Without the marks of withdrawals, what was taken back looked as if it still stood, and without the
# acts that end a story, one that goes on elsewhere as if nothing came any more.
V_0023 = {
    "v2_stories": """
        SELECT s.key, s.title, s.lead, s.language, s.image, s.image_alt, s.from_at, s.until_at, s.active, s.opened_at,
               s.last_number AS updates, s.head, s.image_credit,
               CASE WHEN a.kind IN ('close', 'merge') THEN 1 ELSE 0 END AS closed,
               CASE WHEN a.kind = 'merge' THEN a.other ELSE '' END AS continued_in
        FROM stories s
        LEFT JOIN desk_acts a ON a.id = (SELECT max(d.id) FROM desk_acts d
                                         WHERE d.story = s.key AND d.kind IN ('close', 'merge', 'reopen'))""",
    "v1_marks": """
        SELECT o.story, o.number, b.number AS by_number, m.kind, m.at
        FROM marks m
        JOIN updates o ON o.id = m.update_id
        JOIN updates b ON b.id = m.by_update_id AND b.story = o.story""",
    "v2_updates": """
        SELECT u.story, u.number, u.kind, u.reason, u.title, u.statement_id, u.revision_id, u.said_at,
               u.published_at, u.previous_hash, u.hash,
               (SELECT max(o.number) FROM marks m JOIN updates o ON o.id = m.update_id
                WHERE m.by_update_id = u.id AND m.kind = 'corrected') AS corrects,
               (SELECT min(b.number) FROM marks m JOIN updates b ON b.id = m.by_update_id
                WHERE m.update_id = u.id AND m.kind = 'corrected') AS corrected_by,
               (SELECT max(o.number) FROM marks m JOIN updates o ON o.id = m.update_id
                WHERE m.by_update_id = u.id AND m.kind = 'withdrawn') AS withdraws,
               (SELECT min(b.number) FROM marks m JOIN updates b ON b.id = m.by_update_id
                WHERE m.update_id = u.id AND m.kind = 'withdrawn') AS withdrawn_by,
               (SELECT s.said_day FROM statements s WHERE s.id = u.statement_id) AS said_day,
               (SELECT r.language FROM revisions r WHERE r.id = u.revision_id) AS language
        FROM updates u""",
}


def definitions() -> dict[str, str]:
    """The SQL of every view that was ever released, by name."""
    groups = [value for name, value in globals().items() if re.fullmatch(r"V1|V_\d+", name)]
    return {name: sql for group in groups for name, sql in group.items()}
