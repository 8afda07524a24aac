"""Which spans of a text are whole sentences: only those may stand behind a published one.

A cut at the front may take away "He denied that", so that what is left is word for word there, and the opposite of what was
said. Sentences are those of `text/sentences`, of the whole text or of its lines, for digest and corrections read both ways.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from aggregator.stories.polarity import DENIALS, words_of
from aggregator.text.factwords import is_small_word
from aggregator.text.sentences import split_sentences

Span = tuple[int, int]
# An entry of a list may end with "; and".
FINISHED = re.compile(r"(?:[.!?…:;][\"'”’»)\]]*|;\s(?:and|or|et|ou|und|oder|и|или|та|і|або),?)$")
OPEN_SIGNS = (",", "-", "–", "—", "(", "«", "“", "„")
LINE = re.compile(r"[^\n]+")
BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")  # lines without an empty one between them


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
    after = text.find("\n\n", end)
    return text.rfind("\n\n", 0, start) + 1, len(text) if after < 0 else after


def _run(found: Sequence[Span], start: int, end: int) -> list[Span]:
    run = [span for span in found if start <= span[0] and span[1] <= end]
    return run if run and (run[0][0], run[-1][1]) == (start, end) else []


def _of_lines(block: str) -> list[Span]:
    """The sentences of each line; one that goes on in the next line is read with it."""
    lines: list[Span] = []
    last = ""
    for line in LINE.finditer(block):
        if lines and _goes_on(last.rstrip(), line[0].lstrip()):
            lines[-1] = (lines[-1][0], line.end())
        else:
            lines.append(line.span())
        last = line[0]
    return [(start + a, start + b) for start, end in lines for a, b in split_sentences(block[start:end])]


def _goes_on(before: str, after: str) -> bool:
    """Whether a line that has no end of its own is broken by hand, and no heading or entry of a list."""
    if not after or FINISHED.search(before):
        return False
    words = words_of(before.rpartition(". ")[2])
    hangs = bool(words) and (is_small_word(words[-1]) or not DENIALS.isdisjoint(words))
    return hangs or after[0].islower() or before.endswith(OPEN_SIGNS)
