"""Which of the operator's stories a statement belongs to, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aggregator.model import Lane, RevisionId, SourceKey, StatementId
from aggregator.stories.terms import Found, Part, Run, Term, term_of

TITLE = 2  # what a term counts of which everything stands in the title; 1 where it takes the text
MOST_TOLD = 5  # terms that a reason names


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A revision as matching sees it."""

    statement: StatementId
    revision: RevisionId
    source: SourceKey
    title: str
    text: str
    said_at: datetime
    said_day: str = ""  # ISO date where only the day is known
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a story takes up. Its terms are written in the language of `config.terms`."""

    terms: tuple[str, ...]  # one of these must be met
    sources: tuple[SourceKey, ...]  # empty: every source
    start: datetime
    end: datetime | None  # the first moment outside
    none: tuple[str, ...] = ()  # none of these may be met
    lanes: tuple[Lane, ...] = ()  # empty: every lane
    lane_of: Mapping[SourceKey, Lane] = field(default_factory=dict)
    min_score: int = 1
    forms: bool = False  # words are found in their other forms, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """That a statement belongs to a story."""

    score: int  # each term that is met counts 1, and 2 if all of it stands in the title
    terms: tuple[str, ...]  # that are met, as they are written
    because: tuple[str, ...]  # for each of them, in plain words: “Alaska” in the title

    def __str__(self) -> str:
        told, more = self.because[:MOST_TOLD], len(self.because) - MOST_TOLD
        return "; ".join(told) + (f"; and {more} more of its terms" if more > 0 else "")


class Matcher:
    """One revision, to be held against many stories: its words are found once, and only if some story may want them."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self._span = span(seen)
        self.parts = (Part("title", seen.title), Part("text", seen.text))

    def match(self, wanted: Wanted) -> Match | None:
        """Why the story takes this up, or None.

        None, too, for what was said outside the story's window, by a source or in a lane that it does not follow, for what
        meets one of `none`, and for what scores too low.
        """
        if not self._allowed(wanted):
            return None
        met = self.met(wanted)
        if not met or score(met.values()) < wanted.min_score or self.excluded(wanted) is not None:
            return None
        return Match(score=score(met.values()), terms=tuple(met), because=tuple(map(told, met.values())))

    def met(self, wanted: Wanted) -> dict[str, Sequence[Found]]:
        """The terms that are met, each once, with where."""
        return self._met(wanted.terms, inflected=wanted.forms)

    def excluded(self, wanted: Wanted) -> Sequence[Found] | None:
        """Where the first of `none` stands that is met."""
        return next(iter(self._met(wanted.none, inflected=wanted.forms).values()), None) if wanted.none else None

    def needs(self, term: Term) -> list[Found | None]:
        """For each need of a term, where it is met: in the title, if it is."""
        return [self._find(need) for need in term]

    def _allowed(self, wanted: Wanted) -> bool:
        seen, (start, end) = self.seen, self._span
        if wanted.sources and seen.source not in wanted.sources:
            return False
        if wanted.lanes and wanted.lane_of.get(seen.source) not in wanted.lanes:
            return False
        return end >= wanted.start and (wanted.end is None or start < wanted.end)

    def _met(self, terms: Iterable[str], *, inflected: bool) -> dict[str, Sequence[Found]]:
        met: dict[str, Sequence[Found]] = {}
        for written in terms:
            found: list[Found] = []
            for need in term_of(written, self.seen.language, inflected):
                there = self._find(need)
                if there is None:
                    break
                found.append(there)
            else:
                met[written] = found
        return met

    def _find(self, need: Iterable[Run]) -> Found | None:
        for part in self.parts:
            for run in need:
                found = run.found(part)
                if found is not None:
                    return found
        return None


def score(met: Iterable[Sequence[Found]]) -> int:
    """What terms that are met count together: `TITLE` for each that stands in the title alone, 1 for each other."""
    return sum(TITLE if all(one.part.name == "title" for one in found) else 1 for found in met)


def told(found: Sequence[Found]) -> str:
    """Where a term stands, in plain words: “Trump” in the title and “Putin” in the text."""
    places: dict[str, list[str]] = {}
    for one in found:
        spelled = one.part.spelling(one.said)
        same = spelled.casefold() == one.written.casefold()
        places.setdefault(one.part.name, []).append(f"“{spelled}”" if same else f"“{spelled}” ({one.written})")
    return " and ".join(f"{' and '.join(dict.fromkeys(some))} in the {name}" for name, some in places.items())


def span(seen: Seen) -> tuple[datetime, datetime]:
    """The first and the last moment at which it may have been said. Windows are days in UTC, and so is a day alone."""
    if not seen.said_day:
        return seen.said_at, seen.said_at
    day = datetime.fromisoformat(seen.said_day).replace(tzinfo=UTC)
    return day, day + timedelta(days=1, microseconds=-1)


def match(wanted: Wanted, seen: Seen) -> Match | None:
    """`Matcher.match` for a single story."""
    return Matcher(seen).match(wanted)


def why_it_matches(wanted: Wanted, seen: Seen) -> str | None:
    """The first term that is met, as it is written, or None where the story does not take this up."""
    found = match(wanted, seen)
    return None if found is None else found.terms[0]
