"""The place in the store of the index of what is near: texts found by bands, and held against a new one by their sketches.

Everything here is derived from `revisions` and can be made anew. It grows by about a thousand bytes a text, and what is read
and written for a new text does not grow with the store: bands lie together by when their texts were said, wait in a small place
before they go to the large one (`near_fresh`), and of one band no more than the newest texts are kept, however often a template
or the same text comes again.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Self

from sqlalchemy import Connection, bindparam, delete, select

from aggregator.store.bulk import Ask, Insert, Row
from aggregator.store.near_fresh import FIND, Place, drop_bands, put_bands
from aggregator.store.schema import near_bands, near_fresh, near_index, near_languages, near_sketches, revisions, statements
from aggregator.stories.sketching import HISTORY, NearText

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
STEP = 500  # texts that are taken up in one transaction, when the index is made anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How the entries of an index are kept."""

    name: str
    # What was said at most half a period away is found. Within one, the entries lie together in the database, so that what is
    # read and written for a new text is a small part of a large store.
    period: timedelta
    first: int  # texts of one band and period that are kept: so many of the earliest, which the later ones copy,
    last: int  # and so many of the latest; what is common to all pages of a site costs nothing
    most: int  # texts that are held against a new one

    def period_of(self, said: datetime) -> int:
        """Where what was said at a time is kept."""
        return (said - EPOCH) // self.period


# Words that come again after a season are said again (`near.verdict.SEASON`): 120 days.
COPIES = Kind(name="copies", period=timedelta(days=240), first=8, last=8, most=32)
# An office puts its languages out within a week (`translations.FARTHEST`).
LANGUAGES = Kind(name="languages", period=timedelta(days=16), first=0, last=16, most=32)

_SKETCHES = Ask(
    select(near_sketches.c.revision_id, near_sketches.c.sketch).where(
        near_sketches.c.kind == bindparam("kind"), near_sketches.c.revision_id.in_(bindparam("ids", expanding=True))
    )
)
_ADD_SKETCHES = Insert(near_sketches.c.revision_id, near_sketches.c.kind, near_sketches.c.bands, near_sketches.c.sketch)
_ADD_LANGUAGES = Insert(near_languages.c.language, once=True)
_of_entry = (near_sketches.c.revision_id == bindparam("revision")) & (near_sketches.c.kind == bindparam("of_kind"))
_LOSE_BANDS = near_sketches.update().where(_of_entry).values(bands=near_sketches.c.bands - bindparam("lost"))
_DROP_ENTRY = near_sketches.delete().where(_of_entry, near_sketches.c.bands <= 0)


class NearShelf:
    """Where an index keeps its entries, within one transaction. Keys are numbers of revisions, as text.

    Say by `at` when a text was said before it is looked for or put; `look_ahead` reads what many texts need at once. Nothing
    is stored before `write`, and what was put is found by what follows.
    """

    def __init__(self, tx: Connection, kind: Kind) -> None:
        self._tx, self._kind = tx, kind
        self._periods: tuple[int, int] = (0, 1)
        self._texts: dict[Place, list[int]] = {}  # that are kept, by number
        self._sketches: dict[int, bytes] = {}
        self._added: dict[int, set[Place]] = {}
        self._dropped: set[tuple[Place, int]] = set()

    def at(self, said: datetime) -> Self:
        """When what is looked for or put next was said."""
        self._periods = self._periods_of(said)
        return self

    def look_ahead(self, wanted: Iterable[tuple[datetime, Sequence[int]]]) -> None:
        """Read what texts with these times and bands will meet: as many questions for a hundred as for one."""
        asked = [(self._periods_of(said), bands) for said, bands in wanted]
        self._load({(period, band) for periods, bands in asked for period in periods for band in bands})
        self._load_sketches({text for periods, bands in asked for text in self._best(periods, bands)})

    def make_ready(self, wanted: Iterable[tuple[datetime, Sequence[int]]]) -> None:
        """Read what is needed to put texts with these times and bands."""
        self._load({(self._periods_of(said)[0], band) for said, bands in wanted for band in bands})

    def like(self, bands: Sequence[int]) -> list[tuple[str, bytes]]:
        """Keys and sketches of the texts that share most bands, of those the earliest first."""
        self._load({(period, band) for period in self._periods for band in bands})
        best = self._best(self._periods, bands)
        self._load_sketches(set(best))
        return [(str(text), self._sketches[text]) for text in best if text in self._sketches]

    def put(self, key: str, bands: Sequence[int], sketch: bytes) -> None:
        """Keep an entry; of a band that has enough, one that is neither of the earliest nor of the latest makes room."""
        text, period = int(key), self._periods[0]
        places = {(period, band) for band in bands}
        self._load(places)
        self._sketches[text] = sketch
        self._added[text] = set()
        for place in sorted(places):
            kept = self._texts[place]
            insort(kept, text)
            self._added[text].add(place)
            if len(kept) > self._kind.first + self._kind.last:
                self._drop(place, kept.pop(self._kind.first))

    def write(self) -> None:
        """Store what was put."""
        rows = [(text, places) for text, places in self._added.items() if places]
        _ADD_SKETCHES(self._tx, [(text, self._kind.name, len(places), self._sketches[text]) for text, places in rows])
        put_bands(self._tx, ((place, text) for text, places in rows for place in places))
        if self._dropped:
            self._write_dropped()
        self._added, self._dropped = {}, set()

    def _write_dropped(self) -> None:
        gone = sorted(self._dropped)
        drop_bands(self._tx, gone)
        lost = Counter(text for _, text in gone)
        entries = [{"revision": text, "of_kind": self._kind.name, "lost": count} for text, count in sorted(lost.items())]
        self._tx.execute(_LOSE_BANDS, entries)
        self._tx.execute(_DROP_ENTRY, [{"revision": one["revision"], "of_kind": self._kind.name} for one in entries])

    def _drop(self, place: Place, text: int) -> None:
        if text in self._added:
            self._added[text].discard(place)
        else:
            self._dropped.add((place, text))

    def _best(self, periods: Iterable[int], bands: Sequence[int]) -> list[int]:
        distinct = set(bands)
        shared = Counter(chain.from_iterable(self._texts[period, band] for period in periods for band in distinct))
        # Those that share most, of these the earliest: sorting keeps the order of equals.
        return sorted(sorted(shared), key=shared.__getitem__, reverse=True)[: self._kind.most]

    def _periods_of(self, said: datetime) -> tuple[int, int]:
        """The period of a moment, then the neighbour that is nearer to it."""
        period, within = divmod(said - EPOCH, self._kind.period)
        return period, period - 1 if within < self._kind.period / 2 else period + 1

    def _load(self, places: Iterable[Place]) -> None:
        missing: dict[int, list[int]] = defaultdict(list)
        for period, band in places:
            if (period, band) not in self._texts:
                self._texts[period, band] = []
                missing[period].append(band)
        for period, bands in missing.items():
            for row in FIND.all(self._tx, "bands", sorted(bands), period=period):
                insort(self._texts[period, row.band], row.revision_id)

    def _load_sketches(self, texts: set[int]) -> None:
        missing = sorted(text for text in texts if text not in self._sketches)  # a set less keys walks through all keys
        for row in _SKETCHES.all(self._tx, "ids", missing, kind=self._kind.name):
            self._sketches[row.revision_id] = bytes(row.sketch)


TEXTS = select(
    revisions.c.id.label("revision"),
    revisions.c.statement_id.label("statement"),
    statements.c.said_at,
    revisions.c.title,
    revisions.c.text,
    revisions.c.language,
    statements.c.url,
    statements.c.family,
).join(statements, statements.c.id == revisions.c.statement_id)
_NEXT = (
    TEXTS.where(revisions.c.id >= bindparam("first"), revisions.c.id <= bindparam("last")).order_by(revisions.c.id).limit(STEP)
)


def languages(tx: Connection) -> list[str]:
    """The languages of which the index holds texts."""
    return sorted(tx.execute(select(near_languages.c.language)).scalars())


def note_languages(tx: Connection, found: Iterable[str]) -> None:
    """Say that the index holds texts of these languages."""
    _ADD_LANGUAGES(tx, [(language,) for language in sorted(set(found))])


def is_current(tx: Connection, version: str) -> bool:
    """Whether the index is of this version, and holds all that it should."""
    state = _state(tx)
    return state is not None and state.version == version and state.todo_from > state.todo_to


def next_texts(tx: Connection, version: str) -> list[NearText] | None:
    """The next step of bringing the index to a version: the texts that it lacks; none where older entries made room in this
    step; None where nothing is left to do. In the caller's transaction, which puts them."""
    state = _state(tx)
    if state is None or state.version != version:
        if not _forget_some(tx):
            _begin(tx, version)
        return []
    rows = tx.execute(_NEXT, {"first": state.todo_from, "last": state.todo_to}).all()
    if not rows:
        if state.todo_from <= state.todo_to:
            _take(tx, state.todo_to + 1)
        return None
    _take(tx, rows[-1].revision + 1)
    return [NearText(**row._mapping) for row in rows]


def _state(tx: Connection) -> Row | None:
    return tx.execute(select(near_index)).one_or_none()


def _forget_some(tx: Connection) -> bool:
    """Drop some entries of an older version; False where there are none."""
    for table in (near_bands, near_fresh, near_sketches):
        columns = list(table.primary_key.columns)
        some = tx.execute(select(*columns).limit(STEP * 20)).all()
        if some:
            which = [{f"of_{name}": value for name, value in row._mapping.items()} for row in some]
            tx.execute(delete(table).where(*(column == bindparam(f"of_{column.name}") for column in columns)), which)
            return True
    return False


def _begin(tx: Connection, version: str) -> None:
    backwards = select(revisions.c.id, revisions.c.seen_at).order_by(revisions.c.id.desc()).limit(1)
    newest, first = tx.execute(backwards).one_or_none(), 1
    if newest is not None:
        before = tx.execute(backwards.where(revisions.c.seen_at < newest.seen_at - HISTORY)).one_or_none()
        first = 1 if before is None else before.id + 1
    tx.execute(near_index.delete())
    tx.execute(near_index.insert().values(version=version, todo_from=first, todo_to=newest.id if newest is not None else 0))


def _take(tx: Connection, following: int) -> None:
    tx.execute(near_index.update().values(todo_from=following))
