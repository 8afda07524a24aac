"""What becomes of one listed line: decided from values, stored elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from aggregator.model import Entry, SourceKey, StatementId, ZoneKnown

if TYPE_CHECKING:  # whoever reads an answer makes lines, and needs no database
    from aggregator.store.polls import Capture


SAYS_AGAIN = "says again what was edited since"  # how the reason begins for a line that may come from a stale copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A listed entry, read and ready to be judged."""

    entry: Entry
    said_at: datetime
    said_written: str = ""  # as the source wrote it
    zone_known: ZoneKnown = ZoneKnown.NONE
    said_day: str = ""  # ISO date where only the day is known: `said_at` is then its first moment
    updated_at: datetime | None = None  # when the source says that it was last changed
    updated_written: str = ""
    raw: str  # hash of the line as listed
    title: str
    text: str
    html: str  # sanitised
    language: str
    url: str  # canonical, "" where unknown
    fingerprint: str  # of title and text
    body_fingerprint: str  # of the text alone, "" where there is none
    reference: str = ""  # the source's own number, the same in every language and listing of the family
    alternates: tuple[str, ...] = ()  # canonical addresses that the source names for its other languages
    credit: str = ""  # who made it, where that stands beside the text: "Reporting by …; with material by AFP"
    on_page: bool = False  # the text stands on the item's own page, not in the listing
    reading: bytes = b""  # what near-copies of it are found by, where that was read already
    answer: int = 0  # which answer the text was read from: 0 is the listing's own, 1 the first of `Origin.answers`


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldVersion:
    """The newest version of a statement in one language."""

    language: str
    title: str
    text: str
    html: str
    fingerprint: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where and when a line was listed."""

    source: SourceKey
    family: str
    at: datetime
    capture: int | None  # of the listing's own answer
    built: datetime | None  # the listing's own age
    newest_built: datetime | None  # the newest age that this source's listing ever had
    present: frozenset[str]  # the ids that this copy of the listing holds
    answers: Sequence[Capture | None] = ()  # the others of this poll: further pages, items' own pages; None: without a body


class Verdict(StrEnum):
    """Where a listed line goes in its poll's balance."""

    NEW = "new"
    REVISED = "revised"  # a next version of a known statement, be it an edit or the first in a language
    DUPLICATE = "duplicate"
    UNCHANGED = "unchanged"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows of the statement that a line belongs to."""

    statement: StatementId
    listed: bool  # under this very id, by this very source
    same_source: bool  # by this source, under this id or another
    mirrors: bool  # this listing carries the statement's own text (a summary elsewhere does not)
    fingerprints: frozenset[str]  # of every revision in the line's language
    current: str  # fingerprint of the newest of them, "" where there is none
    current_built: datetime | None  # what the listing that brought it said of its own age
    other_language: bool = False  # has no version in the line's language, but in another


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The verdict, with the reason where a line is dropped, and whether its listing carries the statement's text."""

    verdict: Verdict
    reason: str = ""
    mirrors: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """That a line is back at an earlier text, in a copy that does not say how old it is."""

    version: int  # the number of the newest version that had this text
    stays: bool  # it has been said long enough, and nothing else meanwhile: no stale copy, but an edit back

    @property
    def reason(self) -> str:
        """Why the line is dropped as long as it may come from a stale copy."""
        return f"{SAYS_AGAIN}: version {self.version}, perhaps of a stale copy"

    @property
    def decision(self) -> Decision:
        """What becomes of the line: nothing yet, or a next version."""
        return Decision(verdict=Verdict.REVISED) if self.stays else Decision(verdict=Verdict.DROPPED, reason=self.reason)


def is_older_copy(origin: Origin) -> bool:
    """Whether a listing says that it is older than another copy of it that was read."""
    return origin.built is not None and origin.newest_built is not None and origin.built < origin.newest_built


def is_earlier_text(known: Known | None, fingerprint: str) -> bool:
    """Whether a known line has a text that it had before the one that it had last. Without an age of its copy, `Back` then says
    what becomes of it, where it may be an edit back."""
    if known is None or not (known.listed and known.mirrors):
        return False
    return fingerprint != known.current and fingerprint in known.fingerprints


def decide(known: Known | None, fingerprint: str, *, built: datetime | None, newest_built: datetime | None) -> Decision:
    """Judge one line.

    `built` is what this copy of the listing says of its own age, `newest_built` the newest age seen from the source: some
    servers hand out an older copy after a newer one, and such a copy must not undo an edit. The first text in a language
    undoes nothing, whichever copy or listing brings it.
    """
    if known is None or known.other_language:
        return Decision(verdict=Verdict.NEW if known is None else Verdict.REVISED)
    seen_before = fingerprint in known.fingerprints
    if not known.listed and not known.same_source:
        return Decision(verdict=Verdict.DUPLICATE, mirrors=seen_before)
    if fingerprint == known.current or not known.mirrors:
        verdict = Verdict.UNCHANGED if known.listed else Verdict.DUPLICATE
        return Decision(verdict=verdict, mirrors=known.mirrors or seen_before)
    older_copy = built is not None and newest_built is not None and built < newest_built
    if seen_before and (older_copy or not _newer(built, known.current_built)):
        return Decision(verdict=Verdict.UNCHANGED if known.listed else Verdict.DUPLICATE)
    if older_copy:
        return Decision(verdict=Verdict.DROPPED, reason="another text in an older copy of the listing")
    return Decision(verdict=Verdict.REVISED)


def _newer(built: datetime | None, than: datetime | None) -> bool:
    # A text that was there before is an edit back only where the copy that brings it says that it is the newer one.
    return built is not None and than is not None and built > than
