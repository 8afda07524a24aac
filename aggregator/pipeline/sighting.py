"""What looks at watched pages leave behind: next versions, when each page is looked at next, and what is gone for good."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from aggregator.config import Config, Source
from aggregator.fetch.cadence import retry_after
from aggregator.model import SourceKey
from aggregator.pipeline.watching import Look, Looks, Sighting
from aggregator.store.staying import OVER, TIMES
from aggregator.store.takebacks import give_back, is_taken_back, take_back
from aggregator.store.watching import (
    DueWatch,
    Seen,
    Watch,
    complete_watches,
    leave_seen,
    put_off_watches,
    wake,
    wake_each,
    watches_asleep,
    watches_beside,
    watches_of,
    without_copy,
)
from aggregator.stories.withdrawing import Basis

RHYTHM = tuple(timedelta(hours=hours) for hours in (1, 3, 9, 24, 3 * 24, 7 * 24))  # between looks; then as the last
SIGHTINGS = 3  # at least, until a page counts as gone
SHORTEST = timedelta(minutes=10)  # between two of them
LONGEST_REST = timedelta(days=1)  # of a page of which nothing can be told
MANY = 4  # other pages of one source that are gone: then it may be the site that changed
SAMPLE = 8  # other pages that are looked at before one counts as gone
SLOWED = frozenset({429, 503})  # the server asks us to come less often
MOST_SAID = 500  # characters


def leave_looks(
    tx: Connection, config: Config, source: Source, looks: Looks, *, revised: Set[str], waits: Set[str], at: datetime
) -> None:
    """Note how pages were seen, and take back what is gone for good. `revised`: the entry ids of those that had a new text;
    `waits`: of those that had an earlier one, perhaps of a stale copy."""
    seen = {}
    for look in looks.looks:
        entry = look.due.watch.entry_id
        seen[source.key, entry] = _seen(config, look, at=at, revised=entry in revised, waits=entry in waits)
    leave_seen(tx, seen)
    for look in looks.looks:
        watch = look.due.watch
        if look.sighting is Sighting.GOOD and watch.seen.gone_times:
            give_back(tx, watch.statement, basis=Basis.GONE, at=at)
        elif look.sighting is Sighting.GONE:
            _judge_gone(tx, config, replace(watch, seen=seen[watch.source, watch.entry_id]), at=at)
    _heed(tx, source, looks.looks, at=at)


def _heed(tx: Connection, source: Source, looks: Sequence[Look], *, at: datetime) -> None:
    """Let all pages of a source wait as long as its server asks."""
    for look in looks:
        reply = look.reply
        wished = retry_after(reply.headers, now=at) if reply is not None else None
        if reply is not None and (wished is not None or reply.outcome.status in SLOWED):
            put_off_watches(tx, source.key, until=at + (wished or RHYTHM[0]))


def heed_touched(tx: Connection, source: SourceKey, touched: Mapping[str, datetime], *, at: datetime) -> None:
    """Look sooner at the pages of entries that were changed since they were seen, as their listing says.

    The word of a listing is no proof: where looks find nothing, twice as long is waited before it is heeded again.
    """
    woken = []
    for watch, version_at in watches_asleep(tx, source, touched, now=at):
        seen = watch.seen
        if seen.gone_times or seen.failures:  # these have a rhythm of their own
            continue
        if touched[watch.entry_id] > max(version_at, seen.good_at or version_at):
            last = seen.last_at or version_at
            woken.append((watch, max(at, last + SHORTEST * 2 ** min(seen.looks, 10))))
    wake_each(tx, woken)


def _seen(config: Config, look: Look, *, at: datetime, revised: bool, waits: bool) -> Seen:
    """How a page was seen, after one more look."""
    old = replace(look.due.watch.seen, last_at=at, said=look.said[:MOST_SAID])
    service = config.service
    match look.sighting:
        case Sighting.GOOD if waits:  # whatever comes next is read
            rest, new = OVER / (TIMES - 1), without_copy(_good(old, look, at=at, looks=old.looks))
        case Sighting.GOOD:
            looks = 0 if revised else old.looks + 1
            rest, new = RHYTHM[min(looks, len(RHYTHM) - 1)], _good(old, look, at=at, looks=looks)
        case Sighting.GONE:
            new = replace(old, gone_times=old.gone_times + 1, gone_from=old.gone_from or at, gone_last=at, failures=0)
            known = old.is_gone(times=SIGHTINGS, over=service.gone_after)
            rest = RHYTHM[-1] if known else max(service.gone_after / (SIGHTINGS - 1), SHORTEST)
        case Sighting.NOTHING:
            new = replace(old, failures=old.failures + 1)
            rest = min(RHYTHM[0] * 2 ** min(old.failures, 10), LONGEST_REST)
    return replace(new, next_at=_next(look.due, at=at, rest=rest, watch_for=service.watch_for))


def _good(old: Seen, look: Look, *, at: datetime, looks: int) -> Seen:
    reply = look.reply
    assert reply is not None, "a good page was asked"  # noqa: S101 - says what holds
    new = replace(old, looks=looks, failures=0, good_at=at, good_url=reply.url, gone_times=0, gone_from=None, gone_last=None)
    confirmed = reply.outcome.status == 304
    return replace(
        new,
        etag=reply.headers.get("etag", old.etag if confirmed else None),
        last_modified=reply.headers.get("last-modified", old.last_modified if confirmed else None),
        variant=old.variant if confirmed else reply.variant,
        body_sha256=hashlib.sha256(reply.body).hexdigest() if reply.body else old.body_sha256,
    )


def _next(due: DueWatch, *, at: datetime, rest: timedelta, watch_for: timedelta) -> datetime | None:
    """When a page is looked at next; None where its time is over."""
    if due.is_open and watch_for:
        return at + rest
    ended = max(moment for moment in (due.told_at, due.until, due.watch.from_at) if moment is not None)
    return at + rest if at + rest < ended + watch_for else None


def _judge_gone(tx: Connection, config: Config, watch: Watch, *, at: datetime) -> None:
    """Take back what a page said, where that page is gone for good, and so is every other page of the statement."""
    over = config.service.gone_after
    others = [one for one, active in watches_of(tx, watch.statement) if active and one.entry_id != watch.entry_id]
    wake(tx, [one for one in others if not one.seen.gone_times], at=at)
    if not watch.seen.is_gone(times=SIGHTINGS, over=over) or is_taken_back(tx, watch.statement):
        return
    if complete_watches(tx, watch.statement, at=at):
        return
    if not all(one.seen.is_gone(times=SIGHTINGS, over=over) for one in others):
        return
    if not _is_alone(tx, watch, at=at):
        return
    seen = watch.seen
    words = (
        f"its page was seen gone {seen.gone_times} times between {seen.gone_from:%Y-%m-%d %H:%M} and"
        f" {seen.gone_last:%Y-%m-%d %H:%M} UTC"
    )
    take_back(
        tx,
        watch.statement,
        source=watch.source,
        entry_id=watch.entry_id,
        basis=Basis.GONE,
        words=words,
        at=at,
        settles_at={},
    )


def _is_alone(tx: Connection, watch: Watch, *, at: datetime) -> bool:
    """Whether it is this page that is gone, and not all the old pages of its site, as when a site is made anew.

    Other pages of the source are looked at first, where that was not done since this one was first seen gone.
    """
    beside, since = watches_beside(tx, watch), watch.seen.gone_from
    looked = [one for one in beside if one.seen.last_at is not None and since is not None and one.seen.last_at >= since]
    known = {one.entry_id for one in looked}
    lacking = min(SAMPLE, len(beside)) - len(looked)
    if lacking > 0:
        unseen = [one for one in beside if one.entry_id not in known]
        wake(tx, unseen[:lacking], at=at)
        leave_seen(tx, {(watch.source, watch.entry_id): replace(watch.seen, next_at=at + RHYTHM[0])})
        return False
    gone = sum(one.seen.gone_times > 0 for one in looked)
    return gone < MANY or gone * 2 <= len(looked)
