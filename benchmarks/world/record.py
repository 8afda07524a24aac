"""What the service made of a world, read from its store as any program may read it: by its views."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.world.script import Item, Script

NUMBER = re.compile(r"/news/(\d+)$")


class Revision(NamedTuple):
    """A stored version."""

    id: int
    statement: int
    language: str
    text: str
    seen: float


class Update(NamedTuple):
    """A published update."""

    story: str
    number: int
    kind: str
    statement: int
    revision: int


class Gap(NamedTuple):
    """What may be missing."""

    source: str
    kind: str
    opened: float
    since: float
    until: float | None
    closed: float | None


class Statement(NamedTuple):
    """A stored statement."""

    said: float
    day_only: bool
    languages: int


@dataclass
class Record:
    """All of it."""

    statements: dict[int, Statement] = field(default_factory=dict)
    items: dict[int, list[Item]] = field(default_factory=lambda: defaultdict(list))  # by statement
    statement_of: dict[int, int] = field(default_factory=dict)  # by the id() of an item
    twice: list[str] = field(default_factory=list)  # items that are several statements
    strange: list[str] = field(default_factory=list)  # lines that no source ever listed
    revisions: dict[int, list[Revision]] = field(default_factory=lambda: defaultdict(list))  # by statement, in order
    updates: list[Update] = field(default_factory=list)
    sentences: list[tuple[str, int, str, int]] = field(default_factory=list)  # story, number, text, revision
    gaps: list[Gap] = field(default_factory=list)
    polls: dict[str, list[tuple[float, str]]] = field(default_factory=lambda: defaultdict(list))  # by source: when, outcome
    corroborating: set[int] = field(default_factory=set)  # statements
    drops: dict[str, str] = field(default_factory=dict)  # reason, by the line's id
    unbalanced: int = 0


def read_record(path: Path, script: Script) -> Record:
    """Read a store that nobody writes any more."""
    record = Record()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        for ident, said, day, languages in store.execute("SELECT id, said_at, said_day_only, languages FROM v2_statements"):
            record.statements[ident] = Statement(_seconds(said), bool(day), languages)
        _listings(store, script, record)
        query = "SELECT id, statement_id, language, text, seen_at FROM v1_revisions ORDER BY id"
        for ident, statement, language, text, seen in store.execute(query):
            record.revisions[statement].append(Revision(ident, statement, language, plain(text), _seconds(seen)))
        query = "SELECT story, number, kind, statement_id, revision_id FROM v1_updates ORDER BY story, number"
        record.updates = [Update(*row) for row in store.execute(query)]
        record.sentences = store.execute("SELECT story, number, text, revision_id FROM v1_update_sentences").fetchall()
        for source, kind, opened, since, until, closed in store.execute(
            "SELECT source, kind, opened_at, from_at, to_at, closed_at FROM v1_gaps"
        ):
            known = (
                _seconds(opened),
                _seconds(since),
                _seconds(until) if until else None,
                _seconds(closed) if closed else None,
            )
            record.gaps.append(Gap(source, kind, *known))
        for source, at, outcome in store.execute("SELECT source, at, outcome FROM v1_polls ORDER BY at"):
            record.polls[source].append((_seconds(at), outcome))
        record.corroborating = {row[0] for row in store.execute("SELECT DISTINCT statement_id FROM v1_corroborations")}
        record.drops = dict(store.execute("SELECT ref, reason FROM drops"))
        query = "SELECT count(*) FROM v1_polls WHERE listed <> new + revised + duplicate + unchanged + dropped"
        (record.unbalanced,) = store.execute(query).fetchone()
    return record


def _listings(store: sqlite3.Connection, script: Script, record: Record) -> None:
    by_number = {source.key: {one.number: one for one in source.items} for source in script.sources}
    for key, statement, url in store.execute("SELECT source, statement_id, url FROM v1_listings"):
        found = NUMBER.search(url)
        one = by_number[key].get(int(found[1])) if found else None
        if one is None:
            record.strange.append(f"{key} lists {url}")
            continue
        record.items[statement].append(one)
        if record.statement_of.setdefault(id(one), statement) != statement:
            record.twice.append(f"{key} {one.number}: statements {record.statement_of[id(one)]} and {statement}")


def plain(text: str) -> str:
    """A text with one space between its words."""
    return " ".join(text.split())


def _seconds(written: str) -> float:
    return datetime.fromisoformat(written).timestamp()
