"""The value types that every room speaks: frozen, keyword-only, without behaviour that needs the outside.

All times are aware UTC unless a field's comment says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

SourceKey = NewType("SourceKey", str)
StoryKey = NewType("StoryKey", str)
StatementId = NewType("StatementId", int)
RevisionId = NewType("RevisionId", int)


class Lane(StrEnum):
    """How a source speaks."""

    PRIMARY = "primary"  # for itself: a government
    REPORTING = "reporting"  # tells what others said: a news agency


class OutcomeKind(StrEnum):
    """What a fetch came to."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NOT_THE_PAGE = "not_the_page"
    FAILED = "failed"

    @property
    def good(self) -> bool:
        """Whether the source answered with what was asked for."""
        return self in (OutcomeKind.CHANGED, OutcomeKind.UNCHANGED)


class ZoneKnown(StrEnum):
    """How the zone of a written time was known."""

    OFFSET = "offset"  # the time itself carries an offset or zone name
    SOURCE = "source"  # the source's `zone` setting
    PAGE = "page"  # the item's own page
    NONE = "none"  # not known; read as UTC


class GapKind(StrEnum):
    """Why something of a source may be missing."""

    OVERFLOW = "overflow"  # a listing did not reach back to what was known
    OUTAGE = "outage"  # it gave no listing for longer than one holds
    EMPTY = "empty"  # it answered, and listed nothing
    DRIFT = "drift"  # fields of its lines that were filled are empty
    ERROR = "error"  # an error of our own: nothing of a poll was stored


class UpdateKind(StrEnum):
    """Why an update stands in a ledger."""

    NEW = "new"  # the first of its story
    ADDS = "adds"  # says something that the story has not told
    CORRECTED = "corrected"  # a source changed what a published update rests on
    WITHDRAWN = "withdrawn"  # the source took the statement back


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The verdict on one response, with a sentence that an operator understands."""

    kind: OutcomeKind
    reason: str
    status: int | None = None  # HTTP status; None where no answer came


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """The same statement in another language."""

    language: str  # BCP 47
    url: str  # absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of what a source lists."""

    id: str  # the source's own id, else the link; never empty
    url: str  # absolute; "" where the source gives none
    title: str  # plain text, white space folded, NBSP kept out
    published: datetime | None  # when it was said
    updated: datetime | None
    published_written: str = ""  # exactly as the source wrote it
    updated_written: str = ""
    zone_known: ZoneKnown = ZoneKnown.NONE
    html: str = ""  # the longest text that the listing carries, unsanitised: hostile
    summary: str = ""  # the shorter one, unsanitised, where there are two
    language: str = ""  # BCP 47, "" where unsaid
    author: str = ""
    day_only: bool = False  # the source gives the day of `published` and no time of day; it then holds that day's first moment
    reference: str = ""  # the source's own number, the same in every language and listing ("63945", "IP/26/433"), or ""
    alternates: tuple[Alternate, ...] = ()  # the same statement in other languages
    publisher: str = ""  # who said it, where the source passes on others' texts (RSS `source`)
    publisher_url: str = ""
    note: str = ""  # what the source itself says of its last change
    withdrawn: str = ""  # what the source says where it took the statement back, or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenEntry:
    """A line that could not be read: counted, with its reason, and never lost silently."""

    ref: str  # its id, link or title, whatever was there; else its position ("entry 3")
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one response of a source lists: good entries and broken ones, in the order in which they stand."""

    entries: tuple[Entry, ...]
    broken: tuple[BrokenEntry, ...] = ()
    title: str = ""
    built: datetime | None = None  # when the source says that this copy was made (lastBuildDate, feed updated)
    ttl: timedelta | None = None  # how long the source asks us to wait (RSS ttl, sy:updatePeriod)
    more: tuple[str, ...] = ()  # where it goes on: the next page, or the files that an index names; newest first
    matched: tuple[tuple[str, int], ...] = ()  # how often each selector or path of the source's rules found something
    warnings: tuple[str, ...] = ()  # rules that found nothing anywhere, each with what there is instead: for the operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The readable part of one page."""

    title: str
    text: str  # the paragraphs joined by a blank line
    paragraphs: tuple[str, ...]
    published: datetime | None
    language: str
    lead: str = ""  # also the first paragraph
    published_written: str = ""  # exactly as the page wrote it
    zone_known: ZoneKnown = ZoneKnown.NONE
    day_only: bool = False  # as in `Entry`
    updated: datetime | None = None
    updated_written: str = ""
    credit: str = ""  # who wrote it and where: "Reporting by …", which is no part of what was said
    url: str = ""  # the one that the page names as its own (canonical), absolute
    reference: str = ""  # as in `Entry`
    alternates: tuple[Alternate, ...] = ()
    note: str = ""  # as in `Entry`
    withdrawn: str = ""  # as in `Entry`
    matched: tuple[tuple[str, int], ...] = ()  # how often each selector of the source's rules found something


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One version of a statement as the pure rooms see it."""

    key: RevisionId
    title: str
    text: str
    published: datetime
    language: str
    source: str  # the name that readers see


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The span behind a published sentence."""

    revision: RevisionId
    start: int  # in characters of the revision's text; the span ends before `end`
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence to publish, with where it stands in its source."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Sentences that stand together."""

    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The sentences as running text."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One "for more info: NAME" with its link."""

    name: str
    url: str
    source: SourceKey


@dataclass(frozen=True, slots=True, kw_only=True)
class AlsoReported:
    """Another family that says what an update tells, beside the update: "also reported by BBC (citing Reuters)"."""

    number: int  # of the update
    name: str
    url: str
    source: SourceKey
    statement: StatementId
    citing: tuple[str, ...]  # agencies that it credits
    speaks_for: str  # the name of whom it is the mouth, as a state's agency is of its government; "" for nobody
    independent: bool  # a voice of its own
    why: str  # it is one, or is none

    @property
    def label(self) -> str:
        """As readers see it."""
        if self.citing:
            return f"{self.name} (citing {', '.join(self.citing)})"
        return f"{self.name} (for {self.speaks_for})" if self.speaks_for else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A published sentence that a later update corrects or takes back."""

    number: int  # of the update that told it
    paragraph: int  # in that update, from 1
    position: int  # in its paragraph, from 1
    before: str  # as it was published
    after: str = ""  # what stands in its place; "" where it was taken out


class DeskKind(StrEnum):
    """What somebody at the desk did."""

    HOLD = "hold"  # a candidate waits until it is released
    RELEASE = "release"  # a held candidate goes its way at once
    WITHDRAW = "withdraw"  # takes an update back
    CORRECT = "correct"  # puts a sentence of an update right
    CLOSE = "close"  # the story takes no further updates
    REOPEN = "reopen"  # it does again
    MERGE = "merge"  # the story is continued in another
    NOTE = "note"  # a remark beside the ledger
    RECONSIDER = "reconsider"  # the story's present terms are held against what was said before


# What is done to a story as a whole, and stands between its updates; what is done to one of them is an update itself.
STORY_ACTS = (DeskKind.CLOSE, DeskKind.REOPEN, DeskKind.MERGE, DeskKind.NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAct:
    """Something that somebody at the desk did, for good: who, when and why."""

    id: int
    kind: DeskKind
    at: datetime
    by: str
    why: str
    story: StoryKey
    number: int | None = None  # the update that it speaks of
    other: StoryKey | None = None  # the story that goes on, of a merge


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Entry N of a story's ledger, as published: it never changes."""

    number: int
    kind: UpdateKind
    reason: str  # one sentence: what is new
    said_at: datetime
    published_at: datetime
    paragraphs: tuple[Paragraph, ...]
    attributions: tuple[Attribution, ...]
    title: str  # of the statement that it tells
    statement: StatementId
    revision: RevisionId  # the version that it tells
    corrects: tuple[int, ...] = ()  # the numbers of the updates that it corrects
    hash: str = ""  # hex SHA-256 over the update and its predecessor's hash
    said_day: str = ""  # ISO date where only the day is known: `said_at` is then its first moment, and never shown
    language: str = ""  # BCP 47, of the version that it tells
    replaces: tuple[Replaced, ...] = ()  # sentences of earlier updates that it corrects
    desk: int | None = None  # the act of the desk that made it; None: it follows from what a source said


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A note beside a published update; the update itself stays as it was."""

    number: int  # the update that is marked
    by_number: int  # the update that says so
    kind: UpdateKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A published sentence by itself: whose it is, and which update tells it."""

    number: int  # of the update
    family: str
    name: str  # as readers know who said it
    url: str  # where they find it
    sentence: Sentence
    language: str = ""  # BCP 47


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A family that a story follows or has heard."""

    family: str
    name: str  # as readers know it
    numbers: tuple[int, ...] = ()  # the updates that tell what it said
    also: tuple[int, ...] = ()  # the updates that it reports, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two families that give another figure or time for the same thing, each in its own words."""

    kind: str  # what differs: figure, share, sum, time, weekday, date
    one: Quote  # of the earlier update
    other: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The local copy of a story's picture, or why there is none."""

    sha256: str = ""  # hex, of the copy; "" for none
    width: int = 0  # pixels
    height: int = 0
    why: str = ""  # there is no copy; "" where there is one, or where nobody has asked yet


@dataclass(frozen=True, slots=True, kw_only=True)
class TextVersion:
    """A stored version of a statement that a story tells or cites: where readers find what a sentence rests on."""

    revision: RevisionId
    statement: StatementId
    number: int  # 1, 2, 3 … in its language
    language: str  # BCP 47
    source: SourceKey  # that brought it
    read_at: datetime
    zone: str = ""  # in which its source gives times: a name of the IANA database, or +03:00; "" where that is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Something of a source that a story follows may be missing, and nothing has closed that yet."""

    source: SourceKey
    name: str  # of the source, as readers know it
    kind: GapKind
    from_at: datetime  # up to here all is known
    to_at: datetime | None  # and from here on; None: it goes on
    says: str  # what may be missing, in a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    """A story as readers see it: everything that a page, a feed or a file shows."""

    key: StoryKey
    title: str
    lead: str
    date: datetime  # of the newest update by when it was said; else the start of the story's window
    image: str
    image_alt: str
    updates: tuple[Update, ...]  # Update.1 first
    marks: tuple[Mark, ...] = ()
    also_reported: tuple[AlsoReported, ...] = ()  # by the number of the update, of each who speaks for itself first
    as_of: datetime | None = None  # when the newest update was published
    acts: tuple[DeskAct, ...] = ()  # of the desk, as far as readers see them, in order
    language: str = ""  # BCP 47, of the page
    image_credit: str = ""  # whose picture it is
    picture: Picture | None = None  # None: nobody has asked for it yet, or the story has none
    key_points: tuple[Quote, ...] = ()  # one of each family, that of the newest update first
    heard: tuple[Voice, ...] = ()  # families of which the story tells something, who spoke last first
    not_heard: tuple[Voice, ...] = ()  # families that it follows and has nothing of, by their names
    disagreements: tuple[Disagreement, ...] = ()  # that nobody has put right since, the newest first
    quiet_since: datetime | None = None  # when the newest update was published, where the story is open and nothing came since
    versions: tuple[TextVersion, ...] = ()  # that its updates tell or cite, by the number of the revision
    unseen: tuple[Unseen, ...] = ()  # what may be missing, the newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What became of every line that one poll listed."""

    listed: int = 0
    new: int = 0
    revised: int = 0
    duplicate: int = 0
    unchanged: int = 0
    dropped: int = 0
    drops: tuple[BrokenEntry, ...] = field(default=())  # one for each dropped line, with its reason

    @property
    def counts(self) -> dict[str, int]:
        """The six numbers by name, `listed` first: the same in the store, the log and the tables."""
        names = ("listed", "new", "revised", "duplicate", "unchanged", "dropped")
        return {name: getattr(self, name) for name in names}

    @property
    def adds_up(self) -> bool:
        """Whether every listed line went somewhere, once, and every dropped one has a reason."""
        return 2 * self.listed == sum(self.counts.values()) and self.dropped == len(self.drops)
