"""A whole examination: every check after the other, whatever the one before has found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from aggregator.store.engine import Store
from aggregator.store.heads import Head, NewHead, check_head, write_head
from aggregator.store.verifying.balances import check_balances
from aggregator.store.verifying.chain import check_chain
from aggregator.store.verifying.files import check_files
from aggregator.store.verifying.findings import Check, Examination, Finding, shown
from aggregator.store.verifying.ledger import check_ledger
from aggregator.store.verifying.links import check_links
from aggregator.store.verifying.near import check_near
from aggregator.store.verifying.own import own_check
from aggregator.store.verifying.rows import check_seals
from aggregator.store.verifying.state import check_state
from aggregator.store.verifying.words import check_words

MOST = 1000  # findings of one check that are told one by one


def _check_database(work: Examination) -> Iterator[Finding]:
    """What the database itself says of its file, and whether its schema is ours."""
    if work.story is None:
        for one in own_check(work.store, work.tx):
            what = shown(one.what, most=300)
            yield Finding(check="database", table="database", row=shown(one.name), what=what, warning=one.harmless)
        work.count("databases")


CHECKS: Mapping[str, Check] = {
    "database": _check_database,
    "foreign keys": check_links,
    "seals": check_seals,
    "chain": check_chain,
    "ledger": check_ledger,
    "balances": check_balances,
    "state": check_state,
    "near": check_near,
    "words": check_words,
    "files": check_files,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an examination came to."""

    counts: Mapping[str, int]  # how much was checked, by what it is
    findings: tuple[Finding, ...] = ()
    head: Head | None = None  # that was written

    @property
    def good(self) -> bool:
        """Whether everything is as it was written."""
        return is_good(self.findings)


def is_good(findings: Sequence[Finding]) -> bool:
    """Whether nothing was found. A warning is no sign that anything was changed."""
    return all(one.warning for one in findings)


class NoSuchStoryError(LookupError):
    """The store has no story of this key."""


def verify(
    store: Store,
    *,
    story: str | None = None,
    quick: bool = False,
    known: Head | None = None,
    new: NewHead | None = None,
    advance: Callable[[str, int], None] = lambda _what, _steps: None,
) -> Report:
    """Examine a store, or what one story rests on. `quick` leaves the snapshots' files alone.

    One state of the store is looked at, while others go on writing. A finding never stops it, nor does a damaged database.
    `known` is a head that this very history must hold; a `new` head is written where nothing was found.
    Raises `NoSuchStoryError`, `SigningError`, `HeadError` (also where a head cannot be written), and `StoreError` where the
    store cannot even be asked for its stories.
    """
    findings: list[Finding] = []
    with store.examine() as tx:
        work = Examination(store=store, tx=tx, story=story, quick=quick, advance=advance)
        if story is not None:
            _look_for(work, story)
        findings += findings_of(work)
        if known is not None:
            findings += check_head(tx, known)
        head = write_head(tx, new) if new is not None and is_good(findings) else None
    return Report(counts=dict(work.counts), findings=tuple(findings), head=head)


def findings_of(work: Examination) -> Iterator[Finding]:
    """What every check finds, in their order."""
    for name, check in CHECKS.items():
        yield from _some(name, check, work)


def _look_for(work: Examination, story: str) -> None:
    known = work.tx.execute(text("SELECT key FROM stories ORDER BY key")).scalars().all()
    if story not in known:
        raise NoSuchStoryError(f"There is no story {story!r}. Stories: {', '.join(map(str, known)) or 'none yet'}")


def _some(name: str, check: Check, work: Examination) -> Iterator[Finding]:
    """The findings of one check, up to a number of them. What the database cannot read any more is a finding itself."""
    told = 0
    try:
        for finding in check(work):
            told += 1
            if told <= MOST:  # what a damaged row holds is shown as it can be shown
                yield replace(finding, row=shown(finding.row, most=300), what=shown(finding.what, most=1000))
    except Exception as error:  # noqa: BLE001 - the edge of one check: the others go on, and what stopped this one is told
        said = error.orig if isinstance(error, DatabaseError) else f"{type(error).__name__}: {error}"
        what = f"the check of {name} came to an end: {shown(said, most=200)}"
        yield Finding(check=name, table="database", row="", what=what)
    if told > MOST:
        yield Finding(check=name, table="database", row="", what=f"{told - MOST} more findings of the check of {name}")
