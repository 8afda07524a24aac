"""What holds of every ledger at every moment, whatever came late, was edited, held, taken back or merged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, select

from aggregator.model import StoryKey, Update, UpdateKind
from aggregator.store import Store
from aggregator.store.desk import shut_stories
from aggregator.store.pages import updates_of
from aggregator.store.schema import (
    attributions,
    by_itself,
    candidates,
    citations,
    corroborations,
    desk_acts,
    marks,
    replacements,
    revisions,
    sentences,
    statements,
    stories,
    updates,
)
from aggregator.store.stories import EXPECTING, HELD

PUBLISHED_PARTS = (updates, sentences, citations, attributions, marks, replacements, corroborations, desk_acts)
MOST_AGAIN = 5  # told sentences beside one that was not: who speaks, and of whom
QUIET = timedelta(minutes=10)  # `settle_edits` of the world's stories


@dataclass
class Watched:
    """A store whose ledgers are looked at again and again: what was published once must stay."""

    store: Store
    seen: dict[str, dict[tuple[Any, ...], tuple[Any, ...]]] = field(default_factory=dict)
    held: set[tuple[str, int]] = field(default_factory=set)  # stories and statements, as of the last look
    shut: Collection[str] = ()  # stories, as of the last look
    expected: set[int] = field(default_factory=set)  # candidates that a rule has held at any look

    def look(self, *, now: datetime) -> None:
        """Look at everything. Raises AssertionError with what does not hold."""
        with self.store.read() as tx:
            self._only_what_may_be_told(tx)
            self._only_grew(tx)
            for key in tx.execute(select(stories.c.key)).scalars():
                a_ledger(tx, StoryKey(key), now=now)
            _corroborations_are_others(tx)

    def _only_what_may_be_told(self, tx: Connection) -> None:
        """Since the last look, nothing was told that was held then, and no shut story told anything by itself."""
        before = self.seen.get(updates.name, {})
        for row in tx.execute(select(updates).where(updates.c.desk_id.is_(None))):
            if (row.id,) not in before:
                assert row.story not in self.shut, f"{row.story} is shut, and has Update.{row.number}"
                assert row.kind == UpdateKind.WITHDRAWN or (row.story, row.statement_id) not in self.held, row
        held = select(candidates.c.story, candidates.c.statement_id).where(candidates.c.state == HELD)
        self.held = {(row.story, row.statement_id) for row in tx.execute(held)}
        self.expected |= {*tx.execute(select(candidates.c.id).where(candidates.c.state == EXPECTING)).scalars()}
        self.shut = shut_stories(tx).keys()

    def _only_grew(self, tx: Connection) -> None:
        for table in PUBLISHED_PARTS:
            keys = list(table.primary_key.columns) or list(table.columns)
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
        _replaces_what_was_told(one, told)
    assert [one.number for one in told if one.kind is UpdateKind.NEW] == ([1] if told else [])
    _told_once(tx, story)
    _adds_only_what_is_new(told)
    _corrected_in_quiet(told, _released(tx, story))
    _is_marked(tx, story, told)


def _an_update(one: Update, texts: dict[int, str]) -> None:
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


def _replaces_what_was_told(one: Update, told: Sequence[Update]) -> None:
    own = {sentence.text for paragraph in one.paragraphs for sentence in paragraph.sentences}
    for old in one.replaces:
        assert old.number in one.corrects
        assert old.before == told[old.number - 1].paragraphs[old.paragraph - 1].sentences[old.position - 1].text
        assert old.before != old.after
        assert not old.after or old.after in own, one.number


def _told_once(tx: Connection, story: StoryKey) -> None:
    """No version is told twice by what a source said, and what was set aside is told nowhere."""
    by_source = (updates.c.story == story) & by_itself()
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


def _adds_only_what_is_new(told: Iterable[Update]) -> None:
    """An update by which a source adds something says a sentence that the story told only beside one that it did not, which
    would not be understood without. Or it is of another day, under a title that was used."""
    known: dict[str, Update] = {}
    for one in told:
        said = [sentence.text for paragraph in one.paragraphs for sentence in paragraph.sentences]
        if one.kind in (UpdateKind.NEW, UpdateKind.ADDS):
            fresh = [text for text in said if text not in known]
            assert fresh or _is_another_occasion(one, known[said[0]]), one.number
            assert len(said) <= (1 + MOST_AGAIN) * max(1, len(fresh)), one.number
        known |= {text: one for text in said if text not in known}


def _is_another_occasion(one: Update, old: Update) -> bool:
    """Whether an update says in one sentence of another day what was said before under the same title."""
    said = [sentence for paragraph in one.paragraphs for sentence in paragraph.sentences]
    return len(said) == 1 and one.title == old.title and one.said_at.date() != old.said_at.date()


def _corrected_in_quiet(told: Iterable[Update], released: Collection[int]) -> None:
    """What one source edits again and again is corrected once for each time that it was quiet; sooner if the desk wants it."""
    times: dict[int, list[datetime]] = defaultdict(list)
    for one in told:
        if one.kind is UpdateKind.CORRECTED and one.desk is None and one.statement not in released:
            times[one.statement].append(one.published_at)
    for moments in times.values():
        assert all(later - earlier >= QUIET for earlier, later in pairwise(moments)), moments


def _released(tx: Connection, story: StoryKey) -> set[int]:
    let_go = select(candidates.c.statement_id).join(desk_acts, desk_acts.c.candidate_id == candidates.c.id)
    return set(tx.execute(let_go.where(desk_acts.c.story == story, desk_acts.c.kind == "release")).scalars())


def _is_marked(tx: Connection, story: StoryKey, told: Iterable[Update]) -> None:
    """Every update that a later one corrects or takes back has a mark that says by which, and of no other."""
    old = updates.alias("old")
    query = (
        select(old.c.number, updates.c.number.label("by"), marks.c.kind)
        .select_from(marks)
        .join(old, old.c.id == marks.c.update_id)
        .join(updates, updates.c.id == marks.c.by_update_id)
        .where(old.c.story == story)
    )
    marked = Counter((row.number, row.by, row.kind) for row in tx.execute(query))
    assert marked == Counter((number, one.number, one.kind.value) for one in told for number in one.corrects)


def _corroborations_are_others(tx: Connection) -> None:
    """What stands beside an update is said by another family, and in a statement of its own."""
    own, other = statements.alias("own"), statements.alias("other")
    query = (
        select(own.c.id, own.c.family, other.c.id.label("other"), other.c.family.label("other_family"))
        .select_from(corroborations)
        .join(updates, updates.c.id == corroborations.c.update_id)
        .join(own, own.c.id == updates.c.statement_id)
        .join(other, other.c.id == corroborations.c.statement_id)
    )
    for row in tx.execute(query):
        assert row.id != row.other, row
        assert row.family != row.other_family, row
