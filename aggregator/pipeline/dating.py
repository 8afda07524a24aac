"""When an entry was said: which of the times that it and its page give is to be trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from aggregator.config import Source
from aggregator.model import Article, Entry, ZoneKnown
from aggregator.text import read_time

AHEAD = timedelta(hours=24)  # an official page may announce today what is said tonight; what lies further ahead is a slip
WIDEST = timedelta(hours=14)  # how far a time whose zone is not known may be off
LONGEST_DAY = timedelta(hours=25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """When something was said, as far as it is known."""

    at: datetime  # UTC; the first moment of `day` where the time of day is not known
    written: str  # as the source wrote it
    known: ZoneKnown
    day: str = ""  # ISO date where only the day is known, by the calendar of the source; else ""


def date_of(entry: Entry, source: Source, page: Article | None = None, *, at: datetime) -> Said | str:
    """When an entry was said, or why that cannot be trusted. `at` is when it was fetched.

    The first of these counts: when the entry says it was published, when its page says so, when the entry was changed (the
    `lastmod` of a sitemap may come years later); each only if it does not lie more than a day ahead of the fetching. All are
    kept as written, also a change before the publication. Where the page knows more of the same time (the minute, the zone),
    the page is believed; and also where a feed says no more than when it was changed: gov.uk lists old pages anew at each
    change.
    """
    own = _of_page(page, source)
    given = [one for one in (_published(entry, source), own, _updated(entry, source)) if one is not None]
    said = next((one for one in given if one.at <= at + AHEAD), None)
    if said is None:
        return _ahead(given[0], at) if given else _no_date(entry)
    if own is not None and own.at <= at + AHEAD and (_knows_more(own, than=said) or _is_change(entry, said, since=own)):
        said = own
    return _as_a_day(said, source)


def _published(entry: Entry, source: Source) -> Said | None:
    if entry.published is None:
        return None
    written, known = entry.published_written or entry.updated_written, entry.zone_known
    day = _day(entry.published, known, source) if entry.day_only else ""
    return Said(at=entry.published, written=written, known=known, day=day)


def _updated(entry: Entry, source: Source) -> Said | None:
    if entry.updated is None:
        return None
    found = read_time(entry.updated_written, zone=source.zone, language=source.language or entry.language)
    known = entry.zone_known if found is None else found.known
    day = _day(entry.updated, known, source) if found is not None and found.day_only else ""
    return Said(at=entry.updated, written=entry.updated_written, known=known, day=day)


def _of_page(page: Article | None, source: Source) -> Said | None:
    if page is None or page.published is None:
        return None
    known = ZoneKnown.PAGE if page.zone_known is ZoneKnown.OFFSET else page.zone_known
    day = _day(page.published, known, source) if page.day_only else ""
    return Said(at=page.published, written=page.published_written, known=known, day=day)


def _day(first: datetime, known: ZoneKnown, source: Source) -> str:
    """The day of which this is the first moment."""
    if known in (ZoneKnown.SOURCE, ZoneKnown.NONE):
        return first.astimezone(source.zone or UTC).date().isoformat()
    return (first + timedelta(hours=13)).date().isoformat()  # right for every offset from -10 to +13 hours


def _knows_more(page: Said, *, than: Said) -> bool:
    ahead = page.at - than.at
    if than.day:
        return not page.day and timedelta() <= ahead < LONGEST_DAY
    return than.known is ZoneKnown.NONE and page.known is not ZoneKnown.NONE and not page.day and abs(ahead) <= WIDEST


def _is_change(entry: Entry, said: Said, *, since: Said) -> bool:
    """Whether all that an entry says is when it was changed last, after its page was published."""
    only_changed = entry.updated_written and entry.published_written in ("", entry.updated_written)
    ends = since.at + (LONGEST_DAY if since.day else timedelta())
    return bool(only_changed) and ends < said.at


def _as_a_day(said: Said, source: Source) -> Said:
    """Midnight to the second, in the source's own zone, is how many systems write that they know the day only."""
    if said.day or source.zone is None:
        return said
    local = said.at.astimezone(source.zone)
    return replace(said, day=local.date().isoformat()) if local.time() == time() else said


def _ahead(said: Said, at: datetime) -> str:
    hours = (said.at - at) // timedelta(hours=1)
    ahead = f"{hours // 24} days" if hours >= 48 else f"{hours} hours"
    return f"dated {ahead} ahead of when it was fetched ({said.written[:60] or said.at.astimezone(UTC).isoformat()!r})"


def _no_date(entry: Entry) -> str:
    written = entry.published_written or entry.updated_written
    return f"no date that can be read ({written[:60]!r})" if written else "no date"
