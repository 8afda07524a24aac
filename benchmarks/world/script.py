"""What is written down of the world: values, and what stands where at a moment. Reads no clock, draws no lots."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from benchmarks.world.words import Said, Version, say

HOUR, DAY = 3600.0, 86_400.0
AHEAD = 5 * DAY  # by how much an item's date is a slip


class Edit(StrEnum):
    """What a source does to a text, without saying so."""

    TYPO = "typo"
    FIGURE = "figure"
    ADDITION = "addition"
    BACK = "edit back"
    GROWTH = "growth"  # of a transcript
    FLIP = "flip-flop"  # the two versions by turns


class Trouble(StrEnum):
    """What goes wrong with a host, or is odd about it, for a while."""

    DOWN = "503"
    UNREACHABLE = "unreachable"
    WALL = "challenge, 200"
    WALL_403 = "challenge, 403"
    SOFT_404 = "soft 404"
    MISSING = "listing 404"
    LOGIN = "login"
    TOO_MANY = "429, Retry-After"
    BUSY = "503, Retry-After"
    STALE = "stale copies"
    MOVED = "moved"
    CLOCK_AHEAD = "clock ahead"
    CLOCK_BEHIND = "clock behind"
    FLOOD = "flood"
    SURGE = "surge"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Change:
    """An edit at a moment."""

    at: float
    kind: Edit


@dataclass(slots=True)
class Item:
    """One thing that a source says."""

    source: int
    number: int
    at: float  # when it is listed first
    said: float  # when it says that it was said
    topic: str = ""
    seed: str = ""  # of its text; a copy has that of what it copies
    language: str = "en"
    changes: tuple[Change, ...] = ()
    gone: float | None = None  # when its page is taken away
    gone_as: int = 404  # 404, 410, or 200 for a soft one
    slip: bool = False  # its date lies days ahead
    copy_of: Item | None = None
    versions: tuple[Version, ...] = ()
    served: list[float] = field(default_factory=list)  # when each version was first handed out; 0.0: never

    def settle(self) -> None:
        """Work out the versions, once all changes are planned."""
        now = Version(slip=any(one.kind is Edit.TYPO for one in self.changes))
        found, figures = [now], 0
        for change in self.changes:
            match change.kind:
                case Edit.TYPO:
                    now = Version(now.figure, now.extra)
                case Edit.FIGURE:
                    figures += 1
                    now = Version(figures, now.extra, now.slip)
                case Edit.ADDITION | Edit.GROWTH:
                    now = Version(now.figure, now.extra + 1, now.slip)
                case Edit.BACK:
                    now = found[-2]
                case Edit.FLIP:
                    now = found[-2] if len(found) > 1 else Version(1)
            found.append(now)
        self.versions = tuple(found)
        self.served = [0.0] * len(found)

    def version_at(self, moment: float) -> int:
        """Which version stands there."""
        count = 0
        for change in self.changes:
            count += change.at <= moment
        return count

    def text(self, version: int) -> Said:
        """What it says in a version."""
        return told(self.seed, self.versions[version], self.topic, self.language)

    @property
    def ever_served(self) -> bool:
        """Whether it was handed out at all."""
        return any(self.served)


@lru_cache(maxsize=6_000)
def told(seed: str, version: Version, topic: str, language: str) -> Said:
    """As `say`; what is listed again and again is made once."""
    return say(seed, version, topic=topic, language=language)


@dataclass(frozen=True, slots=True)
class Spell:
    """A trouble from when to when."""

    kind: Trouble
    begin: float
    end: float


@dataclass(slots=True)
class Source:
    """One address that lists."""

    index: int
    key: str
    kind: str  # "rss", "atom", "page", "sitemap", "json"
    family: str
    lane: str = "primary"
    zone: str = "UTC"
    window: int = 20  # entries of its listing
    a_day: float = 4.0
    language: str = "en"
    dated: bool = False  # the listing says how old it is
    etag: bool = True
    modified: bool = True
    max_age: int = 0  # seconds
    pages: int = 1
    regular: bool = False  # speaks every two hours by day, and is followed from the prologue on
    sister_of: Source | None = None  # lists the same, in another feed or language
    spells: list[Spell] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def spell(self, kind: Trouble) -> Spell | None:
        """The trouble of a kind that is planned for it."""
        return next((one for one in self.spells if one.kind is kind), None)

    def trouble(self, moment: float, *kinds: Trouble) -> Spell | None:
        """The first of these troubles that it has at a moment."""
        return next((one for one in self.spells if one.kind in kinds and one.begin <= moment < one.end), None)

    @property
    def reads_pages(self) -> bool:
        """Whether the texts stand on pages of their own."""
        return self.kind in ("page", "sitemap")

    def listed(self, moment: float, *, page: int = 0) -> list[tuple[Item, int]]:
        """What it lists at a moment, the newest first, each with its version."""
        end = bisect_right(self.times, moment)
        found: list[tuple[Item, int]] = []
        skip = page * self.window
        while end > 0 and len(found) < skip + self.window:
            end -= 1
            one = self.items[end]
            if one.gone is None or moment < one.gone:
                found.append((one, one.version_at(moment)))
        return found[skip:]


@dataclass(slots=True)
class Script:
    """The whole world, from its prologue to its end."""

    seed: int
    prologue: float
    begin: float
    end: float
    sources: list[Source]
    topics: tuple[str, ...]
    outages: list[tuple[float, float]]  # of the whole network
    by_key: dict[str, Source] = field(default_factory=dict)

    def is_out(self, moment: float) -> bool:
        """Whether nobody can be reached."""
        return any(start <= moment < end for start, end in self.outages)
