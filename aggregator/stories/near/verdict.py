"""Whether two texts are near-copies: how much of the wording they share, and whether any fact in the same place differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aggregator.stories.near.reading import Placed
from aggregator.stories.near.sketch import Named, Sketch, may_name

# What a copy adds at its edges: a menu, a dateline, "Share this page". Shingles on each side of the shorter text that may be
# without a match, and of the whole text as a share.
FRAME, MOST_FRAME = 24, 1 / 3
SHARED = 0.8  # of the shorter text's wording, for texts of a few days
SHARED_LATER = 0.95  # and for others: what comes again weeks later in other words is the next of its kind
SOON = timedelta(days=4)
LATE = timedelta(days=120)  # words that come again after a season are said again
SMALLEST_PART = 0.25  # of the longer text: less is a quotation
FEWEST_WORDS = 4  # of a text that says anything


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two texts are near-copies, in words."""

    same: bool
    score: float  # 0 to 1
    evidence: tuple[str, ...]
    veto: str = ""
    differs: bool = False  # the veto is a fact that differs


def judge(new: Sketch, old: Sketch) -> Verdict:
    """Whether `new` is a near-copy of `old`."""
    part, framed = _shared(new, old)
    gap = abs(new.published - old.published)
    evidence = [f"{framed:.0%} of the shorter text's wording stands in the other"]
    conflict = next(_conflicts(new, old), "")
    veto = ""
    if min(new.words, old.words) < SMALLEST_PART * max(new.words, old.words):
        veto = "one is only a small part of the other"
    elif framed < (SHARED if gap <= SOON else SHARED_LATER):
        veto = "too little of the wording is shared"
    elif conflict:
        veto = conflict
    elif gap > LATE:
        veto = f"{gap.days} days lie between them"
    return Verdict(same=not veto, score=framed, evidence=tuple(evidence), veto=veto, differs=bool(conflict))


def _shared(new: Sketch, old: Sketch) -> tuple[float, float]:
    short, long = (new, old) if new.words <= old.words else (old, new)
    level = max(short.level, long.level)
    bits = 16 - abs(short.level - long.level)
    there = set(_at(long, level, bits))
    found = [one in there for one in _at(short, level, bits)]
    if not found:
        return 0.0, 0.0
    frame = min(FRAME >> level, int(len(found) * MOST_FRAME))
    start, end = 0, len(found)
    while start < frame and not found[start]:
        start += 1
    while len(found) - end < frame and not found[end - 1]:
        end -= 1
    return sum(found) / len(found), sum(found[start:end]) / max(1, end - start)


def _at(sketch: Sketch, level: int, bits: int) -> Sequence[int]:
    """A text's shingles at a coarser level of choice, cut to the bits that both texts have."""
    more = level - sketch.level
    cut = (1 << bits) - 1
    if not more:
        return sketch.shingles if bits == 16 else [one & cut for one in sketch.shingles]
    return [one >> more & cut for one in sketch.shingles if not one & (1 << more) - 1]


def _conflicts(new: Sketch, old: Sketch) -> Iterator[str]:
    """What the two say differently in the same place."""
    yield from _facts_differ(new, old)
    yield from _names_differ(new, old)
    yield from _only_one_denies(new, old)


def _facts_differ(new: Sketch, old: Sketch) -> Iterator[str]:
    for places in (_between, _before, _behind):
        ours, theirs = _by_place(new.facts, places), _by_place(old.facts, places)
        for place, ones in ours.items():
            others = theirs.get(place)
            if others is None or not _apart(ones, others):
                continue
            if places is _between or not (_known(ones, old) or _known(others, new)):
                yield f"says {_said(ones)} where the other says {_said(others)}"


def _apart(ones: Sequence[Placed], others: Sequence[Placed]) -> bool:
    if all(one.alone for one in (*ones, *others)):
        return False
    return not {one.value for one in ones} & {one.value for one in others}


def _known(ones: Iterable[Placed], other: Sketch) -> bool:
    values = {fact.value for fact in other.facts}
    return any(one.value in values for one in ones)


def _said(ones: Sequence[Placed]) -> str:
    return " and ".join(dict.fromkeys(one.value for one in ones))


Place = tuple[int, ...]


def _between(fact: Placed) -> Place:
    return (fact.before, fact.behind)


def _before(fact: Placed) -> Place:
    return (_family(fact), fact.before)


def _behind(fact: Placed) -> Place:
    return (_family(fact), fact.behind)


def _family(fact: Placed) -> int:
    return {"date": 1, "month": 1, "weekday": 2, "time": 3, "percent": 4, "money": 5}.get(fact.kind, 0)


def _by_place(facts: Iterable[Placed], place: Callable[[Placed], Place]) -> dict[Place, list[Placed]]:
    places: defaultdict[Place, list[Placed]] = defaultdict(list)
    for fact in facts:
        places[place(fact)].append(fact)
    return places


def _names_differ(new: Sketch, old: Sketch) -> Iterator[str]:
    theirs: defaultdict[Place, list[Named]] = defaultdict(list)
    for name in old.names:
        theirs[name.before, name.behind].append(name)
    for name in new.names:
        others = theirs.get((name.before, name.behind), ())
        if not name.last or not all(one.last for one in others):
            continue
        if others and not may_name(old.named, name.last) and not any(may_name(new.named, one.last) for one in others):
            yield f"names another {name}"


def _only_one_denies(new: Sketch, old: Sketch) -> Iterator[str]:
    for one, other, said in ((new, old, "says not where the other does not"), (old, new, "does not say not where the other does")):
        level = other.level
        there = set(other.shingles)
        for whole in one.negations:
            if whole not in other.negations and not whole & (1 << level) - 1 and whole >> level & 0xFFFF in there:
                yield said
