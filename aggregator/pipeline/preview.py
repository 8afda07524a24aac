"""What a source would bring now, without storing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.config import Config, Source, Story
from aggregator.fetch import Fetcher, Reply
from aggregator.model import BrokenEntry, Outcome, OutcomeKind, RevisionId, SourceKey, StatementId, StoryKey
from aggregator.pipeline.asking import question
from aggregator.pipeline.matching import wanted
from aggregator.pipeline.parsing import Body, read_listing
from aggregator.sources import SourceFormatError
from aggregator.store.deciding import Line
from aggregator.stories.matching import Seen, why_it_matches


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """One entry as it would be stored."""

    id: str
    title: str
    url: str
    said_at: datetime
    said_day: str  # ISO date where only the day is known
    said_written: str
    zone: str  # how the zone was known
    words: int
    stories: Sequence[StoryKey]  # that would take it up


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What one question to a source came to."""

    url: str
    outcome: Outcome
    ms: int
    headers: Mapping[str, str]
    lines: Sequence[PreviewLine] = ()
    drops: Sequence[BrokenEntry] = ()


async def preview(fetcher: Fetcher, config: Config, key: SourceKey, *, now: datetime) -> Preview:
    """Ask a source once, unconditionally, and read its listing (not the items' own pages)."""
    source = config.sources[key]
    reply = await fetcher.ask(question(config, source), now=now)
    if reply.outcome.kind is not OutcomeKind.CHANGED:
        return Preview(url=reply.url, outcome=reply.outcome, ms=reply.ms, headers=reply.headers)
    return _read(reply, source, list(config.stories.values()))


def _read(reply: Reply, source: Source, stories: Sequence[Story]) -> Preview:
    try:
        read = read_listing(Body.of(reply), source, frozenset(), lines=True, at=reply.at)
    except SourceFormatError as error:
        outcome = Outcome(kind=OutcomeKind.FAILED, reason=str(error), status=reply.outcome.status)
        return Preview(url=reply.url, outcome=outcome, ms=reply.ms, headers=reply.headers)
    return Preview(
        url=reply.url,
        outcome=reply.outcome,
        ms=reply.ms,
        headers=reply.headers,
        lines=[_line(line, source, stories) for line in read.lines if isinstance(line, Line)],
        drops=[*read.listing.broken, *(line for line in read.lines if isinstance(line, BrokenEntry))],
    )


def _line(line: Line, source: Source, stories: Sequence[Story]) -> PreviewLine:
    entry = line.entry
    seen = Seen(
        statement=StatementId(0),
        revision=RevisionId(0),
        source=source.key,
        title=line.title,
        text=line.text,
        said_at=line.said_at,
    )
    return PreviewLine(
        id=entry.id,
        title=line.title,
        url=line.url,
        said_at=line.said_at,
        said_day=line.said_day,
        said_written=line.said_written,
        zone=line.zone_known.value,
        words=len(line.text.split()),
        stories=[story.key for story in stories if why_it_matches(wanted(story), seen) is not None],
    )
