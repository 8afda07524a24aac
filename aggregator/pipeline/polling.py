"""One poll of one source."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import structlog

from aggregator.config import Source
from aggregator.fetch import Exchange, Reply
from aggregator.fetch.turns import Resting
from aggregator.model import Balance, Outcome, OutcomeKind, SourceKey
from aggregator.pipeline.asking import question
from aggregator.pipeline.items import read_items
from aggregator.pipeline.paging import read_pages
from aggregator.pipeline.parsing import ReadListing
from aggregator.pipeline.remembering import NETWORK_DOWN, PROBE, is_known_body
from aggregator.pipeline.road import Road
from aggregator.pipeline.sandbox import TooMuch
from aggregator.pipeline.storing import Done, Kept, Recorded, numbers_of, settle_done, settle_plain, store_rest
from aggregator.pipeline.watching import look_again
from aggregator.sources import SourceFormatError
from aggregator.store import Store, StoreError
from aggregator.store.gaps import Closing, NewGap
from aggregator.store.snapshots import Snapshots
from aggregator.store.sources import Pardon, SourceState, forgive, source_state
from aggregator.store.staying import copy_stays
from aggregator.text.urls import without_queries

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What one poll came to."""

    source: SourceKey
    outcome: Outcome
    balance: Balance
    ms: int
    candidates: int = 0  # revisions that some story took up
    next_at: datetime
    plan: str = ""  # why then
    opened: Sequence[NewGap] = ()
    closed: Sequence[Closing] = ()


async def poll_source(road: Road, key: SourceKey, *, state: SourceState | None = None) -> PollReport:
    """Ask one source, store what is new, and match it against the stories. `state` is what the store has of the source.

    Everything that it brings is stored in one transaction, or, where something is wrong in our own work, nothing but a
    failed poll with the reason: the next poll then finds it all again. Raises only where the store itself fails, and `Resting`
    where nothing was asked, because another program was told by the host to wait.
    """
    now, source = road.clock(), road.config.sources[key]
    if state is None:
        with road.store.read() as tx:
            state = source_state(tx, key)
    try:
        reply = await road.fetcher.ask(question(road.config, source, state), now=now)
        reply, blamed = await _blame(road, source, reply)
        report = await _poll(road, source, state, reply, blame_network=blamed)
    except (StoreError, Resting):
        raise
    except Exception as error:  # the edge of one poll: logged, stored as its outcome, shown to the operator
        log.exception("poll_broke", source=key)
        broken = _broken(source, error, now)
        report = await _plain(road, Done(source=source, state=state, reply=broken, snapshots=road.store.snapshots))
    _log(report)
    return report


async def _poll(road: Road, source: Source, state: SourceState, reply: Reply, *, blame_network: bool) -> PollReport:
    done = Done(source=source, state=state, reply=reply, blame_network=blame_network, snapshots=road.store.snapshots)
    done = await _read(road, done)
    if not blame_network:
        done = await _look_again(road, done)
    if done.read is None:
        return await _plain(road, done)
    store = partial(settle_done, config=road.config, done=done)
    return _report(await road.writer.run(store, then=store_rest, began=done.state, lines=len(done.read.lines)))


async def _read(road: Road, done: Done) -> Done:
    """The poll with what its listing says, where there is something to read, and with its bodies kept."""
    source, state, reply = done.source, done.state, done.reply
    if reply.outcome.kind is not OutcomeKind.CHANGED:
        return await _with_bodies(road, done)
    sha256 = hashlib.sha256(reply.body).hexdigest()
    if is_known_body(state, sha256) and not is_back(road.store, state, reply, sha256):
        outcome = known_outcome(state, reply, sha256)
        mended = {} if await _seems_whole(road.store.snapshots, reply.body, sha256) else await _keep(road, reply.exchanges)
        return await _with_bodies(road, replace(done, reply=replace(reply, outcome=outcome), sha256=sha256, kept=mended))
    keeping = asyncio.create_task(_keep(road, reply.exchanges, hashes={reply.body: sha256}))
    try:
        read, exchanges = await read_whole(road, source, state, reply)
    except (SourceFormatError, TooMuch) as error:
        outcome = unread_outcome(reply, error)
        return await _with_bodies(road, replace(done, reply=replace(reply, outcome=outcome), kept=await keeping))
    except BaseException:
        await asyncio.wait([keeping])
        raise
    kept = {**await keeping, **await _keep(road, exchanges)}
    reply = with_warnings(reply, read, reply.exchanges + exchanges)
    return replace(done, reply=reply, sha256=sha256, read=read, kept=kept)


async def _seems_whole(snapshots: Snapshots, body: bytes, sha256: str) -> bool:
    """A look into a folder takes 16 µs, and a thread for it 0.1 ms; one over the network would hold up all other polls."""
    if snapshots.is_far:
        return await asyncio.to_thread(snapshots.seems_whole, body, sha256=sha256)
    return snapshots.seems_whole(body, sha256=sha256)


async def _with_bodies(road: Road, done: Done) -> Done:
    """A poll that brought no listing, with its bodies kept, where that is not done already."""
    if done.kept:
        return done
    known = done.reply.body if done.reply.outcome.kind is OutcomeKind.UNCHANGED else b""
    kept = await _keep(road, done.reply.exchanges, known=known)
    return replace(done, kept=kept) if kept else done


async def _look_again(road: Road, done: Done) -> Done:
    """The poll with looks at the pages of what is told, where some are due."""
    looks = await look_again(road, done.source, done.state, done.reply, done.read)
    if looks is None:
        return done
    exchanges = tuple(one for answer in looks.answers for one in answer.exchanges)
    kept = {**done.kept, **await _keep(road, exchanges)}
    return replace(done, looks=looks, kept=kept, reply=replace(done.reply, exchanges=done.reply.exchanges + exchanges))


def is_back(store: Store, state: SourceState, reply: Reply, sha256: str) -> bool:
    """Whether an older copy, of bytes that were read before, has stayed for so long that it is read as the newest one."""
    if sha256 == state.body_sha256:
        return False
    with store.read() as tx:
        return copy_stays(tx, state.key, url=reply.url, sha256=sha256, now=reply.at)


def known_outcome(state: SourceState, reply: Reply, sha256: str) -> Outcome:
    """What an answer came to of which the bytes were read before."""
    reason = "the same bytes as at the last poll" if sha256 == state.body_sha256 else "an older copy that was read before"
    return replace(reply.outcome, kind=OutcomeKind.UNCHANGED, reason=reason)


def unread_outcome(reply: Reply, error: SourceFormatError | TooMuch) -> Outcome:
    """What an answer came to that could not be read."""
    return replace(reply.outcome, kind=OutcomeKind.FAILED, reason=without_queries(str(error)))


def with_warnings(reply: Reply, read: ReadListing, exchanges: tuple[Exchange, ...]) -> Reply:
    """The answer to a listing, with what its reading has to say to the operator, and with the exchanges that it took."""
    outcome = replace(reply.outcome, reason=". ".join((reply.outcome.reason, *read.listing.warnings)))
    return replace(reply, outcome=outcome, exchanges=exchanges)


async def _plain(road: Road, done: Done) -> PollReport:
    """Store a poll that brought no listing. Most polls are such: their rows are written together."""
    if done.kept or done.looks is not None:
        return _report(await road.writer.run(lambda tx: settle_plain(road.config, done, tx), then=store_rest, began=done.state))
    recorded = settle_plain(road.config, done)
    await road.writer.together(store_rest, recorded, began=done.state, takes=numbers_of(done))
    return _report(recorded)


async def _keep(
    road: Road, exchanges: Sequence[Exchange], *, known: bytes = b"", hashes: Mapping[bytes, str] | None = None
) -> dict[bytes, Kept]:
    """Put the bodies of exchanges into the snapshot folder, but for one that is `known` to be there. While the disk has no room
    for them, what is noted of them says that they are not there."""
    bodies = {one.body for one in exchanges if one.body and one.body != known}
    if not bodies:
        return {}
    snapshots, sha256 = road.store.snapshots, hashes or {}
    keep = Kept.put if road.has_room() else Kept.spare
    return await asyncio.to_thread(lambda: {body: keep(snapshots, body, sha256.get(body)) for body in bodies})


async def read_whole(road: Road, source: Source, state: SourceState, reply: Reply) -> tuple[ReadListing, tuple[Exchange, ...]]:
    """Read a listing with its further pages, and with the own pages of its fresh entries where the source wants that; and what
    was exchanged for those pages."""
    read, exchanges = await read_pages(road, source, state, reply)
    if not source.fetch_pages:
        return read, exchanges
    read, more = await read_items(road, source, read, listed_at=reply.url, now=reply.at)
    return read, exchanges + more


async def _blame(road: Road, source: Source, reply: Reply) -> tuple[Reply, bool]:
    """Whether a failure is the network's: then it is said so, and others that it hit are forgiven."""
    if not reply.exchanges:
        return reply, False
    parts = urlsplit(source.url)
    others = road.network.note(
        source.key, parts.netloc, reached=not reply.unreachable, local=parts.hostname in source.allow, at=reply.at
    )
    since = road.network.down_since
    if since is None or not reply.unreachable:
        return reply, False
    reason = f"the network here seems to be down since {since:%H:%M} UTC: most hosts cannot be reached"
    if others:
        log.warning("network_down", since=since.isoformat(), sources=len(others) + 1)
        keys = [SourceKey(key) for key in others]
        # Together with the polls' own rows, and after them: some of these failures may not be written yet.
        pardon = Pardon(keys=keys, next_poll_at=reply.at + PROBE, reason=reason, plan=NETWORK_DOWN)
        await road.writer.together(forgive, pardon)
    outcome = replace(reply.outcome, reason=f"{reason} ({reply.outcome.reason})")
    return replace(reply, outcome=outcome), True


def _broken(source: Source, error: Exception, now: datetime) -> Reply:
    reason = f"our own error, nothing of this poll was stored: {type(error).__name__}: {error}"[:500]
    return Reply(url=source.url, outcome=Outcome(kind=OutcomeKind.FAILED, reason=reason), at=now, ms=0)


def _report(recorded: Recorded) -> PollReport:
    done = recorded.done
    return PollReport(
        source=done.source.key,
        outcome=done.reply.outcome,
        balance=recorded.balance,
        ms=done.reply.ms,
        candidates=recorded.candidates,
        next_at=recorded.answer.next_poll_at,
        plan=recorded.answer.plan,
        opened=recorded.judged.opened,
        closed=recorded.judged.closed,
    )


def _log(report: PollReport) -> None:
    log.info(
        "polled",
        source=report.source,
        outcome=report.outcome.kind.value,
        reason=report.outcome.reason,
        ms=report.ms,
        next=report.next_at.isoformat(timespec="seconds"),
        plan=report.plan,
        **report.balance.counts,
    )
    for gap in report.opened:
        log.warning("gap_opened", source=gap.source, kind=gap.kind.value, says=gap.says, closed_by=gap.closed_by)
    for one in report.closed:
        log.info("gap_closed", source=one.source, kind=one.kind.value, by=one.by)
