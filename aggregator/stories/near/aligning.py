"""Two texts side by side: what stands between words that are the same in both."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aggregator.stories.near.sequence import GAP, NAMED, SHINGLE, Line, Span, byte_of

MOST_BETWEEN = 10  # words that differ between two runs of the same: more of them are another sentence
AT_THE_ENDS = 2  # words that are the same where both texts begin, or end
CLOSE_BY = 4  # words around a place
LONGEST_GLUED = 40  # letters
MOST_DENIED = 3  # words that are replaced with a "not": "agreed" and "did not agree"


class Run(NamedTuple):
    """Words that are the same in two texts, in order."""

    new: int  # where it begins in each
    old: int
    length: int


def side_by_side(new: Line, old: Line) -> Iterator[Run]:
    """The longest runs of the same words that hold four which come once in each text; in the order of the old one.

    Paragraphs may have been moved. Time is linear in the length of the old text.
    """
    there, here = old.plain, new.plain
    at = _alike(here, there)
    if at >= AT_THE_ENDS:
        yield Run(0, 0, at)
    behind = at  # in the old text: the end of the last run
    while at <= len(there) - SHINGLE:
        place = new.place(old.runs[at])
        if place < 0 or old.place(old.runs[at]) < 0 or GAP in there[at : at + SHINGLE]:
            at += 1
            continue
        start, end = 0, SHINGLE
        while at - start > behind and start < place and _same(here[place - start - 1], there[at - start - 1]):
            start += 1
        while at + end < len(there) and place + end < len(here) and _same(here[place + end], there[at + end]):
            end += 1
        yield Run(place - start, at - start, start + end)
        behind = at = at + end
    end = min(_alike(here[::-1], there[::-1]), len(there) - behind)
    if end >= AT_THE_ENDS:
        yield Run(len(here) - end, len(there) - end, end)


def _alike(one: bytes, other: bytes) -> int:
    """How many words two texts have in common at the beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (here, there) in pairs if not _same(here, there)), min(len(one), len(other)))


def _same(one: int, other: int) -> bool:
    return one == other != GAP


def exchanged(new: Line, old: Line, words: Sequence[str]) -> str:
    """What one text says in the place of something else, or denies, between words that are the same in both; "" if nothing.

    `words` are those of the new text, where they are known.
    """
    last: Run | None = None
    for run in side_by_side(new, old):
        if last is not None:
            ours = (last.new + last.length, run.new)
            theirs = (last.old + last.length, run.old)
            if _near(new, ours) and _near(old, theirs):
                difference = _named_apart(new, old, ours, theirs, words) or _denied_apart(new, old, ours, theirs)
                if difference:
                    return difference
        if seeming := _seemingly(new, old, run):
            return _says(seeming, words)
        inside = _within(new.denied, run.new, run.length), _within(old.denied, run.old, run.length)
        if inside[0] != inside[1]:
            return _said(ours=len(inside[0]) > len(inside[1]))
        last = run
    return ""


def _near(text: Line, span: Span) -> bool:
    return 0 <= span[1] - span[0] <= MOST_BETWEEN and GAP not in text.plain[slice(*span)]


def _within(denied: Sequence[int], start: int, length: int) -> list[int]:
    return [at - start for at in denied[bisect_right(denied, start) : bisect_left(denied, start + length)]]


def _named_apart(new: Line, old: Line, ours: Span, theirs: Span, words: Sequence[str]) -> str:
    """Whether each text has a name there that the other has not."""
    if not any(_missing(old, at, new, ours) for at in range(*theirs)):
        return ""
    missing = [at for at in range(*ours) if _missing(new, at, old, theirs)]
    if not missing or (words and _glued(words[slice(*ours)], old.plain[slice(*theirs)])):
        return ""
    return _says(missing, words)


def _says(names: Sequence[int], words: Sequence[str]) -> str:
    told = " ".join(words[at].title() for at in names) if words else ""
    return f"names {told or 'someone'} where the other names another"


def _seemingly(new: Line, old: Line, run: Run) -> list[int]:
    """The names within a run that are the same in both by their first byte only. At the ends of one that is chance."""
    here, there = new.names(), old.names()
    both = (
        (at, at - run.new + run.old) for at in range(run.new + AT_THE_ENDS, run.new + run.length - AT_THE_ENDS) if at in here
    )
    return [at for at, other in both if other in there and here[at] != there[other]]


def _missing(text: Line, at: int, other: Line, there: Span) -> bool:
    """Whether a word is a name that the other text has not there, nor close by behind the same word: where a phrase comes
    twice in a row and was cut once, its second place is taken for the first."""
    if not text.named[at] & NAMED or text.plain[at] in other.plain[slice(*there)]:
        return False
    close = other.plain[max(0, there[0] - CLOSE_BY) : there[1] + CLOSE_BY]
    return at == 0 or text.plain[at - 1 : at + 1] not in close


def _glued(words: Sequence[str], others: bytes) -> bool:
    """Whether some words of one text are a word of the other, which has lost a space."""
    if len(others) == 1:
        return byte_of("".join(words)) == others[0]
    if len(words) == 1 and len(others) == 2:
        word = words[0][:LONGEST_GLUED]
        return any((byte_of(word[:at]), byte_of(word[at:])) == tuple(others) for at in range(1, len(word)))
    return False


def _denied_apart(new: Line, old: Line, ours: Span, theirs: Span) -> str:
    lengths = sorted((ours[1] - ours[0], theirs[1] - theirs[0]))
    # What comes with a "not" and for nothing is one word ("do not agree"), or else a sentence: "This is not all."
    if lengths[1] > (MOST_DENIED if lengths[0] else 1):
        return ""
    here, there = _any(new.denied, ours), _any(old.denied, theirs)
    return _said(ours=here) if here != there else ""


def _any(denied: Sequence[int], span: Span) -> bool:
    return bisect_left(denied, span[0]) < bisect_right(denied, span[1])


def _said(*, ours: bool) -> str:
    return "says not where the other does not" if ours else "leaves out a not that the other says"
