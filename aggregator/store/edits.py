"""What each edit was, judged and kept when the next version of a text is stored; and which changed lines are a template's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, func, select

from aggregator.model import RevisionId, SourceKey, StatementId
from aggregator.store.bulk import Ask, Insert
from aggregator.store.schema import edit_lines, edits, revisions, utc_text
from aggregator.store.sealing import SealedInsert
from aggregator.stories.edits import Edit, edit_of_page, of_template

TEMPLATE_PAGES = (
    3  # two pages may well be edited alike by hand: a joint statement of two visits; three at once are made by machine
)
MOST_LOOKED_AT = 400  # changed lines of a statement's versions, from the newest
TEMPLATE_WITHIN = timedelta(days=1)  # in which a new template reaches the pages that are read again

_before = revisions.alias("earlier")
_PAIRS = Ask(
    select(
        revisions.c.id,
        revisions.c.statement_id,
        revisions.c.title,
        revisions.c.text,
        _before.c.title.label("old_title"),
        _before.c.text.label("old_text"),
    )
    .join(
        _before,
        and_(
            _before.c.statement_id == revisions.c.statement_id,
            _before.c.language == revisions.c.language,
            _before.c.number == revisions.c.number - 1,
        ),
    )
    .where(revisions.c.id.in_(bindparam("ids", expanding=True)))
)
_PAGES = Ask(
    select(edit_lines.c.line, func.count(edit_lines.c.statement_id.distinct()).label("pages"))
    .where(
        edit_lines.c.source == bindparam("source"),
        edit_lines.c.line.in_(bindparam("lines", expanding=True)),
        edit_lines.c.at.between(bindparam("start"), bindparam("end")),
    )
    .group_by(edit_lines.c.line)
)
_ADD_EDITS = SealedInsert(edits)
_ADD_LINES = Insert(
    edit_lines.c.source, edit_lines.c.line, edit_lines.c.revision_id, edit_lines.c.statement_id, edit_lines.c.at, once=True
)


@dataclass(frozen=True, slots=True)
class _Judged:
    revision: RevisionId
    statement: StatementId
    edit: Edit


def note_edits(tx: Connection, made: Collection[int], *, source: SourceKey, at: datetime) -> None:
    """Judge the revisions among those just stored that follow another in their language, and keep what they change.

    What a poll brings is judged together, so that the first page of a template that changed is known as such if the others
    came with it.
    """
    if not made:
        return
    found = sorted(_PAIRS.all(tx, "ids", made), key=lambda row: row.id)
    judged = [
        _Judged(row.id, row.statement_id, edit_of_page((row.old_title, row.old_text), (row.title, row.text))) for row in found
    ]
    _ADD_LINES(
        tx,
        [(source, line, one.revision, one.statement, utc_text(at)) for one in judged for line in one.edit.template],
    )
    pages = _pages(tx, source, {line for one in judged for line in one.edit.template}, at - TEMPLATE_WITHIN, at)
    _ADD_EDITS(tx, [_row(one, pages) for one in judged])


def _row(one: _Judged, pages: dict[int, int]) -> tuple[int, str, str]:
    edit = one.edit
    fewest = min((pages.get(line, 0) for line in edit.template), default=0)
    if edit.only_template and fewest >= TEMPLATE_PAGES:
        edit = of_template(edit, fewest)
    return one.revision, edit.kind.value, edit.says


def _pages(tx: Connection, source: str, lines: Collection[int], start: datetime, end: datetime) -> dict[int, int]:
    """On how many pages of a source each line changed in some time."""
    if not lines:
        return {}
    rows = _PAGES.all(tx, "lines", sorted(lines), source=source, start=utc_text(start), end=utc_text(end))
    return {row.line: row.pages for row in rows}


def template_lines(tx: Connection, statement: StatementId) -> frozenset[int]:
    """The keys of lines that came to a statement's versions, or went, as its source's template changed.

    Those that several pages of the source have in common, within a day before or after: what was the first page of all when
    it was stored is known now.
    """
    query = (
        select(edit_lines.c.source, edit_lines.c.line, edit_lines.c.at)
        .join(revisions, revisions.c.id == edit_lines.c.revision_id)
        .where(revisions.c.statement_id == statement)
        .order_by(edit_lines.c.revision_id.desc())
        .limit(MOST_LOOKED_AT)
    )
    found: set[int] = set()
    edited: dict[tuple[str, datetime], list[int]] = {}
    for row in tx.execute(query):
        edited.setdefault((row.source, row.at), []).append(row.line)
    for (source, at), lines in edited.items():
        pages = _pages(tx, source, lines, at - TEMPLATE_WITHIN, at + TEMPLATE_WITHIN)
        found.update(line for line in lines if pages.get(line, 0) >= TEMPLATE_PAGES)
    return frozenset(found)
