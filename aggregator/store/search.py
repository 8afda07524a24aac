"""Search: statements by their words, newest said first, each once, with what was found highlighted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import Connection, bindparam, select

from aggregator.model import RevisionId, SourceKey, StatementId
from aggregator.store import fulltext
from aggregator.store.bulk import Ask
from aggregator.store.bulk import Row as Values
from aggregator.store.fulltext import Group, Match
from aggregator.store.indexing import EVERY, HIGHEST, LOWEST, day_of, day_start, facet
from aggregator.store.schema import identity, revisions, search_words, sources, statements
from aggregator.store.walking import Asked, Row, Walk
from aggregator.text.highlight import Marked, marked, snippet
from aggregator.text.query import Part, Query

MOST_ENDINGS = 100  # words with one beginning that the index is asked for; where there are more, texts are looked at instead

T = TypeVar("T")


class CursorError(ValueError):
    """A cursor that is not one of this search; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for. All that is given must hold of one version of a statement."""

    query: Query = field(default_factory=Query)
    source: str | None = None  # the source that brought the version
    family: str | None = None
    lane: str | None = None  # of the source that brought it
    language: str | None = None  # BCP 47; `en` also finds `en-GB`
    story: str | None = None  # statements that a story took up, whatever became of them
    since: date | None = None  # days in UTC, or of the source's calendar where only the day is known; both included
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A statement that was found, in its newest version that matches. Spans: characters of the text beside them."""

    statement: StatementId
    revision: RevisionId
    version: int  # its number in its language
    language: str
    source: SourceKey  # that brought this version
    family: str
    lane: str
    said_at: datetime
    said_day: str  # ISO date where only the day is known
    url: str
    title: Marked
    snippet: Marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some hits, and where the search goes on."""

    hits: Sequence[T]
    next: str | None = None  # the cursor of the next page; None: that was all
    back_to: datetime | None = None  # the page was ended by the work it took: it was searched back to here, and goes on there


_ENDINGS = (
    select(search_words.c.word)
    .where(search_words.c.word >= bindparam("first"), search_words.c.word < bindparam("behind"))
    .order_by(search_words.c.word)
    .limit(MOST_ENDINGS + 1)
)
_HITS = Ask(
    select(
        revisions.c.id,
        revisions.c.number,
        revisions.c.language,
        revisions.c.source,
        revisions.c.title,
        revisions.c.text,
        statements.c.id.label("statement"),
        statements.c.family,
        statements.c.said_at,
        statements.c.said_day,
        statements.c.url,
        sources.c.lane,
    )
    .join(statements, statements.c.id == revisions.c.statement_id)
    .join(sources, sources.c.key == revisions.c.source)
    .where(revisions.c.id.in_(bindparam("ids", expanding=True)))
)


def search(tx: Connection, wanted: Search, *, limit: int = 20, after: str | None = None) -> Page[Hit]:
    """One page of what is found, at most `limit` hits. `after`: the cursor of the page before.

    The work for one page is bounded, however large the store is: a page may hold fewer hits than asked for, or none, and
    still have a next one; `back_to` then says how far it looked. Pages have no gap and no repetition while statements
    arrive; what arrives above the place that they have come to is found by the next search. Raises `CursorError`.
    """
    start = None if after is None else _read_cursor(tx, wanted, after)
    low, high = _range(wanted, start)
    asked = _asked(tx, wanted)
    if asked is None:
        return Page(hits=[])
    walk = Walk(tx, asked, low=low, high=high, start=start, story=wanted.story)
    rows = walk.take(limit + 1)
    hits = _hits(tx, wanted.query, walk.shown(rows[:limit]))
    if len(rows) > limit:
        return Page(hits=hits, next=_cursor(tx, wanted, rows[limit - 1].id))
    if walk.done:
        return Page(hits=hits)
    return Page(hits=hits, next=_cursor(tx, wanted, walk.high + 1), back_to=day_of(walk.high + 1))


def _range(wanted: Search, start: int | None) -> tuple[int, int]:
    low = LOWEST if wanted.since is None else day_start(wanted.since)
    last = wanted.until
    high = HIGHEST if last is None or last == date.max else day_start(last + timedelta(days=1)) - 1
    return low, high if start is None else min(high, start - 1)


def _asked(tx: Connection, wanted: Search) -> Asked | None:
    """What the index is asked; None where it can hold nothing of the kind."""
    all_of: list[Group] = [((word,),) for word in _filters(wanted)]
    none_of: list[Group] = []
    look = False
    for part in wanted.query.parts:
        group = _group(tx, part)
        if group is None:
            look = True
        elif group:
            (none_of if part.negated else all_of).append(group)
        elif not part.negated:
            return None
    match = Match(tuple(all_of) or (((EVERY,),),), tuple(none_of))
    return Asked(match, wanted.query, look or not fulltext.of(tx).exact(match))


def _filters(wanted: Search) -> list[str]:
    """The words by which the index knows what the filters want."""
    language = None if wanted.language is None else wanted.language.lower()
    given = {"source": wanted.source, "family": wanted.family, "lane": wanted.lane, "language": language}
    return [facet(name, value) for name, value in given.items() if value is not None]


def _group(tx: Connection, part: Part) -> Group | None:
    """What the index is asked for one part; nothing where no word begins so, None where too many do."""
    if not part.prefix:
        return (part.words,)
    first = part.words[0]
    words = list(tx.execute(_ENDINGS, {"first": first, "behind": f"{first}\U0010ffff"}).scalars())
    return None if len(words) > MOST_ENDINGS else tuple((word,) for word in words)


def _hits(tx: Connection, query: Query, rows: Sequence[Row]) -> list[Hit]:
    found = {row.id: row for row in _HITS.all(tx, "ids", [row.revision for row in rows])}
    return [_hit(query, found[row.revision]) for row in rows]


def _hit(query: Query, row: Values) -> Hit:
    return Hit(
        statement=StatementId(row.statement),
        revision=RevisionId(row.id),
        version=row.number,
        language=row.language,
        source=SourceKey(row.source),
        family=row.family,
        lane=row.lane,
        said_at=datetime.fromisoformat(row.said_at),
        said_day=row.said_day,
        url=row.url,
        title=marked(query, row.title),
        snippet=snippet(query, row.text),
    )


def _cursor(tx: Connection, wanted: Search, at: int) -> str:
    return f"{at:x}.{_of_store(tx)}.{_of_search(wanted)}"


def _read_cursor(tx: Connection, wanted: Search, cursor: str) -> int:
    at, _, rest = cursor.partition(".")
    store, _, search_ = rest.partition(".")
    try:
        place = int(at, 16)
    except ValueError:
        place = HIGHEST
    if not LOWEST < place < HIGHEST or len(store) != 8 or len(search_) != 8:
        raise CursorError(f"{cursor[:60]!r} is no cursor. Take the one that the page before gave, or leave it out.")
    if store != _of_store(tx):
        raise CursorError(f"{cursor!r} is a cursor of another store. Start again without it.")
    if search_ != _of_search(wanted):
        raise CursorError(f"{cursor!r} is a cursor of another search. Ask with the same words and filters, or without it.")
    return place


def _of_store(tx: Connection) -> str:
    return str(tx.execute(select(identity.c.id)).scalar_one())[:8]


def _of_search(wanted: Search) -> str:
    return hashlib.sha256(repr(astuple(wanted)).encode()).hexdigest()[:8]
