"""Where a search stands in a text: spans to highlight, a snippet around them, and HTML that is safe to show.

Spans are [start, end] in characters of the text beside them, `end` excluded, in order, none touching another's inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from aggregator.text.findable import MOST_WORDS, Word, findable, findable_words
from aggregator.text.query import Part, Query

Span = tuple[int, int]
SNIPPET = 240  # characters
BEFORE = 70  # of them before the first highlight


@dataclass(frozen=True, slots=True)
class Marked:
    """A text of one line with its highlights."""

    text: str
    spans: tuple[Span, ...]


def matches(query: Query, title: str, text: str) -> bool:
    """Whether a version holds all that a query wants and nothing that it does not want. A phrase stands in one of the two."""
    both = [findable_words(title), findable_words(text)]
    return all(part.negated != any(_stands(part, words) for words in both) for part in query.parts)


def marked(query: Query, text: str) -> Marked:
    """A text on one line, whole, with everything highlighted that the query wants."""
    return Marked(_on_one_line(text), tuple(_spans(query, text)))


def snippet(query: Query, text: str) -> Marked:
    """About `SNIPPET` characters of a text around the first place that the query wants, or its beginning."""
    spans = list(_spans(query, text))
    start = _word_start(text, spans[0][0] - BEFORE) if spans else 0
    end = _word_end(text, max(start + SNIPPET, spans[0][1] if spans else 0))
    shown, left = _on_one_line(text[start:end]).rstrip(), "… " if start else ""
    shift = len(left) - start
    inside = tuple((a + shift, b + shift) for a, b in spans if a >= start and b <= start + len(shown))
    return Marked(left + shown + (" …" if end < len(text) else ""), inside)


def as_html(one: Marked) -> str:
    """The text as HTML: everything escaped, the highlights in `<mark>`."""
    pieces, at = [], 0
    for start, end in one.spans:
        pieces += [escape(one.text[at:start]), "<mark>", escape(one.text[start:end]), "</mark>"]
        at = end
    return "".join([*pieces, escape(one.text[at:])])


class _Places:
    """The words of a text, and where each stands."""

    def __init__(self, text: str) -> None:
        self.words: list[Word] = [word for word, _ in zip(findable(text), range(MOST_WORDS), strict=False)]
        self._at: dict[str, list[int]] = {}
        for index, word in enumerate(self.words):
            self._at.setdefault(word.word, []).append(index)

    def of(self, part: Part) -> Iterator[Span]:
        """Where a part stands."""
        if part.prefix:
            for word in self._at:
                if word.startswith(part.words[0]):
                    yield from (self.words[index][1:] for index in self._at[word])
            return
        for index in self._at.get(part.words[0], ()):
            there = self.words[index : index + len(part.words)]
            if tuple(word.word for word in there) == part.words:
                yield there[0].start, there[-1].end


def _stands(part: Part, words: Sequence[str]) -> bool:
    first = part.words[0]
    if part.prefix:
        return any(word.startswith(first) for word in set(words))
    if len(part.words) == 1 or first not in words:
        return first in words
    wanted = list(part.words)
    return any(word == first and words[at : at + len(wanted)] == wanted for at, word in enumerate(words))


def _spans(query: Query, text: str) -> Iterator[Span]:
    if not query.wanted:
        return
    places = _Places(text)
    yield from _joined(span for part in query.wanted for span in places.of(part))


def _joined(spans: Iterable[Span]) -> list[Span]:
    """In order, those that overlap made one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _on_one_line(text: str) -> str:
    return "".join(" " if sign.isspace() else sign for sign in text)  # one for one: the spans stay true


def _word_start(text: str, at: int) -> int:
    """The start of the first word at or behind a place, if one starts near."""
    if at <= 0:
        return 0
    space = next((i for i in range(at, min(at + 30, len(text))) if text[i].isspace()), None)
    return at if space is None else space + 1


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    return next((i for i in range(at, max(at - 30, 0), -1) if text[i].isspace()), at)
