"""What a poll leaves behind of its source: validators, rhythm, and when the next question is due. Values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.config import Config, Source
from aggregator.fetch import Reply
from aggregator.fetch.cadence import Bounds, History, Plan, Wish, next_poll, retry_after, share
from aggregator.fetch.freshness import http_date
from aggregator.model import Balance, Listing, Outcome, OutcomeKind
from aggregator.store.sources import Answer, SourceState

MOST_ARRIVALS = 100
MOST_BODIES = 8  # a network of caches hands out a few copies by turns
PROBE = timedelta(seconds=30)  # between two questions while the network is down
NETWORK_DOWN = "the network seems to be down"
BAD = (OutcomeKind.FAILED, OutcomeKind.NOT_THE_PAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A listing that was read."""

    listing: Listing
    window: timedelta | None
    balance: Balance


def remember(
    config: Config,
    source: Source,
    state: SourceState,
    reply: Reply,
    outcome: Outcome,
    *,
    sha256: str | None = None,
    brought: Brought | None = None,
    blame_network: bool = False,
) -> Answer:
    """The state of a source after a poll.

    `outcome` is the final verdict, which may differ from the reply's; `sha256` is the hash of a good body; `brought` what was
    read from it. With `blame_network`, the failure is not the source's.
    """
    at, good = reply.at, outcome.kind not in BAD
    older = good and _is_older(state, reply, brought, sha256)
    failures = _failures(state, at, good=good, blame_network=blame_network)
    rhythm = _rhythm(state, at, brought)
    fresh_until = reply.freshness.until if good else state.fresh_until
    plan = _plan(config, source, reply, outcome, rhythm, failures=failures, first=state.last_change_at is None)
    if blame_network:
        plan = Plan(at=at + PROBE * (1 + share(source.key)), why=NETWORK_DOWN)
    keep = older or not good
    built = brought.listing.built if brought is not None else None
    return Answer(
        key=source.key,
        next_poll_at=plan.at,
        last_poll_at=at,
        last_change_at=at if outcome.kind is OutcomeKind.CHANGED else state.last_change_at,
        last_outcome=outcome.kind,
        last_reason=outcome.reason,
        failures=failures,
        etag=state.etag if keep else _validator(reply, "etag", state.etag),
        last_modified=state.last_modified if keep else _validator(reply, "last-modified", state.last_modified),
        built_at=max((moment for moment in (built, state.built_at) if moment is not None), default=None),
        body_sha256=sha256 if sha256 is not None and not keep else state.body_sha256,
        bodies=_bodies(state, sha256 if good else None),
        fresh_until=fresh_until,
        stale_until=_stale_until(state, reply, good=good),
        variant=state.variant if keep or reply.outcome.status == 304 else reply.variant,
        moved_to=reply.moved_to,
        window_s=rhythm.window_s,
        listed=rhythm.listed,
        fresh=rhythm.fresh,
        ttl_s=rhythm.ttl_s,
        arrivals=rhythm.arrivals,
        plan=plan.why,
    )


def is_known_body(state: SourceState, sha256: str) -> bool:
    """Whether these bytes were read before: then there is nothing to read."""
    return sha256 == state.body_sha256 or sha256 in (state.bodies or ())


def _is_older(state: SourceState, reply: Reply, brought: Brought | None, sha256: str | None) -> bool:
    """Whether a good answer is an older copy than one that we had: it must not take the newer one's place."""
    if sha256 is None or sha256 == state.body_sha256:
        return False
    if sha256 in (state.bodies or ()):
        return True
    if brought is not None and (brought.balance.new or brought.balance.revised):
        return False  # whatever it says of its age, a copy with something new is not to be missed again
    built = brought.listing.built if brought is not None else None
    if built is not None and state.built_at is not None:
        return built < state.built_at
    modified, known = http_date(reply.headers.get("last-modified", "")), http_date(state.last_modified or "")
    return modified is not None and known is not None and modified < known


def _validator(reply: Reply, name: str, known: str | None) -> str | None:
    """A 304 may leave a validator out that it confirms; a new body without one has none."""
    return reply.headers.get(name, known if reply.outcome.status == 304 else None)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rhythm:
    window_s: int | None
    listed: int
    fresh: int
    ttl_s: int | None
    arrivals: list[int] | None


def _rhythm(state: SourceState, at: datetime, brought: Brought | None) -> _Rhythm:
    if brought is None:
        return _Rhythm(
            window_s=state.window_s, listed=state.listed, fresh=state.fresh, ttl_s=state.ttl_s, arrivals=state.arrivals
        )
    window, ttl, balance = brought.window, brought.listing.ttl, brought.balance
    new = 0 if state.last_change_at is None else balance.new + balance.duplicate
    return _Rhythm(
        window_s=int(window.total_seconds()) if window is not None else None,
        listed=balance.listed,
        fresh=balance.new + balance.revised,
        ttl_s=int(ttl.total_seconds()) if ttl is not None else None,
        arrivals=([int(at.timestamp())] * min(new, MOST_ARRIVALS) + (state.arrivals or []))[:MOST_ARRIVALS],
    )


def _plan(
    config: Config, source: Source, reply: Reply, outcome: Outcome, rhythm: _Rhythm, *, failures: int, first: bool
) -> Plan:
    service = config.service
    until = reply.freshness.until if outcome.kind not in BAD else None
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
            first=first,
        ),
        wish=Wish(
            retry_after=retry_after(reply.headers, now=reply.at),
            fresh_for=until - reply.at if until is not None else None,
        ),
    )
