"""What is put into the index of words, and under which number.

Each version of a statement has a row in `search_rows`. Its id is its place in time, so that newest first is the order of the
ids and a range of days is a range of ids: the second at which the statement was said, then 13 bits. The first version of a
statement has the upper half of its second, counted up; each further one the lower half, counted down. So every version
comes below those that were there before: a reader who has gone by a statement never meets it again under a higher id, and
one who has not yet come to it does not miss it when it is edited.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, bindparam, func, select, type_coerce

from aggregator.store import changes, fulltext
from aggregator.store.bulk import Ask, Insert
from aggregator.store.schema import revisions, search_rows, sources, statements
from aggregator.text.findable import findable_words

EPOCH = datetime(1900, 1, 1, tzinfo=UTC)
BITS = 13  # of an id below its second
FIRST = 1 << (BITS - 1)  # the lowest number of a statement's first version in its second
LAST_SECOND = (1 << 33) - 1  # in 2172: what is said to be later is sorted there
LOWEST, HIGHEST = -1 << 50, 1 << 50  # no id is outside
_FACETS = {"source": "s", "family": "f", "lane": "n", "language": "l"}
_KEPT = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")  # what no database folds or cuts at
EVERY = "\ue001"  # a word of every row; it also parts title and text, so that no phrase reaches across

_FOUND: tuple[ColumnElement[Any], ...] = (  # the fields of `Found`, in their order
    revisions.c.id,
    revisions.c.statement_id,
    type_coerce(statements.c.said_at, String),
    statements.c.said_day,
    revisions.c.title,
    revisions.c.text,
    revisions.c.source,
    statements.c.family,
    sources.c.lane,
    revisions.c.language,
)
_OF_REVISIONS = (
    select(*_FOUND)
    .join(statements, statements.c.id == revisions.c.statement_id)
    .join(sources, sources.c.key == revisions.c.source)
    .where(revisions.c.id.in_(bindparam("ids", expanding=True)))
)
_REVISIONS = Ask(_OF_REVISIONS)
AGAIN_AT_ONCE = 1_000  # versions of an index that is made anew
_NEXT = select(revisions.c.id).where(revisions.c.id > bindparam("after")).order_by(revisions.c.id).limit(AGAIN_AT_ONCE)
_AGAIN = Ask(
    _OF_REVISIONS.add_columns(search_rows.c.id.label("place")).join(
        search_rows, (search_rows.c.statement_id == statements.c.id) & (search_rows.c.revision_id == revisions.c.id)
    )
)
_KNOWN = Ask(
    select(search_rows.c.statement_id).where(search_rows.c.statement_id.in_(bindparam("ids", expanding=True))).distinct()
)
_TAKEN = Ask(select(search_rows.c.id).where(search_rows.c.id.in_(bindparam("ids", expanding=True))))
_WITHIN = search_rows.c.id.between(bindparam("low"), bindparam("high"))
_HIGHEST = select(func.max(search_rows.c.id)).where(_WITHIN)
_LOWEST = select(func.min(search_rows.c.id)).where(_WITHIN)
_ADD_ROWS = Insert(search_rows.c.id, search_rows.c.statement_id, search_rows.c.revision_id)


@dataclass(frozen=True, slots=True)
class Found:
    """A version as it goes into the index. Its fields are what migrations hand in too: none is ever taken away."""

    id: int  # the revision
    statement_id: int
    said_at: str  # as stored
    said_day: str
    title: str
    text: str
    source: str
    family: str
    lane: str
    language: str


def wanted(tx: Connection) -> bool:
    """Whether this transaction made versions that are to be found."""
    return any(kind == "revision" for kind, *_ in changes.gathered(tx))


def write(tx: Connection) -> None:
    """Index the versions that this transaction noted. The caller has taken the turn of those who index, and commits next."""
    made = [int(key) for kind, key, *_ in changes.gathered(tx) if kind == "revision"]
    add(tx, [Found(*row) for row in _REVISIONS.all(tx, "ids", made)])


def add(tx: Connection, found: Collection[Found]) -> None:
    """Index some versions that are not indexed yet, whichever transaction made them."""
    if not found:
        return
    in_order = sorted(found, key=lambda one: one.id)
    ids = list(_ids(tx, in_order))
    words = [_words_of(one) for one in in_order]
    facets = [list(facets_of(one)) for one in in_order]
    _ADD_ROWS(tx, [(at, one.statement_id, one.id) for at, one in zip(ids, in_order, strict=True)])
    # Sorted: two who add the same words in the same order never wait for each other.
    fulltext.of(tx).add_words(tx, sorted(set().union(*words) - {EVERY}))
    fulltext.of(tx).add(tx, zip(ids, words, facets, strict=True))


def index_again(tx: Connection, *, after: int) -> tuple[int, int]:
    """Put the next versions after one into an index that was lost, under the places that they have in `search_rows`.

    Returns the last of them, which is `after` at the end, and how many have a place.
    """
    # First which they are: asked in one, PostgreSQL joins all rows for each thousand, as it takes two columns of which each
    # tells the row for one that hardly any row passes.
    ids = list(tx.execute(_NEXT, {"after": after}).scalars())
    rows = sorted(_AGAIN.all(tx, "ids", ids), key=lambda row: row.id)
    found = [(row.place, Found(*row[:-1])) for row in rows]
    docs = [(at, _words_of(one), list(facets_of(one))) for at, one in found]
    if docs:
        fulltext.of(tx).add(tx, docs)
    return (ids[-1] if ids else after), len(docs)


def _words_of(one: Found) -> list[str]:
    return [*findable_words(one.title), EVERY, *findable_words(one.text)]


def facets_of(one: Found) -> Iterator[str]:
    """The words by which filters find a version. No text has such words: they begin with a sign that is no letter."""
    yield facet("source", one.source)
    yield facet("family", one.family)
    yield facet("lane", one.lane)
    language = one.language.lower()
    yield from (facet("language", tag) for tag in {language, language.partition("-")[0]})


@lru_cache(maxsize=1_000)  # what a source brings has nearly always the same
def facet(kind: str, value: str) -> str:
    """The word of one value of a filter."""
    return f"\ue000{_FACETS[kind]}" + "".join(sign if sign in _KEPT else f"\ue003{ord(sign):x}\ue003" for sign in value)


def day_start(day: date) -> int:
    """The lowest id of what was said on a day."""
    return _second(datetime(day.year, day.month, day.day, tzinfo=UTC)) << BITS


def day_of(at: int) -> datetime:
    """When what has this id was said, to the second; of a day alone, its first moment."""
    return EPOCH + timedelta(seconds=at >> BITS)


def _second(moment: datetime) -> int:
    return min(max(int((moment - EPOCH) / timedelta(seconds=1)), 0), LAST_SECOND)


def _second_of(one: Found) -> int:
    """A day alone counts as a day in UTC, as in the windows of stories."""
    written = f"{one.said_day}T00:00:00Z" if one.said_day else one.said_at
    return _second(datetime.fromisoformat(written))


def _ids(tx: Connection, found: Sequence[Found]) -> Iterator[int]:
    known = {row.statement_id for row in _KNOWN.all(tx, "ids", {one.statement_id for one in found})}
    places = _Places(tx, (_second_of(one) for one in found))
    for one in found:
        yield places.further(_second_of(one)) if one.statement_id in known else places.first(_second_of(one))
        known.add(one.statement_id)


class _Places:
    """The free places of some seconds."""

    def __init__(self, tx: Connection, seconds: Iterable[int]) -> None:
        self._tx = tx
        self._highest: dict[int, int] = {}  # by second: the last place given to a first version
        self._lowest: dict[int, int] = {}  # and to a further one
        bottoms = {second: second << BITS for second in set(seconds)}
        tops = {bottom | FIRST: second for second, bottom in bottoms.items()}
        # Most seconds are free: one question for all of them.
        taken = {row.id for row in _TAKEN.all(tx, "ids", tops)}
        self._highest = {second: at - 1 for at, second in tops.items() if at not in taken}

    def first(self, second: int) -> int:
        """The next place for the first version of a statement; where 4,096 were said in one second, one of a later second."""
        while True:
            bottom = second << BITS
            last = self._highest.get(second)
            if last is None:
                last = self._asked(_HIGHEST, bottom | FIRST, bottom | (2 * FIRST - 1), bottom + FIRST - 1)
            self._highest[second] = last + 1
            if last + 1 < bottom + 2 * FIRST:
                return last + 1
            second += 1

    def further(self, second: int) -> int:
        """The next place for a further version; where a second has 4,096 of them, one of an earlier second."""
        while True:
            bottom = second << BITS
            last = self._lowest.get(second)
            if last is None:
                last = self._asked(_LOWEST, bottom, bottom + FIRST - 1, bottom + FIRST)
            self._lowest[second] = last - 1
            if last - 1 >= bottom:
                return last - 1
            second -= 1

    def _asked(self, query: Select[Any], low: int, high: int, none: int) -> int:
        at = self._tx.execute(query, {"low": low, "high": high}).scalar()
        return none if at is None else int(at)
