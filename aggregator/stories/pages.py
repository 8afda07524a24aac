"""What of a changed text may be its page: lines outside the body, which a template changes on many pages at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.stories.elsewhere import Elsewhere, is_sentence
from aggregator.stories.hunks import Hunk, Side
from aggregator.text.boilerplate import is_furniture, without_mark
from aggregator.text.facts import facts

LONGEST_PATH = 6  # steps
SECTION = 5  # words of a step, its mark included: "3. Briefings & Statements"


def is_page(hunk: Hunk, elsewhere: Elsewhere) -> bool:
    """Whether a stretch changes nothing but lines that are known furniture of pages, or repeat the title."""
    touched = _touched(hunk)
    if _is_path(touched, elsewhere):
        return True
    return bool(touched) and all(_is_furniture(line, elsewhere, beside=len(touched) > 1) for line in touched)


def page_lines(hunk: Hunk, elsewhere: Elsewhere) -> tuple[str, ...]:
    """The lines that a stretch changes, if each of them may be part of the page rather than of what it says, else none.

    Such a line stands before the first sentence of the text or after the last, is no sentence, is short, and holds no figure
    or date. (Where nothing is a sentence, nobody knows where the page ends and the text begins.) The first line of all
    belongs to the text: it may be its title. Of what is furniture anyway, nothing is told.
    """
    touched = _touched(hunk)
    lines = [line for line in touched if not _is_furniture(line, elsewhere, beside=True)]
    if any(_is_of_text(line, elsewhere) for line in lines):
        return ()
    return tuple(f"{'+' if line.put else '-'}{line.text}" for line in lines)


def _is_path(lines: Sequence[_Line], elsewhere: Elsewhere) -> bool:
    """Whether some lines are the path to a page: from "Home" by sections of few words to the title."""
    if not 1 < len(lines) <= LONGEST_PATH or not elsewhere.repeats(lines[-1].text) or not is_furniture(lines[0].text):
        return False
    return len({line.put for line in lines}) == 1 and all(len(line.text.split()) <= SECTION for line in lines[1:-1])


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    number: int  # from 0, on its side
    put: bool  # it stands in the new text; else in the old


def _touched(hunk: Hunk) -> list[_Line]:
    """The lines that a stretch takes out or puts in, in whole or in part, on both sides."""
    found: list[_Line] = []
    partly = not (is_whole_lines(hunk.old, hunk.i, hunk.a) and is_whole_lines(hunk.new, hunk.j, hunk.b))
    for put, side, i, a in ((False, hunk.old, hunk.i, hunk.a), (True, hunk.new, hunk.j, hunk.b)):
        tokens = side.tokens[i:a] or (side.tokens[max(0, i - 1) : i + 1][:1] if partly else [])
        found += [_Line(side.lines[n], n, put) for n in dict.fromkeys(one.line for one in tokens)]
    return found


def is_whole_lines(side: Side, i: int, a: int) -> bool:
    """Whether some words are whole lines; no words are."""
    tokens = side.tokens
    if i == a:
        return True
    first = i == 0 or tokens[i - 1].line != tokens[i].line
    return first and (a == len(tokens) or tokens[a].line != tokens[a - 1].line)


def _is_furniture(line: _Line, elsewhere: Elsewhere, *, beside: bool) -> bool:
    return is_furniture(line.text, beside=beside) or (line.number > 0 and elsewhere.repeats(line.text))


def _is_of_text(line: _Line, elsewhere: Elsewhere) -> bool:
    first, last = elsewhere.body(new=line.put)
    is_page = line.number > 0 and not first <= line.number <= last
    return not is_page or is_sentence(line.text) or bool(facts(without_mark(line.text)))


def line_key(line: str) -> int:
    """A changed line, with - or + before it, as a signed 64-bit number: equal for lines that look alike."""
    said = line[0] + without_mark(line[1:]).casefold()
    return int.from_bytes(hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()[:8], signed=True)
