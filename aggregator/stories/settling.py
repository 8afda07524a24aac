"""How long a candidate waits, so that copies of it arrive first and numbers follow the order of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import RevisionId, SourceKey, StatementId, StoryKey

SINGLE_FAMILY = "reported by a single family so far"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A revision that waits to become an update."""

    id: int
    story: StoryKey
    statement: StatementId
    revision: RevisionId
    said_at: datetime
    seen_at: datetime
    settles_at: datetime
    edits: bool = False  # it is an edit of what the story tells
    held: bool = False  # by a rule, until `settles_at` at the latest: nothing that has settled waits for it
    source: str = ""  # the first in the alphabet of those that list it; where nothing else was said and seen with it, ""

    @property
    def order(self) -> tuple[datetime, datetime, str, int]:
        """The least was said first. Which source is asked first at one moment is chance: only what one source says keeps the
        order in which it was stored, for so it is listed."""
        return self.said_at, self.seen_at, self.source, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How long a story lets a candidate wait for what may still come; zero: not at all."""

    language: str  # of the story
    hold_reporting: timedelta  # for a second family
    wait_language: timedelta  # for a version in the story's language


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What is known of a candidate, as far as it decides whether it is held."""

    primary: bool  # its source speaks for itself
    told: bool  # the story tells an earlier version of the statement: this one may put it right, and is not held
    language: str
    second_voice: bool  # another family, that reprints nobody, says the same
    fitting_version: bool  # the story takes up, or tells, the same in its own language


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """That a candidate is held."""

    until: datetime
    why: str


def time_to_settle(source: SourceKey, *, usual: timedelta, settle_of: Mapping[SourceKey, timedelta]) -> timedelta:
    """How long what a source says waits in a story, before anything else is asked of it."""
    return settle_of.get(source, usual)


def hold_of(one: Prospect, rules: Rules, *, seen_at: datetime, settles_at: datetime) -> Hold | None:
    """Until when a candidate is held at the latest, and why; None where nothing keeps it beyond its time to settle."""
    holds = []
    if not (one.told or one.primary or one.second_voice):
        holds.append(Hold(until=seen_at + rules.hold_reporting, why=SINGLE_FAMILY))
    if not (one.told or one.fitting_version or fits(one.language, rules.language)):
        holds.append(Hold(until=seen_at + rules.wait_language, why=f"no version in {rules.language} so far"))
    longer = [hold for hold in holds if hold.until > settles_at]
    return Hold(until=max(hold.until for hold in longer), why="; ".join(hold.why for hold in longer)) if longer else None


def fits(language: str, wanted: str) -> bool:
    """Whether a text of a language can stand in a story told in another one; one of no known language can."""
    return language.partition("-")[0].lower() in ("", wanted.partition("-")[0].lower())


def settled(waiting: Sequence[Candidate], *, now: datetime) -> list[Candidate]:
    """The candidates of one story to publish now, in the order in which they were said.

    One that is ready is held back while another, said earlier, still waits that was seen before the first was ready. It
    waits for such ones only once: whatever is seen after it was ready is late, and gets the next number. So nothing
    waits longer than twice its time to settle. Nobody waits for what a rule holds.
    """
    in_order = sorted(waiting, key=lambda one: one.order)
    ready = [one for one in in_order if one.settles_at <= now]
    unready = [one for one in in_order if one.settles_at > now and not one.held]
    return [one for one in ready if not any(_goes_first(other, one) for other in unready)]


def _goes_first(other: Candidate, one: Candidate) -> bool:
    return not other.edits and other.order < one.order and other.seen_at <= one.settles_at
