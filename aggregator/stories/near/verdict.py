"""Whether two texts are near-copies: how much of the wording they share, and whether what they say in one place differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from aggregator.stories.near.differing import agreeing, differing
from aggregator.stories.near.sequence import Line
from aggregator.stories.near.sketch import Sketch, glance

# The numbers below stand in the middle of gaps that congressional joint releases, Kremlin and Kyiv statements and written
# copies of them leave (2013-2024): copies share 85 % and more, look-alikes without a differing fact up to 79 %.
SHARED = 0.8  # of the shorter text's wording, within a few days
SHARED_BY_SHORT = 0.88  # in a short text one changed clause is another statement
SHORT, LONG = 60, 160  # words between which the first becomes the second
SHARED_LATER = 0.92  # what comes again weeks later in other words is the next of its kind
SOON = timedelta(days=4)
SEASON = timedelta(days=120)  # words that come again after a season are said again: an anniversary, a holiday
SMALLEST_PART = 0.25  # of the longer text's length: less is a quotation
FEWEST_WORDS = 4  # fewer say nothing by which they could be known again
ALIKE = 0.7  # lengths that are about the same
# What a page or a wire puts around a copy: a menu, a dateline, "Share this page". At most so many words at each end, and no
# more than a share of the text.
FRAME, MOST_FRAME = 24, 1 / 3
WORTH_TELLING = 0.4  # less of shared wording is no likeness


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a text is a near-copy of an earlier one, and why, in words for people."""

    same: bool
    shared: float  # 0 to 1, of the wording
    evidence: tuple[str, ...]
    veto: str = ""
    revision: bool = False  # the same page says something else now


def judge(new: Sketch, old: Sketch, *, least: float = WORTH_TELLING) -> Verdict:
    """Whether `new` is a near-copy of the earlier `old`. Why it is none is not looked for where less than `least` is shared."""
    shared, of_new = _shared(new, old)
    if shared < max(WORTH_TELLING, min(least, SHARED)):  # no copy shares less than `SHARED`
        return Verdict(False, shared, (), "too little of the wording is shared")
    gap = abs(new.published - old.published)
    evidence = [
        f"{_percent(shared)} of {'its' if of_new else 'the earlier'} wording stands in {'the earlier' if of_new else 'it'}"
    ]
    if facts := agreeing(new, old):
        evidence.append(f"{facts} {'fact agrees' if facts == 1 else 'facts agree'}")
    evidence.append(f"published {_said_gap(gap)}")
    veto = _too_unlike(new, old, shared, gap)
    revision = False
    if not veto:
        veto = differing(new, old)
        revision = bool(veto) and _one_page(new, old)
        veto = f"a revision of the same page: {veto}" if revision else veto
    if not veto and gap > SEASON:
        veto = f"{gap.days} days lie between them"
    return Verdict(not veto, shared, tuple(evidence), veto, revision)


def may_be_like(new: Sketch, kept: bytes, *, least: float = WORTH_TELLING) -> bool:
    """Whether an earlier text, of which this sketch is kept, may be a copy of `new` or share `least` of its wording.

    False is certain, and found in a part of the time of `judge`: the more texts there are, the more of them share a run of
    common words, and nothing else.
    """
    seen = glance(kept)
    if seen is None or new.level:
        return True
    words, runs = seen
    common = new.line.in_common(runs)
    most = 0.0  # that may be shared, were all that is unlike the frame of a page
    if _may_be_within(new.words, words):
        most = _share_at_most(common, len(new.line.shingles(0)))
    if _may_be_within(words, new.words):
        most = max(most, _share_at_most(common, len(set(runs))))
    return most >= min(least, SHARED)


def _share_at_most(common: int, of: int) -> float:
    return common / max(1, of - 2 * _most_frame(of, 0))


def _too_unlike(new: Sketch, old: Sketch, shared: float, gap: timedelta) -> str:
    fewest = min(new.words, old.words)
    if fewest < FEWEST_WORDS:
        return "too short to be known again"
    if fewest < SMALLEST_PART * max(new.words, old.words):
        return "one is only a small part of the other"
    needed = SHARED + (SHARED_BY_SHORT - SHARED) * min(1.0, max(0.0, (LONG - fewest) / (LONG - SHORT)))
    if gap > SOON:
        needed = SHARED_LATER
    return "" if shared >= needed else f"too little of the wording is shared: {_percent(needed)} would be needed"


def _one_page(new: Sketch, old: Sketch) -> bool:
    return new.address != 0 and new.address == old.address and new.family == old.family


def _percent(share: float) -> str:
    return f"{int(100 * share)} %"


def _said_gap(gap: timedelta) -> str:
    minutes = int(gap.total_seconds() // 60)
    if minutes < 60:
        return "within the hour"
    count, unit = (minutes // 60, "hour") if minutes < 48 * 60 else (gap.days, "day")
    return f"{count} {unit}{'s' if count > 1 else ''} apart"


def _shared(new: Sketch, old: Sketch) -> tuple[float, bool]:
    """How much of one text's wording stands in the other, the frame of a page left out, and whether that one is `new`.

    The shorter text is looked for in the longer. But a copy may lack a sentence and have a frame, and so be the longer one: of
    texts of about one length the one counts that has more of itself in the other.
    """
    level = max(new.level, old.level)
    ours, theirs = new.line, old.line
    shares = []
    if _may_be_within(new.words, old.words):
        shares.append((_part(ours, theirs, level), True))
    if _may_be_within(old.words, new.words):
        shares.append((_part(theirs, ours, level), False))
    return max(shares)


def _may_be_within(short: int, long: int) -> bool:
    """Whether a text of so many words is looked for in one of so many: in a longer one, or one of about its length."""
    return short * ALIKE <= long


def _part(short: Line, long: Line, level: int) -> float:
    found = bytes(map(long.holds(level), short.shingles(level)))  # 1 where it stands in the longer one
    most = _most_frame(len(found), level)
    inner = found[_frame(found, most) : len(found) - _frame(found[::-1], most)]
    return inner.count(1) / len(inner) if inner else 0.0


def _most_frame(runs: int, level: int) -> int:
    """How many runs at each end of so many may be the frame."""
    return min(FRAME >> level, int(runs * MOST_FRAME))


def _frame(found: bytes, most: int) -> int:
    """How many runs at the beginning are without a match: up to two neighbours that have one. One alone may be chance."""
    at = found.find(b"\1\1", 0, min(most, len(found) - 1) + 1)
    return at if at >= 0 else most
