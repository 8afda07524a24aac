"""Reading a story back as its readers see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Column, ColumnElement, Connection, FromClause, and_, case, func, select, tuple_

from aggregator.model import (
    AlsoReported,
    Attribution,
    Citation,
    Mark,
    Paragraph,
    Replaced,
    RevisionId,
    Sentence,
    SourceKey,
    StatementId,
    StoryKey,
    StoryPage,
    TextVersion,
    Update,
    UpdateKind,
    ZoneKnown,
)
from aggregator.store.bulk import Row, chunks
from aggregator.store.desk import acts_of, merges
from aggregator.store.gaps import unseen_of
from aggregator.store.overviews import with_overview
from aggregator.store.schema import (
    attributions,
    by_itself,
    citations,
    corroborations,
    credit_lines,
    listings,
    marks,
    replacements,
    revisions,
    sentences,
    sources,
    statements,
    stories,
    updates,
)
from aggregator.store.settings import UNKNOWN, settings_of
from aggregator.stories.corroborating import Said, also_reported
from aggregator.text.times import written_offset


def story_page(tx: Connection, key: StoryKey, *, now: datetime | None = None) -> StoryPage | None:
    """A whole story, or None where the store has none of this key. `now` tells whether it has fallen quiet."""
    story = tx.execute(select(stories).where(stories.c.key == key)).one_or_none()
    if story is None:
        return None
    told = updates_of(tx, key)
    page = replace(
        _page(story, told, _marks(tx, [key]).get(key, ())),
        also_reported=_also_reported(tx, key, told),
        acts=acts_of(tx, key),
        versions=versions_of(tx, told),
        unseen=unseen_of(tx, key),
    )
    return with_overview(tx, page, story, now=now)


def updates_of(tx: Connection, story: StoryKey, *, statement: StatementId | None = None) -> list[Update]:
    """The published updates of a story, Update.1 first; of one statement only, if it is named."""
    which = updates.c.story == story
    if statement is not None:
        which &= updates.c.statement_id == statement
    return _updates_where(tx, which).get(story, [])


def updates_at(tx: Connection, places: Collection[tuple[StoryKey, int]]) -> dict[tuple[StoryKey, int], Update]:
    """Published updates by story and number; what is not there is left out."""
    told = [_updates_where(tx, tuple_(updates.c.story, updates.c.number).in_(some)) for some in chunks(places)]
    return {(story, one.number): one for some in told for story, those in some.items() for one in those}


def _updates_where(tx: Connection, which: ColumnElement[bool], *, texts: bool = True) -> dict[StoryKey, list[Update]]:
    """Some published updates by story, in order; paragraphs and attributions are read where `texts` are wanted."""
    query = (
        select(updates, statements.c.said_day, revisions.c.language)
        .join(statements, statements.c.id == updates.c.statement_id)
        .join(revisions, revisions.c.id == updates.c.revision_id)
    )
    rows = tx.execute(query.where(which).order_by(updates.c.number)).all()
    ids = [row.id for row in rows]
    replaced = _replaced(tx, ids)
    paragraphs, named = (_paragraphs(tx, ids), _attributions(tx, ids)) if texts else ({}, {})
    corrects: dict[tuple[str, int], list[int]] = defaultdict(list)
    for story, some in _marks(tx, {row.story for row in rows}).items():
        for mark in some:
            corrects[story, mark.by_number].append(mark.number)
    found: dict[StoryKey, list[Update]] = defaultdict(list)
    for row in rows:
        one = _update(row, paragraphs.get(row.id, ()), named.get(row.id, ()), corrects[row.story, row.number])
        found[StoryKey(row.story)].append(replace(one, replaces=tuple(replaced.get(row.id, ()))))
    return found


def newest_pages(tx: Connection, *, most: int, texts: bool = True) -> list[StoryPage]:
    """The stories of the newest updates of all, by key: each with those alone, and without what a page says of the whole.

    Without `texts`, the updates have no paragraphs and no attributions: their hashes tell which those are.
    """
    newest = select(updates.c.id).order_by(updates.c.id.desc()).limit(most)
    return _short_pages(tx, updates.c.id.in_(newest), texts=texts)


def first_pages(tx: Connection, *, since: datetime) -> list[StoryPage]:
    """The stories that began at a time or later, by key: each with its first update alone, and that without its texts."""
    each = updates.c.story.in_(select(stories.c.key))  # so that the index on story and number is used
    return _short_pages(tx, each & (updates.c.number == 1) & (updates.c.published_at >= since), texts=False)


def _short_pages(tx: Connection, which: ColumnElement[bool], *, texts: bool) -> list[StoryPage]:
    told = _updates_where(tx, which, texts=texts)
    marked = _marks(tx, told)
    rows = [row for some in chunks(told) for row in tx.execute(select(stories).where(stories.c.key.in_(some)))]
    return [_page(row, told[row.key], marked.get(row.key, ())) for row in sorted(rows, key=lambda row: row.key)]


def _page(story: Row, told: Sequence[Update], marked: Sequence[Mark]) -> StoryPage:
    days = [datetime.fromisoformat(one.said_day).replace(tzinfo=UTC) if one.said_day else one.said_at for one in told]
    return StoryPage(
        key=StoryKey(story.key),
        title=story.title,
        lead=story.lead,
        date=max(days, default=story.from_at),
        image=story.image,
        image_alt=story.image_alt,
        updates=tuple(told),
        marks=tuple(marked),
        as_of=told[-1].published_at if told else None,
        language=story.language,
        image_credit=story.image_credit,
    )


def versions_of(tx: Connection, told: Sequence[Update]) -> tuple[TextVersion, ...]:
    """The versions of statements that some updates tell or cite, by their numbers."""
    asked = {one.revision for one in told}
    for one in told:
        asked.update(cited.revision for part in one.paragraphs for sentence in part.sentences for cited in sentence.citations)
    query = (
        select(revisions.c.id, revisions.c.statement_id, revisions.c.number, revisions.c.language, revisions.c.source)
        .add_columns(revisions.c.seen_at, statements.c.said_written, statements.c.zone_known)
        .join(statements, statements.c.id == revisions.c.statement_id)
    )
    settings = settings_of(tx)
    found = [
        TextVersion(
            revision=RevisionId(row.id),
            statement=StatementId(row.statement_id),
            number=row.number,
            language=row.language,
            source=SourceKey(row.source),
            read_at=row.seen_at,
            zone=settings.get(SourceKey(row.source), UNKNOWN).zone or _written_zone(row),
        )
        for some in chunks(asked)
        for row in tx.execute(query.where(revisions.c.id.in_(some)))
    ]
    return tuple(sorted(found, key=lambda one: one.revision))


def _written_zone(row: Row) -> str:
    """The zone that a statement's own time names, in figures."""
    return written_offset(row.said_written) if row.zone_known == ZoneKnown.OFFSET.value else ""


def _also_reported(tx: Connection, story: StoryKey, told: Sequence[Update]) -> tuple[AlsoReported, ...]:
    """Who else reports each of some updates."""
    noted: dict[int, list[int]] = defaultdict(list)
    query = (
        select(updates.c.number, corroborations.c.statement_id)
        .join(updates, updates.c.id == corroborations.c.update_id)
        .where(updates.c.story == story)
        .order_by(corroborations.c.at, corroborations.c.statement_id)
    )
    for row in tx.execute(query):
        noted[row.number].append(row.statement_id)
    echoed = [one for one in told if one.number in noted]
    said = said_of(tx, {*(one.statement for one in echoed), *(statement for some in noted.values() for statement in some)})
    return tuple(
        echo
        for one in echoed
        for echo in also_reported(one.number, said[one.statement], [said[other] for other in noted[one.number]])
    )


def said_of(tx: Connection, asked: Collection[int]) -> dict[int, Said]:
    """Some statements as who corroborates weighs them, by their ids; of each the first version."""
    first = select(func.min(revisions.c.id)).where(revisions.c.statement_id == statements.c.id).correlate(statements)
    query = (
        select(statements.c.id, statements.c.family, sources.c.key, sources.c.name, sources.c.homepage)
        .add_columns(statements.c.url, revisions.c.text, credit_lines.c.credit)
        .join(sources, sources.c.key == statements.c.source)
        .join(revisions, revisions.c.id == first.scalar_subquery())
        .join(credit_lines, credit_lines.c.revision_id == revisions.c.id, isouter=True)
    )
    return {
        row.id: Said(
            statement=StatementId(row.id),
            family=row.family,
            source=SourceKey(row.key),
            name=row.name,
            url=row.url or row.homepage,
            text=f"{row.text}\n{row.credit}" if row.credit else row.text,
        )
        for some in chunks(asked)
        for row in tx.execute(query.where(statements.c.id.in_(some)))
    }


def _update(row: Row, paragraphs: Sequence[Paragraph], named: Sequence[Attribution], corrects: Sequence[int]) -> Update:
    return Update(
        number=row.number,
        kind=UpdateKind(row.kind),
        reason=row.reason,
        title=row.title,
        statement=StatementId(row.statement_id),
        revision=RevisionId(row.revision_id),
        said_at=row.said_at,
        published_at=row.published_at,
        paragraphs=tuple(paragraphs),
        attributions=tuple(named),
        corrects=tuple(corrects),
        hash=row.hash,
        said_day=row.said_day,
        language=row.language,
        desk=row.desk_id,
    )


def _paragraphs(tx: Connection, ids: Sequence[int]) -> dict[int, list[Paragraph]]:
    cited: dict[tuple[int, int, int], list[Citation]] = defaultdict(list)
    order = [citations.c.update_id, citations.c.paragraph, citations.c.position, citations.c.n]
    for row in tx.execute(select(citations).where(citations.c.update_id.in_(ids)).order_by(*order)):
        cited[row.update_id, row.paragraph, row.position].append(
            Citation(revision=RevisionId(row.revision_id), start=row.start, end=row.end)
        )
    said: dict[tuple[int, int], list[Sentence]] = defaultdict(list)
    where = [sentences.c.update_id, sentences.c.paragraph, sentences.c.position]
    for row in tx.execute(select(sentences).where(sentences.c.update_id.in_(ids)).order_by(*where)):
        place = (row.update_id, row.paragraph, row.position)
        said[row.update_id, row.paragraph].append(Sentence(text=row.text, citations=tuple(cited[place])))
    found: dict[int, list[Paragraph]] = defaultdict(list)
    for (update, _), members in said.items():
        found[update].append(Paragraph(sentences=tuple(members)))
    return found


def _replaced(tx: Connection, ids: Sequence[int]) -> dict[int, list[Replaced]]:
    old, new, told = sentences.alias("old"), sentences.alias("new"), replacements
    query = (
        select(told.c.update_id, updates.c.number, told.c.old_paragraph, told.c.old_position)
        .add_columns(old.c.text.label("before"), new.c.text.label("after"))
        .join(updates, updates.c.id == told.c.old_update_id)
        .join(old, _at(old, told.c.old_update_id, told.c.old_paragraph, told.c.old_position))
        .join(new, _at(new, told.c.update_id, told.c.paragraph, told.c.position), isouter=True)
        .where(told.c.update_id.in_(ids))
        .order_by(told.c.update_id, told.c.n)
    )
    found: dict[int, list[Replaced]] = defaultdict(list)
    for row in tx.execute(query):
        one = Replaced(
            number=row.number,
            paragraph=row.old_paragraph,
            position=row.old_position,
            before=row.before,
            after=row.after or "",
        )
        found[row.update_id].append(one)
    return found


def _at(told: FromClause, update: Column[int], paragraph: Column[int], position: Column[int]) -> ColumnElement[bool]:
    """That a row of `sentences` is the one at a place."""
    return and_(told.c.update_id == update, told.c.paragraph == paragraph, told.c.position == position)


def _attributions(tx: Connection, ids: Sequence[int]) -> dict[int, list[Attribution]]:
    found: dict[int, list[Attribution]] = defaultdict(list)
    query = select(attributions).where(attributions.c.update_id.in_(ids))
    for row in tx.execute(query.order_by(attributions.c.update_id, attributions.c.position)):
        found[row.update_id].append(Attribution(name=row.name, url=row.url, source=SourceKey(row.source)))
    return found


def _marks(tx: Connection, asked: Collection[str]) -> dict[str, list[Mark]]:
    """The marks beside the updates of some stories, in order."""
    by = updates.alias("by_update")
    query = (
        select(updates.c.story, updates.c.number, by.c.number.label("by_number"), marks.c.kind, marks.c.at)
        .join_from(marks, updates, updates.c.id == marks.c.update_id)
        .join(by, by.c.id == marks.c.by_update_id)
        .order_by(marks.c.id)
    )
    found: dict[str, list[Mark]] = defaultdict(list)
    for some in chunks(asked):
        for row in tx.execute(query.where(updates.c.story.in_(some))):
            mark = Mark(number=row.number, by_number=row.by_number, kind=UpdateKind(row.kind), at=row.at)
            found[row.story].append(mark)
    return found


def told_so_far(tx: Connection, story: StoryKey) -> list[tuple[int, str]]:
    """Every sentence that a story has published with the number of its update, in order; after those of the stories that it
    continues, which have the number 0."""
    earlier = [one for one, end in merges(tx).items() if end == story]
    own_last = case((updates.c.story == story, 1), else_=0)
    query = (
        select(case((updates.c.story == story, updates.c.number), else_=0), sentences.c.text)
        .join(updates, updates.c.id == sentences.c.update_id)
        .where(updates.c.story.in_([story, *earlier]))
        .order_by(own_last, updates.c.id, sentences.c.paragraph, sentences.c.position)
    )
    return [(number, text) for number, text in tx.execute(query)]


def attributions_for(tx: Connection, statement: StatementId, revision: RevisionId) -> list[Attribution]:
    """Where readers find a statement: each name once; where this version of it stands first, then first heard first."""
    own = select(revisions.c.source).where(revisions.c.id == revision).scalar_subquery()
    query = (
        select(sources.c.key, sources.c.name, sources.c.homepage, listings.c.url, listings.c.first_seen_at, listings.c.entry_id)
        .add_columns((sources.c.key != own).label("another"))
        .join(sources, sources.c.key == listings.c.source)
        .where(listings.c.statement_id == statement)
    )
    named: dict[str, Attribution] = {}
    # Sorted here: databases sort texts each in its own way, and what is published is the same on all.
    for row in sorted(tx.execute(query), key=lambda row: (row.another, row.first_seen_at, row.key, row.entry_id)):
        one = Attribution(name=row.name, url=row.url or row.homepage, source=SourceKey(row.key))
        named.setdefault(row.name, one)
    return list(named.values())


def same_body(tx: Connection, story: StoryKey, revision: RevisionId) -> int | None:
    """The id of a published update of a story that another family said in the very words of a revision, if there is one."""
    new, its_statement = revisions.alias("new"), statements.alias("its_statement")
    query = (
        select(updates.c.id)
        .join(revisions, revisions.c.id == updates.c.revision_id)
        .join(statements, statements.c.id == updates.c.statement_id)
        .join(new, new.c.body_fingerprint == revisions.c.body_fingerprint)
        .join(its_statement, its_statement.c.id == new.c.statement_id)
        .where(updates.c.story == story, new.c.id == revision, its_statement.c.family != statements.c.family, by_itself())
        .order_by(updates.c.number)
    )
    return tx.execute(query.limit(1)).scalar_one_or_none()


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingUpdate:
    """A published update, and what it tells."""

    id: int
    number: int
    statement: StatementId
    revision: RevisionId
    family: str


def updates_telling(tx: Connection, story: StoryKey, told: Collection[StatementId]) -> list[TellingUpdate]:
    """The published updates of a story that tell one of some statements, in order."""
    query = (
        select(
            updates.c.id,
            updates.c.number,
            updates.c.statement_id.label("statement"),
            updates.c.revision_id.label("revision"),
            statements.c.family,
        )
        .join(statements, statements.c.id == updates.c.statement_id)
        .where(updates.c.story == story, updates.c.statement_id.in_(told), by_itself())
        .order_by(updates.c.number)
    )
    return [TellingUpdate(**row._mapping) for row in tx.execute(query)]


def families_of(tx: Connection, asked: Iterable[StatementId]) -> dict[StatementId, str]:
    """The family of each of some statements."""
    query = select(statements.c.id, statements.c.family).where(statements.c.id.in_(list(asked)))
    return {StatementId(row.id): row.family for row in tx.execute(query)}
