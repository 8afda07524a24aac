"""What the desk writes, as it is kept, and the words of a source found in its text. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from aggregator.model import Citation, Replaced, RevisionId, Sentence
from aggregator.text.sentences import split_sentences

MOST_WHY = 500  # characters of a reason: readers get one sentence
MOST_NAME = 100
SHORTEST_WORDS = 3  # characters that are looked for in a text
_SPACE = re.compile(r"\s+")


class WordsError(ValueError):
    """What was written cannot be used; the text says why, and what to do."""


def one_line(written: str, *, most: int) -> str:
    """A text of the desk as it is kept: in one line, without control characters. Raises `WordsError` if it is too long."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in written).split())
    if len(line) > most:
        raise WordsError(f"has {len(line):,} characters: write at most {most}")
    return line


def sentences_with(words: str, text: str, *, revision: RevisionId) -> list[Sentence]:
    """The whole sentences of a version's text in which some words of it stand, cited there. White space counts as one space.

    Raises `WordsError` where the words do not stand there, or stand in several places.
    """
    wanted = _SPACE.sub(" ", words).strip()
    if len(wanted) < SHORTEST_WORDS:
        raise WordsError(f"write at least {SHORTEST_WORDS} characters that stand in the text")
    spans = split_sentences(text)
    found = {_around(spans, start, end) for start, end in _places(wanted, text)}
    if not found:
        raise WordsError(f"“{_short(wanted)}” does not stand in that version: write its very words")
    if len(found) > 1:
        raise WordsError(f"“{_short(wanted)}” stands in {len(found)} sentences of that version: write more of its words")
    return [
        Sentence(text=" ".join(text[start:end].split()), citations=(Citation(revision=revision, start=start, end=end),))
        for start, end in found.pop()
    ]


def _around(spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The spans, which are in order, that a place touches."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    last = bisect_left(spans, end, key=lambda span: span[0])
    return tuple(spans[first:last])


def _places(wanted: str, text: str) -> list[tuple[int, int]]:
    """Where some words stand in a text, whatever white space is between them: from and to, in characters of the text."""
    kept, plain, space = [], [], True
    for at, sign in enumerate(text):
        if not sign.isspace():
            kept.append(at)
            plain.append(sign)
        elif not space:
            kept.append(at)
            plain.append(" ")
        space = sign.isspace()
    line = "".join(plain)
    places, at = [], line.find(wanted)
    while at >= 0:
        places.append((kept[at], kept[at + len(wanted) - 1] + 1))
        at = line.find(wanted, at + len(wanted))
    return places


def replaced(number: int, paragraph: int, old: Sequence[tuple[int, Sentence]], new: Sequence[Sentence]) -> list[Replaced]:
    """Which sentence of an update stands for which after a correction; `old` with their positions in the paragraph, from 1."""
    after = [sentence.text for sentence in new]
    return [
        Replaced(
            number=number,
            paragraph=paragraph,
            position=position,
            before=sentence.text,
            after=after[at] if at < len(after) else "",
        )
        for at, (position, sentence) in enumerate(old)
    ]


def _short(words: str) -> str:
    return words if len(words) <= 80 else f"{words[:79]}…"
