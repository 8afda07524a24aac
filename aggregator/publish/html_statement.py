"""The page of a statement: its versions, what changed between them, where each was read, and which words of it are cited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from aggregator.model import SourceKey, ZoneKnown
from aggregator.publish import places
from aggregator.publish.diffs import consecutive_diffs, shown_pieces
from aggregator.publish.places import Site
from aggregator.publish.templating import page_of
from aggregator.store.reading import Cited, StatementDetail, Version
from aggregator.text.worddiff import Change

ZONES = {
    ZoneKnown.OFFSET: "with its zone",
    ZoneKnown.SOURCE: "in the zone of its source",
    ZoneKnown.PAGE: "as its own page says",
    ZoneKnown.NONE: "without a zone: read as UTC",
}


MOST_SHOWN = 50  # versions with their texts: some pages change with every look, and each version would make theirs longer


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text, and whether a published sentence rests on it."""

    start: int
    text: str
    cited: bool
    starts: frozenset[int]  # where citations begin


def statement_page(found: StatementDetail, site: Site, *, names: Mapping[SourceKey, str] | None = None) -> str:
    """All that readers may know of a statement. `names`: of sources, by their keys."""
    short = told_short(found)
    return page_of(
        "statement.html",
        site,
        places.statement_file(found.id),
        found=found,
        names=names or {},
        zones=ZONES,
        short=short,
        diffs={one.new.id: one for one in consecutive_diffs(found.versions, without=short)},
        pieces=lambda pieces: shown_pieces(pieces, full=False),
        parted=lambda version: list(parted(version, found.citations)),
        Change=Change,
    )


def told_short(found: StatementDetail) -> frozenset[int]:
    """The versions of which the page says only that there are: those that are not new, not the first, and not cited."""
    ids = sorted(version.id for version in found.versions)
    return frozenset(ids[1:-MOST_SHOWN]) - {one.revision for one in found.citations}


def parted(version: Version, citations: Iterable[Cited]) -> Iterator[Part]:
    """The text of a version, cut where citations begin and end: each beginning can then be a place to link to."""
    spans = [(one.start, one.end) for one in citations if one.revision == version.id and one.start < one.end]
    starts = frozenset(start for start, _ in spans)
    inside = {place for span in spans for place in span if 0 <= place <= len(version.text)}
    places_ = sorted(inside | {0, len(version.text)})
    for start, end in pairwise(places_):
        cited = any(one <= start and end <= other for one, other in spans)
        yield Part(start, version.text[start:end], cited, starts)
