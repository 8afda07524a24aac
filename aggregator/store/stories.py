"""The operator's stories, and the revisions that wait to become updates of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, exists, select

from aggregator.config import Story
from aggregator.model import Lane, StatementId, StoryKey
from aggregator.store import changes
from aggregator.store.bulk import chunks
from aggregator.store.desk import shut_stories
from aggregator.store.overviews import follow
from aggregator.store.schema import by_itself, candidates, listings, revisions, sources, statements, stories, updates
from aggregator.store.sealing import with_seals
from aggregator.stories.matching import Seen
from aggregator.stories.settling import Candidate, time_to_settle

WAITING, PUBLISHED, SET_ASIDE = "waiting", "published", "set_aside"
EXPECTING = "expecting"  # held by a rule, until what it expects is there, or `settles_at` has come
HELD = "held"  # by the desk, until it is released
GOES_ON = (WAITING, EXPECTING)  # by itself, once its time has come
OPEN = (*GOES_ON, HELD)
IN_ANOTHER_LANGUAGE = "a version in another language"  # of what the story tells, or will: no update of its own

MOST_WAIT = timedelta(days=1)  # of an edit of what is told, from the first that is not told yet, whatever follows it
WIDEST = timedelta(hours=14)  # from UTC: so far the first moment of a day may lie from midnight in UTC

NEWEST = (  # of a statement's versions, the newest in `language`, else the newest
    select(revisions.c.id)
    .where(revisions.c.statement_id == statements.c.id)
    .order_by(case((revisions.c.language == bindparam("language"), 0), else_=1), revisions.c.id.desc())
    .limit(1)
    .correlate(statements)
    .scalar_subquery()
)
_OF_STATEMENTS = (
    select(
        candidates.c.id,
        candidates.c.story,
        candidates.c.statement_id,
        candidates.c.seen_at,
        candidates.c.settles_at,
        candidates.c.state,
        candidates.c.note,
        revisions.c.language,
    )
    .join(revisions, revisions.c.id == candidates.c.revision_id)
    .where(candidates.c.statement_id.in_(bindparam("statements", expanding=True)))
    .order_by(candidates.c.id)
)
_VERSIONS = (
    select(revisions.c.statement_id, revisions.c.id, revisions.c.language, revisions.c.body_fingerprint)
    .where(revisions.c.statement_id.in_(bindparam("statements", expanding=True)))
    .order_by(revisions.c.id)
)
_SET_ASIDE = (
    candidates.update().where(candidates.c.id == bindparam("candidate")).values(state=SET_ASIDE, note=bindparam("note"))
)
_ADD_CANDIDATES = candidates.insert()


def sync_stories(tx: Connection, configured: Iterable[Story], *, now: datetime) -> list[StoryKey]:
    """Make the store's stories those of `feeds.toml`; returns the keys of those that are new.

    A story that left the file keeps its ledger and takes no further updates.
    """
    known = set(tx.execute(select(stories.c.key)).scalars())
    wanted = {story.key: story for story in configured}
    for key, story in wanted.items():
        values = {
            "title": story.title,
            "lead": story.lead,
            "language": story.language,
            "image": story.image,
            "image_alt": story.image_alt,
            "image_credit": story.image_credit,
            "terms": list(story.terms),
            "from_at": story.from_,
            "until_at": story.until,
            "active": True,
        }
        if key in known:
            tx.execute(stories.update().where(stories.c.key == key).values(**values))
        else:
            (row,) = with_seals(tx, stories, [{"key": key, "opened_at": now, "last_number": 0, "head": "", **values}])
            tx.execute(stories.insert(), row)
            changes.note(tx, "story", key, seal=row["seal"], at=now)
    gone = known - wanted.keys()
    if gone:
        tx.execute(stories.update().where(stories.c.key.in_(gone)).values(active=False))
    follow(tx, wanted.values())
    return [key for key in wanted if key not in known]


def seen_between(tx: Connection, start: datetime, end: datetime | None, *, language: str = "") -> Iterator[Seen]:
    """Every statement said in a window, ready to be matched, in the order in which it was said: its newest version in
    `language`, else its newest in whatever language. A day alone may begin before the window and still lie in it."""
    in_time = (statements.c.said_at >= start) | ((statements.c.said_day != "") & (statements.c.said_at >= start - WIDEST))
    query = seen_query().where(revisions.c.id == NEWEST, in_time)
    if end is not None:
        query = query.where(
            (statements.c.said_at < end) | ((statements.c.said_day != "") & (statements.c.said_at < end + WIDEST))
        )
    for row in tx.execute(query.order_by(statements.c.said_at, statements.c.id), {"language": language}):
        yield Seen(**row._mapping)


def seen_query() -> Select[Any]:
    """Versions of statements, with the columns of `Seen`."""
    return select(
        statements.c.id.label("statement"),
        revisions.c.id.label("revision"),
        revisions.c.source,
        revisions.c.title,
        revisions.c.text,
        statements.c.said_at,
        statements.c.said_day,
        revisions.c.language,
    ).join_from(revisions, statements, statements.c.id == revisions.c.statement_id)


@dataclass(slots=True)
class _Waits:
    """A candidate that waits, in the store or to be put there."""

    row: dict[str, Any]
    language: str
    id: int | None = None  # None: not stored yet

    def set_aside(self, note: str) -> None:
        self.row["state"], self.row["note"] = SET_ASIDE, note


class Candidacies:
    """What the stories have taken up of some statements, and take up now: looked up once and written once."""

    def __init__(self, tx: Connection, statements: Iterable[StatementId]) -> None:
        """`statements`: those that may have been taken up before; one that is new cannot have been."""
        self._known: dict[tuple[str, int], str] = {}  # with the language in which the story tells it, or will
        self._published: set[tuple[str, int]] = set()
        self._waits: dict[tuple[str, int], _Waits] = {}
        self._added: list[dict[str, Any]] = []
        self._set_aside: list[_Waits] = []
        self._versions: dict[tuple[int, str], list[tuple[int, str]]] = {}  # of what is told, by language, in their order
        self._fresh: list[int] = []  # of the added: those that no rule has looked at yet
        self.fresh: list[int] = []  # their numbers, once they are written
        asked = list(statements)
        for start in range(0, len(asked), 500):  # databases limit the values of one IN
            for row in tx.execute(_OF_STATEMENTS, {"statements": asked[start : start + 500]}):
                here = (row.story, row.statement_id)
                if row.note != IN_ANOTHER_LANGUAGE:  # published, waiting, or set aside for what it says
                    self._known[here] = row.language
                if row.state == PUBLISHED:
                    self._published.add(here)
                if row.state in OPEN:
                    self._waits[here] = _Waits(dict(row._mapping), row.language, row.id)
        told = sorted({statement for _, statement in self._published})
        for some in chunks(told):
            for one in tx.execute(_VERSIONS, {"statements": some}):
                self._versions.setdefault((one.statement_id, one.language), []).append((one.id, one.body_fingerprint))

    def know(self, story: StoryKey, statement: StatementId) -> bool:
        """Whether a story took this statement up before."""
        return (story, statement) in self._known

    def add(self, story: Story, found: Seen, *, why: str, seen_at: datetime) -> None:
        """Let a revision wait for its turn. A revision of the same statement that waits already makes room for it.

        A statement is told in one language: that of the story, if it comes before another version is told, else that of
        the version that came first. A version in another language is set aside at once, and so is each edit of it.

        An edit of what is told waits until no further one has come for the story's `settle_edits`, at most a day from the
        first that is not told yet; a page that is back at a text that it had before waits for the whole day: it may flip.
        """
        here = (story.key, found.statement)
        older = self._waits.get(here)
        told_in = self._known.get(here, found.language)
        in_time = older is not None and here not in self._published and found.language == story.language
        if told_in != found.language and not in_time:
            self._added.append(self._row(story, found, why, seen_at) | {"state": SET_ASIDE, "note": IN_ANOTHER_LANGUAGE})
            return
        held: dict[str, Any] = {}
        if older is not None:
            if older.row["state"] != WAITING:  # whoever edits what is held does not get it out
                held = {"state": older.row["state"], "note": older.row["note"]}
            older.set_aside("edited before it was told" if told_in == found.language else IN_ANOTHER_LANGUAGE)
            if older.id is not None:
                self._set_aside.append(older)
        row = self._row(story, found, why, seen_at)
        if older is not None:
            row |= {"seen_at": older.row["seen_at"], **held}
        if here in self._published:
            row["settles_at"] = self._quiet_at(story, found, first=row["seen_at"], now=seen_at)
        elif older is not None:
            row["settles_at"] = older.row["settles_at"]
        else:
            self._fresh.append(len(self._added))
        self._known[here] = found.language
        self._waits[here] = _Waits(row, found.language)
        self._added.append(row)

    def _quiet_at(self, story: Story, found: Seen, *, first: datetime, now: datetime) -> datetime:
        """When an edit of what is told has settled, if no further one comes; `first`: when the first was seen that waits."""
        wait = story.settle_of_edits
        if wait and self._is_back(found):
            return first + max(wait, MOST_WAIT)
        return min(now + wait, first + max(wait, MOST_WAIT))

    def _is_back(self, found: Seen) -> bool:
        """Whether a version has the text of an earlier one, with another in between."""
        versions = self._versions.get((found.statement, found.language), ())
        known = [text for revision, text in versions if revision <= found.revision]
        return len(known) > 1 and known[-1] in known[:-1] and known[-1] != known[-2]

    @staticmethod
    def _row(story: Story, found: Seen, why: str, seen_at: datetime) -> dict[str, Any]:
        return {
            "story": story.key,
            "statement_id": found.statement,
            "revision_id": found.revision,
            "why": why,
            "said_at": found.said_at,
            "seen_at": seen_at,
            "settles_at": seen_at + time_to_settle(found.source, usual=story.settle.primary, settle_of=story.settle_of),
            "state": WAITING,
            "note": "",
        }

    def write(self, tx: Connection) -> int:
        """Store what was added; returns how many candidates that made, without those that wait for nothing."""
        if self._set_aside:
            tx.execute(_SET_ASIDE, [{"candidate": one.id, "note": one.row["note"]} for one in self._set_aside])
        if self._added:
            rows = with_seals(tx, candidates, self._added)
            tx.execute(_ADD_CANDIDATES, rows)
            self.fresh = [rows[at]["id"] for at in self._fresh]
        return sum(row["note"] != IN_ANOTHER_LANGUAGE for row in self._added)


_told = exists().where(
    updates.c.story == candidates.c.story,
    updates.c.statement_id == candidates.c.statement_id,
    updates.c.desk_id.is_(None),
)


def waiting(tx: Connection, story: StoryKey | None = None) -> Sequence[Candidate]:
    """What waits to settle, of one story or of all, in the order in which it was said; without what the desk holds."""
    query = select(
        candidates.c.id,
        candidates.c.story,
        candidates.c.statement_id.label("statement"),
        candidates.c.revision_id.label("revision"),
        candidates.c.said_at,
        candidates.c.seen_at,
        candidates.c.settles_at,
        _told.label("edits"),
        (candidates.c.state == EXPECTING).label("held"),
    ).where(candidates.c.state.in_(GOES_ON))
    if story is not None:
        query = query.where(candidates.c.story == story)
    rows = tx.execute(query.order_by(candidates.c.said_at, candidates.c.id)).all()
    found = [Candidate(**{**row._mapping, "edits": bool(row.edits), "held": bool(row.held)}) for row in rows]
    return sorted(_with_sources(tx, found), key=lambda one: one.order)


def _with_sources(tx: Connection, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """The same; those that were said at one time and seen at one, each with the first source that lists it."""
    at_once = Counter((one.story, one.said_at, one.seen_at) for one in found)
    tied = [one.statement for one in found if at_once[one.story, one.said_at, one.seen_at] > 1]
    listed: dict[int, str] = {}
    for some in chunks(tied):
        query = select(listings.c.statement_id, listings.c.source).where(listings.c.statement_id.in_(some)).distinct()
        for row in tx.execute(query):  # compared here: databases sort texts each in its own way
            listed[row.statement_id] = min(row.source, listed.get(row.statement_id, row.source))
    return (replace(one, source=listed.get(one.statement, "")) for one in found)


def ready_stories(tx: Connection, *, now: datetime) -> Sequence[StoryKey]:
    """The stories of which some candidate has waited long enough, without those that take no updates."""
    query = select(candidates.c.story).where(candidates.c.state.in_(GOES_ON), candidates.c.settles_at <= now).distinct()
    ready = {StoryKey(key) for key in tx.execute(query).scalars()}
    return sorted(ready - shut_stories(tx, ready).keys() if ready else ready)  # here: databases sort texts each in its own way


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who says what a candidate would tell."""

    language: str
    primary: bool  # speaks for itself
    told: bool  # the story tells an earlier version of the statement


def speakers(tx: Connection, story: StoryKey, asked: Sequence[int]) -> dict[int, Speaker]:
    """Who speaks in some candidates of a story, by their numbers."""
    told = exists().where(updates.c.story == story, updates.c.statement_id == candidates.c.statement_id, by_itself())
    query = (
        select(candidates.c.id, revisions.c.language, sources.c.lane, told.label("told"))
        .join(revisions, revisions.c.id == candidates.c.revision_id)
        .join(sources, sources.c.key == revisions.c.source)
    )
    return {
        row.id: Speaker(language=row.language, primary=row.lane == Lane.PRIMARY, told=bool(row.told))
        for some in chunks(asked)
        for row in tx.execute(query.where(candidates.c.id.in_(some)))
    }


def still_waits(tx: Connection, candidate: int) -> bool:
    """Whether a candidate has not been told, set aside or held meanwhile, nor its story closed; nobody else changes it until
    the transaction ends."""
    row = tx.execute(select(candidates.c.state, candidates.c.story).where(candidates.c.id == candidate).with_for_update()).one()
    return row.state in GOES_ON and not shut_stories(tx, [row.story])


def close_candidate(tx: Connection, candidate: int, *, state: str, note: str = "") -> None:
    """Say what became of a candidate."""
    tx.execute(candidates.update().where(candidates.c.id == candidate).values(state=state, note=note))


def postpone(tx: Connection, candidate: int, *, until: datetime, note: str) -> None:
    """Let a candidate wait longer, and say why; one that the desk holds meanwhile stays held."""
    which = (candidates.c.id == candidate) & candidates.c.state.in_(GOES_ON)
    tx.execute(candidates.update().where(which).values(state=WAITING, settles_at=until, note=note))


def let_wait(tx: Connection, candidate: int, *, state: str, until: datetime | None = None, note: str = "") -> None:
    """Say how a candidate waits, why, and until when, if that changes."""
    values: dict[str, Any] = {"state": state, "note": note, **({} if until is None else {"settles_at": until})}
    tx.execute(candidates.update().where(candidates.c.id == candidate).values(values))
