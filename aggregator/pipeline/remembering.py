"""What a poll leaves behind of its source: validators, rhythm, and when the next question is due. Values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from aggregator.config import Config, Source
from aggregator.fetch import Reply
from aggregator.fetch.cadence import Bounds, History, Plan, Wish, next_poll, retry_after, share
from aggregator.fetch.freshness import http_date
from aggregator.model import Balance, OutcomeKind
from aggregator.pipeline.completing import Judged
from aggregator.pipeline.parsing import ReadListing
from aggregator.store.deciding import SAYS_AGAIN
from aggregator.store.sources import Answer, SourceState

MOST_ARRIVALS = 100
MOST_BODIES = 8  # a network of caches hands out a few copies by turns
MOST_SECONDS = 2**31 - 1  # that a column holds: 68 years
PROBE = timedelta(seconds=30)  # between two questions while the network is down
NETWORK_DOWN = "the network seems to be down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A listing that was read, and what became of its lines."""

    read: ReadListing
    balance: Balance

    @property
    def built(self) -> datetime | None:
        """What the listing says of its own age."""
        return self.read.listing.built

    @property
    def is_new(self) -> bool:
        """Whether it holds something that was not there before."""
        return bool(self.balance.new or self.balance.revised)

    @property
    def says_again(self) -> bool:
        """Whether it holds a text that was edited since, and may be a stale copy."""
        return any(drop.reason.startswith(SAYS_AGAIN) for drop in self.balance.drops)


def remember(
    config: Config,
    source: Source,
    state: SourceState,
    reply: Reply,
    judged: Judged,
    *,
    sha256: str | None = None,
    brought: Brought | None = None,
    blame_network: bool = False,
) -> Answer:
    """The state of a source after a poll.

    `judged` says how complete the source is; `sha256` is the hash of a good body; `brought` what was read from it. With
    `blame_network`, the failure is not the source's.
    """
    at, outcome = reply.at, reply.outcome
    good = outcome.kind.good
    # What is perhaps stale is asked for again until it is known whether it stays.
    unfinished = brought is not None and (brought.read.unfinished or (brought.is_new and brought.says_again))
    copy = state if not good or _is_older(state, reply, brought, sha256) else _copy(state, reply, sha256)
    if unfinished:  # the same bytes must be read again: the next question is no conditional one, and no body is known
        copy = NOTHING
    rhythm = state if brought is None else _rhythm(state, at, brought)
    failures = _failures(state, at, good=good, blame_network=blame_network)
    plan = _plan(config, source, state, reply, rhythm, failures=failures, reached=judged.reached)
    if blame_network:
        plan = Plan(at=at + PROBE * (1 + share(source.key)), why=NETWORK_DOWN)
    ages = (brought.built if brought is not None else None, state.built_at)
    return Answer(
        key=source.key,
        next_poll_at=plan.at,
        last_poll_at=at,
        last_change_at=at if outcome.kind is OutcomeKind.CHANGED else state.last_change_at,
        last_outcome=outcome.kind,
        last_reason=outcome.reason,
        failures=failures,
        etag=copy.etag,
        last_modified=copy.last_modified,
        body_sha256=copy.body_sha256,
        variant=copy.variant,
        built_at=max((moment for moment in ages if moment is not None), default=None),
        bodies=_bodies(state, sha256 if good and not unfinished else None),
        fresh_until=reply.freshness.until if good else state.fresh_until,
        stale_until=_stale_until(state, reply, good=good),
        moved_to=reply.moved_to,
        window_s=rhythm.window_s,
        listed=rhythm.listed,
        fresh=rhythm.fresh,
        ttl_s=rhythm.ttl_s,
        arrivals=rhythm.arrivals,
        plan=plan.why,
        answered_at=judged.answered_at,
        newest_at=judged.newest_at,
        marks=judged.marks,
        filled=judged.filled,
        read_by=judged.read_by,
        reached=judged.reached,
        clock_s=judged.clock_s,
        certificate_until=judged.certificate_until,
        open_gaps=judged.open_gaps,
    )


def is_known_body(state: SourceState, sha256: str) -> bool:
    """Whether these bytes were read before: then there is nothing to read."""
    return sha256 == state.body_sha256 or sha256 in (state.bodies or ())


def _is_older(state: SourceState, reply: Reply, brought: Brought | None, sha256: str | None) -> bool:
    """Whether a good answer is an older copy than one that we had: it must not take the newer one's place."""
    if sha256 is None or sha256 == state.body_sha256:
        return False
    if brought is not None and brought.says_again:
        return True
    if sha256 in (state.bodies or ()):
        return brought is None  # it is read again only where it has come back to stay
    if brought is not None and brought.is_new:
        return False  # whatever it says of its age, a copy with something new is not to be missed again
    if brought is not None and brought.built is not None and state.built_at is not None:
        return brought.built < state.built_at
    modified, known = http_date(reply.headers.get("last-modified", "")), http_date(state.last_modified or "")
    return modified is not None and known is not None and modified < known


class _Copy(NamedTuple):
    """The newest copy that we have, and how it is asked after."""

    etag: str | None
    last_modified: str | None
    body_sha256: str | None
    variant: str


NOTHING = _Copy(etag=None, last_modified=None, body_sha256=None, variant="")


def _copy(state: SourceState, reply: Reply, sha256: str | None) -> _Copy:
    """A new copy, or the one that a 304 confirms: that may leave a validator out, and says nothing new of the variant."""
    confirmed = reply.outcome.status == 304
    return _Copy(
        etag=reply.headers.get("etag", state.etag if confirmed else None),
        last_modified=reply.headers.get("last-modified", state.last_modified if confirmed else None),
        body_sha256=sha256 or state.body_sha256,
        variant=state.variant if confirmed else reply.variant,
    )


def _failures(state: SourceState, at: datetime, *, good: bool, blame_network: bool) -> int:
    if good:
        return 0
    excused = blame_network or (state.stale_until is not None and at < state.stale_until)
    return state.failures if excused else state.failures + 1


def _bodies(state: SourceState, sha256: str | None) -> list[str] | None:
    known = state.bodies or []
    return known or None if sha256 is None or sha256 in known else [sha256, *known][:MOST_BODIES]


def _stale_until(state: SourceState, reply: Reply, *, good: bool) -> datetime | None:
    if not good:
        return state.stale_until
    stale = reply.freshness.stale_if_error
    return (reply.freshness.until or reply.at) + stale if stale else None


class _Rhythm(NamedTuple):
    """How a source lists; as columns of the store."""

    window_s: int | None
    listed: int
    fresh: int
    ttl_s: int | None
    arrivals: list[int] | None


def _rhythm(state: SourceState, at: datetime, brought: Brought) -> _Rhythm:
    window, ttl, balance = brought.read.window, brought.read.listing.ttl, brought.balance
    new = 0 if state.never_read else balance.new + balance.duplicate
    return _Rhythm(
        window_s=_seconds(window),
        listed=balance.listed,
        fresh=balance.new + balance.revised,
        ttl_s=_seconds(ttl),
        arrivals=([int(at.timestamp())] * min(new, MOST_ARRIVALS) + (state.arrivals or []))[:MOST_ARRIVALS],
    )


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else min(int(span.total_seconds()), MOST_SECONDS)


def _plan(
    config: Config,
    source: Source,
    state: SourceState,
    reply: Reply,
    rhythm: _Rhythm | SourceState,
    *,
    failures: int,
    reached: bool,
) -> Plan:
    service = config.service
    until = reply.freshness.until if reply.outcome.kind.good else None
    return next_poll(
        now=reply.at,
        key=source.key,
        bounds=Bounds(
            interval=source.interval or service.interval,
            min_interval=service.min_interval,
            max_interval=service.max_interval,
        ),
        history=History(
            arrivals=rhythm.arrivals or (),
            window=timedelta(seconds=rhythm.window_s) if rhythm.window_s is not None else None,
            listed=rhythm.listed,
            fresh=rhythm.fresh,
            ttl=timedelta(seconds=rhythm.ttl_s) if rhythm.ttl_s is not None else None,
            failures=failures,
            first=state.never_read,
            reached=reached,
        ),
        wish=Wish(
            retry_after=retry_after(reply.headers, now=reply.at),
            fresh_for=until - reply.at if until is not None else None,
        ),
    )
