"""Programs that read a store while another process writes: `python -m tests.readers KIND FILE`.

Each looks at the store again and again, and at every line on its standard input once more, then prints what it has seen as
a line of JSON. None of them waits for a lock: being refused once ends it with a traceback.
"""

from __future__ import annotations

import json
import os
import select
import sqlite3
import sys
from collections.abc import Callable

# What holds of every whole poll and every whole update, each as a query that gives one number: 0.
WHOLE = {
    "a poll that does not balance": """SELECT count(*) FROM v1_polls
        WHERE listed <> new + revised + duplicate + unchanged + dropped""",
    "statements without their poll": "SELECT (SELECT count(*) FROM v1_statements) - (SELECT sum(new) FROM v1_polls)",
    "versions without their poll": "SELECT (SELECT count(*) FROM v1_revisions) - (SELECT sum(new + revised) FROM v1_polls)",
    "a statement without a version": "SELECT count(*) FROM v1_statements WHERE revisions = 0",
    "an update without sentences": """SELECT count(*) FROM v1_updates u WHERE NOT EXISTS
        (SELECT 1 FROM v1_update_sentences s WHERE s.story = u.story AND s.number = u.number)""",
    "an update without attribution": """SELECT count(*) FROM v1_updates u WHERE NOT EXISTS
        (SELECT 1 FROM v1_attributions a WHERE a.story = u.story AND a.number = u.number)""",
    "a story that counts otherwise": """SELECT count(*) FROM v1_stories t
        WHERE t.updates <> (SELECT count(*) FROM v1_updates u WHERE u.story = t.key)""",
    "updates without their change": """SELECT (SELECT count(*) FROM v1_updates)
        - (SELECT count(*) FROM v1_changes WHERE kind = 'update')""",
    "versions without their change": """SELECT (SELECT count(*) FROM v1_revisions)
        - (SELECT count(*) FROM v1_changes WHERE kind = 'revision')""",
}
COUNTS = "SELECT (SELECT count(*) FROM v1_polls), (SELECT count(*) FROM v1_revisions), (SELECT count(*) FROM v1_updates)"
PLACES = {
    "statement": "SELECT count(*) FROM v1_statements WHERE id = ?",
    "revision": "SELECT count(*) FROM v1_revisions WHERE id = ?",
    "story": "SELECT count(*) FROM v1_stories WHERE key = ?",
    "update": "SELECT count(*) FROM v1_updates WHERE story || '/' || number = ?",
    "mark": "SELECT count(*) FROM v1_updates WHERE story || '/' || number = ? AND corrected_by IS NOT NULL",
}
Look = Callable[[], None]
Seen = dict[str, list[object]]


def looks_again(store: sqlite3.Connection, seen: Seen) -> Look:
    """One short transaction at a time: is everything whole?"""

    def look() -> None:
        store.execute("BEGIN")
        seen["torn"] += [what for what, query in WHOLE.items() if store.execute(query).fetchone() != (0,)]
        counts = list(store.execute(COUNTS).fetchone())
        store.execute("COMMIT")
        if counts not in seen["states"]:
            seen["states"].append(counts)

    return look


def stays(store: sqlite3.Connection, seen: Seen) -> Look:
    """One transaction from the beginning to the end: nothing moves in it."""
    store.execute("BEGIN")

    def look() -> None:
        counts = list(store.execute(COUNTS).fetchone())
        if counts not in seen["states"]:
            seen["states"].append(counts)

    return look


def follows(store: sqlite3.Connection, seen: Seen) -> Look:
    """Asks for what is new, without a transaction, and looks each change up at once."""
    last = 0

    def look() -> None:
        nonlocal last
        for seq, kind, key in store.execute(
            "SELECT seq, kind, key FROM v1_changes WHERE seq > ? ORDER BY seq", [last]
        ).fetchall():
            last = seq
            seen["states"].append(seq)
            if store.execute(PLACES[kind], [key]).fetchone() != (1,):
                seen["torn"].append(f"{kind} {key}")

    return look


KINDS = {"looks-again": looks_again, "stays": stays, "follows": follows}


def main(kind: str, file: str) -> None:
    store = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=0, isolation_level=None)
    seen: Seen = {"states": [], "torn": []}
    look = KINDS[kind](store, seen)
    told = b"."
    while True:
        look()
        if told:
            sys.stdout.write(json.dumps(seen) + "\n")
            sys.stdout.flush()
        ready, _, _ = select.select([0], [], [], 0.02)
        told = os.read(0, 1) if ready else b""
        if ready and not told:
            break  # nobody will ask again
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
