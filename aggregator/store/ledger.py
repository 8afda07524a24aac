"""The ledger: numbered updates that only grow. No function here changes or removes a published one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.model import (
    Attribution,
    Citation,
    Paragraph,
    Replaced,
    RevisionId,
    StatementId,
    StoryKey,
    UpdateKind,
)
from aggregator.store import changes
from aggregator.store.outbox import queue
from aggregator.store.schema import (
    attributions,
    citations,
    corroborations,
    marks,
    replacements,
    sentences,
    stories,
    updates,
    utc_text,
)
from aggregator.store.sealing import with_seals
from aggregator.store.seals import canonical_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An update before it has a number."""

    story: StoryKey
    kind: UpdateKind
    reason: str
    title: str
    statement: StatementId
    revision: RevisionId
    said_at: datetime
    paragraphs: Sequence[Paragraph]
    attributions: Sequence[Attribution]
    corrects: Sequence[int] = ()  # the numbers of the updates that it corrects or takes back
    replaces: Sequence[Replaced] = ()  # sentences of these; `after` is a sentence of `paragraphs`, or ""
    desk: int | None = None  # the act of the desk that makes it


def hold_stories(tx: Connection, keys: Collection[StoryKey]) -> None:
    """Let nobody else tell these stories until the transaction ends: what is read of their ledgers from here on stays true.

    A transaction that appends to several stories calls this first, with all of them. They are taken in one order, whoever
    asks, so that no two wait for each other.
    """
    wanted = select(stories.c.key).where(stories.c.key.in_(keys)).order_by(stories.c.key)
    tx.execute(wanted.with_for_update(key_share=True)).all()  # SQLite has one writer at a time, and leaves the lock out


def append(tx: Connection, draft: Draft, *, at: datetime) -> int:
    """Give an update the next number of its story and store it with its hash, change and outbox row; returns the number.

    Everything happens in the caller's transaction, so a number exists exactly when its update does: numbers run
    1, 2, 3 … without a gap, whatever fails in between.
    """
    taken = stories.update().where(stories.c.key == draft.story).values(last_number=stories.c.last_number + 1)
    number, previous = tx.execute(taken.returning(stories.c.last_number, stories.c.head)).one()
    digest = chain_hash(draft, number=number, at=at, previous=previous)
    row = updates.insert().values(
        story=draft.story,
        number=number,
        kind=draft.kind,
        reason=draft.reason,
        title=draft.title,
        statement_id=draft.statement,
        revision_id=draft.revision,
        said_at=draft.said_at,
        published_at=at,
        previous_hash=previous,
        hash=digest,
        desk_id=draft.desk,
    )
    update = tx.execute(row.returning(updates.c.id)).scalar_one()
    _add_sentences(tx, update, draft.paragraphs)
    _add_attributions(tx, update, draft.attributions)
    _add_replacements(tx, draft, update)
    tx.execute(stories.update().where(stories.c.key == draft.story).values(head=digest))
    for corrected in draft.corrects:
        _mark(tx, draft, corrected, by=update, at=at)
    changes.note(tx, "update", f"{draft.story}/{number}", seal=digest, at=at)
    queue(tx, target="site", key=f"site:{draft.story}:{number}", payload={"story": draft.story}, at=at)
    return int(number)


def chain_hash(draft: Draft, *, number: int, at: datetime, previous: str) -> str:
    """The link of the hash chain: SHA-256 in hex over everything that is published of an update, and its predecessor's hash."""
    return published_hash(
        story=draft.story,
        number=number,
        kind=draft.kind.value,
        reason=draft.reason,
        title=draft.title,
        revision=draft.revision,
        corrects=list(draft.corrects),
        said_at=utc_text(draft.said_at),
        published_at=utc_text(at),
        paragraphs=[
            [[s.text, [[c.revision, c.start, c.end] for c in s.citations]] for s in p.sentences] for p in draft.paragraphs
        ],
        attributions=[[a.name, a.url, a.source] for a in draft.attributions],
        previous=previous,
        replaces=[[old.number, old.paragraph, old.position, *(place or (None, None))] for old, place in _placed(draft)],
        desk=draft.desk,
    )


def _placed(draft: Draft) -> list[tuple[Replaced, tuple[int, int] | None]]:
    """Each sentence that is replaced, with where in the draft its successor stands: paragraph and position, from 1."""
    places: dict[str, tuple[int, int]] = {}
    for p, paragraph in enumerate(draft.paragraphs, 1):
        for s, sentence in enumerate(paragraph.sentences, 1):
            places.setdefault(sentence.text, (p, s))
    return [(old, places[old.after] if old.after else None) for old in draft.replaces]


def published_hash(
    *,
    story: object,
    number: object,
    kind: object,
    reason: object,
    title: object,
    revision: object,
    corrects: Sequence[object],
    said_at: object,
    published_at: object,
    paragraphs: Sequence[object],
    attributions: Sequence[object],
    previous: object,
    replaces: Sequence[object] = (),
    desk: object = None,
) -> str:
    """The hash of an update from its values as they are stored: times as text, `paragraphs` as lists of sentences, each its
    text and its citations as `[revision, start, end]`; `attributions` as `[name, url, source]`; `replaces` as
    `[number, paragraph, position, new paragraph, new position]`, the last two null where a sentence was taken out. Its form
    never changes: `replaces` and `desk`, which came later, are part of it only where there are any."""
    later: dict[str, object] = {"replaces": list(replaces)} if replaces else {}
    if desk is not None:
        later["desk"] = desk
    return canonical_hash(
        {
            "story": story,
            "number": number,
            "kind": kind,
            "reason": reason,
            "title": title,
            "revision": revision,
            "corrects": corrects,
            "said_at": said_at,
            "published_at": published_at,
            "paragraphs": paragraphs,
            "attributions": attributions,
            "previous": previous,
            **later,
        }
    )


def _add_sentences(tx: Connection, update: int, paragraphs: Sequence[Paragraph]) -> None:
    told, cited = [], []
    for p, paragraph in enumerate(paragraphs, 1):
        for s, sentence in enumerate(paragraph.sentences, 1):
            place = {"update_id": update, "paragraph": p, "position": s}
            told.append(place | {"text": sentence.text})
            cited += [place | _citation(n, citation) for n, citation in enumerate(sentence.citations, 1)]
    if told:
        tx.execute(sentences.insert(), told)
        tx.execute(citations.insert(), cited)


def _citation(n: int, citation: Citation) -> dict[str, int]:
    return {"n": n, "revision_id": citation.revision, "start": citation.start, "end": citation.end}


def _add_attributions(tx: Connection, update: int, given: Sequence[Attribution]) -> None:
    rows = [
        {"update_id": update, "position": position, "name": a.name, "url": a.url, "source": a.source}
        for position, a in enumerate(given, 1)
    ]
    if rows:
        tx.execute(attributions.insert(), rows)


def _add_replacements(tx: Connection, draft: Draft, update: int) -> None:
    if not draft.replaces:
        return
    numbers = {old.number for old in draft.replaces}
    query = select(updates.c.number, updates.c.id).where(updates.c.story == draft.story, updates.c.number.in_(numbers))
    ids = {row.number: row.id for row in tx.execute(query)}
    rows = [
        {
            "update_id": update,
            "n": n,
            "old_update_id": ids[old.number],
            "old_paragraph": old.paragraph,
            "old_position": old.position,
            "paragraph": None if place is None else place[0],
            "position": None if place is None else place[1],
        }
        for n, (old, place) in enumerate(_placed(draft), 1)
    ]
    tx.execute(replacements.insert(), rows)


def _mark(tx: Connection, draft: Draft, corrected: int, *, by: int, at: datetime) -> None:
    old = select(updates.c.id).where(updates.c.story == draft.story, updates.c.number == corrected)
    update = tx.execute(old).scalar_one()
    (row,) = with_seals(tx, marks, [{"update_id": update, "by_update_id": by, "kind": draft.kind, "at": at}])
    tx.execute(marks.insert(), row)
    changes.note(tx, "mark", f"{draft.story}/{corrected}", seal=row["seal"], at=at)


def corroborate(tx: Connection, update: int, statement: StatementId, *, at: datetime) -> None:
    """Note that another family said the same as a published update; the update itself stays as it is, and its page tells it."""
    known = select(corroborations.c.at).where(corroborations.c.update_id == update, corroborations.c.statement_id == statement)
    if tx.execute(known).first() is None:
        (row,) = with_seals(tx, corroborations, [{"update_id": update, "statement_id": statement, "at": at}])
        tx.execute(corroborations.insert(), row)
        changes.note(tx, "corroboration", str(statement), seal=row["seal"], at=at)
        story, number = tx.execute(select(updates.c.story, updates.c.number).where(updates.c.id == update)).one()
        queue(tx, target="site", key=f"site:{story}:{number}:also:{statement}", payload={"story": story}, at=at)
