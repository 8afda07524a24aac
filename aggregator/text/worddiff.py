"""What changed between two versions of a text, word by word: exact, and bounded in time and memory whatever the texts are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from rapidfuzz.distance import Indel

MOST_CELLS = (
    40_000_000  # words of one side times words of the other that are compared in full: 5 MB, some hundredths of a second
)
MOST_SIGNS = 8_000_000  # characters of a changed stretch that are taken apart into words
MOST_SLID = 60  # words over which a change may be moved to where a sentence begins
ENDS = frozenset(".!?…:;")
DEEPEST = 8  # how often a stretch is parted at words that stand once on each side

# A word with the white space before it; a number, an hour or a name with its inner signs is one word; of scripts that are
# written without spaces, each sign is one.
WORD = re.compile(
    r"\s*(?:[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff][\w\u0300-\u036f]*(?:['’.,:\-][\w\u0300-\u036f]+)*"
    r"|[^\w\s])|\s+"
)
PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+")


class Change(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    LEFT_OUT = "left_out"  # unchanged, and too long to be shown


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, of which all has one fate."""

    change: Change
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """What changed from `old` to `new`, as pieces in order; none is empty, and what is removed stands before what is added.

    The same and removed pieces together are `old`, the same and added ones `new`, character for character. Paragraphs are
    aligned first, then words within those that changed. Where two stretches are too long to be compared, or have hardly a
    word in common, one takes the place of the other as a whole.
    """
    before, after = PARAGRAPH.findall(old), PARAGRAPH.findall(new)
    pieces: list[Piece] = []
    for run in runs(before, after):
        pieces += _words("".join(before[run.i : run.a]), "".join(after[run.j : run.b]))
        pieces.append(Piece(Change.SAME, "".join(before[run.a : run.a + run.length])))
    return _joined(pieces)


def old_of(pieces: Iterable[Piece]) -> str:
    """The text that a difference starts from."""
    return "".join(piece.text for piece in pieces if piece.change is not Change.ADDED)


def new_of(pieces: Iterable[Piece]) -> str:
    """The text that a difference leads to."""
    return "".join(piece.text for piece in pieces if piece.change is not Change.REMOVED)


def shortened(pieces: Sequence[Piece], *, around: int = 160) -> list[Piece]:
    """The pieces with about `around` characters of what is unchanged beside each change; the rest of it is `LEFT_OUT`."""
    found: list[Piece] = []
    for place, piece in enumerate(pieces):
        if piece.change is not Change.SAME:
            found.append(piece)
            continue
        head = _start(piece.text, around if place else 0)
        tail = _end(piece.text, around if place + 1 < len(pieces) else 0)
        left_out = piece.text[head:tail]
        if tail - head < around:  # to leave it out would save hardly anything
            found.append(piece)
            continue
        shown = (Piece(Change.SAME, piece.text[:head]), Piece(Change.LEFT_OUT, left_out), Piece(Change.SAME, piece.text[tail:]))
        found += [one for one in shown if one.text]
    return found


def count_words(text: str) -> int:
    """How many words a text has; signs are none."""
    return sum(1 for found in WORD.finditer(text) if found[0].lstrip()[:1].isalnum())


def _start(text: str, length: int) -> int:
    """Where a word ends, at `length` or a little before."""
    if not length:
        return 0
    blank = re.search(r"\s\S*\Z", text[:length])
    return blank.start() if blank else min(length, len(text))


def _end(text: str, length: int) -> int:
    """Where a word begins, at `length` before the end or a little after."""
    if not length:
        return len(text)
    start = max(0, len(text) - length)
    blank = re.search(r"\s", text[start:])
    return start + blank.end() if blank else start


def _words(old: str, new: str) -> list[Piece]:
    """The difference of two stretches of which no paragraph is the same."""
    if not old or not new or len(old) + len(new) > MOST_SIGNS:
        return [Piece(Change.REMOVED, old), Piece(Change.ADDED, new)]
    before, after = WORD.findall(old), WORD.findall(new)
    pieces: list[Piece] = []
    for run in changed_runs(before, after):
        pieces.append(Piece(Change.REMOVED, "".join(before[run.i : run.a])))
        pieces.append(Piece(Change.ADDED, "".join(after[run.j : run.b])))
        pieces.append(Piece(Change.SAME, "".join(before[run.a : run.a + run.length])))
    return pieces


@dataclass(frozen=True, slots=True)
class Run:
    """What is removed, `old[i:a]`, and added, `new[j:b]`; then what stays, `length` members from `old[a]` and `new[b]`."""

    i: int
    a: int
    j: int
    b: int
    length: int


def runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """What two sequences have in common and what not, in order, in bounded time.

    Each run but the last has something that stays, each but the first something that does not.
    """
    numbers: dict[str, int] = {}
    before, after = ([numbers.setdefault(one, len(numbers)) for one in side] for side in (old, new))
    found: list[Run] = []
    i = j = 0
    for a, b, length in [*_common(before, after, 0, 0, DEEPEST), (len(old), len(new), 0)]:
        if found and (a, b) == (i, j):
            last = found[-1]
            found[-1] = Run(last.i, last.a, last.j, last.b, last.length + length)
        else:
            found.append(Run(i, a, j, b, length))
        i, j = a + length, b + length
    return found


def changed_runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """`runs` as people read them, for words: a change begins where a sentence does, and what stays by chance is no island."""
    return _without_islands(_slid(runs(old, new), old, new), old, new)


def _slid(found: Sequence[Run], old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """The runs, of which what is only added or only removed begins where a sentence or paragraph does, if it can as well.

    "A. [B. ]C." and "A[. B]. C." say the same of a text; people read the former.
    """
    last = Run(0, 0, 0, 0, 0)  # what stays in front of a change: it ends where the change begins
    for run in found:
        side, start, end = (new, run.j, run.b) if run.i == run.a else (old, run.i, run.a)
        if (run.i == run.a) == (run.j == run.b):
            yield last
            last = run
            continue
        left = min(MOST_SLID, last.length)
        left = next((n for n in range(left) if side[start - 1 - n] != side[end - 1 - n]), left)
        right = min(MOST_SLID, run.length)
        right = next((n for n in range(right) if side[start + n] != side[end + n]), right)
        by = max(range(-left, right + 1), key=lambda n: (_begins(side, start + n), -abs(n)))
        yield Run(last.i, last.a, last.j, last.b, last.length + by)
        last = Run(run.i + by, run.a + by, run.j + by, run.b + by, run.length - by)
    yield last


def _begins(words: Sequence[str], place: int) -> int:
    """How good a place to begin is, from 0: in a sentence, behind its end, at a line."""
    if place == 0 or (place < len(words) and words[place].startswith("\n")):
        return 2
    return int(words[place - 1].strip() in ENDS)


def _without_islands(together: Iterable[Run], old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """The runs without short unchanged stretches between longer changes: `the` within a new sentence says nothing."""
    signs, others = ([0, *accumulate(map(len, side))] for side in (old, new))
    found: list[Run] = []

    def size(run: Run) -> int:
        return max(signs[run.a] - signs[run.i], others[run.b] - others[run.j])

    for run in together:
        found.append(run)
        while len(found) > 1:
            first, then = found[-2:]
            if signs[first.a + first.length] - signs[first.a] > min(size(first), size(then)):
                break
            found[-2:] = [Run(first.i, then.a, first.j, then.b, then.length)]
    return found


Block = tuple[int, int, int]  # where it begins on both sides, and its length


def _common(old: Sequence[int], new: Sequence[int], i: int, j: int, depth: int) -> Iterator[Block]:
    """What two sequences have in common, in order; `i` and `j` say where they begin in the whole."""
    head = _alike(old, new)
    if head:
        yield i, j, head
    tail = _alike(old[: head - 1 if head else None : -1], new[: head - 1 if head else None : -1])
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    if a and b:
        if len(a) * len(b) <= MOST_CELLS:
            same = (one for one in Indel.opcodes(a, b) if one.tag == "equal")
            yield from ((i + head + one.src_start, j + head + one.dest_start, one.src_end - one.src_start) for one in same)
        elif depth:
            yield from _parted(a, b, i + head, j + head, depth - 1)
    if tail:
        yield i + len(old) - tail, j + len(new) - tail, tail


def _alike(old: Sequence[int], new: Sequence[int]) -> int:
    """How many members are the same from the start."""
    return next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _parted(old: Sequence[int], new: Sequence[int], i: int, j: int, depth: int) -> Iterator[Block]:
    """The same for long sequences: what stands once on each side, in the same order, parts them into shorter ones."""
    a = b = 0
    for at_old, at_new in _anchors(old, new):
        yield from _common(old[a:at_old], new[b:at_new], i + a, j + b, depth)
        yield i + at_old, j + at_new, 1
        a, b = at_old + 1, at_new + 1
    if a or b:  # without an anchor, nothing of them is compared
        yield from _common(old[a:], new[b:], i + a, j + b, depth)


def _anchors(old: Sequence[int], new: Sequence[int]) -> list[tuple[int, int]]:
    """The longest row of pairs of what stands once on each side, rising on both."""
    counts, others = Counter(old), Counter(new)
    places = {one: place for place, one in enumerate(new) if others[one] == 1}
    pairs = [(a, places[one]) for a, one in enumerate(old) if counts[one] == 1 and one in places]
    ends: list[int] = []  # of the rows of each length, the lowest end on the new side
    last: list[int] = []  # which pair that is
    before: list[int] = []  # for each pair, the one before it in its row
    for number, (_, b) in enumerate(pairs):
        length = bisect_left(ends, b)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [b]
        last[length : length + 1] = [number]
    row, number = [], last[-1] if last else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """No empty piece; and between two that stay, one that is removed and one that is added, in this order, at most."""
    found: list[Piece] = []
    same: list[str] = []
    removed: list[str] = []
    added: list[str] = []
    for piece in pieces:
        if not piece.text:
            continue
        if piece.change is Change.SAME:
            if removed or added:
                before, old, new, after = _without_blanks("".join(removed), "".join(added))
                found += _these("".join((*same, before)), old, new)
                same, removed, added = [after], [], []
            same.append(piece.text)
        else:
            (removed if piece.change is Change.REMOVED else added).append(piece.text)
    before, old, new, after = _without_blanks("".join(removed), "".join(added))
    return [*found, *_these("".join((*same, before)), old, new), *_these(after, "", "")]


def _these(same: str, removed: str, added: str) -> Iterator[Piece]:
    told = ((Change.SAME, same), (Change.REMOVED, removed), (Change.ADDED, added))
    return (Piece(change, text) for change, text in told if text)


def _without_blanks(old: str, new: str) -> tuple[str, str, str, str]:
    """The white space that both begin with, what is left of both, and the white space that both end with."""
    head = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b or not a.isspace()), min(len(old), len(new))
    )
    before, old, new = old[:head], old[head:], new[head:]
    most = min(len(old) - len(old.rstrip()), len(new) - len(new.rstrip()))
    tail = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    return before, old[: len(old) - tail], new[: len(new) - tail], old[len(old) - tail :]
