"""Which of the operator's stories a statement belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import RevisionId, SourceKey, StatementId
from aggregator.text.fingerprint import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A revision as matching sees it."""

    statement: StatementId
    revision: RevisionId
    source: SourceKey
    title: str
    text: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a story takes up."""

    terms: tuple[str, ...]  # each: all its words must stand in the statement
    sources: tuple[SourceKey, ...]  # empty: every source
    start: datetime
    end: datetime | None  # the first moment outside


def why_it_matches(wanted: Wanted, seen: Seen) -> str | None:
    """The first term of which all words stand in the statement's title or text, or None.

    None, too, for what was said outside the story's window or by a source that the story does not follow.
    """
    if wanted.sources and seen.source not in wanted.sources:
        return None
    if seen.said_at < wanted.start or (wanted.end is not None and seen.said_at >= wanted.end):
        return None
    there = frozenset(words(seen.title)) | frozenset(words(seen.text))
    return first_term(wanted.terms, there)


def first_term(terms: Iterable[str], there: frozenset[str]) -> str | None:
    """The first term of which every word is among `there` (casefolded words), or None."""
    return next((term for term in terms if there.issuperset(words(term))), None)
