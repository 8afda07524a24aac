"""One poll of one source."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection

from aggregator.config import Source
from aggregator.fetch import Ask, Reply
from aggregator.fetch.cadence import next_poll, retry_after
from aggregator.model import Article, Balance, BrokenEntry, Entry, Listing, Outcome, OutcomeKind, RevisionId, SourceKey
from aggregator.pipeline.matching import consider
from aggregator.pipeline.reading import raw_hash, read_line
from aggregator.pipeline.road import Road
from aggregator.sources import READERS, SourceFormatError
from aggregator.store import StoreError
from aggregator.store.deciding import Verdict
from aggregator.store.polls import Capture, add_capture, add_poll
from aggregator.store.sources import SourceState, Validators, record_answer, source_state
from aggregator.store.statements import Origin, known_raw, settle_line
from aggregator.text import extract_article

MOST_PAGES = 50  # item pages fetched in one poll; further entries keep the text of the listing

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What one poll came to."""

    source: SourceKey
    outcome: Outcome
    balance: Balance
    ms: int
    candidates: int = 0  # revisions that some story took up
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """An answer after parsing, before anything of it is stored."""

    reply: Reply
    outcome: Outcome
    capture: Capture | None
    listing: Listing
    validators: Validators | None  # of a good body
    pages: Mapping[str, Article]  # by entry id


async def poll_source(road: Road, key: SourceKey) -> PollReport:
    """Ask one source, store what is new, and match it against the stories.

    Everything that it brings is stored in one transaction, or, where something is wrong in our own work, nothing but a
    failed poll with the reason: the next poll then finds it all again. Raises only where the store itself fails.
    """
    now, source = road.clock(), road.config.sources[key]
    with road.store.read() as tx:
        state = source_state(tx, key)
    try:
        reply = await road.fetcher.ask(_question(road, source, state), now=now)
        read = await _whole(_read, road, source, state, reply)
        if source.fetch_pages:
            read = replace(read, pages=await _fetch_pages(road, source, read.listing, now=now))
        report = await _whole(_record, road, source, state, read)
    except StoreError:
        raise
    except Exception as error:  # the edge of one poll: logged, stored as its outcome, shown to the operator
        log.exception("poll_broke", source=key)
        report = await _whole(_record_broken, road, source, state, error, now=now)
    _log(report)
    return report


async def _whole(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run something in a thread; a cancellation waits for its end, so that nothing is left half-done behind our back."""
    task = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _question(road: Road, source: Source, state: SourceState) -> Ask:
    service = road.config.service
    return Ask(
        url=source.url,
        etag=state.etag,
        last_modified=state.last_modified,
        allow=source.allow,
        timeout=service.timeout,
        max_body=service.max_body,
    )


def _read(road: Road, source: Source, state: SourceState, reply: Reply) -> _Read:
    capture = _keep(road, reply) if reply.body else None
    outcome, listing, validators = reply.outcome, Listing(entries=()), None
    if outcome.kind is OutcomeKind.CHANGED and capture is not None and capture.sha256 == state.body_sha256:
        outcome = replace(outcome, kind=OutcomeKind.UNCHANGED, reason="the same bytes as at the last poll")
        validators = _validators(reply, listing, state, capture)
    if outcome.kind is OutcomeKind.CHANGED and capture is not None:
        try:
            listing = READERS[source.kind](
                reply.body, url=reply.url, content_type=reply.headers.get("content-type"), zone=source.zone
            )
            validators = _validators(reply, listing, state, capture)
        except SourceFormatError as error:
            outcome = replace(outcome, kind=OutcomeKind.FAILED, reason=str(error))
    return _Read(reply=reply, outcome=outcome, capture=capture, listing=listing, validators=validators, pages={})


def _keep(road: Road, reply: Reply) -> Capture:
    sha256, stored = road.store.snapshots.put(reply.body)
    return Capture(
        sha256=sha256,
        size=len(reply.body),
        stored_size=stored,
        url=reply.url,
        at=reply.at,
        status=reply.outcome.status or 0,
        headers=reply.headers,
        transport=reply.transport,
    )


def _validators(reply: Reply, listing: Listing, state: SourceState, capture: Capture) -> Validators:
    return Validators(
        etag=reply.headers.get("etag"),
        last_modified=reply.headers.get("last-modified"),
        built_at=max((at for at in (listing.built, state.built_at) if at is not None), default=None),
        body_sha256=capture.sha256,
    )


async def _fetch_pages(road: Road, source: Source, listing: Listing, *, now: datetime) -> dict[str, Article]:
    """The articles of entries that are new or changed. A page that cannot be had leaves the entry with the feed's text."""
    with road.store.read() as tx:
        known = known_raw(tx, source.key, [entry.id for entry in listing.entries])
    fresh = [entry for entry in listing.entries if entry.url and known.get(entry.id) != raw_hash(entry)]
    pages: dict[str, Article] = {}
    for entry in fresh[:MOST_PAGES]:
        ask = Ask(
            url=entry.url,
            listing=False,
            allow=source.allow,
            timeout=road.config.service.timeout,
            max_body=road.config.service.max_body,
        )
        reply = await road.fetcher.ask(ask, now=now)
        if reply.outcome.kind is OutcomeKind.CHANGED:
            await asyncio.to_thread(road.store.snapshots.put, reply.body)
            pages[entry.id] = await asyncio.to_thread(extract_article, reply.body, url=reply.url)
        else:
            log.warning("page_missing", source=source.key, url=entry.url, reason=reply.outcome.reason)
    return pages


def _record(road: Road, source: Source, state: SourceState, read: _Read) -> PollReport:
    with road.store.write() as tx:
        capture = add_capture(tx, read.capture) if read.capture is not None else None
        balance, revisions = _settle_listing(tx, source, state, read, capture)
        candidates = consider(tx, road.config.stories.values(), revisions, now=read.reply.at)
        return _finish(tx, road, read, balance, source=source, state=state, capture=capture, candidates=candidates)


def _settle_listing(
    tx: Connection, source: Source, state: SourceState, read: _Read, capture: int | None
) -> tuple[Balance, list[RevisionId]]:
    """Every listed line goes somewhere, once."""
    listing = read.listing
    origin = Origin(
        source=source.key,
        family=source.family,
        at=read.reply.at,
        capture=capture,
        built=listing.built,
        newest_built=state.built_at,
        present=frozenset(entry.id for entry in listing.entries),
    )
    known = known_raw(tx, source.key, [entry.id for entry in listing.entries])
    counts: Counter[Verdict] = Counter()
    drops = list(listing.broken)
    revisions: list[RevisionId] = []
    # The oldest is read first: when a feed lists newest first, statements get their ids in the order of events.
    for entry in reversed(listing.entries):
        verdict, revision, drop = _settle_entry(
            tx, entry, source, page=read.pages.get(entry.id), origin=origin, known=known.get(entry.id)
        )
        counts[verdict] += 1
        drops += [drop] if drop is not None else []
        revisions += [revision] if revision is not None else []
    balance = Balance(
        listed=len(listing.entries) + len(listing.broken),
        new=counts[Verdict.NEW],
        revised=counts[Verdict.REVISED],
        duplicate=counts[Verdict.DUPLICATE],
        unchanged=counts[Verdict.UNCHANGED],
        dropped=counts[Verdict.DROPPED] + len(listing.broken),
        drops=tuple(drops),
    )
    return balance, revisions


def _settle_entry(
    tx: Connection, entry: Entry, source: Source, *, page: Article | None, origin: Origin, known: str | None
) -> tuple[Verdict, RevisionId | None, BrokenEntry | None]:
    if known == raw_hash(entry):
        return Verdict.UNCHANGED, None, None
    line = read_line(entry, source, page)
    if isinstance(line, BrokenEntry):
        return Verdict.DROPPED, None, line
    settled = settle_line(tx, line, origin)
    if settled.decision.verdict is Verdict.DROPPED:
        return Verdict.DROPPED, None, BrokenEntry(ref=entry.id, reason=settled.decision.reason)
    return settled.decision.verdict, settled.revision, None


def _record_broken(road: Road, source: Source, state: SourceState, error: Exception, *, now: datetime) -> PollReport:
    reason = f"our own error, nothing of this poll was stored: {type(error).__name__}: {error}"[:500]
    outcome = Outcome(kind=OutcomeKind.FAILED, reason=reason)
    reply = Reply(url=source.url, outcome=outcome, at=now, ms=0)
    read = _Read(reply=reply, outcome=outcome, capture=None, listing=Listing(entries=()), validators=None, pages={})
    with road.store.write() as tx:
        return _finish(tx, road, read, Balance(), source=source, state=state, capture=None, candidates=0)


def _finish(
    tx: Connection,
    road: Road,
    read: _Read,
    balance: Balance,
    *,
    source: Source,
    state: SourceState,
    capture: int | None,
    candidates: int,
) -> PollReport:
    """Write the poll with its balance, and when the source is asked next."""
    reply, outcome = read.reply, read.outcome
    failed = outcome.kind in (OutcomeKind.FAILED, OutcomeKind.NOT_THE_PAGE)
    next_at = next_poll(
        now=reply.at,
        interval=source.interval or road.config.service.interval,
        key=source.key,
        failures=state.failures + 1 if failed else 0,
        retry_after=retry_after(reply.headers, now=reply.at),
    )
    add_poll(tx, source.key, outcome, balance, at=reply.at, ms=reply.ms, capture=capture)
    record_answer(tx, source.key, outcome, at=reply.at, next_at=next_at, good=read.validators)
    return PollReport(source=source.key, outcome=outcome, balance=balance, ms=reply.ms, candidates=candidates, next_at=next_at)


def _log(report: PollReport) -> None:
    log.info(
        "polled",
        source=report.source,
        outcome=report.outcome.kind.value,
        reason=report.outcome.reason,
        ms=report.ms,
        **report.balance.counts,
    )
