"""Whether a text or a copy that was there before has come back to stay, or comes from a stale copy.

Servers hand out an older copy after a newer one, and then the newer one again. Where a copy does not say how old it is, only
what stays tells an edit back from that: what was heard at an address at several polls one after the other, over some hours, and
nothing else meanwhile. What was heard is in the record of the exchanges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from aggregator.fetch.freshness import age_of
from aggregator.model import OutcomeKind, SourceKey
from aggregator.store.deciding import SAYS_AGAIN, Back, Line, Origin
from aggregator.store.polls import Capture
from aggregator.store.schema import captures, drops, exchanges, listings, polls, revisions
from aggregator.store.versions import Statement

TIMES = 3  # polls at least, one after the other
# Between the first and the last of them. A cache that is asked again and again holds a copy for minutes, seldom for hours; and
# where one does so for longer and says how old its copy is, that copy does not count.
OVER = timedelta(hours=6)
WITHIN = timedelta(days=7)  # what was heard before is not looked at
MOST = 2_000  # answers that are looked at
GOOD = frozenset({OutcomeKind.CHANGED.value, OutcomeKind.UNCHANGED.value})
TELLS = frozenset({200, 203, 304})  # statuses of answers that say what stands at an address now


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one poll heard at an address."""

    poll: int
    at: datetime  # of the poll
    sha256: str | None  # of the bytes
    tells: bool  # it says what stands there: no failure, no wall


def copy_stays(tx: Connection, source: SourceKey, *, url: str, sha256: str, now: datetime) -> bool:
    """Whether a source gives the same bytes at an address for long enough, the answer that came `now` counted in."""
    return _stays(_heard(tx, source, url, now=now), lambda one: one.sha256 == sha256, now=now)


def _stays(heard: Iterator[Heard], is_same: Callable[[Heard], bool], *, now: datetime) -> bool:
    """Whether what is heard now was heard before, and nothing else meanwhile. `heard`: newest first."""
    times, first, last = 1, now, 0
    for one in heard:
        if is_same(one):
            times, first, last = times + (one.poll != last), one.at, one.poll
        elif one.tells and one.poll != last:
            break
        if times >= TIMES and now - first >= OVER:
            return True
    return False


def _heard(tx: Connection, source: SourceKey, url: str, *, now: datetime, since: datetime | None = None) -> Iterator[Heard]:
    """What polls before now heard at an address, newest first; without what says that it was made before `since`."""
    own = exchanges.c
    query = (
        select(own.at.label("asked"), own.sha256, own.status, own.headers, own.ms, polls.c.id, polls.c.at, polls.c.outcome)
        .join(polls, polls.c.id == own.poll_id)
        .where(own.source == source, own.at >= now - WITHIN, own.url == url)
        .order_by(own.id.desc())
        .limit(MOST)
    )
    for row in tx.execute(query):
        arrived = row.asked + timedelta(milliseconds=row.ms)
        if since is not None and arrived - age_of(row.headers, asked=row.asked, now=arrived) < since:
            continue
        yield Heard(
            poll=row.id,
            at=row.at,
            sha256=row.sha256,
            tells=row.status in TELLS and row.outcome in GOOD,
        )


class _Newest(NamedTuple):
    """The newest version of a statement in one language."""

    source: str
    seen_at: datetime
    url: str | None  # of the answer that it was read from; None: its bytes were not kept


class Staying:
    """What one listing, or one poll's look at pages, says again of what was edited since. Asks the store when there is such."""

    def __init__(self, tx: Connection, origin: Origin) -> None:
        self._tx, self._origin = tx, origin
        self._dropped: Mapping[tuple[str, str], set[int]] | None = None  # polls that said so, by entry id and reason

    def back(self, line: Line, statement: Statement) -> Back | None:
        """What is known of a line that is back at an earlier text of its statement; None: it cannot be an edit back.

        Only where the newer text stood, an older one takes its place: on the same page, or in a line of the same source that
        has no other one for the statement.
        """
        answer = self._answer(line)
        found = self._versions(line, statement)
        if answer is None or found is None:
            return None
        version, newest = found
        if newest.url != answer.url if line.on_page else not self._is_alone(line, statement, newest):
            return None
        back = Back(version=version, stays=False)
        return replace(back, stays=self._stays(line, back, answer, since=newest.seen_at))

    def _stays(self, line: Line, back: Back, answer: Capture, *, since: datetime) -> bool:
        if answer.at - age_of(answer.headers, asked=answer.at, now=answer.at) < since:
            return False
        said_so = self._said_so().get((line.entry.id, back.reason), set())
        # What was heard before the edit is not looked at either: an answer without an age was made when it came.
        heard = _heard(self._tx, self._origin.source, answer.url, now=self._origin.at, since=since)
        return _stays(heard, lambda one: one.sha256 == answer.sha256 or one.poll in said_so, now=self._origin.at)

    def _answer(self, line: Line) -> Capture | None:
        """The answer that a line was read from; None where its bytes are not kept."""
        if line.answer:
            return self._origin.answers[line.answer - 1]
        if self._origin.capture is None:
            return None
        own = captures.c
        columns = (own.sha256, own.url, own.at, own.status, own.headers, own.transport)
        return Capture(**self._tx.execute(select(*columns).where(own.id == self._origin.capture)).one()._mapping)

    def _versions(self, line: Line, statement: Statement) -> tuple[int, _Newest] | None:
        """Which version has the text of a line, and the newest one; None where they are not stored yet."""
        own = revisions.c
        query = (
            select(own.number, own.fingerprint, own.source, own.seen_at, captures.c.url)
            .outerjoin(captures, captures.c.id == own.capture_id)
            .where(own.statement_id == statement.id, own.language == line.language)
            .order_by(own.number)
        )
        rows = self._tx.execute(query).all()
        numbers = [row.number for row in rows if row.fingerprint == line.fingerprint]
        if not numbers or rows[-1].fingerprint != statement.versions[line.language].current:
            return None
        return numbers[-1], _Newest(source=rows[-1].source, seen_at=rows[-1].seen_at, url=rows[-1].url)

    def _is_alone(self, line: Line, statement: Statement, newest: _Newest) -> bool:
        """Whether this very line brought the newer text: no other source, nor another line of this copy."""
        if newest.source != self._origin.source:
            return False
        ids = select(listings.c.entry_id).where(
            listings.c.source == self._origin.source, listings.c.statement_id == statement.id
        )
        return not ({*self._tx.execute(ids).scalars()} - {line.entry.id}) & self._origin.present

    def _said_so(self) -> Mapping[tuple[str, str], set[int]]:
        """The polls of late at which lines were dropped because they said again what was edited since."""
        if self._dropped is None:
            found: dict[tuple[str, str], set[int]] = {}
            query = (
                select(drops.c.ref, drops.c.reason, drops.c.poll_id)
                .join(polls, polls.c.id == drops.c.poll_id)
                .where(polls.c.source == self._origin.source, polls.c.at >= self._origin.at - WITHIN)
                .where(drops.c.reason.startswith(SAYS_AGAIN, autoescape=True))
            )
            for row in self._tx.execute(query):
                found.setdefault((row.ref, row.reason), set()).add(row.poll_id)
            self._dropped = found
        return self._dropped
