"""What of a changed text may be its page: lines outside the body, which a template changes on many pages at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from aggregator.stories.hunks import CLOSING, ENDS, TOKEN, Hunk, Side
from aggregator.text.boilerplate import without_mark
from aggregator.text.facts import facts

SENTENCE = 5  # words; a line of so many that ends as a sentence does is one
LONGEST_LINE = 12  # words; a longer line says something, however it ends


def changed_lines(hunk: Hunk) -> list[str]:
    """The whole lines that a stretch takes out and puts in; none where it changes a part of a line alone."""
    removed, added = _whole_lines(hunk.old, hunk.i, hunk.a), _whole_lines(hunk.new, hunk.j, hunk.b)
    if removed is None or added is None:
        return []
    return [*(hunk.old.lines[n] for n in removed), *(hunk.new.lines[n] for n in added)]


def _whole_lines(side: Side, i: int, a: int) -> list[int] | None:
    tokens = side.tokens
    if i == a:
        return []
    first = i == 0 or tokens[i - 1].line != tokens[i].line
    last = a == len(tokens) or tokens[a].line != tokens[a - 1].line
    return _lines(side, i, a) if first and last else None


def _lines(side: Side, i: int, a: int) -> list[int]:
    return list(dict.fromkeys(one.line for one in side.tokens[i:a]))


def page_lines(hunk: Hunk) -> tuple[str, ...]:
    """The lines that a stretch changes, if each of them may be part of the page rather than of what it says, else none.

    Such a line stands before the first sentence of the text or after the last, is no sentence, is short, and holds no figure
    or date. (Where nothing is a sentence, nobody knows where the page ends and the text begins.) The first line of all
    belongs to the text: it may be its title.
    """
    found: list[str] = []
    for sign, side, i, a in (("-", hunk.old, hunk.i, hunk.a), ("+", hunk.new, hunk.j, hunk.b)):
        numbers = _lines(side, i, a) or _other_side(hunk, side)
        edges = body(side.lines)
        if not all(n and not edges[0] <= n <= edges[1] and _says_nothing(side.lines[n]) for n in numbers):
            return ()
        found += [sign + side.lines[n] for n in numbers]
    return tuple(found)


def _other_side(hunk: Hunk, side: Side) -> list[int]:
    """The line that words were put into, or taken out of, where the other side shows that it is not a whole line."""
    if changed_lines(hunk):
        return []
    tokens, n = side.tokens, hunk.i if side is hunk.old else hunk.j
    return [tokens[min(n, len(tokens) - 1)].line] if tokens else []


def body(lines: Sequence[str]) -> tuple[int, int]:
    """The first and the last line of a text that is a sentence; (0, the last line) where none is."""
    sentences = [n for n, line in enumerate(lines) if is_sentence(line)]
    return (sentences[0], sentences[-1]) if sentences else (0, len(lines))


def is_sentence(line: str) -> bool:
    """Whether a line says something, by its looks: it is long, or it ends as a sentence does."""
    words = sum(1 for word in TOKEN.findall(line) if word[0].isalnum())
    return words >= LONGEST_LINE or (words >= SENTENCE and line.rstrip("".join(CLOSING))[-1:] in ENDS)


def _says_nothing(line: str) -> bool:
    return not is_sentence(line) and not facts(without_mark(line))


def line_key(line: str) -> int:
    """A changed line, with - or + before it, as a signed 64-bit number: equal for lines that look alike."""
    said = line[0] + without_mark(line[1:]).casefold()
    return int.from_bytes(hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()[:8], signed=True)
