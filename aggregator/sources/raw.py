"""What a feed says before it is judged: the same shape from whichever parser read it. All texts can be stored (`storable`)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class RawEntry:
    """One item as written: white space at the ends gone, links absolute where the parser made them so, all else unjudged."""

    id: str = ""
    link: str | None = None  # None where no element gave one: an empty one is kept, as it stands before the id
    title: str = ""
    published: str = ""
    updated: str = ""
    summary: str | None = None
    contents: list[str] = field(default_factory=list)
    language: str = ""
    author: str = ""
    versions: list[tuple[str, str]] = field(default_factory=list)  # language and address of each link that names a language
    publisher: str = ""  # of another feed that it was taken from: `source`
    publisher_link: str = ""


@dataclass(slots=True)
class RawFeed:
    """A feed's own words, and its items in their order."""

    title: str = ""
    language: str = ""
    published: str = ""
    updated: str = ""
    ttl: str = ""  # minutes (RSS 2.0)
    period: str = ""  # sy:updatePeriod
    frequency: str = ""  # sy:updateFrequency
    following: str = ""  # where it goes on: the link `next` (RFC 5005)
    entries: list[RawEntry] = field(default_factory=list)
    is_feed: bool = True  # whether the form was recognised
    error: str = ""  # why not, in the parser's words
    line: int | None = None
