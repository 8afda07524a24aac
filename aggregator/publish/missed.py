"""What we may have missed, and what is not told: as values, for the page of that name and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Connection

from aggregator.fetch.alarms import AlarmKind
from aggregator.model import OutcomeKind, SourceKey, StoryKey
from aggregator.store import gaps
from aggregator.store.conditions import each_watched
from aggregator.store.health import dropped_since, last_good
from aggregator.store.source_lists import ASKED, NEVER_ASKED, last_was, listed_sources, names_of
from aggregator.store.summaries import held_candidates

HABITS = (AlarmKind.SILENCE, AlarmKind.SURGE, AlarmKind.CLOCK)
MOST_GAPS = 200  # of one kind that are shown; the others are counted
DROPPED_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing that we may have missed."""

    what: str  # in words
    source: SourceKey | None = None
    stories: Sequence[StoryKey] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """All of one kind."""

    key: str  # of the kind: a place on the page
    title: str
    says: str  # what it means that there are some
    none: str  # what it means that there is none
    gaps: Sequence[Gap]
    more: int = 0  # that are not shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """All that is known of it."""

    as_of: datetime
    parts: Sequence[Gaps]
    names: Mapping[SourceKey, str]  # of the sources that are shown, by their keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the kinds of gaps are found in."""

    tx: Connection
    now: datetime
    gaps: Sequence[gaps.Gap]  # that are open, or were closed within a week


def missed(tx: Connection, *, now: datetime) -> Missed:
    """What is known at a moment. A further kind is a function, and a line in `KINDS`."""
    looked = Looked(tx=tx, now=now, gaps=gaps.missed(tx, now=now))
    parts = [kind(looked) for kind in KINDS]
    return Missed(as_of=now, parts=parts, names=names_of(tx, {gap.source for part in parts for gap in part.gaps if gap.source}))


def _open(looked: Looked) -> Gaps:
    """What a source said that its listing may no longer have held, or that could not be read."""
    return _some(
        "gaps",
        "Gaps",
        "What these sources said in these times may not all be stored. Each stays here until something closes it.",
        "No gap is open.",
        (_gap(one, one.says) for one in looked.gaps if one.is_open),
    )


def _closed(looked: Looked) -> Gaps:
    return _some(
        "closed",
        "Gaps that were closed within a week",
        "Nothing of these times is missing any more, for the reason that stands beside them.",
        "Within a week none was closed.",
        (_gap(one, f"{one.says} Closed: {one.closed_by}.") for one in looked.gaps if not one.is_open),
    )


def _gap(one: gaps.Gap, what: str) -> Gap:
    return Gap(what=what, source=one.source, stories=one.stories, since=one.from_at, until=one.to_at or one.closed_at)


def _alarms(looked: Looked) -> Gaps:
    """Against their habit; what is said in other parts is left out."""
    found = (
        Gap(what=alarm.says, source=one.state.key)
        for one in each_watched(looked.tx, now=looked.now)
        for alarm in one.alarms
        if alarm.kind in HABITS
    )
    return _some(
        "habits",
        "Sources that are not as usual",
        "They say much less or much more than they use to at this hour, or their clock is wrong.",
        "Every source is as usual.",
        found,
    )


def _failing(looked: Looked) -> Gaps:
    return _some(
        "failing",
        "Sources that do not answer",
        "What they said since they last answered, we have not seen.",
        "Every source that was asked has answered.",
        _unwell(looked, OutcomeKind.FAILED),
    )


def _not_the_page(looked: Looked) -> Gaps:
    return _some(
        "not-the-page",
        "Sources that answer with something else",
        "A challenge, a consent wall, a login or a notice stood where their page should be.",
        "No source answers with something else than its page.",
        _unwell(looked, OutcomeKind.NOT_THE_PAGE),
    )


def _unwell(looked: Looked, kind: OutcomeKind) -> Iterable[Gap]:
    there = [*listed_sources(looked.tx, ASKED, last_was(kind))]
    good = last_good(looked.tx, [one.key for one in there])
    for one in there:
        times = f" ({one.failures} times in a row)" if one.failures > 1 else ""
        said = one.last_reason or "no reason is known"
        never = "" if one.key in good else "; it has never answered"
        yield Gap(what=f"{said}{times}{never}", source=one.key, since=good.get(one.key))


def _not_read(looked: Looked) -> Gaps:
    found = (Gap(what="nothing was read yet", source=one.key) for one in listed_sources(looked.tx, ASKED, NEVER_ASKED))
    return _some(
        "not-read",
        "Sources that were not asked yet",
        "They are new: what they list now will be read at their first poll.",
        "Every source was asked.",
        found,
    )


def _dropped(looked: Looked) -> Gaps:
    found = (
        Gap(what=f"{one.lines:,} line{'s' * (one.lines != 1)} dropped: {one.reason}", source=one.source)
        for one in dropped_since(looked.tx, looked.now - DROPPED_WITHIN)
    )
    return _some(
        "dropped",
        "Lines that could not be used",
        "Within the last day these were listed, and dropped for the reason that stands beside them.",
        "Within the last day no line was dropped.",
        found,
    )


def _held(looked: Looked) -> Gaps:
    """How many, and no titles: what the desk holds back is not told here either; nor who holds it, or why."""
    counts = Counter((one.story, one.source, one.by_desk) for one in held_candidates(looked.tx))
    found = (
        Gap(what=_held_words(count, by_desk=by_desk), source=source, stories=[story])
        for (story, source, by_desk), count in sorted(counts.items())
    )
    return _some(
        "held",
        "Statements that are held",
        "They may belong to a story, and are not told: the desk holds them, or more is waited for.",
        "Nothing is held.",
        found,
    )


def _held_words(count: int, *, by_desk: bool) -> str:
    who = "by the desk" if by_desk else "until another source or version comes, or its time has passed"
    return f"{count:,} statement{'s' * (count != 1)} held {who}"


def _some(key: str, title: str, says: str, none: str, found: Iterable[Gap]) -> Gaps:
    rest = iter(found)
    return Gaps(key=key, title=title, says=says, none=none, gaps=[*islice(rest, MOST_GAPS)], more=sum(1 for _ in rest))


KINDS: Sequence[Callable[[Looked], Gaps]] = (
    _open,
    _failing,
    _not_the_page,
    _not_read,
    _alarms,
    _dropped,
    _held,
    _closed,
)
