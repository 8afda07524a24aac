"""What versions were found to be like others: stored once, with its reasons, and never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from aggregator.model import RevisionId, StatementId
from aggregator.store.bulk import Ask
from aggregator.store.schema import likenesses, revisions, sources, statements, utc_text
from aggregator.store.sealing import SealedInsert
from aggregator.stories.kinship import KinKind, Link

_ADD = SealedInsert(likenesses)
_OTHERS = Ask(
    select(
        revisions.c.id,
        revisions.c.statement_id,
        revisions.c.language,
        statements.c.family,
        statements.c.said_at,
    )
    .join(statements, statements.c.id == revisions.c.statement_id)
    .where(revisions.c.id.in_(bindparam("ids", expanding=True)))
)
_TEXTS = Ask(
    select(revisions.c.id, revisions.c.title, revisions.c.text).where(revisions.c.id.in_(bindparam("ids", expanding=True)))
)
_LINKS = [
    Ask(
        select(
            likenesses.c.statement_id,
            likenesses.c.revision_id,
            likenesses.c.other_id,
            likenesses.c.other_revision_id,
            likenesses.c.kind,
        )
        .where(side.in_(bindparam("ids", expanding=True)))
        .order_by(likenesses.c.revision_id, likenesses.c.other_revision_id)
    )
    for side in (likenesses.c.statement_id, likenesses.c.other_id)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A version that was held against one that was there before."""

    statement: StatementId
    revision: RevisionId
    other: StatementId
    other_revision: RevisionId
    kind: KinKind
    evidence: str
    veto: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """The statement of a version that may be like a new one."""

    statement: StatementId
    language: str
    family: str


def add_likenesses(tx: Connection, judged: Iterable[Judged], *, at: datetime) -> None:
    """Store what came of holding new versions against others."""
    written = utc_text(at)
    _ADD(
        tx,
        [
            (one.revision, one.other_revision, one.statement, one.other, one.kind.value, one.evidence, one.veto, written)
            for one in judged
        ],
    )


def others(tx: Connection, found: Collection[int]) -> dict[int, Other]:
    """The statements of some versions, by the number of the version."""
    return {
        row.id: Other(statement=StatementId(row.statement_id), language=row.language, family=row.family)
        for row in _OTHERS.all(tx, "ids", found)
    }


def texts_of(tx: Connection, asked: Collection[int]) -> dict[int, tuple[str, str]]:
    """Title and text of some versions, by their numbers."""
    return {row.id: (row.title, row.text) for row in _TEXTS.all(tx, "ids", asked)}


def links_of(tx: Connection, asked: Collection[StatementId]) -> dict[StatementId, list[Link]]:
    """What is known of how statements are like others, whichever of the two came first, by each of those asked for."""
    found: dict[StatementId, dict[tuple[int, int], Link]] = defaultdict(dict)
    wanted = set(asked)
    for query in _LINKS:
        for row in query.all(tx, "ids", wanted):
            link = Link(
                statement=StatementId(row.statement_id),
                revision=RevisionId(row.revision_id),
                other=StatementId(row.other_id),
                other_revision=RevisionId(row.other_revision_id),
                kind=KinKind(row.kind),
            )
            for end in {link.statement, link.other} & wanted:
                found[end][link.revision, link.other_revision] = link
    return {statement: [some[key] for key in sorted(some)] for statement, some in found.items()}


class KnownLinks:
    """The links of statements, each asked for once."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._known: dict[StatementId, list[Link]] = {}

    def of(self, asked: Collection[StatementId]) -> Mapping[StatementId, Sequence[Link]]:
        """As `links_of`."""
        missing = set(asked) - self._known.keys()
        if missing:
            found = links_of(self._tx, missing)
            self._known |= {statement: found.get(statement, []) for statement in missing}
        return {statement: self._known[statement] for statement in asked}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLikeness:
    """How a statement is like another, or why it was not joined with it, for people."""

    statement: StatementId  # the other one
    name: str  # of the source that first listed it
    kind: KinKind
    revision: RevisionId  # of the statement that is shown
    other_revision: RevisionId
    evidence: str
    veto: str
    at: datetime
    earlier: bool  # the other one was there before


def likenesses_of(tx: Connection, statement: StatementId) -> Sequence[ShownLikeness]:
    """All that is known of one statement's likeness to others: what it was held against first, then what came later."""
    names = _names(tx, statement)
    query = select(likenesses).where((likenesses.c.statement_id == statement) | (likenesses.c.other_id == statement))
    rows = tx.execute(query.order_by(likenesses.c.revision_id, likenesses.c.other_revision_id)).all()
    shown = [
        ShownLikeness(
            statement=StatementId(row.other_id if row.statement_id == statement else row.statement_id),
            name=names.get(row.other_id if row.statement_id == statement else row.statement_id, ""),
            kind=KinKind(row.kind),
            revision=RevisionId(row.revision_id if row.statement_id == statement else row.other_revision_id),
            other_revision=RevisionId(row.other_revision_id if row.statement_id == statement else row.revision_id),
            evidence=row.evidence,
            veto=row.veto,
            at=row.at,
            earlier=row.statement_id == statement,
        )
        for row in rows
    ]
    return sorted(shown, key=lambda one: (not one.earlier, one.kind is KinKind.VETOED))


def _names(tx: Connection, statement: StatementId) -> Mapping[int, str]:
    ends = (likenesses.c.statement_id, likenesses.c.other_id)
    found: dict[int, str] = {}
    for end, asked in (ends, ends[::-1]):
        query = (
            select(statements.c.id, sources.c.name)
            .join(likenesses, end == statements.c.id)
            .join(sources, sources.c.key == statements.c.source)
            .where(asked == statement)
            .distinct()
        )
        found |= {row.id: row.name for row in tx.execute(query)}
    return found
