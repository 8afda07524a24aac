"""What a source would bring now, as values: what came back, what was read, stored, dropped and matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.config import Source, Story
from aggregator.model import Article, BrokenEntry, Outcome, RevisionId, StatementId, StoryKey, ZoneKnown
from aggregator.pipeline.matching import wanted
from aggregator.store.deciding import Line
from aggregator.stories.matching import Matcher, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A story that would take an entry up."""

    story: StoryKey
    why: str  # the terms that it meets, and where


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePreview:
    """An entry's own page."""

    url: str
    outcome: Outcome
    title: str = ""
    first: str = ""  # paragraph
    last: str = ""
    paragraphs: int = 0
    published: datetime | None = None
    published_written: str = ""
    day_only: bool = False
    zone: str = ZoneKnown.NONE.value
    language: str = ""
    credit: str = ""
    matched: Mapping[str, int] = field(default_factory=dict)  # how often each selector of the source's rules found something


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """One entry as it would be stored."""

    id: str
    title: str
    url: str
    said_at: datetime
    said_day: str  # ISO date where only the day is known, else ""
    said_written: str  # as the source wrote it
    zone: str  # how the zone was known
    updated_at: datetime | None
    language: str
    reference: str  # the source's own number
    alternates: Sequence[str]  # addresses in other languages
    words: int
    stories: Sequence[Match]


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherPage:
    """A further page of a listing, or a file that an index names."""

    url: str
    outcome: Outcome
    listed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What one question to a source came to."""

    url: str
    kind: str
    outcome: Outcome
    ms: int
    headers: Mapping[str, str]
    title: str = ""  # of the listing
    listed: int = 0
    built: datetime | None = None  # when the source says that this copy was made
    matched: Mapping[str, int] = field(default_factory=dict)  # how often each selector or path of the rules found something
    warnings: Sequence[str] = ()
    further: Sequence[FurtherPage] = ()
    lines: Sequence[PreviewLine] = ()
    pages: Sequence[PagePreview] = ()  # of the first entries, where the source reads them
    undecided: Sequence[BrokenEntry] = ()  # whether these are stored is for their own pages to say, which were not read
    drops: Sequence[BrokenEntry] = ()
    recorded: Sequence[str] = ()  # files


def preview_line(line: Line, source: Source, stories: Sequence[Story]) -> PreviewLine:
    """A line that was read, and the stories that would take it up."""
    return PreviewLine(
        id=line.entry.id,
        title=line.title,
        url=line.url,
        said_at=line.said_at,
        said_day=line.said_day,
        said_written=line.said_written,
        zone=line.zone_known.value,
        updated_at=line.updated_at,
        language=line.language,
        reference=line.reference,
        alternates=line.alternates,
        words=len(line.text.split()),
        stories=_matches(line, source, stories),
    )


def _matches(line: Line, source: Source, stories: Sequence[Story]) -> list[Match]:
    seen = Seen(
        statement=StatementId(0),
        revision=RevisionId(0),
        source=source.key,
        title=line.title,
        text=line.text,
        said_at=line.said_at,
        said_day=line.said_day,
        language=line.language,
    )
    matcher = Matcher(seen)
    found = ((story.key, matcher.match(wanted(story))) for story in stories)
    return [Match(story=key, why=str(match)) for key, match in found if match is not None]


def page_preview(url: str, outcome: Outcome, article: Article | None = None) -> PagePreview:
    """What an item's own page says, in short."""
    if article is None:
        return PagePreview(url=url, outcome=outcome)
    return PagePreview(
        url=url,
        outcome=outcome,
        title=article.title,
        first=article.paragraphs[0] if article.paragraphs else "",
        last=article.paragraphs[-1] if article.paragraphs else "",
        paragraphs=len(article.paragraphs),
        published=article.published,
        published_written=article.published_written,
        day_only=article.day_only,
        zone=article.zone_known.value,
        language=article.language,
        credit=article.credit,
        matched=dict(article.matched),
    )
