"""That every listed line of every poll went somewhere, and that every dropped one has its reason."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, text

from aggregator.store.polls import MOST_ALIKE
from aggregator.store.stored import batches
from aggregator.store.verifying.findings import Examination, Finding

MORE = re.compile(r"and ([0-9,]+) more")  # the last line of a reason that many lines have
_POLLS = text("SELECT id, listed, new, revised, duplicate, unchanged, dropped FROM polls ORDER BY id")
_DROPS = text("SELECT poll_id, ref, reason FROM drops WHERE poll_id IN :ids ORDER BY id").bindparams(
    bindparam("ids", expanding=True)
)


def check_balances(work: Examination) -> Iterator[Finding]:
    """Listed = new + revised + duplicate + unchanged + dropped, and as many dropped lines as are written down."""
    if work.story is not None:
        return
    for rows in batches(work.tx, _POLLS):
        dropped: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for drop in work.tx.execute(_DROPS, {"ids": [row.id for row in rows]}):
            dropped[drop.poll_id].append((str(drop.ref), str(drop.reason)))
        for row in rows:
            where = sum(value if isinstance(value, int) else 0 for value in row[2:])
            if row.listed != where:
                yield _finding(row.id, f"{row.listed} lines were listed, but {where} went somewhere")
            told = told_in(dropped.get(row.id, []))
            if row.dropped != told:
                yield _finding(row.id, f"{row.dropped} lines were dropped, but {told} have a reason")
        work.count("balances", len(rows))


def told_in(drops: Sequence[tuple[str, str]]) -> int:
    """How many dropped lines are written down, each as its name and its reason: of one reason the first ones one by one, the
    others together in one line."""
    alike: dict[str, list[str]] = defaultdict(list)
    for ref, reason in drops:
        alike[reason].append(ref)
    total = 0
    for refs in alike.values():
        others = MORE.fullmatch(refs[-1]) if len(refs) == MOST_ALIKE + 1 else None
        total += len(refs) if others is None else MOST_ALIKE + int(others[1].replace(",", ""))
    return total


def _finding(poll: int, what: str) -> Finding:
    return Finding(check="balances", table="polls", row=str(poll), what=what)
