"""Back in time from hit to hit, in bounded steps: what a page of a search is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from aggregator.store import fulltext
from aggregator.store.bulk import Ask
from aggregator.store.fulltext import Match
from aggregator.store.indexing import FIRST, LOWEST
from aggregator.store.schema import candidates, revisions, search_rows
from aggregator.text.highlight import matches
from aggregator.text.query import Query

MOST_STEPS = 2  # of the index, for one page
MOST_READ = 2_000  # texts that are looked at for one page, or rows of a story
READ_AT_ONCE = 100
MOST_SIBLINGS = 8  # versions of one statement that are tried, from the newest, for the one to show


class Row(NamedTuple):
    """A version in the index."""

    id: int
    statement: int
    revision: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the index is asked; and whether that is less than the query wants, so that texts must be looked at."""

    match: Match
    query: Query
    look: bool


_COLUMNS = (search_rows.c.id, search_rows.c.statement_id, search_rows.c.revision_id)
_ROWS = Ask(select(*_COLUMNS).where(search_rows.c.id.in_(bindparam("ids", expanding=True))))
_VERSIONS = Ask(
    select(*_COLUMNS).where(
        search_rows.c.statement_id.in_(bindparam("ids", expanding=True)), search_rows.c.id >= bindparam("low")
    )
)
_TEXTS = Ask(
    select(search_rows.c.id, revisions.c.title, revisions.c.text)
    .join(revisions, revisions.c.id == search_rows.c.revision_id)
    .where(search_rows.c.id.in_(bindparam("ids", expanding=True)))
)
_OF_STORY = (
    select(search_rows.c.id)
    .where(
        search_rows.c.statement_id.in_(select(candidates.c.statement_id).where(candidates.c.story == bindparam("story"))),
        search_rows.c.id.between(bindparam("low"), bindparam("high")),
    )
    .order_by(search_rows.c.id.desc())
)


class Walk:
    """Takes hits from a range of ids, newest first. `start`: the id at which the page before ended, if there was one."""

    def __init__(self, tx: Connection, asked: Asked, *, low: int, high: int, start: int | None, story: str | None) -> None:
        self._tx, self._asked, self._start = tx, asked, start
        self._low, self._story = low, story
        self.high = high  # all above it was looked at
        self.done = False  # all of the range was looked at

    def take(self, most: int) -> list[Row]:
        """At most so many rows of different statements; fewer where the range, or the work for one page, is at its end."""
        taken: dict[int, Row] = {}
        for ids in self._steps(most + 1):
            for row in self._fresh(ids, taken):
                if row.statement not in taken:
                    taken[row.statement] = row
                if len(taken) == most:
                    return list(taken.values())
        return list(taken.values())

    def shown(self, rows: Sequence[Row]) -> list[Row]:
        """For each row, that of the newest version of its statement that holds what is wanted."""
        versions: dict[int, list[Row]] = {}
        for one in _VERSIONS.all(self._tx, "ids", [row.statement for row in rows], low=LOWEST):
            versions.setdefault(one.statement_id, []).append(Row(*one))
        return [self._newest(row, versions[row.statement]) for row in rows]

    def _newest(self, row: Row, versions: Sequence[Row]) -> Row:
        newest_first = sorted(versions, key=lambda one: -one.revision)[:MOST_SIBLINGS]
        return next((one for one in newest_first if one == row or self._holding([one.id])), row)

    def _steps(self, limit: int) -> Iterator[Sequence[int]]:
        """The ids that the index gives, step by step, until the range or the work is at its end."""
        return self._through_index(limit) if self._story is None else self._through_story(self._story)

    def _through_index(self, limit: int) -> Iterator[Sequence[int]]:
        limit = max(limit, READ_AT_ONCE) if self._asked.look else limit
        index, given, steps = fulltext.of(self._tx), 0, 0
        while self.high >= self._low and given < MOST_READ and steps < MOST_STEPS:
            step = index.step(self._tx, self._asked.match, self._low, self.high, limit)
            full = len(step.ids) == limit
            self.high = (step.ids[-1] if full else self._low if step.floor is None else step.floor) - 1
            given, steps = given + len(step.ids), steps + (not full)
            yield step.ids
        self.done = self.high < self._low

    def _through_story(self, story: str) -> Iterator[Sequence[int]]:
        index = fulltext.of(self._tx)
        range_ = {"story": story, "low": self._low, "high": self.high}
        ids = list(self._tx.execute(_OF_STORY, range_).scalars())
        given, some = 0, 50
        while given < len(ids) and given < MOST_READ:
            part = ids[given : given + some]
            self.high = part[-1] - 1
            given, some = given + some, min(some * 2, 400)
            there = index.among(self._tx, self._asked.match, part)
            yield [at for at in part if at in there]
        self.done = given >= len(ids)

    def _fresh(self, ids: Sequence[int], taken: Collection[int]) -> list[Row]:
        """The rows that hold what is wanted, of statements that no page before this one has shown."""
        rows = {row.id: Row(*row) for row in _ROWS.all(self._tx, "ids", ids)}
        new = [rows[at] for at in ids if rows[at].statement not in taken]
        good = self._looked_at([row.id for row in new])
        shown = self._shown_before({row.statement for row in new if not row.id & FIRST and row.id in good})
        return [row for row in new if row.id in good and row.statement not in shown]

    def _shown_before(self, statements: Collection[int]) -> set[int]:
        """Which statements have a version above the start that holds what is wanted."""
        if self._start is None or not statements:
            return set()
        above = [Row(*one) for one in _VERSIONS.all(self._tx, "ids", statements, low=self._start)]
        holding = self._holding([row.id for row in above])
        return {row.statement for row in above if row.id in holding}

    def _holding(self, ids: Sequence[int]) -> set[int]:
        return self._looked_at(fulltext.of(self._tx).among(self._tx, self._asked.match, ids))

    def _looked_at(self, ids: Collection[int]) -> set[int]:
        if not self._asked.look:
            return set(ids)
        rows = _TEXTS.all(self._tx, "ids", ids)
        return {row.id for row in rows if matches(self._asked.query, row.title, row.text)}
