"""What a poll came to, written down: statements, candidates, the balance, the exchanges, the next question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from sqlalchemy import Connection, Table

from aggregator.config import Config, Source
from aggregator.fetch import Reply
from aggregator.model import Balance, BrokenEntry
from aggregator.pipeline.completing import Judged, Read, judge_listing, judge_plain
from aggregator.pipeline.likening import liken
from aggregator.pipeline.matching import consider
from aggregator.pipeline.noting import can_withdraw, keep_notes
from aggregator.pipeline.parsing import ReadListing
from aggregator.pipeline.remembering import Brought, remember
from aggregator.pipeline.sighting import heed_touched, leave_looks
from aggregator.pipeline.watching import Looks
from aggregator.store.deciding import Line, Origin, Verdict
from aggregator.store.exchanges import Row, add_exchanges
from aggregator.store.gaps import close_gaps, open_gaps
from aggregator.store.known import known_raw
from aggregator.store.lesser import lesser_lines
from aggregator.store.polls import Capture, Poll, add_capture, add_polls, add_snapshot, check_balance
from aggregator.store.reused import note_read, with_own_ids
from aggregator.store.schema import exchanges, polls
from aggregator.store.shelf import stored_time
from aggregator.store.snapshots import Snapshots, packed_as
from aggregator.store.sources import Answer, SourceState, leave_answers
from aggregator.store.statements import Settled, settle_listing
from aggregator.store.watching import refresh_sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where the bytes of a body lie."""

    sha256: str
    size: int
    stored_size: int
    stored_crc32: int | None
    there: bool = True  # False: the disk had no room for them

    @classmethod
    def spare(cls, snapshots: Snapshots, body: bytes, sha256: str | None = None) -> Self:
        """What `put` would come to, and the folder is left as it is."""
        packed = packed_as(body, sha256=sha256)
        there = snapshots.seems_whole(body, sha256=packed.sha256)
        return cls(sha256=packed.sha256, size=len(body), stored_size=packed.size, stored_crc32=packed.crc32, there=there)

    @classmethod
    def put(cls, snapshots: Snapshots, body: bytes, sha256: str | None = None) -> Self:
        """Put a body into the snapshot folder. `sha256` is its hash, where it is known already."""
        packed = snapshots.put(body, sha256=sha256)
        return cls(sha256=packed.sha256, size=len(body), stored_size=packed.size, stored_crc32=packed.crc32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A poll that has its answer."""

    source: Source
    state: SourceState
    reply: Reply
    snapshots: Snapshots  # where bodies are kept
    blame_network: bool = False
    sha256: str | None = None  # of a good body
    read: ReadListing | None = None
    kept: Mapping[bytes, Kept] = field(default_factory=dict)  # by body
    looks: Looks | None = None  # at pages of what is told; None: none were due


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of a poll, and what of it is still to be written."""

    done: Done
    balance: Balance
    candidates: int = 0
    capture: int | None = None
    answer: Answer
    judged: Judged  # how complete its source is


def settle_plain(config: Config, done: Done, tx: Connection | None = None) -> Recorded:
    """A poll that brought no listing. `tx` is needed where bodies were kept, or pages looked at."""
    capture = _capture(tx, done) if tx is not None else None
    judged = judge_plain(done.source, done.state, done.reply, blame_network=done.blame_network)
    answer = _answer(config, done, Balance(), judged)
    if tx is None or done.looks is None:
        return Recorded(done=done, balance=Balance(), capture=capture, answer=answer, judged=judged)
    balance, candidates = _settle_looks(tx, config, done, Balance())
    return Recorded(done=done, balance=balance, candidates=candidates, capture=capture, answer=answer, judged=judged)


def settle_done(tx: Connection, config: Config, done: Done) -> Recorded:
    """A poll that brought a listing. Every listed line goes somewhere, once. Raises `BalanceError` where it does not."""
    capture = _capture(tx, done)
    balance, read = _settle(tx, config, done, capture)
    settled = read.settled
    check_balance(done.source.key, balance)
    liken(tx, settled, at=done.reply.at)
    candidates = consider(tx, config.stories.values(), settled, now=done.reply.at)
    judged = judge_listing(tx, done.source, done.state, done.reply, read)
    answer = _answer(config, done, balance, judged)
    if done.state.watch_at is not None and read.listing.touched:
        heed_touched(tx, done.source.key, read.listing.touched, at=stored_time(done.reply.at))
    if done.looks is not None:
        balance, more = _settle_looks(tx, config, done, balance)
        candidates += more
    return Recorded(done=done, balance=balance, candidates=candidates, capture=capture, answer=answer, judged=judged)


def store_rest(tx: Connection, recorded: Sequence[Recorded]) -> None:
    """Write what is the same for every poll: the poll itself, its exchanges, and what it leaves of its source."""
    numbers = add_polls(tx, [_poll(one) for one in recorded])
    add_exchanges(tx, [row for one, poll in zip(recorded, numbers, strict=True) for row in _exchanges(one.done, poll)])
    leave_answers(tx, [one.answer for one in recorded], before=[one.done.state for one in recorded])
    close_gaps(tx, [gap for one in recorded for gap in one.judged.closed])  # first: what is opened now stays open
    open_gaps(tx, [gap for one in recorded for gap in one.judged.opened])
    refresh_sources(tx, [one.done.source.key for one in recorded if one.done.looks is not None])


def numbers_of(done: Done) -> Mapping[Table, int]:
    """How many numbers `store_rest` takes for a poll that brought no listing, by table."""
    return {polls: 1, exchanges: len(done.reply.exchanges)}


def _settle(tx: Connection, config: Config, done: Done, capture: int | None) -> tuple[Balance, Read]:
    read = done.read
    assert read is not None, "a listing was read"  # noqa: S101 - says what holds
    origin = Origin(
        source=done.source.key,
        family=done.source.family,
        at=done.reply.at,
        capture=capture,
        built=read.listing.built,
        newest_built=done.state.built_at,
        present=read.present,
        answers=[_capture_of(done, answer) for answer in read.answers],
    )
    # The oldest is read first: when a feed lists newest first, statements get their ids in the order of events.
    lines = [line for line in reversed(read.lines) if isinstance(line, Line)]
    drops = [*read.listing.broken, *(line for line in reversed(read.lines) if isinstance(line, BrokenEntry))]
    known = {} if done.state.never_read else known_raw(tx, done.source.key, [line.entry.id for line in lines])
    fresh = [line for line in lines if known.get(line.entry.id) != line.raw]
    own, origin = with_own_ids(tx, fresh, origin, known=known)
    lesser = lesser_lines(tx, own, done.source.key, known=known)
    drops += [BrokenEntry(ref=key, reason=reason) for key, reason in lesser.items()]
    whole = [(line, mine) for line, mine in zip(fresh, own, strict=True) if mine.entry.id not in lesser]
    listed, own = [line for line, _ in whole], [mine for _, mine in whole]
    settled = settle_listing(tx, own, origin)
    reused = _reused(listed, own, settled)
    note_read(tx, done.source.key, reused)
    keep_notes(tx, config, done.source, own, settled, at=done.reply.at)
    counts = Counter(one.decision.verdict for one in settled)
    for line, one in zip(listed, settled, strict=True):
        if one.decision.verdict is Verdict.DROPPED:
            drops.append(BrokenEntry(ref=line.entry.id, reason=one.decision.reason))
    balance = Balance(
        listed=read.listed,
        new=counts[Verdict.NEW],
        revised=counts[Verdict.REVISED],
        duplicate=counts[Verdict.DUPLICATE],
        unchanged=counts[Verdict.UNCHANGED] + read.unchanged + len(lines) - len(fresh),
        dropped=len(drops),
        drops=tuple(drops),
    )
    dropped = frozenset(one.ref for one in drops) - lesser.keys()  # these are known, and listed still
    return balance, Read(listing=read, fresh=listed, settled=settled, known=known.keys() - reused.keys(), dropped=dropped)


def _reused(fresh: Sequence[Line], own: Sequence[Line], settled: Sequence[Settled]) -> dict[str, str]:
    """The hashes of lines that were settled under ids of their own, by the ids that the source gave to them."""
    return {
        line.entry.id: line.raw
        for line, other, one in zip(fresh, own, settled, strict=True)
        if line.entry.id != other.entry.id and one.decision.verdict is not Verdict.DROPPED
    }


def _settle_looks(tx: Connection, config: Config, done: Done, balance: Balance) -> tuple[Balance, int]:
    """Settle what watched pages say, as if their lines were listed anew: a changed one counts in the balance, which comes back
    with how many candidates that made; so does one that may be a stale copy. The others are as unlisted as before."""
    looks, at = done.looks, stored_time(done.reply.at)
    assert looks is not None, "pages were looked at"  # noqa: S101 - says what holds
    read = [(look, look.page.line) for look in looks.looks if look.page is not None and look.page.line is not None]
    read = [(look, line) for look, line in read if look.page is not None and (look.page.changed or _speaks(done.source, line))]
    lines = [replace(line, raw=look.due.raw, answer=look.number) for look, line in read]
    origin = Origin(
        source=done.source.key,
        family=done.source.family,
        at=done.reply.at,
        capture=None,
        built=None,
        newest_built=None,
        present=frozenset(),
        answers=[_capture_of(done, answer) for answer in looks.answers],
    )
    lesser = lesser_lines(tx, lines, done.source.key, known={line.entry.id for line in lines})
    lines = [line for line in lines if line.entry.id not in lesser]
    settled = settle_listing(tx, lines, origin)
    keep_notes(tx, config, done.source, lines, settled, at=done.reply.at)
    liken(tx, settled, at=done.reply.at)
    candidates = consider(tx, config.stories.values(), settled, now=done.reply.at)
    verdicts = {line.entry.id: one.decision for line, one in zip(lines, settled, strict=True)}
    revised = frozenset(key for key, one in verdicts.items() if one.verdict is Verdict.REVISED)
    stale = {key: one.reason for key, one in verdicts.items() if one.verdict is Verdict.DROPPED}
    drops = tuple(BrokenEntry(ref=key, reason=reason) for key, reason in (stale | lesser).items())
    leave_looks(tx, config, done.source, looks, revised=revised, waits={one.ref for one in drops}, at=at)
    balance = replace(
        balance,
        listed=balance.listed + len(revised) + len(drops),
        revised=balance.revised + len(revised),
        dropped=balance.dropped + len(drops),
        drops=(*balance.drops, *drops),
    )
    return balance, candidates


def _speaks(source: Source, line: Line) -> bool:
    """Whether a page may say something of taking back, or no longer says it."""
    return bool(line.entry.note or line.entry.withdrawn) or can_withdraw(source)


def _answer(config: Config, done: Done, balance: Balance, judged: Judged) -> Answer:
    return remember(
        config,
        done.source,
        done.state,
        done.reply,
        judged,
        sha256=done.sha256,
        brought=Brought(read=done.read, balance=balance) if done.read is not None else None,
        blame_network=done.blame_network,
    )


def _capture(tx: Connection, done: Done) -> int | None:
    """Note the bodies that are kept; returns the capture of the answer itself, where it has a body."""
    reply = done.reply
    # By their hashes, so that two programs that note the same bodies wait for each other in one order.
    for body, kept in sorted(done.kept.items(), key=lambda one: one[1].sha256):
        on_disk = kept.stored_size, kept.stored_crc32
        was_removed = add_snapshot(
            tx,
            kept.sha256,
            size=kept.size,
            stored_size=on_disk[0],
            stored_crc32=on_disk[1],
            at=reply.at,
            source=done.source.key,
            there=kept.there,
        )
        if was_removed:  # be it after this poll put it there: then it is put back before anything of the poll is stored
            done.snapshots.put(body, sha256=kept.sha256)
    own = _capture_of(done, reply)
    return None if own is None else add_capture(tx, own)


def _capture_of(done: Done, reply: Reply) -> Capture | None:
    """An answer of this poll as it is noted; None where it has no body that is kept."""
    kept = done.kept.get(reply.body)
    if kept is None:
        return None
    return Capture(
        sha256=kept.sha256,
        url=reply.url,
        at=reply.at,
        status=reply.outcome.status or 0,
        headers=reply.headers,
        transport=reply.transport,
    )


def _poll(recorded: Recorded) -> Poll:
    done, reply = recorded.done, recorded.done.reply
    return Poll(
        source=done.source.key,
        outcome=reply.outcome,
        balance=recorded.balance,
        at=reply.at,
        ms=reply.ms,
        capture=recorded.capture,
    )


def _exchanges(done: Done, poll: int) -> list[Row]:
    hashes = {body: kept.sha256 for body, kept in done.kept.items()}
    if done.sha256 is not None:  # bytes that were read before are kept already
        hashes[done.reply.body] = done.sha256
    return [(done.source.key, one, hashes.get(one.body), poll) for one in done.reply.exchanges]
