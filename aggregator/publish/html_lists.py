"""The pages that are about more than one story: all stories, the sources, what we may have missed, and what this is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from aggregator.model import SourceKey
from aggregator.publish import places
from aggregator.publish.missed import Missed
from aggregator.publish.places import Site
from aggregator.publish.templating import page_of, pieces_of
from aggregator.store.front import StoryLine
from aggregator.store.health import COUNTS, SourceReport
from aggregator.store.source_lists import ListedSource
from aggregator.store.sources import SourceState

OUTCOMES = {
    "changed": "Answered",
    "unchanged": "Answered, nothing new",
    "not_the_page": "Answered with something else",
    "failed": "Did not answer",
}


def index_page(stories: Sequence[StoryLine], site: Site) -> str:
    """Every story, in the order of `story_lines`: those that are open, then the others."""
    groups = [("Open", [one for one in stories if one.open]), ("Ended", [one for one in stories if not one.open])]
    return page_of("index.html", site, places.INDEX, groups=[(name, some) for name, some in groups if some])


def sources_page(
    site: Site,
    *,
    primary: Iterable[ListedSource],
    reporting: Iterable[ListedSource],
    dropped: Iterable[ListedSource],
) -> Iterator[str]:
    """Every source that was ever followed, by how it speaks, in pieces."""
    groups = {
        "They speak for themselves": primary,
        "They report what others said": reporting,
        "Not asked any more": dropped,
    }
    return pieces_of("sources.html", site, places.SOURCES, groups=_some(groups), state=source_words)


def _some(groups: Mapping[str, Iterable[ListedSource]]) -> Iterator[tuple[str, Iterator[ListedSource]]]:
    """Those in which there is something."""
    for name, sources in groups.items():
        rest = iter(sources)
        for first in rest:  # where there is one
            yield name, chain([first], rest)
            break


def source_page(found: SourceReport, site: Site) -> str:
    """How one source does."""
    path = places.source_file(found.state.key)
    return page_of("source.html", site, path, found=found, state=source_words, words=OUTCOMES, balance=COUNTS)


def source_words(state: SourceState | ListedSource) -> str:
    """What a source does now, in words without a full stop."""
    if not state.active:
        return "Not asked any more"
    if state.rests:
        return "Not needed now"
    if state.last_outcome is None:
        return "Not asked yet"
    said = OUTCOMES.get(state.last_outcome, state.last_outcome)
    return f"{said}, {state.failures} times in a row" if state.failures > 1 else said


def missed_page(found: Missed, site: Site) -> str:
    """What we may have missed."""
    return page_of("missed.html", site, places.MISSED, missed=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A source, and what its publisher allows."""

    key: SourceKey
    name: str
    licence: str  # "" where none is noted


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the page about the site tells."""

    contact: str  # an address or an e-mail; "" where none is named
    sources: Iterable[Terms]


def about_page(about: About, site: Site) -> Iterator[str]:
    """What this is, how numbers and corrections work, the sources with their terms, and whom to write to; in pieces."""
    return pieces_of("about.html", site, places.ABOUT, about=about)
