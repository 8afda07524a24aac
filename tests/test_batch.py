"""A listing settled in one go: the same as line by line, with few statements of the database, each on an index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Connection, event, select

from aggregator.config import Story
from aggregator.model import Entry, RevisionId, SourceKey, StatementId, ZoneKnown
from aggregator.pipeline.matching import consider
from aggregator.store import Store, changes, tallies
from aggregator.store.bulk import MOST_AT_ONCE
from aggregator.store.deciding import Decision, Known, Line, Origin, Verdict, decide, is_earlier_text, is_older_copy
from aggregator.store.pairing import MOST_OF_ONE_SIGN
from aggregator.store.schema import addresses, candidates, listings, revisions, sources, statements, stories
from aggregator.store.sealing import with_seals
from aggregator.store.shelf import MOST_OF_ONE_PAGE, SAME_TEXT_MIN, SAME_TEXT_WITHIN
from aggregator.store.statements import Settled, settle_listing
from aggregator.stories.matching import Seen, Wanted, why_it_matches
from aggregator.text.fingerprint import fingerprints, words
from tests.conftest import first_term, most, restart_ids

pytestmark = pytest.mark.both_databases
NewStore = Callable[[], Store]

NOON = datetime(2025, 8, 14, 12, 0, tzinfo=UTC)
FAMILIES = {"a": "one", "b": "one", "c": "two"}
LONG = "The talks on grain go on in Geneva, said the minister of trade, and so they will for weeks. " * 3

# --- The rules, as plain and as slow as they are: one line after the other, each asking the store for all it needs. ---


def plainly(tx: Connection, line: Line, origin: Origin) -> Settled:
    known = plain_find(tx, line, origin)
    if known is not None:
        line = replace(line, language=plain_language(tx, known.statement, line))
    decision = decide(known, line.fingerprint, built=origin.built, newest_built=origin.newest_built)
    if decision.verdict is Verdict.DROPPED:
        return Settled(decision=decision)
    if known is not None and is_earlier_text(known, line.fingerprint) and is_older_copy(origin):
        return Settled(decision=decision, statement=known.statement)  # it leaves no trace: a newer copy may say it again
    statement = known.statement if known is not None else plain_statement(tx, line, origin)
    plain_listing(tx, line, origin, statement, known=known, decision=decision)
    revision = None
    if decision.verdict in (Verdict.NEW, Verdict.REVISED):
        revision = plain_revision(tx, statement, line, origin)
    if decision.verdict is Verdict.REVISED and line.updated_written:
        when = {"updated_at": line.updated_at, "updated_written": line.updated_written}
        tx.execute(statements.update().where(statements.c.id == statement).values(when))
    plain_pair(tx, statement, line, origin)
    return Settled(decision=decision, statement=statement, revision=revision)


def plain_find(tx: Connection, line: Line, origin: Origin) -> Known | None:
    listing = tx.execute(
        select(listings.c.statement_id, listings.c.mirrors).where(
            listings.c.source == origin.source, listings.c.entry_id == line.entry.id
        )
    ).one_or_none()
    if listing is not None:
        return plain_known(tx, listing.statement_id, line, origin, listed=True, mirrors=listing.mirrors)
    statement = (
        plain_id(tx, line, origin)
        or plain_number(tx, line, origin)
        or plain_address(tx, line, origin)
        or plain_page(tx, line, origin)
        or plain_text(tx, line, origin)
    )
    return None if statement is None else plain_known(tx, statement, line, origin, listed=False, mirrors=True)


def plain_id(tx: Connection, line: Line, origin: Origin) -> int | None:
    if not ("://" in line.entry.id or line.entry.id.startswith(("tag:", "urn:"))):
        return None
    query = (
        select(listings.c.statement_id)
        .join(sources, sources.c.key == listings.c.source)
        .where(listings.c.entry_id == line.entry.id, sources.c.family == origin.family)
        .order_by(listings.c.statement_id)
    )
    return tx.execute(query.limit(1)).scalar_one_or_none()


def plain_number(tx: Connection, line: Line, origin: Origin) -> int | None:
    if not line.reference:
        return None
    query = select(statements.c.id).where(statements.c.family == origin.family, statements.c.reference == line.reference)
    for statement in tx.execute(query.order_by(statements.c.id).limit(MOST_OF_ONE_SIGN)).scalars().all():
        said = plain_fingerprints(tx, statement, plain_language(tx, statement, line))
        if not (plain_beside(tx, statement, origin) and said and line.fingerprint not in said):
            return int(statement)
    return None


def plain_address(tx: Connection, line: Line, origin: Origin) -> int | None:
    found = set(plain_at(tx, line.url, origin, claimed=True))
    for url in line.alternates:
        found |= {*plain_at(tx, url, origin, claimed=False)}
    fitting = [
        statement
        for statement in found
        if not plain_other_number(tx, statement, line)
        and (not plain_fingerprints(tx, statement, line.language) or statement in plain_at(tx, line.url, origin, claimed=False))
    ]
    return fitting[0] if len(fitting) == 1 else None


def plain_at(tx: Connection, url: str, origin: Origin, *, claimed: bool) -> list[int]:
    """The oldest statements of the family that were listed at an address, or that claim it."""
    if not url:
        return []
    further = select(addresses.c.statement_id).where(
        addresses.c.family == origin.family, addresses.c.url == url, addresses.c.claimed == claimed
    )
    found = {*tx.execute(further).scalars()}
    if not claimed:
        first = select(statements.c.id).where(statements.c.family == origin.family, statements.c.url == url)
        found |= {*tx.execute(first).scalars()}
    return sorted(found)[:MOST_OF_ONE_SIGN]


def plain_other_number(tx: Connection, statement: int, line: Line) -> bool:
    number = tx.execute(select(statements.c.reference).where(statements.c.id == statement)).scalar_one()
    return bool(number and line.reference and number != line.reference)


def plain_fingerprints(tx: Connection, statement: int, language: str) -> list[str]:
    query = select(revisions.c.fingerprint).where(revisions.c.statement_id == statement, revisions.c.language == language)
    return [*tx.execute(query).scalars()]


def plain_language(tx: Connection, statement: int, line: Line) -> str:
    """An unknown language is that of the first version; a first version of unknown language takes every other for its own."""
    query = select(revisions.c.language).where(revisions.c.statement_id == statement).order_by(revisions.c.id)
    spoken = [*tx.execute(query).scalars()]
    if line.language in spoken:
        return line.language
    return str(spoken[0]) if not line.language or set(spoken) == {""} else line.language


def plain_pair(tx: Connection, statement: StatementId, line: Line, origin: Origin) -> None:
    row = tx.execute(select(statements).where(statements.c.id == statement)).one()
    if row.family != origin.family:
        return
    if line.reference and not row.reference:
        tx.execute(statements.update().where(statements.c.id == statement).values(reference=line.reference))
    first = select(revisions.c.language).where(revisions.c.statement_id == statement).order_by(revisions.c.id).limit(1)
    places = [(url, True) for url in line.alternates]
    if line.alternates or line.language != tx.execute(first).scalar_one():
        places.append((line.url, False))
    for url, claimed in places:
        here = {"statement_id": statement, "url": url, "claimed": claimed}
        there = select(addresses.c.url).filter_by(**here)
        if url and url != row.url and tx.execute(there).first() is None:
            tx.execute(addresses.insert().values(family=origin.family, **here))


def plain_page(tx: Connection, line: Line, origin: Origin) -> int | None:
    if not line.url:
        return None
    query = (
        select(statements.c.id)
        .distinct()
        .join(revisions, revisions.c.statement_id == statements.c.id)
        .where(statements.c.family == origin.family, statements.c.url == line.url, revisions.c.title == line.title)
        .order_by(statements.c.id.desc())
        .limit(MOST_OF_ONE_PAGE)
    )
    found = tx.execute(query).scalars().all()
    apart = (one for one in found if not plain_beside(tx, one, origin) and not plain_other_number(tx, one, line))
    return next(apart, None)


def plain_beside(tx: Connection, statement: int, origin: Origin) -> bool:
    ids = select(listings.c.entry_id).where(listings.c.statement_id == statement, listings.c.source == origin.source)
    return not origin.present.isdisjoint(tx.execute(ids).scalars())


def plain_text(tx: Connection, line: Line, origin: Origin) -> int | None:
    if len(line.text) < SAME_TEXT_MIN:
        return None
    query = (
        select(statements.c.id)
        .join(revisions, revisions.c.statement_id == statements.c.id)
        .where(
            revisions.c.body_fingerprint == line.body_fingerprint,
            statements.c.family == origin.family,
            statements.c.said_at.between(line.said_at - SAME_TEXT_WITHIN, line.said_at + SAME_TEXT_WITHIN),
        )
        .order_by(statements.c.id)
    )
    return next((one for one in tx.execute(query).scalars() if not plain_other_number(tx, one, line)), None)


def plain_known(tx: Connection, statement: int, line: Line, origin: Origin, *, listed: bool, mirrors: bool) -> Known:
    query = (
        select(revisions.c.fingerprint, revisions.c.built_at)
        .where(revisions.c.statement_id == statement, revisions.c.language == plain_language(tx, statement, line))
        .order_by(revisions.c.number)
    )
    versions = tx.execute(query).all()
    by_source = select(listings.c.entry_id).where(listings.c.statement_id == statement, listings.c.source == origin.source)
    return Known(
        statement=StatementId(statement),
        listed=listed,
        same_source=tx.execute(by_source.limit(1)).first() is not None,
        mirrors=mirrors,
        fingerprints=frozenset(row.fingerprint for row in versions),
        current=versions[-1].fingerprint if versions else "",
        current_built=versions[-1].built_at if versions else None,
        other_language=not versions,
    )


def plain_statement(tx: Connection, line: Line, origin: Origin) -> StatementId:
    row = statements.insert().values(
        family=origin.family,
        source=origin.source,
        url=line.url,
        said_at=line.said_at,
        said_written=line.said_written,
        zone_known=line.zone_known,
        said_day=line.said_day,
        updated_at=line.updated_at,
        updated_written=line.updated_written,
        reference=line.reference,
        first_seen_at=origin.at,
    )
    statement = StatementId(tx.execute(row.returning(statements.c.id)).scalar_one())
    changes.note(tx, "statement", str(statement), seal="", at=origin.at)
    return statement


def plain_listing(
    tx: Connection, line: Line, origin: Origin, statement: StatementId, *, known: Known | None, decision: Decision
) -> None:
    if known is not None and known.listed:
        here = (listings.c.source == origin.source) & (listings.c.entry_id == line.entry.id)
        tx.execute(listings.update().where(here).values(raw=line.raw, mirrors=decision.mirrors))
        return
    tx.execute(
        listings.insert().values(
            source=origin.source,
            entry_id=line.entry.id,
            statement_id=statement,
            url=line.entry.url,
            raw=line.raw,
            mirrors=decision.mirrors,
            first_seen_at=origin.at,
        )
    )


def plain_revision(tx: Connection, statement: StatementId, line: Line, origin: Origin) -> RevisionId:
    numbers = select(revisions.c.number).where(revisions.c.statement_id == statement, revisions.c.language == line.language)
    row = revisions.insert().values(
        statement_id=statement,
        number=max(tx.execute(numbers).scalars(), default=0) + 1,
        language=line.language,
        title=line.title,
        text=line.text,
        html=line.html,
        fingerprint=line.fingerprint,
        body_fingerprint=line.body_fingerprint,
        seen_at=origin.at,
        built_at=origin.built,
        source=origin.source,
        capture_id=origin.capture,
    )
    revision = RevisionId(tx.execute(row.returning(revisions.c.id)).scalar_one())
    changes.note(tx, "revision", str(revision), seal="", at=origin.at)
    return revision


# --- A world of few ids, addresses, titles and texts, so that lines meet. ---


def add_sources(tx: Connection) -> None:
    for key, family in FAMILIES.items():
        values = {"name": key, "kind": "feed", "url": "", "lane": "primary", "language": "en", "homepage": "", "active": True}
        row = {"key": key, "family": family, "first_seen_at": NOON, "next_poll_at": NOON, **values}
        tx.execute(sources.insert(), with_seals(tx, sources, [row]))
    story = {"title": "", "lead": "", "language": "en", "image": "", "image_alt": "", "terms": [], "active": True}
    row = {"key": "talks", "from_at": NOON, "opened_at": NOON, "head": "", **story}
    tx.execute(stories.insert(), with_seals(tx, stories, [row]))


def line_of(
    entry_id: str,
    *,
    url: str = "",
    title: str = "Talks",
    text: str = "Short.",
    language: str = "en",
    at: datetime = NOON,
    reference: str = "",
    alternates: tuple[str, ...] = (),
    updated: datetime | None = None,
) -> Line:
    whole, body = fingerprints(title, text)
    entry = Entry(
        id=entry_id, url=url, title=title, published=at, updated=None, published_written=str(at), zone_known=ZoneKnown.OFFSET
    )
    return Line(
        entry=entry,
        said_at=at,
        said_written=entry.published_written,
        zone_known=entry.zone_known,
        raw=fingerprints(title + language, text)[0],
        title=title,
        text=text,
        html=f"<p>{text}</p>",
        language=language,
        url=url,
        fingerprint=whole,
        body_fingerprint=body,
        reference=reference,
        alternates=alternates,
        updated_at=updated,
        updated_written="" if updated is None else str(updated),
    )


def origin_of(lines: Sequence[Line], source: str = "a", **changed: object) -> Origin:
    values = {
        "source": SourceKey(source),
        "family": FAMILIES[source],
        "at": NOON,
        "capture": None,
        "built": None,
        "newest_built": None,
        "present": frozenset(line.entry.id for line in lines),
    }
    return Origin(**{**values, **changed})  # type: ignore[arg-type]  # a test that sets some fields


HOURS = st.sampled_from([timedelta(hours=hours) for hours in (-49, -24, 0, 23, 24, 25)])
FRACTIONS = st.sampled_from([timedelta(microseconds=some) for some in (0, 1, 999, 1000, 1999)])
TIMES = st.builds(lambda hours, fraction: NOON + hours + fraction, HOURS, FRACTIONS)
LINES = st.builds(
    line_of,
    st.sampled_from(["1", "2", "3", "tag:x,2025:1", "https://x.example/1", "urn:x:1"]),
    url=st.sampled_from(["", "https://x.example/1", "https://x.example/2", "https://x.example/3"]),
    title=st.sampled_from(["Talks", "Grain"]),
    text=st.sampled_from(["", "Short.", "Shorter.", LONG, LONG.replace("weeks", "months"), LONG.replace(", ", ",  ")]),
    language=st.sampled_from(["en", "ru", "ru", ""]),
    at=TIMES,
    reference=st.sampled_from(["", "", "7", "8"]),
    alternates=st.sampled_from([(), (), ("https://x.example/2",), ("https://x.example/1", "https://x.example/3")]),
    updated=st.sampled_from([None, NOON, NOON + timedelta(hours=1)]),
)
BUILT = st.none() | st.builds(lambda n, fraction: NOON + timedelta(minutes=n) + fraction, st.integers(0, 2), FRACTIONS)


@dataclass(frozen=True)
class Copy:
    """One copy of a listing, as it comes."""

    source: str
    lines: list[Line]
    built: datetime | None = None
    newest_built: datetime | None = None
    present: frozenset[str] | None = None  # None: the ids of the lines
    family: str | None = None  # to which the operator has moved the source by now


COPIES = st.builds(
    Copy,
    source=st.sampled_from(list(FAMILIES)),
    lines=st.lists(LINES, max_size=7),
    built=BUILT,
    newest_built=BUILT,
    present=st.none() | st.none() | st.frozensets(st.sampled_from(["1", "2", "3", "tag:x,2025:1"]), max_size=3),
    family=st.sampled_from([None, None, None, "one", "two"]),
)
TABLES = (statements, listings, revisions, addresses)


def whole(tx: Connection) -> dict[str, list[tuple[object, ...]]]:
    """All but the seals, which have tests of their own."""
    columns = {table: [column for column in table.c if column.name != "seal"] for table in TABLES}
    tables = {
        table.name: [tuple(row) for row in tx.execute(select(*columns[table]).order_by(*table.primary_key.columns))]
        for table in TABLES
    }
    return {**tables, "changes": [noted[:3] for noted in changes.gathered(tx)]}


def settle_plainly(tx: Connection, lines: Sequence[Line], origin: Origin) -> list[Settled]:
    return [plainly(tx, line, origin) for line in lines]


Settle = Callable[[Connection, Sequence[Line], Origin], list[Settled]]


def arrived(tx: Connection, copy: Copy, *, at: datetime) -> Origin:
    family = copy.family or FAMILIES[copy.source]
    tx.execute(sources.update().where(sources.c.key == copy.source).values(family=family))
    present = frozenset(line.entry.id for line in copy.lines) if copy.present is None else copy.present
    ages = {"built": copy.built, "newest_built": copy.newest_built}
    return origin_of(copy.lines, copy.source, at=at, family=family, present=present, **ages)


def check(store: Store, copies: Sequence[Copy]) -> None:
    """Both ways come to the same."""
    expected, judged = after(store, copies, settle_plainly)
    found, settled = after(store, copies, settle_listing)
    assert [[replace(one, seen=None, family="", url="") for one in some] for some in settled] == judged
    assert found == expected


def after(
    store: Store, copies: Sequence[Copy], settle: Settle
) -> tuple[dict[str, list[tuple[object, ...]]], list[list[Settled]]]:
    """What the tables hold after these copies, all of which is taken back."""
    with store.write() as tx:
        attempt = tx.begin_nested()
        add_sources(tx)
        settled = [settle(tx, copy.lines, arrived(tx, copy, at=NOON + timedelta(hours=n))) for n, copy in enumerate(copies)]
        tables = whole(tx)
        attempt.rollback()
        restart_ids(tx)
        changes.begin(tx)
        tallies.begin(tx)
        return tables, settled


# Two statements stand at one address: the one that was first listed there, and one that came there later.
AT_ONE_ADDRESS = [
    Copy("a", [line_of("3", url="https://x.example/2", text="")]),
    Copy(
        "a",
        [
            line_of("1", text=""),
            line_of("1", url="https://x.example/2", text="", alternates=("https://x.example/2",)),
            line_of("3", url="https://x.example/1", text="", language="ru"),
        ],
    ),
    Copy("a", [line_of("2", url="https://x.example/2", text="", alternates=("https://x.example/1", "https://x.example/3"))]),
]


def test_a_listing_in_one_go_is_what_its_lines_are_one_by_one(shared_store: Store) -> None:
    @most(shared_store, 100)
    @example(copies=AT_ONE_ADDRESS)
    @given(copies=st.lists(COPIES, min_size=1, max_size=5))
    def holds(copies: list[Copy]) -> None:
        check(shared_store, copies)

    holds()


@pytest.mark.parametrize("shared_store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("hole", [9, 10, 11, 12])  # 10 is the fiftieth newest, 11 if one more comes to this title
@pytest.mark.parametrize("title", ["Talks", "Grain"])
def test_more_statements_of_one_page_than_are_looked_at(shared_store: Store, hole: int, title: str) -> None:
    look_at_a_page(shared_store, hole, title)


@pytest.mark.parametrize("shared_store", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("hole", "title"), [(10, "Talks"), (11, "Talks"), (10, "Grain")])  # each takes a second there
def test_more_statements_of_one_page_than_are_looked_at_on_postgresql(shared_store: Store, hole: int, title: str) -> None:
    look_at_a_page(shared_store, hole, title)


def look_at_a_page(store: Store, hole: int, title: str) -> None:
    """Settle a listing after a page had so many statements that the one of the hole is, or is no more, among the newest."""

    def ticker(first: int, last: int, *, title: str = "Talks", text: str = "") -> list[Line]:
        return [line_of(str(n), url="https://x.example/live", title=title, text=f"{n}. {text}") for n in range(first, last)]

    all_but_one = frozenset(str(n) for n in range(100) if n != hole)
    stored = [Copy("a", ticker(0, 60)), Copy("a", ticker(99, 100, title="Grain"))]
    retitled = ticker(99, 100, title=title, text="Edited.")
    check(store, [*stored, Copy("a", retitled + ticker(200, 203), present=all_but_one)])


def test_a_statement_under_two_ids_stands_beside_by_either(shared_store: Store) -> None:
    lines = [
        line_of("1", url="https://x.example/1", text=LONG),
        line_of("2", text=LONG),
        line_of("3", url="https://x.example/1"),
    ]
    for present in ({"1"}, {"2"}, {"3"}, {"1", "2"}):
        check(shared_store, [Copy("a", lines, present=frozenset(present))])


@pytest.mark.parametrize("fraction", [-1000, -1, 0, 1, 999, 1000])
@pytest.mark.parametrize("apart", [-1, 1])
def test_times_that_meet_within_a_listing_are_as_coarse_as_stored_ones(shared_store: Store, fraction: int, apart: int) -> None:
    first = line_of("1", text=LONG, at=NOON + timedelta(microseconds=1500))
    moved = timedelta(hours=24) + timedelta(microseconds=fraction)
    second = line_of("2", title="Grain", text=LONG, at=first.said_at + apart * moved)
    check(shared_store, [Copy("a", [first, second])])
    back = [line_of("1"), line_of("1", text="Edited."), line_of("1")]
    check(shared_store, [Copy("a", back, built=NOON + timedelta(microseconds=500 + fraction))])


def test_what_matching_sees_is_what_is_stored(shared_store: Store) -> None:
    with shared_store.write() as tx:
        attempt = tx.begin_nested()
        add_sources(tx)
        lines = [line_of("1", at=NOON + timedelta(microseconds=1999)), line_of("1", text="Another.")]
        seen = [one.seen for one in settle_listing(tx, lines, origin_of(lines))]
        rows = tx.execute(
            select(
                statements.c.id.label("statement"),
                revisions.c.id.label("revision"),
                revisions.c.source,
                revisions.c.title,
                revisions.c.text,
                statements.c.said_at,
                statements.c.said_day,
                revisions.c.language,
            )
            .join_from(revisions, statements)
            .order_by(revisions.c.id)
        )
        assert seen == [Seen(**row._mapping) for row in rows]
        attempt.rollback()


# --- How much is asked of the database. ---


@contextmanager
def asked(store: Store) -> Iterator[list[tuple[str, object]]]:
    """What the database is asked meanwhile: the SQL, with its values."""
    seen: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, sql: str, values: object, *_others: object) -> None:
        seen.append((sql, values))

    event.listen(store.engine, "before_cursor_execute", note)
    yield seen
    event.remove(store.engine, "before_cursor_execute", note)


def news(count: int, *, text: str = "") -> list[Line]:
    """Lines of every kind: half have an id that is unique in the world, all have an address and a long text."""
    return [
        line_of(
            f"https://x.example/{n}" if n % 2 else f"{n}",
            url=f"https://x.example/{n}",
            title=f"Talks {n}",
            text=f"{n} {text} {LONG}",
        )
        for n in range(count)
    ]


def statements_asked(store: Store, count: int) -> list[int]:
    """For a first copy, its edits, and what a sister source makes of them."""
    numbers = []
    with store.write() as tx:
        add_sources(tx)
    for source, text in (("a", ""), ("a", "Edited."), ("b", "Edited.")):
        lines = news(count, text=text)
        with store.write() as tx, asked(store) as seen:
            settle_listing(tx, lines, origin_of(lines, source))
        numbers.append(len(seen))
    return numbers


def test_ten_times_the_lines_take_no_more_statements(new_store: NewStore) -> None:
    few, many = (statements_asked(new_store(), count) for count in (20, 200))
    assert few == many
    assert max(many) <= 10


def test_very_many_lines_are_asked_for_in_parts(new_store: NewStore) -> None:
    copies = [Copy("a", news(2 * MOST_AT_ONCE + 1)), Copy("b", news(600))]
    found, settled = after(new_store(), copies, settle_listing)
    assert [row[0] for row in found["statements"]] == list(range(1, 2 * MOST_AT_ONCE + 2))
    assert [row[0] for row in found["changes"][:2]] == ["statement", "revision"]
    assert {one.decision.verdict for one in settled[0]} == {Verdict.NEW}
    assert {one.decision.verdict for one in settled[1]} == {Verdict.DUPLICATE}
    assert all(here.statement == there.statement for here, there in zip(settled[1], settled[0], strict=False))


WHOLE = r"SCAN (?!anon_|\(subquery|.*CONSTANT ROW)|.*Seq Scan"  # a table that is read from its start to its end


def plan_of(tx: Connection, sql: str, values: object) -> list[str]:
    """The steps that the database takes, a line each. PostgreSQL reads tables of a few rows whole unless it is told not to."""
    if tx.dialect.name == "sqlite":
        return [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]  # type: ignore[arg-type]  # as they came
    tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return [row[0] for row in tx.exec_driver_sql(f"EXPLAIN {sql}", values) if "Scan" in row[0]]  # type: ignore[arg-type]  # as they came


def test_every_question_hits_an_index_that_its_values_narrow_down(new_store: NewStore) -> None:
    store = new_store()
    with store.write() as tx:
        add_sources(tx)
    plans: dict[str, list[str]] = {}
    for count, source, text in (
        (1, "a", ""),
        (20, "a", ""),
        (20, "a", "Edited."),
        (1, "b", ""),
        (20, "b", "Edited again."),
    ):
        moved = [replace(line, entry=replace(line.entry, id=f"x{source}{line.entry.id}")) for line in news(3)]
        lines = news(count, text=text) + (moved if count > 1 else [])
        with store.write() as tx:
            with asked(store) as seen:
                settled = settle_listing(tx, lines, origin_of(lines, source))
                consider(tx, [TALKS], settled, now=NOON)
            for sql, values in seen:
                if sql.startswith(("SELECT", "UPDATE")) and isinstance(values, (tuple, dict)):
                    plans[sql] = plan_of(tx, sql, values)
    assert len(plans) >= 8
    for sql, plan in plans.items():
        assert not [step for step in plan if re.match(WHOLE, step)], (sql, plan)
        # `family`, `source` and `said_at` narrow nothing down: half the store has them.
        assert not [step for step in plan if re.search(r"\((family=\? *\)|source=\?\)|said_at)", step)], (sql, plan)


# --- Revisions become candidates. ---

TALKS = Story.model_validate({"key": "talks", "title": "Talks", "from": NOON.date(), "terms": ["grain"]})


def candidates_of(tx: Connection) -> list[tuple[object, ...]]:
    columns = [
        candidates.c.statement_id,
        candidates.c.revision_id,
        candidates.c.why,
        candidates.c.settles_at,
        candidates.c.state,
    ]
    return [tuple(row) for row in tx.execute(select(*columns).order_by(candidates.c.id))]


def test_an_edit_takes_its_older_self_s_place_within_a_listing_and_after_it(new_store: NewStore) -> None:
    ready, edit = NOON + timedelta(minutes=10), "an edit of a statement of this story"
    with new_store().write() as tx:
        add_sources(tx)
        first = [line_of("1", text="On grain."), line_of("2", text="On steel."), line_of("1", text="On rice.")]
        assert consider(tx, [TALKS], settle_listing(tx, first, origin_of(first)), now=NOON) == 2
        assert candidates_of(tx) == [(1, 1, "“grain” in the text", ready, "set_aside"), (1, 3, edit, ready, "waiting")]
        later = [line_of("1", text="On maize."), line_of("2", text="On iron.")]
        settled = settle_listing(tx, later, origin_of(later))
        assert consider(tx, [TALKS], settled, now=NOON + timedelta(minutes=5)) == 1
        assert candidates_of(tx)[1:] == [(1, 3, edit, ready, "set_aside"), (1, 4, edit, ready, "waiting")]


def test_matching_asks_nothing_of_what_is_new(new_store: NewStore) -> None:
    store = new_store()
    with store.write() as tx:
        add_sources(tx)
        lines = news(30)
        settled = settle_listing(tx, lines, origin_of(lines))
        with asked(store) as seen:
            assert consider(tx, [TALKS], settled, now=NOON) == 30
        merges, number, insert = (sql.split("(")[0] for sql, _ in seen)
        assert "FROM desk_acts" in merges  # of stories: once for a listing
        assert number in ("SELECT max", "SELECT nextval")
        assert insert == "INSERT INTO candidates "


SCRAPS = st.lists(
    st.sampled_from(["grain", "Grains", "Russia’s", "russia's", "Straße", "STRASSE", "e\u0301t\u00e9", "x_grain", "12th"])
)


@given(terms=st.lists(SCRAPS, min_size=1, max_size=3), title=SCRAPS, text=SCRAPS, glue=st.sampled_from([" ", "", "-", "'"]))
def test_letters_are_looked_for_before_words_and_find_the_same(
    terms: list[list[str]], title: list[str], text: list[str], glue: str
) -> None:
    seen = Seen(
        statement=StatementId(1),
        revision=RevisionId(1),
        source=SourceKey("a"),
        title=glue.join(title),
        text=glue.join(text),
        said_at=NOON,
    )
    wanted = Wanted(terms=tuple(" ".join(term) for term in terms), sources=(), start=NOON, end=None)
    there = frozenset(words(seen.title)) | frozenset(words(seen.text))
    assert why_it_matches(wanted, seen) == first_term(wanted.terms, there)


def test_ids_go_up_with_the_lines(new_store: NewStore) -> None:
    with new_store().write() as tx:
        add_sources(tx)
        lines = [line_of(str(n)) for n in range(300)]  # alike in all that a statement's row holds
        settled = settle_listing(tx, lines, origin_of(lines))
    assert all((one.statement or 0) < (two.statement or 0) for one, two in pairwise(settled))
