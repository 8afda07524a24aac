"""That each sealed row says what it said when it was written, and that none is gone or was put in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from aggregator.store.seals import FORMS, MODULUS, TALLIED
from aggregator.store.stored import StoredRow, batches, rows_of
from aggregator.store.tallies import ALL, Tally, read
from aggregator.store.verifying.findings import Examination, Finding, number_of, shown

MOST_GAPS = 10  # missing numbers that are named

# What a story rests on, for an examination of one story alone.
_UPDATES = "IN (SELECT id FROM updates WHERE story = :story)"
_TOLD = "SELECT revision_id FROM updates WHERE story = :story"
_CITED = f"SELECT revision_id FROM citations WHERE update_id {_UPDATES}"  # noqa: S608 - our own words
_REVISIONS = f"IN ({_TOLD} UNION {_CITED})"
_CAPTURES = f"IN (SELECT capture_id FROM revisions WHERE id {_REVISIONS})"  # noqa: S608 - our own words
OF_STORY = {
    "stories": "WHERE t.key = :story",
    "statements": f"WHERE t.id IN (SELECT statement_id FROM revisions WHERE id {_REVISIONS})",  # noqa: S608 - our own words
    "revisions": f"WHERE t.id {_REVISIONS}",
    "captures": f"WHERE t.id {_CAPTURES}",
    "snapshots": f"WHERE t.sha256 IN (SELECT sha256 FROM captures WHERE id {_CAPTURES})",  # noqa: S608 - our own words
    "marks": f"WHERE t.update_id {_UPDATES}",
    "corroborations": f"WHERE t.update_id {_UPDATES}",
    "candidates": "WHERE t.story = :story",
}


def check_seals(work: Examination) -> Iterator[Finding]:
    """Every seal of every row; and, for a whole store, the tallies."""
    written = {} if work.story is not None else read(work.tx)
    for table in FORMS if work.story is None else OF_STORY:
        yield from _table(work, table, written)
    if work.story is None:
        yield from _changes(work, written)
        yield from _tallies(work, written)


def _tallies(work: Examination, written: dict[str, Tally]) -> Iterator[Finding]:
    """That the tallies are what they say: a sum in capitals, or with a space behind it, is read as the same number."""
    for name, rows, digest in work.tx.exec_driver_sql(ALL):
        if name not in TALLIED:
            yield Finding(check="tallies", table="tallies", row=shown(name), what="there is no such table to be counted")
        elif (rows, digest) != (written[name].rows, written[name].digest):
            what = f"its sum is {shown(repr(digest))}, which is not as a sum is written"
            yield Finding(check="tallies", table="tallies", row=name, what=what)


def _table(work: Examination, table: str, written: dict[str, Tally]) -> Iterator[Finding]:
    where, values = ("", {}) if work.story is None else (OF_STORY[table], {"story": work.story})
    found, gaps = Tally(), _Gaps()
    for row in rows_of(work.tx, table, where=where, values=values):
        work.count(table)
        found.add(row.seal)
        gaps.see(row.names[0])
        if row.seal != row.due:
            yield _broken(table, row)
    if work.story is None and table in TALLIED:
        yield from _compare(table, found, written.get(table), gaps)


def _changes(work: Examination, written: dict[str, Tally]) -> Iterator[Finding]:
    """The chain proves what each change says; the tally, that the newest ones are there."""
    found, gaps = Tally(), _Gaps()
    for some in batches(work.tx, text("SELECT seq, hash FROM changes ORDER BY seq")):
        for row in some:
            found.add(row.hash)
            gaps.see(row.seq)
    yield from _compare("changes", found, written.get("changes"), gaps)


def _broken(table: str, row: StoredRow) -> Finding:
    what = "it was never sealed" if row.seal == "" else f"it is not what was sealed ({shown(row.seal)}, now {row.due})"
    return Finding(check="seals", table=table, row=shown("/".join(map(str, row.names)), most=200), what=what)


class _Gaps:
    """Numbers that are left out in the course of a table."""

    def __init__(self) -> None:
        self.last: int | None = 0
        self.left_out: list[int] = []

    def see(self, name: Any) -> None:
        """A row of the table, in their order."""
        number = number_of(name)
        if number is None or self.last is None:
            self.last = None
            return
        self.left_out += range(self.last + 1, min(number, self.last + 1 + MOST_GAPS - len(self.left_out)))
        self.last = number


def _compare(table: str, found: Tally, written: Tally | None, gaps: _Gaps) -> Iterator[Finding]:
    if written is None:
        yield Finding(check="tallies", table="tallies", row=table, what="the row that counts this table is gone")
        return
    if found == written:
        return
    missing = (written.total - found.total) % MODULUS
    if not missing:
        what = f"it says {written.rows} rows, but {found.rows} have the sum that it says"
        yield Finding(check="tallies", table="tallies", row=table, what=what)
        return
    if found.rows == written.rows:
        what = "a row was changed together with its seal, or took the place of another, or the tally itself was changed"
    elif found.rows == written.rows - 1:
        what = f"one row is gone, of the seal {missing:064x}"
    elif found.rows == written.rows + 1:
        what = f"one row was put in, of the seal {-missing % MODULUS:064x}"
    else:
        what = "rows are gone" if found.rows < written.rows else "rows were put in"
    if found.rows < written.rows and gaps.left_out:
        what += f"; numbers that are missing: {', '.join(map(str, gaps.left_out))}"
    what = f"{found.rows} rows are there, {written.rows} were written: {what}"
    yield Finding(check="tallies", table=table, row="", what=what)
