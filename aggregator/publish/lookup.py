"""What is asked of a page for each of its updates, found once for all of them: a story may have hundreds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aggregator.model import AlsoReported, RevisionId, StoryPage, TextVersion, Update, UpdateKind

Place = tuple[int, int]  # of a sentence: its paragraph, and its position there, from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Of one page, by the numbers of its updates."""

    put_right: Mapping[int, Mapping[Place, int]]  # where sentences stand that were corrected: in which update, the latest
    marked_by: Mapping[tuple[int, str], Sequence[int]]  # the updates that correct one, or take it back, by that kind
    changed_at: Mapping[int, datetime]  # when the last of them did so, of those where any did
    late: frozenset[int]  # said before what an earlier update tells
    versions: Mapping[RevisionId, TextVersion]
    also_reported: Mapping[int, Sequence[AlsoReported]]  # who else reports an update


_last: dict[str, tuple[StoryPage, Lookup]] = {}  # of one page: whoever shows it asks hundreds of times, and then no more


def lookup(page: StoryPage) -> Lookup:
    """What is known of a page; the same page, which never changes, is looked through once."""
    known = _last.get("page")
    if known is None or known[0] is not page:
        known = _last["page"] = page, _looked_through(page)
    return known[1]


def _looked_through(page: StoryPage) -> Lookup:
    put_right: dict[int, dict[Place, int]] = defaultdict(dict)
    changed: dict[int, datetime] = {}
    for later in page.updates:
        for old in later.replaces:
            put_right[old.number][old.paragraph, old.position] = later.number
            changed[old.number] = max(later.published_at, changed.get(old.number, later.published_at))
    marked: dict[tuple[int, str], dict[int, None]] = defaultdict(dict)
    for mark in page.marks:
        marked[mark.number, mark.kind][mark.by_number] = None
        changed[mark.number] = max(mark.at, changed.get(mark.number, mark.at))
    also: dict[int, list[AlsoReported]] = defaultdict(list)
    for echo in page.also_reported:
        also[echo.number].append(echo)
    return Lookup(
        put_right=dict(put_right),
        marked_by={what: list(numbers) for what, numbers in marked.items()},
        changed_at=changed,
        late=frozenset(_late(page)),
        versions={one.revision: one for one in page.versions},
        also_reported=dict(also),
    )


def _late(page: StoryPage) -> Iterator[int]:
    """The updates that come after what was said later than they. Where one has a day and no hour, days are compared."""
    newest_day = newest_day_alone = ""
    newest_hour: datetime | None = None
    for one in page.updates:
        day = one.said_day or one.said_at.astimezone(UTC).date().isoformat()
        if one.kind in (UpdateKind.NEW, UpdateKind.ADDS) and _is_late(one, day, newest_day, newest_day_alone, newest_hour):
            yield one.number
        if one.kind is UpdateKind.WITHDRAWN:
            continue
        newest_day = max(newest_day, day)
        if one.said_day:
            newest_day_alone = max(newest_day_alone, day)
        elif newest_hour is None or one.said_at > newest_hour:
            newest_hour = one.said_at


def _is_late(one: Update, day: str, newest_day: str, newest_day_alone: str, newest_hour: datetime | None) -> bool:
    if one.said_day:
        return day < newest_day
    return day < newest_day_alone or (newest_hour is not None and one.said_at < newest_hour)
