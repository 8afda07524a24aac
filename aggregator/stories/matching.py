"""Which of the operator's stories a statement belongs to."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

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
    said_day: str = ""  # ISO date where only the day is known
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a story takes up."""

    terms: tuple[str, ...]  # each: all its words must stand in the statement
    sources: tuple[SourceKey, ...]  # empty: every source
    start: datetime
    end: datetime | None  # the first moment outside


class Matcher:
    """One revision, to be held against many stories: its words are found once, and only if some story may want them."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._plain: str | None = None
        self._words: frozenset[str] | None = None

    def why(self, wanted: Wanted) -> str | None:
        """The first term of which all words stand in the statement's title or text, or None.

        None, too, for what was said outside the story's window or by a source that the story does not follow.
        """
        seen = self._seen
        if wanted.sources and seen.source not in wanted.sources:
            return None
        start, end = _span(seen)
        if end < wanted.start or (wanted.end is not None and start >= wanted.end):
            return None
        return next((term for term in wanted.terms if self._holds(_words_of_term(term))), None)

    def _holds(self, asked: tuple[str, ...]) -> bool:
        # To look for letters costs a hundredth of cutting a text into words, and almost always tells that a term is not there.
        return all(word in self._letters() for word in asked) and self._there().issuperset(asked)

    def _letters(self) -> str:
        if self._plain is None:
            self._plain = "\n".join(_plain(part) for part in (self._seen.title, self._seen.text))
        return self._plain

    def _there(self) -> frozenset[str]:
        if self._words is None:
            self._words = frozenset(words(self._seen.title)) | frozenset(words(self._seen.text))
        return self._words


def _span(seen: Seen) -> tuple[datetime, datetime]:
    """The first and the last moment at which it may have been said. Windows are days in UTC, and so is a day alone."""
    if not seen.said_day:
        return seen.said_at, seen.said_at
    day = datetime.fromisoformat(seen.said_day).replace(tzinfo=UTC)
    return day, day + timedelta(days=1, microseconds=-1)


def why_it_matches(wanted: Wanted, seen: Seen) -> str | None:
    """`Matcher.why` for a single story."""
    return Matcher(seen).why(wanted)


@lru_cache(maxsize=4096)
def _words_of_term(term: str) -> tuple[str, ...]:
    return words(term)


def _plain(text: str) -> str:
    """The letters that `words` cuts into words: each of its words stands in them."""
    return unicodedata.normalize("NFC", text).casefold().replace("’", "'")
