"""From bytes to lines: pure work that is done in the sandbox, because the bytes are hostile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from aggregator.config import Source
from aggregator.fetch import Reply
from aggregator.model import BrokenEntry, Entry, Listing
from aggregator.pipeline.reading import raw_hash, read_line
from aggregator.sources import READERS
from aggregator.store.deciding import Line
from aggregator.text import extract_article

Known = frozenset[tuple[str, str]]  # (entry id, raw hash) of lines that need no reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An answer that is to be read."""

    body: bytes
    url: str
    content_type: str | None = None

    @classmethod
    def of(cls, reply: Reply) -> Self:
        """The body of a reply."""
        return cls(body=reply.body, url=reply.url, content_type=reply.headers.get("content-type"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadListing:
    """What a listing holds, without what is known already."""

    listing: Listing  # its entries are those that need reading, in the order of the source
    present: frozenset[str]  # the ids of all entries
    listed: int  # all lines, broken ones too
    unchanged: int  # entries that are known
    window: timedelta | None  # between the oldest and the newest entry
    lines: tuple[Line | BrokenEntry, ...] = ()  # what the entries say, once that is read


def read_listing(body: Body, source: Source, known: Known, *, lines: bool, at: datetime) -> ReadListing:
    """Read a listing that was fetched `at`; with `lines`, also what its entries say.

    Raises `SourceFormatError` where the bytes are none.
    """
    listing = READERS[source.kind](body.body, url=body.url, content_type=body.content_type, zone=source.zone)
    fresh = tuple(entry for entry in listing.entries if (entry.id, raw_hash(entry)) not in known)
    times = [entry.published for entry in listing.entries if entry.published is not None]
    return ReadListing(
        listing=replace(listing, entries=() if lines else fresh),
        present=frozenset(entry.id for entry in listing.entries),
        listed=len(listing.entries) + len(listing.broken),
        unchanged=len(listing.entries) - len(fresh),
        window=max(times) - min(times) if len(times) > 1 else None,
        lines=tuple(_line(entry, source, at=at) for entry in fresh) if lines else (),
    )


def read_lines(
    entries: Sequence[Entry], source: Source, pages: Mapping[str, Body], *, at: datetime
) -> tuple[Line | BrokenEntry, ...]:
    """What entries say, each with the text of its own page where that is among `pages`, by entry id."""
    return tuple(_line(entry, source, pages.get(entry.id), at=at) for entry in entries)


def _line(entry: Entry, source: Source, page: Body | None = None, *, at: datetime) -> Line | BrokenEntry:
    line = read_line(entry, source, extract_article(page.body, url=page.url) if page is not None else None, at=at)
    if isinstance(line, Line):  # what was read need not travel back
        line = replace(line, entry=replace(line.entry, html="", summary=""))
    return line
