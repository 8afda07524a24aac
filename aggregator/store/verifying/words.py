"""That the index of words leads to every version, and to nothing else: what is not in it, no search finds.

No seal covers it, since it is made from the texts. Which words it holds of each is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import text

from aggregator.store import fulltext
from aggregator.store.indexing import EVERY
from aggregator.store.stored import batches
from aggregator.store.verifying.chain import Numbers
from aggregator.store.verifying.findings import Examination, Finding, number_of, shown

_ROWS = text("SELECT id, statement_id, revision_id FROM search_rows ORDER BY id")
_OF_ANOTHER = text(
    "SELECT s.id FROM search_rows s JOIN revisions r ON r.id = s.revision_id WHERE s.statement_id <> r.statement_id ORDER BY 1"
)


def check_words(work: Examination) -> Iterator[Finding]:
    """Each version has one place in the index, each place is in it, and nothing else is."""
    if work.story is not None:
        return
    seen = Numbers()
    for row in _each(work, _ROWS):
        revision = number_of(row.revision_id)
        if revision is not None and not seen.add(revision):
            yield _finding("search_rows", row.id, f"revision {revision} has another place already")
    for row in _each(work, _OF_ANOTHER):
        yield _finding("search_rows", row.id, "its revision is of another statement")
    for row in _each(work, text("SELECT id FROM revisions ORDER BY id")):
        work.count("versions that can be found")
        if row.id not in seen:
            yield _finding("revisions", row.id, "no search finds it: it has no place in search_rows")
    yield from _index(work)


def _index(work: Examination) -> Iterator[Finding]:
    """Two lists in the order of their ids, side by side."""
    sql, values = fulltext.of(work.tx).all_ids(EVERY)
    there = (row.id for row in _each(work, text(sql), values))
    found = next(there, None)
    for row in _each(work, _ROWS):
        while found is not None and found < row.id:
            yield _finding(fulltext.INDEX, found, "it leads to no version")
            found = next(there, None)
        if found == row.id:
            found = next(there, None)
        else:
            yield _finding(fulltext.INDEX, row.id, f"no search finds revision {shown(row.revision_id)}: it is not in the index")
    while found is not None:
        yield _finding(fulltext.INDEX, found, "it leads to no version")
        found = next(there, None)


def _each(work: Examination, query: Any, values: Mapping[str, Any] | None = None) -> Iterator[Any]:
    for some in batches(work.tx, query, values):
        yield from some


def _finding(table: str, row: object, what: str) -> Finding:
    return Finding(check="words", table=table, row=shown(row), what=what)
