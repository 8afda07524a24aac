"""All that the lines of one listing can meet, in memory: asked and added to line by line, stored elsewhere."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aggregator.model import StatementId
from aggregator.store.deciding import Decision, Known, Line, Origin, Verdict, decide

SAME_TEXT_MIN = 200  # characters; shorter texts are too often equal by chance ("The parties agreed to stay in contact.")
MOST_OF_ONE_PAGE = 50  # statements of one address and title that are looked at
SAME_TEXT_WITHIN = timedelta(hours=24)
FIRST_NEW = 1 << 62  # above every id of a store: what is new here comes after all that is stored


@dataclass(slots=True)
class Versions:
    """The versions of a statement's text in one language."""

    fingerprints: set[str] = field(default_factory=set)
    current: str = ""  # fingerprint of the newest
    built: datetime | None = None  # what the listing that brought the newest said of its own age
    number: int = 0  # of the newest

    def add(self, fingerprint: str, *, built: datetime | None, number: int) -> None:
        """Let a next version follow."""
        self.fingerprints.add(fingerprint)
        self.current, self.built, self.number = fingerprint, built, number


@dataclass(slots=True, eq=False, kw_only=True)
class Statement:
    """A statement on the shelf."""

    id: StatementId  # from `FIRST_NEW` until it is stored
    family: str
    url: str
    said_at: datetime
    same_source: bool = False  # listed by the source whose listing is read
    beside: bool = False  # under an id that this very copy of the listing holds
    versions: dict[str, Versions] = field(default_factory=dict)  # by language


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
    statement: Statement | None = None  # None: dropped
    number: int = 0  # of the revision that it makes; 0: none


class Shelf:
    """Starts with what the store has; each line that is placed may be met by the next ones."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.listed: dict[str, Listed] = {}  # by entry id, of this source
        self.same_id: dict[str, Statement] = {}  # by entry id, of the family
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

    def place(self, line: Line) -> Placed:
        """Decide what a line is, and keep it: a new statement, a next revision, a duplicate, or nothing at all."""
        listed = self.listed.get(line.entry.id)
        statement = self._find(line) if listed is None else listed.statement
        known = None if statement is None else _known(statement, line, listed)
        decision = decide(known, line.fingerprint, built=self.origin.built, newest_built=self.origin.newest_built)
        if decision.verdict is Verdict.DROPPED:
            return Placed(line=line, decision=decision)
        if statement is None:
            statement = self._new(line)
        self._list(line, listed, statement, decision)
        number = self._revise(line, statement) if decision.verdict in (Verdict.NEW, Verdict.REVISED) else 0
        return Placed(line=line, decision=decision, statement=statement, number=number)

    def _find(self, line: Line) -> Statement | None:
        return self.same_id.get(line.entry.id) or self._same_page(line) or self._same_text(line)

    def _same_page(self, line: Line) -> Statement | None:
        """A statement of the family at the same address with the same title (a whole feed may link to one page).

        Not one that this very copy lists under another id: two lines that stand side by side are two.
        """
        if not line.url:
            return None
        newest = self._pages.get((line.url, line.title), [])[-MOST_OF_ONE_PAGE:]
        return next((statement for statement in reversed(newest) if not statement.beside), None)

    def _same_text(self, line: Line) -> Statement | None:
        """The earliest statement of the family with the same text, said within a day."""
        if len(line.text) < SAME_TEXT_MIN:
            return None
        start, end = stored_time(line.said_at - SAME_TEXT_WITHIN), stored_time(line.said_at + SAME_TEXT_WITHIN)
        there = self._texts.get(line.body_fingerprint, [])
        return next((statement for statement in there if start <= statement.said_at <= end), None)

    def _new(self, line: Line) -> Statement:
        provisional = StatementId(FIRST_NEW + self._added)
        self._added += 1
        return Statement(id=provisional, family=self.origin.family, url=line.url, said_at=stored_time(line.said_at))

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
    )
