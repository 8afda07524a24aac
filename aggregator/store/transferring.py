"""A whole store from one database into another, of either kind: row by row, taken up again where it was broken off.

The source is read in one transaction, so that what arrives is one state of it, while a service may go on there. The target says
of itself how far it is, in a table that is gone when the copy is whole; until then its schema has the number `COPYING`, and no
version of aggregator takes it for a store. Each page of rows and the word of it are stored together, or neither.

A copy that was broken off is gone on with from the source as it is by then: what is in the target already is held against it,
row by row, and put right, before more is added.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice

from sqlalchemy import Connection, func, select

from aggregator.store import fulltext, indexing, postgresql
from aggregator.store.copying import Advance, CopyError, no_advance
from aggregator.store.engine import Store
from aggregator.store.foreign import others_tables
from aggregator.store.plainrows import CHANGED, EXTRA, MISSING, Apart, PlainTable, Sum, Values
from aggregator.store.schema import changes, identity, metadata
from aggregator.store.snapshots import Snapshots
from aggregator.store.stamped import STAMP, known_schemas
from aggregator.store.upgrading import COPYING, migrate, schema_number
from aggregator.store.verifying.findings import Finding
from aggregator.store.verifying.whole import verify

PROGRESS = "copy_progress"
MADE_WITH = frozenset({"identity", "tallies", "near_index"})  # what a store has from the first that holds nothing
PAGES_TOGETHER = 10  # in one transaction, whose beginning and end cost as much as a page
MOST_TOLD = 5  # rows that are not as they should be
INDEX, SNAPSHOTS = "index of words", "snapshots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a copy came to."""

    store: str  # its identity, which the target has, too
    schema: str
    seq: int  # the newest change that was copied; 0: none
    resumed: bool  # another run had begun it
    tables: Mapping[str, int]  # rows by table
    indexed: int  # versions that were put into the index of words
    snapshots: Mapping[str, int]  # how many were copied, were there, and are missing or damaged in the source
    findings: Sequence[Finding]  # of the target's examination
    finished: bool  # the target is a store; False: there are findings
    went_on: bool  # the source has changed since

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(self.tables.values())


@dataclass(slots=True)
class _Copy:
    """One run."""

    source: Store
    target: Store
    tx: Connection  # of the source, which sees one state
    advance: Advance
    resumed: bool = False
    done: dict[str, tuple[Values | None, int]] = field(default_factory=dict)  # how far, by table, and of how many rows
    rows: dict[str, int] = field(default_factory=dict)


def tables() -> list[PlainTable]:
    """All tables, each after those that it points at."""
    return [PlainTable(table) for table in metadata.sorted_tables]


def transfer(
    source: Store,
    target: Store,
    *,
    move_snapshots: Callable[[Snapshots, Snapshots, Connection, Advance], Mapping[str, int]] | None,
    as_it_is: bool = False,
    advance: Advance = no_advance,
) -> Copied:
    """Copy a store into an empty database, or go on with a copy that was begun, and examine what came of it.

    `move_snapshots` is None where both stores have their snapshots in one place. With findings, the copy stays unfinished,
    unless it is to be kept `as_it_is`. Raises `CopyError` and `StoreError`.
    """
    with source.read() as tx:
        run = _Copy(source, target, tx, advance)
        _begin(run)
        for table in tables():
            with _told(table.name):
                if run.resumed:
                    _put_right(run, table)
                _copy_table(run, table)
        moved = {} if move_snapshots is None else move_snapshots(source.snapshots, target.snapshots, tx, advance)
        refuse_differences(tx, target, advance=advance)
        indexed = _index(run)
        _settle(target)
        findings = examined(target, quick=move_snapshots is None, advance=advance)
        finished = as_it_is or not findings
        if finished:
            _finish(target, known_schemas()[-1])
        return Copied(
            store=_identity(tx),
            schema=known_schemas()[-1],
            seq=_newest(tx),
            resumed=run.resumed,
            tables=run.rows,
            indexed=indexed,
            snapshots=moved,
            findings=findings,
            finished=finished,
            went_on=_tallies(tx) != _now(source),
        )


def examined(store: Store, *, quick: bool, advance: Advance = no_advance) -> list[Finding]:
    """What an examination finds, warnings aside."""
    count = 0

    def step(what: str, steps: int) -> None:
        nonlocal count
        count += steps
        advance(f"examining: {what}", count, 0)

    return [one for one in verify(store, quick=quick, advance=step).findings if not one.warning]


def refuse_differences(tx: Connection, target: Store, *, advance: Advance = no_advance) -> int:
    """Hold every row of a store against a copy; returns how many there are. Raises `CopyError` with what is not the same."""
    found: list[str] = []
    total = 0
    with target.read() as other:
        for table in tables():
            mine = _summed(table, tx, advance)
            total += mine.rows
            if mine != _summed(table, other, advance):
                found += [_said(table, one) for some in table.apart(tx, other) for one in some][:MOST_TOLD]
    if found:
        more = f" and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
        raise CopyError(
            f"{target.name}: not what was copied: {'; '.join(found[:MOST_TOLD])}{more}. Was it changed by hand, or does a"
            " service work on one of the two? Copy into an empty database."
        )
    return total


def _summed(table: PlainTable, tx: Connection, advance: Advance) -> Sum:
    last = Sum(0, 0)
    for last in table.sum(tx):
        advance(f"comparing {table.name}", last.rows, 0)
    return last


def _said(table: PlainTable, one: Apart) -> str:
    name = f"{table.name} {'/'.join(map(str, one.key))[:200]}"
    if one.kind == CHANGED:
        return f"{name} differs in {', '.join(one.columns)}"
    return f"{name} is {'missing' if one.kind == MISSING else 'not in the source'}"


# --- Beginning and ending. ---


def _begin(run: _Copy) -> None:
    """Make the target ready, or take up what it says of itself. Raises `CopyError` for one that is neither empty nor begun."""
    target = run.target
    with target.read() as tx:
        found = schema_number(tx, name=target.name)
        foreign = others_tables(tx, found, alone=target.is_sqlite) if found != COPYING else []
    if foreign:
        raise CopyError(f"{target.name}: the database of another program (it has the table {foreign[0]!r}). Name an empty one.")
    if found == COPYING:
        _take_up(run)
        return
    if found is None:
        migrate(target)
    elif found != known_schemas()[-1]:
        raise CopyError(f"{target.name}: it holds a store already (schema {found}). Name an empty database.")
    with target.write() as tx:
        _refuse_full(run, tx)
        for name in MADE_WITH:
            tx.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - our own names
        tx.exec_driver_sql(
            f"CREATE TABLE {PROGRESS} (name VARCHAR(64) PRIMARY KEY, after_key TEXT NOT NULL, done BIGINT NOT NULL)"
        )
        _note(tx, "", json.dumps(_head(run)), 0, first=True)
        tx.exec_driver_sql(f"UPDATE {STAMP} SET version_num = '{COPYING}'")  # noqa: S608 - our own names


def _refuse_full(run: _Copy, tx: Connection) -> None:
    full = [table.name for table in tables() if table.name not in MADE_WITH and table.count(tx)]
    if not full:
        return
    if _identity(tx) == _identity(run.tx):
        raise CopyError(
            f"{run.target.name}: it holds this very store already: the source itself, or a copy of it that is whole."
            " Hold the two against each other: aggregator copy --check. To copy anew, name an empty database."
        )
    raise CopyError(
        f"{run.target.name}: it holds another store (there are rows in {', '.join(full[:3])}). Name an empty database."
    )


def _head(run: _Copy) -> dict[str, str]:
    return {"store": _identity(run.tx), "schema": known_schemas()[-1], "from": run.tx.dialect.name}


def _take_up(run: _Copy) -> None:
    with run.target.read() as tx:
        said = {row.name: row for row in tx.exec_driver_sql(f"SELECT name, after_key, done FROM {PROGRESS}")}  # noqa: S608 - our own name
    head, mine = json.loads(said.pop("").after_key), _head(run)
    if head["store"] != mine["store"]:
        raise CopyError(
            f"{run.target.name}: a copy of another store was begun in it ({head['store']}). Name an empty database."
        )
    if head != mine:
        raise CopyError(
            f"{run.target.name}: a copy was begun in it from {head['from']} with schema {head['schema']}; this one is from"
            f" {mine['from']} with schema {mine['schema']}. Copy into an empty database."
        )
    run.resumed = True
    for name, row in said.items():
        key = json.loads(row.after_key)
        run.done[name] = (None if key is None else tuple(key), row.done)


def _note(tx: Connection, name: str, after: str, done: int, *, first: bool, before: int = 0) -> None:
    """Write down how far one table is. Raises `CopyError` where somebody else has written it down meanwhile."""
    place = "%s" if tx.dialect.name == "postgresql" else "?"
    if first:
        tx.exec_driver_sql(f"INSERT INTO {PROGRESS} VALUES ({place}, {place}, {place})", (name, after, done))  # noqa: S608 - our own name
        return
    asked = f"UPDATE {PROGRESS} SET after_key = {place}, done = {place} WHERE name = {place} AND done = {place}"  # noqa: S608 - our own name
    if tx.exec_driver_sql(asked, (after, done, name, before)).rowcount != 1:
        raise CopyError(f"another `aggregator copy` is at work on {name} of this target. Let it end.")


def _finish(target: Store, schema: str) -> None:
    """From here on, the target is a store."""
    with target.write() as tx:
        tx.exec_driver_sql(f"DROP TABLE {PROGRESS}")
        tx.exec_driver_sql(f"UPDATE {STAMP} SET version_num = '{schema}'")  # noqa: S608 - our own names


# --- The rows. ---


def _copy_table(run: _Copy, table: PlainTable) -> None:
    """Add the rows that the target does not have yet, page by page."""
    after, done = run.done.get(table.name, (None, 0))
    total = table.count(run.tx)
    first = table.name not in run.done
    run.advance(table.name, done, total)
    pages = table.pages(run.tx, after=after)
    while (page := next(pages, None)) is not None:
        with run.target.write() as tx:
            for some in chain([page], islice(pages, PAGES_TOGETHER - 1)):
                now = done + len(some)
                _note(tx, table.name, json.dumps(table.key_of(some[-1])), now, first=first, before=done)
                table.add(tx, some)
                first, done = False, now
        run.advance(table.name, done, total)
    run.rows[table.name] = total


def _put_right(run: _Copy, table: PlainTable) -> None:
    """Let what a run before this one has added be as the source has it now."""
    until, done = run.done.get(table.name, (None, 0))
    if until is None:
        return
    with run.target.read() as other:
        for some in table.apart(run.tx, other, until=until):
            run.advance(f"{table.name} again", 0, done)
            if not some:
                continue
            rows = {kind: [one.row for one in some if one.kind == kind] for kind in (CHANGED, MISSING, EXTRA)}
            with run.target.write() as tx:
                table.change(tx, rows[CHANGED])
                if rows[MISSING]:
                    table.add(tx, rows[MISSING])
                table.drop(tx, rows[EXTRA])
                before, done = done, done + len(rows[MISSING]) - len(rows[EXTRA])
                _note(tx, table.name, json.dumps(until), done, first=False, before=before)
    run.done[table.name] = (until, done)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """What the driver says of a row, with the table that it is of."""
    try:
        yield
    except (ValueError, OverflowError, UnicodeError) as error:
        raise CopyError(f"{name}: a row cannot be copied as it is ({error}). aggregator verify may say which.") from error


# --- What is made anew from the rows. ---


def _index(run: _Copy) -> int:
    """Put every version into the index of words, under the place that its row has; returns how many there are."""
    after, done = _index_begun(run)
    first = INDEX not in run.done
    with run.target.read() as tx:
        total = tx.exec_driver_sql("SELECT count(*) FROM search_rows").scalar_one()
    while True:
        with run.target.write() as tx:
            last, count = indexing.index_again(tx, after=after)
            if last == after:
                return done
            _note(tx, INDEX, json.dumps([last]), done + count, first=first, before=done)
        first, after, done = False, last, done + count
        run.advance(INDEX, done, total)


def _index_begun(run: _Copy) -> tuple[int, int]:
    """Up to which version the index is made. Where others have come among these since, it is begun anew."""
    key, done = run.done.get(INDEX, (None, 0))
    if key is None:
        return 0, 0
    place = "?" if run.target.is_sqlite else "%s"
    with run.target.write() as tx:
        asked = f"SELECT count(*) FROM search_rows WHERE revision_id <= {place}"  # noqa: S608 - our own name
        if tx.exec_driver_sql(asked, tuple(key)).scalar_one() == done:
            return int(key[0]), done
        fulltext.forget(tx)
        _note(tx, INDEX, json.dumps([0]), 0, first=False, before=done)
    return 0, 0


def _settle(target: Store) -> None:
    """Let the next numbers follow the newest rows, and let the database learn what it holds now."""
    with target.write() as tx:
        fulltext.settle(tx)
        if not target.is_sqlite:
            postgresql.let_numbers_follow(tx, metadata.sorted_tables)
            tx.exec_driver_sql("ANALYZE")


def _identity(tx: Connection) -> str:
    return str(tx.execute(select(identity.c.id)).scalar_one())


def _newest(tx: Connection) -> int:
    return int(tx.execute(select(func.max(changes.c.seq))).scalar_one() or 0)


def _tallies(tx: Connection) -> list[tuple[str, int]]:
    return [(str(row[0]), int(row[1])) for row in tx.exec_driver_sql("SELECT name, rows FROM tallies ORDER BY name")]


def _now(store: Store) -> list[tuple[str, int]]:
    with store.read() as tx:
        return _tallies(tx)
