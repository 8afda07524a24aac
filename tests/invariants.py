"""What holds of every ledger at every moment, whatever came late, was edited, held, taken back or merged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from aggregator.model import StoryKey, UpdateKind
from aggregator.store import Store
from aggregator.store.pages import updates_of
from aggregator.store.schema import attributions, candidates, citations, marks, revisions, sentences, stories, updates

PUBLISHED_PARTS = (updates, sentences, citations, attributions, marks)


@dataclass
class Watched:
    """A store whose ledgers are looked at again and again: what was published once must stay."""

    store: Store
    seen: dict[str, dict[tuple[Any, ...], tuple[Any, ...]]] = field(default_factory=dict)

    def look(self, *, now: datetime) -> None:
        """Look at everything. Raises AssertionError with what does not hold."""
        with self.store.read() as tx:
            self._only_grew(tx)
            for key in tx.execute(select(stories.c.key)).scalars():
                a_ledger(tx, StoryKey(key), now=now)

    def _only_grew(self, tx: Connection) -> None:
        for table in PUBLISHED_PARTS:
            keys = list(table.primary_key.columns)
            rows = {tuple(row._mapping[key] for key in keys): tuple(row) for row in tx.execute(select(table))}
            for key, row in self.seen.get(table.name, {}).items():
                assert rows.get(key) == row, f"{table.name} {key} was {row}, and is {rows.get(key)}"
            self.seen[table.name] = rows


def a_ledger(tx: Connection, story: StoryKey, *, now: datetime) -> None:
    """One story: numbers, times, kinds, spans, and each thing told once."""
    told = updates_of(tx, story)
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    assert [one.published_at for one in told] == sorted(one.published_at for one in told)
    assert all(one.published_at <= now for one in told)
    texts = {row.id: row.text for row in tx.execute(select(revisions.c.id, revisions.c.text))}
    for one in told:
        _an_update(one, texts)
    assert [one.number for one in told if one.kind is UpdateKind.NEW] == ([1] if told else [])
    _told_once(tx, story)


def _an_update(one: Any, texts: dict[int, str]) -> None:
    assert one.reason.strip(), one.number
    assert one.reason == " ".join(one.reason.split())
    assert one.attributions, one.number
    assert all(number < one.number for number in one.corrects)
    if one.kind in (UpdateKind.CORRECTED, UpdateKind.WITHDRAWN):
        assert one.corrects, one.number
    if one.kind in (UpdateKind.NEW, UpdateKind.ADDS):
        assert one.paragraphs, one.number
    for paragraph in one.paragraphs:
        for sentence in paragraph.sentences:
            spans = [texts[cited.revision][cited.start : cited.end] for cited in sentence.citations]
            assert " ".join(" ".join(spans).split()) == sentence.text, one.number
    for old in one.replaces:
        assert old.number in one.corrects
        assert old.before != old.after


def _told_once(tx: Connection, story: StoryKey) -> None:
    """No version is told twice by what a source said, and what was set aside is told nowhere."""
    by_source = (updates.c.story == story) & (updates.c.kind != "withdrawn") & updates.c.desk_id.is_(None)
    told = Counter(tx.execute(select(updates.c.revision_id).where(by_source)).scalars())
    states = {
        row.revision_id: row.state
        for row in tx.execute(select(candidates.c.revision_id, candidates.c.state).where(candidates.c.story == story))
    }
    assert all(count <= 2 for count in told.values())
    for revision in told:
        assert states.get(revision, "published") == "published", (story, revision)
    for revision, state in states.items():
        assert state != "published" or told[revision], (story, revision)
