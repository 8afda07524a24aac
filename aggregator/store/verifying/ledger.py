"""That each story's updates are what was published: numbers, hashes, marks, sentences and the spans that they stand on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, text

from aggregator.model import Citation, RevisionId, Sentence
from aggregator.store.ledger import published_hash
from aggregator.store.verifying.findings import Examination, Finding, number_of, shown, sound
from aggregator.stories.gate import why_unfounded

AT_ONCE = 50  # updates in memory, with the texts of the versions that they cite

_STORIES = text("SELECT key, last_number, head FROM stories ORDER BY key")
_UPDATES = text(
    "SELECT u.*, r.statement_id AS told FROM updates u LEFT JOIN revisions r ON r.id = u.revision_id"
    " WHERE u.story = :story AND u.number > :after ORDER BY u.number LIMIT :most"
)


def _of(query: str) -> Any:
    return text(query).bindparams(bindparam("ids", expanding=True))


_SENTENCES = _of(
    "SELECT update_id, paragraph, position, text FROM sentences WHERE update_id IN :ids ORDER BY update_id, paragraph, position"
)
_CITATIONS = _of(
    'SELECT update_id, paragraph, position, n, revision_id, start, "end" FROM citations WHERE update_id IN :ids'
    " ORDER BY update_id, paragraph, position, n"
)
_ATTRIBUTIONS = _of(
    "SELECT a.update_id, a.position, a.name, a.url, a.source, s.key FROM attributions a"
    " LEFT JOIN sources s ON s.key = a.source WHERE a.update_id IN :ids ORDER BY a.update_id, a.position"
)
_MARKS = _of(
    "SELECT m.id, m.by_update_id AS update_id, u.story, u.number, m.kind, m.at FROM marks m"
    " LEFT JOIN updates u ON u.id = m.update_id WHERE m.by_update_id IN :ids ORDER BY m.id"
)
_REPLACED = _of(
    "SELECT r.update_id, r.n, o.story, o.number, r.old_paragraph, r.old_position, r.paragraph, r.position"
    " FROM replacements r LEFT JOIN updates o ON o.id = r.old_update_id WHERE r.update_id IN :ids ORDER BY r.update_id, r.n"
)
_TEXTS = _of("SELECT id, text FROM revisions WHERE id IN :ids")

Place = tuple[Any, Any]  # paragraph, position


@dataclass(slots=True)
class _Parts:
    """What belongs to one update, as it is stored."""

    sentences: list[Any] = field(default_factory=list)
    citations: dict[Place, list[Any]] = field(default_factory=lambda: defaultdict(list))
    attributions: list[Any] = field(default_factory=list)
    marks: list[Any] = field(default_factory=list)  # that it made, on others
    replaced: list[Any] = field(default_factory=list)  # sentences of others that it puts right


def check_ledger(work: Examination) -> Iterator[Finding]:
    """Every update of every story."""
    for story in work.tx.execute(_STORIES).all():
        if work.story is None or story.key == work.story:
            yield from _story(work, story)


def _story(work: Examination, story: Any) -> Iterator[Finding]:
    if not sound(story.key):
        yield Finding(check="ledger", table="stories", row=shown(story.key), what="its key is damaged")
        return
    number, head = 0, ""
    for rows in _pages(work, story.key):
        parts = _parts(work, [row.id for row in rows])
        texts = _texts(work, parts)
        for row in rows:
            for what in _update(row, parts[row.id], texts, due=number + 1, head=head):
                yield Finding(check="ledger", table="updates", row=f"{story.key}/{row.number}", what=what)
            number, head = row.number, row.hash
            work.count("sentences", len(parts[row.id].sentences))
            work.count("citations", sum(map(len, parts[row.id].citations.values())))
        work.count("updates", len(rows))
    if (story.last_number, story.head) != (number, head):
        what = (
            f"its newest update is {shown(story.last_number)} with the hash {shown(story.head) or 'none'},"
            f" but the ledger ends with {number} and {shown(head) or 'none'}"
        )
        yield Finding(check="ledger", table="stories", row=story.key, what=what)


def _pages(work: Examination, story: str) -> Iterator[Sequence[Any]]:
    after = -(1 << 31)
    while rows := work.tx.execute(_UPDATES, {"story": story, "after": after, "most": AT_ONCE}).all():
        yield rows
        if number_of(rows[-1].number) is None:
            return  # there is no going on from there; the numbers were found to be wrong
        after = rows[-1].number


def _parts(work: Examination, ids: Sequence[int]) -> dict[int, _Parts]:
    found = {one: _Parts() for one in ids}
    for row in work.tx.execute(_SENTENCES, {"ids": ids}):
        found[row.update_id].sentences.append(row)
    for row in work.tx.execute(_CITATIONS, {"ids": ids}):
        found[row.update_id].citations[row.paragraph, row.position].append(row)
    for row in work.tx.execute(_ATTRIBUTIONS, {"ids": ids}):
        found[row.update_id].attributions.append(row)
    for row in work.tx.execute(_MARKS, {"ids": ids}):
        found[row.update_id].marks.append(row)
    for row in work.tx.execute(_REPLACED, {"ids": ids}):
        found[row.update_id].replaced.append(row)
    return found


def _texts(work: Examination, parts: dict[int, _Parts]) -> dict[RevisionId, str]:
    ids = {cited.revision_id for one in parts.values() for some in one.citations.values() for cited in some}
    found: dict[RevisionId, str] = {}
    wanted = sorted(one for one in ids if number_of(one) is not None)
    for start in range(0, len(wanted), 500):
        for row in work.tx.execute(_TEXTS, {"ids": wanted[start : start + 500]}):
            found[RevisionId(row.id)] = row.text if isinstance(row.text, str) else ""
    return found


def _update(row: Any, parts: _Parts, texts: dict[RevisionId, str], *, due: int, head: str) -> Iterator[str]:
    """What is wrong with one update."""
    if row.number != due:
        yield f"Update.{due} is due here: numbers run without a gap"
    if row.previous_hash != head:
        yield f"it follows the hash {shown(row.previous_hash) or 'none'}, but the update before has {shown(head) or 'none'}"
    digest = stored_hash(row, parts)
    if digest != row.hash:
        yield f"it is not what was published: its hash is {shown(row.hash)}, what is stored has {digest}"
    if row.told != row.statement_id:
        yield f"it tells revision {row.revision_id}, which is not one of its statement {row.statement_id}"
    yield from _places(parts)
    for mark in parts.marks:
        if (mark.story, mark.kind, mark.at) != (row.story, row.kind, row.published_at):
            yield f"mark {mark.id}, which it made, has another kind, time or story than it"
    for n, old in enumerate(parts.replaced, 1):
        if (old.n, old.story) != (n, row.story):
            yield f"replacement {shown(old.n)} speaks of no update of this story, or is out of its place"
    for said in parts.sentences:
        reason = _refused(said, parts.citations[said.paragraph, said.position], texts)
        if reason is not None:
            yield f"paragraph {said.paragraph}, sentence {said.position}: {reason}"
    for named in parts.attributions:
        if named.key is None:
            yield f"attribution {named.position} names the source {shown(named.source)}, which is not there"


def stored_hash(row: Any, parts: _Parts) -> str:
    """The hash of an update from what is stored of it."""
    paragraphs: dict[Any, list[Any]] = {}
    for said in parts.sentences:
        cited = [[one.revision_id, one.start, one.end] for one in parts.citations.get((said.paragraph, said.position), ())]
        paragraphs.setdefault(said.paragraph, []).append([said.text, cited])
    return published_hash(
        story=row.story,
        number=row.number,
        kind=row.kind,
        reason=row.reason,
        title=row.title,
        revision=row.revision_id,
        corrects=[mark.number for mark in parts.marks],
        said_at=row.said_at,
        published_at=row.published_at,
        paragraphs=list(paragraphs.values()),
        attributions=[[one.name, one.url, one.source] for one in parts.attributions],
        previous=row.previous_hash,
        replaces=[[one.number, one.old_paragraph, one.old_position, one.paragraph, one.position] for one in parts.replaced],
        desk=row.desk_id,
    )


def _places(parts: _Parts) -> Iterator[str]:
    """Paragraphs, sentences, citations and attributions run 1, 2, 3 …: the hash has their order, and not these numbers."""
    next_ones: tuple[Place, ...] = ((1, 1),)
    for said in parts.sentences:
        here = (said.paragraph, said.position)
        if here not in next_ones:
            yield f"paragraph {shown(here[0])}, sentence {shown(here[1])} is out of its place"
        paragraph, position = number_of(here[0]) or 0, number_of(here[1]) or 0
        next_ones = ((paragraph, position + 1), (paragraph + 1, 1))
    places = {(said.paragraph, said.position) for said in parts.sentences}
    for place, cited in parts.citations.items():
        if place not in places:
            yield f"a citation belongs to paragraph {shown(place[0])}, sentence {shown(place[1])}, which is not there"
        if [one.n for one in cited] != list(range(1, len(cited) + 1)):
            yield f"the citations of paragraph {shown(place[0])}, sentence {shown(place[1])} are not numbered one by one"
    if [one.position for one in parts.attributions] != list(range(1, len(parts.attributions) + 1)):
        yield "its attributions are not numbered one by one"


def _refused(said: Any, cited: Sequence[Any], texts: dict[RevisionId, str]) -> str | None:
    """Why the citation gate would not let a sentence pass with what is stored now, or None where it would."""
    if not isinstance(said.text, str):
        return "it is no text"
    spans = [(number_of(one.revision_id), number_of(one.start), number_of(one.end)) for one in cited]
    if any(None in span for span in spans):
        return "a citation of it is damaged"
    whole = tuple(Citation(revision=RevisionId(r or 0), start=s or 0, end=e or 0) for r, s, e in spans)
    return why_unfounded(Sentence(text=said.text, citations=whole), texts)
