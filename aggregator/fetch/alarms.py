"""What an operator should know of a source, each alarm with one plain sentence and what to do next.

Pure: from what the store remembers of a source, its open gaps, and the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from aggregator.fetch.week import silence, surge
from aggregator.model import GapKind

FEW_FAILURES = 3  # in a row: fewer mend themselves
FAR_AHEAD, FAR_BEHIND = timedelta(minutes=5), timedelta(hours=1)  # of a clock
FEWEST_CLOCKS = 3  # of fewer sources, nobody can say whose clock is wrong
SOON = timedelta(days=14)  # before a certificate ends
NEWS = timedelta(days=7)  # for how long a gap in a listing is an alarm; it is shown until it is closed


class AlarmKind(StrEnum):
    """What is wrong, the most urgent first."""

    ERROR = "error"  # an error of our own, or a balance that does not add up
    FAILING = "failing"  # it does not answer, or not with what was asked for
    EMPTY = "empty"  # it answers, and lists nothing
    DRIFT = "drift"  # fields that were filled are empty
    OVERFLOW = "overflow"  # its listing did not reach back
    SILENCE = "silence"  # nothing new, against its habit
    SURGE = "surge"  # three times the usual
    MOVED = "moved"  # it has another address
    CERTIFICATE = "certificate"  # its certificate ends soon
    CLOCK = "clock"  # its clock, or ours, is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One of them."""

    kind: AlarmKind
    says: str  # what is wrong, in a sentence
    do: str  # what to do next, in a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGap:
    """A gap of a source that nothing has closed."""

    kind: GapKind
    opened_at: datetime
    from_at: datetime
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a source. Times are UTC; None: never."""

    url: str
    active: bool = True  # it is asked at all
    outcome: str | None = None  # of the last poll
    reason: str = ""
    failures: int = 0  # in a row
    answered_at: datetime | None = None  # the last answer that was one
    changed_at: datetime | None = None  # the last one that was another than before
    newest_at: datetime | None = None  # the newest time that it gave an entry
    arrivals: Sequence[int] = ()  # when its newest entries came, seconds since 1970 UTC
    listed: int = 0  # entries of the last listing
    moved_to: str | None = None
    clock_s: int | None = None  # by how many seconds its clock was ahead of ours
    certificate_until: datetime | None = None
    gaps: Sequence[OpenGap] = ()


def alarms(source: Standing, *, now: datetime, ours: bool = False) -> tuple[Alarm, ...]:
    """What is wrong with a source at a moment, the most urgent first; with `ours`, our own clock is known to be wrong."""
    if not source.active:
        return ()
    found = [*_of_answers(source), *_of_gaps(source, now), *_of_rhythm(source, now), *_of_server(source, now, ours=ours)]
    order = list(AlarmKind)
    return tuple(sorted(found, key=lambda alarm: order.index(alarm.kind)))


def our_clock(differences: Iterable[int | None]) -> timedelta | None:
    """By how much our own clock is behind, where most sources say so in the same direction; None where it seems right.

    `differences` are the seconds by which each source's clock is ahead of ours.
    """
    known = sorted(one for one in differences if one is not None)
    if len(known) < FEWEST_CLOCKS:
        return None
    median = timedelta(seconds=known[len(known) // 2])
    return median if _is_far(median) else None


def _of_answers(source: Standing) -> Iterator[Alarm]:
    if source.failures == 0:
        return
    if _has(source, GapKind.ERROR):
        return  # said there
    if source.failures < FEW_FAILURES and not _has(source, GapKind.OUTAGE):
        return
    since = f"since {_moment(source.answered_at)}" if source.answered_at is not None else "ever"
    yield Alarm(
        kind=AlarmKind.FAILING,
        says=f"It has not given a listing {since}, {_times(source.failures)} in a row"
        + (f": {_cut(source.reason)}." if source.reason else "."),
        do="Open its address in a browser: if it has moved, write the new url into feeds.toml; if it refuses us, ask its owner"
        if source.outcome == "not_the_page"
        else "Run `aggregator preview` on it, and write its new url into feeds.toml if it has moved; it is asked on meanwhile.",
    )


def _of_gaps(source: Standing, now: datetime) -> Iterator[Alarm]:
    kinds = {AlarmKind.ERROR: GapKind.ERROR, AlarmKind.EMPTY: GapKind.EMPTY, AlarmKind.DRIFT: GapKind.DRIFT}
    for kind, gap_kind in kinds.items():
        gap = next((one for one in source.gaps if one.kind is gap_kind), None)
        if gap is not None:
            says = f"{gap.says} ({_moment(gap.opened_at)})"
            if kind is AlarmKind.ERROR and source.reason:
                says += f" {_cut(source.reason)}."
            yield Alarm(kind=kind, says=says, do=DO[kind])
    new = [one for one in source.gaps if one.kind is GapKind.OVERFLOW and now - one.opened_at <= NEWS]
    if new:
        newest = max(new, key=lambda one: one.opened_at)
        times = "" if len(new) == 1 else f" ({len(new)} times in 7 days)"
        yield Alarm(
            kind=AlarmKind.OVERFLOW, says=f"{newest.says} ({_moment(newest.opened_at)}){times}", do=DO[AlarmKind.OVERFLOW]
        )


DO = {
    AlarmKind.ERROR: "Nothing is lost while the next poll finds it again; send us the log line `poll_broke`.",
    AlarmKind.EMPTY: "Open its page: where it shows entries, its url or its rules in feeds.toml no longer fit; try"
    " `aggregator preview`.",
    AlarmKind.DRIFT: "Run `aggregator preview` on it, and put its selectors or its mapping in feeds.toml right.",
    AlarmKind.OVERFLOW: "Let it read more pages (`pages` in feeds.toml) or be asked more often (`min_interval`), or add another"
    " listing of the same publisher (`listings`).",
}


def _of_rhythm(source: Standing, now: datetime) -> Iterator[Alarm]:
    quiet = silence(source.arrivals, now.timestamp()) if source.failures == 0 else None
    if quiet is not None:
        yield Alarm(
            kind=AlarmKind.SILENCE,
            says=f"Nothing new for {_span(quiet.seconds)}, in which it usually speaks about {quiet.expected:.0f} times.",
            do="Open its page: if it goes on there, its feed is broken or has another address; a holiday is no fault.",
        )
    much = surge(source.arrivals, now.timestamp())
    if much is not None:
        yield Alarm(
            kind=AlarmKind.SURGE,
            says=f"{much.entries} new entries in a day, where about {much.usual:.0f} are usual.",
            do="Look whether it is an event, or old entries under new ids; it is asked more often by itself.",
        )


def _of_server(source: Standing, now: datetime, *, ours: bool) -> Iterator[Alarm]:
    if source.moved_to is not None and source.moved_to != source.url:
        yield Alarm(kind=AlarmKind.MOVED, says="It moved for good.", do=f'Write url = "{_cut(source.moved_to)}" in feeds.toml.')
    if source.certificate_until is not None and source.certificate_until - now <= SOON:
        ended = source.certificate_until <= now
        yield Alarm(
            kind=AlarmKind.CERTIFICATE,
            says=f"The certificate of its server {'ended' if ended else 'ends'} on {source.certificate_until:%Y-%m-%d}.",
            do="Tell its owner: without a new one it cannot be asked any more.",
        )
    if source.clock_s is not None and not ours and _is_far(timedelta(seconds=source.clock_s)):
        ahead = source.clock_s > 0
        yield Alarm(
            kind=AlarmKind.CLOCK,
            says=f"Its clock is {_span(abs(source.clock_s))} {'ahead of' if ahead else 'behind'} ours.",
            do="Look at the clock here first; if it is right, read this source's times with care.",
        )


def _is_far(difference: timedelta) -> bool:
    return difference >= FAR_AHEAD or difference <= -FAR_BEHIND


def _has(source: Standing, kind: GapKind) -> bool:
    return any(one.kind is kind for one in source.gaps)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _cut(text: str) -> str:
    return text[:300].rstrip(".")


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{round(minutes / 60)} h" if minutes < 2880 else f"{round(minutes / 1440)} days"
