"""Whether a poll leaves something behind that may be missing: its gaps, and what the next poll is held against."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import accumulate

from sqlalchemy import Connection

from aggregator.config import Source
from aggregator.fetch import Reply
from aggregator.fetch.reach import (
    MOST_MARKS,
    MOST_PINNED,
    Lines,
    clock_difference,
    empty_fields,
    kept_fields,
    mark_of,
    reaches_back,
)
from aggregator.model import GapKind, OutcomeKind, StatementId
from aggregator.pipeline.parsing import ReadListing
from aggregator.store.deciding import Line, Verdict
from aggregator.store.gaps import (
    Closing,
    NewGap,
    OpenOverflow,
    count_overflows,
    found_elsewhere,
    listed_before,
    newest_entry,
    open_overflows,
)
from aggregator.store.sources import SourceState
from aggregator.store.statements import Settled

OUR_ERROR = "our own error"  # how the reason of a poll begins that broke
SHORTEST_OUTAGE, USUAL_OUTAGE, LONGEST_OUTAGE = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
LATE = timedelta(hours=1)  # after the moment that was planned for it, a poll of a stand-in is its first one after a rest
TRIED_FOR = timedelta(days=7)  # how long another listing of the family may close a gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a poll says of how complete its source is."""

    answered_at: datetime | None
    newest_at: datetime | None
    marks: list[str] | None
    filled: dict[str, int] | None
    read_by: str
    reached: bool
    clock_s: int | None
    certificate_until: datetime | None
    open_gaps: str  # the kinds of those that are open after it
    opened: tuple[NewGap, ...] = ()
    closed: tuple[Closing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A listing that was read and settled, as its completeness is judged."""

    listing: ReadListing
    fresh: Sequence[Line]  # the lines that were settled
    settled: Sequence[Settled]  # what became of each of them
    known: Collection[str]  # the ids of those that this source had listed before
    dropped: Collection[str]  # what names the lines that could not be read


@dataclass
class _Gaps:
    """The gaps of one poll, as they are found."""

    source: Source
    state: SourceState
    at: datetime
    kinds: set[str]
    opened: list[NewGap] = field(default_factory=list)
    closed: list[Closing] = field(default_factory=list)

    def open(self, kind: GapKind, says: str, *, since: datetime | None = None) -> None:
        """One that lasts; nothing where it is open already."""
        if kind.value not in self.kinds:
            begins = since or self.state.answered_at or self.at
            gap = NewGap(source=self.source.key, kind=kind, opened_at=self.at, from_at=begins, to_at=None, says=says)
            self.opened.append(gap)
            self.kinds.add(kind.value)

    def close(self, kind: GapKind, by: str) -> None:
        """All of a kind, where there are any."""
        if kind.value in self.kinds:
            self.closed.append(Closing(source=self.source.key, kind=kind, at=self.at, by=by))
            self.kinds.discard(kind.value)


def judge_plain(source: Source, state: SourceState, reply: Reply, *, blame_network: bool) -> Judged:
    """A poll that brought no listing. Nothing is asked of the store."""
    gaps = _Gaps(source, state, reply.at, set(state.open_gaps.split()))
    kind, good = reply.outcome.kind, reply.outcome.kind.good
    if good:
        for one in (GapKind.OUTAGE, GapKind.ERROR):
            gaps.close(one, "it answers again, and its listing has not changed since")
    elif reply.outcome.reason.startswith(OUR_ERROR):
        gaps.open(
            GapKind.ERROR, "A poll broke by an error of our own, and nothing of it was stored: what it listed is not here yet."
        )
    elif not (state.never_read or blame_network or _rested(state, reply.at)) and _unheard(state, reply.at):
        why = "answers with something else" if kind is OutcomeKind.NOT_THE_PAGE else "gives no listing that can be read"
        gaps.open(
            GapKind.OUTAGE, f"It {why}, for longer than its listing holds an entry: what came and went since is not here."
        )
    return _judged(gaps, reply)


def judge_listing(tx: Connection, source: Source, state: SourceState, reply: Reply, read: Read) -> Judged:
    """A poll that brought a listing, after its lines were settled, in their transaction.

    The store is asked only where the listing does not reach back, or where an earlier one did not.
    """
    gaps, listing = _Gaps(source, state, reply.at, set(state.open_gaps.split())), read.listing
    rules = _rules(source)
    before = state.filled if state.read_by == rules else None
    reached = _reach(tx, gaps, read)
    _lasting(gaps, listing, reached=reached)
    _drift(gaps, before, listing.filled)
    if GapKind.OVERFLOW.value in gaps.kinds and listing.order:
        _close_overflows(tx, gaps, listing)
    judged = _judged(gaps, reply)
    if not listing.order:
        return judged
    newest = max((time for time in (state.newest_at, listing.newest) if time is not None), default=None)
    is_older = listing.newest is not None and state.newest_at is not None and listing.newest < state.newest_at
    keeps = state.marks is not None and is_older and not _unknown(read)
    return replace(
        judged,
        newest_at=newest,
        marks=state.marks if keeps else [mark_of(one) for one in listing.order[:MOST_MARKS]],
        filled=dict(kept_fields(before, listing.filled)),
        read_by=rules,
        reached=reached,
    )


def _judged(gaps: _Gaps, reply: Reply) -> Judged:
    state, good = gaps.state, reply.outcome.kind.good
    clock = clock_difference(reply.headers, at=reply.at, ms=reply.ms)
    return Judged(
        answered_at=reply.at if good else state.answered_at,
        newest_at=state.newest_at,
        marks=state.marks,
        filled=state.filled,
        read_by=state.read_by,
        reached=state.reached,
        clock_s=clock if clock is not None else state.clock_s,
        certificate_until=reply.certificate_until or state.certificate_until,
        open_gaps=" ".join(sorted(gaps.kinds)),
        opened=tuple(gaps.opened),
        closed=tuple(gaps.closed),
    )


def _unheard(state: SourceState, at: datetime) -> bool:
    """Whether a source has given no listing for so long that entries may have come and gone."""
    last = state.answered_at or state.last_change_at
    window = timedelta(seconds=state.window_s) if state.window_s else USUAL_OUTAGE
    return last is not None and at - last > min(max(window, SHORTEST_OUTAGE), LONGEST_OUTAGE)


def _rested(state: SourceState, at: datetime) -> bool:
    """Whether a source that stands in for another one was not needed until now: then nothing was to be heard of it."""
    return state.instead_of is not None and at - state.next_poll_at > LATE


def _rules(source: Source) -> str:
    """What a listing is read by, as a hash: after a change of the rules, its fields are held against nothing."""
    rules = source.selectors or source.mapping
    said = f"{source.kind} {source.url} {rules.as_json() if rules is not None else ''}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _unknown(read: Read) -> dict[str, tuple[Line, Settled]]:
    """The lines that this source had not listed before under their ids, and that could be read."""
    return {
        line.entry.id: (line, one)
        for line, one in zip(read.fresh, read.settled, strict=True)
        if line.entry.id not in read.known and one.decision.verdict is not Verdict.DROPPED
    }


def _reach(tx: Connection, gaps: _Gaps, read: Read) -> bool:
    """Whether the listing reaches back to what was known; where it does not, or only on a further page, that is a gap."""
    state, listing, unknown = gaps.state, read.listing, _unknown(read)
    if state.never_read or state.marks is None or not unknown or _rested(state, gaps.at):
        return True
    lines = _lines(read, unknown, state.newest_at)
    if reaches_back(_first_page(lines, listing), state.marks):
        return True
    unknown = _without_renamed(tx, gaps, unknown)
    lines = _lines(read, unknown, state.newest_at)
    page = next((number for number, some in _pages(lines, listing) if reaches_back(some, state.marks)), None)
    if page == 1:
        return True
    oldest, _ = unknown[next(one for one in reversed(lines.order) if one in unknown)]
    count = len(listing.order)
    begins = min(time for time in (state.newest_at, state.answered_at, gaps.at) if time is not None)
    gap = NewGap(
        source=gaps.source.key,
        kind=GapKind.OVERFLOW,
        opened_at=gaps.at,
        from_at=begins,
        to_at=oldest.said_at if begins < oldest.said_at <= gaps.at else gaps.at,
        says=f"Its listing of {count} did not reach back to what was known: what came and went before these is not here.",
        after_entry=newest_entry(tx, gaps.source.key, before=gaps.at),
        before_entry=oldest.entry.id,
        closed_by=f"found on page {page} of its listing" if page is not None else "",
    )
    gaps.opened.append(gap)
    if page is None:
        gaps.kinds.add(GapKind.OVERFLOW.value)
    return page is not None


def _lines(read: Read, unknown: Mapping[str, tuple[Line, Settled]], newest: datetime | None) -> Lines:
    listing = read.listing
    aside = {*unknown, *listing.left_out, *read.dropped}
    return Lines(
        order=listing.order,
        unknown=unknown.keys(),
        known=frozenset(one for one in listing.order if one not in aside),
        newer=frozenset(one for one, (line, _) in unknown.items() if newest is None or line.said_at >= newest),
    )


def _pages(lines: Lines, listing: ReadListing) -> Iterator[tuple[int, Lines]]:
    """The listing as far as each of its pages, by their numbers; an index, which lists nothing itself, is none."""
    ends = [end for end, count in zip(accumulate(listing.parts), listing.parts, strict=True) if count]
    for number, end in enumerate(ends, 1):
        order = lines.order[:end]
        yield number, replace(lines, order=order, unknown=frozenset(one for one in order if one in lines.unknown))


def _first_page(lines: Lines, listing: ReadListing) -> Lines:
    return next((some for _, some in _pages(lines, listing)), lines)


def _without_renamed(
    tx: Connection, gaps: _Gaps, unknown: Mapping[str, tuple[Line, Settled]]
) -> dict[str, tuple[Line, Settled]]:
    """What is left when the ids of known statements have changed, as they do where a site is made anew."""
    of = {one.statement: key for key, (_, one) in unknown.items() if one.decision.verdict is not Verdict.NEW and one.statement}
    there = listed_before(tx, gaps.source.key, [StatementId(one) for one in of], before=gaps.at) if of else set()
    renamed = {of[StatementId(one)] for one in there}
    return {key: value for key, value in unknown.items() if key not in renamed}


def _lasting(gaps: _Gaps, listing: ReadListing, *, reached: bool) -> None:
    """What lasts until a listing says otherwise."""
    if not listing.listed:
        if gaps.state.listed > 0:
            gaps.open(GapKind.EMPTY, "It answers, and lists nothing: what it says meanwhile is not here.")
        return
    if gaps.state.marks is None:
        by = "it lists entries again; whether they reach back to what was known cannot be told at another address"
    elif reached:
        by = "its listing reaches back to what was known"
    else:
        by = "it lists entries again; that they do not reach back to what was known is a gap by itself"
    for one in (GapKind.OUTAGE, GapKind.ERROR, GapKind.EMPTY):
        gaps.close(one, by)


def _drift(gaps: _Gaps, before: Mapping[str, int] | None, now: Mapping[str, int]) -> None:
    empty = sorted(empty_fields(before, now))
    if empty:
        names = ", ".join(empty)
        gaps.open(
            GapKind.DRIFT,
            f"Fields that most of its lines had are empty in all of them ({names}): lines may be left out or cut.",
        )
    elif now:
        gaps.close(GapKind.DRIFT, "its fields are filled again" if before is not None else "its rules were changed")


def _close_overflows(tx: Connection, gaps: _Gaps, listing: ReadListing) -> None:
    """Open gaps that this listing closes, or that another one of the family has closed meanwhile."""
    source, place = gaps.source, {one: at for at, one in enumerate(listing.order)}
    left = 0
    for gap in open_overflows(tx, source.key):
        by = ""
        if _is_back(gap, place):
            by = "the last entry that was known is listed again"
        elif gaps.at - gap.opened_at <= TRIED_FOR:
            other = found_elsewhere(tx, source.key, source.family, gap)
            by = f"found in another listing of the family: {other}, which lists all that this one does" if other else ""
        if by:
            gaps.closed.append(Closing(source=source.key, kind=GapKind.OVERFLOW, at=gaps.at, by=by, gap=gap.id))
        left += not by
    fresh = sum(one.kind is GapKind.OVERFLOW and not one.closed_by for one in gaps.opened)
    closed = sum(one.gap is not None for one in gaps.closed)
    if closed and not left and not fresh and count_overflows(tx, source.key) == closed:
        gaps.kinds.discard(GapKind.OVERFLOW.value)


def _is_back(gap: OpenOverflow, place: Mapping[str, int]) -> bool:
    """Whether a listing holds both ends of a gap, or the older one so far down that it is not pinned there."""
    after, before = place.get(gap.after_entry), place.get(gap.before_entry)
    return after is not None and (after >= MOST_PINNED if before is None else after > before)
