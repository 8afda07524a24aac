"""All that the lines of one listing can meet, in memory: asked and added to line by line, stored elsewhere."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from aggregator.model import StatementId
from aggregator.store.deciding import Back, Decision, Known, Line, Origin, Verdict, decide, is_earlier_text, is_older_copy
from aggregator.store.pairing import Pairs, has_another_number
from aggregator.store.versions import Statement, Versions

SAME_TEXT_MIN = 200  # characters; shorter texts are too often equal by chance ("The parties agreed to stay in contact.")
MOST_OF_ONE_PAGE = 50  # statements of one address and title that are looked at
SAME_TEXT_WITHIN = timedelta(hours=24)
FIRST_NEW = 1 << 62  # above every id of a store: what is new here comes after all that is stored


@dataclass(slots=True, eq=False, kw_only=True)
class Listed:
    """A line of the source's listing that has its statement."""

    statement: Statement
    mirrors: bool  # carries the statement's own text
    stored: bool
    url: str = ""  # as the source wrote it; known of new lines alone
    raw: str = ""  # hash of the line as this copy has it, "" where this copy says nothing new of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A line with what becomes of it."""

    line: Line
    decision: Decision
    statement: Statement | None = None  # None: there is none
    number: int = 0  # of the revision that it makes; 0: none


class Shelf:
    """Starts with what the store has; each line that is placed may be met by the next ones."""

    def __init__(self, origin: Origin, back: Callable[[Line, Statement], Back | None] = lambda _line, _statement: None) -> None:
        """`back` says what is known of a line that is back at an earlier text, in a copy without an age."""
        self.origin, self._back = origin, back
        self.listed: dict[str, Listed] = {}  # by entry id, of this source
        self.same_id: dict[str, Statement] = {}  # by entry id, of the family
        self.pairs = Pairs()
        self.numbered: list[Statement] = []  # stored ones of which the source's number was not known before
        self.places: list[
            tuple[Statement, str, bool]
        ] = []  # further addresses of statements, and whether they are only claimed
        self._pages: dict[tuple[str, str], list[Statement]] = {}  # by address and title, oldest first
        self._texts: dict[str, list[Statement]] = {}  # by fingerprint of the text alone, oldest first
        self._added = 0
        self._built = None if origin.built is None else stored_time(origin.built)

    def put(self, statement: Statement, *, title: str | None = None, body: str | None = None) -> None:
        """Let a statement be found by its address with a title, and by its text."""
        if statement.family != self.origin.family:
            return
        if title is not None:
            _insert(self._pages.setdefault((statement.url, title), []), statement)
        if body is not None:
            _insert(self._texts.setdefault(body, []), statement)

    def put_number(self, statement: Statement, reference: str) -> None:
        """Let a statement of the family be found by the source's own number."""
        if statement.family == self.origin.family:
            self.pairs.number(statement, reference)

    def place(self, line: Line) -> Placed:
        """Decide what a line is, and keep it: a new statement, a next revision, a duplicate, or nothing at all."""
        listed = self.listed.get(line.entry.id)
        statement = self._find(line) if listed is None else listed.statement
        if statement is not None and statement.language_of(line.language) != line.language:
            line = replace(line, language=statement.language_of(line.language))
        known = None if statement is None else _known(statement, line, listed)
        decision = decide(known, line.fingerprint, built=self.origin.built, newest_built=self.origin.newest_built)
        earlier = is_earlier_text(known, line.fingerprint)
        if earlier and statement is not None and statement.id < FIRST_NEW and self.origin.built is None:
            back = self._back(line, statement)
            decision = decision if back is None else back.decision
        if decision.verdict is Verdict.DROPPED or (earlier and is_older_copy(self.origin)):
            # A stale copy leaves no trace at the line: should a newer one say so, it is judged anew.
            return Placed(line=line, decision=decision, statement=statement if earlier else None)
        if statement is None:
            statement = self._new(line)
        self._list(line, listed, statement, decision)
        number = self._revise(line, statement) if decision.verdict in (Verdict.NEW, Verdict.REVISED) else 0
        if statement.family == self.origin.family:
            self._pair(line, statement)
        return Placed(line=line, decision=decision, statement=statement, number=number)

    def _find(self, line: Line) -> Statement | None:
        return self.same_id.get(line.entry.id) or self.pairs.find(line) or self._same_page(line) or self._same_text(line)

    def _same_page(self, line: Line) -> Statement | None:
        """A statement of the family at the same address with the same title (a whole feed may link to one page).

        Not one that this very copy lists under another id: two lines that stand side by side are two. Nor one to which the
        source gives another number.
        """
        if not line.url:
            return None
        newest = self._pages.get((line.url, line.title), [])[-MOST_OF_ONE_PAGE:]
        return next((one for one in reversed(newest) if not one.beside and not has_another_number(one, line)), None)

    def _same_text(self, line: Line) -> Statement | None:
        """The earliest statement of the family with the same text, said within a day, and of no other number."""
        if len(line.text) < SAME_TEXT_MIN:
            return None
        start, end = stored_time(line.said_at - SAME_TEXT_WITHIN), stored_time(line.said_at + SAME_TEXT_WITHIN)
        there = (one for one in self._texts.get(line.body_fingerprint, []) if start <= one.said_at <= end)
        return next((one for one in there if not has_another_number(one, line)), None)

    def _new(self, line: Line) -> Statement:
        provisional = StatementId(FIRST_NEW + self._added)
        self._added += 1
        at, day = stored_time(line.said_at), line.said_day
        return Statement(id=provisional, family=self.origin.family, url=line.url, said_at=at, said_day=day)

    def _pair(self, line: Line, statement: Statement) -> None:
        """Let other languages and listings find the statement by what this line says of it."""
        if line.reference and not statement.reference:
            statement.reference = line.reference
            self.pairs.number(statement, line.reference)
            if statement.id < FIRST_NEW:
                self.numbered.append(statement)
        self.pairs.place(statement, statement.url, claimed=False)
        first = next(iter(statement.versions), line.language)
        if line.url != statement.url and (line.alternates or line.language != first):
            self._place(statement, line.url, claimed=False)
        for url in line.alternates:
            if url != statement.url:
                self._place(statement, url, claimed=True)

    def _place(self, statement: Statement, url: str, *, claimed: bool) -> None:
        if url:
            self.pairs.place(statement, url, claimed=claimed)
            self.places.append((statement, url, claimed))

    def _list(self, line: Line, listed: Listed | None, statement: Statement, decision: Decision) -> None:
        if listed is None:
            listed = Listed(statement=statement, mirrors=decision.mirrors, stored=False, url=line.entry.url)
            self.listed[line.entry.id] = listed
            statement.same_source = True
            statement.beside = statement.beside or line.entry.id in self.origin.present
        listed.raw, listed.mirrors = line.raw, decision.mirrors

    def _revise(self, line: Line, statement: Statement) -> int:
        versions = statement.versions.setdefault(line.language, Versions())
        versions.add(line.fingerprint, built=self._built, number=versions.number + 1)
        self.put(statement, title=line.title, body=line.body_fingerprint)
        return versions.number


def stored_time(moment: datetime) -> datetime:
    """A time as it is when it has been stored: UTC, in milliseconds."""
    if moment.tzinfo is UTC and not moment.microsecond:
        return moment
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


def _insert(where: list[Statement], statement: Statement) -> None:
    if not where or where[-1].id < statement.id:
        where.append(statement)
    elif statement not in where:
        insort(where, statement, key=lambda one: one.id)


def _known(statement: Statement, line: Line, listed: Listed | None) -> Known:
    versions = statement.versions.get(line.language) or Versions()
    return Known(
        statement=statement.id,
        listed=listed is not None,
        same_source=statement.same_source,
        mirrors=listed is None or listed.mirrors,
        fingerprints=frozenset(versions.fingerprints),
        current=versions.current,
        current_built=versions.built,
        other_language=bool(statement.versions) and not versions.number,
    )
