"""Which spans of a text are whole sentences: only those may stand behind a published one.

A cut at the front may take away "He denied that", so that what is left is word for word there, and the opposite of what was
said. Sentences are those of `text/sentences`, of the whole text or of its lines, for digest and corrections read both ways.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from aggregator.stories.polarity import DENIALS, words_of
from aggregator.text.factwords import is_small_word
from aggregator.text.sentences import split_sentences

Span = tuple[int, int]
FINISHED = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
OPEN_SIGNS = (",", "-", "–", "—", "(", "«", "“", "„")
LINE = re.compile(r"[^\n]+")
BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")  # lines without an empty one between them
LONGEST_TAIL = 300  # characters of an unfinished line that are looked at


def whole_sentences(text: str, start: int, end: int) -> list[Span]:
    """The sentences that a span is a run of; none where it begins or ends inside one. White space at its edges is nothing."""
    said = text[start:end]
    start, end = start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())
    first, last = _block(text, start, end)
    block, begins, ends = text[first:last], start - first, end - first
    for found in _sentences(block):
        run = _run(found, begins, ends)
        if run:
            return [(first + a, first + b) for a, b in run]
    return []


def sentence_spans(text: str) -> list[Span]:
    """The sentences of each line of a text, in their order: each may stand behind a published one."""
    spans: list[Span] = []
    for block in BLOCK.finditer(text):
        spans += [(block.start() + a, block.start() + b) for a, b in _of_lines(block[0])]
    return spans


@lru_cache(maxsize=2)  # the sentences of a digest are most often of one block, which may be a whole book
def _sentences(block: str) -> tuple[Sequence[Span], Sequence[Span]]:
    return split_sentences(block), _of_lines(block)


def _block(text: str, start: int, end: int) -> Span:
    """The paragraphs that a span lies in: no sentence crosses a blank line, and the rest of a long text need not be read."""
    before, after = text.rfind("\n\n", 0, start), text.find("\n\n", end)
    return (0 if before < 0 else before + 2), (len(text) if after < 0 else after)


def _run(found: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    at = bisect_left(found, (start, 0))
    if at == len(found) or found[at][0] != start:
        return ()
    last = bisect_left(found, (end, 0), lo=at)
    return found[at:last] if found[last - 1][1] == end else ()


def _of_lines(block: str) -> list[Span]:
    """The sentences of each line; one that goes on in the next line is read with it."""
    spans: list[Span] = []
    begin = end = 0
    for line in LINE.finditer(block):
        if end and not _goes_on(block[begin:end], line[0]):
            spans += [(begin + a, begin + b) for a, b in split_sentences(block[begin:end])]
            begin = line.start()
        elif not end:
            begin = line.start()
        end = line.end()
    return spans + [(begin + a, begin + b) for a, b in split_sentences(block[begin:end])]


def _goes_on(before: str, after: str) -> bool:
    """Whether a line that has no end of its own is broken by hand, and no heading or entry of a list."""
    before, after = before[-LONGEST_TAIL:].rstrip(), after.lstrip()
    if not before or not after or FINISHED.search(before):
        return False
    if after[0].islower() or before.endswith(OPEN_SIGNS):
        return True
    words = words_of(before.rpartition(". ")[2])
    return bool(words) and (is_small_word(words[-1]) or not DENIALS.isdisjoint(words))
