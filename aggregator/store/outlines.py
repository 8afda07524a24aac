"""Statements, updates and dropped lines of a store in outline: enough to say in words how two stores differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from aggregator.store import schema
from aggregator.store.contents import there_at
from aggregator.store.record import Extent

Line = tuple[str, str]  # a source, and the id under which it lists something


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementOutline:
    """One statement."""

    id: int
    at: datetime  # when it was first seen
    said_at: datetime
    url: str
    title: str  # of its first version
    lines: frozenset[Line]
    versions: tuple[tuple[str, str], ...]  # language and fingerprint of each, in their order


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOutline:
    """One update of a ledger."""

    story: str
    number: int
    at: datetime  # when it was published
    kind: str
    title: str
    statement: int
    fingerprint: str  # of the version that it tells
    sentences: tuple[str, ...]
    attributions: tuple[tuple[str, str], ...]  # name and address
    corrects: tuple[int, ...]
    corroborated: tuple[int, ...]  # the statements that say the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a store holds."""

    statements: Mapping[int, StatementOutline]
    updates: Sequence[UpdateOutline]
    dropped: Mapping[Line, str]  # lines that some poll dropped, and why the last time
    dropped_at: Mapping[Line, datetime]


def outline(tx: Connection, until: Extent | None = None) -> Outline:
    """All of a store, or what was there when the record had come so far."""
    dropped = _dropped(tx, until)
    return Outline(
        statements=_statements(tx, until),
        updates=_updates(tx, until),
        dropped={line: reason for line, (reason, _) in dropped.items()},
        dropped_at={line: at for line, (_, at) in dropped.items()},
    )


def _at(query: Select[Any], table: Any, until: Extent | None) -> Select[Any]:
    return query if until is None else query.where(there_at(table, until))


def _statements(tx: Connection, until: Extent | None) -> dict[int, StatementOutline]:
    lines: dict[int, set[Line]] = defaultdict(set)
    listed = schema.listings
    for row in tx.execute(_at(select(listed.c.statement_id, listed.c.source, listed.c.entry_id), listed, until)):
        lines[row.statement_id].add((row.source, row.entry_id))
    versions: dict[int, list[tuple[str, str]]] = defaultdict(list)
    titles: dict[int, str] = {}
    own = schema.revisions
    query = select(own.c.statement_id, own.c.language, own.c.fingerprint, own.c.title).order_by(own.c.id)
    for row in tx.execute(_at(query, own, until)):
        versions[row.statement_id].append((row.language, row.fingerprint))
        titles.setdefault(row.statement_id, row.title)
    said = schema.statements
    return {
        row.id: StatementOutline(
            id=row.id,
            at=row.first_seen_at,
            said_at=row.said_at,
            url=row.url,
            title=titles.get(row.id, ""),
            lines=frozenset(lines[row.id]),
            versions=tuple(versions[row.id]),
        )
        for row in tx.execute(_at(select(said).order_by(said.c.id), said, until))
    }


def _updates(tx: Connection, until: Extent | None) -> list[UpdateOutline]:
    told = schema.updates
    query = select(told, schema.revisions.c.fingerprint).join(schema.revisions, schema.revisions.c.id == told.c.revision_id)
    rows = tx.execute(_at(query.order_by(told.c.story, told.c.number), told, until)).all()
    numbers = {row.id: row.number for row in rows}
    sentences, attributions = _texts(tx, until), _named(tx, until)
    corrects, corroborated = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for row in tx.execute(_at(select(schema.marks).order_by(schema.marks.c.id), schema.marks, until)):
        corrects[row.by_update_id].append(numbers[row.update_id])
    echoes = schema.corroborations
    for row in tx.execute(_at(select(echoes).order_by(echoes.c.statement_id), echoes, until)):
        corroborated[row.update_id].append(row.statement_id)
    return [
        UpdateOutline(
            story=row.story,
            number=row.number,
            at=row.published_at,
            kind=row.kind,
            title=row.title,
            statement=row.statement_id,
            fingerprint=row.fingerprint,
            sentences=tuple(sentences[row.id]),
            attributions=tuple(attributions[row.id]),
            corrects=tuple(corrects[row.id]),
            corroborated=tuple(corroborated[row.id]),
        )
        for row in rows
    ]


def _texts(tx: Connection, until: Extent | None) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    said = schema.sentences
    query = select(said).order_by(said.c.update_id, said.c.paragraph, said.c.position)
    for row in tx.execute(_at(query, said, until)):
        found[row.update_id].append(row.text)
    return found


def _named(tx: Connection, until: Extent | None) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    named = schema.attributions
    for row in tx.execute(_at(select(named).order_by(named.c.update_id, named.c.position), named, until)):
        found[row.update_id].append((row.name, row.url))
    return found


def _dropped(tx: Connection, until: Extent | None) -> dict[Line, tuple[str, datetime]]:
    drop, poll = schema.drops, schema.polls
    query = select(poll.c.source, poll.c.at, drop.c.ref, drop.c.reason).join(poll, poll.c.id == drop.c.poll_id)
    rows = tx.execute(_at(query.order_by(drop.c.id), poll, until))
    return {(row.source, row.ref): (row.reason, row.at) for row in rows}
